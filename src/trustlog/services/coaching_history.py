"""One manager's recent past gathered from the journal, as the choice of steps reads it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain import trust as trust_domain
from trustlog.domain.coaching import Coaching, called, current, urgency
from trustlog.domain.coaching_history import LOOKS_BACK, SILENCE, History, StepEvent
from trustlog.domain.coaching_states import cheer
from trustlog.domain.coaching_turns import REPLAYED, Waiting, crowded, days_before, in_turn, replayed
from trustlog.domain.conversations import Conversation, until
from trustlog.domain.people import Manager
from trustlog.domain.praise import Span
from trustlog.domain.standing import TREND_DAYS, Reading, read
from trustlog.store import coaching, conversations, kickoffs, people, praise, private, promises, trust
from trustlog.store.journal import Journal

TREND = timedelta(days=TREND_DAYS)
HIRED_LATELY = timedelta(days=90)
GOOD = timedelta(days=20)
"""For so long back the days are read on which something good came."""
CHEERS = timedelta(days=10)
"""For so long a first is worth celebrating."""
MONTH = timedelta(days=30)


class Asking(NamedTuple):
    """What is asked for: a moment, a family of steps or any, and the recruiter's own page for drafts."""

    at: datetime
    family: str | None
    parameters: trust_domain.Parameters
    own: dict[str, Any]
    private: bool = False
    """Whether what the recruiter said about themselves may be heard in the answer."""
    working_week: bool = True


def history_of(journal: Journal, manager: Manager, asking: Asking) -> History:
    """One manager at a moment; what came later does not exist yet."""
    at = asking.at
    first, last = coaching.first_and_last(journal, manager.id, at)
    return History(
        manager=manager, at=at, first_on=first, last_contact=last,
        recent=tuple(coaching.happened(journal, manager.id, at - LOOKS_BACK, at)),
        loops=tuple(promises.lately(journal, manager.id, at - LOOKS_BACK, at)),
        reqs=tuple(
            req if req.closed_on is None or req.closed_on <= at.date() else req._replace(closed_on=None)
            for req in sorted(people.reqs(journal, manager.id), key=lambda req: req.opened_on, reverse=True)
            if req.opened_on <= at.date()
        ),
        agreements=tuple(kickoffs.of_manager(journal, manager.id, at)),
        talks=tuple(as_they_stood(conversations.all_conversations(journal, manager.id), at)),
        jar=tuple(praise.unthanked(journal, manager.id, at.date())),
        restriction=private.restriction(journal, manager.id, at.date()),
        working_week=asking.working_week,
    )  # fmt: skip


def whole(journal: Journal, history: History) -> History:
    """The history with what states ask for, which the choice among managers does without."""
    who, at, today = history.manager.id, history.at, history.today
    quiet = coaching.quiet(journal, who, at, conversations.last_held(journal, who, today))
    given = [
        day for loop in history.asked()
        if (day := history.day(loop.given_at)) > (quiet.heard_on or date.min) and today - day <= SILENCE
    ]  # fmt: skip
    last = max((*given, quiet.last_on or date.min), default=date.min)
    firsts = praise.first_entries(journal, Span(today - CHEERS, today, at))
    return history._replace(
        past_roles=coaching.past_roles(journal, who, history.open_reqs(), at),
        quiet=quiet._replace(messages=quiet.messages + len(given), last_on=None if last == date.min else last),
        worked_together=coaching.worked_together(journal, who, at) or bool(history.agreements),
        hired_lately=coaching.hired_since(journal, at - HIRED_LATELY, at),
        good_on=tuple(sorted({
            *coaching.good_days(journal, who, today - GOOD, at),
            *(history.day(deed.at) for deed in history.unthanked if today - history.day(deed.at) <= GOOD),
        })),
        cheer=cheer(
            history,
            [first for first in firsts if first.manager == history.manager.handle],
            *coaching.together_and_pushed(journal, who, today - MONTH, at),
        ),
    )  # fmt: skip


def as_they_stood(found: list[Conversation], at: datetime) -> list[Conversation]:
    """Conversations without what was written later; those that had not begun are left out."""
    return [stood for conversation in found if (stood := until(conversation, at.date())).sittings]


def at_day(history: History, day: date) -> History:
    """About how the history stood at the end of an earlier day: without what came later, as far as it is known here."""
    if day == history.today:
        return history
    at = history.at - (history.today - day)
    return history._replace(
        at=at,
        recent=tuple(one for one in history.recent if one.on <= day),
        loops=tuple(
            loop if loop.settled_at is None or loop.settled_at <= at else loop._replace(state="open", settled_at=None)
            for loop in history.loops if loop.given_at <= at
        ),
        talks=tuple(as_they_stood(list(history.talks), at)),
        agreements=tuple(deal for deal in history.agreements if deal.sent_on is None or deal.sent_on <= day),
    )  # fmt: skip


class Past(NamedTuple):
    """What the choice of steps reads of one manager."""

    history: History
    reading: Reading
    events: list[StepEvent]


def past(journal: Journal, history: History, asking: Asking) -> Past:
    today, who = asking.at.date(), history.manager.id
    facts, base = trust.past(journal, who, today - TREND, asking.parameters, asking.at)
    reading = read(facts, today, asking.parameters, base, conversations.last_held(journal, who, today))
    return Past(whole(journal, history), reading, coaching.step_events(journal, who, asking.at))


def rests(histories: Sequence[History], words: Coaching) -> set[str]:
    """The families that rest today, for events with these managers called for them on the two working days before."""
    if not histories:
        return set()
    today = histories[0].today
    return crowded({
        day: {one for history in histories for one in called(words.steps, words.situations, at_day(history, day))}
        for day in days_before(today)
    })  # fmt: skip


def by_urgency(journal: Journal, words: Coaching, asking: Asking) -> list[History]:
    """Everybody who is not archived: whose day it is, who was left out for long, the most urgent event, then who waited
    longest.
    """
    today = asking.at.date()
    known = {
        manager.handle: history_of(journal, manager, asking) for manager in people.all_managers(journal)
        # who left lately had turns
        if not manager.gone(today - REPLAYED) and not coaching.in_peace(journal, manager.id, asking.at)
    }  # fmt: skip
    begin = min((history.first_on for history in known.values() if history.first_on is not None), default=today)
    made = people.made_on(journal)
    turns = in_turn(
        [_waiting(journal, history, words, begin, made[history.manager.id]) for history in known.values()], today
    )
    there = [known[handle] for handle in turns if not known[handle].manager.gone(today)]
    # of whom something was noted that stands first has no turn
    return sorted(there, key=lambda one: one.restriction is not None and asking.family is None)


def _waiting(journal: Journal, history: History, words: Coaching, begin: date, made: date) -> Waiting:
    events = coaching.step_events(journal, history.manager.id, history.at)
    taken = frozenset(event.at.date() for event in events if event.kind in ("done", "copied"))
    thens = [history, *(at_day(history, day) for day in replayed(begin, history.today))]
    pressed = {then.today: urgency(current(words.situations, then, None), then) for then in thens}
    # a clock that was set back tells nothing of who is new
    since = min(history.first_on or made, made) if made <= history.today else begin
    return Waiting(history.manager.handle, max(since, begin), taken, pressed)
