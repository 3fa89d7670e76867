"""The lossless JSON document, written and read piece by piece, so that its size does not matter."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from trustlog.domain.text import BadAnswerError, once, visible_json
from trustlog.formats.shapes import BY_NAME, SECTIONS

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


_DECODER = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=once)


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

    def members(self, begin: str, end: str) -> Iterator[int]:
        """The number of each member between two signs, with commas between them; whoever asks reads the member."""
        self.expect(begin)
        number, more = 0, self.peek() != end
        while more:
            yield number
            number, more = number + 1, self.peek() != end
            if more:
                self.expect(",")
        self.expect(end)

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
            except BadAnswerError as error:
                raise BadDocumentError(f"{what}: {error}") from error
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


FORMAT = "trustlog-export"
VERSION = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class TooNewError(ValueError):
    """A document of a version that this program does not know."""


def dump(sections: Iterable[tuple[str, Iterable[dict[str, Any]]]], *, private: bool) -> Iterator[str]:
    """The document as pieces of text, one record a line."""
    yield f'{{"format": "{FORMAT}/{VERSION}", "reflections": {json.dumps(private)}'
    for name, records in sections:
        yield f',\n"{name}": ['
        before = "\n"
        for record in records:
            yield before + encoded(record)
            before = ",\n"
        yield "\n]" if before == ",\n" else "]"
    yield "}\n"


def encoded(value: Any) -> str:
    """A value as JSON; no control character stands in it raw."""
    return visible_json(_ENCODER.encode(value))


Member = tuple[str, int | None, Any]
"""Section, number and record; without a number the section ends there."""


def parse(pieces: Iterable[str]) -> Iterator[tuple[str, int, Any]]:
    """(section, number, record), sections in their order; first of all `("", 0, whether reflections are in it)`.

    Sections that come early, as a tool that sorts keys leaves them, wait for their turn in memory.
    Raises BadDocumentError, TooNewError.
    """
    wanted = ["", *(section.name for section in SECTIONS)]
    waiting: dict[str, list[Any]] = {}
    done: set[str] = set()
    for name, number, value in _members(Pieces(pieces)):
        if number is None:
            done.add(name)
        elif name == wanted[0]:
            yield name, number, value
        else:
            waiting.setdefault(name, []).append(value)
        while wanted and wanted[0] in done:
            yield from _all(wanted[0], waiting.pop(wanted.pop(0), ()))
    if "" not in done:
        raise BadDocumentError('"format" and "reflections" are missing: this is no export of trustlog')
    for name in wanted:  # sections that the document does not have, and what waited behind them
        yield from _all(name, waiting.pop(name, ()))


def _all(name: str, values: Iterable[Any]) -> Iterator[tuple[str, int, Any]]:
    return ((name, number, value) for number, value in enumerate(values))


def _members(text: Pieces) -> Iterator[Member]:
    seen: set[str] = set()
    for _ in text.members("{", "}"):
        name = text.value("a name")
        shown = ascii(name)[1:-1][:60]
        if not isinstance(name, str) or name in seen:
            raise BadDocumentError(f"{shown} stands twice" if isinstance(name, str) else "a name must be a text")
        seen.add(name)
        text.expect(":")
        if name in BY_NAME:
            yield from _records(name, text)
        elif name == "format":
            _check_format(text.value(name))
        elif name == "reflections":
            private = text.value(name)
            if not isinstance(private, bool):
                raise BadDocumentError("reflections: must be true or false")
            yield "", 0, private
        else:
            raise BadDocumentError(f"{shown} is not known here")
        if "" not in seen and {"format", "reflections"} <= seen:
            seen.add("")
            yield "", None, None
    if text.peek():
        raise BadDocumentError("something stands behind the end")


def _records(name: str, text: Pieces) -> Iterator[Member]:
    if text.peek() != "[":
        raise BadDocumentError(f"{name}: must be a list")
    for number in text.members("[", "]"):
        yield name, number, text.value(f"{name}[{number}]")
    yield name, None, None


def _check_format(told: Any) -> None:
    name, _, version = told.partition("/") if isinstance(told, str) else ("", "", "")
    if name != FORMAT or not version.isascii() or not version.isdigit() or len(version) > 9:
        raise BadDocumentError(f'"format" must be "{FORMAT}/{VERSION}": this is no export of trustlog')
    if int(version) > VERSION:
        raise TooNewError(f"it was written by a newer trustlog ({told}, this one knows {FORMAT}/{VERSION})")
