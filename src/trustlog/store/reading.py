"""Connecting to a journal's file for reading, also where nothing can be written or it has two names."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from trustlog.errors import UserError
from trustlog.store.driver import APPLICATION_ID, LOGS, PLAIN, SCHEMA_VERSION, DatabaseError, OperationalError, connect
from trustlog.store.failures import Connection, this_run

FARTHEST = SCHEMA_VERSION + 100
"""A higher number than this no version of the program writes for years to come: it is damage."""


def connect_journal(path: Path) -> tuple[Connection, bool]:
    """A connection for reading, and whether it reads the file as it lies because nothing can be written to it."""
    if links_of(path) is not None:
        # its name has a log of its own, which must not be folded in under the other name
        return connected(path), True
    return connect_reading(path)


def connect_reading(path: Path) -> tuple[Connection, bool]:
    """A connection to any file of ours for reading, and whether it is read as it lies.

    Raises DatabaseError, UserError.
    """
    try:
        db = connect(path, "rw")
        with closing_on_error(db):
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except OperationalError as error:
        if not path.is_file() or not is_why(error):
            raise
        return connected(path), True
    return db, False


def links_of(path: Path) -> "Links | None":
    """The other names of a journal on its disk, if it has any: SQLite keeps a log by the name, so that two are lost."""
    if path.stat().st_nlink < 2:
        return None
    found = of(path)
    return found if found.shared else None


def refuse_links(path: Path) -> None:
    """Raises UserError `conflict` if a journal that is about to be written has another name."""
    if (found := links_of(path)) is not None:
        raise UserError("conflict", *found.told())


def is_ours(db: Connection) -> bool:
    """Whether a file has the tables of a journal, whatever its mark says."""
    sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('entries', 'undo_rows')"
    return bool(db.value(sql) == 2)


@contextmanager
def closing_on_error(db: Connection) -> Iterator[None]:
    """A connection that cannot be used is let go at once."""
    try:
        yield
    except BaseException:
        db.close()
        raise


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
        import shlex  # only where a journal has two names

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
        same = [entry.name for entry in entries if entry.name != file.name and _is(entry, file)]
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
    this_run.say(
        f"What was written last is not in this answer: it lies in {names}, which could not be read here"
        f" ({getattr(why, 'strerror', None) or why}). Copy {path.name} and {names} to where you can write."
    )
    return connect(path, "immutable")


def _copied(files: list[Path], place: Path | None) -> Connection:
    """A copy in memory of a file with its log. Raises OSError, OperationalError, MovingError."""
    import tempfile  # 5 ms, only where nothing can be written

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


def people_in(path: Path) -> set[str] | None:
    """The uids of those a journal file knows, which tell whose copy it is; None if it cannot be read."""
    try:
        with closing(open_to_read(path)) as db:
            return {uid for (uid,) in db.execute("SELECT uid FROM managers")}
    except (DatabaseError, UserError, OSError):
        return None


def is_plain(path: Path) -> bool:
    """Whether a file that this run has not open is a journal that anybody can read."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return head.startswith(PLAIN) and is_marked(head)


def open_to_read(path: Path) -> Connection:
    """A file that nobody writes to, for reading; with what a log beside it holds, also where nothing can be written."""
    return connect_reading(path)[0] if has_log(path) else connect(path, "immutable")


def has_log(path: Path) -> bool:
    logs = (Path(f"{path}{ending}") for ending in LOGS)
    return any(log.exists() and log.stat().st_size > 0 for log in logs)


def is_marked(head: bytes) -> bool:
    return head[68:72] == APPLICATION_ID.to_bytes(4, "big")
