"""Guard rails, and the ways to run the program: `run` (a process), `call` (in process), `tty` (a terminal)."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pexpect
import pytest
from tests.helpers import ENCRYPTED, KEY
from typer.main import get_command

from trustlog import app
from trustlog import files as files_module
from trustlog.commands.options import NONE_YET, WHERE
from trustlog.main import main
from trustlog.playbook import files as files_words
from trustlog.services import people
from trustlog.store import failures
from trustlog.store.failures import this_run
from trustlog.store.journal import Journal
from trustlog.view.entries import FIRST_TIME, HIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Commands = Sequence[Sequence[str]]

DOWN = "\x1b[B"
ENTER = "\r"
CTRL_C = "\x03"

SCHEMA = "trustlog/1"

# days are counted as the programs under test count them, whatever the zone of this machine
os.environ["TZ"] = "UTC"
time.tzset()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in a script's background; children would inherit it
    with contextlib.suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGINT, signal.default_int_handler)

# the same examples on every run; so many fit into the three minutes of the quick suite
hypothesis.settings.register_profile("trustlog", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("trustlog")


FIRST_MINUTE = re.compile("|".join(re.escape(said).replace(r"\{file\}", ".+") + "\n" for said in (WHERE, NONE_YET)))
"""What a new home says on stderr; test_first_minute.py looks at it, other tests need not."""


IN_PASSING = re.compile(
    "|".join(
        [
            *(re.escape(one).replace(r"\{name\}", ".+") for one in FIRST_TIME.values()),
            HIRED,
            "It reads like .+",
            "Its kick-off: .+",
            ".+: that is one of yours. .+",
        ]
    ).join(["(?:", ")\n"])
)
"""What `add` says beside its answer of a first time or of words like a kind, and `req add` of what is next."""


class YouForgotToGiveThisTestAHomeOfItsOwn(BaseException):
    """No Exception, so that nothing in the program can swallow it."""


class ThisTestHangs(BaseException):
    """No Exception either: it ends whatever the test or the program in it waits for."""


@dataclass(frozen=True)
class Run:
    """What a run of the program said."""

    code: int
    out: str
    err: str

    def says(self) -> str:
        """The answer of a run that went well and had nothing to add on stderr but what is said once or in passing."""
        assert (self.code, IN_PASSING.sub("", FIRST_MINUTE.sub("", self.err, count=1))) == (0, "")
        return self.out

    @property
    def data(self) -> Any:
        """What a `--json` run answered."""
        assert self.code == 0, self.err
        document = json.loads(self.out)
        assert list(document) == ["schema", "command", "data"]
        assert document["schema"] == SCHEMA
        return document["data"]

    def fails(self, code: int, error_code: str | None = None) -> str:
        """What a refused run said: one line on stderr, nothing on stdout. An error code needs `--json`."""
        assert (self.code, self.out) == (code, ""), self
        assert self.err.endswith("\n"), self
        assert self.err.count("\n") == 1, self
        if error_code is None:
            assert self.err.startswith("trustlog: "), self
            return self.err.removeprefix("trustlog: ").removesuffix("\n")
        document = json.loads(self.err)
        assert list(document) == ["schema", "error"]
        assert list(document["error"]) == ["code", "message", "hint"]
        assert (document["schema"], document["error"]["code"]) == (SCHEMA, error_code)
        return f"{document['error']['message']}. {document['error']['hint']}"


class Program:
    """`python -m trustlog` in a process of its own, on the clean machine of `env`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def __call__(
        self, *args: str | bytes, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None
    ) -> Run:
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL}
        if stdin is not None:
            given = {"input": stdin.encode() if isinstance(stdin, str) else stdin}
        done = subprocess.run(
            [sys.executable, "-m", "trustlog", *args],
            env={**self._env, **(env or {})}, capture_output=True, check=False, timeout=60, **given,
        )  # fmt: skip
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


class Call:
    """The same program inside this process: ten times as fast, for tables of small cases."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Run:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        self._capsys.readouterr()
        mask = os.umask(0o022)
        try:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in (env or {}).items():
                    patch.setenv(name, value)
                time.tzset()
                code = main(args)
        finally:
            time.tzset()
            os.umask(mask)
            gc.enable()
        said = self._capsys.readouterr()
        return Run(int(code), said.out, said.err)


class Terminal:
    """The same program on a real terminal of 80 x 24, with the keys that its questions know."""

    DOWN, ENTER, CTRL_C = DOWN, ENTER, CTRL_C

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._children: list[Any] = []

    def __call__(self, *args: str, env: Mapping[str, str] | None = None) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forkpty() beside the threads of xdist
            child = pexpect.spawn(
                sys.executable, ["-m", "trustlog", *args],
                env={**self._env, **(env or {})}, dimensions=(24, 80), encoding="utf-8", timeout=60,
            )  # fmt: skip
        child.ptyproc.delayafterclose = 0  # `ends` and `close` wait for the end itself
        self._children.append(child)
        return child

    def ends(self, child: Any) -> tuple[int, str]:
        """The exit code of a child, and what it said since it was last looked at."""
        said = str(child.read())
        child.wait()
        child.close()
        return int(child.exitstatus), said

    def close(self) -> None:
        for child in self._children:
            if child.isalive():
                child.kill(signal.SIGKILL)
                child.wait()
            child.close()


@pytest.fixture(autouse=True)
def no_test_touches_the_home_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TRUSTLOG_")]:
        monkeypatch.delenv(name)
    real = files_module.home

    def home() -> Path:
        if not os.environ.get("TRUSTLOG_HOME"):
            raise YouForgotToGiveThisTestAHomeOfItsOwn("this test would write into a home that is not its own")
        return real()

    monkeypatch.setattr(files_module, "home", home)


def pytest_configure(config: pytest.Config) -> None:
    """Two things that cost a run most: waiting for a disk, and children that compile the program anew."""
    memory = Path("/dev/shm")
    with contextlib.suppress(OSError):
        there = os.statvfs(memory)
        if os.access(memory, os.W_OK) and not there.f_flag & os.ST_NOEXEC and there.f_bavail * there.f_frsize > 2**31:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    if os.environ.get("PYTHONDONTWRITEBYTECODE") and (cache := getattr(config, "cache", None)):
        with contextlib.suppress(OSError):
            os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))
            del os.environ["PYTHONDONTWRITEBYTECODE"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """No test waits for ever: what takes a hundred times as long as it should fails, with the place where it stood."""
    seconds = 900 if "faults" in item.path.parts or item.get_closest_marker("long") else 180

    def end(*_: object) -> None:
        raise ThisTestHangs(f"not done after {seconds} seconds")

    signal.signal(signal.SIGALRM, end)
    # once more every ten seconds, for what waits again on its way out
    signal.setitimer(signal.ITIMER_REAL, seconds, 10)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests wait for the disk, for children and for terminals."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if ENCRYPTED and item.get_closest_marker("plain_only"):
            item.add_marker(pytest.mark.skip(reason="this run is on encrypted journals"))


@pytest.fixture(autouse=ENCRYPTED)
def the_tests_know_the_key_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that opens an encrypted journal by itself, outside a run of the program, has its key."""
    asked = failures.Run.key
    monkeypatch.setattr(failures.Run, "key", lambda run: asked(run) if run._source is not None else KEY)


@pytest.fixture(scope="session", autouse=True)
def the_program_is_put_together_once() -> Iterator[None]:
    """A process builds each command and reads each of our files once; `call` makes ten thousand calls in one."""
    load = app.Later.load
    built: dict[str, Any] = {}

    def kept(later: app.Later, options: list[Any]) -> Any:
        name = later.entry.name
        return built[name] if name in built else built.setdefault(name, load(later, options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trustlog.app.get_command", functools.cache(get_command))
        patch.setattr(app.Later, "load", kept)
        patch.setattr(files_words, "shipped", functools.cache(files_words.shipped))
        yield


@pytest.fixture(scope="session")
def key_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A key file for every journal of the run, if the program's tests are to run on encrypted journals."""
    if not ENCRYPTED:
        return None
    pytest.importorskip("sqlcipher3", reason="sqlcipher3 is not installed")
    file = tmp_path_factory.mktemp("key") / "key"
    file.write_text(KEY)
    file.chmod(0o600)
    return file


@pytest.fixture
def env(tmp_path: Path, key_of_all: Path | None) -> dict[str, str]:
    """A clean machine."""
    machine = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "TRUSTLOG_HOME": str(tmp_path / "home"),
        "COLUMNS": "80", "LINES": "24", "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }  # fmt: skip
    if key_of_all is not None:
        machine["TRUSTLOG_KEY_FILE"] = str(key_of_all)
    passed = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "COVERAGE")
    return machine | {name: value for name, value in os.environ.items() if name.startswith(passed)}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of `run`, `call` and `tty`; not there before something is written."""
    return tmp_path / "home"


@pytest.fixture
def run(env: dict[str, str]) -> Program:
    return Program(env)


@pytest.fixture
def call(env: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_COLOR", "VISUAL", "EDITOR"):
            patch.delenv(name, raising=False)
        for name, value in env.items():
            patch.setenv(name, value)
        time.tzset()
        yield Call(capsys, patch)
    time.tzset()


@pytest.fixture
def demo_in_its_own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a demo in this process leaves for whoever looks at it goes with the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def tty(env: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal(env)
    yield terminal
    terminal.close()


@pytest.fixture(scope="session")
def _journal_of_two(tmp_path_factory: pytest.TempPathFactory, key_of_all: Path | None) -> Path:
    folder = tmp_path_factory.mktemp("two")
    if key_of_all is not None:
        this_run.use_key(lambda: KEY, seals_new=True)
    journal = Journal.open(folder / "trustlog.db", folder / "snapshots")
    people.add_manager(journal, "Dana Ortiz", None, {"team": "payments"})
    people.add_manager(journal, "Marcus Hughes", None, {})
    journal.close()
    this_run.use_key(None)
    return folder / "trustlog.db"


@pytest.fixture
def two(home: Path, _journal_of_two: Path) -> Path:
    """A home whose journal knows Dana Ortiz (`dana`) and Marcus Hughes (`marcus`) and holds no entry."""
    home.mkdir(mode=0o700)
    shutil.copy(_journal_of_two, home / "trustlog.db")
    (home / "trustlog.db").chmod(0o600)
    return home


SATURDAY = datetime(2026, 11, 28, 12).astimezone()
"""The day of tests whose answers change with the day, as the turns of small steps do."""


@pytest.fixture
def on_a_saturday(env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is SATURDAY at noon, in this process and in those that it starts."""
    monkeypatch.setattr("trustlog.clock.now", lambda: SATURDAY)
    folder = tmp_path / "saturday"
    folder.mkdir()
    said = f"import datetime, trustlog.clock\nnow = datetime.datetime.fromisoformat({SATURDAY.isoformat()!r})\n"
    (folder / "sitecustomize.py").write_text(f"{said}trustlog.clock.now = lambda: now\n", "utf-8")
    env["PYTHONPATH"] = str(folder)


@pytest.fixture(scope="session")
def home_of(tmp_path_factory: pytest.TempPathFactory, key_of_all: Path | None) -> Callable[[Commands], Path]:
    """A home made by some commands, once; to be copied."""
    made: dict[str, Path] = {}

    def make(commands: Commands) -> Path:
        if (name := repr(commands)) not in made:
            made[name] = tmp_path_factory.mktemp("made") / "home"
            _run_all(commands, made[name], key_of_all)
        return made[name]

    return make


def _run_all(commands: Commands, home: Path, key: Path | None) -> None:
    mask = os.umask(0o022)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TRUSTLOG_HOME": str(home), "TZ": "UTC", "LC_ALL": "C.UTF-8"}.items():
            patch.setenv(name, value)
        if key is not None:
            patch.setenv("TRUSTLOG_KEY_FILE", str(key))
        time.tzset()
        for command in commands:
            patch.setattr(sys, "stdin", io.StringIO())
            assert main(command) == 0, command
    time.tzset()
    os.umask(mask)
    gc.enable()


@pytest.fixture
def awkward(home: Path, home_of: Callable[[Commands], Path]) -> Path:
    """A journal with everything that a table gets wrong: accents, wide characters, markup, formulas, a leap day."""
    told = tomllib.loads((Path(__file__).parent / "awkward.toml").read_text("utf-8"))
    return Path(shutil.copytree(home_of(told["commands"]), home))
