"""`manager leaving`: a last day, roles handed over, loops closed, one thank-you, and nothing after it."""

import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Call
from tests.helpers import opened

pytestmark = pytest.mark.usefixtures("two")

IN_FIVE = (date.today() + timedelta(days=5)).isoformat()
LEAVING = ("manager", "leaving", "dana", "--on", "in 5 days")


def told(call: Call, *words: str) -> str:
    return call(*words, "--json").out


def test_roles_go_to_the_successor_and_what_was_written_stays(call: Call) -> None:
    assert call("req", "add", "dana", "Analyst", "--code", "PA-1").code == 0
    call("req", "add", "dana", "Old", "--code", "OLD-1", "--opened", "2026-01-01")
    call("req", "close", "OLD-1")
    call("add", "dana", "four scorecards", "-k", "help-received", "--req", "PA-1")
    call("kickoff", "start", "dana", "Analyst", "--code", "PA-1", "--set", "why_now=growth")

    done = call(*LEAVING, "--to", "marcus", "--json").data

    assert (done["manager"]["handle"], done["leaving_on"], done["to"]) == ("dana", IN_FIVE, "marcus")
    assert [(role["code"], role["manager"]) for role in done["reqs"]] == [("PA-1", "marcus")]
    assert json.loads(told(call, "req", "list", "marcus"))["data"]["reqs"][0]["code"] == "PA-1"
    assert len(call("log", "dana", "--json").data["entries"]) >= 1
    assert call("log", "marcus", "--json").data["entries"] == []


def test_a_successor_is_offered_the_letter_of_handing_over(call: Call) -> None:
    assert "trustlog handover" not in call(*LEAVING).err
    call("undo")
    assert "trustlog handover dana" in call(*LEAVING, "--to", "marcus").err


def test_loops_that_cannot_be_settled_by_then_are_closed_and_the_others_named(call: Call) -> None:
    call("promise", "dana", "the slate", "--due", "in 2 days")
    call("promise", "dana", "the picture", "--due", "in 20 days")

    done = call(*LEAVING, "--json").data

    assert (done["closed"], done["open"]) == (["L2"], ["L1"])
    assert [one["what"] for one in call("open", "--json").data["commitments"]] == ["the slate"]


def test_a_loop_about_a_role_that_went_on_can_still_be_settled(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "PA-1")
    call("promise", "dana", "the slate", "--due", "in 2 days", "--req", "PA-1")
    call(*LEAVING, "--to", "marcus")

    assert call("settle", "L1", "kept", "--json").data["entry"]["kind"] == "promise-kept"


def test_one_undo_takes_all_of_it_back(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "PA-1")
    call("promise", "dana", "the picture", "--due", "in 20 days")
    before = call("export").out

    call(*LEAVING, "--to", "marcus")
    assert call("export").out != before
    call("undo")

    assert call("export").out == before


def test_nothing_is_offered_after_the_last_day_and_before_it_one_thank_you(call: Call) -> None:
    call("add", "dana", "a talk", "-k", "meeting-held", "-w", "2026-01-02")
    call(*LEAVING)

    steps = call("next", "dana", "--all", "--json").data["steps"]
    assert {one["because"][0] for one in steps} == {"SIT-LEAVING"}
    assert [one["step"]["id"] for one in steps] == ["PB53"]

    after = (date.today() + timedelta(days=6)).isoformat()
    assert call("next", "--as-of", after, "--json").data["manager"] != "dana"
    assert "archived" in call("next", "dana", "--as-of", after, "--json").fails(1, "conflict")


def test_the_day_after_they_are_archived_and_may_be_brought_back(call: Call, home: Path) -> None:
    call(*LEAVING)
    assert call("manager", "show", "dana", "--json").data["manager"]["archived"] is False
    with closing(opened(home / "trustlog.db")) as db:
        db.execute("UPDATE managers SET leaving_on = ? WHERE handle = 'dana'", (str(date.today() - timedelta(days=1)),))
    assert call("manager", "show", "dana", "--json").data["manager"]["archived"] is True

    call("manager", "unarchive", "dana")
    assert call("manager", "show", "dana", "--json").data["manager"]["archived"] is False


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("dana", "--on", "yesterday"), "bad-date", "has passed"),
        (("dana", "--on", "friday", "--to", "dana"), "conflict", "is dana, who leaves"),
        (("dana", "--on", "friday", "--to", "Dana Ortiz"), "conflict", "is dana, who leaves"),
        (("dana", "--on", "friday", "--to", "marcus"), "conflict", "OLD-1 is closed"),
        (("nobody", "--on", "friday"), "unknown-manager", "nobody"),
        (("dana", "--on", "friday", "--to", "nobody"), "unknown-manager", "nobody"),
        (("marcus", "--on", "friday"), "conflict", "archived"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_nothing_changes(
    call: Call, words: tuple[str, ...], code: str, said: str
) -> None:
    call("req", "add", "dana", "Old", "--code", "OLD-1", "--opened", "2026-01-01")
    call("req", "close", "OLD-1")
    if words[0] == "marcus":
        call("manager", "archive", "marcus")
    before = call("export").out

    assert said in call("manager", "leaving", *words, "--json").fails(1, code)
    assert call("export").out == before
