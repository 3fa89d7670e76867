"""`next`: small steps chosen for the journal's managers, with drafts."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from trustlog import clock
from trustlog.domain import days, text
from trustlog.domain.coaching import ALLOWED, Coaching, Offer, candidates, current, reason_for
from trustlog.domain.coaching_history import PROMISE, UNNAMED, History, Step, StepEvent
from trustlog.domain.coaching_states import Candidate, Current
from trustlog.domain.coaching_turns import LOOKED_AT, celebrates, days_before, host_of, of_today, urgent
from trustlog.domain.conversations import load_of
from trustlog.domain.days import DAY_NAMES, short
from trustlog.domain.entries import KINDS, Entry, EntryDraft
from trustlog.domain.people import Manager, nearest
from trustlog.domain.promises import EVENING, Promise
from trustlog.domain.text import filled, filled_or_marked
from trustlog.errors import UserError
from trustlog.services import entries, finding
from trustlog.services.coaching_history import Asking, Past, as_they_stood, at_day, by_urgency, history_of, past, rests
from trustlog.services.promises import keep_in_sight
from trustlog.store import coaching, conversations
from trustlog.store.journal import Journal


def offers(journal: Journal, manager: Manager, words: Coaching, asking: Asking) -> list[Offer]:
    """Every step that may be offered with one manager, the best first. Raises UserError `conflict` if archived."""
    if manager.gone(asking.at.date()):
        raise UserError(
            "conflict", f"{manager.handle} is archived", f"Bring them back: trustlog manager unarchive {manager.handle}"
        )
    history = history_of(journal, manager, asking)
    return _offers(past(journal, history, asking), words, asking, rests([history], words))


def in_turn(journal: Journal, words: Coaching, asking: Asking) -> Iterator[Offer]:
    """The best step with everybody who has one, the most urgent first: whoever needs only that pays for no more.

    Now and then what there is to celebrate with one of the first goes before the rest, if nothing urgent is there.
    """
    found = _each(journal, words, asking)
    if celebrates(asking.at.date()):
        first = list(islice(found, LOOKED_AT))
        if first and not first[0].urgent:
            first.sort(key=lambda offer: offer.step is None or offer.step.category != "celebrate")
        yield from first
    yield from found


def _each(journal: Journal, words: Coaching, asking: Asking) -> Iterator[Offer]:
    histories = by_urgency(journal, words, asking)
    resting = rests(histories, words)
    missed = _without_their_day(journal, histories, words, asking)
    for history in sorted(histories, key=lambda history: history is not missed):
        if history.restriction is not None and asking.family is None:
            continue  # what was noted with them stands first
        yield from (
            offer for offer in _offers(past(journal, history, asking), words, asking, resting)[:1] if offer.today
        )


def _without_their_day(
    journal: Journal, histories: Sequence[History], words: Coaching, asking: Asking
) -> History | None:  # fmt: skip
    """Whose day the last working day was, if nothing was there for them: then this day is theirs."""
    today = asking.at.date()
    day = days_before(today)[0]
    known = {history.manager.handle: history for history in histories}
    if host_of(sorted(known), today) or (host := known.get(host_of(sorted(known), day) or "")) is None:
        return None
    then = asking._replace(at=asking.at - (today - day))
    resting = rests([at_day(history, day) for history in histories], words)
    found = _offers(past(journal, history_of(journal, host.manager, then), then), words, then, resting)
    return None if found and found[0].today else host


def best(journal: Journal, manager: Manager | None, words: Coaching, asking: Asking) -> Offer:
    """The step of the day with one manager, or with the one whose situation is the most urgent."""
    if manager is not None:
        found = offers(journal, manager, words, asking)
        if asking.family is None and history_of(journal, manager, asking).restriction is not None:
            return _stands_first(manager, words)
        if found and found[0].today:
            return found[0]
        return _nothing(history_of(journal, manager, asking), words, asking)
    note = _heavy(journal, words, asking.at) if asking.private else ""
    offer = next(in_turn(journal, words, asking), None) or _nothing_for_anybody(journal, words, asking)
    return offer._replace(note=note)


def _nothing_for_anybody(journal: Journal, words: Coaching, asking: Asking) -> Offer:
    """What is said where there is no step: of whom something was noted that stands first, or that nothing presses."""
    for history in by_urgency(journal, words, asking):
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


def done(journal: Journal, manager: Manager, step: Step, note: str | None, asking: Asking) -> Done:
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
            what = finding.checked(text.line, note or UNNAMED, "what you promised")
            made.append(keep_in_sight(journal, manager.id, what, at, due))
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
    entry = next((record for record in made if isinstance(record, Entry)), None)
    return Done(event, entry, next((promise for promise in made if isinstance(promise, Promise)), None), own)


def record(journal: Journal, manager: Manager, event: StepEvent, family: str) -> None:
    """Keep what became of a step, as one change."""
    with journal.change(f"next --{_OPTION[event.kind]}") as change:
        own = coaching.record_step(journal, manager.id, event, family)
        change.summary = "" if own else f"{event.step} {manager.handle}"


_OPTION = {"copied": "copy", "dismissed": "dismiss", "snoozed": "snooze", "asked": "copy", "done": "done"}


def _offers(known: Past, words: Coaching, asking: Asking, rests: Collection[str]) -> list[Offer]:
    history, reading, events = known
    found = current(words.situations, history, reading)
    answered = {(event.step, event.condition) for event in events if event.kind == "asked"}
    listed = candidates(words.steps, found, history, reading, events, asking.family)
    # a family that is asked for has no days
    mine = listed if asking.family else of_today(listed, history, rests)
    rest = [one for one in listed if one not in mine]
    return [
        _offer(candidate, history, words, asking, answered)._replace(today=candidate in mine)
        for candidate in (*mine, *rest)
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
        urgent=urgent(candidate, history),
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
        "stand_in": history.stand_in or "",
        "senior": next(iter(own.get("seniors") or []), ""), "comfort_person": comfort[0]["name"] if comfort else "",
    }  # fmt: skip
    for one in reversed(because):
        places |= one.found.places
    return places


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
    heavy = load_of(as_they_stood(conversations.all_conversations(journal), at), at.date()).heavy
    return words.notes["heavy"] if heavy else ""
