"""Scripts: which questions a version asks, the conditions of a field, and the card."""

from __future__ import annotations

from typing import Any

import pytest

from trustlog.domain.conversations import PUBLIC
from trustlog.domain.scripts import CONDITIONS, CardLine, Field, Prompt, Script, card, progress, wanted

HOLDS: list[tuple[str, dict[str, Any], bool]] = [
    ("never", {}, False),
    ("never", {"readiness": 1, "mood_after": -2, "asks": ["next-day"]}, False),
    ("not-ready", {"readiness": 1}, True),
    ("not-ready", {"readiness": 2}, True),
    ("not-ready", {"readiness": 3}, False),
    ("not-ready", {"readiness": None}, False),
    ("not-ready", {}, False),
    ("low-or-crossed", {"mood_after": -2}, True),
    ("low-or-crossed", {"mood_after": -1}, True),
    ("low-or-crossed", {"mood_after": 0}, False),
    ("low-or-crossed", {"mood_after": None}, False),
    ("low-or-crossed", {"mood_after": 2, "line_crossed": "yes"}, True),
    ("low-or-crossed", {"mood_after": 2, "line_crossed": "not-sure"}, True),
    ("low-or-crossed", {"mood_after": 2, "line_crossed": "no"}, False),
    ("low-or-crossed", {"line_crossed": None}, False),
    ("low-or-crossed", {}, False),
    ("no-line-crossed", {"line_crossed": "yes"}, False),
    ("no-line-crossed", {"line_crossed": "not-sure"}, True),
    ("no-line-crossed", {"line_crossed": "no"}, True),
    ("no-line-crossed", {}, True),
    ("no-plan-yet", {"line_crossed": "yes"}, False),
    ("no-plan-yet", {"line_crossed": "not-sure"}, True),
    ("no-plan-yet", {}, True),
    ("no-plan-yet", {"items": None}, True),
    ("no-plan-yet", {"items": [{"text": "a", "decision": "use", "then_action": "ask"}]}, False),
    ("no-plan-yet", {"items": [{"text": "a", "decision": "use"}, {"text": "b", "decision": "ask"}]}, True),
    ("no-plan-yet", {"items": [{"text": "a", "decision": "park", "then_action": "ask"}]}, True),
    ("aftercare-planned", {"aftercare": "tea"}, True),
    ("aftercare-planned", {"aftercare": None}, False),
    ("aftercare-planned", {}, False),
    ("answer-forecast", {"answer_sure": 70}, True),
    ("answer-forecast", {"answer_sure": 0, "line_crossed": "not-sure"}, True),
    ("answer-forecast", {"answer_sure": 70, "line_crossed": "yes"}, False),
    ("answer-forecast", {"answer_sure": None}, False),
    ("answer-forecast", {}, False),
    ("comfort-planned", {"comfort_person": "Sam"}, True),
    ("comfort-planned", {"comfort_person": None}, False),
    ("comfort-planned", {}, False),
    ("next-day", {"asks": ["next-day", "gut"]}, True),
    ("next-day", {"asks": ["gut"]}, False),
    ("next-day", {}, False),
    ("aftercare-next-day", {"asks": ["next-day"], "aftercare": "tea"}, True),
    ("aftercare-next-day", {"asks": ["next-day"], "aftercare": None}, False),
    ("aftercare-next-day", {"asks": [], "aftercare": "tea"}, False),
    ("undecided", {"asks": ["undecided"]}, True),
    ("undecided", {"asks": ["next-day"]}, False),
    ("undecided", {}, False),
    ("follow-up", {"asks": ["follow-up"]}, True),
    ("follow-up", {"asks": ["tell-them"]}, True),
    ("follow-up", {"asks": ["undecided"]}, False),
    ("follow-up", {}, False),
    ("answer-forecast", {"answer_sure": 70}, True),
    ("answer-forecast", {"answer_sure": 70, "line_crossed": "yes"}, False),
    ("answer-forecast", {}, False),
    ("hard-entry", {"asks": ["hard-entry"]}, True),
    ("hard-entry", {}, False),
    ("gut", {"asks": ["gut"]}, True),
    ("gut", {"asks": ["next-day"]}, False),
    ("gut", {}, False),
]


@pytest.mark.parametrize(("condition", "answers", "holds"), HOLDS)
def test_a_condition_holds_after_these_answers(condition: str, answers: dict[str, Any], holds: bool) -> None:
    assert CONDITIONS[condition](answers) is holds


ASKED = (
    Prompt("A", (5,), {5: 1}, (Field("a", "line", "?"),)),
    Prompt("B", (5,), {5: 1}, (Field("b", "line", "?", only_if="aftercare-planned"),)),
    Prompt("C", (5,), {5: 1}, (Field("c", "line", "?"), Field("d", "line", "?", needs="c"))),
)


@pytest.mark.parametrize(
    ("at", "known", "said"),
    [
        (0, {}, "1 of 2  "),
        (1, {}, "1 of 2  "),  # asked after an answer only: the whole does not grow
        (2, {}, "2 of 2  "),
        (0, {"aftercare": "tea"}, "1 of 3  "),
        (2, {"aftercare": "tea"}, "3 of 3  "),
    ],
)
def test_a_walk_says_where_one_is(at: int, known: dict[str, Any], said: str) -> None:
    assert progress(ASKED, ASKED[at], known) == said


def test_a_single_question_needs_no_number() -> None:
    assert progress(ASKED[:1], ASKED[0], {}) == ""


def test_every_condition_is_tested() -> None:
    assert {case[0] for case in HOLDS} == set(CONDITIONS)


@pytest.mark.parametrize(
    ("field", "answers", "asked"),
    [
        (Field("purpose", "line", "?"), {}, True),
        (Field("comfort_when", "line", "?", needs="comfort_person"), {"comfort_person": "Sam"}, True),
        (Field("comfort_when", "line", "?", needs="comfort_person"), {"comfort_person": None}, False),
        (Field("comfort_when", "line", "?", needs="comfort_person"), {}, False),
        (Field("gate", "choice", "?", only_if="low-or-crossed"), {"mood_after": -1}, True),
        (Field("gate", "choice", "?", only_if="low-or-crossed"), {"mood_after": 1}, False),
        (Field("x", "line", "?", needs="purpose", only_if="not-ready"), {"purpose": "p", "readiness": 1}, True),
        (Field("x", "line", "?", needs="purpose", only_if="not-ready"), {"readiness": 1}, False),
        (Field("x", "line", "?", needs="purpose", only_if="not-ready"), {"purpose": "p"}, False),
    ],
)
def test_a_field_is_asked_for_when_what_it_needs_is_there(field: Field, answers: dict[str, Any], asked: bool) -> None:
    assert wanted(field, answers) is asked


def test_what_an_earlier_part_answered_counts_for_a_condition_and_not_for_what_is_needed() -> None:
    known = {"aftercare": "tea", "then_action": "breathe out"}
    assert wanted(Field("aftercare_status", "choice", "?", only_if="aftercare-planned"), {}, known)
    assert not wanted(Field("due", "day", "?", needs="then_action"), {"if_cue": None}, known)


def prompt(name: str, minutes: tuple[int, ...], *fields: str) -> Prompt:
    return Prompt(name, minutes, dict.fromkeys(minutes, 5), tuple(Field(one, "line", "?") for one in fields))


SCRIPT = Script(
    "prep",
    (prompt("P1", (2, 5, 15), "purpose"), prompt("P2", (5, 15), "if_cue", "then_action"), prompt("P3", (15,), "line")),
    tuple(
        CardLine(name, (name,))
        for name in ("purpose", "ask_instructions", "if_cue", "then_action", "line", "aftercare", "grain", "headline")
    ),
)


@pytest.mark.parametrize(("minutes", "ids"), [(2, ["P1"]), (5, ["P1", "P2"]), (15, ["P1", "P2", "P3"]), (3, [])])
def test_a_version_asks_its_prompts_in_the_order_of_the_script(minutes: int, ids: list[str]) -> None:
    assert [one.id for one in SCRIPT.asked(minutes)] == ids


def test_the_fields_are_those_of_every_version() -> None:
    assert list(SCRIPT.fields()) == ["purpose", "if_cue", "then_action", "line"]


def test_a_card_has_at_most_six_lines() -> None:
    answers = {line.label: f"said of {line.label}" for line in SCRIPT.card}
    assert [label for label, _ in card(SCRIPT, answers, private=True)] == [
        "purpose", "ask_instructions", "if_cue", "then_action", "line", "aftercare",
    ]  # fmt: skip


def test_a_card_without_the_private_part_has_no_reflection() -> None:
    answers = {line.label: f"said of {line.label}" for line in SCRIPT.card}
    shown = card(SCRIPT, answers, private=False)
    assert [label for label, _ in shown] == [
        "purpose", "ask_instructions", "if_cue", "then_action", "grain", "headline",
    ]  # fmt: skip
    assert {label for label, _ in shown} <= PUBLIC


def test_a_card_line_of_both_drawers_shows_its_public_half_only() -> None:
    script = Script("prep", (), (CardLine("Both", ("purpose", "line")),))
    answers = {"purpose": "clear", "line": "CANARY"}
    assert card(script, answers, private=False) == [("Both", "clear")]
    assert card(script, answers, private=True) == [("Both", "clear, CANARY")]


@pytest.mark.parametrize("nothing", [{}, {"purpose": None}, {"purpose": ""}])
def test_a_line_without_an_answer_is_left_out(nothing: dict[str, Any]) -> None:
    assert card(SCRIPT, nothing, private=True) == []


def test_the_public_fields_are_those_of_the_contract() -> None:
    assert frozenset({
        "purpose", "ask_instructions", "if_cue", "then_action", "opening_lines", "headline", "items", "their_view",
        "grain", "small_step", "thanks_draft",
    }) == PUBLIC  # fmt: skip


def test_a_card_shows_a_day_in_words() -> None:
    asked = Prompt("D11", (5,), {5: 5}, (Field("due", "day", "?"), Field("headline", "line", "?")))
    script = Script("debrief", (asked,), (CardLine("By", ("due",)), CardLine("In short", ("headline",))))
    answers = {"due": "2026-11-27", "headline": "2026-11-27"}
    assert card(script, answers, private=True) == [("By", "Fri 27 Nov 2026"), ("In short", "2026-11-27")]


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ({"if_cue": "i", "then_action": "ask", "due": "2026-11-27"}, "a · if i, then I ask, by Fri 27 Nov 2026"),
        ({"then_action": "ask", "due": "2026-11-27"}, "a · I will ask, by Fri 27 Nov 2026"),
        ({"if_cue": "i", "then_action": None}, "a · if i"),
        ({"due": "2026-11-27"}, "a · by Fri 27 Nov 2026"),
        ({}, "a"),
    ],
)
def test_a_card_shows_each_point_that_is_used_with_its_plan(point: dict[str, Any], said: str) -> None:
    script = Script("debrief", (), (CardLine("I will use", ("items",)),))
    points = [{"text": "a", "decision": "use", **point}, {"text": "b", "decision": "ask"}, {"text": "c"}]
    assert card(script, {"items": points}, private=False) == [("I will use", said)]


def test_points_take_no_more_than_the_six_lines_of_a_card() -> None:
    script = Script("debrief", (), (CardLine("In short", ("headline",)), CardLine("I will use", ("items",))))
    points = [{"text": str(number), "decision": "use"} for number in range(9)]
    assert [said for _, said in card(script, {"headline": "h", "items": points}, private=True)] == [
        "h", "0", "1", "2", "3", "4",
    ]  # fmt: skip
