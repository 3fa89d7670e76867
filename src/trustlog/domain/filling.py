"""Templates of the playbook with their places filled, all at once: what is put in is never read again."""

import re
from collections.abc import Iterable, Mapping

_PLACE = re.compile(r"\{(\w+)\}")


def filled(template: str, places: Mapping[str, str]) -> str:
    """The template with its places filled; a place that nothing fills stays as it is written."""
    return _PLACE.sub(lambda hit: places.get(hit[1], hit[0]), template)


def filled_or_marked(
    template: str, places: Mapping[str, str], blanks: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The template with its places filled, and the names of those that are not known.

    They stay marked in the text, like `[the new date]`; `blanks` says what each is called.
    """
    unknown = tuple(dict.fromkeys(name for name in places_of(template) if not places.get(name)))
    marks = {name: f"[{blanks.get(name, name.replace('_', ' '))}]" for name in unknown}
    return filled(template, {**places, **marks}), unknown


def places_of(template: str) -> list[str]:
    """The names of a template's places, in their order."""
    return _PLACE.findall(template)


def unknown_place(template: str, allowed: Iterable[str]) -> str | None:
    """The first place that nothing would fill."""
    known = frozenset(allowed)
    return next((name for name in places_of(template) if name not in known), None)
