"""Which step is offered: urgency, then what is least known, then the family that rested longest, then the day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from trustlog.domain.coaching import at_rest, candidates, facet_of, urgency
from trustlog.domain.coaching_history import Happened, History, Quiet, Step, StepEvent, with_steps
from trustlog.domain.coaching_signals import EVENTS, Found, harsh_words, scorecard_late
from trustlog.domain.coaching_states import STATES, Candidate, Current, Situation
from trustlog.domain.people import Manager, Req
from trustlog.domain.promises import Promise
from trustlog.domain.standing import Reading, read
from trustlog.domain.trust import Fact, Parameters

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RANKS = {name: rank for rank, name in enumerate([*EVENTS, *STATES])}


def history(at: datetime = NOW, **more: object) -> History:
    return History(Manager(1, "u", "dana", "Dana Ortiz"), at, None, None)._replace(**more)  # type: ignore[arg-type]  # by name


def reading(*kinds: str) -> Reading:
    """What the log says when these kinds were written down today."""
    facts = [Fact(number, NOW.date(), kind, "m", True, None) for number, kind in enumerate(kinds)]
    return read(facts, NOW.date(), Parameters())


def step(name: str, when: str, kind: str = "note", category: str = "pull", **more: object) -> Step:
    made = Step(name, category, (when,), (), kind, 5, 0, "Do it.", "Done.")
    return made._replace(**more)  # type: ignore[arg-type]  # by name


def holds(signal: str) -> Current:
    rank = -1 if signal == "line_crossed" else RANKS[signal]
    return Current(Situation(signal, signal, ""), Found({}), rank)


def offered(
    steps: list[Step], *signals: str, at: datetime = NOW, said: Reading | None = None,
    events: tuple[StepEvent, ...] = (), family: str | None = None, **more: object
) -> list[str]:  # fmt: skip
    found = sorted(map(holds, signals), key=lambda one: one.rank)
    listed: list[Candidate] = candidates(steps, found, history(at, **more), said or reading(), events, family)
    return [one.step.id for one in listed]


def test_a_step_needs_a_situation() -> None:
    assert offered([step("A", "good_news"), step("B", "offer_lost")], "offer_lost") == ["B"]


def test_the_most_urgent_event_comes_first_and_every_event_before_a_state() -> None:
    steps = [step("A", "newly_met"), step("B", "role_closed"), step("C", "promise_missed"), step("D", "offer_lost")]

    assert offered(steps, "newly_met", "role_closed", "promise_missed", "offer_lost") == ["C", "D", "B", "A"]


def test_the_urgency_of_a_manager_is_that_of_events() -> None:
    assert urgency([holds("newly_met"), holds("harsh_words")], history()) == list(EVENTS).index("harsh_words")
    assert urgency([holds("newly_met")], history()) == len(EVENTS)


@pytest.mark.parametrize(
    ("known", "first"),
    [
        (("help-received", "promise-kept"), "ability"),
        (("relied-on-me", "promise-kept"), "benevolence"),
        (("relied-on-me", "help-received"), "integrity"),
    ],
)
def test_among_states_what_is_least_known_comes_first(known: tuple[str, ...], first: str) -> None:
    kinds = {"ability": "insight-shared", "benevolence": "praise-given", "integrity": "promise-kept"}
    steps = [step(facet, "newly_met", kind) for facet, kind in kinds.items()]

    assert offered(steps, "newly_met", said=reading(*known))[0] == first


@pytest.mark.parametrize(
    ("kind", "facet"),
    [
        ("expectation-confirmed", "integrity"),
        ("ask-help", "benevolence"),
        ("insight-shared", "ability"),
        ("note", None),
    ],
)
def test_a_step_speaks_for_what_its_kind_weighs_most(kind: str, facet: str | None) -> None:
    assert facet_of(step("A", "newly_met", kind)) == facet


def test_then_the_family_that_rested_longest() -> None:
    steps = [step("A", "newly_met", category="pull"), step("B", "newly_met", category="insight"),
             step("X", "offer_lost", category="pull"), step("Y", "offer_lost", category="insight")]  # fmt: skip
    events = (
        StepEvent("X", "done", NOW - timedelta(days=15)),
        StepEvent("Y", "copied", NOW - timedelta(days=20)),
    )

    assert offered(steps, "newly_met", events=events) == ["B", "A"]


@pytest.mark.parametrize(
    ("kind", "to", "counted"),
    [
        ("promise", "them", 1), ("help-received", "them", 1), ("praise-given", "them", 0), ("promise", "lead", 0),
        ("help-received", "me", 0),
    ],
)  # fmt: skip
def test_a_step_that_asks_them_counts_as_a_message_while_they_are_silent(kind: str, to: str, counted: int) -> None:
    quiet = Quiet(NOW.date() - 9 * DAY, 1, NOW.date() - 9 * DAY)
    taken = [StepEvent("PB99", "done", NOW - DAY), StepEvent("PB99", "snoozed", NOW - DAY)]

    found = with_steps(history(quiet=quiet), [step("PB99", "x", kind, to=to)], taken)

    assert found.messages == 1 + counted
    assert found.last_on == (NOW.date() - DAY if counted else quiet.last_on)


def test_among_equals_the_day_decides_and_the_same_day_decides_the_same() -> None:
    steps = [step(name, "newly_met") for name in "ABC"]

    firsts = [offered(steps, "newly_met", at=NOW + timedelta(days=day))[0] for day in range(6)]

    assert sorted(firsts[:3]) == ["A", "B", "C"]
    assert firsts[:3] == firsts[3:]
    assert offered(steps, "newly_met") == offered(steps[::-1], "newly_met")


@pytest.mark.parametrize(
    ("event", "rests"),
    [
        (StepEvent("A", "done", NOW - timedelta(days=13, hours=23)), True),
        (StepEvent("A", "done", NOW - timedelta(days=14)), False),
        (StepEvent("A", "copied", NOW - timedelta(days=1)), True),
        (StepEvent("A", "dismissed", NOW - timedelta(days=59)), True),
        (StepEvent("A", "dismissed", NOW - timedelta(days=60)), False),
        (StepEvent("A", "snoozed", NOW - timedelta(days=9), NOW + timedelta(seconds=1)), True),
        (StepEvent("A", "snoozed", NOW - timedelta(days=9), NOW), False),
        (StepEvent("A", "asked", NOW - timedelta(days=1), None, "news-not-public", True), False),
        (StepEvent("B", "done", NOW), False),
    ],
)
def test_a_step_rests_after_what_became_of_it(event: StepEvent, rests: bool) -> None:
    assert ("A" in at_rest([event], history())) is rests
    assert (offered([step("A", "newly_met")], "newly_met", events=(event,)) == []) is rests


def test_a_condition_that_was_answered_with_no_rules_a_step_out() -> None:
    one = step("A", "newly_met", not_when=("news-not-public",))
    no = StepEvent("A", "asked", NOW, None, "news-not-public", False)

    assert offered([one], "newly_met") == ["A"]
    assert offered([one], "newly_met", events=(no,)) == []


@pytest.mark.parametrize(
    ("level", "families"),
    [(None, ["pull"]), ("L2", ["boundaries", "expectations", "self-care"]), ("L3", ["boundaries", "self-care"])],
)
def test_while_a_line_stands_crossed_only_careful_families_are_offered(level: str | None, families: list[str]) -> None:
    names = ("boundaries", "expectations", "self-care", "pull", "praise", "repair")
    steps = [step(name, "newly_met" if name == "pull" or level else "no_reply", category=name) for name in names]

    assert sorted(offered(steps, "newly_met", restriction=level)) == families


def test_care_comes_before_business_at_the_second_level() -> None:
    steps = [step("A", "scorecard_late", category="expectations"), step("B", "line_crossed", category="boundaries")]

    assert offered(steps, "scorecard_late", "line_crossed", restriction="L2") == ["B", "A"]


def test_the_first_days_have_steps_that_come_before_the_others_and_later_not_at_all() -> None:
    steps = [step("A", "newly_met", "help-received"), step("B", "newly_met", within=14)]

    assert offered(steps, "newly_met") == ["B", "A"]
    assert offered(steps, "newly_met", first_on=NOW.date() - timedelta(days=14)) == ["B", "A"]
    assert offered(steps, "newly_met", first_on=NOW.date() - timedelta(days=15)) == ["A"]


def test_after_hard_words_nobody_is_got_to_know_until_something_good_came() -> None:
    steps = [step("A", "newly_met"), step("B", "newly_met", to="me"), step("C", "harsh_words")]
    hard = Happened(1, "harsh-exchange", NOW.date() - timedelta(days=2), "m", None, (), False, "", NOW)
    found = harsh_words(history(recent=(hard,)))
    assert found is not None
    harsh = holds("harsh_words")._replace(found=found)

    def ids(**more: Any) -> list[str]:
        listed = candidates(steps, [harsh, holds("newly_met")], history(**more), reading(), ())
        return [one.step.id for one in listed]

    assert ids() == ["C", "B"]
    assert ids(good_on=(NOW.date(),)) == ["C", "A", "B"]
    assert harsh_words(history(recent=(hard._replace(repaired=True),))) is None


def test_an_old_silence_has_only_its_last_rungs_and_none_is_for_somebody_who_talks() -> None:
    steps = [
        step("A", "no_reply_for_long", rung="channel"), step("B", "no_reply_for_long", to="others"),
        step("C", "no_reply_for_long", rung="lead", to="lead"),
    ]  # fmt: skip

    def ids(days: int, heard: int | None = None) -> list[str]:
        since = NOW.date() - timedelta(days=days)
        found = [holds("no_reply_for_long")._replace(found=Found({}, since))]
        quiet = Quiet(None if heard is None else NOW.date() - timedelta(days=heard))
        return sorted(one.step.id for one in candidates(steps, found, history(quiet=quiet), reading(), ()))

    assert ids(21) == ["A", "B"]  # fifteen working days
    assert ids(22) == ["C"]
    assert ids(22, heard=23) == ["C"]
    assert ids(22, heard=21) == []
    assert ids(21, heard=1) == ["A", "B"]


def test_a_family_that_is_asked_for_needs_no_situation_but_keeps_the_restriction() -> None:
    steps = [step("A", "good_news", category="praise"), step("B", "newly_met", category="pull")]

    assert offered(steps, "newly_met", family="praise") == ["A"]
    assert offered(steps, "newly_met", family="praise", restriction="L3") == []


def test_unanswered_pushes_end_where_something_came_back() -> None:
    def happened(number: int, kind: str, approach: str | None = None) -> Happened:
        return Happened(number, kind, date(2026, 11, number), "m", approach, (), False, "", NOW)

    newest_first = (
        happened(9, "update-sent", "push"), happened(8, "note"), happened(7, "ask-help", "push"),
        happened(6, "reply-received"), happened(5, "update-sent", "push"),
    )  # fmt: skip

    assert [one.id for one in history(recent=newest_first).unanswered_pushes()] == [9, 7]


def test_a_draft_names_the_role_that_the_request_was_about_and_not_the_newest() -> None:
    older, newer = (
        Req(number, "u", code, "dana", title, date(2026, month, 1))
        for number, code, title, month in ((1, "PAY-1", "Payments engineer", 9), (2, "OPS-1", "Operations lead", 11))
    )
    given, due = NOW - timedelta(days=5), NOW - timedelta(days=2)
    late = [
        Promise(1, "u", "dana", "Dana Ortiz", "them", "card", "scorecard", code, given, due, "open", 0, None, False)
        for code in ("PAY-1", None)
    ]
    titles = [scorecard_late(history(reqs=(newer, older), loops=(loop,))) for loop in late]
    assert [found and found.places["role"] for found in titles] == ["Payments engineer", "Operations lead"]


@pytest.mark.parametrize(("hours", "late"), [(2, False), (24, True), (21 * 24, True), (22 * 24, False)])
def test_a_scorecard_is_late_from_the_next_day_on_and_for_three_weeks(hours: int, late: bool) -> None:
    given, due = NOW - timedelta(days=30), NOW - timedelta(hours=hours)
    card = Promise(1, "u", "dana", "Dana Ortiz", "them", "card", "scorecard", None, given, due, "open", 0, None, False)

    assert (scorecard_late(history(loops=(card,))) is not None) is late
