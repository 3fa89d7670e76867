"""Backups, snapshots, and going back to one."""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from trustlog import files
from trustlog.domain import snapshots as domain
from trustlog.domain.snapshots import Counts, Inside, Listed, Plan, Restored, Saved, Snapshot
from trustlog.errors import UserError
from trustlog.store import driver, replacing, snapshots
from trustlog.store.driver import DatabaseError
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

BEFORE_RESTORE = "before-restore"
"""Why a copy was taken, as its name says."""
MANY = 200
"""An import of more entries than this takes a copy first."""


def backup(journal: Journal, shelf: Snapshots, now: datetime, target: Path | None) -> Saved:
    """Write a checked copy to `target` (a folder gets one with a name that sorts by time), or among the snapshots."""
    if target is None:
        path = shelf.path(shelf.of_open(journal.db, now))
        return Saved(str(path), snapshots.look(path))
    real = files.place(target)
    if files.is_stream(real):
        raise UserError("bad-file", f"{target} is no file that could be read again", "Name another.")
    return Saved(str(target), snapshots.write_copy(journal.db, real))


def target_of(named: Path, shelf: Snapshots, now: datetime, *, folder: bool = False) -> Path:
    """The file that a backup is written to; in a folder it has a name with the time. `folder` makes it one."""
    if folder:
        named.mkdir(mode=0o700, parents=True, exist_ok=True)
    return named / Snapshot(shelf.journal, now).name if named.is_dir() else named


def listed(shelf: Snapshots) -> list[Listed]:
    """Every copy of the journal, newest first."""
    return [Listed(one, snapshots.glance(shelf.path(one))) for one in shelf.all()]


def plan(shelf: Snapshots, named: str | None) -> Plan:
    """What restoring would change. Without a name it is the newest copy that is whole.

    Raises UserError `bad-file`, `too-new`, `damaged`, `conflict`; nothing is written.
    """
    there = shelf.file.exists()
    now = _as_it_is(shelf) if there else None
    if named is not None:
        source = _source(named, shelf)
        if there and source.exists() and source.samefile(shelf.file):
            raise UserError("conflict", f"{source} is the journal itself", "Name another file.")
        return _plan(shelf, source, now)
    bad: list[str] = []
    for one in shelf.all():
        try:
            return _plan(shelf, shelf.path(one), now)._replace(passed_over=tuple(bad))
        except UserError as error:
            if error.code not in ("bad-file", "damaged"):
                raise
            bad.append(one.name)
    raise UserError("bad-file", f"no good copy is in {shelf.folder}", "Name your own backup: trustlog restore FILE")


def _plan(shelf: Snapshots, source: Path, now: Inside | None) -> Plan:
    then = snapshots.look(source)
    sealed_anew = driver.is_encrypted(shelf.file) and not driver.is_encrypted(source)
    return Plan(str(source), then, now, shelf.file.exists(), sealed_anew=sealed_anew)


def restore(shelf: Snapshots, chosen: Plan, now: datetime) -> Restored:
    """Put the planned copy in the journal's place; what was there is copied first."""
    undo_by: list[str] = []

    def make(new: Path) -> Counts:
        # first, because the shelf is thinned by the next copy
        if chosen.sealed_anew:
            replacing.remake(Path(chosen.source), None, new, driver.keyring.key())
        else:
            snapshots.clone(Path(chosen.source), new)
        if shelf.file.exists():
            try:
                undo_by.append(shelf.of_closed(now, BEFORE_RESTORE).name)
            except UserError as error:
                if error.code not in ("bad-file", "damaged"):
                    raise
        return chosen.then.counts

    damaged = replacing.replace_live(shelf.file, make)
    return Restored(chosen, undo_by[0] if undo_by else None, str(damaged) if damaged else None)


def keep_a_copy(shelf: Snapshots, journal: Callable[[], Journal], now: datetime) -> Snapshot | None:
    """Take the day's copy if it is due. Answers the older copy that holds more and is kept for that, if there is one.

    Where none can be written there is none; `doctor` tells.
    """
    there = shelf.all()
    if not domain.due(there, now):
        return None
    with suppress(OSError, DatabaseError, UserError):
        if not any(snapshots.counts(journal().db)) and not there:
            return None
        larger = _larger(journal(), shelf, there)
        shelf.of_open(journal().db, now)
        return larger
    return None


def copy_before(journal: Journal, shelf: Snapshots, now: datetime, why: str) -> None:
    """A copy before a large change, which goes on without one where none can be written."""
    with suppress(OSError, DatabaseError, UserError):
        if any(snapshots.counts(journal.db)):
            shelf.of_open(journal.db, now, why)


def _larger(journal: Journal, shelf: Snapshots, there: list[Snapshot]) -> Snapshot | None:
    """Pin the newest copy if it holds more entries than the journal does now."""
    if not there or there[0].pinned:
        return None
    inside = snapshots.glance(shelf.path(there[0]))
    if inside is None or inside.counts.entries <= snapshots.counts(journal.db).entries:
        return None
    return shelf.pin(there[0])


def _source(named: str, shelf: Snapshots) -> Path:
    """The file that a word means: a path, or a snapshot's name with or without its ending."""
    typed = Path(named).expanduser()
    among = [shelf.folder / named, shelf.folder / f"{named}.db"] if Path(named).name == named else []
    return next((path for path in (typed, *among) if path.is_file()), typed)


def _as_it_is(shelf: Snapshots) -> Inside | None:
    try:
        with closing(Journal.read(shelf.file, shelf.folder)) as journal:
            return snapshots.inside(journal.db, shelf.file)
    except (UserError, DatabaseError, OSError) as error:
        if isinstance(error, UserError) and error.code in ("wrong-key", "missing-extra", "bad-file"):
            raise
        return None
