"""Promises and requests: a row for what is owed, an event for everything that happened to it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from trustlog.domain.promises import Ask, Owed, Promise, PromiseEvent, fold
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, born

_SELECT = """SELECT c.id, c.uid, m.handle AS manager, m.name AS manager_name, c.owed_by, c.what, c.purpose,
    r.code AS req
  FROM commitments c JOIN managers m ON m.id = c.manager_id LEFT JOIN reqs r ON r.id = c.req_id"""
_NOT_SETTLED = "NOT EXISTS (SELECT 1 FROM commitment_events s WHERE s.commitment_id = c.id AND s.kind = 'settled')"


def add(journal: Journal, manager_id: int, owed_by: Owed, what: str, purpose: str, req_id: int | None) -> int:
    """A new commitment inside a change; returns its id. It begins with a `given` event."""
    columns = {"manager_id": manager_id, "owed_by": owed_by, "what": what, "purpose": purpose, "req_id": req_id}
    return journal.insert("commitments", born() | columns)


def record(
    journal: Journal, commitment_id: int, event: PromiseEvent, note: str | None = None, entry_id: int | None = None
) -> None:
    """Write what happened, inside a change, with the entry that it wrote if there is one."""
    columns = {
        "commitment_id": commitment_id, "kind": event.kind, "happened_at": event.at, "due_at": event.due_at,
        "outcome": event.outcome, "note": note, "entry_id": entry_id,
    }  # fmt: skip
    journal.insert("commitment_events", columns)


def forecast(journal: Journal, commitment_id: int, sure: int) -> None:
    """Keep how likely an answer in time seems, 0 to 100 %, inside a change; of the second drawer."""
    journal.insert("forecasts", {"commitment_id": commitment_id, "sure": sure})


def get(journal: Journal, commitment_id: int) -> Promise | None:
    found = _commitments(journal, "WHERE c.id = ?", (commitment_id,), None)
    return found[0] if found else None


def still_open(journal: Journal, manager_id: int | None = None, until: datetime | None = None) -> list[Promise]:
    """The loops that are open now, or were at a moment: the soonest due first, what has no time last."""
    where, bound = ("WHERE c.manager_id = ?", (manager_id,)) if manager_id is not None else ("WHERE 1", ())
    narrowed = where if until is not None else f"{where} AND {_NOT_SETTLED}"
    found = [commitment for commitment in _commitments(journal, narrowed, bound, until) if commitment.state == "open"]
    return sorted(found, key=lambda promise: (promise.due_at is None, promise.due_at or promise.given_at, promise.id))


def lately(journal: Journal, manager_id: int, since: datetime, until: datetime) -> list[Promise]:
    """One manager's loops that were open at `until` or settled after `since`, the newest first."""
    found = _commitments(
        journal,
        f"WHERE c.manager_id = ? AND ({_NOT_SETTLED} OR EXISTS (SELECT 1 FROM commitment_events s"
        " WHERE s.commitment_id = c.id AND s.kind = 'settled' AND s.happened_at >= ?))",
        # a day more than is needed: the times of events are kept with the offset of their place
        (manager_id, (since - timedelta(days=1)).date().isoformat()),
        until,
    )
    return [promise for promise in reversed(found) if promise.settled_at is None or promise.settled_at >= since]


def all_of(journal: Journal, manager_id: int, until: datetime | None = None) -> list[Promise]:
    """Every commitment with one manager, as it stood at a moment."""
    return _commitments(journal, "WHERE c.manager_id = ?", (manager_id,), until)


def whats_by_entry(journal: Journal, manager_id: int) -> dict[int, str]:
    """What one manager's commitments say, by the entries that were written with their events."""
    return journal.pairs(
        "SELECT e.entry_id, c.what FROM commitments c JOIN commitment_events e ON e.commitment_id = c.id"
        " WHERE c.manager_id = ? AND e.entry_id IS NOT NULL",
        (manager_id,),
    )


def asks(journal: Journal, since: date, until: datetime, manager_id: int | None = None) -> list[Ask]:
    """What was asked of all managers or of one, from a day on and up to a moment, with what settled it by then."""
    of, more = ("", []) if manager_id is None else (" AND c.manager_id = ?", [manager_id])
    rows = journal.rows(
        "SELECT c.manager_id, g.happened_at, g.entry_id, s.entry_id, s.happened_at, s.outcome FROM commitments c"
        " JOIN commitment_events g ON g.commitment_id = c.id AND g.kind = 'given'"
        " LEFT JOIN commitment_events s ON s.commitment_id = c.id AND s.kind = 'settled'"
        f" WHERE c.owed_by = 'them' AND g.happened_at >= ?{of} ORDER BY c.id",
        # a day more than is needed: the times of events are kept with the offset of their place
        [(since - timedelta(days=1)).isoformat(), *more],
    )
    read = datetime.fromisoformat
    found = []
    for manager, given_at, given_entry, settled_entry, settled_at, outcome in rows:
        ended = read(settled_at) if settled_at and read(settled_at) <= until else None
        withdrawn_at = ended if outcome == "withdrawn" else None
        if read(given_at) <= until:
            found.append(Ask(manager, read(given_at), given_entry, settled_entry if ended else None, withdrawn_at))
    return found


def _commitments(journal: Journal, where: str, bound: Sequence[Any], until: datetime | None) -> list[Promise]:
    rows = journal.rows(f"{_SELECT} {where} ORDER BY c.id", bound)
    events = journal.parts("commitment_events", "commitment_id", [row["id"] for row in rows])
    found = []
    for row in rows:
        folded = fold([_event(event) for event in events[row["id"]]], until)
        if folded is not None:
            found.append(Promise(**dict(row), **folded._asdict()))
    return found


def _event(row: Row) -> PromiseEvent:
    due_at = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
    return PromiseEvent(row["kind"], datetime.fromisoformat(row["happened_at"]), due_at, row["outcome"])
