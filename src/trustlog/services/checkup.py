"""`doctor`: everything looked over, and what is safe to mend mended."""

import os
import shutil
from contextlib import closing, suppress
from datetime import datetime, timedelta

from trustlog.domain.outcomes.checkup import Checkup, Finding
from trustlog.errors import UserError
from trustlog.services import checkup_files as files
from trustlog.services.checkup_files import Places
from trustlog.store import checkup
from trustlog.store.disk import copies
from trustlog.store.disk import places as of_ours
from trustlog.store.disk.driver import DatabaseError, OperationalError, explain
from trustlog.store.journal import Journal

LOW_SPACE = 50_000_000
"""Bytes below which a disk is called nearly full."""


def examine(places: Places, now: datetime) -> tuple[Finding, ...]:
    """Every finding; empty if all is in order. Raises UserError `wrong-key`, `missing-extra`."""
    found = [*_journal(places, now)]
    if not any(one.check in ("integrity", "schema") for one in found):
        found += _copies(places, now)
    return (*found, *_space(places), *files.findings(places))


def mend(places: Places, now: datetime) -> Checkup:
    """Mend what is safe to mend, then look again."""
    found = [one for one in examine(places, now) if one.mends]
    for one in found:
        with suppress(OSError, DatabaseError, UserError):  # what could not be mended is found again
            _mend(places, one.mends)
    left = examine(places, now)
    return Checkup(left, tuple(one for one in found if one not in left))


def _mend(places: Places, what: str) -> None:
    if what == "permissions":
        for path in files.too_wide(places):
            path.chmod(0o700 if path.is_dir() else 0o600)
    elif what == "leftovers":
        for path in list(files.left_behind(places)):
            of_ours.remove(path)
    else:
        with closing(Journal.open(places.shelf.file, places.shelf.folder)) as journal:
            checkup.mend(journal, what)


def _journal(places: Places, now: datetime) -> list[Finding]:
    file = places.shelf.file
    if not file.exists():
        return []
    found = checkup.log_size(file)
    try:
        with closing(_opened(places)) as journal:
            damage = checkup.damage(journal.db) or checkup.shape(journal.db) or checkup.rows(journal.db)
            if damage:  # what is derived from rows can be judged once they can be read
                return damage
            found += checkup.clock(journal.db, now + timedelta(minutes=5))
            try:
                return found + checkup.derived(journal.db)
            except OperationalError as error:
                if "readonly" not in str(error):
                    raise
            with closing(checkup.in_memory(journal.db)) as copy:
                return found + checkup.derived(copy)
    except UserError as error:
        if error.code in ("wrong-key", "missing-extra", "conflict"):
            raise
        return [Finding("schema" if error.code == "too-new" else "integrity", error.message, error.hint)]
    except DatabaseError as error:
        known = explain(error)
        if known is None:
            raise
        return [Finding("integrity", known.message, known.hint)]


def _opened(places: Places) -> Journal:
    """For writing, because the check of search is a write to SQLite; for reading where that cannot be."""
    file, folder = places.shelf.file, places.shelf.folder
    if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return Journal.open(file, folder)
    return Journal.read(file, folder)


def _copies(places: Places, now: datetime) -> list[Finding]:
    shelf = places.shelf
    there = shelf.all()
    if not there:
        inside = copies.glance(shelf.file) if shelf.file.exists() else None
        if not places.copied or inside is None or not any(inside.counts):
            return []
        return [Finding("copies", "there is no copy of the journal", "Make one: trustlog backup")]
    found = []
    try:
        copies.look(shelf.path(there[0]))
    except (UserError, DatabaseError, OSError):
        cure = "Make a new one with trustlog backup, then delete it."
        found.append(Finding("copies", f"the newest copy, {there[0].name}, cannot be read", cure))
    age = now - there[0].taken_at
    if places.copied and age >= timedelta(days=2):
        found.append(Finding("copies", f"the newest copy is {age.days} days old", "Make one: trustlog backup"))
    return found


def _space(places: Places) -> list[Finding]:
    size = places.shelf.file.stat().st_size if places.shelf.file.exists() else 0
    folder = places.home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free >= max(LOW_SPACE, 2 * size):
        return []
    return [Finding("space", f"only {free // 1_000_000} MB are free on the disk of {folder}", "Free some space.")]
