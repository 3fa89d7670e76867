"""The drivers: plain and encrypted files are told apart and opened, and damage is not mistaken for a wrong key."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.helpers import SCHEMA_1

from trustlog.domain.entries import EntryDraft, Filter
from trustlog.errors import UserError
from trustlog.store import entries, entries_search, failures, people, replacing
from trustlog.store.driver import (
    PLAIN,
    SCHEMA_VERSION,
    DatabaseError,
    IntegrityError,
    OperationalError,
    connect,
    is_encrypted,
)
from trustlog.store.failures import Waits, explain, this_run
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")

RAW = "0123456789abcdef" * 4
KEYS = [RAW, RAW.upper(), "a passphrase", 'it\'s "quoted"; --', "Ключ 鍵 🔑", "x", "0" * 63, "x'00'", " \t "]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = 4096


@pytest.fixture(autouse=True)
def forget_the_key() -> Iterator[None]:
    yield
    this_run.use_key(None)


class Made(Protocol):
    """Puts a journal with one entry into a folder, encrypted if there is a key."""

    def __call__(self, folder: Path, key: str | None = RAW) -> Path: ...


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Each journal is made once for all tests, because that takes longer than most of them."""
    ready: dict[str | None, Path] = {}

    def build(key: str | None) -> Path:
        folder = tmp_path_factory.mktemp("made")
        this_run.use_key(lambda: key or "", seals_new=key is not None)
        with closing(Journal.open(folder / "trustlog.db", folder / "snapshots")) as journal:
            with journal.change("manager add"):
                dana = people.add_manager(journal, "dana", "Dana Ortiz")
            with journal.change("add"):
                entries.add(journal, EntryDraft(dana.id, "note", NOON, note="kept where nobody reads it"))
        this_run.use_key(None)
        return folder / "trustlog.db"

    def copied(folder: Path, key: str | None = RAW) -> Path:
        if key not in ready:
            ready[key] = build(key)
        folder.mkdir(exist_ok=True)
        return Path(shutil.copy(ready[key], folder))

    return copied


def read(path: Path, key: str | None) -> list[str]:
    this_run.use_key(None if key is None else lambda: key)
    with closing(Journal.read(path, path.parent / "snapshots")) as journal:
        return [one.note for one in entries.page(journal, Filter())]


def refused(path: Path, key: str | None) -> str:
    """The code with which a file is refused, to a reader and a writer alike."""
    codes = set()
    for opener in (Journal.open, Journal.read):
        this_run.use_key(None if key is None else lambda: key)
        try:
            with closing(opener(path, path.parent / "snapshots")) as journal:
                entries.page(journal, Filter())
        except (UserError, DatabaseError) as error:
            known = error if isinstance(error, UserError) else explain(error)
            assert known is not None, error
            assert known.hint
            codes.add(known.code)
        else:
            codes.add("opened")
    (code,) = codes
    return code


# --- keys


@pytest.mark.parametrize("key", [*KEYS[:5], *(pytest.param(key, marks=pytest.mark.long) for key in KEYS[5:])])
def test_a_journal_is_opened_by_its_key_and_by_no_other(tmp_path: Path, made: Made, key: str) -> None:
    path = made(tmp_path, key)
    whole = path.read_bytes()

    assert not whole.startswith(PLAIN)
    assert b"kept where" not in whole
    assert read(path, key) == ["kept where nobody reads it"]
    assert [refused(path, other) for other in (None, "another", RAW[::-1], key + " ")] == ["wrong-key"] * 4
    assert path.read_bytes() == whole


def test_hex_digits_are_the_key_itself_and_other_words_are_stretched(tmp_path: Path, made: Made) -> None:
    import sqlcipher3

    path = made(tmp_path, RAW)
    other = tmp_path / "other"
    stretched = made(other, "a passphrase")

    for file, key in ((path, f"\"x'{RAW}'\""), (stretched, "'a passphrase'")):
        with closing(sqlcipher3.connect(str(file))) as db:
            db.execute(f"PRAGMA key = {key}")
            assert db.execute("SELECT count(*) FROM entries").fetchone() == (1,)


def test_an_empty_key_is_refused_because_it_would_encrypt_nothing(tmp_path: Path) -> None:
    this_run.use_key(lambda: "", seals_new=True)

    with pytest.raises(UserError, match="empty"):
        Journal.open(tmp_path / "home" / "trustlog.db", tmp_path / "snapshots")

    assert [one.name for one in (tmp_path / "home").iterdir() if one.suffix == ".db"] == []


def test_the_source_of_the_key_is_asked_once_and_not_for_a_plain_journal(tmp_path: Path, made: Made) -> None:
    asked: list[None] = []
    path = made(tmp_path, RAW)
    plain = made(tmp_path / "plain", None)

    this_run.use_key(lambda: asked.append(None) or RAW)  # type: ignore[func-returns-value]  # counts, and answers
    for _ in range(3):
        Journal.open(path, tmp_path / "snapshots").close()
    with_key = len(asked)
    this_run.use_key(lambda: asked.append(None) or RAW)  # type: ignore[func-returns-value]  # the same
    Journal.open(plain, tmp_path / "snapshots").close()

    assert (with_key, len(asked)) == (1, 1)


# --- damage is not mistaken for a wrong key


def flipped(at: int) -> Callable[[bytearray], bytes]:
    def flip(data: bytearray) -> bytes:
        data[at] ^= 0xFF
        return bytes(data)

    return flip


PLAIN_DAMAGE: dict[str, tuple[Callable[[bytearray], bytes], str]] = {
    "head overwritten by text": (lambda data: b"x" * 16 + data[16:], "damaged"),
    "head overwritten by zeros": (lambda data: bytes(100) + data[100:], "damaged"),
    "first page overwritten by noise": (lambda data: os.urandom(PAGE) + data[PAGE:], "damaged"),
    "half a page overwritten by noise": (lambda data: os.urandom(PAGE // 2) + data[PAGE // 2 :], "damaged"),
    "first byte flipped": (flipped(0), "damaged"),
    "truncated to half a page": (lambda data: bytes(data[: PAGE // 2]), "damaged"),
    "truncated to a page and a bit": (lambda data: bytes(data[: PAGE + 100]), "damaged"),
    "nothing left": (lambda _: b"", "damaged"),
    "only text": (lambda _: b"x" * 5000, "damaged"),
}
SEALED_DAMAGE: dict[str, tuple[Callable[[bytearray], bytes], str]] = {
    "byte of the first page flipped": (flipped(20), "damaged"),
    "end of the first page flipped": (flipped(PAGE - 1), "damaged"),
    "head overwritten by text": (lambda data: b"x" * PAGE + data[PAGE:], "damaged"),
    "truncated to a page": (lambda data: bytes(data[:PAGE]), "damaged"),
    "truncated to a page and a bit": (lambda data: bytes(data[: PAGE + 100]), "damaged"),
    "truncated to half a page": (lambda data: bytes(data[: PAGE // 2]), "damaged"),
    "nothing left": (lambda _: b"", "damaged"),
    # the salt lies there: without it nothing fits, and nobody can tell which of the two is wrong
    "first byte flipped": (flipped(0), "wrong-key"),
}


@pytest.mark.parametrize("key", [None, RAW, "a passphrase"])
@pytest.mark.parametrize("kind", PLAIN_DAMAGE)
def test_a_damaged_plain_journal_is_called_damaged_whatever_the_key(
    tmp_path: Path, made: Made, kind: str, key: str | None
) -> None:
    path = made(tmp_path, None)
    damage, code = PLAIN_DAMAGE[kind]
    path.write_bytes(damage(bytearray(path.read_bytes())))
    before = path.read_bytes()

    assert refused(path, key) == code
    assert path.read_bytes() == before


@pytest.mark.parametrize("key", [RAW, "a passphrase"])
@pytest.mark.parametrize("kind", SEALED_DAMAGE)
def test_a_damaged_encrypted_journal_is_called_damaged_to_who_has_its_key(
    tmp_path: Path, made: Made, kind: str, key: str
) -> None:
    path = made(tmp_path, key)
    damage, code = SEALED_DAMAGE[kind]
    path.write_bytes(damage(bytearray(path.read_bytes())))
    before = path.read_bytes()

    assert refused(path, key) == code
    assert path.read_bytes() == before


def test_a_page_of_entries_that_was_flipped_is_noticed_when_it_is_read(tmp_path: Path, made: Made) -> None:
    path = made(tmp_path, RAW)
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // PAGE):
        data[page * PAGE + 1000] ^= 0xFF
    path.write_bytes(data)

    assert refused(path, RAW) == "damaged"


def test_no_page_of_a_plain_journal_looks_encrypted_and_every_encrypted_one_does(tmp_path: Path) -> None:
    known = SCHEMA_1.read_bytes()
    file = tmp_path / "file.db"

    for at in range(0, len(known), PAGE):
        file.write_bytes(os.urandom(PAGE) + known[at : at + PAGE])
        assert not is_encrypted(file), f"the page at {at}"
    for _ in range(500):
        file.write_bytes(os.urandom(2 * PAGE))
        assert is_encrypted(file)


def test_the_c_library_says_nothing_on_stderr(tmp_path: Path, made: Made) -> None:
    path = made(tmp_path, RAW)
    code = (
        "import sys; from pathlib import Path; from trustlog.store.failures import this_run; "
        "from trustlog.store.journal import Journal; from trustlog.errors import UserError\n"
        "this_run.use_key(lambda: 'wrong')\n"
        "try: Journal.read(Path(sys.argv[1]), Path(sys.argv[1]).parent)\n"
        "except UserError as error: print(error.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "wrong-key\n", "")


# --- errors


def test_the_errors_of_both_drivers_are_caught_by_the_same_names(tmp_path: Path, made: Made) -> None:
    path = made(tmp_path, RAW)
    this_run.use_key(lambda: RAW)
    with closing(Journal.open(path, tmp_path / "snapshots")) as journal:
        with pytest.raises(IntegrityError), journal.change("add"):
            entries.add(journal, EntryDraft(99, "note", NOON))
        with pytest.raises(OperationalError):
            journal.rows("SELECT nothing")
        with pytest.raises(sqlite3.DatabaseError):
            journal.rows("SELECT nothing")
        pages = journal.rows("PRAGMA page_count")[0][0]
        journal.rows(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(OperationalError) as error, journal.change("add"):
            entries.add(journal, EntryDraft(1, "note", NOON, note="x" * 100_000))

    known = explain(error.value)
    assert known is not None
    assert known.code == "disk-full"


def test_without_sqlcipher_an_encrypted_journal_names_what_to_install(
    tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, RAW)
    this_run.use_key(lambda: RAW)
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)

    with pytest.raises(UserError) as error:
        Journal.open(path, tmp_path / "snapshots")

    assert error.value.code == "missing-extra"
    assert "pip install 'trustlog[encrypt]'" in error.value.hint


# --- copies


def test_sqlite_refuses_to_copy_from_an_encrypted_journal_into_a_plain_file(tmp_path: Path, made: Made) -> None:
    path = made(tmp_path, RAW)
    this_run.use_key(lambda: RAW)
    (tmp_path / "copy.db").touch()

    with (
        closing(connect(path, "rw")) as db,
        closing(connect(tmp_path / "copy.db", "rw")) as plain,
        pytest.raises((DatabaseError, TypeError)),
    ):
        db.backup(plain)

    assert (tmp_path / "copy.db").read_bytes() == b""


@pytest.mark.parametrize("key", [None, RAW])
def test_a_new_file_is_like_the_one_that_is_copied_into_it(tmp_path: Path, made: Made, key: str | None) -> None:
    path = made(tmp_path, key)
    this_run.use_key(lambda: key or "")
    (tmp_path / "copy.db").touch()

    with closing(connect(path, "rw")) as db:
        with closing(connect(tmp_path / "copy.db", "rw", like=db)) as copy:
            db.backup(copy)
        with closing(connect(None, "memory", like=db)) as memory:
            db.backup(memory)
            assert memory.execute("SELECT count(*) FROM entries").fetchone()[0] == 1

    assert is_encrypted(tmp_path / "copy.db") == (key is not None)
    assert read(tmp_path / "copy.db", key) == ["kept where nobody reads it"]


def test_an_encrypted_journal_of_the_first_release_is_brought_up_to_date_with_an_encrypted_copy(tmp_path: Path) -> None:
    old = Path(shutil.copy(SCHEMA_1, tmp_path / "old.db"))
    path = tmp_path / "trustlog.db"
    path.touch()
    replacing.remake(old, None, path, RAW)
    this_run.use_key(lambda: RAW)

    with closing(Journal.open(path, tmp_path / "snapshots")) as journal:
        assert journal.upgraded
        assert journal.rows("PRAGMA user_version")[0][0] == SCHEMA_VERSION
        words = journal.rows("SELECT note FROM entries WHERE note <> '' LIMIT 1")[0][0]
        hit = re.findall(r"\w{4,}", words)[0]
        assert entries_search.search(journal, hit, Filter(), ("", ""))

    copies = list((tmp_path / "snapshots").glob("*.db"))
    assert [is_encrypted(copy) for copy in copies] == [True]


@pytest.mark.parametrize("keys", [(None, RAW), (RAW, None), (RAW, "another"), ("another", RAW), (None, "it's")])
def test_a_file_that_is_remade_holds_the_same(tmp_path: Path, made: Made, keys: tuple[str | None, str | None]) -> None:
    path = made(tmp_path, keys[0])
    new = tmp_path / "new.db"
    new.touch()

    counts = replacing.remake(path, keys[0], new, keys[1])

    assert counts.entries == 1
    assert read(new, keys[1]) == ["kept where nobody reads it"]
    assert is_encrypted(new) == (keys[1] is not None)
    assert shape(new, keys[1]) == shape(path, keys[0])


def shape(path: Path, key: str | None) -> list[tuple[object, ...]]:
    """What of a file is no row of ours."""
    this_run.use_key(lambda: key or "")
    asked = (
        "SELECT type, name, sql FROM sqlite_master ORDER BY type, name", "SELECT * FROM sqlite_sequence ORDER BY name",
        "PRAGMA user_version", "PRAGMA application_id", "PRAGMA journal_mode",
    )  # fmt: skip
    with closing(connect(path, "rw")) as db:
        return [tuple(row) for sql in asked for row in db.execute(sql)]


def test_a_damaged_file_is_not_remade(tmp_path: Path, made: Made) -> None:
    path = made(tmp_path, None)
    data = bytearray(path.read_bytes())
    data[PAGE * 2 : PAGE * 4] = b"\xff" * PAGE * 2
    path.write_bytes(data)
    (tmp_path / "new.db").touch()

    with pytest.raises(DatabaseError, match="malformed"):
        replacing.remake(path, None, tmp_path / "new.db", RAW)


def test_an_encrypted_journal_that_another_program_holds_is_waited_for_as_a_plain_one(
    tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path)
    this_run.use_key(lambda: RAW)
    said: list[str] = []
    this_run.tell(said.append)
    monkeypatch.setattr(failures, "SILENT", 0.0)
    monkeypatch.setattr(Waits, "patience", 0.3)
    with closing(connect(path, "rw")) as other, closing(connect(path, "rw")) as db:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as error:
            db.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        db.execute("BEGIN IMMEDIATE")
    this_run.tell(None)
    known = explain(error.value)
    assert known is not None
    assert known.code == "conflict"
    assert [line.split(". ")[0] for line in said] == ["Another program holds trustlog.db"]
