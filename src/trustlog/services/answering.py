"""Answers to a script: checked before anything is kept, and what nobody answered."""

from collections.abc import Mapping
from typing import Any

from trustlog.domain import names
from trustlog.domain.conversations.answers import BadAnswerError, ReadDay, check
from trustlog.domain.conversations.script import Field, Script, wanted
from trustlog.domain.model import Manager
from trustlog.errors import UserError
from trustlog.services import points
from trustlog.store import entries
from trustlog.store.journal import Journal


def checked(
    journal: Journal, known: Mapping[str, Field], given: Mapping[str, Any], manager: Manager, day: ReadDay
) -> dict[str, Any]:
    """Answers by field, each as it is kept. Raises UserError `bad-field`, `unknown-entry`; then nothing is saved."""
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
            raise UserError("bad-field", f"{field.name}: {error}", points.NOT_SAVED) from error
        if field.type == "entries" and value:
            _check_entries(journal, done[field.name], manager)
    return done


def silent(script: Script, minutes: int, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
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
