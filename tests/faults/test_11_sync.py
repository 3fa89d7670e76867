"""`sync` under attack: anything done in any order on three laptops, and killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.faults.test_3_full_disk import disk, may_mount  # noqa: F401 - a fixture, which tests name
from tests.sync_world import World, without_a_slow_passphrase

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm
    from tests.faults.test_3_full_disk import Disk

NUMBER = 11
WORLDS = int(os.environ.get("TRUSTLOG_SYNC_WORLDS", "12"))
"""How many worlds; a thousand take an hour and a half."""
COMMANDS = 200
KILLS = int(os.environ.get("TRUSTLOG_SYNC_KILLS", "60"))

pytest.importorskip("pycrdt", reason="the extra sync is not installed")
pytest.importorskip("pyrage", reason="the extra sync is not installed")


@pytest.mark.parametrize("part", range(4))
def test_after_anything_in_any_order_the_exports_are_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Figures, part: int
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    without_a_slow_passphrase(monkeypatch)
    for seed in range(part, WORLDS, 4):
        place = tmp_path / str(seed)
        place.mkdir()
        world = World(place, seed)
        for _ in range(COMMANDS):
            world.step()
        world.settle()
        shutil.rmtree(place)
        figures.survived()


def exchanged(warm: Warm, home: Path, folder: Path, other: Path, others: Path) -> set[str]:
    """Sync both, each with the other's files, until they are equal; the notes that both have."""
    for _ in range(3):
        for mine, own, theirs in ((home, folder, others), (other, others, folder)):
            told = warm(mine, "sync", "--json")
            assert told.code == 0, told
            shutil.copytree(own, theirs, dirs_exist_ok=True)
    exports = {bytes(warm(one, "export").out) for one in (home, other)}
    assert len(exports) == 1
    return {one["note"] for one in json.loads(exports.pop())["entries"]}


def test_killed_inside_a_sync_nothing_is_lost_and_the_next_run_is_whole(
    warm: Warm, lived_in: Path, tmp_path: Path, figures: Figures
) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse")
    passphrase.chmod(0o600)
    made = tmp_path / "made"
    shutil.copytree(lived_in, made / "work")
    for name in ("folder-work", "folder-home", "home"):
        (made / name).mkdir()
    chance = random.Random(11)
    for number in range(KILLS):
        now = tmp_path / "now"
        shutil.rmtree(now, ignore_errors=True)
        shutil.copytree(made, now)
        home, folder, other, others = (now / one for one in ("work", "folder-work", "home", "folder-home"))
        if number == 0:  # once: set up where the worlds will stand, and keep it as made
            for mine, own, name in ((home, folder, "work"), (other, others, "home")):
                told = warm(mine, "sync", "init", str(own), "--passphrase-file", str(passphrase), "--name", name)
                assert told.code == 0, told
                assert warm(mine, "sync").code == 0
                shutil.copytree(own, others if own == folder else folder, dirs_exist_ok=True)
            exchanged(warm, home, folder, other, others)
            for mine in (home, other):
                for entry in range(5):
                    assert warm(mine, "add", "dana", f"{mine.name} {entry}").code == 0
            assert warm(other, "sync").code == 0
            shutil.copytree(others, folder, dirs_exist_ok=True)
            shutil.rmtree(made)
            shutil.copytree(now, made)
        killed = warm(home, "sync", kill_after=chance.uniform(0.01, 0.35))
        assert killed.code in (0, -signal.SIGKILL), killed
        notes = exchanged(warm, home, folder, other, others)
        assert notes >= {f"{name} {entry}" for name in ("work", "home") for entry in range(5)}
        assert warm.findings(home) == []
        figures.survived()


def gives_one_entry(warm: Warm, lived_in: Path, home: Path, folder: Path) -> set[Path]:
    """Sync a home into a folder and write one entry more; the files of the folder."""
    shutil.copytree(lived_in, home)
    passphrase = home.with_name("passphrase")
    passphrase.write_text("correct horse")
    passphrase.chmod(0o600)
    folder.mkdir()
    assert warm(home, "sync", "init", str(folder), "--passphrase-file", str(passphrase)).code == 0
    assert warm(home, "sync").code == 0
    assert warm(home, "add", "dana", "to be given").code == 0
    return set(folder.rglob("*"))


def gives_it_later(warm: Warm, home: Path, folder: Path, before: set[Path]) -> None:
    """Nothing half written lies there, the entry still waits, and the next sync gives it."""
    assert set(folder.rglob("*")) == before
    assert warm(home, "sync", "status", "--json").data["to_give"] == 1
    assert warm.findings(home) == []


@pytest.mark.skipif(not may_mount(), reason="mounting a small disk takes root")
@pytest.mark.parametrize("left", [0, 4096])
def test_a_folder_on_a_full_disk_gets_no_half_file_and_later_the_whole(
    warm: Warm, lived_in: Path, disk: Disk, tmp_path: Path, figures: Figures, left: int  # noqa: F811 - the fixture
) -> None:  # fmt: skip
    home, folder = tmp_path / "home", disk.place / "folder"
    before = gives_one_entry(warm, lived_in, home, folder)
    assert warm(home, "edit", "1", "--note", random.Random(1).randbytes(9000).hex()).code == 0
    disk.fill(left)
    assert "full" in warm(home, "sync").one_line()
    gives_it_later(warm, home, folder, before)
    disk.give_back()
    assert warm(home, "sync").code == 0
    assert len(set(folder.rglob("*.age")) - before) == 1
    figures.survived()


@pytest.mark.skipif(not may_mount(), reason="mounting a small disk takes root")
def test_a_folder_on_a_read_only_mount_is_said_and_what_is_to_be_given_waits(
    warm: Warm, lived_in: Path, disk: Disk, tmp_path: Path, figures: Figures  # noqa: F811 - the fixture
) -> None:  # fmt: skip
    home, folder = tmp_path / "home", disk.place / "folder"
    before = gives_one_entry(warm, lived_in, home, folder)
    subprocess.run(["mount", "-o", "remount,ro", str(disk.place)], check=True, timeout=300)
    assert "what is to be given waits" in warm(home, "sync").one_line()
    assert '"code": "not-writable"' in warm(home, "sync", "--json").err
    words = ("sync", "init", str(disk.place), "--passphrase-file", str(tmp_path / "passphrase"))
    assert str(disk.place) in warm(tmp_path / "other", *words).one_line()
    gives_it_later(warm, home, folder, before)
    subprocess.run(["mount", "-o", "remount,rw", str(disk.place)], check=True, timeout=300)
    assert warm(home, "sync").code == 0
    assert len(set(folder.rglob("*.age")) - before) == 1
    figures.survived()
