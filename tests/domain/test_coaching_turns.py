"""The rhythm of steps: days, turns, thanks, and the rungs of a silence."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.coaching_history import CATEGORIES, MESSAGES, RUNGS, History, Quiet, next_rung, stopped
from trustlog.domain.coaching_signals import Found
from trustlog.domain.coaching_states import FRESH_DAYS, Current, Situation
from trustlog.domain.coaching_turns import (
    Waiting,
    asleep,
    awake,
    crowded,
    days_before,
    fresh,
    in_turn,
    occasions,
    turn,
)
from trustlog.domain.people import Manager

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
WORKDAYS = [MONDAY + DAY * (7 * week + weekday) for week in range(6) for weekday in range(5)]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_and_the_next_and_a_friday_and_its_monday_are_one_apart(day: date) -> None:
    assert abs(turn(day + DAY) - turn(day)) == 1
    if day.weekday() == 4:
        assert turn(day + 3 * DAY) - turn(day) == 1


@pytest.mark.parametrize("family", CATEGORIES)
@pytest.mark.parametrize("step", ["PB01", "PB02", "MY-COFFEE"])
def test_no_step_is_awake_two_days_in_a_row_and_no_family_three(step: str, family: str) -> None:
    days = [awake(step, family, day) for day in WORKDAYS]
    assert not any(one and other for one, other in pairwise(days))
    assert any(days)
    either = [any(awake(name, family, day) for name in ("PB01", "PB02")) for day in WORKDAYS]
    assert not any(all(either[start : start + 3]) for start in range(len(either) - 2))


def test_who_took_a_step_waits_and_who_waited_longest_comes_first() -> None:
    waiting = [Waiting("dana", MONDAY, frozenset({MONDAY})), Waiting("marcus", MONDAY)]
    assert in_turn(waiting, MONDAY) == ["marcus", "dana"]


def test_an_event_comes_first_and_leaves_nobody_out_for_a_fortnight() -> None:
    pressed = dict.fromkeys(WORKDAYS, 0)
    waiting = [Waiting(name, MONDAY) for name in ("a", "b", "c")] + [Waiting("e", MONDAY, frozenset(), pressed)]
    firsts = {day: in_turn(waiting, day)[0] for day in WORKDAYS}

    assert all("e" in pair for pair in pairwise(firsts.values()))
    for name in "abc":
        days = [day for day, first in firsts.items() if first == name]
        gaps = [later - earlier for earlier, later in zip([WORKDAYS[0], *days], days, strict=False)]
        assert max(gaps) <= timedelta(days=14)


def test_a_family_rests_after_two_days_of_events_and_after_one_on_its_day_of_sleep() -> None:
    sleeps = next(day for day in WORKDAYS[3:] if asleep("pull", day))
    for today in WORKDAYS[WORKDAYS.index(sleeps) + 1 :][:2]:
        later, earlier = days_before(today)
        assert crowded(
            {later: {"pull"} if later == sleeps else set(), earlier: {"pull"} if earlier == sleeps else set()}
        )
    later, earlier = days_before(sleeps)
    assert crowded({later: {"pull"}, earlier: set()}) == set()
    assert crowded({later: {"pull"}, earlier: {"pull"}}) == {"pull"}


def test_thanks_belong_to_one_day_in_six() -> None:
    days = [MONDAY + DAY * number for number in range(8)]
    assert occasions(days) == {days[0], days[6]}


QUIET = Quiet(MONDAY, 1, MONDAY)


def rung(quiet: Quiet, *taken: tuple[str, int], today: int, long: bool = True, stand_in: bool = True) -> str | None:
    days = [(name, MONDAY + DAY * number) for name, number in taken]
    return next_rung(quiet, days, MONDAY + DAY * today, long=long, stand_in=stand_in)


@pytest.mark.parametrize(
    ("taken", "today", "expected"),
    [
        ((), 9, "channel"),
        ((("channel", 9),), 22, None),
        ((("channel", 9),), 23, "give"),
        ((("channel", 9), ("give", 23)), 36, None),
        ((("channel", 9), ("give", 23)), 37, "stand-in"),
        ((("channel", 9), ("give", 23), ("stand-in", 37)), 43, None),
        ((("channel", 9), ("give", 23), ("stand-in", 37)), 44, "lead"),
        ((("channel", 9), ("lead", 44)), 51, "pause"),
        ((("channel", 9), ("pause", 51)), 99, None),
    ],
)
def test_a_silence_is_met_rung_by_rung_and_has_an_end(
    taken: tuple[tuple[str, int], ...], today: int, expected: str | None
) -> None:
    assert rung(QUIET, *taken, today=today) == expected


def test_a_smaller_request_has_its_time_before_a_silence_is_long() -> None:
    assert rung(QUIET, today=4, long=False) == "smaller"
    assert rung(QUIET, ("smaller", 4), today=5, long=False) is None


def test_without_a_stand_in_the_own_lead_comes_next_and_four_messages_are_enough() -> None:
    assert rung(QUIET, ("channel", 9), ("give", 23), today=40, stand_in=False) == "lead"
    assert rung(QUIET._replace(messages=MESSAGES), today=9) == "stand-in"
    assert rung(QUIET._replace(messages=MESSAGES), today=9, stand_in=False) == "lead"


def test_something_of_theirs_begins_anew() -> None:
    heard = QUIET._replace(heard_on=MONDAY + DAY * 60)
    assert rung(heard, *((name, 20) for name in RUNGS), today=80) == "channel"
    assert stopped(heard, [("pause", MONDAY)]) is None
    assert stopped(QUIET, [("pause", MONDAY + DAY)]) == MONDAY + DAY


def test_the_round_goes_on_however_long_the_journal_is() -> None:
    waiting = [Waiting(name, MONDAY - 300 * DAY) for name in ("a", "b", "c", "d", "e")]
    firsts = {in_turn(waiting, day)[0] for day in WORKDAYS[:10]}
    assert firsts == {"a", "b", "c", "d", "e"}


@pytest.mark.parametrize(("days", "presses"), [(FRESH_DAYS - 1, True), (FRESH_DAYS, True), (FRESH_DAYS + 1, False)])
def test_an_event_presses_for_its_first_days(days: int, presses: bool) -> None:
    since = date(2026, 11, 27) - DAY * days
    known = History(Manager(1, "u", "dana", "Dana"), datetime(2026, 11, 27, 9, tzinfo=UTC), None, None)
    event = Current(Situation("harsh_words", "harsh_words", ""), Found({}, since=since), 1)
    assert fresh(event, known._replace(working_week=False)) is presses
