"""The recent past of one manager, as situations read it: cheap however long the journal is."""

import json
from datetime import date, datetime

from trustlog.domain.history import Happened
from trustlog.store.journal import Journal, utc_text


def first_and_last(journal: Journal, manager_id: int, until: datetime) -> tuple[date | None, date | None]:
    """The day of the first entry, and of the last contact: every kind but `note` is one."""
    bound = (manager_id, utc_text(until))
    where = "FROM entries WHERE manager_id = ? AND happened_at <= ?"
    first = journal.row(f"SELECT happened_on {where} ORDER BY happened_at, id LIMIT 1", bound)
    last = journal.row(
        f"SELECT happened_on {where} AND kind <> 'note' ORDER BY happened_at DESC, id DESC LIMIT 1", bound
    )
    return (date.fromisoformat(first[0]) if first else None, date.fromisoformat(last[0]) if last else None)


def happened(journal: Journal, manager_id: int, since: datetime, until: datetime) -> list[Happened]:
    """The entries between two moments, newest first."""
    rows = journal.rows(
        "SELECT e.id, e.kind, e.happened_on, e.size, e.approach, e.tags, r.happened_at, e.note, e.did"
        " FROM entries e LEFT JOIN entries r ON r.id = e.repaired_by"
        " WHERE e.manager_id = ? AND e.happened_at BETWEEN ? AND ? ORDER BY e.happened_at DESC, e.id DESC",
        (manager_id, utc_text(since), utc_text(until)),
    )
    bound = utc_text(until)
    return [
        Happened(
            row[0], row[1], date.fromisoformat(row[2]), row[3], row[4],
            tuple(json.loads(row[5])) if row[5] != "[]" else (), bool(row[6]) and row[6] <= bound, row[8] or row[7],
        )
        for row in rows
    ]  # fmt: skip
