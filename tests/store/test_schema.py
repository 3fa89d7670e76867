"""Making a journal, and bringing an older one up to date."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations
from tests.helpers import SCHEMA_1, run_at_once

from trustlog.domain.entries import EntryDraft, Filter
from trustlog.domain.snapshots import read_name
from trustlog.formats.shapes import undoable_tables
from trustlog.store import entries, entries_search, people, schema, undo
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, IntegrityError, connect
from trustlog.store.journal import Journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def shape(db: sqlite3.Connection) -> dict[str, str]:
    """Every table, index and trigger with the words that made it."""
    rows = db.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return dict(rows.fetchall())


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def triggers(db: sqlite3.Connection) -> set[str]:
    return {name for name in shape(db) if name.startswith("trigger ")}


# --- a new journal


def test_every_table_of_ours_is_strict(journal: Journal) -> None:
    tables = {
        row["name"]: row["strict"]
        for row in journal.rows("SELECT * FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        if not row["name"].startswith(("sqlite_", "_sqlite_"))
    }

    assert set(undoable_tables()) | {"entry_tags", "changes", "undo_rows", "recording"} <= set(tables)
    assert [name for name, strict in tables.items() if not strict] == []


def test_the_version_is_the_number_of_migrations(journal: Journal) -> None:
    done = [row[0] for row in journal.rows("SELECT name FROM _sqlite_migrations ORDER BY id")]

    assert len(done) == SCHEMA_VERSION
    assert [name[:4] for name in done] == [f"m{number:03}" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("size", "xl"),
        ("approach", "shove"),
        ("evidence", 2),
        ("tags", "not json"),
        ("kind", None),
        ("utc_offset", "east"),
        ("req_id", 99),
        ("repaired_by", 99),
    ],
)
def test_a_value_that_no_entry_can_have_is_refused(journal: Journal, column: str, value: object) -> None:
    with journal.change("manager add"):
        dana = people.add_manager(journal, "dana", "Dana Ortiz")
        entry = entries.add(journal, EntryDraft(dana.id, "note", NOON))

    with pytest.raises(IntegrityError), journal.draft():
        journal.db.execute(f"UPDATE entries SET {column} = ? WHERE id = ?", (value, entry))


def test_a_new_journal_is_made_beside_its_place_and_nothing_is_left_there(tmp_path: Path) -> None:
    schema.create(tmp_path / "trustlog.db")

    assert files(tmp_path) == ["trustlog.db"]


def test_a_journal_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "trustlog.db"
    path.write_bytes(b"somebody was first")

    schema.create(path)

    assert path.read_bytes() == b"somebody was first"
    assert "trustlog.db" in files(tmp_path)


def test_what_a_killed_program_of_the_same_number_left_is_no_hindrance(tmp_path: Path) -> None:
    # numbers come again: in a container every run may be number 7
    (tmp_path / f".trustlog.db.{os.getpid()}.new").write_bytes(b"half a journal")

    Journal.open(tmp_path / "trustlog.db", tmp_path / "snapshots").close()

    assert "trustlog.db" in files(tmp_path)


def test_the_empty_journal_in_memory_has_the_same_shape(journal: Journal) -> None:
    with closing(schema.in_memory()) as db:
        assert shape(db) == shape(journal.db)


CREATOR = """
import sys
from pathlib import Path
from trustlog.store import schema

print("ready", flush=True)
sys.stdin.readline()
schema.create(Path(sys.argv[1]))
"""


def test_two_creators_at_once_leave_one_healthy_journal(tmp_path: Path) -> None:
    path = tmp_path / "trustlog.db"
    errors = run_at_once(*[[CREATOR, str(path)]] * 2)

    assert errors == ["", ""]
    assert "trustlog.db" in files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(Journal.open(path, tmp_path / "snapshots")) as journal, closing(schema.in_memory()) as new:
        assert [row[0] for row in journal.rows("PRAGMA integrity_check")] == ["ok"]
        assert shape(journal.db) == shape(new)


# --- an older journal


@pytest.fixture
def old(blank: Path, tmp_path: Path) -> Path:
    """A journal with an entry, as a program one schema ago would have left it."""
    path = Path(shutil.copy(blank, tmp_path))
    with closing(Journal.open(path, tmp_path / "snapshots")) as journal:
        with journal.change("manager add"):
            dana = people.add_manager(journal, "dana", "Dana Ortiz")
        with journal.change("add"):
            entries.add(journal, EntryDraft(dana.id, "note", NOON, note="old words", tags=("old",)))
        journal.db.execute("PRAGMA user_version = 0")
    return path


@pytest.fixture
def upgraded(old: Path, tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(old, tmp_path / "snapshots")) as journal:
        yield journal


def test_an_older_journal_is_brought_up_to_date_and_says_so(upgraded: Journal, old: Path) -> None:
    assert upgraded.upgraded
    assert upgraded.rows("PRAGMA user_version")[0][0] == SCHEMA_VERSION
    assert upgraded.rows("PRAGMA application_id")[0][0] == APPLICATION_ID
    with closing(Journal.open(old, old.parent / "snapshots")) as again:
        assert not again.upgraded


def test_an_upgrade_keeps_every_entry(upgraded: Journal) -> None:
    (entry,) = entries.page(upgraded, Filter(tag="old"))

    assert (entry.note, entry.manager) == ("old words", "dana")
    assert [found.id for found, _ in entries_search.search(upgraded, "words", Filter(), ("", ""))] == [entry.id]


def test_the_changes_before_an_upgrade_are_let_go(upgraded: Journal) -> None:
    assert undo.changes(upgraded) == []
    assert upgraded.rows("SELECT * FROM undo_rows") == []
    assert undo.take_back(upgraded, 5) == []


def test_before_an_upgrade_the_journal_is_copied_aside(upgraded: Journal, tmp_path: Path) -> None:
    assert upgraded.upgraded
    (copy,) = (tmp_path / "snapshots").iterdir()

    named = read_name(copy.name)
    assert named is not None
    assert (named.journal, named.why) == ("trustlog", "before-upgrade")
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (0,)
        assert db.execute("SELECT note FROM entries").fetchall() == [("old words",)]
        assert db.execute("SELECT command FROM changes").fetchall() == [("manager add",), ("add",)]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("mask", [0o000, 0o022], ids=oct)
def test_the_copy_is_for_its_owner_alone_whatever_the_umask(old: Path, mask: int) -> None:
    snapshots = old.parent / "snapshots"
    before = os.umask(mask)
    try:
        Journal.open(old, snapshots).close()
    finally:
        os.umask(before)

    assert stat.S_IMODE(snapshots.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in snapshots.iterdir()] == [0o600]


def test_the_copy_of_a_journal_elsewhere_makes_the_home_if_there_is_none(old: Path) -> None:
    snapshots = old.parent / "home-not-there-yet" / "snapshots"

    Journal.open(old, snapshots).close()

    assert len(list(snapshots.iterdir())) == 1


def test_a_copy_that_a_killed_program_of_the_same_number_left_is_no_hindrance(old: Path) -> None:
    snapshots = old.parent / "snapshots"
    snapshots.mkdir()
    left = ".trustlog-20261120T120000Z-before-upgrade.db.0a1b2c3d.new"
    (snapshots / left).write_bytes(b"half a copy")

    Journal.open(old, snapshots).close()

    assert [read_name(name) is not None for name in files(snapshots) if name != left] == [True]


def test_an_older_journal_is_brought_up_to_date_for_reading_too(old: Path, tmp_path: Path) -> None:
    with closing(Journal.read(old, tmp_path / "snapshots")) as journal:
        assert journal.upgraded
        assert [entry.note for entry in entries.page(journal, Filter())] == ["old words"]


def test_an_upgrade_that_another_program_did_meanwhile_is_not_done_twice(old: Path, tmp_path: Path) -> None:
    slow = connect(old, "rw")  # it has seen that the journal is behind
    with closing(slow), closing(Journal.open(old, tmp_path / "snapshots")) as quick:
        with quick.change("manager add", "kim"):
            people.add_manager(quick, "kim", "Kim Novak")

        schema.upgrade(slow, old, tmp_path / "snapshots")

        assert [change.summary for change in undo.changes(quick)] == ["kim"]


def transform(path: Path) -> None:
    """What a migration does that changes a table in a way that ALTER TABLE cannot."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        Database(db).table("managers").transform(defaults={"team": "none"})
        Database(db).table("entries").transform(defaults={"channel": "email"})


def test_a_table_that_a_migration_remade_has_its_undo_and_tags_again(old: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old)) as db:
        whole = triggers(db)
    transform(old)
    with closing(sqlite3.connect(old)) as db:
        assert {"trigger undo_entries_insert", "trigger tags_insert"} <= whole - triggers(db)

    with closing(Journal.open(old, tmp_path / "snapshots")) as journal:
        ours = {name for name in whole if name.startswith(("trigger undo_", "trigger tags_"))}
        assert ours <= triggers(journal.db)
        (dana,) = people.all_managers(journal)
        with journal.change("add"):
            entries.add(journal, EntryDraft(dana.id, "note", NOON, tags=("new",)))
        assert len(entries.page(journal, Filter(tag="new"))) == 1
        assert len(undo.take_back(journal, 1)) == 1
        assert [entry.note for entry in entries.page(journal, Filter())] == ["old words"]


def test_a_table_that_a_migration_remade_is_still_searched(old: Path, tmp_path: Path) -> None:
    transform(old)

    with closing(Journal.open(old, tmp_path / "snapshots")) as journal:
        (dana,) = people.all_managers(journal)
        with journal.change("add"):
            new = entries.add(journal, EntryDraft(dana.id, "note", NOON, note="new words"))
        found = {entry.id for entry, _ in entries_search.search(journal, "words", Filter(), ("", ""))}
        assert new in found
        assert len(found) == 2


def test_a_later_migration_can_remake_the_entries(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = Migrations("trustlog")

    @later()
    def m001_journal(_: Database) -> None:
        raise AssertionError("was applied long ago")

    @later()
    def m002_later(db: Database) -> None:
        db.table("entries").transform(defaults={"channel": "email"})

    monkeypatch.setattr(schema, "migrations", later)

    with closing(Journal.open(old, tmp_path / "snapshots")) as journal:
        assert "DEFAULT 'email'" in shape(journal.db)["table entries"]
        assert [entry.note for entry in entries.page(journal, Filter(tag="old"))] == ["old words"]


def test_an_older_journal_that_may_not_be_written_is_read_in_todays_form(tmp_path: Path) -> None:
    """It has two names, so that nothing is written by either: what is missing is made in a copy in memory."""
    file = Path(shutil.copy(SCHEMA_1, tmp_path / "trustlog.db"))
    os.link(file, tmp_path / "other.db")
    before = file.read_bytes()
    with closing(Journal.read(file, tmp_path / "snapshots")) as journal:
        assert len(journal.rows("SELECT name FROM _sqlite_migrations")) == SCHEMA_VERSION
        assert journal.is_synced is False
    assert file.read_bytes() == before
