"""What the place where we print can show."""

import os
import sys
from typing import NamedTuple

_CODES = {"accent": "36", "dim": "2", "strong": "1", "due": "33"}
"""One accent and its grey; amber only for what is due."""


class Look(NamedTuple):
    """Width in cells, and whether colour and block characters can be shown; `drawn` is no bars and boxes if False."""

    width: int
    color: bool
    blocks: bool
    terminal: bool
    drawn: bool = True

    def paint(self, text: str, style: str) -> str:
        """The text in a style of ours, or as it is where there is no colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.color else text


def look_at_stdout(no_color: bool) -> Look:
    """How stdout looks now: a terminal in colour, or a pipe with the same lines and none."""
    from shutil import get_terminal_size  # part of Typer's imports already

    terminal = sys.stdout.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Look(
        width=max(20, get_terminal_size((80, 24)).columns),
        color=terminal and not no_color and not dumb and not os.environ.get("NO_COLOR"),
        blocks=not dumb and encoding.startswith("utf"),
        terminal=terminal,
    )
