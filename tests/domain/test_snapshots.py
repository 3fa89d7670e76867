"""Copies of the journal: their names, their order, and when the next is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.snapshots import DAY, Snapshot, due, newest_first, next_number, read_name

NOW = datetime(2026, 11, 23, 15, 2, 3, tzinfo=UTC)

ages = st.integers(-86_400 * 3, 86_400 * 800).map(lambda seconds: NOW - timedelta(seconds=seconds))
snapshots = st.lists(
    st.builds(Snapshot, st.just("trustlog"), ages, st.sampled_from(["", "before-restore"]), st.booleans()),
    unique_by=lambda one: one.taken_at, max_size=60,
)  # fmt: skip
moments = st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))
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
        (Snapshot("trustlog", NOW, number=7), "trustlog-20261123T150203Z-7.db"),
        (Snapshot("trustlog", NOW, "before-merge", True, 12), "trustlog-20261123T150203Z-12-before-merge-kept.db"),
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
        "trustlog-20261123T150203Z-0.db", "trustlog-99991231T235959Z.db",
        "trustlog-20261123T150203Z-07.db", "trustlog-20261123T150203Z-1-2.db",
    ],
)  # fmt: skip
def test_what_has_another_name_is_no_copy_of_ours(name: str) -> None:
    assert read_name(name) is None


@given(
    journals,
    st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)),
    st.booleans(),
    st.integers(0, 10**18 - 1),
)
def test_every_name_is_read_back(journal: str, at: datetime, pinned: bool, number: int) -> None:
    one = Snapshot(journal, at.replace(microsecond=0), "before-merge", pinned, number)
    assert read_name(one.name) == one


@given(snapshots)
def test_names_sort_by_time(copies: list[Snapshot]) -> None:
    assert sorted(copies, key=lambda one: one.name) == sorted(copies, key=lambda one: one.taken_at)


# --- their order


def test_the_order_is_the_one_in_which_they_were_made_whatever_the_clock_said() -> None:
    first, by_a_wrong_clock, last = (
        Snapshot("trustlog", NOW + DAY * days, number=number) for number, days in ((1, 0), (2, 5_000), (3, 1))
    )

    assert newest_first([by_a_wrong_clock, first, last], NOW + DAY) == [last, by_a_wrong_clock, first]
    assert next_number([by_a_wrong_clock, first, last]) == 4


def test_copies_without_a_number_come_before_the_counted_ones_and_those_of_the_future_before_all() -> None:
    earlier, later, ahead = of(DAY, timedelta(0), timedelta(days=-400))
    counted = Snapshot("trustlog", NOW - DAY * 30, number=1)

    assert newest_first([ahead, counted, earlier, later], NOW) == [counted, later, earlier, ahead]
    assert next_number([earlier, later]) == 1


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
