"""Silence of somebody who was written to: how long, and the ladder of what to do, which has an end."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.coaching_history import PROMISE, SILENCE, History, Quiet, Step, StepEvent
from trustlog.domain.coaching_signals import EVENTS, OLD
from trustlog.domain.coaching_states import Current
from trustlog.domain.coaching_turns import OWED
from trustlog.domain.entries import KINDS

Rung = Literal["smaller", "channel", "give", "stand-in", "lead", "pause"]
RUNGS: tuple[Rung, ...] = ("smaller", "channel", "give", "stand-in", "lead", "pause")
"""How somebody silent may be asked, each once, from a smaller request to the pause of the search."""
REST = {"channel": timedelta(days=14), "give": timedelta(days=14), "stand-in": timedelta(days=7), "lead": timedelta(7)}
"""How long nothing follows after a rung."""


def next_rung(
    quiet: Quiet, taken: Iterable[tuple[str, date]], today: date, *, long: bool, stand_in: bool, old: bool = False
) -> Rung | None:
    """What may be done next about a silence, None if nothing.

    `taken` are the rungs that were taken or set aside, with their days; `stand_in` is whether one was agreed on at the
    kick-off. Something that came from them begins anew. A smaller request has its time before a silence is a long one;
    once it is `old`, nothing more goes to them about it.
    """
    since = {name: day for name, day in taken if quiet.heard_on is None or day > quiet.heard_on}
    if "pause" in since:
        return None
    rests = (day + REST.get(name, timedelta(0)) for name, day in since.items())
    if any(today < day for day in rests):
        return None
    left = [
        name for name in RUNGS if name not in since and RUNGS.index(name) > max(map(RUNGS.index, since), default=-1)
    ]
    if quiet.enough or old:
        left = [name for name in left if name not in ("smaller", "channel", "give")]
    if not stand_in:
        left = [name for name in left if name != "stand-in"]
    if not long:
        return "smaller" if "smaller" in left else None
    first = next((name for name in left if name != "smaller"), None)
    fresh = quiet.last_on is not None and today < quiet.last_on + REST["give"]
    return None if first == "give" and fresh else first


def stopped(quiet: Quiet, taken: Iterable[tuple[str, date]]) -> date | None:
    """The day on which the search was paused because nothing came, if nothing came since."""
    return max((day for name, day in taken if name == "pause" and day > (quiet.heard_on or date.min)), default=None)


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
    quiet = _counted(history, steps, events)
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


def _counted(history: History, steps: Sequence[Step], events: Sequence[StepEvent]) -> Quiet:
    """With the messages of steps that left no entry: what they ask for is theirs to give."""
    sent = {step.id for step in steps if step.to == "them" and (step.kind == PROMISE or KINDS[step.kind].who != "mine")}
    begin = max(history.quiet.heard_on or date.min, history.today - SILENCE)
    days = [event.at.date() for event in events if event.kind == "done" and event.step in sent]
    days = [day for day in days if day > begin]
    last = max((*days, history.quiet.last_on or date.min), default=date.min)
    messages = history.quiet.messages + len(days)
    return history.quiet._replace(messages=messages, last_on=None if last == date.min else last)
