"""What went well in some days, as values: told plainly, never ranked, nobody compared."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from trustlog.domain.kinds import KINDS, Who
from trustlog.domain.standing.milestones import Milestone

SPAN = timedelta(days=28)
"""How far back it looks unless a day is named."""


class Span(NamedTuple):
    """Some days, both included; `at` cuts the last one where a time was named."""

    since: date
    until: date
    at: datetime | None = None


class SmallStep(NamedTuple):
    """One step forward, as a debrief noted it."""

    manager: str
    manager_name: str
    on: date
    step: str


class Times(NamedTuple):
    """How often a kind of thing happened in the span."""

    kind: str
    times: int


class Wins(NamedTuple):
    """What I did, what came back, what was done together, and the steps of it."""

    span: Span
    mine: tuple[Times, ...]
    theirs: tuple[Times, ...]
    together: tuple[Times, ...]
    milestones: tuple[Milestone, ...]
    steps: tuple[SmallStep, ...]

    @property
    def nothing(self) -> bool:
        return not (self.mine or self.theirs or self.together or self.milestones or self.steps)


class WinsWords(NamedTuple):
    """The sentences: for each good kind one for once and one for several times, for each milestone a phrase."""

    once: Mapping[str, str]
    often: Mapping[str, str]
    milestones: Mapping[str, str]
    headings: Mapping[str, str]
    nothing: str


def good(who: Who, counts: Mapping[str, int]) -> tuple[Times, ...]:
    """The good kinds of one side that happened, in the order in which kinds stand: more is not better."""
    return tuple(
        Times(name, counts[name])
        for name, kind in KINDS.items()
        if kind.who == who and kind.sign == "+" and counts.get(name)
    )
