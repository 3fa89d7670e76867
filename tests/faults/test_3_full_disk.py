"""A disk that is full: said in one line, nothing old is hurt, and it works again when there is space."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.faults.conftest import DAY
from tests.faults.test_1_kill import RAW
from tests.helpers import SCHEMA_1

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 4
MIB = 1 << 20
BIG = "x" * 40_000
ROWS = "manager,kind,when,note\n" + "".join(f"dana,reply,{DAY},row {number} {BIG}\n" for number in range(100))


def may_mount() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None


pytestmark = pytest.mark.skipif(not may_mount(), reason="mounting a small disk takes root")


class Disk(NamedTuple):
    """A small file system of its own."""

    place: Path

    def fill(self, left: int) -> None:
        """Leave so many bytes free."""
        free = os.statvfs(self.place)
        size = free.f_bavail * free.f_frsize - left
        with (self.place / "filler").open("wb") as file:
            file.write(b"\0" * max(size, 0))

    def give_back(self) -> None:
        (self.place / "filler").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={4 * MIB},mode=0700", "tmpfs", str(place)],
        check=False,
        capture_output=True,
        timeout=300,
    )
    if done.returncode != 0:
        pytest.skip("this root may not mount")
    yield Disk(place)
    subprocess.run(["umount", "-l", str(place)], check=True, timeout=300)


@pytest.fixture
def home(disk: Disk, lived_in: Path) -> Path:
    shutil.copytree(lived_in, disk.place / "home")
    return disk.place / "home"


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key").write_text(RAW)
    (tmp_path / "key").chmod(0o600)
    return str(tmp_path / "key")


READING = [
    ("log",), ("log", "--json"), ("log", "1"), ("search", "entry"), ("report",), ("report", "dana", "--why"),
    ("next",), ("brief", "dana"), ("open",), ("export",), ("week",), ("year",), ("today",),
]  # fmt: skip


@pytest.mark.parametrize("left", [0, 12_000, 40_000, 64_000])
def test_adds_until_the_disk_is_full(warm: Warm, disk: Disk, home: Path, figures: Figures, left: int) -> None:
    old = {one["uid"] for one in warm(home, "log", "--json").data["entries"]}
    disk.fill(left)
    acknowledged = set()
    for _ in range(200):
        told = warm(home, "add", "dana", BIG[:4000], "--json")
        if told.code:
            break
        acknowledged.add(told.data["entry"]["uid"])
    assert told.code == 1
    assert '"disk-full"' in told.err
    warm(home, "add", "dana", BIG[:4000]).one_line()
    for words in READING:
        answer = warm(home, *words)
        assert (answer.code, "Traceback" in answer.err) == (0, False), (words, answer)
    disk.give_back()
    assert old | acknowledged == {one["uid"] for one in warm(home, "log", "--json").data["entries"]}
    assert warm(home, "add", "dana", "space again").code == 0
    assert warm.findings(home) == [] or {one["check"] for one in warm.findings(home)} == {"space"}
    figures.survived()


@pytest.mark.parametrize("left", [0, 64_000, 200_000])
@pytest.mark.parametrize("what", ["import", "backup", "encrypt", "export"])
def test_large_writings_on_a_full_disk_leave_all_as_it_was(
    warm: Warm, disk: Disk, home: Path, key: str, figures: Figures, what: str, left: int
) -> None:
    args = {
        "import": ("import", "-"),
        "backup": ("backup",),
        "encrypt": ("encrypt", "--key-file", key),
        "export": ("export", str(disk.place / "journal.json")),
    }[what]
    if what == "encrypt":
        pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    if what == "export":
        assert warm(home, "add", "dana", "-", stdin=(BIG * 20).encode()).code == 0
    before = warm.state(home)
    files = sorted(path.name for path in disk.place.rglob("*"))
    disk.fill(left)
    told = warm(home, *args, stdin=ROWS.encode())
    assert "full" in told.one_line()
    if left == 0:
        for words in READING:
            assert warm(home, *words).code == 0, words
    disk.give_back()
    now = sorted(path.name for path in disk.place.rglob("*"))
    assert [name for name in now if name not in files and not name.endswith(("-wal", "-shm"))] == []
    assert warm.state(home) == before
    if what != "import":  # a hundred such rows do not fit anyway
        assert warm(home, *args).code == 0
    figures.survived()


@pytest.mark.parametrize("left", [0, 50_000, 100_000])
def test_a_migration_on_a_full_disk_changes_nothing_and_is_read_all_the_same(
    warm: Warm, disk: Disk, figures: Figures, left: int
) -> None:
    home = disk.place / "home"
    home.mkdir(mode=0o700)
    shutil.copy(SCHEMA_1, home / "trustlog.db")
    old = (home / "trustlog.db").read_bytes()
    disk.fill(left)
    told = warm(home, "add", "dana", "x")
    assert "full" in told.one_line()
    seen = warm(home, "log", "--json").data["entries"]
    assert len(seen) > 0
    disk.give_back()
    assert len(old) == SCHEMA_1.stat().st_size
    assert warm(home, "log", "--json").data["entries"] == seen
    assert warm(home, "manager", "add", "Sam Reed").code == 0
    figures.survived()
