"""What changes many files, killed at every system call: the next command says and settles it, and the doctor agrees."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.faults.conftest import DAY, fresh
from tests.faults.test_1_kill import OTHER, RAW, goes_on
from tests.faults.test_2_syscalls import CHANGING, changing, may_trace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm
    from tests.faults.test_2_syscalls import Point

NUMBER = 2
MOST = int(os.environ.get("TRUSTLOG_FAULT_MOMENTS", "16"))
"""How many calls of one name are all met; of the page writes of a copy there are hundreds."""
OF_MARCUS, OF_ONESELF = "kanarienvogel", "rosmarintee"
PLAIN = b"SQLite format 3\0"
DAMAGED = "trustlog-damaged-20240301T000000Z-0a1b.db"

pytestmark = pytest.mark.skipif(not may_trace(), reason="strace is not here, or may not trace")


class Case(NamedTuple):
    """A command that changes many files, what was done before it, and with which keys the journal may open after."""

    args: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    fits: tuple[tuple[str, ...], ...] = ((),)

    def with_keys(self, keys: dict[str, str]) -> Case:
        """The same with the files of the keys in the place of their names."""

        def filled(words: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(keys.get(word, word) for word in words)

        return Case(filled(self.args), tuple(map(filled, self.before)), tuple(map(filled, self.fits)))


PLAIN_COPIES = ("plain copies",)
AFTER_THE_COPY = ("add", "dana", "nothing but the journal has this", "-w", DAY)
FIRST, SECOND = ("--key-file", "{first}"), ("--key-file", "{second}")
CASES = {
    "encrypt": Case(("encrypt", *FIRST), fits=((), FIRST)),
    "decrypt": Case(("decrypt", "--yes", *FIRST), (("encrypt", *FIRST),), (FIRST, ())),
    "change the key": Case(
        ("encrypt", *FIRST, "--new-key-file", "{second}"), (("encrypt", *FIRST),), (FIRST, SECOND)
    ),
    "copies alone": Case(("encrypt", *FIRST), (("encrypt", *FIRST), PLAIN_COPIES), (FIRST,)),
    "wipe": Case(("me", "--wipe-reflections", "--yes")),
    "wipe behind a key": Case(("me", "--wipe-reflections", "--yes", *FIRST), (("encrypt", *FIRST),), (FIRST,)),
    "forget": Case(("forget", "marcus", "--yes")),
    "restore": Case(("restore", "--yes"), (AFTER_THE_COPY,)),
    "restore behind a key": Case(
        ("restore", "--yes", *FIRST), (("encrypt", *FIRST), (*AFTER_THE_COPY, *FIRST)), (FIRST,)
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def full(warm: Warm, lived_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three copies of the journal, a damaged one, a page of a browser, and the secret in all of them."""
    home = fresh(lived_in, tmp_path_factory.mktemp("full") / "home")
    for args in (
        ("add", "marcus", f"about marcus {OF_MARCUS}", "-w", DAY), ("me", "--care-after", f"tea {OF_ONESELF}"),
        ("backup",), ("add", "dana", "one more", "-w", DAY), ("backup",),
    ):  # fmt: skip
        assert warm(home, *args).code == 0
    shutil.copy(home / "trustlog.db", home / DAMAGED)
    (home / "reports").mkdir(mode=0o700)
    (home / "reports" / "report.html").write_text(f"a page {OF_MARCUS}")
    for file in (home / DAMAGED, home / "reports" / "report.html"):
        file.chmod(0o600)
    return home


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    made = {"{first}": RAW, "{second}": OTHER}
    for name, key in made.items():
        (tmp_path / name.strip("{}")).write_text(key)
        (tmp_path / name.strip("{}")).chmod(0o600)
    return {name: str(tmp_path / name.strip("{}")) for name in made}


def points(warm: Warm, home: Path, args: tuple[str, ...], log: Path) -> list[Point]:
    """Every call of one run that changes something in the home, as strace counts them."""
    told = warm(home, *args, strace=["-f", "-y", "-o", str(log), "-e", f"trace={','.join(CHANGING)}"])
    assert told.code == 0, told
    return changing(log, home, MOST)


def killed_at(warm: Warm, point: Point, home: Path, args: tuple[str, ...]) -> bool:
    inject = f"inject={point.name}:signal=KILL:when={point.number}"
    told = warm(home, *args, strace=["-f", "-o", "/dev/null", "-e", f"trace={point.name}", "-e", inject])
    assert told.code in (0, -9), told
    return told.code == -9


def holding(home: Path, *words: str) -> list[str]:
    """The files in which anybody can read one of the words."""
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    ]


def begun_as(warm: Warm, full: Path, case: Case, home: Path) -> Path:
    """A home in which all is ready for the command."""
    fresh(full, home)
    for args in case.before:
        if args != PLAIN_COPIES:
            assert warm(home, *args).code == 0
            continue
        for copy in (full / "snapshots").iterdir():  # as an older version left them, when it was cut off
            shutil.copy(copy, home / "snapshots")
    return home


@pytest.mark.parametrize("part", range(4), ids=["a", "b", "c", "d"])
@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_call_it_is_whole_or_not_at_all_and_said(
    warm: Warm, full: Path, tmp_path: Path, keys: dict[str, str], figures: Figures, name: str, part: int
) -> None:
    if FIRST[0] in (word for args in (CASES[name].args, *CASES[name].before) for word in args):
        pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    case = CASES[name].with_keys(keys)
    start, home = begun_as(warm, full, case, tmp_path / "start"), tmp_path / "home"
    before = warm.state(fresh(start, home), *case.fits[0])
    calls = points(warm, home, case.args, tmp_path / "strace")
    done = warm.state(home, *case.fits[-1])
    assert (done != before) == name.startswith(("wipe", "forget", "restore"))
    assert len(calls) >= 20
    died = 0
    for point in calls[part::4]:
        fresh(start, home)
        died += killed_at(warm, point, home, case.args)
        options = settled(warm, home, case)
        now = warm.state(home, *options)
        assert now in (before, done), point
        if name == "copies alone" and mixed(home):  # they were so before, and the doctor knows what helps
            assert [one["check"] for one in warm.findings(home, *options)] == ["encryption"], point
            assert warm(home, "doctor", "--fix", *options).code == 0, point
        assert as_it_should_be(home, start, name, made=now == done), point
        goes_on(warm, home, *options)
    assert died >= len(calls[part::4]) - 2
    figures.survived(died)


@pytest.mark.parametrize("made", [False, True], ids=["not made yet", "made"])
@pytest.mark.parametrize("name", ["encrypt", "change the key", "forget"])
def test_what_settles_it_may_be_killed_too(
    warm: Warm, full: Path, tmp_path: Path, keys: dict[str, str], figures: Figures, name: str, made: bool
) -> None:
    if name != "forget":
        pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    case = CASES[name].with_keys(keys)
    start, home = begun_as(warm, full, case, tmp_path / "start"), tmp_path / "home"
    before = warm.state(fresh(start, home), *case.fits[0])
    calls = points(warm, home, case.args, tmp_path / "strace")
    done = warm.state(home, *case.fits[-1])
    for point in calls if not made else reversed(calls):
        fresh(start, home)
        killed_at(warm, point, home, case.args)
        if (home / ".trustlog.db.unfinished").exists() and made != bool(list(home.glob(".trustlog.db.*.new"))):
            break
    cut_off = fresh(home, tmp_path / "cut-off")
    next_one = ("manager", "list", *case.fits[-1 if made else 0])
    calls = points(warm, home, next_one, tmp_path / "strace")
    assert len(calls) >= 5
    for point in calls:
        fresh(cut_off, home)
        killed_at(warm, point, home, next_one)
        options = settled(warm, home, case)
        now = warm.state(home, *options)
        assert now == (done if made else before), point
        assert as_it_should_be(home, start, name, made=made), point
        goes_on(warm, home, *options)
    figures.survived(len(calls))


@pytest.mark.parametrize("part", range(2), ids=["a", "b"])
def test_a_cure_that_was_killed_is_made_by_the_same_command_again(
    warm: Warm, full: Path, tmp_path: Path, figures: Figures, part: int
) -> None:
    start, home, args = fresh(full, tmp_path / "start"), tmp_path / "home", ("restore", "--yes")
    file = start / "trustlog.db"
    damaged = b"\xff" * 4096 + file.read_bytes()[4096:]
    file.write_bytes(damaged)
    fresh(start, home)
    calls = points(warm, home, args, tmp_path / "strace")
    done = warm.state(home)
    assert len(calls) >= 20
    died = 0
    for point in calls[part::2]:
        fresh(start, home)
        died += killed_at(warm, point, home, args)
        if warm(home, "manager", "list").code:
            assert warm(home, *args).code == 0, point
        assert warm.state(home) == done, point
        assert damaged in [path.read_bytes() for path in home.glob("*.db")], point
        assert copies_of(start) <= copies_of(home), point
        goes_on(warm, home)
    assert died >= len(calls[part::2]) - 2
    figures.survived(died)


def settled(warm: Warm, home: Path, case: Case) -> tuple[str, ...]:
    """The next command says what was found, once, and settles it. Answers the options with which it opened."""
    intent = home / ".trustlog.db.unfinished"
    begun = intent.exists() and intent.stat().st_size > 0
    said = ""
    for options in case.fits:
        told = warm(home, "manager", "list", *options)
        said += told.err
        if told.code == 0:
            break
    assert told.code == 0, said
    assert said.count(" was cut off") == begun, said
    assert not intent.exists()
    return options


def mixed(home: Path) -> bool:
    """Whether a copy is encrypted and the journal is not, or the other way round."""
    sealed = not (home / "trustlog.db").read_bytes().startswith(PLAIN)
    copies = [*(home / "snapshots").glob("*.db"), *home.glob("trustlog-damaged-*.db")]
    return any(copy.read_bytes().startswith(PLAIN) == sealed for copy in copies)


def as_it_should_be(home: Path, start: Path, name: str, *, made: bool) -> bool:
    """Every copy is as the journal is, and nothing can be read that is gone or encrypted."""
    sealed = not (home / "trustlog.db").read_bytes().startswith(PLAIN)
    if mixed(home):
        return False
    if sealed and holding(home, OF_MARCUS, OF_ONESELF, PLAIN.decode()):
        return False
    gone = {"forget": OF_MARCUS, "wipe": OF_ONESELF}.get(name)
    if gone and made:
        return not holding(home, gone)
    # what was taken back has lost no copy
    return (name.startswith("wipe") and made) or copies_of(start) <= copies_of(home)


def copies_of(home: Path) -> set[str]:
    return {copy.name for copy in (home / "snapshots").glob("*.db")}
