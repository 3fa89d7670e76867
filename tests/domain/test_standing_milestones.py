"""Milestones: firsts in order, and the first day on which less than half was unknown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.entries import KINDS, SIZES
from trustlog.domain.standing import FIRSTS, NAMES, First, Milestone, half_known, milestones_in_order, of_firsts
from trustlog.domain.trust import Fact, Parameters, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN = dt.date(2026, 1, 1)
LAST = BEGIN + dt.timedelta(days=120)
PLAIN = Parameters()

days = st.integers(0, 120).map(lambda number: BEGIN + dt.timedelta(days=number))
parameters = st.builds(
    Parameters,
    prior_weight=st.just(2.0),
    base_rate=st.just(0.5),
    half_life_days=st.sampled_from([14.0, 90.0, 730.0]),
    negativity=st.sampled_from([1.0, 3.0]),
    burst_discount=st.sampled_from([0.0, 0.5, 1.0]),
)
facts = st.builds(
    Fact,
    entry=st.integers(1, 1000),
    on=days,
    kind=st.sampled_from(sorted(KINDS)),
    size=st.sampled_from(sorted(SIZES)),
    evidence=st.booleans(),
    repaired_on=st.none() | days,
)


def day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


def day_by_day(known: Sequence[Fact], until: dt.date, chosen: Parameters) -> dt.date | None:
    """The same question asked of the model itself, every day anew."""
    each = (BEGIN + dt.timedelta(days=number) for number in range((until - BEGIN).days + 1))
    return next((one for one in each if unknown(known, one, chosen) < 0.5), None)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(known=st.lists(facts, max_size=14), until=days, chosen=parameters)
def test_the_walk_finds_the_day_that_the_model_itself_would_find(
    known: list[Fact], until: dt.date, chosen: Parameters
) -> None:
    assert half_known(known, until, chosen) == day_by_day(known, until, chosen)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(known=st.lists(facts, min_size=8, max_size=40), chosen=parameters)
def test_so_it_does_in_a_dense_history(known: list[Fact], chosen: Parameters) -> None:
    assert half_known(known, LAST, chosen) == day_by_day(known, LAST, chosen)


def test_the_day_is_the_one_on_which_the_last_facet_came() -> None:
    known = [
        Fact(1, day(0), "hire-closed", "l"),
        Fact(2, day(3), "help-received", "l"),
        Fact(3, day(9), "promise-kept"),
    ]
    assert unknown(known, day(3), PLAIN) > 0.5
    assert half_known(known, LAST, PLAIN) is None
    known.append(Fact(4, day(12), "promise-kept", "l"))
    known.append(Fact(5, day(12), "relied-on-me", "l"))
    known.append(Fact(6, day(12), "help-received", "l"))
    assert half_known(known, LAST, PLAIN) == day(12)
    assert half_known(known, day(11), PLAIN) is None


def test_exactly_a_half_is_not_under_it() -> None:
    # two fresh units in each facet leave u = 2 / (2 + 2) in each
    even = [
        Fact(1, day(0), "relied-on-me", "l"),
        Fact(2, day(0), "help-received", "l"),
        Fact(3, day(0), "promise-missed", "l"),
    ]
    assert unknown(even, day(0), PLAIN) == 0.5
    assert half_known(even, LAST, PLAIN) is None
    assert half_known([*even, Fact(4, day(0), "small-talk", "s")], LAST, PLAIN) == day(0)


def test_a_repair_takes_evidence_away_before_the_half_is_reached() -> None:
    hard = Fact(1, day(0), "harsh-exchange", "l")
    rest = [
        Fact(2, day(10), "relied-on-me", "l"),
        Fact(3, day(10), "promise-missed", "l"),
        Fact(4, day(10), "own-error-disclosed", "l"),
    ]
    assert half_known([hard, *rest], LAST, PLAIN) == day(10)
    assert half_known([hard._replace(repaired_on=day(10)), *rest], LAST, PLAIN) is None
    assert half_known([hard._replace(repaired_on=day(11)), *rest], LAST, PLAIN) == day(10)


def test_what_was_repaired_on_its_own_day_is_halved_once() -> None:
    together = Parameters(burst_discount=1.0)
    known = [
        Fact(1, day(0), "harsh-exchange", "l", True, day(0)),
        *(Fact(entry, day(0), "relied-on-me", "l") for entry in (2, 3)),
        *(Fact(entry, day(0), "promise-missed", "l") for entry in (4, 5)),
    ]
    assert unknown(known, day(0), together) < 0.5
    assert half_known(known, LAST, together) == day(0)


def test_no_history_has_no_such_day() -> None:
    assert half_known([], LAST, PLAIN) is None


@pytest.mark.parametrize(("kind", "name"), FIRSTS.items())
def test_each_first_is_named(kind: str, name: str) -> None:
    assert of_firsts([First("dana", "Dana Ortiz", kind, day(3), 17)]) == [
        Milestone("dana", "Dana Ortiz", name, day(3), 17)
    ]


def test_a_kind_without_a_milestone_is_passed_over() -> None:
    assert of_firsts([First("dana", "Dana Ortiz", "small-talk", day(3), 17)]) == []


def test_milestones_stand_as_they_happened_and_within_a_day_by_name() -> None:
    late = Milestone("ann", "Ann", "first-reply", day(4), 1)
    small, big = Milestone("bo", "bo", "first-help", day(2), 2), Milestone("cy", "Cy", "first-reply", day(2), 3)
    same = Milestone("bo", "bo", NAMES[-1], day(2), None)
    assert milestones_in_order([late, big, same, small]) == (small, same, big, late)
