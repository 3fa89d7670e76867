"""Journals that are opened with care: a file with two names, a log where nothing can be written."""

import os
import shlex
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from trustlog.store.driver import LOGS, Connection, OperationalError, connect
from trustlog.store.waiting import talk


class Links(NamedTuple):
    """A file, and its other names in the same folder; `elsewhere` counts those that lie in other folders."""

    file: Path
    beside: tuple[Path, ...]
    elsewhere: int

    @property
    def shared(self) -> bool:
        return bool(self.beside or self.elsewhere)

    def told(self) -> tuple[str, str]:
        """What is wrong and what helps, each in a line."""
        named = str(self.beside[0]) if self.beside else "elsewhere"
        problem = f"{self.file} has another name on the disk, {named}, and what is written by two names is lost"
        here = shlex.quote(str(self.file))
        if not self.beside:
            return problem, f"Find it with: find / -xdev -samefile {here} and remove one of the two."
        other = shlex.quote(str(self.beside[0]))
        log = Path(f"{self.beside[0]}-wal")
        if not log.exists() or not log.stat().st_size:
            return problem, f"Keep one of them: rm {other}"
        export = f"trustlog --db {other} export --include-reflections other.json"
        cure = f"Its log holds changes, so first: {export} and then: rm {other} {shlex.quote(str(log))}"
        return problem, f"{cure} and then: trustlog import other.json"


def of(path: Path) -> Links:
    """The other names of a file, but for the one by which it was made: a kill may leave that, and nobody opens it."""
    file = Path(os.path.realpath(path))
    ours, beside = 1, []
    with os.scandir(file.parent) as entries:
        same = [one.name for one in entries if one.name != file.name and _is(one, file)]
    for name in sorted(same):
        if name.startswith(f".{file.name}.") and name.endswith(".new"):
            ours += 1
        else:
            beside.append(file.with_name(name))
    # counted last: whoever makes the journal may have removed the first name meanwhile
    return Links(file, tuple(beside), max(0, file.stat().st_nlink - ours - len(beside)))


def _is(entry: os.DirEntry[str], file: Path) -> bool:
    try:
        return entry.is_file(follow_symlinks=False) and os.path.samestat(entry.stat(follow_symlinks=False), file.stat())
    except OSError:  # gone meanwhile
        return False


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
