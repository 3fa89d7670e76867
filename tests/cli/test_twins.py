"""Every question has its twin without a terminal: each field of each script by `--set`, and none is missing here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain import private
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call, Commands

COMMANDS = {"prep": "prep-feedback", "debrief": "debrief", "checkin": "checkin"}
Twin = tuple[str, str, str, str, Any]


def twin(script: str, field: str, typed: str, kept: Any = None, into: str = "") -> Twin:
    """What is typed behind `--set`, and what is then found there; `into` is where it is kept, if not under its name."""
    return script, field, typed, into or field, typed if kept is None else kept


TWINS: list[Twin] = [
    twin("prep", "purpose", "which stage cost most"),
    twin("prep", "mood_before", "-2", -2),
    twin("prep", "feeling_before", "tense"),
    twin("prep", "settle_choice", "box-breathing"),
    twin("prep", "feedback_kind_expected", '["coaching", "unsure"]', ["coaching", "unsure"]),
    twin("prep", "sting", "self_image", "self-image"),
    twin("prep", "facts_ticked", "[2, 1]", [2, 1]),
    twin("prep", "ask_instructions", "I would value your input on the slate."),
    twin("prep", "if_cue", "they go quiet"),
    twin("prep", "then_action", "count to three"),
    twin("prep", "line", "no shouting"),
    twin("prep", "line_words", "let us take ten minutes"),
    twin("prep", "stake", "my standing"),
    twin("prep", "reframe", "what could I practise"),
    twin("prep", "outside_view", "Ana, what matters is the role"),
    twin("prep", "comfort_person", "Sam"),
    twin("prep", "comfort_when", "ten minutes"),
    twin("prep", "comfort_mode", "ideas"),
    twin("prep", "aftercare", "tea outside"),
    twin("prep", "aftercare_at", "16:45"),
    twin("prep", "opening_lines", '["Thank you.", "I am listening."]', ["Thank you.", "I am listening."]),
    twin("prep", "feeling_expected", "-1", -1),
    twin("prep", "answer_sure", "70", 70),
    twin("prep", "rehearsed", "I would like to ask"),
    twin("prep", "card_line", "Which one moment made it a no?"),
    twin("prep", "stop_line", "When it gets loud: let us stop here."),
    twin("prep", "readiness", "1", 1),
    twin("prep", "readiness_choice", "in-writing"),
    twin("debrief", "mood_after", "2", 2),
    twin("debrief", "feeling_after", "glad"),
    twin("debrief", "line_crossed", "not_sure", "not-sure"),
    twin("debrief", "gate", "go-on"),
    twin("debrief", "answer_came", "yes", True),
    twin("debrief", "aftercare_status", "changed-my-mind"),
    twin("debrief", "headline", "cards come late"),
    twin("debrief", "items", '[{"text": "late cards"}]', [{"text": "late cards"}]),
    twin("debrief", "item_kind", '["coaching"]', [{"text": "p", "kind": "coaching"}], "items"),
    twin("debrief", "item_decision", '["tomorrow"]', [{"text": "p", "decision": "tomorrow"}], "items"),
    twin("debrief", "their_view", "three roles at once"),
    twin("debrief", "grain", "say so earlier"),
    twin("debrief", "if_cue", "a card is late"),
    twin("debrief", "then_action", "ask the same day"),
    twin("debrief", "due", "2030-01-07"),
    twin("debrief", "kind_words", "you stayed in the room"),
    twin("debrief", "practised", "one example first"),
    twin("debrief", "small_step", "asked one question"),
    twin("debrief", "comfort_status", "at_planned_time", "at-planned-time"),
    twin("debrief", "thanks_draft", "Thank you for the time."),
    twin("debrief", "free_write", "two\n\nlines"),
    twin("debrief", "checkin_optin", "yes", True),
    twin("checkin", "mood_next_day", "-1", -1),
    twin("checkin", "carry_over", "2", 2),
    twin("checkin", "items", '[{"text": "p", "decision": "ask"}]', [{"text": "p", "decision": "ask"}]),
    twin("checkin", "item_decision", '["ask"]', [{"text": "p", "decision": "ask"}], "items"),
    twin("checkin", "aftercare_done", "no", False),
    twin("checkin", "followups", '[{"text": "q", "done": true}]', [{"text": "q", "done": True}]),
    twin("checkin", "gut", "5", 5),
    twin("checkin", "explanation", "three roles at once"),
]


@pytest.fixture
def talked(call: Call, home: Path, home_of: Callable[[Commands], Path]) -> Call:
    """Two entries with dana, and a debrief of long ago with a point `p` left open and a point `q` being tried."""
    points = 'items=[{"text": "p"}, {"text": "q", "decision": "use"}]'
    made = home_of([
        ["manager", "add", "Dana Ortiz"], *(["add", "dana", note, "-k", "reply"] for note in ("one", "two")),
        ["debrief", "dana", "--when", "2026-05-04", "--set", points],
    ])  # fmt: skip
    shutil.copytree(made, home)
    return call


def given(call: Call, script: str, field: str, setting: str) -> Any:
    points = ["--set", 'items=[{"text": "p"}]'] if script == "debrief" and field.startswith("item_") else []
    flags = ["--set", setting, *points, "--json", "--include-reflections"]
    return call(COMMANDS[script], "dana", *flags).data["conversation"]["answers"][script]


@pytest.mark.parametrize(
    ("script", "field", "typed", "into", "kept"), TWINS, ids=[f"{one[0]}-{one[1]}" for one in TWINS]
)
def test_every_prompt_is_answered_by_set(
    talked: Call, script: str, field: str, typed: str, into: str, kept: Any
) -> None:
    assert given(talked, script, field, f"{field}={typed}")[into] == kept
    if script != "checkin":  # what was decided is not decided twice
        assert given(talked, script, field, f"{field.replace('_', '-')}={typed}")[into] == kept


@pytest.mark.parametrize("script", COMMANDS)
def test_no_prompt_of_a_script_is_missing_here(script: str) -> None:
    shipped = Playbook(Path("/nowhere"), print).script(script)
    asked = [field.name for prompt in shipped.prompts for field in prompt.fields]
    assert sorted(asked) == sorted(one[1] for one in TWINS if one[0] == script)


@pytest.mark.parametrize("question", private.QUESTIONS)
@pytest.mark.usefixtures("two")
def test_every_boundary_question_is_answered_by_set(call: Call, question: str) -> None:
    before = call("boundary", "dana", "--json").data
    after = call("boundary", "dana", "--set", f"{question}=yes", "--json").data
    assert after != before
    if question not in private.IMPACT:
        assert [one.split()[0] for one in after["because"]] == [question]


PAGE: dict[str, tuple[str, Any]] = {
    "name": ("Ana", "Ana"),
    "best_time": ("mornings", "mornings"),
    "best_way": ("in writing", "in writing"),
    "care_before": ('["a walk"]', ["a walk"]),
    "care_after": ('["tea"]', ["tea"]),
    "seniors": ('["Kim"]', ["Kim"]),
    "contacts": ('["HR desk"]', ["HR desk"]),
    "monday": ('["2024-03-15", "Dana: the slate", "Dana"]', ["2024-03-15", "Dana: the slate", "Dana"]),
    "sentences": ('["This is one day"]', ["This is one day"]),
    "comfort_people": ('[{"name": "Sam", "minutes": 10}]', [{"name": "Sam", "minutes": 10}]),
    "learned": ('[{"what": "ask first"}]', [{"what": "ask first"}]),
}


@pytest.mark.parametrize("field", private.FIELDS)
def test_every_field_of_ones_own_page_is_set(call: Call, field: str) -> None:
    typed, kept = PAGE[field]
    assert call("me", "--set", f"{field}={typed}", "--json").data["me"] == {field: kept}
    assert call("me", "--set", f"{field.replace('_', '-')}={typed}", "--json").data["me"] == {field: kept}


@pytest.mark.usefixtures("two")
def test_all_fields_of_a_script_may_be_given_at_once(call: Call) -> None:
    call("add", "dana", "one").says()
    call("add", "dana", "two").says()
    for script in ("prep", "debrief"):
        told = {one[1]: one[4] for one in TWINS if one[0] == script and one[1] == one[3]}
        stdin = json.dumps(told)
        done = call(COMMANDS[script], "dana", "--answers", "-", "--json", "--include-reflections", stdin=stdin)
        assert done.data["conversation"]["answers"][script] == told
