"""Where things stand after a line was crossed, and the support page."""

from textwrap import fill
from typing import Any

from trustlog.domain.conversations.boundary import Told
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(told: Told) -> dict[str, Any]:
    """The level as JSON, naming nobody from the second drawer."""
    return {
        "manager": told.manager, "level": told.standing.level, "because": list(told.standing.because),
        "restricted": told.restricted, "text": told.text,
    }  # fmt: skip


def lines(told: Told, look: Look) -> str:
    """What is said at the level, and the notes that make it."""
    because = ", ".join(told.standing.because)
    return wrapped(told.words, look) + (look.paint(f"\n\nfrom your notes: {because}", "dim") if because else "")


def wrapped(text: str, look: Look) -> str:
    """Paragraphs broken between words."""
    return "\n".join(fill(visible(part), min(look.width, 78)) for part in text.split("\n"))
