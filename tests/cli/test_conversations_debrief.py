"""`debrief`: first heard, then sorted; with or without a preparation, by flags and on a terminal."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, refuses, say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

LONG = pytest.mark.long
DEBRIEF = ("debrief", "dana")
TODAY = date.today  # the clock of the program is the machine's


def debriefed(call: Call, *args: str, stdin: str = "") -> Any:
    return call(*DEBRIEF, *args, "--json", "--include-reflections", stdin=stdin).data["conversation"]


def answers(call: Call, *args: str, stdin: str = "") -> Any:
    return debriefed(call, *args, stdin=stdin)["answers"]["debrief"]


def prepared(call: Call, purpose: str, *args: str, manager: str = "dana") -> Any:
    done = call("prep-feedback", manager, "--new", "--set", f"purpose={purpose}", *args, "--json")
    return done.data["conversation"]


def log(call: Call) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = call("log", "--json").data["entries"]
    return entries


def history(call: Call) -> list[str]:
    return [one["command"] for one in call("undo", "--list", "--json").data["changes"]]


@pytest.mark.usefixtures("two")
def test_the_answer_has_the_shape_of_the_contract(call: Call) -> None:
    first = prepared(call, "p")
    done = call(*DEBRIEF, "--set", "headline=calm and clear", "--set", "mood_after=1", "--json")
    assert json.loads(done.out)["command"] == "debrief"
    assert {"conversation", "card"} <= set(done.data)
    one = done.data["conversation"]
    assert {"id", "manager", "state", "minutes", "planned_for", "answers"} <= set(one)
    assert (one["id"], one["manager"], one["state"], one["planned_for"]) == (first["id"], "dana", "debriefed", None)
    assert list(one["answers"]) == ["prep", "debrief", "checkin"]
    assert one["answers"]["prep"]["purpose"] == "p"
    assert one["answers"]["debrief"]["headline"] == "calm and clear"
    assert one["answers"]["checkin"] == {}
    assert done.data["card"] == ["In short: calm and clear"]


@pytest.mark.usefixtures("two")
def test_it_runs_without_a_preparation_too(call: Call) -> None:
    one = debriefed(call, "--set", "headline=out of the blue")
    assert (one["state"], one["answers"]["prep"]) == ("debriefed", {})


@pytest.mark.parametrize(
    ("minutes", "asked"),
    [
        ("2", {"mood_after", "feeling_after", "line_crossed", "headline", "small_step", "checkin_optin"}),
        ("5", {"mood_after", "feeling_after", "line_crossed", "headline", "small_step", "checkin_optin", "items",
               "grain", "if_cue"}),
        ("15", {"mood_after", "feeling_after", "line_crossed", "headline", "small_step", "checkin_optin", "items",
                "grain", "if_cue", "their_view", "kind_words", "practised", "thanks_draft", "free_write"}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("two")
def test_what_was_not_given_is_a_skip_and_the_gate_stands_open(call: Call, minutes: str, asked: set[str]) -> None:
    kept = answers(call, "--minutes", minutes)
    assert {name for name in kept if name != "gate"} >= asked
    assert kept == {**dict.fromkeys(kept), "gate": "go-on"}


@pytest.mark.usefixtures("two")
def test_answers_come_from_a_file_from_stdin_and_from_flags_alike(call: Call, tmp_path: Path) -> None:
    given = {"headline": "late cards", "mood-after": -1, "line_crossed": "not_sure", "items": [{"text": "cards late"}]}
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(given))
    kept = answers(call, "--answers", str(file))
    assert (kept["headline"], kept["mood_after"], kept["line_crossed"]) == ("late cards", -1, "not-sure")
    assert kept["items"] == [{"text": "cards late"}]
    assert answers(call, "--answers", "-", stdin=json.dumps(given)) == kept
    flags = ("headline=late cards", "mood_after=-1", "line-crossed=not-sure", 'items=[{"text": "cards late"}]')
    assert answers(call, *(word for flag in flags for word in ("--set", flag))) == kept
    assert answers(call, "--answers", "-", "--set", "headline=mine", stdin=json.dumps(given))["headline"] == "mine"


ITEM = '{"text": "a"}'
REFUSED: list[tuple[str, list[str], str, str, str]] = [
    ("an unknown field", ["--set", "headlin=x"], "", "bad-field", 'there is no field "headlin"'),
    ("a mood out of range", ["--set", "mood_after=-3"], "", "bad-field", "mood_after: it takes -2"),
    ("an unknown gate", ["--set", "gate=maybe"], "", "bad-field", "gate takes go-on or stop-here or support-page"),
    ("a wish in other words", ["--set", "checkin_optin=perhaps"], "", "bad-field", "checkin_optin: it takes yes or no"),
    ("points that are no list", ["--answers", "-"], '{"items": {"text": "a"}}', "bad-field", "items"),
    ("a point without text", ["--set", 'items=[{"kind": "coaching"}]'], "", "bad-field", "a point is an object"),
    ("a point of an unknown key", ["--set", 'items=[{"text": "a", "mood": 1}]'], "", "bad-field", "a point is an"),
    ("parked without a day", ["--set", 'items=[{"text": "a", "decision": "park"}]'], "", "bad-field",
     "park needs until"),
    ("set aside without a reason", ["--set", 'items=[{"text": "a", "decision": "set-aside"}]'], "", "bad-field",
     "set-aside needs reason"),
    ("parked by order", ["--set", f"items=[{ITEM}]", "--set", 'item_decision=["park"]'], "", "bad-field",
     "park needs until"),
    ("more decisions than points", ["--set", f"items=[{ITEM}]", "--set", 'item_decision=["use", "ask"]'], "",
     "bad-field", "item_decision: there is 1 point"),
    ("kinds without points", ["--set", 'item_kind=["coaching"]'], "", "bad-field", "item_kind: there are 0 points"),
    ("a day that cannot be read", ["--set", "due=05/06/2026"], "", "bad-date", "05/06/2026"),
    ("a day of the future", ["--when", "tomorrow"], "", "future-date", "that has not come yet"),
    ("an unknown kind to log", ["--log", "yodel"], "", "unknown-kind", "yodel"),
    ("input that ends in the middle", ["--answers", "-"], '{"headline": "x", "ite', "bad-file", "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "stdin", "code", "says"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_is_refused_is_named_and_nothing_is_saved(
    call: Call, two: Path, args: list[str], stdin: str, code: str, says: str
) -> None:
    prepared(call, "p")
    flags = ("--set", "grain=good", *args) if "--set" in args else args
    refuses(call, two, (*DEBRIEF, *flags), code, says, stdin)


@pytest.mark.usefixtures("two")
def test_points_are_kept_one_by_one_with_what_was_decided(call: Call) -> None:
    points = [
        {"text": "cards late", "kind": "coaching", "decision": "use", "if_cue": "a card", "then_action": "same day"},
        {"text": "the slate", "kind": "unclear", "decision": "ask"},
        {"text": "the title", "decision": "park", "until": "2030-01-07"},
        {"text": "my accent", "kind": "evaluation", "decision": "set_aside", "reason": "not about the work"},
        {"text": "the tone", "decision": "tomorrow"},
        {"text": "the thanks", "kind": "appreciation"},
    ]
    kept = answers(call, "--answers", "-", stdin=json.dumps({"items": points}))["items"]
    week = (TODAY() + timedelta(days=7)).isoformat()
    assert kept == [
        points[0] | {"due": week}, points[1], points[2], points[3] | {"decision": "set-aside"}, points[4], points[5],
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_kinds_and_decisions_may_be_given_by_order(call: Call) -> None:
    kept = answers(
        call, "--set", 'items=[{"text": "a"}, {"text": "b"}, {"text": "c"}]',
        "--set", 'item_kind=["coaching", null, "unclear"]', "--set", 'item_decision=["ask", "tomorrow"]',
    )["items"]  # fmt: skip
    assert kept == [
        {"text": "a", "kind": "coaching", "decision": "ask"}, {"text": "b", "decision": "tomorrow"},
        {"text": "c", "kind": "unclear"},
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_what_is_used_gets_a_day_counted_from_the_debrief(call: Call) -> None:
    items = 'items=[{"text": "a", "decision": "use"}, {"text": "b", "decision": "use", "due": "2026-05-20"}]'
    kept = answers(call, "--when", "2026-05-04", "--set", items)["items"]
    assert [one["due"] for one in kept] == ["2026-05-11", "2026-05-20"]


@pytest.mark.usefixtures("two")
def test_what_is_asked_about_drafts_a_question(call: Call) -> None:
    items = 'items=[{"text": "the slate was thin", "decision": "ask"}, {"text": "b", "decision": "use"}]'
    (draft,) = call(*DEBRIEF, "--set", items, "--json").data["drafts"]
    assert draft.startswith("You told me: the slate was thin. Could you give me one moment")
    assert "Draft: You told me" in call(*DEBRIEF, "--set", items).out


@pytest.mark.usefixtures("two")
def test_a_thank_you_is_a_draft_too(call: Call) -> None:
    done = call(*DEBRIEF, "--set", "thanks_draft=Thank you for the time.", "--json")
    assert done.data["drafts"] == ["Thank you for the time."]


@pytest.mark.usefixtures("two")
def test_two_minutes_leave_the_headline_for_tomorrow(call: Call) -> None:
    assert answers(call, "--minutes", "2", "--set", "headline=late cards")["items"] == [
        {"text": "late cards", "decision": "tomorrow"}
    ]
    assert answers(call, "--minutes", "2").get("items") is None
    assert answers(call, "--minutes", "5", "--set", "headline=late cards")["items"] is None


@pytest.mark.usefixtures("two")
def test_in_two_minutes_points_that_were_given_stand_for_themselves(call: Call) -> None:
    given = ("--minutes", "2", "--set", "headline=h", "--set", 'items=[{"text": "a", "decision": "ask"}]')
    assert answers(call, *given)["items"] == [{"text": "a", "decision": "ask"}]


@pytest.mark.parametrize("gate", ["stop-here", "support_page"])
@pytest.mark.usefixtures("two")
def test_the_way_out_ends_it_and_keeps_everything(call: Call, gate: str) -> None:
    kept = debriefed(call, "--set", "mood_after=-2", "--set", f"gate={gate}", "--set", "headline=enough")
    assert kept["state"] == "debriefed"
    assert kept["answers"]["debrief"]["gate"] == gate.replace("_", "-")
    assert kept["answers"]["debrief"]["headline"] == "enough"
    assert log(call) == []


@pytest.mark.usefixtures("two")
def test_nothing_is_written_into_the_journal_by_itself(call: Call) -> None:
    done = call(*DEBRIEF, "--set", "headline=shouted", "--set", "mood_after=-2", "--set", "line_crossed=yes")
    assert "trustlog add dana -k feedback-received" in done.err
    assert log(call) == []
    assert call("boundary", "dana", "--json").data["level"] == "L0"


@pytest.mark.usefixtures("two")
def test_log_writes_an_entry_of_each_kind_with_the_headline(call: Call) -> None:
    debriefed(call, "--when", "2026-05-04", "--set", "headline=thin slate", "--log", "feedback", "--log", "doubt")
    assert [(one["kind"], one["note"], one["happened_on"], one["manager"]) for one in log(call)] == [
        ("doubt-voiced", "thin slate", "2026-05-04", "dana"), ("feedback-received", "thin slate", "2026-05-04", "dana"),
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_a_debrief_that_logs_is_one_change(call: Call) -> None:
    before = history(call)
    debriefed(call, "--set", "headline=thin slate", "--log", "feedback", "--log", "doubt")
    assert len(history(call)) == len(before) + 1
    call("undo").says()
    assert history(call) == before
    assert log(call) == []


def test_a_log_that_is_refused_saves_no_half_of_it(call: Call, two: Path) -> None:
    before = contents(two)
    call(*DEBRIEF, "--set", "mood_after=1", "--log", "note", "--json").fails(1, "bad-text")
    assert contents(two) == before


@pytest.mark.usefixtures("two")
def test_undo_opens_the_preparation_again(call: Call) -> None:
    first = prepared(call, "p")
    debriefed(call, "--set", "headline=h")
    assert call("undo", "--json").data["undone"][0]["command"] == "debrief"
    assert call("prep-feedback", "dana", "--card", "--json").data["conversation"] == first


# Which preparation it goes on with.


@pytest.mark.parametrize(
    ("plans", "picked"),
    [
        ([("a", None)], "a"),
        ([("a", None), ("b", None)], "b"),
        ([("a", "3 days ago"), ("b", "in 3 days")], "a"),
        ([("a", "in 3 days"), ("b", "3 days ago")], "b"),
        ([("a", "9 days ago"), ("b", "3 days ago")], "b"),
        ([("a", "3 days ago"), ("b", "9 days ago")], "a"),
        ([("a", None), ("b", "in 7 days")], "a"),
        ([("a", "in 7 days"), ("b", None)], "b"),
        ([("a", "tomorrow")], "a"),
    ],
)
@pytest.mark.usefixtures("two")
def test_of_the_open_preparations_it_picks_the_one_whose_talk_was_last(
    call: Call, plans: list[tuple[str, str | None]], picked: str
) -> None:
    for purpose, when in plans:
        prepared(call, purpose, *(["--when", when] if when else []))
    assert debriefed(call)["answers"]["prep"]["purpose"] == picked


@pytest.mark.usefixtures("two")
def test_the_other_preparation_stays_open_for_its_own_debrief(call: Call) -> None:
    prepared(call, "a", "--when", "9 days ago")
    prepared(call, "b", "--when", "3 days ago")
    prepared(call, "theirs", manager="marcus")
    assert [debriefed(call)["answers"]["prep"].get("purpose") for _ in range(3)] == ["b", "a", None]
    assert call("debrief", "marcus", "--json").data["conversation"]["answers"]["prep"]["purpose"] == "theirs"


@pytest.mark.usefixtures("two")
def test_a_debrief_of_the_past_goes_on_with_a_preparation_of_its_time(call: Call) -> None:
    prepared(call, "long ago", "--when", "2026-03-10")
    prepared(call, "today's")
    assert debriefed(call, "--when", "2026-03-09")["answers"]["prep"] == {}
    assert debriefed(call, "--when", "2026-03-10")["answers"]["prep"]["purpose"] == "long ago"
    assert debriefed(call)["answers"]["prep"]["purpose"] == "today's"


@pytest.mark.usefixtures("two")
def test_new_leaves_the_open_preparation_alone(call: Call) -> None:
    prepared(call, "p")
    assert debriefed(call, "--new")["answers"]["prep"] == {}
    assert debriefed(call)["answers"]["prep"]["purpose"] == "p"


@pytest.mark.parametrize("command", [["rename", "dana", "ortiz"], ["archive", "dana"]])
@pytest.mark.usefixtures("two")
def test_a_manager_renamed_or_archived_in_between_keeps_the_conversation(call: Call, command: list[str]) -> None:
    first = prepared(call, "p")
    call("manager", *command).says()
    handle = "ortiz" if "rename" in command else "dana"
    done = call("debrief", handle, "--set", "headline=h", "--log", "feedback", "--json").data["conversation"]
    assert (done["id"], done["manager"], done["answers"]["prep"]["purpose"]) == (first["id"], handle, "p")
    assert call("checkin", "--json", "--when", "today").data == {"due": []}
    assert [one["manager"] for one in log(call)] == [handle]


@pytest.mark.usefixtures("two")
def test_without_a_manager_and_a_terminal_it_names_the_argument(call: Call) -> None:
    assert "MANAGER" in call("debrief").fails(1)
    call("debrief", "nobody", "--json").fails(1, "unknown-manager")


# On a terminal.


LEAVING, WORD, CROSSED, GATE = r"leaving\s+it", r"word\s+or\s+two", r"cross\s+a\s+line", r"stop\s+here\s+for\s+now"
HEADLINE, STEP, TOMORROW, JOURNAL = r"one\s+sentence", r"one\s+step\s+forward", r"how\s+you\s+are", r"into\s+the\s+jour"
DECIDE = r"will\s+you\s+do"


def kept(call: Call) -> Any:
    """The last conversation with dana as a check-in answers with it."""
    return call("checkin", "dana", "--json", "--include-reflections").data["conversation"]


@pytest.mark.parametrize("width", [80, pytest.param(40, marks=LONG)])
@pytest.mark.usefixtures("two")
def test_two_minutes_on_a_terminal(tty: Terminal, call: Call, env: dict[str, str], width: int) -> None:
    env["COLUMNS"] = str(width)
    down, enter = tty.DOWN, tty.ENTER
    plan = ("--set", "if_cue=it gets loud", "--set", "then_action=I breathe")
    set_ = ("--set", "purpose=p", "--set", "aftercare=tea", "--set", "aftercare_at=17:00", *plan)
    call("prep-feedback", "dana", *set_).says()
    child = tty(*DEBRIEF, "--minutes", "2")
    child.setwinsize(24, width)
    child.expect(r"wanted to know or\s+have:\s+p")
    child.expect(r"if it gets\s+loud,\s+then\s+I\s+breathe")
    say(
        child, (LEAVING, f"{down * 4}{enter}"), (WORD, f"glad{enter}"), (CROSSED, f"{down}{enter}"),
        (r"planned:\s+tea", f"{down * 2}{enter}"), (HEADLINE, f"cards come late{enter}"),
        (STEP, f"I asked for one example{enter}"), (TOMORROW, f"{down}{enter}"), (JOURNAL, enter),
    )  # fmt: skip
    code, said = tty.ends(child)
    assert code == 0
    assert "trustlog support" not in said
    one = kept(call)
    assert {name: value for name, value in one["answers"]["debrief"].items() if value is not None} == {
        "mood_after": 1, "feeling_after": "glad", "line_crossed": "no", "gate": "go-on", "headline": "cards come late",
        "aftercare_status": "later-today", "small_step": "I asked for one example", "checkin_optin": True,
        "items": [{"text": "cards come late", "decision": "tomorrow"}],
    }  # fmt: skip
    assert one["answers"]["prep"]["purpose"] == "p"
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.parametrize("key", ["\x03", pytest.param("\x04", marks=LONG)], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.usefixtures("two")
def test_leaving_keeps_a_draft_and_the_next_start_goes_on_after_it(tty: Terminal, call: Call, key: str) -> None:
    down, enter = tty.DOWN, tty.ENTER
    call("prep-feedback", "dana", "--set", "purpose=p").says()
    child = tty(*DEBRIEF, "--minutes", "2")
    say(child, (LEAVING, f"{down * 4}{enter}"), (WORD, f"glad{enter}"), (CROSSED, f"{down}{enter}"), (HEADLINE, key))
    code, said = tty.ends(child)
    assert (code, "trustlog debrief dana" in " ".join(said.split())) == (130, True)
    child = tty(*DEBRIEF)
    child.expect(r"Going\s+on\s+where\s+you\s+stopped")
    child.expect([HEADLINE, LEAVING])
    assert child.match.re.pattern == HEADLINE
    child.send(f"calm{enter}")
    child.expect([STEP, r"Note\s+each\s+point"])
    assert child.match.re.pattern == STEP  # it stays the two-minute version
    child.send(enter)
    say(child, (TOMORROW, enter), (JOURNAL, enter))
    assert tty.ends(child)[0] == 0
    one = kept(call)
    assert (one["state"], one["minutes"], one["answers"]["prep"]["purpose"]) == ("debriefed", 2, "p")
    answers = one["answers"]["debrief"]
    assert (answers["mood_after"], answers["feeling_after"], answers["headline"]) == (1, "glad", "calm")


@pytest.mark.parametrize(
    ("mood", "crossed", "asked"),
    [
        (2, 1, True), (3, 1, False), (3, 2, True),
        pytest.param(3, 3, True, marks=LONG), pytest.param(0, 0, False, marks=LONG),
    ],
    ids=["low", "level", "not sure", "crossed", "skipped"],
)  # fmt: skip
@pytest.mark.usefixtures("two")
def test_the_way_out_is_offered_when_the_mood_is_low_or_a_line_was_crossed(
    tty: Terminal, mood: int, crossed: int, asked: bool
) -> None:
    child = tty(*DEBRIEF, "--minutes", "2")
    say(
        child, (LEAVING, f"{tty.DOWN * mood}{tty.ENTER}"), (WORD, tty.ENTER),
        (CROSSED, f"{tty.DOWN * crossed}{tty.ENTER}"),
    )  # fmt: skip
    child.expect([GATE, HEADLINE])
    assert (child.match.re.pattern == GATE) is asked
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130


@pytest.mark.parametrize(("down", "gate"), [(1, "stop-here"), pytest.param(2, "support-page", marks=LONG)])
@pytest.mark.usefixtures("two")
def test_the_way_out_ends_at_once_with_the_plan_and_the_support_line(
    tty: Terminal, call: Call, down: int, gate: str
) -> None:
    call("prep-feedback", "dana", "--set", "aftercare=tea outside").says()
    child = tty(*DEBRIEF, "--minutes", "2")
    say(
        child, (LEAVING, f"{tty.DOWN}{tty.ENTER}"), (WORD, f"stung{tty.ENTER}"), (CROSSED, f"{tty.DOWN}{tty.ENTER}"),
        (GATE, f"{tty.DOWN * down}{tty.ENTER}"),
    )  # fmt: skip
    code, said = tty.ends(child)
    said = " ".join(said.split())
    assert code == 0
    if gate == "stop-here":
        assert "tea outside" in said
        assert "trustlog support" in said
    else:
        assert "Work conversations can hit hard" in said
        assert "please contact a local crisis line" in said
    answers = kept(call)["answers"]["debrief"]
    assert (answers["gate"], answers["mood_after"], answers["feeling_after"]) == (gate, -2, "stung")


@pytest.mark.parametrize("gate", ["stop-here", "support-page"])
@pytest.mark.usefixtures("two")
def test_the_way_out_given_by_a_flag_ends_at_once_too(tty: Terminal, gate: str) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", "--set", "mood_after=-2", "--set", "feeling_after=stung",
                "--set", "line_crossed=no", "--set", f"gate={gate}")  # fmt: skip
    child.expect([r"trustlog\s+support", r"crisis\s+line", HEADLINE])
    assert child.match.re.pattern != HEADLINE
    assert tty.ends(child)[0] == 0


FIVE = ("--minutes", "5", "--set", "mood_after=1", "--set", "feeling_after=glad", "--set", "line_crossed=no", "--set",
        "headline=h", "--set", "grain=g", "--set", "if_cue=i", "--set", "then_action=t", "--set", "due=2030-01-07",
        "--set", "small_step=s", "--set", "checkin_optin=no")  # fmt: skip


@pytest.mark.usefixtures("two")
def test_each_point_is_told_and_decided_by_itself(tty: Terminal, call: Call) -> None:
    down, enter = tty.DOWN, tty.ENTER
    child = tty(*DEBRIEF, *FIVE)
    say(
        child, (r"Note\s+each\s+point", f"cards come late{enter}"), (r"A\s+point", f"the accent{enter}"),
        (r"A\s+point", enter), ("coaching", f"{down * 2}{enter}"), ("coaching", enter),
        (DECIDE, f"{down * 3}{enter}"), (r"Until\s+when", f"2030-01-07{enter}"), (DECIDE, f"{down * 4}{enter}"),
        (r"Why,\s+in\s+one", f"not about the work{enter}"), (JOURNAL, enter),
    )  # fmt: skip
    assert tty.ends(child)[0] == 0
    assert kept(call)["answers"]["debrief"]["items"] == [
        {"text": "cards come late", "kind": "coaching", "decision": "park", "until": "2030-01-07"},
        {"text": "the accent", "decision": "set-aside", "reason": "not about the work"},
    ]


@pytest.mark.usefixtures("two")
def test_a_reason_that_is_too_long_is_told_at_the_question_and_loses_nothing(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *FIVE, "--set", 'items=[{"text": "a", "kind": "unclear"}]')
    say(
        child, (DECIDE, f"{tty.DOWN * 4}{tty.ENTER}"), (r"Why,\s+in\s+one", f"{'x' * 201}{tty.ENTER}"),
        (r"the\s+limit\s+is\s+200", f"\x15short{tty.ENTER}"),
    )  # fmt: skip
    say(child, (JOURNAL, tty.ENTER))
    assert tty.ends(child)[0] == 0
    assert kept(call)["answers"]["debrief"]["items"][0]["reason"] == "short"


@pytest.mark.usefixtures("two")
def test_what_it_was_is_written_into_the_journal_only_when_ticked(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", *FIVE[2:], "--set", "small_step=s")
    say(child, (JOURNAL, f" {tty.DOWN * 5} {tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert {one["kind"] for one in call("log", "--json").data["entries"]} == {"feedback-received", "harsh-exchange"}


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_typed_letters_move_to_a_choice_and_tick_nothing(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", "--set", "mood_after=1", "--set", "gate=go-on")
    say(child, (WORD, tty.ENTER), (CROSSED, f"nyes{tty.ENTER}"), (HEADLINE, f"h{tty.ENTER}"))
    say(child, (TOMORROW, f"n{tty.ENTER}"), (JOURNAL, f"aiy shouted{tty.ENTER}"))
    say(child, (r"tick\s+nothing\s+here", tty.ENTER), (r"questions\s+about\s+it", "n\r"))
    code, said = tty.ends(child)
    answers = kept(call)["answers"]["debrief"]
    assert (code, answers["line_crossed"], answers["checkin_optin"]) == (0, "yes", False)
    assert call("log", "--json").data["entries"] == [], said


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_a_sentence_typed_into_a_list_chooses_nothing(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", *without("line_crossed")[2:])
    say(child, (CROSSED, f"he wanted java{tty.ENTER}"), (r"was\s+typed\s+is\s+not\s+kept", ""))
    say(child, (CROSSED, f"{tty.DOWN}{tty.ENTER}"), (JOURNAL, tty.ENTER))
    tty.ends(child)
    assert kept(call)["answers"]["debrief"]["line_crossed"] == "no"


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_words_typed_at_a_yes_or_no_are_no_answer_and_a_yes_ends_with_enter(tty: Terminal, call: Call) -> None:
    assert call("add", "dana", "hello").code == 0
    child = tty("undo", "2")
    say(child, ("Take back these 2", f"yesterday, on call{tty.ENTER}"), ("y or n, then Enter", ""))
    say(child, ("Take back", f"yes{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert log(call) == []


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_hard_words_name_both_doors_and_a_skipped_talk_is_not_called_looked_at(tty: Terminal) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", *without("headline")[2:], "--set", "headline=he shouted at me")
    say(child, (JOURNAL, tty.ENTER))
    assert "trustlog support dana or trustlog boundary dana" in " ".join(tty.ends(child)[1].split())
    child = tty(*DEBRIEF, "--new", "--minutes", "2", "--set", "mood_after=-2", "--set", "gate=go-on")
    say(child, *((question, tty.ENTER) for question in (WORD, CROSSED, HEADLINE, STEP, TOMORROW, JOURNAL)))
    said = " ".join(tty.ends(child)[1].split())
    assert ("trustlog boundary dana" in said, "looked at it" in said, "written down" in said) == (True, False, False)


CROSSED_FLAGS = ("--minutes", "2", *(word for word in FIVE[2:]), "--set", "line_crossed=yes", "--set", "gate=go-on")


@pytest.mark.usefixtures("two")
def test_a_crossed_line_offers_the_questions_and_dates_them_by_the_debrief(tty: Terminal, call: Call) -> None:
    day = TODAY() - timedelta(days=3)
    child = tty(*DEBRIEF, *CROSSED_FLAGS, "--when", day.isoformat())
    say(child, (JOURNAL, tty.ENTER), (r"questions\s+about\s+it\s+now", "y\r"))
    say(child, (r"Did\s+any", tty.ENTER), (r"Or\s+any", f"{tty.DOWN} {tty.ENTER}"), (r"about\s+you", tty.ENTER))
    code, said = tty.ends(child)
    assert (code, "One thing you noted sounds worth naming" in said) == (0, True)
    found = call("boundary", "dana", "--json").data
    assert (found["level"], found["because"]) == ("L1", [f"BA2 {day}"])


@pytest.mark.usefixtures("two")
def test_later_leaves_the_questions_and_says_how_to_come_back(tty: Terminal) -> None:
    child = tty(*DEBRIEF, *CROSSED_FLAGS, "--later")
    say(child, (JOURNAL, tty.ENTER))
    code, said = tty.ends(child)
    assert (code, "trustlog boundary dana" in said) == (0, True)


@pytest.mark.usefixtures("two")
def test_free_writing_can_be_deleted_at_the_end(tty: Terminal, call: Call) -> None:
    more = ("their_view=v", "kind_words=k", "practised=p", "thanks_draft=t", 'items=[{"text": "a", "decision": "ask"}]',
            'item_kind=["unclear"]')  # fmt: skip
    child = tty(*DEBRIEF, "--minutes", "15", *FIVE[2:], *(word for one in more for word in ("--set", one)))
    child.expect([r"Thanks,\s+coaching", r"ends\s+it"])
    if child.match.re.pattern != r"ends\s+it":
        child.send(tty.ENTER)
        child.expect(r"ends\s+it")
    child.send("all of it\x1b\r")
    say(child, (r"Keep\s+what\s+you\s+wrote", "n\r"), (JOURNAL, tty.ENTER))
    assert tty.ends(child)[0] == 0
    assert kept(call)["answers"]["debrief"]["free_write"] is None


LESSONS = {"their_view", "grain", "if_cue", "then_action", "due", "small_step", "thanks_draft"}


@pytest.mark.parametrize(("crossed", "asked"), [("no", True), ("not-sure", True), ("yes", False)])
@pytest.mark.usefixtures("two")
def test_nothing_is_to_be_learned_from_a_line_that_was_crossed(call: Call, crossed: str, asked: bool) -> None:
    said = answers(call, "--minutes", "15", "--set", f"line_crossed={crossed}")

    assert {"grain", "small_step", "their_view"} <= set(said) if asked else not LESSONS & set(said)


@pytest.mark.usefixtures("two")
def test_what_is_said_all_the_same_is_kept(call: Call) -> None:
    assert answers(call, "--set", "line_crossed=yes", "--set", "grain=one thing")["grain"] == "one thing"


@pytest.mark.usefixtures("two")
def test_a_debrief_with_nothing_for_the_card_says_that_it_is_kept(call: Call) -> None:
    assert call(*DEBRIEF, "--set", "mood_after=-2").out.splitlines() == ["Dana Ortiz", "Kept."]


LONG_AGO = TODAY() - timedelta(days=40)


@pytest.mark.usefixtures("two")
def test_days_that_are_given_are_seen_from_the_day_of_the_talk(call: Call) -> None:
    points = [
        {"text": "a", "decision": "park", "until": "in 5 days"}, {"text": "b", "decision": "use", "due": "tomorrow"},
    ]  # fmt: skip
    kept = answers(
        call, "--when", LONG_AGO.isoformat(), "--set", "due=in 3 days", "--answers", "-",
        stdin=json.dumps({"items": points}),
    )  # fmt: skip
    days = (kept["due"], kept["items"][0]["until"], kept["items"][1]["due"])
    assert days == tuple((LONG_AGO + timedelta(days=more)).isoformat() for more in (3, 5, 1))


def without(*fields: str) -> list[str]:
    """The flags that answer five minutes, but for these fields."""
    pairs = zip(FIVE[2::2], FIVE[3::2], strict=True)
    return [*FIVE[:2], *(word for pair in pairs if pair[1].split("=")[0] not in fields for word in pair)]


CHANGE, THEN, BY_WHEN = r"One\s+change\s+to\s+try", r"then\s+I\s+will", r"by\s+when"


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_the_last_point_is_taken_back_by_a_sign(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, "--minutes", "5", "--set", "mood_after=0", "--set", "gate=go-on", "--set", "line_crossed=no")
    say(child, (WORD, tty.ENTER), (HEADLINE, tty.ENTER), (r"A\s+point", f"cards late{tty.ENTER}"))
    say(child, (r"A\s+point", f"pya gap{tty.ENTER}"), (r"A\s+point", f"<{tty.ENTER}"), ("Taken back: “pya gap”", ""))
    say(child, (r"A\s+point", f"pay gap{tty.ENTER}"), (r"A\s+point", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    shown = call("debrief", "dana", "--json", "--include-reflections", "--set", "headline=h").data["conversation"]
    assert [point["text"] for point in shown["answers"]["debrief"]["items"]] == ["cards late", "pay gap"]


POINT = ("--set", 'items=[{"text": "cards late", "kind": "coaching"}]')


@pytest.mark.usefixtures("two")
def test_days_that_are_asked_are_seen_from_the_day_of_the_talk(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *without("due"), *POINT, "--when", LONG_AGO.isoformat())
    say(child, (DECIDE, f"{tty.DOWN * 3}{tty.ENTER}"), (r"Until\s+when", f"in 5 days{tty.ENTER}"))
    say(child, (BY_WHEN, f"in 3 days{tty.ENTER}"), (JOURNAL, tty.ENTER))
    assert tty.ends(child)[0] == 0
    answers = kept(call)["answers"]["debrief"]
    assert answers["due"] == (LONG_AGO + timedelta(days=3)).isoformat()
    assert answers["items"][0]["until"] == (LONG_AGO + timedelta(days=5)).isoformat()


@pytest.mark.usefixtures("two")
def test_without_a_change_to_try_no_day_is_asked_for_whatever_was_prepared(tty: Terminal, call: Call) -> None:
    call("prep-feedback", "dana", "--set", "if_cue=they interrupt", "--set", "then_action=breathe out").says()
    child = tty(*DEBRIEF, *without("if_cue", "then_action", "due"), *POINT)
    say(child, (DECIDE, tty.ENTER), (CHANGE, tty.ENTER))
    child.expect([JOURNAL, THEN, BY_WHEN])
    assert child.match.re.pattern == JOURNAL
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0


@pytest.mark.usefixtures("two")
def test_a_change_that_was_prepared_leaves_no_skip_in_the_debrief(call: Call) -> None:
    call("prep-feedback", "dana", "--set", "if_cue=they interrupt", "--set", "then_action=breathe out").says()
    assert not {"then_action", "due"} & set(answers(call))


@pytest.mark.usefixtures("two")
def test_the_card_says_a_day_as_it_is_said_elsewhere(call: Call) -> None:
    given = ("--set", "if_cue=i", "--set", "then_action=t", "--set", "due=2026-11-27")
    assert call(*DEBRIEF, *given, "--include-reflections").out.splitlines()[1:] == [
        "If: i",
        "then I: t",
        "By: Fri 27 Nov 2026",
    ]


@pytest.mark.usefixtures("two")
def test_the_card_shows_each_point_that_will_be_used_with_its_plan(call: Call) -> None:
    plan = {"decision": "use", "if_cue": "a card comes", "then_action": "answer the same day", "due": "2026-11-27"}
    points = [
        {"text": "late cards", **plan}, {"text": "the slate", "decision": "ask"},
        {"text": "the tone", "decision": "use", "due": "2026-12-04"},
    ]  # fmt: skip
    card = call(*DEBRIEF, "--json", "--answers", "-", stdin=json.dumps({"items": points, "headline": "h"})).data["card"]
    assert card == [
        "In short: h",
        "I will use: late cards · if a card comes, then I answer the same day, by Fri 27 Nov 2026",
        "I will use: the tone · by Fri 4 Dec 2026",
    ]


@pytest.mark.parametrize(
    ("then", "asks"),
    [pytest.param("answer at once", BY_WHEN, marks=LONG), ("", CHANGE)],
    ids=["a plan", "no plan"],
)
@pytest.mark.usefixtures("two")
def test_a_change_is_asked_for_only_where_no_point_carries_one(tty: Terminal, then: str, asks: str) -> None:
    child = tty(*DEBRIEF, *without("if_cue", "then_action", "due"), *POINT)
    say(child, (DECIDE, f"{tty.DOWN}{tty.ENTER}"), (r"If …", f"a card comes{tty.ENTER}"), (THEN, f"{then}{tty.ENTER}"))
    child.expect([BY_WHEN, CHANGE])
    assert child.match.re.pattern == asks
    child.send(tty.ENTER)
    say(child, (JOURNAL, tty.ENTER))
    code, said = tty.ends(child)
    assert (code, "I will use" in said) == (0, True)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.usefixtures("two")
def test_work_is_thanked_for_only_where_there_was_some(tty: Terminal, answered: bool) -> None:
    child = tty(*DEBRIEF, "--minutes", "2", *(("--set", "headline=h") if answered else ()))
    questions = (LEAVING, WORD, CROSSED, *(() if answered else (HEADLINE,)), STEP, TOMORROW, JOURNAL)
    say(child, *((question, tty.ENTER) for question in questions))
    code, said = tty.ends(child)
    thanked = any(
        words in said for words in ("You listened and wrote it down.", "can wait until you want", "Be good to")
    )
    assert (code, thanked, "checkin" in said) == (0, answered, answered)


@pytest.mark.parametrize(
    ("flags", "hint"),
    [
        (["--set", "checkin_optin=yes"], "Tomorrow: trustlog checkin dana"),
        pytest.param(
            ["--set", 'items=[{"text": "a", "decision": "tomorrow"}]'],
            "Tomorrow: trustlog checkin dana",
            marks=LONG,
        ),
        (["--set", 'items=[{"text": "a", "decision": "use"}]'], "Later: trustlog checkin dana"),
        pytest.param(
            ["--set", "checkin_optin=yes", "--when", "3 days ago"],
            "Next: trustlog checkin dana",
            marks=LONG,
        ),
        pytest.param(["--set", 'items=[{"text": "a", "decision": "ask"}]'], None, marks=LONG),
        (["--set", "checkin_optin=yes", "--json"], None),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_check_in_that_will_have_something_to_ask_is_named(tty: Terminal, flags: list[str], hint: str | None) -> None:
    given = without("if_cue", "then_action", "due", "headline", "checkin_optin")
    child = tty(*DEBRIEF, "--minutes", "2", *given[2:], *flags)
    child.expect(HEADLINE)
    child.send(tty.ENTER)
    child.expect([TOMORROW, JOURNAL])
    if child.match.re.pattern == TOMORROW:
        child.send(tty.ENTER)
        child.expect(JOURNAL)
    child.send(tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "checkin dana" in said, hint is None or hint in said) == (0, hint is not None, True)


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_a_list_of_points_that_was_stopped_goes_on(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *FIVE)
    say(child, (r"A\s+point", f"cards come late{tty.ENTER}"), (r"A\s+point", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    child = tty(*DEBRIEF)
    child.expect("cards come late")
    say(child, (r"A\s+point", f"the accent{tty.ENTER}"), (r"A\s+point", tty.ENTER), ("coaching", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    child = tty(*DEBRIEF)
    child.expect([r"A\s+point", "coaching"])
    assert child.match.re.pattern == "coaching"  # the list was ended before
    child.send(tty.ENTER)
    say(child, ("coaching", tty.ENTER), (DECIDE, tty.ENTER), (DECIDE, tty.ENTER), (JOURNAL, tty.ENTER))
    assert tty.ends(child)[0] == 0
    said = kept(call)["answers"]["debrief"]
    assert said["items"] == [{"text": "cards come late"}, {"text": "the accent"}]
    assert [name for name in said if ":" in name] == []


@pytest.mark.usefixtures("two")
def test_a_list_of_points_that_was_stopped_counts_where_nobody_is_asked(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *FIVE)
    say(child, (r"A\s+point", f"cards come late{tty.ENTER}"), (r"A\s+point", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    done = call(*DEBRIEF, "--json", "--include-reflections").data["conversation"]["answers"]["debrief"]
    assert done["items"] == [{"text": "cards come late"}]
    assert [name for name in done if ":" in name] == []


@pytest.mark.usefixtures("two")
def test_who_leaves_at_the_last_question_hears_that_the_answers_are_kept(tty: Terminal) -> None:
    child = tty(*DEBRIEF, *FIVE)
    say(child, (r"A\s+point", tty.ENTER), (JOURNAL, tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "Kept as a draft. Go on with: trustlog debrief dana" in said) == (130, True)


@pytest.mark.usefixtures("two")
def test_a_point_that_was_half_decided_goes_on_after_what_was_said(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *FIVE, *POINT)
    say(child, (DECIDE, f"{tty.DOWN}{tty.ENTER}"), (r"If …", f"a card comes{tty.ENTER}"), (THEN, tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    child = tty(*DEBRIEF)
    child.expect([THEN, r"If …", DECIDE])
    assert child.match.re.pattern == THEN
    child.send(f"answer at once{tty.ENTER}")
    say(child, (BY_WHEN, f"2130-01-06{tty.ENTER}"), (JOURNAL, tty.ENTER))
    assert tty.ends(child)[0] == 0
    assert kept(call)["answers"]["debrief"]["items"] == [
        {"text": "cards late", "kind": "coaching", "decision": "use", "if_cue": "a card comes",
         "then_action": "answer at once", "due": "2130-01-06"},
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_what_was_begun_about_a_day_goes_on_about_that_day(tty: Terminal, call: Call) -> None:
    child = tty(*DEBRIEF, *without("due"), "--when", LONG_AGO.isoformat())
    say(child, (r"A\s+point", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    given = ("--set", "due=in 3 days", "--log", "feedback", "--json", "--include-reflections")
    done = call(*DEBRIEF, *given).data["conversation"]["answers"]["debrief"]
    assert done["due"] == (LONG_AGO + timedelta(days=3)).isoformat()
    assert [one["happened_on"] for one in call("log", "--json").data["entries"]] == [LONG_AGO.isoformat()]
