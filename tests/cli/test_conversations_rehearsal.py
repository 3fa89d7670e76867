"""`prep-feedback --rehearse`: seven talks said aloud once, with a likely reply, before they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.helpers import contents, refuses, say

from trustlog.domain.scripts import TONES, brackets
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

SEVEN = ["late-feedback", "moving-bar", "not-a-fit", "fairness", "pay-gap", "interviewer-feedback", "silence"]


def test_without_a_terminal_the_sheet_is_printed(call: Call, two: Path) -> None:
    before = contents(two)["trustlog.db"]
    found = call("prep-feedback", "--rehearse", "--json").data["scenarios"]
    assert [one["id"] for one in found] == SEVEN
    said = call("prep-feedback", "dana", "--rehearse").says()
    assert all(f"({name})" in said for name in SEVEN)
    for words in (("silence",), ("dana", "silence"), ("Silence",)):
        assert [one["id"] for one in call("prep", *words, "--rehearse", "--json").data["scenarios"]] == ["silence"]
    assert contents(two)["trustlog.db"] == before


def test_what_is_no_scenario_is_refused_by_name(call: Call, two: Path) -> None:
    says = 'no scenario "silnce". Did you mean silence?'
    refuses(call, two, ("prep", "dana", "silnce", "--rehearse"), "bad-field", says)
    refuses(call, two, ("prep", "silnce", "--rehearse"), "unknown-manager", "silnce")
    call("prep", "dana", "silence").fails(2)
    call("prep", "dana", "--rehearse", "--drop").fails(2)


def test_two_minutes_leave_one_line_and_one_at_which_to_stop(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana
    assert call("prep-feedback", "dana", "--set", "purpose=go on or not").code == 0
    child = tty("prep-feedback", "dana", "--rehearse")
    say(child, ("What do you want to rehearse", tty.DOWN * 6 + tty.ENTER), ("Begin it", "CANARY one\r"))
    say(child, ("How might they answer", tty.ENTER), ("calmer", ""), ("And you", tty.ENTER), ("stronger shape", ""))
    say(child, ("Which line goes on the card", tty.DOWN + tty.ENTER), ("meeting", tty.ENTER))
    say(child, ("Where will you stop", tty.ENTER), ("Keep what you typed", "n\r"))
    code, said = tty.ends(child)
    assert (code, "I stop" in said, "Fill in first" in said) == (0, True, True)
    answers = call("prep", "dana", "--card", "--json", "--include-reflections").data["conversation"]["answers"]["prep"]
    assert answers["card_line"] == "How do I reach you best these weeks: by phone, by message, or after [meeting]?"
    assert "one line" in answers["stop_line"]
    assert "CANARY" not in str(answers)
    assert "card_line" not in str(call("prep", "dana", "--card", "--json").data)
    assert not {"weeks", "[meeting]"} & set(call("prep", "dana", "--card").out.split())
    call("undo").says()
    assert "go on or not" in call("prep", "dana", "--card").out


def test_it_goes_straight_to_the_rehearsal_and_asks_a_blank_once(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana
    child = tty("prep-feedback", "dana", "fairness", "--rehearse")
    say(child, ("Begin it", tty.ENTER), ("How might they answer", tty.ENTER), ("And you", tty.ENTER))
    say(child, ("Which line", tty.DOWN * 2 + tty.ENTER), ("who looks after", "Noor\r"), ("Where will you", tty.ENTER))
    assert tty.ends(child)[0] == 0
    talk = call("prep", "dana", "--card", "--json", "--include-reflections").data
    assert (talk["conversation"]["state"], any("Fill in" in line for line in talk["card"])) == ("prepared", False)
    assert all("Noor" in talk["conversation"]["answers"]["prep"][name] for name in ("card_line", "stop_line"))


def test_ctrl_c_leaves_the_preparation_as_it_was(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana
    assert call("prep-feedback", "dana", "--set", "purpose=x").code == 0
    before = call("prep", "dana", "--card", "--json", "--include-reflections").data
    child = tty("prep-feedback", "dana", "pay-gap", "--rehearse")
    say(child, ("Begin it", "typed\r"), ("How might they answer", tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "the rehearsal left nothing" in said) == (130, True)
    assert call("prep", "dana", "--card", "--json", "--include-reflections").data == before


def test_while_a_restriction_holds_nothing_is_rehearsed(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana
    assert call("prep-feedback", "dana", "--set", "purpose=x").code == 0
    assert call("boundary", "dana", "--set", "BR1=yes").code == 0
    code, said = tty.ends(tty("prep-feedback", "dana", "pay-gap", "--rehearse"))
    assert (code, "trustlog support" in said, "Begin it" in said) == (0, True, False)


def test_every_scenario_has_three_replies_a_shape_and_lines_without_invented_facts(tmp_path: Path) -> None:
    rehearsals = Playbook(tmp_path, pytest.fail).rehearsals
    assert set(rehearsals.tones) == set(TONES)
    for one in rehearsals.scenarios:
        assert len(one.lines) == 3
        assert brackets(one.saw), one.id  # what was seen only the recruiter knows
        assert "!" not in " ".join((one.about, one.saw, one.does, one.asks, *one.lines, one.stop))


def test_a_scenario_of_ones_own_joins_and_one_of_the_same_id_replaces(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    own = "".join(f'{field} = "{field}"\n' for field in (*TONES, "title", "about", "saw", "does", "asks", "stop"))
    blocks = "".join(f'[[scenario]]\nid = "{name}"\nlines = ["one"]\n{own}' for name in ("silence", "budget"))
    (two / "playbook" / "rehearsals.toml").write_text(blocks + '[tones]\nwarm = "Thank them."\n', "utf-8")
    found = {one["id"]: one for one in call("prep", "--rehearse", "--json").data["scenarios"]}
    assert list(found) == [*SEVEN, "budget"]
    assert (found["silence"]["lines"], found["pay-gap"]["title"]) == (["one"], "Pay below what people ask for")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('[[scenario]]\nid = "x"', "x: title must be a text"),
        ('[[scenario]]\nid = "Not Good"', "needs an id"),
        ('[tones]\ncold = "x"', "'cold' is not known"),
        ('scenario = "x"', "must be written as [[scenario]] blocks"),
        ('extra = "x"', "'extra' is not known"),
    ],
)
def test_a_mistake_in_it_is_told_and_ours_is_used(tmp_path: Path, written: str, problem: str) -> None:
    (tmp_path / "rehearsals.toml").write_text(written, "utf-8")
    said: list[str] = []
    assert Playbook(tmp_path, said.append).rehearsals == Playbook(tmp_path / "none", said.append).rehearsals
    assert len(said) == 1
    assert problem in said[0]
