"""`prep-feedback`: from a few answers to a card, by flags, from a file, and on a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents, refuses, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Call, Terminal

LONG = pytest.mark.long
PREP = ("prep-feedback", "dana")
PUBLIC_OF_2 = ["if_cue", "purpose", "then_action"]
PUBLIC_OF_5 = ["ask_instructions", *PUBLIC_OF_2]
PUBLIC_OF_15 = ["ask_instructions", "if_cue", "opening_lines", "purpose", "then_action"]


def prepared(call: Call, *args: str, stdin: str = "") -> Any:
    return call(*PREP, *args, "--json", "--include-reflections", stdin=stdin).data["conversation"]


def answers(call: Call, *args: str, stdin: str = "") -> Any:
    return prepared(call, *args, stdin=stdin)["answers"]["prep"]


def nothing_open(call: Call, manager: str = "dana") -> bool:
    return bool(call("prep-feedback", manager, "--card", "--json").fails(1, "unknown-entry"))


@pytest.mark.usefixtures("two")
def test_the_answer_has_the_shape_of_the_contract(call: Call) -> None:
    done = call(
        *PREP, "--set", "purpose=which stage cost most", "--set", "mood_before=-1",
        "--when", "2026-11-20 15:00", "--json",
    )  # fmt: skip
    assert json.loads(done.out)["command"] == "prep-feedback"
    assert {"conversation", "card"} <= set(done.data)
    one = done.data["conversation"]
    assert {"id", "manager", "state", "minutes", "planned_for", "answers"} <= set(one)
    assert (one["id"], one["manager"], one["state"]) == (1, "dana", "prepared")
    assert one["planned_for"] == "2026-11-20T15:00:00+00:00"
    assert list(one["answers"]) == ["prep", "debrief", "checkin"]
    assert one["answers"]["debrief"] == one["answers"]["checkin"] == {}
    assert one["answers"]["prep"]["purpose"] == "which stage cost most"
    assert done.data["card"] == ["I want to know: which stage cost most"]
    assert done.err == ""


@pytest.mark.parametrize(("minutes", "public"), [("2", PUBLIC_OF_2), ("5", PUBLIC_OF_5), ("15", PUBLIC_OF_15)])
@pytest.mark.usefixtures("two")
def test_what_was_not_given_is_a_skip_and_the_state_is_prepared(call: Call, minutes: str, public: list[str]) -> None:
    one = call(*PREP, "--minutes", minutes, "--json").data["conversation"]
    assert (one["state"], one["minutes"]) == ("prepared", int(minutes))
    assert one["answers"]["prep"] == dict.fromkeys(public)


@pytest.mark.usefixtures("two")
def test_prep_is_a_second_name_of_it(call: Call) -> None:
    done = call("prep", "dana", "--set", "purpose=p", "--json")
    assert json.loads(done.out)["command"] == "prep-feedback"
    assert answers(call)["purpose"] == "p"


@pytest.mark.usefixtures("two")
def test_without_json_it_answers_with_the_card(call: Call) -> None:
    given = {"purpose": "p", "ask_instructions": "a", "if_cue": "i", "then_action": "t", "aftercare": "CANARY"}
    said = call(*PREP, "--answers", "-", stdin=json.dumps(given)).says()
    assert said.splitlines() == ["Dana Ortiz", "I want to know: p", "I ask: a", "If: i", "then I: t"]


@pytest.mark.usefixtures("two")
def test_one_answer_gives_a_card_and_none_says_so(call: Call) -> None:
    assert call(*PREP).says().splitlines() == ["Dana Ortiz", "Nothing on the card yet."]
    assert call(*PREP, "--set", "if-cue=they go quiet").says().splitlines() == ["Dana Ortiz", "If: they go quiet"]


@pytest.mark.usefixtures("two")
def test_answers_come_from_a_file_from_stdin_and_from_flags_alike(call: Call, tmp_path: Path) -> None:
    given = {"purpose": "to listen", "mood-before": -1, "settle_choice": "slow_breathing", "opening-lines": ["Hello."]}
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(given))
    kept = answers(call, "--answers", str(file))
    assert {name: kept[name] for name in ("purpose", "mood_before", "settle_choice", "opening_lines")} == {
        "purpose": "to listen", "mood_before": -1, "settle_choice": "slow-breathing", "opening_lines": ["Hello."],
    }  # fmt: skip
    assert answers(call, "--new", "--answers", "-", stdin=json.dumps(given)) == kept
    flags = ("purpose=to listen", "mood_before=-1", "settle-choice=slow-breathing", 'opening_lines=["Hello."]')
    assert answers(call, "--new", *(word for flag in flags for word in ("--set", flag))) == kept


@pytest.mark.usefixtures("two")
def test_set_beats_answers_in_either_spelling(call: Call) -> None:
    given = json.dumps({"if_cue": "from the file", "then-action": "from the file", "purpose": "from the file"})
    kept = answers(
        call, "--answers", "-", "--set", "if-cue=from the flag", "--set", "then_action=from the flag", stdin=given
    )
    assert (kept["if_cue"], kept["then_action"], kept["purpose"]) == ("from the flag", "from the flag", "from the file")


@pytest.mark.usefixtures("two")
def test_of_the_same_flag_twice_the_last_stands_and_a_value_may_hold_an_equals_sign(call: Call) -> None:
    assert answers(call, "--set", "purpose=a", "--set", "purpose= b=c ")["purpose"] == "b=c"


@pytest.mark.usefixtures("two")
def test_fields_of_a_longer_version_are_accepted(call: Call) -> None:
    one = prepared(call, "--minutes", "2", "--set", "reframe=what could I practise", "--set", 'opening_lines=["Hi."]')
    assert one["minutes"] == 2
    assert one["answers"]["prep"]["reframe"] == "what could I practise"
    assert one["answers"]["prep"]["opening_lines"] == ["Hi."]


REFUSED: list[tuple[str, list[str], str, str, str]] = [
    ("an unknown field", ["--set", "purpos=x"], "", "bad-field", 'there is no field "purpos"'),
    ("a field of another script", ["--set", "headline=x"], "", "bad-field", "headline"),
    ("an unknown field in JSON", ["--answers", "-"], '{"mood": 1}', "bad-field", 'there is no field "mood"'),
    ("a mood out of range", ["--set", "mood_before=3"], "", "bad-field", "mood_before: it takes -2, -1, 0, 1 or 2"),
    ("a mood in words", ["--set", "mood-before=low"], "", "bad-field", "mood_before: it takes -2, -1, 0, 1 or 2"),
    ("a mood as a text", ["--answers", "-"], '{"mood_before": "1"}', "bad-field", "mood_before"),
    ("readiness out of range", ["--set", "readiness=0"], "", "bad-field", "readiness: it takes a whole number from 1"),
    ("an unknown choice", ["--set", "settle_choice=nap"], "", "bad-field", "settle_choice takes slow-breathing or"),
    ("a list that is no JSON", ["--set", "opening_lines=Hello"], "", "bad-field", "opening_lines: it takes a JSON"),
    ("a list of what there is not", ["--set", 'feedback_kind_expected=["gift"]'], "", "bad-field", "appreciation or"),
    ("an empty line", ["--set", "purpose="], "", "bad-field", "purpose is empty"),
    ("two lines", ["--set", "purpose=a\nb"], "", "bad-field", "purpose must be one line"),
    ("no equals sign", ["--set", "purpose"], "", "bad-field", "--set takes field=value"),
    ("an entry that there is not", ["--set", "facts_ticked=[7]"], "", "unknown-entry", "#7 is no entry with dana"),
    ("an entry with someone else", ["--set", "facts_ticked=[1]"], "", "unknown-entry", "#1 is no entry with dana"),
    ("no JSON", ["--answers", "-"], "purpose: x", "bad-file", "the answers are not JSON"),
    ("nothing at all", ["--answers", "-"], "", "bad-file", "the answers are not JSON"),
    ("input that ends in the middle", ["--answers", "-"], '{"purpose": "x", "if_c', "bad-file", "not JSON"),
    ("a list", ["--answers", "-"], '["x"]', "bad-file", "the answers are not a JSON object"),
    ("deep nesting", ["--answers", "-"], "[" * 100_000, "bad-file", "the answers are not JSON"),
    ("a file that there is not", ["--answers", "/nowhere.json"], "", "bad-file", "/nowhere.json"),
    ("minutes that there are not", ["--minutes", "3"], "", "bad-field", "It takes 2, 5 or 15"),
    ("a day that cannot be read", ["--when", "05/06/2026"], "", "bad-date", "05/06/2026"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "stdin", "code", "says"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_is_refused_is_named_and_nothing_is_saved(
    call: Call, two: Path, args: list[str], stdin: str, code: str, says: str
) -> None:
    call("add", "marcus", "hello").says()
    flags = ("--set", "if_cue=good", *args) if "--set" in args else args
    refuses(call, two, (*PREP, *flags), code, says, stdin)


@pytest.mark.usefixtures("two")
def test_an_unknown_field_is_answered_with_the_nearest_or_with_all(call: Call) -> None:
    assert "Did you mean purpose?" in call(*PREP, "--set", "purpos=x").fails(1)
    assert "There are: purpose, mood_before," in call(*PREP, "--set", "zzzzzz=x").fails(1)


@pytest.mark.usefixtures("two")
def test_without_a_manager_and_a_terminal_it_names_the_argument(call: Call) -> None:
    assert "MANAGER" in call("prep-feedback", "--set", "purpose=x").fails(1)
    call("prep-feedback", "--json").fails(1, "needs-answer")


def test_an_unknown_manager_is_refused_and_not_made(call: Call, home: Path) -> None:
    call("prep-feedback", "nobody", "--set", "purpose=x", "--json").fails(1, "unknown-manager")
    assert not home.exists()


MINUTES: list[tuple[str, Callable[[datetime], str] | None, int]] = [
    ("no time said", None, 5),
    ("in 29 minutes", lambda now: f"{now + timedelta(minutes=29):%Y-%m-%d %H:%M}", 2),
    ("in half an hour at most", lambda now: f"{now + timedelta(minutes=30):%Y-%m-%d %H:%M}", 2),
    ("in 32 minutes", lambda now: f"{now + timedelta(minutes=32):%Y-%m-%d %H:%M}", 5),
    ("in three days", lambda now: f"{now + timedelta(days=3):%Y-%m-%d %H:%M}", 5),
    ("three days ago", lambda now: f"{now - timedelta(days=3):%Y-%m-%d %H:%M}", 5),
]


@pytest.mark.parametrize(("when", "minutes"), [one[1:] for one in MINUTES], ids=[one[0] for one in MINUTES])
@pytest.mark.usefixtures("two")
def test_two_minutes_when_the_talk_is_within_the_half_hour(
    call: Call, when: Callable[[datetime], str] | None, minutes: int
) -> None:
    flags = ["--when", when(datetime.now(UTC))] if when else []
    assert prepared(call, *flags)["minutes"] == minutes
    assert prepared(call, *flags, "--new", "--minutes", "15")["minutes"] == 15


def test_the_usual_length_is_a_setting(call: Call, two: Path) -> None:
    (two / "config.toml").write_text("minutes = 15\n")
    assert prepared(call)["minutes"] == 15


@pytest.mark.usefixtures("two")
def test_a_second_preparation_goes_on_with_the_open_one(call: Call) -> None:
    first = prepared(call, "--minutes", "2", "--set", "purpose=p", "--set", "mood_before=-1", "--about", "the slate")
    again = prepared(call, "--set", "if_cue=i", "--set", "purpose=p2")
    assert (again["id"], again["minutes"], again["about"]) == (first["id"], 2, "the slate")
    kept = again["answers"]["prep"]
    assert (kept["purpose"], kept["mood_before"], kept["if_cue"]) == ("p2", -1, "i")
    another = prepared(call, "--new", "--set", "if_cue=n")
    assert another["id"] != first["id"]
    assert (another["answers"]["prep"]["purpose"], another["answers"]["prep"]["if_cue"]) == (None, "n")
    assert prepared(call)["id"] == another["id"]


@pytest.mark.usefixtures("two")
def test_the_open_preparation_of_someone_else_is_left_alone(call: Call) -> None:
    call("prep-feedback", "marcus", "--set", "purpose=theirs").says()
    assert answers(call)["purpose"] is None
    assert "theirs" in call("prep-feedback", "marcus", "--card").says()


@pytest.mark.usefixtures("two")
def test_undo_takes_back_what_was_added_and_then_the_whole_preparation(call: Call) -> None:
    prepared(call, "--set", "purpose=p", "--set", "mood_before=-1")
    prepared(call, "--set", "purpose=p2", "--set", "mood_before=2", "--set", "sting=source")
    assert call("undo", "--json").data["undone"][0]["command"] == "prep-feedback"
    card = call(*PREP, "--card", "--json", "--include-reflections").data["conversation"]["answers"]["prep"]
    assert (card["purpose"], card["mood_before"], card["sting"]) == ("p", -1, None)
    call("undo").says()
    assert nothing_open(call)


@pytest.mark.usefixtures("two")
def test_drop_lets_go_of_the_open_one_and_undo_brings_it_back(call: Call) -> None:
    kept = prepared(call, "--set", "purpose=p", "--set", "mood_before=-1", "--set", "aftercare=tea")
    assert call(*PREP, "--drop", "--json", "--include-reflections").data["conversation"] == kept
    assert nothing_open(call)
    assert call("undo", "--json").data["undone"][0]["command"] == "prep-feedback --drop"
    assert call(*PREP, "--card", "--json", "--include-reflections").data["conversation"] == kept
    call("prep-feedback", "marcus", "--drop", "--json").fails(1, "unknown-entry")


@pytest.mark.parametrize("command", [["rename", "dana", "ortiz"], ["archive", "dana"]])
@pytest.mark.usefixtures("two")
def test_a_manager_renamed_or_archived_keeps_the_open_preparation(call: Call, command: list[str]) -> None:
    first = prepared(call, "--set", "purpose=p")
    call("manager", *command).says()
    handle = "ortiz" if "rename" in command else "dana"
    again = call("prep-feedback", handle, "--set", "if_cue=i", "--json").data["conversation"]
    assert (again["id"], again["manager"], again["answers"]["prep"]["purpose"]) == (first["id"], handle, "p")


@pytest.mark.usefixtures("two")
def test_when_in_the_past_dates_the_whole_record(call: Call) -> None:
    prepared(call, "--when", "2026-03-10 10:00", "--set", "purpose=p", "--set", "readiness=4")
    assert "2026-03-10T10:00" in str(call(*PREP, "--card", "--json").data["conversation"]["planned_for"])
    done = call("debrief", "dana", "--when", "2026-03-10", "--json").data["conversation"]
    assert done["answers"]["prep"]["purpose"] == "p"


@pytest.mark.usefixtures("two")
def test_going_on_with_a_past_preparation_leaves_its_day_alone(call: Call) -> None:
    prepared(call, "--when", "2026-03-10 10:00", "--set", "purpose=p")
    prepared(call, "--set", "if_cue=i")
    done = call("debrief", "dana", "--when", "2026-03-10", "--json").data["conversation"]
    assert done["answers"]["prep"] | {"purpose": "p", "if_cue": "i"} == done["answers"]["prep"]


@pytest.mark.usefixtures("two")
def test_a_plan_looks_ahead(call: Call) -> None:
    planned = datetime.fromisoformat(prepared(call, "--when", "fri 10:00")["planned_for"])
    assert planned > datetime.now(UTC)
    assert (planned.weekday(), planned.hour) == (4, 10)


def test_the_card_writes_nothing_and_shows_the_same(call: Call, two: Path) -> None:
    done = call(*PREP, "--set", "purpose=p", "--set", "mood_before=1", "--json").data
    before = contents(two)
    assert call(*PREP, "--card", "--json").data == done
    assert call("prep-feedback", "--card", "--json").data == done
    assert call(*PREP, "--card").says() == "Dana Ortiz\nI want to know: p\n"
    assert contents(two) == before


def test_the_card_of_a_journal_that_is_not_there_makes_none(call: Call, home: Path) -> None:
    call("prep-feedback", "--card", "--json").fails(1, "unknown-entry")
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_of_several_open_ones_the_card_is_the_next_to_come(call: Call) -> None:
    for who, when, purpose in (
        ("dana", "in 9 days", "later"), ("marcus", "in 2 days", "soon"), ("dana", "2026-03-10", "long ago"),
    ):  # fmt: skip
        call("prep-feedback", who, "--new", "--when", when, "--set", f"purpose={purpose}").says()
    assert "soon" in call("prep-feedback", "--card").says()
    assert "later" in call(*PREP, "--card").says()


@pytest.mark.parametrize(
    ("choice", "draft"),
    [("move", "Could we move it"), ("shorter", "fifteen minutes"), ("bring-someone", "colleague along"),
     ("in-writing", "in writing first"), ("go-anyway", None)],
)  # fmt: skip
@pytest.mark.usefixtures("two")
def test_who_is_not_ready_gets_a_draft_for_what_they_choose(call: Call, choice: str, draft: str | None) -> None:
    flags = ("--set", "readiness=1", "--set", f"readiness_choice={choice}", "--json")
    drafts = call(*PREP, *flags, "--include-reflections").data["drafts"]
    assert len(drafts) == (draft is not None)
    if draft:
        assert drafts[0].startswith("Hi Dana, ")
        assert draft in drafts[0]
    assert call(*PREP, *flags).data["drafts"] == []


@pytest.mark.usefixtures("two")
def test_a_talk_is_moved_to_the_time_that_suits_oneself_best(call: Call) -> None:
    call("me", "--best-time", "mornings").says()
    flags = ("--set", "readiness=1", "--set", "readiness_choice=move", "--json")
    assert call(*PREP, *flags, "--include-reflections").data["drafts"][0].endswith("suits me best: mornings.")
    assert call(*PREP, *flags).data["drafts"] == []


def test_a_crowded_week_is_no_matter_for_a_pipe(call: Call, two: Path) -> None:
    del two  # it has made the journal
    for _ in range(3):
        call(*PREP, "--new", "--when", "in 2 days").says()
    assert call("prep-feedback", "marcus", "--when", "in 2 days").err == ""


# On a terminal.

PURPOSE, MOOD, FEELING, SETTLE = r"know\s+or\s+have", "arriving", r"word\s+or\s+two", r"settle\s+first"
WHEN = r"When\s+is\s+the\s+talk"
CUE, ACTION, CARE, CARE_AT, READY = r"hard\s+moment", r"small\s+thing", r"kind\s+thing", r"what\s+time", "Ready"


def in_two_minutes(tty: Terminal, child: Any) -> tuple[int, str]:
    down, enter = tty.DOWN, tty.ENTER
    say(
        child, (WHEN, enter), (PURPOSE, f"which stage cost most{enter}"), (MOOD, f"{down}{down}{enter}"),
        (FEELING, f"tense{enter}"), (SETTLE, f"{down}{enter}"), (r"any\s+key", " "), (CUE, f"they go quiet{enter}"),
        (ACTION, f"count to three{enter}"), (CARE, f"tea outside{enter}"), (CARE_AT, f"16:45{enter}"),
        (READY, f"{down * 4}{enter}"),
    )  # fmt: skip
    return tty.ends(child)


IN_TWO_MINUTES = {
    "purpose": "which stage cost most", "mood_before": -1, "feeling_before": "tense",
    "settle_choice": "slow-breathing", "if_cue": "they go quiet", "then_action": "count to three",
    "aftercare": "tea outside", "aftercare_at": "16:45", "readiness": 4,
}  # fmt: skip


def kept(call: Call) -> Any:
    return call(*PREP, "--card", "--json", "--include-reflections").data["conversation"]


@pytest.mark.parametrize("width", [80, pytest.param(40, marks=LONG)])
@pytest.mark.usefixtures("two")
def test_two_minutes_on_a_terminal_end_with_the_card(
    tty: Terminal, call: Call, env: dict[str, str], width: int
) -> None:
    env["COLUMNS"] = str(width)
    child = tty(*PREP, "--minutes", "2")
    child.setwinsize(24, width)
    code, said = in_two_minutes(tty, child)
    assert code == 0
    lines = said.splitlines()
    top = next(place for place, line in enumerate(lines) if "╭" in line)
    card = "\n".join(lines[top:])
    for words in ("Dana Ortiz", "which stage", "they go quiet", "count to three", "tea outside, 16:45"):
        assert words in card
    one = kept(call)
    assert one["state"] == "prepared"
    assert {name: value for name, value in one["answers"]["prep"].items() if value is not None} == IN_TWO_MINUTES


@pytest.mark.usefixtures("two")
def test_every_question_may_be_skipped_with_enter(tty: Terminal, call: Call) -> None:
    child = tty(*PREP, "--minutes", "2")
    asked = (WHEN, PURPOSE, MOOD, FEELING, SETTLE, CUE, ACTION, CARE, READY)
    say(child, *((question, tty.ENTER) for question in asked))
    code, said = tty.ends(child)
    assert code == 0
    assert "Nothing on the card yet" in said
    assert set(kept(call)["answers"]["prep"].values()) == {None}


@pytest.mark.usefixtures("two")
def test_ctrl_c_keeps_a_draft_and_the_next_start_goes_on_after_it(tty: Terminal, call: Call) -> None:
    child = tty(*PREP, "--minutes", "2", "--when", "2030-03-10 15:00", "--about", "the slate")
    say(child, (PURPOSE, f"to listen{tty.ENTER}"), (MOOD, f"{tty.DOWN}{tty.ENTER}"), (FEELING, tty.CTRL_C))
    code, said = tty.ends(child)
    assert code == 130
    assert "trustlog prep-feedback dana" in " ".join(said.split())
    draft = kept(call)
    assert (draft["state"], draft["minutes"], draft["about"]) == ("draft", 2, "the slate")
    assert draft["answers"]["prep"] == {"purpose": "to listen", "mood_before": -2}
    assert "I want to know: to listen" in call(*PREP, "--card").says()
    child = tty(*PREP)
    child.expect("Going on where you stopped: prep-feedback with Dana Ortiz")
    child.expect([FEELING, PURPOSE])
    assert child.match.re.pattern == FEELING
    child.send(f"tense{tty.ENTER}")
    say(child, *((question, tty.ENTER) for question in (SETTLE, CUE, ACTION, CARE, READY)))
    assert tty.ends(child)[0] == 0
    one = kept(call)
    assert one["state"] == "prepared"
    plan = ("minutes", "planned_for", "about")
    assert {name: one[name] for name in plan} == {name: draft[name] for name in plan}
    assert {name: value for name, value in one["answers"]["prep"].items() if value is not None} == {
        "purpose": "to listen", "mood_before": -2, "feeling_before": "tense",
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_it_asks_when_the_talk_is_and_says_of_what_is_prepared_that_it_is(tty: Terminal, call: Call) -> None:
    child = tty(*PREP, "--minutes", "2")
    say(child, (WHEN, f"someday soon{tty.ENTER}"), ("cannot read", ""), (WHEN, f"2130-03-09 16:00{tty.ENTER}"))
    say(child, (r"Planned for .*2130", ""), (PURPOSE, f"to listen{tty.ENTER}"))
    say(child, *((question, tty.ENTER) for question in (MOOD, FEELING, SETTLE, CUE, ACTION, CARE, READY)))
    assert tty.ends(child)[0] == 0
    assert str(kept(call)["planned_for"]).startswith("2130-03-09T16:00")
    child = tty(*PREP)
    say(child, (MOOD, tty.CTRL_C))
    said = " ".join(str(child.before).split())
    assert ("When is the talk" in said, "where you stopped" in said) == (False, False)
    assert "You have prepared this talk with Dana Ortiz: only what was skipped is asked." in said
    assert "To change an answer: trustlog prep-feedback dana --set purpose='…'" in said
    tty.ends(child)
    assert call(*PREP, "--set", "purpose=to ask").code == 0
    assert kept(call)["answers"]["prep"]["purpose"] == "to ask"


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_a_sign_goes_back_to_the_question_before_at_lines_and_at_lists(tty: Terminal, call: Call) -> None:
    child = tty(*PREP, "--minutes", "5", "--when", "2130-03-09 16:00")
    say(child, (r"goes\s+back", ""), (PURPOSE, f"<{tty.ENTER}"), ("no earlier question", ""))
    say(child, (PURPOSE, f"to listne{tty.ENTER}"), (MOOD, f"<{tty.ENTER}"), ("You said: “to listne”", ""))
    say(child, (PURPOSE, f"to listen{tty.ENTER}"), (MOOD, f"<{tty.ENTER}"), ("“to listen”. Enter keeps it", ""))
    say(child, (PURPOSE, tty.ENTER), (MOOD, f"2{tty.ENTER}"), (FEELING, f"<{tty.ENTER}"))
    say(child, (MOOD, f"1{tty.ENTER}"), (FEELING, f"calm{tty.ENTER}"), (SETTLE, tty.ENTER))
    say(child, (r"expect\s+to\s+get", "<"), (SETTLE, f"not{tty.ENTER}"), (r"expect\s+to\s+get", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    assert kept(call)["answers"]["prep"] == {
        "purpose": "to listen", "mood_before": 1, "feeling_before": "calm", "settle_choice": "skip",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["ctrl-c", pytest.param("ctrl-d", marks=LONG)])
@pytest.mark.usefixtures("two")
def test_leaving_before_the_first_answer_writes_nothing(tty: Terminal, call: Call, key: str) -> None:
    child = tty(*PREP)
    say(child, (WHEN, tty.ENTER), (PURPOSE, "\x03" if key == "ctrl-c" else "\x04"))
    assert tty.ends(child)[0] == 130
    call(*PREP, "--card", "--json").fails(1, "unknown-entry")
    assert [one["command"] for one in call("undo", "--list", "--json").data["changes"]] == ["manager add"] * 2


@pytest.mark.usefixtures("two")
def test_ctrl_c_at_the_pace_keeps_the_choice(tty: Terminal, call: Call) -> None:
    child = tty(*PREP, "--minutes", "2", "--set", "purpose=p", "--set", "mood_before=0", "--set", "feeling_before=calm")
    say(child, (SETTLE, f"{tty.DOWN * 2}{tty.ENTER}"), (r"breathe\s+in", tty.CTRL_C))
    assert tty.ends(child)[0] == 130
    assert kept(call)["answers"]["prep"] == {
        "purpose": "p", "mood_before": 0, "feeling_before": "calm", "settle_choice": "box-breathing",
    }  # fmt: skip


@pytest.mark.usefixtures("two")
def test_undo_takes_back_the_whole_of_a_preparation_that_a_terminal_answered(tty: Terminal, call: Call) -> None:
    given = [word for field in ("purpose", "mood_before", "feeling_before", "settle_choice", "if_cue", "then_action",
             "aftercare", "aftercare_at") for word in ("--set", f"{field}={IN_TWO_MINUTES[field]}")]  # fmt: skip
    child = tty(*PREP, "--minutes", "2", *given)
    say(child, (READY, f"{tty.DOWN * 4}{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert [one["command"] for one in call("undo", "--json").data["undone"]] == ["prep-feedback"]
    call(*PREP, "--card", "--json").fails(1, "unknown-entry")


@pytest.mark.usefixtures("two")
def test_a_preparation_begun_in_a_pipe_is_asked_for_the_rest_on_a_terminal(tty: Terminal, call: Call) -> None:
    call(*PREP, "--minutes", "2", "--set", "purpose=to listen").says()
    child = tty(*PREP)
    say(child, (WHEN, tty.ENTER))
    child.expect([MOOD, PURPOSE])
    assert child.match.re.pattern == MOOD
    child.send(f"{tty.DOWN}{tty.ENTER}")
    say(child, (FEELING, tty.CTRL_C))
    assert tty.ends(child)[0] == 130


@pytest.mark.usefixtures("two")
def test_a_terminal_asks_only_what_flags_have_not_answered(tty: Terminal, call: Call) -> None:
    given = {name: value for name, value in IN_TWO_MINUTES.items() if name != "if_cue"}
    child = tty(*PREP, "--minutes", "2", *(word for pair in given.items() for word in ("--set", "{}={}".format(*pair))))
    child.expect([CUE, PURPOSE, MOOD, SETTLE, READY])
    assert child.match.re.pattern == CUE
    child.send(f"they go quiet{tty.ENTER}")
    assert tty.ends(child)[0] == 0
    assert kept(call)["answers"]["prep"] == IN_TWO_MINUTES


@pytest.mark.usefixtures("two")
def test_no_input_asks_nothing_even_on_a_terminal(tty: Terminal) -> None:
    code, said = tty.ends(tty(*PREP, "--no-input", "--set", "purpose=to listen"))
    assert (code, "to listen" in said) == (0, True)


@pytest.mark.usefixtures("two")
def test_only_who_is_not_ready_is_asked_what_to_do_about_it(tty: Terminal, call: Call) -> None:
    given = [word for field in ("purpose", "mood_before", "feeling_before", "settle_choice", "if_cue", "then_action",
             "aftercare", "aftercare_at") for word in ("--set", f"{field}={IN_TWO_MINUTES[field]}")]  # fmt: skip
    child = tty(*PREP, "--minutes", "2", *given)
    say(child, (READY, f"{tty.DOWN * 2}{tty.ENTER}"), (r"ask\s+to\s+move\s+it,", f"{tty.DOWN * 2}{tty.ENTER}"))
    code, said = tty.ends(child)
    assert (code, "fifteen minutes" in said) == (0, True)
    answers = kept(call)["answers"]["prep"]
    assert (answers["readiness"], answers["readiness_choice"]) == (2, "shorter")


def test_a_crowded_week_is_said_once_and_a_lighter_version_offered(tty: Terminal, call: Call, two: Path) -> None:
    del two  # it has made the journal
    for _ in range(2):
        call("prep-feedback", "marcus", "--new", "--when", "in 2 days").says()
    child = tty(*PREP, "--when", "in 2 days")
    child.expect(r"That\s+is\s+a\s+lot")
    say(child, (r"What\s+suits\s+you", f"{tty.DOWN}{tty.ENTER}"), (PURPOSE, f"p{tty.ENTER}"), (MOOD, tty.CTRL_C))
    code, said = tty.ends(child)
    assert (code, "That is a lot" in said) == (130, False)
    assert call(*PREP, "--card", "--json").data["conversation"]["minutes"] == 2


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2130-03-10 15:00", "Planned for Fri 10 Mar 2130 15:00"),
        ("2026-03-10 15:00", "Was planned for Tue 10 Mar"),
    ],
)
@pytest.mark.usefixtures("two")
def test_the_day_that_was_understood_is_said_before_the_first_question(tty: Terminal, when: str, said: str) -> None:
    child = tty(*PREP, "--minutes", "2", "--when", when)
    child.expect([said, PURPOSE])
    assert child.match.re.pattern == said
    say(child, (PURPOSE, tty.CTRL_C))
    assert tty.ends(child)[0] == 130


def test_another_day_is_said_too(tty: Terminal, call: Call, two: Path) -> None:
    del two  # it has made the journal
    for _ in range(2):
        call("prep-feedback", "marcus", "--new", "--when", "in 2 days").says()
    child = tty(*PREP, "--when", "in 2 days")
    say(child, (r"What\s+suits\s+you", f"{tty.DOWN * 2}{tty.ENTER}"), (r"Which\s+day", f"2130-03-10 15:00{tty.ENTER}"))
    child.expect(["Planned for Fri 10 Mar 2130 15:00", PURPOSE])
    assert child.match.re.pattern != PURPOSE
    say(child, (PURPOSE, tty.CTRL_C))
    assert tty.ends(child)[0] == 130


def test_another_day_is_never_the_day_of_the_talk_itself(tty: Terminal, call: Call, two: Path) -> None:
    del two  # it has made the journal
    for _ in range(2):
        call("prep-feedback", "marcus", "--new", "--when", "2130-03-10").says()
    child = tty(*PREP, "--when", "2130-03-09 16:00")
    say(child, (r"What\s+suits\s+you", f"{tty.DOWN * 2}{tty.ENTER}"), (r"Which\s+day", f"2130-03-09{tty.ENTER}"))
    child.expect(r"day\s+of\s+the\s+talk\s+itself")
    child.send(f"\x15\x0b{tty.ENTER}")  # empty again: the day after it is taken
    child.expect(["Planned for Fri 10 Mar 2130 16:00", PURPOSE])
    assert child.match.re.pattern != PURPOSE
    say(child, (PURPOSE, tty.CTRL_C))
    assert tty.ends(child)[0] == 130


@pytest.mark.parametrize(("flags", "hinted"), [([], True), (["--json"], False)])
@pytest.mark.usefixtures("two")
def test_the_card_is_followed_by_what_comes_after_the_talk(tty: Terminal, flags: list[str], hinted: bool) -> None:
    given = [word for pair in IN_TWO_MINUTES.items() for word in ("--set", "{}={}".format(*pair))]
    child = tty(*PREP, "--minutes", "2", *given, *flags)
    code, said = tty.ends(child)
    assert (code, "After it: trustlog debrief dana" in said, "trustlog me" in said) == (0, hinted, False)
