"""Which small step to offer, as a pure function of history and day; and the offer as it is shown."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from trustlog.domain.coaching_history import PROMISE, History, Step, StepEvent
from trustlog.domain.coaching_signals import EVENTS
from trustlog.domain.coaching_states import CONDITIONS, STATES, TAKEN_FOR_GRANTED, Candidate, Current, Situation
from trustlog.domain.coaching_turns import BEYOND, fresh, is_old, silence
from trustlog.domain.entries import FACETS, KINDS, Facet
from trustlog.domain.people import Manager
from trustlog.domain.standing import Reading
from trustlog.domain.text import filled, filled_or_marked

RESTS = timedelta(days=14)
"""A step that was done or copied is not offered again for so long."""
DISMISSED = timedelta(days=60)
BOUNDARY = "line_crossed"
ALLOWED: dict[str, tuple[str, ...]] = {
    "L2": ("boundaries", "self-care", "expectations"),
    "L3": ("boundaries", "self-care"),
}
"""The families that may be offered while a restriction holds: nobody is coached to win over who hurts them."""


def current(situations: Sequence[Situation], history: History, reading: Reading | None) -> list[Current]:
    """The situations that hold, the most urgent first; without a reading only those of events."""
    ranks = {name: rank for rank, name in enumerate([*EVENTS, *STATES])}
    found = []
    for situation in situations:
        if situation.signal in EVENTS:
            hit = EVENTS[situation.signal](history)
        else:
            hit = STATES[situation.signal](history, reading) if reading is not None else None
        if hit is not None:
            # while a line stands crossed, nothing is more urgent
            found.append(Current(situation, hit, -1 if situation.signal == BOUNDARY else ranks[situation.signal]))
    return sorted(found, key=lambda one: one.rank)


def urgency(found: Sequence[Current], history: History) -> int:
    """The rank of the most urgent event that presses today; a number above all ranks if there is none."""
    pressing = (one.rank for one in found if one.situation.signal in EVENTS and fresh(one, history))
    return min(pressing, default=len(EVENTS))


def called(steps: Sequence[Step], situations: Sequence[Situation], history: History) -> set[str]:
    """The families that an event calls for, while it presses."""
    pressing = {one.situation.id for one in current(situations, history, None) if fresh(one, history)}
    return {step.category for step in steps if not pressing.isdisjoint(step.when)}


def candidates(
    steps: Sequence[Step],
    found: Sequence[Current],
    history: History,
    reading: Reading,
    events: Sequence[StepEvent],
    family: str | None = None,
) -> list[Candidate]:
    """The steps that may be offered, the best first. A family that is asked for needs no situation."""
    allowed = ALLOWED.get(history.restriction or "")
    resting = at_rest(events, history, steps)
    refused = {(event.step, event.condition) for event in events if event.kind == "asked" and event.answer is False}
    held = silence(found, history, steps, events) if family is None else None
    hurt = _hurt(found, history)
    chosen = []
    for step in steps:
        # of an old silence only its last rungs still speak
        because = tuple(
            one for one in found
            if one.situation.id in step.when and (step.rung in BEYOND or not is_old(one, history))
        )  # fmt: skip
        if step.category != family and (family is not None or not _comes(step, because, history, hurt=hurt)):
            continue
        if allowed is not None and step.category not in allowed:
            continue
        names = step.not_when if family is None else set(step.not_when) - TAKEN_FOR_GRANTED
        if step.id in resting or any(_ruled_out(step, name, history, refused) for name in names):
            continue
        if step.rung in BEYOND and held is None:
            continue  # nobody else is turned to unless they are silent
        if held is not None and not held.allows(step, because):
            continue
        chosen.append(Candidate(step, because))
    return _ordered(chosen, history, reading, steps, events)


def _comes(step: Step, because: Sequence[Current], history: History, *, hurt: bool) -> bool:
    """Whether a step comes unasked: something calls for it, and its days are not over. Nobody who leaves, or was
    harsh, is got to know now; then something must have happened.
    """
    late = step.within is not None and history.first_on is not None and history.age(history.first_on) > step.within
    only_events = history.manager.leaving_on is not None or (hurt and step.to == "them")
    happened = any(one.situation.signal in EVENTS and one.situation.signal != "role_closed" for one in because)
    return bool(because) and not late and (happened or not only_events)


def _hurt(found: Sequence[Current], history: History) -> bool:
    """Whether hard words stand, and nothing good came from them since."""
    hard = next((one.found.since for one in found if one.situation.signal == "harsh_words"), None)
    return hard is not None and not any(day > hard for day in history.good_on)


def at_rest(events: Sequence[StepEvent], history: History, steps: Sequence[Step] = ()) -> set[str]:
    """The steps that were taken lately, or once where once is enough; that were dismissed, or put off."""
    known = {step.id: step for step in steps}
    resting = set()
    for event in events:
        age, step = history.at - event.at, known.get(event.step)
        if (
            (event.kind in ("done", "copied") and (age < _rest(step) or _was_once(step, event, history)))
            or (event.kind == "dismissed" and age < DISMISSED)
            or (event.kind == "snoozed" and event.until is not None and event.until > history.at)
        ):
            resting.add(event.step)
    return resting


def _rest(step: Step | None) -> timedelta:
    return timedelta(days=step.rest) if step is not None else RESTS


def _was_once(step: Step | None, event: StepEvent, history: History) -> bool:
    """Whether a step that was taken was for once: with a person for ever, for a role until another one opens."""
    if step is None or step.once is None:
        return False
    return step.once == "person" or not any(req.opened_on > event.at.date() for req in history.open_reqs())


def facet_of(step: Step) -> Facet | None:
    """The quality that a step speaks for most, by what its kind weighs."""
    weights = KINDS["promise-kept" if step.kind == PROMISE else step.kind].weights
    return max(zip(weights, FACETS, strict=True), key=lambda one: one[0])[1] if any(weights) else None


def _ruled_out(step: Step, condition: str, history: History, refused: set[tuple[str, str | None]]) -> bool:
    if condition in CONDITIONS:
        return CONDITIONS[condition](history)
    return (step.id, condition) in refused


def _ordered(
    chosen: Sequence[Candidate], history: History, reading: Reading, steps: Sequence[Step], events: Sequence[StepEvent]
) -> list[Candidate]:
    """An event before a state, then what is for the first days and what is least known, then the family that rested
    longest; then the day decides.
    """
    used = _last_use(steps, events)
    unknown: Mapping[Facet, float] = {facet: opinion.u for facet, opinion in reading.facets.items()}

    def rank(candidate: Candidate) -> int:
        if not candidate.because:
            return len(EVENTS) + 1  # what no situation calls for comes last
        return min(candidate.because[0].rank, len(EVENTS))  # every event has its place, all states are alike

    def key(candidate: Candidate) -> tuple[int, bool, float, date]:
        facet, last = facet_of(candidate.step), used.get(candidate.step.category, date.min)
        return rank(candidate), candidate.step.within is None, -unknown[facet] if facet else 0.0, last

    ordered = sorted(chosen, key=lambda event: (*key(event), event.step.id))
    equals = [one for one in ordered if key(one) == key(ordered[0])]
    turn = history.today.toordinal() % len(equals) if equals else 0
    return [*equals[turn:], *equals[:turn], *ordered[len(equals) :]]


def _last_use(steps: Sequence[Step], events: Sequence[StepEvent]) -> dict[str, date]:
    """The day on which each family was last used."""
    family = {step.id: step.category for step in steps}
    used: dict[str, date] = {}
    for event in events:
        if event.kind in ("done", "copied") and event.step in family:
            category = family[event.step]
            used[category] = max(used.get(category, date.min), event.at.date())
    return used


PLACES = frozenset({
    "name", "handle", "team", "role", "today", "soon", "what", "window", "promise", "date", "due", "old", "new",
    "effect", "line", "stand_in", "feedback", "action", "senior", "comfort_person", "issue", "did",
})  # fmt: skip
"""The places that the journal can fill; what it does not know there stays marked."""


class Condition(NamedTuple):
    """What rules a step out: told by a `test` of the journal, or asked as a question that a yes goes on from."""

    id: str
    test: str = ""
    ask: str = ""


class Coaching(NamedTuple):
    """All the words that `next` needs."""

    situations: tuple[Situation, ...]
    steps: tuple[Step, ...]
    conditions: dict[str, Condition]
    blanks: dict[str, str]
    starters: tuple[str, ...]
    notes: dict[str, str]
    stages: dict[str, str]


class Offer(NamedTuple):
    """A step for one manager, or none with the reason why not.

    `places` are what the draft was filled with, `blanks` the places of it that only the recruiter knows, `asks` the
    conditions that are still to be asked.
    """

    manager: Manager | None
    step: Step | None
    because: tuple[str, ...]
    reason: str
    draft: str = ""
    blanks: tuple[str, ...] = ()
    asks: tuple[Condition, ...] = ()
    starter: str = ""
    note: str = ""
    places: Mapping[str, str] = {}
    urgent: bool = False
    """Whether nothing goes before it today."""
    today: bool = True
    """Whether the step has its day; others fit as well and stand with --all."""

    def with_answers(self, said: Mapping[str, str], blanks: Mapping[str, str]) -> "Offer":
        """The draft with what the recruiter said of its blanks; what is empty stays marked."""
        if self.step is None:
            return self
        return self._replace(draft=filled_or_marked(self.step.template, {**self.places, **said}, blanks)[0])


def reason_for(candidate: Candidate, words: Coaching) -> str:
    """Why a step is offered: the most urgent situation that calls for it, in words."""
    if not candidate.because:
        return f"because {words.notes['asked_for']}"
    first = candidate.because[0]
    return f"because {filled(first.situation.because, first.found.places)}"
