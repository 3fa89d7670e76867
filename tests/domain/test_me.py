"""Forecasts, what works and patterns: vectors, known rates, and journals in which nothing works."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain import me, me_works
from trustlog.domain.conversations import Conversation, Part, Sitting

MONDAY = date(2026, 1, 5)
LONG_AFTER = date(2030, 1, 1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def test_the_brier_score_of_three_forecasts_is_as_published() -> None:
    assert me.brier([(0.7, True), (0.7, False), (0.2, False)]) == pytest.approx(0.2067, abs=5e-5)


@given(st.lists(st.builds(me.Forecast, st.integers(0, 100), st.booleans()), min_size=5, max_size=40))
def test_always_saying_ones_own_share_scores_its_variance(settled: list[me.Forecast]) -> None:
    found = me.forecasts(settled, [])
    share = sum(one.right for one in settled) / len(settled)
    assert found.base == pytest.approx(share * (1 - share))
    assert sum(band.n for band in found.bands) == len(settled)
    assert sum(band.right for band in found.bands) == sum(one.right for one in settled)
    assert all(band.sure % 10 == 0 for band in found.bands)


def test_under_five_nothing_is_told() -> None:
    four = me.forecasts([me.Forecast(70, right=True)] * 4, [(1, 0)] * 4)
    assert (four.n, four.brier, four.base, four.bands, four.feeling_error) == (4, None, None, (), None)
    five = me.forecasts([me.Forecast(65, right=True)] * 5, [(-1, 1), (0, 1), (0, 0), (1, 0), (0, 0)])
    assert five.brier == pytest.approx(0.35**2)
    assert (five.base, five.bands) == (0, (me.Band(70, 5, 5),))
    assert five.feeling_error == pytest.approx(-0.4)


DUE = at(MONDAY, 17)
BEFORE, AFTER = at(MONDAY, 9), at(MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("asked", "now", "right"),
    [
        (me.ForecastRequest(70, DUE, None, None), BEFORE, None),
        (me.ForecastRequest(70, DUE, None, None), AFTER, False),
        (me.ForecastRequest(70, DUE, "kept", BEFORE), AFTER, True),
        (me.ForecastRequest(70, DUE, "kept", AFTER), AFTER, False),  # in time only because the loop was moved
        (me.ForecastRequest(70, DUE, "late", AFTER), AFTER, False),
        (me.ForecastRequest(70, DUE, "missed", BEFORE), BEFORE, False),
        (me.ForecastRequest(70, DUE, "withdrawn", BEFORE), AFTER, None),
        (me.ForecastRequest(70, DUE, "withdrawn", AFTER), AFTER, False),
        (me.ForecastRequest(70, None, None, None), AFTER, None),
        (me.ForecastRequest(70, None, "kept", AFTER), AFTER, True),
    ],
)
def test_settling_and_the_passing_of_the_day_resolve_a_request(
    asked: me.ForecastRequest, now: datetime, right: bool | None
) -> None:
    found = me.resolved(asked, now)
    assert (found.right if found else None) is right


@pytest.mark.parametrize(("day", "friday"), [(0, 4), (3, 4), (4, 11), (5, 11), (6, 11)])
def test_an_answer_is_forecast_for_the_friday_after_the_talk(day: int, friday: int) -> None:
    assert me.answer_day(MONDAY + timedelta(days=day)) == MONDAY + timedelta(days=friday)


def talk(prep: dict[str, Any], debrief: dict[str, Any] | None = None, checkin: Any = None) -> Conversation:
    parts: list[tuple[Part, Any]] = [("prep", prep), ("debrief", debrief), ("checkin", checkin)]
    sittings = [Sitting(1, part, MONDAY, True, 5, answers) for part, answers in parts if answers is not None]
    return Conversation(1, "u", "dana", "Dana", "debriefed", 5, None, None, tuple(sittings))


KNOWN = [("dana", "Dana Ortiz"), ("marcus", "Marcus Chen")]
DAY_BEFORE = f"{MONDAY - timedelta(days=1)}"


@pytest.mark.parametrize(
    ("lesson", "talks", "on", "back"),
    [
        ({"from": "Dana"}, [], MONDAY, True),
        ({"from": "Marcus"}, [], MONDAY, False),
        ({"from": "a colleague"}, [], MONDAY, True),
        ({}, [], MONDAY, True),
        ({}, [], MONDAY - timedelta(days=1), False),  # the day on which it was learned is too soon
        ({}, [talk({})], MONDAY, False),
        ({"from": "dana"}, [talk({})], MONDAY, False),
        ({"from": "dana"}, [talk({})._replace(manager="marcus")], MONDAY, True),
        ({}, [talk({})._replace(manager="marcus")], MONDAY, False),
        ({"on": f"{MONDAY}"}, [talk({})], MONDAY + timedelta(days=1), True),
    ],
)
def test_a_lesson_comes_back_before_the_first_preparation_that_it_fits(
    lesson: dict[str, str], talks: list[Conversation], on: date, back: bool
) -> None:
    lesson = {"what": "ask for one example", "on": DAY_BEFORE, **lesson}

    assert me.due_lessons([lesson], "dana", KNOWN, talks, on) == [lesson] * back


def test_the_newest_three_lessons_come_back_and_one_without_a_day_never() -> None:
    lessons = [{"what": "x", "on": f"2025-12-{day:02}"} for day in range(1, 6)]

    back = me.due_lessons([*lessons, {"what": "y"}], "dana", KNOWN, [], MONDAY)

    assert [lesson["on"][-2:] for lesson in back] == ["05", "04", "03"]


@pytest.mark.parametrize(
    ("debrief", "answers", "today", "right"),
    [
        (None, [], MONDAY, None),
        (None, [], MONDAY + timedelta(days=5), False),
        (None, [MONDAY + timedelta(days=4)], MONDAY + timedelta(days=9), True),
        (None, [MONDAY + timedelta(days=5)], MONDAY + timedelta(days=9), False),
        (None, [MONDAY - timedelta(days=1)], MONDAY + timedelta(days=9), False),
        ({"answer_came": True}, [], MONDAY, True),
        ({"answer_came": False}, [], MONDAY, None),
        ({"answer_came": False}, [], MONDAY + timedelta(days=5), False),
    ],
)
def test_the_debrief_an_answer_and_the_friday_resolve_what_was_asked_at_a_talk(
    debrief: dict[str, Any] | None, answers: list[date], today: date, right: bool | None
) -> None:
    found = me.of_talk(talk({"answer_sure": 60}, debrief), answers, today)
    assert (found.right if found else None) is right
    assert me.of_talk(talk({"answer_sure": None}, debrief), answers, today) is None


@pytest.mark.parametrize(
    ("followed", "n", "low", "high"), [(7, 10, 0.3968, 0.8922), (0, 10, 0.0, 0.2775), (5, 5, 0.5655, 1.0)]
)
def test_the_interval_of_wilson_is_as_in_tables(followed: int, n: int, low: float, high: float) -> None:
    assert me_works.wilson(followed, n, 1.959964) == pytest.approx((low, high), abs=5e-5)


def made(seed: int, steps: int, rate: float, after: float | None = None, days: int = 200) -> me_works.Works:
    """What works in a year of weekdays with two managers; with `after` a step is answered at that rate, and days are
    not."""
    chance = random.Random(seed)
    done, pasts = [], {}
    for manager in (1, 2):
        theirs = set()
        for day in (MONDAY + timedelta(days=number) for number in range(days)):
            if day.weekday() < 5 and chance.random() < rate:
                theirs.add((day, at(day, chance.randrange(8, 18))))
            # rarely enough that no answer stands in the window of another step
            apart = after is not None and (day - MONDAY).days % 14 == 0
            if apart or (after is None and day.weekday() < 5 and chance.random() < 0.3):
                done.append(me_works.TriedStep(manager, f"PB{chance.randrange(steps):02}", at(day), day))
                if after is not None and chance.random() < after:
                    theirs.add((day + timedelta(days=chance.randrange(1, 8)), at(day, 20)))
        pasts[manager] = me_works.KnownTime(manager, MONDAY, MONDAY + timedelta(days=days), sorted(theirs))
    return me_works.what_works(done, pasts, LONG_AFTER, working_week=True)


def test_the_interval_holds_a_known_rate_in_95_of_100_journals() -> None:
    found = [made(seed, 1, 0.0, after=0.5).steps[0] for seed in range(100)]
    assert {one.n for one in found} == {30}
    assert sum(one.low <= 0.5 <= one.high for one in found) >= 95
    assert len({one.followed for one in found}) > 5


def test_nothing_is_better_in_95_of_100_journals_in_which_nothing_works() -> None:
    found = [made(seed, 8, 0.1, days=120) for seed in range(100)]
    assert all(len(one.steps) >= 3 for one in found)
    assert sum(not any(step.better for step in one.steps) for one in found) >= 95


def test_what_is_answered_more_often_than_days_are_is_better() -> None:
    (step,) = made(1, 1, 0.02, after=0.9).steps
    assert step.better


def worked(*days: int, theirs: tuple[int, ...] = (), today: int = 100) -> me_works.Works:
    steps = [
        me_works.TriedStep(1, "PB01", at(MONDAY + timedelta(days=day)), MONDAY + timedelta(days=day)) for day in days
    ]
    came = [(MONDAY + timedelta(days=day), at(MONDAY + timedelta(days=day), 9)) for day in theirs]
    past = me_works.KnownTime(1, MONDAY, MONDAY + timedelta(days=60), came)
    return me_works.what_works(steps, {1: past}, MONDAY + timedelta(days=today), working_week=True)


def test_five_working_days_count_and_what_came_before_the_step_that_day_does_not() -> None:
    assert worked(0, 14, 28, 42, 56, theirs=(7, 22, 28)).steps[0].followed == 1
    assert worked(0, 14, 28, 42, theirs=(7,)).steps == ()


def test_a_window_that_is_not_over_tells_nothing_yet() -> None:
    assert worked(0, 1, 2, 3, 4, theirs=(5,), today=11).steps == ()  # the last window ends on that day
    assert worked(0, 1, 2, 3, 4, theirs=(5,), today=12).steps[0][1:3] == (5, 5)


def test_patterns_wait_for_five_debriefs() -> None:
    four = [talk({"if_cue": "they sigh"}, {"mood_after": 1})] * 4
    assert me.patterns(four) == me.Patterns(4)


def test_patterns_count_cues_moods_and_what_was_used_after_all() -> None:
    points = [
        {"text": "slower", "decision": "set-aside", "reason": "not now"},
        {"text": "data", "decision": "park", "until": "2026-02-01"},
    ]
    later = {"items": [{"text": "data", "decision": "use", "if_cue": "They  SIGH"}]}
    talks = [talk({"if_cue": "they sigh", "mood_before": -1}, {"mood_after": 1, "items": points}, later)]
    talks += [talk({"if_cue": None, "mood_before": 1}, {"mood_after": 0})] * 4
    found = me.patterns(talks)
    assert found.cues == (me.Cue("they sigh", 2),)
    assert found.moods == 5
    assert (found.before, found.after) == pytest.approx((0.6, 0.2))
    assert (found.lighter, found.heavier) == (1, 4)
    assert (found.set_aside, found.used_later) == (2, ("data",))
