"""Removing a manager for good: the journal, its copies, other files; then a search that proves it."""

import os
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path

from trustlog.domain.outcomes import Forgotten, Mention, Proof
from trustlog.domain.people import Manager
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import driver, opening, own_files, people, people_forget, replacing, snapshots
from trustlog.store.driver import connect
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots


def meant(shelf: Snapshots, who: str) -> Manager:
    """The manager that a word means, in a journal that has one name: under another one all of them would stay.

    Raises UserError `unknown-manager`, `ambiguous-manager`, `conflict`.
    """
    if shelf.file.exists():
        opening.refuse_links(shelf.file)
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        return finding.manager(journal, who)


def forget(shelf: Snapshots, handle: str, now: datetime) -> Forgotten:
    """Remove a manager and every trace of them.

    The journal without them is made beside the old one and moved into its place after everything else is gone: cut
    off before that, their name is still known and it can be run again; cut off after it, nothing is left to remove.
    Raises UserError `unknown-manager`, `damaged`, and `conflict` if somebody has the journal open; then nothing went.
    """
    gone: list[tuple[Manager, people_forget.Left, int, int]] = []

    def make(new: Path) -> Counts:
        manager, left, counts = _without(shelf.file, new, handle)
        # from here on only names of files change
        removed = _let_go(shelf, but=new)
        pages = own_files.reports(shelf)
        for path in pages:
            own_files.remove(path)
        gone.append((manager, left, removed, len(pages)))
        return counts

    replacing.replace_live(shelf.file, make)
    manager, left, removed, pages_gone = gone[0]
    if removed:
        with closing(Journal.open(shelf.file, shelf.folder)) as journal:
            shelf.of_open(journal.db, now)
    proof = prove(shelf, manager, left.pieces)
    return Forgotten(manager.handle, manager.name, left.rows, removed, pages_gone, proof)


def renew_copies(journal: Journal, shelf: Snapshots, now: datetime) -> int:
    """Let go of every copy of the journal, damaged ones that were kept too, and take a fresh one; how many went."""
    removed = _let_go(shelf)
    if removed:
        shelf.of_open(journal.db, now)
    return removed


def _without(file: Path, new: Path, handle: str) -> tuple[Manager, people_forget.Left, Counts]:
    """Write the journal without one manager to an empty file, and check it."""
    with closing(connect(file, "rw")) as db:
        if not snapshots.is_whole(db):
            raise UserError(
                "damaged", "the journal is damaged, so nothing was removed", "See what helps: trustlog doctor"
            )
    snapshots.clone(file, new)
    with closing(Journal(connect(new, "rw"))) as journal:
        manager = finding.manager(journal, handle)
        left = people_forget.wipe_manager(journal, manager.id)
        counts = snapshots.counts(journal.db)
    snapshots.checked(new, counts)
    return manager, left, counts


def _let_go(shelf: Snapshots, but: Path | None = None) -> int:
    """Remove the copies of the journal, and what runs left, `but` what this one is making; how many copies went."""
    old = [*(shelf.path(one) for one in shelf.all()), *own_files.damaged(shelf)]
    for path in (*old, *own_files.abandoned(shelf)):
        if path != but:
            own_files.remove(path)
    return len(old)


_CHUNK = 1 << 20
_SHORT = 4
"""Characters below which a name stands in half of all words, so that bytes say nothing about it."""


def prove(shelf: Snapshots, gone: Manager, pieces: tuple[str, ...]) -> Proof:
    """Look for a manager's name, address and texts in every file of ours, and for mentions by others."""
    words = [word for word in (gone.name, gone.email, *pieces) if word and len(word) >= _SHORT]
    needles = [word.encode() for word in words]
    live = Path(os.path.realpath(shelf.file))
    # before it is opened, and the bytes after it is closed: looking into an open file would drop SQLite's locks on it
    there = sorted({*own_files.every_file(shelf), *own_files.alike(shelf)})
    sealed = [path for path in there if _is_sealed(path)]
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        mentioned = _mentions(journal, gone)
        still = bool(people_forget.standing(journal.db, words)) if live in sealed else False
    left_in, unread = [], []
    for path in there:
        if path not in sealed:
            held: bool | None = _holds(path, needles)
        else:
            held = still if path == live else people_forget.holds(path, words)
        if held:
            left_in.append(str(path))
        elif held is None:
            unread.append(str(path))
    opened = len(sealed) - len(unread)
    return Proof(len(pieces), len(there) - len(sealed), opened, tuple(unread), tuple(left_in), mentioned)


def _is_sealed(path: Path) -> bool:
    """Whether only a key tells what a file holds. What lies beside an open journal is read as it is."""
    return not path.name.endswith(snapshots.COMPANIONS) and driver.is_encrypted(path)


def _mentions(journal: Journal, gone: Manager) -> tuple[Mention, ...]:
    """The rows in which the manager is named, by the whole name, the address, or a first name that nobody else has."""
    first = gone.name.split()[0]
    others = {part for _, name in people.names(journal) for part in name.split()}
    whole = "|".join(re.escape(name) for name in (gone.name, gone.email) if name)
    alone = "" if first in others else f"|{re.escape(first)}"
    # a first name as it is written: "may" and "will" are words too
    # a handle may be any word, but not where it says from whom something was learned
    learned = rf'"from": "(?i:{re.escape(gone.handle)})"'
    named = re.compile(rf"(?<!\w)(?:(?i:{whole}){alone})(?!\w)|{learned}")
    return tuple(
        dict.fromkeys(
            Mention(one.table, one.id) for one in people_forget.texts_told(journal.db) if named.search(one.text)
        )
    )


def _holds(path: Path, needles: list[bytes]) -> bool:
    """Whether one of the words stands in a file, wherever a piece of it ends."""
    longest = max(map(len, needles), default=0)
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            rest = rest[-longest:] + piece
            if any(needle in rest for needle in needles):
                return True
    return False
