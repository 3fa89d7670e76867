"""`restore` is the one cure: whatever stands in the journal's place, a good copy brings it back and loses nothing."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.helpers import ENCRYPTED

from trustlog.store.driver import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Call

HEAD = 100
"""The bytes of SQLite's own head."""
NOISE = random.Random(7).randbytes(65_536)
"""What nobody can tell from an encrypted file."""
KEY, OTHER = "9f" * 32, "another key"
PLAIN = b"SQLite format 3\0"


@pytest.fixture
def copied(call: Call, two: Path) -> Path:
    """A home with two entries and a copy of them."""
    call("add", "dana", "one", "-w", "2024-03-01").says()
    call("add", "marcus", "two", "-w", "2024-03-02").says()
    call("backup").says()
    return two


@pytest.fixture
def key(tmp_path: Path) -> str:
    return key_file(tmp_path / "a key", KEY)


@pytest.fixture
def sealed(call: Call, copied: Path, key: str) -> Path:
    """The same behind a key."""
    pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    assert call("encrypt", "--key-file", key).code == 0
    return copied


own_key = pytest.mark.skipif(ENCRYPTED, reason="these tests bring their own keys, or look into plain files")


def key_file(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def notes(call: Call, *options: str) -> list[str]:
    return [one["note"] for one in reversed(call("log", "--json", *options).data["entries"])]


def flipped(raw: bytes, at: int, mask: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ mask]) + raw[at + 1 :]


def comes_back(call: Call, home: Path, damaged: bytes, *options: str) -> None:
    """One command, and all is there as the copy had it; what was there is kept, as a file beside it or as a copy."""
    journal = home / "trustlog.db"
    before = set(home.iterdir()) | set((home / "snapshots").iterdir())
    for log in home.glob("trustlog.db-*"):
        log.unlink()
    journal.write_bytes(damaged)

    done = call("restore", "--yes", "--json", *options).data

    assert notes(call, *options) == ["one", "two"]
    if done["damaged"] is None:
        kept = home / "snapshots" / done["undo_by"]
    else:
        kept = home / done["damaged"]
        assert kept.read_bytes() == damaged
    assert set(home.iterdir()) | set((home / "snapshots").iterdir()) == before | {kept}
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()


# --- the head of the file


def test_any_byte_of_the_head_may_be_other_than_it_was(call: Call, copied: Path) -> None:
    raw = (copied / "trustlog.db").read_bytes()
    for at in (0, 15, 16, 18, 19, 20, 21, 24, 28, 32, 36, 40, 44, 47, 48, 52, 56, 59, 60, 63, 64, 68, 72, 92, HEAD - 1):
        comes_back(call, copied, flipped(raw, at, 0xFF))  # once in each field; the long one below takes each bit


@pytest.mark.long
@pytest.mark.parametrize("at", range(HEAD))
def test_any_bit_of_the_head_may_be_other_than_it_was(call: Call, copied: Path, at: int) -> None:
    raw = (copied / "trustlog.db").read_bytes()
    for bit in range(8):
        comes_back(call, copied, flipped(raw, at, 1 << bit))


@own_key
@pytest.mark.parametrize(
    ("at", "mask", "said"),
    [
        (47, 0x08, "the journal file is damaged"),  # the format of the schema
        (60, 0x01, "the journal file is damaged"),  # a schema number of 16,777,218
        (63, 0x40, f"written by a newer trustlog (schema {SCHEMA_VERSION | 0x40}"),
        (68, 0x01, "the journal file is damaged"),  # the mark
        (71, 0x80, "the journal file is damaged"),
    ],
)
def test_who_meets_such_a_head_is_sent_to_restore(call: Call, copied: Path, at: int, mask: int, said: str) -> None:
    journal = copied / "trustlog.db"
    damaged = flipped(journal.read_bytes(), at, mask)
    journal.write_bytes(damaged)

    for words in (["log"], ["add", "dana", "x"], ["report"]):
        told = call(*words).fails(1)
        assert said in told
        assert "trustlog restore" in told
    assert journal.read_bytes() == damaged


@own_key
@pytest.mark.parametrize("at", range(0, 24, 3))
def test_bytes_that_are_not_utf_8_in_the_schema_text(call: Call, copied: Path, at: int) -> None:
    raw = (copied / "trustlog.db").read_bytes()
    place = raw.index(b"CREATE TABLE managers") + at

    comes_back(call, copied, raw[:place] + b"\xe9" + raw[place + 1 :])


# --- the rest of the file


@pytest.mark.parametrize("size", [0, 1, 15, 16, 50, 99, 100, 101, 512, 4095, 4096, 4097, 20_000])
def test_the_file_may_be_cut_anywhere(call: Call, copied: Path, size: int) -> None:
    comes_back(call, copied, (copied / "trustlog.db").read_bytes()[:size])


@pytest.mark.parametrize(
    "make",
    [
        lambda raw: bytes(4096) + raw[4096:],
        lambda raw: bytes(len(raw)),
        lambda raw: bytes(512) + raw[512:],
        lambda _: b"Dear diary, this is no database at all.\n" * 400,
        lambda _: b"%PDF-1.7\n" + NOISE[:3000],
        lambda raw: raw[4096:] + raw[:4096],
    ],
    ids=["no first page", "NULs", "no first sector", "a text", "a PDF", "pages in another order"],
)
def test_anything_else_may_stand_in_its_place(call: Call, copied: Path, make: Callable[[bytes], bytes]) -> None:
    comes_back(call, copied, make((copied / "trustlog.db").read_bytes()))


@own_key
def test_a_day_that_is_none_may_stand_in_the_journal(call: Call, copied: Path) -> None:
    with closing(sqlite3.connect(copied / "trustlog.db", isolation_level=None)) as db:
        db.execute("UPDATE entries SET happened_on = 'no day' WHERE id = 2")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert call("restore", "--yes").code == 0

    assert notes(call) == ["one", "two"]


@own_key
def test_a_log_beside_the_damaged_journal_is_kept_with_it(call: Call, copied: Path) -> None:
    journal = copied / "trustlog.db"
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("UPDATE entries SET note = 'in the log' WHERE id = 1")
        log = (copied / "trustlog.db-wal").read_bytes()
    damaged = NOISE[:3000]
    journal.write_bytes(damaged)
    (copied / "trustlog.db-wal").write_bytes(log)

    done = call("restore", "--yes", "--json").data

    assert notes(call) == ["one", "two"]
    kept = copied / done["damaged"]
    assert (kept.read_bytes(), kept.with_name(f"{kept.name}-wal").read_bytes()) == (damaged, log)


@own_key
def test_a_journal_of_a_newer_version_is_kept_beside_the_copy_that_is_restored(call: Call, copied: Path) -> None:
    with closing(sqlite3.connect(copied / "trustlog.db")) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    newer = (copied / "trustlog.db").read_bytes()

    done = call("restore", "--yes", "--json").data

    assert (copied / done["damaged"]).read_bytes() == newer
    assert notes(call) == ["one", "two"]


# --- what is no damage


@own_key
def test_a_database_of_another_program_is_replaced_only_where_a_journal_lay(
    call: Call, copied: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as db:
        db.execute("CREATE TABLE theirs (x)")
    theirs = (tmp_path / "theirs.db").read_bytes()
    comes_back(call, copied, theirs)

    (copy,) = (copied / "snapshots").iterdir()
    call("restore", str(copy), "--yes", "--db", str(tmp_path / "theirs.db"), "--json").fails(1, "bad-file")

    assert (tmp_path / "theirs.db").read_bytes() == theirs


@pytest.mark.parametrize("made", ["folder", "link", "pipe"])
def test_what_is_no_file_is_refused_and_stays(call: Call, copied: Path, made: str) -> None:
    journal = copied / "trustlog.db"
    journal.unlink()
    if made == "folder":
        journal.mkdir()
        (journal / "mine.txt").write_text("mine")
    elif made == "link":
        journal.symlink_to(copied / "a disk that is not there" / "trustlog.db")
    else:
        os.mkfifo(journal)

    call("restore", "--yes", "--json").fails(1, "bad-file")

    if made == "folder":
        assert (journal / "mine.txt").read_text() == "mine"
    assert sorted(path.name for path in copied.iterdir() if path.name != ".trustlog.db.lock") == [
        "snapshots", "trustlog.db",
    ]  # fmt: skip


# --- the copies


@own_key
def test_copies_with_damage_of_every_kind_are_passed_over(call: Call, copied: Path) -> None:
    (good,) = (copied / "snapshots").iterdir()
    raw = good.read_bytes()
    schema = raw.index(b"CREATE TABLE managers") + 3
    spoiled = [
        flipped(raw, 47, 8), flipped(raw, 60, 1), flipped(raw, 68, 1), raw[:schema] + b"\xe9" + raw[schema + 1 :],
        raw[:9000], b"",
    ]  # fmt: skip
    for number, damaged in enumerate(spoiled, 2):
        good.with_name(f"trustlog-20261123T150203Z-{number}.db").write_bytes(damaged)
    (copied / "trustlog.db").write_bytes(b"no journal")

    answer = call("restore", "--yes", "--json")

    assert (answer.code, notes(call)) == (0, ["one", "two"])
    assert len(answer.data["passed_over"]) == len(spoiled)


@own_key
def test_a_copy_that_looks_encrypted_is_not_passed_over_but_named(call: Call, copied: Path) -> None:
    (good,) = (copied / "snapshots").iterdir()
    noise = good.with_name("trustlog-20261123T150203Z-2.db")
    noise.write_bytes(NOISE)
    (copied / "trustlog.db").write_bytes(b"no journal")

    for words in ([], [good.stem]):
        told = call("restore", *words, "--yes", "--json").fails(1, "wrong-key")
        assert told.endswith(f"If no key opens {noise}, move it away and try again.")

    noise.unlink()
    assert call("restore", "--yes").code == 0
    assert notes(call) == ["one", "two"]


@own_key
def test_a_later_copy_of_a_newer_version_is_not_passed_over_in_silence(call: Call, copied: Path) -> None:
    (good,) = (copied / "snapshots").iterdir()
    newer = shutil.copy(good, good.with_name("trustlog-20261123T150203Z-2.db"))
    with closing(sqlite3.connect(newer)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = (copied / "trustlog.db").read_bytes()

    told = call("restore", "--yes", "--json").fails(1, "too-new")

    assert "take another: trustlog backup --list" in told
    assert (copied / "trustlog.db").read_bytes() == before
    assert call("restore", good.stem, "--yes").code == 0


# --- encrypted


@own_key
@pytest.mark.parametrize("at", [*range(16), *range(16, 100, 7)])
def test_any_byte_of_the_head_of_an_encrypted_journal(call: Call, sealed: Path, key: str, at: int) -> None:
    raw = (sealed / "trustlog.db").read_bytes()

    comes_back(call, sealed, flipped(raw, at, 0x10), "--key-file", key)

    assert not (sealed / "trustlog.db").read_bytes().startswith(PLAIN)


@own_key
@pytest.mark.parametrize(
    "make",
    [lambda raw: raw[16:], lambda raw: bytes(16) + raw[16:], lambda raw: bytes(4096) + raw[4096:], lambda _: NOISE],
    ids=["without its first 16 bytes", "with 16 NULs", "with no first page", "noise"],
)
def test_an_encrypted_journal_that_no_key_opens_any_more(
    call: Call, sealed: Path, key: str, make: Callable[[bytes], bytes]
) -> None:
    damaged = make((sealed / "trustlog.db").read_bytes())

    comes_back(call, sealed, damaged, "--key-file", key)

    assert not (sealed / "trustlog.db").read_bytes().startswith(PLAIN)


@own_key
@pytest.mark.parametrize("given", ["none", "wrong"])
def test_without_the_right_key_nothing_is_changed(call: Call, sealed: Path, tmp_path: Path, given: str) -> None:
    options = ["--key-file", key_file(tmp_path / "wrong", OTHER)] if given == "wrong" else []
    raw = (sealed / "trustlog.db").read_bytes()
    for damaged in (raw, raw[16:], b""):
        (sealed / "trustlog.db").write_bytes(damaged)
        before = {path: path.read_bytes() for path in sealed.rglob("*.db")}

        call("restore", "--yes", "--json", *options).fails(1, "wrong-key")

        assert {path: path.read_bytes() for path in sealed.rglob("*.db")} == before


@own_key
@pytest.mark.parametrize("damage", [lambda raw: raw[16:], lambda _: b""], ids=["no salt", "empty"])
def test_a_plain_backup_is_encrypted_where_the_copies_of_the_damaged_journal_are(
    call: Call, copied: Path, key: str, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    call("backup", str(tmp_path / "plain.db")).says()
    assert call("encrypt", "--key-file", key).code == 0
    journal = copied / "trustlog.db"
    journal.write_bytes(damage(journal.read_bytes()))
    wrong = key_file(tmp_path / "wrong", OTHER)
    call("restore", str(tmp_path / "plain.db"), "--yes", "--json").fails(1, "wrong-key")
    call("restore", str(tmp_path / "plain.db"), "--yes", "--json", "--key-file", wrong).fails(1, "wrong-key")

    answer = call("restore", str(tmp_path / "plain.db"), "--yes", "--key-file", key)

    assert "the journal that is made of it will be" in answer.err
    assert notes(call, "--key-file", key) == ["one", "two"]
    assert not journal.read_bytes().startswith(PLAIN)


@own_key
def test_an_encrypted_journal_without_copies_is_not_replaced_by_a_plain_one_without_its_key(
    call: Call, sealed: Path, key: str, tmp_path: Path
) -> None:
    call("backup", str(tmp_path / "b.db"), "--key-file", key).says()
    shutil.rmtree(sealed / "snapshots")
    plain = tmp_path / "plain.db"
    assert call("decrypt", "--db", str(shutil.copy(tmp_path / "b.db", plain)), "--yes", "--key-file", key).code == 0
    before = (sealed / "trustlog.db").read_bytes()

    told = call("restore", str(plain), "--yes", "--json").fails(1, "wrong-key")

    assert told.endswith(f"If no key opens {sealed / 'trustlog.db'}, move it away and try again.")
    assert (sealed / "trustlog.db").read_bytes() == before


@own_key
def test_noise_in_place_of_a_plain_journal_needs_no_key(call: Call, copied: Path) -> None:
    comes_back(call, copied, NOISE)

    (copied / "trustlog.db").write_bytes(NOISE)
    said = call("restore", "--yes").err
    assert "Its file looks encrypted, its copies are not; the new journal will not be encrypted either." in said
