"""Reminders as a calendar file (RFC 5545). Our own: writing needs no library, reading does."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from trustlog.domain.calendars import Reminder
from trustlog.domain.text import visible

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
