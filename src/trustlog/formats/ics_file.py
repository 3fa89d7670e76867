"""A calendar file (RFC 5545): reminders written as one, and the shape of one that is read, checked before a library
reads it. Neither needs a library."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from trustlog.domain.calendars import Reminder
from trustlog.domain.text import visible
from trustlog.errors import UserError

_WIDTH = 75
"""The longest line, in bytes of UTF-8 without the line's end."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the order of letters round, also of those that other people wrote beside it."""


def written(reminders: Iterable[Reminder], title: str, stamp: datetime) -> str:
    """A calendar to be imported; importing it again updates. `stamp` is the moment that it tells of.

    Times are instants in UTC: every calendar reads them without a table of zones, and each shows them by its own
    clock. A whole day is a date without a zone, so that it stays that day wherever it is read.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//trustlog//remind//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
    ]  # fmt: skip
    for reminder in reminders:
        lines += _event(reminder, _utc(stamp))
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def escaped(text: str) -> str:
    """Text as a calendar holds it: one line, with separators marked; other control characters are left out.

    What would turn letters round is shown as an escape.
    """
    text = text.replace("\r\n", "\n")
    # what some readers take for the end of a line becomes one
    for end in "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        text = text.replace(end, "\n")
    text = "".join(one for one in text if one in "\n\t" or not (one < " " or "\x7f" <= one <= "\x9f"))
    return _OVERRIDES.sub(lambda hit: visible(hit[0]), text).translate(_ESCAPES)


def _event(reminder: Reminder, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{reminder.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"SEQUENCE:{reminder.revision}"
    yield f"DTSTART{_time(reminder.start)}"
    yield f"DTEND{_time(reminder.end)}"
    yield f"SUMMARY:{escaped(reminder.summary)}"
    if reminder.description:
        yield f"DESCRIPTION:{escaped(reminder.description)}"
    yield f"STATUS:{'CANCELLED' if reminder.over else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"  # a reminder makes nobody busy
    if reminder.alarm is not None and not reminder.over:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(reminder.summary)}")
        yield from (f"TRIGGER:{_duration(reminder.alarm)}", "END:VALARM")
    yield "END:VEVENT"


def _time(at: datetime | date) -> str:
    return f":{_utc(at)}" if isinstance(at, datetime) else f";VALUE=DATE:{at:%Y%m%d}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _duration(length: timedelta) -> str:
    """`-PT1H`, `PT9H`: whole minutes."""
    minutes = int(length.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("", minutes)
    hours, rest = divmod(minutes, 60)
    parts = (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")
    return f"{sign}PT{parts}"


def _folded(line: str) -> Iterator[str]:
    """A line in pieces that are short enough; no character is cut, and each further piece begins with a blank."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _WIDTH:
            yield piece
            piece, size = " ", 1
        piece += character
        size += width
    yield piece


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
