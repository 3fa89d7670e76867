"""`sync` under attack: anything done in any order on three laptops, and killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest
from tests.sync_world import World, without_a_slow_passphrase

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

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
