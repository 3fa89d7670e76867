"""Conversations: starting, answering and finishing a guided preparation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain import names
from trustlog.domain.conversation import Conversation, Part
from trustlog.domain.model import Manager
from trustlog.domain.script import BadAnswerError, Script, check
from trustlog.errors import UserError
from trustlog.store import entries, talks
from trustlog.store.journal import Journal

SOON = timedelta(minutes=30)
"""A talk this close gets the 2-minute version."""


class Plan(NamedTuple):
    """What a preparation is for. `minutes` is None when nobody said."""

    manager: Manager
    minutes: int | None
    planned_for: datetime | None
    about: str | None
    new: bool


def checked(journal: Journal, script: Script, given: Mapping[str, Any], manager: Manager) -> dict[str, Any]:
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
            done[field.name] = check(field, value)
        except BadAnswerError as error:
            raise UserError("bad-field", f"{field.name}: {error}", "Nothing was saved.") from error
        if field.type == "entries" and value:
            _check_entries(journal, done[field.name], manager)
    return done


def version(plan: Plan, open_one: Conversation | None, usual: int, now: datetime) -> int:
    """Which version to ask: the one named, the open one's, 2 when the talk is near, else the setting."""
    if plan.minutes is not None:
        return plan.minutes
    if open_one is not None:
        return open_one.minutes
    if plan.planned_for is not None and plan.planned_for - now <= SOON:
        return 2
    return usual


def open_one(journal: Journal, plan: Plan) -> Conversation | None:
    """The preparation to go on with: the newest open one of this manager, unless a new one is asked for."""
    found = [] if plan.new else talks.being_prepared(journal, plan.manager.id)
    return found[0] if found else None


def finish(
    journal: Journal, plan: Plan, minutes: int, going_on: Conversation | None, answers: Mapping[str, Any]
) -> Conversation:
    """Keep a whole preparation as one change, with these answers over the ones it has."""
    with journal.change("prep-feedback", plan.manager.handle):
        conversation_id = going_on.id if going_on else talks.add(journal, plan.manager.id, minutes, None, None)
        _plan(journal, conversation_id, plan, minutes)
        talks.update(journal, conversation_id, state="prepared")
        _answer(journal, conversation_id, "prep", answers)
    return talks.get(journal, conversation_id)


def draft(
    journal: Journal, plan: Plan, minutes: int, going_on: Conversation | None, answers: Mapping[str, Any]
) -> Conversation:
    """Keep answers as a draft, outside undo: a kill loses at most the answer being typed."""
    with journal.draft():
        conversation_id = going_on.id if going_on else talks.add(journal, plan.manager.id, minutes, None, None)
        _plan(journal, conversation_id, plan, minutes)
        _answer(journal, conversation_id, "prep", answers)
    return talks.get(journal, conversation_id)


def drop(journal: Journal, manager: Manager) -> Conversation:
    """Let go of the open preparation; undo brings it back. Raises UserError `unknown-entry`."""
    found = talks.being_prepared(journal, manager.id)
    if not found:
        raise UserError("unknown-entry", f"no conversation with {manager.handle} is being prepared", "Nothing to drop.")
    with journal.change("prep-feedback --drop", manager.handle):
        talks.drop(journal, found[0].id)
    return found[0]


def _plan(journal: Journal, conversation_id: int, plan: Plan, minutes: int) -> None:
    talks.update(journal, conversation_id, minutes=minutes)
    if plan.planned_for is not None:
        talks.update(journal, conversation_id, planned_for=plan.planned_for)
    if plan.about is not None:
        talks.update(journal, conversation_id, about=plan.about)


def _answer(journal: Journal, conversation_id: int, part: Part, answers: Mapping[str, Any]) -> None:
    for field, value in answers.items():
        talks.answer(journal, conversation_id, part, field, value)


def _check_entries(journal: Journal, ids: list[int], manager: Manager) -> None:
    known = entries.by_ids(journal, ids)
    missing = next((one for one in ids if one not in known or known[one].manager != manager.handle), None)
    if missing is not None:
        raise UserError("unknown-entry", f"#{missing} is no entry with {manager.handle}", "See: trustlog log")
