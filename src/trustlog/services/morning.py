"""The page of the day, gathered from the journal as it stands."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from trustlog.domain import morning as domain
from trustlog.domain.coaching import Coaching, Offer
from trustlog.domain.coaching_signals import EVENTS
from trustlog.domain.conversations import Conversation, due
from trustlog.domain.entries import ASK_TWICE, Entry, Filter
from trustlog.domain.morning import GOOD, Begun, Morning
from trustlog.domain.people import Req
from trustlog.services import coaching as coaching_service
from trustlog.services.coaching_history import Asking
from trustlog.store import coaching, conversations, entries, kickoffs, people, private, promises
from trustlog.store.journal import Journal

CARE = ("self-care", "boundaries")
"""The families of steps that are taken for oneself."""


def morning(journal: Journal, words: Coaching, asking: Asking, *, inbox: int = 0) -> Morning:
    """Everything that the page shows; `inbox` are the lines that wait in it."""
    known = people.all_managers(journal)
    active = {manager.handle for manager in known if not manager.gone(asking.at.date())}
    held = conversations.all_conversations(journal)
    talks = [talk for talk in held if talk.manager in active]
    to_come, over = domain.to_come(talks, asking.at), domain.over(talks, asking.at)
    of_roles = [Begun("kickoff", *draft) for draft in conversations.all_drafts(journal, "kickoff")]
    drafts = domain.begun(talks, {talk.id for talk in to_come})
    drafts += [draft for draft in of_roles if draft.manager in active]
    since = asking.at.date() - timedelta(days=domain.HARD_DAYS)
    lately = entries.newest_of(journal, domain.HARD, since, asking.at.date())
    hard = tuple(entry for entry in lately.values() if entry.manager in active)
    hard = tuple(entry for entry in hard if not _cared_for(journal, entry, words, asking.at))
    upper = {talk.manager for talk in (*to_come, *over)} | {entry.manager for entry in hard}
    upper |= {draft.manager for draft in drafts}
    loops, coming, later = domain.pressing(
        [loop for loop in promises.still_open(journal) if loop.manager in active], asking.at
    )
    new_roles = _new_roles(journal, asking.at.date(), active, {draft.req for draft in drafts})
    return Morning(
        asking.at, bool(known), _step(journal, words, asking, upper), loops, coming, to_come, over, tuple(drafts), hard,
        # of what is private the page only counts the items
        private=_due(journal, held, asking.at.date()) + _asked_twice(journal, asking.at.date()),
        inbox=inbox, later=later, new_roles=new_roles, week=asking.at.weekday() == domain.FRIDAY,
        year_ago=_year_ago(journal, asking.at),
    )  # fmt: skip


def _new_roles(
    journal: Journal, today: date, active: Collection[str], begun: Collection[str | None]
) -> tuple[Req, ...]:
    """The roles of the last days that have no kick-off yet, but for those whose kick-off was begun."""
    since = today - timedelta(days=domain.NEW_ROLE_DAYS)
    found = [
        req for req in people.reqs(journal)
        if req.closed_on is None and since <= req.opened_on < today and req.manager in active and req.code not in begun
    ]  # fmt: skip
    return tuple(req for req in found if kickoffs.of_req(journal, req.code) is None)


def _due(journal: Journal, talks: Sequence[Conversation], on: date) -> int:
    """How many talks a check-in would ask about."""
    found = [due(talk, on) for talk in talks]
    return sum(
        one.next_day
        or (one.anything and private.coaches(journal, people.manager(journal, one.conversation.manager).id, on))
        for one in found
    )


def _asked_twice(journal: Journal, on: date) -> int:
    """How many hard entries of earlier days a check-in would ask about."""
    lately = Filter(since=on - timedelta(days=7), until=on - timedelta(days=1), limit=1)
    if not any(entries.page(journal, lately._replace(kind=kind)) for kind in ASK_TWICE):
        return 0
    from trustlog.services import conversations_answers  # with all field types, only after a hard day

    return len(conversations_answers.hard_due(journal, on))


def _step(journal: Journal, words: Coaching, asking: Asking, upper: Collection[str]) -> Offer:
    signals = {situation.id: situation.signal for situation in words.situations if situation.signal in EVENTS}

    def offers() -> Iterator[tuple[Offer, str | None]]:
        for offer in coaching_service.in_turn(journal, words, asking._replace(private=False)):
            yield offer, signals.get(offer.because[0]) if offer.because else None

    return domain.step_of(offers(), upper) or coaching_service.nothing_at_all(words)


def _year_ago(journal: Journal, at: datetime) -> Entry | None:
    """The best of what was written about this day a year ago; nothing of somebody whom boundary notes restrict."""
    if (at.month, at.day) == (2, 29):
        return None
    day = at.date().replace(year=at.year - 1)
    for kind in GOOD:
        good = entries.page(journal, Filter(kind=kind, since=day, until=day))
        for entry in sorted(good, key=lambda entry: entry.id):
            if private.restriction(journal, people.manager(journal, entry.manager).id, at.date()) is None:
                return entry
    return None


def _cared_for(journal: Journal, hard: Entry, words: Coaching, at: datetime) -> bool:
    """Whether something was done since: it was mended, or a step for oneself, a debrief, a check-in, the questions
    about a crossed line came after it.
    """
    manager_id = people.manager(journal, hard.manager).id
    care = {step.id for step in words.steps if step.category in CARE}
    events = coaching.step_events(journal, manager_id, at)
    return (
        hard.repaired_by is not None
        or any(
            event.kind in ("done", "copied") and event.step in care and event.at >= hard.happened_at for event in events
        )
        or private.cared_since(journal, manager_id, hard.id, hard.happened_on)
    )
