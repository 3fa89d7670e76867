"""Removing for good: the journal, its copies, and what lies around in the home; then a search that proves it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from trustlog.domain.forgotten import Forgotten
from trustlog.services import finding
from trustlog.store import wiping
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Shelf

_CHUNK = 1 << 20


def forget(journal: Journal, who: str, shelf: Shelf, home: Path, now: datetime) -> Forgotten:
    """Remove a manager and every trace of them. Raises UserError `unknown-manager`, `ambiguous-manager`, `conflict`."""
    manager = finding.manager(journal, who)
    left = wiping.wipe_manager(journal, manager.id)
    dropped = renew_copies(journal, shelf, now)
    files = sorted(set(_files(home)) | {path for path in _beside(shelf.file) if path.is_file()})
    needles = [word.encode() for word in left.words]
    hits = [str(path) for path in files if _holds(path, needles)]
    mentioned = wiping.mentions(journal, left.words)
    return Forgotten(manager.handle, manager.name, left.rows, dropped, len(files), tuple(hits), tuple(mentioned))


def renew_copies(journal: Journal, shelf: Shelf, now: datetime) -> int:
    """Let go of every copy of the journal, damaged ones that were kept too, and take a fresh one; how many went."""
    old = [shelf.path(one) for one in shelf.all()]
    old += [path for path in shelf.file.parent.glob(f"{shelf.file.stem}-damaged-*") if path.is_file()]
    for folder, name in ((shelf.file.parent, shelf.file.name), (shelf.folder, f"{shelf.journal}-*")):
        for path in folder.glob(f".{name}.*.new*") if folder.is_dir() else ():
            path.unlink(missing_ok=True)
    for path in old:
        path.unlink(missing_ok=True)
    if old:
        shelf.of_open(journal.db, now)
    return len(old)


def _files(home: Path) -> Iterator[Path]:
    """Every file of ours in the home."""
    for pattern in (
        "trustlog*",
        ".trustlog*",
        "config.toml",
        "bug.log",
        "playbook/**/*",
        "snapshots/*",
        ".editing-*/*",
    ):
        yield from (path for path in home.glob(pattern) if path.is_file())


def _beside(file: Path) -> Iterator[Path]:
    yield from (Path(f"{file}{ending}") for ending in ("", "-wal", "-shm"))


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
