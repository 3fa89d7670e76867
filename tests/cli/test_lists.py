"""Lists to choose from: what is typed leads to a choice, and words that are none choose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from tests.helpers import say

from trustlog.ui.ask import Ask, Option
from trustlog.ui.ask_keys import Back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conftest import Call, Terminal

DOWN, BACK, ENTER = "\x1b[B", "\x7f", "\r"
OUTCOMES = [Option("done", "done"), Option("missed: no", "missed"), Option("moved: on", "moved"), Option("other", "o")]
NUMBERED = [Option("#1 tea", 1), Option("#2 milk", 2), Option("#12 bread", 12), Option("L4 slate", 4)]
KEYED = [Option("(skip)", ""), Option("yes", "yes", "y"), Option("no", "no", "n"), Option("no idea", "idea", "x")]


@pytest.fixture
def choosing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Asks the list and types what is given, without a terminal of its own."""
    monkeypatch.setenv("TERM", "xterm")
    with create_pipe_input() as keyboard, create_app_session(input=keyboard):
        ask = Ask(no_input=False)
        ask.possible = True

        def choose(options: Sequence[Option], typed: str, *, goes_back: bool = False) -> Any:
            ask.goes_back = goes_back
            keyboard.send_text(typed)
            return ask.choose("Which?", options, flag="--which")

        yield choose


@pytest.mark.parametrize(
    ("options", "typed", "chosen"),
    [
        (OUTCOMES, "", "done"),
        (OUTCOMES, "m", "missed"),
        (OUTCOMES, "mo", "moved"),
        (OUTCOMES, "MISSED", "missed"),
        (OUTCOMES, "od", "done"),
        (OUTCOMES, f"mox{BACK}", "moved"),
        (OUTCOMES, f"m{DOWN}", "moved"),
        (OUTCOMES, f"zz{DOWN}", "missed"),
        (NUMBERED, "1", 1),
        (NUMBERED, "12", 12),
        (NUMBERED, "#12", 12),
        (NUMBERED, "4", 4),
        (NUMBERED, "l4", 4),
        (KEYED, "y", "yes"),
        (KEYED, "yes", "yes"),
        (KEYED, "x", "idea"),
        (KEYED, "no i", "idea"),
        (KEYED, f"{DOWN}{DOWN}(skip)", ""),
        (KEYED, f"q{BACK}y", "yes"),
    ],
)
def test_letters_numbers_and_keys_lead_to_a_choice(
    choosing: Any, options: Sequence[Option], typed: str, chosen: str | int
) -> None:
    assert choosing(options, f"{typed}{ENTER}") == chosen


@pytest.mark.parametrize(
    ("options", "typed"),
    [
        (OUTCOMES, "later"),
        (OUTCOMES, "finished"),
        (OUTCOMES, "it came, done"),
        (NUMBERED, "3"),
        (NUMBERED, "122"),
        (NUMBERED, "13"),
        (KEYED, "yesterday"),
        (KEYED, "y n"),
    ],
)
def test_what_begins_no_choice_is_said_to_be_none_of_it_and_chooses_nothing(
    choosing: Any, capsys: pytest.CaptureFixture[str], options: Sequence[Option], typed: str
) -> None:
    assert choosing(options, f"{typed}{ENTER}{ENTER}") == options[0].value
    assert "What was typed is not kept." in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("options", [OUTCOMES, KEYED, [Option(f"{number} %", number) for number in range(12)]])
def test_the_sign_for_the_question_before_is_a_word_like_others_where_there_is_none(
    choosing: Any, options: Sequence[Option]
) -> None:
    with pytest.raises(Back):
        choosing(options, f"<{ENTER}", goes_back=True)
    assert choosing(options, f"<{ENTER}{ENTER}" if len(options) < 10 else f"<{BACK}{ENTER}") == options[0].value


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_settle_is_answered_by_a_number_and_by_letters(tty: Terminal, call: Call) -> None:
    for what in ("slate", "slots", "shortlist"):
        call("promise", "dana", what, "--due", "in 3 days")
    child = tty("settle")
    say(child, ("Which one", f"2{ENTER}"), ("What became of it", f"later{ENTER}"), ("is not kept", f"w{ENTER}"))
    code, said = tty.ends(child)
    assert (code, "L2" in said, "withdrawn" in said) == (0, True, True)
    child = tty("settle", "L3")
    say(child, ("What became of it", f"re{ENTER}"), ("By when", f"in 9 days{ENTER}"))
    assert tty.ends(child)[0] == 0
    assert [loop["renegotiated"] for loop in call("open", "--json").data["commitments"]] == [0, 1]


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_a_list_of_entries_shows_each_in_one_line_however_long_it_is(tty: Terminal, call: Call) -> None:
    call("add", "dana", "four scorecards " * 9, "-k", "praise-given", "--did", "scored", "--changed", "quick answers")
    child = tty("delete")
    say(child, ("Which entry", f"1{ENTER}"))
    code, said = tty.ends(child)
    assert (code, "four scorecards four" in str(child.before) + said, "It changed" in said) == (0, True, False)
    assert "Deleted" in said


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_what_is_overdue_offers_no_move_and_names_how_it_is_asked_for_anew(tty: Terminal, call: Call) -> None:
    call("ask", "dana", "scorecard", "--when", "10 days ago", "--due", "2 days ago")
    refused = call("settle", "dana", "renegotiated", "--due", "in 2 days").fails(1)
    assert "else missed; then: trustlog ask dana WHAT --due WHEN" in refused
    child = tty("settle", "dana")
    say(child, ("What became of it", f"m{ENTER}"))
    code, said = tty.ends(child)
    assert (code, "renegotiated" in said) == (0, False)
    assert "If it is still wanted: trustlog ask dana WHAT --due WHEN" in " ".join(said.split())
