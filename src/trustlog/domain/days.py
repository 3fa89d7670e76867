"""Days and moments as people read them, and working time. Reading dates is when.py."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


MOST_WORDS = 5
"""So many words a day in front of other words has at most."""
SPOKEN = frozenset({"today", "yesterday", "last", "this", "on"})
"""Words that begin a day and next to never a name."""


def is_a_while(text: str) -> bool:
    """Whether words say how long something took, `10 min`, which beside other words is no day; `10 min ago` may be."""
    return re.match(r"[\d.]+ ?(m|mins?|h|hrs?|d|w|wks?)\b(?!.* ago$)", text, re.IGNORECASE) is not None


def is_a_span(text: str) -> bool:
    """Whether words name a whole week, month or year, and no day of it."""
    return re.fullmatch(r"\s*last (week|month|year)\s*", text, re.IGNORECASE) is not None


PERSONS = frozenset(("i", "we", "he", "she", "they", "it"))
_LONG = frozenset(("week", "month", "year"))
_ABOUT = frozenset(("for", "of", "from", "since", "about", "until", "till", "than", "as", "the", "by", "due", "before"))
"""Before a day these make it the day of something else: "apologised for yesterday"."""
_TO_COME = frozenset(
    ("agreed", "promised", "asked", "wants", "wanted", "booked", "planned", "scheduled", "invited", "confirmed",
     "arranged", "set", "moved", "offered", "will", "would", "if")
)  # fmt: skip
"""With these `on friday` may be the coming one."""


def told_days(said: Sequence[str], has_happened: Callable[[], bool]) -> Iterator[str]:
    """The words that may be the day of what is told: in front of a person, or at the end or before the first comma,
    where `on friday` is one only of what reads as having happened.
    """
    words = [word.casefold() for word in said]
    counts = range(min(MOST_WORDS, len(said) - 1), 0, -1)
    found = [" ".join(said[:count]) for count in counts if words[0] in SPOKEN or words[count] in PERSONS]
    found += [
        " ".join(said[-count:]) for count in counts
        if (words[-count] in ("yesterday", "last") or words[-1] == "ago")
        and words[-1] not in _LONG and words[-count - 1] not in _ABOUT
    ]  # fmt: skip
    yield from (day for day in found if not is_a_while(day))
    if "on" in words[-MOST_WORDS:-1] and _TO_COME.isdisjoint(words) and has_happened():
        yield from (" ".join(said[-count:]) for count in counts if words[-count] == "on")
    comma = next((at for at, word in enumerate(words[:-1]) if word.endswith(",")), None)
    if comma is not None and _TO_COME.isdisjoint(words):  # "sent it on friday, nothing back": what follows is of it
        yield from told_days([*said[:comma], said[comma].rstrip(",")], has_happened)


def echo(moment: dt.datetime) -> str:
    """Show a moment to the minute, as `parse` reads it: 'Fri 6 Nov 2026 09:05', English in every locale."""
    return f"{echo_day(moment.date())} {moment:%H:%M}"


def echo_day(day: dt.date) -> str:
    """Show a day, as `parse` reads it: 'Fri 20 Nov 2026', English in every locale."""
    return f"{DAY_NAMES[day.weekday()][:3]} {day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"


def near(day: dt.date, today: dt.date) -> str:
    """A day as it is spoken of: `today`, `yesterday`, `on Tuesday`, `on 3 Nov`, with the year if it is another."""
    age = (today - day).days
    if -1 <= age <= 1:
        return ("today", "yesterday", "tomorrow")[age]
    if 2 <= abs(age) <= 6:
        return f"on {DAY_NAMES[day.weekday()]}"
    return f"on {short(day)}" + (f" {day.year}" if day.year != today.year else "")


def short(day: dt.date) -> str:
    """`17 Nov`, for sentences."""
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}"


def last_day(until: dt.datetime) -> dt.date:
    """The last day of a window; one that closes at midnight has all of the day before."""
    return (until - timedelta(microseconds=1)).date()


def works(day: date, *, working_week: bool) -> bool:
    """Whether a day counts: Monday to Friday, or every day."""
    return not working_week or day.weekday() < 5


def days_between(since: date, until: date, *, working_week: bool) -> int:
    """The working days after `since`, up to and with `until`."""
    days = max(0, (until - since).days)
    if not working_week:
        return days
    weeks, rest = divmod(days, 7)
    last = since + timedelta(days=weeks * 7)
    return weeks * 5 + sum(works(last + timedelta(days=number), working_week=True) for number in range(1, rest + 1))


def day_after(day: date, count: int = 1, *, working_week: bool) -> date:
    """The day that comes `count` working days later."""
    while count:
        day += timedelta(days=1)
        count -= works(day, working_week=working_week)
    return day


def window_end(start: datetime, hours: float, *, working_week: bool) -> datetime:
    """The wall-clock end of a window; with a working week the clock stops on Saturday and Sunday. Naive times."""
    left = timedelta(hours=hours)
    if not working_week:
        return start + left
    moment = start
    while True:
        midnight = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time())
        if not works(moment.date(), working_week=True):
            moment = midnight
            continue
        if moment + left <= midnight:
            return moment + left
        left -= midnight - moment
        moment = midnight
