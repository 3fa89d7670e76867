"""A report as values: trust, and what stands around it. Facts only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain import trust
from trustlog.domain.coaching_history import EventKind, Step, StepEvent
from trustlog.domain.conversations import Conversation, until
from trustlog.domain.entries import Entry
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.people import Manager, Req
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.report_practice import Practice
from trustlog.domain.standing import Reading
from trustlog.domain.text import filled

LOOKING_BACK = timedelta(days=90)
"""How far back practice, praise and conversations go, unless --since says."""


PRIVATE = ("self-care", "boundaries")
"""Families of steps that would tell of the second drawer."""


class Role(NamedTuple):
    """An open role, with its kick-off agreement if there is one."""

    req: Req
    agreement: Agreement | None


class Held(NamedTuple):
    """A conversation as facts: its last day, how far it came, and what was decided about its points."""

    on: date
    state: Literal["prepared", "debriefed"]
    about: str | None
    points: dict[str, int]


class Taken(NamedTuple):
    """A small step that was done, or whose draft was copied. `advice` is None where a report is shared."""

    step: str
    category: str
    advice: str | None
    kind: EventKind
    on: date


class Around(NamedTuple):
    """Everything beside trust on one manager's page. `praise` counts by channel, "" where none was named."""

    since: date
    roles: tuple[Role, ...]
    practice: Practice
    praise: dict[str, int]
    unthanked: int
    step: Taken | None
    talks: tuple[Held, ...]


def open_roles(reqs: Sequence[Req], agreements: Sequence[Agreement], on: date) -> tuple[Role, ...]:
    """The roles that were open at the end of a day."""
    of = {one.req: one for one in agreements}
    return tuple(
        Role(req, of.get(req.code))
        for req in reqs
        if req.opened_on <= on and (req.closed_on is None or req.closed_on > on)
    )


def last_taken(events: Sequence[StepEvent], steps: Mapping[str, Step]) -> Taken | None:
    """The last step that was taken and is no matter of the second drawer."""
    taken = [
        one
        for one in events
        if one.kind in ("done", "copied") and one.step in steps and steps[one.step].category not in PRIVATE
    ]
    last = max(taken, key=lambda one: one.at, default=None)
    if last is None:
        return None
    step = steps[last.step]
    return Taken(step.id, step.category, step.advice.rstrip("."), last.kind, last.at.date())


def held(talks: Sequence[Conversation], since: date, on: date) -> tuple[Held, ...]:
    """The conversations of some days as they stood at the end of the last, newest first; drafts are left out."""
    found = []
    for talk in talks:
        stood = until(talk, on)
        # a check-in comes after it and is about the recruiter: it dates nothing
        finished = [one for one in stood.sittings if one.finished and one.on >= since and one.part != "checkin"]
        parts = [one.part for one in finished]
        if finished:
            decided = Counter(item.get("decision") or "undecided" for item in stood.items)
            state: Literal["prepared", "debriefed"] = "debriefed" if "debrief" in parts else "prepared"
            found.append(Held(max(one.on for one in finished), state, talk.about, dict(sorted(decided.items()))))
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


DAYS = 3
"""Conversations this near to each other are a cluster."""
SEVERAL = 2
"""So many others near a new one are worth a word."""
HEAVY_DAYS = 7


class Load(NamedTuple):
    """What stands around a day: other conversations near it, and whether the last one was heavy."""

    near: int
    heavy: bool


def load_of(talks: Sequence[Conversation], on: date) -> Load:
    """The load around a day, over all managers."""
    held = [one for one in talks if one.sitting("prep") is not None or one.sitting("debrief") is not None]
    near = sum(1 for one in held if abs((_day(one) - on).days) <= DAYS)
    return Load(near, _last_was_heavy(talks, on))


def load_words(load: Load, notes: Mapping[str, str]) -> str:
    """One kind sentence out of `near` and `heavy`, or nothing."""
    if load.near >= SEVERAL:
        return filled(notes["near"], {"count": str(load.near)})
    return notes["heavy"] if load.heavy else ""


def _day(talk: Conversation) -> date:
    debrief = talk.sitting("debrief")
    if debrief is not None:
        return debrief.on
    if talk.planned_for is not None:
        return talk.planned_for.date()
    return talk.sittings[0].on if talk.sittings else date.min


def _last_was_heavy(talks: Sequence[Conversation], on: date) -> bool:
    debriefed = [
        (sitting.on, talk.id, talk)
        for talk in talks
        if (sitting := talk.sitting("debrief")) is not None and 0 <= (on - sitting.on).days <= HEAVY_DAYS
    ]
    if not debriefed:
        return False
    last = max(debriefed)[2]
    carried: bool = last.answers("checkin").get("carry_over") == 2
    return carried or last.answers("debrief").get("mood_after") == -2


class Asked(NamedTuple):
    """What a report is asked for: the day and its last moment, one in it if it was named, and from when lists begin.

    `movers` is how many of the entries that moved the picture are told, None for all; `share` that names are masked
    and of dates only the month is told; `whole` that a page tells what stands around its figures too;
    `working_week` is the setting.
    """

    as_of: date
    at: datetime
    until: datetime | None
    since: date | None
    why: bool
    parameters: trust.Parameters
    movers: int | None = 6
    share: bool = False
    whole: bool = True
    working_week: bool = True


class ManagerReport(NamedTuple):
    """One manager's page. `told` holds the entries that it names, by id.

    `weeks` are points of the overall opinion, `every` so many weeks apart; `moved` counts all that moved it since.
    """

    manager: Manager
    reading: Reading
    entries: int
    weeks: tuple[tuple[date, trust.Opinion], ...]
    movers: tuple[trust.Counted, ...]
    moved: int
    moved_since: date
    loops: tuple[Promise, ...]
    them: Responsiveness
    me: Responsiveness
    kinds: dict[int, str]
    told: dict[int, Entry]
    every: int = 1
    around: "Around | None" = None


class Report(NamedTuple):
    """A report on one manager or on all, by name."""

    asked: Asked
    managers: tuple[ManagerReport, ...]
    one: bool


class ReportWords(NamedTuple):
    """What a report says: about a label, for a facet, what helps there, and at the end; `limits` stands in files."""

    labels: dict[str, str]
    questions: dict[str, str]
    helps: dict[str, str]
    reminder: str
    limits: str = ""
