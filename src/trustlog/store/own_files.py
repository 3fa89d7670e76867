"""Which files are the program's own: the one place that knows their names."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from trustlog import files
from trustlog.domain import snapshots
from trustlog.store import lock
from trustlog.store.snapshots import COMPANIONS, Snapshots

CUT_OFF = 3600
"""Seconds after which what a run leaves while it works belongs to no run any more."""
_TAIL = "(-wal|-shm|-journal)?"
_NEW = re.compile(rf"\.(?P<of>.+)\.[0-9a-f]+\.new{_TAIL}", re.DOTALL)
_EDITING = re.compile(r"\.editing-(?P<by>[0-9]+)(-[0-9]+)?")
_NO_WORDS = (b"Vim\x9fUnDo", b"b0nano")
"""How the undo file of vi and the lock of nano begin."""
_WRITING = re.compile(r"\.writing-(?P<by>[0-9]+)-[0-9a-f]+")


def companions(path: Path) -> tuple[Path, ...]:
    """What SQLite may keep beside a file; none of it need be there."""
    return tuple(Path(f"{path}{ending}") for ending in COMPANIONS)


def damaged_name(path: Path, now: datetime) -> Path:
    """Where a damaged journal is kept."""
    return path.with_name(f"{path.stem}-damaged-{snapshots.stamp(now)}-{os.urandom(2).hex()}{path.suffix}")


def damaged(shelf: Snapshots) -> list[Path]:
    """Every damaged journal that was kept, with its log."""
    file = shelf.real
    name = re.compile(
        rf"{re.escape(file.stem)}-damaged-[0-9]{{8}}T[0-9]{{6}}Z-[0-9a-f]+{re.escape(file.suffix)}{_TAIL}"
    )
    return [path for path in files_in(file.parent) if name.fullmatch(path.name)]


def copies(shelf: Snapshots) -> list[Path]:
    """The journal's snapshots with what other programs made of them, and if the journal is the one at home, what else
    was put beside them."""
    at_home = shelf.real.parent == shelf.home
    return [
        path
        for path, owner in _owners(shelf)
        if owner == shelf.journal or (owner is None and (at_home or path.name.startswith(f"{shelf.journal}-")))
    ]


def other_copies(shelf: Snapshots) -> list[Path]:
    """Copies that are not called as those of this journal are: it may have lain elsewhere when they were made. Those
    of a journal that lies at home itself are not among them."""
    mine = copies(shelf)
    others = {path.stem for path in files_in(shelf.home) if path.suffix == ".db" and not path.samefile(shelf.file)}
    return [path for path, owner in _owners(shelf) if path not in mine and owner not in others]


def _owners(shelf: Snapshots) -> list[tuple[Path, str | None]]:
    """What lies among the copies, with the name of the journal that each is called after, if it is one's."""
    found = [(path, snapshots.read_name(path.name)) for path in files_in(shelf.real_folder) if path.suffix == ".db"]
    return [(path, named and named.journal) for path, named in found]


def reports(shelf: Snapshots) -> list[Path]:
    """The pages that were shown in a browser: plain text, made again whenever one is asked for."""
    return files_in(shelf.home / files.reports().name)


def leftovers(shelf: Snapshots) -> list[Path]:
    """What runs leave while they work: half of a journal, of a copy, of the settings; the drafts of an editor."""
    file, home = shelf.real, shelf.home
    kept = {path.name for path in (*damaged(shelf), *copies(shelf))}
    found = []
    for folder in dict.fromkeys((file.parent, home, shelf.real_folder, home / files.reports().name)):
        for path in _entries(folder):
            new = _NEW.fullmatch(path.name)
            if _EDITING.fullmatch(path.name) if new is None else _is_ours(new["of"], folder, shelf, kept):
                found.append(path)
    return found


def note_writing(home: Path, file: Path) -> Path | None:
    """Note in the home which file elsewhere this run is going to write, as only this run knows what it leaves beside
    it when it is cut off; None where that cannot be noted. Whoever ends well removes the note."""
    note = home / f".writing-{os.getpid()}-{os.urandom(2).hex()}"
    try:
        note.touch(0o600)
        note.write_text(os.path.realpath(file), "utf-8", "surrogateescape")
    except OSError:
        with suppress(OSError):
            note.unlink()
        return None
    return note


def half_written(shelf: Snapshots) -> list[Path]:
    """What runs that were cut off left beside files elsewhere, and then their notes: backups, exports, reports."""
    over = {note: is_cut_off(note) for note in _notes(shelf)}
    busy = {_noted(note) for note, is_over in over.items() if not is_over}
    found = []
    for note in (note for note, is_over in over.items() if is_over):
        file = _noted(note)
        if file not in busy:
            found += [
                path for path in files_in(file.parent) if (new := _NEW.fullmatch(path.name)) and new["of"] == file.name
            ]
        found.append(note)
    return found


def abandoned(shelf: Snapshots) -> list[Path]:
    """The leftovers that belong to no run while the journal's lock is held alone: who edits need not have it open.
    What a person wrote in an editor is none of them."""
    config = f".{files.config().name}."
    over = (
        leftover
        for leftover in leftovers(shelf)
        if is_cut_off(leftover) or not leftover.name.startswith((".editing-", config))
    )
    return [*(file for file in over if not written(file)), *half_written(shelf)]


def kept_texts(shelf: Snapshots) -> list[Path]:
    """What a person wrote in an editor of a run that is over, and no journal holds."""
    return [text for folder in leftovers(shelf) if is_cut_off(folder) for text in written(folder)]


def written(path: Path) -> list[Path]:
    """The files of an editor's folder that hold something of a person's; what vi remembers for its undo does not."""
    if not path.is_dir():
        return []
    return [file for file in files_in(path) if file.stat().st_size and not _begins(file).startswith(_NO_WORDS)]


def is_swap(file: Path) -> bool:
    """Whether vi can bring a text back from the file."""
    return _begins(file).startswith(b"b0VIM")


def is_text(file: Path) -> bool:
    """Whether the file can be read as a note."""
    try:
        return "\0" not in file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _begins(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(8)
    except OSError:
        return b""


def remove(path: Path) -> None:
    """Remove a file, or a folder with all in it; what is gone already is no matter."""
    if path.is_dir():
        import shutil  # 2 ms, only where an editor left its folder

        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def is_cut_off(path: Path) -> bool:
    """Whether the run that left it is over: an editor's and a note's by its process, any other's by its age."""
    with suppress(OSError):
        note = _WRITING.fullmatch(path.name)
        if note is not None and os.name == "posix":
            return _gone(int(note["by"]))
        editor = _EDITING.fullmatch(path.name)
        return time.time() - path.stat().st_mtime > CUT_OFF or (editor is not None and _gone(int(editor["by"])))
    return False


def every_file(shelf: Snapshots) -> list[Path]:
    """Every file of ours that is there, of this journal and of the home."""
    file, home = shelf.real, shelf.home
    locks = (lock.beside(file), lock.beside(file).with_suffix(lock.UNFINISHED))
    found = [file, *companions(file), *locks, *damaged(shelf), *reports(shelf), *files_in(shelf.real_folder)]
    config = home / files.config().name
    found += [config, files.lock_of(config), home / files.bug_log().name]
    for folder in (home / files.playbook().name, *(leftover for leftover in leftovers(shelf) if leftover.is_dir())):
        found += [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    found += [*leftovers(shelf), *_notes(shelf)]
    return sorted({path for path in found if path.is_file()})


def is_ours(file: Path, shelf: Snapshots) -> bool:
    """Whether a document in that place would be taken for a file of ours, or would take the place of one.

    Pages for a browser are ours too, but are made again whenever one is asked for.
    """
    journal, config = shelf.real, shelf.home / files.config().name
    reserved = (journal, *companions(journal), lock.beside(journal), config, files.lock_of(config))
    there = set(every_file(shelf)) - set(reports(shelf))
    return Path(os.path.realpath(file)) in reserved or (file.exists() and any(file.samefile(one) for one in there))


def beside(shelf: Snapshots) -> list[Path]:
    """All that lies in the home: the inbox, copies that a person made by hand, pages that were written there."""
    return files_in(shelf.home)


def _is_ours(name: str, folder: Path, shelf: Snapshots, kept: set[str]) -> bool:
    """Whether a new file of that name in that folder was going to be one of ours."""
    if folder == shelf.home / files.reports().name:
        return True
    if folder == shelf.real_folder:
        named = snapshots.read_name(name)
        return name in kept or (named is not None and named.journal == shelf.journal)
    return name in (shelf.real.name, *kept) or (folder == shelf.home and name == files.config().name)


def _notes(shelf: Snapshots) -> list[Path]:
    return [path for path in files_in(shelf.home) if _WRITING.fullmatch(path.name)]


def _noted(note: Path) -> Path:
    with suppress(OSError, ValueError):
        return Path(note.read_text("utf-8", "surrogateescape"))
    return note  # beside which there is nothing of that name


def files_in(folder: Path) -> list[Path]:
    """The files of a folder by name; none if it cannot be looked into."""
    return [path for path in _entries(folder) if path.is_file()]


def _entries(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(folder.iterdir())


def _gone(pid: int) -> bool:
    if os.name != "posix":  # elsewhere asking a process whether it is there ends it
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
