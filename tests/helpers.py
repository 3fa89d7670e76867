"""What tests of several rooms ask and do alike."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustlog.store import driver, entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.conftest import Call

    from trustlog.domain.entries import Entry
    from trustlog.store.journal import Journal

SCHEMA_1 = Path(__file__).parent / "store" / "journals" / "schema-1.db"
"""A journal that an older program wrote."""
_WRITER = """
import sys
from pathlib import Path
from trustlog.main import main

name, stop = sys.argv[1], Path(sys.argv[2])
number = 0
while not stop.exists() or number < 3:
    if main(["add", "dana", f"{name} {number}"]) == 0:
        sys.stderr.write(f"acknowledged {name} {number}\\n")
    number += 1
"""


ENCRYPTED = os.environ.get("TRUSTLOG_TEST_ENCRYPTED") == "1"
"""Whether the program's tests run on encrypted journals, all with one key."""
KEY = "7472757374" * 6 + "6c6f"


def opened(path: Path) -> Any:
    """A journal file as SQLite sees it, without a rule of the program: to look into it, or to harm it."""
    if not ENCRYPTED:
        return sqlite3.connect(path, isolation_level=None)
    db = driver.opened(path.absolute().as_uri())
    driver.unlock(db, KEY)
    return db


def contents(home: Path) -> dict[str, bytes]:
    """Every byte of the home folder."""
    return {file.name: file.read_bytes() for file in home.rglob("*") if file.is_file() and file.suffix != ".lock"}


def notes(call: Call) -> list[str]:
    """The notes of a journal, oldest first."""
    return [entry["note"] for entry in reversed(call("log", "--json").data["entries"])]


def got(journal: Journal, entry_id: int) -> Entry:
    """An entry that is there."""
    entry = entries.get(journal, entry_id)
    assert entry is not None
    return entry


def page(call: Call, *args: str) -> Any:
    """The one manager of a report."""
    (manager,) = call("report", *args, "--json").data["managers"]
    return manager


def refuses(call: Call, home: Path, words: Sequence[str], code: str, says: str, stdin: str = "") -> None:
    """A command names what it refuses, to a person and to a machine, and changes nothing."""
    before = contents(home)
    assert says in call(*words, "--json", stdin=stdin).fails(1, code)
    assert says in call(*words, stdin=stdin).fails(1)
    assert contents(home) == before


def say(child: Any, *pairs: tuple[str, str]) -> None:
    """Wait for each question of a terminal, and type what answers it."""
    for question, typed in pairs:
        child.expect(question)
        child.send(typed)


def run_at_once(*programs: Sequence[str]) -> list[str]:
    """Start Python programs that say `ready` and wait for a line, let them go together, and return their stderr."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", *words], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for words in programs
    ]  # fmt: skip
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[1] for process in running]


class Writers:
    """Eight programs that add entries until a file is there."""

    def __init__(self, env: Mapping[str, str], stop: Path) -> None:
        self._stop = stop
        self._running = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, f"w{number}", str(stop)], env=env, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True,
            )
            for number in range(8)
        ]  # fmt: skip

    def stop(self) -> set[str]:
        """Let them end; the notes that were acknowledged to them. Else they may only have said that they wait."""
        self._stop.touch()
        said = [line for writer in self._running for line in writer.communicate(timeout=60)[1].splitlines()]
        acknowledged = {line.removeprefix("acknowledged ") for line in said if line.startswith("acknowledged ")}
        assert [line for line in said if not line.startswith("acknowledged ") and "Ctrl-C ends" not in line] == []
        assert len(acknowledged) >= 24
        return acknowledged
