"""Reading where nothing can be written: a file as it lies, and what waits in the log beside it."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from trustlog.store.driver import LOGS, Connection, OperationalError, connect, talk

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, for us alone, and no text reaches a disk
_TRIES = 3
_CODES = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL)
_WRITING = ("SHM", "WRITE", "DELETE", "TRUNCATE", "FSYNC", "DIR_FSYNC")


class MovingError(Exception):
    """Somebody writes to a file while it is copied."""


def is_why(error: OperationalError) -> bool:
    """Whether a file could not be opened because SQLite cannot write there: no permission, no room, a read-only disk.

    A lock of somebody else is no such reason, nor is a disk that cannot be read.
    """
    code = int(getattr(error, "sqlite_errorcode", 0))
    detail = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_IOERR_")
    return code & 0xFF in _CODES or (code & 0xFF == sqlite3.SQLITE_IOERR and detail.startswith(_WRITING))


def connected(path: Path) -> Connection:
    """A connection that reads a file and its log and writes to neither.

    SQLite reads a log only where it can write, so that both are copied to a folder of our own, which is gone when
    this returns. Where that cannot be, what the log holds is not read, and it says so.
    """
    logs = [log for ending in LOGS if (log := Path(f"{path}{ending}")).exists() and log.stat().st_size]
    if not logs:
        return connect(path, "immutable")
    why: Exception | None = None
    for place in (_IN_MEMORY, None):
        try:
            return _copied([path, *logs], place)
        except (OSError, OperationalError, MovingError) as error:
            why = why or error
    names = " and ".join(log.name for log in logs)
    talk.say(
        f"What was written last is not in this answer: it lies in {names}, which could not be read here"
        f" ({getattr(why, 'strerror', None) or why}). Copy {path.name} and {names} to where you can write."
    )
    return connect(path, "immutable")


def _copied(files: list[Path], place: Path | None) -> Connection:
    """A copy in memory of a file with its log. Raises OSError, OperationalError, MovingError."""
    with tempfile.TemporaryDirectory(prefix="trustlog-", dir=place) as folder:
        for _ in range(_TRIES):
            before = _stamps(files)
            for file in files:
                shutil.copyfile(file, Path(folder, file.name))
            if _stamps(files) == before:
                break
        else:
            raise MovingError("another program writes to it")
        with closing(connect(Path(folder, files[0].name), "rw")) as db:
            copy = connect(None, "memory", like=db)
            db.backup(copy)
    copy.name = files[0].name
    return copy


def _stamps(files: list[Path]) -> list[tuple[int, int]]:
    return [(found.st_size, found.st_mtime_ns) for found in (file.stat() for file in files)]
