"""Where things stand after a line was crossed, and the support page."""

from datetime import date
from textwrap import fill
from typing import Any

from trustlog.domain.conversations.boundary import Told
from trustlog.domain.days import echo_day
from trustlog.domain.text import visible
from trustlog.view.look import Look

DAY = 15
"""So wide is a day."""


def data(told: Told) -> dict[str, Any]:
    """The level as JSON, naming nobody from the second drawer."""
    return {
        "manager": told.manager, "level": told.standing.level, "because": list(told.standing.because),
        "restricted": told.restricted, "text": told.text,
    }  # fmt: skip


def lines(told: Told, look: Look) -> str:
    """What is said at the level, and the notes that make it."""
    said = [wrapped(told.words, look)]
    if told.notes:
        said += ["", look.paint("from your notes:", "dim")]
        said += [look.paint(_note(day, words, look), "dim") for day, words in told.notes]
    return "\n".join(said)


def _note(day: date, words: str, look: Look) -> str:
    first = f"  {echo_day(day):<{DAY}}  "
    return fill(words, min(look.width, 78), initial_indent=first, subsequent_indent=" " * len(first))


def wrapped(text: str, look: Look) -> str:
    """Paragraphs broken between words."""
    return "\n".join(fill(visible(part), min(look.width, 78)) for part in text.split("\n"))
