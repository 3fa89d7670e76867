"""Working days and windows of working hours: Monday to Friday, or every day."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.days import day_after, days_between, window_end

MIDNIGHT = dt.time(0)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@pytest.mark.parametrize(
    ("day", "count", "working_week", "then"),
    [
        ("2024-03-04", 3, True, "2024-03-07"),
        ("2024-03-07", 3, True, "2024-03-12"),
        ("2024-03-09", 1, True, "2024-03-11"),
        ("2024-03-07", 3, False, "2024-03-10"),
    ],
)
def test_the_day_after_working_days_leaves_out_the_weekend(day: str, count: int, working_week: bool, then: str) -> None:
    then_is = dt.date.fromisoformat(then)
    assert day_after(dt.date.fromisoformat(day), count, working_week=working_week) == then_is


def test_the_next_working_day_after_a_friday_is_monday_unless_every_day_is_one() -> None:
    friday = dt.date(2024, 3, 8)
    assert day_after(friday, working_week=True) == dt.date(2024, 3, 11)
    assert day_after(friday, working_week=False) == dt.date(2024, 3, 9)


@given(DAYS, st.integers(0, 400))
def test_working_days_are_counted_as_one_would_with_a_finger(day: dt.date, length: int) -> None:
    until = day + dt.timedelta(days=length)

    counted = sum((day + dt.timedelta(days=one)).weekday() < 5 for one in range(1, length + 1))

    assert days_between(day, until, working_week=True) == counted
    assert days_between(day, until, working_week=False) == length


@given(DAYS, st.integers(1, 100), st.booleans())
def test_so_many_days_on_are_so_many_days_between(day: dt.date, count: int, working_week: bool) -> None:
    until = day_after(day, count, working_week=working_week)
    assert days_between(day, until, working_week=working_week) == count


def test_a_day_before_is_no_days_away() -> None:
    assert days_between(dt.date(2024, 3, 8), dt.date(2024, 3, 1), working_week=True) == 0


WINDOWS = [
    ("from Monday", "2024-03-04 09:00", 48, "2024-03-06 09:00"),
    ("from Wednesday afternoon", "2024-03-06 15:00", 48, "2024-03-08 15:00"),
    ("from Thursday's first minute to Friday's last", "2024-03-07 00:00", 48, "2024-03-09 00:00"),
    ("from a minute later, over the weekend", "2024-03-07 00:01", 48, "2024-03-11 00:01"),
    ("from Friday 15:00", "2024-03-08 15:00", 48, "2024-03-12 15:00"),
    ("from Saturday, as from Monday's first minute", "2024-03-09 10:00", 48, "2024-03-13 00:00"),
    ("from Saturday's first second", "2024-03-09 00:00", 48, "2024-03-13 00:00"),
    ("from Sunday 23:59", "2024-03-10 23:59", 48, "2024-03-13 00:00"),
    ("from Sunday, one hour", "2024-03-10 23:59", 1, "2024-03-11 01:00"),
    ("over a month's end", "2024-05-31 15:00", 48, "2024-06-04 15:00"),
    ("over a leap day", "2024-02-28 09:00", 48, "2024-03-01 09:00"),
    ("over a year's end", "2024-12-31 15:00", 48, "2025-01-02 15:00"),
    ("two weekends long", "2024-03-08 15:00", 6 * 24, "2024-03-18 15:00"),
    ("half an hour", "2024-03-08 23:45", 0.5, "2024-03-11 00:15"),
    ("no time at all", "2024-03-06 15:00", 0, "2024-03-06 15:00"),
    ("no time at all, on a Saturday", "2024-03-09 10:00", 0, "2024-03-11 00:00"),
]
CALENDAR = [
    ("from Wednesday", "2024-03-06 15:00", 48, "2024-03-08 15:00"),
    ("from Friday", "2024-03-08 15:00", 48, "2024-03-10 15:00"),
    ("from Saturday", "2024-03-09 10:00", 48, "2024-03-11 10:00"),
    ("over a month's end", "2024-05-31 15:00", 48, "2024-06-02 15:00"),
    ("no time at all, on a Saturday", "2024-03-09 10:00", 0, "2024-03-09 10:00"),
]
at_moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1))


@pytest.mark.parametrize(("start", "hours", "end"), [row[1:] for row in WINDOWS], ids=[row[0] for row in WINDOWS])
def test_a_window_stops_on_saturday_and_sunday(start: str, hours: float, end: str) -> None:
    found = window_end(dt.datetime.fromisoformat(start), hours, working_week=True)
    assert found == dt.datetime.fromisoformat(end)


@pytest.mark.parametrize(("start", "hours", "end"), [row[1:] for row in CALENDAR], ids=[row[0] for row in CALENDAR])
def test_without_a_working_week_a_window_counts_every_hour(start: str, hours: float, end: str) -> None:
    found = window_end(dt.datetime.fromisoformat(start), hours, working_week=False)
    assert found == dt.datetime.fromisoformat(end)


def worked(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The time from Monday to Friday between two moments, counted the other way round: all less the weekends."""
    off = dt.timedelta()
    for count in range((end.date() - start.date()).days + 1):
        begins = dt.datetime.combine(start.date() + dt.timedelta(count), MIDNIGHT)
        if begins.isoweekday() in (6, 7):
            off += min(end, begins + dt.timedelta(1)) - max(start, begins)
    return end - start - off


@settings(max_examples=200)
@given(at_moments, st.integers(0, 500))
def test_a_window_holds_exactly_its_working_hours_and_ends_on_no_weekend(start: dt.datetime, hours: int) -> None:
    end = window_end(start, hours, working_week=True)
    assert worked(start, end) == dt.timedelta(hours=hours)
    assert end.isoweekday() <= 5 or end.time() == MIDNIGHT
    assert end >= start


@given(at_moments, st.integers(0, 200), st.integers(0, 200))
def test_a_longer_window_never_ends_earlier(start: dt.datetime, hours: int, more: int) -> None:
    short, long = (window_end(start, given, working_week=True) for given in (hours, hours + more))
    assert short <= long
