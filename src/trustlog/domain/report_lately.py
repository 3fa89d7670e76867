"""What happened lately with one manager, told from entries: the sentence of the month, and who was heard from last."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.days import MONTH_NAMES
from trustlog.domain.entries import KINDS
from trustlog.domain.standing import QUIET_DAYS, TREND_DAYS
from trustlog.domain.text import spelled, times
from trustlog.domain.trust import Fact

FIRST_DAYS = 7
"""In the first days of a month that holds nothing yet, the month before is told of."""
CAME_BACK = frozenset(kind.name for kind in KINDS.values() if kind.who == "theirs" and kind.sign == "+") | {
    "slate-declined"
}
"""What counts as coming back: all that is good, and a no, which is an answer too."""
MESSAGES = frozenset({
    "ask-help", "praise-given", "update-sent", "insight-shared", "own-error-disclosed", "apology-made",
    "promise-renegotiated",
})  # fmt: skip
"""The kinds of mine that are said to them."""
SPOKEN = frozenset({"call", "meeting", "in-person", "one-to-one"})
"""The channels on which nothing is written."""
LONG = timedelta(days=90)
"""Whoever is known for longer is no new acquaintance."""


class Month(NamedTuple):
    """How many entries of a month say what I did, that they came back, and what was done together.

    `on` is the month's first day. Hard entries are not counted: a month is no reckoning.
    """

    on: date
    mine: int
    theirs: int
    together: int


def month_of(facts: Sequence[Fact], as_of: date) -> Month | None:
    """The month of a day, up to it; in its first days the month before if nothing is written yet. None if empty."""
    begin = as_of.replace(day=1)
    found = _month(facts, begin, as_of)
    if found is None and as_of.day <= FIRST_DAYS:
        last = begin - timedelta(days=1)
        found = _month(facts, last.replace(day=1), last)
    return found


def _month(facts: Sequence[Fact], begin: date, end: date) -> Month | None:
    kinds = [KINDS[fact.kind] for fact in facts if begin <= fact.on <= end]
    mine = sum(kind.who == "mine" and kind.sign == "+" for kind in kinds)
    theirs = sum(kind.name in CAME_BACK for kind in kinds)
    together = sum(kind.who == "joint" and kind.sign == "+" for kind in kinds)
    return Month(begin, mine, theirs, together) if mine or theirs or together else None


def month_sentence(month: Month, name: str) -> str:
    """`Five small acts of yours in November; Lena came back three times.`"""
    own = []
    if month.mine:
        own.append(f"{spelled(month.mine)} small {'act' if month.mine == 1 else 'acts'} of yours")
    if month.together:
        own.append(f"{spelled(month.together)} {'thing' if month.together == 1 else 'things'} done together")
    when = f"in {MONTH_NAMES[month.on.month - 1]}"
    came = f"{name} came back {times(month.theirs)}"
    if not own:
        return f"{came} {when}."
    said = f"{' and '.join(own)} {when}"
    return f"{said[0].upper()}{said[1:]}{f'; {came}' if month.theirs else ''}."


class Own(NamedTuple):
    """So many entries of one kind of mine, on one channel, the newest of a day."""

    kind: str
    channel: str | None
    entries: int
    newest: date


class Heard(NamedTuple):
    """When one manager was last heard from, and what only the recruiter did since.

    `first` is the first entry's day, `last` that of the last entry of theirs or together, or of a talk that was held.
    `steps` counts the good deeds of mine since, `messages` those of them that were said to them, requests among them;
    `written` is False if one of these was spoken. `quiet` means QUIET_DAYS and more without anything of theirs, `old`
    an acquaintance of LONG and more, `alone` that only the recruiter goes on: by a step in the trend's window, by more
    than one since, or with nothing of theirs ever.
    """

    first: date | None = None
    last: date | None = None
    steps: int = 0
    messages: int = 0
    written: bool = True
    quiet: bool = False
    old: bool = False
    alone: bool = False


def heard(
    first: date | None, contact: date | None, last: date | None, since: Iterable[Own], requests: Sequence[date],
    as_of: date,
) -> Heard:  # fmt: skip
    """What is known of `since` the last time, with the days of `requests`; `contact` is the first day of all but
    notes.
    """
    own = [each for each in since if KINDS[each.kind].who == "mine" and KINDS[each.kind].sign == "+"]
    said = [each for each in own if each.kind in MESSAGES]
    begun = last or contact
    days = [*requests, *(each.newest for each in own)]
    count = sum(each.entries for each in own) + len(requests)
    return Heard(
        first=first,
        last=last,
        steps=count,
        alone=count > 1 or (count == 1 and (last is None or as_of - max(days) < timedelta(days=TREND_DAYS))),
        messages=sum(each.entries for each in said) + len(requests),
        written=all(each.channel not in SPOKEN for each in said),
        quiet=begun is not None and (as_of - begun).days >= QUIET_DAYS,
        old=contact is not None and as_of - contact > LONG,
    )


Lead = Literal["label", "own-steps", "quiet"]


EARNED = timedelta(days=90)
"""For so long after they were last heard from a label outlives the silence of both."""


def earned(heard: Heard, as_of: date) -> bool:
    """Whether a label that came from them holds on: a month without a word takes no long partnership away."""
    return heard.last is not None and as_of - heard.last <= EARNED and not heard.alone


def lead(heard: Heard, *, from_them: bool) -> Lead:
    """What a page leads with: its label, or that only the recruiter did something, or that nobody did.

    Without something of theirs or together (`from_them`) no label is earned but that of somebody new.
    """
    if from_them or (heard.last is None and not heard.steps):
        return "label"
    return "own-steps" if heard.alone else "quiet"
