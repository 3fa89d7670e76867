"""What holds everywhere: exit codes, one line or JSON on stderr, the shared options, and who may read the files."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trustlog.services import encryption_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call, Program, Terminal

COMMANDS = [
    "add", "log", "search", "edit", "delete", "undo", "manager", "req", "report", "import", "config", "demo",
    "manager add", "manager list", "manager show", "manager edit", "manager rename", "manager archive",
    "manager unarchive", "req add", "req list", "req close", "config list", "config get", "config set",
]  # fmt: skip

USAGE = [
    ["bogus"],
    ["--bogus"],
    ["add", "--bogus"],
    ["log", "1", "2"],
    ["log", "1", "--kind", "note"],
    ["backup", "--list", "x.db"],
    ["delete"],
    ["delete", "x"],
    ["search"],
    ["search", ""],
    ["undo", "0"],
    ["log", "--limit", "0"],
    ["log", "--limit", "x"],
    ["log", "--since"],
    ["add", "dana", "x", "--repairs", "x"],
    ["manager", "bogus"],
    ["manager", "add"],
    ["manager", "rename", "dana"],
    ["manager", "edit", "dana"],
    ["req", "add", "dana"],
    ["config", "set", "minutes"],
    ["import"],
]

FIXABLE = [
    (["log", "nobody"], "unknown-manager"),
    (["log", "--kind", "nonsense"], "unknown-kind"),
    (["log", "99"], "unknown-entry"),
    (["req", "close", "nope"], "unknown-req"),
    (["log", "--since", "05/06/2024"], "bad-date"),
    (["add", "dana", "x", "-w", "tomorrow"], "future-date"),
    (["add"], "needs-answer"),
    (["add", "dana", "x", "-s", "xl"], "bad-field"),
    (["add", "dana", ""], "bad-text"),
    (["import", "nope.csv"], "bad-file"),
    (["manager", "add", "dana"], "conflict"),
    (["edit", "1"], "no-terminal"),
]

# a typed word with a newline or with bytes that are no UTF-8, in every place that takes one
PLACES = [
    ["add", "{}", "hello"],
    ["add", "dana", "hello", "--kind", "{}"],
    ["add", "dana", "hello", "--when", "{}"],
    ["add", "dana", "hello", "--size", "{}"],
    ["add", "dana", "hello", "--approach", "{}"],
    ["add", "dana", "hello", "--req", "{}"],
    ["add", "dana", "hello", "--channel", "{}"],
    ["add", "dana", "hello", "--tag", "{}"],
    ["add", "dana", "hello", "--repairs", "{}"],
    ["log", "{}"],
    ["log", "--since", "{}"],
    ["log", "--kind", "{}"],
    ["log", "--req", "{}"],
    ["log", "--limit", "{}"],
    ["help", "{}"],
    ["manager", "show", "{}"],
    ["manager", "add", "{}"],
    ["manager", "add", "New", "--handle", "{}"],
    ["manager", "add", "New", "--public-praise-ok", "{}"],
    ["manager", "rename", "dana", "{}"],
    ["manager", "rename", "{}", "new"],
    ["req", "add", "dana", "{}"],
    ["req", "add", "dana", "Analyst", "--code", "{}"],
    ["req", "close", "{}"],
    ["report", "{}"],
    ["report", "--format", "{}"],
    ["report", "--as-of", "{}"],
    ["search", "x", "--manager", "{}"],
    ["import", "{}"],
    ["config", "get", "{}"],
    ["config", "set", "minutes", "{}"],
    ["{}"],
    ["--{}"],
]


@pytest.fixture
def some(call: Call, two: Path) -> Call:
    del two  # it has made the journal
    call("add", "dana", "hello", "-w", "2024-03-01")
    return call


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_wrong_usage_is_one_line_that_names_the_help_and_exit_2(some: Call, args: list[str]) -> None:
    assert "--help" in some(*args).fails(2)
    assert "--help" in some("--json", *args).fails(2, "usage")


@pytest.mark.usefixtures("two")
def test_wrong_usage_through_the_real_program(run: Program) -> None:
    run("log", "--limit", "x").fails(2)
    run("bogus", "--json").fails(2, "usage")
    run("delete", "--json").fails(2, "usage")


@pytest.mark.parametrize(("args", "code"), FIXABLE, ids=[" ".join(args) for args, _ in FIXABLE])
def test_what_can_be_mended_is_one_line_with_a_cure_and_exit_1(some: Call, args: list[str], code: str) -> None:
    assert some(*args).fails(1).count(". ") >= 1, "what happened, then what to do"
    said = some(*args, "--json")
    said.fails(1, code)
    assert some("--json", *args) == said


@pytest.mark.parametrize("args", PLACES, ids=" ".join)
@pytest.mark.parametrize("word", ["two\nlines", "\udcff"], ids=["a newline", "no UTF-8"])
def test_no_typed_word_breaks_the_one_line(some: Call, args: list[str], word: str) -> None:
    typed = [arg.replace("{}", word) for arg in args]
    answer = some(*typed)
    assert answer.code in (1, 2), answer
    answer.fails(answer.code)
    assert some(*typed, "--json").err.startswith('{"schema": "trustlog/1", "error": ')


@pytest.mark.parametrize("args", [["search", "\udcff"], ["log", "--tag", "\udcff"], ["search", "a\nb"]])
def test_a_word_that_nothing_can_hold_finds_nothing_or_is_refused(some: Call, args: list[str]) -> None:
    answer = some(*args)
    assert answer.code in (0, 1)
    assert (answer.out, answer.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["repot"], "report"),
        (["manager", "shwo"], "show"),
        (["add", "--kidn"], "--kind"),
        (["log", "mracus"], "marcus"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(some: Call, typed: list[str], meant: str) -> None:
    answer = some(*typed)
    assert answer.code in (1, 2)
    assert meant in answer.err


def test_a_bug_is_exit_3_and_its_log_holds_no_journal_text(
    some: Call, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of the journal")

    monkeypatch.setattr("trustlog.store.entries.get", broken)
    said = some("log", "1").fails(3)
    assert str(two / "bug.log") in said
    log = (two / "bug.log").read_text()
    assert "RuntimeError" in log
    assert "secret" not in said + log
    assert oct((two / "bug.log").stat().st_mode & 0o777) == "0o600"
    some("log", "1", "--json").fails(3, "bug")


# --- shared options -------------------------------------------------------------------------------------------------


def test_the_shared_options_work_before_and_after_the_command(call: Call, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    call("--db", other, "manager", "add", "Dana").says()
    call("manager", "add", "Marcus", "--db", other, "--no-input", "--no-color").says()
    before = call("--json", "--no-input", "--no-color", "--db", other, "manager", "list")
    after = call("manager", "list", "--db", other, "--no-color", "--no-input", "--json")
    between = call("manager", "--json", "--db", other, "list")
    assert before == after == between
    assert [one["name"] for one in before.data["managers"]] == ["Dana", "Marcus"]
    assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("two")
def test_json_after_two_dashes_is_text(call: Call) -> None:
    call("add", "dana", "--", "--json").says()
    assert call("log", "1", "--json").data["entry"]["note"] == "--json"
    assert call("log", "nobody", "--").fails(1)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_opens_with_an_example_and_h_is_the_same(call: Call, command: str) -> None:
    words = command.split()
    text = call(*words, "--help").says()
    assert call(*words, "-h").says() == text
    first = next(line.strip() for line in text.splitlines() if line.strip() and "Usage:" not in line)
    assert first.startswith(f"trustlog {words[0]}")
    assert "\x1b" not in text


def test_version_is_one_line(run: Program) -> None:
    name, version = run("--version").says().split()
    assert (name, version.count(".")) == ("trustlog", 2)


def test_tl_is_a_second_name(env: dict[str, str]) -> None:
    tl = Path(sys.executable).with_name("tl")
    if not tl.exists():
        pytest.skip("trustlog is not installed")
    done = subprocess.run([tl, "bogus"], env=env, capture_output=True, check=False, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tl --help" in done.stderr


# --- the machine ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("args", [["log"], ["log", "1"], ["report"], ["add", "dana", "x"], ["--help"], ["--version"]])
@pytest.mark.usefixtures("some")
def test_a_full_disk_under_stdout_is_told_and_exit_1(env: dict[str, str], args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trustlog", *args], env=env, stdout=full, stderr=subprocess.PIPE, check=False,
            text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "disk is full" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.usefixtures("some")
def test_a_full_disk_is_json_too(env: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trustlog", "log", "--json"], env=env, stdout=full, stderr=subprocess.PIPE,
            check=False, text=True, timeout=60,
        )  # fmt: skip
    assert (done.returncode, '"code": "disk-full"' in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "closed", "codes"),
    [
        (["log"], "<&-", (0,)),
        (["add", "dana", "-"], "<&-", (1,)),
        (["add"], "<&-", (1,)),
        (["log"], ">&-", (1,)),
        (["export"], ">&-", (1,)),
        (["add", "dana", "x", "--json"], ">&-", (1,)),
        (["--version"], ">&-", (1,)),
        (["handover", "dana"], ">&-", (1,)),
        (["log"], "2>&-", (0,)),
        (["log", "99"], "2>&-", (1,)),
    ],
)
@pytest.mark.usefixtures("some")
def test_a_closed_stream_is_no_bug(
    env: dict[str, str], two: Path, args: list[str], closed: str, codes: tuple[int, ...]
) -> None:
    line = f'exec "$0" -m trustlog "$@" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, *args], env=env, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode in codes, (two / "bug.log").exists()) == (True, False), done
    assert [b"stdout is closed" in line for line in done.stderr.splitlines() if closed == ">&-"] in ([], [True])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.usefixtures("some")
def test_an_answer_that_nobody_gets_tells_whether_anything_was_done(env: dict[str, str], call: Call) -> None:
    said = []
    for args in (["report"], ["add", "dana", "x"]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "trustlog", *args], env=env, stdout=full, stderr=subprocess.PIPE, check=False,
                text=True, timeout=60,
            )  # fmt: skip
        said.append("undo --list" in done.stderr)
    assert said == [False, True]
    assert len(call("log", "--json").data["entries"]) == 2


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["redo", "abc"], "N takes a whole number, not 'abc'"),
        (["undo", "1.5"], "N takes a whole number, not '1.5'"),
        (["undo", "0"], "N takes a whole number from 1, not 0"),
        (["log", "--limit", "-3"], "--limit takes a whole number from 1, not -3"),
    ],
)
def test_a_word_that_is_no_number_is_told_what_is_taken(call: Call, args: list[str], said: str) -> None:
    answer = call(*args)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("args", [["add", "", "words"], ["add", "  ", "words"], ["report", ""], ["brief", ""]])
def test_an_empty_name_is_called_empty(call: Call, args: list[str]) -> None:
    assert call(*args).fails(1).startswith("the name of the manager is empty. There are: dana")


@pytest.mark.usefixtures("some")
def test_a_home_without_permission_is_told_and_can_be_read(env: dict[str, str], two: Path) -> None:
    # root may write everywhere, unless it gives that right away first
    powerless = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if powerless and shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here")

    def trustlog(*words: str) -> subprocess.CompletedProcess[str]:
        program = [*powerless, sys.executable, "-m", "trustlog", *words]
        return subprocess.run(program, env=env, capture_output=True, text=True, check=False, timeout=60)

    two.chmod(0o500)
    try:
        read, written = trustlog("log", "--json"), trustlog("add", "dana", "x", "--json")
    finally:
        two.chmod(0o700)

    assert len(json.loads(read.stdout)["data"]["entries"]) == 1
    assert (written.returncode, json.loads(written.stderr)["error"]["code"]) == (1, "not-writable")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "damaged"), (b"not a database at all, but long enough to be one" * 30, "damaged")],
    ids=["empty", "text"],
)
def test_a_damaged_journal_is_told_and_left_as_it_is(call: Call, two: Path, content: bytes, code: str) -> None:
    (two / "trustlog.db").write_bytes(content)
    for args in (["log"], ["add", "dana", "x"]):
        call(*args, "--json").fails(1, code)
        call(*args).fails(1)
    assert (two / "trustlog.db").read_bytes() == content


@pytest.mark.skipif(shutil.which("stat") is None, reason="no stat here")
def test_only_the_owner_may_look_at_anything_in_the_home(run: Program, home: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.touch(mode=0o755)
    editor.write_text(
        f'#!/bin/sh\nstat -c "%a %n" {home} {home}/.[!.]* {home}/* > {tmp_path}/modes\necho hello > "$1"\n'
    )
    mask = os.umask(0o022)
    try:
        run("manager", "add", "Dana Ortiz").says()
        run("add", "dana", "hello").says()
        run("config", "set", "minutes", "2").says()
        run("add", "dana", "-e", env={"VISUAL": str(editor)}).says()
        run("import", "-", stdin="manager,note\nnew,hello\n").says()
        run("undo").says()
    finally:
        os.umask(mask)
    assert oct(home.stat().st_mode & 0o777) == "0o700"
    assert {oct(file.stat().st_mode & 0o777) for file in home.rglob("*") if file.is_file()} == {"0o600"}
    meanwhile = dict(line.split(" ", 1)[::-1] for line in (tmp_path / "modes").read_text().splitlines())
    assert meanwhile.pop(str(home)) == "700"
    assert len(meanwhile) >= 3
    assert [mode for name, mode in meanwhile.items() if ".editing-" in name] == ["700"]
    assert {mode for name, mode in meanwhile.items() if ".editing-" not in name} == {"600"}


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775809", "-1", "0", "9" * 40])
@pytest.mark.parametrize(
    "words",
    [["req", "close", "--"], ["delete", "--"], ["settle", "--"], ["notice", "--drop"], ["praise", "dana", "--from"]],
)
def test_a_number_that_no_row_can_have_is_refused_in_a_line(call: Call, words: list[str], number: str) -> None:
    said = call(*words, number)

    assert said.code in (1, 2)
    assert "fault of ours" not in said.err


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(call: Call) -> None:
    assert call("lgo").fails(2) == "No such command 'lgo'. Did you mean 'log'? See: trustlog --help"


@pytest.mark.parametrize("words", [["--version"], ["--no-color", "--version"], ["--version", "--json"]])
def test_the_version_is_told_beside_options_that_work_everywhere(run: Program, words: list[str]) -> None:
    assert run(*words).says().startswith("trustlog ")


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-9"])
def test_json_is_json_in_every_encoding(run: Program, encoding: str) -> None:
    run("manager", "add", "José 😀", "--handle", "jose")

    told = run("manager", "list", "--json", env={"PYTHONIOENCODING": encoding})
    refused = run("log", "émile", "--json", env={"PYTHONIOENCODING": encoding})

    assert told.data["managers"][0]["name"] == "José 😀"
    assert "émile" in refused.fails(1, "unknown-manager")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "words",
    [
        ["import", "-", "--since", "last month"],
        ["praise", "--list", "--copy"],
        ["praise", "--list", "--did", "x"],
        ["next", "dana", "--note", "hi"],
        ["report", "--include-reflections"],
    ],
    ids=" ".join,
)
def test_an_option_that_would_mean_nothing_is_refused(call: Call, words: list[str]) -> None:
    call(*words).fails(2)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("words", [["report"], ["report", "dana"], ["report", "--me"]], ids=" ".join)
def test_a_span_that_begins_after_its_end_is_refused(call: Call, words: list[str]) -> None:
    assert "--since lies after the last day" in call(*words, "--since", "2190-01-01").fails(1)


NOT_REGULAR = ((".trustlog.db.lock", "log"), ("trustlog.db", "doctor"), ("key", "encrypt"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
@pytest.mark.parametrize(("name", "command"), NOT_REGULAR)
@pytest.mark.plain_only
def test_a_pipe_or_a_device_in_the_place_of_a_file_keeps_nobody_waiting(
    run: Program, two: Path, make: Callable[[Path], None], name: str, command: str
) -> None:
    (two / name).unlink(missing_ok=True)
    make(two / name)

    answer = run(command, *(["--new-key-file", str(two / name), "--yes"] if name == "key" else []))

    said = answer.out if command == "doctor" else answer.err
    assert (answer.code, str(two / name) in said) == (1, True)
    assert command == "doctor" or said.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
def test_what_stands_in_the_place_of_an_intent_is_named(run: Program, two: Path, make: Callable[[Path], None]) -> None:
    make(two / ".trustlog.db.unfinished")

    assert f"{two / '.trustlog.db.unfinished'} is not a regular file" in run("doctor").out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_key_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"a key\n"), daemon=True)
    writer.start()
    assert encryption_keys.key_from_file(str(pipe), lambda _: None) == "a key"
    writer.join(60)


UNKNOWN = pytest.param(
    "Europe/Berln",
    marks=pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries call it UTC, as they do UTC"),
)


@pytest.mark.parametrize("zone", ["XXX-99", "AAA+25", UNKNOWN])
def test_a_time_zone_that_is_none_is_told_in_a_line(run: Program, zone: str) -> None:
    assert "Set TZ" in run("add", "dana", "hello", "--create", env={"TZ": zone}).fails(1)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("columns", ["1", "2", "0"])
def test_a_terminal_that_says_it_has_no_room_is_asked_all_the_same(tty: Terminal, columns: str) -> None:
    child = tty("prep-feedback", "dana", env={"COLUMNS": columns})
    child.expect("›")
    child.send(tty.CTRL_C)

    assert tty.ends(child)[0] == 130


@pytest.mark.usefixtures("two")
def test_a_refused_value_that_is_very_long_is_not_told_whole(call: Call) -> None:
    said = call("manager", "edit", "dana", "--public-praise-ok", "x" * 100_000).fails(1)
    assert len(said) < 2_000
    assert "…" in said
    assert len(call("add", "dana", f"-5 {'x' * 100_000}").fails(2)) < 2_000


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_question_that_is_ended_from_outside_gives_the_terminal_back(tty: Terminal, number: int) -> None:
    child = tty("add")
    child.expect("Who was it with")
    asked = termios.tcgetattr(child.child_fd)[3] & termios.ICANON
    child.kill(number)
    child.wait()
    left = termios.tcgetattr(child.child_fd)[3] & termios.ICANON

    assert (bool(asked), bool(left)) == (False, True)
    assert child.exitstatus == 128 + number


@pytest.mark.parametrize("words", [("manager", "list"), ("req", "list"), ("config", "list"), ("me",), ("help", "all")])
@pytest.mark.usefixtures("two")
def test_every_group_works_where_python_leaves_docstrings_out(run: Program, words: tuple[str, ...]) -> None:
    assert run(*words, env={"PYTHONOPTIMIZE": "2"}).code == 0


NAMED = [
    (("me", "--set", "nonsense=1"), ("no field 'nonsense'", "best_time")),
    (("report", "--me", "--share", "--format", "json"), ("--share cannot stand beside it",)),
    (("report", "dana", "--me", "--why"), ("MANAGER and --why cannot",)),
    (("praise", "dana"), ("--did", "--from")),
]


@pytest.mark.parametrize(("words", "named"), NAMED, ids=" ".join)
@pytest.mark.usefixtures("two")
def test_what_is_refused_is_named(call: Call, words: tuple[str, ...], named: tuple[str, ...]) -> None:
    done = call(*words)
    assert (done.code > 0, [one for one in named if one not in done.err]) == (True, [])


@pytest.mark.usefixtures("two")
def test_what_was_learned_comes_from_standard_input_too(call: Call) -> None:
    call("me", "learned", "-", stdin="ask for one example\n").says()
    assert "ask for one example" in call("me").out


@pytest.mark.usefixtures("two")
def test_one_entry_is_called_one_in_the_list_of_changes(call: Call) -> None:
    call("import", "-", stdin="manager,note\ndana,hi\n").says()
    assert call("undo", "--list", "--json").data["changes"][0]["summary"] == "1 entry"
