"""An offered step as it is shown: its reason, and a draft filled from the journal."""

from collections.abc import Mapping
from typing import NamedTuple

from trustlog.domain.coaching.choosing import Candidate, Situation
from trustlog.domain.coaching.step import Step
from trustlog.domain.filling import filled, filled_or_marked
from trustlog.domain.model import Manager

PLACES = frozenset({
    "name", "handle", "team", "role", "today", "soon", "what", "window", "promise", "date", "n", "old", "new",
    "effect", "line", "feedback", "action", "senior", "comfort_person", "favourite", "weeks", "time", "issue", "thing",
})  # fmt: skip
"""The places that the journal can fill; what it does not know there stays marked."""


class Condition(NamedTuple):
    """What rules a step out: told by a `test` of the journal, or asked as a question that a yes goes on from."""

    id: str
    test: str = ""
    ask: str = ""


class Coaching(NamedTuple):
    """All the words that `next` needs."""

    situations: tuple[Situation, ...]
    steps: tuple[Step, ...]
    conditions: dict[str, Condition]
    blanks: dict[str, str]
    starters: tuple[str, ...]
    notes: dict[str, str]


class Offer(NamedTuple):
    """A step for one manager, or none with the reason why not.

    `places` are what the draft was filled with, `blanks` the places of it that only the recruiter knows, `asks` the
    conditions that are still to be asked.
    """

    manager: Manager | None
    step: Step | None
    because: tuple[str, ...]
    reason: str
    draft: str = ""
    blanks: tuple[str, ...] = ()
    asks: tuple[Condition, ...] = ()
    starter: str = ""
    note: str = ""
    places: Mapping[str, str] = {}

    def with_answers(self, said: Mapping[str, str], blanks: Mapping[str, str]) -> "Offer":
        """The draft with what the recruiter said of its blanks; what is empty stays marked."""
        if self.step is None:
            return self
        return self._replace(draft=filled_or_marked(self.step.template, {**self.places, **said}, blanks)[0])


def reason(candidate: Candidate, words: Coaching) -> str:
    """Why a step is offered: the most urgent situation that calls for it, in words."""
    if not candidate.because:
        return f"because {words.notes['asked_for']}"
    first = candidate.because[0]
    return f"because {filled(first.situation.because, first.found.places)}"
