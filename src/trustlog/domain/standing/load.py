"""How much there is to carry: hard conversations that cluster, or a last one that was heavy."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from trustlog.domain.conversations.conversation import Conversation
from trustlog.domain.filling import filled

DAYS = 3
"""Conversations this near to each other are a cluster."""
SEVERAL = 2
"""So many others near a new one are worth a word."""
HEAVY_DAYS = 7


class Load(NamedTuple):
    """What stands around a day: other conversations near it, and whether the last one was heavy."""

    near: int
    heavy: bool


def weight(talks: Sequence[Conversation], on: date) -> Load:
    """The load around a day, over all managers."""
    held = [one for one in talks if one.sitting("prep") is not None or one.sitting("debrief") is not None]
    near = sum(1 for one in held if abs((_day(one) - on).days) <= DAYS)
    return Load(near, _last_was_heavy(talks, on))


def words(load: Load, notes: Mapping[str, str]) -> str:
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
