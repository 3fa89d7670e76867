"""The meetings of a calendar file: versions compared, series spread out, what is left out and why."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from trustlog.domain.calendars import OURS, Calendar, Meeting
from trustlog.domain.outcomes import Refused
from trustlog.domain.people import folded
from trustlog.formats.ics_events import YEARS, Event, Moment, Reader, key
from trustlog.formats.ics_file import ODD, Component, OddError
from trustlog.formats.ics_series import Effort, Series, moment


class Versions(NamedTuple):
    """The events that count, and those that do not, each with the one that is newer."""

    current: list[Event]
    older: list[tuple[Event, Event]]


def order(event: Event) -> tuple[bool, int, tuple[float, float], bool, int]:
    """By which the newest is the greatest (RFC 5546 2.1.5). An answer to an invitation knows least.

    Where nothing tells them apart, what was cancelled stays so, and what stands last in the file is newest.
    """
    return (not event.reply, event.sequence, event.stamps, event.cancelled, event.line)


def newest(events: Sequence[Event]) -> Versions:
    """Of versions of one meeting, or of one occurrence."""
    newest, *older = sorted(events, key=order, reverse=True)
    return Versions([newest], [(event, newest) for event in older])


def told_apart(events: Sequence[Event]) -> Versions:
    """Of events that have one UID, and are neither versions of one meeting for sure nor several meetings.

    Whoever moves a meeting counts its SEQUENCE up, so that those of the same one at different times are different
    meetings, unless one was written later. Those that were made at different times are different in any case.
    """
    versions = newest(events)
    latest = versions.current[0]
    others: dict[object, list[Event]] = {}
    older = []
    for event, _ in versions.older:
        same_round = (event.reply, event.sequence) == (latest.reply, latest.sequence)
        made_apart = bool(event.created and latest.created) and event.created != latest.created
        elsewhere = event.start != latest.start and None not in (event.start, latest.start)
        if same_round and elsewhere and (event.stamps == latest.stamps or made_apart):
            others.setdefault(event.start, []).append(event)
        else:
            older.append((event, latest))
    for same in map(newest, others.values()):
        versions.current.extend(same.current)
        older.extend(same.older)
    return Versions(sorted(versions.current, key=lambda event: event.line), older)


def differ(older: Event, newer: Event) -> bool:
    """Whether something is lost with the older one that somebody may miss."""
    if older.cancelled or not isinstance(older.start, datetime):
        return False
    if older.start != newer.start:
        return True
    told = [
        (event.summary, {folded(person.email or person.name) for person in event.people}) for event in (older, newer)
    ]
    return told[0] != told[1] and not newer.cancelled


_REPEATS = re.compile(r"(?:RRULE|RDATE|RECURRENCE-ID)\s*[;:]", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(?:[01]\d|2[0-3])(?:[0-5]\d){2}Z?)?")
_FAR = timedelta(days=2)
"""So far from what is asked for a day is outside in every zone."""


def meetings(calendars: Sequence[Component], begin: datetime, end: datetime) -> Calendar:
    """Those that began from `begin` to `end`. Raises UserError `bad-file`."""
    reading = _Reading(begin, end)
    reading.read(calendars)
    for events in reading.groups.values():
        try:
            reading.take(events)
        except ODD as error:
            reading.refuse(events[0].line, error)
    found = sorted(reading.found.values(), key=lambda meeting: (meeting.start, meeting.line))
    refused, older = (tuple(sorted(set(told))) for told in (reading.refused, reading.older))
    return Calendar(tuple(found), reading.all_day, reading.cancelled, refused, reading.declined, older)


class _Reading:
    """One reading of one file."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.begin, self.end = begin, end
        self.groups: dict[str, list[Event]] = {}
        self.found: dict[tuple[str, str], Meeting] = {}
        self.all_day = self.cancelled = self.declined = 0
        self.refused: list[Refused] = []
        self.older: list[Refused] = []
        self.unreadable: dict[str, int] = {}
        """The lines of exceptions that cannot be read, by the uid of their series."""
        self.effort = Effort()

    def read(self, calendars: Sequence[Component]) -> None:
        """Read the events, by uid; each without one is alone."""
        uids = Counter(uid for calendar in calendars for part in calendar.parts for uid in part.values("UID"))
        for calendar in calendars:
            reader = Reader(calendar)
            for part in calendar.parts:
                own = part.values("UID")
                if part.name != "VEVENT" or (all(uids[uid] == 1 for uid in own) and self._far(part)):
                    continue
                try:
                    event = reader.read(part)
                except ODD as error:
                    self.refuse(part.number, error)
                    if own and part.values("RECURRENCE-ID"):
                        self.unreadable[own[0].strip()] = part.number
                    continue
                if not event.uid.endswith(OURS):  # a reminder of our own is no meeting
                    self.groups.setdefault(event.uid or f"\n{event.line}", []).append(event)

    def take(self, events: Sequence[Event]) -> None:
        """Take in the events of one uid: each as it is by its newest version."""
        once = [event for event in events if event.replaces is None]
        exceptions = [event for event in events if event.replaces is not None]
        versions = told_apart(once) if once else Versions([], [])
        self._tell(versions.older)
        alone = [event for event in versions.current if not event.repeats]
        repeating = [event for event in versions.current if event.repeats] or alone
        for event in versions.current:
            changes = exceptions if event is repeating[0] else []
            shared = len(alone) > 1 and not event.repeats
            try:
                if event.repeats or changes:
                    self._take_series(event, changes, shared=shared)
                else:
                    self._take_one(event, "", event.start, shared=shared)
            except ODD as error:
                self.refuse(event.line, error)
        if not repeating:
            self._take_apart(exceptions)

    def _take_apart(self, exceptions: Sequence[Event]) -> None:
        """Exceptions whose series is not in the file, or is over."""
        named: dict[str, list[Event]] = {}
        for event in exceptions:
            named.setdefault(event.name, []).append(event)
        for name, events in named.items():
            (event,), older = newest(events)
            self._tell(older)
            if event.anew:  # Lotus Notes sends the rest of a series so
                self._take_series(event._replace(replaces=None, onwards=False), [], shared=False)
            else:
                self._take_one(event, name, event.start)

    def _take_series(self, master: Event, exceptions: Sequence[Event], *, shared: bool) -> None:
        """The occurrences of a series. Raises any of ODD where it cannot be said when they are."""
        if not master.kept:
            self._count(master, inside=master.repeats or self._inside(master.start))
            # what is cancelled as a whole takes its exceptions along, unless one is newer
            over = master.cancelled and not master.all_day
            self._take_apart([event for event in exceptions if not over or event.sequence > master.sequence])
            return
        if master.uid in self.unreadable:
            raise OddError(f"what line {self.unreadable[master.uid]} says of it cannot be read")
        series = Series(master)
        changed = self._changed(series, exceptions)
        for occurrence in series.occurrences(changed, self.begin, self.end, self.effort):
            if occurrence.event.kept:
                once = occurrence.event is master and not master.repeats
                name = "" if once else occurrence.key
                self._take_one(occurrence.event, name, occurrence.start, shared=once and shared)

    def _changed(self, series: Series, exceptions: Sequence[Event]) -> dict[datetime, Event]:
        """The newest exception of each occurrence; those that are no meetings are counted here."""
        versions: dict[datetime, list[Event]] = {}
        for event in exceptions:
            if event.anew:
                raise OddError(f"it repeats anew from line {event.line} on")
            versions.setdefault(series.replaced(event), []).append(event)
        changed = {}
        for at, events in versions.items():
            current, older = newest(events)
            self._tell(older)
            start = current[0].start
            inside = self._inside(series.there(at) if start is None else start)
            if series.left_out(at):
                self.cancelled += inside
                continue
            if not current[0].kept:
                self._count(current[0], inside=inside)
            changed[at] = current[0]
        return changed

    def _take_one(self, event: Event, name: str, start: Moment | None, *, shared: bool = False) -> None:
        """Take in one meeting, if it is one and lies inside; `shared` if another one has its uid."""
        inside = self._inside(start)
        if not event.kept or not isinstance(start, datetime):
            self._count(event, inside=inside)
        elif inside:
            own = start.replace(tzinfo=None) if event.floating else start
            uid = event.uid or f"{key(own)} {event.summary}"
            meeting = Meeting(uid, key(own) if shared else name, event.summary, moment(start), event.people, event.line)
            self.found[meeting.uid, meeting.occurrence] = meeting._replace(shared=shared)

    def _count(self, event: Event, *, inside: bool) -> None:
        """Count what is no meeting, by why it is none."""
        if event.all_day:
            self.all_day += inside
        elif event.cancelled:
            self.cancelled += inside
        else:
            self.declined += inside

    def _inside(self, at: Moment | None) -> bool:
        """Whether it lies in what is asked for; what says no time may."""
        if isinstance(at, datetime):
            return self.begin <= moment(at) <= self.end
        return at is None or self.begin.date() <= at <= self.end.date()

    def _far(self, part: Component) -> bool:
        """Whether an event lies outside for sure, so that it need not be looked at."""
        if any(_REPEATS.match(line) for _, line in part.lines):
            return False
        starts = part.values("DTSTART")
        found = _DAY.fullmatch(starts[0].rpartition(":")[2].strip()) if len(starts) == 1 else None
        if found is None:
            return False
        try:
            day = date(*map(int, found.groups()))
        except ValueError:
            return False
        far = day < (self.begin - _FAR).date() or day > (self.end + _FAR).date()
        return far and day.year in YEARS

    def _tell(self, older: Sequence[tuple[Event, Event]]) -> None:
        for event, newer in older:
            if differ(event, newer) and (event.repeats or self._inside(event.start)):
                self.older.append(Refused(event.line, f"line {newer.line} is a newer version of it"))

    def refuse(self, line: int, error: BaseException) -> None:
        self.refused.append(Refused(line, str(error) if isinstance(error, OddError) else "it cannot be read"))
