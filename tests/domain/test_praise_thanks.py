"""What is unthanked: the jar, help and quick answers that no praise came after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from trustlog.domain.praise import HELP, PRAISE, Deed, Noticed, Unthanked, specific, unthanked
from trustlog.domain.promises import Promise

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


def ago(days: int, hour: int = 12) -> datetime:
    return (NOW - timedelta(days=days)).replace(hour=hour)


def deed(number: int, kind: str, days: int, hour: int = 12, what: str = "the ad") -> Deed:
    at = ago(days, hour)
    return Deed(number, kind, at.date(), at, what)


def answer(purpose: str, days: int, used: float = 0.1) -> Promise:
    """An answer of theirs that came so many days ago, after this share of its four days."""
    settled = ago(days)
    given = settled - timedelta(days=4 * used)
    due = None if purpose == "favour" else given + timedelta(days=4)
    return Promise(
        7, "u", "dana", "Dana", "them", purpose, purpose, None, given, due, "kept", 0, settled, at_risk=False
    )  # fmt: skip


def found(deeds: list[Deed], loops: list[Promise] | None = None) -> list[tuple[str, int]]:
    return [(one.source, one.id) for one in unthanked([], deeds, loops or [], NOW)]


@pytest.mark.parametrize(
    ("deeds", "waits"),
    [
        ([deed(1, HELP, 3)], True),
        ([deed(1, HELP, 3), deed(2, PRAISE, 2)], False),
        ([deed(1, PRAISE, 4), deed(2, HELP, 3)], True),
        ([deed(1, HELP, 3, 15), deed(2, PRAISE, 3, 9)], False),
        ([deed(1, PRAISE, 3, 15), deed(2, HELP, 3, 9)], True),
        ([deed(1, HELP, 31)], False),
        ([deed(1, HELP, 31), deed(2, PRAISE, 40)], False),
        ([deed(1, HELP, 3, what="")], True),
    ],
    ids=[
        "help", "praised after", "praised before", "praised the same day, written later", "helped again that day",
        "long ago", "long ago, praised before that", "nobody said what it was",
    ],
)  # fmt: skip
def test_help_waits_until_praise_comes_after_it(deeds: list[Deed], waits: bool) -> None:
    helped = [("help", one.id) for one in deeds if one.kind == HELP]
    assert found(deeds) == helped * waits


@pytest.mark.parametrize(
    ("purpose", "used", "source"),
    [
        ("scorecard", 0.9, "answer"), ("scorecard", 1.0, None), ("decision", 0.5, "answer"), ("decision", 0.6, None),
        ("favour", 0.9, "help"),
    ],
)  # fmt: skip
def test_an_answer_of_theirs_waits_if_it_was_quick(purpose: str, used: float, source: str | None) -> None:
    loop = answer(purpose, 3, used)
    assert found([], [loop]) == [(source, 7)] * (source is not None)
    assert found([deed(1, PRAISE, 2)], [loop]) == []
    assert found([deed(1, PRAISE, 4)], [loop]) == [(source, 7)] * (source is not None)


def test_the_jar_waits_for_ever_and_all_come_newest_first() -> None:
    jar = [Noticed(3, "u", "dana", "Dana", date(2024, 1, 1), "seen", None)]
    all_ = unthanked(jar, [deed(5, HELP, 2)], [answer("scorecard", 1)], NOW)
    assert [(one.source, one.named) for one in all_] == [
        ("answer", "scorecard"), ("help", "the ad"), ("jar", "seen"),
    ]  # fmt: skip


def test_help_without_words_has_a_name() -> None:
    assert Unthanked("help", 1, NOW, "").named == "their help"


def test_praise_alone_is_offered_for_the_jar_help_and_a_fast_scorecard() -> None:
    loops = [answer(one, 1) for one in ("scorecard", "favour", "decision")]
    assert {one.what: specific(one) for one in unthanked([], [], loops, NOW)} == {
        "scorecard": True, "favour": True, "decision": False,
    }  # fmt: skip
