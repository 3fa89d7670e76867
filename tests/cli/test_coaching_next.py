"""`next`: one small step for each situation, made by real commands; and what becomes of a step."""

import json
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SATURDAY, Call, Terminal
from tests.helpers import say

pytestmark = pytest.mark.usefixtures("two", "on_a_saturday")

TODAY = SATURDAY.date
Commands = list[list[str]]


def ago(days: int) -> str:
    return (TODAY() - timedelta(days=days)).isoformat()


def workdays_ago(count: int) -> str:
    """The day that lies so many working days back, at most."""
    day = TODAY()
    while count:
        count -= day.weekday() < 5
        day -= timedelta(days=1)
    return day.isoformat()


def add(kind: str, days: int, *more: str) -> list[str]:
    return ["add", "dana", "what happened", "-k", kind, "-w", ago(days), *more]


def debrief(days: int, decision: str) -> list[str]:
    items = f'[{{"text": "Fewer profiles", "decision": "{decision}", "then_action": "send three"}}]'
    return ["debrief", "dana", "--when", ago(days), "--set", "line_crossed=no", "--set", f"items={items}"]


GOOD = ("slate-accepted", "relied-on-me", "help-received", "recommended-me", "promise-kept", "expectation-confirmed")
KICKOFF = ["kickoff", "start", "dana", "Analyst", "--code", "pay", "--set", "why_now=growth"]

SITUATIONS: dict[str, tuple[Callable[[], Commands], str]] = {
    "SIT-MISS": (
        lambda: [
            ["promise", "dana", "the slate", "--when", ago(6), "--due", ago(3)],
            ["settle", "dana", "missed", "--when", ago(2)],
        ],
        "a promise was missed",
    ),
    "SIT-HARSH": (lambda: [add("harsh-exchange", 1)], "hard words yesterday"),
    "SIT-RISK": (lambda: [["promise", "dana", "the slate", "--due", "in 20 hours", "--at-risk"]], "“the slate” is due"),
    "SIT-LATECARD": (
        lambda: [["ask", "dana", "scorecard for J.K.", "--for", "scorecard", "--when", ago(2), "--due", ago(1)]],
        "the time for “scorecard for J.K.” passed yesterday",
    ),
    "SIT-NOREPLY-3": (
        lambda: [["ask", "dana", "yes or no on A.B.", "--when", workdays_ago(4), "--due", ago(1)]],
        "“yes or no on A.B.” is",
    ),
    "SIT-NOREPLY-7": (
        lambda: [["ask", "dana", "yes or no on A.B.", "--when", workdays_ago(8)]],
        "another message about it can wait",
    ),
    "SIT-UNCONFIRMED": (
        lambda: [[*KICKOFF, "--when", ago(9)], ["kickoff", "email", "pay", "--sent", "--when", ago(8)]],
        "the kick-off email for Analyst went out",
    ),
    "SIT-CHANGE": (
        lambda: [
            [*KICKOFF, "--when", ago(9), "--set", "level=senior"],
            ["kickoff", "confirm", "pay", "all", "--how", "email", "--when", ago(8)],
            ["kickoff", "amend", "pay", "--set", "level=lead", "--reason", "growth", "--effect", "two weeks more"],
        ],
        "what is needed changed today",
    ),
    "SIT-LOST": (lambda: [add("offer-lost", 3)], "an offer was lost"),
    "SIT-FAILED-INTERVIEW": (lambda: [add("note", 1, "-t", "failed-interview")], "an interview went badly yesterday"),
    "SIT-DOUBT": (lambda: [add("doubt-voiced", 3)], "you noted “doubt voiced”"),
    "SIT-REQUIREMENTS": (lambda: [add("note", 1, "-t", "requirements")], "requirements came up yesterday"),
    "SIT-HELPED": (lambda: [add("help-received", 1)], "they helped you yesterday"),
    "SIT-WIN": (lambda: [add("slate-accepted", 1)], "good news yesterday: slate accepted"),
    "SIT-FASTCARD": (
        lambda: [
            ["ask", "dana", "scorecard for J.K.", "--for", "scorecard", "--when", ago(1), "--due", "in 3 days"],
            ["settle", "dana"],
        ],
        "“scorecard for J.K.” came before its time today",
    ),
    "SIT-FEEDBACK-SOON": (
        lambda: [["prep-feedback", "dana", "--when", "in 20 hours", "--set", "purpose=which stage"]],
        "you have a feedback conversation",
    ),
    "SIT-FEEDBACK-OPEN": (lambda: [debrief(16, "use")], "you are using what they told you"),
    "SIT-CLOSED": (
        lambda: [
            ["req", "add", "dana", "Analyst", "--code", "pay", "--opened", ago(60)],
            ["req", "close", "pay", "--when", ago(1)],
        ],
        "the search for Analyst was closed yesterday",
    ),
    "SIT-LEAVING": (lambda: [["manager", "leaving", "dana", "--on", "in 3 days"]], "they leave on"),
    "SIT-BOUNDARY": (lambda: [["boundary", "dana", "--set", "BA1=yes", "--set", "BA2=yes"]], "deserves care first"),
    "SIT-NEW": (list, "getting to know each other"),
    "SIT-NEWREQ": (
        lambda: [["req", "add", "dana", "Analyst", "--opened", ago(3)]],
        "Analyst was opened",
    ),
    "SIT-QUIET-45": (lambda: [add("meeting-held", 50)], "your last contact is 50 days ago"),
    "SIT-HARD": (lambda: [["req", "add", "dana", "Analyst", "--opened", ago(50)]], "has been open for 50 days"),
    "SIT-NOPRAISE": (
        lambda: [
            ["req", "add", "dana", "Analyst", "--opened", ago(20)],
            ["notice", "dana", "Four scorecards before lunch"],
        ],
        "something is unthanked: “Four scorecards before lunch” today",
    ),
    "SIT-CELEBRATE": (lambda: [add("recommended-me", 9)], "it was a first: recommended me"),
    "SIT-STEADY": (
        lambda: [add(kind, days, "-s", "l") for days in range(4, 60, 4) for kind in GOOD],
        "a steady partnership",
    ),
    "SIT-LOW-A": (
        lambda: [add("help-received", 40, "-s", "l"), add("promise-kept", 40, "-s", "l")],
        "your notes say least about what you can do",
    ),
    "SIT-LOW-B": (
        lambda: [add("relied-on-me", 40, "-s", "l"), add("promise-kept", 40, "-s", "l")],
        "your notes say least about whether you are on their side",
    ),
    "SIT-LOW-I": (
        lambda: [add("relied-on-me", 40, "-s", "l"), add("help-received", 40, "-s", "l")],
        "your notes say least about whether you do what you say",
    ),
}


def done(call: Call, commands: Commands) -> None:
    for words in commands:
        assert call(*words).code == 0, (words, call(*words).err)


def next_data(call: Call, *words: str) -> Any:
    return call("next", *words, "--json").data


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_yields_a_step_with_its_reason(call: Call, situation: str) -> None:
    commands, reason = SITUATIONS[situation]
    done(call, commands())

    steps = next_data(call, "dana", "--all")["steps"]
    called_for = [one for one in steps if one["because"][0] == situation]

    assert called_for, [(one["step"]["id"], one["because"]) for one in steps]
    assert all(one["reason"].startswith("because ") for one in called_for)
    assert reason in called_for[0]["reason"]


def test_the_table_names_every_situation_of_the_playbook() -> None:
    from trustlog.playbook import Playbook

    shipped = Playbook(Path("/nowhere"), lambda _: None).coaching.situations

    assert list(SITUATIONS) == [one.id for one in shipped]
    assert len(SITUATIONS) == 30


EVENTS = [one for one in SITUATIONS if one not in (
    "SIT-BOUNDARY", "SIT-NEW", "SIT-NEWREQ", "SIT-QUIET-45", "SIT-HARD", "SIT-NOPRAISE", "SIT-CELEBRATE", "SIT-STEADY",
    "SIT-LOW-A", "SIT-LOW-B", "SIT-LOW-I",
    "SIT-LEAVING",  # its one thank-you has days of its own
)]  # fmt: skip


@pytest.mark.parametrize("situation", EVENTS)
def test_what_happened_goes_before_what_merely_is(call: Call, situation: str) -> None:
    done(call, SITUATIONS[situation][0]())

    assert next_data(call, "dana")["because"][0] == situation


@pytest.mark.parametrize("notes", [["BA2", "BA3"], ["BR1"]], ids=["L2", "L3"])
@pytest.mark.parametrize("words", [["next", "dana"], ["next"]], ids=" ".join)
def test_what_was_noted_stands_first_and_nothing_is_coached(call: Call, notes: list[str], words: list[str]) -> None:
    call("manager", "archive", "marcus")
    call("boundary", "dana", *(word for one in notes for word in ("--set", f"{one}=yes")))
    done = call(*words, "--json").data

    assert (done["step"], done["manager"]) == (None, "dana")
    assert "What you noted with Dana stands first; nothing more is needed today. trustlog support dana" in (
        " ".join(call(*words).out.split())
    )
    assert next_data(call, "dana", "--for", "boundaries")["step"]["id"] in ("PB41", "PB42")


@pytest.mark.parametrize("situation", ["SIT-NEW", "SIT-LATECARD", "SIT-STEADY"])
def test_looking_again_gives_the_same_and_writes_nothing(call: Call, situation: str) -> None:
    done(call, SITUATIONS[situation][0]())
    before = call("undo", "--list", "--json").data

    first, second = next_data(call, "dana"), next_data(call, "dana")

    assert first == second
    assert call("undo", "--list", "--json").data == before


def test_mornings_differ_among_equals(call: Call) -> None:
    offered = {next_data(call, "dana", "--as-of", f"in {days} days")["step"]["id"] for days in range(5)}

    assert len(offered) > 1


def test_a_step_that_was_done_rests_for_a_fortnight(call: Call) -> None:
    done(call, [add("help-received", 1)])
    assert next_data(call, "dana")["step"]["id"] == "PB05"

    kept = call("next", "dana", "--done", "PB05", "--note", "Told her the edit is live", "--json").data

    assert (kept["step"], kept["event"], kept["entry"]["kind"]) == ("PB05", "done", "praise-given")
    assert kept["entry"]["note"] == "Told her the edit is live"
    ids = [one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]]
    assert "PB05" not in ids


def test_done_without_words_is_no_praise(call: Call) -> None:
    answer = call("next", "dana", "--done", "PB18", "--json")

    assert answer.data["entry"]["kind"] == "note"


def test_what_has_not_come_back_is_not_written(call: Call) -> None:
    kept = call("next", "dana", "--done", "PB06", "--json").data

    assert kept["entry"] is None
    assert call("log", "--json").data == {"entries": []}


def test_a_dismissed_step_is_gone_and_undo_brings_it_back(call: Call) -> None:
    before = next_data(call, "dana")
    step = before["step"]["id"]

    call("next", "dana", "--dismiss", step).says()
    assert next_data(call, "dana")["step"]["id"] != step

    call("undo")
    assert next_data(call, "dana") == before


def test_a_snoozed_step_comes_back_on_its_day(call: Call) -> None:
    step = next_data(call, "dana")["step"]["id"]

    kept = call("next", "dana", "--snooze", "in 3 days", "--json").data

    assert (kept["step"], kept["event"]) == (step, "snoozed")
    ids = [one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]]
    later = [one["step"]["id"] for one in next_data(call, "dana", "--all", "--as-of", "in 4 days")["steps"]]
    assert step not in ids
    assert step in later


def test_a_family_can_be_asked_for(call: Call) -> None:
    offer = next_data(call, "dana", "--for", "self_care")

    assert offer["step"]["category"] == "self-care"
    assert offer["reason"] == "because you asked for this family"


def test_after_two_unanswered_pushes_nothing_is_pushed(call: Call) -> None:
    done(call, [add("update-sent", 3, "--approach", "push"), add("update-sent", 2, "--approach", "push")])

    steps = next_data(call, "dana", "--all")["steps"]

    assert steps[0]["because"][0] == "SIT-NOREPLY-7"
    assert "2 messages that asked for something have no answer" in steps[0]["reason"]
    assert all("SIT-NOREPLY-7" in one["because"] or one["step"]["their_min"] == 0 for one in steps)


def test_notes_of_silence_count_as_messages_without_an_answer(call: Call) -> None:
    done(
        call, [add("note", day, note) for day, note in ((4, "no reply to my mail"), (3, "ghosted"), (2, "ignored me"))]
    )

    steps = next_data(call, "dana", "--all")["steps"]

    assert "3 of your notes tell of messages without an answer, the last of them" in steps[0]["reason"]
    assert all("SIT-NOREPLY-7" in one["because"] or one["step"]["their_min"] == 0 for one in steps)


def test_a_request_that_was_withdrawn_or_missed_is_no_message_without_an_answer(call: Call) -> None:
    done(call, [["ask", "dana", what, "--when", ago(1), "--due", ago(0)] for what in ("the scorecard", "a call")])
    done(call, [["settle", "L1", "withdrawn"], ["settle", "L2", "missed"], add("note", 0, "ghosted me")])

    offer = next_data(call, "dana")

    assert "SIT-NOREPLY-7" not in offer["because"]
    assert "answer" not in offer["reason"]


@pytest.mark.parametrize(
    ("answer", "families"),
    [(["BA1=yes", "BA2=yes"], {"boundaries", "self-care", "expectations"}), (["BR1=yes"], {"boundaries", "self-care"})],
)
def test_nobody_is_coached_to_win_over_who_crossed_a_line(call: Call, answer: list[str], families: set[str]) -> None:
    done(call, [["ask", "dana", "a scorecard", "--for", "scorecard", "--when", ago(2), "--due", ago(1)]])
    done(call, [["boundary", "dana", *(word for one in answer for word in ("--set", one))]])

    offered = {one["step"]["category"] for one in next_data(call, "dana", "--all")["steps"]}
    refused = next_data(call, "dana", "--for", "praise")

    assert offered == families
    assert refused["step"] is None
    assert "until it is cleared" in refused["reason"]

    call("boundary", "dana", "--clear")
    assert next_data(call, "dana", "--for", "praise")["step"] is not None


def test_at_the_third_level_nobody_is_sent_to_speak_to_them(call: Call) -> None:
    done(call, [["boundary", "dana", "--set", "BR1=yes"]])

    assert {one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]} == {"PB42", "PB43"}


def test_public_praise_that_they_do_not_want_is_not_offered(call: Call) -> None:
    done(call, [["manager", "edit", "dana", "--public-praise-ok", "no"], add("slate-accepted", 1)])

    ids = {one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]}

    assert not ids & {"PB19", "PB20"}
    assert "PB21" in ids


def test_alone_it_takes_the_most_urgent(call: Call) -> None:
    done(call, [add("help-received", 1), ["add", "marcus", "sharp words", "-k", "harsh-exchange", "-w", ago(1)]])

    offer = next_data(call)

    assert (offer["manager"], offer["because"][0]) == ("marcus", "SIT-HARSH")


def test_without_events_it_takes_who_waited_longest_for_a_step(call: Call) -> None:
    assert next_data(call)["manager"] == "dana"

    call("next", "dana", "--dismiss", "PB08")
    assert next_data(call)["manager"] == "dana"  # a dismissed step is no step
    call("next", "dana", "--done", "PB03")

    assert next_data(call)["manager"] == "marcus"


def test_an_archived_manager_is_passed_over_and_refused_by_name(call: Call) -> None:
    done(call, [["manager", "archive", "dana"]])

    assert next_data(call)["manager"] == "marcus"
    assert "dana is archived" in call("next", "dana", "--json").fails(1, "conflict")


def test_the_draft_is_filled_from_the_journal_and_the_rest_is_marked(call: Call) -> None:
    done(call, [["ask", "dana", "scorecard for J.K.", "--for", "scorecard", "--when", ago(2), "--due", ago(1)]])

    steps = {one["step"]["id"]: one["step"] for one in next_data(call, "dana", "--all")["steps"]}

    assert "I can do the writing for “scorecard for J.K.”:" in steps["PB30"]["draft"]
    assert "was due yesterday and is still open. What follows from that: [what follows]." in steps["PB31"]["draft"]
    assert steps["PB31"]["blanks"] == ["effect"]


def test_people_of_the_second_drawer_stand_in_no_pipe(call: Call) -> None:
    done(call, [["me", "--senior", "Ruth Quist"], ["boundary", "dana", "--set", "BR1=yes"]])

    said = call("next", "dana", "--all", "--json").out

    assert "Ruth" not in said
    assert "[someone more experienced]" in said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["dana", "--done", "PB99"], "bad-field", 'there is no step "PB99"'),
        (["--done", "PB44"], "needs-answer", "with whom was PB44"),
        (["dana", "--for", "flattery"], "bad-field", "flattery"),
        (["dana", "--snooze", "yesterday"], "bad-date", "not in the future"),
        (["nobody"], "unknown-manager", "nobody"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(call: Call, words: list[str], code: str, says: str) -> None:
    before = call("undo", "--list", "--json").data

    assert says in call("next", *words, "--json").fails(1, code)
    assert call("undo", "--list", "--json").data == before


@pytest.mark.parametrize("words", [["--copy", "--done", "PB01"], ["--all", "--snooze", "tomorrow"]])
def test_two_acts_at_once_are_wrong_usage(call: Call, words: list[str]) -> None:
    assert call("next", "dana", *words).code == 2


NO_ANSWER = ["ask", "dana", "three profiles", "--when", workdays_ago(9)]


@pytest.mark.parametrize(
    ("owed", "situation", "step"),
    [
        (
            [["promise", "dana", "slate", "--due", ago(3), "--when", ago(9)], ["settle", "2", "missed"]],
            "SIT-MISS",
            "PB34",
        ),
        ([["promise", "dana", "slate", "--due", ago(3), "--when", ago(9)]], "SIT-MISS", "PB34"),
        ([add("help-received", 1)], "SIT-HELPED", "PB05"),
    ],
    ids=["missed", "overdue and not settled", "helped"],
)
def test_what_i_owe_is_offered_even_to_somebody_who_does_not_answer(
    call: Call, owed: list[list[str]], situation: str, step: str
) -> None:
    done(call, [NO_ANSWER, *owed])

    offered = {one["step"]["id"]: one["because"][0] for one in next_data(call, "dana", "--all")["steps"]}

    assert offered[step] == situation


def test_an_overdue_promise_comes_before_everything_else(call: Call) -> None:
    done(call, [["promise", "dana", "slate", "--due", ago(3), "--when", ago(9)]])

    first = next_data(call, "dana")

    assert (first["step"]["id"], first["because"][0]) == ("PB34", "SIT-MISS")
    assert "“slate” was due" in first["reason"]
    assert "I am sorry about “slate”. I had said" in first["step"]["draft"]


def test_the_promise_that_is_owned_up_to_is_the_one_that_was_missed(call: Call) -> None:
    done(
        call,
        [
            ["promise", "dana", "market map", "--due", ago(20), "--when", ago(25)],
            ["settle", "1", "missed", "--when", ago(19)],
            ["add", "dana", "Never sent the shortlist", "-k", "promise-missed", "--when", ago(2)],
        ],
    )

    draft = next_data(call, "dana")["step"]["draft"]

    assert "market map" not in draft
    assert "[what you promised]" in draft  # a note about what went wrong is not for their eyes


def test_what_was_not_done_is_not_told_as_used(call: Call) -> None:
    plan = (
        '[{"text": "answer faster", "decision": "use", "if_cue": "she asks", "then_action": "I answer the same day"}]'
    )
    followed = '[{"text": "answer faster", "came_up": false, "done": false, "next": "change"}]'
    done(call, [["debrief", "dana", "--set", f"items={plan}", "--when", ago(21)]])
    done(call, [["checkin", "dana", "--set", f"followups={followed}", "--when", ago(13)]])

    assert "SIT-FEEDBACK-OPEN" not in [
        why for one in next_data(call, "dana", "--all")["steps"] for why in one["because"]
    ]


def test_what_was_planned_is_not_told_as_done(call: Call) -> None:
    plan = (
        '[{"text": "answer faster", "decision": "use", "if_cue": "she asks", "then_action": "I answer the same day"}]'
    )
    done(call, [["debrief", "dana", "--set", f"items={plan}", "--when", ago(20)]])

    (told,) = [one for one in next_data(call, "dana", "--all")["steps"] if one["step"]["id"] == "PB40"]

    assert "Since then I did this: [what you did with it]." in told["step"]["draft"]


OPEN = ["req", "add", "dana", "Analyst", "--opened", ago(3)]


@pytest.mark.parametrize(
    ("hired", "offered"),
    [
        ([OPEN], False),
        ([["req", "add", "dana", "Old", "--code", "O-1", "--opened", ago(90)], ["req", "close", "O-1"], OPEN], True),
        ([["req", "add", "dana", "Old", "--code", "O-1", "--opened", ago(90)], ["req", "close", "O-1"]], False),
    ],
    ids=["nobody", "lately", "and there is no next goal"],
)
def test_recent_hires_are_thanked_only_where_there_were_some(call: Call, hired: list[list[str]], offered: bool) -> None:
    done(call, [NO_ANSWER, *hired])

    assert ("PB24" in {one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]}) is offered


def test_copying_asks_once_whether_it_fits(call: Call) -> None:
    done(call, [add("update-sent", 3, "--approach", "push"), add("update-sent", 2, "--approach", "push")])
    for one in next_data(call, "dana", "--for", "pull", "--all")["steps"]:
        if one["step"]["asks"]:
            break
        call("next", "dana", "--dismiss", one["step"]["id"]).says()

    refused = call("next", "dana", "--for", "pull", "--copy", "--json").fails(1, "needs-answer")

    assert "--yes" in refused


def test_copying_without_a_clipboard_shows_the_draft_and_says_so(call: Call) -> None:
    answer = call("next", "dana", "--copy", "--open")

    assert answer.code == 1
    assert "A draft to change and send yourself:" in answer.out
    assert "no clipboard was found" in answer.err
    assert next_data(call, "dana")["step"]["id"] in answer.out  # not copied, so not taken


def test_on_a_terminal_a_copy_asks_for_what_only_i_know(tty: Terminal, call: Call) -> None:
    done(call, [add("help-received", 1)])
    child = tty("next", "dana", "--copy")
    child.expect("thank you for your help")  # what the questions are about comes before them
    child.expect("what they helped with")
    child.expect("what they helped with:")
    child.sendline("the ad")
    child.expect("what came of it")
    child.sendline("eleven people wrote")

    code, said = tty.ends(child)

    assert "thank you for your help with the ad. What came of it: eleven people wrote." in said.replace("\r\n  ", " ")
    assert "On the clipboard" in said
    assert code == 0
    ids = [one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]]
    assert "PB05" not in ids


def test_ctrl_c_at_a_question_writes_nothing(tty: Terminal, call: Call) -> None:
    done(call, [add("help-received", 1)])
    before = call("undo", "--list", "--json").data
    child = tty("next", "dana", "--copy")
    child.expect("what they helped with:")  # the question, not the draft above it
    child.send(tty.CTRL_C)

    assert tty.ends(child)[0] == 130
    assert call("undo", "--list", "--json").data == before


OWN_STEP = """
[[step]]
id = "ME01"
category = "pull"
when = ["SIT-NEW"]
kind = "insight-shared"
mine_min = 1
their_min = 0
advice = "Send the salary note."
template = "{name}, the note on pay for {role}."

[[step]]
id = "PB01"
advice = "Ask for two minutes."
"""


def test_the_users_own_steps_join_and_replace(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    (two / "playbook" / "steps.toml").write_text(OWN_STEP, "utf-8")

    steps = {one["step"]["id"]: one["step"] for one in next_data(call, "dana", "--all")["steps"]}

    assert steps["ME01"]["draft"] == "Dana, the note on pay for [role title]."
    assert steps["PB01"]["advice"] == "Ask for two minutes."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[step]]\nid = "ME01"\n', "line 2: ME01: category must be one of"),
        (OWN_STEP.replace("SIT-NEW", "SIT-OLD"), "line 5: ME01: when names 'SIT-OLD'"),
        (OWN_STEP.replace("{role}", "{roel}"), "the place {roel} is not known"),
        (OWN_STEP.replace("insight-shared", "insight"), "there is no kind 'insight'"),
        ("[[step]\n", "steps.toml"),
        ("notes = 3\n", "steps.toml"),
    ],
)
def test_a_broken_playbook_of_the_user_is_named_and_ours_is_used(
    call: Call, two: Path, text: str, problem: str
) -> None:
    (two / "playbook").mkdir()
    (two / "playbook" / "steps.toml").write_text(text, "utf-8")

    answer = call("next", "dana", "--json")

    assert problem in answer.err
    assert answer.data["step"]["id"].startswith("PB")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_only_regular_files_are_read_as_ones_own_words(call: Call, two: Path, make: Callable[[Path], None]) -> None:
    (two / "playbook").mkdir(mode=0o700)
    own = two / "playbook" / "steps.toml"
    make(own)

    answer = call("next", "dana", "--json")
    assert answer.data["step"]["id"].startswith("PB")
    assert answer.err == (
        f"{own}: it is no regular file. Mend it or move it away; the shipped words are used meanwhile.\n"
    )
    found = json.loads(call("doctor", "--json").out)["data"]["findings"]
    assert f"{own}: it is no regular file" in [one["problem"] for one in found]


def ids_as_of(call: Call, when: str) -> set[str]:
    return {name for offer in next_data(call, "dana", "--all", "--as-of", when)["steps"] for name in offer["because"]}


def test_an_earlier_day_knows_nothing_of_what_came_after(call: Call) -> None:
    done(
        call,
        [
            ["prep-feedback", "dana", "--when", f"{ago(3)} 15:00", "--set", "purpose=which stage"],
            debrief(3, "use"),
            ["req", "add", "dana", "Analyst", "--code", "pay", "--opened", ago(60)],
            ["req", "close", "pay", "--when", ago(1)],
        ],
    )
    before = ids_as_of(call, ago(4))
    done(call, [["checkin", "dana", "--when", ago(1), "--set", 'followups=[{"text": "Fewer profiles", "told": true}]']])

    assert ids_as_of(call, ago(4)) == before
    assert "SIT-CLOSED" not in ids_as_of(call, ago(2))
    assert "SIT-HARD" in ids_as_of(call, ago(2))


def test_a_conversation_that_was_held_since_was_still_to_come(call: Call) -> None:
    done(call, [["prep-feedback", "dana", "--when", f"{ago(2)} 15:00", "--set", "purpose=which stage"]])
    assert "SIT-FEEDBACK-SOON" in ids_as_of(call, f"{ago(2)} 09:00")

    done(call, [debrief(1, "use")])

    assert "SIT-FEEDBACK-SOON" in ids_as_of(call, f"{ago(2)} 09:00")


def test_a_heavy_conversation_is_no_word_for_a_pipe(call: Call) -> None:
    done(call, [["debrief", "dana", "--when", ago(1), "--set", "mood_after=-2", "--set", "line_crossed=no"]])

    for words in (["next"], ["next", "--json"], [], ["--json"]):
        answer = call(*words)
        assert "heavy" not in answer.out + answer.err


def test_where_it_was_asked_for_it_is_a_word_of_care(tty: Terminal, call: Call) -> None:
    done(call, [["debrief", "dana", "--when", ago(1), "--set", "mood_after=-2", "--set", "line_crossed=no"]])

    assert "Your last conversation was a heavy one." in tty.ends(tty("next", "--include-reflections"))[1]
    assert "heavy" not in tty.ends(tty("next"))[1]
    assert "heavy" not in tty.ends(tty())[1]


def test_a_family_begins_with_what_fits(call: Call) -> None:
    done(call, [["req", "add", "dana", "Analyst", "--opened", ago(3)]])

    offered = next_data(call, "dana", "--for", "expectations", "--all")["steps"]

    fits = [bool(one["because"]) for one in offered]
    assert fits == sorted(fits, reverse=True)
    assert offered[0]["because"] == ["SIT-NEWREQ"]


@pytest.mark.parametrize(
    ("told", "hard"),
    [
        ([], True),
        ([["add", "dana", "a call", "-k", "meeting-held", "--req", "pay", "-w", ago(10)]], True),
        ([["add", "dana", "a call", "-k", "meeting-held", "--req", "pay", "-w", ago(70)]], False),
        ([["add", "dana", "signed", "-k", "hire-closed", "--req", "pay", "-w", ago(10)]], False),
    ],
)
def test_a_role_that_was_filled_or_fell_asleep_is_not_hard_to_fill(call: Call, told: Commands, hard: bool) -> None:
    done(call, [["req", "add", "dana", "Analyst", "--code", "pay", "--opened", ago(100)], *told])

    named = {one for offer in next_data(call, "dana", "--all")["steps"] for one in offer["because"]}

    assert ("SIT-HARD" in named) is hard


@pytest.mark.parametrize(("kind", "offered"), [("praise-received", False), ("hire-closed", True)])
def test_nobody_is_said_to_have_signed_who_did_not(call: Call, kind: str, offered: bool) -> None:
    done(call, [add(kind, 1)])

    assert ("PB45" in {one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]}) is offered


def test_time_to_think_is_asked_for_while_the_words_are_fresh(call: Call) -> None:
    done(call, [add("harsh-exchange", 3)])

    assert "PB39" not in {one["step"]["id"] for one in next_data(call, "dana", "--all")["steps"]}


@pytest.mark.parametrize(("step", "kind"), [("PB32", "insight-shared"), ("PB17", "update-sent"), ("PB09", "note")])
def test_the_words_of_the_playbook_are_never_mine(call: Call, step: str, kind: str) -> None:
    entry = call("next", "dana", "--done", step, "--json").data["entry"]

    assert entry["kind"] == kind
    assert entry["note"].startswith("Small step: ") if kind == "note" else entry["note"] == ""
    assert "Small step" not in call("update", "dana").out


def test_announcing_a_promise_opens_a_loop_and_writes_nothing_else(call: Call) -> None:
    kept = call("next", "dana", "--done", "PB07", "--note", "the salary data", "--json").data

    assert kept["entry"] is None
    assert (kept["loop"]["owed_by"], kept["loop"]["what"], kept["loop"]["state"]) == ("me", "the salary data", "open")
    assert call("log", "--json").data == {"entries": []}
    assert [one["what"] for one in call("open", "--json").data["commitments"]] == ["the salary data"]

    assert call("settle", kept["loop"]["ref"], "kept", "--json").data["entry"]["kind"] == "promise-kept"
    call("undo")
    assert [one["what"] for one in call("open", "--json").data["commitments"]] == ["the salary data"]
    call("undo")
    assert call("open", "--json").data["commitments"] == []


def test_a_promise_without_words_is_kept_as_one_small_thing(call: Call) -> None:
    assert call("next", "dana", "--done", "PB07", "--json").data["loop"]["what"] == "one small thing"


def test_an_apology_asks_what_was_promised_where_no_words_were_kept(call: Call) -> None:
    done(call, [["promise", "dana", "one small thing", "--when", ago(9), "--due", ago(3)]])

    told = next_data(call, "dana")

    assert told["reason"].startswith("because a small promise was due")
    assert told["step"]["draft"].startswith("Dana, I am sorry about “[what you promised]”.")


def test_nobody_says_sorry_twice_for_the_same_promise(call: Call) -> None:
    done(call, [["promise", "dana", "the slate", "--when", ago(30), "--due", ago(25)], add("apology-made", 24)])
    assert not any("SIT-MISS" in one["because"] for one in next_data(call, "dana", "--all")["steps"])

    done(call, [["promise", "dana", "the salary data", "--when", ago(30), "--due", ago(20)]])
    assert any("“the salary data” was due" in one["reason"] for one in next_data(call, "dana", "--all")["steps"])


def test_at_a_terminal_a_promise_is_asked_for_its_words(tty: Terminal, call: Call) -> None:
    child = tty("next", "dana", "--done", "PB07")
    child.expect("what you promised:")
    child.sendline("the salary data")

    assert tty.ends(child)[0] == 0
    assert [one["what"] for one in call("open", "--json").data["commitments"]] == ["the salary data"]


def test_no_step_writes_what_only_settling_writes(call: Call) -> None:
    from trustlog.playbook import Playbook

    for step in Playbook(Path("/nowhere"), pytest.fail).coaching.steps:
        assert call("next", "dana", "--done", step.id, "--note", "what I did").code == 0

    kinds = {one["kind"] for one in call("log", "--json").data["entries"]}
    assert kinds.isdisjoint({"promise-kept", "promise-renegotiated", "promise-missed"})


def test_a_wave_is_no_friday_mail(call: Call) -> None:
    done(call, [add("slate-accepted", 2), ["next", "dana", "--done", "PB10"]])

    assert "slate" in call("update", "dana").out


@pytest.mark.usefixtures("two")
def test_a_boundary_is_said_only_by_somebody_who_feels_safe_enough(call: Call) -> None:
    call("add", "dana", "shouted at me", "-k", "harsh-exchange")
    (step,) = [
        one["step"] for one in call("next", "dana", "--all", "--json").data["steps"] if one["step"]["id"] == "PB41"
    ]
    assert any("feel safe enough" in asked for asked in step["asks"])


@pytest.mark.usefixtures("two")
def test_praise_under_a_restriction_says_what_stands_first(call: Call) -> None:
    words = ["praise", "dana", "--did", "sent one card", "--changed", "one answer"]
    assert "stands first" not in call(*words).err
    call("boundary", "dana", "--set", "BR1=yes")
    said = call(*words)
    assert (said.code, "What you noted with Dana stands first" in said.err) == (0, True)


@pytest.mark.parametrize("option", ["--done", "--dismiss"])
def test_without_an_id_one_line_says_how_where_nobody_is_asked(call: Call, option: str, two: Path) -> None:
    del two  # the journal of dana
    said = call("next", "dana", option).fails(2)
    assert f"{option} takes the id of a step: trustlog next MANAGER {option} PB" in said
    assert call("undo", "--list", "--json").data["changes"][0]["command"] == "manager add"


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_at_a_terminal_done_without_an_id_asks_which_step_it_was(tty: Terminal, call: Call) -> None:
    steps = [offer["step"]["id"] for offer in call("next", "dana", "--all", "--json").data["steps"]]
    child = tty("next", "dana", "--done")
    say(child, ("Which one did you do", f"{steps[1]}{tty.ENTER}"))
    code, said = tty.ends(child)
    assert (code, f"{steps[1]}  Dana Ortiz · done" in re.sub(r"\x1b\[[\d;]*m", "", said)) == (0, True)
    child = tty("next", "--dismiss", "--for", call("next", "--json").data["step"]["category"])
    say(child, ("Which one is not for you", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
