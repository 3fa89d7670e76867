"""How answers come: the vector, and what counts for, against, or not at all."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.promises import Promise, Responsiveness, State, responsiveness
from trustlog.domain.trust import Parameters

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "trust.json").read_text(encoding="utf-8"))
(T15,) = VECTORS["responsiveness"]
TOLERANCE = 0.00005
PLAIN = Parameters()
AT = dt.datetime(2024, 3, 31, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
NOTHING = Responsiveness(
    r=0, s=0, b=0, d=0, u=1, e=0.5, median_response_hours=None, answered=0, open=0, overdue=0, oldest_open_days=None
)


def day(number: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2024, 3, number, hour, tzinfo=dt.UTC)


def loop(given_at: dt.datetime, due_at: dt.datetime | None, state: State, settled_at: dt.datetime | None) -> Promise:
    return Promise(
        id=1, uid="u", manager="dana", manager_name="Dana Ortiz", owed_by="them", what="a scorecard", purpose="other",
        req=None, given_at=given_at, due_at=due_at, state=state, renegotiated=0, settled_at=settled_at, at_risk=False,
    )  # fmt: skip


def seen(*loops: Promise, at: dt.datetime = AT, parameters: Parameters = PLAIN) -> Responsiveness:
    return responsiveness(loops, at, parameters)


def counts(found: Responsiveness) -> dict[str, Any]:
    """The part that is no opinion."""
    return {key: value for key, value in found._asdict().items() if len(key) > 1}


def opinion(found: Responsiveness) -> dict[str, float]:
    return {key: value for key, value in found._asdict().items() if len(key) == 1}


ZERO = opinion(NOTHING)


def of_vector(request: dict[str, Any]) -> Promise:
    sent = dt.datetime.fromisoformat(request["sent"]).replace(tzinfo=dt.UTC)
    due = sent + dt.timedelta(hours=request["sla_hours"])
    if request["answered"] is None:
        return loop(sent, due, "open", None)
    answered = dt.datetime.fromisoformat(request["answered"]).replace(tzinfo=dt.UTC)
    return loop(sent, due, "kept" if answered <= due else "late", answered)


@pytest.mark.parametrize(("field", "value"), T15["expected"].items())
def test_the_vector_t15(field: str, value: float) -> None:
    at = dt.datetime.fromisoformat(T15["as_of"]).replace(tzinfo=dt.UTC)
    found = seen(*map(of_vector, T15["requests"]), at=at)._asdict()
    assert found[field] == pytest.approx(value, abs=TOLERANCE)


def test_the_vector_names_every_field() -> None:
    assert [*T15["expected"], "missed"] == list(Responsiveness._fields)


def test_nothing_at_all_is_the_zero_opinion_and_no_median() -> None:
    assert seen() == NOTHING


KEPT_ON_TIME = loop(day(1), day(10), "kept", day(10))
ONE_DAY_OLD = 2 ** (-1 / 90)

# one loop, and what is for and against on 31 March
COUNTED = [
    ("answered at the very second", loop(day(28), day(30), "kept", day(30)), ONE_DAY_OLD, 0),
    ("answered a second later", loop(day(28), day(30), "late", day(30) + SECOND), 0, ONE_DAY_OLD),
    ("answered late, dated at the answer", loop(day(1), day(3), "late", day(30)), 0, ONE_DAY_OLD),
    ("answered early, dated at the answer", loop(day(28), day(31), "kept", day(30)), ONE_DAY_OLD, 0),
    ("open at the very second", loop(day(28), AT, "open", None), 0, 0),
    ("open a second past its time", loop(day(28), AT - SECOND, "open", None), 0, 1),
    ("open past its time, dated at that time", loop(day(1), day(30), "open", None), 0, ONE_DAY_OLD),
    ("missed, dated at its time", loop(day(1), day(30), "missed", day(31, 9)), 0, ONE_DAY_OLD),
    ("open in time", loop(day(28), AT + SECOND, "open", None), 0, 0),
    ("withdrawn in time", loop(day(28), day(30), "withdrawn", day(29)), 0, 0),
    ("withdrawn past its time", loop(day(28), day(29), "withdrawn", day(30)), 0, 0),
    ("an open favour", loop(day(1), None, "open", None), 0, 0),
    ("a favour that was done", loop(day(1), None, "kept", day(30)), 0, 0),
    ("a favour that never came", loop(day(1), None, "missed", day(30)), 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("one", "r", "s"), [row[1:] for row in COUNTED], ids=[row[0] for row in COUNTED])
def test_what_counts_for_and_against(one: Promise, r: float, s: float) -> None:
    found = seen(one)
    whole = 2 + r + s
    assert found[:5] == pytest.approx((r, s, r / whole, s / whole, 2 / whole))


@pytest.mark.parametrize(
    "silent",
    [row[1] for row in COUNTED if row[2:] == (0, 0)],
    ids=[row[0] for row in COUNTED if row[2:] == (0, 0)],
)
def test_what_counts_for_nothing_changes_no_opinion(silent: Promise) -> None:
    assert opinion(seen(silent)) == ZERO
    assert opinion(seen(KEPT_ON_TIME, silent)) == opinion(seen(KEPT_ON_TIME))


def test_a_withdrawn_loop_is_not_even_counted() -> None:
    assert seen(loop(day(28), day(29), "withdrawn", day(30))) == NOTHING


def test_a_missed_loop_counts_like_one_that_is_open_past_its_time() -> None:
    missed = loop(day(1), day(10), "missed", day(20))
    still_open = loop(day(1), day(10), "open", None)
    assert opinion(seen(missed)) == opinion(seen(still_open)) != ZERO
    assert counts(seen(missed)) == counts(NOTHING) | {"missed": 1}  # but nobody waits for it, and it was not answered


def test_a_favour_is_only_in_the_counts() -> None:
    waiting, done = loop(day(21), None, "open", None), loop(day(1), None, "kept", day(2))
    assert counts(seen(waiting, done)) == {
        "median_response_hours": 24, "answered": 1, "open": 1, "overdue": 0, "oldest_open_days": 10,
        "missed": 0,
    }  # fmt: skip


def test_the_counts_of_many() -> None:
    found = seen(
        loop(day(1), day(3), "kept", day(2)),
        loop(day(1), day(3), "late", day(5)),
        loop(day(1), day(3), "missed", day(9)),
        loop(day(1), day(3), "withdrawn", day(2)),
        loop(day(11), day(13), "open", None),
        loop(day(26), day(30), "open", None),
        loop(day(30), day(30).replace(month=4), "open", None),
    )
    assert counts(found) == {
        "median_response_hours": (24 + 96) / 2, "answered": 2, "open": 3, "overdue": 2, "oldest_open_days": 20,
        "missed": 1,
    }  # fmt: skip


def test_hours_are_calendar_hours_over_a_weekend_too() -> None:
    friday, monday = day(1, 15), day(4, 9)
    assert seen(loop(friday, day(5), "kept", monday)).median_response_hours == 66


def test_an_answer_fades_with_the_half_life_that_is_set() -> None:
    old = loop(day(1), day(1), "kept", day(1))
    assert seen(old, at=day(1) + dt.timedelta(30), parameters=Parameters(half_life_days=30)).r == 0.5
    assert seen(old, at=day(1) + dt.timedelta(90)).r == 0.5


def test_days_are_those_of_the_calendar_and_not_of_24_hours() -> None:
    late_evening, next_morning = day(1, 23), day(2, 1)
    answered = loop(day(1), day(2), "kept", late_evening)
    assert seen(answered, at=next_morning).r == pytest.approx(ONE_DAY_OLD)


def test_a_clock_change_since_an_answer_does_not_make_it_a_day_older() -> None:
    summer, winter = dt.timezone(dt.timedelta(hours=-4)), dt.timezone(dt.timedelta(hours=-5))
    answered = dt.datetime(2024, 11, 1, 0, 30, tzinfo=summer)
    one = loop(answered - dt.timedelta(hours=9), answered + dt.timedelta(days=2), "kept", answered)
    assert seen(one, at=dt.datetime(2024, 11, 11, 12, tzinfo=winter)).r == pytest.approx(2 ** (-10 / 90))


moments = st.integers(1, 30).map(day)


@st.composite
def any_loop(draw: st.DrawFn) -> Promise:
    state: State = draw(st.sampled_from(["open", "kept", "late", "missed", "withdrawn"]))
    return loop(draw(moments), draw(st.none() | moments), state, None if state == "open" else draw(moments))


@given(st.lists(any_loop(), max_size=8).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_loops_does_not_matter(both: tuple[list[Promise], list[Promise]]) -> None:
    assert seen(*both[0]) == seen(*both[1])


@given(st.lists(any_loop(), max_size=8))
def test_seen_doubt_and_unknown_sum_to_one(some: list[Promise]) -> None:
    found = seen(*some)
    assert found.b + found.d + found.u == pytest.approx(1, abs=1e-12)
    assert found.overdue <= found.open
