"""Which reply belongs to which request: one to one, so that no share flatters and an answer is not begun by them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Literal, NamedTuple

from trustlog.domain.entries import KINDS, Contact
from trustlog.domain.promises import Ask

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

    A loop that was settled has its own reply. Contacts are in the order in which they happened.
    """
    loops = {ask.given_entry: ask for ask in asks if ask.given_entry is not None}
    reserved: dict[int, int] = {}  # the entry that settles a loop, to its request
    requests: list[Request] = []
    waiting: dict[tuple[int, Approach], list[int]] = defaultdict(list)  # the latest last
    answers = set()

    def sent(manager_id: int, approach: Approach, on: date, settled_entry: int | None) -> None:
        if settled_entry is None:
            waiting[manager_id, approach].append(len(requests))
        else:
            reserved[settled_entry] = len(requests)
        requests.append(Request(approach, on, None))

    for thing in _in_order(contacts, asks):
        if isinstance(thing, Ask):
            sent(thing.manager_id, "push", thing.at.date(), thing.settled_entry)
            continue
        approach = _approach(thing)
        if approach is not None:
            loop = loops.get(thing.entry)
            sent(thing.manager_id, approach, thing.on, loop.settled_entry if loop else None)
        elif thing.kind in ANSWERS:
            place = reserved.get(thing.entry)
            if place is None:
                ways: tuple[Approach, ...] = ("push", "pull") if thing.kind == ANSWERS[0] else ("push",)
                lists = [waiting[thing.manager_id, way] for way in ways]
                place = next((places.pop() for places in lists if places), None)
            if place is not None:
                requests[place] = requests[place]._replace(answered_on=thing.on)
                answers.add(thing.entry)
    return Matched(tuple(requests), frozenset(answers))


def _in_order(contacts: Sequence[Contact], asks: Sequence[Ask]) -> Iterable[Contact | Ask]:
    """Contacts and loops as they happened; a loop whose request is an entry stands there as that entry."""
    entries = {contact.entry for contact in contacts}
    loops = [ask for ask in asks if ask.given_entry is None or ask.given_entry not in entries]
    dated: list[tuple[datetime, Contact | Ask]] = [(ask.at, ask) for ask in loops]
    dated += [(contact.at or datetime.combine(contact.on, time(12), UTC), contact) for contact in contacts]
    return (thing for _, thing in sorted(dated, key=lambda pair: pair[0]))


def _approach(contact: Contact) -> Approach | None:
    """How a contact of mine or a joint one approached them; a plain one did neither, but who asks for help pushes."""
    if KINDS[contact.kind].who == "theirs":
        return None
    if contact.approach == "push" or (contact.approach is None and contact.kind == "ask-help"):
        return "push"
    return "pull" if contact.approach == "pull" else None
