"""`add`: the heartbeat of the journal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.entries import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

ENTRY = [
    "id", "uid", "manager", "kind", "size", "happened_at", "happened_on", "note", "channel", "req", "approach", "tags",
    "evidence", "repaired_by", "created_at",
]  # fmt: skip
LIMIT = 1_048_576

KIND_WORDS = [
    ("help-received", "help-received"),
    ("help_received", "help-received"),
    ("Help-Received", "help-received"),
    ("he", "help-received"),
    ("harsh", "harsh-exchange"),
    ("harsh_ex", "harsh-exchange"),
    ("promise-k", "promise-kept"),
    ("small", "small-talk"),
    ("praise", "praise-given"),
    ("kept", "promise-kept"),
    ("missed", "promise-missed"),
    ("reply", "reply-received"),
    ("slate", "slate-accepted"),
    ("help", "help-received"),
    ("note", "note"),
]

REFUSED = [
    (["add", "nobody", "hello"], "unknown-manager"),
    (["add", "dana,nobody", "hello"], "unknown-manager"),
    (["add", "dana,dana", "hello"], "conflict"),
    (["add", "dana,Dana Ortiz", "hello"], "conflict"),
    (["add", "dana"], "needs-answer"),
    (["add", "dana", ""], "bad-text"),
    (["add", "dana", " \n "], "bad-text"),
    (["add", "dana", "hello", "-k", "nonsense"], "unknown-kind"),
    (["add", "dana", "hello", "-k", "promise"], "unknown-kind"),
    (["add", "dana", "hello", "-s", "xl"], "bad-field"),
    (["add", "dana", "hello", "--approach", "shove"], "bad-field"),
    (["add", "dana", "hello", "--tag", ""], "bad-text"),
    (["add", "dana", "hello", "--tag", "a,b"], "bad-text"),
    (["add", "dana", "hello", "-w", "05/06/2024"], "bad-date"),
    (["add", "dana", "hello", "-w", "May"], "bad-date"),
    (["add", "dana", "hello", "-w", "3"], "bad-date"),
    (["add", "dana", "hello", "-w", "some day"], "bad-date"),
    (["add", "dana", "hello", "-w", "2023-02-29"], "bad-date"),
    (["add", "dana", "hello", "-w", ""], "bad-date"),
    (["add", "dana", "hello", "-w", "tomorrow"], "future-date"),
    (["add", "dana", "hello", "-w", "in 5 minutes"], "future-date"),
    (["add", "dana", "hello", "-k", "kept", "--repairs", "9"], "unknown-entry"),
    (["add", "dana", "hello", "-k", "kept", "--repairs", "99999999999999999999"], "unknown-entry"),
]

# what was said with --when -> how it is echoed, and happened_at
DATES = [
    ("2024-03-15 15:00", "Fri 15 Mar 2024 15:00", "2024-03-15T15:00:00+00:00"),
    ("2024-03-15", "Fri 15 Mar 2024 12:00", "2024-03-15T12:00:00+00:00"),
    ("20/11/2024", "Wed 20 Nov 2024 12:00", "2024-11-20T12:00:00+00:00"),
    ("29 Feb 2024 at 9:05", "Thu 29 Feb 2024 09:05", "2024-02-29T09:05:00+00:00"),
    ("2024-03-15T15:00:00-05:00", "Fri 15 Mar 2024 20:00", "2024-03-15T20:00:00+00:00"),
]

NEW_YORK = [
    ("2024-01-15 23:30", "2024-01-15T23:30:00-05:00", "2024-01-15"),
    ("2024-07-01 15:00", "2024-07-01T15:00:00-04:00", "2024-07-01"),
    ("2024-11-03 01:30", "2024-11-03T01:30:00-04:00", "2024-11-03"),  # happens twice: the first
    ("2024-07-01T23:00:00Z", "2024-07-01T19:00:00-04:00", "2024-07-01"),
]


@pytest.fixture
def bare(call: Call, two: Path) -> Call:
    """A journal of Dana and Marcus whose history is empty too."""
    del two
    return call


@pytest.mark.usefixtures("two")
def test_add_answers_with_the_entry_key_by_key(call: Call) -> None:
    data = call(
        "add", "dana", "Sent the slate", "-k", "kept", "-w", "2024-03-15 15:00", "-s", "l", "-c", "chat", "-t", "a",
        "--tag", "b", "--tag", "a", "--approach", "pull", "--json",
    ).data  # fmt: skip
    assert set(data) == {"entry", "moved", "unknown", "reads_like"}
    entry = data["entry"]
    assert [key for key in entry if key in ENTRY] == ENTRY
    said = {key: entry[key] for key in ENTRY if key not in ("uid", "created_at")}
    assert said == {
        "id": 1, "manager": "dana", "kind": "promise-kept", "size": "l", "happened_at": "2024-03-15T15:00:00+00:00",
        "happened_on": "2024-03-15", "note": "Sent the slate", "channel": "chat", "req": None, "approach": "pull",
        "tags": ["a", "b"], "evidence": True, "repaired_by": None,
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry["created_at"])
    assert call("log", "1", "--json").data == {"entry": entry}
    assert call("log", "--json").data == {"entries": [entry]}


@pytest.mark.usefixtures("two")
def test_add_answers_in_one_line_with_id_date_and_what_it_moved(run: Program) -> None:
    first = run("add", "dana", "A voice note", "-k", "help")
    assert first.err.endswith("The first time that Dana helped you.\n")
    line = first.out
    assert re.fullmatch(
        r"#1  Dana Ortiz · help received · [A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d"
        r" · on your side: seen 0 → 33 %\n",
        line,
    )
    again = run("add", "dana", "again", "-k", "help", "--json")
    assert again.err == ""
    after = again.data["unknown"]
    assert set(after) == {"before", "after"}
    assert after["before"] == pytest.approx(8 / 9, abs=1e-12)
    assert after["after"] < after["before"]


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.who == "mine" and kind.sign != "0"])
def test_an_act_of_mine_earns_no_points_on_screen_but_json_has_them(bare: Call, kind: str) -> None:
    line = bare("add", "dana", "what I did", "-k", kind, "-s", "l").says()
    assert "%" not in line
    change = bare("add", "marcus", "what I did", "-k", kind, "-s", "l", "--json").data["unknown"]
    assert change["before"] == 1.0
    assert change["after"] < 1.0


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.who != "mine"])
def test_what_they_did_or_we_did_says_what_it_moved_in_one_line(bare: Call, kind: str) -> None:
    answer = bare("add", "dana", "it happened", "-k", kind, "-s", "l")
    (moved, *_) = bare("add", "marcus", "it happened", "-k", kind, "-s", "l", "--json").data["moved"]
    assert answer.code == 0
    assert moved["after"] > moved["before"] == 0.0
    assert moved["sign"] == KINDS[kind].sign
    assert answer.out.count("\n") == 1, "anything beside the answer goes to stderr"
    assert {"+": ": seen 0 → ", "-": " · doubt that you "}[KINDS[kind].sign] in answer.out


@pytest.mark.parametrize(("word", "kind"), KIND_WORDS)
def test_a_kind_is_its_name_a_unique_prefix_or_an_alias(bare: Call, word: str, kind: str) -> None:
    assert bare("add", "dana", "hello", "-k", word, "--json").data["entry"]["kind"] == kind


def test_every_kind_is_taken_in_both_spellings(bare: Call) -> None:
    both = [bare("add", "dana", "x", "-k", word, "--json").data["entry"]["kind"] for kind in KINDS
            for word in (kind, kind.replace("-", "_"))]  # fmt: skip
    assert both == [kind for kind in KINDS for _ in range(2)]


def test_an_ambiguous_kind_lists_what_it_could_be_and_a_miss_the_nearest(bare: Call) -> None:
    line = bare("add", "dana", "x", "-k", "promise").fails(1)
    for kind in ("promise-kept", "promise-missed", "promise-renegotiated"):
        assert kind in line
    assert "promise-kept" in bare("add", "dana", "x", "-k", "promisekept").fails(1)


@pytest.mark.parametrize(("args", "code"), REFUSED)
def test_a_refused_add_writes_nothing(bare: Call, args: list[str], code: str) -> None:
    before = bare("undo", "--list", "--json").data
    bare(*args, "--json").fails(1, code)
    bare(*args).fails(1)
    assert bare("log", "--json").data == {"entries": []}
    assert bare("undo", "--list", "--json").data == before


@pytest.mark.parametrize("args", [["add"], ["add", "--json"], ["--no-input", "add"], ["add", "-k", "note"]])
def test_a_bare_add_without_a_terminal_names_manager_and_makes_no_file(call: Call, home: Path, args: list[str]) -> None:
    said = call(*args).fails(1, "needs-answer" if "--json" in args else None)
    assert "MANAGER" in said
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_a_note_that_is_missing_without_a_terminal_is_named(run: Program) -> None:
    assert "NOTE" in run("add", "dana").fails(1)


def test_only_a_note_needs_a_text(bare: Call) -> None:
    for kind in KINDS:
        if kind not in ("note", "praise-given"):
            assert bare("add", "dana", "-k", kind, "--json").data["entry"]["note"] == ""


@pytest.mark.usefixtures("two")
def test_praise_without_a_text_is_kept_as_a_note_and_says_so(run: Program) -> None:
    answer = run("add", "dana", "-k", "praise", "--json")
    assert answer.data["entry"]["kind"] == "note"
    assert answer.data["unknown"] == {"before": 1.0, "after": 1.0}
    assert "note" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "did", "changed"),
    [
        (["Four scorecards before lunch"], None, None),
        (["--did", "Four scorecards", "--changed", "offers went out"], "Four scorecards", "offers went out"),
        (["Said it in chat", "--did", "Four scorecards"], "Four scorecards", None),
        (["Four scorecards", "--changed", "offers went out"], None, "offers went out"),
    ],
)
def test_praise_that_names_what_they_did_is_praise(
    bare: Call, args: list[str], did: str | None, changed: str | None
) -> None:
    entry = bare("add", "dana", *args, "-k", "praise", "--json").data["entry"]
    assert (entry["kind"], entry["did"], entry["changed"]) == ("praise-given", did, changed)
    for said in (did, changed):
        assert said is None or said in bare("log", "1").says()


@pytest.mark.usefixtures("two")
def test_several_managers_get_an_entry_each_as_one_change(call: Call) -> None:
    data = call("add", "dana,marcus", "Sent both the slate", "-k", "kept", "--json").data
    assert set(data) == {"entries"}
    assert [set(one) for one in data["entries"]] == [{"entry", "moved", "unknown", "reads_like"}] * 2
    assert [one["entry"]["manager"] for one in data["entries"]] == ["dana", "marcus"]
    assert len({one["entry"]["uid"] for one in data["entries"]}) == 2
    assert len(call("undo", "--json").data["undone"]) == 1
    assert call("log", "--json").data == {"entries": []}


def test_create_makes_the_manager_and_is_one_change_with_the_entry(bare: Call) -> None:
    data = bare("add", "dana,Priya Raman", "hello", "--create", "--json").data
    assert [one["entry"]["manager"] for one in data["entries"]] == ["dana", "priya"]
    bare("undo")
    assert [one["handle"] for one in bare("manager", "list", "--json").data["managers"]] == ["dana", "marcus"]
    assert bare("log", "--json").data == {"entries": []}


def test_no_evidence_keeps_an_entry_out_of_the_figures(bare: Call) -> None:
    data = bare("add", "dana", "hello", "-k", "help", "--no-evidence", "--json").data
    assert data["entry"]["evidence"] is False
    assert data["unknown"] == {"before": 1.0, "after": 1.0}
    assert "no evidence" in bare("log").says()


@pytest.mark.parametrize(("when", "echoed", "moment"), DATES)
def test_a_date_is_echoed_as_it_was_understood(bare: Call, when: str, echoed: str, moment: str) -> None:
    assert f" · {echoed}" in bare("add", "dana", "hello", "-w", when).says()
    assert bare("log", "1", "--json").data["entry"]["happened_at"] == moment


@pytest.mark.parametrize("when", ["05/06/2024", "some day", "May"])
def test_a_date_that_cannot_be_read_is_refused_with_examples(bare: Call, when: str) -> None:
    line = bare("add", "dana", "hello", "-w", when).fails(1)
    assert when in line
    assert "yesterday 3pm" in line


def test_an_ambiguous_date_says_what_it_could_be(bare: Call) -> None:
    line = bare("add", "dana", "hello", "-w", "05/06/2024").fails(1)
    assert "June" in line
    assert "May" in line


@pytest.mark.parametrize(("when", "moment", "day"), NEW_YORK)
@pytest.mark.usefixtures("two")
def test_a_local_time_carries_the_offset_of_its_day(call: Call, when: str, moment: str, day: str) -> None:
    entry = call("add", "dana", "hello", "-w", when, "--json", env={"TZ": "America/New_York"}).data["entry"]
    assert (entry["happened_at"], entry["happened_on"]) == (moment, day)
    assert entry["created_at"].endswith("Z")


@pytest.mark.usefixtures("two")
def test_a_local_time_that_a_clock_change_skips_is_refused(run: Program) -> None:
    skipped = ("add", "dana", "hello", "-w", "2024-03-10 02:30", "--json")
    run(*skipped, env={"TZ": "America/New_York"}).fails(1, "bad-date")
    assert run(*skipped).data["entry"]["happened_at"] == "2024-03-10T02:30:00+00:00"


# --- standard input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ("one line\n", "one line"),
        ("no newline", "no newline"),
        ("two newlines\n\n", "two newlines\n"),
        ("  blanks stay \t\n", "  blanks stay \t"),
        ("line\r\nline\r\n", "line\r\nline\r"),
        ("\nfirst\n", "\nfirst"),
        ("\ufeffmark", "mark"),
    ],
)
def test_of_stdin_one_trailing_newline_and_the_mark_before_it_are_dropped_and_nothing_else(
    bare: Call, given: str, note: str
) -> None:
    bare("add", "dana", "-", stdin=given)
    assert bare("log", "1", "--json").data["entry"]["note"] == note


@pytest.mark.parametrize("given", [b"", b"\n", b"NUL \0 inside", b"latin \xe9", b"\xed\xa0\x80", b"x" * (LIMIT + 1)])
def test_stdin_that_is_no_note_is_refused(bare: Call, given: bytes) -> None:
    bare("add", "dana", "-", "--json", stdin=given).fails(1, "bad-text")
    assert bare("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("two")
def test_the_largest_note_goes_through_a_pipe_exactly(run: Program) -> None:
    note = ("é" * (LIMIT // 2 - 6)) + "[b] 😀\n\t.."
    assert len(note.encode()) == LIMIT
    run("add", "dana", "-", stdin=f"{note}\n").says()
    assert run("log", "1", "--json").data["entry"]["note"] == note
    assert "1,048,576" in run("add", "dana", "-", stdin=f"{note}.").fails(1)
    assert "UTF-8" in run("add", "dana", "-", stdin=b"\xff").fails(1)


@pytest.mark.usefixtures("two")
def test_words_that_are_not_utf8_are_refused(run: Program) -> None:
    run("add", "dana", b"\xff", "--json").fails(1, "bad-text")


# --- repairs --------------------------------------------------------------------------------------------------------

# a promise of dana's was missed at noon on 1 March 2024 (#1), marcus was harsh (#2), dana helped (#3)
REPAIRS = [
    (["dana", "-k", "kept", "-w", "2024-03-02", "--repairs", "1"], None),
    (["dana", "-k", "acted", "-w", "2024-03-02", "--repairs", "1"], None),
    (["marcus", "-k", "acted", "-w", "2024-03-02", "--repairs", "2"], None),
    (["dana", "-k", "kept", "-w", "2024-02-28", "--repairs", "1"], "conflict"),
    (["dana", "-k", "sorry", "-w", "2024-03-02", "--repairs", "1"], "bad-field"),
    (["marcus", "-k", "kept", "-w", "2024-03-02", "--repairs", "1"], "bad-field"),
    (["dana", "-k", "kept", "-w", "2024-03-02", "--repairs", "3"], "bad-field"),
    (["dana,marcus", "-k", "kept", "-w", "2024-03-02", "--repairs", "1"], "bad-field"),
    (["dana", "-k", "kept", "-w", "2024-03-02", "--repairs", "7"], "unknown-entry"),
]


@pytest.fixture
def hard(bare: Call) -> Call:
    bare("add", "dana", "late", "-k", "missed", "-w", "2024-03-01")
    bare("add", "marcus", "loud", "-k", "harsh", "-w", "2024-03-01")
    bare("add", "dana", "kind", "-k", "help", "-w", "2024-03-01")
    return bare


@pytest.mark.parametrize(("args", "code"), REPAIRS)
def test_only_a_later_deed_with_the_same_manager_repairs_a_hard_entry(
    hard: Call, args: list[str], code: str | None
) -> None:
    done = hard("add", *args, "--json")
    if code is not None:
        done.fails(1, code)
        assert len(hard("log", "--json").data["entries"]) == 3
        return
    mended = args[args.index("--repairs") + 1]
    assert hard("log", mended, "--json").data["entry"]["repaired_by"] == done.data["entry"]["id"] == 4


def test_a_hard_entry_is_repaired_once(hard: Call) -> None:
    hard("add", "dana", "-k", "kept", "-w", "2024-03-02", "--repairs", "1").says()
    hard("add", "dana", "-k", "kept", "-w", "2024-03-03", "--repairs", "1", "--json").fails(1, "conflict")
    assert hard("log", "1", "--json").data["entry"]["repaired_by"] == 4


# --- the editor -----------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path, env: dict[str, str]) -> Path:
    """A script that VISUAL names; a test writes what it does."""
    script = tmp_path / "my editor.sh"
    script.touch(mode=0o755)
    env["VISUAL"] = f"'{script}'"
    return script


def test_the_editor_writes_the_note(run: Program, two: Path, editor: Path, tmp_path: Path) -> None:
    editor.write_text(
        f'#!/bin/sh\ncp "$1" "{tmp_path}/before"\nstat -c %a "$1" > "{tmp_path}/mode"\n'
        "printf 'first line\\n\\n[b]third[/b] é\\n' > \"$1\"\n"
    )
    run("add", "dana", "a start", "--edit").says()
    assert run("log", "1", "--json").data["entry"]["note"] == "first line\n\n[b]third[/b] é"
    assert (tmp_path / "before").read_text() == "a start"
    assert (tmp_path / "mode").read_text() == "600\n"
    assert [file.name for file in two.iterdir() if file.name != ".trustlog.db.lock"] == ["trustlog.db"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("printf 'half' > \"$1\"; exit 1", "needs-answer"),
        (': > "$1"', "bad-text"),
        ("printf '\\377' > \"$1\"", "bad-text"),
        ("printf 'a\\000b' > \"$1\"", "bad-text"),
    ],
)
def test_an_editor_that_fails_writes_nothing(run: Program, two: Path, editor: Path, script: str, code: str) -> None:
    editor.write_text(f"#!/bin/sh\n{script}\n")
    said = run("add", "dana", "--edit", "--json").fails(1, code)

    assert run("log", "--json").data == {"entries": []}
    kept = list(two.glob(".editing-*/note.txt"))
    assert [f"What you wrote is kept in {file}." in said for file in kept] == ([True] if script[2] != ">" else [])


@pytest.mark.parametrize("words", [["--req", "NOPE"], ["--repairs", "99"]], ids=" ".join)
def test_what_was_written_in_an_editor_is_kept_when_something_else_is_refused(
    run: Program, two: Path, editor: Path, words: list[str]
) -> None:
    editor.write_text("#!/bin/sh\nprintf 'what she said' > \"$1\"\n")

    said = run("add", "dana", "-e", *words).fails(1)

    (file,) = two.glob(".editing-*/note.txt")
    assert f"What you wrote is kept in {file}." in said
    assert file.read_text("utf-8") == "what she said"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("words", [["nobody"], ["dana", "-w", "nonsense"], ["dana", "-s", "xx"], ["dana", "-t", "a,b"]])
def test_what_can_be_refused_is_refused_before_the_editor_opens(
    call: Call, two: Path, editor: Path, words: list[str]
) -> None:
    editor.write_text("#!/bin/sh\nprintf 'opened' > \"$1\"\n")

    call("add", *words, "-e").fails(1)

    assert list(two.glob(".editing-*")) == []


def test_an_editor_that_is_not_there_is_named(run: Program, two: Path) -> None:
    line = run("add", "dana", "-e", env={"VISUAL": "/no/such/editor"}).fails(1)
    assert "/no/such/editor" in line
    assert [file.name for file in two.iterdir() if file.name != ".trustlog.db.lock"] == ["trustlog.db"]


@pytest.mark.usefixtures("two")
def test_no_editor_and_no_terminal_names_note(run: Program) -> None:
    assert "NOTE" in run("add", "dana", "-e").fails(1)
    run("add", "dana", "-e", "--json").fails(1, "no-terminal")


@pytest.mark.usefixtures("two")
def test_an_editor_that_wrote_nothing_is_told_apart_from_a_note_that_is_empty(run: Program, editor: Path) -> None:
    editor.write_text("#!/bin/sh\n")
    said = run("add", "dana", "-k", "reply", "--edit").fails(1)
    assert "nothing was written in the editor" in said
    assert 'EDITOR="code --wait"' in said
    assert run("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("two")
def test_an_editor_in_a_window_may_save_after_it_came_back(call: Call, tty: Terminal, editor: Path, two: Path) -> None:
    editor.write_text("#!/bin/sh\n")
    child = tty("add", "dana", "--edit")
    child.expect("ended at once and changed nothing")
    child.expect("Enter goes on")
    (file,) = two.glob(".editing-*/note.txt")
    file.write_text("saved in a window\n")
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["note"] == "saved in a window"


def interrupted_while_editing(env: dict[str, str], box: Path, editor: Path, script: str) -> tuple[int, str]:
    """The exit code and the words of `add dana -e`, when Ctrl-C was sent to it and its editor."""
    ready = box / "ready"
    os.mkfifo(ready)
    editor.write_text(f"#!/bin/sh\n{script}".replace("READY", f"echo > '{ready}'"))
    started = subprocess.Popen(
        [sys.executable, "-m", "trustlog", "add", "dana", "--edit"],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0,
    )  # fmt: skip
    ready.read_text()
    os.killpg(started.pid, signal.SIGINT)
    (box / "go").touch()
    said, _ = started.communicate(timeout=30)
    return started.returncode, said


@pytest.mark.usefixtures("two")
def test_ctrl_c_belongs_to_the_editor_while_it_is_open(
    run: Program, env: dict[str, str], tmp_path: Path, editor: Path
) -> None:
    script = f"trap : INT\nprintf 'first ' > \"$1\"\nREADY\nuntil [ -e '{tmp_path}/go' ]; do :; done\n"
    code, _ = interrupted_while_editing(env, tmp_path, editor, script + "printf 'and the rest' >> \"$1\"\n")
    assert code == 0
    assert run("log", "1", "--json").data["entry"]["note"] == "first and the rest"


def test_what_was_saved_before_ctrl_c_ended_the_editor_is_kept_and_named(
    run: Program, env: dict[str, str], tmp_path: Path, editor: Path, two: Path
) -> None:
    code, said = interrupted_while_editing(
        env, tmp_path, editor, "printf 'what she said' > \"$1\"\nREADY\nwhile :; do :; done\n"
    )
    (file,) = two.glob(".editing-*/note.txt")
    assert (code, said.strip()) == (130, f"Stopped. What you wrote is kept in {file}.")
    assert file.read_text() == "what she said"
    assert run("log", "--json").data == {"entries": []}


# --- on a terminal --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_add_with_nothing_asks_everything(tty: Terminal, call: Call) -> None:
    child = tty("add")
    for question, answer in (
        ("Who was it with", "dana"),
        ("What happened", "Red carpet in the lobby"),
        ("What kind", tty.DOWN),  # past `note`, which Enter alone would take
        ("When was it", ""),
        ("How big", ""),
        ("How, or where", ""),
        ("Tags", "calibration, first"),
    ):
        child.expect(question)
        child.send(answer + tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "Dana Ortiz · reply received" in said) == (0, True)
    entry = call("log", "1", "--json").data["entry"]
    assert {key: entry[key] for key in ("manager", "note", "kind", "size", "channel", "tags")} == {
        "manager": "dana", "note": "Red carpet in the lobby", "kind": "reply-received", "size": "m", "channel": None,
        "tags": ["calibration", "first"],
    }  # fmt: skip


@pytest.mark.parametrize("after", ["Who was it with", "What happened"])
@pytest.mark.usefixtures("two")
def test_add_cancelled_writes_nothing(tty: Terminal, call: Call, after: str) -> None:
    before = call("undo", "--list", "--json").data
    child = tty("add")
    child.expect("Who was it with")
    if after != "Who was it with":
        child.send("dana" + tty.ENTER)
        child.expect(after)
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, "Stopped" in said) == (130, True)
    assert call("log", "--json").data == {"entries": []}
    assert call("undo", "--list", "--json").data == before


@pytest.mark.usefixtures("two")
def test_a_terminal_is_asked_only_for_what_is_missing(tty: Terminal, call: Call) -> None:
    child = tty("add", "dana", "-k", "praise")
    child.expect("What did they do")
    child.send("Four scorecards before lunch" + tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["kind"] == "praise-given"


@pytest.mark.usefixtures("two")
def test_no_input_asks_nothing_even_on_a_terminal(tty: Terminal) -> None:
    child = tty("add", "--no-input")
    code, said = tty.ends(child)
    assert (code, "MANAGER" in said) == (1, True)


def up_to(child: Any, *asked: tuple[str, str]) -> None:
    for question, answer in asked:
        child.expect(question)
        child.send(f"{answer}\r")


WHEN = (("Who was it with", "dana"), ("What happened", "Red carpet in the lobby"), ("What kind", ""))


@pytest.mark.parametrize(("plain", "shown"), [("", r"When was it\?.{0,20}now"), ("1", r"When was it\? \[now\]")])
@pytest.mark.usefixtures("two")
def test_a_default_makes_room_for_what_is_typed(tty: Terminal, call: Call, plain: str, shown: str) -> None:
    child = tty("add", env={"NO_COLOR": plain})
    up_to(child, *WHEN, (shown, "10 nov 2023"), ("How big", ""), ("How, or where", ""), ("Tags", ""))
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["happened_on"] == "2023-11-10"


@pytest.mark.usefixtures("two")
def test_a_complaint_is_shown_whole_and_the_arrow_up_brings_the_answer_back(tty: Terminal, call: Call) -> None:
    child = tty("add")
    up_to(child, ("Who was it with", "dqna"))
    up_to(child, ("not in your journal yet", ""))  # Dana stands first
    up_to(child, *WHEN[1:], ("When was it", "10 nov 2023, which was a Friday of all days!"))
    child.expect(r"cannot read .*as\s+a\s+date.*\d{4}-\d\d-\d\d\s15:00")
    child.expect("When was it")
    up_to(child, ("", "\x1b[A" + "\x7f" * len(", which was a Friday of all days!")))
    up_to(child, ("How big", ""), ("How, or where", ""), ("Tags", ""))
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["happened_on"] == "2023-11-10"


@pytest.mark.usefixtures("two")
def test_words_come_with_their_kind_when_both_are_missing(tty: Terminal, call: Call) -> None:
    child = tty("add", "dana", "-w", "2023-11-10")
    up_to(child, ("What happened", "Red carpet in the lobby"), ("What kind", tty.DOWN))
    assert tty.ends(child)[0] == 0
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["kind"], entry["happened_on"]) == ("reply-received", "2023-11-10")


@pytest.mark.parametrize("said", [["hello"], ["hello", "-w", "2023-11-10"], ["--did", "four scorecards"]])
@pytest.mark.usefixtures("two")
def test_who_brings_the_words_is_asked_nothing_at_a_terminal(tty: Terminal, call: Call, said: list[str]) -> None:
    assert tty.ends(tty("add", "dana", *said))[0] == 0
    assert call("log", "1", "--json").data["entry"]["kind"] == "note"


@pytest.mark.usefixtures("two")
def test_a_manager_nobody_knows_is_told_before_any_words_are_typed(tty: Terminal, call: Call) -> None:
    child = tty("add", "Zed")
    up_to(child, ("Zed is not in your journal yet. Add this manager", "n"))
    child.expect("Who is it")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, "What happened" in said) == (130, False)
    child = tty("add", "Rosa Lind", "--create")
    up_to(child, ("What happened", "hello"), ("What kind", ""))
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["manager"] == "rosa"


@pytest.mark.parametrize("args", [[], ["dana"]])
@pytest.mark.usefixtures("two")
def test_words_that_ctrl_c_leaves_unwritten_are_shown_once_more(tty: Terminal, call: Call, args: list[str]) -> None:
    child = tty("add", *args)
    up_to(child, *WHEN[len(args) : 2])
    child.expect("What kind")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, said.count("Not written down: Red carpet in the lobby\r\n")) == (130, 1)
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("two")
def test_a_kind_that_was_chosen_is_not_asked_for_again_and_a_key_that_is_none_says_what_the_keys_do(
    tty: Terminal, call: Call
) -> None:
    child = tty("add", "dana")
    up_to(child, ("What happened", "she answered my mail"), (r"another \(k\)", "y"))
    up_to(child, (r"Enter alone, 2.*Ctrl-C leaves.*a note \(n\)[^?]*another \(k\)", "n"))
    assert (tty.ends(child)[0], call("log", "1", "--json").data["entry"]["kind"]) == (0, "note")


@pytest.mark.usefixtures("two")
def test_words_of_the_command_line_are_shown_once_more_when_ctrl_c_leaves_the_list_of_kinds(tty: Terminal) -> None:
    child = tty("add", "dana", "she answered my mail")
    child.expect(r"another \(k\)")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, said.count("Not written down: she answered my mail\r\nStopped.")) == (130, 1)


@pytest.mark.usefixtures("two")
def test_a_kind_of_two_sides_is_asked_about_where_the_note_tells_of_the_other(tty: Terminal, call: Call) -> None:
    call("add", "dana", "thanked me for the shortlist")
    child = tty("edit", "1", "-k", "praise")
    child.expect("They or you")
    child.send(f"{tty.DOWN}{tty.ENTER}")
    assert (tty.ends(child)[0], call("log", "1", "--json").data["entry"]["kind"]) == (0, "praise-received")
    assert "They or you" not in tty.ends(tty("add", "dana", "thanked her for the calendar", "-k", "praise"))[1]


@pytest.mark.usefixtures("two")
def test_ctrl_c_before_any_words_repeats_none(tty: Terminal) -> None:
    child = tty("add")
    up_to(child, WHEN[0])
    child.expect("What happened")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, "Not written down" in said) == (130, False)


@pytest.mark.usefixtures("two")
def test_a_note_typed_at_a_terminal_is_told_how_it_ends(tty: Terminal, call: Call) -> None:
    child = tty("add", "dana", "-")
    child.expect("Ctrl-D on an empty line ends it")
    child.send("candid words\n\x04")
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["note"] == "candid words"


# --- the kind, read from the words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "way"),
    [
        ("promised me the scorecards by friday", "trustlog ask dana WHAT --due WHEN"),
        ("ghosted again", "trustlog ask dana WHAT"),
        ("no answer to two mails", "trustlog ask dana WHAT"),
        ("I promised her a slate", "trustlog promise dana WHAT --due WHEN"),
        ("owes me scorecards till monday", "trustlog ask dana WHAT"),
        ("I still owe her a slate", "trustlog promise dana WHAT"),
        ("is on leave", ""),
    ],
)
def test_a_note_of_what_is_waited_for_names_the_way_to_keep_it_in_sight(bare: Call, note: str, way: str) -> None:
    said = bare("add", "dana", note, "-k", "note").err

    assert way in said
    assert ("in sight" in said) is bool(way)


@pytest.mark.usefixtures("two")
def test_without_a_terminal_the_reading_is_a_hint_and_the_entry_a_note(call: Call) -> None:
    answer = call("add", "dana", "answered", "my", "mail", "in", "ten", "minutes")
    assert answer.out.endswith("kept as a note; it moves nothing\n")
    assert answer.err.endswith("It reads like reply received. To keep #1 so: trustlog edit 1 --kind reply-received\n")
    data = call("add", "dana", "answered my mail", "--json").data
    assert (data["entry"]["kind"], data["reads_like"][0], data["moved"]) == ("note", "reply-received", [])
    assert 1 <= len(data["reads_like"]) <= 3
    for said in (["office in Leeds"], ["did not reply"], ["answered my mail", "-k", "note"]):
        assert call("add", "dana", *said, "--json").data["reads_like"] == []


@pytest.mark.parametrize(
    ("how", "note", "kind"),
    [
        ("take", "answered my mail", "reply-received"),
        ("take", "thanked me in the morning and shouted at me in the afternoon", "note"),
        ("off", "answered my mail", "note"),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_is_read_is_taken_unless_it_is_both_good_and_hard(call: Call, how: str, note: str, kind: str) -> None:
    call("config", "set", "read_kind", how)
    assert call("add", "dana", note, "--json").data["entry"]["kind"] == kind
    call("config", "set", "read_kind", "maybe", "--json").fails(1, "bad-field")


@pytest.mark.parametrize(
    ("typed", "kind"), [("", "reply-received"), ("n", "note"), ("what\rN", "note"), ("k\rbypass\r", "bypassed")]
)
@pytest.mark.usefixtures("two")
def test_at_a_terminal_enter_takes_the_first_reading(tty: Terminal, call: Call, typed: str, kind: str) -> None:
    child = tty("add", "dana", "answered", "my", "mail")
    child.expect(r"they: reply received \(Enter\) · .* \(2\).* · a note \(n\) ·\s+another \(k\)")
    first, *rest = typed.split("\r")
    child.send(f"{first}{tty.ENTER}")
    for keys in filter(None, rest):
        child.expect("What kind was it" if first == "k" else "Ctrl-C leaves")
        child.send(f"{keys}{tty.ENTER}")
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["kind"] == kind


@pytest.mark.usefixtures("two")
def test_the_list_of_kinds_takes_nothing_where_nothing_fits_and_fits_the_screen(tty: Terminal, call: Call) -> None:
    child = tty("add", "dana")
    up_to(child, ("What happened", "red carpet in the lobby"))
    child.expect("type a part of it")
    child.expect("more")
    child.send("xyzzy")
    child.expect("nothing fits")
    child.send(tty.ENTER)
    child.expect("type a part of it")
    child.send("harsh")
    child.expect("harsh-exchange")
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["kind"] == "harsh-exchange"


@pytest.mark.usefixtures("two")
def test_a_word_that_leaves_open_who_did_it_is_asked_about_or_refused_with_both(tty: Terminal, call: Call) -> None:
    said = call("add", "dana", "hello", "-k", "thanks", "--json").fails(1, "unknown-kind")
    assert "praise-given (you) or praise-received (they)" in said
    assert "`ask`" in call("add", "dana", "hello", "-k", "ghosted", "--json").fails(1, "unknown-kind")
    child = tty("add", "dana", "hello", "-k", "thanks")
    child.expect("They or you")
    child.send(tty.DOWN + tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["kind"] == "praise-received"


def test_an_edit_to_an_apology_says_that_it_is_one_of_mine(call: Call, two: Path) -> None:
    del two
    call("add", "marcus", "said sorry for shouting")
    said = call("edit", "1", "-k", "apology")
    assert "apology made: that is one of yours. Theirs stays a note: --kind note" in said.err
    assert "yours" not in call("edit", "1", "-k", "harsh").err
    call("add", "marcus", "I said sorry for the late slate")
    assert "yours" not in call("edit", "2", "-k", "apology").err


@pytest.mark.usefixtures("two")
def test_what_they_promised_is_never_read_as_mine(call: Call) -> None:
    for note in ("forgot the feedback she promised", "didnt keep his word", "kept her promise"):
        assert call("add", "dana", note, "--json").data["reads_like"] == []
