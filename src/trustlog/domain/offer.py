"""An offered step as it is shown: its reason, and a draft filled from the journal."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from trustlog.domain.choosing import Candidate, Situation
from trustlog.domain.model import Manager
from trustlog.domain.step import Step

PLACES = frozenset({
    "name", "handle", "team", "role", "today", "soon", "what", "window", "promise", "date", "n", "old", "new",
    "effect", "line", "feedback", "action", "senior", "comfort_person", "favourite", "weeks", "time", "issue", "thing",
})  # fmt: skip
"""The places that the journal can fill; what it does not know there stays marked."""
_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


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

    `blanks` are the places of the draft that only the recruiter knows, `asks` the conditions that are still to be
    asked. `private` tells that the draft names people of the recruiter's own page.
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


def reason(candidate: Candidate, words: Coaching) -> str:
    """Why a step is offered: the most urgent situation that calls for it, in words."""
    if not candidate.because:
        return f"because {words.notes['asked_for']}"
    first = candidate.because[0]
    return f"because {fill(first.situation.because, first.found.places, {})[0]}"


def fill(template: str, places: Mapping[str, str], blanks: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The template with its places filled, and the names of those that stay marked, like `[the new date]`."""
    open_: dict[str, None] = {}

    def put(hit: re.Match[str]) -> str:
        name = hit[1]
        if places.get(name):
            return places[name]
        open_[name] = None
        return f"[{blanks.get(name, name.replace('_', ' '))}]"

    return _PLACE.sub(put, template), tuple(open_)


def places_of(template: str) -> list[str]:
    """The names of a template's places, in their order."""
    return _PLACE.findall(template)
