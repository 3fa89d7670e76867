"""The trust model: what a recruiter's own notes say about the grounds a manager has to trust them.

Evidence is mapped to an opinion (seen b, doubt d, unknown u) after Jøsang and Ismail (2002), The Beta Reputation
System, and Jøsang (2016), Subjective Logic, with forgetting by elapsed days. It describes the log, never a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import fsum
from typing import Literal, NamedTuple

from trustlog.domain.entries import FACETS, KINDS, SIZES, Entry, Facet

REPAIRED = 0.5
"""What a hard entry still weighs once a later deed has mended it."""

MOSTLY_UNKNOWN = 0.80
"""From this unknown on a log says nothing yet."""


class Parameters(NamedTuple):
    """The conventions of the model; every one of them changes the figures, none is a finding."""

    half_life_days: float = 90.0
    """Days after which evidence counts half, 14 to 730; about one search plus onboarding."""
    prior_weight: float = 2.0
    """Fixed: the non-informative weight for two outcomes."""
    base_rate: float = 0.5
    """Strictly between 0 and 1: a neutral start."""
    negativity: float = 1.0
    """1 to 3: how much more a hard entry weighs than a good one. 1 by default, because those who write already
    remember the bad more strongly (Baumeister and others 2001, Review of General Psychology 5(4), 323-370)."""
    burst_discount: float = 0.5
    """0 to 1: messages in one thread are not independent evidence."""

    def left(self, days: int) -> float:
        """What so many days leave of evidence, as a share of 1."""
        return float(2.0 ** (-days / self.half_life_days))


class Fact(NamedTuple):
    """As much of an entry as the model reads. `repaired_on` is the day of the deed that mends it."""

    entry: int
    on: date
    kind: str
    size: str = "m"
    evidence: bool = True
    repaired_on: date | None = None


class Atom(NamedTuple):
    """One piece of evidence for or against one facet; `weight` > 0 after kind, size and repair."""

    entry: int
    on: date
    facet: Facet
    sign: Literal["+", "-"]
    weight: float


class Counted(NamedTuple):
    """An atom with what is left of it at a date. The `counts` of one facet and sign sum to its r or s."""

    atom: Atom
    age_days: int
    counts: float
    burst: float = 1.0
    """What its place among the entries of that day leaves of it."""


class Opinion(NamedTuple):
    """Seen `b`, doubt `d`, unknown `u` (they sum to 1) and the estimate `e` = b + base_rate * u."""

    b: float
    d: float
    u: float
    e: float

    @property
    def too_early(self) -> bool:
        """Whether too little is known for the estimate to be shown."""
        return self.u >= MOSTLY_UNKNOWN


class FacetOpinion(NamedTuple):
    """An opinion on one facet with the decayed evidence for (`r`) and against (`s`) it."""

    r: float
    s: float
    b: float
    d: float
    u: float
    e: float


class Base(NamedTuple):
    """The evidence up to and with a day, summed and decayed to it: for and against each of FACETS, in that order.

    What is against stands without `negativity`. `last_contact` is the last one up to that day.
    """

    on: date
    sums: tuple[float, ...]
    last_contact: date | None


def unknown(facts: Iterable[Fact], as_of: date, parameters: Parameters, base: Base | None = None) -> float:
    """The overall unknown alone."""
    return overall(of_past(facts, as_of, parameters, base)).u


class Moved(NamedTuple):
    """How an entry moved one of FACETS: what is seen of it for "+", the doubt for "-", as shares before and after."""

    facet: Facet
    sign: Literal["+", "-"]
    before: float
    after: float


class Written(NamedTuple):
    """An entry with what it moved, and the overall unknown about its manager before and after."""

    entry: Entry
    moved: tuple[Moved, ...]
    before: float
    after: float


def moved(before: Mapping[Facet, FacetOpinion], after: Mapping[Facet, FacetOpinion]) -> tuple[Moved, ...]:
    """What grew between two opinions, what grew most first; the other shares only make room for it."""
    grown = [
        Moved(facet, sign, was, now)
        for facet in FACETS
        for sign, was, now in _seen_and_doubt(before[facet], after[facet])
        if now - was > _UNMOVED
    ]
    return tuple(sorted(grown, key=lambda moved: moved.before - moved.after))


def _seen_and_doubt(
    before: FacetOpinion, after: FacetOpinion
) -> tuple[tuple[Literal["+", "-"], float, float], ...]:  # fmt: skip
    return ("+", before.b, after.b), ("-", before.d, after.d)


_UNMOVED = 1e-9
"""What the rounding of a sum may change."""


def of_past(facts: Iterable[Fact], as_of: date, parameters: Parameters, base: Base | None) -> dict[Facet, FacetOpinion]:
    """The opinion on each facet as it stands at the end of a day."""
    known = [fact for fact in facts if fact.on <= as_of]
    return opinions(weigh(atoms(known, as_of), as_of, parameters), parameters, carried(base, as_of, parameters))


def carried(base: Base | None, as_of: date, parameters: Parameters) -> tuple[float, ...]:
    """What a base still weighs on a later day: for and against each of FACETS."""
    if base is None:
        return (0.0,) * (2 * len(FACETS))
    left = parameters.left((as_of - base.on).days)
    return tuple(
        weight * left * (parameters.negativity if place % 2 else 1.0) for place, weight in enumerate(base.sums)
    )


def atoms(facts: Iterable[Fact], as_of: date) -> list[Atom]:
    """Step 1: each fact gives one atom for every facet its kind touches."""
    found = []
    for fact in facts:
        kind = KINDS[fact.kind]
        if not fact.evidence or kind.sign == "0":
            continue
        scale = SIZES[fact.size]
        if kind.sign == "-" and fact.repaired_on is not None and fact.repaired_on <= as_of:
            scale *= REPAIRED
        for facet, weight in zip(FACETS, kind.weights, strict=True):
            if weight:
                found.append(Atom(fact.entry, fact.on, facet, kind.sign, weight * scale))
    return found


def weigh(evidence: Iterable[Atom], as_of: date, parameters: Parameters) -> tuple[Counted, ...]:
    """Steps 2 to 4: age, burst discount, forgetting. Atoms of the future and without weight are ignored.

    The atoms of one facet, day and sign form a burst: the k-th largest counts burst_discount ** k of its weight.
    Negative atoms carry `negativity` here, so that `counts` add up to s as they do to r.
    """
    bursts: dict[tuple[Facet, date, str], list[Atom]] = defaultdict(list)
    for atom in evidence:
        if atom.on <= as_of and atom.weight > 0:
            bursts[atom.facet, atom.on, atom.sign].append(atom)
    counted = []
    for (_, on, sign), burst in bursts.items():
        age = (as_of - on).days
        left = parameters.left(age) * (parameters.negativity if sign == "-" else 1.0)
        burst.sort(key=lambda atom: (-atom.weight, atom.entry))
        for place, atom in enumerate(burst):
            share = parameters.burst_discount**place
            counted.append(Counted(atom, age, atom.weight * share * left, share))
    counted.sort(key=lambda counted: (counted.atom.on, counted.atom.entry, counted.atom.facet))
    return tuple(counted)


def opinions(
    evidence: Iterable[Counted], parameters: Parameters, base: Sequence[float] = ()
) -> dict[Facet, FacetOpinion]:
    """Steps 5 and 6: the opinion on each facet, over what a base carries (see `carried`)."""
    sums: dict[tuple[Facet, str], list[float]] = defaultdict(list)
    for side, weight in zip(SIDES, base, strict=False):
        sums[side].append(weight)
    for counted in evidence:
        sums[counted.atom.facet, counted.atom.sign].append(counted.counts)
    # fsum, so that the order of entries cannot change a digit
    return {facet: opinion(fsum(sums[facet, "+"]), fsum(sums[facet, "-"]), parameters) for facet in FACETS}


def opinion(r: float, s: float, parameters: Parameters) -> FacetOpinion:
    """Evidence r for and s against as an opinion: b = r/n, d = s/n, u = W/n with n = r + s + W."""
    n = r + s + parameters.prior_weight
    b, u = r / n, parameters.prior_weight / n
    return FacetOpinion(r, s, b, s / n, u, b + parameters.base_rate * u)


def overall(facets: dict[Facet, FacetOpinion]) -> Opinion:
    """Step 7: the mean of the facets, so that knowing one well never hides that the others are unknown."""
    count = len(facets)
    each = tuple(facets.values())
    return Opinion(
        b=fsum(facet.b for facet in each) / count,
        d=fsum(facet.d for facet in each) / count,
        u=fsum(facet.u for facet in each) / count,
        e=fsum(facet.e for facet in each) / count,
    )


SIDES = tuple((facet, sign) for facet in FACETS for sign in "+-")
"""What a base sums, in its order."""


class ManagerFacts(NamedTuple):
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
        last = _next_month(last, ordered[begin:place], day, plain)
        made.append(last)
    return made


def _next_month(before: Base | None, facts: Sequence[Fact], day: date, parameters: Parameters) -> Base:
    sums: dict[tuple[str, str], list[float]] = {side: [] for side in SIDES}
    for side, carried_ in zip(SIDES, carried(before, day, parameters), strict=True):
        sums[side].append(carried_)
    for counted in weigh(atoms(facts, day), day, parameters):
        sums[counted.atom.facet, counted.atom.sign].append(counted.counts)
    contacts = [fact.on for fact in facts if fact.kind != "note"]
    last_contact = max(contacts, default=before.last_contact if before else None)
    return Base(day, tuple(fsum(weights) for weights in sums.values()), last_contact)
