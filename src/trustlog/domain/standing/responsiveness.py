"""How answers come, both ways. Operational, kept apart from trust, and never printed one-sided."""

from collections.abc import Iterable
from datetime import datetime
from math import fsum
from typing import NamedTuple

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.standing.trust import Parameters, opinion


class Responsiveness(NamedTuple):
    """An opinion on answers in time, with the counts that keep its median honest."""

    r: float
    s: float
    b: float
    d: float
    u: float
    e: float
    median_response_hours: float | None
    answered: int
    open: int
    overdue: int
    oldest_open_days: float | None
    missed: int = 0


def responsiveness(loops: Iterable[Commitment], at: datetime, parameters: Parameters) -> Responsiveness:
    """The loops of one side at a moment.

    Answered in time counts for, later or missed against, dated at the answer; open past its time counts against,
    dated at that time. What is open in time, withdrawn, or without a due time is left out of the opinion.
    """
    from statistics import median  # 5 ms, only in a report

    good: list[float] = []
    bad: list[float] = []
    hours: list[float] = []
    ages: list[float] = []
    overdue = missed = 0
    for loop in loops:
        if loop.state == "open":
            ages.append((at - loop.given_at).total_seconds() / 86400)
        if loop.state in ("kept", "late") and loop.settled_at is not None:
            hours.append((loop.settled_at - loop.given_at).total_seconds() / 3600)
        if loop.due_at is None or loop.state == "withdrawn":
            continue
        if loop.overdue(at) or loop.state == "missed":
            overdue += loop.state == "open"
            missed += loop.state == "missed"
            bad.append(_left(loop.due_at, at, parameters))
        elif loop.settled_at is not None:
            side = good if loop.settled_at <= loop.due_at else bad
            side.append(_left(loop.settled_at, at, parameters))
    found = opinion(fsum(good), fsum(bad), parameters)
    return Responsiveness(
        *found, median(hours) if hours else None, len(hours), len(ages), overdue, max(ages, default=None), missed
    )


def _left(day: datetime, at: datetime, parameters: Parameters) -> float:
    """What is left of one unit after whole calendar days, each day as the clocks there had it."""
    age = (at.date() - day.date()).days
    return float(2.0 ** (-max(age, 0) / parameters.half_life_days))
