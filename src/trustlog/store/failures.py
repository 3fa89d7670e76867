"""What SQLite refuses, as an answer, and the waiting for whoever holds a file: after a second it is said for what."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import DatabaseError, OperationalError
from typing import Any

from trustlog.errors import UserError

LOG_INDEX = 1 << 15
"""The room that a write-ahead log's index takes at least, in bytes."""


class DamagedFileError(DatabaseError):
    """A file that is no whole journal, as it was found by us and not by SQLite."""


def error_name(error: BaseException) -> str:
    """SQLite's name of an error, without what extends it: `SQLITE_BUSY`. Empty for what SQLite did not say."""
    name = _NAMES.get(str(error)) or getattr(error, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def explain(error: BaseException) -> UserError | None:
    """A driver's error in words with a cure, or None if it is a fault of ours."""
    if not isinstance(error, DatabaseError):
        return None
    name = "SQLITE_CORRUPT" if isinstance(error, DamagedFileError) else error_name(error)
    if name == "SQLITE_IOERR" and any(map(_is_full, this_run.folders)):  # what is said when a log's index finds no room
        name = "SQLITE_FULL"
    if "unsupported file format" in str(error):  # a damaged head, which SQLite tells by no code of its own
        name = "SQLITE_CORRUPT"
    if not name and (type(error) is DatabaseError or isinstance(error, OperationalError)):
        # raised while a row was read: a text that is no UTF-8, or an entry that only damage can have written
        return UserError(*_UNREADABLE)
    return UserError(*_MEANINGS[name]) if name in _MEANINGS else None


def _is_full(folder: Path) -> bool:
    from shutil import disk_usage  # only when a disk made trouble

    with suppress(OSError):
        return disk_usage(folder).free < LOG_INDEX
    return False


_CLOSED = (
    "not-writable", "the journal cannot be opened for writing", "Check who owns its folder, and if it is read-only.",
)  # fmt: skip
_HELD = ("conflict", "another program holds the journal", "Close it and try again.")
_DAMAGED = (
    "damaged", "the journal file is damaged; it was left as it is",
    "Take the newest good copy with: trustlog restore (your own backup: trustlog restore FILE)",
)  # fmt: skip
_UNREADABLE = (
    "damaged", "a row of the journal cannot be read; it was left as it is", "See what helps: trustlog doctor",
)  # fmt: skip
_MEANINGS = {
    "SQLITE_FULL": ("disk-full", "the disk is full, so nothing was written", "Free some space and try again."),
    "SQLITE_IOERR": (
        "not-writable", "the disk did not read or write the journal", "Check the disk and try again.",
    ),
    "SQLITE_READONLY": _CLOSED, "SQLITE_CANTOPEN": _CLOSED, "SQLITE_BUSY": _HELD, "SQLITE_LOCKED": _HELD,
    "SQLITE_CORRUPT": _DAMAGED, "SQLITE_NOTADB": _DAMAGED,
}  # fmt: skip
"""What SQLite says, and what that means to a person. Anything else is a fault of ours."""
_NAMES = {
    "database or disk is full": "SQLITE_FULL", "disk I/O error": "SQLITE_IOERR",
    "attempt to write a readonly database": "SQLITE_READONLY", "unable to open database file": "SQLITE_CANTOPEN",
    "database is locked": "SQLITE_BUSY", "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
}  # fmt: skip
"""SQLite's words for a code, whole: SQLCipher's `backup` has no code, and that of `sqlcipher_export` says nothing."""


SILENT = 1.0
"""Seconds of waiting before a word is said of it."""


PATIENCE = 60.0
"""Seconds that a statement waits for its turn; eight writers at once need a second."""
STEP_MS = 100
"""Milliseconds of it that SQLite waits by itself, in which it hears no Ctrl-C."""


class Wait:
    """One wait for a lock, of so many seconds at most; `holder` says who has it, as in "Another program holds x"."""

    def __init__(self, seconds: float, holder: str, say: Callable[[str], None]) -> None:
        self._began = time.monotonic()
        self._seconds, self._holder, self._say = seconds, holder, say

    def goes_on(self) -> bool:
        """Whether there is time left; says what is waited for once that has taken a while."""
        waited = time.monotonic() - self._began
        if waited >= self._seconds:
            return False
        if waited >= SILENT:
            self._say(f"{self._holder}. Waiting for it, {self._seconds:.0f} seconds at most; Ctrl-C ends the waiting.")
        return True


def is_busy(error: BaseException) -> bool:
    """Whether somebody else holds the file, so that the same statement may pass later."""
    code = int(getattr(error, "sqlite_errorcode", 0))
    # who reads an older state can never write on top of it, however long it waits
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT


HOW_TO_GIVE = "Give its key with --key-file FILE, TRUSTLOG_KEY_FILE, or the setting key_command."


class Run:
    """What the store knows of the run that it works for; the session says it. It is held once, because what SQLite
    locks belongs to the process: a file that was opened must not be opened and closed again to look at it."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[int, int], str] = {}
        """Whether a file that was opened is plain or encrypted, by its number on its disk."""
        self.folders: set[Path] = set()
        """Where files were opened."""
        self.use_key(None)
        self.tell(None)

    def use_key(self, source: Callable[[], str] | None, *, seals_new: bool = False) -> None:
        """Where the key comes from, and whether a first journal is made encrypted."""
        self._source = source
        self._key: str | None = None
        self.seals_new = seals_new

    def key(self) -> str:
        """The key, asked for once. Raises UserError `wrong-key`, and what the source raises."""
        if self._key is None:
            if self._source is None:
                raise UserError("wrong-key", "the journal is encrypted", HOW_TO_GIVE)
            self._key = self._source()
        return self._key

    def tell(self, note: Callable[[str], None] | None) -> None:
        """Where what is said beside the answer goes; None is nowhere."""
        self._note = note
        self._said: set[str] = set()

    def say(self, text: str) -> None:
        """Say something beside the answer; nothing is said twice."""
        if self._note is not None and text not in self._said:
            self._said.add(text)
            self._note(text)


this_run = Run()


class Waits:
    """How a connection waits for the locks of others: in steps so short that Ctrl-C ends it at once."""

    name = "the journal"
    """What the file is called, for whoever waits for it."""
    patience = PATIENCE
    """Seconds after which a statement that finds the file locked fails."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        run: Callable[..., sqlite3.Cursor] = super().execute  # type: ignore[misc]  # a driver's, which stands behind it
        wait: Wait | None = None
        while True:  # SQLite itself waits a little in `run`, so that there is no pause here
            try:
                return run(sql, parameters)
            except UnicodeDecodeError as error:  # SQLite names what is damaged in its own damaged words
                raise DamagedFileError("a name") from error
            except OperationalError as error:
                if not self.patience or not is_busy(error):
                    raise
                wait = wait or Wait(self.patience, f"Another program holds {self.name}", this_run.say)
                if not wait.goes_on():
                    raise

    def value(self, sql: str, parameters: Any = ()) -> Any:
        """The one column of the first row; None if there is no row."""
        row = self.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def fold(self, seconds: float) -> bool:
        """Fold the write-ahead log into its file; False if others read from it for so many seconds."""
        wait = Wait(seconds, f"Another program reads {self.name}", this_run.say)
        while self.value("PRAGMA wal_checkpoint(TRUNCATE)"):
            if not wait.goes_on():
                return False
        return True

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Within it nobody is waited for."""
        self.patience = 0.0
        self.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.patience = PATIENCE
            self.execute(f"PRAGMA busy_timeout = {STEP_MS}")


class Connection(Waits, sqlite3.Connection):
    """A connection to a plain file; one to an encrypted file has the same methods."""
