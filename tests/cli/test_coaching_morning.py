"""The program called alone: one small step, and what is open today, in under a screen."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Call, Program, Terminal


def test_a_new_home_says_how_to_begin_and_makes_nothing(run: Program, home: Path) -> None:
    answer = run()

    assert answer.code == 0
    assert 'trustlog manager add "Dana Ortiz"' in answer.out
    assert not (home / "trustlog.db").exists()


def test_with_nobody_in_it_there_is_no_step(call: Call) -> None:
    offer = call("next", "--json").data

    assert (offer["manager"], offer["step"], offer["because"]) == (None, None, [])
    assert offer["reason"] == "Nothing presses today. Resting is fine too."


@pytest.mark.usefixtures("two")
def test_it_shows_the_step_and_what_is_due(call: Call) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    call("promise", "dana", "slate for the analyst", "--due", "in 3 days")
    call("ask", "marcus", "scorecard for J.K.", "--for", "scorecard", "--when", yesterday, "--due", yesterday)

    lines = call().says().splitlines()

    assert lines[0].startswith("Good ")
    assert lines[2].startswith("  One small step    Marcus Hughes · ")
    step = lines.index("  draft: trustlog next marcus")
    lines[3:step] = [lines[3], lines[step - 1]]
    assert lines[4] == "  because the time for “scorecard for J.K.” passed yesterday"
    assert lines[5] == "  draft: trustlog next marcus"
    assert lines[7] == "  Open today"
    assert lines[8].split() == ["they", "owe", "Marcus", "scorecard", "for", "J.K.", *lines[8].split()[6:]]
    assert lines[8].endswith("late")
    assert len(lines) == 9


@pytest.mark.usefixtures("two")
def test_what_comes_next_is_named_when_nothing_is_due(call: Call) -> None:
    call("promise", "dana", "slate for the analyst", "--due", "in 3 days")

    assert "    next        Dana         slate for the analyst" in call().says()


@pytest.mark.usefixtures("two")
def test_a_page_of_many_loops_stays_under_a_screen(call: Call) -> None:
    for number in range(12):
        call("ask", "dana", f"profile {number} " + "and more " * 12, "--when", "10 days ago")

    lines = call().says().splitlines()

    assert len(lines) < 24
    assert max(len(line) for line in lines) <= 80
    assert "    and 4 more: trustlog open" in lines


@pytest.mark.usefixtures("two")
def test_the_private_item_is_only_counted(call: Call) -> None:
    call("debrief", "dana", "--when", "yesterday", "--set", "checkin_optin=yes", "--set", "feeling_after=shaken")

    said = call().says()

    assert "    yourself    1 private item  trustlog checkin" in said
    assert "shaken" not in said


@pytest.mark.usefixtures("two")
def test_a_conversation_of_today_is_named_with_its_card(call: Call) -> None:
    call("prep-feedback", "dana", "--when", "today 23:59", "--set", "purpose=which stage")

    assert "today 23:59" in call().says()


@pytest.mark.usefixtures("two")
def test_it_answers_as_json(call: Call) -> None:
    answer = call("--json")

    assert list(answer.data) == ["date", "next", "open", "coming", "conversations", "private_items"]
    assert (answer.data["date"], answer.data["open"]) == (date.today().isoformat(), [])
    assert list(answer.data["next"]) == ["manager", "step", "because", "reason"]


@pytest.mark.usefixtures("two")
def test_looking_writes_nothing(call: Call) -> None:
    before = call("undo", "--list").out

    call()

    assert call("undo", "--list").out == before


@pytest.mark.usefixtures("two")
def test_on_a_terminal_it_fits_a_screen(tty: Terminal) -> None:
    code, said = tty.ends(tty())

    assert code == 0
    assert said.count("\n") < 24
    assert "One small step" in said


@pytest.mark.parametrize("words", [["--db"], ["--db=", "--json"], ["--no-color", "--no-input"]])
def test_options_alone_are_no_command(call: Call, two: Path, words: list[str]) -> None:
    file = str(two / "trustlog.db")
    given = [word + file if word.endswith("=") else word for word in words]
    given += [file] if words == ["--db"] else []

    assert call(*given).code == 0
    assert call("--db").code == 2


@pytest.mark.usefixtures("two")
def test_two_people_of_one_first_name_are_told_apart(call: Call) -> None:
    call("manager", "add", "Dana Weber", "--handle", "dw").says()
    for who in ("dana", "dw", "marcus"):
        call("promise", who, "a slate", "--due", "today 23:59", "--when", "2024-01-01")

    page = call().out

    assert [name in page for name in ("Dana Ortiz", "Dana Weber", "Marcus ")] == [True, True, True]
    assert "Marcus Hughes" not in page.split("Open today")[1]
