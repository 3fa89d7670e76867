"""Backups, snapshots, and going back to one, whatever is wrong with the journal."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.domain import snapshots as domain
from trustlog.domain.outcomes import Unsealed
from trustlog.domain.snapshots import DAY, Counts, Inside, Listed, Plan, Restored, Saved, Snapshot, Thinned
from trustlog.errors import UserError
from trustlog.store import driver, failures, opening, own_files, reading, replacing, snapshots
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
    return [
        Listed(snapshot, snapshots.glance(shelf.path(snapshot)), snapshot.taken_at > now + DAY)
        for snapshot in shelf.all(now)
    ]


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
        return Thinned(closed=not snapshots.is_open(shelf.folder) and os.access(shelf.file, os.W_OK))
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
        *_akin(shelf, [file for file in there if reading.is_plain(file) or (sealed and driver.is_encrypted(file))]),
    ]


def strays(shelf: Snapshots) -> list[Path]:
    """Plain copies beside the journal and in the home that are none of ours: what a cloud folder makes when two
    machines have changed the journal, or a person by hand."""
    ours, folders = set(own_files.every_file(shelf)), dict.fromkeys((shelf.real.parent, shelf.home))
    there = (path for folder in folders for path in own_files.files_in(folder) if path not in ours)
    called_so = [path for path in there if ".db" in path.name or shelf.real.stem in path.name]
    return _akin(shelf, [path for path in called_so if reading.is_plain(path)])


def left_beside(shelf: Snapshots) -> list[Unsealed]:
    """Plain text that stays where an encrypted journal is, with what helps; empty where the journal is plain."""
    found = [Unsealed(str(path), f"it is a copy that is not encrypted; {cure_of(path)}") for path in strays(shelf)]
    wrote = "you wrote it in an editor and no journal holds it"
    return [*found, *(Unsealed(str(path), f"{wrote}; {cure_of_text(path)}") for path in own_files.kept_texts(shelf))]


def cure_of(path: Path) -> str:
    """What can be done about a plain copy that is none of ours."""
    import shlex  # only where a copy cannot be used

    where = shlex.quote(str(path))
    return f"look at it with trustlog --db {where} log, encrypt it with trustlog --db {where} encrypt, or delete it"


def cure_of_text(path: Path) -> str:
    """What can be done about a text that a person wrote."""
    import shlex  # only where an editor was cut off

    return f"take it in with trustlog add MANAGER - < {shlex.quote(str(path))} and then remove {path.parent.name}"


def _akin(shelf: Snapshots, candidates: list[Path]) -> list[Path]:
    """Those that know somebody whom the journal knows."""
    known = reading.people_in(shelf.file) if candidates else None
    return [path for path in candidates if known and known & (reading.people_in(path) or set())]


BEFORE_RESTORE = "before-restore"
"""Why a copy was taken, as its name says."""
KEYS = ("wrong-key", "missing-extra")
"""The codes of a file that may be good and that this run cannot open."""
UNREADABLE = (DatabaseError, OSError)
"""What reading a damaged file raises beside UserError."""


class _Live(NamedTuple):
    """What stands in the journal's place. `sealed`: it looks encrypted; `refused`: why it cannot be opened."""

    there: bool
    sealed: bool = False
    inside: Inside | None = None
    refused: UserError | None = None
    noise: bool = False


class _Found(NamedTuple):
    """The copy that is taken; the later ones that cannot be read; and whether one of them has another key."""

    source: Path
    then: Inside
    passed_over: tuple[str, ...] = ()
    refused: UserError | None = None


def plan(shelf: Snapshots, named: str | None, now: datetime, *, has_key: bool) -> Plan:
    """What restoring would change. Without a name it is the last copy that is whole; `has_key`: a key was given.

    Raises UserError `bad-file`, `too-new`, `damaged`, `conflict`, `wrong-key`, `missing-extra`; nothing is written.
    """
    opening.check_place(shelf.file)
    if not shelf.all() and snapshots.is_foreign(shelf.file):
        raise UserError("bad-file", f"{shelf.file} is not a journal of trustlog", "Name another file with --db.")
    live = _live(shelf, has_key)
    found = _named(shelf, named) if named is not None else _newest(shelf, now)
    seals = False
    if not driver.is_encrypted(found.source):
        newest = next(iter(shelf.all(now)), None)
        copied_sealed = newest is not None and driver.is_encrypted(shelf.path(newest))
        seals = live.sealed if live.inside is not None else live.refused is not None or copied_sealed
        if live.inside is None and (seals or found.refused is not None):
            _prove_key(shelf, live.refused or found.refused, shelf.file if live.refused is not None else None)
    return Plan(str(found.source), found.then, live.inside, live.there, found.passed_over, seals, live.noise)


def restore(shelf: Snapshots, chosen: Plan, now: datetime) -> Restored:
    """Put the planned copy in the journal's place; what was there is copied first, or kept beside it."""
    from trustlog.store import schema  # 50 ms: sqlite-utils, only where a file comes from elsewhere

    undo_by: list[str] = []
    left_out: list[str] = []

    def make(new: Path) -> Counts:
        if chosen.sealed_anew:
            replacing.remake(Path(chosen.source), None, new, failures.this_run.key())
        else:
            snapshots.clone(Path(chosen.source), new)
        left_out.extend(schema.drop_foreign(new))
        if chosen.now is not None:
            undo_by.extend(_copied(shelf, now))
        return chosen.then.counts

    damaged = replacing.replace_live(
        shelf.file, make, saved=lambda: bool(undo_by), readable=chosen.now is not None
    )  # fmt: skip
    return Restored(chosen, undo_by[0] if undo_by else None, str(damaged) if damaged else None, tuple(left_out))


def _live(shelf: Snapshots, has_key: bool) -> _Live:
    file = shelf.file
    if not file.exists():
        return _Live(False)
    sealed = driver.is_encrypted(file)
    if sealed and not has_key and _are_plain(shelf):
        return _Live(True, noise=True)  # nobody is asked for a key that never was
    try:
        return _Live(True, sealed, snapshots.peek(file))
    except UserError as error:
        return _Live(True, sealed, refused=error if error.code in KEYS else None)
    except UNREADABLE:
        return _Live(True, sealed)


def _are_plain(shelf: Snapshots) -> bool:
    """Whether there are copies, none of them encrypted: those of a journal are as it is."""
    there = shelf.all()
    return bool(there) and not any(driver.is_encrypted(shelf.path(snapshot)) for snapshot in there)


def _named(shelf: Snapshots, named: str) -> _Found:
    """The file that a word means: a path, or a snapshot's name with or without its ending."""
    typed = Path(named).expanduser()
    among = [shelf.folder / named, shelf.folder / f"{named}.db"] if Path(named).name == named else []
    source = next((path for path in (typed, *among) if path.is_file()), typed)
    if shelf.file.exists() and source.exists() and source.samefile(shelf.file):
        raise UserError("conflict", f"{source} is the journal itself", "Name another file.")
    return _Found(source, snapshots.look(source))


def _newest(shelf: Snapshots, now: datetime) -> _Found:
    bad: list[str] = []
    refused: UserError | None = None
    for snapshot in shelf.all(now):
        try:
            return _Found(shelf.path(snapshot), snapshots.look(shelf.path(snapshot)), tuple(bad), refused)
        except UserError as error:
            if error.code == "too-new":
                raise
            refused = refused or (error if error.code in KEYS else None)
        except UNREADABLE:  # the next one may be better
            pass
        bad.append(snapshot.name)
    raise refused or UserError(
        "bad-file", f"no good copy is in {shelf.folder}", "Name your own backup: trustlog restore FILE"
    )  # fmt: skip


def _prove_key(shelf: Snapshots, refused: UserError | None, barred: Path | None) -> None:
    """Try the key on the copies, for a damaged journal refuses every key. Raises UserError if it opens none."""
    for snapshot in shelf.all():
        path = shelf.path(snapshot)
        if not driver.is_encrypted(path):
            continue
        barred = barred or path
        try:
            snapshots.peek(path)
        except UserError as error:
            refused = refused or error
        except UNREADABLE:
            pass
        else:
            return
    code, message = (refused.code, refused.message) if refused else ("wrong-key", "the key opens no copy")
    raise UserError(
        code, message, f"{failures.HOW_TO_GIVE} If no key opens {barred}, move it away and try again."
    )  # fmt: skip


def _copied(shelf: Snapshots, now: datetime) -> list[str]:
    """The name of a copy of the journal as it is; none if it is too damaged for one."""
    try:
        return [shelf.of_closed(now, BEFORE_RESTORE).name]
    except UserError as error:
        if error.code not in ("bad-file", "damaged", "too-new", *KEYS):
            raise
    except DatabaseError as error:
        known = failures.explain(error)
        if known is not None and known.code != "damaged":
            raise
    return []
