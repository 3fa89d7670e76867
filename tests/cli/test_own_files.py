"""No document takes the place of a file of the journal itself, whatever --yes says."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

WRITERS = [
    ("export", "--format", "json"), ("backup",), ("report", "--format", "html", "--output"), ("remind", "--output"),
    ("kickoff", "email", "PA-1", "--output"),
]  # fmt: skip
SNAPSHOT = "snapshots/trustlog-20240301T000000Z.db"
DAMAGED = "trustlog-damaged-20240301T000000Z-0a1b.db"
THERE = (
    "trustlog.db", ".trustlog.db.lock", "config.toml", ".config.toml.lock", SNAPSHOT, DAMAGED, "playbook/steps.toml",
    "playbook/scripts/prep.toml",
)  # fmt: skip
NOT_THERE = ("trustlog.db-wal", "trustlog.db-shm", "trustlog.db-journal")


@pytest.fixture
def some(two: Path, call: Call) -> Path:
    """A home with a journal, a kick-off, settings, a copy, a damaged journal that was kept, and words of one's own."""
    call("req", "add", "dana", "Payments analyst", "--code", "PA-1").says()
    assert call("kickoff", "start", "PA-1", "--set", "level=Senior").code == 0
    call("config", "set", "minutes", "5").says()
    for name in (SNAPSHOT, DAMAGED):
        (two / name).parent.mkdir(exist_ok=True)
        shutil.copy(two / "trustlog.db", two / name)
    (two / "playbook" / "scripts").mkdir(parents=True)
    for name in ("steps.toml", "scripts/prep.toml"):
        (two / "playbook" / name).write_text("")
    return two


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: words[0])
def test_no_yes_overwrites_a_file_of_the_journal(call: Call, some: Path, words: tuple[str, ...]) -> None:
    before = {name: (some / name).read_bytes() for name in THERE}
    for name in (*THERE, *NOT_THERE):
        said = call(*words, str(some / name), "--yes", "--json").fails(1, "conflict")
        assert said.endswith("itself. Name another file."), name
    assert {name: (some / name).read_bytes() for name in THERE} == before
    assert [name for name in NOT_THERE if (some / name).exists()] == []


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["a link", "another name"])
def test_nor_by_another_way_to_it(call: Call, some: Path, tmp_path: Path, link: object) -> None:
    for number, name in enumerate(THERE):
        way = tmp_path / f"{number}.json"
        link(some / name, way)  # type: ignore[operator]  # both take what is there and where to
        if name != "trustlog.db" or link is os.symlink:
            call("export", str(way), "--yes", "--json").fails(1, "conflict")


def test_the_journal_at_home_is_none_for_a_run_with_another_journal(call: Call, some: Path, tmp_path: Path) -> None:
    before = (some / "trustlog.db").read_bytes()
    shutil.copy(some / "trustlog.db", tmp_path / "other.db")
    call("--db", str(tmp_path / "other.db"), "backup", str(some / "trustlog.db"), "--yes", "--json").fails(
        1, "conflict"
    )
    assert (some / "trustlog.db").read_bytes() == before


@pytest.mark.plain_only
def test_the_key_of_the_journal_is_overwritten_by_nothing(call: Call, some: Path, tmp_path: Path) -> None:
    key = tmp_path / "the-key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    call("config", "set", "key_file", str(key)).says()
    call("export", "--format", "json", str(key), "--yes", "--json").fails(1, "conflict")
    assert key.read_text() == "0123456789abcdef" * 4
    assert some.exists()


def test_other_files_are_overwritten_with_yes_also_beside_the_copies(call: Call, some: Path, tmp_path: Path) -> None:
    for file in (tmp_path / "mine.json", some / "mine.json"):
        file.write_text("old")
        call("export", str(file), "--yes").says()
        assert file.read_text("utf-8").startswith("{")
    assert call("backup", str(some / "snapshots" / "by-hand.db")).code == 0
