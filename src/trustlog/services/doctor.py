"""`doctor`: the journal, its copies and the files around them examined, and what is safe mended."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from trustlog import files, settings
from trustlog.domain.outcomes import FEW, FIX, Checkup, Finding
from trustlog.domain.snapshots import DAY, Snapshot
from trustlog.domain.text import few
from trustlog.errors import UserError
from trustlog.playbook import Playbook
from trustlog.services import encryption
from trustlog.store import changing, doctor, intent, own_files, reading, schema, snapshots
from trustlog.store.driver import DatabaseError, OperationalError
from trustlog.store.failures import error_name, explain
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots


class Places(NamedTuple):
    """Where to look, beside the home and the files of the user's own in it: the journal and its copies."""

    shelf: Snapshots
    copied: bool
    """Whether the day's copy is made of this journal."""
    sealed: bool = False
    """Whether the journal is encrypted: known before it is opened, as looking into an open file drops its locks."""


def _modes(places: Places) -> list[Finding]:
    found = []
    if wide := list(too_wide(places)):
        names = few([str(path) for path in wide], FEW)
        found.append(Finding("permissions", f"others may look at {names}", FIX, "permissions"))
    if _is_wide(files.home()) and not _ours_alone(places):
        cure = f"It holds other files too, so close it yourself: chmod 700 {shlex.quote(str(files.home()))}"
        found.append(Finding("permissions", f"others may look into {files.home()}", cure))
    return found


def too_wide(places: Places) -> Iterator[Path]:
    """What is ours and open to others. A home that also holds other files is not ours to close."""
    if _is_wide(files.home()) and _ours_alone(places):
        yield files.home()
    found = {os.path.realpath(path): path for path in reversed([*_ours(places)]) if _is_wide(path)}
    yield from reversed(found.values())


def _is_wide(path: Path) -> bool:
    with suppress(OSError):
        mine = os.name == "posix" and path.stat().st_uid == os.geteuid() and not path.is_symlink()
        return mine and bool(path.stat().st_mode & 0o077)
    return False


def _ours_alone(places: Places) -> bool:
    ours = {path.name for path in (*_ours(places), *own_files.leftovers(places.shelf))}
    return all(path.name in ours for path in files.home().iterdir())


def _ours(places: Places) -> Iterator[Path]:
    """The folders, and every file that is there."""
    yield from (places.shelf.folder, files.playbook(), files.home() / files.reports().name)
    yield from (places.shelf.file, files.config())  # by these names, though they may be links
    yield from (path for path in files.playbook().glob("**/*") if path.is_dir())
    editors = own_files.leftovers(places.shelf)  # their folders are closed, whatever an editor puts there
    yield from (path for path in own_files.every_file(places.shelf) if path.parent not in editors)


def _leftovers(places: Places) -> list[Finding]:
    left = list(left_behind(places))
    if not left:
        return []
    here = (files.home(), places.shelf.folder)
    names = few([path.name if path.parent in here else str(path) for path in left], FEW)
    return [Finding("leftovers", f"runs that were cut off left {names}", FIX, "leftovers")]


def left_behind(places: Places) -> Iterator[Path]:
    """Files of runs that are over: older than an hour, or of an editor that is gone; but not what a person wrote."""
    for path in filter(own_files.is_cut_off, own_files.leftovers(places.shelf)):
        if not own_files.written(path):
            yield path
    yield from own_files.half_written(places.shelf)


def _unsaved(places: Places) -> list[Finding]:
    """Words that an editor saved and no journal holds: no cure takes them away."""
    return [
        Finding("leftovers", f"an editor that was cut off left what you wrote in {file}", _cure_of(file))
        for file in own_files.kept_texts(places.shelf)
    ]


def _cure_of(file: Path) -> str:
    """How to come by a text that an editor left: as it is, out of the swap file of vi, or with the editor itself."""
    text, then = file, ""
    if own_files.is_swap(file):
        text = file.with_name("note.txt")
        then = f"Bring it back with: vi -r {shlex.quote(str(text))} and save it there with :wq. "
    elif not own_files.is_text(file):
        return f"It is no plain text: open it with the editor that made it, and then remove {file.parent.name}"
    taken = f"trustlog add MANAGER - < {shlex.quote(str(text))}"
    return f"{then}Take it in with: {taken} and then remove {file.parent.name}"


def _config() -> list[Finding]:
    try:
        found = settings.Settings(files.config(), os.environ)
        for name in settings.SETTINGS:
            found.source(name)
    except UserError as error:
        return [Finding("settings", error.message, error.hint)]
    except OSError as error:
        return [Finding("settings", f"{files.config()} cannot be read: {error.strerror}", "Check who owns it.")]
    return []


def _playbook() -> list[Finding]:
    folder = files.playbook()
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")} if folder.is_dir() else set()
    if not own:
        return []
    said: list[str] = []
    words = Playbook(folder, said.append)
    words.read_all()
    found = []
    for text in dict.fromkeys(said):
        problem, _, cure = text.partition(". Mend it ")
        found.append(Finding("playbook", problem, f"Mend it {cure}"))
    return found + [
        Finding("playbook", f"{folder / name} is read by nothing", "Check its name, or move it away.")
        for name in sorted(own - words.asked())
    ]


LOW_SPACE = 50_000_000
"""Bytes below which a disk is called nearly full."""


def examine(places: Places, now: datetime) -> tuple[Finding, ...]:
    """Every finding; empty if all is in order. Raises UserError `wrong-key`, `missing-extra`."""
    found = [*_journal(places, now)]
    if not any(finding.check in ("integrity", "schema") for finding in found):
        found += [*_copies(places, now), *encryption.findings(places.shelf, sealed=places.sealed)]
    found = [*_unfinished(places), *found, *_space(places)]
    return (*found, *_modes(places), *_leftovers(places), *_unsaved(places), *_config(), *_playbook())


def mend(places: Places, now: datetime) -> Checkup:
    """Mend what is safe to mend, then look again."""
    found = [finding for finding in examine(places, now) if finding.mends]
    for one in found:
        with suppress(OSError, DatabaseError, UserError):  # what could not be mended is found again
            _mend(places, one.mends)
    left = examine(places, now)
    return Checkup(left, tuple(finding for finding in found if finding not in left))


def _mend(places: Places, what: str) -> None:
    if what == "permissions":
        for path in too_wide(places):
            path.chmod(0o700 if path.is_dir() else 0o600)
    elif what == "leftovers":
        for path in list(left_behind(places)):
            own_files.remove(path)
    elif what in (encryption.COPIES, encryption.PAGES):
        encryption.mend(places.shelf, what)
    else:
        with closing(Journal.open(places.shelf.file, places.shelf.folder)) as journal:
            doctor.mend(journal, what)


def _unfinished(places: Places) -> list[Finding]:
    """A change that could not be settled when this run began."""
    if not changing.waits(places.shelf):
        return []
    place = intent.beside(places.shelf.file)
    if not place.is_file():
        return [Finding("unfinished", f"{place} is not a regular file", "Move it away, or delete it.")]
    problem = f"a change of the journal's files was cut off; {place} tells which"
    return [Finding("unfinished", problem, "Make the folders of the journal and its copies writable; run any command.")]


def _journal(places: Places, now: datetime) -> list[Finding]:
    file = places.shelf.file
    if not file.exists():
        return []
    found = doctor.log_size(file)
    if (other := reading.other_name(file)) is not None:
        found.append(Finding("links", other.message, other.hint))
    try:
        with closing(_opened(places)) as journal:
            damage = doctor.damage(journal.db) or doctor.shape(journal.db) or doctor.rows(journal.db)
            if damage:  # what is derived from rows can be judged once they can be read
                return damage
            found += doctor.clock(journal.db, now + timedelta(minutes=5))
            try:
                return found + doctor.derived(journal.db)
            except OperationalError as error:
                if error_name(error) != "SQLITE_READONLY":
                    raise
            with closing(schema.in_memory(journal.db)) as copy:
                return found + doctor.derived(copy)
    except UserError as error:
        if error.code in ("wrong-key", "missing-extra", "conflict"):
            raise
        return [Finding("schema" if error.code == "too-new" else "integrity", error.message, error.hint)]
    except DatabaseError as error:
        known = explain(error)
        if known is None or known.code == "conflict":  # somebody holds it: that is no finding about the journal
            raise
        return [Finding("integrity", known.message, known.hint)]


def _opened(places: Places) -> Journal:
    """For writing, because the check of search is a write to SQLite; for reading where that cannot be."""
    file, folder = places.shelf.file, places.shelf.folder
    if reading.other_name(file) is None and os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return Journal.open(file, folder)
    return Journal.read(file, folder)


def _copies(places: Places, now: datetime) -> list[Finding]:
    shelf = places.shelf
    if closed := _closed(shelf.folder):
        return [closed]
    there = shelf.all(now)
    if not there:
        inside = snapshots.glance(shelf.file) if shelf.file.exists() else None
        if not places.copied or inside is None or not any(inside.counts):
            return []
        return [Finding("copies", "there is no copy of the journal", "Make one: trustlog backup")]
    found = _ahead([snapshot for snapshot in there if snapshot.taken_at > now + DAY])
    try:
        snapshots.look(shelf.path(there[0]))
    except (UserError, DatabaseError, OSError):
        cure = "Make a new one with trustlog backup, then delete it."
        found.append(Finding("copies", f"the newest copy, {there[0].name}, cannot be read", cure))
    age = now - there[0].taken_at
    if places.copied and age >= timedelta(days=2):
        found.append(Finding("copies", f"the newest copy is {age.days} days old", "Make one: trustlog backup"))
    return found


def _closed(folder: Path) -> Finding | None:
    """A folder of copies that this user cannot look into or write to: after a run with sudo it belongs to root."""
    if snapshots.is_open(folder):
        return None
    name = shlex.quote(str(folder))
    if sys.platform == "win32" or (owner := folder.stat().st_uid) == os.geteuid():
        return Finding("copies", f"the folder of copies is closed: {folder}", f"Open it for yourself: chmod 700 {name}")
    import pwd  # only where another user is to be named

    try:
        whose = pwd.getpwuid(owner).pw_name
    except KeyError:
        whose = f"the user {owner}"
    problem = f"the folder of copies belongs to {whose}, so no copy can be made or found: {folder}"
    return Finding("copies", problem, f"Make it yours: sudo chown -R {os.geteuid()} {name}")


def _ahead(wrong: list[Snapshot]) -> list[Finding]:
    """Copies that a clock dated into the future."""
    if not wrong:
        return []
    names = few([snapshot.name for snapshot in wrong], FEW)
    cure = "Check this machine's clock. If it is right, a wrong one made them: delete them once you need them no more."
    copies = "a copy is" if len(wrong) == 1 else f"{len(wrong)} copies are"
    return [Finding("clock", f"{copies} dated in the future: {names}", cure)]


def _space(places: Places) -> list[Finding]:
    size = places.shelf.file.stat().st_size if places.shelf.file.exists() else 0
    folder = files.home()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free >= max(LOW_SPACE, 2 * size):
        return []
    return [Finding("space", f"only {free // 1_000_000} MB are free on the disk of {folder}", "Free some space.")]
