"""What a manager did that nobody has thanked them for yet: one meaning, for `brief`, `update`, `next` and `report`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching.noticed import Noticed

FRESH = timedelta(days=30)
"""How long help and quick answers wait for a thank-you; what lies in the jar waits until it is taken out."""
HELP, PRAISE = "help-received", "praise-given"
KINDS = (HELP, PRAISE)
"""The entries that tell of it."""
Source = Literal["jar", "help", "answer"]


class Deed(NamedTuple):
    """As much of an entry of KINDS as is read."""

    id: int
    kind: str
    on: date
    at: datetime
    what: str
    req: str | None = None


class Unthanked(NamedTuple):
    """One good thing. `id` is that of the thing in the jar, of the entry or of the loop, by `source`.

    `what` is empty where nobody said what the help was; `purpose` stands with a loop.
    """

    source: Source
    id: int
    at: datetime
    what: str
    req: str | None = None
    purpose: str | None = None

    @property
    def named(self) -> str:
        """What there is to thank for, in words."""
        return self.what or "their help"


def unthanked(
    jar: Sequence[Noticed], deeds: Iterable[Deed], loops: Sequence[Commitment], at: datetime
) -> tuple[Unthanked, ...]:
    """The jar, and the help and quick answers that no praise came after; newest first.

    On the day of an entry the order of writing counts: times of a day are often guesses.
    """
    deeds, begin = tuple(deeds), at - FRESH
    praised = [one for one in deeds if one.kind == PRAISE]
    written = max(((one.on, one.id) for one in praised), default=(date.min, 0))
    last = max((one.at for one in praised), default=begin)
    helped = [
        Unthanked("help", one.id, one.at, one.what, one.req)
        for one in deeds
        if one.kind == HELP and one.at > begin and (one.on, one.id) > written
    ]
    answered = [
        Unthanked(_source(one), one.id, one.settled_at, one.what, one.req, one.purpose)
        for one in loops
        if one.settled_at is not None and max(last, begin) < one.settled_at <= at and quick(one)
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


def _source(loop: Commitment) -> Source:
    return "help" if loop.purpose == "favour" else "answer"


def specific(one: Unthanked) -> bool:
    """Whether it alone is reason enough to offer praise: the jar, help, or a fast scorecard."""
    return one.source != "answer" or one.purpose == "scorecard"
