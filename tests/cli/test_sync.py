"""`sync`: two and three homes, one folder, and everything that may happen between them."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Call, Run, Terminal
from tests.helpers import opened
from tests.sync_world import World, without_a_slow_passphrase

from trustlog import clock
from trustlog.errors import UserError
from trustlog.formats import sync_document, sync_file
from trustlog.formats.sync_document import BASE, Name, record_of, text_of
from trustlog.services.sync_merge import Merge
from trustlog.store import driver, sync
from trustlog.store.journal import Journal

LONG = pytest.mark.long


class Laptop:
    """One home with its own copy of the folder, as a replicator leaves it."""

    def __init__(
        self, call: Call, patch: pytest.MonkeyPatch, place: Path, name: str, folder: Path | None = None
    ) -> None:
        self.home, self.folder, self.name = place / name, folder or place / f"folder-{name}", name
        self._call, self._patch = call, patch
        self._passphrase = place / "passphrase"
        self.folder.mkdir(exist_ok=True)

    def __call__(self, *args: str, stdin: str = "") -> Run:
        self._patch.setenv("TRUSTLOG_HOME", str(self.home))
        return self._call(*args, stdin=stdin)

    def joins(self, *more: str) -> Run:
        return self(
            "sync", "init", str(self.folder), "--passphrase-file", str(self._passphrase), "--name", self.name, *more
        )

    def sync(self, *more: str) -> Any:
        return self("sync", "--json", *more).data

    def export(self) -> str:
        return self("export", "--include-reflections").out

    def texts(self) -> list[str]:
        return sorted(one["note"] for one in self("log", "--json").data["entries"])

    @property
    def own_files(self) -> list[Path]:
        """The files that this laptop wrote, the oldest first."""
        return sorted((self.folder / "trustlog" / self.id).glob("*.age"))

    @property
    def id(self) -> str:
        with closing(opened(self.home / "trustlog.db")) as db:  # as `sync status` says it, in a tenth of its time
            return str(
                db.execute("SELECT json_extract(value, '$.replica') FROM sync_state WHERE name = 'space'").fetchone()[0]
            )

    def gets(self, other: "Laptop") -> None:
        """The replicator carries everything over, what was removed too."""
        for there in (other.folder / "trustlog").iterdir():
            here = self.folder / "trustlog" / there.name
            if there.is_dir() and there.name == other.id:
                shutil.rmtree(here, ignore_errors=True)
                shutil.copytree(there, here)
            elif not there.is_dir():
                here.parent.mkdir(exist_ok=True)
                shutil.copy(there, here)


Make = Callable[[str], Laptop]
pytest.importorskip("pycrdt", reason="the extra sync is not installed")
pytest.importorskip("pyrage", reason="the extra sync is not installed")


@pytest.fixture
def laptop(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes laptops; the passphrase's slow derivation, one second each, is left to the tests about it."""
    without_a_slow_passphrase(monkeypatch)
    (tmp_path / "passphrase").write_text("correct horse")
    (tmp_path / "passphrase").chmod(0o600)
    return lambda name: Laptop(call, monkeypatch, tmp_path, name)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the laptops of `both` are kept once the first test has made them."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def both(laptop: Make, made: Path) -> tuple[Laptop, Laptop]:
    """Two laptops that know Dana Ortiz and Marcus Hughes."""
    work, home = laptop("work"), laptop("home")
    if not (made / "home").exists():
        work("manager", "add", "Dana Ortiz").says()
        work("manager", "add", "Marcus Hughes").says()
        work.joins()
        work.sync()
        home.gets(work)
        home.joins()
        home.sync()
        meet(work, home)
        for place in (work.folder, home.folder, work.home, home.home):
            shutil.copytree(place, made / place.name)
        return work, home
    for one in (work, home):
        shutil.copytree(made / one.folder.name, one.folder, dirs_exist_ok=True)
        shutil.copytree(made / one.name, one.home)
        with closing(opened(one.home / "trustlog.db")) as db, db:
            db.execute("UPDATE sync_state SET value = json_set(value, '$.folder', ?)", (str(one.folder),))
    return work, home


def meet(*laptops: Laptop) -> None:
    """Sync and replicate until nobody has anything new."""
    for turn in range(3):
        news = 0
        for one in laptops:
            done = one.sync("--yes")
            news += done["taken"] + done["removed"] + done["given"] + len(done["forgotten"]) + done["waits"]
            for other in laptops:
                if other is not one:
                    other.gets(one)
        if turn and not news:  # in the first, what lay there already was carried after some had looked
            break
    assert len({one.export() for one in laptops}) == 1


def decided(one: Laptop) -> list[tuple[str, str, str]]:
    return [(told["what"], told["field"], told["why"]) for told in one("sync", "status", "--json").data["decided"]]


@pytest.mark.usefixtures("call")
@pytest.mark.parametrize(
    ("seed", "steps"),
    [(1, 10), pytest.param(1, 25, marks=LONG), pytest.param(7, 25, marks=LONG)],
)
def test_whatever_is_done_in_whatever_order_all_laptops_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, steps: int
) -> None:
    without_a_slow_passphrase(monkeypatch)
    world = World(tmp_path, seed)
    for _ in range(steps):
        world.step()
    assert '"managers"' in world.settle()


# --- set up


def test_what_both_journals_held_comes_together(laptop: Make) -> None:
    work, home = laptop("work"), laptop("home")
    work("manager", "add", "Dana Ortiz")
    work("add", "dana", "from work")
    home("manager", "add", "Marcus Hughes")
    home("add", "marcus", "from home")
    assert "A new space begins" in work.joins().out
    assert work.sync() == {
        "taken": 0, "removed": 0, "forgotten": [], "given": 2, "delivered": 0, "waits": 0, "problems": [],
        "decided": 0,
    }  # fmt: skip
    home.folder.rmdir()
    shutil.copytree(work.folder, home.folder)
    assert "joins the space" in home.joins().out
    said = home("sync").out
    assert said.startswith("From work: ")
    assert said.endswith("Nothing waits.\n")
    meet(work, home)
    assert home.texts() == ["from home", "from work"]


@pytest.mark.parametrize("gone", ["manager", "role"])
def test_what_an_entry_belonged_to_is_gone_before_a_third_laptop_joins_with_nothing(
    both: tuple[Laptop, Laptop], laptop: Make, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    monkeypatch.setattr("trustlog.store.sync_fill.MANY", 1)  # as if they were thousands
    work, home = both
    added = ("req", "add", "dana", "Analyst", "--code", "A-1") if gone == "role" else ("manager", "add", "Zed")
    work(*added).says()
    meet(work, home)
    work("undo", "--yes").says()
    work.sync()
    home(
        "add", *(("dana", "for it", "--req", "A-1") if gone == "role" else ("zed", "of whom nobody else hears"))
    ).says()
    home("add", "marcus", "with all that it needs", "-k", "declined").says()
    hurt = home("log", "--json").data["entries"][0]["id"]
    home("add", "marcus", "made good", "-k", "kept", "--repairs", str(hurt)).says()
    home.sync()
    third = laptop("third")
    third.gets(work)
    third.gets(home)
    third.joins()
    third.sync()
    assert third.texts() == sorted({"made good", "with all that it needs", *(["for it"] * (gone == "role"))})
    assert [one["note"] for one in third("search", "needs", "--json").data["entries"]] == ["with all that it needs"]
    assert third("doctor").code == 0
    meet(work, home, third)
    assert "with all that it needs" in third.texts()


def test_one_edit_is_one_small_file_and_nothing_new_is_none(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    before = work.own_files
    work("add", "dana", "hello")
    assert work.sync()["given"] == 1
    assert work.sync()["given"] == 0
    (new,) = set(work.own_files) - set(before)
    assert new.stat().st_size < 4096
    home.gets(work)
    assert home("sync").out == "From work: 1 entry. Nothing waits.\n"


def test_where_nothing_is_synced_it_says_how_to_begin(call: Call) -> None:
    assert "trustlog sync init FOLDER" in call("sync").fails(1)


def test_the_bytes_of_the_folder_hold_no_word_and_no_name(both: tuple[Laptop, Laptop]) -> None:
    work, _ = both
    work("add", "dana", "CANARY and more words")
    work("manager", "edit", "dana", "--email", "dana@example.org")
    work.sync()
    written = [file for file in work.folder.rglob("*") if file.is_file()]
    assert set(work.own_files) < set(written)
    for file in written:
        content = file.read_bytes() if file.name != "space.age" else b""
        for word in (b"CANARY", b"Dana", b"dana", b"example", b"work"):
            assert word not in content
            assert word.decode() not in file.relative_to(work.folder).as_posix()


@pytest.mark.parametrize(
    ("passphrase", "another", "slow"),
    [
        (" drei Wörter 漢字 עברית ", "drei Wörter 漢字 עברית", False),
        ("с пробелами  и чертой —", "с пробелами и чертой —", False),
        ("कुंजी מפתח 🗝 مفتاح", "कुंजी מפתח 🗝 مفتاح.", False),
        ("a'b\"c\\d$(e)`f`", "a'b\"c\\d$(e)`f", False), ("é", "e", False),
        pytest.param(" कुंजी  é ", "कुंजी é", True, marks=LONG),
    ],
)  # fmt: skip
def test_a_passphrase_of_any_script_opens_the_space_and_another_does_not(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str, another: str, slow: bool
) -> None:
    if not slow:
        without_a_slow_passphrase(monkeypatch)
    file, wrong, folder = tmp_path / "passphrase", tmp_path / "wrong", tmp_path / "f"
    for one, text in ((file, passphrase), (wrong, another)):
        one.write_text(text + "\n", "utf-8")
        one.chmod(0o600)
    folder.mkdir()
    assert call("sync", "init", str(folder), "--passphrase-file", str(file)).code == 0
    monkeypatch.setenv("TRUSTLOG_HOME", str(tmp_path / "other"))
    call("sync", "init", str(folder), "--passphrase-file", str(wrong), "--json").fails(1, "wrong-key")
    assert "conflict" in call("sync", "--json").err
    assert call("sync", "init", str(folder), "--passphrase-file", str(file)).code == 0


@pytest.mark.long
def test_a_wrong_passphrase_is_told_before_anything_else_is_asked(
    both: tuple[Laptop, Laptop], tty: Terminal, tmp_path: Path
) -> None:
    child = tty("sync", "init", str(both[0].folder), env={"TRUSTLOG_HOME": str(tmp_path / "third")})
    child.expect("The passphrase of the space", timeout=60)
    child.send("not the one\r")
    child.timeout = 120
    code, said = tty.ends(child)
    assert (code, "own drawer" in said) == (1, False)
    assert "does not open the space" in said


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_failure_is_one_line_and_who_may_read_the_passphrase_is_said_when_all_went_well(
    both: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    work, _ = both
    passphrase = tmp_path / "open to all"
    passphrase.write_text("another")
    passphrase.chmod(0o644)
    third = Laptop(work._call, work._patch, tmp_path, "third", folder=work.folder)
    given = ("--passphrase-file", str(passphrase))
    for refused in (third("sync", "init", str(work.folder), *given), third("sync", "rekey", *given)):
        assert refused.err.startswith("trustlog: ")
        assert refused.err.count("\n") == 1
    passphrase.write_text("")
    assert third("sync", "init", str(work.folder), *given).err.count("\n") == 1
    passphrase.write_text("correct horse")
    assert "Others may read the passphrase file" in third("sync", "init", str(work.folder), *given).err


def test_a_moment_in_which_the_machine_was_busy_neither_weakens_nor_locks_a_space(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, age = sync_document.load()
    works = iter([9, 14, 18, 20, *range(sync_file._TRIES)])
    monkeypatch.setattr(
        age.passphrase, "encrypt", lambda *_: b"age-encryption.org/v1\n-> scrypt salt %d\n" % next(works)
    )
    assert sync_file.seal_space(sync_file.Space("x", []), "words").endswith(b" 18\n")
    assert next(works) == 20
    assert sync_file.seal_space(sync_file.Space("x", []), "words").endswith(b" 7\n"), "the best of a busy machine"
    space, busy = b'{"name": "x", "identities": []}', [age.DecryptError("Excessive work parameter for passphrase.")]
    answers: list[object] = [*busy * 3, space, *busy * sync_file._TRIES]

    def decrypt(*_: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(age.passphrase, "decrypt", decrypt)
    assert sync_file.unseal_space(b"", "words").name == "x"
    with pytest.raises(UserError, match="too busy or too slow"):
        sync_file.unseal_space(b"", "words")


@pytest.mark.parametrize("args", [("sync", "init", "FOLDER"), ("sync", "rekey")])
def test_without_a_terminal_the_passphrase_needs_its_file(both: tuple[Laptop, Laptop], args: tuple[str, ...]) -> None:
    work, _ = both
    asked = [str(work.folder) if one == "FOLDER" else one for one in args]
    assert "--passphrase-file" in work(*asked, "--json").fails(1, "needs-answer")


# --- both sides change something


def test_different_fields_of_one_entry_both_stay(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "first")
    meet(work, home)
    work("edit", "1", "--note", "second")
    home("edit", "1", "--channel", "call")
    meet(work, home)
    entry = home("log", "1", "--json").data["entry"]
    assert (entry["note"], entry["channel"]) == ("second", "call")
    assert decided(work) + decided(home) == []


def test_of_one_field_changed_on_both_one_text_stays_and_the_other_is_told(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "first")
    meet(work, home)
    work("edit", "1", "--note", "of work")
    home("edit", "1", "--note", "of home")
    meet(work, home)
    (stayed,) = work.texts()
    loser, lost = (work, "of work") if stayed == "of home" else (home, "of home")
    assert decided(loser) == [("entries", "note", "changed")]
    about = loser("sync", "status", "--json").data["decided"][0]["about"]
    assert about == {"ref": "#1", "manager": "dana", "day": loser("log", "1", "--json").data["entry"]["happened_on"]}
    assert "  entry #1, dana, " in loser("sync", "status").out
    assert lost in loser("sync", "status").out
    assert lost in loser("sync", "status", "--seen").out
    assert decided(work) + decided(home) == []


def test_deleted_here_and_changed_there_is_deleted_and_the_text_is_told(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "first")
    meet(work, home)
    work("delete", "1")
    home("edit", "1", "--note", "CHANGED MEANWHILE")
    meet(work, home)
    assert home.texts() == []
    assert decided(home) == [("entries", "note", "deleted")]
    told = home("sync", "status").out
    assert "CHANGED MEANWHILE" in told
    assert "  entry #1, dana, " in told, "the row is gone, and where it stood is known"


def test_both_sides_events_of_one_promise_stay_in_one_order(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("promise", "dana", "a slate", "--due", "in 5 days")
    meet(work, home)
    work("settle", "1", "at-risk")
    home("settle", "1", "renegotiated", "--due", "in 9 days")
    meet(work, home)
    events = json.loads(work.export())["commitments"][0]["events"]
    assert sorted(one["kind"] for one in events) == ["at-risk", "given", "moved"]
    assert [one["uid"] for one in events] == sorted(one["uid"] for one in events)


def test_two_people_of_one_handle_and_name_are_one(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "add", "Ana Li", "--team", "payments")
    home("manager", "add", "Ana Li", "--email", "ana@example.org")
    work("add", "ana", "of work")
    home("add", "ana", "of home")
    meet(work, home)
    ana = home("manager", "show", "ana", "--json").data["manager"]
    assert (ana["team"], ana["email"]) == ("payments", "ana@example.org")
    assert {one["manager"] for one in home("log", "--json").data["entries"]} == {"ana"}
    home("add", "ana", "more of home")
    meet(work, home)
    assert work.texts() == ["more of home", "of home", "of work"]


def test_two_people_of_one_handle_and_different_names_keep_both(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "add", "Ana Li", "--handle", "ana")
    home("manager", "add", "Ana Oz", "--handle", "ana")
    work("add", "ana", "of work")
    home("add", "ana", "of home")
    meet(work, home)
    handles = {one["handle"] for one in work("manager", "list", "--json").data["managers"]}
    assert handles == {"ana", "ana-2", "dana", "marcus"}
    assert sorted(one["manager"] for one in work("log", "--json").data["entries"]) == ["ana", "ana-2"]


def test_two_roles_of_one_code_are_one_if_their_titles_are(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    for one, other_title in ((work, "Analyst"), (home, "Engineer")):
        one("req", "add", "dana", "Designer", "--code", "D-1")
        one("req", "add", "dana", other_title, "--code", "A-1")
        one("kickoff", "start", "D-1", "--set", f"success_90d={one.name}", "--no-input")
    meet(work, home)
    assert [one["code"] for one in work("req", "list", "--json").data["reqs"]] == ["A-1", "A-1-2", "D-1"]
    (agreement,) = json.loads(work.export())["agreements"]
    assert sorted(one["value"] for one in agreement["events"]) == ["home", "work"]


def test_whoever_was_removed_while_the_other_wrote_about_them_comes_back(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "add", "Ana Li")
    meet(work, home)
    work("undo")
    home("add", "ana", "written meanwhile")
    meet(work, home)
    assert work.texts() == ["written meanwhile"]


def test_what_is_written_about_somebody_merged_elsewhere_reaches_the_one_who_stays(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "merge", "marcus", "dana")
    home("add", "marcus", "written meanwhile")
    meet(work, home)
    assert [one["manager"] for one in work("log", "--json").data["entries"]] == ["dana"]
    assert [one["handle"] for one in home("manager", "list", "--json").data["managers"]] == ["dana"]


def test_two_merged_each_into_the_other_are_one(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "merge", "marcus", "dana")
    home("manager", "merge", "dana", "marcus")
    work("add", "dana", "of work")
    home("add", "marcus", "of home")
    meet(work, home)
    assert len(work("manager", "list", "--json").data["managers"]) == 1
    assert work.texts() == ["of home", "of work"]


def test_a_merge_taken_back_gives_back_what_the_other_laptop_wrote(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "merge", "marcus", "dana")
    home("add", "marcus", "written meanwhile")
    meet(work, home)
    assert [one["manager"] for one in work("log", "--json").data["entries"]] == ["dana"]
    work("undo").says()
    meet(work, home)
    assert [one["manager"] for one in work("log", "--json").data["entries"]] == ["marcus"]


def test_a_merge_taken_back_before_the_first_sync_leaves_two_who_are_told_apart(laptop: Make) -> None:
    work, home = laptop("work"), laptop("home")
    work("manager", "add", "Dana Ortiz")
    work.joins()
    work.sync()
    home.gets(work)
    home("manager", "add", "Dana Oz", "--handle", "dana")
    home("manager", "add", "Ana Li")
    home.joins()
    home("manager", "merge", "dana", "ana")
    home("undo").says()
    meet(work, home)
    managers = work("manager", "list", "--json").data["managers"]
    assert sorted(one["handle"] for one in managers) == ["ana", "dana", "dana-2"]
    assert {one["name"] for one in managers} == {"Dana Ortiz", "Dana Oz", "Ana Li"}


def test_an_agreement_that_went_makes_room_for_the_next(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("req", "add", "dana", "Analyst", "--code", "A-1")
    assert work("kickoff", "start", "A-1", "--set", "success_90d=first", "--no-input").code == 0
    meet(work, home)
    work("undo").says()
    assert work("kickoff", "start", "A-1", "--set", "success_90d=second", "--no-input").code == 0
    meet(work, home)
    assert "second" in home.export()
    assert "first" not in home.export()


def test_a_role_that_waited_for_its_manager_finds_its_code_taken(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("manager", "add", "Ana Li")
    meet(work, home)
    work("undo").says()
    work.sync()
    home("req", "add", "ana", "Analyst", "--code", "A-1")
    home.sync()
    work.gets(home)
    work.sync()
    home.gets(work)
    home.sync()
    work("req", "add", "dana", "Dev", "--code", "A-1")
    work.gets(home)
    work.sync()
    meet(work, home)
    roles = {(one["title"], one["manager"]) for one in work("req", "list", "--json").data["reqs"]}
    assert roles == {("Analyst", "ana"), ("Dev", "dana")}


# --- undo, restore, leave


def test_undo_takes_back_what_was_done_here_and_travels(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "first")
    work("edit", "1", "--note", "second")
    meet(work, home)
    home("edit", "1", "--channel", "call")
    meet(work, home)
    work("undo").says()
    meet(work, home)
    entry = home("log", "1", "--json").data["entry"]
    assert (entry["note"], entry["channel"]) == ("first", "call"), "what home changed since is not taken back"


def test_what_is_taken_back_and_done_again_travels_both_times(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "back and forth")
    work("manager", "merge", "marcus", "dana")
    meet(work, home)
    export = work.export()
    work("undo", "2", "--yes").says()
    meet(work, home)
    assert home.texts() == []
    assert len(home("manager", "list", "--json").data["managers"]) == 2
    home("add", "marcus", "written meanwhile")
    work("redo", "2", "--yes").says()
    assert work.export() == export
    meet(work, home)
    assert home.export() == work.export()
    assert sorted(work.texts()) == ["back and forth", "written meanwhile"]
    assert {one["manager"] for one in home("log", "--json").data["entries"]} == {"dana"}
    assert work("doctor").code == home("doctor").code == 0


def test_undo_says_that_another_laptop_wrote_about_what_would_be_taken_back(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "zoe", "hello", "--create").says()
    meet(work, home)
    home("add", "zoe", "of home").says()
    meet(work, home)

    assert "another laptop wrote" in work("undo", "--json").fails(1, "conflict")
    assert home.texts() == work.texts() == ["hello", "of home"]


def test_a_restored_journal_hears_what_it_misses_and_brings_nothing_back(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "kept")
    work("add", "dana", "to be deleted")
    meet(work, home)
    work("backup", str(work.home / "copy.db")).says()
    work("delete", "2")
    work("add", "dana", "after the copy")
    meet(work, home)
    work("restore", str(work.home / "copy.db"), "--yes")
    assert "to be deleted" in work.texts()
    work("add", "dana", "after the restore")
    meet(work, home)
    assert work.texts() == ["after the copy", "after the restore", "kept"]
    assert work("doctor").code == 0


def test_a_restored_journal_hears_its_own_files_before_those_that_stand_on_them(both: tuple[Laptop, Laptop]) -> None:
    both[0]("add", "dana", "first")
    meet(*both)
    for one, other in (both, both[::-1]):  # whichever of the two comes first by its name
        old = one.home.with_name(f"old-{one.name}")
        shutil.copytree(one.home, old)
        for number in range(3):
            for writer, reader in ((one, other), (other, one)):
                writer("edit", "1", "--note", f"{number} of {writer.name}")
                writer.sync()
                reader.gets(writer)
                if reader is other:
                    reader.sync()
        shutil.rmtree(one.home)
        shutil.copytree(old, one.home)
        meet(one, other)
        assert one.texts() == [f"2 of {other.name}"]


def test_a_restored_journal_whose_files_are_gone_asks_the_others_for_all(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "first")
    meet(work, home)
    old = work.home.with_name("old")
    shutil.copytree(work.home, old)
    for number in range(3):
        work("edit", "1", "--note", f"{number} of work")
        work.sync()
        home.gets(work)
        home.sync()
        home("edit", "1", "--note", f"{number} of home")
        home.sync()
    shutil.rmtree(work.home)
    shutil.copytree(old, work.home)
    shutil.rmtree(work.folder / "trustlog" / work.id)
    work.gets(home)
    (problem,) = work.sync()["problems"]
    assert problem["problem"].startswith("it is missing")
    work("add", "dana", "second")
    meet(work, home)
    assert home.texts() == ["2 of home", "second"]


def test_leaving_keeps_the_journal_and_notes_nothing_more(both: tuple[Laptop, Laptop]) -> None:
    work, _ = both
    before = work.export()
    work("sync", "leave").says()
    assert work.export() == before
    assert work("doctor").code == 0
    assert "trustlog sync init" in work("sync").fails(1)
    with driver.connect(work.home / "trustlog.db", "rw") as db:
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'touched_%'").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM sync_state WHERE name = 'space'").fetchone()[0] == 0


def test_the_files_of_a_lost_laptop_go_and_what_it_told_stays(both: tuple[Laptop, Laptop], laptop: Make) -> None:
    work, home = both
    home("add", "dana", "told before it was lost")
    home.sync()
    work.gets(home)
    work.sync()
    assert home.id in work("sync", "leave", "--forget", "nobody", "--yes", "--json").fails(1, "conflict")
    work("sync", "leave", "--forget", "home", "--yes").says()
    work.sync()
    third = laptop("third")
    third.folder.rmdir()
    shutil.copytree(work.folder, third.folder)
    third.joins()
    third.sync()
    assert third.texts() == ["told before it was lost"]


def test_what_went_on_another_laptop_is_told_as_removed(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "to go").says()
    meet(work, home)
    assert work("delete", "1").code == 0
    work.sync()
    home.gets(work)

    assert home("sync").says().startswith("Removed, as on work: 1 entry. ")


def test_what_is_no_file_is_named_and_not_waited_for(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    home("add", "dana", "given").says()
    meet(work, home)
    place, space = work.folder / "trustlog" / home.id, work.folder / "trustlog" / "space.age"
    name = f"{max(int(file.name[:6]) for file in place.glob('*.age')) + 1:06}.age"
    os.mkfifo(place / name)

    assert [problem["file"] for problem in work.sync()["problems"]] == [f"{home.id}/{name}"]

    space.unlink()
    os.mkfifo(space)
    assert "space.age" in work("sync", "--json").fails(1, "bad-file")


def test_a_space_file_from_before_a_rekey_is_refused_and_nothing_is_given(both: tuple[Laptop, Laptop]) -> None:
    work, _ = both
    passphrase = ("--passphrase-file", str(work.home.parent / "passphrase"))
    space = work.folder / "trustlog" / "space.age"
    old = space.read_bytes()
    assert work("sync", "rekey", *passphrase).code == 0
    work("add", "dana", "after it").says()
    work.sync()
    given = {file: file.read_bytes() for file in work.own_files}
    space.write_bytes(old)

    assert "older than the key" in work("sync", *passphrase, "--json").fails(1, "conflict")
    assert {file: file.read_bytes() for file in work.own_files} == given
    assert work("sync", "rekey", *passphrase).code == 0
    work.sync()


def test_after_a_rekey_the_others_need_the_new_passphrase_once(both: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    work, home = both
    work("add", "dana", "sealed anew")
    old = (work.folder / "trustlog" / "space.age").read_bytes()
    assert work("sync", "rekey", "--passphrase-file", str(tmp_path / "passphrase")).code == 0
    work.sync()
    home.gets(work)
    space = home.folder / "trustlog" / "space.age"
    new = space.read_bytes()
    space.write_bytes(old)  # the replicator is slow
    (problem,) = home.sync()["problems"]
    assert "a new key that space.age here does not hold yet" in problem["problem"]
    space.write_bytes(new)
    assert "--passphrase-file" in home("sync", "--json").fails(1, "needs-answer")
    home.sync("--passphrase-file", str(tmp_path / "passphrase"))
    assert home.texts() == ["sealed anew"]
    meet(work, home)


def test_joining_again_does_not_take_a_key_from_before_a_rekey(both: tuple[Laptop, Laptop]) -> None:
    work, _ = both
    space = work.folder / "trustlog" / "space.age"
    old = space.read_bytes()
    work("sync", "rekey", "--passphrase-file", str(work.home.parent / "passphrase"))
    space.write_bytes(old)
    assert "older than the key" in work.joins("--json").fails(1, "conflict")


def test_two_keys_made_at_once_are_told_and_one_laptop_joins_the_other_s(
    both: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    work, home = both
    passphrase = ("--passphrase-file", str(tmp_path / "passphrase"))
    for one in both:
        one("sync", "rekey", *passphrase)
        one("add", "dana", f"of {one.name}")
    work.sync()
    home.gets(work)
    assert "trustlog sync leave" in home("sync", *passphrase, "--json").fails(1, "conflict")
    home("sync", "leave")
    home.joins()
    meet(work, home)
    assert work.texts() == ["of home", "of work"]


# --- forgetting, and the own drawer


def test_who_is_forgotten_here_is_forgotten_there_once_that_is_agreed(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "CANARY about her")
    meet(work, home)
    home("edit", "1", "--note", "CANARY changed at home")
    work("forget", "dana", "--yes")
    work.sync()
    home.gets(work)
    (problem,) = home.sync()["problems"]
    assert "--yes" in problem["problem"]
    assert home("sync", "status", "--json").data["problems"] == [problem]
    assert home.texts() == ["CANARY changed at home"]
    home.sync("--yes")
    assert home.texts() == []
    meet(work, home)
    for one in both:
        assert [path.name for path in one.own_files] == [path.name for path in one.own_files if "whole" in path.name]
        with driver.connect(one.home / "trustlog.db", "rw") as db:
            states = [sync_document.Shard(row[0]) for row in db.execute("SELECT state FROM sync_updates")]
        assert not any(
            "CANARY" in text for shard in states for fields in shard.records.values() for text in fields.values()
        )
        assert not any(b"CANARY" in shard._doc.get_update() for shard in states)


def given_by(one: Laptop) -> bytes:
    """Everything that lies in the files of a laptop, opened."""
    with closing(opened(one.home / "trustlog.db")) as db:
        (state,) = db.execute("SELECT value FROM sync_state WHERE name = 'space'").fetchone()
    keys = json.loads(state)["identities"]
    files = [sync_file.unseal(file.read_bytes(), keys, driver.SCHEMA_VERSION)[1] for file in one.own_files]
    return b"".join(zlib.decompress(update) for parts in files for _, update in parts)


def test_nothing_more_is_given_about_somebody_whom_another_laptop_forgot(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "known to both")
    meet(work, home)
    work("forget", "dana", "--yes")
    work.sync()
    home.gets(work)
    for about_dana in (
        ("add", "dana", "CANARY"), ("promise", "dana", "CANARY", "--due", "in 2 days"), ("notice", "dana", "CANARY"),
        ("manager", "edit", "dana", "--likes", "CANARY"), ("req", "add", "dana", "CANARY", "--code", "C-1"),
        ("edit", "1", "--note", "CANARY"),
    ):  # fmt: skip
        assert home(*about_dana).code == 0
    home("add", "marcus", "of somebody else").says()
    export = home.export()

    assert home.sync()["given"] == 1
    assert home.export() == export
    assert b"of somebody else" in given_by(home)
    assert b"CANARY" not in given_by(home)
    assert home("edit", "1", "--channel", "call").code == 0
    assert home("delete", "2").code == 0
    files = home.own_files
    assert home.sync()["given"] == 0
    assert home.own_files == files
    assert home("sync", "status", "--json").data["to_give"] > 0
    assert home.texts() == ["CANARY", "of somebody else"]

    assert "Removed dana: " in home("sync", "--yes").out
    meet(work, home)
    assert work.texts() == home.texts() == ["of somebody else"]
    assert b"CANARY" not in given_by(home)


def test_a_promise_that_went_is_told_once_and_what_came_and_went_not_at_all(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "goes")
    work("promise", "dana", "goes too", "--due", "in 2 days")
    meet(work, home)
    work("undo")
    work("delete", "1")
    work("add", "dana", "comes")
    work("add", "dana", "comes and goes")
    work.sync()
    work("undo")
    work.sync()
    home.gets(work)
    assert home("sync").out == "From work: 1 entry. Removed, as on work: 1 entry, 1 promise. Nothing waits.\n"


def test_undo_brings_nobody_back_who_was_forgotten_on_another_laptop(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    home("add", "marcus", "CANARY about him")
    meet(work, home)
    home("manager", "merge", "marcus", "dana")
    work("forget", "marcus", "--yes")
    meet(work, home)
    home("undo")
    meet(work, home)
    assert "Marcus" not in home.export()


@pytest.mark.parametrize(
    ("of_work", "of_home", "travels"), [("yes", "yes", True), ("yes", "no", False), ("no", "yes", False)]
)
def test_the_own_drawer_travels_only_if_both_said_yes(laptop: Make, of_work: str, of_home: str, travels: bool) -> None:
    work, home = laptop("work"), laptop("home")
    work("me", "--care-after", "PRIVATE tea")
    work("manager", "add", "Dana Ortiz")
    work.joins("--own-drawer", of_work)
    work.sync()
    home.folder.rmdir()
    shutil.copytree(work.folder, home.folder)
    home.joins("--own-drawer", of_home)
    home.sync()
    assert ("PRIVATE tea" in home.export()) == travels
    assert "Dana Ortiz" in home.export()


def test_a_laptop_that_says_yes_later_takes_what_was_left_out(laptop: Make) -> None:
    work, home = laptop("work"), laptop("home")
    work("me", "--care-after", "PRIVATE tea")
    work.joins("--own-drawer", "yes")
    work.sync()
    home.folder.rmdir()
    shutil.copytree(work.folder, home.folder)
    home.joins("--own-drawer", "no")
    home.sync()
    home.joins("--own-drawer", "yes")
    home.sync()
    assert "PRIVATE tea" in home.export()


# --- when things go wrong


def test_a_missing_file_is_named_its_followers_wait_and_nothing_is_lost(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    for text in ("one", "two", "three"):
        work("add", "dana", text)
        work.sync()
    home.gets(work)
    away = sorted((home.folder / "trustlog" / work.id).glob("*.age"))[-2]
    held = away.read_bytes()
    away.unlink()
    done = home.sync()
    assert "missing" in done["problems"][0]["problem"]
    assert done["waits"] == 1
    assert home.texts() == ["one"]
    away.write_bytes(held)
    assert home.sync()["problems"] == []
    assert home.texts() == ["one", "three", "two"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_file_is_named_and_its_writer_writes_itself_anew(both: tuple[Laptop, Laptop], damage: str) -> None:
    work, home = both
    work("add", "dana", "one")
    work.sync()
    home.gets(work)
    file = sorted((home.folder / "trustlog" / work.id).glob("*.age"))[-1]
    content = file.read_bytes()
    other = sync_file.Header(1, "x", "y", "z", 1, False, {}, {}, [], "")
    file.write_bytes({
        "cut": content[: len(content) // 2], "empty": b"",
        "flipped": content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
        "foreign": sync_file.seal(other, [], sync_file.new_identity()),
    }[damage])  # fmt: skip
    for _ in range(2):
        done = home.sync()
        assert done["problems"][0]["file"] == f"{work.id}/{file.name}"
        assert ("another space" if damage == "foreign" else "damaged") in done["problems"][0]["problem"]
    assert home.texts() == []
    work.gets(home)
    work.sync()
    home.gets(work)
    assert home.sync()["problems"] == []
    assert home.texts() == ["one"]


@pytest.mark.parametrize("newer", ["format", "schema"])
def test_a_file_of_a_newer_program_changes_nothing(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch, newer: str
) -> None:
    work, home = both
    work("add", "dana", "one")
    with monkeypatch.context() as patch:
        if newer == "schema":
            patch.setattr("trustlog.services.sync_run.SCHEMA_VERSION", driver.SCHEMA_VERSION + 1)
        else:
            patch.setattr(sync_file.Header.__new__, "__defaults__", ({}, sync_file.FORMAT + 1))
        work.sync()
    home("add", "dana", "not given yet")
    home.gets(work)
    before = home.export()
    assert "Update trustlog here first" in home("sync", "--json").fails(1, "too-new")
    assert home.export() == before
    assert home("sync", "status", "--json").data["to_give"] > 0


def test_a_folder_that_is_not_there_or_cannot_be_written_is_said(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "one")
    hidden = work.folder.rename(work.folder.with_name("away"))
    assert "is not there" in work("sync", "--json").fails(1, "bad-file")
    hidden.rename(work.folder)
    if os.name == "posix" and os.geteuid() != 0:
        (work.folder / "trustlog" / work.id).chmod(0o500)
        assert "cannot write" in work("sync", "--json").fails(1, "not-writable")
        (work.folder / "trustlog" / work.id).chmod(0o700)
    meet(work, home)
    assert home.texts() == ["one"]


def test_a_disk_that_is_full_keeps_what_is_to_be_given(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, home = both
    work("add", "dana", "one")
    with monkeypatch.context() as patch:
        patch.setattr("trustlog.files.write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        work("sync", "--json").fails(1, "disk-full")
    assert work("sync", "status", "--json").data["to_give"] == 1
    assert work("sync").out == "In the folder now: 1 file that waited here. Nothing waits.\n"
    assert work.sync()["delivered"] == 0
    meet(work, home)
    assert home.texts() == ["one"]


def synced_at_once(env: dict[str, str], *homes: Path) -> list[tuple[int, str]]:
    """Real programs that sync at the same moment; each one's exit code, and what it said on stderr."""
    words = [sys.executable, "-m", "trustlog", "sync"]
    running = [
        subprocess.Popen(words, env=env | {"TRUSTLOG_HOME": str(home)}, stderr=subprocess.PIPE, text=True)
        for home in homes
    ]
    return [(one.returncode, said) for one in running for said in [one.communicate(timeout=120)[1]]]


@pytest.mark.long
def test_of_two_runs_at_once_on_one_laptop_the_second_waits(both: tuple[Laptop, Laptop], env: dict[str, str]) -> None:
    work, home = both
    work("add", "dana", "one")
    before = work.own_files
    with closing(opened(work.home / "trustlog.db")) as held:
        held.execute("BEGIN IMMEDIATE")
        words = [sys.executable, "-m", "trustlog", "sync"]
        waiting = subprocess.Popen(
            words, env=env | {"TRUSTLOG_HOME": str(work.home)}, stderr=subprocess.PIPE, text=True
        )
        impatience = threading.Timer(120, waiting.kill)
        impatience.start()
        assert waiting.stderr is not None
        assert "Another program holds trustlog.db" in waiting.stderr.readline()
        assert work.own_files == before
        held.execute("ROLLBACK")
        assert waiting.communicate(timeout=120)[1] == ""
        impatience.cancel()
    assert [code for code, _ in synced_at_once(env, work.home, work.home, work.home)] == [0, 0, 0]
    assert len(set(work.own_files) - set(before)) == 1, "given once"
    meet(work, home)
    assert home.texts() == ["one"]


@pytest.mark.long
def test_two_laptops_at_once_in_one_folder_lose_nothing(laptop: Make, env: dict[str, str]) -> None:
    work, home = laptop("work"), laptop("home")
    home.folder = work.folder
    for one, name in ((work, "Dana Ortiz"), (home, "Marcus Hughes")):
        one("manager", "add", name)
        one.joins()
    for number in range(3):
        work("add", "dana", f"of work {number}")
        home("add", "marcus", f"of home {number}")
        assert [code for code, _ in synced_at_once(env, work.home, home.home)] == [0, 0]
    for one in (work, home, work):
        assert one.sync()["problems"] == []
    assert work.export() == home.export()
    assert len(work.texts()) == 6


def test_two_spaces_in_one_folder_are_told_apart(both: tuple[Laptop, Laptop], laptop: Make, tmp_path: Path) -> None:
    work, _ = both
    other = laptop("other")
    other.joins()
    shutil.copy(other.folder / "trustlog" / "space.age", work.folder / "trustlog" / "space.age")
    passphrase = ("--passphrase-file", str(tmp_path / "passphrase"))
    assert "another space" in work("sync", *passphrase, "--json").fails(1, "conflict")


def test_a_space_is_not_begun_in_a_folder_that_is_not_there_or_beside_one_by_a_slip(laptop: Make) -> None:
    work, home = laptop("work"), laptop("home")
    work.folder = work.folder / "trustlog"
    assert "Make it" in work.joins("--json").fails(1, "bad-file")
    work.folder.mkdir()
    assert work.joins().code == 0
    for slip in (work.folder.parent, work.folder / "trustlog"):
        home.folder = slip
        assert f"trustlog sync init {work.folder}" in home.joins("--json").fails(1, "bad-file")
    assert not home.home.exists()


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_bytes(b"")])
def test_a_space_whose_file_is_lost_is_said_and_made_anew(
    both: tuple[Laptop, Laptop], tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    work, home = both
    harm(work.folder / "trustlog" / "space.age")
    for refused in (work("sync", "--json"), work.joins("--json")):
        assert "trustlog sync rekey" in refused.fails(1, "bad-file")
    work("sync", "rekey", "--passphrase-file", str(tmp_path / "passphrase"))
    work.sync()
    home.gets(work)
    home.sync("--passphrase-file", str(tmp_path / "passphrase"))
    meet(work, home)


def as_pipe(file: Path) -> None:
    os.mkfifo(file)


def as_endless_link(file: Path) -> None:
    file.symlink_to("/dev/zero")


def as_folder(file: Path) -> None:
    file.mkdir()


def as_too_large(file: Path) -> None:
    with file.open("wb") as made:
        made.truncate(1 << 40)  # takes no room on the disk


STRANGE = [
    pytest.param(make, marks=pytest.mark.skipif(os.name != "posix", reason="pipes and links are of POSIX"))
    for make in (as_pipe, as_endless_link, as_folder, as_too_large)
]


@pytest.mark.parametrize("make", STRANGE)
def test_only_regular_files_of_a_sane_size_are_read(both: tuple[Laptop, Laptop], make: Callable[[Path], None]) -> None:
    work, home = both
    home("add", "dana", "first")
    meet(work, home)
    number = int(home.own_files[-1].name[:6])
    make(work.folder / "trustlog" / home.id / f"{number + 1:06}.age")
    work("add", "dana", "given all the same")
    done = work.sync()
    (problem,) = done["problems"]
    assert problem["file"] == f"{home.id}/{number + 1:06}.age"
    assert problem["problem"].startswith("it cannot be read: it is ")
    assert done["given"] == 1


@pytest.mark.parametrize("make", STRANGE)
def test_a_space_file_that_is_none_is_told_and_made_anew_without_a_word_to_what_stands_there(
    both: tuple[Laptop, Laptop], laptop: Make, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    work, _ = both
    space = work.folder / "trustlog" / "space.age"
    space.unlink()
    make(space)
    assert "trustlog sync rekey" in work("sync", "--json").fails(1, "bad-file")
    third = laptop("third")
    third.folder = work.folder
    assert "cannot be read: it is" in third.joins("--json").fails(1, "bad-file")
    if make is not as_folder:
        assert work("sync", "rekey", "--passphrase-file", str(tmp_path / "passphrase")).code == 0
        assert space.is_file()
        assert not space.is_symlink()
        assert work.sync()["problems"] == []


@pytest.mark.skipif(os.name != "posix", reason="pipes are of POSIX")
def test_what_waits_to_be_given_replaces_a_pipe_of_its_name(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, home = both
    work("add", "dana", "one")
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        patch.setattr("trustlog.files.write", refuse)
        work("sync", "--json").fails(1, "not-writable")
    os.mkfifo(work.own_files[-1].with_name(f"{int(work.own_files[-1].name[:6]) + 1:06}.age"))
    work.sync()
    home.gets(work)
    home.sync()
    assert home.texts() == ["one"]


def test_a_replicators_conflict_copy_is_named_and_passed_over(both: tuple[Laptop, Laptop]) -> None:
    work, _ = both
    file = work.own_files[-1]
    shutil.copy(file, file.with_name(f"{file.stem}.sync-conflict-20261128-120000-ABCDEFG.age"))
    done = work.sync()
    assert "conflict copy" in done["problems"][0]["problem"]


@pytest.mark.parametrize("harm", ["removed", "emptied", "cut", "flipped", "swapped"])
def test_own_files_that_were_harmed_are_told_and_written_again(both: tuple[Laptop, Laptop], harm: str) -> None:
    work, home = both
    for text in ("one", "two"):
        work("add", "dana", text)
        work.sync()
    *_, before, file = work.own_files
    content = file.read_bytes()
    if harm == "removed":
        file.unlink()
    else:
        file.write_bytes({
            "emptied": b"", "cut": content[:-9], "swapped": before.read_bytes(),
            "flipped": content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
        }[harm])  # fmt: skip
    assert "sync writes the files of this laptop anew" in work("sync", "status").out
    (problem,) = work.sync()["problems"]
    assert problem["file"] == f"{work.id}/{file.name}"
    assert [one.name[6:] for one in work.own_files] == ["-whole.age"]
    assert work("sync", "status", "--json").data["problems"] == work.sync()["problems"] == []
    home.gets(work)
    assert home.sync()["problems"] == []
    assert home.texts() == ["one", "two"]


def copy_of(one: Laptop) -> Laptop:
    """The same home and folder on another machine."""
    for copied in (one.home, one.folder):
        shutil.copytree(copied, copied.with_name(f"copy-{copied.name}"))
    copy = Laptop(
        one._call,
        one._patch,
        one.home.parent,
        f"copy-{one.name}",
        folder=one.folder.with_name(f"copy-{one.folder.name}"),
    )
    with closing(opened(copy.home / "trustlog.db")) as db, db:
        db.execute("UPDATE sync_state SET value = json_set(value, '$.folder', ?)", (str(copy.folder),))
    return copy


def test_what_waited_for_its_manager_is_read_whole_even_where_one_field_of_it_changed_since(
    both: tuple[Laptop, Laptop],
) -> None:
    work, _ = both
    work("add", "dana", "of one who comes later")
    work.sync()
    with closing(Journal.open(work.home / "trustlog.db", work.home / "snapshots")) as journal, journal.draft():

        def merged(*changes: tuple[Name, str]) -> None:
            merging = Merge(journal, sync.needed_state(journal), next_number=99, early=False)
            for name, field in changes:
                merging.document(name, private=False).write(name, {field: texts[name, field]})
                merging.change(name, field)
            merging.apply((), (), lambda _: None)
            merging.documents.keep()

        rows = Merge(journal, sync.needed_state(journal), next_number=99, early=False)
        entry = Name("entries", rows.rows.uids("entries")[0])
        manager = Name("managers", "f" * 32)
        told = rows.fields_of(entry)
        assert told is not None
        texts = {
            (entry, BASE): text_of(record_of(told) | {"manager_id": manager.uid}),
            (entry, "note"): text_of("changed since"),
            (manager, BASE): text_of({"created_at": "2026-11-01T00:00:00Z", "handle": "ana", "name": "Ana"}),
        }
        merged((entry, BASE))
        assert sync.waiting(journal) == {entry}
        merged((manager, BASE), (entry, "note"))
        assert sync.waiting(journal) == set()
    ((_, last),) = [(one["note"], one["manager"]) for one in work("log", "--json").data["entries"]]
    assert last == "ana"


def test_a_home_that_is_used_on_two_machines_is_told_and_loses_nothing(both: tuple[Laptop, Laptop]) -> None:
    work, home = both
    work("add", "dana", "before the copy")
    meet(work, home)
    copy = copy_of(work)
    work("add", "dana", "on the first machine")
    work.sync()
    copy("add", "dana", "on the second machine")
    copy.sync()
    assert [file.name for file in copy.own_files] == [file.name for file in work.own_files]
    work.gets(copy)

    assert "used on another machine too" in work("sync", "status").out
    done = work.sync()
    (problem,) = done["problems"]
    assert "used on another machine too" in problem["problem"]
    assert done["taken"] == 1
    home.gets(work)
    home.sync()
    assert home.texts() == work.texts() == ["before the copy", "on the first machine", "on the second machine"]
    assert work.sync()["problems"] == []
    copy.gets(work)
    copy.sync()
    assert copy.texts() == work.texts()


def test_what_a_copied_home_gave_is_given_again_once_the_other_machine_wrote_all_anew(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, home = both
    copy = copy_of(work)
    copy("add", "dana", "on the second machine")
    copy.sync()
    monkeypatch.setattr("trustlog.services.sync_run.MANY_FILES", 1)
    for text in ("on the first machine", "and more", "and still more"):
        work("add", "dana", text)
        work.sync()
    copy.gets(work)  # a whole file, which stands in place of the one that was given on the second machine
    (problem,) = copy.sync()["problems"]
    assert "used on another machine too" in problem["problem"]
    work.gets(copy)
    home.gets(copy)
    for one in (work, home):
        one.sync()
        assert one.texts() == ["and more", "and still more", "on the first machine", "on the second machine"]


def test_a_restored_journal_whose_own_file_is_damaged_hears_from_others_what_was_in_it(
    both: tuple[Laptop, Laptop],
) -> None:
    work, home = both
    old = work.home.with_name("old")
    shutil.copytree(work.home, old)
    work("add", "dana", "one")
    meet(work, home)
    work.own_files[-1].write_bytes(b"")
    shutil.rmtree(work.home)
    shutil.copytree(old, work.home)
    assert len(work.sync()["problems"]) == 1
    meet(work, home)
    assert work.texts() == home.texts() == ["one"]


def test_a_laptop_set_two_days_back_changes_no_outcome(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, home = both
    real = clock.now
    work("add", "dana", "first", "--when", "4 days ago")
    work("edit", "1", "--note", "second")
    meet(work, home)
    with monkeypatch.context() as patch:
        patch.setattr("trustlog.clock.now", lambda: real() - timedelta(days=2))
        home("edit", "1", "--note", "third, which had heard the second")
        home("add", "dana", "of a wrong day")
        meet(work, home)
    meet(work, home)
    assert work.texts() == ["of a wrong day", "third, which had heard the second"]
    assert decided(work) + decided(home) == []


def test_without_its_libraries_it_says_what_to_install(
    both: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, _ = both
    monkeypatch.setitem(__import__("sys").modules, "pycrdt", None)
    work("add", "dana", "still works").says()
    assert "trustlog[sync]" in work("sync", "--json").fails(1, "missing-extra")
