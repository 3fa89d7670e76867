"""Reading JSON value by value from pieces of text, so that a document never lies in memory whole."""

import json
import re
from collections.abc import Iterable
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_LONGEST = 64 * 1024 * 1024
"""No value of ours has more characters than this."""
_ENDS = tuple(" \t\n\r,]}:")
"""What may stand behind a value."""
_NEAR = 16
"""An error this near the end of what was read may be a value that goes on in the next piece."""


class BadDocumentError(ValueError):
    """A text that is no such document; the message says where and why."""


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class Pieces:
    """A cursor in a text that comes in pieces."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def expect(self, sign: str) -> None:
        """Step over a sign. Raises BadDocumentError if something else stands there."""
        found = self.peek()
        if found != sign:
            there = f"{found!a} stands there" if found else "the text ends there"
            raise BadDocumentError(f"{sign} was expected and {there}: this is no JSON of trustlog, or not all of it")
        self._at += 1

    def goes_on(self, end: str) -> bool:
        """Whether a comma leads to another member; False before the closing sign, which stays."""
        if self.peek() == end:
            return False
        self.expect(",")
        return True

    def value(self, what: str) -> Any:
        """The next value, whole. Raises BadDocumentError."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR or error.msg.startswith("Unterminated string")
                if not (cut and self._more()):
                    raise BadDocumentError(f"{what}: {error.msg}: this is no JSON, or not all of it") from error
            except (ValueError, RecursionError) as error:
                why = "lies too deep" if isinstance(error, RecursionError) else "holds a number that is none"
                raise BadDocumentError(f"{what}: {why}") from error
            else:
                # a number may go on in the next piece: 1 was 1.5, or 1e+5
                whole = self._text[end : end + 1] in _ENDS or len(self._text) - end > len("e+5")
                if (whole and end < len(self._text)) or not self._more():
                    self._at = end
                    return value

    def _more(self) -> bool:
        """Read on, at least as much as is waiting, so that a long value is tried only a few times."""
        waiting = len(self._text) - self._at
        if self._ended or waiting > _LONGEST:
            return False
        parts, size = [self._text[self._at :]], 0
        while size <= waiting and not self._ended:
            piece = next(self._pieces, "")
            self._ended = not piece
            parts.append(piece)
            size += len(piece)
        self._text, self._at = "".join(parts), 0
        return size > 0
