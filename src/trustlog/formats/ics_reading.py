"""Meetings from a calendar file. icalendar reads it, python-dateutil (which comes with it) expands what repeats."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, NamedTuple

from trustlog.clock import local_or_next
from trustlog.domain.calendars import OURS, Calendar, Meeting, Person
from trustlog.domain.outcomes import Refused
from trustlog.errors import UserError
from trustlog.formats.ics_shape import AGAIN, lines_of_events

_YEARS = range(1970, 2200)
_MOST = 50_000
"""More occurrences than a series of meetings has."""
_OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_SELDOM = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER")
"""Parts of a rule that go with months and years."""


# what icalendar and dateutil raise for values that no calendar should hold
_ODD = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)


Walls = list[tuple[str, datetime]]


class _Event(NamedTuple):
    """A VEVENT of icalendar, whose properties are read late and may raise any of _ODD; and its line."""

    read: Any
    line: int

    def first(self, name: str) -> Any:
        """A property, the first if it stands there several times; None if it does not."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[Any]:
        found = self.read.get(name)
        return found if isinstance(found, list) else [] if found is None else [found]

    @property
    def uid(self) -> str:
        return str(self.first("UID") or "")

    @property
    def occurrence(self) -> str:
        """Which one of a series it stands for; empty if it is the series, or alone."""
        named = self.first("RECURRENCE-ID")
        return "" if named is None else _key(named.dt)


def read(text: str, begin: datetime, end: datetime) -> Calendar:
    """The meetings that began from `begin` to `end`. Raises UserError `bad-file`, `missing-extra`."""
    text = re.sub(r"\r\n?", "\n", text)
    lines = lines_of_events(text)
    try:
        from icalendar import Calendar as Reader  # 60 ms, only when a calendar is read
    except ModuleNotFoundError as error:
        raise UserError(
            "missing-extra", "reading a calendar needs an extra part", "Install it: pip install 'trustlog[calendar]'"
        ) from error
    try:
        calendars = Reader.from_ical(text, multiple=True)
        events = [event for one in calendars for event in one.walk("VEVENT")]
        withdrawn = any(str(one.get("METHOD", "")).upper() == "CANCEL" for one in calendars)
        return _Reading(begin, end, withdrawn).all([_Event(*pair) for pair in zip(events, lines, strict=True)])
    except _ODD as error:
        raise UserError("bad-file", "the calendar cannot be read", AGAIN) from error


class _Reading:
    """One reading of one file."""

    def __init__(self, begin: datetime, end: datetime, withdrawn: bool) -> None:
        self.begin, self.end, self.withdrawn = begin, end, withdrawn
        self.moved: set[tuple[str, str]] = set()
        self.all_day = self.cancelled = 0

    def all(self, events: list[_Event]) -> Calendar:
        found: dict[tuple[str, str], Meeting] = {}
        refused = []
        for event in events:
            try:
                self.moved.add((event.uid, event.occurrence))
            except _ODD:
                continue  # told below
        for event in events:
            try:
                if not event.uid.endswith(OURS):  # a reminder of our own is no meeting
                    found |= {(one.uid, one.occurrence): one for one in self.one(event)}
            except _ODD as error:
                refused.append(Refused(event.line, _why(error)))
        return Calendar(tuple(found.values()), self.all_day, self.cancelled, tuple(refused))

    def one(self, event: _Event) -> list[Meeting]:
        """The meetings of one event; none if it is none, or lies outside."""
        start = _start(event)
        repeats = bool(event.all("RRULE") or event.all("RDATE")) and not event.occurrence
        if not isinstance(start, datetime):
            inside = repeats or self.begin.date() <= start <= self.end.date()
            self.all_day += inside
            return []
        if self.withdrawn or str(event.first("STATUS") or "").upper() == "CANCELLED":
            self.cancelled += repeats or self.begin <= _moment(start) <= self.end
            return []
        dated: Walls = self._series(event, start) if repeats else [(event.occurrence, start)]
        inside_of = [(key, _moment(at)) for key, at in dated]
        inside_of = [(key, at) for key, at in inside_of if self.begin <= at <= self.end]
        if not inside_of:
            return []
        summary, people = str(event.first("SUMMARY") or "").strip(), tuple(_people(event))
        uid = event.uid or f"{_key(start)} {summary}"
        return [Meeting(uid, key, summary, at, people, event.line) for key, at in inside_of]

    def _series(self, event: _Event, start: datetime) -> Walls:
        """Each occurrence with its name, as far as it was neither moved nor taken out."""
        zone = start.tzinfo
        out = {_wall(one, zone) for one in _dates(event, "EXDATE")}
        walls = {start.replace(tzinfo=None)} | {
            at for one in _dates(event, "RDATE") if isinstance(at := _wall(one, zone), datetime)
        }
        for rule in event.all("RRULE"):
            walls.update(self._expanded(rule, start))
        kept = sorted(one for one in walls if one not in out and one.date() not in out)
        named = [(_key(one.replace(tzinfo=zone)), one.replace(tzinfo=zone)) for one in kept]
        return [(key, one) for key, one in named if (event.uid, key) not in self.moved]

    def _expanded(self, rule: Any, start: datetime) -> Iterator[datetime]:
        """The wall-clock times that a rule names, so that a meeting at ten stays at ten when the clock is changed."""
        from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # ships no types; 8 ms, only for what repeats

        _check_rule(rule)
        last = _wall(self.end, start.tzinfo)
        until = rule.get("UNTIL", [None])[0]
        if until is not None:
            wall = _wall(until, start.tzinfo)
            last = min(last, wall if isinstance(wall, datetime) else datetime.combine(wall, time.max))
        # COUNT and UNTIL are kept here: dateutil refuses them together, and ours ends with what was asked for
        parts = [one for one in rule.to_ical().decode().split(";") if not one.startswith(("UNTIL=", "COUNT="))]
        text = ";".join([*parts, f"UNTIL={last:%Y%m%dT%H%M%S}"])
        count = rule.get("COUNT", [_MOST])[0]
        yield from islice(rrulestr(text, dtstart=start.replace(tzinfo=None)), min(count, _MOST))


def _check_rule(rule: Any) -> None:
    """Refuse what no calendar makes and what dateutil would look for until the year 9999."""
    often = rule["FREQ"][0].upper()
    fine = often in _OFTEN and rule.get("INTERVAL", [1])[0] >= 1
    fine = fine and all(1 <= month <= 12 for month in rule.get("BYMONTH", []))
    if not fine or (often in ("DAILY", "WEEKLY") and any(part in rule for part in _SELDOM)):
        raise _OddError("it repeats in a way that no meeting does")


class _OddError(ValueError):
    """An event that cannot be read; its message says why."""


def _start(event: _Event) -> datetime | date:
    found = event.first("DTSTART")
    if found is None:
        raise _OddError("it has no time")
    zone = found.params.get("TZID")
    start = _checked(found.dt)
    if isinstance(start, datetime) and start.tzinfo is None and zone:
        raise _OddError(f'the time zone "{zone}" is not known')
    return start


def _checked(at: Any) -> datetime | date:
    if not isinstance(at, date):
        raise _OddError("its time cannot be read")
    if at.year not in _YEARS:
        raise _OddError(f"its time is outside the years {_YEARS[0]} to {_YEARS[-1]}")
    return at


def _dates(event: _Event, name: str) -> Iterator[datetime | date]:
    """The dates of a list; of a stretch of time, its beginning."""
    for listed in event.all(name):
        for one in listed.dts:
            yield _checked(one.dt[0] if isinstance(one.dt, tuple) else one.dt)


def _moment(at: datetime) -> datetime:
    """A time of a calendar as a moment here; one without a zone is meant here."""
    return local_or_next(at) if at.tzinfo is None else at.astimezone()


def _wall(at: Any, zone: Any) -> Any:
    """What the clock of a zone shows then; a day is a day."""
    if not isinstance(at, datetime) or at.tzinfo is None:
        return at
    return at.astimezone(zone).replace(tzinfo=None)


def _key(at: datetime | date) -> str:
    if isinstance(at, datetime) and at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
        return f"{at.isoformat()}Z"
    return at.isoformat()


def _people(event: _Event) -> Iterator[Person]:
    """Whom the event names; somebody who cannot be read is passed over."""
    for one in (*event.all("ORGANIZER"), *event.all("ATTENDEE")):
        try:
            email = re.sub("^mailto:", "", str(one), flags=re.IGNORECASE).strip()
            declined = str(one.params.get("PARTSTAT", "")).upper() == "DECLINED"
            yield Person(str(one.params.get("CN", "")), email, declined)
        except _ODD:
            continue


def _why(error: BaseException) -> str:
    return str(error) if isinstance(error, _OddError) else "it cannot be read"
