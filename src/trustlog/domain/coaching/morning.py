"""What the day begins with: one small step, and what is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching.offer import Offer
from trustlog.domain.conversations.conversation import Conversation


class Morning(NamedTuple):
    """One day's page. `loops` are due today or late, `coming` the next one after them, `private` counts check-ins."""

    at: datetime
    known: bool
    offer: Offer
    loops: tuple[Commitment, ...]
    coming: Commitment | None
    talks: tuple[Conversation, ...]
    private: int


def pressing(loops: Sequence[Commitment], at: datetime) -> tuple[tuple[Commitment, ...], Commitment | None]:
    """Of open loops, the soonest first: those due by the end of the day, and the next one."""
    timed = [one for one in loops if one.due_at is not None]
    today = [one for one in timed if one.due_at and one.due_at.astimezone(at.tzinfo).date() <= at.date()]
    return tuple(today), next((one for one in timed if one not in today), None)


def today(talks: Sequence[Conversation], at: datetime) -> tuple[Conversation, ...]:
    """The conversations that are planned for this day and not debriefed yet, the soonest first."""
    planned = [
        (one.planned_for, one.id, one) for one in talks
        if one.planned_for is not None and one.planned_for.astimezone(at.tzinfo).date() == at.date()
    ]  # fmt: skip
    return tuple(one[2] for one in sorted(planned))
