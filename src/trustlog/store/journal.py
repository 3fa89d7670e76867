"""The opened journal: one connection, its transactions, what each changed, and taking a change back."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from trustlog.domain.entries import Change
from trustlog.errors import UserError
from trustlog.store import lock, opening
from trustlog.store.driver import DatabaseError, IntegrityError, Row
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
        self.begun = False  # whether the first change that it ever saw was written just now
        self._held = held

    @classmethod
    def open(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for writing; make the folder (0700) and the file (0600) if there are none.

        Raises UserError `too-new`, `bad-file`, `damaged`, `not-writable`.
        """
        opened = opening.for_writing(path, snapshots)
        return cls(opened.db, upgraded=opened.upgraded, held=opened.held, unfinished=opened.unfinished)

    @classmethod
    def read(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for reading, also where nothing can be written; a journal that is not there yet is empty."""
        opened = opening.for_reading(path, snapshots)
        return cls(opened.db, upgraded=opened.upgraded, unfinished=opened.unfinished)

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in by the last one to leave."""
        self.db.close()
        lock.release(self._held)
        self._held = None

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        return self.db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found: Row | None = self.db.execute(sql, values).fetchone()
        return found

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
        return int(self.db.execute(f"{insert_into(table, columns)} RETURNING id", values).fetchone()[0])

    def _part_uid(self, table: str, owner: int) -> str:
        """A uid behind those of the same record; it sorts by place, and no two laptops make the same."""
        last = self.row(f"SELECT max(uid), count(*) FROM {table} WHERE {_WITHIN[table]} = ?", (owner,))
        place, _, _ = (last[0] or "").partition("-") if last else ("", "", "")
        number = int(place) if place.isascii() and place.isdigit() else last[1] if last else 0
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
            self.db.execute("UPDATE recording SET change_id = ?", (change_id,))
            recorded = Recorded(summary)
            yield recorded
            self.db.execute("UPDATE recording SET change_id = NULL")
            if self.row("SELECT 1 FROM undo_rows WHERE change_id = ? LIMIT 1", (change_id,)) is None:
                self.db.execute("DELETE FROM changes WHERE id = ?", (change_id,))
            else:
                self.db.execute("UPDATE changes SET summary = ? WHERE id = ?", (recorded.summary, change_id))
                # what was taken back before cannot be done again on top of it
                undone = "SELECT id FROM changes WHERE undone = 1"
                self.db.execute(f"DELETE FROM undo_rows WHERE change_id IN ({undone})")
        self.begun = self.begun or change_id == 1  # numbers are never given twice

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Within a change, writes that stand outside undo: what a draft left behind."""
        change_id = self.db.execute("SELECT change_id FROM recording").fetchone()[0]
        self.db.execute("UPDATE recording SET change_id = NULL")
        yield
        self.db.execute("UPDATE recording SET change_id = ?", (change_id,))

    @contextmanager
    def attempt(self) -> Iterator["Attempt"]:
        """Within a change, writes that are taken back unless they are said to be kept."""
        attempt = Attempt()
        self.db.execute("SAVEPOINT attempt")
        yield attempt
        if not attempt.keep:
            self.db.execute("ROLLBACK TO attempt")
        self.db.execute("RELEASE attempt")

    @contextmanager
    def draft(self) -> Iterator[None]:
        """Writes that stand outside undo, all or none: the drafts of guided flows."""
        # a deferred transaction that reads first would be refused under a concurrent writer
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            with suppress(DatabaseError):  # a full disk may have rolled back already
                self.db.execute("ROLLBACK")
            raise


class Attempt:
    """Some writes within a change, and whether they stay."""

    def __init__(self) -> None:
        self.keep = False


class Recorded:
    """The change being written; its summary may be told better once the work is done."""

    def __init__(self, summary: str) -> None:
        self.summary = summary


def utc_text(moment: datetime) -> str:
    """A moment as the store keeps it: `2026-11-20T20:03:11Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def utc_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def changes(journal: Journal, limit: int | None = None, *, undone: bool = False) -> list[Change]:
    """The changes that can be taken back, or with `undone` those that can be done again, the next one first."""
    bound = "" if limit is None else f" LIMIT {min(limit, 2**62)}"
    # of an undone change that something else was written after, only the name is left
    rows = journal.rows(
        f"SELECT id, command, at, summary FROM changes WHERE undone = {undone:d}"
        " AND (undone = 0 OR EXISTS (SELECT 1 FROM undo_rows WHERE change_id = changes.id))"
        f" ORDER BY id DESC{bound}"
    )
    return [Change(row[0], row[1], utc_moment(row[2]), row[3]) for row in rows]


def inserted(journal: Journal, change_id: int, table: str) -> list[int]:
    """The ids of the rows of a table that a change has made."""
    rows = journal.rows(
        "SELECT first_id, last_id FROM undo_rows WHERE change_id = ? AND tbl = ? AND op = 'insert' ORDER BY id",
        (change_id, table),
    )
    return [number for first, last in rows for number in range(first, last + 1)]


def take_back(journal: Journal, count: int) -> list[Change]:
    """Take back the last `count` changes, newest first, all in one transaction; fewer if there are fewer.

    Each can be done again until something else is written.
    Raises UserError `conflict` if something written outside of changes, a draft, still needs a row.
    """
    try:
        with journal.draft():
            journal.db.execute("DELETE FROM changes WHERE undone = 1 AND id NOT IN (SELECT change_id FROM undo_rows)")
            return [_turned(journal, change, undone=True) for change in changes(journal, count)]
    except IntegrityError as error:
        raise UserError(
            "conflict",
            "a draft still needs what would be taken back, so nothing was",
            "Finish that draft, or let go of a preparation with: trustlog prep-feedback MANAGER --drop",
        ) from error


def redo(journal: Journal, count: int, also: Callable[[Change], None] = lambda _: None) -> list[Change]:
    """Do the last `count` changes that were taken back again, the last one first, all in one transaction.

    `also` is done before each, within it. Raises UserError `conflict` if there is none, and if what another laptop
    wrote meanwhile leaves no room for one.
    """
    try:
        with journal.draft():
            done = []
            for change in changes(journal, count, undone=True):
                also(change)
                done.append(_turned(journal, change, undone=False))
            lapsed = journal.row("SELECT 1 FROM changes WHERE undone = 1")
    except IntegrityError as error:
        why = "another laptop wrote what would be done again differently, so nothing was"
        raise UserError("conflict", why, "Write it down anew.") from error
    if not done and lapsed:
        why = "something else was written since the undo, so it cannot be done again"
        raise UserError("conflict", why, "See what stands: trustlog undo --list")
    if not done:
        raise UserError("conflict", "nothing was taken back", "redo does again what undo took back: trustlog undo")
    return done


def _turned(journal: Journal, change: Change, *, undone: bool) -> Change:
    """Restore what was before a change, and record that as the change that turns it round."""
    drafts = _drafts(journal)
    turned = journal.insert(
        "changes", {"command": change.command, "at": utc_text(change.at), "summary": change.summary, "undone": undone}
    )
    journal.db.execute("UPDATE recording SET change_id = ?", (turned,))
    _restore(journal, change.id)
    journal.db.execute("UPDATE recording SET change_id = NULL")
    _record_drafts(journal, turned, drafts)
    journal.db.execute("DELETE FROM changes WHERE id = ?", (change.id,))
    return change


def _drafts(journal: Journal) -> dict[int, str]:
    """The drafts as images: no triggers record them, because their answers go on outside of changes."""
    columns = ", ".join(f"'{row[1]}', {row[1]}" for row in journal.rows("PRAGMA table_info(drafts)"))
    return {row[0]: row[1] for row in journal.rows(f"SELECT id, json_object({columns}) FROM drafts")}


def _record_drafts(journal: Journal, change_id: int, before: Mapping[int, str]) -> None:
    """Record what became of drafts, also of those that went or lost their role with what they belong to."""
    after = _drafts(journal)
    for draft_id in before.keys() | after.keys():
        old, new = before.get(draft_id), after.get(draft_id)
        if old == new:
            continue
        op, image = "insert" if old is None else "delete" if new is None else "update", old
        if old is not None and new is not None:  # answers that are given meanwhile stay
            was, now = json.loads(old), json.loads(new)
            image = json.dumps({name: value for name, value in was.items() if value != now[name]})
        row = {"change_id": change_id, "tbl": "drafts", "op": op, "first_id": draft_id, "last_id": draft_id}
        journal.insert("undo_rows", row | {"image": image})


def _restore(journal: Journal, change_id: int) -> None:
    """Put rows back as they were, the last first; those of one table and kind that follow each other at once."""
    # references among the rows are whole again at the end, not after each step
    journal.db.execute("PRAGMA defer_foreign_keys = ON")
    runs = journal.rows(
        """SELECT tbl, op, min(id), max(id) FROM (
          SELECT *, row_number() OVER (ORDER BY id) - row_number() OVER (PARTITION BY tbl, op ORDER BY id) AS run
          FROM undo_rows WHERE change_id = ?) GROUP BY tbl, op, run ORDER BY max(id) DESC""",
        (change_id,),
    )
    for table, op, first, last in runs:
        rows = f"undo_rows WHERE change_id = {change_id} AND id BETWEEN {first} AND {last}"
        if op == "insert":
            for row in journal.rows(f"SELECT first_id, last_id FROM {rows} ORDER BY id DESC"):
                journal.db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", tuple(row))
            continue
        columns = [row[1] for row in journal.rows(f"PRAGMA table_info({table})")]
        if op == "delete":
            values = ", ".join(f"json_extract(image, '$.{column}')" for column in columns)
            journal.db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {rows} ORDER BY first_id"
            )
        else:
            _restore_columns(journal, table, columns, rows)


def _restore_columns(journal: Journal, table: str, columns: Sequence[str], rows: str) -> None:
    """Put the columns back that differ; only these, because an index follows each that is set."""
    # a row that was changed twice becomes what it was first
    images = f"(SELECT min(id), first_id, image FROM {rows} GROUP BY first_id)"
    told = {column: f"json_type(u.image, '$.{column}') IS NOT NULL" for column in columns}  # a draft's has a few
    values = {column: f"json_extract(u.image, '$.{column}')" for column in columns}
    differs = ", ".join(f"max({told[one]} AND {values[one]} IS NOT t.{one})" for one in columns)
    found = journal.row(f"SELECT {differs} FROM {images} u JOIN {table} t ON t.id = u.first_id")
    if changed := [one for one, different in zip(columns, found or (), strict=False) if different]:
        setting = ", ".join(f"{one} = iif({told[one]}, {values[one]}, {table}.{one})" for one in changed)
        journal.db.execute(f"UPDATE {table} SET {setting} FROM {images} u WHERE {table}.id = u.first_id")
