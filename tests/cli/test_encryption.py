"""`encrypt`, `decrypt` and a journal behind a key: every way of giving it, and nothing lost at any moment."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.helpers import ENCRYPTED

from trustlog.services import encryption_keys

if TYPE_CHECKING:
    from tests.conftest import Call, Program, Terminal

pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
pytestmark = pytest.mark.skipif(ENCRYPTED, reason="these tests bring their own keys")

PYTHON = shlex.quote(sys.executable)
RAW = "9f" * 32
SECRET = "canary words of a note"
PLAIN = b"SQLite format 3\0"


@pytest.fixture
def key(tmp_path: Path) -> str:
    return key_file(tmp_path / "key", RAW)


@pytest.fixture
def other(tmp_path: Path) -> str:
    return key_file(tmp_path / "other", 'it\'s another "key"\n')


@pytest.fixture
def sealed(call: Call, two: Path, key: str) -> Path:
    """A home with an encrypted journal of one note and two snapshots, one of them from before."""
    assert call("add", "dana", SECRET).code == 0
    assert call("backup").code == 0
    assert call("encrypt", "--key-file", key).code == 0
    return two


def key_file(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def plain(home: Path) -> list[str]:
    """The files in which the note can be read, or that are plain SQLite files."""
    return [name for name, raw in files(home).items() if SECRET.encode() in raw or raw.startswith(PLAIN)]


def notes(call: Call, *options: str) -> list[str]:
    return [entry["note"] for entry in call("log", "--json", *options).data["entries"]]


# --- ways of giving the key


@pytest.mark.usefixtures("sealed")
def test_a_key_file_is_taken_before_and_after_the_command(call: Call, key: str) -> None:
    assert notes(call, "--key-file", key) == [SECRET]
    assert call("--key-file", key, "log", "1", "--json").data["entry"]["note"] == SECRET
    assert call("add", "dana", "more", "--key-file", key).code == 0


@pytest.mark.usefixtures("sealed")
def test_the_environment_and_the_settings_give_it_too(
    call: Call, key: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = f"{PYTHON} -c \"print('{RAW}')\""
    assert call("config", "set", "key-command", command).code == 0
    assert notes(call) == [SECRET]
    assert call("config", "set", "key-file", key).code == 0
    assert notes(call) == [SECRET]
    monkeypatch.setenv("TRUSTLOG_KEY_FILE", other)
    assert "does not open" in call("log").fails(1)
    monkeypatch.setenv("TRUSTLOG_KEY_FILE", key)
    assert notes(call) == [SECRET]
    assert "does not open" in call("log", "--key-file", other).fails(1)


@pytest.mark.usefixtures("sealed")
def test_a_person_is_asked_and_the_key_is_not_shown(tty: Terminal) -> None:
    child = tty("log")
    child.expect("The key of the journal")
    child.send(RAW + tty.ENTER)
    code, said = tty.ends(child)

    assert code == 0
    assert SECRET in said
    assert RAW not in said


def test_ctrl_c_at_the_key_changes_nothing(tty: Terminal, sealed: Path) -> None:
    before = files(sealed)
    child = tty("add", "dana", "more")
    child.expect("The key of the journal")
    child.send(tty.CTRL_C)

    assert tty.ends(child)[0] == 130
    assert files(sealed) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (RAW.encode(), "opened"),
        (RAW.encode() + b"\n", "opened"),
        (RAW.encode() + b"\r\n", "opened"),
        (RAW.upper().encode(), "opened"),
        (RAW.encode() + b"\n\n", "wrong-key"),
        (b" " + RAW.encode(), "wrong-key"),
        (b"\xef\xbb\xbf" + RAW.encode() + b"\r\n", "opened"),
        (b"\xef\xbb\xbf", "bad-file"),
        (b"wrong", "wrong-key"),
        (b"", "bad-file"),
        (b"\n", "bad-file"),
        (b"a\0b", "bad-file"),
        (b"\xff\xfe", "bad-file"),
        (b"x" * 70_000, "bad-file"),
        (None, "bad-file"),
    ],
)
def test_a_key_file_is_its_content_less_one_newline(
    call: Call, sealed: Path, tmp_path: Path, content: bytes | None, code: str
) -> None:
    file = tmp_path / "try"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    before = files(sealed)
    for words in (["log"], ["add", "dana", "more"], ["undo"]):
        if code == "opened":
            assert call(*words, "--key-file", str(file)).code == 0
        else:
            call(*words, "--json", "--key-file", str(file)).fails(1, code)
            assert files(sealed) == before


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("exit 3", "cannot be started"),
        ("{python} -c 'import sys; print(\"s3cret\"); sys.exit(3)'", "exit code 3"),
        ("{python} -c 'import sys; sys.stderr.write(\"s3cret\"); sys.exit(1)'", "exit code 1"),
        ("no-such-program --key", "cannot be started"),
        ("an 'open quote", "cannot be started"),
        ("{python} -c pass", "is empty"),
        ("{python} -c 'print(\"s3cret\")'", "does not open"),
        ("echo $(cat key)", "does not open"),
    ],
)
def test_a_key_command_that_gives_no_key_is_told_without_its_output(
    call: Call, sealed: Path, command: str, word: str
) -> None:
    call("config", "set", "key-command", command.format(python=PYTHON))
    before = files(sealed)

    said = call("log").fails(1)

    assert word in said
    assert "s3cret" not in said
    assert files(sealed) == before


ENDLESS = "import sys\nwhile True: sys.stdout.write('s3cret' * 1000)"
LINGERS = "import signal; signal.alarm(5); signal.pause()"
LEFT_BEHIND = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {LINGERS!r}])"
CLOSED = "import os, signal; os.close(1); signal.pause()"


@pytest.mark.usefixtures("sealed")
def test_a_key_command_that_prints_without_end_is_stopped_at_the_length_of_a_key(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTLOG_KEY_COMMAND", shlex.join([sys.executable, "-c", ENDLESS]))
    said = call("log", "--json").fails(1, "bad-file")
    assert said.startswith("what the key command printed is no key: it is longer than any key.")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("program", [LEFT_BEHIND, CLOSED], ids=["a child holds its stdout", "stdout is closed"])
def test_a_key_command_is_waited_for_no_longer_than_it_may_take(
    call: Call, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(encryption_keys, "TIMEOUT", 0.5)
    monkeypatch.setenv("TRUSTLOG_KEY_COMMAND", shlex.join([sys.executable, "-c", program]))
    assert call("log", "--json").fails(1, "wrong-key").startswith("the key command took longer than 0.5 seconds. ")


@pytest.mark.usefixtures("sealed")
def test_a_mark_before_what_a_key_command_prints_is_not_part_of_the_key(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = f"import sys; sys.stdout.buffer.write(bytes([239, 187, 191]) + b'{RAW}')"
    monkeypatch.setenv("TRUSTLOG_KEY_COMMAND", shlex.join([sys.executable, "-c", program]))
    assert call("log").code == 0


@pytest.mark.usefixtures("sealed")
def test_a_key_command_gets_no_stdin_of_ours(run: Program) -> None:
    run("config", "set", "key-command", f"{PYTHON} -c \"import sys; print('{RAW}' + sys.stdin.read())\"")

    assert run("add", "dana", "-", stdin="from stdin").code == 0
    assert json.loads(run("log", "2", "--json").out)["data"]["entry"]["note"] == "from stdin"


@pytest.mark.usefixtures("sealed")
def test_a_key_file_that_others_may_read_is_named(call: Call, key: str) -> None:
    Path(key).chmod(0o644)

    said = call("log", "--key-file", key)

    assert said.code == 0
    assert said.err == f"Others may read the key file {key}; to keep it yours: chmod 600 {key}\n"


# --- a wrong or missing key


@pytest.mark.parametrize(
    "words",
    [
        ["log"], ["report"], ["search", "canary"], ["log", "1"], ["undo", "--list"], ["add", "dana", "more"],
        ["undo"], ["delete", "1"], ["promise", "dana", "slate", "--due", "tomorrow"], ["manager", "list"],
        ["backup"], ["decrypt", "--yes"], ["encrypt"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("given", ["none", "wrong"])
def test_without_the_key_nothing_is_read_or_changed(
    call: Call, sealed: Path, other: str, words: list[str], given: str
) -> None:
    before = files(sealed)
    done = call(*words, "--json", *(["--key-file", other] if given == "wrong" else []))

    said = done.fails(1, "wrong-key")

    assert ("--key-file" in said) == (given == "none")
    assert SECRET not in done.err
    assert files(sealed) == before


@pytest.mark.usefixtures("sealed")
def test_completion_without_a_key_is_empty_and_silent(run: Program, tty: Terminal, key: str) -> None:
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog add d", "COMP_CWORD": "2"}
    command = {"TRUSTLOG_KEY_COMMAND": f"{PYTHON} -c print({RAW!r})"}

    assert run(env=asked) == run(env=asked | command)
    assert (run(env=asked).out.strip(), run(env=asked).err) == ("", "")
    assert run(env=asked | {"TRUSTLOG_KEY_FILE": key}).out.strip() == "dana"
    assert tty.ends(tty(env=asked))[1].strip() == ""


# --- the whole program on an encrypted journal


@pytest.mark.parametrize("made_by", ["--key-file", "TRUSTLOG_KEY_FILE", "TRUSTLOG_KEY_COMMAND"])
def test_who_has_a_key_at_hand_gets_an_encrypted_first_journal(
    call: Call, home: Path, key: str, made_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag: list[str] = []
    if made_by == "--key-file":
        flag = ["--key-file", key]
    else:
        monkeypatch.setenv(made_by, key if made_by.endswith("FILE") else f"cat {key}")

    assert (call("log", *flag).code, call("log", *flag).out) == (0, "")
    assert not home.exists()
    assert call("add", "dana", SECRET, "--create", *flag).code == 0

    assert plain(home) == []
    assert notes(call, *flag) == [SECRET]


def test_commands_that_read_and_write_work_behind_a_key(
    call: Call, sealed: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTLOG_KEY_FILE", key)
    assert call("add", "marcus", "o'brien said c++", "-k", "reply").code == 0
    assert call("edit", "2", "--note", "changed words").code == 0
    assert [hit["id"] for hit in call("search", "changed", "--json").data["entries"]] == [2]
    assert call("undo").code == 0
    assert [hit["id"] for hit in call("search", "o'brien", "--json").data["entries"]] == [2]
    assert call("report", "--json").data["managers"][1]["entries"] == 1
    assert call("undo").code == 0
    assert notes(call) == [SECRET]
    assert call("backup").code == 0
    assert call("doctor").code == 0
    assert plain(sealed) == []


def test_a_plain_copy_that_is_restored_is_encrypted_like_the_journal(
    call: Call, two: Path, key: str, tmp_path: Path
) -> None:
    assert call("add", "dana", SECRET).code == 0
    assert call("backup", str(tmp_path / "plain.db")).code == 0
    assert call("encrypt", "--key-file", key).code == 0

    answer = call("restore", str(tmp_path / "plain.db"), "--yes", "--key-file", key)

    assert answer.code == 0, answer.err
    assert "the journal that is made of it will be" in answer.err
    assert notes(call, "--key-file", key) == [SECRET]
    assert plain(two) == []


def test_the_demo_stays_plain_and_needs_no_key(call: Call, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTLOG_KEY_FILE", key)
    shown = call("demo", "--json").data["home"]
    monkeypatch.delenv("TRUSTLOG_KEY_FILE")
    monkeypatch.setenv("TRUSTLOG_HOME", shown)

    assert call("manager", "list").code == 0


WRITER = """
import sys
from trustlog.main import main
codes = [main(["add", "dana", f"writer {sys.argv[1]} entry {number}"]) for number in range(25)]
sys.exit(max(codes))
"""


@pytest.mark.usefixtures("sealed")
def test_four_writers_at_once_lose_no_entry(call: Call, env: dict[str, str], key: str) -> None:
    env["TRUSTLOG_KEY_FILE"] = key
    children = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for number in range(4)
    ]
    said = [child.communicate(timeout=120)[1] for child in children]

    assert [(child.returncode, words) for child, words in zip(children, said, strict=True)] == [(0, b"")] * 4
    found = notes(call, "--key-file", key)
    assert set(found) == {SECRET} | {f"writer {one} entry {number}" for one in range(4) for number in range(25)}
    assert len(found) == 101


def test_a_killed_writer_leaves_a_log_that_only_the_key_opens(
    call: Call, env: dict[str, str], sealed: Path, key: str, other: str
) -> None:
    code = (
        "import os, signal\n"
        "from trustlog.main import main\n"
        "from trustlog.store.journal import Journal\n"
        "Journal.close = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(['add', 'dana', 'in the log only'])\n"
    )
    env["TRUSTLOG_KEY_FILE"] = key
    subprocess.run([sys.executable, "-c", code], env=env, check=False, stdout=subprocess.DEVNULL, timeout=60)
    assert (sealed / "trustlog.db-wal").stat().st_size > 0

    call("log", "--json", "--key-file", other).fails(1, "wrong-key")

    assert plain(sealed) == []
    assert notes(call, "--key-file", key) == ["in the log only", SECRET]


# --- encrypt and decrypt


def test_encrypting_leaves_no_word_readable_in_any_file(call: Call, two: Path, key: str) -> None:
    call("add", "dana", SECRET)
    call("backup")
    (two / "snapshots" / "trustlog-20200101T000000Z.db").write_bytes((two / "trustlog.db").read_bytes())
    (two / f".trustlog.db.{os.urandom(4).hex()}.new").write_text(f"left by a kill: {SECRET}")
    assert len(plain(two)) == 4

    done = call("encrypt", "--key-file", key)

    assert done.code == 0
    assert "if the key is lost, the journal is lost" in done.err
    assert "Parts of the plain files may stay on the disk" in done.out
    assert "Backups and exports in other places were not touched" in done.out
    assert plain(two) == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in two.rglob("*") if path.is_file()} == {0o600}
    assert notes(call, "--key-file", key) == [SECRET]


def test_encrypt_and_decrypt_keep_everything_and_the_undo_too(call: Call, two: Path, key: str) -> None:
    call("add", "dana", SECRET, "-k", "praise", "--did", "a", "--changed", "b")
    call("add", "marcus", "second")
    before = call("report", "--json", "--why", "dana").data, call("log", "--json").data, call("undo", "--list").out

    changed = call("encrypt", "--json", "--key-file", key).data
    assert changed == {"encrypted": True, "changed": [str(two / "trustlog.db")], "left": [], "removed": []} | {
        "changed": changed["changed"]
    }
    assert changed["changed"][0] == str(two / "trustlog.db")
    assert call("decrypt", "--yes", "--key-file", key).code == 0

    assert (two / "trustlog.db").read_bytes().startswith(PLAIN)
    after = call("report", "--json", "--why", "dana").data, call("log", "--json").data, call("undo", "--list").out
    assert after == before
    assert call("undo").code == 0
    assert notes(call) == [SECRET]


@pytest.mark.usefixtures("sealed")
def test_another_key_takes_the_place_of_the_first(call: Call, key: str, other: str) -> None:
    assert call("encrypt", "--key-file", key, "--new-key-file", other).code == 0

    call("log", "--json", "--key-file", key).fails(1, "wrong-key")
    assert notes(call, "--key-file", other) == [SECRET]
    assert len(call("backup", "--list", "--json", "--key-file", other).data["snapshots"]) >= 1
    assert call("decrypt", "--yes", "--key-file", other, "--json").data["left"] == []


def test_encrypting_twice_and_decrypting_a_plain_journal_do_nothing(call: Call, sealed: Path, key: str) -> None:
    before = files(sealed)
    assert call("encrypt", "--json", "--key-file", key).data == {
        "encrypted": True, "changed": [], "left": [], "removed": [],
    }  # fmt: skip
    assert files(sealed) == before

    assert len(call("decrypt", "--yes", "--key-file", key, "--json").data["changed"]) >= 2
    assert call("decrypt", "--json").data == {
        "encrypted": False, "changed": [], "left": [], "removed": [],
    }  # fmt: skip


def test_a_copy_that_was_left_plain_is_finished_by_running_it_again(call: Call, sealed: Path, key: str) -> None:
    call("decrypt", "--yes", "--key-file", key)
    left = next((sealed / "snapshots").glob("*.db"))
    raw = left.read_bytes()
    call("encrypt", "--key-file", key)
    left.write_bytes(raw)

    assert call("encrypt", "--json", "--key-file", key).data["changed"] == [str(left)]
    assert plain(sealed) == []


@pytest.mark.long
def test_a_copy_that_cannot_be_encrypted_is_named(call: Call, sealed: Path, key: str, other: str) -> None:
    damaged = sealed / "snapshots" / "trustlog-20200101T000000Z.db"
    damaged.write_bytes(PLAIN + b"x" * 9000)
    foreign = sealed / "snapshots" / "trustlog-20200102T000000Z.db"
    call("encrypt", "--key-file", key, "--new-key-file", other)
    foreign.write_bytes((sealed / "trustlog.db").read_bytes())
    call("encrypt", "--key-file", other, "--new-key-file", key)
    foreign_again = (sealed / "snapshots" / "trustlog-20200102T000000Z.db").read_bytes()
    third = key_file(sealed.parent / "third", "third")
    call("encrypt", "--key-file", key, "--new-key-file", third)
    foreign.write_bytes(foreign_again)

    done = call("encrypt", "--json", "--key-file", third).data

    assert {one["file"]: one["why"] for one in done["left"]} == {
        str(damaged): "it is damaged, and not encrypted", str(foreign): "it has another key",
    }  # fmt: skip


def test_without_a_terminal_encrypt_wants_a_key_and_decrypt_a_yes(call: Call, two: Path, key: str) -> None:
    before = (two / "trustlog.db").read_bytes()
    assert "--key-file" in call("encrypt").fails(1)
    call("encrypt", "--json").fails(1, "needs-answer")
    assert (two / "trustlog.db").read_bytes() == before

    call("encrypt", "--key-file", key)
    before = (two / "trustlog.db").read_bytes()
    assert "--yes" in call("decrypt", "--json", "--key-file", key).fails(1, "needs-answer")
    assert (two / "trustlog.db").read_bytes() == before


@pytest.mark.usefixtures("two")
def test_a_terminal_explains_asks_and_takes_the_key_twice(tty: Terminal) -> None:
    child = tty("encrypt")
    child.expect("if the key is lost")
    child.expect("kept safe")
    child.send("y\r")
    child.expect("The new key")
    child.send("open sesame" + tty.ENTER)
    child.expect("The same again")
    child.send("open" + tty.ENTER)
    child.expect("It is not the same")
    child.send("open sesame" + tty.ENTER)
    code, said = tty.ends(child)

    assert code == 0
    assert "The journal is encrypted." in said
    assert "sesame" not in said
    child = tty("manager", "list")
    child.expect("The key of the journal")
    child.send("open sesame" + tty.ENTER)
    assert "dana" in tty.ends(child)[1]


def test_a_no_at_the_terminal_changes_nothing(tty: Terminal, two: Path) -> None:
    before = (two / "trustlog.db").read_bytes()
    child = tty("encrypt")
    child.expect("kept safe")
    child.send("n\r")
    code, said = tty.ends(child)

    assert (code, (two / "trustlog.db").read_bytes()) == (0, before)
    assert "Nothing was changed." in said


def test_ctrl_c_at_the_new_key_changes_nothing(tty: Terminal, two: Path) -> None:
    before = (two / "trustlog.db").read_bytes()
    child = tty("encrypt", "--yes")
    child.expect("The new key")
    child.send(tty.CTRL_C)

    assert tty.ends(child)[0] == 130
    assert (two / "trustlog.db").read_bytes() == before


def test_a_key_that_is_changed_at_the_terminal(call: Call, tty: Terminal, sealed: Path, key: str) -> None:
    child = tty("encrypt", "--key-file", key)
    child.expect("another key")
    child.send("y\r")
    for question in ("The new key", "The same again"):
        child.expect(question)
        child.send("new one" + tty.ENTER)
    assert tty.ends(child)[0] == 0

    call("log", "--json", "--key-file", key).fails(1, "wrong-key")
    assert notes(call, "--key-file", key_file(sealed.parent / "new", "new one")) == [SECRET]


@pytest.mark.usefixtures("sealed")
def test_nothing_of_it_is_part_of_undo(call: Call, key: str) -> None:
    changes = call("undo", "--list", "--json", "--key-file", key).data["changes"]

    assert [change["command"] for change in changes] == ["add", "manager add", "manager add"]


def test_a_page_that_was_kept_for_a_browser_is_removed_and_named(call: Call, two: Path, key: str) -> None:
    (two / "reports").mkdir(mode=0o700)
    pages = [two / "reports" / ".report.html.0a1b2c3d.new", two / "reports" / "report.html"]
    for page in pages:
        page.write_text(SECRET)
    (two / "trustlog-damaged-20240301T000000Z-0a1b.db").write_bytes(b"x")
    (two / ".trustlog-damaged-20240301T000000Z-0a1b.db.0a1b2c3d.new").write_text(SECRET)

    done = call("encrypt", "--key-file", key)

    assert "Removed, because it was plain text: report.html." in done.out
    assert plain(two) == []
    assert not any(page.exists() for page in pages)
    pages[1].write_text(SECRET)
    assert call("encrypt", "--key-file", key, "--json").data["removed"] == [str(pages[1])]
    pages[1].write_text(SECRET)
    assert call("decrypt", "--yes", "--key-file", key, "--json").data["removed"] == []


def test_a_journal_with_brackets_in_its_name_is_swept_too(call: Call, tmp_path: Path, two: Path, key: str) -> None:
    del two  # the home of the call
    where = ("--db", str(tmp_path / "a[1].db"))
    assert call("add", "dana", SECRET, "--create", *where).code == 0
    (tmp_path / ".a[1].db.0a1b2c3d.new").write_text(SECRET)
    (tmp_path / ".a1.db.0a1b2c3d.new").write_text("another's")
    shutil.copy(tmp_path / "a[1].db", tmp_path / "a[1]-damaged-20240301T000000Z-0a1b.db")

    assert len(call("encrypt", "--key-file", key, "--json", *where).data["changed"]) == 2

    assert [name for name in plain(tmp_path) if not name.startswith("home/")] == []
    assert (tmp_path / ".a1.db.0a1b2c3d.new").exists()


# --- forgetting behind a key


@pytest.fixture
def told(call: Call, sealed: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key is at hand, and Dana has a name that stands nowhere else."""
    monkeypatch.setenv("TRUSTLOG_KEY_FILE", key)
    assert call("manager", "edit", "dana", "--name", "Canary Ortiz").code == 0
    assert call("add", "marcus", "a quiet note").code == 0
    return sealed


def test_what_is_forgotten_is_looked_for_with_the_key(call: Call, told: Path) -> None:
    done = call("forget", "dana", "--yes", "--json").data
    assert (done["opened"], done["left_in"], done["not_opened"], done["mentioned"]) == (2, [], [], [])
    assert notes(call) == ["a quiet note"]
    assert plain(told) == []


@pytest.mark.usefixtures("told")
def test_the_words_say_how_an_encrypted_journal_was_searched(call: Call) -> None:
    said = call("forget", "dana", "--yes").out
    assert "Searched every text of 2 encrypted files with the key" in said
    assert "nothing is left." in said


def test_what_is_left_is_found_though_no_byte_shows_it(call: Call, told: Path, other: str) -> None:
    assert call("promise", "marcus", "tell Canary Ortiz about it", "--due", "tomorrow").code == 0
    assert call("backup", str(told / "snapshots" / "by hand.db")).code == 0
    foreign = told / "snapshots" / "foreign.db"
    assert call("--db", str(foreign), "--key-file", other, "add", "kim", "x", "--create").code == 0

    done = call("forget", "dana", "--yes", "--json").data

    (copy,) = call("backup", "--list", "--json").data["snapshots"]
    assert {Path(path).name for path in done["left_in"]} == {copy["name"], "by hand.db", "trustlog.db"}
    assert done["not_opened"] == [str(foreign)]
    assert {one["in"] for one in done["mentioned"]} == {"loop"}


# --- killed at any moment


@pytest.mark.parametrize("words", [["encrypt"], ["decrypt", "--yes"], ["encrypt", "--new-key-file"]], ids=" ".join)
@pytest.mark.long
def test_killed_at_any_moment_the_journal_opens_and_running_it_again_finishes(
    call: Call, env: dict[str, str], sealed: Path, key: str, other: str, words: list[str]
) -> None:
    if words == ["encrypt"]:
        call("decrypt", "--yes", "--key-file", key)
    words = [*words, other] if words[-1] == "--new-key-file" else words
    begun = random.Random(7)
    command = [sys.executable, "-m", "trustlog", *words, "--key-file", key]
    for _ in range(8):
        child = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(begun.uniform(0.1, 0.6))
        child.kill()
        child.wait(timeout=60)
        opened = [done for one in (key, other) if (done := call("log", "--json", "--key-file", one)).code == 0]
        assert [entry["note"] for entry in opened[0].data["entries"]] == [SECRET]

    done = call(*words, "--json", "--key-file", key).data

    assert done["left"] == []
    final = other if other in words else key
    assert notes(call, "--key-file", final) == [SECRET]
    assert [name for name in files(sealed) if ".new" in name] == []
    assert (plain(sealed) == []) == (words[0] == "encrypt")
    assert all(one["entries"] == 1 for one in call("backup", "--list", "--json", "--key-file", final).data["snapshots"])
