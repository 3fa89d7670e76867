"""Open loops as values: what events say of them at a moment, and when a window of working hours ends."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.commitment import (
    ENTRY_OF,
    OUTCOMES,
    PURPOSES,
    WINDOW_HOURS,
    Commitment,
    Event,
    Owed,
    State,
    Told,
    by_the_clock,
    fold,
    window_end,
)
from trustlog.domain.kinds import KINDS, SIZES

SECOND = dt.timedelta(seconds=1)
MIDNIGHT = dt.time(0)


def day(number: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2024, 3, number, hour, tzinfo=dt.UTC)


# --- fold

GIVEN = Event("given", day(1), day(8))
FAVOUR = Event("given", day(1))
RISK = Event("at-risk", day(2))
MOVED = Event("moved", day(3), day(15))
MOVED_AGAIN = Event("moved", day(14), day(20))
RISK_LATER = Event("at-risk", day(16))
KEPT = Event("settled", day(18), outcome="kept")

OPEN = Told(day(1), day(8), "open", 0, None, False)

FOLDED = [
    ("nothing has happened", [], None, None),
    ("given", [GIVEN], None, OPEN),
    ("given without a time", [FAVOUR], None, OPEN._replace(due_at=None)),
    ("at risk", [GIVEN, RISK], None, OPEN._replace(at_risk=True)),
    ("moved", [GIVEN, MOVED], None, OPEN._replace(due_at=day(15), renegotiated=1)),
    ("moved twice", [GIVEN, MOVED, MOVED_AGAIN], None, OPEN._replace(due_at=day(20), renegotiated=2)),
    ("at risk, then moved: a new time is a new start", [GIVEN, RISK, MOVED], None,
     OPEN._replace(due_at=day(15), renegotiated=1)),
    ("moved, then at risk", [GIVEN, MOVED, RISK_LATER], None,
     OPEN._replace(due_at=day(15), renegotiated=1, at_risk=True)),
    ("settled", [GIVEN, KEPT], None, OPEN._replace(state="kept", settled_at=day(18))),
    ("settled while at risk: there is no risk left", [GIVEN, RISK, KEPT], None,
     OPEN._replace(state="kept", settled_at=day(18))),
    ("a whole life", [GIVEN, RISK, MOVED, MOVED_AGAIN, RISK_LATER, KEPT], None,
     Told(day(1), day(20), "kept", 2, day(18), False)),
    ("what comes before it was given says nothing", [MOVED, RISK, KEPT, GIVEN], None, OPEN),
    ("what was never given is nothing", [MOVED, RISK, KEPT], None, None),
    ("at the moment it was given", [GIVEN, RISK], day(1), OPEN),
    ("a second before it was given", [GIVEN, RISK], day(1) - SECOND, None),
    ("at the moment it was moved", [GIVEN, MOVED, KEPT], day(3), OPEN._replace(due_at=day(15), renegotiated=1)),
    ("a second before it was moved", [GIVEN, MOVED, KEPT], day(3) - SECOND, OPEN),
    ("at the moment it was settled", [GIVEN, KEPT], day(18), OPEN._replace(state="kept", settled_at=day(18))),
    ("a second before it was settled", [GIVEN, KEPT], day(18) - SECOND, OPEN),
    ("a closing told later, of an earlier day", [GIVEN, MOVED, Event("settled", day(2), outcome="kept")], day(2),
     OPEN._replace(state="kept", settled_at=day(2))),
]  # fmt: skip


@pytest.mark.parametrize(("events", "until", "told"), [row[1:] for row in FOLDED], ids=[row[0] for row in FOLDED])
def test_events_are_told_as_one_state(events: list[Event], until: dt.datetime | None, told: Told | None) -> None:
    assert fold(events, until) == told


@pytest.mark.parametrize("outcome", ["kept", "late", "missed", "withdrawn"])
def test_the_state_of_a_settled_loop_is_its_outcome(outcome: State) -> None:
    told = fold([GIVEN, Event("settled", day(5), outcome=outcome)])
    assert told == OPEN._replace(state=outcome, settled_at=day(5))


def test_a_moment_is_the_same_in_every_zone() -> None:
    kolkata = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert fold([GIVEN], day(1).astimezone(kolkata)) == OPEN
    assert fold([GIVEN], (day(1) - SECOND).astimezone(kolkata)) is None


# --- late or not

DUE = day(8)


def loop(state: State = "open", due_at: dt.datetime | None = DUE) -> Commitment:
    return Commitment(
        id=1, uid="u", manager="dana", manager_name="Dana Ortiz", owed_by="them", what="a scorecard",
        purpose="scorecard", req=None, given_at=day(1), due_at=due_at, state=state, renegotiated=0,
        settled_at=None if state == "open" else day(7), at_risk=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "at", "overdue"),
    [
        (loop(), DUE - SECOND, False),
        (loop(), DUE, False),
        (loop(), DUE + SECOND, True),
        (loop(due_at=None), DUE.replace(year=2199), False),
        (loop("kept"), DUE + SECOND, False),
        (loop("late"), DUE + SECOND, False),
        (loop("missed"), DUE + SECOND, False),
        (loop("withdrawn"), DUE + SECOND, False),
    ],
    ids=["before", "at the very second", "a second later", "never due", "kept", "late", "missed", "withdrawn"],
)
def test_only_an_open_loop_whose_time_has_passed_is_overdue(one: Commitment, at: dt.datetime, overdue: bool) -> None:
    assert one.overdue(at) is overdue


@pytest.mark.parametrize(
    ("due_at", "at", "said"),
    [
        (DUE, day(1), "kept"),
        (DUE, DUE, "kept"),
        (DUE, DUE + SECOND, "late"),
        (DUE, DUE.astimezone(dt.timezone(dt.timedelta(hours=-5))), "kept"),
        (None, DUE.replace(year=2199), "kept"),
    ],
    ids=["long before", "at the very second", "a second later", "the same second elsewhere", "never due"],
)
def test_the_clock_says_kept_up_to_the_very_second_and_then_late(
    due_at: dt.datetime | None, at: dt.datetime, said: str
) -> None:
    assert by_the_clock(due_at, at) == said


# --- windows

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


def test_an_answer_has_48_hours_when_nothing_else_was_agreed() -> None:
    assert WINDOW_HOURS == 48


# --- the entry of an outcome, contract 6.4

WRITES = [
    ("me", "kept", ("promise-kept", "m")),
    ("me", "late", ("promise-missed", "s")),
    ("me", "missed", ("promise-missed", "m")),
    ("me", "renegotiated", ("promise-renegotiated", "m")),
    ("me", "withdrawn", None),
    ("me", "at-risk", None),
    ("them", "kept", ("reply-received", "m")),
    ("them", "late", ("reply-received", "m")),
    ("them", "missed", None),
    ("them", "renegotiated", None),
    ("them", "withdrawn", None),
    ("them", "at-risk", None),
]


@pytest.mark.parametrize(("owed_by", "outcome", "entry"), WRITES)
def test_an_outcome_writes_the_entry_that_the_contract_names(
    owed_by: Owed, outcome: str, entry: tuple[str, str] | None
) -> None:
    assert ENTRY_OF.get((owed_by, outcome)) == entry


def test_every_side_and_outcome_is_in_that_table() -> None:
    assert [row[:2] for row in WRITES] == [(side, outcome) for side in get_args(Owed) for outcome in OUTCOMES]
    assert set(ENTRY_OF) <= {row[:2] for row in WRITES}


def test_the_entries_are_of_known_kinds_and_sizes() -> None:
    assert {kind for kind, _ in ENTRY_OF.values()} <= set(KINDS)
    assert {size for _, size in ENTRY_OF.values()} <= set(SIZES)


def test_what_can_be_asked_for() -> None:
    assert PURPOSES == ("scorecard", "profile-review", "slots", "decision", "favour", "other")
