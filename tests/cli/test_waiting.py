"""Another program holds the journal: it is waited for, that is said, Ctrl-C ends it, and no old text is answered."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from trustlog.store import failures, lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Call

pytestmark = pytest.mark.usefixtures("some")
SLOW = pytest.mark.long
LONG = 30
"""Seconds that no child here needs, and half of those that it would wait."""


@pytest.fixture
def some(two: Path, call: Call) -> Path:
    """A home with one entry."""
    call("add", "dana", "what was known before").says()
    return two


@contextmanager
def held_by_a_writer(home: Path) -> Iterator[sqlite3.Connection]:
    """A browser of databases with changes that are not saved yet."""
    with closing(sqlite3.connect(home / "trustlog.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@contextmanager
def held_alone(home: Path) -> Iterator[sqlite3.Connection]:
    """A program that lets nobody read either, and has changed a note."""
    with closing(sqlite3.connect(home / "trustlog.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("UPDATE entries SET note = 'what is known now'")
        yield other


@contextmanager
def started(env: Mapping[str, str], *args: str) -> Iterator[subprocess.Popen[str]]:
    """A run of the program that goes on meanwhile."""
    with subprocess.Popen(
        [sys.executable, "-m", "trustlog", *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        try:
            yield child
        finally:
            child.kill()


def said_by(child: subprocess.Popen[str]) -> str:
    """The next line on stderr, waited for."""
    assert child.stderr is not None
    return child.stderr.readline()


@pytest.mark.plain_only
@pytest.mark.parametrize(
    "args",
    [("add", "dana", "words"), *(pytest.param(one, marks=SLOW) for one in (("manager", "add", "Priya"), ("undo",)))],
)
def test_a_writer_says_what_it_waits_for_and_ctrl_c_ends_it_at_once(
    some: Path, env: dict[str, str], args: tuple[str, ...]
) -> None:
    before = (some / "trustlog.db").read_bytes()
    with held_by_a_writer(some), started(env, *args) as child:
        assert said_by(child) == (
            "Another program holds trustlog.db. Waiting for it, 60 seconds at most; Ctrl-C ends the waiting.\n"
        )
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=LONG)
    assert (child.returncode, out, err) == (130, "", "Stopped.\n")
    assert (some / "trustlog.db").read_bytes() == before


@pytest.mark.plain_only
@pytest.mark.parametrize(
    "args", [("log",), *(pytest.param((one,), marks=SLOW) for one in ("report", "export", "doctor"))]
)
def test_a_reader_says_what_it_waits_for_and_ctrl_c_ends_it_at_once(
    some: Path, env: dict[str, str], args: tuple[str, ...]
) -> None:
    with held_alone(some), started(env, *args) as child:
        assert said_by(child).startswith("Another program holds trustlog.db. Waiting for it, ")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=LONG)
    assert (child.returncode, out, err) == (130, "", "Stopped.\n")


@pytest.mark.plain_only
@pytest.mark.parametrize("args", [("log", "--json"), pytest.param(("export",), marks=SLOW)])
def test_a_reader_that_waited_answers_with_what_is_known_then(
    some: Path, env: dict[str, str], args: tuple[str, ...]
) -> None:
    with held_alone(some) as other, started(env, *args) as child:
        said_by(child)
        other.close()
        out, _ = child.communicate(timeout=LONG)
    assert (child.returncode, "what is known now" in out, "known before" in out) == (0, True, False)


@pytest.mark.plain_only
@pytest.mark.parametrize("args", [("log",), ("export",), ("search", "known"), ("backup",), ("report",), ("doctor",)])
def test_a_reader_that_waited_in_vain_answers_with_no_old_text(
    some: Path, call: Call, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.setattr(failures.Waits, "patience", 0.01)
    with held_alone(some):
        refused = call(*args, "--json").fails(1, "conflict")
    assert refused == "another program holds the journal. Close it and try again."


@pytest.mark.plain_only
def test_a_writer_that_waited_in_vain_has_written_nothing(
    some: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures.Waits, "patience", 0.01)
    with held_by_a_writer(some):
        call("add", "dana", "words", "--json").fails(1, "conflict")
    assert [one["note"] for one in call("log", "--json").data["entries"]] == ["what was known before"]


def test_a_journal_that_is_being_replaced_is_waited_for_in_the_same_way(some: Path, env: dict[str, str]) -> None:
    with lock.alone(some / "trustlog.db"), started(env, "add", "dana", "words") as child:
        assert said_by(child).startswith("Another trustlog is putting another file in the place of trustlog.db. ")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=LONG)
    assert (child.returncode, out, err) == (130, "", "Stopped.\n")


def test_whoever_replaces_the_journal_says_that_somebody_has_it_open(some: Path, env: dict[str, str]) -> None:
    held = lock.share(some / "trustlog.db")
    with started(env, "forget", "marcus", "--yes") as child:
        assert said_by(child) == (
            "Another trustlog has trustlog.db open. Waiting for it, 10 seconds at most; Ctrl-C ends the waiting.\n"
        )
        lock.release(held)
        child.communicate(timeout=LONG)
    assert child.returncode == 0


@pytest.mark.plain_only
def test_doctor_waits_for_a_writer_before_it_judges_the_index(some: Path, env: dict[str, str]) -> None:
    with held_by_a_writer(some) as other, started(env, "doctor") as child:
        said_by(child)
        other.execute("ROLLBACK")
        out, _ = child.communicate(timeout=LONG)
    assert "does not fit" not in out


@pytest.mark.plain_only
def test_doctor_judges_no_index_that_it_could_not_look_at(
    some: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("backup").says()
    monkeypatch.setattr(failures.Waits, "patience", 0.01)
    with held_by_a_writer(some):
        call("doctor", "--json").fails(1, "conflict")
    assert call("doctor", "--json").data["findings"] == []
