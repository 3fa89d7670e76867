"""`boundary`: the levels through the program, and what is said at each."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, say

from trustlog.domain.days import echo_day

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

BOUNDARY = ("boundary", "dana")
QUESTIONS = ("BR1", "BR2", "BR3", "BR4", "BA1", "BA2", "BA3", "BA4", "BA5", "BA6", "BI1", "BI2", "BI3")
NONE_YET = "Nothing you noted asks for more than your own judgement."


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


def noted(call: Call, *questions: str, days: int = 0) -> Any:
    flags = [word for one in questions for word in ("--set", f"{one}=yes")]
    return call(*BOUNDARY, *flags, "--when", ago(days), "--json").data


def found(call: Call) -> Any:
    return call(*BOUNDARY, "--json").data


@pytest.mark.usefixtures("two")
def test_the_answer_has_the_shape_of_the_contract(call: Call) -> None:
    done = call(*BOUNDARY, "--set", "BA2=yes", "--when", ago(3), "--json")
    assert json.loads(done.out)["command"] == "boundary"
    assert {"manager", "level", "because", "text"} <= set(done.data)
    assert (done.data["manager"], done.data["level"], done.data["because"]) == ("dana", "L1", [f"BA2 {ago(3)}"])
    assert done.data["text"].startswith("One thing you noted sounds worth naming.")


def test_with_no_answers_and_no_terminal_it_tells_the_level_and_writes_nothing(call: Call, two: Path) -> None:
    before = contents(two)
    assert found(call)["level"] == "L0"
    assert call(*BOUNDARY).says() == f"{NONE_YET}\n"
    assert contents(two) == before
    noted(call, "BR1")
    before = contents(two)
    assert found(call)["level"] == "L3"
    assert call(*BOUNDARY).says().startswith("What you noted is serious enough")
    assert contents(two) == before


LEVELS: list[tuple[str, list[tuple[str, int]], str]] = [
    ("BA2 yes today", [("BA2", 0)], "L1"),
    ("BA2 yes 40 days ago", [("BA2", 40)], "L0"),
    ("BA2 yes 10 days ago, BA3 yes today", [("BA2", 10), ("BA3", 0)], "L2"),
    ("BA4 yes 55, 33 and 2 days ago", [("BA4", 55), ("BA4", 33), ("BA4", 2)], "L2"),
    ("BA1 yes 5 days ago and BI2 yes today", [("BA1", 5), ("BI2", 0)], "L2"),
    ("BA1 twice on one day", [("BA1", 0), ("BA1", 0)], "L1"),
    ("BR3 yes today", [("BR3", 0)], "L3"),
    ("BR3 yes 30 days ago", [("BR3", 30)], "L3"),
    ("BR3 yes 31 days ago", [("BR3", 31)], "L0"),
    ("BI1 yes only", [("BI1", 0)], "L0"),
]


@pytest.mark.parametrize(("notes", "level"), [one[1:] for one in LEVELS], ids=[one[0] for one in LEVELS])
@pytest.mark.usefixtures("two")
def test_the_levels_of_the_table_through_the_program(call: Call, notes: list[tuple[str, int]], level: str) -> None:
    for question, days in notes:
        noted(call, question, days=days)
    assert found(call)["level"] == level
    assert call("boundary", "marcus", "--json").data["level"] == "L0"


TALKS: list[tuple[str, list[tuple[int, int | None, dict[str, Any]]], str]] = [
    ("left low in 3 of 4", [(80, None, {"mood_after": -1}), (50, None, {"mood_after": 1}),
                            (20, None, {"mood_after": -1}), (1, None, {"mood_after": -2})], "L2"),
    ("fell by two, twice", [(12, 1, {"mood_after": -1}), (3, 2, {"mood_after": 0})], "L2"),
    ("crossed a line, twice", [(59, None, {"line_crossed": "yes"}), (1, None, {"line_crossed": "yes"})], "L2"),
    ("not sure, twice", [(59, None, {"line_crossed": "not-sure"}), (1, None, {"line_crossed": "not_sure"})], "L1"),
    ("crossed a line once", [(1, None, {"line_crossed": "yes"})], "L0"),
]  # fmt: skip


@pytest.mark.parametrize(("talks", "level"), [one[1:] for one in TALKS], ids=[one[0] for one in TALKS])
@pytest.mark.usefixtures("two")
def test_debriefs_are_read_too(call: Call, talks: list[tuple[int, int | None, dict[str, Any]]], level: str) -> None:
    for days, before, said in talks:
        if before is not None:
            call("prep-feedback", "dana", "--when", ago(days), "--set", f"mood_before={before}").says()
        assert call("debrief", "dana", "--when", ago(days), "--answers", "-", stdin=json.dumps(said)).code == 0
    assert found(call)["level"] == level


@pytest.mark.usefixtures("two")
def test_check_ins_are_read_too(call: Call) -> None:
    for days, much in ((20, 2), (10, 0), (2, 2)):
        assert call("debrief", "dana", "--when", ago(days)).code == 0
        call("checkin", "dana", "--when", ago(days - 1), "--set", f"carry_over={much}").says()
    assert found(call)["because"] == [f"carry_over {ago(1)}", f"carry_over {ago(19)}"]
    assert found(call)["level"] == "L2"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.usefixtures("two")
def test_every_question_may_be_answered_by_its_id(call: Call, question: str) -> None:
    level = {"BR": "L3", "BA": "L1", "BI": "L0"}[question[:2]]
    assert noted(call, question)["level"] == level
    assert call("undo").code == 0
    done = call(*BOUNDARY, "--answers", "-", "--json", stdin=json.dumps({"BA1": None, question: True}))
    assert done.data["level"] == level


@pytest.mark.usefixtures("two")
def test_answers_come_from_a_file_and_set_beats_it(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"BA2": true, "BA3": true, "BI1": false}')
    assert call(*BOUNDARY, "--answers", str(file), "--set", "BA3=no", "--json").data["level"] == "L1"
    assert call(*BOUNDARY, "--answers", str(file), "--json").data["level"] == "L2"


@pytest.mark.usefixtures("two")
def test_an_id_may_be_typed_in_small_letters(call: Call) -> None:
    assert call(*BOUNDARY, "--set", "ba2=yes", "--json").data["level"] == "L1"
    assert call(*BOUNDARY, "--answers", "-", "--json", stdin='{"ba3": true}').data["level"] == "L2"


@pytest.mark.usefixtures("two")
def test_a_later_no_cancels_nothing_but_is_kept(call: Call) -> None:
    noted(call, "BA2", days=3)
    assert call(*BOUNDARY, "--set", "BA2=no", "--json").data["level"] == "L1"
    assert [one["command"] for one in call("undo", "--list", "--json").data["changes"]][:2] == ["boundary"] * 2


REFUSED: list[tuple[str, list[str], str, str]] = [
    ("an unknown question", ["--set", "BR9=yes"], "bad-field", "BR9"),
    ("a field of a script", ["--set", "mood_after=1"], "bad-field", "mood_after"),
    ("neither yes nor no", ["--set", "BA1=perhaps"], "bad-field", "BA1: it takes yes or no"),
    ("a number", ["--answers", "-"], "bad-field", "BA1: it takes yes or no"),
    ("a day of the future", ["--set", "BA1=yes", "--when", "tomorrow"], "future-date", "has not come yet"),
    ("a day that cannot be read", ["--set", "BA1=yes", "--when", "05/06/2026"], "bad-date", "05/06/2026"),
    ("one good and one bad", ["--set", "BR1=yes", "--set", "BA1=7"], "bad-field", "BA1"),
]


@pytest.mark.parametrize(("args", "code", "says"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_is_refused_is_named_and_nothing_is_saved(
    call: Call, two: Path, args: list[str], code: str, says: str
) -> None:
    before = contents(two)
    assert says.casefold() in call(*BOUNDARY, *args, "--json", stdin='{"BA1": 1}').fails(1, code).casefold()
    assert contents(two) == before
    call("boundary", "nobody", "--set", "BA1=yes", "--json").fails(1, "unknown-manager")
    call("boundary", "--json").fails(1, "needs-answer")


@pytest.mark.parametrize(
    ("questions", "level", "begins"),
    [
        (["BA1"], "L1", "One thing you noted sounds worth naming."),
        (["BA1", "BA2"], "L2", "Your notes show that this was hard."),
        (["BR1"], "L3", "What you noted is serious enough to bring to someone now"),
    ],
)
@pytest.mark.usefixtures("two")
def test_each_level_says_its_text_with_the_support_line(
    call: Call, questions: list[str], level: str, begins: str
) -> None:
    done = noted(call, *questions)
    assert (done["level"], done["text"].startswith(begins)) == (level, True)
    assert "trustlog support" in done["text"]
    assert "win this manager over" not in done["text"]
    if level == "L2":
        assert "a more experienced colleague you trust" in done["text"]
        assert "boundaries, looking after yourself and plain business only" in done["text"]
    if level == "L3":
        assert "HR or people team, a worker representative or union" in done["text"]
        assert "call your local emergency number" in done["text"]


@pytest.mark.parametrize(("question", "line"), [("BI1", True), ("BA1", True), (None, False)])
@pytest.mark.usefixtures("two")
def test_the_support_line_is_said_when_it_may_help(call: Call, question: str | None, line: bool) -> None:
    text = noted(call, question)["text"] if question else found(call)["text"]
    assert ("trustlog support" in text) is line


@pytest.mark.usefixtures("two")
def test_the_list_of_changes_tells_not_with_whom_it_was(call: Call) -> None:
    before = call("undo", "--list", "--json").out.count("dana")
    noted(call, "BR1")
    assert call("boundary", "dana", "--clear").code == 0
    assert call("undo", "--list", "--json").out.count("dana") == before
    assert [line.rpartition("  ")[2] for line in call("undo", "--list").says().splitlines()[:2]] == [
        "boundary --clear", "boundary",
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [('{"BR1": true, "BR1": false}', "bad-file", "BR1 stands twice"), ("[]", "bad-file", '{"BR1": true}')],
)
def test_answers_that_say_two_things_or_none_are_refused(call: Call, answers: str, code: str, said: str) -> None:
    assert said in call(*BOUNDARY, "--answers", "-", "--json", stdin=answers).fails(1, code)
    assert found(call)["level"] == "L0"


@pytest.mark.usefixtures("two")
def test_undo_takes_a_check_back(call: Call) -> None:
    noted(call, "BR1")
    assert call("undo", "--json").data["undone"][0]["command"] == "boundary"
    assert (found(call)["level"], found(call)["restricted"]) == ("L0", False)


@pytest.mark.usefixtures("two")
def test_clearing_lifts_the_restriction_but_not_the_level(call: Call) -> None:
    assert noted(call, "BR1", days=9)["restricted"] is True
    cleared = call(*BOUNDARY, "--clear", "--json").data
    assert (cleared["level"], cleared["restricted"], cleared["because"]) == ("L3", False, [f"BR1 {ago(9)}"])
    assert (found(call)["level"], found(call)["restricted"]) == ("L3", False)
    call("undo").says()
    assert found(call)["restricted"] is True


@pytest.mark.usefixtures("two")
def test_a_red_yes_after_a_clearing_of_the_same_day_restricts_again(call: Call) -> None:
    noted(call, "BR1", days=9)
    assert call(*BOUNDARY, "--clear", "--json").data["restricted"] is False
    assert noted(call, "BR2")["restricted"] is True


@pytest.mark.usefixtures("two")
def test_what_is_counted_about_trust_is_not_touched(call: Call) -> None:
    call("add", "dana", "answered", "-k", "reply", "-w", "2026-05-02").says()
    before = call("report", "--json", "--as-of", "2026-06-30").data
    noted(call, "BR1", days=0)
    noted(call, "BA1", days=3)
    assert call("report", "--json", "--as-of", "2026-06-30").data == before


# A line that was crossed.


CROSSED = "You said that a line was crossed. You need not weigh that alone."
STILL = "What you noted earlier still counts, until you lift it: trustlog boundary dana --clear"


@pytest.mark.usefixtures("two")
def test_a_line_that_was_crossed_is_never_answered_with_nothing(call: Call) -> None:
    call("debrief", "dana", "--set", "line_crossed=yes")
    data = found(call)
    assert data["level"] == "L0"
    assert (data["text"].startswith(CROSSED), NONE_YET in data["text"]) == (True, False)
    assert "something crossed a line" in call(*BOUNDARY).says()


@pytest.mark.usefixtures("two")
def test_a_later_check_with_nothing_ticked_says_that_the_earlier_note_counts_until_it_is_lifted(call: Call) -> None:
    call("debrief", "dana", "--when", ago(2), "--set", "line_crossed=yes")
    assert STILL in " ".join(call(*BOUNDARY, "--set", "BA1=no").out.split())
    assert NONE_YET not in call(*BOUNDARY).out
    assert NONE_YET in call(*BOUNDARY, "--clear").out


@pytest.mark.parametrize(("questions", "days"), [(["BR1"], 3), (["BR1"], 40), (["BA1", "BA2"], 35)])
@pytest.mark.usefixtures("two")
def test_what_still_restricts_is_said_when_nothing_new_is_ticked(call: Call, questions: list[str], days: int) -> None:
    noted(call, *questions, days=days)
    said = call(*BOUNDARY, "--set", "BA4=no")
    assert (STILL in " ".join((said.out + said.err).split()), NONE_YET in said.out) == (True, False)


@pytest.mark.usefixtures("two")
def test_after_the_day_of_a_crossed_line_nothing_ticked_at_a_terminal_is_answered_kindly(tty: Terminal) -> None:
    child = tty("debrief", "dana", "--set", "line_crossed=yes", "--set", "mood_after=0", "--minutes", "2")
    say(
        child, ("word or two", tty.ENTER), ("support page", tty.ENTER), ("said or done", tty.ENTER),
        ("you are tomorrow", tty.ENTER), ("into the journal", tty.ENTER),
        ("questions about it now", f"y{tty.ENTER}"), (RED, tty.ENTER), (AMBER, tty.ENTER),
        (IMPACT, tty.ENTER),
    )  # fmt: skip
    code, said = tty.ends(child)
    assert (code, CROSSED in " ".join(said.split()), NONE_YET in " ".join(said.split())) == (0, True, False)


# On a terminal.


RED, AMBER, IMPACT = r"Did\s+any", r"Or\s+any", r"about\s+you"


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.usefixtures("two")
def test_the_questions_are_ticked_on_a_terminal(tty: Terminal, call: Call, env: dict[str, str], width: int) -> None:
    env["COLUMNS"] = str(width)
    child = tty(*BOUNDARY)
    child.setwinsize(24, width)
    child.expect(r"not\s+about\s+anyone's\s+character")
    say(child, (RED, tty.ENTER), (AMBER, f"{tty.DOWN} {tty.ENTER}"), (IMPACT, f" {tty.ENTER}"))
    code, said = tty.ends(child)
    assert (code, "Your notes show that this was hard." in " ".join(said.split())) == (0, True)
    data = call(*BOUNDARY, "--json").data
    assert (data["level"], sorted(one.split()[0] for one in data["because"])) == ("L2", ["BA2", "BI1"])


@pytest.mark.usefixtures("two")
def test_words_typed_in_a_list_tick_nothing_and_the_next_blank_elsewhere_does(tty: Terminal, call: Call) -> None:
    child = tty(*BOUNDARY)
    say(child, (RED, f"shouted again{tty.ENTER}"), (r"tick\s+nothing\s+here", tty.ENTER))
    say(child, (AMBER, f"he{tty.DOWN} {tty.ENTER}"), (IMPACT, tty.ENTER))
    assert tty.ends(child)[0] == 0
    assert [one.split()[0] for one in call(*BOUNDARY, "--json").data["because"]] == ["BA2"]


@pytest.mark.usefixtures("two")
def test_all_of_it_may_be_skipped_and_then_nothing_is_written(tty: Terminal, call: Call) -> None:
    child = tty(*BOUNDARY)
    say(child, (RED, tty.ENTER), (AMBER, tty.ENTER), (IMPACT, tty.ENTER))
    code, said = tty.ends(child)
    assert (code, NONE_YET in " ".join(said.split())) == (0, True)
    assert [one["command"] for one in call("undo", "--list", "--json").data["changes"]] == ["manager add"] * 2


@pytest.mark.usefixtures("two")
def test_ctrl_c_keeps_what_was_ticked_as_a_draft_and_says_how_to_go_on(tty: Terminal, call: Call) -> None:
    child = tty(*BOUNDARY)
    say(child, (RED, tty.ENTER), (AMBER, f"{tty.DOWN} {tty.ENTER}"), (IMPACT, tty.CTRL_C))
    code, said = tty.ends(child)
    assert code == 130
    assert "trustlog boundary dana" in " ".join(said.split())
    child = tty(*BOUNDARY)
    child.expect([IMPACT, RED])
    assert child.match.re.pattern == IMPACT
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call(*BOUNDARY, "--json").data["because"] == [f"BA2 {ago(0)}"]


# What stands behind a level, and what is true of it.


@pytest.mark.usefixtures("two")
def test_notes_of_several_days_were_hard_more_than_once(call: Call) -> None:
    noted(call, "BA1", days=3)
    assert noted(call, "BA1")["text"].startswith("Your notes show this has been hard more than once. You do not")


@pytest.mark.usefixtures("two")
def test_the_notes_are_told_in_words_with_their_days(call: Call) -> None:
    noted(call, "BA3", days=200)
    noted(call, "BA2", days=3)
    noted(call, "BI2")
    end = call(*BOUNDARY).says().split("from your notes:\n")[1]
    days = [echo_day(date.today() - timedelta(days=days)) for days in (3, 0)]
    assert [line.split(maxsplit=4) for line in end.splitlines()] == [
        [*days[0].split(), "put down in front of others"],
        [*days[1].split(), "it affected your sleep, appetite or time at home"],
    ]


@pytest.mark.usefixtures("two")
def test_debriefs_and_check_ins_are_told_in_words_too(call: Call) -> None:
    for days in (20, 9):
        assert call("debrief", "dana", "--when", ago(days), "--set", "line_crossed=not-sure").code == 0
    assert call(*BOUNDARY).says().count("something may have crossed a line") == 2
    for days in (8, 7):
        assert call("debrief", "dana", "--when", ago(days), "--set", "line_crossed=yes").code == 0
    said = call(*BOUNDARY).says()
    assert (said.count("something crossed a line"), "may have" in said, "line_crossed" in said) == (2, False, False)


@pytest.mark.usefixtures("two")
def test_after_clearing_nothing_says_that_suggestions_are_restricted(call: Call) -> None:
    noted(call, "BA1", "BA2")
    assert "plain business only." in call(*BOUNDARY).says()
    cleared = call(*BOUNDARY, "--clear")
    assert (cleared.code, "plain business only" in cleared.out, "is lifted" in cleared.err) == (0, False, True)
    assert "--for boundaries.\nWhenever you want it" in call(*BOUNDARY, "--json").data["text"]


@pytest.mark.usefixtures("two")
def test_a_clearing_of_an_earlier_day_lifts_nothing_that_was_noted_since(call: Call) -> None:
    noted(call, "BR1", days=3)
    cleared = call(*BOUNDARY, "--clear", "--when", ago(9))
    assert (cleared.code, "is lifted" in cleared.err, "keeps the restriction" in cleared.err) == (0, False, True)
