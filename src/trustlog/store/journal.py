"""The opened journal: one connection, its transactions, what each changed, and taking a change back."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from trustlog.store import lock, opening
from trustlog.store.driver import DatabaseError, Row
from trustlog.store.failures import Connection


def new_uid() -> str:
    """128 random bits as 32 hex digits; `uuid` would cost 5 ms of imports for the same bits."""
    return os.urandom(16).hex()


_WITHIN = {
    "commitment_events": "commitment_id", "forecasts": "commitment_id", "agreement_events": "agreement_id",
    "sittings": "conversation_id", "boundary_checks": "manager_id", "drafts": "manager_id",
}  # fmt: skip
"""The tables whose rows are told apart within a record, and the column that points at it."""


def born() -> dict[str, str]:
    """The columns that every new record has: a name that holds across files, and when it was written."""
    return {"uid": new_uid(), "created_at": utc_text(datetime.now(UTC))}


def kept(value: Any) -> Any:
    """A value as its column keeps it."""
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def insert_into(table: str, columns: Iterable[str]) -> str:
    """The statement that writes a row of these columns."""
    names = tuple(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


class Journal:
    """One journal file, opened for a command. `upgraded` tells whether opening it brought it up to date, `unfinished`
    whether a run was cut off in the middle of changing its files."""

    def __init__(
        self, db: Connection, *, upgraded: bool = False, held: int | None = None, unfinished: bool = False
    ) -> None:
        self.db = db
        self.upgraded = upgraded
        self.unfinished = unfinished
        self.wrote = 0  # how often this run has written
        self.begun = False  # whether the first change that it ever saw was written just now
        self._held = held

    @classmethod
    def open(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for writing; make the folder (0700) and the file (0600) if there are none.

        Raises UserError `too-new`, `bad-file`, `damaged`, `not-writable`.
        """
        return cls(**opening.for_writing(path, snapshots)._asdict())

    @classmethod
    def read(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for reading, also where nothing can be written; a journal that is not there yet is empty."""
        return cls(**opening.for_reading(path, snapshots)._asdict())

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in by the last one to leave."""
        self.db.close()
        lock.release(self._held)
        self._held = None

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        return self.db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
        found: Row | None = self.db.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """The one column of the first row; None if there is no row."""
        return self.db.value(sql, values)

    def column(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """The one column of every row."""
        return [value for (value,) in self.rows(sql, values)]

    def pairs(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> dict[Any, Any]:
        """The second of two columns by the first."""
        return dict(map(tuple, self.rows(sql, values)))

    @property
    def is_synced(self) -> bool:
        """Whether `sync init` was called; without any import of what syncing needs."""
        return self.row("SELECT 1 FROM sync_state LIMIT 1") is not None

    def parts(
        self, table: str, parent: str, owners: Collection[int], order: str = "uid"
    ) -> defaultdict[int, list[Row]]:
        """The rows of a table that belong to some records, by the record, read at once; `parent` points at it.

        A uid sorts them as they were written, by whichever laptop.
        """
        found: defaultdict[int, list[Row]] = defaultdict(list)
        if owners:
            sql = f"SELECT * FROM {table} WHERE {parent} IN (SELECT value FROM json_each(?)) ORDER BY {order}"
            for row in self.rows(sql, (json.dumps(list(owners)),)):
                found[row[parent]].append(row)
        return found

    def insert(self, table: str, columns: Mapping[str, Any]) -> int:
        """Write a row, inside a change, and return its id. What stands within a record gets a uid if it has none."""
        if table in _WITHIN and not columns.get("uid"):
            columns = {**columns, "uid": self._part_uid(table, columns[_WITHIN[table]])}
        values = tuple(kept(value) for value in columns.values())
        return int(self.db.value(f"{insert_into(table, columns)} RETURNING id", values))

    def _part_uid(self, table: str, owner: int) -> str:
        """A uid behind those of the same record; it sorts by place, and no two laptops make the same."""
        ((last, count),) = self.rows(f"SELECT max(uid), count(*) FROM {table} WHERE {_WITHIN[table]} = ?", (owner,))
        place = (last or "").partition("-")[0]
        number = int(place) if place.isascii() and place.isdigit() else count
        return f"{number + 1:06}-{new_uid()}"

    def update(self, table: str, row_id: int, columns: Mapping[str, Any]) -> None:
        """Set columns of a row, inside a change."""
        settings = ", ".join(f"{name} = ?" for name in columns)
        values = (*(kept(value) for value in columns.values()), row_id)
        self.db.execute(f"UPDATE {table} SET {settings} WHERE id = ?", values)

    @contextmanager
    def change(self, command: str, summary: str = "") -> Iterator["Recorded"]:
        """One command's writes, all or none, kept so that `undo` can take them back.

        The summary is shown by `undo --list`; it must hold no journal text.
        """
        with self.draft():
            change_id = self.insert(
                "changes", {"command": command, "at": utc_text(datetime.now(UTC)), "summary": summary}
            )
            recorded = Recorded(summary)
            with self.recording(change_id):
                yield recorded
            if self.row("SELECT 1 FROM undo_rows WHERE change_id = ? LIMIT 1", (change_id,)) is None:
                self.db.execute("DELETE FROM changes WHERE id = ?", (change_id,))
            else:
                self.db.execute("UPDATE changes SET summary = ? WHERE id = ?", (recorded.summary, change_id))
                # what was taken back before cannot be done again on top of it
                undone = "SELECT id FROM changes WHERE undone = 1"
                self.db.execute(f"DELETE FROM undo_rows WHERE change_id IN ({undone})")
        self.begun = self.begun or change_id == 1  # numbers are never given twice

    @contextmanager
    def recording(self, change_id: int | None) -> Iterator[None]:
        """Writes that triggers record for undo as those of a change; with None, within one, writes outside undo."""
        before = self.value("SELECT change_id FROM recording")
        self.db.execute("UPDATE recording SET change_id = ?", (change_id,))
        yield
        self.db.execute("UPDATE recording SET change_id = ?", (before,))

    def attempt(self, write: Callable[[], bool]) -> bool:
        """Write something within a change, and take it back unless it says that it stays; whether it does."""
        self.db.execute("SAVEPOINT attempt")
        stays = write()
        if not stays:
            self.db.execute("ROLLBACK TO attempt")
        self.db.execute("RELEASE attempt")
        return stays

    @contextmanager
    def draft(self) -> Iterator[None]:
        """Writes that stand outside undo, all or none: the drafts of guided flows."""
        # a deferred transaction that reads first would be refused under a concurrent writer
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
            self.wrote += 1
        except BaseException:
            with suppress(DatabaseError):  # a full disk may have rolled back already
                self.db.execute("ROLLBACK")
            raise


class Recorded:
    """The change being written; its summary may be told better once the work is done."""

    def __init__(self, summary: str) -> None:
        self.summary = summary


def utc_text(moment: datetime) -> str:
    """A moment as the store keeps it: `2026-11-20T20:03:11Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_DAY = timedelta(days=1)


def moments_from(day: date) -> str:
    """No moment of a local day comes before this, whatever its offset; it lets an index of moments narrow by days."""
    return (max(day, date.min + _DAY) - _DAY).isoformat()


def moments_before(day: date) -> str:
    """Every moment of a local day comes before this, whatever its offset."""
    return (day + 2 * _DAY).isoformat() if day < date.max - 2 * _DAY else "9999~"


def utc_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
