"""The shape of a calendar file, and its rules of repetition, checked before a library reads them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from math import lcm
from typing import Any, NamedTuple

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # ships no types
from icalendar.prop import vRecur

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


_PERIODS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
"""How rules repeat, and the fewest days of their period."""
_LONGEST = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_LOOK = {"DAILY": 1, "WEEKLY": 2, "MONTHLY": 4, "YEARLY": 12}
"""The effort to look through a period, measured in days of a daily rule."""
_BOUNDS = {
    "COUNT": (1, 2**31), "INTERVAL": (1, 10_000), "BYMONTH": (1, 12), "BYHOUR": (0, 23), "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
}  # fmt: skip
_KNOWN = {*_BOUNDS, "FREQ", "UNTIL", "WKST", "BYDAY"}
_ONE = ("COUNT", "INTERVAL", "UNTIL", "FREQ", "WKST")
_SELDOM = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
"""Parts that go with months and years."""
_TIMES_A_DAY = 48
_MOST_EFFORT = 2_000_000
"""The effort for all rules of one file: some seconds, and more than any calendar needs."""
FOUND = 30
"""The effort for each occurrence that is found."""
_NEVER = 5
"""How many rules of one file may name days that never come; each costs half a second to find out."""


Span = tuple[datetime, datetime]


class Effort:
    """What the rules of one file cost so far."""

    def __init__(self) -> None:
        self.spent = self.never = 0

    def spend(self, effort: float) -> None:
        """Raises OddError for what would take too long, and for everything after that."""
        self.spent += int(effort)
        if self.spent > _MOST_EFFORT:
            raise OddError("it and others repeat too often to be read at once; take in less with --since")

    def look_ahead(self, rule: vRecur, start: datetime, line: int) -> None:
        """Refuse a rule that never names a day. Raises OddError; UserError `bad-file` where that is no accident."""
        endless = vRecur({part: values for part, values in rule.items() if part not in ("UNTIL", "COUNT")})
        text = endless.to_ical().decode()  # type: ignore[no-untyped-call]  # icalendar leaves it open
        if next(iter(rrulestr(text, dtstart=start)), None) is not None:
            return
        self.never += 1
        if self.never > _NEVER:
            raise UserError("bad-file", f"line {line}: it repeats on days that never come, like others", AGAIN)
        raise OddError("it repeats on days that never come")


def checked(rule: Any) -> vRecur:
    """A rule that is followed. Raises OddError for what no meeting does, and what would be looked for without end."""
    if not isinstance(rule, vRecur):
        raise OddError("it cannot be read")
    fine = rule.keys() <= _KNOWN and _often(rule) in _PERIODS
    fine = fine and all(len(rule.get(part, [0])) == 1 for part in _ONE)
    for part, (least, most) in _BOUNDS.items() if fine else ():
        fine = fine and all(least <= value <= most and (value or least == 0) for value in rule.get(part, []))
    if fine and _often(rule) in ("DAILY", "WEEKLY"):
        fine = not any(part in rule for part in _SELDOM)
        # every month has a day of each such rhythm; with a longer one it may never come
        fine = fine and ("BYMONTH" not in rule or _interval(rule) <= 4)
        fine = fine and (_often(rule) == "WEEKLY" or "BYDAY" not in rule or _interval(rule) % 7 != 0)
    if not fine or _times_a_day(rule) > _TIMES_A_DAY:
        raise OddError("it repeats in a way that no meeting does")
    return rule


def until(rule: vRecur, end: datetime | Any) -> vRecur:
    """The rule with another end; a day ends with its last second."""
    rule = vRecur(rule)
    rule["UNTIL"] = [end if isinstance(end, datetime) else datetime.combine(end, time(23, 59, 59))]
    return rule


def prepared(rules: Iterable[vRecur], start: datetime, span: Span, effort: Effort, line: int) -> list[vRecur]:
    """The rules without a COUNT that is never reached, each one paid for. Raises OddError, UserError `bad-file`."""
    used = []
    for rule in rules:
        kept = vRecur(rule)
        if "COUNT" in kept and kept["COUNT"][0] >= _most(kept, start, span[1], _LONGEST[_often(kept)]):
            del kept["COUNT"]
        used.append(kept)
    begin = beginning(used, start, span)
    for rule in used:
        end = min(span[1], rule["UNTIL"][0]) if "UNTIL" in rule else span[1]
        steps = _most(rule, begin, end, _LOOK[_often(rule)])  # that many, or more
        effort.spend(min(steps, 12 * rule["COUNT"][0]) if "COUNT" in rule else steps)
        if _often(rule) in ("MONTHLY", "YEARLY"):
            effort.look_ahead(rule, begin, line)
    return used


def beginning(rules: Iterable[vRecur], start: datetime, span: Span) -> datetime:
    """A beginning by which the rules name the same days of a span, near it, so that its length is what they cost.

    A rule with COUNT counts from `start`.
    """
    days, months = 1, 0
    rules = list(rules)
    if not rules or any("COUNT" in rule for rule in rules):
        return start
    for rule in rules:
        if _often(rule) in ("DAILY", "WEEKLY"):
            days = lcm(days, _PERIODS[_often(rule)] * _interval(rule))
        else:
            # after four years every day of a month is there again, until the year 2100
            months = lcm(months or 1, 48, _interval(rule) * (12 if _often(rule) == "YEARLY" else 1))
    room = (span[0] - start).days - 1  # the beginning counts as an occurrence, so it must lie before the span
    if room <= 0 or (months and days > 1):
        return start
    if not months:
        return start + timedelta(days=room // days * days)
    later = start.year + max(room - 366, 0) // 366 // (months // 12) * (months // 12)
    return start.replace(year=later) if later < 2100 else start


def _most(rule: vRecur, start: datetime, end: datetime, each: int) -> float:
    """More than how often something comes from `start` to `end` that comes `each` times in a period."""
    if end < start:
        return 0
    days = (end - start).days + 1
    return (days / (_PERIODS[_often(rule)] * _interval(rule)) + 1) * each * _times_a_day(rule)


def _often(rule: vRecur) -> str:
    return str(next(iter(rule.get("FREQ", [])), "")).upper()


def _interval(rule: vRecur) -> int:
    return int(rule.get("INTERVAL", [1])[0])


def _times_a_day(rule: vRecur) -> int:
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(set(rule.get(part, [0])))
    return times
