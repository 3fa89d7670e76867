"""Praise that names what was done, and the sentence for the place where it is said."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from trustlog.domain.filling import filled
from trustlog.domain.model import Entry

CHANNELS = ("kudos-chat", "update-email", "meeting", "one-to-one", "to-their-lead", "other")
PUBLIC = ("kudos-chat", "meeting")
"""Where others look on; not for somebody who would rather not."""
QUIET = "one-to-one"
"""Where praise is said unless another place is named."""
PLACES = ("first_name", "name", "me", "did", "changed", "day")
"""What a template may leave blank, in braces."""


class Praise(NamedTuple):
    """What is to be said. `on` is the day they did it, `when` the moment of the praise; `noticed` is of the jar."""

    did: str
    changed: str
    channel: str
    on: date
    when: datetime
    req: str | None = None
    noticed: int | None = None


class Said(NamedTuple):
    """The sentence for its channel, and the entry that keeps it; a draft has none."""

    entry: Entry | None
    sentence: str
    channel: str


def sentence(template: str, places: Mapping[str, str]) -> str:
    """The template with its places filled. What was said becomes one line that goes on in a sentence."""
    return filled(template, {name: _flowing(said) for name, said in places.items()})


def _flowing(words: str) -> str:
    """On one line, without the full stop that the template sets itself."""
    flat = " ".join(words.split())
    return flat.removesuffix(".") if not flat.endswith("..") else flat
