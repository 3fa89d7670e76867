"""Copies of a journal's file: written beside their place, checked, then moved there."""

import os
import shutil
from contextlib import AbstractContextManager, closing
from pathlib import Path

from trustlog import files
from trustlog.domain.keeping import Counts, Inside
from trustlog.errors import UserError
from trustlog.store.disk.driver import PLAIN, Connection, DatabaseError, connect, explain, is_encrypted
from trustlog.store.disk.opening import APPLICATION_ID, SCHEMA_VERSION

COMPANIONS = ("-wal", "-shm", "-journal")
"""The endings of what SQLite keeps beside a file."""


def beside(path: Path) -> AbstractContextManager[Path]:
    """A new file for its owner alone beside `path`, gone afterwards with all that SQLite put next to it."""
    return files.beside(path, COMPANIONS)


def counts(db: Connection) -> Counts:
    """How much is in an open journal."""
    return Counts(*(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in Counts._fields))


def is_whole(db: Connection) -> bool:
    """Whether SQLite finds nothing wrong with an open file."""
    return bool(db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")


def write(db: Connection, target: Path) -> Inside:
    """Copy an open journal, as it is at this moment, to `target`, which is replaced; others may write meanwhile.

    Raises UserError `damaged` if the copy is not as good as it should be.
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
        new.replace(target)
    files.sync_folder(target.parent)
    return found


def clone(source: Path, new: Path) -> None:
    """Copy a file that nobody writes to, with what its write-ahead log holds, over the empty file `new`."""
    if _has_log(source):
        with closing(connect(source, "rw")) as db, closing(connect(new, "rw", like=db)) as copy:
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
        raise UserError("bad-file", f"there is no file {path}", "See what there is: trustlog snapshots")
    try:
        with closing(connect(path, "rw" if _has_log(path) else "immutable")) as db:
            return _inspected(db, path)
    except DatabaseError as error:
        known = explain(error)
        if known is not None and known.code != "damaged":
            raise
        raise _bad(path) from error


def glance(path: Path) -> Inside | None:
    """What a journal file holds, without checking it; None if it cannot be read."""
    try:
        with closing(connect(path, "rw" if _has_log(path) else "immutable")) as db:
            return inside(db, path)
    except (DatabaseError, UserError, OSError):
        return None


def _inspected(db: Connection, path: Path) -> Inside:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _bad(path)
    schema = db.execute("PRAGMA user_version").fetchone()[0]
    if schema > SCHEMA_VERSION:
        raise UserError(
            "too-new",
            f"{path} was written by a newer trustlog (schema {schema}, this one knows {SCHEMA_VERSION})",
            "Upgrade trustlog first; nothing was changed.",
        )
    if not is_whole(db):
        raise _bad(path)
    return inside(db, path)


def inside(db: Connection, path: Path) -> Inside:
    """What an open journal holds, without checking it."""
    newest = db.execute("SELECT max(happened_on) FROM entries").fetchone()[0]
    return Inside(counts(db), newest, db.execute("PRAGMA user_version").fetchone()[0], path.stat().st_size)


def _has_log(path: Path) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _bad(path: Path) -> UserError:
    """Why a file cannot be used: it is a journal that is damaged, or none at all."""
    with path.open("rb") as file:
        head = file.read(100)
    ours = head[68:72] == APPLICATION_ID.to_bytes(4, "big") if head.startswith(PLAIN) else is_encrypted(path)
    if not ours:
        taken_in = path.suffix.lower() in (".json", ".csv", ".ics")
        hint = f"Take it in with: trustlog import {path}" if taken_in else "See what there is: trustlog snapshots"
        return UserError("bad-file", f"{path} is not a journal of trustlog", hint)
    return UserError("damaged", f"{path} is damaged; nothing was changed", "Take another: trustlog snapshots")
