"""Removing for good: the journal, its copies, and what lies around in the home; then a search that proves it."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from trustlog.domain.keeping import Counts
from trustlog.domain.model import Manager
from trustlog.domain.outcomes.forgotten import Forgotten
from trustlog.errors import UserError
from trustlog.services import finding, proving
from trustlog.store import wiping
from trustlog.store.disk import copies, places, replacing
from trustlog.store.disk.driver import connect
from trustlog.store.disk.snapshots import Shelf
from trustlog.store.journal import Journal


def meant(shelf: Shelf, who: str) -> Manager:
    """The manager that a word means. Raises UserError `unknown-manager`, `ambiguous-manager`."""
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        return finding.manager(journal, who)


def forget(shelf: Shelf, handle: str, now: datetime) -> Forgotten:
    """Remove a manager and every trace of them.

    The journal without them is made beside the old one and moved into its place after everything else is gone: cut
    off before that, their name is still known and it can be run again; cut off after it, nothing is left to remove.
    Raises UserError `unknown-manager`, `damaged`, and `conflict` if somebody has the journal open; then nothing went.
    """
    gone: list[tuple[Manager, wiping.Left, int, int]] = []

    def make(new: Path) -> Counts:
        manager, left, counts = _without(shelf.file, new, handle)
        # from here on only names of files change
        removed = _let_go(shelf, but=new)
        pages = places.reports(shelf)
        for path in pages:
            places.remove(path)
        gone.append((manager, left, removed, len(pages)))
        return counts

    replacing.replace_live(shelf.file, make)
    manager, left, removed, pages_gone = gone[0]
    if removed:
        with closing(Journal.open(shelf.file, shelf.folder)) as journal:
            shelf.of_open(journal.db, now)
    proof = proving.prove(shelf, manager, left.pieces)
    return Forgotten(manager.handle, manager.name, left.rows, removed, pages_gone, proof)


def renew_copies(journal: Journal, shelf: Shelf, now: datetime) -> int:
    """Let go of every copy of the journal, damaged ones that were kept too, and take a fresh one; how many went."""
    removed = _let_go(shelf)
    if removed:
        shelf.of_open(journal.db, now)
    return removed


def _without(file: Path, new: Path, handle: str) -> tuple[Manager, wiping.Left, Counts]:
    """Write the journal without one manager to an empty file, and check it."""
    with closing(connect(file, "rw")) as db:
        if not copies.is_whole(db):
            raise UserError(
                "damaged", "the journal is damaged, so nothing was removed", "See what helps: trustlog doctor"
            )
    copies.clone(file, new)
    with closing(Journal(connect(new, "rw"))) as journal:
        manager = finding.manager(journal, handle)
        left = wiping.wipe_manager(journal, manager.id)
        counts = copies.counts(journal.db)
    copies.checked(new, counts)
    return manager, left, counts


def _let_go(shelf: Shelf, but: Path | None = None) -> int:
    """Remove the copies of the journal, and what runs left, `but` what this one is making; how many copies went."""
    old = [*(shelf.path(one) for one in shelf.all()), *places.damaged(shelf)]
    for path in (*old, *places.abandoned(shelf)):
        if path != but:
            places.remove(path)
    return len(old)
