"""Sentences of the playbook with their places filled, all at once: what is put in is never read again."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(\w+)\}")


def filled(template: str, places: Mapping[str, str]) -> str:
    """The template with its places filled; a place that nothing fills stays as it is written."""
    return _PLACE.sub(lambda hit: places.get(hit[1], hit[0]), template)


def unknown_place(template: str, allowed: tuple[str, ...]) -> str | None:
    """The first place that nothing would fill."""
    return next((name for name in _PLACE.findall(template) if name not in allowed), None)
