"""Conversations: drafts, finishing a sitting, and what becomes of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain import text
from trustlog.domain.conversations import Conversation, Part, Sitting, settled
from trustlog.domain.entries import Entry, EntryDraft
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.services import conversations_answers, entries, finding
from trustlog.store import conversations
from trustlog.store.journal import Journal

COMMANDS: dict[Part, str] = {"prep": "prep-feedback", "debrief": "debrief", "checkin": "checkin"}
SOON = timedelta(minutes=30)
"""A talk this close gets the 2-minute version."""
CARD_WANTED_AFTER = timedelta(hours=1)
"""For so long after its time a talk is still the one whose card is wanted."""


class Occasion(NamedTuple):
    """One sitting down: with whom, to which part, on which day. `minutes` is None when nobody said."""

    manager: Manager
    part: Part
    on: date
    minutes: int | None = None
    planned_for: datetime | None = None
    about: str | None = None
    new: bool = False


class Finished(NamedTuple):
    """A conversation as it was finished, and the entries that were written with it."""

    conversation: Conversation
    entries: tuple[Entry, ...]


def version_for(occasion: Occasion, going_on: Conversation | None, usual: int, now: datetime) -> int:
    """Which version to ask: the one named, the one under way, 2 when the talk is near, else the setting."""
    if occasion.minutes is not None:
        return occasion.minutes
    sitting = going_on.sitting(occasion.part) if going_on else None
    if sitting is not None and (occasion.part == "prep" or not sitting.finished):
        return sitting.minutes
    if occasion.planned_for is not None and timedelta(0) <= occasion.planned_for - now <= SOON:
        return 2
    return usual


def to_go_on_with(journal: Journal, occasion: Occasion) -> Conversation | None:
    """The conversation that this sitting goes on with, if there is one."""
    if occasion.new:
        return None
    if occasion.part == "prep":
        return next(iter(conversations.being_prepared(journal, occasion.manager.id)), None)
    if occasion.part == "debrief":
        return _to_debrief(conversations.unfinished(journal, occasion.manager.id), occasion.on)
    found = [
        (debrief.on, conversation.id, conversation)
        for conversation in conversations.all_conversations(journal, occasion.manager.id)
        if (debrief := conversation.sitting("debrief")) is not None and debrief.finished and debrief.on <= occasion.on
    ]
    return max(found)[2] if found else None


def next_to_hold(journal: Journal, manager: Manager | None, now: datetime) -> Conversation:
    """The prepared conversation that comes next, else the newest. Raises UserError `unknown-entry`."""
    found = conversations.being_prepared(journal, manager.id if manager else None)
    if not found:
        whose = f" with {manager.handle}" if manager else ""
        raise UserError(
            "unknown-entry", f"no conversation{whose} is being prepared", "Begin with: trustlog prep-feedback MANAGER"
        )
    coming = [talk for talk in found if talk.planned_for is not None and talk.planned_for >= now - CARD_WANTED_AFTER]
    return min(coming, key=lambda talk: (talk.planned_for, talk.id)) if coming else found[0]


def under_way(conversation: Conversation | None, part: Part) -> Sitting | None:
    """The sitting that was begun and not finished."""
    found = conversation.sitting(part) if conversation else None
    return found if found is not None and not found.finished else None


def draft(
    journal: Journal, occasion: Occasion, minutes: int, going_on: Conversation | None, answers: Mapping[str, Any]
) -> Conversation:
    """Keep all answers so far as a draft, outside undo: a kill loses at most the answer being typed.

    What is finished stays as it is: to change a preparation is a sitting of its own until it is finished.
    """
    with journal.draft():
        conversation = _still_there(journal, going_on)
        conversation_id = (
            conversation.id if conversation else conversations.add_conversation(journal, occasion.manager.id, minutes)
        )
        sitting = under_way(conversation, occasion.part)
        sitting_id = sitting.id if sitting else _sit_down(journal, conversation_id, occasion, minutes)
        if conversation is None or conversation.state == "draft":
            _note_plan(journal, conversation_id, occasion, minutes)
        conversations.answer(journal, sitting_id, answers)
    return conversations.get_conversation(journal, conversation_id)


def finish(
    journal: Journal,
    occasion: Occasion,
    minutes: int,
    going_on: Conversation | None,
    answers: Mapping[str, Any],
    evidence: Sequence[EntryDraft] = (),
) -> Finished:
    """Finish a sitting with these answers over the ones it has, as one change; its draft is gone with it.

    The evidence that is told with it is written in the same change. Raises UserError; then nothing was written.
    """
    answers = conversations_answers.points_from_answers(occasion.part, occasion.on, minutes, answers, going_on)
    with journal.change(COMMANDS[occasion.part], occasion.manager.handle):
        conversation = _still_there(journal, going_on)
        if conversation is not None and conversation.state == "draft":
            # what a draft knew of the plan stays, where nothing newer was said
            occasion = occasion._replace(
                planned_for=occasion.planned_for or conversation.planned_for, about=occasion.about or conversation.about
            )
        with journal.recording(None):
            conversation = _without_draft(journal, conversation, occasion.part)
        conversation_id = (
            conversation.id if conversation else conversations.add_conversation(journal, occasion.manager.id, minutes)
        )
        _note_plan(journal, conversation_id, occasion, minutes)
        done = conversation.sitting("prep") if conversation and occasion.part == "prep" else None
        sitting_id = done.id if done else _sit_down(journal, conversation_id, occasion, minutes)
        on = done.on if done and occasion.planned_for is None else occasion.on
        conversations.answer(journal, sitting_id, answers)
        conversations.finish_sitting(journal, sitting_id, minutes, on)
        conversations.update_conversation(
            journal, conversation_id, {"state": _state(journal, conversation_id, occasion.part)}
        )
        written = tuple(entries.write(journal, occasion.manager, draft) for draft in evidence)
    return Finished(conversations.get_conversation(journal, conversation_id), written)


def drop(journal: Journal, manager: Manager) -> Conversation:
    """Let go of the open preparation, else of any draft. Undo brings it back, but not a draft, which it never held.

    Raises UserError `unknown-entry`.
    """
    drafts = [
        conversation for conversation in conversations.unfinished(journal, manager.id) if conversation.state == "draft"
    ]
    found = conversations.being_prepared(journal, manager.id) or drafts
    if not found:
        raise UserError(
            "unknown-entry",
            f"no conversation with {manager.handle} is being prepared",
            "Begin one with: trustlog prep-feedback MANAGER",
        )
    is_draft = found[0].state == "draft"
    with journal.draft() if is_draft else journal.change("prep-feedback --drop", manager.handle):
        conversations.drop_conversation(journal, found[0].id)
    return found[0]


def _sit_down(journal: Journal, conversation_id: int, occasion: Occasion, minutes: int) -> int:
    return conversations.sit_down(journal, conversation_id, occasion.part, occasion.on, minutes)


def _still_there(journal: Journal, going_on: Conversation | None) -> Conversation | None:
    """The conversation as it is now; another terminal may have dropped it meanwhile."""
    try:
        return conversations.get_conversation(journal, going_on.id) if going_on else None
    except LookupError:
        return None


def _without_draft(journal: Journal, conversation: Conversation | None, part: Part) -> Conversation | None:
    """Remove what a draft left: the unfinished sitting, and the conversation if there is nothing else to it."""
    if conversation is None:
        return None
    if conversation.state == "draft" and all(sitting.part == part for sitting in conversation.sittings):
        conversations.drop_conversation(journal, conversation.id)
        return None
    unfinished = under_way(conversation, part)
    if unfinished is not None:
        conversations.drop_sitting(journal, unfinished.id)
    return conversations.get_conversation(journal, conversation.id)


def _note_plan(journal: Journal, conversation_id: int, occasion: Occasion, minutes: int) -> None:
    if occasion.part != "checkin":
        about = finding.checked(text.line, occasion.about, "--about") if occasion.about is not None else None
        planned = {"planned_for": occasion.planned_for, "about": about, "minutes": minutes}
        conversations.update_conversation(
            journal, conversation_id, {key: value for key, value in planned.items() if value is not None}
        )


def _state(journal: Journal, conversation_id: int, part: Part) -> str:
    if part != "checkin":
        return "prepared" if part == "prep" else "debriefed"
    conversation = conversations.get_conversation(journal, conversation_id)
    return "closed" if settled(conversation) else conversation.state


def _to_debrief(found: list[Conversation], on: date) -> Conversation | None:
    """The one whose debrief is under way, else the one planned last on or before that day, else the newest undated."""
    begun = [conversation for conversation in found if conversation.sitting("debrief") is not None]
    if begun:
        return begun[0]
    ready = [
        conversation for conversation in found if (prep := conversation.sitting("prep")) is not None and prep.on <= on
    ]
    planned = [
        (talk.planned_for, talk.id, talk) for talk in ready if talk.planned_for and talk.planned_for.date() <= on
    ]
    if planned:
        return max(planned)[2]
    undated = [talk for talk in ready if talk.planned_for is None]
    return next(iter(undated or ready), None)
