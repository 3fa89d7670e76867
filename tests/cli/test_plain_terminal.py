"""Questions on a terminal that shows no escapes, as in a shell inside an editor."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from trustlog.ui.ask import Ask, Option
from trustlog.ui.ask_keys import Back

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call, Terminal

OPTIONS = [Option("Fruit"), Option("an apple", "apple"), Option("a pear", "pear"), Option("none of them", 0, "n")]


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Ask]:
    def ask(typed: str) -> Ask:
        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setattr(sys, "stdin", Keyboard(typed))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return Ask(no_input=False)

    return ask


@pytest.mark.parametrize(("typed", "chosen"), [("1\n", "apple"), ("x\n3\n2\n", "pear"), ("n\n", 0), ("\n", "pear")])
def test_one_is_chosen_by_its_number_or_its_key(
    typing: Callable[[str], Ask], capsys: pytest.CaptureFixture[str], typed: str, chosen: str | int
) -> None:
    assert typing(typed).choose("Which fruit?", OPTIONS, flag="--fruit", default="pear") == chosen
    said = capsys.readouterr().err
    assert all(words in said for words in ("Which fruit?", "Fruit", "1 an apple", "2 a pear", "n none of them"))
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("typed", "picked"), [("\n", []), ("2, 1\n", ["pear", "apple"]), ("7\n1\n", ["apple"]), ("1 1\n", ["apple"])]
)
def test_any_number_are_picked_by_their_numbers(typing: Callable[[str], Ask], typed: str, picked: list[str]) -> None:
    assert typing(typed).pick("Which?", OPTIONS, flag="--fruit") == picked


def test_the_question_before_is_asked_for_by_its_sign(typing: Callable[[str], Ask]) -> None:
    for question, options in (("choose", [OPTIONS]), ("pick", [OPTIONS]), ("text", [])):
        ask = typing("<\n1\n")
        ask.goes_back = True
        with pytest.raises(Back):
            getattr(ask, question)("Which?", *options, flag="--fruit")
    assert typing("<\n1\n").choose("Which?", OPTIONS, flag="--fruit") == "apple"


@pytest.mark.long
@pytest.mark.parametrize("key", ["\x03", "\x04"])
@pytest.mark.usefixtures("two")
def test_leaving_a_key_line_leaves_its_line(tty: Terminal, key: str) -> None:
    child = tty("add", "dana", "thanked me warmly")
    child.expect(r"another \(k\)")
    child.send(key)
    code, said = tty.ends(child)
    assert (code, said.partition("Stopped.")[0][-1:]) == (130, "\n"), said


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [("y\n", False, True), ("\n", False, False), ("\n", True, True), ("what\nNO\n", True, False)],
)
def test_yes_and_no_are_typed(typing: Callable[[str], Ask], typed: str, default: bool, answer: bool) -> None:
    assert typing(typed).confirm("Sure?", flag="--yes", default=default) is answer


def test_a_long_text_ends_with_a_dot_alone(typing: Callable[[str], Ask]) -> None:
    assert typing("one\n\ntwo .\n.\nrest\n").long("What happened?", flag="NOTE") == "one\n\ntwo ."


def test_a_line_is_asked_for_again_until_it_fits(
    typing: Callable[[str], Ask], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = typing("\nwrong\nright\n")
    check = {"wrong": "Not that.", "usual": "Not the usual one."}.get
    assert asked.text("What?", flag="WORD", default="usual", check=check) == "right"
    said = capsys.readouterr().err
    assert "What? [usual]" in said
    assert "Not that." in said


def test_the_end_of_what_is_typed_is_an_end(typing: Callable[[str], Ask]) -> None:
    with pytest.raises(EOFError):
        typing("").text("What?", flag="WORD")


@pytest.mark.usefixtures("two")
def test_a_terminal_without_escapes_gets_none(tty: Terminal, call: Call) -> None:
    child = tty("add", "dana", "--kind", "note", env={"TERM": "dumb"})
    child.expect("What happened. ")
    child.send("plain words\r")
    code, said = tty.ends(child)
    assert (code, "\x1b" in said + str(child.before)) == (0, False)
    assert call("log", "1", "--json").data["entry"]["note"] == "plain words"
