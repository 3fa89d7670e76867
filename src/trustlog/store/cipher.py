"""SQLCipher: how an encrypted file is told from others, and opened. Loaded only where there is one."""

import sqlite3
import sys
import zlib
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any, BinaryIO, cast

from trustlog.errors import UserError
from trustlog.store.waiting import Connection, Waits

PAGE = 4096
"""The bytes of SQLCipher's page, which is the unit of its noise."""


def is_noise(file: BinaryIO, size: int) -> bool:
    """Whether an open file is encrypted: its first page and its middle or last one cannot be compressed.

    Every page of a plain journal can, and damage spoils one of them at the most.
    """
    if size < PAGE:
        return False
    last = size // PAGE - 1
    first, *others = (_is_sealed(file, page) for page in (0, (last + 1) // 2, last))
    return first and any(others)


def connect(path: Path | None, uri: str, key: str) -> Connection:
    """A connection with its key. Raises UserError `wrong-key`, `missing-extra`; DatabaseError if it is damaged."""
    db = opened(uri)
    try:
        db.row_factory = load().Row
        if path is not None:
            db.name = path.name
        unlock(db, key)
        if path is not None:
            _check(db, path)
    except BaseException:
        db.close()
        raise
    return cast("Connection", db)


def opened(uri: str) -> Any:
    """A connection of this driver that has no key yet and waits as ours do. Raises UserError `missing-extra`."""
    driver = load()
    return driver.connect(uri, uri=True, isolation_level=None, factory=type("Sealed", (Waits, driver.Connection), {}))


def unlock(db: Any, key: str) -> None:
    """Hand the key to a connection that has read nothing yet."""
    # or its C library would write about a wrong key on stderr
    db.execute("PRAGMA cipher_log_level = none")
    said = spelled(key)
    quoted = f'"{said}"' if said != key else "'" + key.replace("'", "''") + "'"
    db.execute(f"PRAGMA key = {quoted}")


def spelled(key: str) -> str:
    """A key as SQLCipher takes it: 64 hex digits are the key itself, from anything else it derives one."""
    if not key:
        raise UserError("wrong-key", "the key is empty", "An empty key would encrypt nothing.")
    raw = len(key) == 64 and not key.strip("0123456789abcdefABCDEF")
    return f"x'{key}'" if raw else key


def load() -> Any:
    """The driver, its errors made kin of sqlite3's. Raises UserError `missing-extra`."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise UserError(
            "missing-extra",
            "the journal is encrypted, and SQLCipher is not installed",
            f"Install it: {Path(sys.executable).name} -m pip install 'trustlog[encrypt]'",
        ) from error
    for name in ("DatabaseError", "OperationalError", "IntegrityError", "ProgrammingError", "NotSupportedError"):
        theirs, ours = getattr(dbapi2, name), getattr(sqlite3, name)
        if not issubclass(theirs, ours):
            # they share no base, so that every `except` here and in sqlite-utils would miss them
            theirs.__bases__ = (*theirs.__bases__, ours)
    return dbapi2


def _check(db: Any, path: Path) -> None:
    """Read for the first time, which a wrong key cannot."""
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError as error:
        if "not a database" not in str(error):
            raise
        failing = len(db.execute("PRAGMA cipher_integrity_check").fetchall())
        if failing < path.stat().st_size // PAGE:  # the key fits other pages
            raise DatabaseError("malformed: the first page") from error
        raise UserError(
            "wrong-key",
            f"the key does not open {path.name}",
            "Nothing was changed. If you are sure of the key, the file is damaged: trustlog restore",
        ) from error


def _is_sealed(file: BinaryIO, page: int) -> bool:
    file.seek(page * PAGE)
    return len(zlib.compress(file.read(PAGE))) > PAGE
