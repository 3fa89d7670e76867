"""One event of a calendar file: its times, and whether it took place."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NamedTuple

import icalendar
from x_wr_timezone import UTCChangingWalker  # type: ignore[import-untyped]  # ships no types

from trustlog.domain.calendars import Person, called_off
from trustlog.domain.people import folded
from trustlog.formats.ics_file import Component, OddError
from trustlog.formats.ics_named import NAMES, Zones, people

YEARS = range(1970, 2200)
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
_RULES = ("RRULE", "EXRULE", "SEQUENCE", "DURATION")
_STAMPS = ("DTSTAMP", "LAST-MODIFIED", "CREATED")
_READ = (*_TIMES, *_ALL_DAY, *_RULES, *_STAMPS, "UID", "SUMMARY", "STATUS")
"""The properties that decide something, beside people; whatever else an event holds may be broken."""
_FORGIVEN = {"DTEND", "DURATION", *_STAMPS, *_ALL_DAY}
"""Those without which an event can be read."""
_ONCE = ("DTSTART", "RECURRENCE-ID", "UID")
_NAME = re.compile(r"[\w.-]+")
_TZID = re.compile(r';\s*TZID\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
_LOCAL = re.compile(r"\d{8}T\d{6}(?!Z)")
_ZONE = "X-TRUSTLOG-ZONE"
"""A parameter of our own in place of TZID, which icalendar would look up in one list for all calendars."""
_NO_MEETING = ("ADD", "COUNTER", "DECLINECOUNTER", "REFRESH")
"""Messages that ask for something, or hold a part of an event."""


Moment = datetime | date


def key(at: Moment) -> str:
    """The name of an occurrence: in UTC, but without a zone if it has none."""
    if isinstance(at, datetime) and at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
        return f"{at.isoformat()}Z"
    return at.isoformat()


class Event(NamedTuple):
    """One VEVENT. A time without a zone is meant here; `floating` if the event names none for its beginning.

    `replaces` is the RECURRENCE-ID: which one of a series it stands for; with `onwards`, it and all that follow. `name`
    is its key as it is written, empty without one.
    `stamps` order versions of the same SEQUENCE: DTSTAMP and LAST-MODIFIED, 0 where they are not said, as `created`.
    `reply` is an answer to an invitation, and `declined` that the owner of the calendar said no. `rules`, `more` and
    `without` are RRULE, RDATE and EXDATE.
    """

    line: int
    uid: str
    summary: str
    start: Moment | None
    floating: bool
    replaces: Moment | None
    name: str
    onwards: bool
    sequence: int
    stamps: tuple[float, float]
    created: float
    reply: bool
    cancelled: bool
    all_day: bool
    declined: bool
    people: tuple[Person, ...]
    rules: tuple[Any, ...]
    more: tuple[Moment, ...]
    without: tuple[Moment, ...]

    @property
    def anew(self) -> bool:
        """Whether it says of itself when it repeats from one day on."""
        return self.onwards and bool(self.rules or self.more)

    @property
    def kept(self) -> bool:
        """Whether it is a meeting at all."""
        return not (self.all_day or self.cancelled or self.declined)

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.more) and self.replaces is None


class Reader:
    """Reads the events of one VCALENDAR, by its zones and by what it says of all of them."""

    def __init__(self, calendar: Component) -> None:
        self.zones = Zones(calendar)
        zone, method, scale = ("".join(calendar.values(name)[:1]) for name in ("X-WR-TIMEZONE", "METHOD", "CALSCALE"))
        self.zone, self.method, self.scale = zone.strip(), method.strip().upper(), scale.strip().upper()
        # Google calls a calendar by the address of its owner
        self.owner = folded("".join(calendar.values("X-WR-CALNAME")[:1]))

    def read(self, part: Component) -> Event:
        """Raises OddError, or any other of ODD, for an event that cannot be read."""
        if self.scale not in ("", "GREGORIAN"):
            raise OddError(f"its calendar counts by {self.scale[:80]}")
        if self.method in _NO_MEETING:
            raise OddError(f"METHOD:{self.method} tells of no meeting that was agreed")
        found = _Properties(part, self.zones)
        floating, replaced = found.floating, found.moment("RECURRENCE-ID")
        if floating and self.zone:
            found.place(self.zones.named(self.zone))
        start, summary = found.moment("DTSTART"), found.text("SUMMARY")
        cancelled = self.method == "CANCEL" or found.text("STATUS").upper() == "CANCELLED"
        if start is None and not cancelled:
            raise OddError("it has no time")
        if found.all("EXRULE"):
            raise OddError("it leaves out by a rule, EXRULE")
        return Event(
            line=part.number,
            uid=found.text("UID"),
            summary=summary,
            start=start,
            floating=floating,
            replaces=found.moment("RECURRENCE-ID"),
            name="" if replaced is None else key(replaced),
            onwards=found.onwards,
            sequence=int(found.first("SEQUENCE") or 0),
            stamps=(found.stamp("DTSTAMP"), found.stamp("LAST-MODIFIED")),
            created=found.stamp("CREATED"),
            reply=self.method == "REPLY",
            cancelled=cancelled or called_off(summary),
            all_day=found.lasts_all_day(start),
            declined=any(
                person.declined and folded(person.email) == self.owner for person in found.people if person.email
            ),
            people=found.people,
            rules=tuple(found.all("RRULE")),
            more=tuple(found.dates("RDATE")),
            without=tuple(found.dates("EXDATE")),
        )


class _Properties:
    """The properties of one event, as icalendar reads them."""

    def __init__(self, part: Component, zones: Zones) -> None:
        self.names: list[str] = []
        self.people: tuple[Person, ...] = ()
        lines = list(self._lines(part))
        self.event: Any = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
        broken = {name for name, _ in self.event.errors}
        if broken - _FORGIVEN:
            raise OddError("it cannot be read")
        for name in broken:
            del self.event[name]
        self._place_all(zones)
        start, replaced = self.first("DTSTART"), self.first("RECURRENCE-ID")
        self.floating = start is not None and isinstance(start.dt, datetime) and start.dt.tzinfo is None
        self.named_day = start is not None and str(start.params.get("VALUE", "")).upper() == "DATE"
        span = "" if replaced is None else str(replaced.params.get("RANGE", "")).upper()
        if span not in ("", "THISANDFUTURE"):
            raise OddError(f"RANGE={span[:80]} is not known")
        self.onwards = bool(span)

    def _lines(self, part: Component) -> Iterator[str]:
        """The content lines that decide something, so that icalendar reads them right."""
        for _, line in part.lines:
            found = _NAME.match(line)
            name = found[0].upper() if found else ""
            if name in _TIMES:
                yield from self._times(line)
            elif name in _RULES:
                if not line.endswith(":"):  # an empty one says nothing
                    yield line.replace(" ", "")
            elif name in NAMES:
                named = people(line)
                self.people = (*named, *self.people) if name == "ORGANIZER" else (*self.people, *named)
            elif name in _READ:
                yield line

    def _times(self, line: str) -> Iterator[str]:
        """A line of times. Those that their TZID is meant for are set apart: UTC and days have no other zone."""
        # the value of a time holds no colon, but the name of a zone may: TZID=tzone://Microsoft/Utc
        head, _, value = line.rpartition(":")
        zone = _TZID.search(head)
        values = [one.strip() for one in value.upper().split(",") if one.strip()]
        local = [value for value in values if zone is not None and _LOCAL.match(value)]
        if zone is not None:
            head = head[: zone.start()] + head[zone.end() :]
            self.names.append(zone[1])
        if local:
            yield f"{head};{_ZONE}={len(self.names) - 1}:{','.join(local)}"
        if len(values) > len(local):
            yield f"{head}:{','.join(value for value in values if value not in local)}"

    def _place_all(self, zones: Zones) -> None:
        """Put each time into the zone that it names."""
        for value in (one for name in _TIMES for one in self.all(name)):
            place = value.params.get(_ZONE)
            zone = None if place is None else zones.named(self.names[int(place)])
            for one in value.dts if zone is not None else ():
                if isinstance(one.dt, tuple):
                    one.dt = (one.dt[0].replace(tzinfo=zone), one.dt[1])
                else:
                    one.dt = one.dt.replace(tzinfo=zone)

    def place(self, zone: tzinfo) -> None:
        """Put the times that name no zone into the one of their calendar."""
        self.event = _FloatingOnly(zone).walk_event(self.event)

    def all(self, name: str) -> list[Any]:
        found = self.event.get(name)
        return found if isinstance(found, list) else [] if found is None else [found]

    def first(self, name: str) -> Any:
        """A property, None if it is not there. Raises OddError for two where only one can be meant."""
        found = self.all(name)
        if name in _ONCE and any(str(one) != str(found[0]) for one in found[1:]):
            raise OddError(f"it has more than one {name}")
        return next(iter(found), None)

    def text(self, name: str) -> str:
        return str(self.first(name) or "").strip()

    def moment(self, name: str) -> Moment | None:
        found = self.first(name)
        return None if found is None else _checked(found.dt)

    def dates(self, name: str) -> Iterator[Moment]:
        """The dates of a list; of a stretch of time, its beginning."""
        for listed in self.all(name):
            for one in listed.dts:
                yield _checked(one.dt[0] if isinstance(one.dt, tuple) else one.dt)

    def stamp(self, name: str) -> float:
        """When something was done, for comparing; 0 if that is not said."""
        found = getattr(self.first(name), "dt", None)
        if not isinstance(found, date):
            return 0.0
        moment = found if isinstance(found, datetime) else datetime.combine(found, time.min)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    def lasts_all_day(self, start: Moment | None) -> bool:
        """Whether it lasts whole days: by its dates, by a flag of Exchange or another, or from midnight to midnight."""
        if not isinstance(start, datetime):
            return start is not None
        flags = [str(one).strip().upper() for name in _ALL_DAY for one in self.all(name)]
        if flags or self.named_day:
            return self.named_day or any(flag in ("TRUE", "1", "YES") for flag in flags)
        end, length = getattr(self.first("DTEND"), "dt", None), getattr(self.first("DURATION"), "dt", None)
        if end is None and length is not None:
            end = start + length
        if not isinstance(end, datetime) or (end.tzinfo is None) != (start.tzinfo is None):
            return False
        end = end.astimezone(start.tzinfo) if end.tzinfo else end
        return start.time() == time.min == end.time() and end.date() > start.date()


class _FloatingOnly(UTCChangingWalker):  # type: ignore[misc]  # ships no types
    """Leaves UTC alone: a series at ten in UTC stays there when clocks are changed (RFC 5545 3.3.5)."""

    def is_UTC(self, dt: datetime) -> bool:  # noqa: ARG002, N802 - the name and the argument are the library's
        return False


def _checked(at: Any) -> Moment:
    if not isinstance(at, date):
        raise OddError("its time cannot be read")
    if isinstance(at, datetime) and at.year not in YEARS:
        raise OddError(f"its time is outside the years {YEARS[0]} to {YEARS[-1]}")
    return at
