"""A journal with two names on its disk: SQLite keeps a log by the name, so that writing by both would lose entries."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trustlog.store import driver
from trustlog.store.failures import this_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Call

WRITES = [
    ("add", "dana", "words"), ("edit", "1", "--note", "words"), ("delete", "1"), ("undo",),
    ("manager", "add", "Priya"), ("forget", "marcus", "--yes"), ("me", "--wipe-reflections", "--yes"),
]  # fmt: skip


@pytest.fixture
def some(two: Path, call: Call) -> Path:
    call("add", "dana", "by the first name").says()
    return two


@pytest.fixture
def linked(some: Path) -> Path:
    """The second name of the journal."""
    os.link(some / "trustlog.db", some / "other.db")
    return some / "other.db"


@pytest.fixture(autouse=True)
def no_key_goes_on() -> Iterator[None]:
    yield
    this_run.use_key(None)


@pytest.mark.parametrize("args", WRITES, ids=lambda args: args[0])
def test_nothing_is_written_by_either_name_and_the_cure_is_named(
    call: Call, linked: Path, args: tuple[str, ...]
) -> None:
    before = linked.read_bytes()
    first = linked.with_name("trustlog.db")
    assert call(*args, "--json").fails(1, "conflict") == (
        f"{first} has another name on the disk, {linked}, and what is written by two names is lost."
        f" Keep one of them: rm {linked}"
    )
    assert f"{linked} has another name on the disk, {first}, " in call("--db", str(linked), *args).fails(1)
    assert linked.read_bytes() == before


def test_it_is_read_by_both_names_and_reading_writes_nothing(call: Call, linked: Path) -> None:
    before = linked.read_bytes()
    for words in (("log", "--json"), ("--db", str(linked), "log", "--json")):
        assert [one["note"] for one in call(*words).data["entries"]] == ["by the first name"]
    assert linked.read_bytes() == before
    assert [path.name for path in linked.parent.iterdir() if path.name.endswith(("-wal", "-shm"))] == []


def test_the_cure_works(call: Call, linked: Path) -> None:
    call("add", "dana", "words").fails(1)
    linked.unlink()
    assert call("add", "dana", "words").code == 0


def test_what_was_written_by_the_other_name_is_read_and_its_cure_loses_nothing(
    call: Call, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older trustlog wrote by both names, and was killed: each name has a log of its own."""
    taken = tmp_path / "taken"
    with closing(driver.connect(linked, "rw")) as other:
        other.execute("UPDATE entries SET note = 'by the second name', uid = 'another'")
        taken.mkdir()
        shutil.copy(f"{linked}-wal", taken)
        other.execute("UPDATE entries SET note = 'by the first name', uid = 'first'")
    shutil.copy(taken / "other.db-wal", linked.parent)
    assert [one["note"] for one in call("--db", str(linked), "log", "--json").data["entries"]] == ["by the second name"]
    assert [one["note"] for one in call("log", "--json").data["entries"]] == ["by the first name"]

    monkeypatch.chdir(tmp_path)
    _, _, cure = call("add", "dana", "words").fails(1).partition("so first: ")
    for step in cure.split(" and then: "):
        program, *args = step.split()
        if program == "rm":
            for name in args:
                Path(name).unlink()
        else:
            assert call(*args).code == 0

    notes = {one["note"] for one in call("log", "--json").data["entries"]}
    assert notes == {"by the first name", "by the second name"}


def test_a_name_in_another_folder_is_looked_for_by_a_command(call: Call, some: Path, tmp_path: Path) -> None:
    os.link(some / "trustlog.db", tmp_path / "elsewhere.db")
    said = call("add", "dana", "words").fails(1)
    assert f"find / -xdev -samefile {some / 'trustlog.db'}" in said


def test_a_link_that_leads_to_the_journal_is_no_second_name(call: Call, some: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(some / "trustlog.db")
    assert call("--db", str(tmp_path / "link.db"), "add", "dana", "words").code == 0


def test_the_name_that_a_killed_first_run_left_hinders_nobody(call: Call, some: Path) -> None:
    os.link(some / "trustlog.db", some / ".trustlog.db.0a1b2c3d.new")
    assert call("add", "dana", "words").code == 0


def test_doctor_names_both_and_the_cure(call: Call, linked: Path) -> None:
    (found,) = [one for one in json.loads(call("doctor", "--json").out)["data"]["findings"] if one["check"] == "links"]
    assert str(linked) in found["problem"]
    assert found["cure"] == f"Keep one of them: rm {linked}"


def test_an_encryption_leaves_no_plain_second_name_behind(call: Call, linked: Path, tmp_path: Path) -> None:
    pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    (tmp_path / "new").write_text("0123456789abcdef" * 4)
    (tmp_path / "new").chmod(0o600)
    call("encrypt", "--new-key-file", str(tmp_path / "new"), "--yes", "--json").fails(1, "conflict")
    assert linked.exists()
