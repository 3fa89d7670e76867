"""Nobody else reads it: modes of every file, no journal text where it does not belong, and no network at all."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.faults.test_2_syscalls import may_trace
from tests.faults.tour import CANARY, TOUR, Stop, every_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.conftest import Figures, Said, Warm

NUMBER = 9
NO_NETWORK = """
import socket
class Forbidden(RuntimeError): pass
def refuse(*_, **__): raise Forbidden("the network was touched")
class Socket(socket.socket):
    def __init__(self, family=socket.AF_INET, *more, **named):
        if family != socket.AF_UNIX: refuse()
        super().__init__(family, *more, **named)
socket.socket = Socket
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
"""


class Places:
    """What the words of the tour stand for on this machine."""

    def __init__(self, folder: Path) -> None:
        self.home, self.out, self.tmp = folder / "home", folder / "out", folder / "tmp"
        for made in (self.out, self.tmp):
            made.mkdir(mode=0o700)
        self.key, self.editor = folder / "key", folder / "editor"
        self.key.write_text("9f" * 32)
        self.key.chmod(0o600)
        self.editor.write_text(
            f'#!/bin/sh\nls -lnAR "$TMPDIR" "$TRUSTLOG_HOME" > {folder}/editing\necho {CANARY} > "$1"\n'
        )
        self.editor.chmod(0o700)
        self.env = {"TMPDIR": str(self.tmp), "VISUAL": str(self.editor)}

    def words(self, stop: Stop) -> list[str]:
        known = {"{out}": str(self.out), "{key}": str(self.key)}
        return [_filled(word, known) for word in stop.args]


def _filled(word: str, known: dict[str, str]) -> str:
    for place, value in known.items():
        word = word.replace(place, value)
    return word


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def toured(warm: Warm, places: Places, umask: int = 0o022) -> Iterator[tuple[Stop, Said]]:
    """Every call of the tour, one after the other; all of them go well."""
    for stop in TOUR:
        told = warm(places.home, *places.words(stop), stdin=stop.stdin.encode(), env=places.env, umask=umask)
        assert told.code == 0, (stop.args, told)
        yield stop, told


def test_every_command_is_in_the_tour() -> None:
    assert {stop.command for stop in TOUR} == every_command()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=["000", "022", "077"])
def test_every_file_is_for_its_owner_alone(warm: Warm, places: Places, figures: Figures, umask: int) -> None:
    for stop, _ in toured(warm, places, umask):
        wrong = [
            (str(path), oct(path.stat().st_mode))
            for folder in (places.home, places.out, places.tmp)
            for path in (folder, *folder.rglob("*"))
            if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)
        ]
        assert wrong == [], stop.args
        figures.survived()


def test_no_journal_text_is_in_temporary_files_or_on_stderr(warm: Warm, places: Places, figures: Figures) -> None:
    for stop, told in toured(warm, places):
        # the demo leaves its invented home there, to be looked at
        left = [path.name for path in places.tmp.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
        assert left == [], stop.args
        names = [path.name for path in places.home.rglob("*") if CANARY in path.name]
        assert names == [], stop.args
        assert CANARY not in told.err, (stop.args, told.err)
        figures.survived()
    assert not (places.home / "bug.log").exists()


def test_a_fault_of_ours_tells_no_journal_text(
    warm: Warm, home: Path, call_with_a_fault: list[str], figures: Figures
) -> None:
    """The fault is made inside the store, with the note in the exception, on every way out."""
    assert warm(home, "add", "dana", f"kept {CANARY}").code == 0
    for options in ([], ["--debug"], ["--json"]):
        done = subprocess.run(
            [*call_with_a_fault, *options, "add", "dana", f"lost {CANARY}"],
            env={**os.environ, "TRUSTLOG_HOME": str(home)}, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 3, done
        assert CANARY not in done.stderr + done.stdout
        assert CANARY not in (home / "bug.log").read_text()
        assert stat.S_IMODE((home / "bug.log").stat().st_mode) == 0o600
        figures.survived()


@pytest.fixture
def call_with_a_fault(tmp_path: Path) -> list[str]:
    """The program with a store that breaks with the note in its hand."""
    script = tmp_path / "faulty.py"
    script.write_text(
        "import sys\n"
        "from trustlog.main import main\n"
        "from trustlog.store import entries\n"
        "def broken(journal, new):\n"
        "    raise RuntimeError(f'{new.note!r} {new!r}') from KeyError(new.note)\n"
        "entries.add = broken\n"
        "sys.exit(main())\n"
    )
    return [sys.executable, str(script)]


def test_the_editor_sees_a_file_that_nobody_else_may_read(warm: Warm, places: Places, figures: Figures) -> None:
    for stop in TOUR:
        warm(places.home, *places.words(stop), stdin=stop.stdin.encode(), env=places.env)
        if "-e" in stop.args:
            break
    seen = (places.home.parent / "editing").read_text()
    assert ".editing-" in seen
    lines = [line.split() for line in seen.splitlines() if line.startswith(("d", "-"))]
    assert {line[0][4:10] for line in lines} == {"------"}
    assert list(places.tmp.iterdir()) == []
    figures.survived()


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    """A folder that makes every socket of a Python process an error."""
    folder = tmp_path / "offline"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NO_NETWORK)
    return folder


def test_the_whole_tour_works_without_a_network(
    places: Places, env: dict[str, str], offline: Path, figures: Figures, tmp_path: Path
) -> None:
    """Sockets raise inside; where the kernel's view can be had, it sees no socket of the internet either."""
    there = {**env, **places.env, "TRUSTLOG_HOME": str(places.home)}
    there["PYTHONPATH"] = os.pathsep.join(filter(None, [str(offline), env.get("PYTHONPATH", "")]))
    proof = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"],
        env=there,
        check=False,
        capture_output=True,
        timeout=300,
    )
    assert b"the network was touched" in proof.stderr
    log = tmp_path / "network"
    traced = (
        ["strace", "-f", "-qq", "-A", "-o", str(log), "-e", "trace=%network", "--seccomp-bpf"] if may_trace() else []
    )
    for stop in TOUR:
        done = subprocess.run(
            [*traced, sys.executable, "-m", "trustlog", *places.words(stop)],
            env=there, input=stop.stdin, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, (stop.args, done)
        figures.survived()
    if traced:
        assert "AF_INET" not in log.read_text("utf-8", "replace")


def test_process_titles_hold_only_what_was_typed(
    places: Places, env: dict[str, str], figures: Figures, tmp_path: Path
) -> None:
    """A program that we start ourselves, an editor or a key command, is handed no journal text as an argument."""
    if not may_trace():
        pytest.skip("strace is not here, or may not trace")
    there = {**env, **places.env, "TRUSTLOG_HOME": str(places.home)}
    log = tmp_path / "started"
    command = ["strace", "-f", "-qq", "-s", "4000", "-o", str(log), "-e", "trace=execve,prctl", "--seccomp-bpf"]
    assert shutil.which("strace") is not None
    for args in (("add", "dana", "--create", "-e"), ("log",), ("report",), ("edit", "1", "-e")):
        subprocess.run(
            [*command, sys.executable, "-m", "trustlog", *args], env=there, check=True, capture_output=True, timeout=300
        )
        assert CANARY not in log.read_text("utf-8", "replace").replace(f"echo {CANARY}", "")
        figures.survived()
