"""`week` and `year`: ten minutes on a Friday at a terminal, one page elsewhere, and the story of a year."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, refuses, say

from trustlog.domain import week as domain
from trustlog.domain.days import short

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

FRIDAY = ("--as-of", "2024-03-15 18:00")
LESSON = {"what": "CANARY one example first", "from": "Dana", "on": "2024-03-13"}


@pytest.fixture
def told(call: Call, two: Path) -> Path:
    """A week of March 2024 with dana and marcus."""
    call("req", "add", "dana", "Analyst", "--opened", "2024-03-01").says()
    for who, kind, on, note in (
        ("dana", "update-sent", "2024-03-04", "weekly"),
        ("dana", "help-received", "2024-03-12", "explained the market"),
        ("marcus", "insight-shared", "2024-03-13", "salary survey"),
        ("marcus", "update-sent", "2024-03-14", "weekly"),
        ("dana", "hire-closed", "2024-02-20", "analyst"),
    ):
        call("add", who, note, "-k", kind, "-w", on).says()
    call("promise", "dana", "the slate", "--due", "2024-03-18", "-w", "2024-03-12").says()
    call("me", "--set", f"learned={json.dumps([LESSON])}").says()
    return two


def test_the_page_holds_every_part_and_ends_with_three_lines_for_monday(call: Call, told: Path) -> None:
    before = contents(told)
    said = call("week", *FRIDAY).says()
    assert contents(told) == before
    parts = ("What you did", "Not thanked yet", "Owed and waited for", "A Friday mail for", "In peace next week")
    assert [said.index(part) for part in parts] == sorted(said.index(part) for part in parts)
    assert "Dana Ortiz: explained the market" in said
    assert "Marcus Hughes: 2 messages of yours, nothing back yet" in said
    assert said.splitlines()[-4:] == [
        "For Monday",
        "  first     Dana: the slate, due 18 Mar",
        "  thank     Dana: explained the market",
        "  in peace  Marcus",
    ]
    assert "CANARY" not in said
    assert "CANARY one example first, from Dana" in call("week", *FRIDAY, "--include-reflections").says()


def test_the_page_as_json(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    found = call("week", *FRIDAY, "--json").data["week"]
    assert (found["since"], found["until"]) == ("2024-03-09", "2024-03-15")
    assert [one["manager"] for one in found["unthanked"]] == ["dana"]
    assert [loop["what"] for loop in found["open"]] == ["the slate"]
    assert found["updates"] == [{"manager": "dana", "last": "2024-03-04"}]
    assert found["in_peace"] == [{"manager": "marcus", "messages": 2}]
    assert len(found["card"]) == 3
    assert "learned" not in found
    assert call("week", *FRIDAY, "--json", "--include-reflections").data["week"]["learned"] == [LESSON]


def test_whom_boundary_notes_restrict_is_neither_thanked_nor_written_to(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    for who in ("dana", "marcus"):
        call("boundary", who, "--when", "2024-03-14", "--set", "BR1=yes")
    found = call("week", *FRIDAY, "--json").data["week"]
    assert [found[part] for part in ("unthanked", "updates", "in_peace")] == [[], [], []]
    assert [loop["what"] for loop in found["open"]] == ["the slate"]


def test_whom_a_rest_is_proposed_for_gets_no_mail_and_thanks_ask_for_no_answer(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    call("req", "add", "marcus", "Engineer", "--opened", "2024-03-01").says()
    assert [one["manager"] for one in call("week", *FRIDAY, "--json").data["week"]["updates"]] == ["dana"]
    for day in ("2024-03-13", "2024-03-14"):
        call("add", "dana", "good cards", "-k", "praise-given", "-w", day).says()
    assert [one["manager"] for one in call("week", *FRIDAY, "--json").data["week"]["in_peace"]] == ["marcus"]


def test_a_thank_you_names_the_day_of_what_is_thanked_for(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana and marcus
    call("add", "dana", "rewrote two lines of the ad", "-k", "help", "-w", "20 days ago").says()
    child = tty("week")
    say(child, ("Draft a thank-you", tty.DOWN + tty.ENTER), ("What did it change", "six replies\r"))
    say(child, ("Where do you say it", tty.ENTER))
    child.expect(r"What you did ([^:]+): rewrote")
    assert " ".join(child.match[1].split()) == f"on {short(date.today() - timedelta(days=20))}"
    say(child, ("One thing you learned", tty.CTRL_C))
    assert tty.ends(child)[0] == 130


def test_ten_minutes_at_a_terminal(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana and marcus
    call("notice", "dana", "four scorecards").says()
    call("req", "add", "dana", "Analyst").says()
    call("add", "dana", "met", "-k", "meeting").says()
    call("promise", "dana", "the slate", "--due", "in 2 days").says()
    for note in ("one", "two"):
        call("add", "marcus", note, "-k", "insight").says()
    child = tty("week")
    say(child, ("1 of 6", ""), ("Draft a thank-you", tty.DOWN + tty.ENTER), ("What did it change", "we called\r"))
    say(child, ("Where do you say it", tty.ENTER), ("Is any of it done", " " + tty.ENTER))
    say(child, ("Draft a mail", tty.ENTER), ("One thing you learned", "One example\r"), ("From whom", "Dana\r"))
    say(child, ("6 of 6", ""), ("Whom will you leave in peace", tty.ENTER), ("First:", "rest\r"), ("Thank:", tty.ENTER))
    say(child, ("in peace  Marcus", ""), ("Copy the card", "n\r"))
    assert tty.ends(child)[0] == 0
    kinds = {entry["kind"] for entry in call("log", "--json").data["entries"]}
    assert kinds == {"praise-given", "promise-kept", "insight-shared", "meeting-held"}
    (lesson,) = call("me", "--json").data["me"]["learned"]
    assert (lesson["what"], lesson["from"]) == ("One example", "Dana")
    assert {offer["manager"] for offer in call("next", "--all", "--json").data["steps"]} <= {"dana"}
    call("undo").says()  # the card
    call("undo").says()  # the rest of marcus
    assert "marcus" in {offer["manager"] for offer in call("next", "--all", "--json").data["steps"]}


@pytest.mark.long
def test_a_line_of_the_card_that_enter_took_is_not_told_as_lost(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana and marcus
    call("promise", "dana", "the slate", "--due", "in 2 days").says()
    child = tty("week")
    say(child, ("Is any of it done", tty.ENTER), ("One thing you learned", tty.ENTER))
    say(child, ("Whom will you leave in peace", tty.ENTER))
    say(child, ("First:", tty.ENTER), ("Thank:", tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "Not written down" in said) == (130, False)


@pytest.mark.long
def test_the_same_week_looked_at_again_remembers_who_rests_and_what_was_written(
    tty: Terminal, call: Call, two: Path
) -> None:
    del two  # the journal of dana and marcus
    for note in ("one", "two"):
        call("add", "marcus", note, "-k", "insight").says()
    for line in ("the budget first", ""):
        child = tty("week")
        say(child, ("One thing you learned", tty.ENTER), ("Whom will you leave in peace", tty.ENTER))
        say(child, ("First:", f"{line}\r"), ("Thank:", tty.ENTER), ("the budget first", ""), ("in peace  Marcus", ""))
        say(child, ("Copy the card", "n\r"))
        said = tty.ends(child)[1]
    assert "week" in said
    found = call("week", "--json", "--include-reflections").data["week"]
    assert (found["in_peace"], found["left_in_peace"], found["card"][0]) == ([], ["marcus"], "the budget first")
    assert "the budget first" not in call("week", "--json").out


def test_ctrl_c_keeps_what_was_done_so_far(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana and marcus
    call("promise", "dana", "the slate", "--due", "in 2 days").says()
    child = tty("week")
    say(child, ("Is any of it done", " " + tty.ENTER), ("One thing you learned", tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "What you did so far is kept." in said) == (130, True)
    assert call("open", "--json").data["commitments"] == []


@pytest.mark.parametrize("word", ["week", "year"])
def test_an_empty_journal_is_met_in_kind_words(call: Call, two: Path, word: str) -> None:
    del two  # a journal without an entry
    said = " ".join(call(word).says().split())
    assert "says little about the days themselves" in said


def test_a_year_is_told_with_its_weeks(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    said = call("year", "2024").says()
    lines = said.splitlines()
    assert lines[0] == "2024"
    assert "Three small acts of yours in 2024, with two managers" in " ".join(said.split())
    assert "  March      ░░ ▒▒" in said
    assert "  Tue 20 Feb 2024  with Dana Ortiz" in said
    assert "CANARY" not in said
    assert "CANARY" in call("year", "2024", "--include-reflections").says()
    found = call("year", "2024", "--json").data
    assert (found["acts"]["total"], found["acts"]["managers"], found["hires"][0]["manager"]) == (3, 2, "dana")
    cells = found["acts"]["cells"]
    assert (cells[0]["from"], cells[-1]["to"], sum(cell["acts"] for cell in cells)) == ("2024-01-01", "2024-12-31", 3)
    assert "learned" not in found


def test_a_screen_reader_hears_the_months_in_words(call: Call, told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del told  # it has filled the journal
    monkeypatch.setenv("TRUSTLOG_SCREEN_READER", "yes")
    assert "  March: 3 small acts" in call("year", "2024").says()


MONTHS = (("2024-03",), ("2024-03", "--month"), ("2024", "3", "--month"), ("2024", "--month", "march"), ("Mar", "2024"))


@pytest.mark.parametrize("words", MONTHS, ids=" ".join)
def test_a_month_is_told_by_its_days(call: Call, told: Path, words: tuple[str, ...]) -> None:
    del told  # it has filled the journal
    found = call("year", *words, "--json").data
    assert (found["since"], found["until"], len(found["acts"]["cells"])) == ("2024-03-01", "2024-03-31", 31)


def test_a_month_alone_is_this_one_and_a_year_alone_ends_today(call: Call, two: Path) -> None:
    del two  # a journal without an entry
    today = datetime.now(UTC).date()
    assert call("year", "--month", "--json").data["since"] == today.replace(day=1).isoformat()
    assert call("year", "--json").data["until"] == today.isoformat()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("2199",), "future-date", "2199 has not come yet"),
        (("soon",), "bad-date", '"soon" is no year and no month'),
        (("2024", "13"), "bad-date", '"13" is no year and no month'),
        (("2024", "3", "4"), "bad-date", '"4" is one word too many'),
        (("24-03",), "bad-date", '"24" is no year'),
        (("1999", "--month"), "bad-date", "which month of 1999?"),
    ],
)
def test_what_is_no_year_is_refused_by_name(
    call: Call, two: Path, words: tuple[str, ...], code: str, says: str
) -> None:
    refuses(call, two, ("year", *words), code, says)


def test_one_html_file_tells_the_same_and_nothing_private(call: Call, told: Path, tmp_path: Path) -> None:
    del told  # it has filled the journal
    file = tmp_path / "year.html"
    call("year", "2024", "--output", str(file)).says()
    text = file.read_text("utf-8")
    assert "Three small acts of yours in 2024" in text
    assert ("CANARY" in text, "<script" in text, re.findall(r'(?:src|href)="', text)) == (False, False, [])
    assert call("year", "2024", "--format", "html").says() == text
    assert "is already there" in call("year", "2024", "--output", str(file)).fails(1)
    assert "CANARY" in call("year", "2024", "--format", "html", "--include-reflections").says()
    call("year", "2024", "--json", "--format", "html").fails(2, "usage")


def test_the_morning_remembers_something_good_of_a_year_ago(call: Call, two: Path) -> None:
    del two  # the journal of dana and marcus
    today = datetime.now(UTC).date()
    if (today.month, today.day) == (2, 29):
        pytest.skip("there was no such day a year ago")
    ago = today.replace(year=today.year - 1).isoformat()
    call("add", "dana", "sent", "-k", "update-sent", "-w", ago).says()
    assert call("--json").data["year_ago"] is None
    call("add", "dana", "helped", "-k", "help-received", "-w", ago).says()
    call("add", "marcus", "hired", "-k", "hire-closed", "-w", ago).says()
    assert call("--json").data["year_ago"] == {"entry": 3, "manager": "marcus", "kind": "hire-closed"}
    assert "A year ago today you and Marcus Hughes closed a hire." in call("today").out


@pytest.mark.parametrize("year", [2023, 2024, 2012, 2017])
def test_every_day_of_a_year_stands_in_one_week(year: int) -> None:
    last = date(year, 12, 31)
    acts = {date(year, 1, 1) + timedelta(days=number): 1 for number in range((last - date(year, 1, 1)).days + 1)}
    rows = domain.weeks_of_year(acts, year, last)
    assert sum(row.acts for row in rows) == len(acts)
    cells: list[Any] = [cell for row in rows for cell in row.cells]
    assert [one.last + timedelta(days=1) for one in cells[:-1]] == [one.first for one in cells[1:]]
    assert max(len(row.cells) for row in rows) <= 6
