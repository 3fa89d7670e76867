"""Who may touch the journal's file, and who waits for whom."""

import os
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from trustlog.errors import UserError
from trustlog.store import lock
from trustlog.store.driver import DatabaseError
from trustlog.store.journal import Journal

HOLDER = """
import sys
from pathlib import Path
from trustlog.store import lock
from trustlog.store.driver import DatabaseError

held = lock.share(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trustlog.db"


def refused(path: Path, seconds: float = 0.0) -> bool:
    try:
        with lock.alone(path, seconds):
            return False
    except UserError as error:
        assert (error.code, bool(error.hint)) == ("conflict", True)
        return True


def test_openers_share_and_a_replacer_waits_for_all_of_them(path: Path) -> None:
    first, second = lock.share(path), lock.share(path)
    assert refused(path)
    lock.release(first)
    assert refused(path)
    lock.release(second)
    assert not refused(path)


def test_an_opener_waits_until_the_replacer_is_done(path: Path) -> None:
    got: list[float] = []

    def open_and_close() -> None:
        lock.release(lock.share(path))
        got.append(time.monotonic())

    with lock.alone(path):
        opener = threading.Thread(target=open_and_close, daemon=True)
        opener.start()
        opener.join(0.2)
        assert got == []
        ended = time.monotonic()
    opener.join(10)
    assert got[0] >= ended


def test_the_lock_of_another_process_holds_and_ends_with_it(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert refused(path)
        holder.kill()
    assert not refused(path)


def test_an_opener_who_gives_up_keeps_nothing_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def too_long(held: int, *_: object, **__: object) -> None:
        asked.append(held)
        raise UserError("conflict", "somebody replaces it", "Wait")

    monkeypatch.setattr(lock, "_wait", too_long)
    with pytest.raises(UserError):
        lock.share(path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(asked[0])


def test_a_replacer_gets_its_turn_among_openers_that_overlap(path: Path) -> None:
    done = threading.Event()

    def opener() -> None:
        while not done.is_set():
            held = lock.share(path)
            done.wait(0.02)
            lock.release(held)

    openers = [threading.Thread(target=opener, daemon=True) for _ in range(6)]
    for one in openers:
        one.start()
    try:
        assert not refused(path, 5)
        assert lock.beside(path).read_bytes() == b""  # no mark is left, or everybody would step aside for nobody
    finally:
        done.set()
        for one in openers:
            one.join(60)


def test_the_mark_of_a_replacer_that_was_killed_holds_nobody_up_for_long(path: Path) -> None:
    file = lock.beside(path)
    file.write_bytes(b"!")
    os.utime(file, (time.time() - 60, time.time() - 60))
    began = time.monotonic()
    lock.release(lock.share(path))
    assert time.monotonic() - began < 1


def test_the_lock_file_is_small_and_for_its_owner_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        lock.release(lock.share(path))
    finally:
        os.umask(mask)
    file = path.with_name(".trustlog.db.lock")
    assert (stat.S_IMODE(file.stat().st_mode), file.stat().st_size) == (0o600, 0)


def test_a_journal_behind_a_link_has_its_lock_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "trustlog.db")
    assert lock.beside(tmp_path / "link.db") == (tmp_path / "real" / ".trustlog.db.lock").resolve()


def test_a_journal_opened_for_writing_holds_the_lock_until_it_is_closed(blank: Path, tmp_path: Path) -> None:
    path = tmp_path / "trustlog.db"
    path.write_bytes(blank.read_bytes())
    journal = Journal.open(path, tmp_path / "snapshots")
    assert refused(path)
    journal.close()
    assert not refused(path)


def test_a_journal_opened_for_reading_holds_nobody_up(blank: Path, tmp_path: Path) -> None:
    path = tmp_path / "trustlog.db"
    path.write_bytes(blank.read_bytes())
    with closing(Journal.read(path, tmp_path / "snapshots")):
        assert not refused(path)


def test_a_journal_that_is_refused_lets_go_of_the_lock(path: Path) -> None:
    path.write_bytes(b"dear diary, " * 1000)
    for opener in (Journal.open, Journal.read):
        with pytest.raises(DatabaseError):
            opener(path, path.parent / "snapshots")
        assert not refused(path)
