"""The boundary levels: the ten expected cases, every edge of the table, and how long the restriction lasts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from trustlog.domain.private import (
    AMBER,
    IMPACT,
    QUESTIONS,
    RED,
    Carried,
    Level,
    Notes,
    Talk,
    Yes,
    restriction,
    standing,
)

ON = date(2026, 11, 23)


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def noted(*yeses: tuple[str, int]) -> Notes:
    return Notes(yeses=tuple(Yes(ago(days), question) for question, days in yeses))


def left(*moods: tuple[int | None, int]) -> Notes:
    """Debriefs by mood afterwards and age in days, with nothing said of the mood before."""
    return Notes(talks=tuple(Talk(ago(days), None, mood, None) for mood, days in moods))


def fell(*moods: tuple[int | None, int | None, int]) -> Notes:
    return Notes(talks=tuple(Talk(ago(days), before, after, None) for before, after, days in moods))


def carried(*told: tuple[int, int]) -> Notes:
    return Notes(carried=tuple(Carried(ago(days), much) for much, days in told))


def crossed(*said: tuple[str | None, int]) -> Notes:
    return Notes(talks=tuple(Talk(ago(days), None, None, word) for word, days in said))


EXPECTED: list[tuple[str, Notes, Level]] = [
    ("BA2 yes today", noted(("BA2", 0)), "L1"),
    ("BA2 yes 40 days ago, nothing since", noted(("BA2", 40)), "L0"),
    ("BA2 yes 10 days ago, BA3 yes today", noted(("BA2", 10), ("BA3", 0)), "L2"),
    ("BA4 yes 55, 33 and 2 days ago", noted(("BA4", 55), ("BA4", 33), ("BA4", 2)), "L2"),
    ("BA1 yes 5 days ago and BI2 yes today", noted(("BA1", 5), ("BI2", 0)), "L2"),
    ("mood_after -1, +1, -1, -2", left((-1, 80), (1, 50), (-1, 20), (-2, 1)), "L2"),
    ("before +1 after -1, before +2 after 0", fell((1, -1, 12), (2, 0, 3)), "L2"),
    ("carry_over 2, 0, 2", carried((2, 20), (0, 10), (2, 1)), "L2"),
    ("BR3 yes today, nothing else", noted(("BR3", 0)), "L3"),
    ("BI1 yes only", noted(("BI1", 0)), "L0"),
]

EDGES: list[tuple[str, Notes, Level]] = [
    ("nothing at all", Notes(), "L0"),
    ("red, day 30", noted(("BR1", 30)), "L3"),
    ("red, day 31", noted(("BR1", 31)), "L0"),
    ("one amber, day 30", noted(("BA1", 30)), "L1"),
    ("one amber, day 31", noted(("BA1", 31)), "L0"),
    ("two ambers, the older on day 30", noted(("BA1", 30), ("BA2", 0)), "L2"),
    ("two ambers, the older on day 31", noted(("BA1", 31), ("BA2", 0)), "L1"),
    ("the same amber on two days", noted(("BA1", 1), ("BA1", 0)), "L2"),
    ("the same amber twice on one day counts once", noted(("BA1", 0), ("BA1", 0)), "L1"),
    ("the same amber twice on each of two days", noted(("BA1", 31), ("BA1", 31), ("BA1", 0), ("BA1", 0)), "L1"),
    ("two different ambers on one day", noted(("BA1", 0), ("BA2", 0)), "L2"),
    ("three ambers, the oldest on day 60", noted(("BA1", 60), ("BA1", 45), ("BA1", 31)), "L2"),
    ("three ambers, the oldest on day 61", noted(("BA1", 61), ("BA1", 45), ("BA1", 31)), "L0"),
    ("two ambers between day 31 and 60", noted(("BA1", 60), ("BA2", 31)), "L0"),
    ("three different ambers on day 60", noted(("BA1", 60), ("BA2", 60), ("BA3", 60)), "L2"),
    ("amber and impact, both on day 30", noted(("BA1", 30), ("BI1", 30)), "L2"),
    ("amber on day 30, impact on day 31", noted(("BA1", 30), ("BI1", 31)), "L1"),
    ("amber on day 31, impact on day 30", noted(("BA1", 31), ("BI1", 30)), "L0"),
    ("three impacts, no amber", noted(("BI1", 0), ("BI2", 0), ("BI3", 0)), "L0"),
    ("low 3 of the last 4, the oldest on day 90", left((-1, 90), (1, 60), (-1, 30), (-1, 0)), "L2"),
    ("low 3 of the last 4, the oldest on day 91", left((-1, 91), (1, 60), (-1, 30), (-1, 0)), "L0"),
    ("low 3 of the last 5 only", left((-1, 50), (1, 40), (-1, 30), (1, 20), (-1, 10)), "L0"),
    ("low 3 of the last 4, a fifth older one good", left((2, 50), (-1, 40), (-1, 30), (1, 20), (-1, 10)), "L2"),
    ("low 2 of the last 4", left((-1, 40), (1, 30), (1, 20), (-2, 10)), "L0"),
    ("low in all of only three", left((-1, 30), (-1, 20), (-1, 10)), "L2"),
    ("level is not low", left((0, 30), (0, 20), (0, 10), (0, 1)), "L0"),
    ("fell by exactly two, twice, the older on day 30", fell((2, 0, 30), (0, -2, 0)), "L2"),
    ("fell by exactly two, twice, the older on day 31", fell((2, 0, 31), (0, -2, 0)), "L0"),
    ("fell by one, often", fell((2, 1, 9), (1, 0, 6), (2, 1, 3), (1, 0, 0)), "L0"),
    ("fell by two once", fell((2, 0, 3), (1, 0, 0)), "L0"),
    ("fell from an unknown mood", fell((None, -2, 3), (None, -2, 0)), "L0"),
    ("fell to an unknown mood", fell((2, None, 3), (2, None, 0)), "L0"),
    ("carry-over 2 in 2 of the last 3, the older on day 60", carried((2, 60), (0, 30), (2, 0)), "L2"),
    ("carry-over 2 in 2 of the last 3, the older on day 61", carried((2, 61), (0, 30), (2, 0)), "L0"),
    ("carry-over 2 in 2 of the last 4 only", carried((2, 40), (0, 30), (0, 20), (2, 10)), "L0"),
    ("carry-over 2 in both of only two", carried((2, 10), (2, 0)), "L2"),
    ("carry-over 2 once", carried((2, 0)), "L0"),
    ("carry-over 1, three times", carried((1, 3), (1, 2), (1, 1)), "L0"),
    ("crossed twice, the older on day 60", crossed(("yes", 60), ("yes", 0)), "L2"),
    ("crossed twice, the older on day 61", crossed(("yes", 61), ("yes", 0)), "L0"),
    ("crossed once", crossed(("yes", 0)), "L0"),
    ("not sure twice, the older on day 60", crossed(("not-sure", 60), ("not-sure", 0)), "L1"),
    ("not sure twice, the older on day 61", crossed(("not-sure", 61), ("not-sure", 0)), "L0"),
    ("not sure once", crossed(("not-sure", 0)), "L0"),
    ("crossed once and not sure once", crossed(("yes", 3), ("not-sure", 0)), "L0"),
    ("crossed once and not sure twice", crossed(("yes", 9), ("not-sure", 3), ("not-sure", 0)), "L1"),
    ("no, twice", crossed(("no", 3), ("no", 0)), "L0"),
    ("a red note of tomorrow", noted(("BR1", -1)), "L0"),
    ("two ambers of which one is of tomorrow", noted(("BA1", 0), ("BA2", -1)), "L1"),
    ("low talks of which one is of tomorrow", left((-1, 9), (-1, 3), (-1, -1)), "L0"),
    ("falls of which one is of tomorrow", fell((2, 0, 3), (2, 0, -1)), "L0"),
    ("carry-over of which one is of tomorrow", carried((2, 3), (2, -1)), "L0"),
    ("crossed of which one is of tomorrow", crossed(("yes", 3), ("yes", -1)), "L0"),
    ("red beats an amber pattern", noted(("BR4", 30), ("BA1", 1), ("BA2", 0)), "L3"),
]


@pytest.mark.parametrize(("history", "level"), [case[1:] for case in EXPECTED], ids=[case[0] for case in EXPECTED])
def test_the_levels_are_those_of_the_table(history: Notes, level: Level) -> None:
    assert standing(history, ON).level == level


@pytest.mark.parametrize(("history", "level"), [case[1:] for case in EDGES], ids=[case[0] for case in EDGES])
def test_the_levels_at_every_edge(history: Notes, level: Level) -> None:
    assert standing(history, ON).level == level


@pytest.mark.parametrize("question", RED)
def test_any_red_question_alone_is_l3(question: str) -> None:
    assert standing(noted((question, 0)), ON).level == "L3"


@pytest.mark.parametrize("question", AMBER)
def test_any_amber_question_alone_is_l1(question: str) -> None:
    assert standing(noted((question, 0)), ON).level == "L1"


@pytest.mark.parametrize("question", IMPACT)
def test_an_impact_alone_is_no_level_but_is_noticed_for_30_days(question: str) -> None:
    assert standing(noted((question, 30)), ON) == ("L0", (), True)
    assert standing(noted((question, 31)), ON) == ("L0", (), False)
    assert standing(noted((question, -1)), ON) == ("L0", (), False)


def test_the_questions_are_the_thirteen_of_the_script_each_once() -> None:
    assert QUESTIONS == (
        "BR1", "BR2", "BR3", "BR4", "BA1", "BA2", "BA3", "BA4", "BA5", "BA6", "BI1", "BI2", "BI3",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("history", "because"),
    [
        (noted(("BR1", 3), ("BR2", 0), ("BA1", 0)), ("BR2 2026-11-23", "BR1 2026-11-20")),
        (noted(("BA2", 3)), ("BA2 2026-11-20",)),
        (noted(("BA2", 3), ("BI1", 3)), ("BA2 2026-11-20", "BI1 2026-11-20")),
        (fell((2, 0, 3), (2, 0, 0)), ("mood_after 2026-11-23", "mood_after 2026-11-20")),
        (left((-1, 3), (1, 2), (-1, 1), (-2, 0)), tuple(f"mood_after 2026-11-{day}" for day in (23, 22, 20))),
        (carried((2, 3), (0, 1), (2, 0)), ("carry_over 2026-11-23", "carry_over 2026-11-20")),
        (crossed(("yes", 3), ("yes", 0)), ("line_crossed 2026-11-23", "line_crossed 2026-11-20")),
        (crossed(("not-sure", 3), ("not-sure", 0)), ("line_crossed 2026-11-23", "line_crossed 2026-11-20")),
        (Notes(), ()),
    ],
)
def test_a_level_names_the_notes_that_make_it_newest_first(history: Notes, because: tuple[str, ...]) -> None:
    assert standing(history, ON).because == because


YESES = some.lists(
    some.builds(Yes, on=some.dates(ago(100), ago(-5)), question=some.sampled_from(QUESTIONS)), max_size=8
)


@given(YESES, some.randoms())
def test_the_order_of_notes_does_not_matter(yeses: list[Yes], chance: object) -> None:
    shuffled = list(yeses)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    assert standing(Notes(yeses=yeses), ON) == standing(Notes(yeses=shuffled), ON)


@given(YESES, some.sampled_from(QUESTIONS))
def test_another_yes_never_lowers_the_level(yeses: list[Yes], question: str) -> None:
    more = [*yeses, Yes(ON, question)]
    assert standing(Notes(yeses=more), ON).level >= standing(Notes(yeses=yeses), ON).level


@given(YESES)
def test_notes_of_the_future_change_nothing(yeses: list[Yes]) -> None:
    past = [one for one in yeses if one.on <= ON]
    assert standing(Notes(yeses=yeses), ON) == standing(Notes(yeses=past), ON)
    assert restriction(Notes(yeses=yeses), ON) == restriction(Notes(yeses=past), ON)


def with_cleared(history: Notes, *days: int) -> Notes:
    return history._replace(cleared=tuple(ago(one) for one in days))


RESTRICTED = [
    ("nothing", Notes(), False),
    ("an L1", noted(("BA1", 0)), False),
    ("an L3 today", noted(("BR1", 0)), True),
    ("an L3 of last year that nobody cleared", noted(("BR1", 400)), True),
    ("an L3 of tomorrow", noted(("BR1", -1)), False),
    ("an L3 that was cleared today", with_cleared(noted(("BR1", 5)), 0), False),
    ("an L3 that was cleared on its own day", with_cleared(noted(("BR1", 0)), 0), False),
    ("an L3 that was cleared the day after", with_cleared(noted(("BR1", 5)), 4), False),
    ("a clearing of tomorrow", with_cleared(noted(("BR1", 5)), -1), True),
    ("a clearing before the L3", with_cleared(noted(("BR1", 5)), 6), True),
    ("a new red yes after the clearing", with_cleared(noted(("BR1", 20), ("BR2", 1)), 10), True),
    ("a new red yes that is cleared too", with_cleared(noted(("BR1", 20), ("BR2", 5)), 10, 2), False),
    ("an L2 today", noted(("BA1", 0), ("BA2", 0)), True),
    ("an L2 on its last day", noted(("BA1", 30), ("BA2", 30)), True),
    ("the first day after an L2", noted(("BA1", 31), ("BA2", 31)), True),
    ("14 days after an L2", noted(("BA1", 44), ("BA2", 44)), True),
    ("15 days after an L2", noted(("BA1", 45), ("BA2", 45)), False),
    ("an L2 of mood, 14 days after", fell((2, 0, 44), (2, 0, 44)), True),
    ("an L2 of mood, 15 days after", fell((2, 0, 45), (2, 0, 45)), False),
    ("an L2 that is cleared today", with_cleared(noted(("BA1", 5), ("BA2", 5)), 0), False),
    ("an L2 that still lasts and was cleared yesterday", with_cleared(noted(("BA1", 5), ("BA2", 5)), 1), False),
    ("an L2 cleared in the 14 days after it", with_cleared(noted(("BA1", 40), ("BA2", 40)), 5), False),
    ("an L2 cleared before it began", with_cleared(noted(("BA1", 5), ("BA2", 4)), 6), True),
    ("a new L2 after the clearing", with_cleared(noted(("BA1", 60), ("BA2", 60), ("BA1", 3), ("BA2", 2)), 50), True),
    ("a new L2 after an L3 was cleared", with_cleared(noted(("BR1", 10), ("BA1", 3), ("BA2", 2)), 8), True),
    ("a carry-over before the clearing and one after it", with_cleared(carried((2, 10), (2, 1)), 5), False),
    ("an L1 after an L3 was cleared", with_cleared(noted(("BR1", 10), ("BA1", 3)), 8), False),
]


@pytest.mark.parametrize(("history", "lasts"), [case[1:] for case in RESTRICTED], ids=[case[0] for case in RESTRICTED])
def test_what_is_offered_stays_restricted_as_long_as_it_should(history: Notes, lasts: bool) -> None:
    assert (restriction(history, ON) is not None) is lasts


@pytest.mark.parametrize("history", [noted(("BR1", 0)), noted(("BA1", 3), ("BA2", 0))], ids=["L3", "L2"])
def test_clearing_lifts_the_restriction_but_not_the_level(history: Notes) -> None:
    assert restriction(history, ON)
    lifted = with_cleared(history, 0)
    assert restriction(lifted, ON) is None
    assert standing(lifted, ON) == standing(history, ON)


def test_the_notes_of_a_level_are_told_apart_from_their_days() -> None:
    found = standing(noted(("BA2", 3), ("BI1", 0)), ON)
    assert found.notes == [(ago(3), "BA2"), (ON, "BI1")]
