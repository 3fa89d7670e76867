"""Milestones with a manager: firsts, and the day on which less than half was unknown for the first time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import fsum
from typing import NamedTuple

from trustlog.domain.kinds import FACETS, Facet
from trustlog.domain.standing.trust import Fact, Parameters, atoms, opinion, unknown, weigh

FIRSTS = {
    "reply-received": "first-reply",
    "help-received": "first-help",
    "relied-on-me": "first-view-asked",
    "recommended-me": "first-recommendation",
    "confided": "first-confided",
    "expectation-confirmed": "first-confirmed",
    "hire-closed": "first-hire",
}
"""The kinds whose first entry with a manager is a milestone."""
HALF_KNOWN = "half-known"
NAMES = (*FIRSTS.values(), HALF_KNOWN)
HALF = 0.5
_DOUBTFUL = 1e-9
"""So near to a half the running sums are not trusted; the model itself decides."""


class Milestone(NamedTuple):
    """Something that happened with a manager for the first time. `entry` is None where no single one made it."""

    manager: str
    manager_name: str
    milestone: str
    on: date
    entry: int | None


class First(NamedTuple):
    """The first entry of its kind with a manager."""

    manager: str
    manager_name: str
    kind: str
    on: date
    entry: int


def of_firsts(firsts: Iterable[First]) -> list[Milestone]:
    """The milestones among first entries."""
    return [
        Milestone(one.manager, one.manager_name, FIRSTS[one.kind], one.on, one.entry)
        for one in firsts
        if one.kind in FIRSTS
    ]


def in_order(found: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """As they happened; those of one day by name, case-blind."""
    return tuple(
        sorted(found, key=lambda one: (one.on, one.manager_name.casefold(), one.manager, NAMES.index(one.milestone)))
    )


def half_known(facts: Sequence[Fact], until: date, parameters: Parameters) -> date | None:
    """The first day, up to `until`, at whose end less than half was unknown, as `trust.unknown` has it.

    Time alone only adds to the unknown, so it can fall on days with evidence only: one decayed sum for each
    facet walks from one such day to the next.
    """
    days, mended = _by_day(facts, until)
    sums = dict.fromkeys(FACETS, 0.0)
    before: date | None = None
    for day in sorted({*days, *mended}):
        left = _left((day - before).days, parameters) if before is not None else 1.0
        came = _evidence(days.get(day, ()), day, parameters)
        for facet in FACETS:
            sums[facet] = sums[facet] * left + came[facet]
        for earlier in mended.get(day, ()):
            _mend(sums, days[earlier], day, parameters)
        before = day
        u = fsum(opinion(total, 0.0, parameters).u for total in sums.values()) / len(FACETS)
        if u < HALF - _DOUBTFUL or (u < HALF + _DOUBTFUL and unknown(facts, day, parameters) < HALF):
            return day
    return None


def _by_day(facts: Sequence[Fact], until: date) -> tuple[dict[date, list[Fact]], dict[date, set[date]]]:
    """The facts of each day, and for each day of mending the earlier days whose evidence it changes."""
    days: dict[date, list[Fact]] = defaultdict(list)
    mended: dict[date, set[date]] = defaultdict(set)
    for fact in facts:
        if fact.on <= until:
            days[fact.on].append(fact)
            if fact.repaired_on is not None and fact.on < fact.repaired_on <= until:
                mended[fact.repaired_on].add(fact.on)
    return days, mended


def _evidence(facts: Sequence[Fact], as_of: date, parameters: Parameters) -> dict[Facet, float]:
    """What one day's facts count fresh, for and against together, with the repairs known at `as_of`."""
    total = dict.fromkeys(FACETS, 0.0)
    if facts:
        for one in weigh(atoms(facts, as_of), facts[0].on, parameters):
            total[one.atom.facet] += one.counts
    return total


def _mend(sums: dict[Facet, float], facts: Sequence[Fact], day: date, parameters: Parameters) -> None:
    """Take out of the sums what an earlier day's evidence lost by what was mended on this day."""
    was = _evidence(facts, day - timedelta(days=1), parameters)
    now = _evidence(facts, day, parameters)
    left = _left((day - facts[0].on).days, parameters)
    for facet in FACETS:
        sums[facet] += (now[facet] - was[facet]) * left


def _left(days: int, parameters: Parameters) -> float:
    """What so many days leave of evidence."""
    return float(2.0 ** (-days / parameters.half_life_days))
