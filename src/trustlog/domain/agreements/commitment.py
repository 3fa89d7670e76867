"""Open loops: what I promised and what I asked for, as events, so that any earlier day can be told truly."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

Owed = Literal["me", "them"]
EventKind = Literal["given", "moved", "at-risk", "settled"]
State = Literal["open", "kept", "late", "missed", "withdrawn"]
PURPOSES = ("scorecard", "profile-review", "slots", "decision", "favour", "other")
OUTCOMES = ("kept", "late", "missed", "renegotiated", "withdrawn", "at-risk")
WINDOW_HOURS = 48
"""How long an answer may take when nothing else was agreed."""

ENTRY_OF: dict[tuple[Owed, str], tuple[str, str]] = {
    ("me", "kept"): ("promise-kept", "m"),
    ("me", "late"): ("promise-missed", "s"),
    ("me", "missed"): ("promise-missed", "m"),
    ("me", "renegotiated"): ("promise-renegotiated", "m"),
    ("them", "kept"): ("reply-received", "m"),
    ("them", "late"): ("reply-received", "m"),
}
"""The kind and size of the entry that an outcome writes; every other outcome writes none."""


class Event(NamedTuple):
    """Something that happened to a commitment. `due_at` comes with `given` and `moved`, `outcome` with `settled`."""

    kind: EventKind
    at: datetime
    due_at: datetime | None = None
    outcome: State | None = None


class Commitment(NamedTuple):
    """One open loop as it stood at a moment. A favour has no due time and is never late."""

    id: int
    uid: str
    manager: str
    manager_name: str
    owed_by: Owed
    what: str
    purpose: str
    req: str | None
    given_at: datetime
    due_at: datetime | None
    state: State
    renegotiated: int
    settled_at: datetime | None
    at_risk: bool

    def overdue(self, at: datetime) -> bool:
        """Whether it is open and its time has passed."""
        return self.state == "open" and self.due_at is not None and at > self.due_at


class Told(NamedTuple):
    """What events say of a commitment."""

    given_at: datetime
    due_at: datetime | None
    state: State
    renegotiated: int
    settled_at: datetime | None
    at_risk: bool


def fold(events: Iterable[Event], until: datetime | None = None) -> Told | None:
    """The events up to a moment as one state; None if it had not been given yet."""
    told: Told | None = None
    for event in events:
        if until is not None and event.at > until:
            continue
        if event.kind == "given":
            told = Told(event.at, event.due_at, "open", 0, None, False)
        elif told is not None and event.kind == "moved":
            told = told._replace(due_at=event.due_at, renegotiated=told.renegotiated + 1, at_risk=False)
        elif told is not None and event.kind == "at-risk":
            told = told._replace(at_risk=True)
        elif told is not None and event.outcome is not None:
            told = told._replace(state=event.outcome, settled_at=event.at, at_risk=False)
    return told


def by_the_clock(due_at: datetime | None, at: datetime) -> Literal["kept", "late"]:
    """What the clock says of a loop closed at a moment."""
    return "late" if due_at is not None and at > due_at else "kept"
