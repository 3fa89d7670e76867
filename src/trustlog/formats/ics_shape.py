"""The shape of a calendar file, checked before a library reads it; no library is needed here."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from trustlog.domain.text import visible
from trustlog.errors import UserError

AGAIN = "Export it from your calendar once more."


# what the libraries raise for values that no calendar should hold
ODD = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RecursionError)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"B\x00E\x00", b"\x00B\x00E")
"""How UTF-16 begins: with its byte-order mark, or with BEGIN."""


# a letter of several bytes, with folds between them (RFC 5545 3.1 allows that)
_FOLDED_LETTER = re.compile(rb"[\xc2-\xf4](?:[\x80-\xbf]|(?:\r\n|\n|\r)[ \t])+")
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")


class OddError(ValueError):
    """A part of a calendar that cannot be read; its message says why."""


class Component(NamedTuple):
    """A component: the line of its BEGIN, its own lines with their numbers, and what it holds."""

    name: str
    number: int
    lines: list[tuple[int, str]]
    parts: "list[Component]"

    def values(self, name: str) -> list[str]:
        """What stands after the colon of each own line with this name, parameters left out."""
        pattern = re.compile(rf"{re.escape(name)}(?:;(?:[^:\"]|\"[^\"]*\")*)?:(.*)", re.IGNORECASE | re.DOTALL)
        return [found[1] for _, line in self.lines if (found := pattern.fullmatch(line))]


def text_of(raw: bytes) -> str:
    """The text of a calendar file; a byte-order mark is forgiven. Raises UserError `bad-file`."""
    if raw.startswith(_UTF16):
        raise UserError("bad-file", "the calendar is UTF-16, not UTF-8", "Save it as UTF-8.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # the fold moves behind its letter, so that lines keep their numbers
        raw = _FOLDED_LETTER.sub(lambda hit: b"".join([*_FOLD.split(hit[0]), *_FOLD.findall(hit[0])]), raw)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UserError("bad-file", f"line {line} is not UTF-8", "Save it as UTF-8.") from error


def calendars(text: str) -> list[Component]:
    """Every VCALENDAR of a text, with its events and zones as parts, however deep they stand.

    Raises UserError `bad-file` naming the line where the file breaks.
    """
    found: list[Component] = []
    around: list[Component] = []
    number = 0
    for number, line in _unfolded(text):
        name, colon, value = line.partition(":")
        name, value = name.strip().upper(), value.strip().upper()
        if not around and (name, value) != ("BEGIN", "VCALENDAR"):
            raise _broken(number, "it is no calendar")
        if not colon:
            raise _broken(number, "it holds no colon")
        if name == "BEGIN":
            around.append(Component(value, number, [], []))
        elif name == "END":
            if around[-1].name != value:
                raise _broken(number, f"END:{value} ends nothing that was begun")
            _place(around.pop(), around, found)
        else:
            around[-1].lines.append((number, line.strip()))
    if around:
        raise _broken(around[-1].number, f"what begins there has no end; the file stops at line {number}")
    if not found:
        raise _broken(1, "it is no calendar")
    return found


def _place(part: Component, around: list[Component], calendars: list[Component]) -> None:
    """Put a part where it belongs: events and zones into their calendar, everything else into what it stands in."""
    if part.name == "VCALENDAR":
        calendars.append(part)
    elif part.name in ("VEVENT", "VTIMEZONE"):
        next(component for component in reversed(around) if component.name == "VCALENDAR").parts.append(part)
    else:
        around[-1].parts.append(part)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, the ones that go on put together; empty ones are passed over."""
    pieces: list[str] = []
    begins = 0
    for number, line in enumerate(re.sub(r"\r\n?", "\n", text).split("\n"), 1):
        if line[:1] in (" ", "\t") and pieces:
            pieces.append(line[1:])
        elif line.strip():
            if pieces:
                yield begins, "".join(pieces)
            # a byte-order mark stands there too where files were put together
            pieces, begins = [line.removeprefix("\ufeff")], number
    if pieces:
        yield begins, "".join(pieces)


def _broken(number: int, why: str) -> UserError:
    return UserError("bad-file", f"line {number}: {visible(why[:80])}", AGAIN)
