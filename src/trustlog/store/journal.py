"""The opened journal: one connection, its transactions, and what each of them changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trustlog.errors import UserError
from trustlog.store.disk import lock, opening
from trustlog.store.disk.driver import Connection, DatabaseError, Row


class Journal:
    """One journal file, opened for a command. `upgraded` tells whether opening it brought it up to date."""

    def __init__(self, db: Connection, *, upgraded: bool = False, held: int | None = None) -> None:
        self.db = db
        self.upgraded = upgraded
        self.begun = False  # whether the first change that it ever saw was written just now
        self._held = held

    @classmethod
    def open(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for writing; make the folder (0700) and the file (0600) if there are none.

        Raises UserError `too-new`, `bad-file`, `damaged`, `not-writable`.
        """
        opened = opening.for_writing(path, snapshots)
        return cls(opened.db, upgraded=opened.upgraded, held=opened.held)

    @classmethod
    def read(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for reading, also where nothing can be written; a journal that is not there yet is empty."""
        opened = opening.for_reading(path, snapshots)
        return cls(opened.db, upgraded=opened.upgraded)

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

    def damage(self) -> UserError | None:
        """What is wrong with the file or its rows, after reading all of it; None if nothing is."""
        from trustlog.store import readable  # with every reader, only where a command failed

        return readable.damage(self.db)

    @contextmanager
    def change(self, command: str, summary: str = "") -> Iterator["Recorded"]:
        """One command's writes, all or none, kept so that `undo` can take them back.

        The summary is shown by `undo --list`; it must hold no journal text.
        """
        with self.draft():
            change_id = self.db.execute(
                "INSERT INTO changes (command, at, summary) VALUES (?, ?, ?) RETURNING id",
                (command, utc_text(datetime.now(UTC)), summary),
            ).fetchone()[0]
            self.db.execute("UPDATE recording SET change_id = ?", (change_id,))
            recorded = Recorded(summary)
            yield recorded
            self.db.execute("UPDATE recording SET change_id = NULL")
            if self.row("SELECT 1 FROM undo_rows WHERE change_id = ? LIMIT 1", (change_id,)) is None:
                self.db.execute("DELETE FROM changes WHERE id = ?", (change_id,))
            elif recorded.summary != summary:
                self.db.execute("UPDATE changes SET summary = ? WHERE id = ?", (recorded.summary, change_id))
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
