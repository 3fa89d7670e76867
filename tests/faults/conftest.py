"""Proof under attack: a warm program to attack quickly, a journal that was lived in, and where the figures go."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NURSERY = Path(__file__).with_name("nursery.py")
RESULTS = "TRUSTLOG_FAULT_RESULTS"
RESULTS_FILE = os.environ.get(RESULTS)
"""Where the figures of a whole run are kept, one JSON document a line; read before any test empties the environment."""
DAY = "2026-11-20"
_VOLATILE = re.compile(r'"(?:uid|created_at|happened_at|at)": "[^"]*"|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.+Z-]+')


class Said(NamedTuple):
    """What a run of the program said; `code` is negative if a signal ended it."""

    code: int
    out: bytes
    err: str
    seconds: float = 0.0

    @property
    def data(self) -> Any:
        assert self.code == 0, self
        return json.loads(self.out)["data"]

    def one_line(self) -> str:
        """The one line of a run that could not do what was asked."""
        assert self.code == 1, self
        lines = self.err.splitlines()
        assert "Traceback" not in self.err, self.err
        said = [line for line in lines if line.startswith(("trustlog: ", '{"schema"'))]
        assert len(said) == 1, self
        return said[0]


class Warm:
    """The program in a process that has imported everything, forked for each command."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._child = subprocess.Popen(
            [sys.executable, str(NURSERY), str(folder)], env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, encoding="utf-8",
        )  # fmt: skip
        assert self._answer() == "ready"

    def __call__(
        self, home: Path, *args: str, stdin: bytes = b"", kill_after: float | None = None,
        env: Mapping[str, str] | None = None, umask: int = 0o022, strace: Sequence[str] = (),
    ) -> Said:  # fmt: skip
        given = {"TRUSTLOG_HOME": str(home), **(env or {})}
        wish = {"args": args, "env": given, "stdin": base64.b64encode(stdin).decode(), "umask": umask, "strace": strace}
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps({**wish, "kill_after": kill_after}) + "\n")
        self._child.stdin.flush()
        told = json.loads(self._answer())
        out, err = (self._folder / "out").read_bytes(), (self._folder / "err").read_text("utf-8", "replace")
        return Said(told["code"], out, err, told["seconds"])

    def _answer(self) -> str:
        assert self._child.stdout is not None
        return self._child.stdout.readline().strip()

    def close(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait(10)
        assert self._child.stdout is not None
        self._child.stdout.close()

    def state(self, home: Path, *options: str) -> tuple[str, ...]:
        """All that a journal holds and can take back, without what differs from run to run."""
        told = self(home, "export", "--include-reflections", *options)
        assert told.code == 0, told
        json.loads(told.out)
        lines = sorted(_VOLATILE.sub("*", line.rstrip(",")) for line in told.out.decode().splitlines())
        changes = self(home, "undo", "--list", "--json", *options).data["changes"]
        return (*lines, *(f"{one['command']}: {one['summary']}" for one in changes))

    def findings(self, home: Path, *options: str) -> list[dict[str, str]]:
        """What the doctor finds; what a killed run left is found by age, and is no harm."""
        told = self(home, "doctor", "--json", *options)
        assert told.code in (0, 1), told
        return [one for one in json.loads(told.out)["data"]["findings"] if one["check"] != "leftovers"]


def machine(folder: Path) -> dict[str, str]:
    """A clean machine; where the program is imported from may be said."""
    passed = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    return passed | {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TRUSTLOG_HOME": str(folder / "home"), "COLUMNS": "80",
        "LINES": "24", "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return machine(tmp_path)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    folder = tmp_path_factory.mktemp("warm")
    program = Warm(folder, machine(folder))
    yield program
    program.close()


LIVED_IN: Sequence[Sequence[str]] = (
    ("manager", "add", "Dana Ortiz", "--email", "dana@example.org"),
    ("manager", "add", "Marcus Hughes"),
    ("manager", "add", "Priya Nair"),
    *(("add", "dana", f"old entry {number} for dana", "-k", "reply", "-w", DAY) for number in range(6)),
    ("add", "marcus", "old entry for marcus", "-k", "meeting", "-w", DAY),
    ("add", "priya", "old entry for priya", "-k", "update", "-w", DAY),
    ("req", "add", "dana", "Payments analyst", "--code", "PA-1", "--opened", DAY),
    ("req", "add", "marcus", "Data engineer", "--code", "DE-2", "--opened", DAY),
    ("kickoff", "start", "PA-1", "--set", "level=Senior", "--agreed", "all", "--when", DAY),
    ("promise", "dana", "the slate", "--due", "2030-01-02", "--when", DAY),
    ("ask", "marcus", "the scorecard", "--for", "scorecard", "--when", DAY),
    ("notice", "dana", "four scorecards before lunch", "--when", DAY),
    ("prep-feedback", "priya", "--set", "purpose=learn", "--set", "mood_before=-1", "--when", DAY),
    ("me", "--care-after", "tea outside"),
    ("backup",),
    ("add", "dana", "after the copy", "-w", DAY),
)


@pytest.fixture(scope="session")
def lived_in(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of three managers, entries, a kick-off, loops, a jar, a preparation and a copy; never written to."""
    home = tmp_path_factory.mktemp("lived") / "home"
    for args in LIVED_IN:
        told = warm(home, *args)
        assert told.code == 0, (args, told)
    return home


@pytest.fixture
def home(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of the home that was lived in."""
    return fresh(lived_in, tmp_path / "home")


def fresh(lived_in: Path, home: Path) -> Path:
    if home.exists():
        shutil.rmtree(home)
    shutil.copytree(lived_in, home)
    return home


class Figures:
    """What one test tried; kept when the test has ended, so that a test that stopped counts what it lost."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.tried = self.lost = 0

    def survived(self, times: int = 1) -> None:
        self.tried += times


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """Counts for docs/reliability.md; the module names its test of the nine."""
    kept = Figures(request.module.NUMBER, request.node.name)
    yield kept
    report = getattr(request.node, "outcome_of_call", None)
    if RESULTS_FILE and not (report is not None and report.skipped):
        lost = 0 if report is not None and report.passed else 1
        line = {"test": kept.number, "name": kept.name, "tried": kept.tried + lost, "lost": lost}
        with Path(RESULTS_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    if call.when == "call":
        item.outcome_of_call = report  # type: ignore[attr-defined]  # read by `figures` above
    return report
