"""Conversations: answering, keeping drafts of, and finishing their sittings."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain import names, text
from trustlog.domain.answers import BadAnswerError, ReadDay, check, check_item
from trustlog.domain.conversation import FOLLOW_UP, UNDECIDED, Conversation, Part, Sitting, settled
from trustlog.domain.model import Manager
from trustlog.domain.script import Script, wanted
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import entries, talks
from trustlog.store.journal import Journal

SOON = timedelta(minutes=30)
"""A talk this close gets the 2-minute version."""


class Occasion(NamedTuple):
    """One sitting down: with whom, to which part, on which day. `minutes` is None when nobody said."""

    manager: Manager
    part: Part
    on: date
    minutes: int | None = None
    planned_for: datetime | None = None
    about: str | None = None
    new: bool = False


class Kept(NamedTuple):
    """A conversation as it is kept so far."""

    conversation: Conversation


def checked(
    journal: Journal, script: Script, given: Mapping[str, Any], manager: Manager, day: ReadDay
) -> dict[str, Any]:
    """Answers by field, each as it is kept. Raises UserError `bad-field`, `unknown-entry`; then nothing is saved."""
    known = script.fields()
    done: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name.replace("-", "_"))
        if field is None:
            near = names.nearest(name, known)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UserError("bad-field", f'there is no field "{name}"', hint)
        try:
            done[field.name] = check(field, value, day)
        except BadAnswerError as error:
            raise UserError("bad-field", f"{field.name}: {error}", "Nothing was saved.") from error
        if field.type == "entries" and value:
            _check_entries(journal, done[field.name], manager)
    return done


def silent(script: Script, minutes: int, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What a version would have asked and nobody answered: skips, or what stands otherwise."""
    return {
        field.name: field.otherwise or None
        for prompt in script.asked(minutes)
        for field in prompt.fields
        if field.name not in answers and (field.otherwise or wanted(field, {**known, **answers}))
    }


def version(occasion: Occasion, going_on: Conversation | None, usual: int, now: datetime) -> int:
    """Which version to ask: the one named, the open one's, 2 when the talk is near, else the setting."""
    if occasion.minutes is not None:
        return occasion.minutes
    if going_on is not None and going_on.sitting(occasion.part) is not None:
        return going_on.minutes
    if occasion.planned_for is not None and occasion.planned_for - now <= SOON:
        return 2
    return usual


def going_on(journal: Journal, occasion: Occasion) -> Conversation | None:
    """The conversation that this sitting goes on with, if there is one."""
    if occasion.new:
        return None
    if occasion.part == "prep":
        return next(iter(talks.being_prepared(journal, occasion.manager.id)), None)
    if occasion.part == "debrief":
        return _to_debrief(talks.undebriefed(journal, occasion.manager.id), occasion.on)
    found = [
        (debrief.on, one.id, one)
        for one in talks.all_talks(journal, occasion.manager.id)
        if (debrief := one.sitting("debrief")) is not None and debrief.finished and debrief.on <= occasion.on
    ]
    return max(found)[2] if found else None


def under_way(conversation: Conversation | None, part: Part) -> Sitting | None:
    """The sitting that was begun and not finished."""
    found = conversation.sitting(part) if conversation else None
    return found if found is not None and not found.finished else None


def draft(journal: Journal, occasion: Occasion, minutes: int, kept: Kept | None, answers: Mapping[str, Any]) -> Kept:
    """Keep all answers so far as a draft, outside undo: a kill loses at most the answer being typed.

    What is finished stays as it is: to change a preparation is a sitting of its own until it is finished.
    """
    with journal.draft():
        conversation = _still_there(journal, kept)
        conversation_id = conversation.id if conversation else talks.add(journal, occasion.manager.id, minutes)
        sitting = under_way(conversation, occasion.part)
        sitting_id = sitting.id if sitting else talks.sit_down(journal, conversation_id, occasion.part, occasion.on)
        if conversation is None or conversation.state == "draft":
            _note_plan(journal, conversation_id, occasion, minutes)
        talks.answer(journal, sitting_id, answers)
    return Kept(talks.get(journal, conversation_id))


def finish(
    journal: Journal, occasion: Occasion, minutes: int, kept: Kept | None, answers: Mapping[str, Any]
) -> Conversation:
    """Finish a sitting with these answers over the ones it has, as one change; its draft is gone with it."""
    answers = _with_points(occasion, minutes, answers, kept)
    with journal.change(_COMMANDS[occasion.part], occasion.manager.handle):
        conversation = _still_there(journal, kept)
        with journal.unrecorded():
            conversation = _without_draft(journal, conversation, occasion.part)
        conversation_id = conversation.id if conversation else talks.add(journal, occasion.manager.id, minutes)
        _note_plan(journal, conversation_id, occasion, minutes)
        done = conversation.sitting("prep") if conversation and occasion.part == "prep" else None
        sitting_id = done.id if done else talks.sit_down(journal, conversation_id, occasion.part, occasion.on)
        talks.date_sitting(journal, sitting_id, occasion.on)
        talks.answer(journal, sitting_id, answers)
        talks.finish_sitting(journal, sitting_id)
        talks.update(journal, conversation_id, {"state": _state(journal, conversation_id, occasion.part)})
    return talks.get(journal, conversation_id)


def drop(journal: Journal, manager: Manager) -> Conversation:
    """Let go of the open preparation. Undo brings it back, but not a draft, which stands outside undo.

    Raises UserError `unknown-entry`.
    """
    found = talks.being_prepared(journal, manager.id)
    if not found:
        raise UserError("unknown-entry", f"no conversation with {manager.handle} is being prepared", "Nothing to drop.")
    draft = found[0].state == "draft"
    with journal.draft() if draft else journal.change("prep-feedback --drop", manager.handle):
        talks.drop(journal, found[0].id)
    return found[0]


_COMMANDS: dict[Part, str] = {"prep": "prep-feedback", "debrief": "debrief", "checkin": "checkin"}


def _still_there(journal: Journal, kept: Kept | None) -> Conversation | None:
    """The conversation as it is now; another terminal may have dropped it meanwhile."""
    try:
        return talks.get(journal, kept.conversation.id) if kept else None
    except LookupError:
        return None


def _without_draft(journal: Journal, conversation: Conversation | None, part: Part) -> Conversation | None:
    """Remove what a draft left: the unfinished sitting, and the conversation if there is nothing else to it."""
    if conversation is None:
        return None
    if conversation.state == "draft" and all(one.part == part for one in conversation.sittings):
        talks.drop(journal, conversation.id)
        return None
    unfinished = under_way(conversation, part)
    if unfinished is not None:
        talks.drop_sitting(journal, unfinished.id)
    return talks.get(journal, conversation.id)


def _checked_about(about: str | None) -> str | None:
    return None if about is None else finding.checked(text.line, about, "--about")


def _note_plan(journal: Journal, conversation_id: int, occasion: Occasion, minutes: int) -> None:
    if occasion.part != "checkin":
        planned = {"planned_for": occasion.planned_for, "about": _checked_about(occasion.about), "minutes": minutes}
        talks.update(journal, conversation_id, {key: value for key, value in planned.items() if value is not None})


def _state(journal: Journal, conversation_id: int, part: Part) -> str:
    if part != "checkin":
        return "prepared" if part == "prep" else "debriefed"
    conversation = talks.get(journal, conversation_id)
    return "closed" if settled(conversation) else conversation.state


def _to_debrief(found: list[Conversation], on: date) -> Conversation | None:
    """The one whose debrief is under way, else the one planned last on or before that day, else the newest."""
    begun = [one for one in found if one.sitting("debrief") is not None]
    if begun:
        return begun[0]
    ready = [one for one in found if (prep := one.sitting("prep")) is not None and prep.on <= on]
    planned = [(one.planned_for, one.id, one) for one in ready if one.planned_for and one.planned_for.date() <= on]
    if planned:
        return max(planned)[2]
    return ready[0] if ready else None


def _with_points(occasion: Occasion, minutes: int, answers: Mapping[str, Any], kept: Kept | None) -> dict[str, Any]:
    """The answers with what was said of each point put into the points themselves. Raises UserError `bad-field`."""
    done = dict(answers)
    points = done.get("items")
    if occasion.part == "checkin" and points is None and done.get("item_decision"):
        points = [{"text": item["text"]} for item in _undecided(kept)]
    if occasion.part == "debrief" and not points and minutes == 2 and done.get("headline"):
        points = [{"text": done["headline"], "decision": "tomorrow"}]  # hear first, decide later
    for key in ("kind", "decision"):
        said = done.pop(f"item_{key}", None) or []
        if len(said) > len(points or []):
            raise UserError("bad-field", f"item_{key}: there are {len(points or [])} points", "Nothing was saved.")
        points = [{**item, key: word} if word else item for item, word in _pairs(points or [], said)] or None
    if points is not None:
        done["items"] = [_complete(item, occasion) for item in points]
        _check_known(done["items"], occasion, kept)
    elif "items" in done:
        done["items"] = None
    return done


def _pairs(points: list[dict[str, Any]], said: list[str | None]) -> list[tuple[dict[str, Any], str | None]]:
    return list(zip(points, [*said, *[None] * (len(points) - len(said))], strict=True))


def _complete(item: dict[str, Any], occasion: Occasion) -> dict[str, Any]:
    """The point as it is kept: what is used gets a date, a week on unless one was said."""
    if item.get("decision") == "use" and not item.get("due"):
        item = {**item, "due": (occasion.on + FOLLOW_UP).isoformat()}
    try:
        return check_item(item, date.fromisoformat)
    except BadAnswerError as error:
        raise UserError("bad-field", f"items: {error}", "Nothing was saved.") from error


def _undecided(kept: Kept | None) -> list[dict[str, Any]]:
    items = kept.conversation.items if kept else []
    return [item for item in items if item.get("decision") in (*UNDECIDED, "park")]


def _check_known(points: list[dict[str, Any]], occasion: Occasion, kept: Kept | None) -> None:
    """A check-in speaks of points that the debrief noted."""
    if occasion.part != "checkin":
        return
    noted = {item["text"] for item in kept.conversation.items} if kept else set()
    missing = next((item["text"] for item in points if item["text"] not in noted), None)
    if missing is not None:
        raise UserError("bad-field", f'items: the debrief has no point "{missing}"', "Nothing was saved.")


def _check_entries(journal: Journal, ids: list[int], manager: Manager) -> None:
    known = entries.by_ids(journal, ids)
    missing = next((one for one in ids if one not in known or known[one].manager != manager.handle), None)
    if missing is not None:
        raise UserError("unknown-entry", f"#{missing} is no entry with {manager.handle}", "See: trustlog log")
