"""What one value of an exported document may be: its check, and the same said as JSON Schema."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from trustlog.domain import people, text
from trustlog.domain.entries import KINDS

DEEPEST = 40
"""How many lists and objects may stand in each other; nothing that trustlog writes comes near it."""


class Type(NamedTuple):
    """A type of value. `why` tells why a value is not one, or None if it is."""

    name: str
    why: Callable[[Any], str | None]
    schema: Mapping[str, Any]
    null: bool = False

    @property
    def or_null(self) -> "Type":
        """The same type, which may also be missing."""
        kind = self.schema.get("type")
        loose = {"type": [kind, "null"]} if kind else {}
        loose |= {"enum": [*self.schema["enum"], None]} if "enum" in self.schema else {}
        return Type(self.name, lambda value: None if value is None else self.why(value), {**self.schema, **loose}, True)


def _said(check: Callable[[str], object]) -> Callable[[Any], str | None]:
    """A check of domain/text.py as words."""

    def why(value: Any) -> str | None:
        if not isinstance(value, str):
            return "must be a text"
        try:
            check(value)
        except text.BadTextError as error:
            return str(error)
        return None

    return why


def _one_line(value: str) -> None:
    text.line(value, "it")
    if value != value.strip():
        raise text.BadTextError("it begins or ends with a blank")


def _own_uid(value: Any) -> str | None:
    fits = isinstance(value, str) and 1 <= len(value) <= 200 and value.isprintable()
    return None if fits else "must be a uid: 1 to 200 printable characters"


def _part_uid(value: Any) -> str | None:
    fits = isinstance(value, str) and 1 <= len(value) <= 220 and value.isprintable()
    return None if fits else "must be the uid of a part: 1 to 220 printable characters"


def _moment(value: Any) -> str | None:
    """With an offset, or Z."""
    try:
        aware = isinstance(value, str) and value[10:11] == "T" and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        aware = False
    return None if aware else "must be a time with its offset, like 2026-11-20T15:00:00-05:00"


def _local(value: Any) -> str | None:
    """A moment of whole seconds, in years that the journal holds."""
    why = _moment(value)
    if why is None and (len(value) > 28 or "." in value or not "1970" <= value[:4] < "2200"):
        return "must be a time of whole seconds in the years 1970 to 2199"
    return why


def _utc(value: Any) -> str | None:
    return _moment(value) or (None if value.endswith("Z") and len(value) == 20 else "must be like 2026-11-20T20:00:00Z")


def _day(value: Any) -> str | None:
    try:
        fits = isinstance(value, str) and len(value) == 10 and date.fromisoformat(value).isoformat() == value
    except ValueError:
        fits = False
    return None if fits else "must be a day like 2026-11-20"


def _tags(value: Any) -> str | None:
    if not isinstance(value, list):
        return "must be a list of tags"
    if not value:
        return None
    whys = [_said(text.tag)(one) for one in value]
    return next((why for why in whys if why), None if len(set(value)) == len(value) else "has a tag twice")


def _handle(value: Any) -> str | None:
    return None if isinstance(value, str) and people.is_handle(value) else "must be a handle like dana-o"


def _code(value: Any) -> str | None:
    fits = isinstance(value, str) and people.is_code(value)
    return LINE.why(value) or (None if fits else "must be a code of letters, digits, dots, _ and -, like PA-1")


def _address(value: Any) -> str | None:
    """As strict as `manager edit --email`: a mail is written to it."""
    fits = isinstance(value, str) and people.is_address(value)
    return LINE.why(value) or (None if fits else "must be one plain address like dana@example.com")


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def anything(value: Any, depth: int = 0) -> str | None:
    """Why a JSON value cannot be kept: its texts hold what no note may hold, or it is too deep."""
    if isinstance(value, str):
        return _TEXT(value)
    if depth > DEEPEST:
        return "lies too deep"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return "is too large a number"
    inner: Sequence[Any] = ()
    if isinstance(value, dict):
        inner = [part for pair in value.items() for part in pair]
    elif isinstance(value, list):
        inner = value
    return next((why for one in inner if (why := anything(one, depth + 1))), None)


def _object(value: Any) -> str | None:
    return anything(value) if isinstance(value, dict) else "must be an object"


def whole(low: int, high: int) -> Type:
    """A whole number within bounds."""

    def why(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"must be a whole number from {low} to {high}"

    return Type("whole", why, {"type": "integer", "minimum": low, "maximum": high})


def one_of(*choices: str) -> Type:
    """One of a few words."""
    few = frozenset(choices)

    def why(value: Any) -> str | None:
        return None if isinstance(value, str) and value in few else f"must be one of {', '.join(choices)}"

    return Type("word", why, {"type": "string", "enum": list(choices)})


_TEXT = _said(lambda value: text.checked(value, "it"))
_MOMENT_FORM = {"type": "string", "format": "date-time"}
TEXT = Type("text", _TEXT, {"type": "string"})
LINE = Type("line", _said(_one_line), {"type": "string", "minLength": 1})
ADDRESS = Type("text", _address, {"type": "string", "minLength": 1})
UID = Type("uid", _own_uid, {"type": "string", "minLength": 1, "maxLength": 200})
PART_UID = Type("uid", _part_uid, {"type": "string", "minLength": 1, "maxLength": 220}).or_null
"""The uid of what stands within a record: its place there, then what tells it apart. Older exports have none."""
HANDLE = Type("handle", _handle, {"type": "string", "pattern": f"^{people.HANDLE.removesuffix(chr(92) + 'Z')}$"})
KIND = one_of(*KINDS)
DAY = Type("day", _day, {"type": "string", "format": "date"})
MOMENT = Type("moment", _moment, _MOMENT_FORM)
LOCAL = Type("local", _local, _MOMENT_FORM)
"""A moment that is kept as UTC beside the offset of its place."""
UTC = Type("utc", _utc, _MOMENT_FORM)
FLAG = Type("flag", _flag, {"type": "boolean"})
TAGS = Type("json", _tags, {"type": "array", "items": {"type": "string"}, "uniqueItems": True})
JSON = Type("json", anything, {})
OBJECT = Type("json", _object, {"type": "object"})
MANAGER = Type("manager", _handle, HANDLE.schema)
"""The handle of a manager."""
CODE = Type("line", _code, LINE.schema)
REQ = Type("req", _code, LINE.schema)
"""The code of a role."""
ENTRY = Type("entry", _own_uid, UID.schema)
"""The uid of an entry."""
