"""The sentence of the month and who was heard from last: told from entries, and never more than they say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.entries import KINDS
from trustlog.domain.report_lately import MESSAGES, Heard, Month, Own, earned, heard, lead, month_of, month_sentence
from trustlog.domain.trust import Fact

NOVEMBER = date(2026, 11, 1)
TODAY = date(2026, 11, 23)


def fact(kind: str, on: date) -> Fact:
    return Fact(1, on, kind)


def november(mine: int = 0, theirs: int = 0, together: int = 0) -> str:
    return month_sentence(Month(NOVEMBER, mine, theirs, together), "Lena")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((5, 3, 0), "Five small acts of yours in November; Lena came back three times."),
        ((1, 1, 0), "One small act of yours in November; Lena came back once."),
        ((2, 2, 0), "Two small acts of yours in November; Lena came back twice."),
        ((13, 17, 0), "13 small acts of yours in November; Lena came back 17 times."),
        ((4, 0, 0), "Four small acts of yours in November."),
        ((0, 2, 0), "Lena came back twice in November."),
        ((0, 0, 1), "One thing done together in November."),
        ((0, 1, 2), "Two things done together in November; Lena came back once."),
        ((3, 1, 1), "Three small acts of yours and one thing done together in November; Lena came back once."),
        ((1, 0, 12), "One small act of yours and twelve things done together in November."),
    ],
)
def test_the_month_in_one_sentence(counts: tuple[int, int, int], sentence: str) -> None:
    assert november(*counts) == sentence


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_counts_on_its_side_and_a_hard_one_on_none(kind: str) -> None:
    month = month_of([fact(kind, TODAY)], TODAY)

    if kind == "slate-declined":  # a no is an answer
        assert month == Month(NOVEMBER, 0, 1, 0)
    elif KINDS[kind].sign != "+":
        assert month is None
    else:
        who = KINDS[kind].who
        assert month == Month(NOVEMBER, int(who == "mine"), int(who == "theirs"), int(who == "joint"))


def test_only_the_month_of_the_day_counts_and_only_up_to_it() -> None:
    facts = [fact("praise-given", NOVEMBER + timedelta(days=days)) for days in (-1, 0, 21, 22, 23, 30)]

    assert month_of(facts, TODAY) == Month(NOVEMBER, 3, 0, 0)


@pytest.mark.parametrize(("day", "told"), [(1, True), (7, True), (8, False), (23, False)])
def test_in_its_first_days_an_empty_month_leaves_the_word_to_the_one_before(day: int, told: bool) -> None:
    october = [fact("praise-given", date(2026, 10, 31)), fact("help-received", date(2026, 9, 30))]

    found = month_of(october, date(2026, 11, day))

    assert found == (Month(date(2026, 10, 1), 1, 0, 0) if told else None)


def test_the_month_before_january_is_december() -> None:
    assert month_of([fact("help-received", date(2025, 12, 2))], date(2026, 1, 3)) == Month(date(2025, 12, 1), 0, 1, 0)


def test_where_there_is_nothing_to_say_there_is_no_sentence() -> None:
    assert month_of([], TODAY) is None
    assert month_of([fact("note", TODAY), fact("harsh-exchange", TODAY)], TODAY) is None


facts_drawn = st.lists(
    st.builds(fact, st.sampled_from(sorted(KINDS)), st.dates(TODAY - timedelta(days=80), TODAY)),
    max_size=20,
)


@settings(derandomize=True, deadline=None)
@given(facts_drawn)
def test_the_sentence_never_counts_more_than_there_are_entries(facts: list[Fact]) -> None:
    month = month_of(facts, TODAY)

    there = sum(one.on >= NOVEMBER and one.kind != "note" for one in facts)
    assert (month.mine + month.theirs + month.together if month else 0) <= there


# --- who was heard from last

LAST = date(2026, 10, 3)


def since(*own: tuple[str, str | None, int], requests: int = 0, last: date | None = LAST) -> Heard:
    given = [Own(*one, TODAY) for one in own]
    return heard(date(2026, 7, 1), date(2026, 7, 2), last, given, [TODAY] * requests, TODAY)


def test_my_steps_are_counted_from_the_last_time_that_something_came_back() -> None:
    found = since(("update-sent", "email", 12), ("promise-kept", None, 3), ("promise-missed", None, 2), requests=5)

    assert (found.first, found.last) == (date(2026, 7, 1), LAST)
    assert (found.steps, found.messages, found.written) == (20, 17, True)


@pytest.mark.parametrize(
    ("channel", "written"),
    [(None, True), ("email", True), ("kudos-chat", True), ("call", False), ("meeting", False), ("one-to-one", False)],
)
def test_what_was_said_aloud_was_not_written(channel: str | None, written: bool) -> None:
    assert since(("update-sent", None, 3), ("ask-help", channel, 1)).written is written


def test_the_channel_of_a_deed_does_not_matter() -> None:
    assert since(("update-sent", None, 3), ("promise-kept", "meeting", 1)).written


def test_messages_are_kinds_of_mine() -> None:
    assert {KINDS[kind].who for kind in MESSAGES} == {"mine"}
    assert all(KINDS[kind].sign == "+" for kind in MESSAGES)


@pytest.mark.parametrize(
    ("last", "quiet"),
    [(TODAY, False), (TODAY - timedelta(days=44), False), (TODAY - timedelta(days=45), True), (None, True)],
)
def test_gone_quiet_is_about_what_came_from_them(last: date | None, quiet: bool) -> None:
    """Whatever I sent meanwhile; of whom nothing ever came, my first contact says since when."""
    assert since(("update-sent", None, 30), last=last).quiet is quiet


def test_nobody_has_gone_quiet_who_was_never_met() -> None:
    assert not heard(date(2026, 1, 1), None, None, (), (), TODAY).quiet
    assert not heard(date(2026, 1, 1), date(2026, 11, 1), None, (), (), TODAY).quiet


@pytest.mark.parametrize(("days", "old"), [(90, False), (91, True)])
def test_after_90_days_nobody_is_a_new_acquaintance(days: int, old: bool) -> None:
    contact = TODAY - timedelta(days=days)
    assert heard(contact, contact, contact, (), (), TODAY).old is old


@pytest.mark.parametrize(
    ("of", "from_them", "leads"),
    [
        (Heard(), False, "label"),
        (Heard(last=LAST, steps=17), True, "label"),
        (Heard(last=LAST, steps=17, alone=True), False, "own-steps"),
        (Heard(last=LAST, steps=1), False, "quiet"),
        (Heard(last=LAST), False, "quiet"),
    ],
)
def test_a_page_leads_with_what_there_is(of: Heard, from_them: bool, leads: str) -> None:
    assert lead(of, from_them=from_them) == leads


@pytest.mark.parametrize(
    ("of", "holds_on"),
    [
        (Heard(last=TODAY - timedelta(days=91)), False),
        (Heard(last=TODAY - timedelta(days=90)), True),
        (Heard(last=LAST, steps=1), True),
        (Heard(last=LAST, steps=2, alone=True), False),
        (Heard(), False),
    ],
)
def test_a_month_of_silence_takes_no_label_away_that_came_from_them(of: Heard, holds_on: bool) -> None:
    assert earned(of, TODAY) is holds_on


@pytest.mark.parametrize(
    ("last", "steps", "alone"),
    [
        (LAST, (), False),
        (LAST, (28,), False),
        (LAST, (27,), True),
        (LAST, (40, 41), True),
        (None, (40,), True),
    ],
)
def test_who_goes_on_alone(last: date | None, steps: tuple[int, ...], alone: bool) -> None:
    """By a step in the last four weeks, by several since, or with nothing of theirs ever."""
    given = [Own("insight-shared", None, 1, TODAY - timedelta(days=days)) for days in steps]
    assert heard(LAST, LAST, last, given, (), TODAY).alone is alone
