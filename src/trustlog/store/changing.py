"""A change of several files that is made whole or not at all, whatever ends the run that makes it.

Every new file is written beside the old one, the journal's too. Then the journal's takes its place: from that moment
the change is made, and the others follow; until then it is not, and all of them are dropped. An intent beside the
journal tells the next run that there is something left to do. Which of the two it is shows in whether the journal's
new file is still there. Neither needs the key, and doing it twice does no harm.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from trustlog import files
from trustlog.domain.outcomes import Recovered
from trustlog.errors import UserError
from trustlog.store import intent, lock, own_files
from trustlog.store.intent import Intent
from trustlog.store.snapshots import COMPANIONS, Snapshots

T = TypeVar("T")


class Change:
    """A change that is being made; `journal` is the new file that takes the journal's place. Afterwards `made` tells
    whether it was."""

    def __init__(self, mark: str, journal: Path) -> None:
        self.journal = journal
        self.made = False
        self._mark = mark

    def new(self, path: Path) -> Path:
        """An empty file for its owner alone, which takes the place of `path` if the change is made."""
        return files.made_beside(path, self._mark)

    def drop(self, path: Path) -> None:
        """Leave `path` as it is after all."""
        new = files.name_beside(path, self._mark)
        for file in (new, *own_files.companions(new)):
            file.unlink(missing_ok=True)

    def sweep(self, shelf: Snapshots) -> None:
        """Remove what other runs that were cut off left beside the journal and its copies, while its lock is held
        alone: it may hold the notes as they were."""
        for path in own_files.abandoned(shelf):
            if f".{self._mark}.new" not in path.name:
                own_files.remove(path)

    def commit(self) -> None:
        """Say that the change is made, where the journal itself stays."""
        self.journal.unlink()


@contextmanager
def begun(shelf: Snapshots, what: str, gone: Iterable[Path] = ()) -> Iterator[Change]:
    """Make a change: its files are written inside, and what it leaves half done is settled at the end of it.

    `gone` are files of ours that are removed once it is made. Raises UserError `conflict` if another run is at it, and
    `not-writable` if it was made and some files could not follow; then the intent stays for the next run.
    """
    mark = os.urandom(4).hex()
    known = {path: label for label, path in _removable(shelf).items()}
    wish = Intent(what, mark, str(shelf.real_folder), tuple(known[path] for path in gone))
    change = Change(mark, files.made_beside(shelf.real, mark))
    try:
        files.sync_folder(shelf.real.parent)
        held = intent.write(intent.beside(shelf.real), wish)
    except BaseException:
        change.journal.unlink(missing_ok=True)
        raise
    try:
        try:
            yield change
        except BaseException:
            change.made = not change.journal.exists()
            with suppress(OSError):  # the next run settles it
                _recover(shelf, wish, held)
            raise
        change.made = not change.journal.exists()
        recovered = _recover(shelf, wish, held)
    finally:
        intent.close(held, intent.beside(shelf.real))
    if recovered.left:
        names = ", ".join(Path(path).name for path in recovered.left)
        raise UserError(
            "not-writable", f"these could not follow: {names}", "Make their folder writable; the next command goes on."
        )


def recover(shelf: Snapshots) -> Recovered | None:
    """Finish what a run that was cut off had made, or take back what it had not; None if there is nothing to do."""
    place = intent.beside(shelf.file)
    try:
        held = intent.opened(place)
    except FileNotFoundError:
        return None
    try:
        # a run that is still at it has the lock
        if not lock.take(held) or not intent.is_there(held, place):
            return None
        wish = intent.read(held)
        if wish is None:  # cut off while it was written, so nothing had begun
            intent.end(held, place)
            return None
        folder = Path(wish.folder)
        return _recover(Snapshots(shelf.file, folder if folder.is_dir() else shelf.folder), wish, held)
    finally:
        intent.close(held, place)


def waits(shelf: Snapshots) -> bool:
    """Whether a run that is over left a change that is not settled."""
    place = intent.beside(shelf.file)
    try:
        held = intent.opened(place)
    except OSError:
        return place.exists()
    try:
        return lock.take(held) and intent.is_there(held, place)
    finally:
        os.close(held)


def _recover(shelf: Snapshots, wish: Intent, held: int) -> Recovered:
    journal = files.name_beside(shelf.real, wish.mark)
    made = not journal.exists()
    new_files, left = _new_files(shelf, wish)
    if made:
        left += _move(new_files) + _remove(shelf, wish)
    else:
        # the journal's is only emptied: it stays as long as the intent does, because its absence would mean that the
        # change was made
        new = [new for new, _ in new_files]
        left += _failing(new, lambda path: _empty(path) if path == journal else path.unlink(missing_ok=True))
    if not left:
        for folder in filter(Path.is_dir, _folders(shelf)):
            files.sync_folder(folder)
        intent.end(held, intent.beside(shelf.real))
        files.sync_folder(shelf.real.parent)
        journal.unlink(missing_ok=True)
    return Recovered(wish.what, made, tuple(map(str, left)))


New = tuple[Path, Path | None]
"""A new file, and what it is to replace; None for what SQLite put beside one."""


def _new_files(shelf: Snapshots, wish: Intent) -> tuple[list[New], list[Path]]:
    """The new files that are there, and the folders that cannot be looked into."""
    name = re.compile(rf"\.(?P<of>.+)\.{wish.mark}\.new(?P<tail>{'|'.join(COMPANIONS)})?", re.DOTALL)
    found: list[New] = []
    closed = []
    for folder in _folders(shelf):
        try:
            hits = [(path, name.fullmatch(path.name)) for path in folder.iterdir()]
        except FileNotFoundError:
            continue
        except OSError:
            closed.append(folder)
            continue
        found += [(path, None if hit["tail"] else path.with_name(hit["of"])) for path, hit in hits if hit]
    return found, closed


def _failing(items: Iterable[T], do: Callable[[T], object]) -> list[T]:
    """Do something with each; those with which it could not be done."""
    left = []
    for item in items:
        try:
            do(item)
        except OSError:
            left.append(item)
    return left


def _move(new_files: list[New]) -> list[Path]:
    """Put the new files in their places; those that could not be."""

    def put(file: New) -> None:
        new, path = file
        if path is not None and path.exists():
            new.replace(path)
        else:
            new.unlink(missing_ok=True)

    return [path or new for new, path in _failing(new_files, put)]


def _remove(shelf: Snapshots, wish: Intent) -> list[Path]:
    """Remove what goes once the change is made; what could not be removed."""
    there = _removable(shelf)
    return _failing([there[label] for label in wish.gone if label in there], lambda path: path.unlink(missing_ok=True))


def _empty(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate()
        os.fsync(file.fileno())


def _folders(shelf: Snapshots) -> list[Path]:
    """Where new files may lie: beside the journal and among the copies."""
    return list(dict.fromkeys((shelf.real.parent, shelf.real_folder)))


def _removable(shelf: Snapshots) -> dict[str, Path]:
    """Files of ours that a change may remove, by what an intent calls them: a name alone could lead anywhere."""
    ours = (
        ("copy", [shelf.path(snapshot) for snapshot in shelf.all()]),
        ("damaged", own_files.damaged(shelf)),
        (files.reports().name, own_files.reports(shelf)),
    )
    return {f"{kind}/{path.name}": path for kind, found in ours for path in found}
