"""The one module that knows the SQLite driver: connections, and what its errors mean to a person."""

import sqlite3
from pathlib import Path
from sqlite3 import Connection, DatabaseError, IntegrityError, OperationalError, Row
from typing import Literal

from trustlog.errors import UserError

__all__ = ["Connection", "DatabaseError", "IntegrityError", "OperationalError", "Row", "connect", "explain"]

BUSY_MS = 60_000
"""How long a writer waits for its turn; eight at once need a second."""


def connect(path: Path | None, mode: Literal["rw", "immutable", "memory"]) -> Connection:
    """A connection without implicit transactions. `immutable` reads where nothing can be written."""
    if path is None or mode == "memory":
        db = sqlite3.connect(":memory:", isolation_level=None)
    else:
        query = "mode=ro&immutable=1" if mode == "immutable" else "mode=rw"
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{query}", uri=True, isolation_level=None)
    db.row_factory = Row
    try:
        db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        db.execute("PRAGMA foreign_keys = ON")
        # SQLite's own scratch files would hold journal text outside the home
        db.execute("PRAGMA temp_store = MEMORY")
        if mode == "rw":
            # an acknowledged entry survives a power cut
            db.execute("PRAGMA synchronous = FULL")
    except DatabaseError:
        db.close()
        raise
    return db


def explain(error: BaseException) -> UserError | None:
    """A driver's error in words with a cure, or None if it is a fault of ours."""
    if not isinstance(error, DatabaseError):
        return None
    said = str(error)
    return next((UserError(*words) for signs, words in _MEANINGS if any(sign in said for sign in signs)), None)


_MEANINGS = (
    (("disk is full",), ("disk-full", "the disk is full, so nothing was written", "Free some space and try again.")),
    (("disk I/O",), ("not-writable", "the disk did not read or write the journal", "Check the disk and try again.")),
    (
        ("readonly", "unable to open"),
        (
            "not-writable",
            "the journal cannot be opened for writing",
            "Check who owns its folder, and if it is read-only.",
        ),
    ),
    (("locked", "busy"), ("conflict", "another program holds the journal", "Close it and try again.")),
    (
        ("malformed", "not a database"),
        (
            "damaged",
            "the journal file is damaged; it was left as it is",
            "Put a copy from the snapshots folder, or from your own backup, in its place.",
        ),
    ),
)
"""What SQLite says, and what that means to a person. Anything else is a fault of ours."""
