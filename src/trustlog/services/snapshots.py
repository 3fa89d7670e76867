"""Backups, snapshots, and going back to one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from trustlog import files
from trustlog.domain import snapshots as domain
from trustlog.domain.snapshots import DAY, Listed, Saved, Snapshot, Thinned
from trustlog.errors import UserError
from trustlog.store import snapshots
from trustlog.store.driver import DatabaseError
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

MANY = 200
"""An import of more entries than this takes a copy first."""


def backup(journal: Journal, shelf: Snapshots, now: datetime, target: Path | None) -> Saved:
    """Write a checked copy to `target` (a folder gets one with a name that sorts by time), or among the snapshots."""
    if target is None:
        path = shelf.path(shelf.of_open(journal.db, now))
        return Saved(str(path), snapshots.look(path), _thinned(shelf, now))
    real = files.place(target)
    if files.is_stream(real):
        raise UserError("bad-file", f"{target} is no file that could be read again", "Name another.")
    return Saved(str(target), snapshots.write_copy(journal.db, real))


def target_of(named: Path, shelf: Snapshots, now: datetime, *, folder: bool = False) -> Path:
    """The file that a backup is written to; in a folder it has a name with the time. `folder` makes it one."""
    if folder:
        named.mkdir(mode=0o700, parents=True, exist_ok=True)
    return named / Snapshot(shelf.journal, now).name if named.is_dir() else named


def listed(shelf: Snapshots, now: datetime) -> list[Listed]:
    """Every copy of the journal, the one that was made last first."""
    return [Listed(one, snapshots.glance(shelf.path(one)), one.taken_at > now + DAY) for one in shelf.all(now)]


def keep_a_copy(shelf: Snapshots, journal: Callable[[], Journal], now: datetime) -> Thinned:
    """Take the day's copy if it is due; what became of the older ones.

    Where none can be written there is none; `doctor` tells.
    """
    there = shelf.all()
    if domain.due(there, now):
        with suppress(OSError, DatabaseError, UserError):
            if any(snapshots.counts(journal().db)) or there:
                shelf.of_open(journal().db, now)
                return _thinned(shelf, now)
    return Thinned()


def copy_before(journal: Journal, shelf: Snapshots, now: datetime, why: str) -> Thinned:
    """A copy before a large change, which goes on without one where none can be written; what became of the others."""
    with suppress(OSError, DatabaseError, UserError):
        if any(snapshots.counts(journal.db)):
            shelf.of_open(journal.db, now, why)
            return _thinned(shelf, now)
    return Thinned()


def _thinned(shelf: Snapshots, now: datetime) -> Thinned:
    """A copy that cannot be let go stays, which takes nothing away from the one that was made."""
    with suppress(OSError):
        return shelf.thin(now)
    return Thinned()
