"""The folder that some program replicates: who writes there, which files are there, and writing our own."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.errors import UserError

_NAME = re.compile(r"(\d{6,})(-whole)?\.age\Z")
_REPLICA = re.compile(r"[0-9a-f]{8}\Z")
SPACE = "space.age"


class SyncFile(NamedTuple):
    """A file of a laptop, as its name tells."""

    path: Path
    number: int
    whole: bool


class Folder:
    """What lies in the folder now; read once a run."""

    def __init__(self, folder: str | None) -> None:
        """None is no folder, for who only looks at the document. Raises UserError `bad-file` if it is not there."""
        self.root = Path(folder or os.devnull) / "trustlog"
        self._files: dict[str, dict[int, SyncFile]] = {}
        self._strange: list[tuple[str, str]] = []
        if folder is None:
            return
        if not Path(folder).is_dir():
            raise UserError(
                "bad-file", f"the folder {folder} is not there", "Is a disk missing, or the replicator not running?"
            )
        for place in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if place.is_dir() and _REPLICA.match(place.name):
                self._files[place.name] = self._look(place)
            elif place.name.startswith("space") and place.name != SPACE:
                self._strange.append(
                    (place.name, "it is a second space file, as when two laptops began a space at once")
                )

    @property
    def space(self) -> Path:
        return self.root / SPACE

    def replicas(self) -> list[str]:
        return list(self._files)

    def files(self, replica: str) -> dict[int, SyncFile]:
        """The files of a laptop by number; of two with one number the whole one."""
        return self._files.get(replica, {})

    def strange(self) -> list[tuple[str, str]]:
        """(file, why) of what has no name of ours: a replicator's conflict copies."""
        return self._strange

    def last_whole(self, replica: str) -> int:
        return max((one.number for one in self.files(replica).values() if one.whole), default=0)

    def is_whole(self, replica: str, number: int, waiting: Iterable[tuple[int, str, bytes]]) -> bool:
        """Whether everything that this laptop gave still lies there, or waits to be written."""
        if number == 0:
            return True
        there = {**{one.number: one.whole for one in self.files(replica).values()}}
        there |= {one[0]: one[1].endswith("-whole.age") for one in waiting}
        first = max((one for one, whole in there.items() if whole), default=1)
        return all(one in there for one in range(first, number + 1))

    def write(self, replica: str, name: str, content: bytes) -> None:
        """Put a file in its place; a whole one takes the place of all before it. Raises OSError."""
        place = self.root / replica
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write(place / name, content)
        found = _NAME.match(name)
        if found and found[2]:
            for one in self._look(place).values():
                if one.number < int(found[1]):
                    one.path.unlink(missing_ok=True)

    def remove(self, replica: str) -> int:
        """Remove all files of a laptop; how many that were."""
        place = self.root / replica
        there = list(place.iterdir()) if place.is_dir() else []
        for file in there:
            file.unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()
        return len(there)

    def _look(self, place: Path) -> dict[int, SyncFile]:
        found: dict[int, SyncFile] = {}
        for entry in sorted(os.scandir(place), key=lambda one: one.name):
            name = _NAME.match(entry.name)
            if name is None:
                if entry.name.endswith(".age"):
                    self._strange.append(
                        (f"{place.name}/{entry.name}", "it has no name of trustlog's: a conflict copy?")
                    )
                continue
            one = SyncFile(Path(entry.path), int(name[1]), bool(name[2]))
            if one.whole or one.number not in found:
                found[one.number] = one
        return found
