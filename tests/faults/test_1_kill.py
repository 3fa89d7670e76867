"""Killed with -9 at random moments of every command that writes: done whole or not begun, and nothing else touched."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import zlib
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.faults.conftest import DAY, fresh

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 1
TOO_OFTEN = 20
"""How many runs may end before the kill, for each that must not."""
ROWS = "manager,kind,when,note\n" + "".join(f"dana,reply,{DAY},row {number}\n" for number in range(40))
RAW, OTHER = "9f" * 32, "7a" * 32


class Case(NamedTuple):
    """One command, how often it is killed, and what was done before it."""

    args: tuple[str, ...]
    kills: int
    before: tuple[tuple[str, ...], ...] = ()
    stdin: bytes = b""


CASES = {
    "add": Case(("add", "dana", "a new entry", "-w", DAY), 40),
    "add for two": Case(("add", "dana,marcus", "a new entry", "-w", DAY, "-t", "one", "-t", "two"), 10),
    "edit": Case(("edit", "3", "--note", "said otherwise", "-t", "new"), 15),
    "delete": Case(("delete", "2", "3"), 15),
    "undo": Case(("undo", "2", "--yes"), 15),
    "import csv": Case(("import", "-"), 25, stdin=ROWS.encode()),
    "promise": Case(("promise", "dana", "a second slate", "--due", "2030-02-03", "--when", DAY), 10),
    "ask": Case(("ask", "dana", "slots", "--for", "slots", "--due", "2030-02-03", "--when", DAY), 5),
    "settle": Case(("settle", "dana", "kept", "--when", DAY), 15),
    "notice": Case(("notice", "dana", "a second thing", "--when", DAY), 5),
    "praise": Case(("praise", "dana", "--from", "1", "--changed", "all had answers", "--when", DAY), 10),
    "kickoff start": Case(("kickoff", "start", "DE-2", "--set", "level=Staff", "--agreed", "all", "--when", DAY), 10),
    "kickoff confirm": Case(("kickoff", "confirm", "PA-1", "all", "--how", "email", "--when", DAY), 15),
    "kickoff amend": Case(
        ("kickoff", "amend", "PA-1", "--set", "level=Lead", "--reason", "more", "--effect", "later", "--when", DAY), 5
    ),
    "prep-feedback": Case(("prep-feedback", "dana", "--set", "purpose=learn", "--set", "mood_before=-1"), 15),
    "debrief": Case(("debrief", "priya", "--set", "grain=true", "--when", DAY, "--log", "feedback-received"), 15),
    "checkin": Case(("checkin", "dana", "--set", "gut=4", "--when", DAY), 5),
    "boundary": Case(("boundary", "dana", "--set", "BA2=true", "--when", DAY), 5),
    "next done": Case(("next", "dana", "--done", "PB07"), 10),
    "manager add": Case(("manager", "add", "Sam Reed", "--team", "data"), 10),
    "manager edit": Case(("manager", "edit", "dana", "--likes", "climbing"), 5),
    "manager rename": Case(("manager", "rename", "dana", "dana-o"), 10),
    "manager merge": Case(("manager", "merge", "marcus", "dana"), 10),
    "manager archive": Case(("manager", "archive", "marcus"), 5),
    "forget": Case(("forget", "marcus", "--yes"), 10),
    "req add": Case(("req", "add", "dana", "Third role", "--opened", DAY), 5),
    "me": Case(("me", "learned", "ask for one example", "--from", "Dana", "--when", DAY), 5),
    "backup": Case(("backup",), 15),
    "restore": Case(("restore", "--yes"), 20),
}  # fmt: skip


def killed(warm: Warm, case: Case, home: Path, rng: random.Random, usual: float) -> bool:
    """Whether the run was killed, and not done before."""
    told = warm(home, *case.args, stdin=case.stdin, kill_after=rng.uniform(0.02, 1.0) * usual)
    assert told.code in (0, -signal.SIGKILL), told
    return told.code != 0


@pytest.mark.parametrize("name", CASES)
def test_a_kill_leaves_all_or_nothing(warm: Warm, lived_in: Path, tmp_path: Path, figures: Figures, name: str) -> None:
    case, rng = CASES[name], random.Random(zlib.crc32(name.encode()))
    whole = fresh(lived_in, tmp_path / "whole")
    before = warm.state(whole)
    usual = warm(whole, *case.args, stdin=case.stdin)
    assert usual.code == 0, usual
    done = warm.state(whole)
    died = runs = 0
    while died < case.kills:
        runs += 1
        assert runs < case.kills * TOO_OFTEN, "nearly every run was over before it was killed"
        home = fresh(lived_in, tmp_path / "home")
        was_killed = killed(warm, case, home, rng, usual.seconds)
        now = warm.state(home)
        assert now in ((before, done) if was_killed else (done,))
        goes_on(warm, home)
        died += was_killed
    figures.survived(died)


def goes_on(warm: Warm, home: Path, *options: str) -> None:
    """The doctor is content, and the next entry is kept."""
    assert warm.findings(home, *options) == []
    number = warm(home, "add", "priya", "the next entry", "--json", *options).data["entry"]["id"]
    assert warm(home, "log", str(number), "--json", *options).data["entry"]["note"] == "the next entry"


def test_a_cold_program_loses_no_acknowledged_entry(
    warm: Warm, home: Path, env: dict[str, str], figures: Figures
) -> None:
    """The real start, fifty kills on one journal, as a person's machine would do it; every fifth run may end."""
    rng, program = random.Random(7), [sys.executable, "-m", "trustlog", "add", "dana", "--json"]
    began = time.perf_counter()
    subprocess.run([*program, "measured"], env=env, check=True, stdout=subprocess.DEVNULL, timeout=300)
    usual = time.perf_counter() - began
    old = {one["uid"] for one in warm(home, "log", "--json").data["entries"]}
    acknowledged: set[str] = set()
    for number in range(50):
        run = subprocess.Popen([*program, f"entry {number}"], env=env, stdout=subprocess.PIPE, start_new_session=True)
        assert run.stdout is not None
        if number % 5:
            time.sleep(rng.uniform(0.35, 1.05) * usual)
            os.killpg(run.pid, signal.SIGKILL)
        answer = run.stdout.read()
        run.stdout.close()
        run.wait(timeout=60)
        if answer.endswith(b"\n"):
            acknowledged.add(json.loads(answer)["data"]["entry"]["uid"])
        there = {one["uid"] for one in warm(home, "log", "--json").data["entries"]}
        assert old | acknowledged <= there
        figures.survived()
    assert len(acknowledged) >= 10
    goes_on(warm, home)


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """The files of two keys."""
    made = {"first": tmp_path / "first", "second": tmp_path / "second"}
    for file, key in zip(made.values(), (RAW, OTHER), strict=True):
        file.write_text(key)
        file.chmod(0o600)
    return made


@pytest.mark.parametrize("what", ["encrypt", "change the key", "decrypt"])
def test_a_kill_leaves_a_journal_behind_one_key_or_the_other(
    warm: Warm, home: Path, tmp_path: Path, figures: Figures, keys: dict[str, Path], what: str
) -> None:
    pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    first, second = ("--key-file", str(keys["first"])), ("--key-file", str(keys["second"]))
    args, may_fit = {
        "encrypt": (("encrypt", *first), ((), first)),
        "change the key": (("encrypt", *first, "--new-key-file", second[1]), (first, second)),
        "decrypt": (("decrypt", *first, "--yes"), ((), first)),
    }[what]
    before = warm.state(home)
    if what != "encrypt":
        assert warm(home, "encrypt", *first).code == 0
    start = fresh(home, tmp_path / "start")
    usual = warm(home, *args)
    assert usual.code == 0, usual
    case, rng, died = Case(args, 15), random.Random(zlib.crc32(what.encode())), 0
    while died < case.kills:
        fresh(start, home)
        was_killed = killed(warm, case, home, rng, usual.seconds)
        fits = [options for options in may_fit if warm(home, "log", *options).code == 0]
        assert fits
        assert warm.state(home, *fits[0]) == before
        if was_killed:  # begun again, it goes on where it was
            told = warm(home, *args)
            assert told.code == 0, told
        end = () if what == "decrypt" else first if what == "encrypt" else second
        assert warm.state(home, *end) == before
        assert [
            one for one in warm(home, "backup", "--list", "--json", *end).data["snapshots"] if not one["readable"]
        ] == []
        goes_on(warm, home, *end)
        died += was_killed
    figures.survived(died)
