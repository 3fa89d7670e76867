"""`support`: one door for a hard day, a walk at a terminal and a page that is always there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

OPENING = "Work conversations can hit hard, and that is no weakness."
CRISIS = "please contact a local crisis line"
PARTS = ["settle", "sentence", "words", "person", "talk", "line"]
SETTLE, SENTENCE, WORDS, PERSON, TALK, LINE = (rf"{number} of 6" for number in range(1, 7))


def flat(said: str) -> str:
    return " ".join(said.split())


def me(call: Call) -> Any:
    return call("me", "--json").data["me"]


def test_without_a_terminal_it_is_one_page_and_makes_no_journal(call: Call, home: Path) -> None:
    said = flat(call("support").says())

    assert said.startswith(OPENING)
    assert said.endswith("or your local emergency number if it is urgent.")
    order = ["One minute", "One sentence", "Ready words", "One person", "The next talk", "Was a line crossed"]
    assert sorted(order, key=said.index) == order
    assert not home.exists()


def test_the_page_is_for_being_shaken_before_it_speaks_of_danger(call: Call) -> None:
    said = call("support").says()

    assert [word for word in ("Sick before a call", "Crying", "Angry", "Not sleeping") if word not in said] == []
    assert said.index("Not sleeping") < said.index("One minute") < said.index("thoughts of harming yourself")
    assert max(len(line) for line in said.splitlines()) < 80


@pytest.mark.usefixtures("two")
def test_the_page_as_json_has_the_same_parts(call: Call) -> None:
    data = call("support", "marcus", "--json").data

    assert (data["manager"], [part["part"] for part in data["parts"]]) == ("marcus", PARTS)
    assert flat(call("support", "marcus").says()) == flat(data["text"])
    assert "Hi Marcus, " in data["text"]
    assert "trustlog boundary marcus" in data["text"]
    assert len(data["parts"][1]["lines"]) == 3


@pytest.mark.usefixtures("two")
def test_somebody_unknown_is_refused_by_name(call: Call) -> None:
    assert "marcus" in call("support", "mracus").fails(1)


@pytest.mark.usefixtures("two")
def test_own_people_and_sentences_are_named_in_a_pipe_only_when_asked_for(call: Call) -> None:
    call("me", "--comfort", "Sam", "--senior", "Kim", "--contact", "HR desk", "--set", 'sentences=["Breathe first."]')
    own = ("Sam", "Kim", "HR desk", "Breathe first.")
    for flags in ((), ("--json",)):
        assert [word for word in own if word in call("support", *flags).out] == []
        assert [word for word in own if word not in call("support", *flags, "--include-reflections").out] == []


@pytest.mark.parametrize("broken", ["trustlog.db", "config.toml", "playbook/boundary.toml"])
@pytest.mark.parametrize("words", [["support"], ["support", "marcus"]], ids=" ".join)
def test_the_page_is_there_whatever_is_broken(call: Call, home: Path, broken: str, words: list[str]) -> None:
    if words[1:] and broken != "trustlog.db":
        pytest.skip("a journal that can be read refuses a name that it does not know")
    (home / broken).parent.mkdir(parents=True)
    (home / broken).write_text("= not what it should be")
    done = call(*words)

    assert (done.code, CRISIS in flat(done.out)) == (0, True)


@pytest.mark.parametrize("broken", ["trustlog.db", "config.toml"])
def test_the_walk_goes_on_whatever_is_broken(tty: Terminal, home: Path, broken: str) -> None:
    home.mkdir(parents=True)
    (home / broken).write_text("= not what it should be")
    child = tty("support")
    say(
        child, (SETTLE, tty.ENTER), (SENTENCE, tty.ENTER), (WORDS, tty.ENTER), (PERSON, f"Sam{tty.ENTER}"),
        ("could not be kept", ""), (TALK, "y\r"), (LINE, tty.ENTER),
    )  # fmt: skip
    code, said = tty.ends(child)
    assert (code, CRISIS in flat(said)) == (0, True)


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.usefixtures("two")
def test_every_part_may_be_passed_over_and_then_nothing_is_written(
    tty: Terminal, two: Path, env: dict[str, str], width: int
) -> None:
    env["COLUMNS"] = str(width)
    before = contents(two)
    child = tty("support")
    child.setwinsize(24, width)
    child.expect("no weakness")
    say(child, *((part, tty.ENTER) for part in (SETTLE, SENTENCE, WORDS, PERSON, TALK, LINE)))
    code, said = tty.ends(child)

    assert (code, CRISIS in flat(said), "Hold on" in said) == (0, True, False)
    assert contents(two) == before


@pytest.mark.usefixtures("two")
def test_the_walk_to_its_end(tty: Terminal, call: Call) -> None:
    child = tty("support", "marcus")
    say(child, (SETTLE, f"{tty.DOWN}{tty.ENTER}"), ("breathe in", " "))
    say(child, (SENTENCE, f"{tty.DOWN * 2}{tty.ENTER}"), (WORDS, f"4{tty.ENTER}"))
    child.expect("Hi Marcus, I have your mail")
    say(
        child,
        ("Others too", tty.ENTER),
        (PERSON, f"Sam{tty.ENTER}"),
        (TALK, "y\r"),
        ("When is it", f"tomorrow 9:30{tty.ENTER}"),
    )
    say(child, ("walk out", f"one example{tty.ENTER}"))
    for question in ("arriving", "word or two", "settle first", "Finish both", "then I will", "kind thing", "Ready"):
        say(child, (question, tty.ENTER))
    say(child, (LINE, "y\r"))
    say(child, (r"Did\s+any", tty.ENTER), (r"Or\s+any", f"{tty.DOWN} {tty.ENTER}"), (r"about\s+you", tty.ENTER))
    code, said = tty.ends(child)

    assert code == 0, said
    assert "One thing you noted sounds worth naming." in flat(said)
    assert "Hold on to this: I do not have to answer now." in flat(said)
    assert flat(said).endswith("or your local emergency number if it is urgent.")
    assert me(call)["comfort_people"] == [{"name": "Sam"}]
    talk = call("prep-feedback", "marcus", "--card", "--json").data["conversation"]
    assert (talk["answers"]["prep"]["purpose"], talk["minutes"]) == ("one example", 2)
    assert call("boundary", "marcus", "--json").data["level"] == "L1"


@pytest.mark.usefixtures("two")
def test_ctrl_c_in_the_middle_loses_nothing_and_is_answered_kindly(tty: Terminal, call: Call) -> None:
    child = tty("support", "marcus")
    say(
        child, (SETTLE, tty.ENTER), (SENTENCE, f"{tty.DOWN * 4}{tty.ENTER}"), ("Your sentence", f"One thing{tty.ENTER}")
    )
    say(child, (WORDS, tty.CTRL_C))
    code, said = tty.ends(child)

    assert (code, "What you said is kept" in flat(said), CRISIS in flat(said)) == (130, True, True)
    assert me(call)["sentences"] == ["One thing"]
    child = tty("support", "marcus")
    say(child, (SETTLE, tty.ENTER))
    child.expect("One thing")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130


@pytest.mark.usefixtures("two")
def test_ctrl_c_in_the_preparation_keeps_it_as_a_draft(tty: Terminal, call: Call) -> None:
    child = tty("support")
    say(child, *((part, tty.ENTER) for part in (SETTLE, SENTENCE, WORDS, PERSON)), (TALK, "y\r"))
    say(
        child,
        ("With whom", f"marcus{tty.ENTER}"),
        ("When is it", tty.ENTER),
        ("At what time", f"16:00{tty.ENTER}"),
        ("walk out", f"p{tty.ENTER}"),
    )
    say(child, ("arriving", tty.CTRL_C))
    code, said = tty.ends(child)

    assert (code, "Go on with: trustlog prep-feedback marcus" in flat(said)) == (130, True)
    assert call("prep-feedback", "marcus", "--set", "mood_before=0", "--json").code == 0


@pytest.mark.usefixtures("two")
def test_whom_one_has_is_named_and_not_asked_for(tty: Terminal, call: Call) -> None:
    call("me", "--comfort", "Sam", "--senior", "Kim")
    child = tty("support")
    say(child, *((part, tty.ENTER) for part in (SETTLE, SENTENCE, WORDS)))
    child.expect(r"Someone to call: Sam, Kim\.")
    say(child, (TALK, tty.ENTER), (LINE, tty.ENTER))
    assert tty.ends(child)[0] == 0


@pytest.mark.usefixtures("two")
def test_with_json_a_terminal_is_asked_nothing(tty: Terminal) -> None:
    code, said = tty.ends(tty("support", "--json"))

    assert (code, said.startswith('{"schema"')) == (0, True)


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_lists_that_were_gone_through_today_are_not_offered_again(tty: Terminal, call: Call) -> None:
    assert call("boundary", "marcus", "--set", "BA3=yes").code == 0
    child = tty("support", "marcus")
    say(child, *((part, tty.ENTER) for part in (SETTLE, SENTENCE, WORDS, PERSON, TALK)))
    code, said = tty.ends(child)

    assert (code, "three short lists" in flat(said), CRISIS in flat(said)) == (0, False, True)


def test_the_page_does_not_promise_that_nobody_else_reads_it(call: Call) -> None:
    assert "an employer may be able to read a work device" in flat(call("support").says())
