"""`next`: small steps chosen for the journal's managers, with drafts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from trustlog import clock
from trustlog.domain import days, text
from trustlog.domain import private as private_domain
from trustlog.domain import trust as trust_domain
from trustlog.domain.coaching import (
    ALLOWED,
    Candidate,
    Coaching,
    Current,
    Offer,
    candidates,
    current,
    reason_for,
    urgency,
)
from trustlog.domain.coaching_history import LOOKS_BACK, PROMISE, History, Step, StepEvent
from trustlog.domain.conversations import Conversation, load_of, until
from trustlog.domain.days import DAY_NAMES, short
from trustlog.domain.entries import KINDS, Entry, EntryDraft
from trustlog.domain.people import Manager, nearest
from trustlog.domain.promises import Promise, PromiseEvent
from trustlog.domain.standing import TREND_DAYS, read
from trustlog.domain.text import filled, filled_or_marked
from trustlog.domain.week import IN_PEACE
from trustlog.errors import UserError
from trustlog.services import entries, finding
from trustlog.store import coaching, conversations, kickoffs, people, praise, private, promises, trust
from trustlog.store.journal import Journal

TREND = timedelta(days=TREND_DAYS)
EVENING = time(18)
"""Until when an announced promise is due on its day."""
SMALL_ITEM = "small_item"
"""The blank whose words name a promise that was announced without any."""


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
        talks=tuple(_as_they_stood(conversations.all_conversations(journal, manager.id), at)),
        jar=tuple(praise.unthanked(journal, manager.id, at.date())),
        restriction=private_domain.restriction(private.boundary_notes(journal, manager.id), at.date()),
        working_week=asking.working_week,
    )  # fmt: skip


def offers(journal: Journal, manager: Manager, words: Coaching, asking: Asking) -> list[Offer]:
    """Every step that may be offered with one manager, the best first. Raises UserError `conflict` if archived."""
    if manager.archived:
        raise UserError(
            "conflict", f"{manager.handle} is archived", f"Bring them back: trustlog manager unarchive {manager.handle}"
        )
    history = history_of(journal, manager, asking)
    return _offers(journal, history, words, asking)


def of_everybody(journal: Journal, words: Coaching, asking: Asking) -> list[Offer]:
    """The best step with everybody who has one, the most urgent first."""
    return list(in_turn(journal, words, asking))


def in_turn(journal: Journal, words: Coaching, asking: Asking) -> Iterator[Offer]:
    """The same one after the other: whoever needs only the first pays for no more."""
    for history in _by_urgency(journal, words, asking):
        if history.restriction is not None and asking.family is None:
            continue  # what was noted with them stands first
        yield from _offers(journal, history, words, asking)[:1]


def best(journal: Journal, manager: Manager | None, words: Coaching, asking: Asking) -> Offer:
    """The step of the day with one manager, or with the one whose situation is the most urgent."""
    if manager is not None:
        found = offers(journal, manager, words, asking)
        if asking.family is None and history_of(journal, manager, asking).restriction is not None:
            return _stands_first(manager, words)
        return found[0] if found else _nothing(history_of(journal, manager, asking), words, asking)
    note = _heavy(journal, words, asking.at) if asking.private else ""
    offer = next(in_turn(journal, words, asking), None) or _nothing_for_anybody(journal, words, asking)
    return offer._replace(note=note)


def _nothing_for_anybody(journal: Journal, words: Coaching, asking: Asking) -> Offer:
    """What is said where there is no step: of whom something was noted that stands first, or that nothing presses."""
    for history in _by_urgency(journal, words, asking):
        if history.restriction is not None:
            return _stands_first(history.manager, words)
    return nothing_at_all(words)


def _stands_first(manager: Manager, words: Coaching) -> Offer:
    said = filled(words.notes["stands_first"], {"name": manager.first_name, "handle": manager.handle})
    return Offer(manager, None, (), said)


def nothing_at_all(words: Coaching) -> Offer:
    """What is said where there is no step for anybody."""
    return Offer(None, None, (), words.notes["nothing_at_all"])


def the_step(words: Coaching, name: str) -> Step:
    """The step of that id. Raises UserError `bad-field`."""
    known = {step.id: step for step in words.steps}
    found = known.get(name.upper()) or known.get(name)
    if found is None:
        near = nearest(name.upper(), known)
        hint = f"Did you mean {' or '.join(near)}?" if near else "See: trustlog next --all"
        raise UserError("bad-field", f'there is no step "{name}"', hint)
    return found


class Done(NamedTuple):
    """What `--done` wrote: an entry for what the recruiter did, or a loop for what was announced; `own` tells that
    all of it lies in the second drawer."""

    event: StepEvent
    entry: Entry | None = None
    loop: Promise | None = None
    own: bool = False


def done(
    journal: Journal, manager: Manager, step: Step, note: str | None, words: Coaching, asking: Asking
) -> Done:  # fmt: skip
    """Keep that a step was taken, with what the recruiter did; what comes back is written when it comes.

    Praise without words is kept as a note, and a note of its own says which step it was. A step that announces a
    promise opens a loop until the evening of the next working day. Raises UserError `bad-text`.
    """
    at = asking.at
    event = StepEvent(step.id, "done", at)
    note = finding.checked(text.checked, note, "the note") if note else None
    made: list[Entry | Promise] = []

    def writes() -> int | None:
        if step.kind == PROMISE:
            soon = days.day_after(at.date(), working_week=asking.working_week)
            due = clock.local_or_next(datetime.combine(soon, EVENING))
            what = finding.checked(text.line, note or words.blanks[SMALL_ITEM], "what you promised")
            made.append(_announced(journal, manager, what, at, due))
            return None
        kind = "note" if step.kind == "praise-given" and not note else step.kind
        if KINDS[kind].who != "mine":
            return None
        said = note or (f"Small step: {step.advice}" if kind == "note" else "")
        entry = entries.write(journal, manager, EntryDraft(manager.id, kind, at, note=said))
        made.append(entry)
        return entry.id

    with journal.change("next --done") as change:
        own = coaching.record_step(journal, manager.id, event, step.category, note, writes)
        change.summary = "" if own else f"{step.id} {manager.handle}"
    entry = next((one for one in made if isinstance(one, Entry)), None)
    return Done(event, entry, next((one for one in made if isinstance(one, Promise)), None), own)


def _announced(journal: Journal, manager: Manager, what: str, at: datetime, due: datetime) -> Promise:
    loop_id = promises.add(journal, manager.id, "me", what, "other", None)
    promises.record(journal, loop_id, PromiseEvent("given", at, due))
    loop = promises.get(journal, loop_id)
    if loop is None:
        raise LookupError(loop_id)
    return loop


def record(journal: Journal, manager: Manager, event: StepEvent, family: str) -> None:
    """Keep what became of a step, as one change."""
    with journal.change(f"next --{_OPTION[event.kind]}") as change:
        own = coaching.record_step(journal, manager.id, event, family)
        change.summary = "" if own else f"{event.step} {manager.handle}"


_OPTION = {"copied": "copy", "dismissed": "dismiss", "snoozed": "snooze", "asked": "copy", "done": "done"}


def _by_urgency(journal: Journal, words: Coaching, asking: Asking) -> list[History]:
    """Everybody who is not archived: the most urgent event first, then who is longest without a step."""
    ordered = []
    for manager in people.all_managers(journal):
        if manager.archived or _in_peace(journal, manager, asking.at):
            continue
        history = history_of(journal, manager, asking)
        last = coaching.last_step_event(journal, manager.id, asking.at)
        waits = last.at if last else datetime.min.replace(tzinfo=asking.at.tzinfo)
        ordered.append((urgency(current(words.situations, history, None)), waits, manager.handle, history))
    return [one[3] for one in sorted(ordered, key=lambda one: one[:3])]


def _in_peace(journal: Journal, manager: Manager, at: datetime) -> bool:
    """Whether somebody was left in peace for a while, on a Friday."""
    events = coaching.step_events(journal, manager.id, at)
    return any(one.step == IN_PEACE and one.until is not None and at < one.until for one in events)


def _offers(journal: Journal, history: History, words: Coaching, asking: Asking) -> list[Offer]:
    today = asking.at.date()
    facts, base = trust.past(journal, history.manager.id, today - TREND, asking.parameters, asking.at)
    reading = read(facts, today, asking.parameters, base, conversations.last_held(journal, history.manager.id, today))
    events = coaching.step_events(journal, history.manager.id, asking.at)
    history = history._replace(
        past_roles=coaching.past_roles(journal, history.manager.id, history.open_reqs(), asking.at)
    )
    found = current(words.situations, history, reading)
    answered = {(event.step, event.condition) for event in events if event.kind == "asked"}
    return [
        _offer(candidate, history, words, asking, answered)
        for candidate in candidates(words.steps, found, history, reading, events, asking.family)
    ]


def _offer(
    candidate: Candidate, history: History, words: Coaching, asking: Asking, answered: set[tuple[str, str | None]]
) -> Offer:
    step = candidate.step
    conditions = [words.conditions[name] for name in step.not_when if name in words.conditions]
    places = _places(candidate.because, history, asking)
    if "line" in places:
        places["line"] = words.stages.get(places["line"], places["line"])
    draft, blanks = filled_or_marked(step.template, places, words.blanks)
    return Offer(
        manager=history.manager,
        step=step,
        because=tuple(one.situation.id for one in candidate.because),
        reason=reason_for(candidate, words),
        draft=draft,
        blanks=blanks,
        asks=tuple(condition for condition in conditions if condition.ask and (step.id, condition.id) not in answered),
        starter=_starter(words, history) if step.category == "self-care" else "",
        places=places,
    )


def _starter(words: Coaching, history: History) -> str:
    turn = words.starters[history.today.toordinal() % len(words.starters)]
    return filled(words.notes["starter"], {"starter": turn})


def _places(because: Sequence[Current], history: History, asking: Asking) -> dict[str, str]:
    """What the journal knows for a draft; what the situation found stands over the rest."""
    manager, own = history.manager, asking.own
    roles = history.open_reqs()
    soon = days.day_after(history.today, working_week=history.working_week)
    comfort = own.get("comfort_people") or []
    places = {
        "name": manager.first_name, "handle": manager.handle, "team": manager.the_team,
        "role": roles[0].title if roles else "", "today": short(history.today), "soon": DAY_NAMES[soon.weekday()],
        "senior": next(iter(own.get("seniors") or []), ""), "comfort_person": comfort[0]["name"] if comfort else "",
    }  # fmt: skip
    for one in reversed(because):
        places |= one.found.places
    return places


def _as_they_stood(found: list[Conversation], at: datetime) -> list[Conversation]:
    """Conversations without what was written later; those that had not begun are left out."""
    return [stood for one in found if (stood := until(one, at.date())).sittings]


def _nothing(history: History, words: Coaching, asking: Asking) -> Offer:
    places = {"name": history.manager.first_name, "handle": history.manager.handle}
    allowed = ALLOWED.get(history.restriction or "")
    if allowed is not None and asking.family is not None and asking.family not in allowed:
        said = filled(words.notes["restricted"], {**places, "families": " and ".join(allowed)})
    else:
        said = filled(words.notes["no_family" if asking.family else "nothing"], places)
    return Offer(history.manager, None, (), said)


def _heavy(journal: Journal, words: Coaching, at: datetime) -> str:
    """A word when the last conversation was heavy."""
    heavy = load_of(_as_they_stood(conversations.all_conversations(journal), at), at.date()).heavy
    return words.notes["heavy"] if heavy else ""
