"""The intent of a change of several files (changing.py): a small file beside the journal, for whoever comes next."""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.errors import UserError
from trustlog.store import lock


class Intent(NamedTuple):
    """What is being done, the mark in the names of its new files, the folder of the copies, and what goes afterwards:
    names with the kind of file they are. No key, and no text of the journal. `what` is that of Recovered."""

    what: str
    mark: str
    folder: str
    gone: tuple[str, ...]


def beside(path: Path) -> Path:
    """Where the intent of a journal lies."""
    return lock.beside(path).with_suffix(lock.UNFINISHED)


def write(place: Path, intent: Intent) -> int:
    """Write the intent so that it survives a power cut, and hold its lock. Raises UserError `conflict`."""
    try:
        held = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UserError(
            "conflict",
            "another run is changing the journal's files, or was cut off and could not be finished",
            "Wait until it has ended, and try again; see: trustlog doctor",
        ) from error
    try:
        if not lock.take(held):
            raise UserError("conflict", "another run looks at the journal's files", "Try again.")
        with os.fdopen(os.dup(held), "w", encoding="utf-8") as file:
            file.write(f"{json.dumps(intent._asdict())}\n")
            file.flush()
            os.fsync(file.fileno())
        files.sync_folder(place.parent)
    except BaseException:
        end(held, place)
        close(held, place)
        raise
    return held


def opened(place: Path) -> int:
    """Open an intent that is there, to take its lock. Raises OSError."""
    try:
        return files.regular(place, os.O_RDWR)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        return files.regular(place, os.O_RDONLY)  # where nothing can be written


def is_there(held: int, place: Path) -> bool:
    """Whether the open file still is the one of that name: the run that held its lock may have ended well."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(held), place.stat())
    return False


def read(held: int) -> Intent | None:
    """The intent; None if it was not written to its end."""
    os.lseek(held, 0, os.SEEK_SET)
    with os.fdopen(os.dup(held), encoding="utf-8", errors="replace") as file:
        try:
            told = json.load(file)
            mark = re.fullmatch("[0-9a-f]{8}", told["mark"])
            return Intent(told["what"], mark[0], told["folder"], tuple(told["gone"])) if mark else None
        except (ValueError, TypeError, KeyError, RecursionError):
            return None


def end(held: int, place: Path) -> None:
    """Nothing is left to do. Elsewhere than on POSIX an open file cannot be removed, so it is emptied first."""
    if os.name == "posix":
        place.unlink(missing_ok=True)
    else:
        os.ftruncate(held, 0)


def close(held: int, place: Path) -> None:
    """Let go of its lock."""
    ended = os.fstat(held).st_size == 0
    os.close(held)
    if ended and os.name != "posix":
        with suppress(OSError):  # somebody may look at it
            place.unlink()
