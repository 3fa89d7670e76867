"""What the drivers' errors mean to a person, with a cure."""

from contextlib import suppress
from pathlib import Path
from sqlite3 import DatabaseError, OperationalError

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
    if name == "SQLITE_IOERR" and any(map(_is_full, opened_folders)):  # what is said when a log's index finds no room
        name = "SQLITE_FULL"
    if "unsupported file format" in str(error):  # a damaged head, which SQLite tells by no code of its own
        name = "SQLITE_CORRUPT"
    if not name and (type(error) is DatabaseError or isinstance(error, OperationalError)):
        # raised while a row was read: a text that is no UTF-8, or an entry that only damage can have written
        return UserError(*_UNREADABLE)
    return UserError(*_MEANINGS[name]) if name in _MEANINGS else None


opened_folders: set[Path] = set()
"""Where this run opened files."""


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
