"""The recruiter's own figures: each formula, its least number of cases, and replies within five working days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from trustlog.domain.conversations import Conversation, Sitting
from trustlog.domain.entries import KINDS, Contact
from trustlog.domain.report_around import Measure, Replies, measures, practice

DAY = date(2026, 10, 5)
Answers = dict[str, Any]


def talk(
    prep: Answers | None = None, debrief: Answers | None = None, checkin: Answers | None = None, *, days: int = 0
) -> Conversation:
    """A conversation whose check-in is 9 days after its debrief."""
    on = DAY + timedelta(days=days)
    parts = (
        Sitting(1, "prep", on, True, minutes=5, answers=prep or {}),
        Sitting(2, "debrief", on, True, minutes=5, answers=debrief or {}),
        Sitting(3, "checkin", on + timedelta(days=9), True, minutes=5, answers=checkin or {}),
    )
    return Conversation(1, "uid", "dana", "Dana Ortiz", "closed", 5, None, None, parts)


def shifted(before: int | None, after: int | None) -> Conversation:
    return talk({"mood_before": before}, {"mood_after": after})


def slept(after: int | None, next_day: int | None) -> Conversation:
    return talk({}, {"mood_after": after}, {"mood_next_day": next_day})


def ready(score: int | None, before: int | None, after: int | None) -> Conversation:
    return talk({"readiness": score, "mood_before": before}, {"mood_after": after})


def points(*decisions: str | None) -> Conversation:
    items = [{"text": f"point {place}", "decision": word} for place, word in enumerate(decisions)]
    return talk({}, {"items": items})


def tried(due: str | None = None, **said: Any) -> Conversation:
    debrief = {"then_action": "ask first", "due": due}
    return talk({}, debrief, {"followups": [{"text": "ask first", **said}]})


def cared(status: str | None = None, done: bool | None = None, planned: str | None = "tea") -> Conversation:
    return talk({"aftercare": planned}, {"aftercare_status": status}, {"aftercare_done": done})


MEASURES: list[tuple[str, list[Conversation], float]] = [
    ("mood shift", [shifted(0, -1), shifted(1, 1), shifted(-2, 2), shifted(0, 1), shifted(2, 0)], 0.0),
    ("mood shift", [*(shifted(0, after) for after in (1, 1, 2, 0, 2)), shifted(0, 2)], 1.5),
    ("overnight recovery", [slept(-2, 0), slept(-1, 0), slept(0, 0), slept(1, 0), slept(-1, 2)], 1.0),
    ("readiness", [ready(score, None, None) for score in (5, 1, 2, 2, 4)], 2.0),
    ("mood shift when not quite ready", [ready(1 + place % 2, 0, 2 - place % 2) for place in range(5)], 2.0),
    ("mood shift when ready", [ready(3 + place % 3, 1, 0) for place in range(5)], -1.0),
    ("points used", [points("use", "ask", "park"), points("set-aside", "use")], 0.4),
    ("followed through", [*[tried(done=True)] * 3, *[tried(done=False, next="keep")] * 2], 3 / 5),
    (
        "aftercare kept",
        [*[cared("done")] * 2, cared("later-today", done=True), *[cared("done", done=False)] * 2],
        3 / 5,
    ),
    (
        "loops closed",
        [*[tried(done=True, told=True)] * 2, tried(done=True, told=False), *[tried(done=True)] * 2],
        2 / 5,
    ),
]
NAMES = [case[0] for case in MEASURES]
NEEDS = 5
"""Under five cases nothing statistical is told."""


def measure(name: str, talks: list[Conversation]) -> Measure:
    return next(one for one in measures(talks) if one.name == name)


@pytest.mark.parametrize(("name", "talks", "value"), MEASURES, ids=NAMES)
def test_each_measure_by_its_formula(name: str, talks: list[Conversation], value: float) -> None:
    assert measure(name, talks).value == pytest.approx(value)


def test_there_are_no_measures_but_these() -> None:
    assert [one.name for one in measures([])] == list(dict.fromkeys(NAMES))


def cases(name: str, number: int) -> list[Conversation]:
    """So many cases of a measure, all alike."""
    one = {
        "mood shift": shifted(0, 1), "overnight recovery": slept(0, 1), "readiness": ready(1, None, None),
        "mood shift when not quite ready": ready(2, 0, 1), "mood shift when ready": ready(3, 0, 1),
        "points used": points("use"), "followed through": tried(done=True), "aftercare kept": cared("done"),
        "loops closed": tried(done=True, told=True),
    }[name]  # fmt: skip
    return [one] * number


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_a_measure_is_told_from_five_cases_on(name: str) -> None:
    assert measure(name, [])[1:4] == (None, 0, NEEDS)
    assert measure(name, cases(name, NEEDS - 1))[1:4] == (None, NEEDS - 1, NEEDS)
    assert measure(name, cases(name, NEEDS))[1:4] == (1.0, NEEDS, NEEDS)


NOT_COUNTED: list[tuple[str, Conversation]] = [
    ("mood shift", shifted(None, 1)),
    ("mood shift", shifted(1, None)),
    ("overnight recovery", slept(None, 1)),
    ("overnight recovery", slept(1, None)),
    ("readiness", ready(None, 0, 0)),
    ("mood shift when not quite ready", ready(3, 0, 0)),
    ("mood shift when not quite ready", ready(2, None, 0)),
    ("mood shift when not quite ready", ready(None, 0, 0)),
    ("mood shift when ready", ready(2, 0, 0)),
    ("mood shift when ready", ready(5, 0, None)),
    ("points used", points("tomorrow", None)),
    ("followed through", tried(done=None)),
    ("followed through", tried(came_up=False, next="keep")),
    ("followed through", tried(done=False, next="change")),
    ("followed through", tried(done=False, next="drop")),
    ("aftercare kept", cared("done", planned=None)),
    ("aftercare kept", cared(None)),
    ("loops closed", tried(done=False, told=True)),
    ("loops closed", tried(told=True)),
]


@pytest.mark.parametrize(("name", "one"), NOT_COUNTED)
def test_a_skip_or_a_change_of_mind_is_no_case(name: str, one: Conversation) -> None:
    assert measure(name, [one]).n == 0


@pytest.mark.parametrize(
    ("due", "lapsed"), [("2026-10-08", 1), (None, 1), ("2026-12-24", 0)], ids=["has passed", "was never set", "to come"]
)
def test_what_was_not_done_lapses_when_its_day_has_passed(due: str | None, lapsed: int) -> None:
    """The check-in that says so is on 14 October."""
    assert measure("followed through", [tried(due, done=False, next="keep")]).n == lapsed


def test_a_decision_of_the_check_in_counts_as_a_decision() -> None:
    one = talk({}, {"items": [{"text": "a", "decision": "tomorrow"}]}, {"items": [{"text": "a", "decision": "use"}]})
    assert measure("points used", [one] * 5)[1:3] == (1.0, 5)


def test_all_but_the_share_of_points_is_private() -> None:
    assert [one.name for one in measures([]) if not one.private] == ["points used"]


IDS = count(1)


def contact(kind: str, on: date, approach: str | None = None, manager: int = 1) -> Contact:
    return Contact(manager, on, kind, approach, next(IDS))


def test_the_practice_mix_names_what_was_used_and_what_not_yet() -> None:
    mine = {name for name, kind in KINDS.items() if kind.who == "mine" and kind.sign == "+"}
    told = [contact("praise-given", DAY), contact("praise-given", DAY, manager=2), contact("promise-missed", DAY)]
    found = practice(told, [], DAY, DAY)
    assert found.used == {"praise-given": 2}
    assert set(found.not_yet) == mine - {"praise-given"}
    assert "promise-missed" not in found.not_yet
    assert (found.since, found.until) == (DAY, DAY)


def test_contacts_are_counted_by_who_began_them() -> None:
    kinds = ("praise-given", "ask-help", "promise-missed", "reply-received", "harsh-exchange", "meeting-held")
    found = practice([contact(kind, DAY) for kind in kinds], [], DAY, DAY)
    # the reply answers what was asked for, and so I began it
    assert (found.mine, found.theirs, found.joint, found.contacts) == (4, 1, 1, 6)


def test_a_reply_that_nothing_was_sent_before_was_begun_by_them() -> None:
    found = practice([contact("reply-received", DAY), contact("ask-help", DAY)], [], DAY, DAY)
    assert (found.mine, found.theirs, found.joint) == (1, 1, 0)


def test_only_the_days_that_are_asked_for_count_but_a_reply_knows_its_earlier_request() -> None:
    told = [contact("ask-help", DAY - timedelta(days=2)), contact("help-received", DAY)]
    found = practice(told, [], DAY, DAY)
    assert (found.mine, found.theirs, found.used) == (1, 0, {})
    assert found.replies["push"] == Replies(0, 0)


def test_the_measures_read_no_conversation_that_begins_later() -> None:
    talks = [talk({"readiness": 4}, days=day) for day in range(6)]
    found = practice([], talks, DAY, DAY + timedelta(days=4))
    assert next(one for one in found.measures if one.name == "readiness").n == 5


FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))
REPLIES = [
    ("on the same day", MONDAY, 0, 1),
    ("the day before", MONDAY, -1, 0),
    ("Monday to Monday is the fifth working day", MONDAY, 7, 1),
    ("Monday to Tuesday week is the sixth", MONDAY, 8, 0),
    ("Friday to Friday is the fifth", FRIDAY, 7, 1),
    ("Friday to the Saturday after it", FRIDAY, 8, 0),
    ("Saturday to Friday is the fifth", SATURDAY, 6, 1),
    ("Saturday to the Saturday after it", SATURDAY, 7, 0),
    ("Sunday to Friday is the fifth", SUNDAY, 5, 1),
    ("Sunday to the Saturday after it", SUNDAY, 6, 0),
    ("a reply on a Sunday in between", FRIDAY, 2, 1),
]


@pytest.mark.parametrize(("sent", "days", "counts"), [case[1:] for case in REPLIES], ids=[case[0] for case in REPLIES])
def test_a_reply_counts_within_five_working_days(sent: date, days: int, counts: int) -> None:
    told = [contact("update-sent", sent, "push"), contact("reply-received", sent + timedelta(days=days))]
    assert practice(told, [], FRIDAY, MONDAY).replies["push"] == Replies(1, counts)


def test_a_reply_of_someone_else_is_none() -> None:
    told = [contact("update-sent", MONDAY, "pull"), contact("reply-received", MONDAY, manager=2)]
    assert practice(told, [], MONDAY, MONDAY).replies["pull"] == Replies(1, 0)


def test_push_and_pull_are_counted_apart_and_theirs_not_at_all() -> None:
    told = [
        contact("update-sent", MONDAY, "push"), contact("ask-help", MONDAY, "push"),
        contact("insight-shared", MONDAY, "pull"), contact("relied-on-me", MONDAY, "pull"),
        contact("update-sent", MONDAY),
    ]  # fmt: skip
    found = practice(told, [], MONDAY, MONDAY).replies
    assert found == {"push": Replies(2, 0), "pull": Replies(1, 0)}
