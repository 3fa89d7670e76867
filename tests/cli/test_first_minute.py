"""What somebody new is told: where the journal lives and what to do next, once, and never a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

NEXT = 'Next: trustlog add MANAGER "What happened"; everything else: trustlog guide\n'
NONE_YET = 'Next: trustlog manager add "Dana Ortiz"; everything else: trustlog guide\n'
BEGINNINGS = (
    ["add", "dana", "hello", "--create"],
    ["manager", "add", "Dana Ortiz"],
    ["me", "--care-after", "tea outside"],
    ["import", "-"],
)
READINGS = (
    ["log"],
    ["report"],
    ["open"],
    ["manager", "list"],
    ["search", "word"],
    ["week"],
    ["year"],
    ["next"],
    ["undo", "--list"],
)


pytestmark = pytest.mark.usefixtures("demo_in_its_own_place")


@pytest.mark.parametrize("words", BEGINNINGS, ids=" ".join)
def test_the_first_change_says_where_the_journal_lives_in_four_lines(call: Call, home: Path, words: list[str]) -> None:
    said = call(*words, stdin="manager,note\ndana,hello\n")

    assert said.code == 0
    assert f"Your new journal: {home / 'trustlog.db'}\n" in said.err
    assert said.err.endswith(NEXT)
    assert said.err[said.err.index("Your new") :].count("\n") == 4
    assert "Hard patches with a manager are normal" in said.err


def test_what_is_normal_is_no_answer_to_a_first_entry_that_is_hard(call: Call) -> None:
    said = call("add", "dana", "shouted at me", "-k", "harsh-exchange", "--create").err

    assert "trustlog support dana" in said
    assert NEXT in said
    assert "Hard patches" not in said


def test_it_is_said_once(call: Call) -> None:
    call(*BEGINNINGS[0])

    assert [call("add", "dana", "again").err, call("log").err, call("undo").err] == ["", "", ""]
    call("undo")
    assert call(*BEGINNINGS[0]).err == ""  # the journal is empty again, and no longer new


def test_a_first_attempt_that_was_refused_does_not_use_it_up(call: Call) -> None:
    call("add", "dana", "hello").fails(1)

    assert call("add", "dana", "hello", "--create").err.endswith(NEXT)


def test_another_journal_is_named_by_its_own_path(call: Call, tmp_path: Path) -> None:
    other = tmp_path / "a folder" / "other.db"

    assert f"journal: {other}\n" in call("add", "dana", "hello", "--create", "--db", str(other)).err


@pytest.mark.parametrize("words", READINGS, ids=" ".join)
def test_a_command_that_finds_no_journal_says_so_and_makes_none(call: Call, home: Path, words: list[str]) -> None:
    said = call(*words)

    assert said.code == 0
    assert said.err.endswith(f"There is no journal yet; it will be {home / 'trustlog.db'}\n{NONE_YET}")
    assert not (home / "trustlog.db").exists()


@pytest.mark.parametrize("words", [["manager", "list"], ["report"]], ids=" ".join)
def test_a_journal_that_knows_nobody_says_how_to_go_on(call: Call, words: list[str]) -> None:
    call("me", "--care-after", "tea outside")

    assert call(*words).err == 'No managers yet. Next: trustlog manager add "Dana Ortiz"\n'


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("words", READINGS, ids=" ".join)
def test_a_command_that_finds_one_does_not_say_so(call: Call, words: list[str]) -> None:
    said = call(*words)

    assert said.code == 0
    assert "There is no journal yet" not in said.err


@pytest.mark.parametrize("words", [["log"], ["add", "dana", "hello", "--create"], []], ids=" ".join)
def test_a_program_is_told_nothing(call: Call, words: list[str]) -> None:
    assert call(*words, "--json").err == ""


@pytest.mark.parametrize("words", [[], ["support"], ["guide"], ["demo"], ["config", "list"], ["--help"]], ids=" ".join)
def test_pages_that_stand_for_themselves_add_nothing(call: Call, words: list[str]) -> None:
    assert call(*words).err == ""


def test_a_refusal_stays_one_line(call: Call) -> None:
    call("log", "nobody").fails(1)


def test_completion_says_nothing(run: Program) -> None:
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog log da", "COMP_CWORD": "2"}

    assert run(env=asked).err == ""


def test_a_person_reads_it_after_the_answer(tty: Terminal) -> None:
    code, said = tty.ends(tty("add", "dana", "hello", "--create"))

    assert code == 0
    assert said.index("#1") < said.index("Your new journal:") < said.index("trustlog guide")
