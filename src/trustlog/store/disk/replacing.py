"""Putting another file in the journal's place, so that nothing acknowledged is lost, killed at any moment."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from trustlog import files
from trustlog.domain.keeping import Counts
from trustlog.errors import UserError
from trustlog.store.disk import copies, lock, places
from trustlog.store.disk.driver import DatabaseError, connect, explain
from trustlog.store.disk.opening import APPLICATION_ID

FOLD_MS = 5_000
"""How long readers in the middle of an answer are waited for."""


def replace_live(path: Path, make: Callable[[Path], Counts]) -> Path | None:
    """Replace the journal at `path` by what `make` builds, while nobody else has it open.

    `make` gets an empty file for its owner alone and says how much the new journal must hold; the old one stands
    closed and whole in its place meanwhile. A damaged old one is kept beside it, under the path that is returned.
    Raises UserError `conflict` if somebody keeps the journal open; whatever is raised, the old one stays.
    """
    real = Path(os.path.realpath(path))
    real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.alone(real), copies.beside(real) as new:
        healthy = _fold(real)
        copies.checked(new, make(new))
        _prepare(new)
        kept = None if healthy else _keep_aside(real)
        # what is left of the old one's log must not be read into the new one
        for companion in places.companions(real):
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
            db.execute(f"PRAGMA busy_timeout = {FOLD_MS}")
            if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise UserError("conflict", "another program holds the journal", "Close it and try again.")
            whole = copies.is_whole(db)
            ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            if whole and not ours and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise UserError("bad-file", f"{path} is not a journal of trustlog", "Name another file with --db.")
            return whole and ours
    except DatabaseError as error:
        known = explain(error)
        # a disk that cannot read the old file is one more reason to go on
        if known is not None and known.code != "damaged" and "disk I/O" not in str(error):
            raise
        return False


def _prepare(new: Path) -> None:
    """Give the new file the journal's way of writing, and no file beside it."""
    with closing(connect(new, "rw")) as db:
        db.execute("PRAGMA journal_mode = WAL")


def _keep_aside(path: Path) -> Path:
    """A second name for the damaged file and its log, so that at no moment there is no journal at all."""
    kept = places.damaged_name(path, datetime.now(UTC))
    for old, new in ((path, kept), *zip(places.companions(path), places.companions(kept), strict=True)):
        if not old.exists():
            continue
        try:
            os.link(old, new)
        except OSError:  # a file system without links
            shutil.copyfile(old, new)
        with suppress(OSError):  # or somebody else's file, which has its own mode
            new.chmod(0o600)
    files.sync_folder(path.parent)
    return kept
