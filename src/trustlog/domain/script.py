"""Guided conversations: questions in order, what an answer may be, and the card they end in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trustlog.domain import text

Answers = Mapping[str, Any]
"""Field to value; None is a question that was skipped."""

PUBLIC = frozenset({
    "purpose", "ask_instructions", "if_cue", "then_action", "opening_lines", "headline", "items", "their_view",
    "grain", "small_step", "thanks_draft",
})  # fmt: skip
"""The fields that belong to the work. Every other one is a reflection and lies in the second drawer."""


class BadAnswerError(ValueError):
    """An answer that its field does not take; the message says what it takes."""


class Field(NamedTuple):
    """One answer that a question asks for, named as `--set` and `--answers` name it."""

    name: str
    type: str
    ask: str
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    suggest: tuple[str, ...] = ()
    suggest_from: str = ""
    template: str = ""
    blanks: Mapping[str, str] = {}
    parts: tuple[str, ...] = ()
    needs: str = ""
    only_if: str = ""
    then_say: Mapping[str, str] = {}


class Prompt(NamedTuple):
    """One question; `seconds` is what it takes in each version that asks it."""

    id: str
    minutes: tuple[int, ...]
    seconds: Mapping[int, int]
    fields: tuple[Field, ...]
    say: str = ""
    then_say: str = ""
    guide: str = ""


class CardLine(NamedTuple):
    """One line of the card: its label and the fields whose answers stand there."""

    label: str
    fields: tuple[str, ...]


class Script(NamedTuple):
    """A guided conversation of 2, 5 or 15 minutes."""

    name: str
    prompts: tuple[Prompt, ...]
    card: tuple[CardLine, ...] = ()
    drafts: Mapping[str, str] = {}

    def asked(self, minutes: int) -> list[Prompt]:
        """The questions of one version."""
        return [prompt for prompt in self.prompts if minutes in prompt.minutes]

    def fields(self) -> dict[str, Field]:
        """Every field of any version: one of a longer version may be answered too."""
        return {field.name: field for prompt in self.prompts for field in prompt.fields}


CONDITIONS: dict[str, Callable[[Answers], bool]] = {
    "not-ready": lambda answers: (answers.get("readiness") or 5) <= 2,
}
"""When a field with `only_if` is asked for."""


def wanted(field: Field, answers: Answers) -> bool:
    """Whether a field is worth asking for, after the answers so far."""
    if field.needs and not answers.get(field.needs):
        return False
    return not field.only_if or CONDITIONS[field.only_if](answers)


def check(field: Field, value: Any) -> Any:
    """The value as it is kept. None, a skip, is always fine. Raises BadAnswerError."""
    return None if value is None else TYPES[field.type](field, value)


def parse(field: Field, typed: str) -> Any:
    """A value typed behind `--set field=`, before `check`: numbers and lists are read, words are words."""
    if field.type in ("mood", "scale"):
        try:
            return int(typed)
        except ValueError as error:
            raise BadAnswerError(_takes(field)) from error
    return typed


def card(script: Script, answers: Answers, *, private: bool) -> list[tuple[str, str]]:
    """The card's lines as (label, text), at most six; reflections only if `private`."""
    lines = []
    for line in script.card:
        said = [answers.get(name) for name in line.fields if private or name in PUBLIC]
        if any(said):
            lines.append((line.label, ", ".join(str(part) for part in said if part)))
    return lines[:6]


def _mood(field: Field, value: Any) -> int:
    return _whole(field, value, -2, 2)


def _scale(field: Field, value: Any) -> int:
    return _whole(field, value, field.low, field.high)


def _whole(field: Field, value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadAnswerError(_takes(field))
    return value


def _choice(field: Field, value: Any) -> str:
    word = value.strip().lower().replace("_", "-").replace(" ", "-") if isinstance(value, str) else ""
    if word not in field.options:
        raise BadAnswerError(_takes(field))
    return word


def _multi(field: Field, value: Any) -> list[str]:
    return list(dict.fromkeys(_choice(field, one) for one in _list(field, value)))


def _line(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise BadAnswerError(_takes(field))
    try:
        return text.line(value, field.name)
    except text.BadTextError as error:
        raise BadAnswerError(str(error)) from error


def _long(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadAnswerError(_takes(field))
    try:
        return text.checked(value, field.name)
    except text.BadTextError as error:
        raise BadAnswerError(str(error)) from error


def _lines(field: Field, value: Any) -> list[str]:
    return [_line(field, one) for one in _list(field, value)]


def _entries(field: Field, value: Any) -> list[int]:
    found = _list(field, value)
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in found):
        raise BadAnswerError(_takes(field))
    return list(dict.fromkeys(found))


def _list(field: Field, value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise BadAnswerError(_takes(field))
    return value


TYPES: dict[str, Callable[[Field, Any], Any]] = {
    "mood": _mood, "scale": _scale, "choice": _choice, "multi": _multi, "line": _line, "template": _long,
    "lines": _lines, "entries": _entries,
}  # fmt: skip
"""What a field may be, and how its value is checked."""

LISTS = ("multi", "lines", "entries")
"""The types whose values are JSON lists."""


def _takes(field: Field) -> str:
    return {
        "mood": "it takes -2, -1, 0, 1 or 2",
        "scale": f"it takes a whole number from {field.low} to {field.high}",
        "choice": f"it takes {' or '.join(field.options)}",
        "multi": f"it takes a JSON list of {', '.join(field.options)}",
        "lines": "it takes a JSON list of texts",
        "entries": "it takes a JSON list of entry ids",
    }.get(field.type, "it takes a text")
