"""`checkin`: the day after, the weeks after, and a gut feeling that stays out of the figures."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, refuses, say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Run, Terminal

CHECKIN = ("checkin", "dana")
TALK = "2026-05-04"  # a Monday
TODAY = datetime.now(UTC).date()


def checked_in(call: Call, *args: str, stdin: str = "") -> Any:
    return call(*CHECKIN, *args, "--json", "--include-reflections", stdin=stdin).data["conversation"]


def answers(call: Call, *args: str, stdin: str = "") -> Any:
    return checked_in(call, *args, stdin=stdin)["answers"]["checkin"]


def debriefed(call: Call, *settings: str, when: str = TALK, who: str = "dana") -> Any:
    flags = [word for setting in settings for word in ("--set", setting)]
    return call("debrief", who, "--when", when, *flags, "--json").data["conversation"]


def due(call: Call, when: str) -> list[tuple[str, list[str]]]:
    return [(one["manager"], one["asks"]) for one in call("checkin", "--when", when, "--json").data["due"]]


@pytest.mark.usefixtures("two")
def test_the_answer_has_the_shape_of_the_contract(call: Call) -> None:
    talk = debriefed(call, "headline=h", "checkin_optin=yes")
    done = call(*CHECKIN, "--when", "2026-05-05", "--set", "mood_next_day=1", "--json")
    assert json.loads(done.out)["command"] == "checkin"
    one = done.data["conversation"]
    assert {"id", "manager", "state", "minutes", "planned_for", "answers"} <= set(one)
    assert (one["id"], one["manager"]) == (talk["id"], "dana")
    assert one["answers"]["checkin"] == {}
    assert answers(call, "--when", "2026-05-05")["mood_next_day"] == 1


@pytest.mark.usefixtures("two")
def test_without_a_manager_it_lists_what_is_due_and_writes_nothing(call: Call, two: Path) -> None:
    first = debriefed(call, "checkin_optin=yes", 'items=[{"text": "a"}, {"text": "b", "decision": "use"}]')
    debriefed(call, "headline=nothing left", who="marcus")
    before = contents(two)
    assert due(call, TALK) == []
    assert due(call, "2026-05-05") == [("dana", ["next-day", "undecided"])]
    assert due(call, "2026-05-11") == [("dana", ["next-day", "undecided", "follow-up"])]
    assert due(call, "2026-05-19") == [("dana", ["undecided", "follow-up"])]
    assert call("checkin", "--when", "2026-05-05", "--json").data["due"][0]["conversation"] == first["id"]
    words = call("checkin", "--when", "2026-05-05").says()
    assert words.startswith("Dana Ortiz: how it is the day after, points still open")
    assert "trustlog checkin dana" in words
    assert call("checkin", "--when", "2026-05-03").says() == "Nothing is due.\n"
    assert contents(two) == before


def test_nothing_is_due_in_a_home_without_a_journal(call: Call, home: Path) -> None:
    assert call("checkin").says() == "Nothing is due.\n"
    assert call("checkin", "--json").data == {"due": []}
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_a_clock_that_went_backwards_asks_nothing(call: Call) -> None:
    debriefed(call, "checkin_optin=yes", 'items=[{"text": "a"}]')
    assert due(call, "2026-05-01") == []
    assert answers(call, "--when", "2026-05-01") == {"gut": None}


@pytest.mark.usefixtures("two")
def test_it_belongs_to_the_last_debrief_on_or_before_its_day(call: Call) -> None:
    first = debriefed(call, "headline=first", when="2026-05-04")
    second = debriefed(call, "headline=second", when="2026-05-18")
    assert checked_in(call, "--when", "2026-05-17", "--set", "gut=3")["id"] == first["id"]
    assert checked_in(call, "--when", "2026-05-18", "--set", "gut=3")["id"] == second["id"]
    assert checked_in(call, "--set", "gut=3")["id"] == second["id"]
    alone = checked_in(call, "--when", "2026-05-03", "--set", "gut=3")
    assert alone["id"] not in (first["id"], second["id"])
    assert alone["answers"]["debrief"] == {}


@pytest.mark.usefixtures("two")
def test_it_stands_alone_without_a_debrief_and_no_debrief_picks_it_up(call: Call) -> None:
    call("prep-feedback", "dana", "--set", "purpose=p").says()
    alone = checked_in(call, "--set", "gut=4")
    assert (alone["state"], alone["answers"]["prep"]) == ("closed", {})
    assert debriefed(call, when="today")["answers"]["prep"]["purpose"] == "p"


@pytest.mark.usefixtures("two")
def test_what_is_not_due_may_be_said_and_is_no_skip_otherwise(call: Call) -> None:
    debriefed(call, "headline=h")
    assert answers(call, "--when", "2026-05-05") == {"gut": None}
    assert answers(call, "--when", "2026-05-06", "--set", "carry-over=2")["carry_over"] == 2


REFUSED: list[tuple[str, list[str], str, str, str]] = [
    ("an unknown field", ["--set", "moood=1"], "", "bad-field", 'there is no field "moood"'),
    ("a gut out of range", ["--set", "gut=6"], "", "bad-field", "gut: it takes a whole number from 1 to 5"),
    ("a carry-over out of range", ["--set", "carry_over=3"], "", "bad-field", "from 0 to 2"),
    ("a mood out of range", ["--set", "mood-next-day=9"], "", "bad-field", "mood_next_day: it takes -2"),
    ("a point that the debrief has not", ["--answers", "-"], '{"items": [{"text": "z", "decision": "ask"}]}',
     "bad-field", 'the debrief has no point "z"'),
    ("a point left for tomorrow again by order", ["--set", 'item_decision=["tomorrow"]'], "", "bad-field",
     "item_decision takes use or ask or park or set-aside"),
    ("more decisions than points", ["--set", 'item_decision=["use", "use", "use"]'], "", "bad-field",
     "item_decision: there are 2 points"),
    ("parked by order", ["--set", 'item_decision=["park"]'], "", "bad-field", "park needs until"),
    ("a follow-up that is none", ["--set", 'followups=[{"done": true}]'], "", "bad-field", "a follow-up is an object"),
    ("a day of the future", ["--when", "tomorrow"], "", "future-date", "has not come yet"),
    ("input that ends in the middle", ["--answers", "-"], '{"gut": 3', "bad-file", "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "stdin", "code", "says"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_is_refused_is_named_and_nothing_is_saved(
    call: Call, two: Path, args: list[str], stdin: str, code: str, says: str
) -> None:
    debriefed(call, 'items=[{"text": "a"}, {"text": "b", "decision": "tomorrow"}, {"text": "c", "decision": "ask"}]')
    refuses(call, two, (*CHECKIN, *args), code, says, stdin)


POINTS = (
    'items=[{"text": "a", "decision": "ask"}, {"text": "b", "decision": "tomorrow"}, {"text": "c"},'
    ' {"text": "d", "decision": "park", "until": "2026-08-03"}]'
)


@pytest.mark.usefixtures("two")
def test_points_left_open_are_decided_by_name(call: Call) -> None:
    debriefed(call, POINTS)
    points = [{"text": "c", "decision": "set_aside", "reason": "not mine"}, {"text": "b", "decision": "ask"}]
    done = call(*CHECKIN, "--when", "2026-05-05", "--answers", "-", "--json", stdin=json.dumps({"items": points}))
    assert done.data["conversation"]["answers"]["checkin"]["items"] == [
        {"text": "c", "decision": "set-aside", "reason": "not mine"}, {"text": "b", "decision": "ask"},
    ]  # fmt: skip
    assert [draft.split(". ")[0] for draft in done.data["drafts"]] == ["You told me: b"]
    assert due(call, "2026-05-06") == []
    assert due(call, "2026-08-03") == [("dana", ["undecided"])]


@pytest.mark.usefixtures("two")
def test_points_left_open_are_decided_by_their_order(call: Call) -> None:
    debriefed(call, POINTS)
    items = answers(call, "--when", "2026-05-05", "--set", 'item_decision=["use", "ask"]')["items"]
    assert items == [{"text": "b", "decision": "use", "due": "2026-05-12"}, {"text": "c", "decision": "ask"}]


@pytest.mark.usefixtures("two")
def test_a_point_parked_for_later_takes_no_place_in_the_order(call: Call) -> None:
    debriefed(call, 'items=[{"text": "d", "decision": "park", "until": "2026-08-03"}, {"text": "b"}]')
    items = answers(call, "--when", "2026-05-05", "--set", 'item_decision=["ask"]')["items"]
    assert [one for one in items if one.get("decision")] == [{"text": "b", "decision": "ask"}]


@pytest.mark.usefixtures("two")
def test_a_parked_point_is_decided_when_its_day_has_come(call: Call) -> None:
    debriefed(call, 'items=[{"text": "d", "decision": "park", "until": "2026-08-03"}]')
    assert due(call, "2026-08-02") == []
    assert due(call, "2026-08-03") == [("dana", ["undecided"])]
    assert answers(call, "--when", "2026-08-03", "--set", 'item_decision=["ask"]')["items"] == [
        {"text": "d", "decision": "ask"}
    ]
    assert due(call, "2026-08-04") == []


@pytest.mark.usefixtures("two")
def test_an_action_is_followed_up_and_then_told(call: Call) -> None:
    debriefed(call, 'items=[{"text": "late cards", "decision": "use"}]')
    assert due(call, "2026-05-10") == []
    assert due(call, "2026-05-11") == [("dana", ["follow-up"])]
    done = 'followups=[{"text": "late cards", "came_up": true, "done": true, "next": "Keep"}]'
    one = checked_in(call, "--when", "2026-05-11", "--set", done)
    assert one["answers"]["checkin"]["followups"][0] == {
        "text": "late cards", "came_up": True, "done": True, "next": "keep",
    }  # fmt: skip
    assert due(call, "2026-05-17") == []
    assert due(call, "2026-05-18") == [("dana", ["tell-them"])]
    told = 'followups=[{"text": "late cards", "told": false}]'
    again = call(*CHECKIN, "--when", "2026-05-18", "--set", told, "--json", "--include-reflections")
    assert again.data["drafts"] == [
        "Some time ago you told me: late cards. I have tried it since. Do you notice a difference yet?"
    ]
    assert due(call, "2026-05-19") == []


@pytest.mark.usefixtures("two")
def test_a_conversation_is_closed_when_nothing_is_open_any_more(call: Call) -> None:
    assert debriefed(call, "checkin_optin=yes", 'items=[{"text": "a"}]')["state"] == "debriefed"
    assert checked_in(call, "--when", "2026-05-05", "--set", "mood_next_day=1")["state"] == "debriefed"
    assert checked_in(call, "--when", "2026-05-06", "--set", 'item_decision=["ask"]')["state"] == "closed"
    assert call("undo").code == 0
    assert due(call, "2026-05-06") == [("dana", ["undecided"])]


@pytest.mark.usefixtures("two")
def test_a_check_in_on_the_evening_of_the_talk_leaves_the_question_of_the_next_day(call: Call) -> None:
    debriefed(call, "checkin_optin=yes")
    checked_in(call, "--when", TALK, "--set", "gut=3")
    assert due(call, "2026-05-05") == [("dana", ["next-day"])]


@pytest.mark.usefixtures("two")
def test_the_gut_is_asked_for_once_in_thirty_days(call: Call) -> None:
    debriefed(call, "headline=h")
    assert answers(call, "--when", "2026-05-05", "--set", "gut=4") == {"gut": 4}
    assert answers(call, "--when", "2026-05-06") == {"gut": 4}
    assert answers(call, "--when", "2026-06-03") == {"gut": 4}
    assert answers(call, "--when", "2026-06-04") == {"gut": None}  # asked again, and skipped


@pytest.mark.usefixtures("two")
def test_the_gut_never_enters_the_figures(call: Call) -> None:
    call("add", "dana", "answered at once", "-k", "reply", "-w", "2026-05-02").says()
    debriefed(call, "headline=h")
    reports = (("report",), ("report", "dana", "--why"), ("report", "dana", "--as-of", "2026-06-30"))
    before = [call(*args, "--json").data for args in reports]
    for gut in (1, 5):
        checked_in(call, "--when", "2026-05-05", "--set", f"gut={gut}")
    assert [call(*args, "--json").data for args in reports] == before


@pytest.mark.usefixtures("two")
def test_a_pipe_hears_nothing_of_the_gut(call: Call) -> None:
    debriefed(call, "headline=h")
    assert call(*CHECKIN, "--set", "gut=1").says().splitlines() == ["Checked in: Dana Ortiz, about Mon 4 May 2026."]


# On a terminal.


TODAY_MOOD, HOME, POINT, GUT = r"is\s+it\s+today", r"follow\s+you\s+home", r"distance", r"trusts\s+you"


@pytest.mark.parametrize("width", [80, pytest.param(40, marks=pytest.mark.long)])
@pytest.mark.usefixtures("two")
def test_the_day_after_on_a_terminal(tty: Terminal, call: Call, env: dict[str, str], width: int) -> None:
    env["COLUMNS"] = str(width)
    down, enter = tty.DOWN, tty.ENTER
    call("add", "dana", "answered", "-k", "reply", "-w", "yesterday").says()
    call("prep-feedback", "dana", "--when", "yesterday", "--set", "aftercare=tea").says()
    call("debrief", "dana", "--when", "yesterday", "--set", "checkin_optin=yes",
        "--set", 'items=[{"text": "late cards", "decision": "tomorrow"}]')  # fmt: skip
    child = tty(*CHECKIN)
    child.setwinsize(24, width)
    say(
        child, (TODAY_MOOD, f"{down * 4}{enter}"), (HOME, f"{down * 2}{enter}"), (POINT, f"{down * 2}{enter}"),
        (r"thing\s+happen", f"{down}{enter}"),
    )  # fmt: skip
    code, said = tty.ends(child)
    said = " ".join(said.split())
    assert code == 0
    assert "Checked in: Dana Ortiz" in said
    assert "You told me: late cards." in said
    kept = call(*CHECKIN, "--json", "--include-reflections").data["conversation"]["answers"]["checkin"]
    assert {name: value for name, value in kept.items() if value is not None} == {
        "mood_next_day": 1, "carry_over": 1, "items": [{"text": "late cards", "decision": "ask"}],
        "aftercare_done": True,
    }  # fmt: skip


@pytest.mark.usefixtures("two")
def test_the_gut_is_asked_before_the_log_is_told_and_a_difference_is_a_question(tty: Terminal, call: Call) -> None:
    for day in range(1, 9):
        for kind in ("relied", "confided", "help"):
            call("add", "dana", "x", "-k", kind, "-w", f"{day} days ago").says()
    child = tty(*CHECKIN)
    child.expect(GUT)
    assert "log" not in child.before.lower()
    child.send(f"{tty.DOWN}{tty.ENTER}")
    code, said = tty.ends(child)
    said = " ".join(said.split())
    assert code == 0
    assert "scale, 0.00" in said
    assert "They differ: which of the two is missing entries?" in said


@pytest.mark.usefixtures("two")
def test_ctrl_c_keeps_what_was_answered_and_the_next_start_goes_on(tty: Terminal, call: Call) -> None:
    call("debrief", "dana", "--when", "yesterday", "--set", "checkin_optin=yes")
    child = tty(*CHECKIN)
    say(child, (TODAY_MOOD, f"{tty.DOWN}{tty.ENTER}"), (HOME, tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "trustlog checkin dana" in " ".join(said.split())) == (130, True)
    child = tty(*CHECKIN)
    child.expect([HOME, TODAY_MOOD])
    assert child.match.re.pattern == HOME
    child.send(f"{tty.DOWN}{tty.ENTER}")
    assert tty.ends(child)[0] == 0
    kept = call(*CHECKIN, "--json", "--include-reflections").data["conversation"]["answers"]["checkin"]
    assert (kept["mood_next_day"], kept["carry_over"]) == (-2, 0)


@pytest.mark.usefixtures("two")
def test_a_gut_is_not_set_beside_a_log_that_holds_too_little(tty: Terminal) -> None:
    child = tty(*CHECKIN)
    say(child, (GUT, f"{tty.DOWN * 4}{tty.ENTER}"))
    code, said = tty.ends(child)
    assert (code, "holds too little to set beside that" in " ".join(said.split())) == (0, True)


@pytest.mark.usefixtures("two")
def test_the_morning_after_asks_for_no_gut(call: Call) -> None:
    debriefed(call, "checkin_optin=yes")
    assert set(answers(call, "--when", "2026-05-05")) == {"mood_next_day", "carry_over"}
    assert set(answers(call, "--when", "2026-05-06")) == {"mood_next_day", "carry_over", "gut"}


@pytest.mark.usefixtures("two")
def test_ctrl_c_before_the_first_answer_writes_nothing(tty: Terminal, call: Call) -> None:
    child = tty(*CHECKIN)
    say(child, (GUT, tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    assert [one["command"] for one in call("undo", "--list", "--json").data["changes"]] == ["manager add"] * 2


@pytest.mark.usefixtures("two")
def test_a_point_that_was_half_decided_goes_on_after_what_was_said(tty: Terminal, call: Call) -> None:
    call("debrief", "dana", "--when", "yesterday", "--set", 'items=[{"text": "a"}, {"text": "b"}]')
    enter, then = tty.ENTER, r"then\s+I\s+will"
    child = tty(*CHECKIN)
    say(child, (POINT, enter), (POINT, f"{tty.DOWN}{enter}"), (r"If …", f"a card comes{enter}"), (then, tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    child = tty(*CHECKIN)
    child.expect([then, r"If …", POINT])
    assert child.match.re.pattern == then
    child.send(f"answer at once{enter}")
    say(child, (r"by\s+when", f"2130-01-06{enter}"), (GUT, enter))
    assert tty.ends(child)[0] == 0
    assert call(*CHECKIN, "--json").data["conversation"]["answers"]["checkin"]["items"] == [
        {"text": "b", "decision": "use", "if_cue": "a card comes", "then_action": "answer at once",
         "due": "2130-01-06"},
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_days_are_seen_from_the_day_of_the_check_in(call: Call) -> None:
    debriefed(call, 'items=[{"text": "a"}]')
    given = 'items=[{"text": "a", "decision": "park", "until": "fri"}]'
    assert answers(call, "--when", "2026-05-05", "--set", given)["items"][0]["until"] == "2026-05-08"


# After a hard entry.


def hard(call: Call, *, days: int, kind: str = "harsh") -> Run:
    return call("add", "dana", "He shouted in the sync", "-k", kind, "-w", (TODAY - timedelta(days=days)).isoformat())


@pytest.mark.usefixtures("two")
def test_a_hard_entry_is_met_with_the_door_and_with_no_question(call: Call) -> None:
    said = hard(call, days=0)

    assert "Written down. When you want it: trustlog support dana\n" in said.err
    assert "explanation" not in said.err


@pytest.mark.usefixtures("two")
def test_whether_there_is_another_explanation_is_asked_on_a_later_day_and_once(call: Call) -> None:
    hard(call, days=0)
    assert call("checkin", "--json").data == {"due": []}
    hard(call, days=1)

    assert call("checkin", "--json").data == {
        "due": [{"manager": "dana", "conversation": None, "asks": ["hard-entry"]}]
    }
    assert "whether there could be another explanation  trustlog checkin dana" in call("checkin").says()
    assert call("--json").data["private_items"] == 1
    assert call("checkin", "dana", "--set", "explanation=the outage").code == 0
    assert call("checkin", "--json").data == {"due": []}


@pytest.mark.usefixtures("two")
def test_nobody_is_asked_to_see_a_crossed_line_in_another_way(call: Call) -> None:
    hard(call, days=1)
    call("boundary", "dana", "--set", "BR1=yes")

    assert call("checkin", "--json").data == {"due": []}


@pytest.mark.usefixtures("two")
def test_the_question_names_the_entry_and_an_answer_the_way_to_change_it(tty: Terminal, call: Call) -> None:
    hard(call, days=1)
    child = tty("checkin", "dana")
    child.expect(r"He shouted in the\s+sync")
    child.expect(r"another\s+explanation")
    child.sendline("the outage")
    code, said = tty.ends(child)

    assert (code, "trustlog edit 1 keeps the entry fair" in " ".join(said.split())) == (0, True)


@pytest.mark.usefixtures("two")
def test_while_a_boundary_note_counts_nothing_that_coaches_is_asked(call: Call) -> None:
    points = json.dumps([{"text": "useless", "decision": "tomorrow"}])
    call("debrief", "dana", "--when", "yesterday", "--set", f"items={points}", "--set", "checkin_optin=yes")
    assert call("checkin", "--json").data["due"][0]["asks"] == ["next-day", "undecided"]
    assert call("boundary", "dana", "--set", "BA3=yes").code == 0

    assert call("checkin", "--json").data["due"][0]["asks"] == ["next-day"]
    assert call("--json").data["private_items"] == 1
    assert call("checkin", "dana", "--set", "mood_next_day=-1").code == 0
    answers = call("checkin", "dana", "--json", "--include-reflections").data["conversation"]["answers"]["checkin"]
    assert "gut" not in answers
    assert call("--json").data["private_items"] == 0
    told = call("debrief", "dana", "--new", "--json", "--include-reflections").data["conversation"]["answers"][
        "debrief"
    ]
    assert "headline" in told
    assert {"item_kind", "grain", "small_step"} & set(told) == set()
    assert call("boundary", "dana", "--clear").code == 0
    assert call("checkin", "--json", "--when", "today").data["due"][0]["asks"] == ["undecided"]
