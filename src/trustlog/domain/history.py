"""What situations are read from: one manager's recent past and what is open, on a moment."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.agreement import Agreement
from trustlog.domain.commitment import Commitment
from trustlog.domain.conversation import Conversation
from trustlog.domain.kinds import KINDS
from trustlog.domain.model import Manager, Req
from trustlog.domain.noticed import Noticed

LOOKS_BACK = timedelta(days=45)
"""How far back entries are read; no situation asks for older ones."""


class Happened(NamedTuple):
    """As much of an entry as situations read."""

    id: int
    kind: str
    on: date
    size: str
    approach: str | None
    tags: tuple[str, ...]
    repaired: bool
    said: str


class History(NamedTuple):
    """One manager at a moment. `recent` are the entries of LOOKS_BACK, `loops` all that are open or were settled
    within it, `reqs` and `agreements` all of this manager; each newest first."""

    manager: Manager
    at: datetime
    first_on: date | None
    last_contact: date | None
    recent: tuple[Happened, ...] = ()
    loops: tuple[Commitment, ...] = ()
    reqs: tuple[Req, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    talks: tuple[Conversation, ...] = ()
    unthanked: tuple[Noticed, ...] = ()
    restriction: Literal["L2", "L3"] | None = None

    @property
    def today(self) -> date:
        return self.at.date()

    def last(self, *kinds: str, days: int) -> Happened | None:
        """The newest entry of these kinds that is at most so many days old."""
        return next((one for one in self.recent if one.kind in kinds and self.age(one.on) <= days), None)

    def age(self, day: date) -> int:
        """Whole days since a day."""
        return (self.today - day).days

    def asked(self) -> list[Commitment]:
        """What they were asked for and still owe, the oldest first; favours have no clock and are left out."""
        open_ = [one for one in self.loops if one.owed_by == "them" and one.state == "open"]
        return sorted((one for one in open_ if one.purpose != "favour"), key=lambda one: (one.given_at, one.id))

    def open_reqs(self) -> list[Req]:
        """The roles that are open today."""
        return [one for one in self.reqs if one.closed_on is None or one.closed_on > self.today]

    def unanswered_pushes(self) -> list[Happened]:
        """The last pushes in a row that nothing came back on, the newest first."""
        found = []
        for one in self.recent:
            if KINDS[one.kind].who == "theirs":
                break
            found += [one] if one.approach == "push" else []
        return found


def working_days(since: date, until: date) -> int:
    """The days from Monday to Friday after `since`, up to and with `until`."""
    days = max(0, (until - since).days)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((since + timedelta(days=weeks * 7 + one)).weekday() < 5 for one in range(1, rest + 1))
