"""Sums of old evidence: a reading from them is the reading from every row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.entries import KINDS, SIZES, WEIGHTS
from trustlog.domain.standing import TREND_DAYS, read
from trustlog.domain.trust import Fact, Parameters, bases, month_ends

TODAY = date(2026, 11, 23)
HARD = [name for name, kind in KINDS.items() if kind.sign == "-"]


@st.composite
def pasts(draw: st.DrawFn) -> list[Fact]:
    days = st.integers(0, 400).map(lambda age: TODAY - timedelta(days=age))
    kinds, sizes, evidence = st.sampled_from(list(KINDS)), st.sampled_from(list(SIZES)), st.booleans()
    facts = []
    for number in range(draw(st.integers(0, 40))):
        on, kind = draw(days), draw(kinds)
        mended = on + timedelta(days=draw(st.integers(0, 90))) if kind in HARD and draw(st.booleans()) else None
        facts.append(Fact(number, on, kind, draw(sizes), draw(evidence), mended))
    return facts


@given(pasts(), st.sampled_from([14.0, 90.0, 730.0]), st.sampled_from([1.0, 2.5]), st.sampled_from([0.0, 0.5, 1.0]))
def test_a_reading_from_sums_is_the_reading_from_rows(
    facts: list[Fact], half_life: float, negativity: float, burst: float
) -> None:
    parameters = Parameters(half_life_days=half_life, negativity=negativity, burst_discount=burst)
    mended = {fact.on for fact in facts if fact.repaired_on is not None}
    summed = [fact for fact in facts if fact.on not in mended]
    days = month_ends(TODAY - timedelta(days=400), TODAY - timedelta(days=TREND_DAYS))

    whole = read(facts, TODAY, parameters)
    for base in bases(summed, days, parameters):
        rest = [fact for fact in facts if fact.on > base.on or fact.on in mended]
        short = read(rest, TODAY, parameters, base)

        assert short.last_contact == whole.last_contact
        assert (short.trend.u, short.trend.e) == pytest.approx((whole.trend.u, whole.trend.e), abs=1e-12)
        for facet, opinion in whole.facets.items():
            assert tuple(short.facets[facet]) == pytest.approx(tuple(opinion), rel=1e-12, abs=1e-12)


@given(pasts(), st.integers(0, 12))
def test_sums_can_be_gone_on_with(facts: list[Fact], cut: int) -> None:
    days = month_ends(TODAY - timedelta(days=400), TODAY)
    whole = bases(facts, days, Parameters())
    first = bases(facts, days[:cut], Parameters())
    start = first[-1] if first else None
    later = [fact for fact in facts if start is None or fact.on > start.on]

    assert [*first, *bases(later, days[cut:], Parameters(), start)] == whole


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 1, 31), date(2026, 3, 1), [date(2026, 1, 31), date(2026, 2, 28)]),
        (date(2027, 12, 5), date(2028, 2, 29), [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]),
        (date(2026, 11, 1), date(2026, 11, 29), []),
    ],
)
def test_a_month_ends_on_its_last_day(first: date, last: date, found: list[date]) -> None:
    assert month_ends(first, last) == found


def test_whoever_changes_a_weight_counts_it() -> None:
    """Sums in old journals were made with the weights of their number: change WEIGHTS with any of them."""
    fingerprint = sum((place + 1) * weight for place, kind in enumerate(KINDS.values()) for weight in kind.weights)

    assert (WEIGHTS, round(fingerprint, 2), SIZES) == (1, 260.25, {"s": 0.5, "m": 1.0, "l": 2.0})


def test_a_note_is_no_contact_in_a_reading_or_in_its_sums() -> None:
    met, noted = TODAY - timedelta(days=200), TODAY - timedelta(days=150)
    facts = [Fact(1, met, "meeting-held", "m", True, None), Fact(2, noted, "note", "m", True, None)]

    assert read(facts, TODAY, Parameters()).last_contact == met
    assert [base.last_contact for base in bases(facts, [TODAY - timedelta(days=100)], Parameters())] == [met]
