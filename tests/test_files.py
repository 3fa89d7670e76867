"""A file is written whole or not at all, for its owner alone, and never over another one unasked."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from trustlog import files
from trustlog.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Call, Terminal


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    file.chmod(0o644)
    files.write_pieces(file, iter([b"one ", b"two"]))
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode), names(tmp_path)) == (b"one two", 0o600, ["a.txt"])


@pytest.mark.parametrize("cut", [ValueError, KeyboardInterrupt])
def test_what_stops_half_way_leaves_what_was_there(tmp_path: Path, cut: type[BaseException]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise cut

    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    with pytest.raises(cut):
        files.write_pieces(file, pieces())
    assert (file.read_bytes(), names(tmp_path)) == (b"old", ["a.txt"])


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a.txt")
    for content in (b"made", b"replaced"):
        files.write(tmp_path / "link", content)
        assert ((tmp_path / "real" / "a.txt").read_bytes(), (tmp_path / "link").is_symlink()) == (content, True)
    assert names(tmp_path / "real") == ["a.txt"]


def test_where_no_file_can_be_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for file, word in ((tmp_path / "no" / "a", "no folder"), (tmp_path, "a folder"), (tmp_path / "round", "a circle")):
        with pytest.raises(UserError, match=word) as error:
            files.check_free(file, replace=True)
        assert error.value.code == "bad-file"
        with pytest.raises(UserError, match=word):
            files.write(file, b"x")
    assert names(tmp_path) == ["round"]


def test_a_file_of_somebody_else_beside_it_is_never_taken_or_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: b"\1" * size)
    theirs = tmp_path / ".a.txt.01010101.new"
    theirs.write_bytes(b"theirs")
    with pytest.raises(FileExistsError) as error:
        files.write(tmp_path / "a.txt", b"mine")
    assert error.value.filename == str(tmp_path / "a.txt")
    assert (theirs.read_bytes(), names(tmp_path)) == (b"theirs", [theirs.name])


def test_a_pipe_is_written_to_and_needs_no_yes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    files.check_free(pipe, replace=False)
    files.write(pipe, b"through")
    reader.join(60)
    assert (read, stat.S_ISFIFO(pipe.stat().st_mode)) == ([b"through"], True)


def test_the_file_and_then_its_name_are_made_to_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    move = os.replace

    def sync(opened: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(opened).st_mode) else "file")

    def moved(old: Path, new: Path) -> None:
        done.append("moved")
        move(old, new)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", moved)
    files.write(tmp_path / "a.txt", b"x")
    assert done == ["file", "moved", "folder"]


def test_of_two_who_hold_the_lock_one_waits(tmp_path: Path) -> None:
    order: list[str] = []

    def other() -> None:
        with files.alone(tmp_path / "a"):
            order.append("other")

    with files.alone(tmp_path / "a"):
        waiting = threading.Thread(target=other, daemon=True)
        waiting.start()
        waiting.join(0.1)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "other"]


COMMANDS = [
    ("export", "{}", "--format", "json"), ("report", "--format", "html", "--output", "{}"),
    ("remind", "--output", "{}"), ("kickoff", "email", "PA-1", "--output", "{}"), ("backup", "{}"),
]  # fmt: skip


@pytest.fixture
def file(call: Call, two: Path, tmp_path: Path) -> Path:
    """A file of the user's own, in a place that a command is about to write to."""
    del two  # the home of the call
    assert call("req", "add", "dana", "Payments analyst", "--code", "PA-1").code == 0
    assert call("kickoff", "start", "PA-1", "--set", "level=Senior").code == 0
    made = tmp_path / "mine.json"
    made.write_bytes(b"mine")
    return made


@pytest.mark.parametrize(
    ("command", "typed", "written"),
    [*((command, "n\r", False) for command in COMMANDS), (COMMANDS[0], "yes\r", True), (COMMANDS[0], "\x03", False)],
)
def test_overwriting_is_asked_about_alike(
    tty: Terminal, file: Path, command: tuple[str, ...], typed: str, written: bool
) -> None:
    child = tty(*(word.format(file) for word in command))
    child.expect(r"Overwrite\s+it")
    child.send(typed)
    assert tty.ends(child)[0] == (0 if written else 130 if typed == tty.CTRL_C else 1)
    assert (file.read_bytes() != b"mine") is written


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_without_a_terminal_overwriting_needs_yes_alike(call: Call, file: Path, command: tuple[str, ...]) -> None:
    words = [word.format(file) for word in command]
    said = call(*words, "--json")
    assert (said.code, "--yes" in said.err, file.read_bytes()) == (1, True, b"mine")
    assert call(*words, "--yes").code == 0
    assert file.read_bytes() != b"mine"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_the_journal_itself_is_never_the_file(call: Call, file: Path, home: Path, command: tuple[str, ...]) -> None:
    del file  # the role that kickoff needs
    (home / "link").symlink_to(home / "trustlog.db")
    before = (home / "trustlog.db").read_bytes()
    for name in ("trustlog.db", "link"):
        done = call(*(word.format(home / name) for word in command), "--yes")
        assert (done.code, "the journal itself" in done.err) == (1, True)
    assert (home / "trustlog.db").read_bytes() == before
