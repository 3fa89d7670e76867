"""Answers of a conversation: checked, put together into points and messages, asked after later."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal

from trustlog.domain import people as people_domain
from trustlog.domain import trust as trust_domain
from trustlog.domain.asking import ReadDay, check, check_item
from trustlog.domain.conversations import FOLLOW_UP, Conversation, Due, Gut, Part, due, gut, settled
from trustlog.domain.entries import ASK_TWICE, Entry, Filter
from trustlog.domain.morning import HARD
from trustlog.domain.people import Manager, first_name
from trustlog.domain.scripts import Field, Script, wanted
from trustlog.domain.standing import TREND_DAYS, read
from trustlog.domain.text import BadAnswerError, filled, one_line, plural
from trustlog.errors import UserError
from trustlog.store import conversations, entries, people, trust
from trustlog.store import private as private_store
from trustlog.store.journal import Journal


def checked_answers(
    journal: Journal, known: Mapping[str, Field], given: Mapping[str, Any], manager: Manager, day: ReadDay
) -> dict[str, Any]:
    """Answers by field, each as it is kept. Raises UserError `bad-field`, `unknown-entry`; then nothing is saved."""
    done: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name.replace("-", "_"))
        if field is None:
            near = people_domain.nearest(name, known)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UserError("bad-field", f'there is no field "{name}"', hint)
        try:
            done[field.name] = check(field, value, day)
        except BadAnswerError as error:
            raise UserError("bad-field", f"{field.name}: {error}", NOT_SAVED) from error
        if field.type == "entries" and value:
            _check_entries(journal, done[field.name], manager)
    return done


def unanswered(script: Script, minutes: int, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What a version would have asked and nobody answered: skips, or what stands otherwise."""
    return {
        field.name: field.otherwise or None
        for prompt in script.asked(minutes)
        for field in prompt.fields
        if field.name not in answers and (field.otherwise or wanted(field, answers, known))
    }


def _check_entries(journal: Journal, ids: list[int], manager: Manager) -> None:
    known = entries.by_ids(journal, ids)
    missing = next((one for one in ids if one not in known or known[one].manager != manager.handle), None)
    if missing is not None:
        raise UserError("unknown-entry", f"#{missing} is no entry with {manager.handle}", "See: trustlog log")


NOT_SAVED = "Mend it and try again; nothing was saved."


def points_from_answers(
    part: Part, on: date, minutes: int, answers: Mapping[str, Any], conversation: Conversation | None
) -> dict[str, Any]:
    """The answers with what was said of each point put into the points themselves. Raises UserError `bad-field`."""
    done = dict(answers)
    points = done.get("items")
    if part == "checkin" and points is None and done.get("item_decision"):
        points = [{"text": item["text"]} for item in due(conversation, on).undecided] if conversation else []
    if part == "debrief" and not points and minutes == 2 and done.get("headline"):
        points = [{"text": done["headline"], "decision": "tomorrow"}]  # hear first, decide later
    for key in ("kind", "decision"):
        points = _with_words(key, points, done.pop(f"item_{key}", None))
    if part == "checkin" and points is not None:
        points = [item for item in points if item.get("decision")]
        _check_known(points, conversation)
    if points is not None:
        done["items"] = [_complete(item, on) for item in points]
    return done


def _with_words(key: str, points: list[dict[str, Any]] | None, said: list[str | None] | None) -> Any:
    """The n-th word belongs to the n-th point."""
    if not said:
        return points
    count = len(points or [])
    if len(said) > count:
        what = f"there {'is' if count == 1 else 'are'} {plural(count, 'point')} for {plural(len(said), 'answer')}"
        raise UserError("bad-field", f"item_{key}: {what}", NOT_SAVED)
    rest = [None] * (count - len(said))
    return [{**item, key: word} if word else item for item, word in zip(points or [], [*said, *rest], strict=True)]


def _complete(item: dict[str, Any], on: date) -> dict[str, Any]:
    """The point as it is kept: what is used gets a date, a week on unless one was said."""
    if item.get("decision") == "use" and not item.get("due"):
        item = {**item, "due": (on + FOLLOW_UP).isoformat()}
    try:
        return check_item(item, date.fromisoformat)
    except BadAnswerError as error:
        raise UserError("bad-field", f"items: {error}", NOT_SAVED) from error


def _check_known(points: list[dict[str, Any]], conversation: Conversation | None) -> None:
    """A check-in speaks of points that the debrief noted."""
    noted = {item["text"] for item in conversation.items} if conversation else set()
    missing = next((item["text"] for item in points if item["text"] not in noted), None)
    if missing is not None:
        raise UserError("bad-field", f'items: the debrief has no point "{missing}"', NOT_SAVED)


def messages_to_send(
    script: Script, found: Conversation, part: Part, *, private: bool, own: Mapping[str, Any] = MappingProxyType({})
) -> list[str]:
    """For a choice that was made, for points to ask about, for a thank-you, and for what became of an action.

    `own` is the recruiter's own page, for the time and the way that suit them best.
    """
    sitting = found.sitting(part)
    answers = sitting.answers if sitting else {}
    made = []
    chosen = answers.get("readiness_choice") or ""
    if private and chosen in script.drafts:
        first = first_name(found.manager_name, found.manager)
        suits = _suits(script, own, "best_time", "best_way") if chosen == "move" else []
        made.append(" ".join([filled(script.drafts[chosen], {"first_name": first}), *suits]))
    asked = [item["text"] for item in answers.get("items") or [] if item.get("decision") == "ask"]
    suits = _suits(script, own, "best_way")
    made += [" ".join([filled(script.drafts["ask"], {"text": text}), *suits]) for text in asked]
    if answers.get("thanks_draft"):
        made.append(answers["thanks_draft"])
    untold = [followup["text"] for followup in answers.get("followups") or [] if followup.get("told") is False]
    return made + [filled(script.drafts["tell_them"], {"text": text}) for text in untold]


def _suits(script: Script, own: Mapping[str, Any], *names: str) -> list[str]:
    """A sentence for each thing that the own page says suits best."""
    return [filled(script.drafts[name], {name: one_line(own[name])}) for name in names if own.get(name)]


GUT_EVERY = timedelta(days=30)


def all_due(journal: Journal, on: date) -> list[Due]:
    """Every conversation that a check-in would ask about, the longest waiting first."""
    talks = reversed(conversations.all_conversations(journal))
    return [found for talk in talks if (found := due_with(journal, talk, on)).anything]


def due_with(journal: Journal, talk: Conversation, on: date) -> Due:
    """What a check-in would ask about one conversation; nothing that coaches where boundary notes count."""
    found = due(talk, on)
    if not found.anything or private_store.coaches(journal, people.manager(journal, talk.manager).id, on):
        return found
    return due(talk, on, coaches=False)


def asks_later(journal: Journal, talk: Conversation, on: date, today: date) -> Literal["soon", "later"] | None:
    """Whether a check-in will have something to ask of a debrief of that day: by the next day, later, or never."""
    coaches = private_store.coaches(journal, people.manager(journal, talk.manager).id, today)
    if due(talk, max(today, on + timedelta(days=1)), coaches=coaches).anything:
        return "soon"
    return "later" if coaches and not settled(talk) else None


HARD_DAYS = timedelta(days=7)
"""For so long after a hard entry a check-in may ask whether there could be another explanation."""


def hard_due(journal: Journal, on: date) -> list[Entry]:
    """The newest hard entry of earlier days with each manager that nobody was asked about, the oldest first."""
    newest = entries.newest_of(journal, ASK_TWICE, on - HARD_DAYS, on - timedelta(days=1))
    found = [entry for entry in newest.values() if not _asked_about(journal, entry, on)]
    return sorted(found, key=lambda entry: (entry.happened_at, entry.id))


def hard_with(journal: Journal, manager: Manager, on: date) -> Entry | None:
    """The hard entry that a check-in with one manager asks about, if there is one."""
    return next((entry for entry in hard_due(journal, on) if entry.manager == manager.handle), None)


def _asked_about(journal: Journal, entry: Entry, on: date) -> bool:
    """Whether a later check-in asked; where boundary notes hold, nobody is asked to see it in another way."""
    manager = people.manager(journal, entry.manager)
    return (
        manager.gone(on)
        or not private_store.coaches(journal, manager.id, on)
        or any(
            sitting.finished and sitting.on > entry.happened_on and "explanation" in sitting.answers
            for talk in conversations.all_conversations(journal, manager.id)
            for sitting in talk.sittings
        )
    )


def held_back(journal: Journal, manager: Manager, on: date) -> bool:
    """Whether nothing asks for more: hard words were noted in the last days, or a boundary note counts."""
    lately = [Filter(manager.id, kind=kind, since=on - HARD_DAYS, until=on) for kind in HARD]
    return any(entries.page(journal, hard) for hard in lately) or not private_store.coaches(journal, manager.id, on)


def known_to_debrief(journal: Journal, manager: Manager, talk: Conversation | None, on: date) -> dict[str, Any]:
    """What a debrief refers to: what was prepared, and whether anything holds coaching back."""
    return {**(talk.answers("prep") if talk else {}), "held_back": held_back(journal, manager, on)}


def known_to_checkin(
    journal: Journal, manager: Manager, talk: Conversation | None, hard: Entry | None, on: date
) -> dict[str, Any]:
    """What a check-in refers to: what to ask of one manager's last conversation and of a hard entry, and now and then
    for a gut feeling.
    """
    found = due_with(journal, talk, on) if talk else None
    wanted = list(found.asks) if found else []
    guts = [
        sitting.on
        for talk in conversations.all_conversations(journal, manager.id)
        for sitting in talk.sittings
        if sitting.answers.get("gut") is not None
    ]
    # the morning after is about the recruiter; the gut has time
    rests = "next-day" in wanted or held_back(journal, manager, on)
    if not rests and (not guts or max(guts) + GUT_EVERY <= on):
        wanted.append("gut")
    return {
        "asks": [*wanted, *(["hard-entry"] if hard else [])],
        "aftercare": talk.answers("prep").get("aftercare") if talk else None,
        "undecided": list(found.undecided) if found else [],
        "follow_up": list(found.follow_up) if found else [],
        "tell_them": list(found.tell_them) if found else [],
    }


def gut_beside_log(
    journal: Journal, manager: Manager, talk: Conversation, on: date, parameters: trust_domain.Parameters
) -> Gut | None:
    """The gut feeling of the last check-in beside the log, if one was given."""
    last = talk.sitting("checkin")
    score = last.answers.get("gut") if last else None
    if score is None:
        return None
    facts, base = trust.past(journal, manager.id, on - timedelta(days=TREND_DAYS), parameters)
    return gut(score, read(facts, on, parameters, base).overall)
