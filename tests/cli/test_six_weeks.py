"""A search of six weeks, from kick-off to hire: one slip, one repair, one win, told through the program."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Call


def day(ago: int) -> str:
    return (date.today() - timedelta(days=ago)).isoformat()


STORY: list[list[str]] = [
    ["manager", "add", "Dana Ortiz", "--team", "payments", "--likes", "lemon cake", "--email", "dana@example.com"],
    ["kickoff", "start", "dana", "Payments analyst", "--code", "pay-1", "--when", day(42),
     "--set", "why_now=two people left", "--set", "level=senior", "--set", 'must_haves=["SQL", "patience"]',
     "--set", 'windows={"scorecard": "24h", "profile_review": "36h"}'],
    ["kickoff", "email", "pay-1", "--sent", "--when", day(42)],
    ["kickoff", "confirm", "pay-1", "all", "--how", "email", "--when", day(41)],
    ["kickoff", "park", "pay-1", "responsibilities", "--when", day(41)],
    ["kickoff", "park", "pay-1", "recap", "--when", day(41)],
    ["add", "dana", "Explained what the team really does", "-k", "help-received", "-w", day(40), "--req", "pay-1"],
    ["promise", "dana", "first slate of five", "--when", day(40), "--due", day(35), "--req", "pay-1"],
    ["settle", "dana", "kept", "--when", day(36)],
    ["add", "dana", "Met three of the five", "-k", "slate-accepted", "-w", day(34), "--req", "pay-1"],
    ["ask", "dana", "scorecard for J.K.", "--for", "scorecard", "--when", day(30), "--req", "pay-1"],
    ["settle", "dana", "--when", day(30)],
    ["promise", "dana", "market numbers", "--when", day(28), "--due", day(24)],
    ["settle", "dana", "missed", "--when", day(23)],
    ["add", "dana", "She said what the missing numbers cost her", "-k", "feedback-received", "-w", day(22)],
    ["add", "dana", "Said sorry, with a new date", "-k", "apology-made", "-w", day(22)],
    ["promise", "dana", "market numbers, with sources", "--when", day(22), "--due", day(20)],
    ["settle", "dana", "kept", "--when", day(21)],
    ["kickoff", "amend", "pay-1", "--set", "level=lead", "--reason", "the team grew", "--effect", "two weeks more",
     "--when", day(18)],
    ["kickoff", "confirm", "pay-1", "scope", "--how", "chat", "--when", day(17)],
    ["add", "dana", "Two finalists agreed on", "-k", "slate-accepted", "-w", day(10), "--req", "pay-1"],
    ["notice", "dana", "Rang both finalists herself", "--when", day(3)],
    ["add", "dana", "A.B. signed", "-k", "hire-closed", "-w", day(1), "--req", "pay-1"],
    ["req", "close", "pay-1", "--when", day(1)],
    ["promise", "dana", "onboarding notes", "--due", "in 3 days"],
]  # fmt: skip


@pytest.fixture
def told(call: Call, home: Path) -> Call:
    """The story, command by command; `home` is where it is kept."""
    assert not home.exists()
    for words in STORY:
        answer = call(*words)
        assert answer.code == 0, (words, answer.err)
    return call


def entry(call: Call, kind: str) -> int:
    return int(call("log", "dana", "--kind", kind, "--json").data["entries"][0]["id"])


def test_the_repair_halves_the_slip(told: Call) -> None:
    slip = entry(told, "promise-missed")
    before = told("report", "dana", "--json").data["managers"][0]["facets"]["integrity"]

    told("add", "dana", "The numbers came a day early", "-k", "promise-kept", "--repairs", str(slip)).says()

    after = told("report", "dana", "--json").data["managers"][0]["facets"]["integrity"]
    assert after["s"] == pytest.approx(before["s"] / 2)
    assert after["u"] < before["u"]


def test_the_page_tells_the_whole_story(told: Call) -> None:
    page = told("report", "dana").says()

    for said in ("Building", "Payments analyst", "onboarding notes", "hire closed", "promise missed", "slate accepted"):
        assert said in page, said
    data = told("report", "dana", "--json").data["managers"][0]
    assert data["overall"]["u"] < 0.6
    assert data["responsiveness"]["them"]["answered"] == 1
    assert (data["responsiveness"]["me"]["answered"], data["responsiveness"]["me"]["open"]) == (2, 1)


@pytest.mark.parametrize(
    ("ago", "step"),
    [(38, "SIT-NEWREQ"), (29, "SIT-FASTCARD"), (23, "SIT-MISS"), (17, "SIT-CHANGE"), (9, "SIT-WIN"), (0, "SIT-WIN")],
)
def test_each_week_has_its_step(told: Call, ago: int, step: str) -> None:
    listed = told("next", "dana", "--all", "--as-of", day(ago), "--json").data["steps"]

    reasons = [one for offer in listed for one in offer["because"]]
    assert (step in reasons) is (step != "SIT-NEWREQ")  # the kick-off was settled on the second day


def test_what_went_well_opens_with_what_i_did(told: Call) -> None:
    said = told("report", "--me", "--since", day(45)).says()

    assert said.index("What you did") < said.index("For the first time")
    assert "hire" in said.casefold()


def test_the_calendar_is_read_by_a_second_parser(told: Call) -> None:
    text = told("remind").out

    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    events = [one.split("\n") for one in "\n".join(lines).split("BEGIN:VEVENT\n")[1:]]
    waiting = [one for one in events if "STATUS:CANCELLED" not in one]
    due = next(line.partition(":")[2] for line in waiting[0] if line.startswith("DTSTART"))

    assert (len(events), len(waiting)) == (4, 1)  # what was settled lately is taken out of the calendar
    assert "BEGIN:VALARM" in waiting[0]
    assert datetime.strptime(due, "%Y%m%dT%H%M%SZ").date() >= date.today() + timedelta(days=2)
    assert "onboarding notes" not in text  # private unless it is asked for
    assert told("remind").out == text


def test_the_brief_and_the_friday_mail_come_from_it(told: Call) -> None:
    brief, mail = told("brief", "dana").says(), told("update", "dana", "--since", day(20)).out

    assert "lemon cake" in brief
    assert "Rang both finalists herself" in brief
    assert "onboarding notes" in mail
    assert "promise missed" not in mail


def test_it_can_be_undone_to_the_last_word(told: Call) -> None:
    assert told("undo", "99", "--yes").err == "There are only 25.\n"

    assert told("manager", "list", "--json").data == {"managers": []}
