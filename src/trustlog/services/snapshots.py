"""Backups, snapshots, and going back to one."""

import os
import shlex
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from trustlog import files
from trustlog.domain import snapshots as domain
from trustlog.domain.outcomes import Unsealed
from trustlog.domain.snapshots import DAY, Listed, Saved, Snapshot, Thinned
from trustlog.errors import UserError
from trustlog.store import driver, own_files, snapshots
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


def named(shelf: Snapshots) -> list[Path]:
    """The copies that the journal's name tells: snapshots, and what was kept of it when it was damaged."""
    damaged = [path for path in own_files.damaged(shelf) if not path.name.endswith(snapshots.COMPANIONS)]
    return [*own_files.copies(shelf), *damaged]


def copies(shelf: Snapshots, *, sealed: bool) -> list[Path]:
    """Those, and copies that were made while the journal had another name or place: they know the same people.

    `sealed` tells whether the journal is encrypted; only then is its key there for others that are.
    """
    there = own_files.other_copies(shelf)
    return [
        *named(shelf),
        *_akin(shelf, [one for one in there if snapshots.is_plain(one) or (sealed and driver.is_encrypted(one))]),
    ]


def strays(shelf: Snapshots) -> list[Path]:
    """Plain copies beside the journal and in the home that are none of ours: what a cloud folder makes when two
    machines have changed the journal, or a person by hand."""
    real, ours = Path(os.path.realpath(shelf.file)), set(own_files.every_file(shelf))
    folders = dict.fromkeys((real.parent, Path(os.path.realpath(shelf.folder.parent))))
    there = (path for folder in folders for path in own_files.files_in(folder) if path not in ours)
    called_so = [path for path in there if ".db" in path.name or real.stem in path.name]
    return _akin(shelf, [path for path in called_so if snapshots.is_plain(path)])


def left_beside(shelf: Snapshots) -> list[Unsealed]:
    """Plain text that stays where an encrypted journal is, with what helps; empty where the journal is plain."""
    found = [Unsealed(str(path), f"it is a copy that is not encrypted; {cure_of(path)}") for path in strays(shelf)]
    wrote = "you wrote it in an editor and no journal holds it"
    return [*found, *(Unsealed(str(path), f"{wrote}; {cure_of_text(path)}") for path in own_files.kept_texts(shelf))]


def cure_of(path: Path) -> str:
    """What can be done about a plain copy that is none of ours."""
    where = shlex.quote(str(path))
    return f"look at it with trustlog --db {where} log, encrypt it with trustlog --db {where} encrypt, or delete it"


def cure_of_text(path: Path) -> str:
    """What can be done about a text that a person wrote."""
    return f"take it in with trustlog add MANAGER - < {shlex.quote(str(path))} and then remove {path.parent.name}"


def _akin(shelf: Snapshots, candidates: list[Path]) -> list[Path]:
    """Those that know somebody whom the journal knows."""
    known = snapshots.people(shelf.file) if candidates else None
    return [path for path in candidates if known and known & (snapshots.people(path) or set())]
