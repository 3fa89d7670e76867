"""A log without its index where nothing can be written: what is in it is read, or said not to be."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from trustlog.store import driver, failures, reading
from trustlog.store.failures import this_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Call

POWERLESS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""What goes before a program so that root may not write everywhere either."""
needs_a_user = pytest.mark.skipif(
    bool(POWERLESS) and shutil.which("setpriv") is None, reason="root may write everywhere, and setpriv is not here"
)


@pytest.fixture
def torn(two: Path, call: Call, tmp_path: Path) -> Path:
    """A home whose last entry is in the log alone, without the index of the log: a copy that a backup program took."""
    call("add", "dana", "in the file").says()
    journal, taken = two / "trustlog.db", tmp_path / "taken"
    with closing(driver.connect(journal, "rw")) as other:  # keeps the log from being folded in
        other.execute("SELECT count(*) FROM entries").fetchone()
        call("add", "dana", "in the log").says()
        taken.mkdir()
        for name in ("trustlog.db", "trustlog.db-wal"):
            shutil.copy(two / name, taken / name)
    for path in two.iterdir():
        path.unlink()
    for path in taken.iterdir():
        shutil.move(path, two)
    return two


@pytest.fixture
def closed(torn: Path) -> Iterator[Path]:
    """The same, where nothing can be written."""
    torn.chmod(0o500)
    yield torn
    torn.chmod(0o700)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class Powerless:
    """The program as somebody who may not write into a closed folder."""

    def __init__(self, env: dict[str, str], temporary: Path) -> None:
        temporary.mkdir()
        self.temporary = temporary
        self._env = {**env, "TMPDIR": str(temporary)}

    def __call__(self, *args: str) -> Ran:
        program = [*POWERLESS, sys.executable, "-m", "trustlog", *args]
        done = subprocess.run(program, env=self._env, capture_output=True, text=True, check=False, timeout=60)
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def powerless(env: dict[str, str], tmp_path: Path) -> Powerless:
    return Powerless(env, tmp_path / "temporary")


@needs_a_user
@pytest.mark.parametrize("args", [("log",), ("export",), ("search", "log", "--json"), ("export", "--format", "csv")])
def test_entries_in_a_log_without_its_index_are_read_where_nothing_can_be_written(
    closed: Path, powerless: Powerless, args: tuple[str, ...]
) -> None:
    before = sorted(path.name for path in closed.iterdir())
    done = powerless(*args)
    assert (done.code, "in the log" in done.out, done.err) == (0, True, "")
    assert sorted(path.name for path in closed.iterdir()) == before
    assert list(powerless.temporary.iterdir()) == []


@needs_a_user
def test_a_backup_from_where_nothing_can_be_written_holds_them_too(
    closed: Path, powerless: Powerless, tmp_path: Path
) -> None:
    done = powerless("backup", str(tmp_path / "b.db"))
    assert (done.code, "it holds 2 entries" in done.out) == (0, True)
    with closing(driver.connect(tmp_path / "b.db", "immutable")) as db:
        assert [row[0] for row in db.execute("SELECT note FROM entries")] == ["in the file", "in the log"]
    assert closed.exists()


@needs_a_user
def test_a_backup_with_a_log_is_looked_at_whole_where_nothing_can_be_written(
    closed: Path, powerless: Powerless, tmp_path: Path
) -> None:
    elsewhere = str(tmp_path / "elsewhere.db")
    assert powerless("--db", elsewhere, "restore", str(closed / "trustlog.db"), "--yes").code == 0
    found = json.loads(powerless("--db", elsewhere, "log", "--json").out)["data"]["entries"]
    assert [one["note"] for one in found] == ["in the log", "in the file"]


def test_the_private_copy_is_for_its_owner_alone_and_gone_afterwards(
    torn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, list[str]]] = []
    connect = driver.connect

    def looking(path: Path | None, *more: Any, **named: Any) -> failures.Connection:
        if path is not None and path.parent != torn:
            seen.append((stat.S_IMODE(path.parent.stat().st_mode), sorted(one.name for one in path.parent.iterdir())))
        return connect(path, *more, **named)

    monkeypatch.setattr(reading, "connect", looking)
    monkeypatch.setattr(reading, "_IN_MEMORY", tmp_path / "memory")
    (tmp_path / "memory").mkdir()
    with closing(reading.connected(torn / "trustlog.db")) as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone()[0] == 2
        assert list((tmp_path / "memory").iterdir()) == []
    assert seen == [(0o700, ["trustlog.db", "trustlog.db-wal"])]


def test_where_there_is_no_room_for_a_copy_it_says_that_the_log_is_not_read(
    torn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    this_run.tell(said.append)
    monkeypatch.setattr(reading, "_IN_MEMORY", torn / "nowhere")
    monkeypatch.setattr(tempfile, "tempdir", str(torn / "nowhere"))
    with closing(reading.connected(torn / "trustlog.db")) as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone()[0] == 1
    this_run.tell(None)
    assert said == [
        "What was written last is not in this answer: it lies in trustlog.db-wal, which could not be read here"
        " (No such file or directory). Copy trustlog.db and trustlog.db-wal to where you can write."
    ]


@pytest.mark.plain_only
def test_a_transaction_that_was_cut_off_is_rolled_back_in_the_copy(tmp_path: Path) -> None:
    """A journal that keeps no log ahead has one for going back: without it, half of a change would be read."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE entries (note TEXT)")
        db.execute("INSERT INTO entries VALUES ('whole')")
        db.execute("PRAGMA cache_size = 2")
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE entries SET note = 'half'")
        db.executemany("INSERT INTO entries VALUES (?)", [("x" * 900,)] * 200)
        cut_off = tmp_path / "cut-off.db"
        for ending in ("", "-journal"):
            shutil.copy(f"{path}{ending}", f"{cut_off}{ending}")
        db.execute("ROLLBACK")
    with closing(reading.connected(cut_off)) as db:
        assert [tuple(row) for row in db.execute("SELECT note FROM entries")] == [("whole",)]


@pytest.fixture(autouse=True)
def no_key_goes_on() -> Iterator[None]:
    yield
    this_run.use_key(None)


@needs_a_user
def test_a_folder_of_copies_that_is_closed_is_told_by_the_next_command_and_by_doctor(
    two: Path, call: Call, powerless: Powerless
) -> None:
    call("add", "dana", "first").says()
    call("backup").says()
    folder = two / "snapshots"
    folder.chmod(0)
    try:
        reported, examined = powerless("report"), powerless("doctor")
    finally:
        folder.chmod(0o700)
    assert (reported.code, "their folder is closed" in reported.err) == (0, True)
    assert str(folder) in examined.out
    assert f"chmod 700 {folder}" in examined.out
    assert "make one" not in examined.out.casefold()


@needs_a_user
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_copies_of_another_user_are_named_with_their_owner(two: Path, call: Call, powerless: Powerless) -> None:
    call("add", "dana", "first").says()
    call("backup").says()
    folder = two / "snapshots"
    os.chown(folder, 1, 1)
    examined = powerless("doctor")
    assert f"the folder of copies belongs to {pwd.getpwuid(1).pw_name}" in examined.out
    assert f"sudo chown -R 0 {folder}" in examined.out
