"""Promises and requests as events, so that any earlier day can be told; how answers come, both ways."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from math import fsum
from typing import Literal, NamedTuple

from trustlog.domain.days import DAY_NAMES, MOST_WORDS
from trustlog.domain.trust import Parameters, opinion

Owed = Literal["me", "them"]
EventKind = Literal["given", "moved", "at-risk", "settled"]
State = Literal["open", "kept", "late", "missed", "withdrawn"]
PURPOSES = ("scorecard", "profile-review", "slots", "decision", "favour", "other")
OUTCOMES = ("kept", "late", "missed", "renegotiated", "withdrawn", "at-risk")
WITHOUT_DUE_TIME = "favour"
"""The purpose of a request that is never late."""
OUTCOME_WORDS = {"done": "kept", "sent": "kept", "yes": "kept"}
"""What people say beside OUTCOMES, and what it means."""
WINDOW_HOURS = 48
"""Working hours that an answer may take when nothing else was agreed."""
ENOUGH_ANSWERS = 5

ENTRY_OF: dict[tuple[Owed, str], tuple[str, str]] = {
    ("me", "kept"): ("promise-kept", "m"),
    ("me", "late"): ("promise-missed", "s"),
    ("me", "missed"): ("promise-missed", "m"),
    ("me", "renegotiated"): ("promise-renegotiated", "m"),
    ("them", "kept"): ("reply-received", "m"),
    ("them", "late"): ("reply-received", "m"),
}
"""The kind and size of the entry that an outcome writes; every other outcome writes none."""


class PromiseEvent(NamedTuple):
    """Something that happened to a commitment. `due_at` comes with `given` and `moved`, `outcome` with `settled`."""

    kind: EventKind
    at: datetime
    due_at: datetime | None = None
    outcome: State | None = None


EVENING = time(18)
"""Until when what comes with its day alone is due."""


class Promise(NamedTuple):
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

    @property
    def ref(self) -> str:
        """What it is called wherever it is printed: `L4`."""
        return f"L{self.id}"

    def overdue(self, at: datetime) -> bool:
        """Whether it is open and its time has passed."""
        return self.state == "open" and self.due_at is not None and at > self.due_at

    def movable(self, at: datetime) -> bool:
        """Whether its time may still be moved: what has none, or whose time has passed, is not."""
        return self.purpose != WITHOUT_DUE_TIME and not self.overdue(at)

    @property
    def broken(self) -> bool:
        """Whether it was the recruiter's own and was not done in time."""
        return self.owed_by == "me" and self.state in ("missed", "late")


class Ask(NamedTuple):
    """A request to a manager as a loop, with the entries that were written when it was given and settled."""

    manager_id: int
    at: datetime
    given_entry: int | None = None
    settled_entry: int | None = None
    withdrawn_at: datetime | None = None


class ClockOutcome(NamedTuple):
    """What events say of a commitment."""

    given_at: datetime
    due_at: datetime | None
    state: State
    renegotiated: int
    settled_at: datetime | None
    at_risk: bool


def fold(events: Iterable[PromiseEvent], until: datetime | None = None) -> ClockOutcome | None:
    """The events up to a moment as one state; None if it had not been given yet."""
    outcome: ClockOutcome | None = None
    for event in events:
        if until is not None and event.at > until:
            continue
        if event.kind == "given":
            outcome = ClockOutcome(event.at, event.due_at, "open", 0, None, False)
        elif outcome is not None and event.kind == "moved":
            outcome = outcome._replace(due_at=event.due_at, renegotiated=outcome.renegotiated + 1, at_risk=False)
        elif outcome is not None and event.kind == "at-risk":
            outcome = outcome._replace(at_risk=True)
        elif outcome is not None and event.outcome is not None:
            outcome = outcome._replace(state=event.outcome, settled_at=event.at, at_risk=False)
    return outcome


_BEFORE_DUE = frozenset(("by", "until", "till", "before", "due"))
_PLAIN_DAY = frozenset(
    ("today", "tonight", "tomorrow", "next", "this", "on", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri",
     *map(str.lower, DAY_NAMES))
)  # fmt: skip
"""What a day begins with that is one without a word before it; `sat` and `sun` may be something else."""
_NOT_DUE = frozenset(("from", "of", "since", "last", "every", "each", "after", "was", "were"))
_EITHER = frozenset(
    ("for", "the", "or", "and", "to", "about", "re", "this", "next", "between", "at", "in", "with", "not")
)
_LIKE_A_DAY = (
    r"(?i)(?:^| )(?:by|until|till|before|due) (?:\S+ ){0,3}(?:\w+day|week(?:end)?|month|tonight|eod|eow|cob)\.?$"
)


def split_due(words: str, day_of: Callable[[str], date | None], today: date) -> tuple[str, str | None]:
    """What stands before the day that the words end with, as in `slate by friday`, and that day.

    None where no day is meant, and an empty one where it is open whether it is, or which.
    """
    parts = words.split(" ")
    for count in range(min(MOST_WORDS, len(parts) - 1), 0, -1):
        day, before = " ".join(parts[-count:]), parts[-count - 1].casefold().rstrip(",")
        named = day_of(day)
        plain = parts[-count].casefold() in _PLAIN_DAY and named is not None and named >= today
        if named is None or not (plain or before in _BEFORE_DUE):
            continue
        if plain and before in _NOT_DUE:
            return words, None
        if plain and before in _EITHER:
            return words, ""
        what = parts[:-count]
        while what and what[-1].casefold().rstrip(",") in {*_BEFORE_DUE, "on"}:
            what.pop()
        left = " ".join(what).rstrip(" ,")
        return (left, day) if left else (words, None)
    return words, "" if re.search(_LIKE_A_DAY, words) else None


def percent(typed: str) -> int | None:
    """A whole number from 0 to 100, with or without its sign; None for anything else."""
    number = typed.rstrip(" %")
    fits = number.isascii() and number.isdecimal() and len(number) <= 3 and int(number) <= 100
    return int(number) if fits else None


def by_the_clock(due_at: datetime | None, at: datetime) -> Literal["kept", "late"]:
    """What the clock says of a loop closed at a moment."""
    return "late" if due_at is not None and at > due_at else "kept"


class Responsiveness(NamedTuple):
    """An opinion on answers in time, with the counts that keep its median honest."""

    r: float
    s: float
    b: float
    d: float
    u: float
    e: float
    median_response_hours: float | None
    answered: int
    open: int
    overdue: int
    oldest_open_days: float | None
    missed: int = 0

    @property
    def usual_hours(self) -> float | None:
        """The median of the hours to an answer; None under ENOUGH_ANSWERS, which say nothing of their middle."""
        return self.median_response_hours if self.answered >= ENOUGH_ANSWERS else None


def responsiveness(loops: Iterable[Promise], at: datetime, parameters: Parameters) -> Responsiveness:
    """The loops of one side at a moment.

    Answered in time counts for, later or missed against, dated at the answer; open past its time counts against,
    dated at that time. What is open in time, withdrawn, or without a due time is left out of the opinion.
    """
    from statistics import median  # 5 ms, only in a report

    good: list[float] = []
    bad: list[float] = []
    hours: list[float] = []
    ages: list[float] = []
    overdue = missed = 0
    for loop in loops:
        if loop.state == "open":
            ages.append((at - loop.given_at).total_seconds() / 86400)
        if loop.state in ("kept", "late") and loop.settled_at is not None:
            hours.append((loop.settled_at - loop.given_at).total_seconds() / 3600)
        if loop.due_at is None or loop.state == "withdrawn":
            continue
        if loop.overdue(at) or loop.state == "missed":
            overdue += loop.state == "open"
            missed += loop.state == "missed"
            bad.append(_left(loop.due_at, at, parameters))
        elif loop.settled_at is not None:
            side = good if loop.settled_at <= loop.due_at else bad
            side.append(_left(loop.settled_at, at, parameters))
    found = opinion(fsum(good), fsum(bad), parameters)
    return Responsiveness(
        *found, median(hours) if hours else None, len(hours), len(ages), overdue, max(ages, default=None), missed
    )


def _left(day: datetime, at: datetime, parameters: Parameters) -> float:
    """What is left of one unit after whole calendar days, each day as the clocks there had it."""
    return parameters.left(max((at.date() - day.date()).days, 0))
