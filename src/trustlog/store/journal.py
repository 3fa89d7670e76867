"""The opened journal: one connection, its transactions, and what each of them changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trustlog.errors import UserError
from trustlog.store.disk import lock
from trustlog.store.disk.driver import Connection, DatabaseError, OperationalError, Row, connect

SCHEMA_VERSION = 2
"""The number of migrations in migrations.py, kept in the file as `PRAGMA user_version`."""
APPLICATION_ID = 0x74727573
"""`trus`: tells a journal from any other SQLite file."""


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
        _check_place(path)
        if not path.exists():
            _make_folder(path.parent)
        held = lock.share(path)  # until it is closed: nobody writes into a file that is being replaced
        with _releasing_on_error(held):
            if not path.exists():
                from trustlog.store import schema  # 50 ms, once in a journal's life

                try:
                    schema.create(path)
                except PermissionError as error:
                    raise _not_writable(path.parent) from error
            db = connect(path, "rw")
            with _closing_on_error(db):
                behind = _behind(db, path)
                if behind:
                    from trustlog.store import schema  # 50 ms, once after an upgrade of the program

                    schema.upgrade(db, path, snapshots)
                return cls(db, upgraded=behind, held=held)

    @classmethod
    def read(cls, path: Path, snapshots: Path) -> "Journal":
        """Open for reading, also where nothing can be written; a journal that is not there yet is empty."""
        _check_place(path)
        if not path.exists():
            from trustlog.store import schema  # 50 ms, only in a home without a journal

            return cls(schema.in_memory())
        # what is open may be replaced under a reader, but not while it opens one file after the other
        held = lock.share(path)
        try:
            db = _connect_reading(path)
            upgraded = False
            with _closing_on_error(db):
                if _behind(db, path):
                    from trustlog.store import schema  # 50 ms, once after an upgrade of the program

                    try:
                        schema.upgrade(db, path, snapshots)
                        upgraded = True
                    except (OSError, OperationalError):  # nothing can be written here: read an upgraded copy
                        copy = schema.in_memory(db)
                        db.close()
                        db = copy
                db.execute("PRAGMA query_only = ON")
            return cls(db, upgraded=upgraded)
        finally:
            lock.release(held)

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


def _check_place(path: Path) -> None:
    """Refuse what is there but can be no journal, before SQLite gives it a misleading name."""
    if path.is_symlink() and not path.exists():
        raise UserError("bad-file", f"{path} points to {path.readlink()}, which is not there", "Is a disk missing?")
    if path.exists() and not path.is_file():
        raise UserError("bad-file", f"{path} is not a file", "Name another with --db.")


def _connect_reading(path: Path) -> Connection:
    try:
        db = connect(path, "rw")
        with _closing_on_error(db):
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except OperationalError:
        if not path.is_file():
            raise
        # a read-only place has no room for the write-ahead log; nobody else writes there either
        return connect(path, "immutable")
    return db


def _behind(db: Connection, path: Path) -> bool:
    """Whether the journal needs an upgrade. Raises UserError for a file that is none, or a newer one."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if ours and db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'entries'").fetchone()[0] == 0:
        raise DatabaseError("malformed: no entries")  # ours by its mark and yet empty
    if ours and version <= SCHEMA_VERSION:
        return bool(version < SCHEMA_VERSION)
    if path.stat().st_size == 0:
        raise UserError(
            "damaged",
            f"the journal {path} is empty, which it never is",
            "Take the newest good copy with: trustlog restore (your own backup: trustlog restore FILE)",
        )
    if not ours:
        raise UserError("bad-file", f"{path} is not a journal of trustlog", "Name another file with --db.")
    raise UserError(
        "too-new",
        f"{path} was written by a newer trustlog (schema {version}, this one knows {SCHEMA_VERSION})",
        "Upgrade trustlog; the journal was left as it is.",
    )


@contextmanager
def _releasing_on_error(held: int | None) -> Iterator[None]:
    try:
        yield
    except BaseException:
        lock.release(held)
        raise


@contextmanager
def _closing_on_error(db: Connection) -> Iterator[None]:
    """A connection that cannot be used is let go at once."""
    try:
        yield
    except BaseException:
        db.close()
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


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UserError(
            "not-writable", f"{folder} is a file, not a folder", "Name a folder in TRUSTLOG_HOME."
        ) from error
    except OSError as error:
        raise _not_writable(folder) from error


def _not_writable(folder: Path) -> UserError:
    hint = "Check who owns it, or set TRUSTLOG_HOME to another folder."
    return UserError("not-writable", f"cannot write in {folder}", hint)
