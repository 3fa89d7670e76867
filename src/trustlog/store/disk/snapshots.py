"""The folder of copies: one a day by itself, some before large changes, thinned as they grow old."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trustlog import files
from trustlog.domain import keeping
from trustlog.domain.keeping import Inside, Snapshot
from trustlog.store.disk import copies, daily
from trustlog.store.disk.driver import Connection


class Shelf:
    """The copies of one journal. `file` is the journal, `folder` the snapshots folder of the home."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.journal = daily.name_of(file, folder)

    def all(self) -> list[Snapshot]:
        """The copies of this journal, newest first."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 - asked on every report, and a name is all that is needed
        except OSError:
            return []
        found = [one for one in map(keeping.read_name, names) if one is not None and one.journal == self.journal]
        return sorted(found, key=lambda one: one.taken_at, reverse=True)

    def path(self, one: Snapshot) -> Path:
        return self.folder / one.name

    def take(self, now: datetime, why: str, write: Callable[[Path], Inside]) -> Snapshot:
        """A copy that `write` makes under a new name; older ones are thinned afterwards. Raises what `write` raises."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = {one.taken_at for one in self.all()}
        at = now.astimezone(UTC).replace(microsecond=0)
        while at in taken:  # two in a second keep their order
            at += timedelta(seconds=1)
        made = Snapshot(self.journal, at, why)
        write(self.path(made))
        self.thin(now)
        return made

    def thin(self, now: datetime) -> None:
        """Let go of the copies that the rule does not keep."""
        there = self.all()
        for one in set(there) - keeping.kept(there, now):
            self.path(one).unlink(missing_ok=True)

    def pin(self, one: Snapshot) -> Snapshot:
        """Keep a copy until the person deletes it."""
        pinned = one._replace(pinned=True)
        self.path(one).replace(self.path(pinned))
        return pinned

    def of_open(self, db: Connection, now: datetime, why: str = "") -> Snapshot:
        """A copy of an open journal."""
        return self.take(now, why, lambda target: copies.write(db, target))

    def of_closed(self, now: datetime, why: str) -> Snapshot:
        """A copy of the journal while nobody has it open. Raises UserError `damaged`, `bad-file`."""

        def write(target: Path) -> Inside:
            with copies.beside(target) as new:
                copies.clone(self.file, new)
                found = copies.look(new)
                new.replace(target)
            files.sync_folder(target.parent)
            return found

        return self.take(now, why, write)
