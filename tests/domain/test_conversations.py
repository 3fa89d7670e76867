"""The days after a conversation: what is due, what was decided last, and when all of it is settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from trustlog.domain.conversations import Conversation, Sitting, due, settled, visible_answers

DAY = date(2026, 11, 2)
Answers = dict[str, Any]


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def talk(
    debrief: Answers | None, *checkins: tuple[int, Answers], prep: Answers | None = None, finished: bool = True
) -> Conversation:
    """A conversation debriefed on DAY; each check-in says how many days later it was."""
    sittings = [] if prep is None else [Sitting(1, "prep", DAY, True, minutes=5, answers=prep)]
    if debrief is not None:
        sittings.append(Sitting(2, "debrief", DAY, finished, minutes=5, answers=debrief))
    sittings += [
        Sitting(3 + place, "checkin", on(days), True, minutes=5, answers=answers)
        for place, (days, answers) in enumerate(checkins)
    ]
    return Conversation(1, "uid", "dana", "Dana Ortiz", "debriefed", 5, None, None, tuple(sittings))


def point(**more: Any) -> Answers:
    return {"items": [{"text": "late cards", **more}]}


OPTED = {"checkin_optin": True}
TRIED = point(decision="use")


def follow(**said: Any) -> Answers:
    return {"followups": [{"text": "late cards", **said}]}


DUE: list[tuple[str, Conversation, int, list[str]]] = [
    ("no debrief", talk(None, prep={}), 1, []),
    ("a debrief under way", talk(OPTED | TRIED, finished=False), 9, []),
    ("on the day itself", talk(OPTED | point()), 0, []),
    ("before it, by a clock that went backwards", talk(OPTED | point() | {"then_action": "ask"}), -3, []),
    ("nothing was left", talk({"headline": "calm"}), 1, []),
    ("the day after", talk(OPTED), 1, ["next-day"]),
    ("14 days after", talk(OPTED), 14, ["next-day"]),
    ("15 days after", talk(OPTED), 15, []),
    ("the day after, not wanted", talk({"checkin_optin": False}), 1, []),
    ("the day after, wish skipped", talk({"checkin_optin": None}), 1, []),
    ("asked already", talk(OPTED, (1, {"mood_next_day": 1})), 2, []),
    ("skipped already", talk(OPTED, (1, {"mood_next_day": None})), 2, []),
    ("a check-in on the day itself that only asked the gut", talk(OPTED, (0, {"gut": 3})), 1, ["next-day"]),
    ("a point nobody decided", talk(point()), 1, ["undecided"]),
    ("a point whose decision was skipped", talk(point(decision=None)), 1, ["undecided"]),
    ("a point left for tomorrow", talk(point(decision="tomorrow")), 1, ["undecided"]),
    ("a point left for tomorrow, long ago", talk(point(decision="tomorrow")), 90, ["undecided"]),
    ("a point left again", talk(point(), (1, point(decision="tomorrow"))), 2, ["undecided"]),
    ("a point decided later", talk(point(decision="tomorrow"), (1, point(decision="ask"))), 2, []),
    ("a point to ask about", talk(point(decision="ask")), 9, []),
    ("a point set aside", talk(point(decision="set-aside", reason="not mine")), 9, []),
    ("a parked point, the day before", talk(point(decision="park", until="2026-11-20")), 17, []),
    ("a parked point, on its day", talk(point(decision="park", until="2026-11-20")), 18, ["undecided"]),
    ("a parked point, later", talk(point(decision="park", until="2026-11-20")), 40, ["undecided"]),
    ("a point to use, 6 days after", talk(TRIED), 6, []),
    ("a point to use, 7 days after", talk(TRIED), 7, ["follow-up"]),
    ("a point to use, long after", talk(TRIED), 60, ["follow-up"]),
    ("a point to use by day 3, on day 2", talk(point(decision="use", due="2026-11-05")), 2, []),
    ("a point to use by day 3, on day 3", talk(point(decision="use", due="2026-11-05")), 3, ["follow-up"]),
    ("a point used from the check-in on", talk(point(), (1, point(decision="use"))), 7, ["follow-up"]),
    ("the one change, 6 days after", talk({"if_cue": "cards", "then_action": "ask"}), 6, []),
    ("the one change, 7 days after", talk({"if_cue": "cards", "then_action": "ask"}), 7, ["follow-up"]),
    ("the one change by day 2", talk({"then_action": "ask", "due": "2026-11-04"}), 2, ["follow-up"]),
    ("asked about, and it has not come up", talk(TRIED, (7, follow(came_up=False, next="keep"))), 8, ["follow-up"]),
    ("dropped", talk(TRIED, (7, follow(came_up=False, next="drop"))), 30, []),
    ("done, 13 days after", talk(TRIED, (7, follow(done=True))), 13, []),
    ("done, 14 days after", talk(TRIED, (7, follow(done=True))), 14, ["tell-them"]),
    ("done, long after", talk(TRIED, (7, follow(done=True))), 60, ["tell-them"]),
    ("done and told", talk(TRIED, (7, follow(done=True)), (14, follow(told=True))), 15, []),
    ("done and will not be told", talk(TRIED, (7, follow(done=True)), (14, follow(told=False))), 15, []),
    ("done, telling skipped", talk(TRIED, (7, follow(done=True)), (14, follow(told=None))), 15, ["tell-them"]),
    ("not done", talk(TRIED, (7, follow(done=False, next="change"))), 14, []),
    (
        "everything at once",
        talk(
            {
                "checkin_optin": True,
                "then_action": "ask first",
                "items": [{"text": "a"}, {"text": "b", "decision": "use"}],
            }
        ),
        7,
        ["next-day", "undecided", "follow-up"],
    ),
]


@pytest.mark.parametrize(("one", "days", "asks"), [case[1:] for case in DUE], ids=[case[0] for case in DUE])
def test_what_is_due_after_so_many_days(one: Conversation, days: int, asks: list[str]) -> None:
    found = due(one, on(days))
    assert found.asks == asks
    assert found.anything is bool(asks)


def test_a_point_to_use_and_the_one_change_are_both_followed_up() -> None:
    found = due(talk(TRIED | {"if_cue": "cards", "then_action": "ask", "due": None}), on(7))
    assert [action["text"] for action in found.follow_up] == ["late cards", "ask"]


def test_an_unfinished_check_in_does_not_count_as_one() -> None:
    one = talk(OPTED)
    begun = one._replace(
        sittings=(*one.sittings, Sitting(9, "checkin", on(1), False, minutes=5, answers={"mood_next_day": 1}))
    )
    assert due(begun, on(2)).asks == ["next-day"]


SETTLED: list[tuple[str, Conversation, bool]] = [
    ("nothing noted", talk({}), True),
    ("undecided", talk(point()), False),
    ("tomorrow", talk(point(decision="tomorrow")), False),
    ("parked", talk(point(decision="park", until="2026-11-20")), False),
    ("asked about", talk(point(decision="ask")), True),
    ("set aside", talk(point(decision="set-aside", reason="no")), True),
    ("being tried", talk(TRIED), False),
    ("tried and kept on", talk(TRIED, (7, follow(came_up=False, next="keep"))), False),
    ("dropped", talk(TRIED, (7, follow(next="drop"))), True),
    ("done", talk(TRIED, (7, follow(done=True))), True),
    ("the one change, open", talk({"then_action": "ask"}), False),
    ("decided later", talk(point(), (1, point(decision="ask"))), True),
]


@pytest.mark.parametrize(("one", "done"), [case[1:] for case in SETTLED], ids=[case[0] for case in SETTLED])
def test_a_conversation_is_settled_when_nothing_is_open(one: Conversation, done: bool) -> None:
    assert settled(one) is done


def test_the_points_carry_what_was_decided_last() -> None:
    one = talk(
        {"items": [{"text": "a", "kind": "coaching", "decision": "tomorrow"}, {"text": "b", "decision": "ask"}]},
        (1, {"items": [{"text": "a", "decision": "park", "until": "2026-11-20"}]}),
        (18, {"items": [{"text": "a", "decision": "use", "due": "2026-11-27", "kind": None}]}),
    )
    assert one.items == [
        {"text": "a", "kind": "coaching", "decision": "use", "until": "2026-11-20", "due": "2026-11-27"},
        {"text": "b", "decision": "ask"},
    ]


def test_of_several_check_ins_the_later_answers_stand_and_skips_count_as_answers() -> None:
    one = talk({}, (1, {"mood_next_day": -1, "carry_over": 2}), (2, {"mood_next_day": 1}))
    assert one.answers("checkin") == {"mood_next_day": 1, "carry_over": 2}
    assert one.answers("prep") == {}


def test_the_last_sitting_of_a_part_is_found() -> None:
    one = talk({}, (1, {"gut": 2}), (9, {"gut": 4}))
    last = one.sitting("checkin")
    assert last is not None
    assert last.answers == {"gut": 4}
    assert one.sitting("prep") is None


def test_only_public_answers_are_visible_without_the_private_part() -> None:
    one = talk({"headline": "calm", "mood_after": 1}, (1, {"gut": 4}), prep={"purpose": "p", "sting": "source"})
    assert visible_answers(one, private=False) == {
        "prep": {"purpose": "p"}, "debrief": {"headline": "calm"}, "checkin": {},
    }  # fmt: skip
    assert visible_answers(one, private=True) == {
        "prep": {"purpose": "p", "sting": "source"}, "debrief": {"headline": "calm", "mood_after": 1},
        "checkin": {"gut": 4},
    }  # fmt: skip
