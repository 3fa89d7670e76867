"""The rhythm of steps: whose turn it is, which steps a day has, and how far asking somebody silent has come.

Looking writes nothing, so what was offered before is not known; every rule here follows from the day and from what
was written down.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from trustlog.domain.coaching_history import CATEGORIES, History, Rung, Step, StepEvent, next_rung, stopped, with_steps
from trustlog.domain.coaching_signals import EVENTS, OLD
from trustlog.domain.coaching_states import FRESH_DAYS, Candidate, Current

REPLAYED = timedelta(days=21)
"""For so long back the turns are counted again."""
LEFT_OUT = 10
"""Whoever had no turn for so many working days, and longer than a round takes, goes before every event."""
THANKS_REST = 6
"""Days within which one word of praise is enough for all that was good."""
THANKS_EVERY = 7
LOOKED_AT = 5
"""With so many managers it is looked for something to celebrate."""
CELEBRATES_EVERY = 6
"""One working day in so many is for praise that nothing new asks for, and for what there is to celebrate."""


def turn(day: date) -> int:
    """A count of working days: it changes by one from a day to the next, and from a Friday to the Monday after it."""
    week, weekday = divmod(day.toordinal() - 1, 7)
    return week * 5 + (weekday if weekday < 5 else weekday - 2)


def asleep(family: str, day: date) -> bool:
    """Whether a family has none of its days: one working day in three."""
    return (turn(day) + CATEGORIES.index(family)) % 3 == 0


def awake(step: str, family: str, day: date) -> bool:
    """Whether a step that no event calls for has its day: never two days in a row, and its family never three."""
    return not asleep(family, day) and (turn(day) + sum(step.encode())) % 2 == 0


def days_before(today: date) -> list[date]:
    """The two working days before a day, the later one first."""
    return [day for back in range(1, 5) if (day := today - timedelta(days=back)).weekday() < 5][:2]


def crowded(called: Mapping[date, Collection[str]]) -> set[str]:
    """The families that rest although they would have their day, of those that events called for on the two working
    days before: on the one on which they sleep, or on both.
    """
    both = set.intersection(*map(set, called.values())) if called else set()
    return both | {family for day, families in called.items() for family in families if asleep(family, day)}


def celebrates(day: date) -> bool:
    """Whether what there is to celebrate has its day."""
    return turn(day) % CELEBRATES_EVERY == 1


def occasions(good_on: Iterable[date]) -> set[date]:
    """Of the days on which something good came those that a word of thanks belongs to: one for THANKS_REST days."""
    chosen: list[date] = []
    for day in sorted(good_on):
        if not chosen or (day - chosen[-1]).days >= THANKS_REST:
            chosen.append(day)
    return set(chosen)


class Waiting(NamedTuple):
    """A manager who may get a step: since when something is known, the days on which steps were taken, and on which
    days of the past an event pressed, with its rank.
    """

    handle: str
    since: date
    taken: frozenset[date] = frozenset()
    pressed: Mapping[date, int] = {}


def replayed(begin: date, today: date) -> list[date]:
    """The days whose turns are told again, the oldest first: not a day to celebrate, which is nobody's turn."""
    days = (today - timedelta(days=back) for back in range((today - max(begin, today - REPLAYED)).days, 0, -1))
    return [day for day in days if day.weekday() < 5 and not celebrates(day)]


def in_turn(waiting: Sequence[Waiting], today: date) -> list[str]:
    """Whose step comes first today: whose day it is, who was left out for long, then the most urgent event, then who
    waited longest.

    Looking writes nothing, so the page of each working day before is told again, as far as it is still known; a step
    that was taken was a turn too.
    """
    first = min((one.since for one in waiting), default=today)
    begin = max(first, today - REPLAYED)
    handles = sorted(one.handle for one in waiting)
    # what lies before is taken for a plain round, so that the round goes on from day to day
    round_ = {
        handle: turn(begin) - 1 - (turn(begin) - 1 - place) % len(handles) for place, handle in enumerate(handles)
    }
    last = {
        one.handle: max([turn(day) for day in one.taken if day < begin] + [round_[one.handle] if begin > first else -1])
        for one in waiting
    }
    for day in replayed(begin, today):
        there = [one for one in waiting if one.since <= day]
        if there:
            last[_ordered(there, last, begin, day)[0]] = turn(day)
        last |= {one.handle: turn(day) for one in waiting if day in one.taken}
    # what was taken at a weekend or on a day to celebrate counts as well
    for one in waiting:
        last[one.handle] = max([last[one.handle], *(turn(day) for day in one.taken if begin <= day <= today)])
    return _ordered(waiting, last, begin, today)


def host_of(handles: Sequence[str], day: date) -> str | None:
    """Whose day it is whatever happened: on every other working day, so that up to five come within a fortnight."""
    place, other = divmod(turn(day), 2)
    place, between = divmod(place, max(1, 5 // max(1, len(handles))))
    return None if other or between or not handles else handles[place % len(handles)]


def _ordered(waiting: Sequence[Waiting], last: Mapping[str, int], begin: date, day: date) -> list[str]:
    host = host_of(sorted(last), day)

    def key(one: Waiting) -> tuple[bool, bool, int, int, str]:
        seen = last[one.handle]
        left_out = turn(day) - max(seen, turn(begin), turn(one.since)) >= max(LEFT_OUT, 2 * len(last) + 1)
        rank = len(EVENTS) if left_out else one.pressed.get(day, len(EVENTS))
        return one.handle != host, not left_out, rank, seen, one.handle

    return [one.handle for one in sorted(waiting, key=key)]


URGENT = frozenset({"promise_missed", "harsh_words", "promise_at_risk", "scorecard_late", "conversation_soon"})
"""The events that nothing goes before while they are new."""
THANKED = frozenset({"help_unthanked", "good_news", "scorecard_fast"})
"""The events that call for thanks."""
OWED = frozenset({"promise_missed", "promise_at_risk", "help_unthanked", "feedback_untold"})
"""What is owed even to somebody who does not answer."""


def of_today(listed: Sequence[Candidate], history: History, rests: Collection[str] = ()) -> list[Candidate]:
    """Those of the candidates that have their day, the best first; of the families in `rests` only events do.

    An event gives its steps some days, thanks come once for what was good within a week, a state in turn, and now and
    then what there is to celebrate goes before everything that is not new.
    """
    today = [
        candidate
        for candidate in listed
        if has_its_day(candidate, history) and (candidate.step.category not in rests or _event(candidate))
    ]
    if celebrates(history.today) and not (today and urgent(today[0], history)):
        today.sort(key=lambda one: one.step.category != "celebrate")
    return today


def has_its_day(candidate: Candidate, history: History) -> bool:
    step, day = candidate.step, history.today
    event = _event(candidate)
    if step.kind == "praise-given" and (event is None or event.situation.signal in THANKED):
        return _has_thanks(event, history)
    if event is not None:
        new = fresh(event, history) and event.situation.signal != "leaving"
        return new or awake(step.id, step.category, day)  # an older one is one among others
    if step.category == "celebrate":
        return celebrates(day)
    return awake(step.id, step.category, day)


def _has_thanks(event: Current | None, history: History) -> bool:
    """One word of thanks for all that was good within THANKS_REST days, when it is new, and now and then."""
    if history.last("praise-given", days=THANKS_REST - 1) is not None:
        return False
    chosen = occasions(history.good_on)
    if event is None:
        return _thanks_day(history.today, chosen)
    lately = (history.today - timedelta(days=back) for back in range(1, THANKS_REST))
    told = any(_thanks_day(day, {one for one in chosen if one < day}) and min(chosen) < day for day in lately if chosen)
    return event.found.since in chosen and _working_age(event, history) <= 1 and not told


def _thanks_day(day: date, chosen: Collection[date]) -> bool:
    """Whether thanks that nothing new asks for have their day; not where something good had its own just before."""
    return turn(day) % THANKS_EVERY == 3 and not any(0 <= (day - one).days < THANKS_REST for one in chosen)


def urgent(candidate: Candidate, history: History) -> bool:
    """Whether nothing goes before an event: in its first days, for an older one had a day of its own."""
    return any(one.situation.signal in URGENT and _working_age(one, history) <= 1 for one in candidate.because)


def fresh(event: Current, history: History) -> bool:
    """Whether an event still presses."""
    return _working_age(event, history) <= FRESH_DAYS


def _event(candidate: Candidate) -> Current | None:
    return next((one for one in candidate.because if one.situation.signal in EVENTS), None)


def _working_age(event: Current, history: History) -> int:
    return history.working_age(event.found.since) if event.found.since is not None else 0


LONG_SILENT = "no_reply_for_long"
BEYOND = ("stand-in", "lead", "pause")
"""The rungs of a silence that turn to somebody else, or to nobody."""


class Silence(NamedTuple):
    """That somebody is silent: the rung that is next, if it is time for one, and whether enough was written to them."""

    rung: Rung | None
    enough: bool
    stopped_on: date | None = None
    long: bool = True

    def allows(self, step: Step, because: Sequence[Current]) -> bool:
        """Whether a step fits. Of what goes to them only the rung, and what is owed to them, or before the silence is a
        long one what happened, while that is no more mail than is good; what does not ask them stays.
        """
        if step.rung is not None:
            return step.rung == self.rung
        if step.to != "them":
            return True
        if self.enough or self.stopped_on:
            return False
        return not (OWED if self.long else EVENTS.keys()).isdisjoint(one.situation.signal for one in because)


def is_old(one: Current, history: History) -> bool:
    """Whether a situation is a silence of which another message would speak too late."""
    since = one.found.since
    return one.situation.signal == LONG_SILENT and since is not None and history.working_age(since) > OLD


def silence(
    found: Sequence[Current], history: History, steps: Sequence[Step], events: Sequence[StepEvent]
) -> Silence | None:
    """How far asking somebody silent has come; None if they are not silent."""
    rungs = {step.id: step.rung for step in steps}
    taken = [
        (name, event.at.date()) for event in events
        if event.kind in ("done", "copied", "dismissed") and (name := rungs.get(event.step)) is not None
    ]  # fmt: skip
    quiet = with_steps(history, steps, events)
    stopped_on = stopped(quiet, taken)
    # whoever was heard from since talks, and leaves one question open
    waits = [
        one for one in found
        if one.situation.signal in (LONG_SILENT, "no_reply")
        and not (quiet.heard_on and one.found.since and quiet.heard_on > one.found.since)
    ]  # fmt: skip
    silent, long = bool(waits), any(one.situation.signal == LONG_SILENT for one in waits)
    if not (silent or quiet.enough or stopped_on):
        return None
    stand_in = history.stand_in is not None
    old = long and all(is_old(one, history) for one in waits)
    name = next_rung(quiet, taken, history.today, long=long, stand_in=stand_in, old=old) if silent else None
    return Silence(name, quiet.enough, stopped_on, long)
