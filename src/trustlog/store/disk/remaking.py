"""Remaking a journal file encrypted, plain, or with another key: beside the old one, checked, then in its place."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from trustlog.domain.keeping import Counts
from trustlog.errors import UserError
from trustlog.store.disk import cipher, copies, driver
from trustlog.store.disk.driver import DatabaseError
from trustlog.store.disk.opening import APPLICATION_ID

Key = str | None
"""A key, or None for a plain file."""


def fitting(path: Path, keys: list[str]) -> Key:
    """The first of the keys that opens a file; None if it is plain. Raises UserError `wrong-key`, DatabaseError."""
    if not driver.is_encrypted(path):
        return None
    refused: UserError | None = None
    for key in keys:
        try:
            _open(path, key).close()
        except UserError as error:
            if error.code != "wrong-key":
                raise
            refused = error
        else:
            return key
    raise refused or UserError("wrong-key", f"{path.name} is encrypted", driver.HOW_TO_GIVE)


def remake(path: Path, key: Key, new: Path, new_key: Key) -> Counts:
    """Write all of a file into an empty one with another key, and check that it arrived; how much that is.

    Raises UserError `damaged` if it did not, DatabaseError if the old file cannot be read.
    """
    with closing(_open(path, key)) as db:
        if db.execute("PRAGMA main.application_id").fetchone()[0] != APPLICATION_ID:
            raise UserError("bad-file", f"{path.name} is not a journal of trustlog", "Move it to another place.")
        for name in ("integrity_check", "foreign_key_check"):
            if any(row[0] != "ok" for row in db.execute(f"PRAGMA main.{name}")):
                raise DatabaseError("malformed before it was copied")
        db.execute("ATTACH ? AS remade KEY ?", (str(new), cipher.spelled(new_key) if new_key is not None else ""))
        db.execute("SELECT sqlcipher_export('remade')")
        # two numbers of the head that are no rows
        for name in ("user_version", "application_id"):
            db.execute(f"PRAGMA remade.{name} = {db.execute(f'PRAGMA main.{name}').fetchone()[0]}")
        _compare(db, path)
        counts = copies.counts(db)
        mode = db.execute("PRAGMA main.journal_mode").fetchone()[0]
        db.execute("DETACH remade")
    with closing(_open(new, new_key)) as db:
        if [row[0] for row in db.execute("PRAGMA integrity_check")] != ["ok"]:
            raise _not_arrived(path)
        db.execute(f"PRAGMA journal_mode = {mode}")
    written = os.open(new, os.O_RDWR)
    os.fsync(written)
    os.close(written)
    return counts


def _open(path: Path, key: Key) -> Any:
    """SQLCipher reads plain files too, and copies only between connections of its own."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    if key is not None:
        db: Any = cipher.connect(path, uri, key)
    else:
        db = cipher.load().connect(uri, uri=True, isolation_level=None)
    db.execute(f"PRAGMA busy_timeout = {driver.BUSY_MS}")
    return db


def _compare(db: Any, path: Path) -> None:
    """Every table has as many rows, and the same."""
    tables = db.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    for (table,) in tables:
        one, other = (f'SELECT * FROM {place}."{table}"' for place in ("main", "remade"))
        counts = db.execute(f"SELECT (SELECT count(*) FROM ({one})), (SELECT count(*) FROM ({other}))").fetchone()
        if counts[0] != counts[1] or db.execute(f"{one} EXCEPT {other} LIMIT 1").fetchone():
            raise _not_arrived(path)


def _not_arrived(path: Path) -> UserError:
    return UserError(
        "damaged", f"a copy of {path.name} did not come out equal, so nothing was changed", "Check the disk."
    )
