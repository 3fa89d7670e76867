"""The types of answers: each is a class, which tells what it takes, reads what was typed and checks what is kept."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from trustlog.domain import kickoffs, text
from trustlog.domain.scripts import Field
from trustlog.domain.text import BadAnswerError

ReadDay = Callable[[str], date]
"""Reads a typed date; plans look ahead."""

ITEM_KINDS = ("appreciation", "coaching", "evaluation", "unclear")
ITEM_DECISIONS = ("use", "ask", "park", "set-aside", "tomorrow")
ITEM_KEYS = ("text", "kind", "decision", "until", "reason", "if_cue", "then_action", "due")
DETAILS = {"park": ("until",), "set-aside": ("reason",), "use": ("if_cue", "then_action", "due")}
"""What a point says besides its decision. Parking and setting aside need it; of what is used each may be missing."""
FOLLOW_KEYS = ("text", "came_up", "done", "next", "told")
NEXTS = ("keep", "change", "drop")


def check(field: Field, value: Any, day: ReadDay = date.fromisoformat) -> Any:
    """The value as it is kept. None, a skip, is always fine. Raises BadAnswerError."""
    return None if value is None else TYPES[field.type].check(field, value, day)


def parse(field: Field, typed: str) -> Any:
    """A value typed behind `--set field=`, before `check`: numbers are read, words are words. Raises BadAnswerError."""
    return TYPES[field.type].parse(field, typed)


def check_item(value: Any, day: ReadDay) -> dict[str, Any]:
    """One point of a debrief. Parking needs `until`, setting aside needs `reason`. Raises BadAnswerError."""
    if not isinstance(value, dict) or not set(value) <= set(ITEM_KEYS) or "text" not in value:
        raise BadAnswerError(f"a point is an object with text, and any of {', '.join(ITEM_KEYS[1:])}")
    item: dict[str, Any] = {"text": text.answer_line("text", value["text"])}
    for key, options in (("kind", ITEM_KINDS), ("decision", ITEM_DECISIONS)):
        if value.get(key) is not None:
            item[key] = _one_of(key, value[key], options)
    for key in ("reason", "if_cue", "then_action"):
        if value.get(key) is not None:
            item[key] = text.answer_line(key, value[key])
    for key in ("until", "due"):
        if value.get(key) is not None:
            item[key] = _day(key, value[key], day)
    decision = item.get("decision", "")
    if decision != "use" and (missing := [name for name in DETAILS.get(decision, ()) if name not in item]):
        raise BadAnswerError(f"{decision} needs {missing[0]}")
    return item


def still_to_say(point: Mapping[str, Any], decision: str) -> Iterator[str]:
    """What is to be asked of a point by its decision, one after the other: a day only for what is to be done."""
    for name in DETAILS.get(decision, ()):
        if name not in point and (name != "due" or point["then_action"]):
            yield name


class AnswerType(ABC):
    """One type of answer."""

    is_list = False
    """Whether it is typed as a JSON list."""

    def takes(self, _: Field) -> str:
        """What it takes, as a refusal says it."""
        return "it takes a text"

    def parse(self, _: Field, typed: str) -> Any:
        """What was typed, as a value for `check`. Raises BadAnswerError."""
        return typed

    @abstractmethod
    def check(self, field: Field, value: Any, day: ReadDay) -> Any:
        """The value as it is kept. Raises BadAnswerError."""


class Number(AnswerType):
    """A whole number of a range, both ends in it; the field's own if none is given."""

    def __init__(self, range_: tuple[int, int] | None = None) -> None:
        self._range = range_

    def takes(self, field: Field) -> str:
        low, high = self._range or (field.low, field.high)
        if self._range is None:
            tens = f", in steps of {field.step}" if field.step > 1 else ""
            return f"it takes a whole number from {low} to {high}{tens}"
        return f"it takes {', '.join(map(str, range(low, high)))} or {high}"

    def parse(self, field: Field, typed: str) -> int:
        try:
            return int(typed)
        except ValueError as error:
            raise BadAnswerError(self.takes(field)) from error

    def check(self, field: Field, value: Any, _: ReadDay) -> int:
        low, high = self._range or (field.low, field.high)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise BadAnswerError(self.takes(field))
        if (value - low) % field.step:
            raise BadAnswerError(self.takes(field))
        return value


class YesNo(AnswerType):
    """True or false, typed as yes or no."""

    def takes(self, _: Field) -> str:
        return "it takes yes or no"

    def parse(self, field: Field, typed: str) -> bool:
        meaning = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}.get(typed.lower())
        if meaning is None:
            raise BadAnswerError(self.takes(field))
        return meaning

    def check(self, field: Field, value: Any, _: ReadDay) -> bool:
        if not isinstance(value, bool):
            raise BadAnswerError(self.takes(field))
        return value


class Choice(AnswerType):
    """One of the field's options, in any case, with blanks or underscores for hyphens."""

    def check(self, field: Field, value: Any, _: ReadDay) -> str:
        return _one_of(field.name, value, field.options)


class Line(AnswerType):
    """Words of one line."""

    def check(self, field: Field, value: Any, _: ReadDay) -> str:
        return text.answer_line(field.name, value)


class LongText(AnswerType):
    """Any text that says something, kept as it was written."""

    def check(self, field: Field, value: Any, _: ReadDay) -> str:
        if not isinstance(value, str) or not value.strip():
            raise BadAnswerError(self.takes(field))
        try:
            return text.checked(value, field.name)
        except text.BadTextError as error:
            raise BadAnswerError(str(error)) from error


class Text(LongText):
    """A text without the blanks around it."""

    def check(self, field: Field, value: Any, day: ReadDay) -> str:
        return super().check(field, value, day).strip()


class LineOfText(Text):
    """One line of a list, of any length."""

    def check(self, field: Field, value: Any, day: ReadDay) -> str:
        found = super().check(field, value, day)
        if len(found.splitlines()) > 1:
            raise BadAnswerError("each of the texts is one line")
        return found


class Day(AnswerType):
    """A day, kept as YYYY-MM-DD."""

    def check(self, field: Field, value: Any, day: ReadDay) -> str:
        return _day(field.name, value, day)


class Windows(AnswerType):
    """How soon each thing is answered, by its name."""

    def check(self, _: Field, value: Any, __: ReadDay) -> dict[str, str]:
        try:
            return kickoffs.read_windows(value)
        except ValueError as error:
            raise BadAnswerError(str(error)) from error


class EntryId(AnswerType):
    """The number of an entry."""

    def check(self, _: Field, value: Any, __: ReadDay) -> int:
        if isinstance(value, str) and value.startswith("#") and value[1:].isdecimal():
            return int(value[1:])
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadAnswerError("it takes a JSON list of entry ids")
        return value


class Item(AnswerType):
    """One point of a debrief."""

    def check(self, _: Field, value: Any, day: ReadDay) -> dict[str, Any]:
        return check_item(value, day)


class FollowUp(AnswerType):
    """What became of one point since."""

    def check(self, _: Field, value: Any, __: ReadDay) -> dict[str, Any]:
        if not isinstance(value, dict) or not set(value) <= set(FOLLOW_KEYS) or "text" not in value:
            raise BadAnswerError(f"a follow-up is an object with text, and any of {', '.join(FOLLOW_KEYS[1:])}")
        done: dict[str, Any] = {"text": text.answer_line("text", value["text"])}
        for key in ("came_up", "done", "told"):
            if value.get(key) is not None:
                if not isinstance(value[key], bool):
                    raise BadAnswerError(f"{key} takes true or false")
                done[key] = value[key]
        if value.get("next") is not None:
            done["next"] = _one_of("next", value["next"], NEXTS)
        return done


class ListOf(AnswerType):
    """A list whose values are each of another type; `once` drops what was said before, `gaps` lets null stand."""

    is_list = True

    def __init__(self, each: AnswerType, takes: str, *, once: bool = False, gaps: bool = False) -> None:
        self._each, self._takes, self._once, self._gaps = each, takes, once, gaps

    def takes(self, field: Field) -> str:
        return f"it takes a JSON list{self._takes.format(options=', '.join(field.options))}"

    def check(self, field: Field, value: Any, day: ReadDay) -> list[Any]:
        if not isinstance(value, list):
            raise BadAnswerError(self.takes(field))
        found = [None if item is None and self._gaps else self._each.check(field, item, day) for item in value]
        if field.max and len(found) > field.max:
            raise BadAnswerError(f"it takes {field.max} at most, not {len(found)}")
        return list(dict.fromkeys(found)) if self._once else found


TYPES: dict[str, AnswerType] = {
    "mood": Number((-2, 2)), "scale": Number(), "yes-no": YesNo(), "choice": Choice(), "line": Line(),
    "long": LongText(), "template": LongText(), "text": Text(), "day": Day(), "windows": Windows(),
    "multi": ListOf(Choice(), " of {options}", once=True),
    "per-item": ListOf(Choice(), " of {options}, one for each point", gaps=True),
    "lines": ListOf(Line(), " of texts"), "list": ListOf(LineOfText(), " of texts"),
    "entries": ListOf(EntryId(), " of entry ids", once=True),
    "items": ListOf(Item(), ' of points, like [{{"text": "…"}}]'),
    "followups": ListOf(FollowUp(), ', like [{{"text": "…", "done": true}}]'),
}  # fmt: skip
"""What a field may be."""


def _one_of(name: str, value: Any, options: Sequence[str]) -> str:
    word = value.strip().lower().replace("_", "-").replace(" ", "-") if isinstance(value, str) else ""
    if word not in options:
        raise BadAnswerError(f"{name} takes {' or '.join(options)}")
    return word


def _day(name: str, value: Any, day: ReadDay) -> str:
    if not isinstance(value, str):
        raise BadAnswerError(f"{name} takes a date")
    try:
        return day(value).isoformat()
    except ValueError as error:
        raise BadAnswerError(f"{name} takes a date") from error
