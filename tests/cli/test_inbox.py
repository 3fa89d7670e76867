"""The inbox: lines from a phone, read, gone through, and taken out of a file that others write to."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import warnings
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers import say

from trustlog import files
from trustlog.domain.inbox import InboxLine, lines_of, read_line, without
from trustlog.main import main
from trustlog.services import inbox as service
from trustlog.store import inbox as store

if TYPE_CHECKING:
    from tests.conftest import Call, Terminal

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KNOWN = [("dana", "Dana Ortiz"), ("marcus", "Marcus Chen"), ("luis", "Luis Ortiz"), ("sun", "Sun Li")]
FRIDAY = "2026-11-27 12:00"


def read(text: str | bytes) -> InboxLine:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_line(1, raw, KNOWN, service.day_reader(NOW), NOW)


# --- what a line says


@pytest.mark.parametrize(
    ("text", "who", "when", "note"),
    [
        ("dana: gave me four scorecards", "dana", None, "gave me four scorecards"),
        ("fri dana thanked me in the team call", "dana", FRIDAY, "thanked me in the team call"),
        ("- yesterday 3pm Dana Ortiz: said yes", "dana", "2026-11-27 15:00", "said yes"),
        ("[ ] marcus: asked for 3:1", "marcus", None, "asked for 3:1"),
        ("20 Nov marcus thanked", "marcus", "2026-11-20 12:00", "thanked"),
        ("2026-11-20 marcus thanked", "marcus", "2026-11-20 12:00", "thanked"),
        ("dana yesterday thanked me", "dana", FRIDAY, "thanked me"),
        ("dana fri: asked for one more", "dana", FRIDAY, "asked for one more"),
        ("dana monday works best for her", "dana", None, "monday works best for her"),
        ("fri: dana thanked me", "dana", FRIDAY, "thanked me"),
        ("mar: hi", "marcus", None, "hi"),
        ("CHEN said no", "marcus", None, "said no"),
        ("dana told marcus that it is fine", "dana", None, "told marcus that it is fine"),
        ("sun li: hi", "sun", None, "hi"),
        ("i promised dana the shortlist by friday", "dana", None, "i promised dana the shortlist by friday"),
        ("yesterday i sent marcus two names", "marcus", FRIDAY, "i sent marcus two names"),
        # a time alone that is still to come is none of today, and stays in the words
        ("dana 3pm called back", "dana", None, "3pm called back"),
        ("at 15:30 dana called", "dana", None, "at 15:30 dana called"),
        ("dana 11am: called back", "dana", "2026-11-28 11:00", "called back"),
        ("sun dana: hi", "dana", "2026-11-22 12:00", "hi"),
        ("dana:https://example.org/a", "dana", None, "https://example.org/a"),
    ],
)
def test_a_line_says_who_when_and_what(text: str, who: str, when: str | None, note: str) -> None:
    line = read(text)

    assert (line.manager, line.note, line.problem) == (who, note, "")
    assert (line.when and f"{line.when:%Y-%m-%d %H:%M}") == when


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tom: hello", "it names nobody whom you know"),
        ("hello world", "it names nobody whom you know"),
        ("dana and marcus: agreed", "it could be about Dana Ortiz and Marcus Chen; it takes one"),
        ("dana, marcus: agreed", "it could be about Dana Ortiz and Marcus Chen; it takes one"),
        ("Ortiz: hello", "it could be about Dana Ortiz and Luis Ortiz; it takes one"),
        ("tomorrow dana: call", "Sun 29 Nov 2026 12:00 has not come yet"),
        ("dana:", "it says nothing of what happened"),
        (b"dana: \xff\xfe", "it is not UTF-8"),
        (b"dana: " + b"x" * 2_000_000, "it is 2,000,006 bytes long; the limit is 1,048,576"),
        (b"dana: a\x00b", "it holds a NUL character"),
    ],
)
def test_what_cannot_be_taken_says_why(text: str | bytes, problem: str) -> None:
    assert read(text).problem == problem


@given(st.text(max_size=80))
def test_no_line_is_too_odd_to_be_read(text: str) -> None:
    line = read(text.encode("utf-8", "surrogatepass"))

    assert line.problem or (line.manager and line.note in text)


@given(st.lists(st.binary(max_size=6).filter(lambda line: b"\n" not in line), max_size=8), st.data())
def test_taking_lines_out_leaves_all_others_as_they_were(lines: list[bytes], data: st.DataObject) -> None:
    content = b"\n".join(lines)
    there = [raw for _, raw in lines_of(content)]
    taken = data.draw(st.lists(st.sampled_from(there), unique_by=id)) if there else []

    left = without(content, taken)

    assert Counter(raw.strip() for _, raw in lines_of(left)) == Counter(map(bytes.strip, there)) - Counter(
        map(bytes.strip, taken)
    )
    assert without(left, []) == left


# --- the command


GOOD, BAD = "dana: gave me four scorecards\nfri dana thanked me\n", "tom: hello\ndana and marcus: agreed\n"


@pytest.fixture
def box(two: Path) -> Path:
    file = two / "inbox.txt"
    file.write_bytes((GOOD + BAD).encode() + b"\xff dana: x\n")
    return file


def test_without_a_terminal_it_shows_what_waits_and_takes_nothing(call: Call, box: Path) -> None:
    before = box.read_bytes()

    data = call("inbox", "--json").data

    assert (data["file"], data["taken"]) == (str(box), [])
    assert [(line["line"], line["manager"], bool(line["problem"])) for line in data["left"]] == [
        (1, "dana", False), (2, "dana", False), (3, None, True), (4, None, True), (5, None, True),
    ]  # fmt: skip
    assert call("inbox").err.endswith("trustlog inbox --yes takes 2 lines of 5.\n")
    assert (box.read_bytes(), call("log", "--json").data["entries"]) == (before, [])
    assert "5 lines wait in the inbox  trustlog inbox" in call().out
    assert call("--json").data["inbox"] == 5


def test_yes_takes_what_is_clear_and_names_the_rest_by_its_line(call: Call, box: Path) -> None:
    done = call("inbox", "--yes").out

    assert [line.split("  ")[0] for line in done.splitlines() if not line.startswith(" ")] == [
        "#1", "#2", "line 3", "line 4", "line 5",
    ]  # fmt: skip
    assert "line 3  stays: it names nobody whom you know" in done
    assert box.read_bytes() == BAD.encode() + b"\xff dana: x\n"
    entries = call("log", "--json").data["entries"]
    assert {(entry["manager"], entry["note"]) for entry in entries} == {
        ("dana", "gave me four scorecards"), ("dana", "thanked me"),
    }  # fmt: skip
    assert call("undo", "--list", "--json").data["changes"][0]["command"] == "inbox"


def test_undo_takes_all_of_it_back_and_the_lines_wait_again(call: Call, box: Path) -> None:
    call("inbox", "--yes")

    said = call("undo")

    assert said.err == "2 lines back in the inbox: trustlog inbox\n"
    assert call("log", "--json").data["entries"] == []
    again = [line["note"] for line in call("inbox", "--json").data["left"] if not line["problem"]]
    assert again == ["gave me four scorecards", "thanked me"]
    assert box.read_bytes().count(b"dana: thanked me") == 1
    call("redo").says()
    assert b"dana: thanked me" not in box.read_bytes()
    assert len(call("log", "--json").data["entries"]) == 2
    assert [line["note"] for line in call("inbox", "--json").data["left"] if not line["problem"]] == []
    call("undo")
    call("inbox", "--yes")
    assert len(call("log", "--json").data["entries"]) == 2


def test_an_inbox_may_lie_anywhere_and_is_made_by_nobody_but_its_owner(call: Call, two: Path, tmp_path: Path) -> None:
    assert "There is no inbox yet; it will be" in call("inbox").err
    other = tmp_path / "synced" / "lines.txt"
    other.parent.mkdir()
    assert call("config", "set", "inbox", str(other)).code == 0
    assert not other.exists()
    real = tmp_path / "real.txt"
    real.write_text("\ufeffdana: one\r\ndana: two")
    real.chmod(0o640)
    other.symlink_to(real)

    assert len(call("inbox", "--yes", "--json").data["taken"]) == 2
    assert other.is_symlink()
    assert (real.read_bytes().strip(), real.stat().st_mode & 0o777) == (b"", 0o640)
    assert not (two / "inbox.txt").exists()


@pytest.mark.parametrize("setting", ["trustlog.db", "config.toml"])
def test_a_file_of_the_journal_is_no_inbox(call: Call, two: Path, setting: str) -> None:
    call("config", "set", "inbox", setting)
    before = (two / "trustlog.db").read_bytes()

    assert call("inbox", "--yes", "--json").fails(1, "conflict").startswith(str(two / setting))
    assert (two / "trustlog.db").read_bytes() == before


def test_a_folder_that_cannot_be_written_keeps_everything_as_it_was(
    call: Call, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "made_beside", no)

    assert "Nothing was taken" in call("inbox", "--yes", "--json").fails(1, "not-writable")
    assert box.read_text("utf-8", "replace").startswith(GOOD)
    assert call("log", "--json").data["entries"] == []


# --- others write to the same file


def test_lines_that_are_added_meanwhile_are_taken_or_wait(call: Call, box: Path) -> None:
    said = [f"line {number}" for number in range(300)]

    def write() -> None:
        for line in said:
            with box.open("a") as file:
                file.write(f"dana: {line}\n")

    box.write_text("")
    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    while writer.is_alive():
        call("inbox", "--yes")
    writer.join(60)
    left = box.read_text().splitlines()
    notes = [entry["note"] for entry in call("log", "--json").data["entries"]]

    assert Counter([*notes, *(line.removeprefix("dana: ") for line in left)]) == Counter(said)


def test_who_has_the_file_open_still_adds_to_it(call: Call, box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box.write_text(GOOD)
    writer = box.open("a")
    real = store._open_elsewhere
    seen: list[bool] = []

    def add_at_last(held: int) -> bool:
        seen.append(real(held))
        if not writer.closed:
            writer.write("marcus: late\n")
            writer.close()
        return seen[-1]

    monkeypatch.setattr(store, "_open_elsewhere", add_at_last)
    store.Inbox(box, box.parent).take_out([b"fri dana thanked me"])

    assert seen == [True, False] or sys.platform != "linux"
    assert box.read_text() == "dana: gave me four scorecards\nmarcus: late\n"
    assert call("inbox", "--json").data["left"][1]["note"] == "late"


@pytest.mark.plain_only  # a fork has no key
def test_wherever_a_run_is_killed_no_line_is_lost_or_written_twice(call: Call, box: Path, tmp_path: Path) -> None:
    start = tmp_path / "start"
    shutil.copytree(box.parent, start)
    steps = 0
    for kill_at in range(1, 40):
        steps = _killed(box.parent, kill_at)
        with box.open("a") as file:
            file.write("dana: later\n")
        call("inbox", "--yes")
        notes = [entry["note"] for entry in call("log", "--json").data["entries"]]
        left = [raw for _, raw in lines_of(box.read_bytes())]
        assert Counter(notes) == Counter(["gave me four scorecards", "thanked me", "later"]), kill_at
        assert left == [b"tom: hello", b"dana and marcus: agreed", b"\xff dana: x"], kill_at
        assert [
            file.name for file in box.parent.iterdir() if file.suffix in (".taking", ".new") or "taken" in file.name
        ] == [], kill_at
        shutil.rmtree(box.parent)
        shutil.copytree(start, box.parent)
        if steps < kill_at:
            break
    assert steps > 8, "the steps that can be cut off are seen"


def _killed(home: Path, kill_at: int) -> int:
    """Take the lines in a child that dies at a step on the disk; how many steps it came to."""
    count = home.with_name("count")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork() beside the threads of xdist
        child = os.fork()
    if child == 0:
        steps = 0

        def dying(real: object) -> object:
            def step(*args: object, **more: object) -> object:
                nonlocal steps
                steps += 1
                count.write_text(str(steps))
                if steps == kill_at:
                    os._exit(9)
                return real(*args, **more)  # type: ignore[operator]  # a function of os or Path

            return step

        for place, name in ((os, "link"), (os, "fsync"), (Path, "rename"), (Path, "unlink"), (Path, "replace")):
            setattr(place, name, dying(getattr(place, name)))
        with suppress(BaseException):
            main(["inbox", "--yes"])
        os._exit(0)
    os.waitpid(child, 0)
    return int(count.read_text())


# --- at a terminal


def test_at_a_terminal_each_line_is_taken_changed_or_left(tty: Terminal, call: Call, box: Path) -> None:
    box.write_text("dana: gave me four scorecards\ndana: thanked me\ntom: hello\n")
    child = tty("inbox")

    child.expect("1 of 3")
    child.expect("dana · .* · today")
    child.send(tty.ENTER)
    child.expect("2 of 3")
    child.send(tty.DOWN + tty.DOWN + tty.ENTER)
    child.expect("it names nobody")
    child.send(tty.ENTER)
    child.expect("Who")
    child.send("marcus" + tty.ENTER)
    child.expect("When")
    child.send("yesterday" + tty.ENTER)
    child.expect("What happened")
    child.send(tty.ENTER)
    child.expect("What kind")
    child.send(tty.ENTER)

    assert tty.ends(child)[0] == 0
    assert box.read_text() == "dana: thanked me\n"
    entries = call("log", "--json").data["entries"]
    assert [(entry["manager"], entry["note"]) for entry in entries] == [
        ("dana", "gave me four scorecards"), ("marcus", "tom: hello"),
    ]  # fmt: skip
    yesterday = (datetime.now().astimezone() - timedelta(days=1)).date().isoformat()
    assert entries[1]["happened_on"] == yesterday


def test_a_promise_of_mine_is_kept_in_sight_and_taken_back_as_one_change(tty: Terminal, call: Call, box: Path) -> None:
    lines = "i promised dana the shortlist by 8 March 2190\nmarcus: promised him two names\nlunch with marcus\n"
    box.write_text(lines)
    shown = call("inbox", "--json").data["left"]
    assert [line["problem"] for line in shown] == ["it tells of a promise of yours"] * 2 + [
        "it may be about Marcus Hughes, whom it names further on"
    ]
    assert call("inbox", "--yes", "--json").data["taken"] == []
    child = tty("inbox")
    say(child, ("1 of 3", ""), ("tells of a promise of yours", tty.ENTER), ("2 of 3", tty.ENTER))
    say(child, ("By when", f"in 3 days{tty.ENTER}"), ("3 of 3", tty.ENTER))
    code, said = tty.ends(child)
    assert (code, "you owe · Dana Ortiz · the shortlist" in said) == (0, True)
    assert [loop["what"] for loop in call("open", "--json").data["commitments"]] == ["two names", "the shortlist"]
    assert sorted(entry["kind"] for entry in call("log", "--json").data["entries"]) == ["note", "note", "small-talk"]
    assert call("undo").code == 0
    assert (call("open", "--json").data["commitments"], call("log", "--json").data["entries"]) == ([], [])
    assert box.read_text().count("\n") == 3


def test_a_line_for_whom_nobody_is_named_stays(tty: Terminal, call: Call, box: Path) -> None:
    box.write_text("tom: hello\n")
    child = tty("inbox")
    child.expect("it names nobody")
    child.send(tty.ENTER)
    child.expect("In your journal: dana, marcus. Nobody: Enter, and the line stays")
    child.expect("Who")
    child.send(tty.ENTER)

    assert tty.ends(child)[0] == 0
    assert box.read_text() == "tom: hello\n"
    assert call("log", "--json").data["entries"] == []


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_ctrl_c_or_ctrl_d_in_the_middle_takes_nothing(tty: Terminal, call: Call, box: Path, key: str) -> None:
    before = box.read_bytes()
    child = tty("inbox")
    child.expect("1 of 5")
    child.send(tty.ENTER)
    child.expect("2 of 5")
    child.expect("stop here")  # before that nobody reads a Ctrl-D
    child.send(key)

    code, said = tty.ends(child)

    assert code == 130
    assert "Nothing was taken" in said
    assert (box.read_bytes(), json.loads(call("log", "--json").out)["data"]["entries"]) == (before, [])


@pytest.mark.usefixtures("two")
def test_a_day_at_the_end_of_a_line_is_read_as_add_reads_it(call: Call, two: Path) -> None:
    told = ["called back yesterday", "called back on friday", "wants the slate on friday"]
    (two / "inbox.txt").write_text("".join(f"marcus {words}\n" for words in told))
    typed = [call("add", "dana", *words.split(), "--json").data["entry"]["happened_on"] for words in told]
    call("inbox", "--yes")
    taken = {one["note"]: one["happened_on"] for one in call("log", "marcus", "--json").data["entries"]}
    assert [taken[words] for words in told] == typed
    assert len(set(typed)) > 1
