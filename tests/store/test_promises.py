"""Commitments in real files: their events as they were told, what is open when, and what undo takes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.entries import Filter
from trustlog.domain.promises import PromiseEvent
from trustlog.errors import UserError
from trustlog.formats.shapes import undoable_tables
from trustlog.services import promises
from trustlog.services.promises import Given, Settling
from trustlog.store import entries, people, undo
from trustlog.store import promises as promises_store

if TYPE_CHECKING:
    from trustlog.domain.people import Manager
    from trustlog.domain.promises import Owed, Promise
    from trustlog.store.journal import Journal

BOSTON = timezone(timedelta(hours=-5))
KOLKATA = timezone(timedelta(hours=5, minutes=30))
NOW = datetime(2024, 4, 1, 12, tzinfo=UTC)


def day(number: int, hour: int = 12, zone: timezone = UTC) -> datetime:
    return datetime(2024, 3, number, hour, tzinfo=zone)


@pytest.fixture
def marcus(journal: Journal) -> Manager:
    with journal.change("manager add", "marcus"):
        return people.add_manager(journal, "marcus", "Marcus Hughes")


def keep(journal: Journal, manager: Manager, *events: PromiseEvent, owed_by: Owed = "them", what: str = "it") -> int:
    with journal.change("ask"):
        commitment_id = promises_store.add(journal, manager.id, owed_by, what, "other", None)
        for event in events:
            promises_store.record(journal, commitment_id, event)
    return commitment_id


def got(journal: Journal, commitment_id: int) -> Promise:
    found = promises_store.get(journal, commitment_id)
    assert found is not None
    return found


def ids(found: list[Promise]) -> list[int]:
    return [one.id for one in found]


def everything(journal: Journal) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that a command may change."""
    return {
        table: [tuple(row) for row in journal.rows(f"SELECT * FROM {table} ORDER BY id")] for table in undoable_tables()
    }


def linked(journal: Journal) -> list[int | None]:
    """The entries that events have written, by the order of the events."""
    return [row[0] for row in journal.rows("SELECT entry_id FROM commitment_events ORDER BY id")]


# --- kept as told


def test_a_commitment_comes_back_as_it_was_told(journal: Journal, dana: Manager) -> None:
    with journal.change("ask"):
        role = people.add_req(journal, dana.id, "PA-1", "Analyst", date(2024, 3, 1))
        made = promises_store.add(journal, dana.id, "them", "the café's “scorecard”, 日本", "scorecard", role)
        promises_store.record(journal, made, PromiseEvent("given", day(1), day(5)))
    found = got(journal, made)
    assert found._replace(uid="") == (
        made, "", "dana", "Dana Ortiz", "them", "the café's “scorecard”, 日本", "scorecard", "PA-1",
        day(1), day(5), "open", 0, None, False,
    )  # fmt: skip
    assert len(found.uid) == 32
    assert got(journal, keep(journal, dana, PromiseEvent("given", day(1)))).uid != found.uid


def test_the_times_of_events_keep_the_offset_of_their_place(journal: Journal, dana: Manager) -> None:
    made = keep(
        journal,
        dana,
        PromiseEvent("given", day(1, 23, BOSTON), day(5, 9, KOLKATA)),
        PromiseEvent("moved", day(4, 9, KOLKATA), day(9, 18, BOSTON)),
        PromiseEvent("settled", day(9, 8, UTC), outcome="kept"),
    )
    found = got(journal, made)
    assert [moment.isoformat() for moment in (found.given_at, found.due_at, found.settled_at) if moment] == [
        "2024-03-01T23:00:00-05:00", "2024-03-09T18:00:00-05:00", "2024-03-09T08:00:00+00:00",
    ]  # fmt: skip
    (before,) = promises_store.all_of(journal, dana.id, day(3))
    assert before.due_at is not None
    assert before.due_at.isoformat() == "2024-03-05T09:00:00+05:30"


def test_every_event_of_a_loop_is_told(journal: Journal, dana: Manager) -> None:
    made = keep(
        journal, dana, PromiseEvent("given", day(1), day(5)), PromiseEvent("at-risk", day(2)),
        PromiseEvent("moved", day(3), day(9)),
        PromiseEvent("moved", day(4), day(12)), PromiseEvent("at-risk", day(10)),
    )  # fmt: skip
    assert got(journal, made)[8:] == (day(1), day(12), "open", 2, None, True)
    with journal.change("settle"):
        promises_store.record(journal, made, PromiseEvent("settled", day(13), outcome="late"))
    assert got(journal, made)[8:] == (day(1), day(12), "late", 2, day(13), False)


def test_events_of_one_loop_say_nothing_of_another(journal: Journal, dana: Manager) -> None:
    first = keep(journal, dana, PromiseEvent("given", day(1), day(5)))
    second = keep(
        journal, dana, PromiseEvent("given", day(2), day(6)), PromiseEvent("settled", day(3), outcome="missed")
    )
    assert (got(journal, first).state, got(journal, second).state) == ("open", "missed")


def test_the_note_of_an_event_is_kept_with_it(journal: Journal, dana: Manager) -> None:
    made = keep(journal, dana, PromiseEvent("given", day(1), day(5)))
    with journal.change("settle"):
        promises_store.record(journal, made, PromiseEvent("settled", day(3), outcome="withdrawn"), "no\nlonger needed")
    notes = [row[0] for row in journal.rows("SELECT note FROM commitment_events ORDER BY id")]
    assert notes == [None, "no\nlonger needed"]


@pytest.mark.parametrize("commitment_id", [0, -1, 7, 2**63 - 1])
def test_a_commitment_that_is_not_there_is_none(journal: Journal, dana: Manager, commitment_id: int) -> None:
    keep(journal, dana, PromiseEvent("given", day(1)))
    assert promises_store.get(journal, commitment_id) is None


# --- what is open


def test_what_is_open_comes_soonest_first_and_what_has_no_time_last(
    journal: Journal, dana: Manager, marcus: Manager
) -> None:
    favour = keep(journal, dana, PromiseEvent("given", day(1)))
    later = keep(journal, marcus, PromiseEvent("given", day(2), day(9)))
    soon = keep(journal, dana, PromiseEvent("given", day(3), day(5)))
    earlier_favour = keep(journal, marcus, PromiseEvent("given", day(1) - timedelta(hours=1)))
    same_time = keep(journal, marcus, PromiseEvent("given", day(1), day(9)), owed_by="me")
    moved = keep(journal, dana, PromiseEvent("given", day(1), day(4)), PromiseEvent("moved", day(2), day(20)))
    assert ids(promises_store.still_open(journal)) == [soon, later, same_time, moved, earlier_favour, favour]
    assert ids(promises_store.still_open(journal, dana.id)) == [soon, moved, favour]


def test_the_soonest_is_the_earlier_moment_and_not_the_earlier_wall_clock(journal: Journal, dana: Manager) -> None:
    boston = keep(journal, dana, PromiseEvent("given", day(1), day(5, 9, BOSTON)))
    kolkata = keep(journal, dana, PromiseEvent("given", day(1), day(5, 18, KOLKATA)))
    assert ids(promises_store.still_open(journal)) == [kolkata, boston]


@pytest.mark.parametrize("outcome", ["kept", "late", "missed", "withdrawn"])
def test_what_is_settled_is_no_longer_open(journal: Journal, dana: Manager, outcome: Any) -> None:
    closed = keep(
        journal, dana, PromiseEvent("given", day(1), day(5)), PromiseEvent("settled", day(3), outcome=outcome)
    )
    waiting = keep(journal, dana, PromiseEvent("given", day(1), day(5)))
    assert ids(promises_store.still_open(journal)) == [waiting]
    assert ids(promises_store.all_of(journal, dana.id)) == [closed, waiting]


def test_an_earlier_moment_is_told_as_it_was(journal: Journal, dana: Manager, marcus: Manager) -> None:
    closed = keep(journal, dana, PromiseEvent("given", day(1), day(5)), PromiseEvent("settled", day(4), outcome="kept"))
    moved = keep(journal, marcus, PromiseEvent("given", day(2), day(4)), PromiseEvent("moved", day(3), day(20)))
    keep(journal, dana, PromiseEvent("given", day(6), day(7)))

    at = promises_store.still_open(journal, until=day(2))
    assert [(one.id, one.due_at, one.renegotiated) for one in at] == [(moved, day(4), 0), (closed, day(5), 0)]
    assert ids(promises_store.still_open(journal, until=day(3))) == [closed, moved]
    assert ids(promises_store.still_open(journal, until=day(4) - timedelta(seconds=1))) == [closed, moved]
    assert ids(promises_store.still_open(journal, until=day(4))) == [moved]
    assert ids(promises_store.still_open(journal, dana.id, day(2))) == [closed]
    assert promises_store.still_open(journal, until=day(1) - timedelta(seconds=1)) == []


def test_all_of_a_manager_at_a_moment_leaves_out_what_was_given_later(
    journal: Journal, dana: Manager, marcus: Manager
) -> None:
    first = keep(journal, dana, PromiseEvent("given", day(1), day(5)), PromiseEvent("settled", day(4), outcome="kept"))
    second = keep(journal, dana, PromiseEvent("given", day(3), day(5)))
    keep(journal, marcus, PromiseEvent("given", day(1), day(5)))
    assert ids(promises_store.all_of(journal, dana.id, day(2))) == [first]
    assert [one.state for one in promises_store.all_of(journal, dana.id, day(3))] == ["open", "open"]
    assert ids(promises_store.all_of(journal, dana.id)) == [first, second]


# --- taken back

PROMISE = Given("dana", "me", "the slate", day(1), day(8))
FAVOUR = Given("dana", "them", "an introduction", day(1), None, "favour")


@pytest.mark.parametrize(
    "given", [PROMISE, FAVOUR, PROMISE._replace(at_risk=True)], ids=["a promise", "a favour", "a promise at risk"]
)
@pytest.mark.usefixtures("dana")
def test_one_undo_takes_a_given_loop_back_with_its_entry(journal: Journal, given: Given) -> None:
    before = everything(journal)
    promises.give(journal, given, NOW)
    assert everything(journal) != before
    undo.take_back(journal, 1)
    assert everything(journal) == before


@pytest.mark.parametrize(
    "how",
    [
        Settling("kept", day(7)),
        Settling("late", day(9), note="a day late"),
        Settling("missed", day(9)),
        Settling("renegotiated", day(7), day(20)),
        Settling("withdrawn", day(7), note="not needed"),
        Settling("at-risk", day(7)),
        Settling(None, day(7)),
    ],
    ids=lambda how: str(how.outcome),
)
@pytest.mark.usefixtures("dana")
def test_one_undo_takes_a_settling_back_with_its_entry(journal: Journal, how: Settling) -> None:
    made = promises.give(journal, PROMISE, NOW).commitment
    before = everything(journal)
    promises.settle(journal, made.id, how, NOW)
    assert everything(journal) != before
    undo.take_back(journal, 1)
    assert everything(journal) == before
    assert got(journal, made.id) == made


@pytest.mark.usefixtures("dana")
def test_a_refused_settling_leaves_nothing_behind(journal: Journal) -> None:
    made = promises.give(journal, PROMISE, NOW).commitment
    before = everything(journal), undo.changes(journal)
    with pytest.raises(UserError) as refused:
        promises.settle(journal, made.id, Settling("kept", day(9)), NOW)
    assert refused.value.code == "conflict"
    assert (everything(journal), undo.changes(journal)) == before


@pytest.mark.usefixtures("dana")
def test_the_event_knows_the_entry_that_came_with_it(journal: Journal) -> None:
    asked = promises.give(journal, FAVOUR, NOW)
    done = promises.settle(journal, asked.commitment.id, Settling(None, day(3)), NOW)
    assert asked.entry is not None
    assert done.entry is not None
    assert linked(journal) == [asked.entry.id, done.entry.id]


@pytest.mark.usefixtures("dana")
def test_a_deleted_entry_leaves_its_event_and_undo_joins_them_again(journal: Journal) -> None:
    made = promises.give(journal, PROMISE, NOW).commitment
    done = promises.settle(journal, made.id, Settling("kept", day(7)), NOW)
    assert done.entry is not None
    with journal.change("delete"):
        entries.delete(journal, done.entry.id)
    assert entries.page(journal, Filter()) == []
    assert got(journal, made.id) == done.commitment
    assert linked(journal) == [None, None]
    undo.take_back(journal, 1)
    assert linked(journal) == [None, done.entry.id]
    undo.take_back(journal, 1)
    assert (got(journal, made.id), entries.page(journal, Filter())) == (made, [])


@pytest.mark.usefixtures("dana")
def test_the_list_of_changes_holds_no_words_of_the_journal(journal: Journal) -> None:
    made = promises.give(journal, PROMISE, NOW).commitment
    promises.settle(journal, made.id, Settling("kept", day(7), note="secret words"), NOW)
    told = [(one.command, one.summary) for one in undo.changes(journal)][:2]
    assert told == [("settle", f"L{made.id} dana"), ("promise", f"L{made.id} dana")]
