"""The jar of things noticed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from trustlog.domain.coaching.noticed import Noticed
from trustlog.store.journal import Journal, utc_text
from trustlog.store.uids import new_uid

_SELECT = """SELECT n.id, n.uid, m.handle, m.name, n.happened_on, n.seen, n.entry_id
  FROM noticed n JOIN managers m ON m.id = n.manager_id"""


def add(journal: Journal, manager_id: int, on: date, seen: str) -> int:
    """Put something into the jar, inside a change; returns its id."""
    row = journal.db.execute(
        "INSERT INTO noticed (uid, manager_id, happened_on, seen, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (new_uid(), manager_id, on.isoformat(), seen, utc_text(datetime.now(UTC))),
    ).fetchone()
    return int(row[0])


def take_out(journal: Journal, noticed_id: int, entry_id: int) -> None:
    """Note, inside a change, that an entry has praised it."""
    journal.db.execute("UPDATE noticed SET entry_id = ? WHERE id = ?", (entry_id, noticed_id))


def drop(journal: Journal, noticed_id: int) -> None:
    """Take something out, inside a change, without praise."""
    journal.db.execute("DELETE FROM noticed WHERE id = ?", (noticed_id,))


def get(journal: Journal, noticed_id: int) -> Noticed | None:
    return next(iter(_noticed(journal, "WHERE n.id = ?", (noticed_id,))), None)


def unthanked(journal: Journal, manager_id: int | None = None, until: date | None = None) -> list[Noticed]:
    """What was in the jar at the end of a day, or is in it now, of one manager or of all, the oldest first."""
    last = until.isoformat() if until else "9999"
    # what was thanked after that day was still in the jar
    where = "WHERE n.happened_on <= ? AND (n.entry_id IS NULL OR EXISTS"
    where += " (SELECT 1 FROM entries e WHERE e.id = n.entry_id AND e.happened_on > ?))"
    where += "" if manager_id is None else " AND n.manager_id = ?"
    return _noticed(journal, where, (last, last) if manager_id is None else (last, last, manager_id))


def _noticed(journal: Journal, where: str, bound: Sequence[Any]) -> list[Noticed]:
    rows = journal.rows(f"{_SELECT} {where} ORDER BY n.happened_on, n.id", bound)
    return [Noticed(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), row[5], row[6]) for row in rows]
