"""Which older copy goes: at most one a day, never a fuller one in silence, and none because of a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.snapshots import (
    DAY,
    DAYS,
    MONTHS,
    WEEKS,
    Counts,
    Doubt,
    Snapshot,
    Thinned,
    due,
    kept,
    newest_first,
    thinned,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NOW = datetime(2026, 11, 23, 15, 2, 3, tzinfo=UTC)
YEAR_2040 = datetime(2040, 6, 1, 9, 0, 0, tzinfo=UTC)

ages = st.integers(-86_400 * 400, 86_400 * 800).map(lambda seconds: NOW - timedelta(seconds=seconds))
snapshots = st.lists(
    st.builds(
        Snapshot, st.just("trustlog"), ages, st.sampled_from(["", "before-restore"]), st.booleans(), st.integers(0, 90)
    ),
    unique=True, max_size=60,
)  # fmt: skip
clocks = st.lists(st.integers(-4, 400), min_size=1, max_size=60)
"""How many days the clock moves from one run to the next; one may be moved back by hand."""


def daily(count: int, until: datetime = NOW) -> list[Snapshot]:
    """A copy a day, the last one `until`."""
    return [Snapshot("trustlog", until - DAY * (count - number), number=number) for number in range(1, count + 1)]


def holding(held: Mapping[Snapshot, int]) -> Callable[[Snapshot], Counts | None]:
    """So many entries each; copies that are not named cannot be read."""
    return lambda one: Counts(held[one], 1, 0) if one in held else None


def growing(copies: Iterable[Snapshot]) -> Callable[[Snapshot], Counts | None]:
    """A journal that grew from each copy to the next."""
    return lambda one: Counts(one.number, 1, 0) if one in copies else None


class Shelf:
    """Runs of the program, each with what its clock says and how much the journal holds then."""

    def __init__(self) -> None:
        self.held: dict[Snapshot, int] = {}
        self.gone: list[tuple[Snapshot, datetime]] = []
        self.said: list[Thinned] = []

    def run(self, now: datetime, entries: int) -> Thinned:
        number = max((one.number for one in self.held), default=0) + 1
        self.held[Snapshot("trustlog", now, number=number)] = entries
        done = thinned(self.held, now, holding(self.held))
        for one in done.fuller:
            self.held[one.copy._replace(pinned=True)] = self.held.pop(one.copy)
        if done.gone is not None:
            del self.held[done.gone]
            self.gone.append((done.gone, now))
        self.said.append(done)
        return done


# --- which are kept for their time


def test_of_600_daily_copies_14_days_8_weeks_and_12_months_are_kept() -> None:
    ages = sorted((NOW - one.taken_at).days for one in kept(daily(600), NOW))

    assert ages[:DAYS] == list(range(DAYS))  # Monday the 23rd, and back
    assert ages[DAYS : DAYS + 6] == [15, 22, 23, 29, 36, 43]  # Sundays, and the last of October
    assert ages[-1] == (NOW - datetime(2025, 12, 31, tzinfo=UTC)).days


def test_who_writes_once_a_month_keeps_as_many_copies_as_who_writes_daily() -> None:
    monthly = [Snapshot("trustlog", NOW - DAY * 30 * (20 - number), number=number) for number in range(1, 21)]

    assert kept(monthly, NOW) == set(monthly[-DAYS:])


def test_all_of_the_last_day_is_kept_and_the_last_one_stands_for_each_day_before() -> None:
    hourly = [
        Snapshot("trustlog", NOW - timedelta(hours=back), number=100 - back) for back in range(48)
    ]  # fmt: skip
    chosen = kept(hourly, NOW)

    assert chosen >= set(hourly[:24])
    assert len(chosen) == 25


@given(snapshots)
def test_the_newest_the_pinned_and_those_of_the_future_are_always_kept(copies: list[Snapshot]) -> None:
    chosen = kept(copies, NOW)

    assert chosen <= set(copies)
    assert chosen >= {one for one in copies if one.pinned or one.taken_at > NOW - DAY}
    assert not copies or newest_first(copies, NOW)[0] in chosen


@given(snapshots)
def test_thinning_again_lets_go_of_nothing_more(copies: list[Snapshot]) -> None:
    once = kept(copies, NOW)

    assert kept(once, NOW) == once


@given(snapshots)
def test_the_order_in_a_folder_does_not_matter(copies: list[Snapshot]) -> None:
    assert kept(list(reversed(copies)), NOW) == kept(copies, NOW)


@given(snapshots, st.integers(1, 400))
def test_copies_of_the_future_are_never_the_reason_to_thin(copies: list[Snapshot], days: int) -> None:
    ahead = [one for one in copies if one.taken_at > NOW]
    more = [Snapshot("trustlog", NOW + DAY * days * back, number=50) for back in (1, 2, 3)]
    # the newest is kept whatever it is, so it is one of today in both
    today = Snapshot("trustlog", NOW, number=99)

    assert kept([*copies, *more, today], NOW) - set(more) == kept([*copies, today], NOW)
    assert kept([*copies, today], NOW) - set(ahead) == kept([*(set(copies) - set(ahead)), today], NOW)


@given(snapshots)
def test_the_folder_stays_small(copies: list[Snapshot]) -> None:
    old = [one for one in kept(copies, NOW) if not one.pinned and one.taken_at <= NOW - DAY]

    assert len(old) <= DAYS + WEEKS + MONTHS + 1


# --- a run, and the clock


@pytest.mark.parametrize(
    ("clock", "gone"),
    [
        (NOW + DAY, True),
        (NOW + DAY * 90, True),
        (NOW + DAY * 91, False),
        (NOW + DAY * 182, False),
        (YEAR_2040, False),
        (NOW - DAY * 2, False),
        (NOW - DAY * 1000, False),
    ],
    ids=["a day on", "a season on", "more than a season on", "six months ahead", "2040", "two days back", "years back"],
)
def test_a_run_takes_one_of_thirty_copies_or_none_if_the_clock_looks_wrong(clock: datetime, gone: bool) -> None:
    there = [*daily(30), Snapshot("trustlog", clock, number=31)]

    done = thinned(there, clock, growing(there))

    # the first of them is the last of its week
    assert done == (Thinned(there[1]) if gone else Thinned(doubt=Doubt(NOW, clock)))


def test_a_copy_that_is_dated_a_little_ahead_by_a_clock_put_right_is_no_doubt() -> None:
    there = [*daily(3), Snapshot("trustlog", NOW - timedelta(hours=1), number=4)]

    assert thinned(there, NOW - timedelta(hours=1), growing(there)).doubt is None


def test_a_week_in_2040_takes_no_more_than_a_week_anywhere_else() -> None:
    shelf = Shelf()
    for one in daily(30):
        shelf.run(one.taken_at, one.number)
    before = len(shelf.gone)
    for day in range(7):
        shelf.run(YEAR_2040 + DAY * day, 30 + day)

    assert len(shelf.gone) - before <= 6
    assert [done.doubt is not None for done in shelf.said[-7:]] == [True] + [False] * 6


def test_after_a_day_in_2040_the_copies_go_on_as_if_it_had_not_been() -> None:
    straight, astray = Shelf(), Shelf()
    for number in range(60):
        straight.run(NOW + DAY * number, number)
        astray.run(NOW + DAY * number, number)
        if number == 30:
            astray.run(YEAR_2040, number)
    stamps = {one.taken_at for one in straight.held}

    assert {one.taken_at for one in astray.held} >= stamps | {YEAR_2040}
    assert len(astray.held) <= len(straight.held) + 2  # and the one that a doubtful clock let stay
    assert [done.doubt for done in astray.said if done.doubt] == [
        Doubt(NOW + DAY * 30, YEAR_2040), Doubt(YEAR_2040, NOW + DAY * 31),
    ]  # fmt: skip


@given(clocks, st.lists(st.integers(0, 9), min_size=60, max_size=60))
def test_whatever_the_clock_does_at_most_one_copy_goes_on_any_of_its_days(moves: list[int], held: list[int]) -> None:
    shelf, now = Shelf(), NOW
    for move, entries in zip(moves, held, strict=False):
        now += timedelta(hours=20) * move
        if due(shelf.held, now):
            shelf.run(now, entries)
        shelf.run(now, entries)

    days = [at.date() for _, at in shelf.gone]
    assert len(days) == len(set(days))


@given(clocks, st.lists(st.integers(0, 30), min_size=60, max_size=60))
def test_the_fullest_copy_is_never_gone_and_what_held_more_was_said(moves: list[int], held: list[int]) -> None:
    shelf, now, most = Shelf(), NOW, 0
    for move, entries in zip(moves, held, strict=False):
        now += DAY * move
        before = max(shelf.held, key=lambda one: one.number, default=None)
        done = shelf.run(now, entries)
        most = max(most, entries)
        assert max(shelf.held.values()) == most
        if before is not None and not before.pinned and entries < held_of(before, shelf):
            assert before in [one.copy for one in done.fuller]


def held_of(one: Snapshot, shelf: Shelf) -> int:
    return next(many for other, many in shelf.held.items() if other.number == one.number)


def test_thinned_day_by_day_no_month_is_lost() -> None:
    shelf = Shelf()
    for day in range(500):
        shelf.run(NOW + DAY * day, day)

    assert len({(one.taken_at.year, one.taken_at.month) for one in shelf.held}) == MONTHS
    assert len(shelf.held) <= DAYS + WEEKS + MONTHS
    assert {done.doubt for done in shelf.said} == {None}


# --- what they hold


def test_the_copy_before_is_pinned_if_the_journal_holds_less_now() -> None:
    five, one = daily(2)

    done = thinned([five, one], NOW, holding({five: 5, one: 1}))

    assert [(told.copy, told.then.entries, told.now.entries) for told in done.fuller] == [(five, 5, 1)]


@pytest.mark.parametrize("many", [Counts(5, 2, 0), Counts(5, 1, 1), Counts(6, 1, 0)], ids=["managers", "talks", "all"])
def test_a_copy_with_more_of_anything_is_fuller(many: Counts) -> None:
    before, new = daily(2)

    done = thinned([before, new], NOW, {before: many, new: Counts(5, 1, 0)}.get)

    assert [told.copy for told in done.fuller] == [before]


def test_a_fuller_copy_behind_a_smaller_one_of_its_day_is_pinned_before_it_would_go() -> None:
    morning, evening, new = (
        Snapshot("trustlog", at, number=number)
        for number, at in enumerate((NOW - DAY * 3, NOW - DAY * 3 + timedelta(hours=2), NOW), 1)
    )

    done = thinned([morning, evening, new], NOW, holding({morning: 5, evening: 1, new: 1}))

    assert (done.gone, [told.copy for told in done.fuller]) == (None, [morning])


def test_a_copy_of_which_all_is_in_a_later_one_goes_without_a_word() -> None:
    there = daily(30)

    assert thinned(there, NOW, growing(there)) == Thinned(there[1])


def test_a_pinned_copy_is_told_once() -> None:
    pinned, new = Snapshot("trustlog", NOW - DAY, "", True, 1), Snapshot("trustlog", NOW, number=2)

    assert thinned([pinned, new], NOW, holding({pinned: 5, new: 1})) == Thinned()


def test_a_copy_that_cannot_be_read_stays_and_stands_for_no_other() -> None:
    there = daily(30)
    assert thinned(there, NOW, growing(set(there) - {there[1]})) == Thinned(there[2])

    with_none_after = thinned(there, NOW, holding({there[1]: 5, there[29]: 4}))
    assert (with_none_after.gone, [one.copy for one in with_none_after.fuller]) == (None, [there[1]])


def test_no_copies_are_no_matter() -> None:
    assert thinned([], NOW, holding({})) == Thinned()
