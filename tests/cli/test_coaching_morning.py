"""The program called alone: talks, hard words, what is due, one small step; twelve lines at most."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Call, Program, Run, Terminal

from trustlog import clock
from trustlog.services import conversations, kickoffs_roles
from trustlog.store import people
from trustlog.store.journal import Journal


def test_a_new_home_says_how_to_begin_and_makes_nothing(run: Program, home: Path) -> None:
    answer = run()

    assert answer.code == 0
    assert 'trustlog manager add "Dana Ortiz"' in answer.out
    assert not (home / "trustlog.db").exists()


def test_with_nobody_in_it_there_is_no_step(call: Call) -> None:
    offer = call("next", "--json").data

    assert (offer["manager"], offer["step"], offer["because"]) == (None, None, [])
    assert offer["reason"] == "Nothing presses today. Resting is fine too."


FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def at(call: Call, two: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:  # noqa: ARG001 - two is the home
    """Run the program at a moment; alone if there are no words."""

    def run_at(moment: datetime, *words: str, width: int = 80) -> Run:
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setenv("COLUMNS", str(width))
        done = call(*words)
        assert done.code == 0, done.err
        return done

    return run_at


def parts(page: str) -> list[str]:
    """The lines of a page without the greeting and blanks."""
    greeting, *rest = page.splitlines()
    assert greeting.startswith("Good ")
    return [line.strip() for line in rest if line.strip()]


# --- talks


def test_a_talk_within_a_day_is_named_with_its_card(at: Callable[..., Run]) -> None:
    prep = ("prep-feedback", "dana", "--when", "2026-11-21 08:30", "--about", "the search", "--set", "purpose=which")
    at(FRIDAY, *prep)

    assert parts(at(FRIDAY).out)[0] == "tomorrow 08:30  Dana Ortiz · the search  trustlog prep dana --card"
    assert "dana --card" not in at(FRIDAY - timedelta(hours=1)).out
    [talk] = at(FRIDAY, "--json").data["conversations"]
    assert (talk["manager"], talk["about"], talk["prepared"]) == ("dana", "the search", True)


def test_a_talk_that_is_not_prepared_for_says_that_two_minutes_are_enough(at: Callable[..., Run]) -> None:
    at(FRIDAY, "prep-feedback", "dana", "--when", "today 15:00", "--no-input")

    said = parts(at(FRIDAY).out)

    assert said[0] == "today 15:00  Dana Ortiz · not prepared yet: two minutes are enough"
    assert said[1] == "trustlog prep dana --minutes 2"


def test_once_its_time_has_passed_a_talk_is_asked_about_until_it_is_debriefed(at: Callable[..., Run]) -> None:
    at(FRIDAY, "prep-feedback", "marcus", "--when", "today 15:00", "--set", "purpose=which")
    noon = FRIDAY.replace(hour=12)

    assert "now, since 15:00" in at(noon + timedelta(hours=3, minutes=20)).out
    later = noon + timedelta(hours=4)
    assert parts(at(later).out)[0] == "How did it go with Marcus Hughes today?  trustlog debrief marcus"
    assert [talk["manager"] for talk in at(later, "--json").data["not_debriefed"]] == ["marcus"]
    assert "on Friday?" in at(FRIDAY + timedelta(days=3)).out
    assert "How did it go" not in at(FRIDAY + timedelta(days=15)).out, "it is let go of in silence"
    at(later, "debrief", "marcus", "--set", "headline=Wants fewer profiles")
    assert "How did it go" not in at(later).out


def test_a_talk_without_a_day_is_not_taken_to_be_over_the_day_after_its_preparation(at: Callable[..., Run]) -> None:
    at(FRIDAY, "prep-feedback", "marcus", "--set", "purpose=which")

    assert "held?" not in at(FRIDAY + timedelta(hours=8)).out
    next_day = at(FRIDAY + timedelta(days=1)).out
    assert "Was the talk with Marcus Hughes held?" in next_day
    assert "How did it go" not in next_day


def test_what_was_begun_and_left_lies_open(at: Callable[..., Run], two: Path) -> None:
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal:
        dana, marcus = (people.manager(journal, who) for who in ("dana", "marcus"))
        conversations.draft(journal, conversations.Occasion(dana, "prep", FRIDAY.date()), 5, None, {"purpose": "x"})
        kickoffs_roles.keep_draft(journal, kickoffs_roles.KickoffRole(marcus, "New One", None), {"why_now": "x"})

    assert parts(at(FRIDAY).out)[:2] == [
        "A preparation with Dana Ortiz lies open  trustlog prep dana",
        "A kick-off lies open  trustlog kickoff start marcus 'New One'",
    ]
    assert at(FRIDAY, "--json").data["drafts"] == [
        {"command": "prep-feedback", "manager": "dana", "about": None, "req": None},
        {"command": "kickoff", "manager": "marcus", "about": "New One", "req": None},
    ]


# --- hard words


@pytest.mark.parametrize(
    ("days", "then", "told"),
    [
        (0, (), True),
        (2, (), True),
        (3, (), False),
        (1, ("next", "marcus", "--done", "PB41"), False),
        (1, ("checkin", "marcus", "--set", "gut=2"), True),
        (1, ("boundary", "marcus", "--clear"), False),
        (1, ("debrief", "marcus", "--set", "headline=It was loud"), False),
        (1, ("add", "marcus", "Said what I will do", "-k", "promise-kept", "--repairs", "1"), False),
        (1, ("add", "marcus", "We spoke of other things", "-k", "small-talk"), True),
    ],
)
def test_hard_words_open_one_door_until_something_was_done_for_oneself(
    at: Callable[..., Run], days: int, then: tuple[str, ...], told: bool
) -> None:
    at(FRIDAY, "add", "marcus", "He was loud", "-k", "harsh-exchange", "--when", f"{days} days ago")
    if then and then[0] != "checkin":
        at(FRIDAY, *then)

    assert ("trustlog support marcus" in at(FRIDAY).out) is told
    assert [one["manager"] for one in at(FRIDAY, "--json").data["hard"]] == (["marcus"] if told else [])


@pytest.mark.parametrize(
    "care", [("boundary", "marcus", "--set", "BA2=yes"), ("debrief", "marcus", "--set", "headline=It was loud")]
)
def test_hard_words_that_are_written_after_the_care_of_that_day_open_the_door_again(
    at: Callable[..., Run], care: tuple[str, ...]
) -> None:
    hard = ("add", "marcus", "He was loud", "-k", "harsh-exchange")
    at(FRIDAY, *hard)
    at(FRIDAY + timedelta(hours=1), *care)
    assert "trustlog support marcus" not in at(FRIDAY + timedelta(hours=2)).out

    at(FRIDAY + timedelta(hours=3), *hard)

    assert "trustlog support marcus" in at(FRIDAY + timedelta(hours=4)).out


# --- what is due


def test_it_shows_what_is_due_and_then_the_step(at: Callable[..., Run]) -> None:
    at(FRIDAY, "promise", "dana", "slate for the analyst", "--due", "in 3 days")
    at(FRIDAY, "ask", "marcus", "scorecard for J.K.", "--for", "scorecard", "--when", "tue", "--due", "wed")

    due, more, head, *step = parts(at(FRIDAY).out)

    assert more == "and 1 more: trustlog open"
    assert due.split() == ["L2", "they", "owe", "Marcus", "scorecard", "for", "J.K.", "1", "day", "late"]
    assert head.startswith("One small step    Marcus Hughes · ")
    assert "because the time for “scorecard for J.K.” passed on Wednesday" in step
    assert "draft: trustlog next marcus" in step


def test_what_comes_next_is_named_when_nothing_is_due(at: Callable[..., Run]) -> None:
    at(FRIDAY, "promise", "dana", "slate for the analyst", "--due", "in 3 days")

    assert parts(at(FRIDAY).out)[0].split()[:4] == ["L1", "next", "Dana", "slate"]
    assert "more: trustlog open" not in at(FRIDAY).out


def test_what_is_open_besides_is_counted(at: Callable[..., Run]) -> None:
    for days in (3, 4, 5):
        at(FRIDAY, "promise", "dana", f"slate {days}", "--due", f"in {days} days")

    assert parts(at(FRIDAY).out)[1] == "and 2 more: trustlog open"
    assert at(FRIDAY, "--json").data["later"] == 2


def test_the_private_item_is_only_counted(at: Callable[..., Run]) -> None:
    before = FRIDAY - timedelta(days=1)
    at(before, "debrief", "dana", "--set", "checkin_optin=yes", "--set", "feeling_after=shaken")

    said = at(FRIDAY).out

    assert "yourself   1 private item  trustlog checkin" in said
    assert "shaken" not in said


# --- the step


def test_the_step_is_about_another_manager_than_the_talk_and_the_hard_words(at: Callable[..., Run]) -> None:
    at(FRIDAY, "prep-feedback", "dana", "--when", "today 15:00", "--set", "purpose=which")

    assert at(FRIDAY, "--json").data["next"]["manager"] == "marcus"
    assert at(FRIDAY, "next", "--json").data["manager"] == "dana", "bare next is about the talk itself"


def test_with_nobody_else_the_step_is_about_the_one_who_is_there(at: Callable[..., Run]) -> None:
    at(FRIDAY, "manager", "archive", "marcus")
    at(FRIDAY, "prep-feedback", "dana", "--when", "today 15:00", "--set", "purpose=which")

    assert at(FRIDAY, "--json").data["next"]["manager"] == "dana"


def test_a_promise_that_was_missed_belongs_there_also_on_the_day_of_a_talk(at: Callable[..., Run]) -> None:
    at(FRIDAY, "promise", "dana", "the slate", "--when", "mon", "--due", "wed")
    at(FRIDAY, "prep-feedback", "dana", "--when", "today 15:00", "--set", "purpose=which")

    assert at(FRIDAY, "--json").data["next"]["manager"] == "dana"


# --- Friday, JSON


def test_the_week_is_offered_on_fridays(at: Callable[..., Run]) -> None:
    assert at(FRIDAY, "--json").data["week"] is True
    assert at(FRIDAY + timedelta(days=1), "--json").data["week"] is False
    assert "trustlog week" in at(FRIDAY).out
    assert "trustlog week" not in at(FRIDAY + timedelta(days=1)).out


def test_it_answers_as_json(at: Callable[..., Run]) -> None:
    answer = at(FRIDAY, "--json")

    assert list(answer.data) == [
        "date", "next", "open", "coming", "later", "conversations", "not_debriefed", "drafts", "new_roles", "hard",
        "private_items", "inbox", "week", "year_ago",
    ]  # fmt: skip
    assert (answer.data["date"], answer.data["open"]) == ("2026-11-20", [])
    assert list(answer.data["next"]) == ["manager", "step", "because", "reason"]


# --- twelve lines


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("many", [1, 2, 5])
def test_the_fullest_day_has_twelve_lines_and_none_is_broken(at: Callable[..., Run], width: int, many: int) -> None:
    who = [f"Wilhelmina Rutherford {number}" for number in range(many * 3)]
    for name in who:
        at(FRIDAY, "manager", "add", name, "--handle", f"wilhelmina-{name[-2:].strip()}")
    for number in range(many):
        handle = f"wilhelmina-{number}"
        at(FRIDAY, "prep-feedback", handle, "--when", "today 15:00", "--no-input")
        at(FRIDAY - timedelta(days=2), "prep-feedback", f"wilhelmina-{many + number}", "--set", "purpose=what")
        at(FRIDAY, "add", f"wilhelmina-{2 * many + number}", "He was loud", "-k", "harsh-exchange")
        at(FRIDAY, "promise", handle, "a slate " + "and more " * 12, "--when", "mon", "--due", "wed")
        at(FRIDAY, "promise", "marcus", "a slate", "--when", "mon", "--due", "wed")
        at(FRIDAY - timedelta(days=1), "debrief", "dana", "--set", "checkin_optin=yes")

    page = at(FRIDAY, width=width).out

    assert len(page.splitlines()) <= 12, page
    assert max(len(line) for line in page.splitlines()) <= width
    for part in (
        "not prepared yet",
        "trustlog debrief",
        "trustlog support",
        "you owe",
        "private item",
        "trustlog next",
    ):
        assert part in page, page


@pytest.mark.usefixtures("two")
def test_looking_writes_nothing(call: Call) -> None:
    before = call("undo", "--list").out

    call()

    assert call("undo", "--list").out == before


@pytest.mark.usefixtures("two")
def test_on_a_terminal_it_fits_a_screen(tty: Terminal) -> None:
    code, said = tty.ends(tty())

    assert code == 0
    assert said.count("\n") <= 12
    assert "One small step" in said


@pytest.mark.parametrize("words", [["--db"], ["--db=", "--json"], ["--no-color", "--no-input"]])
def test_options_alone_are_no_command(call: Call, two: Path, words: list[str]) -> None:
    file = str(two / "trustlog.db")
    given = [word + file if word.endswith("=") else word for word in words]
    given += [file] if words == ["--db"] else []

    assert call(*given).code == 0
    assert call("--db").code == 2


@pytest.mark.usefixtures("two")
def test_two_people_of_one_first_name_are_told_apart(call: Call) -> None:
    call("manager", "add", "Dana Weber", "--handle", "dw").says()
    for who in ("dana", "dw", "marcus"):
        call("promise", who, "a slate", "--due", "today 23:59", "--when", "2024-01-01")

    page = call().out

    assert [name in page for name in ("Dana Ortiz", "Dana Weber", "Marcus ")] == [True, True, True]
    assert "Marcus Hughes" not in page.split("One small step")[0]


def test_the_days_after_a_role_was_opened_name_its_kick_off_until_it_is_begun(at: Callable[..., Run]) -> None:
    at(FRIDAY - timedelta(days=1), "req", "add", "dana", "Payments analyst", "--code", "PA-1")

    page = at(FRIDAY)
    assert "Payments analyst has no kick-off yet" in page.out
    assert "trustlog kickoff start PA-1" in page.out
    at(FRIDAY, "kickoff", "start", "PA-1", "--set", "level=Senior")
    assert "no kick-off yet" not in at(FRIDAY).out
