"""The sentences of a report: singular and plural, days instead of hundreds of hours, nothing statistical under five."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trustlog.domain.promises import Promise, Responsiveness, responsiveness
from trustlog.domain.trust import Parameters
from trustlog.view.report import sentences

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def answered(hours: float, count: int, still_open: int = 0) -> Responsiveness:
    def loop(settled: bool) -> Promise:
        given = AT - timedelta(days=40)
        return Promise(
            1, "u", "dana", "Dana", "them", "a scorecard", "other", None, given, AT, "kept" if settled else "open", 0,
            given + timedelta(hours=hours) if settled else None, False,
        )  # fmt: skip

    return responsiveness([loop(place < count) for place in range(count + still_open)], AT, Parameters())


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.2, "an hour"), (1, "an hour"), (1.5, "two hours"), (22.5, "23 hours"), (23.5, "a day"), (24, "a day"),
        (30, "two days"), (48, "two days"), (48.1, "three days"), (672, "28 days"),
    ],
)  # fmt: skip
def test_half_of_the_answers_came_within_days(hours: float, words: str) -> None:
    assert sentences.half_within(answered(hours, 5)) == words


@pytest.mark.parametrize(("count", "told"), [(0, False), (1, False), (4, False), (5, True), (9, True)])
def test_under_five_answers_nothing_is_said_of_their_middle(count: int, told: bool) -> None:
    assert (sentences.half_within(answered(48, count)) == "two days") is told
    assert ("half within" in sentences.answers(answered(48, count))) is told


def test_answers_are_told_as_counts() -> None:
    assert (
        sentences.answers(answered(672, 5, 1)) == "5 closed; half within 28 days; 1 open, the oldest 40 days; 0 overdue"
    )
    assert sentences.answers(answered(2, 1)) == "1 closed; 0 open; 0 overdue"
