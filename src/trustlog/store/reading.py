"""Connecting to a journal's file for reading, also where nothing can be written or it has two names."""

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from trustlog.errors import UserError
from trustlog.store.driver import APPLICATION_ID, LOGS, PLAIN, SCHEMA_VERSION, DatabaseError, OperationalError, connect
from trustlog.store.failures import Connection, this_run

FARTHEST = SCHEMA_VERSION + 100
"""A higher number than this no version of the program writes for years to come: it is damage."""


def connect_reading(path: Path) -> tuple[Connection, bool]:
    """A connection to any file of ours for reading, and whether it is read as it lies because nothing can be written.

    Raises DatabaseError, UserError.
    """
    try:
        with ExitStack() as opened:
            db = opened.enter_context(closing(connect(path, "rw")))
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
            opened.pop_all()
            return db, False
    except OperationalError as error:
        if not path.is_file() or not is_why(error):
            raise
        return connected(path), True


def other_name(path: Path) -> UserError | None:
    """What is wrong, and what helps, if a journal has another name on its disk: SQLite keeps a log by the name, so that
    what is written by two names is lost."""
    if path.stat().st_nlink < 2:
        return None
    file = Path(os.path.realpath(path))
    with os.scandir(file.parent) as entries:
        same = sorted(entry.name for entry in entries if entry.name != file.name and _is(entry, file))
    # but for the name by which it was made: a kill may leave that, and nobody opens it
    beside = [name for name in same if not (name.startswith(f".{file.name}.") and name.endswith(".new"))]
    # counted last: whoever makes the journal may have removed the first name meanwhile
    elsewhere = file.stat().st_nlink > 1 + len(same)
    if not beside and not elsewhere:
        return None
    other = file.with_name(beside[0]) if beside else None
    problem = f"{file} has another name on the disk, {other or 'elsewhere'}, and what is written by two names is lost"
    return UserError("conflict", problem, _letting_go_of(other, file))


def _letting_go_of(other: Path | None, file: Path) -> str:
    """How a journal comes to have one name only, with what the log of the other one holds."""
    import shlex  # only where a journal has two names

    if other is None:
        return f"Find it with: find / -xdev -samefile {shlex.quote(str(file))} and remove one of the two."
    quoted, log = shlex.quote(str(other)), Path(f"{other}-wal")
    if not log.exists() or not log.stat().st_size:
        return f"Keep one of them: rm {quoted}"
    export = f"trustlog --db {quoted} export --include-reflections other.json"
    cure = f"Its log holds changes, so first: {export} and then: rm {quoted} {shlex.quote(str(log))}"
    return f"{cure} and then: trustlog import other.json"


def refuse_links(path: Path) -> None:
    """Raises UserError `conflict` if a journal that is about to be written has another name."""
    if (found := other_name(path)) is not None:
        raise found


def is_ours(db: Connection) -> bool:
    """Whether a file has the tables of a journal, whatever its mark says."""
    sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('entries', 'undo_rows')"
    return bool(db.value(sql) == 2)


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
    logs = logs_of(path)
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
    return connect_reading(path)[0] if logs_of(path) else connect(path, "immutable")


def logs_of(path: Path) -> list[Path]:
    """The files beside a journal that hold changes of it."""
    return [log for ending in LOGS if (log := Path(f"{path}{ending}")).exists() and log.stat().st_size]


def is_marked(head: bytes) -> bool:
    return head[68:72] == APPLICATION_ID.to_bytes(4, "big")
