"""`handover`: the letter for the colleague who takes over, without figures, notes, reflections or hard words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.helpers import contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

FIRST_LINE = "Please show this letter to Dana Ortiz first, and change whatever Dana wants changed."
KICKOFF = (
    'must_haves=["SQL"]', "success_90d=payments that reconcile", "decision_maker=Dana and Eva", "backup=Eva Lang",
    "channel=chat in the mornings", "worries=CANARY worry", "comp_range=CANARY pay", "team_context=CANARY team",
)  # fmt: skip


@pytest.fixture
def told(call: Call, two: Path) -> Path:
    """A year with dana of which a colleague may know a part."""
    call("manager", "edit", "dana", "--public-praise-ok", "no", "--likes", "tea {first}").says()
    call("req", "add", "dana", "Analyst", "--code", "D-1").says()
    assert call("add", "dana", "CANARY shouted", "-k", "harsh").code == 0
    call("add", "dana", "CANARY note", "-k", "meeting").says()
    call("promise", "dana", "the slate", "--due", "in 2 days").says()
    call("ask", "dana", "a scorecard", "--for", "favour", "--sure", "70").says()
    call("promise", "dana", "CANARY done already", "--due", "in 2 days").says()
    call("settle", "3", "kept").says()
    assert call("praise", "dana", "--did", "four scorecards", "--changed", "we called that day").code == 0
    assert call("debrief", "dana", "--set", "headline=CANARY", "--set", "mood_after=-2").code == 0
    call("me", "--name", "CANARY Ana").says()
    assert call("kickoff", "start", "D-1", "--no-input", *(w for one in KICKOFF for w in ("--set", one))).code == 0
    for stage in ("discovery", "scope"):
        call("kickoff", "agree", "D-1", stage).says()
    return two


def test_the_letter_tells_what_a_colleague_needs_and_nothing_else(call: Call, told: Path) -> None:
    before = contents(told)
    done = call("handover", "dana", "--from", "Ana")
    assert contents(told) == before
    assert done.out.splitlines()[0] == FIRST_LINE
    assert "Show it to Dana before anybody else." in done.err
    for said in (
        "- Must have: SQL", "- In 90 days: payments that reconcile", "- not settled yet: Who does what, How it runs",
        "- the slate, by ", "- a scorecard, no day agreed", "- likes tea {first}", "chat in the mornings",
        "- praise is better one to one", "- four scorecards; it changed this: we called that day",
        "- Stand-in: Eva Lang", "- Decision: Dana and Eva", "Ana\n",
    ):  # fmt: skip
        assert said in done.out, said
    assert "CANARY" not in done.out
    assert re.findall(r"\d+ ?%", done.out) == []


def test_as_json_and_as_a_file(call: Call, told: Path, tmp_path: Path) -> None:
    del told  # it has filled the journal
    data = call("handover", "dana", "--json").data
    assert (data["manager"], data["file"], data["text"].splitlines()[0]) == ("dana", None, FIRST_LINE)
    assert "[your name]" in data["text"]
    assert "who else matters, and for what" in data["open"]
    file = tmp_path / "dana.txt"
    assert call("handover", "dana", "--output", str(file)).code == 0
    assert file.read_text("utf-8") == data["text"]
    assert "already there" in call("handover", "dana", "--output", str(file)).fails(1)
    assert call("handover", "dana", "--output", str(file), "--yes").code == 0
    assert "Ana" in call("handover", "dana", "--include-reflections").out


def test_what_is_not_known_stands_in_brackets(call: Call, two: Path) -> None:
    del two  # a journal without an entry
    said = call("handover", "marcus").out
    assert "[which roles are open, and what was agreed on each]" in said
    assert "nothing is open from Marcus's side" in said
    call("handover", "nobody", "--json").fails(1, "unknown-manager")


def test_a_text_of_ones_own_replaces_ours(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    (two / "playbook" / "handover.toml").write_text('greeting = "Hello,"\n', "utf-8")
    assert "\n\nHello,\n\n" in call("handover", "dana").out


def test_while_a_boundary_note_counts_the_letter_is_not_shown_to_them_first(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    assert call("boundary", "dana", "--set", "BA3=yes").code == 0
    done = call("handover", "dana")
    assert done.out.startswith("Hi [name of your colleague],")
    assert ("What helped us" in done.out, "before anybody else" in done.err) == (False, False)
    assert "- the slate, by " in done.out
