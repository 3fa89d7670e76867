"""Putting another file in the journal's place (restored, encrypted, decrypted), safe against a kill."""

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trustlog import files
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError
from trustlog.store import driver, failures, lock, own_files, snapshots
from trustlog.store.driver import APPLICATION_ID, DatabaseError, connect
from trustlog.store.failures import DamagedFileError, error_name, explain

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
    raise refused or UserError("wrong-key", f"{path.name} is encrypted", failures.HOW_TO_GIVE)


def remake(path: Path, key: Key, new: Path, new_key: Key) -> Counts:
    """Write all of a file into an empty one with another key, and check that it arrived; how much that is.

    Raises UserError `damaged` if it did not, DatabaseError if the old file cannot be read.
    """
    with closing(_open(path, key)) as db:
        if db.value("PRAGMA main.application_id") != APPLICATION_ID:
            raise UserError("bad-file", f"{path.name} is not a journal of trustlog", "Move it to another place.")
        for name in ("integrity_check", "foreign_key_check"):
            if any(said != "ok" for (said,) in db.execute(f"PRAGMA main.{name}")):
                raise DamagedFileError("malformed before it was copied")
        db.execute("ATTACH ? AS remade KEY ?", (str(new), driver.spelled(new_key) if new_key is not None else ""))
        db.execute("SELECT sqlcipher_export('remade')")
        # two numbers of the head that are no rows
        for name in ("user_version", "application_id"):
            db.execute(f"PRAGMA remade.{name} = {db.value(f'PRAGMA main.{name}')}")
        _compare(db, path)
        counts = snapshots.counts(db)
        mode = db.value("PRAGMA main.journal_mode")
        db.execute("DETACH remade")
    with closing(_open(new, new_key)) as db:
        if not snapshots.is_whole(db):
            raise _not_arrived(path)
        db.execute(f"PRAGMA journal_mode = {mode}")
    written = os.open(new, os.O_RDWR)
    os.fsync(written)
    os.close(written)
    return counts


def _open(path: Path, key: Key) -> Any:
    """SQLCipher reads plain files too, and copies only between connections of its own."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    db: Any = driver.connect_sealed(path, uri, key) if key is not None else driver.opened(uri)
    db.execute(f"PRAGMA busy_timeout = {failures.STEP_MS}")
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


FOLD_WAIT = 5.0
"""Seconds that readers in the middle of an answer are waited for."""


def replace_live(
    path: Path,
    make: Callable[[Path], Counts],
    beside: Callable[[Path], AbstractContextManager[Path]] = snapshots.beside,
    *,
    saved: Callable[[], bool] | None = None,
    readable: bool = True,
) -> Path | None:
    """Replace the journal at `path` by what `make` builds, while nobody else has it open.

    `make` gets an empty file for its owner alone, which `beside` makes, and says how much the new journal must hold;
    the old one stands closed and whole in its place meanwhile. A damaged old one is kept beside it, under the path
    that is returned. A cure gives `saved`: then nothing about the old one stops it, and it is kept beside the new one
    unless `make` has saved it; one that is known not to be `readable` is not opened.
    Raises UserError `conflict` if somebody keeps the journal open; whatever is raised, the old one stays.
    """
    real = Path(os.path.realpath(path))
    real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.alone(real), beside(real) as new:
        healthy = _fold(real) if saved is None else readable and _fold_what_can_be(real)
        snapshots.checked(new, make(new))
        _prepare(new)
        if saved is not None:
            healthy = saved() or not real.exists()
        kept = None if healthy else _keep_aside(real)
        # what is left of the old one's log must not be read into the new one
        for companion in own_files.companions(real):
            companion.unlink(missing_ok=True)
        new.replace(real)
        files.sync_folder(real.parent)
    return kept


def _fold(path: Path) -> bool:
    """Fold the write-ahead log into the file; False if the file is damaged, which stops nobody."""
    if not path.exists():
        return True
    try:
        with closing(connect(path, "rw")) as db:
            if not db.fold(FOLD_WAIT):
                raise UserError("conflict", "another program holds the journal", "Close it and try again.")
            whole = snapshots.is_whole(db)
            ours = db.value("PRAGMA application_id") == APPLICATION_ID
            if whole and not ours and db.value("SELECT count(*) FROM sqlite_master"):
                raise UserError("bad-file", f"{path} is not a journal of trustlog", "Name another file with --db.")
            return whole and ours
    except DatabaseError as error:
        known = explain(error)
        # a disk that cannot read the old file is one more reason to go on
        if known is not None and known.code != "damaged" and error_name(error) != "SQLITE_IOERR":
            raise
        return False


def _fold_what_can_be(path: Path) -> bool:
    """The same where any damage is to be cured: only who has the journal open is waited for, and refused."""
    try:
        return _fold(path)
    except UserError as error:
        if error.code == "conflict":
            raise
    except DatabaseError as error:
        known = explain(error)
        if known is not None and known.code == "conflict":
            raise
    return False


def _prepare(new: Path) -> None:
    """Give the new file the journal's way of writing, and no file beside it."""
    with closing(connect(new, "rw")) as db:
        db.execute("PRAGMA journal_mode = WAL")


def _keep_aside(path: Path) -> Path:
    """A second name for the damaged file and its log, so that at no moment there is no journal at all."""
    kept = own_files.damaged_name(path, datetime.now(UTC))
    for old, new in ((path, kept), *zip(own_files.companions(path), own_files.companions(kept), strict=True)):
        if not old.exists():
            continue
        try:
            os.link(old, new)
        except OSError:  # a file system without links
            try:
                shutil.copyfile(old, new)
            except OSError:  # a disk that cannot read it
                old.replace(new)
                continue
        with suppress(OSError):  # or somebody else's file, which has its own mode
            new.chmod(0o600)
    files.sync_folder(path.parent)
    return kept
