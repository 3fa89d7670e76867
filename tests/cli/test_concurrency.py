"""Any number of processes may write at once: each waits its turn, none loses an entry."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program

WORKERS, EACH = 8, 50
WORKER = f"""
import sys
from trustlog.main import main
name = sys.argv[1]
codes = [main(["add", "dana", f"worker {{name}} entry {{number}}", "-k", "reply"]) for number in range({EACH})]
sys.exit(0 if codes == [0] * {EACH} else 1)
"""


def together(commands: list[list[str]], env: dict[str, str]) -> list[tuple[int, bytes]]:
    """Start all at once; each one's exit code and what it said on stderr."""
    children = [
        subprocess.Popen([sys.executable, *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for command in commands
    ]
    said = [child.communicate(timeout=120)[1] for child in children]
    return [(child.returncode, words) for child, words in zip(children, said, strict=True)]


@pytest.mark.usefixtures("two")
@pytest.mark.long
def test_eight_writers_at_once_lose_no_entry(call: Call, env: dict[str, str]) -> None:
    done = together([["-c", WORKER, str(number)] for number in range(WORKERS)], env)
    assert [code for code, _ in done] == [0] * WORKERS
    # whoever waits for more than a second says so, and the first reply is a step that is named
    lines = [line for _, said in done for line in said.splitlines() if b"Ctrl-C ends the waiting" not in line]
    assert lines == [b"The first reply from Dana."]
    found = call("log", "--json").data["entries"]
    wanted = {f"worker {worker} entry {number}" for worker in range(WORKERS) for number in range(EACH)}
    assert len(found) == WORKERS * EACH
    assert {one["note"] for one in found} == wanted
    assert {one["id"] for one in found} == set(range(1, WORKERS * EACH + 1))
    assert len(call("undo", "--list", "--json").data["changes"]) == WORKERS * EACH + 2


@pytest.mark.long
def test_processes_that_race_to_make_the_journal_all_succeed(run: Program, env: dict[str, str], home: Path) -> None:
    names = [f"m{number}" for number in range(6)]
    done = together([["-m", "trustlog", "add", name, "hello", "--create"] for name in names], env)
    assert [code for code, _ in done] == [0] * len(names)
    # whoever came first says where the journal is, nobody else has anything to add
    assert sorted(len(said.splitlines()) for _, said in done) == [0, 0, 0, 0, 0, 4]
    assert [one["handle"] for one in run("manager", "list", "--json").data["managers"]] == names
    assert len(run("log", "--json").data["entries"]) == len(names)
    assert sorted(file.name for file in home.iterdir()) == [".trustlog.db.lock", "trustlog.db"]


@pytest.mark.usefixtures("two")
def test_a_reader_sees_whole_changes_while_others_write(run: Program, env: dict[str, str]) -> None:
    """Entries for two managers are one change, so that their number is even whenever one looks."""
    script = "from trustlog.main import main\nfor _ in range(20): assert main(['add', 'dana,marcus', 'x']) == 0\n"
    with subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.DEVNULL) as writer:
        seen = [len(json.loads(run("log", "--json").out)["data"]["entries"])]
        while writer.poll() is None:
            seen.append(len(run("log", "--json").data["entries"]))
    assert writer.returncode == 0
    assert [count for count in seen if count % 2] == []
    assert len(run("log", "--json").data["entries"]) == 40
