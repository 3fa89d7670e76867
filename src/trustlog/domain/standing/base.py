"""Evidence that is already summed: what an old part of a long log still weighs, so that nobody reads it again."""

from collections.abc import Sequence
from datetime import date
from math import fsum
from typing import NamedTuple

from trustlog.domain.kinds import FACETS
from trustlog.domain.standing.trust import Base, Fact, Parameters, atoms, carried, weigh

SIDES = tuple((facet, sign) for facet in FACETS for sign in "+-")
"""What a base sums, in its order."""


class Past(NamedTuple):
    """One manager's facts as the model reads them: all of them, or a base and those that it does not hold."""

    facts: Sequence[Fact]
    base: Base | None = None


def month_ends(first: date, last: date) -> list[date]:
    """The last day of every month that ended between two days."""
    found: list[date] = []
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        end = date.fromordinal(date(year, month, 1).toordinal() - 1)
        if end > last:
            return found
        found.append(end)


def bases(facts: Sequence[Fact], days: Sequence[date], parameters: Parameters, start: Base | None = None) -> list[Base]:
    """The evidence up to each of some days, the earliest first, in one walk on from an earlier base.

    The facts of a day on which a hard entry was mended must not be among them: what such a day weighs depends on
    when it is asked.
    """
    # what is against counts as it is: `negativity` is applied when the base is read
    plain = parameters._replace(negativity=1.0)
    ordered = sorted(facts, key=lambda fact: fact.on)
    made, last, place = [], start, 0
    for day in days:
        begin = place
        while place < len(ordered) and ordered[place].on <= day:
            place += 1
        last = _next(last, ordered[begin:place], day, plain)
        made.append(last)
    return made


def _next(before: Base | None, facts: Sequence[Fact], day: date, parameters: Parameters) -> Base:
    sums: dict[tuple[str, str], list[float]] = {side: [] for side in SIDES}
    for side, carried_ in zip(SIDES, carried(before, day, parameters), strict=True):
        sums[side].append(carried_)
    for one in weigh(atoms(facts, day), day, parameters):
        sums[one.atom.facet, one.atom.sign].append(one.counts)
    contacts = [fact.on for fact in facts if fact.kind != "note"]
    last_contact = max(contacts, default=before.last_contact if before else None)
    return Base(day, tuple(fsum(one) for one in sums.values()), last_contact)
