"""What a manager did that nobody has thanked them for yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.commitment import Commitment
from trustlog.domain.model import Entry
from trustlog.domain.noticed import Noticed

FRESH = timedelta(days=30)
"""How long help and quick answers wait for a thank-you; what lies in the jar waits until it is taken out."""
KINDS = ("help-received", "praise-given")
"""The entries that tell of it."""
Source = Literal["jar", "help", "answer"]


class Unthanked(NamedTuple):
    """One good thing. `id` is that of the thing in the jar, of the entry or of the loop, by `source`."""

    source: Source
    id: int
    at: datetime
    what: str
    req: str | None = None


def unthanked(
    jar: Sequence[Noticed], entries: Sequence[Entry], loops: Sequence[Commitment], at: datetime
) -> tuple[Unthanked, ...]:
    """The jar, and the help and quick answers that no praise came after; newest first."""
    praised = max((one.happened_at for one in entries if one.kind == "praise-given"), default=at - FRESH)
    helped = [
        Unthanked("help", one.id, one.happened_at, one.note, one.req)
        for one in entries
        if one.kind == "help-received" and one.note and one.happened_at > praised
    ]
    answered = [
        Unthanked("help" if one.purpose == "favour" else "answer", one.id, one.settled_at, one.what, one.req)
        for one in loops
        if one.settled_at is not None and praised < one.settled_at <= at and quick(one)
    ]
    noticed = [
        Unthanked("jar", one.id, datetime.combine(one.on, datetime.min.time(), at.tzinfo), one.seen) for one in jar
    ]
    return tuple(sorted((*helped, *answered, *noticed), key=lambda one: (one.at, one.id), reverse=True))


def quick(loop: Commitment) -> bool:
    """Whether an answer of theirs deserves a word: a favour done, a scorecard in time, else half of its time used."""
    if loop.owed_by != "them" or loop.state != "kept" or loop.settled_at is None:
        return False
    if loop.purpose == "favour":
        return True
    if loop.due_at is None:
        return False
    if loop.purpose == "scorecard":
        return loop.settled_at < loop.due_at
    return loop.settled_at - loop.given_at <= (loop.due_at - loop.given_at) / 2
