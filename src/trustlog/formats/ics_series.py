"""What repeats: recurring-ical-events finds the occurrences of a series, with what was moved, added and left out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import product
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # ships no types

from trustlog.clock import local_or_next
from trustlog.formats import ics_shape
from trustlog.formats.ics_events import Event, Moment, key
from trustlog.formats.ics_shape import Effort, OddError

_PLACE = "X-TRUSTLOG-PLACE"
"""A property of our own: the place of an event among those of its series."""
_ROOM = timedelta(days=2)
"""As far as a clock may be from another, and more."""
_STRETCH = timedelta(days=366)
"""How much of a series is asked for at once, so that what is found stays within measure."""
_MOST_ONWARDS = 200
"""How many changes from one day on a series may have; each is looked through at each occurrence."""


class Occurrence(NamedTuple):
    """One meeting of a series, or one alone. `key` tells it apart within its uid, wherever it was moved to."""

    event: Event
    key: str
    start: Moment | None


def moment(at: datetime) -> datetime:
    """A time of a calendar as a moment here; one without a zone is meant here."""
    return local_or_next(at) if at.tzinfo is None else at.astimezone()


class Series:
    """A series of meetings. All its times are those of one clock, the one by which it was made."""

    def __init__(self, master: Event) -> None:
        if not isinstance(master.start, datetime):
            raise OddError("it has no time of day")
        self.master = master
        self.zone = master.start.tzinfo
        self.start = master.start.replace(tzinfo=None)
        rules = [ics_shape.checked(rule) for rule in master.rules]
        self.rules = [ics_shape.until(rule, self.wall(rule["UNTIL"][0])) if "UNTIL" in rule else rule for rule in rules]
        self.more = {self._at(self.wall(at)) for at in master.more}
        self.without = {self.wall(at) for at in master.without}

    def wall(self, at: Moment) -> Moment:
        """What the clock of the series shows then; a day is a day, and a time without a zone is one of that clock."""
        if not isinstance(at, datetime) or at.tzinfo is None:
            return at
        return at.astimezone(self.zone).replace(tzinfo=None)

    def replaced(self, event: Event) -> datetime:
        """The occurrence that an exception stands for, by this clock. Raises OddError where a day says too little.

        Midnight means the day too where no occurrence is at midnight: Outlook writes it so.
        """
        at = self.wall(event.replaces) if event.replaces is not None else self.start
        times = {self.start.time()} if not self.rules else set()
        for rule in self.rules:
            hours, minutes = rule.get("BYHOUR", [self.start.hour]), rule.get("BYMINUTE", [self.start.minute])
            times |= {time(hour, minute, self.start.second) for hour, minute in product(hours, minutes)}
        if isinstance(at, datetime):
            if at.time() != time.min or time.min in times or at in self.more:
                return at
            at = at.date()
        days = {datetime.combine(at, each) for each in times} | {more for more in self.more if more.date() == at}
        if len(days) > 1:
            raise OddError(f"which one of its day line {event.line} stands for cannot be told")
        return days.pop()

    def there(self, at: datetime) -> datetime:
        """A time of this clock with its zone."""
        return at.replace(tzinfo=self.zone)

    def left_out(self, at: datetime) -> bool:
        """Whether an occurrence was taken out of the series."""
        return at in self.without or at.date() in self.without

    def key(self, at: datetime) -> str:
        """The key of the occurrence at a time of this clock."""
        return key(at if self.master.floating else self.there(at))

    def occurrences(
        self, exceptions: Mapping[datetime, Event], begin: datetime, end: datetime, effort: Effort
    ) -> Iterator[Occurrence]:
        """At least those that begin from `begin` to `end`, each with the event that says how it is. Raises any of ODD.

        `exceptions` are the events that stand for the occurrence at a time of this clock.
        """
        events = [(self.start, self.master), *exceptions.items()]
        moves = [self._start(at, event) - at if event.onwards else timedelta(0) for at, event in events]
        if sum(event.onwards for _, event in events) > _MOST_ONWARDS:
            raise OddError("it is changed too often")
        first, last = (at.astimezone(self.zone).replace(tzinfo=None) for at in (begin - _ROOM, end + _ROOM))
        if not exceptions and self._outside(first, last):
            return
        far = max(abs(move) for move in moves)
        calendar = self._calendar(events, (first - far, last + far), effort)
        query = recurring_ical_events.of(calendar)
        while first < last:
            several = query.between(first, min(first + _STRETCH, last))
            effort.spend(ics_shape.FOUND * len(several))
            for found in several:
                place = int(found[_PLACE])
                (at, event), start = events[place], found["DTSTART"].dt
                if place == 0 or event.onwards:
                    yield Occurrence(event, self.key(start - moves[place]), self.there(start))
                else:
                    yield Occurrence(event, self.key(at), event.start)
            first += _STRETCH

    def _outside(self, first: datetime, last: datetime) -> bool:
        """Whether every occurrence lies outside for sure; most series of an old calendar do."""
        ends = [rule["UNTIL"][0] if "UNTIL" in rule else last for rule in self.rules]
        dates = [self.start, *self.more]
        return min(dates) > last or max([*dates, *ends]) < first

    def _calendar(self, events: Sequence[tuple[datetime, Event]], span: ics_shape.Span, effort: Effort) -> Any:
        """The series for the library, in one clock and without ends, which it would take into account."""
        calendar = icalendar.Calendar()
        for place, (at, event) in enumerate(events):
            one = icalendar.Event()
            one.add("UID", "1")
            one.add(_PLACE, str(place))
            if place:
                one.add("DTSTART", self._start(at, event))
                one.add("RECURRENCE-ID", at, {"RANGE": "THISANDFUTURE"} if event.onwards else {})
            else:
                rules = ics_shape.prepared(self.rules, self.start, span, effort, event.line)
                one.add("DTSTART", ics_shape.beginning(rules, self.start, span))
                for rule in rules:
                    one.add("RRULE", rule)
                for name, dates in (("RDATE", self.more), ("EXDATE", self.without)):
                    if dates:
                        one.add(name, list(dates))
            calendar.add_component(one)
        return calendar

    def _start(self, at: datetime, event: Event) -> datetime:
        """When an exception begins by this clock; where it says no time, when the occurrence would have begun."""
        return self._at(self.wall(event.start)) if isinstance(event.start, datetime) else at

    def _at(self, wall: Moment) -> datetime:
        """A day at the time of the series."""
        return wall if isinstance(wall, datetime) else datetime.combine(wall, self.start.time())
