"""How much there is to carry: conversations near each other, or a last one that was heavy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from trustlog.domain.conversations import Conversation, Load, Sitting, load_of, load_words

ON = date(2026, 11, 23)


def day(days: int) -> date:
    return ON + timedelta(days=days)


def planned(days: int | None, prepared: int = -30, purpose: str | None = "one example") -> Conversation:
    """Prepared a month ago for a talk in so many days, or for no day."""
    moment = None if days is None else datetime.combine(day(days), time(15), UTC)
    sitting = Sitting(1, "prep", day(prepared), True, minutes=5, answers={"purpose": purpose})
    return Conversation(1, "uid", "dana", "Dana Ortiz", "prepared", 5, moment, None, (sitting,))


def held(days: int, mood: int | None = None, carry_over: int | None = None, number: int = 1) -> Conversation:
    debrief = Sitting(1, "debrief", day(days), True, minutes=5, answers={"mood_after": mood})
    after = Sitting(2, "checkin", day(days + 1), True, minutes=5, answers={"carry_over": carry_over})
    return Conversation(number, "uid", "dana", "Dana Ortiz", "debriefed", 5, None, None, (debrief, after))


def checked_in(days: int) -> Conversation:
    """A check-in that stands alone: how the gut feels, and no conversation at all."""
    alone = Sitting(1, "checkin", day(days), True, minutes=5, answers={"gut": 4})
    return Conversation(1, "uid", "dana", "Dana Ortiz", "closed", 5, None, None, (alone,))


LOADS: list[tuple[str, list[Conversation], Load]] = [
    ("nothing", [], Load(0, False)),
    ("three days before", [held(-3)], Load(1, False)),
    ("four days before", [held(-4)], Load(0, False)),
    ("planned in three days", [planned(3)], Load(1, False)),
    ("planned in four days", [planned(4)], Load(0, False)),
    ("prepared for no day, three days ago", [planned(None, -3)], Load(1, False)),
    ("prepared for no day, four days ago", [planned(None, -4)], Load(0, False)),
    ("prepared without an answer, for no day", [planned(None, 0, None)], Load(0, False)),
    ("planned for tomorrow without an answer", [planned(1, 0, None)], Load(1, False)),
    ("prepared today for a talk in a month", [planned(30, prepared=0)], Load(0, False)),
    ("two held and one planned", [held(-1), held(-2), planned(1)], Load(3, False)),
    ("two check-ins that stand alone", [checked_in(0), checked_in(-1)], Load(0, False)),
    ("left rough a week ago", [held(-7, mood=-2)], Load(0, True)),
    ("left rough eight days ago", [held(-8, mood=-2)], Load(0, False)),
    ("left low", [held(-7, mood=-1)], Load(0, False)),
    ("carried home", [held(-7, mood=1, carry_over=2)], Load(0, True)),
    ("carried home a little", [held(-7, mood=1, carry_over=1)], Load(0, False)),
    ("left rough, but a lighter one came after it", [held(-7, mood=-2), held(-5, mood=1)], Load(0, False)),
    ("a lighter one, then one left rough", [held(-7, mood=1), held(-5, mood=-2)], Load(0, True)),
    ("two on one day: the later one is the last", [held(-5, -2, number=1), held(-5, 1, number=2)], Load(0, False)),
    ("left rough tomorrow, by a clock that went backwards", [held(1, mood=-2)], Load(1, False)),
]


@pytest.mark.parametrize(("talks", "load"), [case[1:] for case in LOADS], ids=[case[0] for case in LOADS])
def test_the_load_around_a_day(talks: list[Conversation], load: Load) -> None:
    assert load_of(talks, ON) == load


NOTES = {"near": "{count} other conversations lie within a few days of this one.", "heavy": "The last one was heavy."}


@pytest.mark.parametrize(
    ("load", "says"),
    [
        (Load(0, False), ""),
        (Load(1, False), ""),
        (Load(2, False), "2 other conversations lie within a few days"),
        (Load(3, True), "3 other conversations lie within a few days"),
        (Load(0, True), "The last one was heavy"),
        (Load(1, True), "The last one was heavy"),
    ],
)
def test_it_is_said_in_one_kind_sentence_or_not_at_all(load: Load, says: str) -> None:
    said = load_words(load, NOTES)
    assert said.startswith(says)
    assert bool(said) is bool(says)


@pytest.mark.parametrize("answers", [{}, {"mood_after": None}])
def test_a_debrief_that_says_nothing_of_the_mood_is_not_heavy(answers: dict[str, Any]) -> None:
    sitting = Sitting(1, "debrief", day(-1), True, minutes=5, answers=answers)
    one = Conversation(1, "uid", "dana", "Dana Ortiz", "debriefed", 5, None, None, (sitting,))
    assert load_of([one], ON) == Load(1, False)
