"""Text in columns: what the terminal can show, the width of letters, wrapping, styles."""

import os
import re
import sys
from collections.abc import Iterator
from itertools import accumulate
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


ACCENT = "cyan"
GREY = "dim"
STRONG = "bold"
DUE = "yellow"

LABEL = 16
"""Columns for the label before a text."""


def cells(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if _is_narrow(text) else sum(size for _, size in _letters(text))


# Latin, Greek, Cyrillic and the signs that we draw with: nothing here is wide, and nothing combines
_NARROW = "\x00-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2193\u2212\u2500-\u25a1"

# of Chinese, Japanese and Korean each character is a letter
_WIDE = "\u3000-\u3029\u3030-\u303c\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"


def _is_narrow(text: str) -> bool:
    return text.isascii() or re.search(f"[^{_NARROW}]", text) is None


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """What is seen as one letter, with its columns: marks, and joined emoji, belong to what they stand on."""
    if _is_narrow(text):
        return ((character, 1) for character in text)
    if re.search(f"[^{_NARROW}{_WIDE}]", text) is None:
        return ((character, 2 if character >= "\u3000" else 1) for character in text)
    from wcwidth import iter_graphemes, wcswidth  # 18 ms, only for emoji and scripts whose letters are put together

    return ((grapheme, max(0, wcswidth(grapheme))) for grapheme in iter_graphemes(text))


def padded(text: str, width: int) -> str:
    """The text with blanks up to a width."""
    return text + " " * (width - cells(text))


def cut(text: str, width: int) -> str:
    """The text in one line of a width, with an ellipsis if it is longer."""
    if cells(text) <= width:
        return text
    letters = list(_letters(text))
    fitting = sum(1 for used in accumulate(size for _, size in letters) if used < width)
    return f"{''.join(character for character, _ in letters[:fitting]).rstrip()}…"


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of a width, broken between words; a longer word is broken where it must.

    `first` stands before the first line and `rest` before the others, within the width.
    """
    room, later = width - cells(first), width - cells(rest)
    if cells(text) <= room:
        return [first + text if text else ""]  # with its blanks as they are
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = cells(word)
        if line and used + 1 + size <= room:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line.rstrip(" "))
            room = later
        *whole, line = _broken(word, room, later)
        if whole:
            lines += whole
            room = later
        used = cells(line)
    lines.append(line.rstrip(" "))
    return [(rest if at else first) + line for at, line in enumerate(lines)]


def flowing(text: str, width: int, indent: str = "") -> str:
    """A text of any lines, each of them broken between words at the width and indented."""
    return "\n".join(line for part in text.split("\n") for line in wrapped(part, width, indent, indent))


def labelled(label: str, texts: list[str], look: Look) -> list[str]:
    """The texts beside a label in grey; where it is narrow, below it."""
    if not texts:
        return []
    narrow = look.width < 44
    room = max(10, look.width - (4 if narrow else LABEL + 2))
    pad = " " * (4 if narrow else LABEL + 2)
    lines = [line for text in texts for line in wrapped(text, room)]
    if narrow:
        return [f"  {look.paint(label, 'dim')}", *(f"{pad}{line}" for line in lines)]
    head = f"  {look.paint(label, 'dim')}{' ' * (LABEL - len(label))}"
    return [head + lines[0], *(f"{pad}{line}" for line in lines[1:])]


def _broken(word: str, room: int, later: int) -> list[str]:
    """A word in pieces of what is left of a line and then of whole ones, a character each at least."""
    if cells(word) <= room:
        return [word]
    pieces, piece, used = [], "", 0
    for letter, size in _letters(word):
        if used + size > room and piece:
            pieces.append(piece)
            piece, used, room = "", 0, later
        piece += letter
        used += size
    return [*pieces, piece]
