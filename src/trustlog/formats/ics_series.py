"""What repeats: recurring-ical-events finds the occurrences of a series, once its rules are found to end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import product
from math import lcm
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # ships no types
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # ships no types
from icalendar.prop import vRecur

from trustlog.clock import local_or_next
from trustlog.errors import UserError
from trustlog.formats.ics_events import Event, Moment, key
from trustlog.formats.ics_file import AGAIN, OddError

_PLACE = "X-TRUSTLOG-PLACE"
"""A property of our own: the place of an event among those of its series."""
_ROOM = timedelta(days=2)
"""As far as a clock may be from another, and more."""
_STRETCH = timedelta(days=366)
"""How much of a series is asked for at once, so that what is found stays within measure."""
_MOST_ONWARDS = 200
"""How many changes from one day on a series may have; each is looked through at each occurrence."""


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
        rules = [checked(rule) for rule in master.rules]
        self.rules = [until(rule, self.wall(rule["UNTIL"][0])) if "UNTIL" in rule else rule for rule in rules]
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
            effort.spend(FOUND * len(several))
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

    def _calendar(self, events: Sequence[tuple[datetime, Event]], span: Span, effort: Effort) -> Any:
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
                rules = prepared(self.rules, self.start, span, effort, event.line)
                one.add("DTSTART", beginning(rules, self.start, span))
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
