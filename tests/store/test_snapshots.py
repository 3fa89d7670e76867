"""The shelf of copies: what they hold, whose they are, and which stay."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trustlog import files
from trustlog.domain.entries import EntryDraft
from trustlog.domain.people import Manager
from trustlog.domain.snapshots import Inside, Snapshot, Thinned, due
from trustlog.errors import UserError
from trustlog.services import snapshots
from trustlog.store import entries, own_files
from trustlog.store import snapshots as snapshots_store
from trustlog.store.driver import OperationalError
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

NOW = datetime(2026, 11, 23, 15, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "trustlog.db", tmp_path / "snapshots")


def note(journal: Journal, dana: Manager, text: str) -> int:
    with journal.change("add"):
        return entries.add(journal, EntryDraft(dana.id, "note", NOW, note=text))


def names(shelf: Snapshots) -> list[str]:
    return [one.name for one in shelf.all()]


def test_a_copy_is_whole_and_for_its_owner_alone(journal: Journal, dana: Manager, shelf: Snapshots) -> None:
    note(journal, dana, "kept")
    mask = os.umask(0)
    try:
        made = shelf.of_open(journal.db, NOW)
    finally:
        os.umask(mask)
    inside = snapshots_store.look(shelf.path(made))
    assert (made.name, inside.counts, inside.newest) == ("trustlog-20261123T150203Z-1.db", (1, 1, 0), "2026-11-23")
    assert stat.S_IMODE(shelf.path(made).stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    assert [path.name for path in shelf.folder.iterdir()] == [made.name]


def test_a_copy_holds_the_moment_it_was_made(journal: Journal, dana: Manager, shelf: Snapshots, tmp_path: Path) -> None:
    note(journal, dana, "before")
    reader = Journal.read(tmp_path / "trustlog.db", shelf.folder)
    with journal.change("add"):
        entries.add(journal, EntryDraft(dana.id, "note", NOW, note="not yet"))
        made = shelf.of_open(reader.db, NOW, "before-import")
    reader.close()
    assert snapshots_store.look(shelf.path(made)).counts.entries == 1


def test_two_copies_of_one_second_keep_their_order(journal: Journal, dana: Manager, shelf: Snapshots) -> None:
    first = shelf.of_open(journal.db, NOW)
    note(journal, dana, "later")
    second = shelf.of_open(journal.db, NOW, "before-restore")
    assert names(shelf) == [second.name, first.name]
    assert [snapshots_store.look(shelf.path(one)).counts.entries for one in shelf.all()] == [1, 0]


def test_the_copies_of_another_journal_of_the_home_are_not_taken_for_forgotten_ones(tmp_path: Path) -> None:
    shelf = Snapshots(tmp_path / "trustlog.db", tmp_path / "snapshots")
    shelf.folder.mkdir()
    for name in ("trustlog.db", "work.db", "notes.txt"):
        (tmp_path / name).touch()
    for owner in ("trustlog", "work", "notes", "moved"):
        (shelf.folder / f"{owner}-20261123T150203Z-1.db").touch()
    assert sorted(path.name.split("-")[0] for path in own_files.other_copies(shelf)) == ["moved", "notes"]


def test_journals_of_the_same_name_elsewhere_have_copies_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "snapshots"
    places = [tmp_path / place / "trustlog.db" for place in ("home", "a", "b")]
    shelves = {Snapshots(place, folder).journal for place in places}
    assert len(shelves) == 3
    assert "trustlog" in shelves


def test_a_journal_behind_a_link_has_one_shelf(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "a" / "trustlog.db")
    of_link = Snapshots(tmp_path / "link.db", tmp_path / "snapshots")
    assert of_link.journal == Snapshots(tmp_path / "a" / "trustlog.db", tmp_path / "snapshots").journal


def test_a_copy_that_cannot_be_made_leaves_nothing(shelf: Snapshots) -> None:

    def fails(target: Path) -> Inside:
        with snapshots_store.beside(target) as new:
            new.write_bytes(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        shelf.take(NOW, "", fails)
    assert list(shelf.folder.iterdir()) == []


def test_a_damaged_journal_is_not_copied_over_good_copies(tmp_path: Path, journal: Journal, shelf: Snapshots) -> None:
    journal.close()
    path = tmp_path / "trustlog.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(UserError) as error:
        shelf.of_closed(NOW, "before-restore")
    assert error.value.code == "damaged"
    assert names(shelf) == []


def test_one_older_copy_goes_a_day_and_no_file_of_another_kind(
    journal: Journal, dana: Manager, shelf: Snapshots
) -> None:
    note(journal, dana, "kept")
    first = shelf.of_open(journal.db, NOW - DAY * 100)
    for back in range(99, 0, -1):
        shutil.copy(shelf.path(first), shelf.folder / Snapshot("trustlog", NOW - DAY * back, number=101 - back).name)
    (shelf.folder / "other-20200101T000000Z.db").touch()
    (shelf.folder / "mine.db").touch()
    before = {path.name for path in shelf.folder.iterdir()}

    made = shelf.of_open(journal.db, NOW)
    done = shelf.thin(NOW)
    shelf.of_open(journal.db, NOW)
    again = shelf.thin(NOW)

    assert (made.name, again) == ("trustlog-20261123T150203Z-101.db", Thinned())
    assert done.gone is not None
    assert before - {path.name for path in shelf.folder.iterdir()} == {done.gone.name}


def test_copies_are_numbered_as_they_are_made_whatever_the_clock_says(
    journal: Journal, dana: Manager, shelf: Snapshots
) -> None:
    for count, clock in enumerate((NOW, datetime(2040, 1, 1, tzinfo=UTC), NOW + DAY, NOW - DAY * 400)):
        shelf.of_open(journal.db, clock)
        note(journal, dana, f"entry {count}")

    assert [one.number for one in shelf.all(NOW + DAY)] == [4, 3, 2, 1]
    assert [snapshots_store.look(shelf.path(one)).counts.entries for one in shelf.all(NOW + DAY)] == [3, 2, 1, 0]


def test_a_copy_that_cannot_be_let_go_takes_nothing_from_the_new_one(
    journal: Journal, dana: Manager, shelf: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(journal, dana, "kept")

    def fails(*_: object) -> None:
        raise PermissionError(13, "held by another program")

    monkeypatch.setattr(Snapshots, "thin", fails)
    assert snapshots.backup(journal, shelf, NOW, None).thinned == Thinned()
    assert len(names(shelf)) == 1


# --- the copy of the day


@pytest.mark.parametrize("seconds", [-1, 0, 1, 86_399, 86_400, 86_401])
@pytest.mark.parametrize("why", ["", "before-restore"])
@pytest.mark.parametrize("at_home", [True, False])
def test_the_quick_look_agrees_with_the_rule(tmp_path: Path, seconds: int, why: str, at_home: bool) -> None:
    file = tmp_path / ("trustlog.db" if at_home else "elsewhere/trustlog.db")
    shelf = Snapshots(file, tmp_path / "snapshots")
    assert not files.daily_is_there(file, shelf.folder, NOW)
    shelf.folder.mkdir()
    shelf.path(Snapshot(shelf.journal, NOW - timedelta(seconds=seconds), why)).touch()
    (shelf.folder / f".{Snapshot(shelf.journal, NOW).name}.0a1b2c3d.new").touch()
    (shelf.folder / Snapshot("other", NOW).name).touch()
    assert files.daily_is_there(file, shelf.folder, NOW) is not due(shelf.all(), NOW)


def test_the_copy_of_the_day_is_made_once(journal: Journal, dana: Manager, shelf: Snapshots) -> None:
    note(journal, dana, "kept")
    for moment in (NOW, NOW + timedelta(hours=20), NOW + DAY):
        assert snapshots.keep_a_copy(shelf, lambda: journal, moment) == Thinned()
    assert names(shelf) == ["trustlog-20261124T150203Z-2.db", "trustlog-20261123T150203Z-1.db"]


def test_nothing_is_opened_when_no_copy_is_due(journal: Journal, dana: Manager, shelf: Snapshots) -> None:
    note(journal, dana, "kept")
    shelf.of_open(journal.db, NOW)

    def opened() -> Journal:
        raise AssertionError("was opened")

    assert snapshots.keep_a_copy(shelf, opened, NOW) == Thinned()


def test_an_empty_journal_is_not_copied(journal: Journal, shelf: Snapshots) -> None:
    assert snapshots.keep_a_copy(shelf, lambda: journal, NOW) == Thinned()
    assert names(shelf) == []


def test_a_larger_copy_is_kept_for_good_and_told_once(journal: Journal, dana: Manager, shelf: Snapshots) -> None:
    for text in ("one", "two"):
        last = note(journal, dana, text)
    snapshots.keep_a_copy(shelf, lambda: journal, NOW)
    with journal.change("delete"):
        entries.delete(journal, last)
    told = [snapshots.keep_a_copy(shelf, lambda: journal, NOW + DAY * back).fuller for back in (1, 2, 3)]
    assert [[one.copy.name for one in fuller] for fuller in told] == [["trustlog-20261123T150203Z-1-kept.db"], [], []]
    snapshots.keep_a_copy(shelf, lambda: journal, NOW + DAY * 900)
    assert names(shelf)[-1] == "trustlog-20261123T150203Z-1-kept.db"
    assert snapshots_store.look(shelf.path(shelf.all()[-1])).counts.entries == 2


@pytest.mark.parametrize("error", [OSError(28, "full"), OperationalError("disk is full"), UserError("damaged", "x")])
def test_a_copy_of_the_day_that_cannot_be_made_stops_nothing(
    journal: Journal, dana: Manager, shelf: Snapshots, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(journal, dana, "kept")

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(snapshots_store, "write_copy", fails)
    assert snapshots.keep_a_copy(shelf, lambda: journal, NOW) == Thinned()
    assert snapshots.copy_before(journal, shelf, NOW, "before-import") == Thinned()
    assert names(shelf) == []
