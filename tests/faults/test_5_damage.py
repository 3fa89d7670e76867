"""A damaged file: told or answered rightly, never silently less, back with one command, and kept."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import DAY, fresh

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 6
ENTRIES = 600
PLACES = 40
HEAD = 100
"""The bytes of SQLite's own head."""


def cut_in_half(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def flipped(at: float) -> Callable[[bytes], bytes]:
    def flip(raw: bytes) -> bytes:
        start = int(len(raw) * at)
        return raw[:start] + bytes(byte ^ 0xFF for byte in raw[start : start + 16]) + raw[start + 16 :]

    return flip


def nuls_in_the_middle(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes(512) + raw[middle + 512 :]


def noise_at_the_head(raw: bytes) -> bytes:
    return random.Random(1).randbytes(300) + raw[300:]


def emptied(_: bytes) -> bytes:
    return b""


def latin_1_in_the_middle(raw: bytes) -> bytes:
    middle = raw.index(b"entry number 300 ")
    return raw[:middle] + b"\xe9\xfc" + raw[middle + 2 :]


def text_instead(_: bytes) -> bytes:
    return b"Dear diary, this is no database at all.\n" * 200


def bit_of_the_head(at: int) -> Callable[[bytes], bytes]:
    return lambda raw: raw[:at] + bytes([raw[at] ^ 0x10]) + raw[at + 1 :]


def latin_1_in_the_schema(raw: bytes) -> bytes:
    place = raw.index(b"CREATE TABLE entries") + 3
    return raw[:place] + b"\xe9" + raw[place + 1 :]


def no_first_page(raw: bytes) -> bytes:
    return bytes(4096) + raw[4096:]


KINDS: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": cut_in_half,
    "bits flipped near the beginning": flipped(0.1),
    "bits flipped in the middle": flipped(0.5),
    "bits flipped near the end": flipped(0.9),
    "512 NULs in the middle": nuls_in_the_middle,
    "300 random bytes at the head": noise_at_the_head,
    "an empty file": emptied,
    "two Latin-1 bytes in a note": latin_1_in_the_middle,
    "a text in its place": text_instead,
    "a bit of the format of the schema": bit_of_the_head(47),
    "a bit of the number of the schema": bit_of_the_head(60),
    "a bit of the mark of a journal": bit_of_the_head(69),
    "a Latin-1 byte in the schema": latin_1_in_the_schema,
    "a first page of NULs": no_first_page,
}
READS = [("log",), ("report",), ("search", "entry"), ("log", "300"), ("next",), ("export",), ("log", "--json")]


@pytest.fixture(scope="module")
def long(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 600 entries and a copy of them."""
    home = tmp_path_factory.mktemp("long") / "home"
    people = ("dana", "marcus", "priya")
    rows = "".join(
        f"{people[number % 3]},reply,{DAY},entry number {number} with words of its own\n" for number in range(ENTRIES)
    )
    for args, stdin in ((("import", "-"), f"manager,kind,when,note\n{rows}"), (("backup",), "")):
        told = warm(home, *args, stdin=stdin.encode())
        assert told.code == 0, told
    return home


def answers(warm: Warm, home: Path) -> dict[tuple[str, ...], bytes]:
    return {words: warm(home, *words).out for words in READS}


def is_never_less(warm: Warm, home: Path, right: dict[tuple[str, ...], bytes]) -> bool:
    """Whether any reading told of the damage; what was answered must be the whole answer."""
    told = False
    for words in READS:
        said = warm(home, *words)
        if said.code == 0:
            assert said.out == right[words], f"{words}: silently something else"
        else:
            said.one_line()
            told = True
    return told


def comes_back(warm: Warm, home: Path, right: dict[tuple[str, ...], bytes], damaged: bytes) -> None:
    """One command, and all is there as the copy had it; the damaged file lies beside it."""
    told = warm(home, "restore", "--yes")
    assert told.code == 0, told
    kept = [file.read_bytes() for file in home.glob("trustlog-damaged-*.db")]
    # where SQLite itself finds no fault, the file counts as a journal and is kept as a copy like any other
    assert kept == [damaged] or len(list(home.glob("snapshots/*before-restore*"))) == 1
    assert answers(warm, home) == right
    assert warm(home, "add", "dana", "goes on").code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_told_and_undone_by_one_command(
    warm: Warm, long: Path, tmp_path: Path, figures: Figures, kind: str
) -> None:
    home = fresh(long, tmp_path / "home")
    right = answers(warm, home)
    file = home / "trustlog.db"
    damaged = KINDS[kind](file.read_bytes())
    file.write_bytes(damaged)
    told = is_never_less(warm, home, right)
    findings = warm(home, "doctor")
    assert findings.code == 1 or not told, findings
    assert "Traceback" not in findings.err
    added = warm(home, "add", "dana", "after the damage")
    assert added.code in (0, 1)
    if added.code:
        added.one_line()
        assert file.read_bytes() == damaged
    else:
        damaged = file.read_bytes()
    comes_back(warm, home, right, damaged)
    figures.survived()


def test_any_byte_of_the_head_comes_back_by_one_command(
    warm: Warm, long: Path, tmp_path: Path, figures: Figures
) -> None:
    home = fresh(long, tmp_path / "home")
    file = home / "trustlog.db"
    raw = file.read_bytes()
    right = warm(home, "log").out
    for at in range(HEAD):
        damaged = raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]
        file.write_bytes(damaged)
        told = warm(home, "restore", "--yes", "--json")
        assert told.code == 0, f"byte {at}: {told}"
        kept = [one.read_bytes() for one in home.glob("trustlog-damaged-*.db")]
        assert kept == [damaged] or told.data["undo_by"] is not None, f"byte {at}"
        assert warm(home, "log").out == right, f"byte {at}"
        for one in home.glob("trustlog-damaged-*.db"):
            one.unlink()
        figures.survived()


@pytest.mark.parametrize("what", ["flipped", "NULs"])
def test_damage_anywhere_is_never_silently_less(
    warm: Warm, long: Path, tmp_path: Path, figures: Figures, what: str
) -> None:
    """Wherever 16 bytes are other than they were: an error in one line, or every entry."""
    home = fresh(long, tmp_path / "home")
    file = home / "trustlog.db"
    raw = file.read_bytes()
    wanted = len(warm(home, "log", "--json").data["entries"])
    spots = random.Random(what)
    for _ in range(PLACES):
        at = spots.randrange(len(raw) - 16)
        hole = bytes(16) if what == "NULs" else bytes(byte ^ 0xFF for byte in raw[at : at + 16])
        for leftover in home.glob("trustlog.db-*"):
            leftover.unlink()
        file.write_bytes(raw[:at] + hole + raw[at + 16 :])
        for words in (("log", "--json"), ("report",), ("search", "entry", "--json"), ("export",)):
            said = warm(home, *words)
            if said.code:
                said.one_line()
            elif words == ("log", "--json"):
                assert len(said.data["entries"]) == wanted, f"fewer entries after damage at {at}"
            elif words[0] == "search" and len(said.data["entries"]) != wanted:
                assert warm(home, "doctor").code == 1, f"search finds less after damage at {at}, and nobody tells"
        figures.survived()


@pytest.mark.parametrize("cut", ["removed", "cut", "noise"])
def test_a_log_that_lost_its_end_is_read_up_to_there(
    warm: Warm, long: Path, tmp_path: Path, figures: Figures, cut: str
) -> None:
    """What SQLite had not folded in yet: without it the journal is as before, never broken."""
    import sqlite3  # keeps a write-ahead log from being folded in

    home = fresh(long, tmp_path / "home")
    before = answers(warm, home)
    with sqlite3.connect(home / "trustlog.db") as holding:
        holding.execute("SELECT count(*) FROM entries").fetchone()
        holding.execute("BEGIN")
        holding.execute("SELECT count(*) FROM entries").fetchone()
        assert warm(home, "add", "dana", "in the log only").code == 0
        after = {
            "trustlog.db": (home / "trustlog.db").read_bytes(),
            "trustlog.db-wal": (home / "trustlog.db-wal").read_bytes(),
        }
    holding.close()
    torn = tmp_path / "torn"
    shutil.copytree(home / "snapshots", torn / "snapshots")
    torn.chmod(0o700)
    (torn / "trustlog.db").write_bytes(after["trustlog.db"])
    log = after["trustlog.db-wal"]
    assert len(log) > 4096
    if cut != "removed":
        left = (
            log[: len(log) // 2] if cut == "cut" else log[: len(log) // 2] + random.Random(2).randbytes(len(log) // 2)
        )
        (torn / "trustlog.db-wal").write_bytes(left)
    assert answers(warm, torn) == before
    assert [one for one in warm.findings(torn) if one["check"] == "integrity"] == []
    assert warm(torn, "add", "dana", "goes on").code == 0
    figures.survived()
