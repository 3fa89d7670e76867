"""Opening, reading and changing a journal: who may see it, what is refused, and that a change is whole."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.helpers import run_at_once

from trustlog.domain.entries import EntryDraft, Filter
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.store import entries, entries_search, people, undo
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, DatabaseError, IntegrityError, OperationalError
from trustlog.store.failures import explain
from trustlog.store.journal import Journal, utc_moment, utc_text

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOBODY = 65534
Opener = Callable[[Path, Path], Journal]
both_ways = pytest.mark.parametrize("opener", [Journal.open, Journal.read], ids=["open", "read"])


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def note(journal: Journal, manager: Manager, text: str) -> int:
    with journal.change("add"):
        return entries.add(journal, EntryDraft(manager.id, "note", NOON, note=text))


def notes(journal: Journal) -> list[str]:
    return [entry.note for entry in reversed(entries.page(journal, Filter()))]


def code(error: BaseException) -> str:
    """What is told of a failure; every one of these comes with a cure."""
    known = error if isinstance(error, UserError) else explain(error)
    assert known is not None, error
    assert known.hint
    return known.code


def refused(opener: Opener, path: Path) -> str:
    """The code with which a file is refused. The error is let go here, and the file with it."""
    try:
        opener(path, path.parent / "snapshots").close()
    except (UserError, DatabaseError) as error:
        return code(error)
    return "opened"


def files(folder: Path) -> list[str]:
    """What is in a folder, but the lock, which stays."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".trustlog.db.lock")


# --- who may see it


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077], ids=oct)
def test_the_journal_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    home = tmp_path / "home"
    with umask(mask):
        journal = Journal.open(home / "trustlog.db", home / "snapshots")
        with closing(journal.db), journal.change("manager add"):
            people.add_manager(journal, "dana", "Dana Ortiz")
            modes = {path.name: mode(path) for path in home.iterdir()}

    assert modes == {
        "trustlog.db": 0o600, "trustlog.db-wal": 0o600, "trustlog.db-shm": 0o600, ".trustlog.db.lock": 0o600,
    }  # fmt: skip
    assert mode(home) == 0o700


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "shared"
    home.mkdir()
    home.chmod(0o750)

    Journal.open(home / "trustlog.db", home / "snapshots").close()

    assert mode(home) == 0o750
    assert files(home) == ["trustlog.db"]


# --- the connection


def test_a_journal_is_opened_safely(journal: Journal) -> None:
    def pragma(name: str) -> object:
        row = journal.row(f"PRAGMA {name}")
        return row[0] if row else None

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("synchronous") == 2
    assert pragma("application_id") == APPLICATION_ID
    assert pragma("user_version") == SCHEMA_VERSION
    assert not journal.upgraded


def test_what_points_nowhere_is_refused(journal: Journal) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), journal.change("add"):
        entries.add(journal, EntryDraft(99, "note", NOON))

    assert notes(journal) == []


def test_a_journal_is_found_again_after_it_was_closed(tmp_path: Path, journal: Journal, dana: Manager) -> None:
    note(journal, dana, "kept")
    journal.close()

    with closing(Journal.open(tmp_path / "trustlog.db", tmp_path / "snapshots")) as again:
        assert notes(again) == ["kept"]
        assert not again.upgraded


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 20, 3, 11, tzinfo=UTC), "2026-11-20T20:03:11Z"),
        (datetime(2026, 11, 20, 15, 3, 11, 999_999, timezone(timedelta(hours=-5))), "2026-11-20T20:03:11Z"),
        (datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-12-31T19:15:00Z"),
    ],
)
def test_a_moment_is_kept_in_utc_to_the_second(moment: datetime, text: str) -> None:
    assert utc_text(moment) == text
    assert utc_moment(text) == moment.replace(microsecond=0)


# --- what is refused, and left as it was


@both_ways
def test_a_journal_of_a_newer_program_is_refused(blank: Path, tmp_path: Path, opener: Opener) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()

    assert refused(opener, path) == "too-new"
    assert path.read_bytes() == before
    assert not (tmp_path / "snapshots").exists()


@both_ways
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, note TEXT)",
        f"PRAGMA user_version = {SCHEMA_VERSION}",
        "PRAGMA user_version = 99",
        f"PRAGMA application_id = {APPLICATION_ID + 1}",
        "PRAGMA journal_mode = WAL",
    ],
    ids=["tables", "our-version", "higher-version", "other-program", "wal"],
)
def test_a_database_of_another_program_is_refused(tmp_path: Path, opener: Opener, sql: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(sql)
        db.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()

    assert refused(opener, path) == "bad-file"
    assert path.read_bytes() == before
    assert not (tmp_path / "snapshots").exists()


@both_ways
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "damaged"),
        (b"x", "bad-file"),  # to SQLite as empty as a new one
        (b"\x00" * 5000, "damaged"),
        (b"dear diary, " * 1000, "damaged"),
        (b"SQLite format 3\x00", "damaged"),
        (b"PK\x03\x04" * 400, "damaged"),
    ],
    ids=["empty", "one-byte", "zeros", "text", "header-only", "zip"],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, opener: Opener, content: bytes, told: str) -> None:
    path = tmp_path / "trustlog.db"
    path.write_bytes(content)

    assert refused(opener, path) == told
    assert path.read_bytes() == content


@both_ways
@pytest.mark.parametrize("left", [0.01, 0.5, 0.9, 0.98])  # a page at least: the end of an empty one is zeros anyway
def test_a_journal_that_was_cut_off_is_refused(blank: Path, tmp_path: Path, opener: Opener, left: float) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    os.truncate(path, int(path.stat().st_size * left))
    before = path.read_bytes()

    assert refused(opener, path) == "damaged"
    assert path.read_bytes() == before
    assert not (tmp_path / "snapshots").exists()


@both_ways
def test_a_folder_in_the_place_of_the_journal_is_refused(tmp_path: Path, opener: Opener) -> None:
    (tmp_path / "trustlog.db").mkdir()

    assert refused(opener, tmp_path / "trustlog.db") == "bad-file"


def test_a_file_in_the_place_of_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("I am a file")

    assert refused(Journal.open, tmp_path / "home" / "trustlog.db") == "not-writable"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed on Linux only")
@both_ways
@pytest.mark.parametrize("problem", ["foreign", "too-new", "empty", "garbage"])
def test_a_refused_file_is_let_go_at_once(blank: Path, tmp_path: Path, opener: Opener, problem: str) -> None:
    path = tmp_path / "trustlog.db"
    if problem == "foreign":
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE theirs (x)")
    elif problem == "too-new":
        shutil.copy(blank, path)
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    else:
        path.write_bytes(b"" if problem == "empty" else b"x" * 5000)

    with pytest.raises((UserError, DatabaseError)) as error:
        opener(path, tmp_path / "snapshots")

    # the error still holds every frame, so only a close() in the code can have closed it
    held = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    assert error.value
    assert [name for name in held if name.startswith(str(path))] == []


# --- reading


def test_a_journal_that_is_not_there_reads_as_empty_and_is_not_made(tmp_path: Path) -> None:
    home = tmp_path / "home"

    with closing(Journal.read(home / "trustlog.db", home / "snapshots")) as journal:
        assert notes(journal) == []
        assert people.names(journal) == []
        assert undo.changes(journal) == []

    assert not home.exists()


def test_what_is_opened_for_reading_cannot_be_written(tmp_path: Path, journal: Journal, dana: Manager) -> None:
    with closing(Journal.read(tmp_path / "trustlog.db", tmp_path / "snapshots")) as reader:
        with pytest.raises(OperationalError, match="readonly"):
            note(reader, dana, "no")

        note(journal, dana, "yes")
        assert notes(reader) == ["yes"]


@contextmanager
def without_power_over(folder: Path) -> Iterator[None]:
    """A folder that may be read and not written. For root, whom no mode binds, as somebody else."""
    is_root = os.geteuid() == 0
    for path in (folder, *folder.iterdir()):
        if is_root:
            os.chown(path, NOBODY, NOBODY)
        if path.is_dir():
            path.chmod(0o500)
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that others can reach too, which is not so of pytest's."""
    with tempfile.TemporaryDirectory(prefix="trustlog-tests-") as name:
        yield Path(name)


@pytest.mark.parametrize("mode_of_file", [0o400, 0o600], ids=oct)
def test_a_journal_is_read_where_nothing_can_be_written(home: Path, mode_of_file: int) -> None:
    with closing(Journal.open(home / "trustlog.db", home / "snapshots")) as journal:
        with journal.change("manager add"):
            dana = people.add_manager(journal, "dana", "Dana Ortiz")
        note(journal, dana, "still here")
    (home / "trustlog.db").chmod(mode_of_file)

    with without_power_over(home):
        with pytest.raises(PermissionError):
            (home / "probe").touch()
        with closing(Journal.read(home / "trustlog.db", home / "snapshots")) as reader:
            assert notes(reader) == ["still here"]
            assert [entry.note for entry, _ in entries_search.search(reader, "here", Filter(), ("[", "]"))]
        assert files(home) == ["trustlog.db"]


def test_writing_where_nothing_can_be_written_is_told_as_that(home: Path) -> None:
    Journal.open(home / "trustlog.db", home / "snapshots").close()

    with without_power_over(home):
        with (
            pytest.raises(DatabaseError) as error,
            closing(Journal.open(home / "trustlog.db", home / "snapshots")) as journal,
            journal.change("manager add"),
        ):
            people.add_manager(journal, "dana", "Dana Ortiz")
        made_there = refused(Journal.open, home / "second.db")
        made_below = refused(Journal.open, home / "below" / "trustlog.db")
        read_as_empty = refused(Journal.read, home / "second.db")

    assert code(error.value) == "not-writable"
    assert (made_there, made_below, read_as_empty) == ("not-writable", "not-writable", "opened")


# --- a change is whole, or it never was


@pytest.mark.parametrize("failure", [ValueError, UserError, KeyboardInterrupt, SystemExit])
def test_a_change_that_fails_leaves_nothing(journal: Journal, dana: Manager, failure: type[BaseException]) -> None:
    mine = note(journal, dana, "before")
    reason = failure("bug", "why") if failure is UserError else failure("why")

    with pytest.raises(failure), journal.change("import"):
        entries.add(journal, EntryDraft(dana.id, "note", NOON, note="half", tags=("x",)))
        entries.update(journal, mine, {"note": "changed"})
        people.edit_manager(journal, "dana", {"name": "Somebody Else"})
        raise reason

    assert notes(journal) == ["before"]
    assert people.manager(journal, "dana").name == "Dana Ortiz"
    assert journal.rows("SELECT * FROM entry_tags") == []
    assert [change.command for change in undo.changes(journal)] == ["add", "manager add"]
    assert entries_search.search(journal, "half", Filter(), ("", "")) == []


def test_after_a_change_that_failed_the_next_one_works(journal: Journal, dana: Manager) -> None:
    with pytest.raises(ValueError, match="why"), journal.change("import"):
        raise ValueError("why")

    note(journal, dana, "after")

    assert notes(journal) == ["after"]
    assert undo.changes(journal)[0].command == "add"


def test_a_change_that_wrote_nothing_leaves_no_line(journal: Journal) -> None:
    with journal.change("edit", "nothing"):
        pass
    with journal.change("delete", "no such entry"):
        entries.delete(journal, 99)

    assert undo.changes(journal) == []


def test_the_summary_of_a_change_may_be_told_better_at_its_end(journal: Journal) -> None:
    with journal.change("manager add", "wish") as change:
        people.add_manager(journal, "dana", "Dana Ortiz")
        change.summary = "dana"
    with journal.change("manager add", "kim"):
        people.add_manager(journal, "kim", "Kim Novak")

    (second, first) = undo.changes(journal)
    assert (first.command, first.summary) == ("manager add", "dana")
    assert (second.command, second.summary) == ("manager add", "kim")
    assert timedelta(0) <= datetime.now(UTC) - first.at < timedelta(minutes=1)


def test_after_a_change_nothing_is_recorded_any_more(journal: Journal, dana: Manager) -> None:
    note(journal, dana, "recorded")
    assert [row[0] for row in journal.rows("SELECT change_id FROM recording")] == [None]

    with journal.draft():
        entries.add(journal, EntryDraft(dana.id, "note", NOON, note="not recorded"))

    assert notes(journal) == ["recorded", "not recorded"]
    assert [change.command for change in undo.changes(journal)] == ["add", "manager add"]


def test_a_draft_that_fails_leaves_nothing(journal: Journal, dana: Manager) -> None:
    with pytest.raises(KeyboardInterrupt), journal.draft():
        entries.add(journal, EntryDraft(dana.id, "note", NOON, note="half"))
        raise KeyboardInterrupt

    assert notes(journal) == []


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path: Path, journal: Journal, dana: Manager) -> None:
    note(journal, dana, "before")
    pages = journal.rows("PRAGMA page_count")[0][0]
    journal.rows(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(OperationalError) as error:
        note(journal, dana, "x" * 1_000_000)
    journal.close()

    assert code(error.value) == "disk-full"
    with closing(Journal.open(tmp_path / "trustlog.db", tmp_path / "snapshots")) as again:
        assert notes(again) == ["before"]
        assert [change.command for change in undo.changes(again)] == ["add", "manager add"]


def test_a_journal_that_another_program_holds_is_told_as_that(tmp_path: Path, journal: Journal) -> None:
    with (
        closing(Journal.open(tmp_path / "trustlog.db", tmp_path / "snapshots")) as other,
        other.db.at_once(),
        journal.change("manager add"),
        pytest.raises(OperationalError) as error,
        other.change("manager add"),
    ):
        people.add_manager(other, "dana", "Dana Ortiz")

    assert code(error.value) == "conflict"


@pytest.mark.parametrize("error", [ValueError("database is locked"), IntegrityError("UNIQUE constraint failed")])
def test_a_fault_of_ours_is_not_explained_away(error: Exception) -> None:
    assert explain(error) is None


# --- many at once

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trustlog.domain.entries import EntryDraft
from trustlog.store import entries, entries_search, people, schema
from trustlog.store.journal import Journal

path, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
journal = Journal.open(path, path.parent / "snapshots")
with journal.change("manager add", name):
    dana = people.add_manager(journal, name, name.title())
for number in range(15):
    with journal.change("add", name):
        entries.add(journal, EntryDraft(dana.id, "note", datetime.now(UTC), note=f"{name} {number}"))
journal.close()
"""


def test_several_programs_at_once_make_one_journal_and_lose_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "home" / "trustlog.db"
    writers = ["ana", "bob", "cem", "dee"]
    errors = run_at_once(*([WRITER, str(path), name] for name in writers))

    assert errors == [""] * len(writers)
    with closing(Journal.open(path, tmp_path / "snapshots")) as journal:
        assert sorted(notes(journal)) == sorted(f"{name} {number}" for name in writers for number in range(15))
        assert [handle for handle, _ in people.names(journal)] == writers
        assert len(undo.changes(journal)) == len(writers) * 16
        assert [row[0] for row in journal.rows("PRAGMA integrity_check")] == ["ok"]
    # of two who leave at the same moment neither is the last, so the log is folded in by whoever comes next
    assert files(path.parent) == [path.name]
