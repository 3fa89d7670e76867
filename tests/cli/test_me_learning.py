"""`me forecasts`, `me works`, `me patterns`: what one may learn from one's own log, and who never sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import refuses, say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

EMPTY: dict[str, Any] = {"n": 0, "brier": None, "brier_base": None, "bands": [], "feeling_error": None}


def forecast(call: Call, sure: str, *settled: str) -> None:
    done = call("ask", "dana", "scorecard", "-w", "2026-01-05", "--due", "2026-01-08", "--sure", sure, "--json")
    assert "sure" not in done.out
    if settled:
        call("settle", str(done.data["commitment"]["id"]), *settled).says()


@pytest.mark.parametrize("word", ["forecasts", "works", "patterns"])
def test_a_journal_with_too_little_says_so_in_one_line(call: Call, two: Path, word: str) -> None:
    del two  # a journal without an entry
    said = call("me", word).says()
    assert said.startswith("Too little to tell: ")
    assert said.count("\n") == 1


def test_settling_and_time_resolve_what_was_forecast(call: Call, two: Path) -> None:
    del two  # the journal of dana
    forecast(call, "70", "kept", "-w", "2026-01-06")
    forecast(call, "70")  # its day has passed
    forecast(call, "20%", "late", "-w", "2026-01-10")
    forecast(call, "0", "missed", "-w", "2026-01-09")
    assert call("me", "forecasts", "--json").data == EMPTY | {"n": 4}
    forecast(call, "100", "kept", "-w", "2026-01-07")
    found = call("me", "forecasts", "--json").data
    assert list(found) == ["n", "brier", "brier_base", "bands", "feeling_error"]
    assert (found["n"], found["brier"], found["brier_base"]) == (5, pytest.approx(0.124), pytest.approx(0.24))
    assert found["bands"][2] == {"sure": 70, "n": 2, "right": 1}
    assert "you said  70 %: came in time 1 of 2" in call("me", "forecasts").says()
    call("undo").says()
    assert call("me", "forecasts", "--json").data["n"] == 5  # its day has passed too
    call("undo").says()
    assert call("me", "forecasts", "--json").data["n"] == 4


@pytest.mark.parametrize("typed", ["101", "-1", "maybe", "7.5", "", "٧٠"])
def test_what_is_no_share_is_refused_by_name(call: Call, two: Path, typed: str) -> None:
    words = ["ask", "dana", "scorecard", "--sure", typed]
    refuses(call, two, words, "bad-field", f'--sure cannot be "{typed}". It takes a whole number from 0 to 100.')


@pytest.mark.parametrize(("again", "kept"), [("\r", 100), ("90\r", 90), ("100\r", 100)])
def test_who_is_wholly_sure_is_asked_once_more(tty: Terminal, call: Call, two: Path, again: str, kept: int) -> None:
    del two  # the journal of dana
    child = tty("ask", "dana", "scorecard", "--sure", "100")
    say(child, ("Sure", again))
    assert tty.ends(child)[0] == 0
    document = json.loads(call("export", "--include-reflections").out)
    assert [forecast["sure"] for forecast in document["commitments"][0]["forecasts"]] == [kept]


def test_talks_tell_how_they_were_expected_to_leave_one(call: Call, two: Path) -> None:
    del two  # the journal of dana
    for day in range(5, 10):
        sure = ["--set", "answer_sure=70", "--set", "feeling_expected=-1"]
        assert call("prep-feedback", "dana", "-w", f"2026-01-0{day}" if day < 10 else "", *sure).code == 0
        done = ["--set", "mood_after=1", "--set", "answer_came=true"]
        assert call("debrief", "dana", "-w", f"2026-01-0{day}", *done).code == 0
    found = call("me", "forecasts", "--json").data
    assert (found["n"], found["feeling_error"], found["bands"]) == (5, -2, [{"sure": 70, "n": 5, "right": 5}])
    assert "On average you were left 2.0 better than you expected" in call("me", "forecasts").says()
    assert "answer_sure cannot" not in call("me", "forecasts").out
    for typed in ("65", "110", "-10"):
        said = call("prep-feedback", "dana", "--set", f"answer_sure={typed}").fails(1)
        assert "a whole number from 0 to 100, in steps of 10" in said
    assert call("me", "patterns", "--json").data["debriefs"] == 5


def test_the_preparation_asks_both_and_the_debrief_whether_an_answer_came(tty: Terminal, two: Path) -> None:
    del two  # the journal of dana
    given = ["purpose=x", "mood_before=0", "feeling_before=x", "settle_choice=skip", "sting=none", "if_cue=a",
             "ask_instructions=what to change", "then_action=b", "line=c", "line_words=d", "comfort_person=Sam",
             "comfort_when=x", "comfort_mode=ideas", "aftercare=tea", "aftercare_at=5", "readiness=4",
             'feedback_kind_expected=["unsure"]']  # fmt: skip
    child = tty("prep-feedback", "dana", "--minutes", "5", *(word for one in given for word in ("--set", one)))
    say(child, ("How will it leave you", tty.DOWN + tty.ENTER), ("How likely is an answer by Fri", "100" + tty.ENTER))
    say(child, ("100 % leaves no room", tty.ENTER))
    assert tty.ends(child)[0] == 0
    answered = ["mood_after=0", "feeling_after=x", "line_crossed=no", "aftercare_status=done", "headline=x"]
    child = tty("debrief", "dana", "--minutes", "2", *(word for one in answered for word in ("--set", one)))
    child.expect("Did you get an answer to what you asked")
    child.close()


def test_a_forecast_goes_out_and_in_with_reflections_alone(call: Call, two: Path, home: Path, tmp_path: Path) -> None:
    forecast(call, "70")
    (public, private) = (tmp_path / name for name in ("public.json", "private.json"))
    call("export", str(public)).says()
    call("export", str(private), "--include-reflections").says()
    assert "forecasts" not in public.read_text()
    told = json.loads(private.read_text())
    assert [forecast["sure"] for forecast in told["commitments"][0]["forecasts"]] == [70]
    for file in (public, private):
        assert call("import", str(file), "--json").data["added"] == 0
    (two / "trustlog.db").rename(home / "old.db")
    call("import", str(private)).says()
    again = json.loads(call("export", "--include-reflections").out)
    assert again["commitments"] == told["commitments"]
    del told["commitments"][0]["forecasts"]  # as an older program wrote it
    (home / "trustlog.db").unlink()
    call("import", "-", stdin=json.dumps(told)).says()


def test_forgetting_and_wiping_take_forecasts_along(call: Call, two: Path) -> None:
    forecast(call, "70")
    call("me", "--wipe-reflections", "--yes").says()
    document = json.loads(call("export", "--include-reflections").out)
    assert document["commitments"][0]["forecasts"] == []
    forecast(call, "70")
    assert call("forget", "dana", "--yes").code == 0
    assert call("doctor").code == 0
    assert (two / "trustlog.db").exists()


def test_steps_that_were_followed_are_told_beside_days_without(call: Call, two: Path) -> None:
    del two  # the journal of dana
    document = json.loads(call("export").out)
    for week in range(6):
        day = f"2026-0{1 + week // 3}-{5 + 8 * (week % 3):02}"
        call("add", "dana", "answered", "-k", "reply", "-w", f"{day} 16:00").says()
        event = {"uid": f"s{week}", "manager": "dana", "step": "PB23", "kind": "done",
                 "happened_at": f"{day}T12:00:00+00:00"}  # fmt: skip
        document["step_events"].append(event)
    call("import", "-", stdin=json.dumps(document)).says()
    found = call("me", "works", "--json").data
    (step,) = found["steps"]
    assert list(step) == ["id", "n", "followed", "low", "high", "better"]
    assert (step["id"], step["n"], step["followed"], step["low"], step["high"]) == ("PB23", 6, 6, 0.6097, 1.0)
    assert list(found["base"]) == ["n", "followed"]
    said = call("me", "works").says()
    assert "6 of 6 times; likely 61 to 100 %" in said
    assert "no log can tell" in said
    assert "cause" not in said.replace("because", "")
