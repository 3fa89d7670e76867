"""What the log says about one manager on one day: label, trend, what is least known, milestones."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from math import fsum
from typing import Literal, NamedTuple

from trustlog.domain import trust
from trustlog.domain.entries import FACETS, KINDS, Facet
from trustlog.domain.trust import Base, Counted, FacetOpinion, Fact, Opinion, Parameters

Label = Literal[
    "Mostly unknown", "Getting known", "Rough start", "Steady partnership", "Building", "Mixed signals", "Strained"
]

TREND_DAYS = 28
"""The window of the trend, and of what must have come from them for a label beyond "Mostly unknown" where only the
recruiter did something in it."""
QUIET_DAYS = 45
"""Half a half-life: after so many days without anything of theirs the picture is getting hazy."""
SMALL_STEP = 0.5
"""The weight of a typical small step, for `steps_to_half_known`."""
_ROUNDING = 1e-12
"""What the rounding of sums may add to a mean of shares."""
FROM_THEM = frozenset(kind.name for kind in KINDS.values() if kind.who != "mine")
"""The kinds that are theirs, or were done together."""


class Trend(NamedTuple):
    """The change of the overall opinion in the four weeks since `since`, in words too."""

    since: date
    u: float
    e: float
    words: tuple[str, ...]


class Reading(NamedTuple):
    """What the log says about one manager on one day, with the evidence for every figure."""

    as_of: date
    facets: dict[Facet, FacetOpinion]
    overall: Opinion
    label: Label
    trend: Trend
    evidence: tuple[Counted, ...]
    last_contact: date | None
    steps_to_half_known: int
    from_them: bool
    """Whether something of theirs, or done together, lies within the trend's window."""

    @property
    def least_known(self) -> Facet:
        """The facet with the highest unknown; the first of FACETS among equals."""
        return max(FACETS, key=lambda facet: self.facets[facet].u)


def read(
    facts: Sequence[Fact], as_of: date, parameters: Parameters, base: Base | None = None, met: date | None = None,
    *, earned: bool = False,
) -> Reading:  # fmt: skip
    """The reading of one manager's facts on a day; later facts do not exist yet.

    A base stands for the facts before it; it must not be younger than the trend looks back. What only the recruiter
    did moves the figures, and no label beyond "Mostly unknown"; `met` is the day of the last talk that was held, and
    `earned` whether a label that came from them holds on while both are silent (report_lately.earned).
    """
    known = [fact for fact in facts if fact.on <= as_of]
    evidence = trust.weigh(trust.atoms(known, as_of), as_of, parameters)
    facets = trust.opinions(evidence, parameters, trust.carried(base, as_of, parameters))
    whole = trust.overall(facets)
    contacts = [fact.on for fact in known if fact.kind != "note"]
    contacts += [base.last_contact] if base and base.last_contact else []
    since = as_of - timedelta(days=TREND_DAYS)
    lately = [fact for fact in known if fact.on > since]
    unaided = partial(_without_mine, known, since, as_of, parameters, base)
    from_them = any(fact.kind in FROM_THEM for fact in lately) or (met is not None and since < met <= as_of)
    return Reading(
        as_of=as_of,
        facets=facets,
        overall=whole,
        label=label(whole, min(opinion.e for opinion in facets.values())) if from_them or earned else "Mostly unknown",
        trend=_trend(since, _whole(known, since, parameters, base), whole, lately, unaided),
        evidence=evidence,
        last_contact=max(contacts, default=None),
        steps_to_half_known=steps(facets, 0.5, parameters),
        from_them=from_them,
    )


def weekly(
    facts: Sequence[Fact], as_of: date, parameters: Parameters, weeks: int, every: int = 1, base: Base | None = None
) -> list[tuple[date, Opinion]]:
    """The overall opinion as it stood at the end of each, or of every so many, of the last weeks, `as_of` last."""
    days = [as_of - timedelta(weeks=week) for week in range((weeks - 1) // every * every, -1, -every)]
    return [(day, _whole(facts, day, parameters, base)) for day in days]


def label(whole: Opinion, lowest_e: float) -> Label:
    """A name for what the log looks like, never for a person."""
    u, e = whole.u, whole.e
    if whole.too_early:
        return "Mostly unknown"
    if u >= 0.55:
        return "Getting known" if e >= 0.45 else "Rough start"
    if e >= 0.70 and u <= 0.35 and lowest_e >= 0.60:
        return "Steady partnership"
    if e >= 0.60:
        return "Building"
    return "Mixed signals" if e >= 0.45 else "Strained"


def steps(facets: Mapping[Facet, FacetOpinion], target: float, parameters: Parameters) -> int:
    """About how many small steps of weight SMALL_STEP bring the mean unknown of the questions down to `target`.

    Each is taken where the most is unknown, which is the shortest way. From nothing known to 0.5 it takes 12.
    """
    evidence = [facet.r + facet.s for facet in facets.values()]
    count = 0
    while fsum(trust.opinion(held, 0.0, parameters).u for held in evidence) / len(evidence) > target + _ROUNDING:
        least = evidence.index(min(evidence))
        evidence[least] += SMALL_STEP
        count += 1
    return count


def _whole(facts: Sequence[Fact], day: date, parameters: Parameters, base: Base | None) -> Opinion:
    return trust.overall(trust.of_past(facts, day, parameters, base))


def _without_mine(
    known: Sequence[Fact], since: date, as_of: date, parameters: Parameters, base: Base | None
) -> Opinion:
    """The opinion as it would be without what only the recruiter did well since a day; mending is such a deed."""
    others = [
        fact._replace(repaired_on=None) if fact.repaired_on is not None and fact.repaired_on > since else fact
        for fact in known
        if fact.on <= since or fact.kind in FROM_THEM or KINDS[fact.kind].sign == "-"
    ]
    return _whole(others, as_of, parameters, base)


def _trend(since: date, then: Opinion, now: Opinion, lately: Sequence[Fact], unaided: Callable[[], Opinion]) -> Trend:
    """The change since a day. It grows warmer by something good of theirs, cooler by something hard, never by time.

    What is theirs must be enough for "warmer": `unaided` gives the opinion without what the recruiter did well.
    """
    counted = [(KINDS[fact.kind].sign, fact.kind in FROM_THEM) for fact in lately if fact.evidence]
    du, de = now.u - then.u, now.e - then.e
    words = []
    if abs(du) >= 0.05:
        words.append("clearer" if du < 0 else "fading")
    if de >= 0.03 and ("+", True) in counted and unaided().e - then.e >= 0.03:
        words.append("warmer")
    if de <= -0.03 and any(sign == "-" for sign, _ in counted):
        words.append("cooler")
    return Trend(since, du, de, tuple(words) or ("steady",))


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
"""The unknown, as a share of 1, under which a manager is half known."""
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
        Milestone(first.manager, first.manager_name, FIRSTS[first.kind], first.on, first.entry)
        for first in firsts
        if first.kind in FIRSTS
    ]


def milestones_in_order(found: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """As they happened; those of one day by name, case-blind."""
    return tuple(
        sorted(found, key=lambda new: (new.on, new.manager_name.casefold(), new.manager, NAMES.index(new.milestone)))
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
        left = parameters.left((day - before).days) if before is not None else 1.0
        came = _evidence(days.get(day, ()), day, parameters)
        for facet in FACETS:
            sums[facet] = sums[facet] * left + came[facet]
        for earlier in mended.get(day, ()):
            _mend(sums, days[earlier], day, parameters)
        before = day
        u = fsum(trust.opinion(total, 0.0, parameters).u for total in sums.values()) / len(FACETS)
        if u < HALF - _DOUBTFUL or (u < HALF + _DOUBTFUL and trust.unknown(facts, day, parameters) < HALF):
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
        for counted in trust.weigh(trust.atoms(facts, as_of), facts[0].on, parameters):
            total[counted.atom.facet] += counted.counts
    return total


def _mend(sums: dict[Facet, float], facts: Sequence[Fact], day: date, parameters: Parameters) -> None:
    """Take out of the sums what an earlier day's evidence lost by what was mended on this day."""
    was = _evidence(facts, day - timedelta(days=1), parameters)
    now = _evidence(facts, day, parameters)
    left = parameters.left((day - facts[0].on).days)
    for facet in FACETS:
        sums[facet] += (now[facet] - was[facet]) * left
