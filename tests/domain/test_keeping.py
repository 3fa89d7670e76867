"""Copies of the journal: their names, which are kept, and when the next is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.snapshots import DAY, DAYS, MONTHS, WEEKS, Snapshot, due, kept, read_name

NOW = datetime(2026, 11, 23, 15, 2, 3, tzinfo=UTC)

ages = st.integers(-86_400 * 3, 86_400 * 800).map(lambda seconds: NOW - timedelta(seconds=seconds))
snapshots = st.lists(
    st.builds(Snapshot, st.just("trustlog"), ages, st.sampled_from(["", "before-restore"]), st.booleans()),
    unique_by=lambda one: one.taken_at, max_size=60,
)  # fmt: skip
journals = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1)


def of(*ages: timedelta, pinned: bool = False) -> list[Snapshot]:
    return [Snapshot("trustlog", NOW - age, "", pinned) for age in ages]


# --- names


@pytest.mark.parametrize(
    ("snapshot", "name"),
    [
        (Snapshot("trustlog", NOW), "trustlog-20261123T150203Z.db"),
        (Snapshot("trustlog", NOW, "before-restore"), "trustlog-20261123T150203Z-before-restore.db"),
        (Snapshot("my-own", NOW, "", True), "my-own-20261123T150203Z-kept.db"),
        (Snapshot("trustlog", NOW, "before-import", True), "trustlog-20261123T150203Z-before-import-kept.db"),
    ],
)
def test_a_name_tells_whose_copy_it_is_and_when_and_why(snapshot: Snapshot, name: str) -> None:
    assert snapshot.name == name
    assert read_name(name) == snapshot


@pytest.mark.parametrize(
    "name",
    [
        "trustlog.db", "trustlog-20261123T150203Z.db-wal", "trustlog-20261323T150203Z.db", "trustlog-20261123.db",
        ".trustlog-20261123T150203Z.db.0a1b2c3d.new", "-20261123T150203Z.db", "trustlog-20261123T150203Z-mine.db",
    ],
)  # fmt: skip
def test_what_has_another_name_is_no_copy_of_ours(name: str) -> None:
    assert read_name(name) is None


@given(journals, st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)), st.booleans())
def test_every_name_is_read_back(journal: str, at: datetime, pinned: bool) -> None:
    one = Snapshot(journal, at.replace(microsecond=0), "before-merge", pinned)
    assert read_name(one.name) == one


@given(snapshots)
def test_names_sort_by_time(copies: list[Snapshot]) -> None:
    assert sorted(copies, key=lambda one: one.name) == sorted(copies, key=lambda one: one.taken_at)


# --- what is due


@pytest.mark.parametrize(
    ("ages", "wanted"),
    [
        ([], True),
        ([timedelta(0)], False),
        ([timedelta(hours=23, minutes=59)], False),
        ([DAY], True),
        ([timedelta(days=30), timedelta(hours=2)], False),
        ([timedelta(days=-400)], True),  # a clock was wrong once
    ],
)
def test_a_copy_is_due_once_a_day(ages: list[timedelta], wanted: bool) -> None:
    assert due(of(*ages), NOW) is wanted


# --- what is kept


def test_a_year_of_daily_copies_is_thinned_to_days_weeks_and_months() -> None:
    ages = sorted((NOW - one.taken_at).days for one in kept(of(*(DAY * back for back in range(600))), NOW))
    assert ages[: DAYS + 1] == list(range(DAYS + 1))  # Monday the 23rd, and two weeks back
    assert ages[DAYS + 1 : DAYS + 7] == [15, 22, 23, 29, 36, 43]  # Sundays, and the last of October
    assert ages[-1] == (NOW - datetime(2025, 11, 30, tzinfo=UTC)).days


def test_all_of_the_last_day_is_kept() -> None:
    hourly = of(*(timedelta(hours=back) for back in range(48)))
    assert kept(hourly, NOW) >= set(hourly[:24])
    assert len(kept(hourly, NOW)) < 30


def test_the_last_of_a_day_stands_for_it() -> None:
    early, late = of(timedelta(days=5, hours=8), timedelta(days=5, hours=1))
    assert kept([early, late, *of(timedelta(0))], NOW) >= {late}
    assert early not in kept([early, late, *of(timedelta(0))], NOW)


@given(snapshots)
def test_the_newest_and_the_pinned_and_those_of_the_last_day_are_never_let_go(copies: list[Snapshot]) -> None:
    chosen = kept(copies, NOW)
    assert chosen <= set(copies)
    assert chosen >= {one for one in copies if one.pinned or one.taken_at > NOW - DAY}
    assert not copies or max(copies, key=lambda one: one.taken_at) in chosen


@given(snapshots)
def test_thinning_again_lets_go_of_nothing_more(copies: list[Snapshot]) -> None:
    once = kept(copies, NOW)
    assert kept(once, NOW) == once


@given(snapshots)
def test_the_order_does_not_matter(copies: list[Snapshot]) -> None:
    assert kept(list(reversed(copies)), NOW) == kept(copies, NOW)


@given(snapshots)
def test_every_day_week_and_month_that_had_a_copy_still_has_one(copies: list[Snapshot]) -> None:
    chosen = {one.taken_at for one in kept(copies, NOW)}
    for one in copies:
        at = one.taken_at
        if at > NOW:
            continue
        if (NOW.date() - at.date()).days <= DAYS:
            assert any(other.date() == at.date() for other in chosen)
        if NOW - at <= timedelta(weeks=WEEKS):
            assert any(other.isocalendar()[:2] == at.isocalendar()[:2] for other in chosen)
        if (NOW.year - at.year) * 12 + NOW.month - at.month <= MONTHS:
            assert any((other.year, other.month) == (at.year, at.month) for other in chosen)


@given(snapshots)
def test_the_folder_stays_small(copies: list[Snapshot]) -> None:
    old = [one for one in kept(copies, NOW) if not one.pinned and one.taken_at <= NOW - DAY]
    assert len(old) <= (DAYS + 1) + (WEEKS + 1) + (MONTHS + 1) + 1


def test_thinned_day_by_day_as_they_grow_old_no_month_is_lost() -> None:
    there: set[Snapshot] = set()
    for day in range(500):
        now = NOW + DAY * day
        there = kept({*there, Snapshot("trustlog", now)}, now)
    months = {(one.taken_at.year, one.taken_at.month) for one in there}
    assert len(months) == MONTHS + 1
    assert len(there) <= 15 + 9 + 13
