"""`promise`, `ask`, `open`, `settle`: what is owed, both ways, and what a report says of it."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.services import people, promises
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Call, Run, Terminal

COMMITMENT = [
    "id", "ref", "uid", "manager", "owed_by", "what", "for", "req", "given_at", "due_at", "state", "renegotiated",
    "settled_at", "at_risk", "overdue",
]  # fmt: skip
RESPONSIVENESS = [
    "r", "s", "b", "d", "u", "e", "median_response_hours", "answered", "open", "overdue", "oldest_open_days",
]  # fmt: skip
ZERO: dict[str, Any] = {
    "r": 0, "s": 0, "b": 0, "d": 0, "u": 1, "e": 0.5, "median_response_hours": None, "answered": 0, "open": 0,
    "overdue": 0, "oldest_open_days": None,
}  # fmt: skip
FOREVER = "99999999999999999999"
WEDNESDAY, FRIDAY = "2024-03-06", "2024-03-08"
SLATE, SCORECARD, INTRO, SETTLED = "1", "2", "3", "4"
"""The loops of `journal`, by number."""


@pytest.fixture
def new_york(call: Call) -> Iterator[Call]:
    """The program in a place whose clocks changed on 10 March and on 3 November 2024."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield call
    time.tzset()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def journal_of_loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loops")
    journal = Journal.open(folder / "trustlog.db", folder / "snapshots")
    for name in ("Dana Ortiz", "Marcus Hughes", "Nadia Quiet"):
        people.add_manager(journal, name, None, {})
    for who, side, what, at, due, purpose in (
        ("dana", "me", "Slate", "09:00", f"{FRIDAY} 17:00", "other"),
        ("marcus", "them", "Scorecard", "15:00", f"{FRIDAY} 15:00", "scorecard"),
        ("dana", "them", "An introduction", "10:00", None, "favour"),
        ("nadia", "me", "Done", "11:00", f"{FRIDAY} 17:00", "other"),
    ):
        given = moment(f"{WEDNESDAY} {at}")
        until = moment(due) if due else None
        promises.give(journal, promises.Given(who, side, what, given, until, purpose), given)  # type: ignore[arg-type]  # literals
    done = moment(f"{WEDNESDAY} 12:00")
    promises.settle(journal, int(SETTLED), promises.Settling("kept", done), done)
    journal.close()
    return folder / "trustlog.db"


@pytest.fixture
def journal(home: Path, journal_of_loops: Path) -> Path:
    """I owe dana a slate until Friday 17:00, marcus owes a scorecard until Friday 15:00, dana was asked a favour.

    What nadia was promised is settled.
    """
    home.mkdir(mode=0o700)
    shutil.copy(journal_of_loops, home / "trustlog.db")
    return home


def made(run: Run) -> Any:
    return run.data["commitment"]


def opened(call: Call, *args: str) -> list[Any]:
    listed: list[Any] = call("open", *args, "--json").data["commitments"]
    return listed


def ids(call: Call, *args: str) -> list[int]:
    return [one["id"] for one in opened(call, *args)]


def everything(call: Call) -> tuple[Any, ...]:
    """What a refused or undone command must leave as it was."""
    changes = call("undo", "--list", "--json").data["changes"]
    return call("open", "--json").data, call("log", "--json").data, {"changes": changes}


def page(call: Call, who: str, as_of: str) -> Any:
    (one,) = call("report", who, "--as-of", as_of, "--json").data["managers"]
    return one


def words(run: Run) -> str:
    """What a run said, as one line: where it breaks is not what is tested here."""
    return " ".join(run.says().split())


# --- the shapes -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_a_promise_key_by_key(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "PA-1", "--opened", "2024-03-01")
    data = call(
        "promise", "dana", "Slate", "--when", f"{WEDNESDAY} 09:00", "--due", f"{FRIDAY} 17:00", "--req", "pa",
        "--at-risk", "--json",
    ).data  # fmt: skip
    assert list(data) == ["commitment", "entry"]
    assert list(data["commitment"]) == COMMITMENT
    assert re.fullmatch(r"[0-9a-f]{32}", data["commitment"].pop("uid"))
    assert data == {
        "commitment": {
            "id": 1, "ref": "L1", "manager": "dana", "owed_by": "me", "what": "Slate", "for": "other", "req": "PA-1",
            "given_at": "2024-03-06T09:00:00+00:00", "due_at": "2024-03-08T17:00:00+00:00", "state": "open",
            "renegotiated": 0, "settled_at": None, "at_risk": True, "overdue": True,
        },
        "entry": None,
    }  # fmt: skip


@pytest.mark.usefixtures("two")
def test_something_asked_key_by_key(call: Call) -> None:
    data = call("ask", "marcus", "Scorecard", "--for", "scorecard", "--when", f"{WEDNESDAY} 15:00", "--json").data
    assert list(data) == ["commitment", "entry"]
    assert list(data["commitment"]) == COMMITMENT
    del data["commitment"]["uid"]
    assert data == {
        "commitment": {
            "id": 1, "ref": "L1", "manager": "marcus", "owed_by": "them", "what": "Scorecard", "for": "scorecard",
            "req": None, "given_at": "2024-03-06T15:00:00+00:00", "due_at": "2024-03-08T15:00:00+00:00",
            "state": "open", "renegotiated": 0, "settled_at": None, "at_risk": False, "overdue": True,
        },
        "entry": None,
    }  # fmt: skip


@pytest.mark.usefixtures("journal")
def test_a_settled_loop_key_by_key(call: Call) -> None:
    data = call("settle", SLATE, "late", "--when", f"{FRIDAY} 18:00", "--json").data
    assert list(data) == ["commitment", "entry"]
    assert list(data["commitment"]) == COMMITMENT
    said = {key: data["commitment"][key] for key in ("state", "settled_at", "due_at", "at_risk", "overdue")}
    assert said == {
        "state": "late", "settled_at": "2024-03-08T18:00:00+00:00", "due_at": "2024-03-08T17:00:00+00:00",
        "at_risk": False, "overdue": False,
    }  # fmt: skip
    assert data["entry"] == call("log", str(data["entry"]["id"]), "--json").data["entry"]


@pytest.mark.parametrize("word", ["done", "Sent", "yes"])
@pytest.mark.usefixtures("journal")
def test_words_that_people_say_mean_kept(call: Call, word: str) -> None:
    data = call("settle", SLATE, word, "--when", f"{FRIDAY} 16:00", "--json").data
    assert (data["commitment"]["state"], data["entry"]["kind"]) == ("kept", "promise-kept")


@pytest.mark.usefixtures("journal")
def test_open_loops_key_by_key(call: Call) -> None:
    data = call("open", "--json").data
    assert list(data) == ["commitments"]
    assert [list(one) for one in data["commitments"]] == [COMMITMENT] * 3


# --- promise --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["promise", "ask"])
@pytest.mark.usefixtures("two")
def test_who_and_what_need_no_quotes(call: Call, command: str) -> None:
    made_ = made(call(command, "dana", "ortiz", "slots", "for", "J.K.", "--due", "2190-03-08", "--json"))

    assert (made_["manager"], made_["what"]) == ("dana", "slots for J.K.")
    assert "WHAT" in call(command, "dana", "--due", "2190-03-08", "--json").fails(1, "needs-answer")


@pytest.mark.usefixtures("two")
def test_next_and_a_weekday_says_which_day_was_taken(call: Call) -> None:
    said = call("ask", "dana", "slots", "--due", "Next Tuesday").err

    assert re.search(r"was taken as Tue \d+ \w+ \d{4}, the coming one; the one after is Tue ", said)


@pytest.mark.usefixtures("two")
def test_a_window_that_closes_at_midnight_has_all_of_the_day_before(call: Call) -> None:
    assert "due by the end of Tue 4 Jun 2024" in call("ask", "dana", "slots", "--when", "2024-06-01 15:00").says()


@pytest.mark.usefixtures("two")
def test_a_promise_without_a_terminal_needs_due(call: Call) -> None:
    before = everything(call)
    assert "--due" in call("promise", "dana", "Slate", "--json").fails(1, "needs-answer")
    assert "--due" in call("promise", "dana", "Slate").fails(1)
    assert everything(call) == before


@pytest.mark.usefixtures("two")
def test_a_promise_on_a_terminal_is_asked_for_its_time_until_it_can_be_read(tty: Terminal, call: Call) -> None:
    child = tty("promise", "dana", "Slate")
    child.expect("By when")
    child.send("nextt friday" + tty.ENTER)  # as it was refused, it does not stand before what is typed next
    child.expect("cannot read")
    child.send("8 March 2190" + tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "8 Mar 2190 18:00" in said) == (0, True)
    (one,) = opened(call)
    assert (one["what"], one["due_at"]) == ("Slate", "2190-03-08T18:00:00+00:00")


@pytest.mark.usefixtures("two")
def test_a_promise_cancelled_writes_nothing(tty: Terminal, call: Call) -> None:
    before = everything(call)
    child = tty("promise", "dana", "Slate")
    child.expect("By when")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert everything(call) == before


@pytest.mark.parametrize(
    ("due", "at"),
    [
        (FRIDAY, "2024-03-08T18:00:00+00:00"),
        (f"{FRIDAY} 17:00", "2024-03-08T17:00:00+00:00"),
        ("8 March 2024", "2024-03-08T18:00:00+00:00"),
        (WEDNESDAY, "2024-03-06T18:00:00+00:00"),
        (f"{WEDNESDAY} 09:00", "2024-03-06T09:00:00+00:00"),
        ("2024-03-08T17:00:00-05:00", "2024-03-08T22:00:00+00:00"),
        ("2190-03-08", "2190-03-08T18:00:00+00:00"),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_due_day_without_a_time_ends_at_18(call: Call, due: str, at: str) -> None:
    given = ["--when", f"{WEDNESDAY} 09:00", "--due", due, "--json"]
    assert made(call("promise", "dana", "Slate", *given))["due_at"] == at
    assert made(call("ask", "dana", "Slots", *given))["due_at"] == at


@pytest.mark.usefixtures("two")
def test_the_setting_due_time_says_when_a_day_ends(call: Call) -> None:
    call("config", "set", "due_time", "09:30")
    given = ["--when", f"{WEDNESDAY} 09:00", "--json"]
    assert made(call("promise", "dana", "a", "--due", FRIDAY, *given))["due_at"] == "2024-03-08T09:30:00+00:00"
    assert made(call("promise", "dana", "b", "--due", f"{FRIDAY} 17:00", *given))["due_at"][:16] == "2024-03-08T17:00"
    moved = call("settle", "1", "renegotiated", "--due", "2024-03-09", "--when", f"{WEDNESDAY} 10:00", "--json")
    assert made(moved)["due_at"] == "2024-03-09T09:30:00+00:00"


@pytest.mark.parametrize("setting", ["teatime", "25:00", "18:00+02:00", ""])
@pytest.mark.usefixtures("two")
def test_a_bad_due_time_is_one_line_that_names_the_setting(
    call: Call, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    before = everything(call)
    monkeypatch.setenv("TRUSTLOG_DUE_TIME", setting)
    assert "due_time" in call("promise", "dana", "Slate", "--due", "2190-03-08", "--json").fails(1, "bad-field")
    assert "due_time" in call("promise", "dana", "Slate", "--due", "2190-03-08").fails(1)
    assert everything(call) == before


@pytest.mark.parametrize(
    "args",
    [
        ["promise", "dana", "Slate", "--when", f"{WEDNESDAY} 09:00", "--due", FRIDAY],
        ["settle", SLATE, "--when", f"{FRIDAY} 16:00"],
        ["settle", SLATE, "renegotiated", "--when", WEDNESDAY, "--due", FRIDAY],
    ],
    ids=["a promise whose time has passed", "a closing", "a loop moved to a time that has passed"],
)
@pytest.mark.usefixtures("journal")
def test_a_date_that_was_typed_is_echoed_absolutely(call: Call, args: list[str]) -> None:
    assert "Fri 8 Mar 2024" in call(*args).says()


# --- what is refused, by both ---------------------------------------------------------------------------------------

NOT_GIVEN = [
    ("a manager who is not known", ["promise", "nobody", "Slate", "--due", "2190-03-08"], "unknown-manager"),
    ("a manager who is not known, asked", ["ask", "nobody", "Slots"], "unknown-manager"),
    ("a promise of nothing", ["promise", "dana", " ", "--due", "2190-03-08"], "bad-text"),
    ("asking nothing", ["ask", "dana", ""], "bad-text"),
    ("two lines", ["ask", "dana", "two\nlines"], "bad-text"),
    ("due a minute before it was given",
     ["promise", "dana", "Slate", "--when", f"{WEDNESDAY} 09:00", "--due", f"{WEDNESDAY} 08:59"], "bad-date"),
    ("asked for a minute before it was asked",
     ["ask", "dana", "Slots", "--when", f"{WEDNESDAY} 09:00", "--due", f"{WEDNESDAY} 08:59"], "bad-date"),
    ("due whenever", ["promise", "dana", "Slate", "--due", "whenever"], "bad-date"),
    ("due on one of two days", ["promise", "dana", "Slate", "--due", "05/06/2190"], "bad-date"),
    ("promised tomorrow", ["promise", "dana", "Slate", "--due", "2190-03-08", "--when", "tomorrow"], "future-date"),
    ("asked tomorrow", ["ask", "dana", "Slots", "--when", "tomorrow"], "future-date"),
    ("a favour asked tomorrow", ["ask", "dana", "Intro", "--for", "favour", "--when", "tomorrow"], "future-date"),
    ("a favour with a time", ["ask", "dana", "Intro", "--for", "favour", "--due", "2190-03-08"], "bad-field"),
    ("for what is not known", ["ask", "dana", "Slots", "--for", "money"], "bad-field"),
    ("for nothing", ["ask", "dana", "Slots", "--for", ""], "bad-field"),
    ("a role that is not known", ["ask", "dana", "Slots", "--req", "nope"], "unknown-req"),
    ("the role of someone else", ["ask", "dana", "Slots", "--req", "MH-1"], "conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "code"), [row[1:] for row in NOT_GIVEN], ids=[row[0] for row in NOT_GIVEN])
@pytest.mark.usefixtures("two")
def test_what_cannot_be_given_is_refused_in_one_line_and_writes_nothing(call: Call, args: list[str], code: str) -> None:
    call("req", "add", "marcus", "Analyst", "--code", "MH-1")
    before = everything(call)
    call(*args, "--json").fails(1, code)
    call(*args).fails(1)
    assert everything(call) == before


@pytest.mark.usefixtures("two")
def test_what_is_told_now_may_be_late_already(call: Call) -> None:
    given = call("promise", "dana", "Slate", "--due", "yesterday", "--json").data["commitment"]

    assert (given["state"], given["overdue"]) == ("open", True)
    assert call("settle", "dana", "--json").data["commitment"]["state"] == "late"


# --- ask ------------------------------------------------------------------------------------------------------------

WINDOWS = [
    ("2024-03-06 15:00", "2024-03-08T15:00", "2024-03-08T15:00"),
    ("2024-03-08 15:00", "2024-03-12T15:00", "2024-03-10T15:00"),
    ("2024-03-09 10:00", "2024-03-13T00:00", "2024-03-11T10:00"),
    ("2024-03-10 23:59", "2024-03-13T00:00", "2024-03-12T23:59"),
    ("2024-05-31 15:00", "2024-06-04T15:00", "2024-06-02T15:00"),
]


@pytest.mark.parametrize(("given", "due"), [row[:2] for row in WINDOWS])
@pytest.mark.usefixtures("two")
def test_what_is_asked_has_48_working_hours(call: Call, given: str, due: str) -> None:
    assert made(call("ask", "dana", "Slots", "--when", given, "--json"))["due_at"] == f"{due}:00+00:00"


@pytest.mark.parametrize(("given", "due"), [(given, due) for given, _, due in WINDOWS])
@pytest.mark.usefixtures("two")
def test_without_a_working_week_it_has_48_hours(
    call: Call, monkeypatch: pytest.MonkeyPatch, given: str, due: str
) -> None:
    monkeypatch.setenv("TRUSTLOG_WORKING_WEEK", "no")
    assert made(call("ask", "dana", "Slots", "--when", given, "--json"))["due_at"] == f"{due}:00+00:00"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("scorecard", "scorecard"),
        ("profile-review", "profile-review"),
        ("profile_review", "profile-review"),
        ("PROFILE-REVIEW", "profile-review"),
        ("slots", "slots"),
        ("decision", "decision"),
        ("other", "other"),
        (None, "other"),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_it_is_asked_for_is_kept_in_kebab_case(call: Call, typed: str | None, kept: str) -> None:
    said = ["--for", typed] if typed is not None else []
    data = call("ask", "dana", "It", *said, "--json").data
    assert (data["commitment"]["for"], data["entry"]) == (kept, None)
    assert data["commitment"]["due_at"] is not None


@pytest.mark.usefixtures("two")
def test_a_favour_has_no_due_time_and_writes_that_help_was_asked_for(call: Call) -> None:
    before = everything(call)
    given = ["--for", "favour", "--when", f"{WEDNESDAY} 10:00"]
    data = call("ask", "dana", "An introduction", *given, "--json").data
    assert (data["commitment"]["for"], data["commitment"]["due_at"], data["commitment"]["overdue"]) == (
        "favour", None, False,
    )  # fmt: skip
    entry = data["entry"]
    assert {key: entry[key] for key in ("manager", "kind", "size", "happened_at", "note")} == {
        "manager": "dana", "kind": "ask-help", "size": "m", "happened_at": "2024-03-06T10:00:00+00:00",
        "note": "An introduction",
    }  # fmt: skip
    assert call("log", "--json").data["entries"] == [entry]
    assert [one["command"] for one in call("undo", "--json").data["undone"]] == ["ask"]
    assert everything(call) == before
    assert "no due time" in call("ask", "dana", "Another", *given).says()


@pytest.mark.usefixtures("journal")
def test_a_favour_is_never_late(call: Call) -> None:
    (favour,) = (one for one in opened(call, "--as-of", "2190-01-01") if one["for"] == "favour")
    assert favour["overdue"] is False
    assert made(call("settle", INTRO, "--json"))["state"] == "kept"


@pytest.mark.usefixtures("journal")
def test_a_favour_cannot_be_given_a_due_time(call: Call) -> None:
    before = everything(call)
    moved = call("settle", INTRO, "renegotiated", "--due", "2190-03-08", "--when", WEDNESDAY)
    assert (moved.code, everything(call)) == (1, before)


# --- open -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("journal")
def test_both_directions_are_listed_soonest_first_and_without_a_time_last(call: Call) -> None:
    assert [(one["id"], one["owed_by"], one["manager"]) for one in opened(call)] == [
        (2, "them", "marcus"), (1, "me", "dana"), (3, "them", "dana"),
    ]  # fmt: skip
    first, second, third = call("open", "--as-of", f"{FRIDAY} 16:00").says().splitlines()
    assert " ".join(first.split()) == "L2 they owe Marcus Hughes Scorecard 1 hour late (8 Mar)"
    assert " ".join(second.split()) == "L1 you owe Dana Ortiz Slate due today 17:00"
    assert " ".join(third.split()) == "L3 they owe Dana Ortiz An introduction no due time"


@pytest.mark.parametrize(("who", "listed"), [("dana", [1, 3]), ("Marcus H", [2]), ("mar", [2])])
@pytest.mark.usefixtures("journal")
def test_only_the_loops_with_one_manager(call: Call, who: str, listed: list[int]) -> None:
    assert ids(call, who) == listed


@pytest.mark.usefixtures("journal")
def test_a_manager_who_is_not_known_has_no_loops_to_list(call: Call) -> None:
    call("open", "nobody", "--json").fails(1, "unknown-manager")


STOOD = [
    ("before anything was given", f"{WEDNESDAY} 08:59", []),
    ("at the minute of the first", f"{WEDNESDAY} 09:00", [(1, False)]),
    ("when all were given", f"{WEDNESDAY} 15:00", [(2, False), (1, False), (3, False)]),
    ("at the very second it was due", f"{FRIDAY} 15:00:00", [(2, False), (1, False), (3, False)]),
    ("a second later", f"{FRIDAY} 15:00:01", [(2, True), (1, False), (3, False)]),
    ("when one was closed", f"{FRIDAY} 16:00", [(1, False), (3, False)]),
    ("when the other was late", f"{FRIDAY} 17:01", [(1, True), (3, False)]),
    ("on the morrow", "2024-03-09", [(1, True), (3, False)]),
    ("on the very day, which means its end", WEDNESDAY, [(2, False), (1, False), (3, False)]),
    ("on the day they were due, which means its end", FRIDAY, [(1, True), (3, False)]),
    ("on a day to come, which means its end", "2190-03-08", [(1, True), (5, True), (3, False)]),
]


@pytest.mark.parametrize(("as_of", "listed"), [row[1:] for row in STOOD], ids=[row[0] for row in STOOD])
@pytest.mark.usefixtures("journal")
def test_what_was_open_at_a_moment(call: Call, as_of: str, listed: list[tuple[int, bool]]) -> None:
    call("settle", SCORECARD, "late", "--when", f"{FRIDAY} 16:00")
    call("promise", "dana", "Much later", "--when", "2024-03-11 09:00", "--due", "2190-03-08 13:00")
    assert [(one["id"], one["overdue"]) for one in opened(call, "--as-of", as_of)] == listed


@pytest.mark.usefixtures("journal")
def test_an_earlier_day_knows_the_time_that_was_agreed_then(call: Call) -> None:
    call("settle", SLATE, "renegotiated", "--when", "2024-03-07 10:00", "--due", "2024-03-20 17:00")
    then, now = (opened(call, "dana", "--as-of", f"2024-03-07 {at}")[0] for at in ("09:59", "10:00"))
    assert (then["due_at"], then["renegotiated"]) == ("2024-03-08T17:00:00+00:00", 0)
    assert (now["due_at"], now["renegotiated"]) == ("2024-03-20T17:00:00+00:00", 1)


@pytest.mark.usefixtures("two")
def test_nothing_open_is_a_fine_answer(call: Call) -> None:
    assert call("open", "--json").data == {"commitments": []}
    empty = call("open")
    assert (empty.code, empty.out, empty.err) == (0, "", "Nothing is open.\n")


def test_a_home_without_a_journal_has_nothing_open_and_stays_empty(call: Call, home: Path) -> None:
    assert call("open", "--json").data == {"commitments": []}
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_what_was_promised_reaches_no_terminal_raw(call: Call) -> None:
    call("promise", "dana", "a [bold]slate[/bold] \u202egnp", "--due", "2190-03-08")
    said = call("open").says()
    assert "a [bold]slate[/bold] \\u202egnp" in said
    assert opened(call)[0]["what"] == "a [bold]slate[/bold] \u202egnp"


# --- settle: the outcomes -------------------------------------------------------------------------------------------

MOVE = ["--due", "2024-03-20 17:00"]
OUTCOMES = [
    ([SLATE, "kept"], f"{FRIDAY} 17:00", "kept", ("promise-kept", "m")),
    ([SLATE, "late"], f"{FRIDAY} 17:01", "late", ("promise-missed", "s")),
    ([SLATE, "missed"], f"{FRIDAY} 17:01", "missed", ("promise-missed", "m")),
    ([SLATE, "renegotiated", *MOVE], f"{FRIDAY} 17:00", "open", ("promise-renegotiated", "m")),
    ([SLATE, "withdrawn"], f"{FRIDAY} 17:00", "withdrawn", None),
    ([SLATE, "at-risk"], f"{FRIDAY} 17:00", "open", None),
    ([SLATE, "at_risk"], f"{FRIDAY} 17:00", "open", None),
    ([SLATE, "KEPT"], f"{FRIDAY} 17:00", "kept", ("promise-kept", "m")),
    ([SCORECARD, "kept"], f"{FRIDAY} 15:00", "kept", ("reply-received", "m")),
    ([SCORECARD, "late"], f"{FRIDAY} 15:01", "late", ("reply-received", "m")),
    ([SCORECARD, "missed"], f"{FRIDAY} 15:01", "missed", None),
    ([SCORECARD, "renegotiated", *MOVE], f"{FRIDAY} 15:00", "open", None),
    ([SCORECARD, "withdrawn"], f"{FRIDAY} 15:01", "withdrawn", None),
    ([SCORECARD, "at-risk"], f"{FRIDAY} 15:00", "open", None),
    ([INTRO, "kept"], "2024-03-11 09:00", "kept", ("reply-received", "m")),
    ([INTRO, "missed"], "2024-03-11 09:00", "missed", None),
    ([INTRO, "withdrawn"], "2024-03-11 09:00", "withdrawn", None),
]
OWNERS = {SLATE: "mine", SCORECARD: "theirs", INTRO: "a favour"}


@pytest.mark.parametrize(
    ("args", "when", "state", "writes"), OUTCOMES, ids=[f"{OWNERS[row[0][0]]} {row[0][1]}" for row in OUTCOMES]
)
@pytest.mark.usefixtures("journal")
def test_an_outcome_writes_its_entry_in_the_same_change_and_one_undo_takes_both_back(
    call: Call, args: list[str], when: str, state: str, writes: tuple[str, str] | None
) -> None:
    before = everything(call)
    data = call("settle", *args, "--when", when, "--json").data
    at = moment(when).isoformat()
    commitment, entry = data["commitment"], data["entry"]
    assert commitment["state"] == state
    assert commitment["settled_at"] == (None if state == "open" else at)
    if writes is None:
        assert entry is None
    else:
        assert ((entry["kind"], entry["size"]), entry["happened_at"]) == (writes, at)
        assert (entry["manager"], entry["note"]) == (commitment["manager"], commitment["what"])
    added = [one for one in call("log", "--json").data["entries"] if one not in before[1]["entries"]]
    assert added == ([entry] if entry else [])
    assert call("undo", "--list", "--json").data["changes"][1:] == before[2]["changes"]
    assert [one["command"] for one in call("undo", "--json").data["undone"]] == ["settle"]
    assert everything(call) == before


@pytest.mark.parametrize(
    ("loop", "when", "state"),
    [
        (SLATE, f"{FRIDAY} 17:00:00", "kept"),
        (SLATE, f"{FRIDAY} 17:00:01", "late"),
        (SCORECARD, f"{FRIDAY} 15:00:00", "kept"),
        (SCORECARD, f"{FRIDAY} 15:00:01", "late"),
        (INTRO, "2024-12-24 12:00", "kept"),
    ],
)
@pytest.mark.usefixtures("journal")
def test_without_an_outcome_the_clock_says_it(call: Call, loop: str, when: str, state: str) -> None:
    assert made(call("settle", loop, "--when", when, "--json"))["state"] == state


@pytest.mark.usefixtures("two")
def test_without_when_it_is_settled_now(call: Call) -> None:
    call("promise", "dana", "Slate", "--due", "2190-03-08")
    data = call("settle", "dana", "--json").data
    assert data["commitment"]["state"] == "kept"
    assert data["commitment"]["settled_at"] == data["entry"]["happened_at"]
    since = datetime.now().astimezone() - datetime.fromisoformat(data["commitment"]["settled_at"])
    assert timedelta(0) <= since < timedelta(minutes=5)


@pytest.mark.usefixtures("journal")
def test_a_moved_loop_stays_open_with_its_new_time(call: Call) -> None:
    call("settle", SLATE, "at-risk", "--when", "2024-03-07 09:00")
    assert made(call("settle", SLATE, "at-risk", "--when", "2024-03-07 09:00", "--json"))["at_risk"] is True
    moved = made(call("settle", SLATE, "renegotiated", "--when", "2024-03-07 10:00", *MOVE, "--json"))
    told = {key: moved[key] for key in ("state", "due_at", "renegotiated", "at_risk", "settled_at")}
    assert told == {
        "state": "open", "due_at": "2024-03-20T17:00:00+00:00", "renegotiated": 1, "at_risk": False,
        "settled_at": None,
    }  # fmt: skip
    again = ["renegotiated", "--when", "2024-03-20 17:00", "--due", "2024-03-21 12:00", "--json"]
    assert made(call("settle", SLATE, *again))["renegotiated"] == 2
    assert made(call("settle", SLATE, "--when", "2024-03-21 12:00", "--json"))["state"] == "kept"


@pytest.mark.parametrize(
    ("args", "note"),
    [
        (["--note", "Five names, all screened"], "Five names, all screened"),
        (["--note", "two\nlines “日本” [x]"], "two\nlines “日本” [x]"),
        (["--note", ""], "Slate"),
        ([], "Slate"),
    ],
)
@pytest.mark.usefixtures("journal")
def test_a_note_becomes_the_note_of_the_entry(call: Call, args: list[str], note: str) -> None:
    data = call("settle", SLATE, "kept", "--when", f"{FRIDAY} 12:00", *args, "--json").data
    assert (data["entry"]["note"], data["commitment"]["what"]) == (note, "Slate")


@pytest.mark.usefixtures("two")
def test_the_entry_is_about_the_role_of_the_loop_even_when_that_is_closed(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "PA-1", "--opened", "2024-03-01")
    call("promise", "dana", "Slate", "--req", "PA-1", "--when", f"{WEDNESDAY} 09:00", "--due", FRIDAY)
    call("req", "close", "PA-1", "--when", "2024-03-07")
    data = call("settle", "dana", "--when", f"{FRIDAY} 12:00", "--json").data
    assert (data["commitment"]["req"], data["entry"]["req"]) == ("PA-1", "PA-1")


# --- settle: which one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [SCORECARD, "marcus", "Marcus Hughes", "mar"])
@pytest.mark.usefixtures("journal")
def test_a_loop_is_named_by_its_number_or_by_the_manager_it_is_the_only_one_of(call: Call, who: str) -> None:
    assert made(call("settle", who, "--when", f"{FRIDAY} 12:00", "--json"))["id"] == 2


@pytest.mark.parametrize(("who", "listed"), [(["dana"], ["1 Slate", "3 An introduction"]), ([], ["1", "2", "3"])])
@pytest.mark.usefixtures("journal")
def test_several_are_listed_by_number(call: Call, who: list[str], listed: list[str]) -> None:
    before = everything(call)
    said = call("settle", *who, "--json").fails(1, "needs-answer")
    assert [one for one in listed if one not in said] == []
    assert ("Scorecard" in said) is (who == [])
    assert everything(call) == before


@pytest.mark.usefixtures("two")
def test_nothing_is_settled_unnamed_and_one_loop_is_not_several(call: Call) -> None:
    call("promise", "dana", "Slate", "--due", "2190-03-08")
    said = call("settle", "--json").fails(1, "needs-answer")
    assert "1 Slate" in said
    assert "several" not in said


@pytest.mark.usefixtures("journal")
def test_on_a_terminal_one_of_several_is_chosen(tty: Terminal, call: Call) -> None:
    child = tty("settle", "dana", "withdrawn")
    child.expect("Which one")
    child.expect("An introduction")
    child.send(tty.DOWN + tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert ids(call) == [2, 1]


@pytest.mark.usefixtures("journal")
def test_settling_cancelled_writes_nothing(tty: Terminal, call: Call) -> None:
    before = everything(call)
    child = tty("settle", "dana")
    child.expect("Which one")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert everything(call) == before


# --- settle: what is refused ----------------------------------------------------------------------------------------

NOT_SETTLED = [
    ("kept after its time", [SLATE, "kept", "--when", f"{FRIDAY} 17:00:01"], "conflict"),
    ("kept now, long after its time", [SLATE, "kept"], "conflict"),
    ("theirs kept after its time", [SCORECARD, "kept", "--when", f"{FRIDAY} 15:00:01"], "conflict"),
    ("late at the very second", [SLATE, "late", "--when", f"{FRIDAY} 17:00"], "conflict"),
    ("a favour late", [INTRO, "late"], "conflict"),
    ("moved after its time", [SLATE, "renegotiated", *MOVE, "--when", f"{FRIDAY} 17:00:01"], "conflict"),
    ("moved to no time", [SLATE, "renegotiated", "--when", f"{FRIDAY} 12:00"], "needs-answer"),
    ("moved to a time that has passed",
     [SLATE, "renegotiated", "--when", f"{FRIDAY} 12:00", "--due", f"{FRIDAY} 11:59"], "bad-date"),
    ("kept, with a new time", [SLATE, "kept", *MOVE, "--when", f"{FRIDAY} 12:00"], "bad-field"),
    ("at risk, with a new time", [SLATE, "at-risk", *MOVE, "--when", f"{FRIDAY} 12:00"], "bad-field"),
    ("no outcome, with a new time", [SLATE, *MOVE, "--when", f"{FRIDAY} 12:00"], "bad-field"),
    ("twice", [SETTLED, "kept", "--when", f"{FRIDAY} 12:00"], "conflict"),
    ("twice, otherwise", [SETTLED, "missed"], "conflict"),
    ("at risk after it was settled", [SETTLED, "at-risk"], "conflict"),
    ("moved after it was settled", [SETTLED, "renegotiated", "--due", "2190-03-08"], "conflict"),
    ("before it was given", [SLATE, "kept", "--when", f"{WEDNESDAY} 08:59"], "conflict"),
    ("tomorrow", [SLATE, "kept", "--when", "tomorrow"], "future-date"),
    ("an outcome that is none", [SLATE, "finished"], "bad-field"),
    ("an outcome of nothing", [SLATE, ""], "bad-field"),
    ("whenever", [SLATE, "kept", "--when", "whenever"], "bad-date"),
    ("a loop that is not there", ["99"], "unknown-entry"),
    ("loop zero", ["0"], "unknown-entry"),
    ("a number beyond SQLite's", [FOREVER], "unknown-entry"),
    ("the first number beyond SQLite's", [str(2**63)], "unknown-entry"),
    ("a number beyond Python's", ["9" * 5000], "unknown-entry"),
    ("a manager who is not known", ["nobody"], "unknown-manager"),
    ("a manager with nothing open", ["nadia"], "unknown-entry"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "code"), [row[1:] for row in NOT_SETTLED], ids=[row[0] for row in NOT_SETTLED])
@pytest.mark.usefixtures("journal")
def test_what_cannot_be_settled_so_is_refused_in_one_line_and_writes_nothing(
    call: Call, args: list[str], code: str
) -> None:
    before = everything(call)
    call("settle", *args, "--json").fails(1, code)
    call("settle", *args).fails(1)
    assert everything(call) == before


@pytest.mark.usefixtures("two")
def test_with_nothing_open_there_is_nothing_to_settle(call: Call) -> None:
    call("settle", "--json").fails(1, "unknown-entry")
    call("settle", "dana", "--json").fails(1, "unknown-entry")


# --- clock changes --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_a_window_over_a_clock_change_ends_at_the_same_time_of_day(new_york: Call) -> None:
    asked = made(new_york("ask", "dana", "Slots", "--when", "2024-11-01 15:00", "--json"))
    assert (asked["given_at"], asked["due_at"]) == ("2024-11-01T15:00:00-04:00", "2024-11-05T15:00:00-05:00")
    overdue = [opened(new_york, "--as-of", f"2024-11-05 {at}")[0]["overdue"] for at in ("15:00:00", "15:00:01")]
    assert overdue == [False, True]
    assert made(new_york("settle", "1", "--when", "2024-11-05 15:00", "--json"))["state"] == "kept"


@pytest.mark.usefixtures("two")
def test_of_a_time_that_happens_twice_the_first_is_due(new_york: Call) -> None:
    given = ["--when", "2024-11-01 15:00", "--due", "2024-11-03 01:30", "--json"]
    assert made(new_york("promise", "dana", "Slate", *given))["due_at"] == "2024-11-03T01:30:00-04:00"
    for at, overdue in (("01:15:00-04:00", False), ("01:45:00-04:00", True), ("01:15:00-05:00", True)):
        assert opened(new_york, "--as-of", f"2024-11-03T{at}")[0]["overdue"] is overdue
    settled = new_york("settle", "1", "--when", "2024-11-03T01:15:00-05:00", "--json")
    assert made(settled)["state"] == "late"


@pytest.mark.usefixtures("two")
def test_a_due_time_that_a_clock_change_skips_is_refused(new_york: Call) -> None:
    given = ["--when", "2024-03-08 09:00", "--due", "2024-03-10 02:30", "--json"]
    new_york("promise", "dana", "Slate", *given).fails(1, "bad-date")


@pytest.mark.parametrize(
    ("place", "week", "given", "due"),
    [
        ("America/New_York", "no", "2024-03-08 02:30", "2024-03-10T03:"),
        ("Africa/Cairo", "yes", "2010-04-28 00:30", "2010-04-30T01:"),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_window_that_would_end_in_a_skipped_hour_ends_in_the_next(
    call: Call, place: str, week: str, given: str, due: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", place)
        patch.setenv("TRUSTLOG_WORKING_WEEK", week)
        time.tzset()
        asked = call("ask", "dana", "Slots", "--when", given, "--json")
    time.tzset()
    assert made(asked)["due_at"].startswith(due)


@pytest.mark.parametrize(
    ("given", "due", "as_of", "said"),
    [
        ("2024-03-05 09:00", "2024-03-20", "2024-03-06 12:00", "due Wed 20 Mar 2024 18:00"),
        ("2024-10-30 09:00", "2024-11-06", "2024-10-31 12:00", "due Wed 6 Nov 2024 18:00"),
        ("2024-10-30 09:00", "2024-11-06 00:15", "2024-10-31 12:00", "due Wed 6 Nov 2024 00:15"),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_due_time_beyond_a_clock_change_is_shown_as_its_clock_will_show_it(
    new_york: Call, given: str, due: str, as_of: str, said: str
) -> None:
    new_york("promise", "dana", "Slate", "--when", given, "--due", due)
    assert said in new_york("open", "--as-of", as_of).says()
    assert said in words(new_york("report", "dana", "--as-of", as_of))


@pytest.mark.parametrize("month", ["Jan", "Jul"])
@pytest.mark.usefixtures("two")
def test_the_answer_to_a_promise_names_the_time_that_was_typed(new_york: Call, month: str) -> None:
    said = new_york("promise", "dana", "Slate", "--due", f"15 {month} 2190 17:00").says()
    assert f"15 {month} 2190 17:00" in said


# --- archived managers ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("journal")
def test_what_is_owed_outlives_the_archiving_of_a_manager(call: Call) -> None:
    call("manager", "archive", "marcus")
    assert ids(call) == [2, 1, 3]
    assert ids(call, "marcus") == [2]
    assert [one["manager"] for one in call("report", "--json").data["managers"]] == ["dana", "nadia"]
    assert [one["id"] for one in page(call, "marcus", "2024-03-11")["open_loops"]] == [2]
    assert made(call("settle", "marcus", "late", "--json"))["state"] == "late"
    assert ids(call) == [1, 3]


# --- the report -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_the_overview_says_what_is_open_both_ways_and_how_late(call: Call) -> None:
    call("promise", "dana", "Slate", "--when", f"{WEDNESDAY} 09:00", "--due", "2024-03-20 17:00")
    call("ask", "dana", "Scorecard", "--when", f"{WEDNESDAY} 15:00")
    told = {
        "2024-03-05": None,
        WEDNESDAY: "you owe 1 · they owe 1",
        "2024-03-08 16:30": "you owe 1 · they owe 1, 1 hour late",
        "2024-03-08 17:30": "you owe 1 · they owe 1, 2 hours late",
        "2024-03-09": "you owe 1 · they owe 1, 1 day late",
        "2024-03-10": "you owe 1 · they owe 1, 2 days late",
        "2024-03-22": "you owe 1, 2 days late · they owe 1, 14 days late",
    }
    for as_of, said in told.items():
        overview = words(call("report", "--as-of", as_of))
        assert re.findall(r"you owe .*?(?= Marcus)|they owe .*?(?= Marcus)", overview) == ([said] if said else [])


@pytest.mark.usefixtures("two")
def test_of_several_loops_the_overview_tells_the_longest_wait(call: Call) -> None:
    for due in ("2024-03-07 12:00", "2024-03-09 12:00", "2024-03-30 12:00"):
        call("ask", "dana", "Slots", "--when", f"{WEDNESDAY} 09:00", "--due", due)
    call("ask", "dana", "Intro", "--for", "favour", "--when", f"{WEDNESDAY} 09:00")
    overview = words(call("report", "--as-of", "2024-03-10 13:00"))
    assert "they owe 4, 3 days late" in overview
    assert "you owe" not in overview


@pytest.mark.usefixtures("journal")
def test_a_page_shows_the_open_loops_and_both_directions(call: Call) -> None:
    call("promise", "dana", "Notes", "--when", f"{WEDNESDAY} 09:00", "--due", FRIDAY)
    call("settle", "5", "--when", "2024-03-07 09:00")
    said = words(call("report", "dana", "--as-of", "2024-03-10"))
    assert "Between you L1 you owe Slate 2 days late (8 Mar) L3 they owe An introduction no due time" in said
    assert "their answers: 0 closed; 1 open, the oldest 5 days; 0 overdue" in said
    assert "your promises: 1 closed; 1 open, the oldest 5 days; 1 overdue" in said, "one answer has no middle"
    assert "Scorecard" not in said
    for number in range(6, 10):
        call("promise", "dana", f"Part {number}", "--when", f"{WEDNESDAY} 09:00", "--due", FRIDAY)
        assert call("settle", str(number), "--when", "2024-03-08 10:00").code == 0
    assert "your promises: 5 closed; half within three days; 1 open" in words(
        call("report", "dana", "--as-of", "2024-03-10")
    )


@pytest.mark.usefixtures("journal")
def test_a_page_without_loops_has_no_such_part(call: Call) -> None:
    assert "Between you" not in call("report", "dana", "--as-of", "2024-03-05").says()


@pytest.mark.usefixtures("journal")
def test_later_loops_do_not_exist_yet(call: Call) -> None:
    call("settle", SLATE, "late", "--when", "2024-03-11 09:00")
    early = page(call, "dana", "2024-03-05")
    assert (early["open_loops"], early["responsiveness"]) == ([], {"them": ZERO, "me": ZERO})
    between = page(call, "dana", f"{WEDNESDAY} 09:30")
    assert [one["id"] for one in between["open_loops"]] == [1]
    assert page(call, "dana", "2024-03-10")["open_loops"][0]["overdue"] is True
    assert [one["id"] for one in page(call, "dana", "2024-03-11")["open_loops"]] == [3]


@pytest.mark.usefixtures("two")
def test_a_report_of_a_day_to_come_means_its_end(call: Call) -> None:
    call("promise", "dana", "Slate", "--due", "2190-03-08 13:00")
    assert [one["overdue"] for one in page(call, "dana", "2190-03-08 12:59")["open_loops"]] == [False]
    assert [one["overdue"] for one in page(call, "dana", "2190-03-08")["open_loops"]] == [True]


@pytest.mark.usefixtures("journal")
def test_the_open_loops_of_a_report_are_those_of_open(call: Call) -> None:
    listed = page(call, "dana", "2024-03-08 18:00")["open_loops"]
    assert [list(one) for one in listed] == [COMMITMENT] * 2
    assert listed == opened(call, "dana", "--as-of", "2024-03-08 18:00")


@pytest.mark.usefixtures("two")
def test_responsiveness_is_told_both_ways(call: Call) -> None:
    call("ask", "dana", "Scorecard", "--when", "2024-03-04 09:00")
    call("settle", "1", "kept", "--when", "2024-03-05 09:00")
    call("ask", "dana", "Slots", "--when", "2024-03-04 09:00")
    call("promise", "dana", "Slate", "--when", "2024-03-04 09:00", "--due", "2024-03-05 09:00")
    call("settle", "3", "late", "--when", "2024-03-07 09:00")
    told = page(call, "dana", "2024-03-08 09:00")["responsiveness"]
    assert list(told) == ["them", "me"]
    assert [list(side) for side in told.values()] == [RESPONSIVENESS] * 2
    r, s = 2 ** (-3 / 90), 2 ** (-2 / 90)  # answered on the 5th, due on the 6th
    assert told["them"] == pytest.approx({
        "r": r, "s": s, "b": r / (r + s + 2), "d": s / (r + s + 2), "u": 2 / (r + s + 2),
        "e": (r + 1) / (r + s + 2), "median_response_hours": 24, "answered": 1, "open": 1, "overdue": 1,
        "oldest_open_days": 4,
    })  # fmt: skip
    late = 2 ** (-1 / 90)
    assert told["me"] == pytest.approx({
        "r": 0, "s": late, "b": 0, "d": late / (late + 2), "u": 2 / (late + 2), "e": 1 / (late + 2),
        "median_response_hours": 72, "answered": 1, "open": 0, "overdue": 0, "oldest_open_days": None,
    })  # fmt: skip


@pytest.mark.usefixtures("two")
def test_a_manager_without_loops_has_the_zero_opinion_both_ways(call: Call) -> None:
    assert page(call, "dana", "2024-03-08")["responsiveness"] == {"them": ZERO, "me": ZERO}


@pytest.mark.usefixtures("two")
def test_an_open_loop_changes_no_figure_of_trust(call: Call) -> None:
    call("add", "dana", "A voice note", "-k", "help-received", "-w", "2024-03-01")
    keys = ("label", "gone_quiet", "entries", "last_contact", "facets", "overall", "trend", "steps_to_half_known")
    before = page(call, "dana", "2024-03-20")
    call("promise", "dana", "Slate", "--when", f"{WEDNESDAY} 09:00", "--due", FRIDAY, "--at-risk")
    call("ask", "dana", "Scorecard", "--for", "scorecard", "--when", f"{WEDNESDAY} 15:00")
    call("ask", "dana", "Slots", "--when", f"{WEDNESDAY} 15:00")
    call("settle", "3", "missed", "--when", "2024-03-11")
    after = page(call, "dana", "2024-03-20")
    assert {key: after[key] for key in keys} == {key: before[key] for key in keys}
    assert after["responsiveness"] != before["responsiveness"]


@pytest.mark.usefixtures("journal")
def test_a_settled_loop_changes_trust_only_by_its_entry(call: Call) -> None:
    call("settle", SLATE, "kept", "--when", f"{FRIDAY} 12:00")
    (one,) = call("report", "dana", "--as-of", "2024-03-09", "--why", "--json").data["managers"]
    assert {atom["kind"] for atom in one["evidence"]} == {"promise-kept", "ask-help"}
    assert one["entries"] == 2


@pytest.mark.usefixtures("two")
def test_who_gave_a_when_that_is_too_late_is_asked_for_an_earlier_one(call: Call) -> None:
    call("promise", "dana", "the slate", "--when", "2024-03-01", "--due", "2024-03-04 17:00")
    for words in ([], ["--when", "2024-03-05"]):
        assert call("settle", "1", "kept", *words).fails(1) == (
            "it was due Mon 4 Mar 2024 17:00, before that. Say late, or give an earlier --when."
        )


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("due", "day"),
    [("27 oct", "2025-10-27"), ("fri", "2025-10-24"), ("in 1 week", "2025-10-27")],
)
def test_a_due_day_is_seen_from_the_day_on_which_it_was_said(call: Call, due: str, day: str) -> None:
    told = call("promise", "dana", "slate", "--due", due, "--when", "2025-10-20", "--json").data

    assert told["commitment"]["due_at"].startswith(day)


@pytest.mark.usefixtures("two")
def test_yesterday_is_the_day_before_this_one_also_of_a_promise_told_late(call: Call) -> None:
    told = call("promise", "dana", "slate", "--due", "yesterday", "--when", "9 days ago", "--json").data

    assert told["commitment"]["due_at"][:10] == (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("outcome", "said"), [("missed", True), ("late", True), ("kept", False), ("withdrawn", False)])
def test_after_a_promise_that_was_not_kept_the_way_to_words_is_named(call: Call, outcome: str, said: bool) -> None:
    call("promise", "dana", "slate", "--due", "yesterday", "--when", "9 days ago")

    assert ("trustlog next dana" in call("settle", "1", outcome).err) is said


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("command", ["promise", "ask"])
def test_a_day_behind_by_is_the_due_day(call: Call, command: str) -> None:
    made = call(command, "dana", "slate", "for", "the", "analyst,", "by", "tomorrow", "--json").data["commitment"]

    assert made["what"] == "slate for the analyst"
    assert made["due_at"][:10] == (date.today() + timedelta(days=1)).isoformat()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("command", ["promise", "ask"])
@pytest.mark.parametrize(
    ("words", "due"),
    [("scorecard for anna due", "friday"), ("feedback on cvs until", "friday"), ("notes before", "fri 5pm"),
     ("feedback", "tomorrow"), ("slots", "next week"), ("slots", "on tuesday"), ("slots, due by", "Monday"),
     ("slots due on", "monday")],
)  # fmt: skip
def test_a_day_at_the_end_is_the_due_day(call: Call, command: str, words: str, due: str) -> None:
    made = call(command, "dana", f"{words} {due}", "--json").data["commitment"]
    meant = call(command, "dana", "x", "--due", due, "--json").data["commitment"]

    assert made["due_at"] == meant["due_at"]
    assert re.fullmatch(r"scorecard for anna|feedback on cvs|notes|feedback|slots", made["what"])


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("command", ["promise", "ask"])
@pytest.mark.parametrize("words", ["slate for monday", "slots monday or tuesday", "slots by end of week"])
def test_a_day_that_may_be_meant_otherwise_is_asked_for(call: Call, command: str, words: str) -> None:
    assert "--due" in call(command, "dana", *words.split(), "--json").fails(1, "needs-answer")


@pytest.mark.usefixtures("two")
def test_a_day_of_something_else_is_no_due_day(call: Call) -> None:
    for words in ("notes from monday", "notes of last friday"):
        assert call("ask", "dana", words, "--json").data["commitment"]["what"] == words


@pytest.mark.usefixtures("two")
def test_what_stands_behind_by_and_is_no_day_is_text(call: Call) -> None:
    assert call("ask", "dana", "a letter by hand", "--json").data["commitment"]["what"] == "a letter by hand"


@pytest.mark.usefixtures("two")
def test_what_is_settled_names_the_undo_that_opens_it_again(call: Call) -> None:
    call("promise", "dana", "Slate", "--due", "2190-03-08").says()
    call("settle", "L1").says()
    assert call("settle", "L1", "missed").fails(1).endswith("trustlog undo takes that back.")
    call("add", "dana", "hello").says()
    call("add", "marcus", "hello").says()
    said = call("settle", "L1", "missed").fails(1)
    assert said.endswith("trustlog undo 3 takes that back, and the 2 changes made since.")
    call("undo", "3", "--yes").says()
    assert call("settle", "L1", "withdrawn", "--json").data["commitment"]["state"] == "withdrawn"
