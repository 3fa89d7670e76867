"""`forget`: a manager and every trace of them, gone for good, and proved by a search of the bytes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

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
    return two


def holding(home: Path, word: bytes) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file() and word in path.read_bytes())


def tables(home: Path) -> dict[str, int]:
    with closing(sqlite3.connect(home / "trustlog.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [
            row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
        ]
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_not_a_byte_of_them_is_left_and_all_of_the_others_is(call: Call, told: Path) -> None:
    others = [call(*words, "--json").data for words in (("log", "marcus"), ("open", "marcus"), ("report", "marcus"))]
    assert min(len(holding(told, word)) for word in (b"CANARY", b"canari")) > 0
    done = call("forget", "dana", "--yes", "--json").data
    # the index of search holds the stems of words
    assert (holding(told, b"CANARY"), holding(told, b"canari")) == ([], [])
    assert (done["forgotten"], done["left_in"], done["mentioned_in"]) == ("dana", [], [])
    assert done["rows"] > 30
    assert done["copies"] >= 2
    assert [
        call(*words, "--json").data for words in (("log", "marcus"), ("open", "marcus"), ("report", "marcus"))
    ] == others
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["marcus"]
    assert call("undo", "--list", "--json").data == {"changes": []}
    left = tables(told)
    assert (left["managers"], left["entries"], left["reqs"], left["conversations"]) == (1, 1, 0, 0)
    (copy,) = call("snapshots", "--json").data["snapshots"]
    assert copy["entries"] == 1


def test_what_was_done_is_told(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    done = call("forget", "dana", "--yes")
    assert done.code == 0
    first, second = done.out.splitlines()
    assert first.startswith("Removed CANARY Ortiz: ")
    assert second.endswith("for the name, the address and the notes: nothing is left.")
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


@pytest.mark.parametrize(("typed", "gone"), [("y", True), ("n", False), ("\r", False)])
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
    with closing(sqlite3.connect(told / "trustlog.db", isolation_level=None)) as db:
        for about in ("D-1", "dana: CANARY", "dana", "marcus: x", "danae: y"):
            db.execute(
                "INSERT INTO drafts (flow, about, answers) VALUES ('kickoff', ?, ?)", (about, json.dumps({"a": 1}))
            )
    assert call("forget", "dana", "--yes").code == 0
    with closing(sqlite3.connect(told / "trustlog.db")) as db:
        assert [row[0] for row in db.execute("SELECT about FROM drafts ORDER BY id")] == ["marcus: x", "danae: y"]


def test_copies_for_their_owner_alone_remain(call: Call, told: Path) -> None:
    assert call("forget", "dana", "--yes").code == 0
    modes = {oct(path.stat().st_mode & 0o777) for path in told.rglob("*") if path.is_file()}
    assert modes == {"0o600"}
    (copy,) = (told / "snapshots").iterdir()
    assert copy.name == call("snapshots", "--json").data["snapshots"][0]["name"]
