"""`doctor` among the copies: is each of them encrypted as the journal is, and what else of it lies about in plain."""

import shlex
from pathlib import Path
from typing import NamedTuple

from trustlog.domain.outcomes import Finding
from trustlog.domain.text import capitalized, few
from trustlog.errors import UserError
from trustlog.services import encryption
from trustlog.services import snapshots as snapshots_service
from trustlog.store import changing, driver, failures, intent, own_files, reading, snapshots
from trustlog.store.doctor import FEW, FIX
from trustlog.store.driver import DatabaseError
from trustlog.store.snapshots import Snapshots

COPIES, PAGES = "plain copies", "pages"
"""What can be mended here."""


class Places(NamedTuple):
    """Where to look: the home, the copies of the journal, and the files of the user's own."""

    home: Path
    shelf: Snapshots
    playbook: Path
    config: Path
    copied: bool
    """Whether the day's copy is made of this journal."""
    sealed: bool = False
    """Whether the journal is encrypted: known before it is opened, as looking into an open file drops its locks."""


def findings(places: Places) -> list[Finding]:
    """Every finding. The journal may be encrypted or plain, and its copies lie wherever they were made."""
    if not places.shelf.file.exists():
        return []
    return _beside_encrypted(places) if places.sealed else _beside_plain(places)


def unfinished(places: Places) -> list[Finding]:
    """A change that could not be settled when this run began."""
    if not changing.waits(places.shelf):
        return []
    problem = f"a change of the journal's files was cut off; {intent.beside(places.shelf.file)} tells which"
    return [Finding("unfinished", problem, "Make the folders of the journal and its copies writable; run any command.")]


def mend(places: Places, what: str) -> None:
    """Give plain copies the key of the journal, or remove the pages that were shown in a browser."""
    if what == COPIES:
        key = failures.this_run.key()
        encryption.convert(places.shelf, [key], key)
    else:
        for path in own_files.reports(places.shelf):
            own_files.remove(path)


def _beside_encrypted(places: Places) -> list[Finding]:
    shelf = places.shelf
    there = [path for path in snapshots_service.copies(shelf, sealed=True) if path.stat().st_size]
    plain = [path for path in there if not driver.is_encrypted(path)]
    unknown = [path for path in own_files.other_copies(shelf) if reading.is_plain(path) and path not in plain]
    broken = [path for path in (*plain, *unknown) if snapshots.glance(path) is None]
    found = []
    if whole := [path for path in plain if path not in broken]:
        problem = f"the journal is encrypted, and copies of it are not: {_names(whole)}"
        found.append(Finding("encryption", problem, FIX, COPIES))
    for path in broken:
        cure = f"Delete it if you do not need it: rm {shlex.quote(str(path))}"
        found.append(Finding("encryption", f"{path} is damaged, and it is not encrypted", cure))
    found += [
        Finding(
            "encryption",
            f"{path} is a copy of the journal that is not encrypted",
            capitalized(snapshots_service.cure_of(path)),
        )
        for path in snapshots_service.strays(shelf)
    ]
    if pages := own_files.reports(shelf):
        problem = f"the journal is encrypted, and a report that was shown in a browser is plain text: {_names(pages)}"
        found.append(Finding("encryption", problem, FIX, PAGES))
    return found + _other_keys(places)


def _is_closed(path: Path) -> bool:
    """Whether the key of this run does not fit a copy; one that is damaged further on is another matter."""
    try:
        snapshots.peek(path)
    except UserError as error:
        return error.code == "wrong-key"
    except (DatabaseError, OSError):
        return False
    return False


def _other_keys(places: Places) -> list[Finding]:
    """Copies that a key of the past opens; the newest is read to its end elsewhere."""
    older = [path for path in map(places.shelf.path, places.shelf.all()[1:]) if driver.is_encrypted(path)]
    closed = [path for path in older if _is_closed(path)]
    if not closed:
        return []
    cure = "Bring them to it with the key that they have: trustlog encrypt --key-file OLD --new-key-file NEW"
    return [Finding("encryption", f"the key of the journal does not open {_names(closed)}", cure)]


def _beside_plain(places: Places) -> list[Finding]:
    sealed = [path for path in snapshots_service.copies(places.shelf, sealed=False) if driver.is_encrypted(path)]
    if not sealed:
        return []
    problem = f"the journal is not encrypted, and copies of it are: {_names(sealed)}"
    return [Finding("encryption", problem, "Make them plain with their key, trustlog decrypt, or delete them.")]


def _names(found: list[Path]) -> str:
    return few([path.name for path in found], FEW)
