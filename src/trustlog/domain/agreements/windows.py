"""The windows of an agreement as people write them: `scorecard 24h, offer_decision 2 days`."""

import re
from typing import Any

from trustlog.domain.agreements.agreement import WINDOWS, hours
from trustlog.domain.days import DAY_NAMES

_UPDATES = {"none": "none"} | {word: name for name in DAY_NAMES for word in (name.lower(), name[:3].lower())}
"""When a weekly update can be due, as it is typed and as it is kept."""


def read(value: Any) -> dict[str, str]:
    """Lengths by the names of windows, from a map or from words. Raises ValueError, which says what it takes."""
    if isinstance(value, str):
        said = [one.strip() for one in re.split(r"[,;\n]", value) if one.strip()]
        value = dict(_split(one) for one in said)
    if not isinstance(value, dict) or not value:
        raise ValueError("it takes windows and their lengths, like: scorecard 24h, offer_decision 2 days")
    return {name: _length(name, length) for name, length in ((_name(str(key)), one) for key, one in value.items())}


def _split(said: str) -> tuple[str, str]:
    """A name of one or two words, and its length."""
    words = re.split(r"[\s:=]+", said)
    for count in (2, 1):
        name = "_".join(words[:count]).lower().replace("-", "_")
        if len(words) > count and name in WINDOWS:
            return name, " ".join(words[count:])
    return words[0], " ".join(words[1:])


def _name(typed: str) -> str:
    name = "_".join(typed.replace("-", " ").replace("_", " ").lower().split())
    if name not in WINDOWS:
        raise ValueError(f'there is no window "{typed}"; there are {", ".join(WINDOWS)}')
    return name


def _length(name: str, length: Any) -> str:
    if name == "weekly_update":
        day = _UPDATES.get(length.strip().lower()) if isinstance(length, str) else None
        if day is None:
            raise ValueError(f"{name} takes a weekday such as Friday, or none")
        return day
    if not isinstance(length, str) or hours(length.lower()) is None:
        raise ValueError(f"{name} takes a length such as 24h or 2 days")
    return " ".join(length.lower().split())
