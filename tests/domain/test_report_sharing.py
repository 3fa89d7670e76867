"""A shared loop: late stays late, and what is in time never becomes late, whatever the clocks did."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain import report_sharing
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise

moments = st.builds(
    lambda when, hours: when.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=hours))),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.integers(-11, 13),
)


@given(moments, moments, moments)
def test_masking_dates_by_the_month_keeps_what_is_overdue(given_at: datetime, due: datetime, at: datetime) -> None:
    loop = Promise(
        7, "u", "dana", "Dana Ortiz", "them", "scorecard for J.K.", "scorecard", "pay-1", given_at, due, "open", 0,
        None, False,
    )  # fmt: skip

    shown = report_sharing._loop(loop, Manager(1, "", "manager-a", "Manager A"), at, 1)

    assert shown.overdue(report_sharing.month_end(at)) is loop.overdue(at)
    assert (shown.what, shown.req, shown.uid) == ("scorecard", None, "")


@pytest.mark.parametrize(("place", "named"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_managers_and_roles_are_counted_in_letters(place: int, named: str) -> None:
    assert report_sharing.letter(place) == named


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 30)])
def test_of_a_day_its_month_is_shared(day: date) -> None:
    assert report_sharing.month(day) == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (datetime(2026, 9, 20, 12, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
        (datetime(2026, 11, 28, 12, tzinfo=UTC), datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)),
        (datetime(2027, 1, 5, 12, tzinfo=UTC), datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_due_day_becomes_the_first_or_the_last_moment_of_its_own_month(due: datetime, shown: datetime) -> None:
    given_at, at = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
    loop = Promise(7, "u", "dana", "Dana Ortiz", "me", "x", "other", None, given_at, due, "open", 0, None, False)

    assert report_sharing._loop(loop, Manager(1, "", "manager-a", "Manager A"), at, 1).due_at == shown
