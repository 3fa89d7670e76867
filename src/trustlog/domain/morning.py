"""The page of the day: what is looked at first, each part only if it is there."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.coaching import Offer
from trustlog.domain.conversations import Conversation
from trustlog.domain.entries import Entry
from trustlog.domain.people import Req
from trustlog.domain.promises import Promise

AHEAD = timedelta(hours=24)
"""A talk this near stands on the page."""
BEGUN = timedelta(minutes=30)
"""For so long after its time a talk is going on, and its card is still wanted."""
ASKED_AFTER = timedelta(days=14)
"""For so long a talk that has passed is asked about; then it has had its time."""
HARD = ("harsh-exchange",)
HARD_DAYS = 2
"""For so many days hard words have their line, unless something was done for oneself."""
TOLD_BY_THE_PAGE = frozenset({"conversation_soon", "harsh_words", "line_crossed"})
"""Situations that the upper parts of the page tell already."""
FRIDAY = 4
NEW_ROLE_DAYS = 4
"""For so many days from the one after it was opened a role without a kick-off is named."""
GOOD = (
    "hire-closed", "recommended-me", "praise-received", "confided", "relied-on-me", "slate-accepted", "help-received",
    "feedback-received", "expectation-confirmed",
)  # fmt: skip
"""What is worth remembering after a year, the best first."""


class Begun(NamedTuple):
    """A guided flow that was begun and not finished; `about` is the title of a role, `req` its code if it has one."""

    flow: Literal["prep-feedback", "debrief", "kickoff"]
    manager: str
    manager_name: str
    about: str | None = None
    req: str | None = None


class Morning(NamedTuple):
    """One day's page. `talks` come within a day, `passed` are over and not debriefed, `hard` the hard words that
    nothing was done for since, `loops` due today or late, `coming` the next one after them, `later` counts the other
    open ones; `private` counts check-ins, `inbox` lines that wait. `week` is whether Friday's ten minutes are offered,
    `year_ago` something good of this day last year.
    """

    at: datetime
    known: bool
    offer: Offer
    loops: tuple[Promise, ...] = ()
    coming: Promise | None = None
    talks: tuple[Conversation, ...] = ()
    passed: tuple[Conversation, ...] = ()
    drafts: tuple[Begun, ...] = ()
    hard: tuple[Entry, ...] = ()
    private: int = 0
    inbox: int = 0
    week: bool = False
    year_ago: Entry | None = None
    new_roles: tuple[Req, ...] = ()
    """The roles of the last days that have no kick-off yet."""
    later: int = 0


def pressing(loops: Sequence[Promise], at: datetime) -> tuple[tuple[Promise, ...], Promise | None, int]:
    """Of open loops, the soonest first: those due by the end of the day, the next one, and how many are left."""
    timed = [loop for loop in loops if loop.due_at is not None]
    today = [
        promise for promise in timed if promise.due_at and promise.due_at.astimezone(at.tzinfo).date() <= at.date()
    ]
    coming = next((promise for promise in timed if promise not in today), None)
    return tuple(today), coming, len(loops) - len(today) - (coming is not None)


def to_come(talks: Iterable[Conversation], at: datetime) -> tuple[Conversation, ...]:
    """The talks of the next 24 hours and the one that is going on, the soonest first."""
    found = [
        (talk.planned_for, talk.id, talk) for talk in talks
        if talk.planned_for is not None and talk.sitting("debrief") is None
        and at - BEGUN <= talk.planned_for <= at + AHEAD
    ]  # fmt: skip
    return tuple(talk for _, _, talk in sorted(found))


def over(talks: Iterable[Conversation], at: datetime) -> tuple[Conversation, ...]:
    """The talks that have passed and whose debrief was not begun, the newest first.

    One without a day counts as held on the day of its preparation, and is asked about from the next day on.
    """
    found = []
    for talk in talks:
        prep = talk.sitting("prep")
        if talk.state != "prepared" or talk.sitting("debrief") is not None or prep is None:
            continue
        if talk.planned_for is None:
            if not talk.prepared:
                continue
            age = at.date() - prep.on
            passed = timedelta(0) < age <= ASKED_AFTER
        else:
            passed = BEGUN < at - talk.planned_for <= ASKED_AFTER
        if passed:
            found.append((held_on(talk, at), talk.id, talk))
    return tuple(talk for _, _, talk in sorted(found, reverse=True))


def held_on(talk: Conversation, at: datetime) -> date:
    """The day that a talk was planned for, as the clock of the reader had it, else that of its preparation."""
    prep = talk.sitting("prep")
    if talk.planned_for is not None:
        return talk.planned_for.astimezone(at.tzinfo).date()
    return prep.on if prep is not None else at.date()


def begun(talks: Iterable[Conversation], named: Collection[int]) -> list[Begun]:
    """The preparations and debriefs that lie open, the newest first, but for those that are named already."""
    found: list[Begun] = []
    for talk in talks:
        debrief = talk.sitting("debrief")
        if talk.id in named:
            continue
        if debrief is not None and not debrief.finished:
            found.append(Begun("debrief", talk.manager, talk.manager_name))
        elif talk.state == "draft":
            found.append(Begun("prep-feedback", talk.manager, talk.manager_name))
    return found


def step_of(offers: Iterable[tuple[Offer, str | None]], named: Collection[str]) -> Offer | None:
    """Of the offers, the most urgent first, the one for the page; `named` are the managers of its upper parts.

    Each stands with the signal of the event that it answers, None for a state. It is about another manager than
    those, unless an event that the page does not tell belongs to one of them and nobody else has any.
    """
    event = first = None
    for offer, signal in offers:
        if offer.manager is None or offer.manager.handle not in named:
            return event if event is not None and signal is None else offer
        first = first or offer
        if event is None and signal is not None and signal not in TOLD_BY_THE_PAGE:
            event = offer
    return event or first
