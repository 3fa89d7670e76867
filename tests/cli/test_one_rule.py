"""What several commands share: numbers, what is unthanked, what --copy does, that words put into a text stay words."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from trustlog.playbook import Playbook
from trustlog.services import private
from trustlog.store import people
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

    Commands = list[list[str]]

HELPED = ["add", "dana", "read the ad", "-k", "help-received", "-w", "2 days ago"]
WORDLESS = ["add", "dana", "-k", "help-received", "-w", "2 days ago"]
SEEN = ["notice", "dana", "four scorecards before lunch"]
FAST = [
    ["ask", "dana", "the card", "--for", "scorecard", "--when", "4 days ago 09:00", "--due", "yesterday"],
    ["settle", "dana", "--when", "2 days ago 11:00"],
]
PRAISED = ["praise", "dana", "--did", "a", "--changed", "b", "--on", "today"]


# --- one number, one thing: #1 an entry, L1 a loop, J1 a thing in the jar

ONE_OF_EACH = [["add", "dana", "one"], ["promise", "dana", "the slate", "--due", "in 2 days"], SEEN]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "words",
    [
        ["log", "1"], ["log", "#1"], ["edit", "#1", "--note", "two"], ["delete", "#1"],
        ["settle", "1", "kept"], ["settle", "L1", "kept"], ["settle", "l1"],
        ["praise", "--from", "J1", "--changed", "x"], ["praise", "--from", "1", "--changed", "x"],
        ["notice", "--drop", "j1"],
        ["prep-feedback", "dana", "--set", 'facts_ticked=["#1"]'],
    ],
)  # fmt: skip
def test_a_number_is_taken_with_its_letter_and_without(call: Call, words: list[str]) -> None:
    for line in ONE_OF_EACH:
        call(*line)

    assert call(*words).code == 0


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "use"),
    [
        (["log", "L1"], "settle L1"), (["log", "J1"], "praise --from J1"), (["edit", "L1"], "settle L1"),
        (["delete", "L1"], "settle L1 withdrawn"), (["delete", "J1"], "notice --drop J1"),
        (["settle", "#1"], "log 1"), (["settle", "J1"], "praise --from J1"),
        (["praise", "dana", "--from", "L1"], "settle L1"), (["notice", "--drop", "#1"], "delete 1"),
        (["notice", "--drop", "L1"], "settle L1 withdrawn"), (["add", "dana", "x", "--repairs", "L1"], "settle L1"),
    ],
)  # fmt: skip
def test_the_letter_of_another_kind_is_refused_and_the_right_command_named(
    call: Call, words: list[str], use: str
) -> None:
    for line in ONE_OF_EACH:
        call(*line)
    before = call("undo", "--list").out

    said = call(*words, "--json").fails(1, "bad-field")

    assert said.endswith(f"Use: trustlog {use}")
    assert call("undo", "--list").out == before


@pytest.mark.usefixtures("two")
def test_each_is_printed_with_its_letter_and_json_has_both(call: Call) -> None:
    said = [call(*line, "--json").data for line in ONE_OF_EACH]
    found = [said[0]["entry"], said[1]["commitment"], said[2]["noticed"]]

    assert [(one["id"], one["ref"]) for one in found] == [(1, "#1"), (1, "L1"), (1, "J1")]
    assert [call(*words).out.strip()[:2] for words in (["log"], ["open"], ["praise", "--list"])][1:] == ["L1", "J1"]
    assert "#1" in call("log").out
    for ref in ("#1", "L1", "J1"):
        assert f"  {ref} dana" in call("undo", "--list").out


# --- working time


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("week", "waits"), [("true", False), ("false", True)])
def test_next_counts_silence_as_the_setting_counts_days(call: Call, week: str, waits: bool) -> None:
    assert call("config", "set", "working_week", week).code == 0
    friday = call("ask", "dana", "yes or no", "--when", "2024-03-08 09:00", "--due", "2024-03-09 09:00")
    assert friday.code == 0

    steps = call("next", "dana", "--all", "--as-of", "2024-03-12", "--json").data["steps"]
    assert any("SIT-NOREPLY-3" in one["because"] for one in steps) == waits


# --- unthanked


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("commands", "count", "deed"),
    [
        ([], 0, None),
        ([SEEN], 1, "“four scorecards before lunch” today"),
        ([HELPED], 1, "their help"),
        ([WORDLESS], 1, "their help"),
        (FAST, 1, "“the card”, which came early"),
        ([HELPED, SEEN, *FAST], 3, "“four scorecards before lunch” today"),
        ([HELPED, *FAST, PRAISED], 0, None),
    ],
    ids=["nothing", "the jar", "help", "help without words", "a fast scorecard", "all of them", "praised"],
)
def test_brief_report_and_next_mean_the_same_by_unthanked(
    call: Call, commands: Commands, count: int, deed: str | None
) -> None:
    for words in [["req", "add", "dana", "Analyst", "--opened", "20 days ago"], *commands]:
        assert call(*words).code == 0

    assert len(call("brief", "dana", "--json").data["unthanked"]) == count
    assert call("report", "dana", "--json").data["managers"][0]["unthanked"] == count
    offered = call("next", "dana", "--for", "praise", "--all", "--json").data["steps"]
    reasons = [one["reason"] for one in offered if "SIT-NOPRAISE" in one["because"]]
    assert bool(reasons) == (deed is not None)
    # help of the last days has a situation of its own, which is more urgent and gives the reason
    assert deed is None or any(deed in one for one in reasons) or deed == "their help"


@pytest.mark.usefixtures("two")
def test_help_without_words_is_thanked_for_in_words(call: Call) -> None:
    assert call(*WORDLESS).code == 0

    assert call("brief", "dana", "--json").data["opening"] == "Thank Dana first, for one thing: their help."
    assert ": their help\n" in call("brief", "dana").says()
    assert "Thank you for your help" not in call("update", "dana").out


# --- the clipboard


COPYING = [
    (["next", "dana", "--yes", "--open"], ""),
    (["update", "dana", "--sent", "--open"], "Nothing was noted as sent. "),
    (PRAISED, "The praise is kept as #1. "),
    ([*PRAISED, "--draft"], ""),
]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "beside"), COPYING)
def test_without_a_clipboard_the_answer_stands_and_one_error_follows_it_on_stderr(
    call: Call, tmp_path: Path, words: list[str], beside: str
) -> None:
    env = {"PATH": str(tmp_path), "TERM": "dumb"}
    done = call(*words, "--copy", "--json", env=env)

    assert done.code == 1
    assert list(json.loads(done.out)) == ["schema", "command", "data"]
    error = json.loads(done.err)["error"]
    assert error == {
        "code": "no-terminal", "message": "no clipboard was found",
        "hint": f"{beside}The text is above; copy it there by hand.",
    }  # fmt: skip
    kept = [one["kind"] for one in call("log", "--json").data["entries"]]
    assert kept == ["praise-given"] * ("kept" in beside)
    assert call("undo", "--list", "--json").data["changes"][0]["command"] == ("praise" if kept else "manager add")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("words", [words for words, _ in COPYING])
def test_what_was_copied_stands_in_the_answer(call: Call, tmp_path: Path, words: list[str]) -> None:
    tool = tmp_path / "bin" / "pbcopy"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\n/bin/cat > "{tmp_path}/copied"\n')
    tool.chmod(0o755)
    done = call(*words, "--copy", "--json", env={"PATH": str(tool.parent)})

    assert (done.code, done.err) == (0, "")
    assert json.dumps((tmp_path / "copied").read_text("utf-8"), ensure_ascii=False) in done.out


OPEN = [
    (["next", "dana", "--for", "ask-help"], "[a word of their field]"),
    (["update", "dana", "--sent"], "[what you are doing next, and by when], [your name]"),
    (["kickoff", "email", "PA-1", "--sent"], "[your name]"),
]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "named"), OPEN)
def test_what_a_draft_leaves_open_is_asked_for_before_it_is_copied(
    call: Call, run: Program, tmp_path: Path, words: list[str], named: str
) -> None:
    assert call("kickoff", "start", "dana", "Payments analyst", "--code", "PA-1", "--set", "why_now=growth").code == 0
    for step in ("PB01", "PB02", "PB04"):
        assert call("next", "dana", "--dismiss", step).code == 0
    before = call("undo", "--list", "--json").data
    env = {"PATH": str(tmp_path), "TERM": "dumb"}

    refused = json.loads(run(*words, "--copy", "--json", env=env).err)["error"]

    assert (refused["code"], refused["message"].endswith(f"open in this draft: {named}")) == ("needs-answer", True)
    assert refused["hint"] == "Copy it at a terminal, which asks for them, or as it is: --copy --open"
    assert call("undo", "--list", "--json").data == before
    taken = run(*words, "--copy", "--open", "--json", env=env)
    assert json.loads(taken.err)["error"]["code"] == "no-terminal"
    assert named.rsplit(", ", maxsplit=1)[-1] in taken.out
    # beside a copy only, but for the mail of the week, which asks a second time what was sent
    assert run(*words, "--open", env=env).code == (0 if words[0] == "update" else 2)


@pytest.mark.usefixtures("two")
def test_at_a_terminal_the_open_questions_of_a_mail_are_asked_and_answered(tty: Terminal) -> None:
    child = tty("update", "dana", "--copy", "--from", "Ana")
    child.expect("what you are doing next, and by when:")
    child.sendline("the market note, by Friday")
    code, said = tty.ends(child)

    assert (code, "- the market note, by Friday" in said) == (0, True)


# --- words of a person in a template of ours


@pytest.mark.usefixtures("two")
def test_braces_in_a_persons_words_are_never_filled(call: Call) -> None:
    promise = call("promise", "dana", "the {due} of {what}", "--due", "in 2 days")
    assert promise.code == 0
    assert "the {due} of {what}, by " in call("update", "dana").out
    assert call("brief", "dana", "--json").data["opening"].endswith("has to ask: the {due} of {what}.")
    said = call("praise", "dana", "--did", "wrote {changed}", "--changed", "our {did} {day}", "--draft").says()
    assert "wrote {changed}" in said
    assert "our {did} {day}" in said


@pytest.mark.usefixtures("two")
def test_braces_in_a_name_are_never_filled(call: Call) -> None:
    assert call("manager", "add", "mal", "--name", "{handle} {id}").code == 0
    assert call("promise", "mal", "x", "--due", "in 2 days").code == 0
    assert "SUMMARY:A promise to {handle} is due" in call("remind").out
    assert call("boundary", "mal", "--set", "BR1=yes").code == 0
    told = call("next", "mal", "--for", "praise").out
    assert " ".join(told.split()).startswith("What you noted with {handle} comes first: ")
    assert "trustlog boundary mal" in told


@pytest.mark.parametrize("answer", ["BR1", "BI1"])
def test_braces_of_ones_own_people_are_never_filled(call: Call, two: Path, answer: str) -> None:
    assert call("boundary", "dana", "--set", "BA1=yes", "--set", f"{answer}=yes").code == 0
    journal = Journal.read(two / "trustlog.db", two / "snapshots")
    words, dana = Playbook(two / "playbook", print).boundary, people.manager(journal, "dana")
    own = {"seniors": ["Ana {contacts}"], "contacts": ["Bo {handle}"]}
    said = private.told(journal, dana, date.today(), words, own).words
    journal.close()

    assert "Ana {contacts}" in said
    assert ("Bo {handle}" in said) == (answer == "BR1")
    page = private.support(words, {"seniors": ["{people}"], "sentences": ["{handle}"]}, {"move": "{first_name}"}, dana)
    assert [page.text.count(place) for place in ("{people}", "{handle}", "{first_name}")] == [1, 1, 0]


@pytest.mark.usefixtures("two")
def test_braces_in_an_agreement_stay_as_they_were_said(call: Call) -> None:
    said = ["--set", "level={confirm_by}", "--set", 'must_haves=["{title}", "{recruiter}"]']
    assert call("kickoff", "start", "dana", "The {version}", "--code", "T-1", *said).code == 0
    mail = call("kickoff", "email", "T-1", "--from", "{confirm_by}").out
    assert "Subject: The {version}: what we agreed" in mail
    assert "Level: {confirm_by}" in mail
    assert "- {title}\n" in mail
    assert "\n{confirm_by}\n" in mail


# --- completion


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "at"), [("trustlog update ", "2"), ("trustlog kickoff start ", "3")])
def test_where_a_manager_or_a_role_may_stand_both_are_completed(run: Program, words: str, at: str) -> None:
    run("req", "add", "dana", "Analyst", "--code", "pay").says()
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": at}
    assert run(env=asked).out.split() == ["dana", "marcus", "pay"]
