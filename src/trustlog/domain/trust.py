"""The trust model: what a recruiter's own notes say about the grounds a manager has to trust them.

Evidence is mapped to an opinion (seen b, doubt d, unknown u) after Josang's Beta reputation system and
subjective logic, with forgetting by elapsed days. It describes the log, never a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil, fsum
from typing import Literal, NamedTuple

from trustlog.domain.kinds import FACETS, KINDS, SIZES, Facet

Label = Literal[
    "Mostly unknown",
    "Getting known",
    "Rough start",
    "Steady partnership",
    "Building",
    "Mixed signals",
    "Strained",
]

TREND_DAYS = 28
QUIET_DAYS = 45
"""Half a half-life without contact: the picture is getting hazy."""
REPAIRED = 0.5
"""What a hard entry still weighs once a later deed has mended it."""
SMALL_STEP = 0.5
"""The weight of a typical small step, for `steps_to_half_known`."""


class Parameters(NamedTuple):
    """The conventions of the model; every one of them changes the figures, none is a finding."""

    half_life_days: float = 90.0
    """14 to 730: about one search plus onboarding."""
    prior_weight: float = 2.0
    """Fixed: the non-informative weight for two outcomes."""
    base_rate: float = 0.5
    """Strictly between 0 and 1: a neutral start."""
    negativity: float = 1.0
    """1 to 3. Neutral by default: memory already over-weights the bad, so the log does not do it again."""
    burst_discount: float = 0.5
    """0 to 1: messages in one thread are not independent evidence."""


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


class FacetOpinion(NamedTuple):
    """An opinion on one facet with the decayed evidence for (`r`) and against (`s`) it."""

    r: float
    s: float
    b: float
    d: float
    u: float
    e: float


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
    entries: int
    last_contact: date | None
    gone_quiet: bool
    steps_to_half_known: int

    @property
    def least_known(self) -> Facet:
        """The facet with the highest unknown; the first of FACETS among equals."""
        return max(FACETS, key=lambda facet: self.facets[facet].u)


def read(facts: Sequence[Fact], as_of: date, parameters: Parameters) -> Reading:
    """The reading of one manager's facts on a day; later facts do not exist yet."""
    known = [fact for fact in facts if fact.on <= as_of]
    evidence = weigh(atoms(known, as_of), as_of, parameters)
    facets = opinions(evidence, parameters)
    whole = overall(facets)
    contacts = [fact.on for fact in known if fact.kind != "note"]
    last_contact = max(contacts, default=None)
    return Reading(
        as_of=as_of,
        facets=facets,
        overall=whole,
        label=label(whole, min(opinion.e for opinion in facets.values())),
        trend=_trend(known, as_of, whole, parameters),
        evidence=evidence,
        entries=len(known),
        last_contact=last_contact,
        gone_quiet=last_contact is not None and (as_of - last_contact).days >= QUIET_DAYS,
        steps_to_half_known=steps(whole.u, 0.5, parameters),
    )


def weekly(facts: Sequence[Fact], as_of: date, parameters: Parameters, weeks: int) -> list[tuple[date, Opinion]]:
    """The overall opinion as it stood at the end of each of the last weeks, oldest first, `as_of` last."""
    days = [as_of - timedelta(weeks=week) for week in range(weeks - 1, -1, -1)]
    return [(day, overall(opinions(weigh(atoms(facts, day), day, parameters), parameters))) for day in days]


def unknown(facts: Iterable[Fact], as_of: date, parameters: Parameters) -> float:
    """The overall unknown alone, for the line that `add` answers with."""
    known = [fact for fact in facts if fact.on <= as_of]
    return overall(opinions(weigh(atoms(known, as_of), as_of, parameters), parameters)).u


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
        left = 2.0 ** (-age / parameters.half_life_days) * (parameters.negativity if sign == "-" else 1.0)
        burst.sort(key=lambda atom: (-atom.weight, atom.entry))
        for place, atom in enumerate(burst):
            share = parameters.burst_discount**place
            counted.append(Counted(atom, age, atom.weight * share * left, share))
    counted.sort(key=lambda one: (one.atom.on, one.atom.entry, one.atom.facet))
    return tuple(counted)


def opinions(evidence: Iterable[Counted], parameters: Parameters) -> dict[Facet, FacetOpinion]:
    """Steps 5 and 6: the opinion on each facet."""
    sums: dict[tuple[Facet, str], list[float]] = defaultdict(list)
    for one in evidence:
        sums[one.atom.facet, one.atom.sign].append(one.counts)
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
        b=fsum(one.b for one in each) / count,
        d=fsum(one.d for one in each) / count,
        u=fsum(one.u for one in each) / count,
        e=fsum(one.e for one in each) / count,
    )


def label(whole: Opinion, lowest_e: float) -> Label:
    """A name for what the log looks like, never for a person."""
    u, e = whole.u, whole.e
    if u >= 0.80:
        return "Mostly unknown"
    if u >= 0.55:
        return "Getting known" if e >= 0.45 else "Rough start"
    if e >= 0.70 and u <= 0.35 and lowest_e >= 0.60:
        return "Steady partnership"
    if e >= 0.60:
        return "Building"
    return "Mixed signals" if e >= 0.45 else "Strained"


def steps(u: float, target: float, parameters: Parameters) -> int:
    """About how many small steps of weight 0.5 lead from unknown `u` to `target`."""
    weight = parameters.prior_weight
    return max(0, ceil((weight / target - weight / u) / SMALL_STEP))


def _trend(facts: Sequence[Fact], as_of: date, now: Opinion, parameters: Parameters) -> Trend:
    since = as_of - timedelta(days=TREND_DAYS)
    then = overall(opinions(weigh(atoms(facts, since), since, parameters), parameters))
    du, de = now.u - then.u, now.e - then.e
    words = []
    if abs(du) >= 0.05:
        words.append("clearer" if du < 0 else "fading")
    if abs(de) >= 0.03:
        words.append("warmer" if de > 0 else "cooler")
    return Trend(since, du, de, tuple(words) or ("steady",))
