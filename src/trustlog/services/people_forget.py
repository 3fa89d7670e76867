"""Removing a manager for good: the journal, its copies, other files; then a search that proves it."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from trustlog.domain.outcomes import Forgotten, Mention, Proof
from trustlog.domain.people import Manager, Naming, naming
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError, saying_when_stopped
from trustlog.services import finding, sync
from trustlog.store import changing, driver, intent, own_files, people, people_rows, reading, replacing, snapshots
from trustlog.store.driver import connect
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

T = TypeVar("T")


def meant(shelf: Snapshots, who: str) -> Manager:
    """The manager that a word means, in a journal that has one name: under another one all of them would stay.

    Raises UserError `unknown-manager`, `ambiguous-manager`, `conflict`.
    """
    if shelf.file.exists():
        reading.refuse_links(shelf.file)
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        return finding.manager(journal, who)


def forget(shelf: Snapshots, handle: str, now: datetime, inbox: Path) -> Forgotten:
    """Remove a manager and every trace of them, then look for what is left, in the inbox too.

    Raises UserError `unknown-manager`, `damaged`, and `conflict` if somebody has the journal open; then nothing went.
    """

    def wipe(journal: Journal) -> tuple[Manager, people_rows.Left]:
        manager = finding.manager(journal, handle)
        return manager, people_rows.wipe_manager(journal, manager.id, lambda: sync.scrub(journal, manager.uid))

    done = remove(shelf, "forget", wipe, now, pages=True)
    manager, left = done.result
    with saying_when_stopped(lambda: "They are gone; the search for what is left was not made."):
        proof = prove(shelf, manager, left.pieces, inbox)
    kept = tuple(map(str, own_files.kept_texts(shelf)))
    return Forgotten(manager.handle, manager.name, left.rows, done.copies, done.pages, proof, kept)


class Removed(NamedTuple, Generic[T]):
    """What was removed from the journal, as whoever removed it tells; how many copies and kept pages went along."""

    result: T
    copies: int
    pages: int


def remove(
    shelf: Snapshots, what: str, wipe: Callable[[Journal], T], now: datetime, *, pages: bool = False
) -> Removed[T]:
    """Let go of what `wipe` removes from a journal, and of every copy that may hold it; then take a fresh one.

    The journal without it is made beside the old one and moved into its place; the copies go after that. Cut off
    before the move, nothing is gone; cut off after it, the next run removes the rest (changing.py, which knows `what`).
    Raises UserError `damaged`, and `conflict` if somebody has the journal open; then nothing went.
    """
    if shelf.file.exists():
        reading.refuse_links(shelf.file)  # under its other name all of it would stay
    work = _Removing(shelf, what, wipe, pages=pages)
    with saying_when_stopped(work.how):
        replacing.replace_live(shelf.file, work.make, work.begun)
    if work.old:
        with (
            saying_when_stopped(lambda: "It is done, but no copy of the journal is left: trustlog backup makes one."),
            closing(Journal.open(shelf.file, shelf.folder)) as journal,
        ):
            shelf.of_open(journal.db, now)
    return Removed(work.results[0], len(work.old), len(work.pages))


class _Removing(Generic[T]):
    """The two steps that replacing.py asks for, and what they found."""

    def __init__(self, shelf: Snapshots, what: str, wipe: Callable[[Journal], T], *, pages: bool) -> None:
        self._shelf, self._what, self._wipe, self._with_pages = shelf, what, wipe, pages
        self.change: changing.Change | None = None
        self.old: list[Path] = []
        self.pages: list[Path] = []
        self.results: list[T] = []

    def how(self) -> str:
        """How things are when it was stopped."""
        if self.change is None or not self.change.made:
            return "Nothing was removed."
        if intent.beside(self._shelf.file).exists():
            return "It is gone from the journal; the next command does what is left."
        return "It is done, but no copy of the journal is left: trustlog backup makes one."

    @contextmanager
    def begun(self, _: Path) -> Iterator[Path]:
        """Say what will go: nobody has the journal open now, so no more copies are made of it as it was."""
        self.old = [*(self._shelf.path(snapshot) for snapshot in self._shelf.all()), *own_files.damaged(self._shelf)]
        self.pages = own_files.reports(self._shelf) if self._with_pages else []
        with changing.begun(self._shelf, self._what, [*self.old, *self.pages]) as self.change:
            yield self.change.journal

    def make(self, new: Path) -> Counts:
        """Write the journal without what goes to an empty file, and check it."""
        file = self._shelf.file
        with closing(connect(file, "rw")) as db:
            if not snapshots.is_whole(db):
                raise UserError(
                    "damaged", "the journal is damaged, so nothing was removed", "See what helps: trustlog doctor"
                )
        snapshots.clone(file, new)
        with closing(Journal(connect(new, "rw"))) as journal:
            self.results.append(self._wipe(journal))
            counts = snapshots.counts(journal.db)
        snapshots.checked(new, counts)
        if self.change is not None:
            self.change.sweep(self._shelf)
        return counts


_CHUNK = 1 << 20


_SHORT = 4
"""Characters below which a name stands in half of all words, so that bytes say nothing about it."""


_Needle = tuple[bytes, bool]
"""What is looked for among the bytes, and whether in any case; then it stands in small letters here."""


def prove(shelf: Snapshots, gone: Manager, pieces: tuple[str, ...], inbox: Path) -> Proof:
    """Look for a manager's name, address and texts in our files and beside them, and for mentions by others."""
    words = [word for word in (gone.name, gone.email, *pieces) if word and len(word) >= _SHORT]
    needles = [_needle(word) for word in words]
    live = Path(os.path.realpath(shelf.file))
    # before it is opened, and the bytes after it is closed: looking into an open file would drop SQLite's locks on it
    there = sorted({*own_files.every_file(shelf), *own_files.beside(shelf), *([inbox] if inbox.is_file() else [])})
    sealed = [path for path in there if _is_sealed(path)]
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        mentioned = _mentions(journal, gone)
        still = bool(people_rows.standing(journal.db, words)) if live in sealed else False
    left_in, unread = [], []
    for path in there:
        if path not in sealed:
            held: bool | None = _holds(path, needles)
        else:
            held = still if path == live else people_rows.holds(path, words)
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
    """The rows in which the manager is named, each row once."""
    named = naming(gone.name, gone.email, gone.handle, [name for _, name in people.names(journal)])
    found: dict[tuple[str, int | None], Mention] = {}
    for text in people_rows.texts(journal.db, derived=False):
        key = (text.table, text.id)
        if key not in found and text.of_a_person and text.column != "handle" and _names(text, named, gone.handle):
            found[key] = Mention(*key, people_rows.place(journal.db, text))
    return tuple(found.values())


def _names(one: people_rows.FoundText, named: Naming, handle: str) -> bool:
    if one.where in people_rows.LABELS:
        return any(map(named.in_label, one.words()))
    # a handle may be any word, but not where it is all of an answer, as when it says from whom something was learned
    return any(named.in_text(words) or (one.column == "value" and words.casefold() == handle) for words in one.words())


def _needle(word: str) -> _Needle:
    whole = people_rows.is_whole(word)
    return word.encode().lower() if whole else word.encode(), whole


def _holds(path: Path, needles: list[_Needle]) -> bool:
    """Whether one of the words stands in a file, wherever a piece of it ends."""
    longest = max((len(word) for word, _ in needles), default=0)
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            rest = rest[-longest:] + piece
            lower = rest.lower()  # of ASCII only, as the needles are
            if any(word in (lower if in_any_case else rest) for word, in_any_case in needles):
                return True
    return False
