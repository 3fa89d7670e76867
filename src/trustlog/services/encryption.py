"""Encrypting the journal and its copies, or taking that back; begun again after a kill, it goes on where it was."""

from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.domain.keeping import Counts
from trustlog.domain.outcomes.sealed import Done, Left
from trustlog.errors import UserError
from trustlog.store.disk import copies, driver, lock, places, remaking, replacing
from trustlog.store.disk.driver import DatabaseError
from trustlog.store.disk.snapshots import Shelf

Key = str | None
"""A key, or None for a plain file."""


class Stand(NamedTuple):
    """How the files stand: the journal, and whether any of its copies is otherwise."""

    encrypted: bool
    mixed: bool


def stand(shelf: Shelf) -> Stand:
    """Whether the journal is encrypted, and whether one of its copies is not as it is."""
    encrypted = driver.is_encrypted(shelf.file)
    return Stand(encrypted, any(driver.is_encrypted(copy) != encrypted for copy in _copies(shelf)))


def convert(shelf: Shelf, keys: list[str], wanted: Key) -> Done:
    """Give the journal and its copies the wanted key, or none; `keys` are those that may open them now.

    The journal is encrypted first and decrypted last, so that its key fits as long as any copy needs it.
    Raises UserError `wrong-key`, `conflict`, `damaged`: then the journal is as it was.
    """
    tried = [wanted, *keys] if wanted is not None else keys
    changed: list[Path] = []
    left: list[Left] = []
    remaking.fitting(shelf.file, tried)
    _sweep(shelf)
    if wanted is None:
        _convert_copies(shelf, tried, wanted, changed, left)
    if _convert_journal(shelf.file, tried, wanted):
        changed.insert(0, shelf.file)
    # a copy that somebody made meanwhile is as the journal was
    left.clear()
    _convert_copies(shelf, tried, wanted, changed, left)
    removed = _clear_pages(shelf) if wanted is not None else []
    return Done(wanted is not None, tuple(map(str, changed)), tuple(left), tuple(map(str, removed)))


def _convert_journal(path: Path, keys: list[str], wanted: Key) -> bool:
    found = remaking.fitting(path, keys)
    if found == wanted:
        return False
    driver.keyring.use(None if found is None else lambda: found)

    def make(new: Path) -> Counts:
        counts = remaking.remake(path, found, new, wanted)
        # whoever looks at the new file from now on needs its key
        driver.keyring.use(None if wanted is None else lambda: wanted)
        return counts

    replacing.replace_live(path, make)
    return True


def _convert_copies(shelf: Shelf, keys: list[str], wanted: Key, changed: list[Path], left: list[Left]) -> None:
    for path in _copies(shelf):
        try:
            found = remaking.fitting(path, keys)
            if found == wanted:
                continue
            with copies.beside(path) as new:
                remaking.remake(path, found, new, wanted)
                new.replace(path)
            files.sync_folder(path.parent)
            changed.append(path)
        except UserError as error:
            if error.code not in _REASONS:
                raise
            left.append(Left(str(path), _REASONS[error.code] or _damaged(path)))
        except DatabaseError as error:
            known = driver.explain(error)
            if known is None or known.code != "damaged":
                raise
            left.append(Left(str(path), _damaged(path)))


_REASONS = {"wrong-key": "it has another key", "bad-file": "it is no journal", "damaged": ""}


def _damaged(path: Path) -> str:
    return "it is damaged" if driver.is_encrypted(path) else "it is damaged, and not encrypted"


def _copies(shelf: Shelf) -> list[Path]:
    """The journal's snapshots, what else was put beside them, and what was kept of a damaged journal."""
    damaged = [path for path in places.damaged(shelf) if not path.name.endswith(copies.COMPANIONS)]
    return [*places.copies(shelf), *damaged]


def _sweep(shelf: Shelf) -> None:
    """Remove what a kill left beside the journal and its copies: it may hold the notes as they are."""
    with lock.alone(shelf.file):
        for path in places.abandoned(shelf):
            places.remove(path)


def _clear_pages(shelf: Shelf) -> list[Path]:
    """Remove the reports that were kept for a browser, which are plain text; which ones those were."""
    pages = places.reports(shelf)
    for path in pages:
        places.remove(path)
    return pages
