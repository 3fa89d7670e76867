"""The recruiter's own page: what each field takes."""

from __future__ import annotations

from typing import Any

import pytest

from trustlog.domain.private import FIELDS, LINES, LISTS, check
from trustlog.domain.text import BadAnswerError

SAM = {"name": "Sam", "how": "call", "minutes": 10, "mode": "listening"}
GOOD: list[tuple[str, Any, Any]] = [
    *((field, " mornings ", "mornings") for field in LINES),
    *((field, ["tea outside", " a walk "], ["tea outside", "a walk"]) for field in LISTS),
    ("comfort_people", ["Sam"], [{"name": "Sam"}]),
    ("comfort_people", [SAM], [SAM]),
    ("comfort_people", [{"name": " Sam ", "how": "", "minutes": None, "mode": None}], [{"name": "Sam"}]),
    ("comfort_people", [{"name": "Sam", "minutes": 1}], [{"name": "Sam", "minutes": 1}]),
    ("comfort_people", [{"name": "Sam", "minutes": 240, "mode": "ideas"}, "Kim"],
     [{"name": "Sam", "minutes": 240, "mode": "ideas"}, {"name": "Kim"}]),
    ("learned", [{"what": " ask first "}], [{"what": "ask first"}]),
    ("learned", [{"what": "ask", "from": "Dana", "on": "2026-11-20"}],
     [{"what": "ask", "from": "Dana", "on": "2026-11-20"}]),
    ("learned", [{"what": "ask", "from": None, "on": ""}], [{"what": "ask"}]),
]  # fmt: skip

NO_LINE: list[Any] = [1, True, ["a"], {"a": 1}, "   ", "two\nlines", "\x1b", "x" * 201]
NO_PERSON: list[Any] = [1, None, [], {}, "", {"how": "call"}, {"name": ""}, {"name": 1}]
BAD: list[tuple[str, Any]] = [
    *((field, value) for field in LINES for value in NO_LINE),
    *((field, value) for field in (*LISTS, "comfort_people", "learned") for value in ("Sam", 1, {"name": "Sam"})),
    *((field, [value]) for field in LISTS for value in [*NO_LINE, None, ""]),
    *(("comfort_people", [value]) for value in NO_PERSON),
    *(("comfort_people", [{"name": "Sam", **more}]) for more in (
        {"phone": "1"}, {"how": 1}, {"minutes": 0}, {"minutes": 241}, {"minutes": "10"}, {"minutes": True},
        {"minutes": 1.5}, {"mode": "advice"}, {"mode": 1},
    )),
    *(("learned", [value]) for value in (1, None, "ask", {}, {"from": "Dana"}, {"what": 1}, {"what": "a", "why": "b"})),
    ("nickname", "Ana"),
    ("", "Ana"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "kept"), GOOD)
def test_a_good_value_is_kept_in_one_shape_and_may_be_given_again(field: str, value: Any, kept: Any) -> None:
    assert check(field, value) == kept
    assert check(field, kept) == kept


@pytest.mark.parametrize(("field", "value"), BAD)
def test_a_bad_value_is_refused(field: str, value: Any) -> None:
    with pytest.raises(BadAnswerError):
        check(field, value)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("nothing", [None, "", []])
def test_an_empty_value_removes_the_field(field: str, nothing: Any) -> None:
    assert check(field, nothing) is None


def test_a_lesson_without_a_word_is_refused() -> None:
    with pytest.raises(BadAnswerError):
        check("learned", [{"what": ""}])


def test_every_field_is_tested() -> None:
    assert {case[0] for case in GOOD} == set(FIELDS)


def test_an_unknown_field_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadAnswerError, match="there are name, best_time") as refused:
        check("nickname", "Ana")
    assert "'nickname'" in str(refused.value)
