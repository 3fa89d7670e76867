"""SQLCipher: how an encrypted file is told from others, and opened. Loaded only where there is one."""

import sqlite3
import sys
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import Any, BinaryIO, cast

from trustlog.errors import UserError

PAGE = 4096
"""The bytes of SQLCipher's page, which is the unit of its noise."""


def is_noise(file: BinaryIO, size: int) -> bool:
    """Whether an open file is encrypted: its head and most of its pages are noise, which no plain page is."""
    if size < PAGE:
        return False
    pages = [_read(file, size // PAGE * part // 8 * PAGE) for part in range(8)]
    return _noisy(pages[0]) and sum(map(_noisy, pages)) > len(pages) // 2


def connect(path: Path | None, uri: str, key: str) -> Connection:
    """A connection with its key. Raises UserError `wrong-key`, `missing-extra`; DatabaseError if it is damaged."""
    driver = load()
    db = driver.connect(uri, uri=True, isolation_level=None)
    try:
        db.row_factory = driver.Row
        unlock(db, key)
        if path is not None:
            _check(db, path)
    except BaseException:
        db.close()
        raise
    return cast("Connection", db)


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
            "Nothing was changed. If you are sure of the key, the file is damaged: see the snapshots folder.",
        ) from error


def _noisy(page: bytes) -> bool:
    """Of random bytes each value comes about 16 times a page; of text and empty space some come hundreds of times."""
    return len(set(page)) > 240 and all(page.count(byte) < 72 for byte in b"\0 aeint")


def _read(file: BinaryIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(PAGE)
