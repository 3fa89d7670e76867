"""What happened lately with one manager, told from entries: the sentence of the month, and who was heard from last."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.days import MONTH_NAMES
from trustlog.domain.entries import GOOD, KINDS, Contact
from trustlog.domain.promises import Ask
from trustlog.domain.standing import QUIET_DAYS, TREND_DAYS
from trustlog.domain.text import capitalized, spelled, times
from trustlog.domain.trust import Fact

FIRST_DAYS = 7
"""In the first days of a month that holds nothing yet, the month before is told of."""
CAME_BACK = frozenset(GOOD["theirs"]) | {"slate-declined"}
"""What counts as coming back: all that is good, and a no, which is an answer too."""
MESSAGES = frozenset({
    "ask-help", "praise-given", "update-sent", "insight-shared", "own-error-disclosed", "apology-made",
    "promise-renegotiated",
})  # fmt: skip
"""The kinds of mine that are said to them."""
SPOKEN = frozenset({"call", "meeting", "in-person", "one-to-one"})
"""The channels on which nothing is written."""
HARD_DAYS = timedelta(days=7)
"""For so long after hard words nobody is told what would help with who said them."""
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
    kinds = [fact.kind for fact in facts if begin <= fact.on <= end]
    mine, theirs, together = (sum(kind in side for kind in kinds) for side in (GOOD["mine"], CAME_BACK, GOOD["joint"]))
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
    sentence = f"{' and '.join(own)} {when}"
    return f"{capitalized(sentence)}{f'; {came}' if month.theirs else ''}."


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
    own = [each for each in since if each.kind in GOOD["mine"]]
    messages = [each for each in own if each.kind in MESSAGES]
    begun = last or contact
    days = [*requests, *(each.newest for each in own)]
    count = sum(each.entries for each in own) + len(requests)
    return Heard(
        first=first,
        last=last,
        steps=count,
        alone=count > 1 or (count == 1 and (last is None or as_of - max(days) < timedelta(days=TREND_DAYS))),
        messages=sum(each.entries for each in messages) + len(requests),
        written=all(each.channel not in SPOKEN for each in messages),
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


Approach = Literal["push", "pull"]
ANSWERS = ("reply-received", "help-received", "feedback-received")
"""The kinds that may answer something that was asked for; what asks for nothing is answered by the first alone."""


class Request(NamedTuple):
    """A message that asks for something (push) or for nothing (pull), and the day of its reply if there was one."""

    approach: Approach
    on: date
    answered_on: date | None


class Matched(NamedTuple):
    """Every request, and the ids of the entries that answer one."""

    requests: tuple[Request, ...]
    answers: frozenset[int]


def matched(contacts: Sequence[Contact], asks: Sequence[Ask] = ()) -> Matched:
    """Each reply with the latest open request before it, and with no other.

    A loop that was settled has its own reply; one that was withdrawn waits for none from then on, and is left out if
    none had come. Contacts are in the order in which they happened.
    """
    loops = {ask.given_entry: ask for ask in asks if ask.given_entry is not None}
    reserved: dict[int, int] = {}  # the entry that settles a loop, to its request
    requests: list[Request] = []
    waiting: dict[tuple[int, Approach], list[int]] = defaultdict(list)  # the latest last
    withdrawn: dict[int, datetime] = {}
    answers = set()

    def sent(manager_id: int, approach: Approach, on: date, loop: Ask | None) -> None:
        if loop is None or loop.settled_entry is None:
            waiting[manager_id, approach].append(len(requests))
        else:
            reserved[loop.settled_entry] = len(requests)
        if loop is not None and loop.withdrawn_at is not None:
            withdrawn[len(requests)] = loop.withdrawn_at
        requests.append(Request(approach, on, None))

    for thing in _in_order(contacts, asks):
        if isinstance(thing, Ask):
            sent(thing.manager_id, "push", thing.at.date(), thing)
            continue
        way = approach_of(thing)
        if way is not None:
            sent(thing.manager_id, way, thing.on, loops.get(thing.entry))
        elif thing.kind in ANSWERS:
            place = reserved.get(thing.entry)
            if place is None:
                ways: tuple[Approach, ...] = ("push", "pull") if thing.kind == ANSWERS[0] else ("push",)
                lists = [waiting[thing.manager_id, way] for way in ways]
                place = next(
                    (earlier for places in lists if (earlier := _latest(places, withdrawn, _at(thing))) is not None),
                    None,
                )
            if place is not None:
                requests[place] = requests[place]._replace(answered_on=thing.on)
                answers.add(thing.entry)
    kept = (
        request for place, request in enumerate(requests) if place not in withdrawn or request.answered_on is not None
    )
    return Matched(tuple(kept), frozenset(answers))


def _latest(places: list[int], withdrawn: Mapping[int, datetime], at: datetime) -> int | None:
    """Takes the latest of the requests that still wait at a moment out of the list."""
    places[:] = [place for place in places if withdrawn.get(place, at) >= at]
    return places.pop() if places else None


def _at(contact: Contact) -> datetime:
    return contact.at or datetime.combine(contact.on, time(12), UTC)


def _in_order(contacts: Sequence[Contact], asks: Sequence[Ask]) -> Iterable[Contact | Ask]:
    """Contacts and loops as they happened; a loop whose request is an entry stands there as that entry."""
    entries = {contact.entry for contact in contacts}
    loops = [ask for ask in asks if ask.given_entry is None or ask.given_entry not in entries]
    dated: list[tuple[datetime, Contact | Ask]] = [(ask.at, ask) for ask in loops]
    dated += [(_at(contact), contact) for contact in contacts]
    return (thing for _, thing in sorted(dated, key=lambda pair: pair[0]))


def approach_of(contact: Contact) -> Approach | None:
    """How a contact of mine or a joint one approached them; a plain one did neither, but who asks for help pushes."""
    if KINDS[contact.kind].who == "theirs":
        return None
    if contact.approach == "push" or (contact.approach is None and contact.kind == "ask-help"):
        return "push"
    return "pull" if contact.approach == "pull" else None
