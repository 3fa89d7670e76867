"""Open loops as values: what events say of them at a moment."""

import datetime as dt
from typing import get_args

import pytest

from trustlog.domain.entries import KINDS, SIZES
from trustlog.domain.promises import (
    ENTRY_OF,
    OUTCOMES,
    PURPOSES,
    WINDOW_HOURS,
    ClockOutcome,
    Owed,
    Promise,
    PromiseEvent,
    State,
    by_the_clock,
    fold,
)

SECOND = dt.timedelta(seconds=1)


def day(number: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2024, 3, number, hour, tzinfo=dt.UTC)


# --- fold

GIVEN = PromiseEvent("given", day(1), day(8))
FAVOUR = PromiseEvent("given", day(1))
RISK = PromiseEvent("at-risk", day(2))
MOVED = PromiseEvent("moved", day(3), day(15))
MOVED_AGAIN = PromiseEvent("moved", day(14), day(20))
RISK_LATER = PromiseEvent("at-risk", day(16))
KEPT = PromiseEvent("settled", day(18), outcome="kept")

OPEN = ClockOutcome(day(1), day(8), "open", 0, None, False)

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
     ClockOutcome(day(1), day(20), "kept", 2, day(18), False)),
    ("what comes before it was given says nothing", [MOVED, RISK, KEPT, GIVEN], None, OPEN),
    ("what was never given is nothing", [MOVED, RISK, KEPT], None, None),
    ("at the moment it was given", [GIVEN, RISK], day(1), OPEN),
    ("a second before it was given", [GIVEN, RISK], day(1) - SECOND, None),
    ("at the moment it was moved", [GIVEN, MOVED, KEPT], day(3), OPEN._replace(due_at=day(15), renegotiated=1)),
    ("a second before it was moved", [GIVEN, MOVED, KEPT], day(3) - SECOND, OPEN),
    ("at the moment it was settled", [GIVEN, KEPT], day(18), OPEN._replace(state="kept", settled_at=day(18))),
    ("a second before it was settled", [GIVEN, KEPT], day(18) - SECOND, OPEN),
    ("a closing told later, of an earlier day", [GIVEN, MOVED, PromiseEvent("settled", day(2), outcome="kept")], day(2),
     OPEN._replace(state="kept", settled_at=day(2))),
]  # fmt: skip


@pytest.mark.parametrize(("events", "until", "told"), [row[1:] for row in FOLDED], ids=[row[0] for row in FOLDED])
def test_events_are_told_as_one_state(
    events: list[PromiseEvent], until: dt.datetime | None, told: ClockOutcome | None
) -> None:
    assert fold(events, until) == told


@pytest.mark.parametrize("outcome", ["kept", "late", "missed", "withdrawn"])
def test_the_state_of_a_settled_loop_is_its_outcome(outcome: State) -> None:
    told = fold([GIVEN, PromiseEvent("settled", day(5), outcome=outcome)])
    assert told == OPEN._replace(state=outcome, settled_at=day(5))


def test_a_moment_is_the_same_in_every_zone() -> None:
    kolkata = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert fold([GIVEN], day(1).astimezone(kolkata)) == OPEN
    assert fold([GIVEN], (day(1) - SECOND).astimezone(kolkata)) is None


# --- late or not

DUE = day(8)


def loop(state: State = "open", due_at: dt.datetime | None = DUE) -> Promise:
    return Promise(
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
def test_only_an_open_loop_whose_time_has_passed_is_overdue(one: Promise, at: dt.datetime, overdue: bool) -> None:
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
