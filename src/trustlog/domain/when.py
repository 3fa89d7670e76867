"""Dates and times in plain English, read strictly: the unknown and the ambiguous are refused."""

import datetime as dt
import re
from operator import mul
from typing import Literal, NamedTuple

from trustlog.domain.days import DAY_NAMES, MONTH_NAMES, echo_day

Prefer = Literal["past", "future"]


_YEARS = range(1970, 2200)


# Units as (months, days, minutes): months and days are of the calendar, minutes are exact.
_UNITS = dict.fromkeys(("m", "min", "mins", "minute", "minutes"), (0, 0, 1))
_UNITS |= dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), (0, 0, 60))
_UNITS |= dict.fromkeys(("d", "day", "days"), (0, 1, 0))
_UNITS |= dict.fromkeys(("w", "wk", "wks", "week", "weeks"), (0, 7, 0))
_UNITS |= {"fortnight": (0, 14, 0), "fortnights": (0, 14, 0), "month": (1, 0, 0), "months": (1, 0, 0)}
_UNITS |= dict.fromkeys(("yr", "yrs", "year", "years"), (12, 0, 0))
_SHORT_UNITS = ("m", "min", "mins", "h", "hr", "hrs", "d", "w", "wk", "wks")  # these go without "ago"


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: float(number) for number, word in enumerate(_NUMBERS, 1)} | {"a": 1, "an": 1}
_COUNTS |= dict.fromkeys(("half", "a half", "half a", "half an"), 0.5)
_COUNTS |= dict.fromkeys(("couple", "couple of", "a couple", "a couple of"), 2)


# Days by name, as (months, days) from today.
_AWAY = {"today": (0, 0), "earlier today": (0, 0), "yesterday": (0, -1), "tomorrow": (0, 1)}
_AWAY |= dict.fromkeys(("day before yesterday", "the day before yesterday"), (0, -2))
_AWAY |= dict.fromkeys(("day after tomorrow", "the day after tomorrow"), (0, 2))
_AWAY |= {"last week": (0, -7), "last wk": (0, -7), "next week": (0, 7), "next wk": (0, 7)}
_AWAY |= {"last month": (-1, 0), "next month": (1, 0), "last year": (-12, 0), "next year": (12, 0)}


_FROM_NOW = frozenset({"now", "today", "tonight", "tomorrow", "yesterday", "ago"})


# Part of the day: the hour it stands for, and the hours (from, before) a time said with it must lie in.
_PARTS = {"morning": (9, 0, 12), "afternoon": (15, 12, 18), "evening": (19, 17, 24), "night": (21, 18, 24)}
_PART_NAMES = {f"this {part}": f"today {part}" for part in ("morning", "afternoon", "evening")}
_PART_NAMES |= {"tonight": "today night", "last night": "yesterday night"}


_WEEKDAYS = {name.lower()[:cut]: number for number, name in enumerate(DAY_NAMES) for cut in (9, 3)}
_WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3}
_MONTH_NUMBERS = {m.lower()[:cut]: n for n, m in enumerate(MONTH_NAMES, 1) for cut in (9, 3)} | {"sept": 9}


# Plain strings: `re` compiles each at its first use and keeps it, so an import pays for none.
_SIXTIES = r"[0-5]\d(?::[0-5]\d)?"
_TWELVE_HOURS = rf"(?:0?[1-9]|1[0-2])(?:[:.]{_SIXTIES})? ?[ap](?:m|\.m\.?)"
_CLOCK = rf"noon|midnight|{_TWELVE_HOURS}|(?:[01]?\d|2[0-3]):{_SIXTIES}"
_CLOCK_LAST, _CLOCK_FIRST = rf"(?:^| )(?:at )?({_CLOCK})$", rf"^(?:at )?({_CLOCK}) "
_WEEKDAY = rf"(?:(?P<which>on|last|next|this) )?(?P<weekday>{'|'.join(_WEEKDAYS)})"
_CHUNK = (
    rf"(?: and | )?(?:(?P<whole>\d{{1,4}}|{'|'.join(_NUMBERS)}) and a half |(?P<number>\d{{1,4}}(?:\.\d\d?)?)"
    rf" ?|(?P<word>{'|'.join(_COUNTS)}) )(?P<unit>{'|'.join(_UNITS)})(?![a-z])(?P<half> and a half)?"
)
_YEAR = r"(?P<year>\d\d(?:\d\d)?)"
_MONTH = rf"(?P<month>{'|'.join(_MONTH_NUMBERS)})"
_ORDINAL = r"(?<!11)(?<=1)st|(?<!12)(?<=2)nd|(?<!13)(?<=3)rd|(?<=[04-9])th|(?<=1[123])th"
_DAY = rf"(?:the )?(?P<day>\d\d?)(?:{_ORDINAL})?"
_YEAR_LAST = rf"(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)(?P=sign){_YEAR}"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sign>[-/])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)"
_DATES = (_YEAR_FIRST, rf"{_MONTH} {_DAY}(?: {_YEAR})?", rf"{_DAY}(?: of)? {_MONTH}(?: {_YEAR})?")
_ZONE = r"(?:z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?"
_STAMP = rf"\d{{4}}\D\d\d\D\d\d[t ](?:[01]\d|2[0-3]):{_SIXTIES}(?:(?<=:..:..)\.\d{{1,6}})?{_ZONE}"


class Spoken(NamedTuple):
    """What a phrase says, before the rules of a time zone: one of `day`, `elapsed` and `instant`.

    `time` is naive local, None when only the day was said. `elapsed` counts exactly from now, negative for
    the past. `instant` is aware, from a text with an offset or Z. Years are 1970 to 2199.
    """

    day: dt.date | None = None
    time: dt.time | None = None
    elapsed: dt.timedelta | None = None
    instant: dt.datetime | None = None


class UnreadableDate(ValueError):  # noqa: N818 - it describes the text, and reads so where it is caught
    """A text that is no date, or could be two: `str()` is one sentence, `hint` says what to type instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def parse(text: str, now: dt.datetime, prefer: Prefer) -> Spoken:
    """Read `text` as said at `now` (naive local, 1970 to 2199), or raise UnreadableDate.

    `prefer` settles which weekday, year or direction is meant where the phrase leaves that open; a phrase
    that says it plainly may still answer with the other side of now, for the caller to judge.
    """
    reader = _Reader(text, now, prefer)
    spoken = reader.read()
    if (spoken.instant or spoken.day or now + (spoken.elapsed or dt.timedelta())).year not in _YEARS:
        raise reader.refusal(f"is outside the years {_YEARS[0]} to {_YEARS[-1]}")
    return spoken


def seen_from_now(text: str) -> bool:
    """Whether a phrase is always seen from when it is typed, like `tomorrow`, also where another day is spoken of."""
    return not _FROM_NOW.isdisjoint(text.lower().split())


def a_week_later(text: str, day: dt.date, today: dt.date) -> dt.date | None:
    """What `next friday` may mean too where it was read as the coming `day`; None where there is no doubt."""
    doubted = text.lower().split()[:1] == ["next"] and (day - today).days <= 7
    return day + dt.timedelta(days=7) if doubted else None


class _Reader(NamedTuple):
    """One reading of one text. What a method cannot read, it refuses for the whole text."""

    text: str
    now: dt.datetime
    prefer: Prefer

    def refusal(self, why: str = "") -> UnreadableDate:
        seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in self.text[:41])
        seen = f'"{seen}"' if len(seen) <= 40 else f'"{seen[:39]}…"'
        problem = f"{seen} {why}" if why else f"cannot read {seen} as a date"
        day = self.now.date() + dt.timedelta(-3 if self.prefer == "past" else 7)
        words = "yesterday 3pm, last tue" if self.prefer == "past" else "tomorrow 3pm, next tue, in 2 weeks"
        return UnreadableDate(problem, f"try: {words}, {echo_day(day)[4:-5]}, {day} 15:00")

    def read(self) -> Spoken:
        words = " ".join(self.text.replace(",", " ").split()).removesuffix(".").rstrip()
        # ASCII is asked before lower(), which makes a plain k of the Kelvin sign.
        if not words or len(words) > 100 or not words.isascii():
            raise self.refusal()
        words = words.lower()
        if words == "now":
            return Spoken(elapsed=dt.timedelta())
        if re.fullmatch(_STAMP, words):
            self.dated(words[:10], None)  # refuses a day that the calendar lacks
            moment = dt.datetime.fromisoformat(words.upper().replace("/", "-"))
            return Spoken(instant=moment) if moment.tzinfo else Spoken(day=moment.date(), time=moment.time())
        if stretch := self.stretch(words):
            return stretch
        said = part = ""
        if found := re.search(_CLOCK_LAST, words) or re.search(_CLOCK_FIRST, words):
            words, said = (words[: found.start()] + words[found.end() :]) or "today", found[1]
        words = _PART_NAMES.get(words, words)
        if found := re.fullmatch(rf"(.+) ({'|'.join(_PARTS)})", words):
            words, part = found[1], found[2]
        day = self.day(words, self.time_on(self.now.date(), said, part))
        if said == "midnight" and day == self.now.date() and self.prefer == "future":
            raise self.refusal("could be the midnight that is over or the coming one")
        return Spoken(day=day, time=self.time_on(day, said, part))

    def time_on(self, day: dt.date, said: str, part: str) -> dt.time | None:
        """The time of that day; a time and a part of the day said together must agree."""
        usual, first, end = _PARTS.get(part, (0, 0, 24))
        if not said:
            # Said within that part of today, a past time cannot be an hour still to come.
            within = self.prefer == "past" and day == self.now.date() and first <= self.now.hour < usual
            return (self.now.time() if within else dt.time(usual)) if part else None
        said = {"noon": "12:00", "midnight": "0:00"}.get(said, said)
        hour, minute, second, *_ = [*map(int, re.findall(r"\d+", said)), 0, 0]
        if "m" in said:
            hour = hour % 12 + 12 * ("p" in said)
        if not first <= hour < end:
            raise self.refusal(f"gives a time that is not in the {part}")
        return dt.time(hour, minute, second)

    def day(self, words: str, time: dt.time | None) -> dt.date:
        if words in _AWAY:
            return self.shift(*_AWAY[words])
        if (stretch := self.stretch(words)) and stretch.day:
            return stretch.day
        if found := re.fullmatch(_WEEKDAY, words):
            return self.weekday(found["which"] or "on", _WEEKDAYS[found["weekday"]], time)
        words = words.removeprefix("on ")
        first, _, rest = words.partition(" ")
        day = self.dated(rest if first in _WEEKDAYS else words, time)
        if _WEEKDAYS.get(first, day.weekday()) != day.weekday():
            raise self.refusal(f"cannot be right: {echo_day(day)[4:]} is a {DAY_NAMES[day.weekday()]}")
        return day

    def weekday(self, which: str, target: int, time: dt.time | None) -> dt.date:
        today, past = self.now.date(), self.prefer == "past"
        ahead = (target - today.weekday()) % 7
        before, after = today + dt.timedelta(ahead - 7), today + dt.timedelta(ahead or 7)
        if which == "this":  # the one of this week, Monday to Sunday, if `prefer` looks that way
            day = today + dt.timedelta(target - today.weekday())
            if day not in (today, before if past else after):
                raise self.refusal(f"could be {echo_day(before)} or {echo_day(after)}")
            return day
        if which == "on" and past and not ahead and (time is None or time <= self.now.time()):
            return today
        return before if which == "last" or (which == "on" and past) else after

    def stretch(self, words: str) -> Spoken | None:
        """What "2 days ago", "in an hour" or "1h30m" says; None for other words."""
        lead, body, trail = re.findall(r"^(in )?(.+?)( from now| ago)?$", words)[0]
        chunks = list(re.finditer(_CHUNK, body))
        units = [_UNITS[chunk["unit"]] for chunk in chunks]
        if "".join(chunk[0] for chunk in chunks) != body or units != sorted(set(units), reverse=True):
            return None  # units come longest first, each once
        bare = not (lead or trail)
        short = all(chunk["number"] and chunk["unit"] in _SHORT_UNITS for chunk in chunks)
        if (lead and trail) or (bare and not short):
            return None
        sign = -1 if trail == " ago" or (bare and self.prefer == "past") else 1
        said = ((c["whole"] or c["number"] or c["word"], c["whole"] or c["half"]) for c in chunks)
        amounts = [float(_COUNTS.get(count, count)) + (0.5 if half else 0) for count, half in said]
        months, days, minutes = (sign * sum(map(mul, amounts, column)) for column in zip(*units, strict=True))
        if units[0][2]:
            return Spoken(elapsed=dt.timedelta(minutes=minutes))
        if units[-1][2] or months % 1 or days % 1:  # days with minutes, or half a day, have no one meaning
            return None
        return Spoken(day=self.shift(int(months), int(days)))

    def shift(self, months: int, days: int) -> dt.date:
        """Today moved by months, to the month's end if it has no such day, then by days."""
        today = self.now.date()
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        year = min(max(year, 1000), 5000)  # as far out of bounds, and no overflow
        end = dt.date(year + month // 11, (month + 1) % 12 + 1, 1) - dt.timedelta(1)
        return end.replace(day=min(today.day, end.day)) + dt.timedelta(days)

    def dated(self, words: str, time: dt.time | None) -> dt.date:
        if found := re.fullmatch(_YEAR_LAST, words):
            one, two = int(found["one"]), int(found["two"])
            if one != two and min(one, two) >= 1 and max(one, two) <= 12:
                raise self.refusal(f"could be {one} {MONTH_NAMES[two - 1]} or {MONTH_NAMES[one - 1]} {two}")
            number, month = (one, two) if two <= 12 else (two, one)
        elif found := next(filter(None, (re.fullmatch(form, words) for form in _DATES)), None):
            number, month = int(found["day"]), _MONTH_NUMBERS.get(found["month"]) or int(found["month"])
        else:
            raise self.refusal()
        if found["year"] and len(found["year"]) == 2:
            raise self.refusal("needs its year in four digits")
        today, past = self.now.date(), self.prefer == "past"
        nearest = (today.year + (-away if past else away) for away in range(9))  # one has a 29 February
        for year in [int(found["year"])] if found["year"] else nearest:
            try:
                day = dt.date(year, month, number)
            except ValueError:
                continue
            ahead = (day, time or dt.time.max) >= (today, self.now.time())
            if found["year"] or (day <= today if past else ahead):
                return day
        raise self.refusal("is not a day of the calendar")
