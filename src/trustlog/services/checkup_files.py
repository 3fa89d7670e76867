"""`doctor` among the files: who may look at them, what cut-off runs left, and what a person wrote."""

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from trustlog import paths, settings
from trustlog.domain.outcomes.checkup import Finding
from trustlog.errors import UserError
from trustlog.playbook import Playbook
from trustlog.store.checkup import FIX
from trustlog.store.disk import places as of_ours
from trustlog.store.disk.snapshots import Shelf


class Places(NamedTuple):
    """Where to look: the home, the copies of the journal, and the files of the user's own."""

    home: Path
    shelf: Shelf
    playbook: Path
    config: Path
    copied: bool
    """Whether the day's copy is made of this journal."""


def findings(places: Places) -> list[Finding]:
    """Every finding among the files."""
    return [*_modes(places), *_leftovers(places), *_unsaved(places), *_config(places), *_playbook(places)]


def _modes(places: Places) -> list[Finding]:
    wide = list(too_wide(places))
    found = []
    if wide:
        names = ", ".join(str(path) for path in wide[:5]) + (f" and {len(wide) - 5} more" if len(wide) > 5 else "")
        found.append(Finding("permissions", f"others may look at {names}", FIX, "permissions"))
    if _is_wide(places.home) and not _ours_alone(places):
        cure = f"It holds other files too, so close it yourself: chmod 700 {shlex.quote(str(places.home))}"
        found.append(Finding("permissions", f"others may look into {places.home}", cure))
    return found


def too_wide(places: Places) -> Iterator[Path]:
    """What is ours and open to others. A home that also holds other files is not ours to close."""
    if _is_wide(places.home) and _ours_alone(places):
        yield places.home
    yield from filter(_is_wide, _ours(places))


def _is_wide(path: Path) -> bool:
    with suppress(OSError):
        mine = os.name == "posix" and path.stat().st_uid == os.geteuid() and not path.is_symlink()
        return mine and bool(path.stat().st_mode & 0o077)
    return False


def _ours_alone(places: Places) -> bool:
    ours = {path.name for path in (*_ours(places), *of_ours.leftovers(places.shelf))}
    return all(path.name in ours for path in places.home.iterdir())


def _ours(places: Places) -> Iterator[Path]:
    """The folders, and every file that is there."""
    yield from (places.shelf.folder, places.playbook, places.home / paths.reports().name)
    yield from (places.shelf.file, places.config)  # by these names, though they may be links
    yield from (path for path in places.playbook.glob("**/*") if path.is_dir())
    editors = of_ours.leftovers(places.shelf)  # their folders are closed, whatever an editor puts there
    yield from (path for path in of_ours.every_file(places.shelf) if path.parent not in editors)


def _leftovers(places: Places) -> list[Finding]:
    left = list(left_behind(places))
    if not left:
        return []
    names = ", ".join(path.name for path in left[:5])
    return [Finding("leftovers", f"runs that were cut off left {names}", FIX, "leftovers")]


def left_behind(places: Places) -> Iterator[Path]:
    """Files of runs that are over: older than an hour, or of an editor that is gone; but not what a person wrote."""
    for path in filter(of_ours.is_cut_off, of_ours.leftovers(places.shelf)):
        if not list(_written(path)):
            yield path


def _unsaved(places: Places) -> list[Finding]:
    """Words that an editor saved and no journal holds: no cure takes them away."""
    return [
        Finding(
            "leftovers",
            f"an editor that was cut off left what you wrote in {file}",
            f"Take it in with: trustlog add MANAGER - < {shlex.quote(str(file))} and then remove {file.parent.name}",
        )
        for path in filter(of_ours.is_cut_off, of_ours.leftovers(places.shelf))
        for file in _written(path)
    ]


def _written(path: Path) -> Iterator[Path]:
    """The files of an editor's folder that hold something."""
    if path.is_dir():
        yield from (file for file in sorted(path.iterdir()) if file.is_file() and file.stat().st_size)


def _config(places: Places) -> list[Finding]:
    try:
        found = settings.Settings(places.config, os.environ)
        for name in settings.SETTINGS:
            found.source(name)
    except UserError as error:
        return [Finding("settings", error.message, error.hint)]
    except OSError as error:
        return [Finding("settings", f"{places.config} cannot be read: {error.strerror}", "Check who owns it.")]
    return []


def _playbook(places: Places) -> list[Finding]:
    folder = places.playbook
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
