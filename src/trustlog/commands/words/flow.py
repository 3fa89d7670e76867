"""Walking a guided conversation: one question after the other, each answer kept at once."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from trustlog import pace
from trustlog.commands.words import flow_points, flow_questions
from trustlog.commands.words.flow_questions import Keep
from trustlog.commands.words.options import field_and_value
from trustlog.domain.conversations.answers import LISTS, BadAnswerError, parse
from trustlog.domain.conversations.script import Field, Prompt, Script, wanted
from trustlog.domain.filling import filled
from trustlog.domain.model import MAX_TEXT, Entry
from trustlog.errors import UserError
from trustlog.session import Session


class Surroundings(NamedTuple):
    """What questions refer to: names for their places, what to suggest, entries to tick, and what is known.

    `known` holds the answers of earlier parts, and `asks`, `undecided`, `follow_up` of a check-in. Days that are
    typed are seen from `here`, or from now.
    """

    names: Mapping[str, str]
    suggestions: Mapping[str, list[str]]
    entries: list[Entry]
    known: Mapping[str, Any]
    here: datetime | None = None


def given(known: Mapping[str, Field], file: str | None, settings: list[str]) -> dict[str, Any]:
    """The answers of `--answers FILE|-` with those of `--set field=value` over them, unchecked.

    Raises UserError `bad-file`, `bad-field`.
    """
    answers = {name.replace("-", "_"): value for name, value in (_from_file(file) if file else {}).items()}
    for setting in settings:
        name, typed = field_and_value(setting, "purpose='…'")
        field = known.get(name) or known.get(name.upper())
        answers[name] = typed if field is None else _typed(field, typed)
    return answers


def walk(
    session: Session, script: Script, minutes: int, answers: dict[str, Any], around: Surroundings, keep: Keep
) -> None:
    """Ask what is not answered yet; `keep` is called with each answer as it comes. A skip is None."""
    for prompt in script.asked(minutes):
        if not _walk_prompt(session, prompt, minutes, answers, around, keep):
            return


def _walk_prompt(
    session: Session, prompt: Prompt, minutes: int, answers: dict[str, Any], around: Surroundings, keep: Keep
) -> bool:
    """Ask one question's fields; False if an answer ends the conversation here."""
    said_before = False
    for field in prompt.fields:
        if field.ends_on and answers.get(field.name) in field.ends_on:
            return False
        if field.name in answers or not wanted(field, answers, around.known):
            continue
        if not said_before:
            session.screen.aside(filled(prompt.say, around.names))
            said_before = True
        if field.type in flow_points.TYPES:
            answer = flow_points.asked(session, field, answers, around, keep)
        else:
            answer = flow_questions.asked(session, field, around, keep)
        answers |= answer
        keep(answer)
        value = answers.get(field.name)
        session.screen.aside(field.then_say.get(str(value), ""))
        if value in field.ends_on:
            return False
        if prompt.guide == "settle" and value in pace.PACES:
            pace.guide(str(value), prompt.seconds[minutes])
    if said_before and answers.get(prompt.fields[-1].name):
        session.screen.aside(prompt.then_say)
    return True


def _typed(field: Field, typed: str) -> Any:
    """A `--set` value: JSON for lists, a number or yes and no where one is due, else the words."""
    as_json = field.type in LISTS or (field.type == "windows" and typed.lstrip().startswith("{"))
    try:
        return json.loads(typed) if as_json else parse(field, typed)
    except (ValueError, RecursionError) as error:
        takes = (
            str(error)
            if isinstance(error, BadAnswerError)
            else f"it takes a JSON {'list' if field.type in LISTS else 'object'}"
        )
        raise UserError("bad-field", f"{field.name}: {takes}", "Mend it and try again; nothing was saved.") from error


def _from_file(file: str) -> dict[str, Any]:
    raw = sys.stdin.buffer.read(MAX_TEXT * 4) if file == "-" else Path(file).read_bytes()
    try:
        answers = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UserError("bad-file", f"the answers are not JSON: {error}", 'For example: {"purpose": "…"}') from error
    if not isinstance(answers, dict):
        raise UserError("bad-file", "the answers are not a JSON object", 'For example: {"purpose": "…"}')
    return answers
