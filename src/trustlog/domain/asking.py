"""The types of answers: each checked and kept in one shape."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from trustlog.domain import kickoffs, text
from trustlog.domain.scripts import Field

ReadDay = Callable[[str], date]
"""Reads a typed date; plans look ahead."""


ITEM_KINDS = ("appreciation", "coaching", "evaluation", "unclear")
ITEM_DECISIONS = ("use", "ask", "park", "set-aside", "tomorrow")
ITEM_KEYS = ("text", "kind", "decision", "until", "reason", "if_cue", "then_action", "due")
DETAILS = {"park": ("until",), "set-aside": ("reason",), "use": ("if_cue", "then_action", "due")}
"""What a point says besides its decision. Parking and setting aside need it; of what is used each may be missing."""
FOLLOW_KEYS = ("text", "came_up", "done", "next", "told")
NEXTS = ("keep", "change", "drop")


class BadAnswerError(ValueError):
    """An answer that its field does not take; the message says what it takes."""


def check(field: Field, value: Any, day: ReadDay = date.fromisoformat) -> Any:
    """The value as it is kept. None, a skip, is always fine. Raises BadAnswerError."""
    if value is None:
        return None
    if field.type == "day":
        return _day(field.name, value, day)
    if field.type == "items":
        return [check_item(one, day) for one in _list(field, value)]
    return TYPES[field.type](field, value)


def parse(field: Field, typed: str) -> Any:
    """A value typed behind `--set field=`, before `check`: numbers are read, words are words."""
    if field.type in ("mood", "scale"):
        try:
            return int(typed)
        except ValueError as error:
            raise BadAnswerError(_takes(field)) from error
    if field.type == "yes-no":
        said = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}.get(typed.lower())
        if said is None:
            raise BadAnswerError(_takes(field))
        return said
    return typed


def check_item(value: Any, day: ReadDay) -> dict[str, Any]:
    """One point of a debrief. Parking needs `until`, setting aside needs `reason`. Raises BadAnswerError."""
    if not isinstance(value, dict) or not set(value) <= set(ITEM_KEYS) or "text" not in value:
        raise BadAnswerError(f"a point is an object with text, and any of {', '.join(ITEM_KEYS[1:])}")
    item: dict[str, Any] = {"text": _words("text", value["text"])}
    for key, options in (("kind", ITEM_KINDS), ("decision", ITEM_DECISIONS)):
        if value.get(key) is not None:
            item[key] = _one_of(key, value[key], options)
    for key in ("reason", "if_cue", "then_action"):
        if value.get(key) is not None:
            item[key] = _words(key, value[key])
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


def _mood(field: Field, value: Any) -> int:
    return _whole(field, value, -2, 2)


def _scale(field: Field, value: Any) -> int:
    return _whole(field, value, field.low, field.high)


def _whole(field: Field, value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadAnswerError(_takes(field))
    return value


def _yes_no(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadAnswerError(_takes(field))
    return value


def _choice(field: Field, value: Any) -> str:
    return _one_of(field.name, value, field.options)


def _one_of(name: str, value: Any, options: Sequence[str]) -> str:
    word = value.strip().lower().replace("_", "-").replace(" ", "-") if isinstance(value, str) else ""
    if word not in options:
        raise BadAnswerError(f"{name} takes {' or '.join(options)}")
    return word


def _multi(field: Field, value: Any) -> list[str]:
    return list(dict.fromkeys(_choice(field, one) for one in _list(field, value)))


def _per_item(field: Field, value: Any) -> list[str | None]:
    return [None if one is None else _choice(field, one) for one in _list(field, value)]


def _line(field: Field, value: Any) -> str:
    return _words(field.name, value)


def _words(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadAnswerError(f"{name} takes a text")
    try:
        return text.line(value, name)
    except text.BadTextError as error:
        raise BadAnswerError(str(error)) from error


def _long(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadAnswerError(_takes(field))
    try:
        return text.checked(value, field.name)
    except text.BadTextError as error:
        raise BadAnswerError(str(error)) from error


def _text(field: Field, value: Any) -> str:
    return _long(field, value).strip()


def _items_of_a_line(field: Field, value: Any) -> list[str]:
    found = [_text(field, one) for one in _list(field, value)]
    if any(len(one.splitlines()) > 1 for one in found):
        raise BadAnswerError("each of the texts is one line")
    if field.max and len(found) > field.max:
        raise BadAnswerError(f"it takes {field.max} at most, not {len(found)}")
    return found


def _windows(_: Field, value: Any) -> dict[str, str]:
    try:
        return kickoffs.read_windows(value)
    except ValueError as error:
        raise BadAnswerError(str(error)) from error


def _lines(field: Field, value: Any) -> list[str]:
    return [_line(field, one) for one in _list(field, value)]


def _entries(field: Field, value: Any) -> list[int]:
    found = _list(field, value)
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in found):
        raise BadAnswerError(_takes(field))
    return list(dict.fromkeys(found))


def _followups(field: Field, value: Any) -> list[dict[str, Any]]:
    return [_followup(one) for one in _list(field, value)]


def _followup(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not set(value) <= set(FOLLOW_KEYS) or "text" not in value:
        raise BadAnswerError(f"a follow-up is an object with text, and any of {', '.join(FOLLOW_KEYS[1:])}")
    done: dict[str, Any] = {"text": _words("text", value["text"])}
    for key in ("came_up", "done", "told"):
        if value.get(key) is not None:
            if not isinstance(value[key], bool):
                raise BadAnswerError(f"{key} takes true or false")
            done[key] = value[key]
    if value.get("next") is not None:
        done["next"] = _one_of("next", value["next"], NEXTS)
    return done


def _day(name: str, value: Any, day: ReadDay) -> str:
    if not isinstance(value, str):
        raise BadAnswerError(f"{name} takes a date")
    try:
        return day(value).isoformat()
    except ValueError as error:
        raise BadAnswerError(f"{name} takes a date") from error


def _list(field: Field, value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise BadAnswerError(_takes(field))
    return value


def _checked_elsewhere(_: Field, value: Any) -> Any:
    return value  # `check` reads dates for these


TYPES: dict[str, Callable[[Field, Any], Any]] = {
    "mood": _mood, "scale": _scale, "yes-no": _yes_no, "choice": _choice, "multi": _multi, "per-item": _per_item,
    "line": _line, "long": _long, "template": _long, "lines": _lines, "entries": _entries, "followups": _followups,
    "day": _checked_elsewhere, "items": _checked_elsewhere, "text": _text, "list": _items_of_a_line,
    "windows": _windows,
}  # fmt: skip
"""What a field may be, and how its value is checked."""


LISTS = ("multi", "per-item", "lines", "entries", "items", "followups", "list")
"""The types whose values are JSON lists."""


def _takes(field: Field) -> str:
    return {
        "mood": "it takes -2, -1, 0, 1 or 2",
        "scale": f"it takes a whole number from {field.low} to {field.high}",
        "yes-no": "it takes yes or no",
        "multi": f"it takes a JSON list of {', '.join(field.options)}",
        "per-item": f"it takes a JSON list of {', '.join(field.options)}, one for each point",
        "lines": "it takes a JSON list of texts",
        "list": "it takes a JSON list of texts",
        "entries": "it takes a JSON list of entry ids",
        "items": 'it takes a JSON list of points, like [{"text": "…"}]',
        "followups": 'it takes a JSON list, like [{"text": "…", "done": true}]',
    }.get(field.type, "it takes a text")
