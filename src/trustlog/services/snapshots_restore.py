"""Going back to a copy. What stands in the journal's place may be anything: the copies tell what to do, not it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from trustlog.domain.snapshots import Counts, Inside, Plan, Restored
from trustlog.errors import UserError
from trustlog.store import driver, opening, replacing, snapshots
from trustlog.store.driver import DatabaseError
from trustlog.store.snapshots import Snapshots

BEFORE_RESTORE = "before-restore"
"""Why a copy was taken, as its name says."""
KEYS = ("wrong-key", "missing-extra")
"""The codes of a file that may be good and that this run cannot open."""
UNREADABLE = (DatabaseError, OSError, UnicodeDecodeError)
"""What reading a damaged file raises beside UserError; SQLite names what is damaged in its own damaged words."""


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
            _prove_key(shelf, live.refused or found.refused)
    return Plan(str(found.source), found.then, live.inside, live.there, found.passed_over, seals, live.noise)


def restore(shelf: Snapshots, chosen: Plan, now: datetime) -> Restored:
    """Put the planned copy in the journal's place; what was there is copied first, or kept beside it."""
    undo_by: list[str] = []

    def make(new: Path) -> Counts:
        if chosen.sealed_anew:
            replacing.remake(Path(chosen.source), None, new, driver.keyring.key())
        else:
            snapshots.clone(Path(chosen.source), new)
        if chosen.now is not None:
            undo_by.extend(_copied(shelf, now))
        return chosen.then.counts

    damaged = replacing.replace_live(
        shelf.file, make, saved=lambda: bool(undo_by), readable=chosen.now is not None
    )  # fmt: skip
    return Restored(chosen, undo_by[0] if undo_by else None, str(damaged) if damaged else None)


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
    return bool(there) and not any(driver.is_encrypted(shelf.path(one)) for one in there)


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
    for one in shelf.all(now):
        try:
            return _Found(shelf.path(one), snapshots.look(shelf.path(one)), tuple(bad), refused)
        except UserError as error:
            if error.code == "too-new":
                raise
            refused = refused or (error if error.code in KEYS else None)
        except UNREADABLE:  # the next one may be better
            pass
        bad.append(one.name)
    raise refused or UserError(
        "bad-file", f"no good copy is in {shelf.folder}", "Name your own backup: trustlog restore FILE"
    )  # fmt: skip


def _prove_key(shelf: Snapshots, refused: UserError | None) -> None:
    """Try the key on the copies, for a damaged journal refuses every key. Raises UserError if it opens none."""
    for one in shelf.all():
        path = shelf.path(one)
        if not driver.is_encrypted(path):
            continue
        try:
            snapshots.peek(path)
        except UserError as error:
            refused = refused or error
        except UNREADABLE:
            pass
        else:
            return
    code, message = (refused.code, refused.message) if refused else ("wrong-key", "no copy opens with the key")
    raise UserError(
        code, message,
        f"{driver.HOW_TO_GIVE} Nothing was changed. If its key is no matter, move {shelf.file} away and try again.",
    )  # fmt: skip


def _copied(shelf: Snapshots, now: datetime) -> list[str]:
    """The name of a copy of the journal as it is; none if it is too damaged for one."""
    try:
        return [shelf.of_closed(now, BEFORE_RESTORE).name]
    except UserError as error:
        if error.code not in ("bad-file", "damaged", "too-new", *KEYS):
            raise
    except DatabaseError as error:
        known = driver.explain(error)
        if known is not None and known.code != "damaged":
            raise
    except UnicodeDecodeError:
        pass
    return []
