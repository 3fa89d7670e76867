"""One reply belongs to one request: the settled loop, else the latest open push before it, else a pull."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.entries import KINDS, Contact
from trustlog.domain.promises import Ask
from trustlog.domain.report_lately import Request, matched

MONDAY = date(2026, 11, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def moment(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, 2, hour, tzinfo=UTC) + timedelta(days=number)


def contact(entry: int, kind: str, number: int, approach: str | None = None, manager: int = 1) -> Contact:
    return Contact(manager, day(number), kind, approach, entry, moment(number))


def answered(*contacts: Contact, asks: tuple[Ask, ...] = ()) -> list[tuple[str, int, int | None]]:
    """Each request with its day and the day of its reply, as numbers of days."""
    found = matched(contacts, asks).requests
    return [
        (one.approach, (one.on - MONDAY).days, (one.answered_on - MONDAY).days if one.answered_on else None)
        for one in found
    ]


def test_one_reply_answers_one_of_two_requests_the_later_one() -> None:
    told = (
        contact(1, "update-sent", 0, "push"), contact(2, "update-sent", 1, "push"), contact(3, "reply-received", 2),
    )  # fmt: skip

    assert answered(*told) == [("push", 0, None), ("push", 1, 2)]


def test_a_second_reply_goes_back_to_the_request_that_still_waits() -> None:
    told = (
        contact(1, "update-sent", 0, "push"), contact(2, "update-sent", 1, "push"), contact(3, "reply-received", 2),
        contact(4, "reply-received", 3), contact(5, "reply-received", 4),
    )  # fmt: skip

    assert answered(*told) == [("push", 0, 3), ("push", 1, 2)]
    assert matched(told).answers == {3, 4}, "the third reply was begun by them"


@pytest.mark.parametrize(
    ("reply", "expected", "answers"),
    [
        (1, [("push", 0, 1)], {9}),  # it had come before
        (3, [], set()),  # begun by them
        (None, [], set()),
    ],
)
def test_a_request_that_was_withdrawn_waits_for_nothing_any_more(
    reply: int | None, expected: list[tuple[str, int, int | None]], answers: set[int]
) -> None:
    told = (contact(9, "reply-received", reply),) if reply is not None else ()
    asks = (Ask(1, moment(0), withdrawn_at=moment(2)),)

    assert answered(*told, asks=asks) == expected
    assert matched(told, asks).answers == answers


def test_a_reply_after_one_was_withdrawn_belongs_to_the_older_one_that_still_waits() -> None:
    told = (contact(1, "ask-help", 0, "push"), contact(2, "ask-help", 1, "push"), contact(3, "reply-received", 3))
    asks = (Ask(1, moment(1), given_entry=2, withdrawn_at=moment(2)),)

    assert answered(*told, asks=asks) == [("push", 0, 3)]


def test_what_asks_for_something_is_answered_before_what_asks_for_nothing() -> None:
    told = (
        contact(1, "ask-help", 0, "push"), contact(2, "insight-shared", 1, "pull"), contact(3, "reply-received", 2),
    )  # fmt: skip

    assert answered(*told) == [("push", 0, 2), ("pull", 1, None)]


def test_a_pull_is_answered_by_a_reply_and_by_nothing_else() -> None:
    pull = contact(1, "insight-shared", 0, "pull")

    assert answered(pull, contact(2, "reply-received", 1)) == [("pull", 0, 1)]
    assert answered(pull, contact(2, "help-received", 1)) == [("pull", 0, None)]


def test_a_loop_is_a_push_and_has_the_reply_that_settled_it() -> None:
    loop = Ask(1, moment(0), None, settled_entry=3)
    told = (contact(2, "update-sent", 1, "push"), contact(3, "reply-received", 2))

    assert answered(*told, asks=(loop,)) == [("push", 0, 2), ("push", 1, None)]


def test_no_other_reply_takes_the_place_of_the_one_that_settled_a_loop() -> None:
    loop = Ask(1, moment(0), None, settled_entry=3)
    told = (contact(2, "reply-received", 1), contact(3, "reply-received", 2))

    assert answered(*told, asks=(loop,)) == [("push", 0, 2)]
    assert matched(told, (loop,)).answers == {3}


def test_a_loop_that_is_open_waits_for_a_reply_like_any_push() -> None:
    assert answered(contact(2, "reply-received", 1), asks=(Ask(1, moment(0)),)) == [("push", 0, 1)]
    assert answered(contact(2, "reply-received", 1), asks=(Ask(1, moment(2)),)) == [("push", 2, None)]


def test_a_favour_is_one_request_as_an_entry_and_as_a_loop() -> None:
    told = (contact(1, "ask-help", 0), contact(2, "reply-received", 3))

    assert answered(*told, asks=(Ask(1, moment(0), given_entry=1, settled_entry=2),)) == [("push", 0, 3)]


def test_who_asks_for_help_asks_for_something_unless_it_is_said_to_ask_for_nothing() -> None:
    assert answered(contact(1, "ask-help", 0)) == [("push", 0, None)]
    assert answered(contact(1, "ask-help", 0, "pull")) == [("pull", 0, None)]
    assert answered(contact(1, "praise-given", 0)) == []


def test_a_reply_of_somebody_else_answers_nothing() -> None:
    told = (contact(1, "ask-help", 0), contact(2, "reply-received", 1, manager=2))

    assert answered(*told) == [("push", 0, None)]
    assert matched(told).answers == set()


def test_of_one_day_the_moments_decide() -> None:
    early, late = Contact(1, day(0), "reply-received", None, 1, moment(0, 9)), moment(0, 10)

    assert matched((early,), (Ask(1, late),)).answers == set()
    assert matched((early,), (Ask(1, moment(0, 8)),)).answers == {1}


contacts_drawn = st.lists(
    st.tuples(
        st.sampled_from(sorted(KINDS)), st.integers(0, 20), st.sampled_from([None, "push", "pull"]), st.integers(1, 2)
    ),
    max_size=30,
).map(lambda drawn: [contact(place, *one) for place, one in enumerate(sorted(drawn, key=lambda one: one[1]), 1)])


@settings(derandomize=True, deadline=None)
@given(contacts_drawn, st.lists(st.tuples(st.integers(1, 2), st.integers(0, 20)), max_size=5))
def test_no_reply_is_counted_twice_and_none_comes_before_its_request(
    contacts: list[Contact], asked: list[tuple[int, int]]
) -> None:
    found = matched(contacts, [Ask(manager, moment(number)) for manager, number in asked])

    replied = [one for one in found.requests if one.answered_on is not None]
    assert len(replied) == len(found.answers)
    assert all(one.answered_on >= one.on for one in replied if one.answered_on)
    assert found.answers <= {one.entry for one in contacts if KINDS[one.kind].who == "theirs"}


@pytest.mark.parametrize("approach", ["push", "pull"])
def test_a_request_says_how_it_approached_them(approach: str) -> None:
    (found,) = matched([contact(1, "meeting-held", 0, approach)]).requests

    assert found == Request(approach, MONDAY, None)  # type: ignore[arg-type]  # one of the two
