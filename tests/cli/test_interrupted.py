"""What was cut off in the middle: the next command of any kind says it and settles it, and the doctor agrees."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.helpers import ENCRYPTED

from trustlog.errors import UserError
from trustlog.services import people_forget
from trustlog.store import changing, intent, replacing, snapshots
from trustlog.store.failures import this_run
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Call, Program, Run, Terminal

pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
pytestmark = pytest.mark.skipif(ENCRYPTED, reason="these tests bring their own keys")

RAW, OTHER = "9f" * 32, "7a" * 32
SECRET = "canary words of a note"
OWN = "rosemary leaves"
PLAIN = b"SQLite format 3\0"
INTENT = ".trustlog.db.unfinished"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Cut(BaseException):
    """A power cut, as far as one can happen inside a process."""


@pytest.fixture
def key(tmp_path: Path) -> str:
    return key_file(tmp_path / "key", RAW)


@pytest.fixture
def other(tmp_path: Path) -> str:
    return key_file(tmp_path / "other", OTHER)


def key_file(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def noted(call: Call, two: Path) -> Path:
    """A home with one note, two copies, and something said about oneself."""
    assert call("add", "dana", SECRET).code == 0
    assert call("me", "--care-after", f"tea {OWN}").code == 0
    assert call("backup").code == 0
    assert call("add", "marcus", "another").code == 0
    assert call("backup").code == 0
    return two


@pytest.fixture
def sealed(call: Call, noted: Path, key: str) -> Path:
    assert call("encrypt", "--key-file", key).code == 0
    return noted


@pytest.fixture
def cut(call: Call, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a command that is cut off when a step is done for the `time`th time."""

    def run(step: tuple[object, str, int], *words: str) -> None:
        with ending(monkeypatch, step, Cut), pytest.raises(Cut):
            call(*words)

    return run


class ending:  # noqa: N801 - reads as a clause
    """A step that ends the run when it is begun for the `time`th time, and does nothing more then."""

    def __init__(self, patch: pytest.MonkeyPatch, step: tuple[object, str, int], how: type[BaseException]) -> None:
        self._patch, self._step, self._how = patch, step, how

    def __enter__(self) -> None:
        module, name, left = self._step
        done, over = getattr(module, name), [left]

        def end(*args: object, **named: object) -> object:
            over[0] -= 1
            # what a process that is gone would do no more, is not done either
            if over[0] <= 0:
                raise self._how
            return done(*args, **named)

        self._context = self._patch.context()
        self._context.__enter__().setattr(module, name, end)

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)


REMAKING = (replacing, "remake", 2)
"""One copy is written anew beside its place, and the next one is not."""
TAKING_BACK = (changing, "_recover", 1)
MOVING = (changing, "_move", 1)
"""The journal has taken its place, and its copies have not."""


def plain(home: Path) -> list[str]:
    """The files in which the note can be read, or that are plain SQLite files."""
    return [
        str(path.relative_to(home))
        for path in sorted(home.rglob("*"))
        if path.is_file() and (SECRET.encode() in (raw := path.read_bytes()) or raw.startswith(PLAIN))
    ]


def half_done(call: Call, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Cut off while copies are written anew: nothing was moved yet, and nobody tidied up."""
    with ending(monkeypatch, TAKING_BACK, Cut), ending(monkeypatch, REMAKING, Cut), pytest.raises(Cut):
        call(*words)


def findings(call: Call, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(call("doctor", "--json", *words).out)["data"]["findings"]
    return found


def copies(home: Path) -> list[Path]:
    return sorted((home / "snapshots").glob("*.db"))


# --- the next command, whichever it is


@pytest.mark.parametrize(
    "words",
    [
        ["log"], ["add", "dana", "more"], ["guide", "kinds"], ["config", "list"], ["backup", "--list"], ["doctor"],
        ["forget", "nobody", "--yes"], ["restore", "nowhere", "--yes"], ["add", "--no-such-option"], ["backup"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_encryption_that_had_not_come_to_the_journal_is_taken_back_and_said_once(
    call: Call, noted: Path, key: str, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    before = {path: path.read_bytes() for path in copies(noted)}
    half_done(call, monkeypatch, "encrypt", "--key-file", key)
    assert list(noted.rglob(".*.new"))

    said = call(*words).err

    assert said.count(
        "Encrypting was cut off before anything had changed: the journal is not encrypted."
        " To encrypt it: trustlog encrypt\n"
    ) == 1  # fmt: skip
    assert [path for path in noted.rglob("*") if path.name == INTENT or ".new" in path.name] == []
    assert {path: path.read_bytes() for path in before} == before
    assert "cut off" not in call(*words).err
    assert findings(call) == []


@pytest.mark.parametrize("words", [["log"], ["add", "dana", "more"], ["guide", "kinds"], ["doctor"]], ids=" ".join)
def test_an_encryption_that_had_come_to_the_journal_is_finished_without_the_key(
    call: Call, noted: Path, key: str, cut: Callable[..., None], words: list[str]
) -> None:
    cut(MOVING, "encrypt", "--key-file", key)
    assert len([name for name in plain(noted) if name.startswith("snapshots/trustlog-")]) == 2

    told = call(*words)

    assert "Encrypting was cut off and is finished now: the journal is encrypted" in told.err
    assert told.code == (0 if words[0] == "guide" else 1)
    assert plain(noted) == []
    assert findings(call, "--key-file", key) == []
    assert {one["entries"] for one in call("backup", "--list", "--json", "--key-file", key).data["snapshots"]} == {1, 2}


def test_a_decryption_that_had_not_come_to_the_journal_leaves_no_plain_byte(
    call: Call, sealed: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_done(call, monkeypatch, "decrypt", "--yes", "--key-file", key)
    assert plain(sealed) != []

    told = call("log")

    assert "Decrypting was cut off before anything had changed: the journal is encrypted." in told.err
    assert plain(sealed) == []
    assert findings(call, "--key-file", key) == []


def test_a_decryption_that_had_come_to_the_journal_is_finished(
    call: Call, sealed: Path, key: str, cut: Callable[..., None]
) -> None:
    cut(MOVING, "decrypt", "--yes", "--key-file", key)

    told = call("log")

    assert told.code == 0
    assert "Decrypting was cut off and is finished now: the journal and its copies are plain files." in told.err
    assert all(copy.read_bytes().startswith(PLAIN) for copy in copies(sealed))
    assert findings(call) == []


def test_a_change_of_key_is_finished_by_whoever_has_only_the_new_one(
    call: Call, sealed: Path, key: str, other: str, cut: Callable[..., None]
) -> None:
    assert sealed.exists()
    cut(MOVING, "encrypt", "--key-file", key, "--new-key-file", other)

    told = call("log", "--key-file", other)

    assert "Changing the key was cut off and is finished now: the new key opens the journal and its copies." in told.err
    assert all(one["readable"] for one in call("backup", "--list", "--json", "--key-file", other).data["snapshots"])
    assert findings(call, "--key-file", other) == []


def test_a_change_of_key_that_had_not_come_to_the_journal_needs_only_the_old_one(
    call: Call, sealed: Path, key: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sealed.exists()
    half_done(call, monkeypatch, "encrypt", "--key-file", key, "--new-key-file", other)

    told = call("log", "--key-file", key)

    assert "Changing the key was cut off before anything had changed: the key is the one that it was." in told.err
    assert all(one["readable"] for one in call("backup", "--list", "--json", "--key-file", key).data["snapshots"])


def test_at_a_terminal_it_is_said_before_the_key_is_asked_for(
    tty: Terminal, noted: Path, key: str, cut: Callable[..., None]
) -> None:
    cut(MOVING, "encrypt", "--key-file", key)

    child = tty("log")
    child.expect("is finished now")
    child.expect("The key of the journal")
    child.send(RAW + tty.ENTER)

    assert tty.ends(child)[0] == 0
    assert plain(noted) == []


def test_a_link_to_the_journal_sees_it_too(
    call: Call, noted: Path, key: str, tmp_path: Path, cut: Callable[..., None]
) -> None:
    cut(MOVING, "encrypt", "--key-file", key)
    (tmp_path / "link.db").symlink_to(noted / "trustlog.db")

    assert "is finished now" in call("--db", str(tmp_path / "link.db"), "log").err
    assert plain(noted) == []


def test_the_shell_that_completes_says_and_settles_nothing(
    run: Program, noted: Path, key: str, cut: Callable[..., None]
) -> None:
    cut(MOVING, "encrypt", "--key-file", key)
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog add d", "COMP_CWORD": "2"}

    done = run(env=asked | {"TRUSTLOG_KEY_FILE": key})

    assert (done.out.strip(), done.err) == ("dana", "")
    assert (noted / INTENT).exists()


def test_a_run_that_is_still_at_it_is_left_alone(call: Call, noted: Path) -> None:
    with changing.begun(Snapshots(noted / "trustlog.db", noted / "snapshots"), "encrypt"):
        told = call("add", "dana", "meanwhile")
        assert "cut off" not in told.err
        assert (noted / INTENT).exists()
        assert "another run is changing" in call("decrypt", "--yes").fails(1)
        assert findings(call) == []
    assert not (noted / INTENT).exists()


def test_an_intent_is_for_its_owner_alone_and_holds_no_key_and_no_word(
    call: Call, noted: Path, key: str, cut: Callable[..., None]
) -> None:
    cut((changing, "_recover", 1), "forget", "dana", "--yes")
    forgetting = (noted / INTENT).read_text()
    assert stat.S_IMODE((noted / INTENT).stat().st_mode) == 0o600
    call("log")
    cut(MOVING, "encrypt", "--key-file", key)
    told = forgetting + (noted / INTENT).read_text()

    assert not any(word in told for word in ("dana", "Dana", "canary", RAW))


@pytest.mark.parametrize("text", ["", "{", '{"what": "encrypt"}', "[]", '{"what": 1, "mark": "../..", "gone": []}'])
def test_an_intent_that_was_not_written_to_its_end_stops_nobody(call: Call, noted: Path, text: str) -> None:
    (noted / INTENT).write_text(text)
    (noted / INTENT).chmod(0o600)

    assert call("log").says() != ""
    assert not (noted / INTENT).exists()
    assert findings(call) == []


def test_an_intent_of_a_stranger_removes_nothing_that_is_not_the_journals(
    call: Call, noted: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.db"
    shutil.copy(noted / "trustlog.db", theirs)
    victims = [noted / "config.toml", *copies(noted)]
    victims[0].touch(0o600)
    wish = {
        "what": "forget", "mark": "0a1b2c3d", "folder": str(noted / "snapshots"),
        "gone": [f"copy/{path.name}" for path in victims] + ["copy/../config.toml", "reports/../config.toml"],
    }  # fmt: skip
    (tmp_path / ".theirs.db.unfinished").write_text(json.dumps(wish))

    assert call("--db", str(theirs), "log").code == 0
    assert [path for path in victims if not path.exists()] == []


# --- stopped, or stopped by the disk


@pytest.mark.parametrize(
    ("before", "words", "step", "said"),
    [
        (0, ["encrypt"], REMAKING, "Nothing was changed: the journal is not encrypted."),
        (0, ["encrypt"], MOVING, "The journal is encrypted by now; the next command does what is left."),
        (1, ["decrypt", "--yes"], REMAKING, "Nothing was changed: the journal is encrypted, with the key that it had."),
        (1, ["decrypt", "--yes"], MOVING, "The journal is not encrypted any more; the next command does what is left."),
        (1, ["encrypt", "--new-key-file"], MOVING,
         "The journal has its new key by now; the next command does what is left."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_ctrl_c_in_the_middle_says_how_the_journal_is_now(
    call: Call, noted: Path, key: str, other: str, monkeypatch: pytest.MonkeyPatch, before: int, words: list[str],
    step: tuple[object, str, int], said: str,
) -> None:  # fmt: skip
    if before:
        assert call("encrypt", "--key-file", key).code == 0
    words = [*words, other] if words[-1] == "--new-key-file" else words
    with ending(monkeypatch, step, KeyboardInterrupt):
        told = call(*words, "--key-file", key)

    assert (told.code, told.err.splitlines()[-1]) == (130, f"Stopped. {said}")
    if step is REMAKING:
        assert not (noted / INTENT).exists()
        assert list(noted.rglob(".*.new*")) == []


@pytest.mark.parametrize(
    ("words", "step", "said"),
    [
        (["forget", "dana", "--yes"], (snapshots, "clone", 1), "Nothing was removed."),
        (["forget", "dana", "--yes"], (changing, "_remove", 1),
         "It is gone from the journal; the next command does what is left."),
        (["forget", "dana", "--yes"], (snapshots, "write_copy", 1),
         "It is done, but no copy of the journal is left: trustlog backup makes one."),
        (["forget", "dana", "--yes"], (people_forget, "prove", 1),
         "They are gone; the search for what is left was not made."),
        (["me", "--wipe-reflections", "--yes"], (snapshots, "clone", 1), "Nothing was removed."),
    ],
)  # fmt: skip
def test_ctrl_c_while_somebody_is_forgotten_says_what_is_gone(
    call: Call, noted: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], step: tuple[object, str, int], said: str
) -> None:
    assert noted.exists()
    with ending(monkeypatch, step, KeyboardInterrupt):
        told = call(*words)

    assert (told.code, told.err) == (130, f"Stopped. {said}\n")


POWERLESS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.mark.skipif(bool(POWERLESS) and shutil.which("setpriv") is None, reason="root may write everywhere")
@pytest.mark.parametrize(("words", "state"), [
    (["encrypt"], "nothing was changed: the journal is not encrypted"),
    (["decrypt", "--yes"], "nothing was changed: the journal is encrypted, with the key that it had"),
])  # fmt: skip
def test_a_snapshots_folder_that_cannot_be_written_changes_nothing_and_says_so(
    call: Call, noted: Path, env: dict[str, str], key: str, words: list[str], state: str
) -> None:
    if words[0] == "decrypt":
        assert call("encrypt", "--key-file", key).code == 0
    before = {path: path.read_bytes() for path in (noted / "trustlog.db", *copies(noted))}
    (noted / "snapshots").chmod(0o500)
    try:
        done = subprocess.run(
            [*POWERLESS, sys.executable, "-m", "trustlog", *words, "--key-file", key], env=env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    finally:
        (noted / "snapshots").chmod(0o700)

    said = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert said.startswith(f"trustlog: no permission to use {noted}/snapshots/")
    assert f"; {state}. " in said
    assert {path: path.read_bytes() for path in before} == before
    assert not (noted / INTENT).exists()


def refusing(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A folder in which, from now on, no file can be moved to its place."""
    replace = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if self.parent == folder:
            raise PermissionError(13, "Permission denied", str(target))
        return replace(self, target)

    patch.setattr(Path, "replace", refused)


def test_copies_that_cannot_follow_are_named_until_they_can(
    call: Call, noted: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ", ".join(path.name for path in copies(noted))
    with monkeypatch.context() as patch:
        refusing(patch, noted / "snapshots")
        said = call("encrypt", "--key-file", key, "--yes")
        assert said.code == 1
        assert (
            "trustlog: the journal is encrypted by now; the next command does what is left; these could not" in said.err
        )
        assert all(name in said.err for name in names.split(", "))
        told = call("log", "--key-file", key)
        assert told.code == 0
        assert "Encrypting was cut off; it was made but for " in told.err
        (left,) = [one for one in findings(call, "--key-file", key) if one["check"] == "unfinished"]
        assert "writable" in left["cure"]

    assert "is finished now" in call("log", "--key-file", key).err
    assert plain(noted) == []
    assert findings(call, "--key-file", key) == []


# --- forgetting and wiping


FORGET, WIPE = ("forget", "dana", "--yes"), ("me", "--wipe-reflections", "--yes")


@pytest.mark.parametrize("words", [FORGET, WIPE], ids=["forget", "wipe"])
def test_cut_off_before_the_journal_nothing_is_gone_and_no_copy_is_lost(
    call: Call, noted: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    before = (call("export", "--include-reflections").out, [path.read_bytes() for path in copies(noted)])
    check = (snapshots, "checked", 1)
    with ending(monkeypatch, TAKING_BACK, Cut), ending(monkeypatch, check, Cut), pytest.raises(Cut):
        call(*words)

    said = call("log").err

    assert " was cut off before anything had changed: no" in said
    assert (call("export", "--include-reflections").out, [path.read_bytes() for path in copies(noted)]) == before
    assert list(noted.rglob(".*.new*")) == []
    assert findings(call) == []


@pytest.mark.parametrize("words", [FORGET, WIPE], ids=["forget", "wipe"])
def test_cut_off_after_the_journal_the_next_command_removes_the_rest(
    call: Call, noted: Path, cut: Callable[..., None], words: tuple[str, ...]
) -> None:
    cut((changing, "_remove", 1), *words)
    assert len(plain(noted)) > 1

    said = call("guide", "kinds").err

    assert " was cut off and is finished now: " in said
    assert "Take a fresh copy with: trustlog backup" in said
    assert copies(noted) == []
    gone = (SECRET if words is FORGET else OWN).encode()
    assert [path.name for path in noted.rglob("*") if path.is_file() and gone in path.read_bytes()] == []
    assert call("me").says().startswith("Nothing here yet") == (words is WIPE)
    assert findings(call) == []  # which takes the day's copy


def test_wiping_where_there_is_no_journal_says_that_nothing_was_there(call: Call, home: Path) -> None:
    assert call("me", "--wipe-reflections", "--yes", "--json").data["wiped"] == 0
    assert home.exists()


# --- what a person wrote


@pytest.mark.parametrize("words", [("encrypt", "--key-file"), FORGET, WIPE], ids=["encrypt", "forget somebody", "wipe"])
def test_what_was_written_in_an_editor_stays_and_is_named(
    call: Call, noted: Path, key: str, words: tuple[str, ...]
) -> None:
    text = noted / ".editing-999999999" / "note.txt"
    text.parent.mkdir(mode=0o700)
    text.write_text("what I saw of Marcus")
    empty = noted / ".editing-999999998" / "note.txt"
    empty.parent.mkdir(mode=0o700)
    empty.touch()

    told = call(*words, *([key] if words[-1] == "--key-file" else []))

    assert told.code == 0
    assert str(text) in told.out + told.err
    assert text.read_text() == "what I saw of Marcus"
    assert not empty.parent.exists()


def test_a_process_of_the_same_number_takes_nobodys_text(
    call: Call, noted: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = noted / f".editing-{os.getpid()}" / "note.txt"
    kept.parent.mkdir(mode=0o700)
    kept.write_text("an earlier text")
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho new words > "$1"\n')
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))

    assert call("add", "dana", "--edit").code == 0
    assert kept.read_text() == "an earlier text"
    assert list(noted.glob(".editing-*")) == [kept.parent]


# --- the doctor compares every copy with its journal


def before_it_was_encrypted(home: Path, tmp_path: Path) -> Path:
    """The snapshots as they are now, put aside."""
    return Path(shutil.copytree(home / "snapshots", tmp_path / "before"))


@pytest.fixture
def mixed(call: Call, noted: Path, key: str, tmp_path: Path) -> Path:
    """An encrypted journal and plain copies of it, as earlier versions could leave them."""
    aside = before_it_was_encrypted(noted, tmp_path)
    assert call("encrypt", "--key-file", key).code == 0
    shutil.copytree(aside, noted / "snapshots", dirs_exist_ok=True)
    return noted


def test_plain_copies_beside_an_encrypted_journal_are_found_and_mended(call: Call, mixed: Path, key: str) -> None:
    (one,) = findings(call, "--key-file", key)
    assert (one["check"], one["cure"]) == ("encryption", "trustlog doctor --fix")
    assert one["problem"] == (
        f"the journal is encrypted, and copies of it are not: {', '.join(path.name for path in copies(mixed))}"
    )

    assert call("doctor", "--fix", "--key-file", key).code == 0
    assert plain(mixed) == []
    assert call("doctor", "--key-file", key).says() == "Everything is in order.\n"


def test_encrypted_copies_beside_a_plain_journal_are_found_with_the_cure(
    call: Call, sealed: Path, key: str, tmp_path: Path
) -> None:
    aside = before_it_was_encrypted(sealed, tmp_path)
    assert call("decrypt", "--yes", "--key-file", key).code == 0
    shutil.copytree(aside, sealed / "snapshots", dirs_exist_ok=True)

    (one,) = [one for one in findings(call) if one["check"] == "encryption"]
    assert one["problem"].startswith("the journal is not encrypted, and copies of it are: ")
    assert "trustlog decrypt" in one["cure"]
    assert call("decrypt", "--yes", "--key-file", key).code == 0
    assert findings(call) == []


def test_copies_with_a_key_of_the_past_are_found_and_brought_to_the_new_one(
    call: Call, sealed: Path, key: str, other: str, tmp_path: Path
) -> None:
    aside = before_it_was_encrypted(sealed, tmp_path)
    assert call("encrypt", "--key-file", key, "--new-key-file", other).code == 0
    oldest = copies(sealed)[0]
    shutil.copy(aside / oldest.name, oldest)

    (one,) = findings(call, "--key-file", other)
    assert one["problem"] == f"the key of the journal does not open {oldest.name}"
    assert "--new-key-file" in one["cure"]
    assert call("encrypt", "--key-file", key, "--new-key-file", other).code == 0
    assert findings(call, "--key-file", other) == []


@pytest.mark.parametrize("how", ["the setting db", "a link"])
def test_copies_from_before_the_journal_was_moved_are_encrypted_along(
    call: Call, noted: Path, key: str, tmp_path: Path, how: str
) -> None:
    moved = tmp_path / "elsewhere" / "work.db"
    moved.parent.mkdir()
    shutil.move(noted / "trustlog.db", moved)
    if how == "a link":
        (noted / "trustlog.db").symlink_to(moved)
    else:
        assert call("config", "set", "db", str(moved)).code == 0
    aside = before_it_was_encrypted(noted, tmp_path)

    changed = call("encrypt", "--key-file", key, "--json").data["changed"]

    assert sorted(changed[1:]) == [str(path) for path in copies(noted)]
    assert plain(noted) == []
    shutil.copytree(aside, noted / "snapshots", dirs_exist_ok=True)
    assert [one["check"] for one in findings(call, "--key-file", key)] == ["encryption"]
    assert call("doctor", "--fix", "--key-file", key).code == 0
    assert plain(noted) == []


def test_copies_of_another_journal_in_the_same_home_are_left_alone(
    call: Call, noted: Path, key: str, tmp_path: Path
) -> None:
    where = ("--db", str(tmp_path / "own.db"))
    assert call("add", "kim", "another life", "--create", *where).code == 0
    assert call("backup", *where).code == 0
    (theirs,) = [path for path in copies(noted) if path.name.startswith("own-")]

    assert call("encrypt", "--key-file", key).code == 0

    assert theirs.read_bytes().startswith(PLAIN)
    assert findings(call, "--key-file", key) == []


CONFLICTS = [
    "trustlog (conflicted copy 2026-11-20 101112).db", "trustlog-LAPTOP.db", "trustlog (1).db", "trustlog.db.bak",
    "trustlog.sync-conflict-20261120-101112.db",
]  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_copy_of_a_cloud_folder_is_named_with_the_cure(call: Call, noted: Path, key: str, name: str) -> None:
    conflict = noted / name
    shutil.copy(noted / "trustlog.db", conflict)
    conflict.chmod(0o600)
    assert findings(call) == []

    said = call("encrypt", "--key-file", key).out

    assert f"Left as it is: {conflict}; it is a copy that is not encrypted; look at it with trustlog --db" in said
    (one,) = findings(call, "--key-file", key)
    assert one["problem"] == f"{conflict} is a copy of the journal that is not encrypted"
    assert call("--db", str(conflict), "encrypt", "--key-file", key).code == 0
    assert findings(call, "--key-file", key) == []


def test_a_conflict_copy_among_the_snapshots_is_encrypted_along(call: Call, noted: Path, key: str) -> None:
    conflict = noted / "snapshots" / f"{copies(noted)[0].stem} (conflicted copy).db"
    shutil.copy(copies(noted)[0], conflict)

    assert str(conflict) in call("encrypt", "--key-file", key, "--json").data["changed"]
    assert plain(noted) == []


def test_a_page_of_a_browser_beside_an_encrypted_journal_is_named_and_removed(
    call: Call, sealed: Path, key: str
) -> None:
    assert call("report", "--open", "--key-file", key).code == 0
    (one,) = findings(call, "--key-file", key)
    assert (one["check"], "report.html" in one["problem"], one["cure"]) == ("encryption", True, "trustlog doctor --fix")

    assert call("doctor", "--fix", "--key-file", key).code == 0
    assert not (sealed / "reports" / "report.html").exists()


def test_a_plain_copy_that_is_damaged_is_named_and_left(call: Call, sealed: Path, key: str) -> None:
    damaged = sealed / "trustlog-damaged-20240301T000000Z-0a1b.db"
    damaged.write_bytes(PLAIN + SECRET.encode() * 100)
    damaged.chmod(0o600)

    (one,) = findings(call, "--key-file", key, "--fix")

    assert (one["problem"], one["cure"]) == (
        f"{damaged} is damaged, and it is not encrypted", f"Delete it if you do not need it: rm {damaged}",
    )  # fmt: skip


# --- files elsewhere


@pytest.mark.parametrize(
    "words", [["backup"], ["export"], ["report", "dana", "--format", "html", "--output"]], ids=" ".join
)
def test_what_a_cut_off_run_left_beside_a_file_elsewhere_is_named_and_removed(
    run: Program, call: Call, noted: Path, env: dict[str, str], tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "usb").mkdir()
    target = tmp_path / "usb" / ("copy.json" if words[0] == "export" else "copy.db")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from trustlog.main import main\n"
        "Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(sys.argv[1:])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, *words, str(target)], env=env, check=False, timeout=60)
    assert killed.returncode == -9
    (left,) = (tmp_path / "usb").iterdir()
    assert b"Dana" in left.read_bytes()

    (one,) = findings(call)

    assert (one["check"], one["cure"]) == ("leftovers", "trustlog doctor --fix")
    assert str(left) in one["problem"]
    assert call("doctor", "--fix").code == 0
    assert list((tmp_path / "usb").iterdir()) == []
    assert run(*words, str(target)).code == 0
    assert [path.name for path in noted.glob(".writing-*")] == []


def test_encrypting_removes_what_a_cut_off_backup_left_elsewhere(
    call: Call, noted: Path, key: str, tmp_path: Path
) -> None:
    left, others = tmp_path / ".copy.db.0a1b2c3d.new", tmp_path / ".other.db.0a1b2c3d.new"
    for file in (left, others):
        file.write_text(SECRET)
    (noted / ".writing-999999999-0a1b").write_text(str(tmp_path / "copy.db"))
    (noted / f".writing-{os.getpid()}-0a1b").write_text(str(tmp_path / "other.db"))

    assert call("encrypt", "--key-file", key).code == 0

    assert not left.exists()
    assert others.exists()


# --- a copy that comes too late


@pytest.fixture
def reading(noted: Path) -> Iterator[Journal]:
    """A journal that a report has open, before it takes the day's copy."""
    this_run.use_key(None)
    with closing(Journal.read(noted / "trustlog.db", noted / "snapshots")) as journal:
        yield journal


def test_a_copy_of_a_journal_that_was_encrypted_meanwhile_is_not_kept(
    run: Program, noted: Path, key: str, reading: Journal
) -> None:
    shelf = Snapshots(noted / "trustlog.db", noted / "snapshots")
    assert run("encrypt", "--key-file", key).code == 0

    with pytest.raises(UserError, match="replaced while it was copied"):
        shelf.of_open(reading.db, NOW)

    assert [name for name in plain(noted) if "snapshots" in name] == []


def test_the_settled_line_is_the_only_one(call: Call, noted: Path, key: str, cut: Callable[..., None]) -> None:
    assert noted.exists()
    cut(MOVING, "encrypt", "--key-file", key)

    told: Run = call("log", "--key-file", key)

    assert told.err.count("\n") == 1
    assert intent.beside(noted / "trustlog.db") == noted / INTENT
