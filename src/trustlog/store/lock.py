"""Who may touch the journal's file, and waiting aloud for whoever holds it."""

import errno
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any, TypeVar

from trustlog.errors import UserError

SILENT = 1.0
"""Seconds of waiting before a word is said of it."""


PATIENCE = 60.0
"""Seconds that a statement waits for its turn; eight writers at once need a second."""
STEP_MS = 100
"""Milliseconds of it that SQLite waits by itself, in which it hears no Ctrl-C."""
T = TypeVar("T")


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


def until_free(run: Callable[[], T], wait: Wait) -> T:
    """What a statement gives once nobody else holds the file. Raises what it raised when the time is over.

    SQLite itself waits a little in `run`, so that there is no pause here.
    """
    while True:
        try:
            return run()
        except Exception as error:
            if not is_busy(error) or not wait.goes_on():
                raise


def is_busy(error: BaseException) -> bool:
    """Whether somebody else holds the file, so that the same statement may pass later."""
    code = int(getattr(error, "sqlite_errorcode", 0))
    # who reads an older state can never write on top of it, however long it waits
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT


class Talk:
    """What the store says beside the answer while it works: the session says where to, and nothing is said twice."""

    def __init__(self) -> None:
        self.use(None)

    def use(self, note: Callable[[str], None] | None) -> None:
        """Begin a run: where what is said goes; None is nowhere."""
        self._note = note
        self._said: set[str] = set()

    def say(self, text: str) -> None:
        if self._note is not None and text not in self._said:
            self._said.add(text)
            self._note(text)


talk = Talk()


class Waits:
    """How a connection waits for the locks of others: in steps so short that Ctrl-C ends it at once."""

    name = "the journal"
    """What the file is called, for whoever waits for it."""
    patience = PATIENCE
    """Seconds after which a statement that finds the file locked fails."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        run: Callable[..., sqlite3.Cursor] = super().execute  # type: ignore[misc]  # a driver's, which stands behind it
        try:
            return run(sql, parameters)
        except OperationalError as error:
            if not self.patience or not is_busy(error):
                raise
        wait = Wait(self.patience, f"Another program holds {self.name}", talk.say)
        return until_free(lambda: run(sql, parameters), wait)

    def fold(self, seconds: float) -> bool:
        """Fold the write-ahead log into its file; False if others read from it for so many seconds."""
        wait = Wait(seconds, f"Another program reads {self.name}", talk.say)
        while self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
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


if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


SHARED_WAIT = 60.0
"""Seconds that an opener waits while the journal is being replaced."""
ALONE_WAIT = 10.0
"""Seconds that a replacer waits for those who have the journal open; one may sit at a question."""
UNFINISHED = ".unfinished"
"""How the name of an intent (intent.py) ends, where that of the lock ends with `.lock`; said here, because every
command asks whether there is one, and none but a rare one reads it."""
_ASIDE = 2.0  # seconds that an opener lets a waiting replacer go first
_FRESH = 1.0  # a replacer that waits renews its mark more often than this
_PAUSE = 0.01


# where nobody can write there is nobody to wait for
_NO_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)
_FIRST_SLOT, _SLOTS = 1024, 64


def beside(path: Path) -> Path:
    """The lock file of a journal; of one that is a link, beside the file it leads to."""
    real = os.path.realpath(path)
    folder, name = os.path.split(real)
    return Path(folder, f".{name}.lock")


def share(path: Path) -> int | None:
    """Hold the lock together with other openers until `release`; None where nothing can be written.

    Raises UserError `conflict` if a replacer does not end in time.
    """
    return share_at(path, beside(path))


def share_at(path: Path, place: Path) -> int | None:
    """The same, by the name of the lock file, for whoever has asked for it already."""
    try:
        held = os.open(place, os.O_RDONLY | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno in _NO_PLACE:
            return None
        raise
    try:
        _step_aside(held)
        _wait(held, path, alone=False, seconds=SHARED_WAIT)
    except BaseException:
        os.close(held)
        raise
    return held


def release(held: int | None) -> None:
    """Let go of what `share` gave."""
    if held is not None:
        os.close(held)


@contextmanager
def alone(path: Path, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock while nobody has the journal open. Raises UserError `conflict` if somebody keeps it open."""
    held = os.open(beside(path), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(held, path, alone=True, seconds=ALONE_WAIT if seconds is None else seconds)
        yield
    finally:
        os.close(held)


def take(held: int) -> bool:
    """Take the lock of an open file alone if nobody has it, and hold it until the file is closed."""
    return _taken(held, alone=True)


def _wait(held: int, path: Path, *, alone: bool, seconds: float) -> None:
    try:
        if _taken(held, alone=alone):
            return
        holds = "has {} open" if alone else "is putting another file in the place of {}"
        wait = Wait(seconds, f"Another trustlog {holds.format(path.name)}", talk.say)
        while not _taken(held, alone=alone):
            if not wait.goes_on():
                raise UserError("conflict", "another program holds the journal", "Close it and try again.")
            if alone:
                _mark(held)
            time.sleep(_PAUSE)
    finally:
        if alone:
            with suppress(OSError):
                os.ftruncate(held, 0)


def _mark(held: int) -> None:
    """Say that a replacer waits: openers overlap, so that without a mark its turn might never come."""
    with suppress(OSError):  # it is a courtesy only
        os.lseek(held, 0, os.SEEK_SET)
        os.write(held, b"!")


def _step_aside(held: int) -> None:
    until = time.monotonic() + _ASIDE
    while (seen := os.fstat(held)).st_size and abs(time.time() - seen.st_mtime) < _FRESH and time.monotonic() < until:
        time.sleep(_PAUSE)


if sys.platform == "win32":

    def _taken(held: int, *, alone: bool) -> bool:
        """Windows locks bytes for one holder only: an opener takes any one of the slots, a replacer takes all."""
        for slot in [0] if alone else [(os.getpid() + more) % _SLOTS for more in range(_SLOTS)]:
            os.lseek(held, _FIRST_SLOT + slot, os.SEEK_SET)
            try:
                msvcrt.locking(held, msvcrt.LK_NBLCK, _SLOTS if alone else 1)
            except OSError:
                continue
            return True
        return False

else:

    def _taken(held: int, *, alone: bool) -> bool:
        try:
            fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
