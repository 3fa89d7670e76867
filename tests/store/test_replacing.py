"""Putting another file in the journal's place, with others at work, and killed at any moment."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.helpers import Writers

from trustlog.domain.entries import EntryDraft, Filter
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError
from trustlog.store import entries, lock, people, replacing, snapshots
from trustlog.store.journal import Journal
from trustlog.store.replacing import replace_live


def fill(path: Path, *texts: str) -> Path:
    """Write entries, leaving the write-ahead log to be folded in."""
    with closing(Journal.open(path, path.parent / "snapshots")) as journal:
        if not people.names(journal):
            with journal.change("manager add"):
                people.add_manager(journal, "dana", "Dana Ortiz")
        for text in texts:
            with journal.change("add"):
                entries.add(journal, EntryDraft(1, "note", datetime(2026, 11, 20, tzinfo=UTC), note=text))
    return path


def notes(path: Path) -> list[str]:
    with closing(Journal.read(path, path.parent / "snapshots")) as journal:
        assert journal.rows("PRAGMA integrity_check")[0][0] == "ok"
        return [entry.note for entry in reversed(entries.page(journal, Filter()))]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.endswith(".lock"))


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return fill(Path(shutil.copy(blank, tmp_path / "home")), "as it was")


@pytest.fixture
def other(blank: Path, tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return fill(Path(shutil.copy(blank, tmp_path / "elsewhere")), "one", "two")


def from_file(source: Path) -> Callable[[Path], Counts]:
    def make(new: Path) -> Counts:
        snapshots.clone(source, new)
        return snapshots.look(source).counts

    return make


def test_the_new_file_takes_the_place_for_its_owner_alone(path: Path, other: Path) -> None:
    assert replace_live(path, from_file(other)) is None
    assert notes(path) == ["one", "two"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files(path.parent) == ["trustlog.db"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_journal_that_is_not_there_is_put_in_place(tmp_path: Path, other: Path) -> None:
    new = tmp_path / "new home" / "trustlog.db"
    replace_live(new, from_file(other))
    assert notes(new) == ["one", "two"]
    assert stat.S_IMODE(new.parent.stat().st_mode) == 0o700


def test_a_log_that_a_killed_writer_left_is_folded_in_before(path: Path, other: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tests.store.test_replacing import fill\n"
        "from trustlog.store.journal import Journal\n"
        "journal = Journal.open(Path(sys.argv[1]), Path('x'))\n"
        "with journal.change('manager add'):\n"
        "    from trustlog.store import people; people.add_manager(journal, 'kim', 'Kim')\n"
        "os._exit(9)\n"
    )
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", script, str(path)], check=False, cwd=root, timeout=60)
    assert Path(f"{path}-wal").stat().st_size > 0
    seen: list[list[str]] = []

    def make(new: Path) -> Counts:
        seen.append(files(path.parent))
        assert snapshots.look(path).counts.managers == 2
        return from_file(other)(new)

    replace_live(path, make)
    assert [name for name in seen[0] if name.startswith("trustlog.db-")] == []
    assert notes(path) == ["one", "two"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, OSError])
def test_whatever_goes_wrong_the_old_one_stays(path: Path, failure: type[BaseException]) -> None:
    def make(_: Path) -> Counts:
        raise failure("why")

    with pytest.raises(failure):
        replace_live(path, make)
    assert notes(path) == ["as it was"]
    assert files(path.parent) == ["trustlog.db"]


def test_a_file_that_does_not_hold_what_it_should_is_not_put_in_place(path: Path, other: Path) -> None:
    def short(new: Path) -> Counts:
        snapshots.clone(other, new)
        return Counts(99, 1, 0)

    def cut(new: Path) -> Counts:
        snapshots.clone(other, new)
        os.truncate(new, new.stat().st_size // 2)
        return Counts(2, 1, 0)

    def nothing(_: Path) -> Counts:
        return Counts(0, 0, 0)

    for make in (short, cut, nothing):
        with pytest.raises(UserError) as error:
            replace_live(path, make)
        assert error.value.code == "damaged"
        assert notes(path) == ["as it was"]


def test_somebody_who_has_the_journal_open_is_not_replaced_under(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "ALONE_WAIT", 0.05)
    with closing(Journal.open(path, path.parent / "snapshots")), pytest.raises(UserError) as error:
        replace_live(path, from_file(other))
    assert error.value.code == "conflict"
    assert notes(path) == ["as it was"]


def test_a_reader_that_has_the_old_one_open_goes_on_reading_it(path: Path, other: Path) -> None:
    with closing(Journal.read(path, path.parent / "snapshots")) as reader:
        replace_live(path, from_file(other))
        fill(path, "three")
        assert [entry.note for entry in entries.page(reader, Filter())] == ["as it was"]
    assert notes(path) == ["one", "two", "three"]


@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "text"])
def test_a_damaged_old_one_is_kept_beside(path: Path, other: Path, damage: str) -> None:
    if damage == "cut":
        os.truncate(path, path.stat().st_size // 2)
    elif damage == "noise":
        with path.open("r+b") as file:
            file.write(os.urandom(300))
    else:
        path.write_bytes(b"" if damage == "empty" else b"dear diary, " * 1000)
    Path(f"{path}-wal").write_bytes(b"its log")
    before = path.read_bytes()

    kept = replace_live(path, from_file(other))

    assert kept is not None
    assert kept.name.startswith("trustlog-damaged-")
    assert kept.read_bytes() == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert notes(path) == ["one", "two"]
    assert not Path(f"{path}-wal").exists()


@pytest.mark.parametrize("left", ["neither links", "nor reading"])
def test_a_damaged_old_one_is_kept_whatever_its_disk_can_do(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    os.truncate(path, 5000)
    before = path.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "link", fails)
    if left == "nor reading":
        monkeypatch.setattr(shutil, "copyfile", fails)

    kept = replace_live(path, from_file(other))

    assert kept is not None
    assert kept.read_bytes() == before
    assert notes(path) == ["one", "two"]


@pytest.mark.parametrize("saved", [True, False])
def test_a_cure_keeps_beside_what_it_has_not_saved(path: Path, other: Path, saved: bool) -> None:
    before = path.read_bytes()

    kept = replace_live(path, from_file(other), saved=lambda: saved)

    assert notes(path) == ["one", "two"]
    assert [kept.read_bytes()] == [before] if kept is not None else saved


def test_a_cure_waits_for_another_program_and_gives_way_to_it(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "FOLD_WAIT", 0.05)
    fill(path, "not folded in")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        fill(path, "later")
        with pytest.raises(UserError) as error:
            replace_live(path, from_file(other), saved=lambda: True)
    assert error.value.code == "conflict"
    assert notes(path) == ["as it was", "not folded in", "later"]


def test_a_database_of_another_program_is_never_replaced(tmp_path: Path, other: Path) -> None:
    theirs = tmp_path / "theirs.db"
    with closing(sqlite3.connect(theirs)) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = theirs.read_bytes()
    with pytest.raises(UserError) as error:
        replace_live(theirs, from_file(other))
    assert (error.value.code, theirs.read_bytes()) == ("bad-file", before)


def test_a_journal_behind_a_link_is_replaced_where_it_lies(path: Path, other: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    replace_live(link, from_file(other))
    assert (link.is_symlink(), notes(path)) == (True, ["one", "two"])


KILLED = """
import os, sys
from pathlib import Path
from trustlog.store import snapshots
from trustlog.store.replacing import replace_live

path, other, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def watch(event, _):
    global left
    if event in ("open", "os.rename", "os.remove", "os.link", "sqlite3.connect", "os.truncate", "os.chmod"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

def make(new):
    snapshots.clone(other, new)
    return snapshots.look(other).counts

sys.addaudithook(watch)
replace_live(path, make)
print("done")
"""


@pytest.mark.long
@pytest.mark.parametrize("damaged", [False, True], ids=["healthy", "damaged"])
def test_killed_at_any_moment_there_is_a_journal(path: Path, other: Path, damaged: bool) -> None:
    if damaged:
        os.truncate(path, path.stat().st_size // 2)
    before = path.read_bytes()
    places = 0
    for left in range(1, 200):
        path.write_bytes(before)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(other), str(left)],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        places += 1
        if damaged and path.read_bytes() == before:
            continue
        assert notes(path) in (["as it was"], ["one", "two"])
    assert places > 10
    assert notes(path) == ["one", "two"]


@pytest.mark.long
def test_eight_writers_while_the_journal_is_replaced_lose_no_acknowledged_entry(
    path: Path, env: dict[str, str], tmp_path: Path
) -> None:
    """Each replacement is by a copy of the journal, made while nobody else may write: nothing may be missing."""
    writers = Writers(env, tmp_path / "stop")
    for _ in range(6):
        replace_live(path, from_file(path))
    acknowledged = writers.stop()
    assert set(notes(path)) == acknowledged | {"as it was"}
