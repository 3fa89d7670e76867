"""The recruiter's own page: its fields, and what may stand in them. All of it is private."""

from typing import Any

from trustlog.domain import text
from trustlog.domain.asking import BadAnswerError

LISTS = ("care_before", "care_after", "seniors", "contacts")
LINES = ("name", "best_time", "best_way")
FIELDS = (*LINES, *LISTS, "comfort_people", "learned")
MODES = ("listening", "ideas")
LEARNED_KEYS = ("what", "from", "on")


def check(field: str, value: Any) -> Any:
    """A value as it is kept; None or an empty list removes the field. Raises BadAnswerError."""
    if field not in FIELDS:
        raise BadAnswerError(f"there is no field {field!r}; there are {', '.join(FIELDS)}")
    if value in (None, "", []):
        return None
    if field in LINES:
        return _line(field, value)
    if not isinstance(value, list):
        raise BadAnswerError(f"{field} takes a JSON list")
    if field in LISTS:
        return [_line(field, one) for one in value]
    return [lesson(one) for one in value] if field == "learned" else [person(one) for one in value]


def lesson(value: Any) -> dict[str, Any]:
    """Something a person taught: `what`, and where known `from` whom and `on` which day."""
    if not isinstance(value, dict) or not set(value) <= set(LEARNED_KEYS) or "what" not in value:
        raise BadAnswerError('a lesson is {"what": "…", "from": "…", "on": "2026-11-20"}')
    return {key: _line(key, value[key]) for key in LEARNED_KEYS if value.get(key) or key == "what"}


def person(value: Any) -> dict[str, Any]:
    """Someone to talk to: name, how to reach them, how long, and whether for listening or ideas."""
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, dict) or not set(value) <= {"name", "how", "minutes", "mode"} or "name" not in value:
        raise BadAnswerError('a person is {"name": "…", "how": "…", "minutes": 10, "mode": "listening"}, or a name')
    done = {"name": _line("name", value["name"])}
    if value.get("how"):
        done["how"] = _line("how", value["how"])
    if (minutes := value.get("minutes")) is not None:
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= 240:
            raise BadAnswerError("minutes takes a whole number from 1 to 240")
        done["minutes"] = minutes
    if (mode := value.get("mode")) is not None:
        if mode not in MODES:
            raise BadAnswerError("mode takes listening or ideas")
        done["mode"] = mode
    return done


def _line(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise BadAnswerError(f"{field} takes a text")
    try:
        return text.line(value, field)
    except text.BadTextError as error:
        raise BadAnswerError(str(error)) from error
