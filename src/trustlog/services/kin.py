"""Which files hold what the journal holds: its copies wherever it lay when they were made, and what others made."""

import os
import shlex
from pathlib import Path

from trustlog.domain.outcomes import Unsealed
from trustlog.store import driver, own_files, snapshots
from trustlog.store.snapshots import Snapshots


def named(shelf: Snapshots) -> list[Path]:
    """The copies that the journal's name tells: snapshots, and what was kept of it when it was damaged."""
    damaged = [path for path in own_files.damaged(shelf) if not path.name.endswith(snapshots.COMPANIONS)]
    return [*own_files.copies(shelf), *damaged]


def copies(shelf: Snapshots, *, sealed: bool) -> list[Path]:
    """Those, and copies that were made while the journal had another name or place: they know the same people.

    `sealed` tells whether the journal is encrypted; only then is its key there for others that are.
    """
    there = own_files.other_copies(shelf)
    return [
        *named(shelf),
        *_akin(shelf, [one for one in there if snapshots.is_plain(one) or (sealed and driver.is_encrypted(one))]),
    ]


def strays(shelf: Snapshots) -> list[Path]:
    """Plain copies beside the journal and in the home that are none of ours: what a cloud folder makes when two
    machines have changed the journal, or a person by hand."""
    real, ours = Path(os.path.realpath(shelf.file)), set(own_files.every_file(shelf))
    folders = dict.fromkeys((real.parent, Path(os.path.realpath(shelf.folder.parent))))
    there = (path for folder in folders for path in own_files.files_in(folder) if path not in ours)
    called_so = [path for path in there if ".db" in path.name or real.stem in path.name]
    return _akin(shelf, [path for path in called_so if snapshots.is_plain(path)])


def left_beside(shelf: Snapshots) -> list[Unsealed]:
    """Plain text that stays where an encrypted journal is, with what helps; empty where the journal is plain."""
    found = [Unsealed(str(path), f"it is a copy that is not encrypted; {cure_of(path)}") for path in strays(shelf)]
    wrote = "you wrote it in an editor and no journal holds it"
    return [*found, *(Unsealed(str(path), f"{wrote}; {cure_of_text(path)}") for path in own_files.kept_texts(shelf))]


def cure_of(path: Path) -> str:
    """What can be done about a plain copy that is none of ours."""
    where = shlex.quote(str(path))
    return f"look at it with trustlog --db {where} log, encrypt it with trustlog --db {where} encrypt, or delete it"


def cure_of_text(path: Path) -> str:
    """What can be done about a text that a person wrote."""
    return f"take it in with trustlog add MANAGER - < {shlex.quote(str(path))} and then remove {path.parent.name}"


def _akin(shelf: Snapshots, candidates: list[Path]) -> list[Path]:
    """Those that know somebody whom the journal knows."""
    known = snapshots.people(shelf.file) if candidates else None
    return [path for path in candidates if known and known & (snapshots.people(path) or set())]
