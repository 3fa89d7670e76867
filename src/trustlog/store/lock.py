"""Who may touch the journal's file: whoever opens it shares a lock, whoever replaces it holds the lock alone."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trustlog import files
from trustlog.errors import UserError

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


def share(path: Path, place: Path | None = None) -> int | None:
    """Hold the lock together with other openers until `release`; None where nothing can be written.

    `place` is the lock file, for whoever has asked for it already. Raises UserError `conflict` if a replacer does not
    end in time.
    """
    place = place or beside(path)
    try:
        held = files.regular(place, os.O_RDONLY | os.O_CREAT)
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
    held = files.regular(beside(path), os.O_RDWR | os.O_CREAT)
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
        from trustlog.store.failures import Wait, this_run

        wait = Wait(seconds, f"Another trustlog {holds.format(path.name)}", this_run.say)
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
