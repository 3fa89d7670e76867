"""`forget`: a manager and every trace of them, gone for good, and proved by a search of the bytes."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.helpers import opened

from trustlog import files
from trustlog.errors import UserError
from trustlog.formats import shapes
from trustlog.services import people_forget
from trustlog.store import changing, intent, lock, own_files, people_rows, replacing, snapshots
from trustlog.store.failures import Waits
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

PREP = ("--set", "purpose=CANARY purpose", "--set", "mood_before=-1")


@pytest.fixture
def told(call: Call, two: Path) -> Path:
    """A home in which both managers have a bit of everything, and every word about Dana holds CANARY."""
    call(
        "manager", "edit", "dana", "--name", "CANARY Ortiz", "--email", "CANARY@example.org", "--likes", "CANARY tea"
    ).says()
    assert call("req", "add", "dana", "CANARY role", "--code", "D-1").code == 0
    rows = "".join(f"dana,D-1,CANARY,CANARY note {number} about something that went well\n" for number in range(30))
    call("import", "-", stdin="manager,req,tags,note\n" + rows).says()
    call("add", "dana", "CANARY " * 3000).says()
    call("add", "marcus", "a quiet note that stays").says()
    call("edit", "1", "--note", "CANARY edited").says()
    assert call("delete", "2").code == 0
    assert call("promise", "dana", "CANARY promise", "--due", "tomorrow").code == 0
    assert call("ask", "marcus", "the scorecard").code == 0
    assert call("boundary", "dana", "--set", "BA2=true").code == 0
    assert call("prep-feedback", "dana", *PREP).code == 0
    assert call("notice", "dana", "CANARY kind to a candidate").code == 0
    assert call("backup").code == 0
    (two / "trustlog-damaged-20240301T000000Z-0a1b.db").write_bytes(b"CANARY")
    (two / "snapshots" / ".trustlog-20240301T000000Z.db.0a1b2c3d.new").write_bytes(b"CANARY")
    (two / "reports").mkdir(mode=0o700)
    (two / "reports" / "report.html").write_bytes(b"CANARY")
    return two


def holding(home: Path, word: bytes) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file() and word in path.read_bytes())


def tables(home: Path) -> dict[str, int]:
    with closing(opened(home / "trustlog.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [
            row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
        ]
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def own(home: Path) -> dict[str, int]:
    """The rows of each table that is no derived one, nor one of the index of search."""
    return {name: rows for name, rows in tables(home).items() if name in {table for table, _, _ in shapes.tables()}}


OF_MARCUS = (("log", "marcus"), ("open", "marcus"), ("report", "marcus", "--as-of", "tomorrow"))
"""What must not change; the report of a day that is over does not tell how many seconds a loop is open."""


@pytest.mark.plain_only
def test_not_a_byte_of_them_is_left_and_all_of_the_others_is(call: Call, told: Path) -> None:
    others = [call(*words, "--json").data for words in OF_MARCUS]
    assert min(len(holding(told, word)) for word in (b"CANARY", b"canari")) > 0
    before = own(told)
    done = call("forget", "dana", "--yes", "--json").data
    # the index of search holds the stems of words
    assert (holding(told, b"CANARY"), holding(told, b"canari")) == ([], [])
    assert (done["forgotten"], done["left_in"], done["mentioned_in"]) == ("dana", [], [])
    assert done["rows"] == sum(before.values()) - sum(own(told).values())
    assert done["copies"] >= 2
    assert (done["pages"], done["opened"], done["not_opened"], done["mentioned"]) == (1, 0, [], [])
    assert done["pieces"] >= 30
    assert [call(*words, "--json").data for words in OF_MARCUS] == others
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["marcus"]
    assert call("undo", "--list", "--json").data == {"changes": [], "undone": []}
    left = tables(told)
    assert (left["managers"], left["entries"], left["reqs"], left["conversations"]) == (1, 1, 0, 0)
    (copy,) = call("backup", "--list", "--json").data["snapshots"]
    assert copy["entries"] == 1


@pytest.mark.plain_only
def test_what_waits_in_the_inbox_or_was_written_into_the_home_is_named(call: Call, told: Path, tmp_path: Path) -> None:
    waits, page, elsewhere = told / "inbox.txt", told / "r.html", tmp_path / "todo.txt"
    waits.write_text("Canary Ortiz: a line\nmarcus: another\n")
    call("report", "dana", "--format", "html", "--output", str(page)).says()
    elsewhere.write_text("canary ortiz once more")
    call("config", "set", "inbox", str(elsewhere)).says()

    left = call("forget", "dana", "--yes", "--json").data["left_in"]

    assert set(left) == {str(waits), str(page), str(elsewhere)}
    assert waits.read_text().startswith("Canary Ortiz"), "it is the person's own text"


@pytest.mark.usefixtures("two")
def test_no_document_takes_the_place_of_the_inbox(call: Call, two: Path) -> None:
    (two / "inbox.txt").write_text("dana: waits\n")

    assert "inbox" in call("export", str(two / "inbox.txt"), "--format", "json", "--yes", "--json").fails(1, "conflict")
    assert (two / "inbox.txt").read_text() == "dana: waits\n"


@pytest.mark.plain_only
def test_what_was_done_is_told(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    done = call("forget", "dana", "--yes")
    assert done.code == 0
    first, second = done.out.splitlines()
    assert first.startswith("Removed CANARY Ortiz: ")
    assert first.endswith(" copies of the journal and 1 report page; undo was emptied.")
    assert second.startswith("Searched ")
    assert " files byte by byte for the name, the address and " in second
    assert second.endswith(" pieces of what was written: nothing is left.")
    assert "Backups elsewhere" in done.err


def test_others_that_mention_them_are_named_and_left(call: Call, told: Path) -> None:
    call("add", "marcus", "asked CANARY Ortiz about it").says()
    number = call("log", "marcus", "--json").data["entries"][0]["id"]
    (told / "config.toml").write_text("# CANARY Ortiz\nminutes = 5\n")
    done = call("forget", "dana", "--yes", "--json").data
    assert done["mentioned_in"] == [number]
    assert str(told / "trustlog.db") in done["left_in"]
    assert str(told / "config.toml") in done["left_in"]
    said = call("log", "marcus").out
    assert "asked CANARY Ortiz" in said


def test_every_text_about_others_is_looked_through_for_them(call: Call, two: Path) -> None:
    del two  # the home of the call
    assert call("add", "marcus", "in the corridor Dana was kind").code == 0
    assert call("add", "marcus", "the DANA of others", "-t", "x").code == 0
    assert call("add", "marcus", "a quiet day", "-t", "prep-dana").code == 0
    assert call("manager", "edit", "marcus", "--likes", "coffee with dana").code == 0
    assert call("promise", "marcus", "show it to Dana", "--due", "tomorrow").code == 0
    assert call("notice", "marcus", "he thanked dana ortiz").code == 0
    assert call("req", "add", "marcus", "A deputy", "--code", "DANA-1").code == 0
    assert call("kickoff", "start", "DANA-1", "--set", "why_now=Dana left").code == 0
    assert call("prep-feedback", "marcus", "--set", "purpose=speak for Dana").code == 0
    assert call("me", "learned", "breathe", "--from", "Dana").code == 0
    told = call("forget", "dana", "--yes").out
    assert call("manager", "add", "Dana Ortiz").code == 0
    found = call("forget", "dana", "--yes", "--json").data
    assert (found["mentioned_in"], len(found["mentioned"])) == ([1, 2, 3], 10)
    in_a_file = "trustlog export --include-reflections all.json"
    wanted = {
        ("entry #1", "trustlog edit 1"), ("entry #2", "trustlog edit 2"), ("entry #3", "trustlog edit 3"),
        ("manager marcus", "trustlog manager edit marcus"), ("your own page, learned", "trustlog me --set learned=…"),
        ("loop 1", in_a_file), ("jar 1", in_a_file), ("role DANA-1", in_a_file), ("agreement DANA-1", in_a_file),
        ("conversation 1", in_a_file),
    }  # fmt: skip
    assert {one["command"] for one in found["mentioned"]} == {command for _, command in wanted}
    rows = [tuple(re.split(" {2,}", line.strip())) for line in told.splitlines() if line.startswith("  ")]
    assert {row for row in rows if len(row) == 2} == wanted


def test_what_has_no_command_of_its_own_is_changed_in_a_file(call: Call, two: Path, tmp_path: Path) -> None:
    del two  # the home of the call
    assert call("promise", "marcus", "show it to Dana", "--due", "tomorrow").code == 0
    assert call("settle", "1", "withdrawn", "--note", "dana said no").code == 0
    assert call("notice", "marcus", "he thanked dana").code == 0
    assert call("req", "add", "marcus", "Dana's deputy", "--code", "DANA-1", "--tag", "dana").code == 0
    assert call("kickoff", "start", "DANA-1", "--set", "why_now=Dana left").code == 0
    assert call("prep-feedback", "marcus", "--set", "purpose=speak for Dana").code == 0
    *_, cure = call("forget", "dana", "--yes").out.splitlines()
    assert cure == "  Change the text in all.json, then: trustlog import --update all.json, and delete all.json."

    file = tmp_path / "all.json"
    assert call("export", "--include-reflections", str(file)).code == 0
    file.write_text(re.sub("(?i)dana", "Kim", file.read_text("utf-8")), "utf-8")
    assert call("import", "--update", str(file)).code == 0

    assert call("manager", "add", "Dana Ortiz").code == 0
    assert call("forget", "dana", "--yes", "--json").data["mentioned"] == []


@pytest.mark.plain_only
@pytest.mark.parametrize("kind", ["help-received", "feedback-acted-on", "expectation-confirmed"])
def test_words_of_the_program_are_no_words_of_theirs(call: Call, two: Path, kind: str) -> None:
    assert two.exists()
    call("add", "dana", kind.replace("-", " "), "-k", kind).says()
    assert call("prep-feedback", "dana", "--set", "settle_choice=stand-and-look-out", "--set", "purpose=x").code == 0
    done = call("forget", "dana", "--yes", "--json").data
    assert (done["left_in"], done["pieces"]) == ([], 0)


def test_a_name_in_small_letters_is_found_in_other_files(call: Call, two: Path) -> None:
    (two / "config.toml").write_text("# DANA ortiz\nminutes = 5\n")
    assert call("forget", "dana", "--yes", "--json").data["left_in"] == [str(two / "config.toml")]


def test_every_column_of_text_is_known_as_a_persons_or_the_programs(two: Path) -> None:
    """A new column stands in one of the lists, or its words would be proof of nothing."""
    with closing(Journal.read(two / "trustlog.db", two / "snapshots")) as journal:
        found = [
            people_rows.FoundText(table, row["name"], 1, "x")
            for table in people_rows.tables(journal.db)
            if table not in shapes.DERIVED
            for row in journal.rows(f"PRAGMA table_info({table})")
            if row["type"] == "TEXT"
        ]
    assert {one.where for one in found} >= people_rows.PROGRAM | people_rows.LABELS | people_rows._JSON
    assert {one.where for one in found if one.of_a_person} == {
        "agreement_events.effect", "agreement_events.reason", "agreement_events.value", "answers.value",
        "commitment_events.note", "commitments.what", "conversations.about", "drafts.about", "drafts.answers",
        "entries.changed", "entries.channel", "entries.did", "entries.note", "entries.tags", "managers.email",
        "managers.handle", "managers.likes", "managers.name", "managers.on_their_plate", "managers.team",
        "noticed.seen", "own_steps.note", "profile.value", "reflections.value", "reqs.code", "reqs.tags", "reqs.title",
    }  # fmt: skip


def test_a_lesson_from_them_is_named_by_their_handle_too(call: Call, two: Path) -> None:
    assert two.exists()
    assert call("me", "learned", "Ask for one example", "--from", "dana").code == 0
    assert call("me", "learned", "the word dana in a note", "--from", "marcus").code == 0

    (one,) = call("forget", "dana", "--yes", "--json").data["mentioned"]
    assert one["in"] == "your own page"


def test_a_first_name_that_somebody_else_has_too_mentions_nobody(call: Call, two: Path) -> None:
    del two  # the home of the call
    assert call("manager", "add", "Dana Smith", "--handle", "smith").code == 0
    assert call("add", "marcus", "asked Dana").code == 0
    assert call("forget", "dana", "--yes", "--json").data["mentioned"] == []


@pytest.mark.plain_only
@pytest.mark.parametrize(
    "left",
    [
        "CANARY note 29 about something that", "CANARY promise", "CANARY kind to a candidate", "CANARY purpose",
        "CANARY@example.org", "CANARY Ortiz",
    ],
)  # fmt: skip
def test_a_piece_of_any_of_their_texts_is_found_in_any_file(call: Call, told: Path, left: str) -> None:
    (told / "playbook").mkdir()
    (told / "playbook" / "mine.txt").write_text(f"x{left} went well")
    assert call("forget", "dana", "--yes", "--json").data["left_in"] == [str(told / "playbook" / "mine.txt")]


def test_it_cannot_be_undone(call: Call, told: Path) -> None:
    assert call("forget", "dana", "--yes").code == 0
    assert call("undo", "--json").data == {"undone": []}
    assert holding(told, b"CANARY") == []


def test_without_a_terminal_it_needs_yes(call: Call, told: Path) -> None:
    before = (told / "trustlog.db").read_bytes()
    assert "--yes" in call("forget", "dana").fails(1)
    call("forget", "dana", "--json").fails(1, "needs-answer")
    call("forget", "nobody", "--yes", "--json").fails(1, "unknown-manager")
    assert (told / "trustlog.db").read_bytes() == before


@pytest.mark.parametrize(("typed", "gone"), [("y\r", True), ("No\r", False), ("\r", False)])
def test_a_terminal_asks(tty: Terminal, call: Call, told: Path, typed: str, gone: bool) -> None:
    child = tty("forget", "dana")
    child.expect(r"for\s+good")
    child.send(typed)
    assert tty.ends(child)[0] == 0
    assert (len(call("manager", "list", "--json").data["managers"]) == 1) is gone
    assert (holding(told, b"CANARY") == []) is gone


def test_stopped_at_the_question_nothing_goes(tty: Terminal, told: Path) -> None:
    before = tables(told)
    child = tty("forget", "dana")
    child.expect(r"for\s+good")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert tables(told) == before


def test_drafts_about_them_go_and_those_of_others_stay(call: Call, told: Path) -> None:
    with closing(opened(told / "trustlog.db")) as db:
        for handle, title in (("dana", "CANARY"), ("marcus", "a role"), ("dana", "another")):
            db.execute(
                "INSERT INTO drafts (uid, flow, manager_id, about, answers)"
                " VALUES (?, 'kickoff', (SELECT id FROM managers WHERE handle = ?), ?, ?)",
                (title, handle, title, json.dumps({"a": 1})),
            )
    assert call("forget", "dana", "--yes").code == 0
    with closing(opened(told / "trustlog.db")) as db:
        assert [row[0] for row in db.execute("SELECT about FROM drafts ORDER BY id")] == ["a role"]


def test_copies_for_their_owner_alone_remain(call: Call, told: Path) -> None:
    assert call("forget", "dana", "--yes").code == 0
    modes = {oct(path.stat().st_mode & 0o777) for path in told.rglob("*") if path.is_file()}
    assert modes == {"0o600"}
    (copy,) = (told / "snapshots").iterdir()
    assert not any((told / "reports").iterdir())
    assert copy.name == call("backup", "--list", "--json").data["snapshots"][0]["name"]


def test_names_with_brackets_are_taken_as_they_are(call: Call, told: Path, tmp_path: Path) -> None:
    odd, where = tmp_path / "a[1].db", ("--db", str(tmp_path / "a[1].db"))
    shutil.copy(told / "trustlog.db", odd)
    assert call("backup", *where).code == 0
    gone = [tmp_path / ".a[1].db.0a1b2c3d.new", tmp_path / "a[1]-damaged-20240301T000000Z-0a1b.db"]
    others = [tmp_path / ".a1.db.0a1b2c3d.new", tmp_path / "a1-damaged-20240301T000000Z-0a1b.db"]
    for path in (*gone, *others):
        path.write_bytes(b"CANARY")
    done = call("forget", "dana", "--yes", "--json", *where).data
    assert done["copies"] == 2
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in others)
    assert b"CANARY" not in odd.read_bytes()


# --- nothing is gone before it can be done to the end, and begun again it goes to the end


def everything(home: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    }


@pytest.mark.plain_only
def test_a_reader_that_holds_on_is_waited_for_and_then_nothing_is_removed(
    call: Call, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "FOLD_WAIT", 0.05)
    with closing(sqlite3.connect(told / "trustlog.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        call("add", "marcus", "another").says()
        before = everything(told)
        call("forget", "dana", "--yes", "--json").fails(1, "conflict")
        assert everything(told) == before
    assert call("forget", "dana", "--yes", "--json").data["left_in"] == []


def test_a_writer_that_has_the_journal_open_is_waited_for_too(
    call: Call, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "ALONE_WAIT", 0.05)
    held = lock.share(told / "trustlog.db")
    before = everything(told)
    call("forget", "dana", "--yes", "--json").fails(1, "conflict")
    lock.release(held)
    assert everything(told) == before
    assert call("forget", "dana", "--yes", "--json").data["left_in"] == []


def test_a_damaged_journal_is_left_as_it_is(call: Call, told: Path) -> None:
    with closing(opened(told / "trustlog.db")) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'noticed_by_manager'")
    before = everything(told)
    call("forget", "dana", "--yes", "--json").fails(1, "damaged")
    assert everything(told) == before


class Cut(BaseException):
    """A power cut, as far as one can happen inside a process."""


STEPS = [
    (changing, "begun", 1), (snapshots, "clone", 1), (people_rows, "wipe_manager", 1),
    (people_rows, "rewrite", 1), (snapshots, "checked", 1), (own_files, "remove", 1), (snapshots, "checked", 2),
    (replacing, "_prepare", 1), (files, "sync_folder", 1), (files, "sync_folder", 3), (changing, "_recover", 1),
    (changing, "_remove", 1), (intent, "end", 1), (snapshots, "write_copy", 1), (people_forget, "prove", 1),
]  # fmt: skip


@pytest.mark.long
@pytest.mark.plain_only
@pytest.mark.parametrize(("module", "name", "time"), STEPS)
def test_stopped_at_any_step_it_is_finished_by_running_it_again(
    call: Call, told: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str, time: int
) -> None:
    step, left = getattr(module, name), [time]

    def cut(*args: object, **named: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise Cut
        return step(*args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, cut)
        with pytest.raises(Cut):
            call("forget", "dana", "--yes")
    again = call("forget", "dana", "--yes", "--json")
    # either nothing was done yet, or the rest was done before the command itself found them gone
    assert again.code == 0 or '"unknown-manager"' in again.err.splitlines()[-1]
    assert call("doctor").code == 0
    assert (holding(told, b"CANARY"), holding(told, b"canari")) == ([], [])
    assert [one["note"] for one in call("log", "--json").data["entries"]] == ["a quiet note that stays"]


KILLED = """
import os, shutil, sys
from pathlib import Path
from trustlog.main import main

origin, home = Path(sys.argv[1]), Path(os.environ["TRUSTLOG_HOME"])
events = ("os.rename", "os.remove", "os.rmdir", "sqlite3.connect")

def watch(left):
    def see(event, args):
        if event in events and str(home) in str(args[0]):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(see)

def forget(kill_at=0):
    pid = os.fork()
    if pid == 0:
        if kill_at:
            watch([kill_at])
        os._exit(main(["forget", "dana", "--yes", "--json"]))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

shutil.copytree(origin, home)
main(["forget", "dana", "--yes", "--json"])  # all is loaded now, so that every kill meets work
for number in range(1, 1000):
    shutil.rmtree(home)
    shutil.copytree(origin, home)
    code = forget(number)
    if code == 0:
        break
    again = forget()
    left = [path.name for path in home.rglob("*") if path.is_file() and b"canar" in path.read_bytes().lower()]
    known = b"quiet note" in (home / "trustlog.db").read_bytes()
    if (code, left, known) != (-9, [], True) or again not in (0, 1):
        sys.exit(f"killed at {number}: {code}, again {again}, left {left}, {known}")
sys.stderr.write(f"places {number - 1}\\n")
"""


@pytest.mark.plain_only
@pytest.mark.long
def test_killed_at_any_moment_it_is_finished_by_running_it_again(
    env: dict[str, str], told: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(told)], env=env | {"TRUSTLOG_HOME": str(tmp_path / "killed")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stderr.rsplit("places ", 1)[1]) > 20


@pytest.mark.plain_only
def test_who_reads_the_journal_meanwhile_keeps_traces_in_its_log_and_that_is_said(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Waits, "patience", 0.2)
    with closing(Journal.open(told / "trustlog.db", told)) as journal:
        with closing(sqlite3.connect(told / "trustlog.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entries").fetchone()
            with pytest.raises(UserError, match="traces are left in its log"):
                people_rows.rewrite(journal)
            reader.execute("ROLLBACK")
        people_rows.rewrite(journal)
