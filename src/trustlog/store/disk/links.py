"""A journal with more than one name on its disk. Loaded only for a file that has hard links."""

import os
import shlex
from pathlib import Path
from typing import NamedTuple


class Links(NamedTuple):
    """A file, and its other names in the same folder; `elsewhere` counts those that lie in other folders."""

    file: Path
    beside: tuple[Path, ...]
    elsewhere: int

    @property
    def shared(self) -> bool:
        return bool(self.beside or self.elsewhere)

    def told(self) -> tuple[str, str]:
        """What is wrong and what helps, each in a line."""
        named = str(self.beside[0]) if self.beside else "elsewhere"
        problem = f"{self.file} has another name on the disk, {named}, and what is written by two names is lost"
        here = shlex.quote(str(self.file))
        if not self.beside:
            return problem, f"Find it with: find / -xdev -samefile {here} and remove one of the two."
        other = shlex.quote(str(self.beside[0]))
        log = Path(f"{self.beside[0]}-wal")
        if not log.exists() or not log.stat().st_size:
            return problem, f"Keep one of them: rm {other}"
        export = f"trustlog --db {other} export --include-reflections other.json"
        cure = f"Its log holds changes, so first: {export} and then: rm {other} {shlex.quote(str(log))}"
        return problem, f"{cure} and then: trustlog import other.json"


def of(path: Path) -> Links:
    """The other names of a file, but for the one by which it was made: a kill may leave that, and nobody opens it."""
    file = Path(os.path.realpath(path))
    ours, beside = 1, []
    with os.scandir(file.parent) as entries:
        same = [one.name for one in entries if one.name != file.name and _is(one, file)]
    for name in sorted(same):
        if name.startswith(f".{file.name}.") and name.endswith(".new"):
            ours += 1
        else:
            beside.append(file.with_name(name))
    # counted last: whoever makes the journal may have removed the first name meanwhile
    return Links(file, tuple(beside), max(0, file.stat().st_nlink - ours - len(beside)))


def _is(entry: os.DirEntry[str], file: Path) -> bool:
    try:
        return entry.is_file(follow_symlinks=False) and os.path.samestat(entry.stat(follow_symlinks=False), file.stat())
    except OSError:  # gone meanwhile
        return False
