"""What an answer may be: every type of field, good values and bad ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from trustlog.domain.asking import TYPES, check, check_item, parse
from trustlog.domain.scripts import Field
from trustlog.domain.text import BadAnswerError

WAYS = ("slow-breathing", "own-way", "skip")
FIELDS = {
    "mood": Field("mood_before", "mood", "?"),
    "scale": Field("readiness", "scale", "?", low=1, high=5),
    "yes-no": Field("checkin_optin", "yes-no", "?"),
    "choice": Field("settle_choice", "choice", "?", options=WAYS),
    "multi": Field("expected", "multi", "?", options=WAYS),
    "per-item": Field("item_kind", "per-item", "?", options=WAYS),
    "line": Field("purpose", "line", "?"),
    "long": Field("free_write", "long", "?"),
    "template": Field("ask_instructions", "template", "?"),
    "lines": Field("opening_lines", "lines", "?"),
    "entries": Field("facts_ticked", "entries", "?"),
    "day": Field("due", "day", "?"),
    "items": Field("items", "items", "?"),
    "followups": Field("followups", "followups", "?"),
    "text": Field("why_now", "text", "?"),
    "list": Field("must_haves", "list", "?", max=5),
    "windows": Field("windows", "windows", "?"),
}

GOOD: list[tuple[str, Any, Any]] = [
    *(("mood", mood, mood) for mood in (-2, -1, 0, 1, 2)),
    *(("scale", number, number) for number in (1, 2, 3, 4, 5)),
    ("yes-no", True, True),
    ("yes-no", False, False),
    ("choice", "slow-breathing", "slow-breathing"),
    ("choice", "slow_breathing", "slow-breathing"),
    ("choice", "slow breathing", "slow-breathing"),
    ("choice", " Slow_Breathing ", "slow-breathing"),
    ("choice", "SKIP", "skip"),
    ("multi", [], []),
    ("multi", ["skip", "own_way"], ["skip", "own-way"]),
    ("multi", ["skip", "own_way", "own-way", "skip"], ["skip", "own-way"]),
    ("per-item", [], []),
    ("per-item", ["own_way", None, "own-way"], ["own-way", None, "own-way"]),
    ("line", "to know which stage cost him most", "to know which stage cost him most"),
    ("line", "  blanks around  ", "blanks around"),
    ("line", "=cmd \U0001f600 [b] עברית", "=cmd \U0001f600 [b] עברית"),
    ("line", "x" * 200, "x" * 200),
    ("long", "two\n\nlines ", "two\n\nlines "),
    ("long", "x" * 1_048_576, "x" * 1_048_576),
    ("template", "I would value\nyour input.", "I would value\nyour input."),
    ("lines", [], []),
    ("lines", [" Thank you. ", "I am listening."], ["Thank you.", "I am listening."]),
    ("entries", [], []),
    ("entries", [3, 1, 3], [3, 1]),
    ("day", "2026-11-30", "2026-11-30"),
    ("text", "  two\nlines ", "two\nlines"),
    ("text", "x" * 1_048_576, "x" * 1_048_576),
    ("list", [], []),
    ("list", [" SQL ", "x" * 300], ["SQL", "x" * 300]),
    ("list", ["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"]),
    ("windows", {"scorecard": "24h"}, {"scorecard": "24h"}),
    ("windows", {"Offer-decision": "2 Days"}, {"offer_decision": "2 days"}),
    ("windows", "scorecard 24h, offer decision: 2  days", {"scorecard": "24h", "offer_decision": "2 days"}),
    ("windows", "weekly_update=Friday; debrief 1.5 days", {"weekly_update": "Friday", "debrief": "1.5 days"}),
    ("windows", "weekly_update none", {"weekly_update": "none"}),
    ("items", [], []),
    ("items", [{"text": " late cards "}], [{"text": "late cards"}]),
    ("followups", [], []),
    (
        "followups",
        [{"text": "ask", "came_up": True, "done": False, "next": "Keep", "told": None}, {"text": "b", "told": True}],
        [{"text": "ask", "came_up": True, "done": False, "next": "keep"}, {"text": "b", "told": True}],
    ),
]

NO_TEXT: list[Any] = ["", "   ", 1, True, [], {}, "a\0b", "\ud800"]
NO_LINE: list[Any] = [*NO_TEXT, "two\nlines", "escape \x1b[31m", "bell \x07", "a\u2028b", "x" * 201]
NO_LIST: list[Any] = ["skip", 1, True, {}, {"skip": 1}]
BAD: dict[str, list[Any]] = {
    "mood": [-3, 3, 100, 0.0, 1.5, "1", "", True, False, [], {}],
    "scale": [0, 6, -1, 3.0, "3", "", True, [], {}],
    "yes-no": ["yes", "true", 1, 0, "", [], {}],
    "choice": ["", "  ", "breathing", "slow", "slow--breathing", 1, True, ["skip"], {}],
    "multi": [*NO_LIST, ["nonsense"], [None], [["skip"]], [1], ["skip", ""]],
    "per-item": [*NO_LIST, ["nonsense"], [["skip"]], [1], [""]],
    "line": NO_LINE,
    "long": [*NO_TEXT, "x" * 1_048_577],
    "template": [*NO_TEXT, "x" * 1_048_577],
    "lines": [*NO_LIST, [None], [1], [["a"]], *([one] for one in NO_LINE)],
    "entries": [*NO_LIST, ["1"], [1.0], [True], [None], [[1]]],
    "day": ["", "someday", "2026-02-30", "30.11.", 1, True, [], {}],
    "items": [*NO_LIST, [None], ["a point"], [{}], [{"kind": "coaching"}], [{"text": "a", "mood": 1}], [[]]],
    "followups": [
        *NO_LIST, [None], ["ask"], [{}], [{"done": True}], [{"text": "a", "mood": 1}], [{"text": ""}],
        [{"text": "a", "done": "yes"}], [{"text": "a", "came_up": 1}], [{"text": "a", "told": []}],
        [{"text": "a", "next": "stop"}], [{"text": "a", "next": 1}],
    ],
    "text": [*NO_TEXT, "x" * 1_048_577],
    "list": [*NO_LIST, [None], [1], [["a"]], [""], ["two\nlines"], ["a", "b", "c", "d", "e", "f"]],
    "windows": [
        "", 24, [], {}, True, "soon", "scorecard", "scorecard soon", "lunch 24h", {"lunch": "24h"}, {"scorecard": 24},
        {"scorecard": "0h"}, {"scorecard": "Friday"}, {"weekly_update": ""}, {"weekly_update": 1},
    ],
}  # fmt: skip


def short(value: object) -> str:
    return repr(value)[:40]


@pytest.mark.parametrize(("kind", "value", "kept"), GOOD, ids=short)
def test_a_good_value_is_kept_in_one_shape(kind: str, value: Any, kept: Any) -> None:
    assert check(FIELDS[kind], value) == kept
    assert type(check(FIELDS[kind], value)) is type(kept)


@pytest.mark.parametrize(("kind", "value", "kept"), GOOD, ids=short)
def test_what_is_kept_may_be_given_again(kind: str, value: Any, kept: Any) -> None:
    assert check(FIELDS[kind], check(FIELDS[kind], value)) == kept


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in BAD for value in BAD[kind]], ids=short)
def test_a_bad_value_is_refused_with_what_the_field_takes(kind: str, value: Any) -> None:
    with pytest.raises(BadAnswerError) as refused:
        check(FIELDS[kind], value)
    assert len(str(refused.value)) > 10


@pytest.mark.parametrize("kind", TYPES)
def test_a_skip_is_always_fine(kind: str) -> None:
    assert check(FIELDS[kind], None) is None


def test_every_type_is_tested_with_good_values_and_bad_ones() -> None:
    assert set(FIELDS) == {case[0] for case in GOOD} == set(BAD) == set(TYPES)
    assert {kind for kind, values in BAD.items() if "skip" in map(str, values)} == {
        name for name, kind in TYPES.items() if kind.is_list
    }


def test_a_day_is_read_by_the_reader_that_is_given() -> None:
    assert check(FIELDS["day"], "next friday", lambda _: date(2026, 11, 27)) == "2026-11-27"


@given(some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(), some.lists(some.text())))
def test_no_value_of_any_sort_breaks_a_check(value: Any) -> None:
    for field in FIELDS.values():
        try:
            kept = check(field, value)
        except BadAnswerError:
            continue
        assert check(field, kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("mood", "-2", -2),
        ("scale", "5", 5),
        ("scale", " 5 ", 5),
        *(("yes-no", word, True) for word in ("yes", "Yes", "y", "true", "TRUE")),
        *(("yes-no", word, False) for word in ("no", "No", "n", "false")),
        ("line", "7", "7"),
        ("line", "yes", "yes"),
        ("line", "", ""),
        ("choice", "own_way", "own_way"),
        ("day", "friday", "friday"),
        ("long", "[1]", "[1]"),
    ],
)
def test_a_typed_value_is_read_as_its_type(kind: str, typed: str, value: Any) -> None:
    read = parse(FIELDS[kind], typed)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("mood", "low"), ("mood", ""), ("mood", "1.5"), ("scale", "three"), ("yes-no", "maybe"), ("yes-no", "")],
)
def test_a_typed_value_of_the_wrong_type_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(BadAnswerError, match="it takes"):
        parse(FIELDS[kind], typed)


ITEMS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"text": "a", "kind": None, "decision": None, "until": None, "reason": None, "due": None}, {"text": "a"}),
    ({"text": "a", "kind": "Coaching"}, {"text": "a", "kind": "coaching"}),
    ({"text": "a", "decision": "use"}, {"text": "a", "decision": "use"}),
    ({"text": "a", "decision": "ask"}, {"text": "a", "decision": "ask"}),
    ({"text": "a", "decision": "tomorrow"}, {"text": "a", "decision": "tomorrow"}),
    (
        {"text": "a", "decision": "park", "until": "2026-12-01"},
        {"text": "a", "decision": "park", "until": "2026-12-01"},
    ),
    (
        {"text": "a", "decision": "set_aside", "reason": " not mine "},
        {"text": "a", "decision": "set-aside", "reason": "not mine"},
    ),
    (
        {"text": "a", "decision": "use", "if_cue": "cards", "then_action": "ask", "due": "2026-12-01"},
        {"text": "a", "decision": "use", "if_cue": "cards", "then_action": "ask", "due": "2026-12-01"},
    ),
]

BAD_ITEMS: list[tuple[dict[str, Any], str]] = [
    ({"text": "a", "decision": "park"}, "park needs until"),
    ({"text": "a", "decision": "park", "until": None}, "park needs until"),
    ({"text": "a", "decision": "park", "reason": "later"}, "park needs until"),
    ({"text": "a", "decision": "set-aside"}, "set-aside needs reason"),
    ({"text": "a", "decision": "set_aside", "reason": None}, "set-aside needs reason"),
    ({"text": "a", "decision": "set-aside", "until": "2026-12-01"}, "set-aside needs reason"),
    ({"text": "a", "decision": "set-aside", "reason": "  "}, "reason is empty"),
    ({"text": "a", "decision": "park", "until": "someday"}, "until takes a date"),
    ({"text": "a", "due": 3}, "due takes a date"),
    ({"text": "a", "decision": "throw-away"}, "decision takes use or ask or park or set-aside or tomorrow"),
    ({"text": "a", "kind": "praise"}, "kind takes appreciation or coaching or evaluation or unclear"),
    ({"text": "a", "kind": ["coaching"]}, "kind takes"),
    ({"text": ""}, "text is empty"),
    ({"text": None}, "text takes a text"),
    ({"text": "a", "if_cue": "x" * 201}, "if_cue is 201 characters long"),
]


@pytest.mark.parametrize(("item", "kept"), ITEMS)
def test_a_point_is_kept_without_what_was_not_said(item: dict[str, Any], kept: dict[str, Any]) -> None:
    assert check_item(item, date.fromisoformat) == kept


@pytest.mark.parametrize(("item", "says"), BAD_ITEMS)
def test_a_point_is_refused_with_what_it_lacks(item: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAnswerError, match=says):
        check_item(item, date.fromisoformat)
