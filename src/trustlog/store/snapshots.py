"""Copies of the journal's file: written beside their place, checked, listed, thinned."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from trustlog import files
from trustlog.domain import snapshots
from trustlog.domain.snapshots import Counts, Inside, Snapshot, Thinned
from trustlog.errors import UserError
from trustlog.store import driver, lock
from trustlog.store.driver import APPLICATION_ID, LOGS, PLAIN, SCHEMA_VERSION, DatabaseError, connect, is_encrypted
from trustlog.store.failures import Connection, explain
from trustlog.store.reading import FARTHEST, is_marked, is_ours, logs_of, open_to_read


def is_open(folder: Path) -> bool:
    """Whether copies can be found and made in a folder; one that is not there can be made."""
    return not folder.is_dir() or os.access(folder, os.R_OK | os.W_OK | os.X_OK)


COMPANIONS = (*LOGS, "-shm")
"""The endings of what SQLite keeps beside a file; the last is an index of the first, made anew when it is missing."""


def beside(path: Path) -> AbstractContextManager[Path]:
    """A new file for its owner alone beside `path`, gone afterwards with all that SQLite put next to it."""
    return files.beside(path, COMPANIONS)


def counts(db: Connection) -> Counts:
    """How much is in an open journal."""
    return Counts(*(db.value(f"SELECT count(*) FROM {table}") for table in Counts._fields))


def is_whole(db: Connection) -> bool:
    """Whether SQLite finds nothing wrong with an open file."""
    return bool(db.value("PRAGMA integrity_check(1)") == "ok")


def write_copy(
    db: Connection, target: Path, placing: Callable[[], AbstractContextManager[None]] = nullcontext
) -> Inside:
    """Copy an open journal, as it is at this moment, to `target`, which is replaced; others may write meanwhile.

    It is put there within `placing`. Raises UserError `damaged` if the copy is not as good as it should be.
    """
    with beside(target) as new:
        # counted and copied from the same moment
        db.execute("BEGIN")
        try:
            wanted = counts(db)
            with closing(connect(new, "rw", like=db)) as copy:
                db.backup(copy)
                # one file that can also be read where nothing can be written
                copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            db.execute("ROLLBACK")
        found = checked(new, wanted)
        with placing():
            new.replace(target)
    files.sync_folder(target.parent)
    return found


def clone(source: Path, new: Path) -> None:
    """Copy a file that nobody writes to, with what its write-ahead log holds, over the empty file `new`."""
    if logs_of(source):
        with closing(open_to_read(source)) as db, closing(connect(new, "rw", like=db)) as copy:
            db.backup(copy)
        return
    with source.open("rb") as old, new.open("wb") as copied:
        shutil.copyfileobj(old, copied, 1 << 20)
        copied.flush()
        os.fsync(copied.fileno())


def checked(new: Path, wanted: Counts) -> Inside:
    """Look at a copy. Raises UserError `damaged` if it does not hold what was copied."""
    try:
        found = look(new)
    except UserError as error:
        if error.code not in ("damaged", "bad-file"):
            raise
        found = None
    if found is None or found.counts != wanted:
        raise UserError(
            "damaged", "what would be copied is damaged, so no copy was kept", "See what helps: trustlog doctor"
        )
    return found


def look(path: Path) -> Inside:
    """What a journal file holds, after checking all of it. Raises UserError `bad-file`, `too-new`, `damaged`."""
    if not path.is_file():
        raise UserError("bad-file", f"there is no file {path}", "See what there is: trustlog backup --list")
    try:
        with closing(open_to_read(path)) as db:
            return _inspected(db, path)
    except DatabaseError as error:
        known = explain(error)
        if known is not None and known.code != "damaged":
            raise
        raise _bad(path) from error


def glance(path: Path) -> Inside | None:
    """What a journal file holds, without checking it; None if it cannot be read."""
    try:
        return peek(path)
    except (DatabaseError, UserError, OSError):
        return None


def peek(path: Path) -> Inside:
    """The same; raises UserError `wrong-key`, `missing-extra`, and what the driver does for a damaged file."""
    with closing(open_to_read(path)) as db:
        return inside(db, path)


def is_foreign(path: Path) -> bool:
    """Whether a file is a database in good order that belongs to another program."""
    if not path.is_file() or is_encrypted(path):
        return False
    try:
        with closing(connect(path, "immutable")) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return bool(tables) and not is_ours(db) and is_whole(db)
    except DatabaseError:
        return False


def _inspected(db: Connection, path: Path) -> Inside:
    if db.value("PRAGMA application_id") != APPLICATION_ID:
        raise _bad(path)
    schema = db.value("PRAGMA user_version")
    if schema > FARTHEST:
        raise _bad(path)
    if schema > SCHEMA_VERSION:
        raise UserError(
            "too-new",
            f"{path} was written by a newer trustlog (schema {schema}, this one knows {SCHEMA_VERSION})",
            "Upgrade trustlog first, or take another: trustlog backup --list. Nothing was changed.",
        )
    if not is_whole(db):
        raise _bad(path)
    return inside(db, path)


def inside(db: Connection, path: Path) -> Inside:
    """What an open journal holds, without checking it."""
    newest = db.value("SELECT max(happened_on) FROM entries")
    try:
        date.fromisoformat(newest or "2026-11-23")
    except ValueError as error:
        raise DatabaseError("malformed: an entry's day") from error
    return Inside(counts(db), newest, db.value("PRAGMA user_version"), path.stat().st_size)


def _bad(path: Path) -> UserError:
    """Why a file cannot be used: it is a journal that is damaged, or none at all."""
    with path.open("rb") as file:
        head = file.read(100)
    ours = is_marked(head) if head.startswith(PLAIN) else is_encrypted(path)
    if not ours:
        taken_in = path.suffix.lower() in (".json", ".csv", ".ics")
        hint = f"Take it in with: trustlog import {path}" if taken_in else "See what there is: trustlog backup --list"
        return UserError("bad-file", f"{path} is not a journal of trustlog", hint)
    return UserError("damaged", f"{path} is damaged; nothing was changed", "Take another: trustlog backup --list")


class Snapshots:
    """The copies of one journal. `file` is the journal, `folder` the snapshots folder of the home.

    `real`, `real_folder` and `home` are without links, so that a file is never met under two names.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.journal = files.daily_name(file, folder)

    @property
    def real(self) -> Path:
        return Path(os.path.realpath(self.file))

    @property
    def real_folder(self) -> Path:
        return Path(os.path.realpath(self.folder))

    @property
    def home(self) -> Path:
        return Path(os.path.realpath(self.folder.parent))

    def all(self, now: datetime | None = None) -> list[Snapshot]:
        """The copies of this journal, the one that was made last first (domain.snapshots.newest_first)."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 - asked on every report, and a name is all that is needed
        except OSError:
            return []
        found = [name for name in map(snapshots.read_name, names) if name is not None and name.journal == self.journal]
        return snapshots.newest_first(found, now)

    def path(self, snapshot: Snapshot) -> Path:
        return self.folder / snapshot.name

    def take(self, now: datetime, why: str, write: Callable[[Path], Inside]) -> Snapshot:
        """A copy that `write` makes under a new name. Raises what `write` raises."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = now.astimezone(UTC).replace(microsecond=0)
        made = Snapshot(self.journal, at, why, number=snapshots.next_number(self.all()))
        write(self.path(made))
        return made

    def thin(self, now: datetime) -> Thinned:
        """Let go of one of the older copies and pin those that hold more (domain.snapshots.thinned)."""

        @cache
        def holds(snapshot: Snapshot) -> Counts | None:
            inside = glance(self.path(snapshot))
            return inside.counts if inside is not None else None

        found = snapshots.thinned(self.all(), now, holds)
        fuller = tuple(one._replace(copy=self.pin(one.copy)) for one in found.fuller)
        if found.gone is not None:
            self.path(found.gone).unlink(missing_ok=True)
        return found._replace(fuller=fuller)

    def pin(self, snapshot: Snapshot) -> Snapshot:
        """Keep a copy until the person deletes it."""
        pinned = snapshot._replace(pinned=True)
        self.path(snapshot).replace(self.path(pinned))
        return pinned

    def of_open(self, db: Connection, now: datetime, why: str = "") -> Snapshot:
        """A copy of an open journal. Raises UserError `conflict` if that was replaced meanwhile."""
        return self.take(now, why, lambda target: write_copy(db, target, self._still_the_same))

    @contextmanager
    def _still_the_same(self) -> Iterator[None]:
        """Hold the journal where it is while a copy is put among the others: one of a journal that was replaced since
        may be plain beside an encrypted one, or hold somebody who was forgotten."""
        held = lock.share(self.file)
        try:
            if not driver.was_opened(self.file):
                raise UserError("conflict", "the journal was replaced while it was copied", "Try again.")
            yield
        finally:
            lock.release(held)

    def of_closed(self, now: datetime, why: str) -> Snapshot:
        """A copy of the journal while nobody has it open. Raises UserError `damaged`, `bad-file`."""

        def write(target: Path) -> Inside:
            with beside(target) as new:
                clone(self.file, new)
                found = look(new)
                new.replace(target)
            files.sync_folder(target.parent)
            return found

        return self.take(now, why, write)
