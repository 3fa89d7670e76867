"""`backup`, `restore`, `snapshots`: nothing is lost, and what was there can be had back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import ENCRYPTED, Writers, notes, opened

from trustlog.store import lock
from trustlog.store.driver import connect
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from tests.conftest import Call, Program, Terminal

SCHEMA_1 = Path(__file__).parents[1] / "store" / "journals" / "schema-1.db"


@pytest.fixture
def some(call: Call, two: Path) -> Path:
    """A home with two entries."""
    call("add", "dana", "one", "-w", "2024-03-01").says()
    call("add", "marcus", "two", "-w", "2024-03-02").says()
    return two


def names(call: Call) -> list[str]:
    return [one["name"] for one in call("backup", "--list", "--json").data["snapshots"]]


def counts(path: Path) -> tuple[Any, ...]:
    with closing(opened(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return tuple(db.execute("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM managers)").fetchone())


def damage(path: Path, how: str) -> None:
    size = path.stat().st_size
    if how == "cut":
        os.truncate(path, size // 2)
    elif how == "empty":
        os.truncate(path, 0)
    else:
        place = {"head": 0, "middle": size // 2 // 4096 * 4096}[how]  # a page begins with what tells how to read it
        with path.open("r+b") as file:
            file.seek(place)
            file.write(b"\x00" * 512 if how == "middle" else bytes(range(256)))


# --- backup


def test_a_backup_is_a_whole_journal_for_its_owner_alone(call: Call, some: Path, tmp_path: Path) -> None:
    target = tmp_path / "usb.db"
    mask = os.umask(0)
    try:
        said = call("backup", str(target)).says()
    finally:
        os.umask(mask)
    assert said.splitlines() == [
        str(target),
        "Checked: it holds 2 entries (newest Sat 2 Mar 2024), 2 managers and 0 conversations.",
    ]
    assert counts(target) == (2, 2)
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "usb.db"]
    assert [one["note"] for one in call("log", "--json", "--db", str(target)).data["entries"]] == ["two", "one"]
    assert not (some / "snapshots").exists()


def test_the_answer_in_json(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    data = call("backup", str(tmp_path / "b.db"), "--json").data
    assert data == {
        "file": str(tmp_path / "b.db"), "entries": 2, "managers": 2, "conversations": 0, "newest": "2024-03-02",
        "size": (tmp_path / "b.db").stat().st_size,
    }  # fmt: skip


def test_a_backup_without_a_file_is_a_snapshot(call: Call, some: Path) -> None:
    data = call("backup", "--json").data
    (one,) = call("backup", "--list", "--json").data["snapshots"]
    assert data["file"] == str(some / "snapshots" / one["name"])
    assert (one["entries"], one["why"], one["pinned"], one["readable"]) == (2, "daily", False, True)


def test_a_backup_into_a_folder_gets_a_name_that_sorts_by_time(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    (tmp_path / "usb").mkdir()
    file = call("backup", str(tmp_path / "usb"), "--json").data["file"]
    assert [str(path) for path in (tmp_path / "usb").glob("trustlog-????????T??????Z.db")] == [file]


def test_a_file_that_is_there_is_kept_unless_told(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    target = tmp_path / "mine.db"
    target.write_text("mine")
    call("backup", str(target), "--json").fails(1, "file-exists")
    assert "--yes" in call("backup", str(target)).fails(1)
    assert target.read_text() == "mine"
    call("backup", str(target), "--yes").says()
    assert counts(target) == (2, 2)


@pytest.mark.parametrize(
    ("target", "code"), [("nowhere/b.db", "bad-file"), ("home/trustlog.db", "conflict"), ("home/link.db", "conflict")]
)
def test_a_place_where_no_backup_can_be(call: Call, some: Path, tmp_path: Path, target: str, code: str) -> None:
    (some / "link.db").symlink_to(some / "trustlog.db")
    call("backup", str(tmp_path / target), "--yes", "--json").fails(1, code)
    assert notes(call) == ["one", "two"]


def test_a_damaged_journal_is_not_copied_over_a_good_backup(call: Call, some: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    call("backup", str(target)).says()
    good = target.read_bytes()
    damage(some / "trustlog.db", "middle")
    assert "damaged" in call("backup", str(target), "--yes").fails(1)
    assert target.read_bytes() == good


def test_a_backup_is_made_while_others_write(call: Call, some: Path, env: dict[str, str], tmp_path: Path) -> None:
    del some  # it has filled the journal
    script = "from trustlog.main import main\nfor n in range(40): assert main(['add', 'dana,marcus', 'x']) == 0\n"
    with subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.DEVNULL) as writer:
        number = 0
        while writer.poll() is None:
            number += 1
            call("backup", str(tmp_path / f"{number}.db")).says()
    assert writer.returncode == 0
    held = [counts(tmp_path / f"{one}.db")[0] for one in range(1, number + 1)]
    assert held == sorted(held)
    assert [one for one in held if one % 2] == []


# --- restore


def test_a_backup_is_restored_and_that_is_taken_back(call: Call, some: Path, tmp_path: Path) -> None:
    call("backup", str(tmp_path / "b.db")).says()
    call("add", "dana", "three").says()
    done = call("restore", str(tmp_path / "b.db"), "--yes", "--json")
    assert (done.data["before"]["entries"], done.data["after"]["entries"]) == (3, 2)
    assert notes(call) == ["one", "two"]
    undo_by = done.data["undo_by"]
    assert names(call) == [undo_by]
    assert undo_by.endswith("-before-restore.db")
    call("restore", undo_by.removesuffix(".db"), "--yes")
    assert notes(call) == ["one", "two", "three"]
    assert sorted(path.name for path in some.iterdir()) == [".trustlog.db.lock", "snapshots", "trustlog.db"]


def test_where_nobody_can_say_yes_one_line_says_so(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    call("backup", str(tmp_path / "b.db")).says()
    call("add", "dana", "three", "-w", "2024-03-05").says()
    done = call("restore", str(tmp_path / "b.db"))
    assert (done.code, done.err) == (
        1, "trustlog: nobody is here to answer: put this copy in the journal's place. Give it as --yes.\n",
    )  # fmt: skip
    call("restore", str(tmp_path / "b.db"), "--json").fails(1, "needs-answer")
    assert notes(call) == ["one", "two", "three"]
    assert names(call) == []


@pytest.mark.parametrize(("typed", "restored"), [("y\r", True), ("No\r", False), ("\r", False)])
def test_a_terminal_asks(tty: Terminal, call: Call, some: Path, tmp_path: Path, typed: str, restored: bool) -> None:
    del some  # it has filled the journal
    call("backup", str(tmp_path / "b.db")).says()
    call("add", "dana", "three").says()
    child = tty("restore", str(tmp_path / "b.db"))
    child.expect("The journal holds 3 entries")
    child.expect("journal's place")
    child.send(typed)
    assert tty.ends(child)[0] == 0
    assert (notes(call) == ["one", "two"]) is restored


def test_stopped_at_the_question_nothing_is_changed(tty: Terminal, call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    call("backup", str(tmp_path / "b.db")).says()
    call("add", "dana", "three").says()
    child = tty("restore", str(tmp_path / "b.db"))
    child.expect("journal's place")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert (notes(call), names(call)) == (["one", "two", "three"], [])


def test_a_backup_makes_a_new_home(call: Call, some: Path, tmp_path: Path) -> None:
    call("backup", str(tmp_path / "b.db")).says()
    shutil.rmtree(some)
    done = call("restore", str(tmp_path / "b.db"), "--yes", "--json").data
    assert (done["before"], done["undo_by"], done["damaged"]) == (None, None, None)
    assert notes(call) == ["one", "two"]
    assert oct(some.stat().st_mode & 0o777) == "0o700"


def test_a_journal_still_in_use_elsewhere_is_restored_with_its_log(call: Call, some: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(some / "trustlog.db", there / "trustlog.db")
    with closing(opened(there / "trustlog.db")) as db:
        db.execute("UPDATE entries SET note = 'from the log' WHERE id = 1")
        assert (there / "trustlog.db-wal").stat().st_size > 0
        call("restore", str(there / "trustlog.db"), "--yes")
    assert notes(call) == ["from the log", "two"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "bad-file"), (b"", "bad-file"), (b"dear diary, " * 500, "bad-file"), ("theirs", "bad-file"),
        ("newer", "too-new"), ("cut", "damaged"), ("middle", "damaged"), ("folder", "bad-file"), ("live", "conflict"),
    ],
)  # fmt: skip
def test_what_is_no_good_copy_is_refused(
    call: Call, some: Path, tmp_path: Path, content: bytes | str | None, code: str
) -> None:
    source = tmp_path / "b.db"
    if isinstance(content, bytes):
        source.write_bytes(content)
    elif content == "folder":
        source.mkdir()
    elif content == "live":
        source = some / "trustlog.db"
    elif content == "theirs":
        with closing(sqlite3.connect(source)) as db:
            db.execute("CREATE TABLE theirs (x)")
    elif content is not None:
        shutil.copy(some / "trustlog.db", source)
        if content == "newer":
            with closing(opened(source)) as db:
                db.execute("PRAGMA user_version = 99")
        else:
            damage(source, content)
    for words in (["--json"], []):
        done = call("restore", str(source), "--yes", *words)
        assert done.code == 1
    call("restore", str(source), "--yes", "--json").fails(1, code)
    assert (notes(call), names(call)) == (["one", "two"], [])


THEIRS = (
    'CREATE TRIGGER "spy ""on"" you" AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE id < new.id; END',
    "CREATE VIEW spy AS SELECT * FROM reflections",
)


def test_triggers_and_views_of_others_are_left_out_and_told(call: Call, some: Path, tmp_path: Path) -> None:
    source = tmp_path / "b.db"
    call("backup", str(source)).says()
    with closing(connect(source, "rw")) as db:
        for sql in (*THEIRS, "DROP TRIGGER tags_insert", "DROP VIEW v_timeline"):
            db.execute(sql)
        db.execute("DROP TRIGGER tags_update")
        db.execute("CREATE TRIGGER tags_update AFTER UPDATE ON entries BEGIN DELETE FROM managers; END")
    left_out = ['trigger spy "on" you', "trigger tags_update", "view spy"]

    assert call("restore", str(source), "--yes", "--json").data["left_out"] == left_out
    said = call("restore", str(source), "--yes").out

    assert f"Left out, because trustlog did not make it: {', '.join(left_out)}\n" in said
    call("add", "dana", "three", "--tag", "x").says()
    assert [one["note"] for one in call("log", "--tag", "x", "--json").data["entries"]] == ["three"]
    assert sorted(notes(call)) == ["one", "three", "two"]
    assert call("doctor", "--json").data["findings"] == []
    with closing(connect(some / "trustlog.db", "rw")) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY 1")] == [
            "v_timeline", "v_trust_daily",
        ]  # fmt: skip


def test_nothing_is_said_of_triggers_and_views_of_ours(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    call("backup", str(tmp_path / "b.db")).says()
    assert call("restore", str(tmp_path / "b.db"), "--yes", "--json").data["left_out"] == []


@pytest.mark.plain_only
def test_they_are_left_out_of_an_older_journal_too(call: Call, home: Path, tmp_path: Path) -> None:
    source = Path(shutil.copy(SCHEMA_1, tmp_path / "b.db"))
    with closing(connect(source, "rw")) as db:
        for sql in (*THEIRS, "DROP TRIGGER entries_ai"):
            db.execute(sql)
        db.execute("CREATE TRIGGER entries_ai AFTER INSERT ON entries BEGIN DELETE FROM managers; END")
        before = db.execute("SELECT count(*) FROM entries").fetchone()[0]
        who = db.execute("SELECT handle FROM managers").fetchone()[0]
    done = call("restore", str(source), "--yes", "--json").data
    assert done["left_out"] == ['trigger spy "on" you', "view spy"]
    assert call("add", who, "findable", "--json").code == 0
    assert len(call("log", "--json").data["entries"]) == before + 1
    assert len(call("search", "findable", "--json").data["entries"]) == 1
    assert [one for one in call("doctor", "--json").data["findings"] if one["check"] == "triggers"] == []
    assert home.exists()


def test_a_view_in_the_place_of_a_table_makes_no_journal(call: Call, some: Path, tmp_path: Path) -> None:
    source = tmp_path / "b.db"
    call("backup", str(source)).says()
    with closing(connect(source, "rw")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("CREATE TABLE theirs AS SELECT * FROM noticed")
        db.execute("DROP TABLE noticed")
        db.execute("CREATE VIEW noticed AS SELECT * FROM theirs")
    call("restore", str(source), "--yes", "--json").fails(1, "bad-file")
    assert notes(call) == ["one", "two"]
    assert some.exists()


def test_an_older_copy_is_brought_up_to_date_when_it_is_opened(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    source = tmp_path / "b.db"
    call("backup", str(source)).says()
    with closing(opened(source)) as db:
        db.execute("PRAGMA user_version = 0")
    call("restore", str(source), "--yes")
    done = call("log", "--json")
    assert "brought up to date" in done.err
    assert len(done.data["entries"]) == 2


@pytest.mark.parametrize("how", ["cut", "empty", "head", "middle"])
def test_a_damaged_journal_is_recovered_by_one_command(call: Call, some: Path, how: str) -> None:
    call("backup").says()
    damage(some / "trustlog.db", how)
    before = (some / "trustlog.db").read_bytes()
    if how != "middle":
        assert "trustlog restore" in call("log").fails(1)
        # without its salt an encrypted journal refuses every key
        call("add", "dana", "x", "--json").fails(1, "wrong-key" if ENCRYPTED and how == "head" else "damaged")
    done = call("restore", "--yes", "--json").data
    assert notes(call) == ["one", "two"]
    (kept,) = some.glob("trustlog-damaged-*.db")
    assert (done["damaged"], kept.read_bytes()) == (str(kept), before)
    assert done["undo_by"] is None
    assert call("doctor", "--json").data == {"findings": [], "mended": []}


def test_the_newest_good_copy_is_taken_and_bad_ones_are_named(call: Call, some: Path) -> None:
    first = call("backup", "--json").data["file"]
    call("add", "dana", "three").says()
    second = call("backup", "--json").data["file"]
    os.truncate(second, 5000)
    damage(some / "trustlog.db", "cut")
    done = call("restore", "--yes", "--json").data
    assert (done["restored"], done["passed_over"]) == (first, [second.rpartition("/")[2]])
    assert notes(call) == ["one", "two"]


def test_without_any_copy_the_way_out_is_told(call: Call, some: Path) -> None:
    damage(some / "trustlog.db", "cut")
    before = (some / "trustlog.db").read_bytes()
    assert "trustlog restore FILE" in call("restore", "--yes").fails(1)
    assert (some / "trustlog.db").read_bytes() == before


def test_a_journal_that_is_open_elsewhere_is_not_replaced(
    call: Call, some: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("backup", str(tmp_path / "b.db")).says()
    monkeypatch.setattr(lock, "ALONE_WAIT", 0.05)
    with closing(Journal.open(some / "trustlog.db", some / "snapshots")):
        call("restore", str(tmp_path / "b.db"), "--yes", "--json").fails(1, "conflict")
    assert (notes(call), names(call)) == (["one", "two"], [])


@pytest.mark.long
def test_eight_writers_while_copies_are_restored_lose_no_acknowledged_entry(
    call: Call, some: Path, env: dict[str, str], tmp_path: Path
) -> None:
    """What a restore takes away is in the copy that it made first: together they hold all that was acknowledged."""
    call("backup", str(tmp_path / "b.db")).says()
    writers = Writers(env, tmp_path / "stop")
    made = [call("restore", str(tmp_path / "b.db"), "--yes", "--json").data["undo_by"] for _ in range(5)]
    acknowledged = writers.stop()
    found = set(notes(call))
    for name in made:
        with closing(opened(some / "snapshots" / name)) as db:
            found |= {row[0] for row in db.execute("SELECT note FROM entries")}
    assert found == acknowledged | {"one", "two"}


# --- snapshots


def test_no_copies_yet(call: Call, two: Path) -> None:
    del two
    assert call("backup", "--list").says() == "No copies yet. Make one with: trustlog backup\n"
    assert call("backup", "--list", "--json").data == {"snapshots": []}


def test_copies_are_listed_newest_first_with_what_they_hold(call: Call, some: Path) -> None:
    call("backup").says()
    call("add", "dana", "three").says()
    call("backup").says()
    (some / "snapshots" / "trustlog-20240101T000000Z-kept.db").write_bytes(b"not a journal")
    found = call("backup", "--list", "--json").data["snapshots"]
    assert [(one["entries"], one["readable"], one["pinned"]) for one in found] == [
        (3, True, False), (2, True, False), (None, False, True),
    ]  # fmt: skip
    assert set(found[0]) == {
        "name", "taken_at", "why", "pinned", "readable", "entries", "managers", "conversations", "newest", "size",
    }  # fmt: skip
    said = call("backup", "--list").out
    assert "3 entries" in said
    assert "not readable" in said
    assert "kept for you" in said


# --- copies that make themselves


@pytest.mark.parametrize("words", [["report"], ["report", "dana", "--json"], ["prep-feedback", "dana", "--card"]])
def test_a_command_that_may_take_a_moment_makes_the_copy_of_the_day(call: Call, some: Path, words: list[str]) -> None:
    if words[0] != "report":
        call("prep-feedback", "dana", "--set", "purpose=x").says()
        shutil.rmtree(some / "snapshots")
    for _ in range(3):
        assert call(*words).code == 0
    assert len(names(call)) == 1


@pytest.mark.parametrize("words", [["add", "dana", "x"], ["log"], ["undo"], ["search", "one"], ["log", "1"], ["open"]])
def test_a_quick_command_makes_no_copy(call: Call, some: Path, words: list[str]) -> None:
    assert call(*words).code == 0
    assert not (some / "snapshots").exists()


def test_completion_makes_no_copy(run: Program, call: Call, some: Path) -> None:
    del call
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog report da", "COMP_CWORD": "2"}
    run(env=asked)
    assert not (some / "snapshots").exists()


def test_a_journal_named_for_one_run_is_not_copied(call: Call, some: Path, tmp_path: Path) -> None:
    shutil.copy(some / "trustlog.db", tmp_path / "other.db")
    call("report", "--db", str(tmp_path / "other.db")).says()
    assert not (some / "snapshots").exists()


def test_a_snapshots_folder_that_cannot_be_made_stops_nothing(call: Call, some: Path) -> None:
    (some / "snapshots").write_text("in the way")
    assert call("report").code == 0
    assert "in the way" in (some / "snapshots").read_text()


def test_a_smaller_journal_says_that_the_larger_copy_is_kept(call: Call, some: Path) -> None:
    call("report").says()
    (old,) = (some / "snapshots").iterdir()
    at = datetime.now(UTC) - timedelta(days=2)
    old.rename(some / "snapshots" / f"trustlog-{at:%Y%m%dT%H%M%SZ}-1.db")
    assert call("delete", "2").code == 0
    done = call("report")
    assert (done.code, done.err) == (
        0,
        f"The copy of {at:%a} {at.day} {at:%b %Y} holds 2 entries, the journal 1; it is kept for you:"
        f" trustlog-{at:%Y%m%dT%H%M%SZ}-1-kept.db\n",
    )
    assert call("report").err == ""
    assert len(names(call)) == 2


def test_a_large_import_is_preceded_by_a_copy(call: Call, some: Path) -> None:
    rows = "".join(f"dana,2024-03-01,row {number}\n" for number in range(201))
    call("import", "-", stdin="manager,when,note\n" + rows).says()
    found = call("backup", "--list", "--json").data["snapshots"]
    assert [(one["why"], one["entries"]) for one in found if one["why"] != "daily"] == [("before-import", 2)]
    shutil.rmtree(some / "snapshots")
    call("import", "-", "--dry-run", stdin="manager,when,note\n" + rows.replace("row", "more")).says()
    call("import", "-", stdin="manager,when,note\ndana,2024-03-02,few\n").says()
    assert "before-import" not in str(names(call))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_copies_are_named_by_universal_time_wherever_one_is(call: Call, some: Path, zone: str) -> None:
    def kept() -> list[datetime]:
        found = (some / "snapshots").glob("trustlog-*.db")
        return sorted(datetime.strptime(path.stem[9:25], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for path in found)

    before = datetime.now(UTC).replace(microsecond=0)
    for _ in range(3):
        assert call("report", env={"TZ": zone}).code == 0  # the day's copy is made once
    assert call("backup", env={"TZ": zone}).code == 0

    assert len(kept()) == 2
    assert before <= kept()[0] <= kept()[1] <= datetime.now(UTC) + timedelta(seconds=2)


def test_the_newest_copy_is_taken_also_after_a_journey(call: Call, some: Path) -> None:
    call("backup", env={"TZ": "Asia/Tokyo"})
    call("add", "dana", "in another zone", env={"TZ": "America/Los_Angeles"})
    call("backup", env={"TZ": "America/Los_Angeles"})
    (some / "trustlog.db").unlink()

    call("restore", "--yes")

    assert "in another zone" in call("log").out


def test_a_name_that_ends_with_a_slash_is_a_folder(call: Call, some: Path, tmp_path: Path) -> None:
    del some  # it has filled the journal
    folder = tmp_path / "not there" / "backups"

    assert call("backup", f"{folder}/").code == 0

    (made,) = folder.iterdir()
    assert made.name.startswith("trustlog-2")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_of_another_kind_is_refused_with_the_command_that_takes_it(call: Call, some: Path) -> None:
    call("export", str(some / "all.json"))

    assert "trustlog import" in call("restore", str(some / "all.json")).fails(1)
