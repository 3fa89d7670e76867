"""The one module that knows the SQLite drivers, plain and encrypted: connections and keys."""

import os
import sqlite3
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from sqlite3 import DatabaseError, IntegrityError, OperationalError, Row
from typing import Any, BinaryIO, Literal, cast

from trustlog import files
from trustlog.errors import UserError
from trustlog.store.failures import STEP_MS, Connection, DamagedFileError, Waits, error_name, this_run

__all__ = [
    "Connection", "DatabaseError", "IntegrityError", "OperationalError", "Row", "connect", "is_encrypted",
]  # fmt: skip


LOGS = ("-wal", "-journal")
"""The endings of what holds changes that are not in a file yet, or not any more."""
PLAIN = b"SQLite format 3\0"
"""How a plain SQLite file begins."""


Mode = Literal["rw", "immutable", "memory"]


def connect(path: Path | None, mode: Mode, like: Connection | None = None) -> Connection:
    """A connection without implicit transactions, to a plain or an encrypted file. `immutable` reads where nothing
    can be written. An empty file that another is copied into must be `like` it: SQLite refuses to copy from an
    encrypted one into a plain one, or back. Raises UserError `wrong-key`, `missing-extra`.
    """
    if path is None or mode == "memory":
        return _ready(_cipher(None, ":memory:") if _has_key(like) else _plain(":memory:"), mode)
    this_run.folders.add(path.parent)
    uri = f"{path.absolute().as_uri()}?{'mode=ro&immutable=1' if mode == 'immutable' else 'mode=rw'}"
    identity = _identity(path)
    known = this_run.kinds.get(identity) if identity else None
    kind = known or _look_at(path)
    if kind == "new" and (_has_key(like) or (like is None and this_run.seals_new)):
        kind = "encrypted"
    try:
        db = _ready(_cipher(path, uri) if kind == "encrypted" else _plain(uri, path.name), mode)
    except (DatabaseError, UserError):
        if known is None or identity is None:
            raise
        del this_run.kinds[identity]  # the number may have belonged to another file before
        return connect(path, mode, like)
    if identity:
        this_run.kinds[identity] = kind
    return db


def is_encrypted(path: Path) -> bool:
    """Whether a file that this run has not opened is encrypted."""
    return _look_at(path) == "encrypted"


def was_opened(path: Path) -> bool:
    """Whether the file that lies there now is one that this run has opened."""
    return _identity(path) in this_run.kinds


def _identity(path: Path) -> tuple[int, int] | None:
    """The number of a file on its disk; None if it is empty or not there."""
    with suppress(OSError):
        found = path.stat()
        return (found.st_dev, found.st_ino) if found.st_size else None
    return None


def _look_at(path: Path) -> str:
    """`plain`, `encrypted`, or `new` for what is empty or cannot be read. A damaged plain file is plain."""
    try:
        with open(path, "rb", opener=files.regular) as file:
            begins = file.read(len(PLAIN))
            if not begins:
                return "new"
            if begins == PLAIN:
                return "plain"
            return "encrypted" if is_noise(file, os.fstat(file.fileno()).st_size) else "plain"
    except OSError:
        return "new"


def _has_key(db: Connection | None) -> bool:
    return db is not None and not isinstance(db, sqlite3.Connection)


def _plain(uri: str, name: str = Waits.name) -> Connection:
    db = sqlite3.connect(uri, uri=True, isolation_level=None, factory=Connection)
    db.name = name
    return db


def _cipher(path: Path | None, uri: str) -> Connection:
    return connect_sealed(path, uri, this_run.key())


def _ready(db: Connection, mode: Mode) -> Connection:
    try:
        if not _has_key(db):
            db.row_factory = Row
        db.execute(f"PRAGMA busy_timeout = {STEP_MS}")
        db.execute("PRAGMA foreign_keys = ON")
        # SQLite's own scratch files would hold journal text outside the home
        db.execute("PRAGMA temp_store = MEMORY")
        if mode == "rw":
            # an acknowledged entry survives a power cut
            db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA schema_version")  # the first read, which tells whether this was the right driver
    except DatabaseError:
        db.close()
        raise
    return db


SCHEMA_VERSION = 11
"""The number of files in migrations/, kept in the file as `PRAGMA user_version`."""
APPLICATION_ID = 0x74727573
"""`trus`: tells a journal from any other SQLite file."""


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


def connect_sealed(path: Path | None, uri: str, key: str) -> Connection:
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
        if error_name(error) != "SQLITE_NOTADB":
            raise
        failing = len(db.execute("PRAGMA cipher_integrity_check").fetchall())
        if failing < path.stat().st_size // PAGE:  # the key fits other pages
            raise DamagedFileError("the first page") from error
        raise UserError(
            "wrong-key",
            f"the key does not open {path.name}",
            "Nothing was changed. If you are sure of the key, the file is damaged: trustlog restore",
        ) from error


def _is_sealed(file: BinaryIO, page: int) -> bool:
    file.seek(page * PAGE)
    return len(zlib.compress(file.read(PAGE))) > PAGE
