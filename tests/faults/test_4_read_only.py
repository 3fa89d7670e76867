"""Where nothing can be written: reading works, writing says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.faults.test_1_kill import RAW
from tests.helpers import SCHEMA_1

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 5
READS = [
    ("log",), ("log", "1"), ("search", "entry"), ("report",), ("report", "dana", "--why"), ("next",), ("next", "dana"),
    ("brief", "dana"), ("open",), ("export",), ("week",), ("year",), ("remind",), ("backup", "--list"),
    ("manager", "list"),
    ("kickoff", "show", "PA-1"), ("update", "dana"), ("today",), ("undo", "--list"), ("me",), ("config", "list"),
    ("prep-feedback", "priya", "--card"),
]  # fmt: skip
WRITES = [
    ("add", "dana", "x"), ("edit", "1", "--note", "x"), ("delete", "1"), ("undo",), ("import", "-"),
    ("promise", "dana", "x", "--due", "2030-01-02"), ("settle", "dana", "kept"), ("notice", "dana", "x"),
    ("manager", "add", "Sam"), ("kickoff", "confirm", "PA-1", "all", "--how", "email"), ("backup",),
    ("restore", "--yes"), ("config", "set", "minutes", "2"), ("prep-feedback", "dana", "--set", "purpose=learn"),
]  # fmt: skip
ROW = b"manager,kind,when,note\ndana,reply,2026-11-20,row\n"


def trustlog(prefix: list[str], env: Mapping[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-m", "trustlog", *args],
        env=env, input=ROW.decode(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def can_all_be_read(prefix: list[str], env: Mapping[str, str], figures: Figures) -> None:
    for words in READS:
        told = trustlog(prefix, env, *words)
        assert (told.returncode, "Traceback" in told.stderr) == (0, False), (words, told)
        figures.survived()
    told = trustlog(prefix, env, "doctor")
    assert told.returncode in (0, 1)
    assert "Traceback" not in told.stderr


def is_told_why(prefix: list[str], env: Mapping[str, str], figures: Figures, writes: list[tuple[str, ...]]) -> None:
    for words in writes:
        told = trustlog(prefix, env, *words)
        said = [line for line in told.stderr.splitlines() if line.startswith("trustlog: ")]
        assert (told.returncode, len(said), "Traceback" in told.stderr) == (1, 1, False), (words, told)
        as_json = trustlog(prefix, env, *words, "--json")
        assert '"code": "not-writable"' in as_json.stderr, (words, as_json)
        figures.survived()


@pytest.fixture
def mounted(tmp_path: Path, lived_in: Path) -> Iterator[Path]:
    """A file system of its own with the home on it, mounted read-only."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting takes root")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], check=False, capture_output=True, timeout=300
    )
    if made.returncode != 0:
        pytest.skip("this root may not mount")
    shutil.copytree(lived_in, place / "home")
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True, timeout=300)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True, timeout=300)


@pytest.fixture
def powerless() -> list[str]:
    """What goes before a program so that it may not write everywhere."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def test_a_read_only_mount(mounted: Path, env: dict[str, str], figures: Figures) -> None:
    there = {**env, "TRUSTLOG_HOME": str(mounted / "home")}
    can_all_be_read([], there, figures)
    is_told_why([], there, figures, WRITES)


def test_a_home_without_write_permission(
    home: Path, env: dict[str, str], powerless: list[str], figures: Figures
) -> None:
    places = [home, *(path for path in home.rglob("*"))]
    before = [(path, path.stat().st_mode) for path in places]
    for path in places:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        can_all_be_read(powerless, env, figures)
        is_told_why(powerless, env, figures, WRITES)
    finally:
        for path, mode in before:
            path.chmod(mode)


@pytest.mark.parametrize("sort", ["old", "encrypted"])
def test_an_old_or_an_encrypted_journal_is_read_there_too(
    warm: Warm, home: Path, env: dict[str, str], powerless: list[str], figures: Figures, tmp_path: Path, sort: str
) -> None:
    if sort == "old":
        shutil.copy(SCHEMA_1, home / "trustlog.db")
    else:
        pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
        (tmp_path / "key").write_text(RAW)
        (tmp_path / "key").chmod(0o600)
        env = {**env, "TRUSTLOG_KEY_FILE": str(tmp_path / "key")}
        assert warm(home, "encrypt", "--key-file", env["TRUSTLOG_KEY_FILE"]).code == 0
    for path in home.rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    home.chmod(0o500)
    try:
        for words in READS[:8]:
            told = trustlog(powerless, env, *words)
            assert (told.returncode, "Traceback" in told.stderr) == (0, False), (words, told)
            figures.survived()
        is_told_why(powerless, env, figures, WRITES[:1])
    finally:
        home.chmod(0o700)
        (home / "snapshots").chmod(0o700)
