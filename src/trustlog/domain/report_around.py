"""What stands around the trust figures of one manager: roles, praise, small steps, conversations. Facts only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from trustlog.domain.coaching_history import EventKind, Step, StepEvent
from trustlog.domain.conversations import Conversation, until
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.people import Req
from trustlog.domain.report_practice import Practice

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
