"""The search that follows `forget`: through the files as they lie on the disk, and every text of the journal."""

import os
import re
from contextlib import closing
from pathlib import Path

from trustlog.domain.model import Manager
from trustlog.domain.outcomes.forgotten import Mention, Proof
from trustlog.store import people, texts
from trustlog.store.disk import copies, driver, places
from trustlog.store.disk.snapshots import Shelf
from trustlog.store.journal import Journal

_CHUNK = 1 << 20
_SHORT = 4
"""Characters below which a name stands in half of all words, so that bytes say nothing about it."""


def prove(shelf: Shelf, gone: Manager, pieces: tuple[str, ...]) -> Proof:
    """Look for a manager's name, address and texts in every file of ours, and for mentions by others."""
    words = [word for word in (gone.name, gone.email, *pieces) if word and len(word) >= _SHORT]
    needles = [word.encode() for word in words]
    live = Path(os.path.realpath(shelf.file))
    # before it is opened, and the bytes after it is closed: looking into an open file would drop SQLite's locks on it
    there = sorted({*places.every_file(shelf), *places.alike(shelf)})
    sealed = [path for path in there if _is_sealed(path)]
    with closing(Journal.read(shelf.file, shelf.folder)) as journal:
        mentioned = _mentions(journal, gone)
        still = bool(texts.standing(journal.db, words)) if live in sealed else False
    left_in, unread = [], []
    for path in there:
        if path not in sealed:
            held: bool | None = _holds(path, needles)
        else:
            held = still if path == live else texts.holds(path, words)
        if held:
            left_in.append(str(path))
        elif held is None:
            unread.append(str(path))
    opened = len(sealed) - len(unread)
    return Proof(len(pieces), len(there) - len(sealed), opened, tuple(unread), tuple(left_in), mentioned)


def _is_sealed(path: Path) -> bool:
    """Whether only a key tells what a file holds. What lies beside an open journal is read as it is."""
    return not path.name.endswith(copies.COMPANIONS) and driver.is_encrypted(path)


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
    return tuple(dict.fromkeys(Mention(one.table, one.id) for one in texts.told(journal.db) if named.search(one.text)))


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
