"""Friday's ten minutes, and the story of a year or a month: one's own small acts, firsts, hires, what was learned."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain.days import DAY_NAMES, MONTH_NAMES, last_day, short
from trustlog.domain.people import Manager, first_name
from trustlog.domain.praise import Unthanked, Wins
from trustlog.domain.promises import Promise
from trustlog.domain.text import capitalized, one_line, plural, spelled, times

DAYS = 7
"""A week looks back so many days, today among them."""
SOON = timedelta(days=10)
"""A loop that is due within so long stands on the page: up to the end of next week."""
MAIL_EVERY = timedelta(days=5)
"""A manager who had an update more recently is not on Friday's list."""
UNANSWERED = 2
"""From so many messages on that nothing came back on, a rest is proposed."""


class Thanks(NamedTuple):
    """Something good that nobody has given thanks for."""

    manager: Manager
    deed: Unthanked


class Mail(NamedTuple):
    """A manager who may hear from me on Friday, and when they last had an update."""

    manager: Manager
    last: date | None


class Rest(NamedTuple):
    """A manager whom I wrote to so often without anything coming back."""

    manager: Manager
    messages: int


class Week(NamedTuple):
    """What a week leaves. `learned` is of the second drawer; `rests` are those for whom a rest is proposed.

    `active` are all whom a rest may be chosen for, by name, `at_peace` those for whom one was chosen. `written` are the
    lines of Monday's card that were written this week; they are of the second drawer, too.
    """

    at: datetime
    wins: Wins
    thanks: tuple[Thanks, ...] = ()
    loops: tuple[Promise, ...] = ()
    mails: tuple[Mail, ...] = ()
    learned: tuple[dict[str, Any], ...] = ()
    rests: tuple[Rest, ...] = ()
    active: tuple[Manager, ...] = ()
    at_peace: tuple[Manager, ...] = ()
    written: tuple[str, ...] = ()

    def owed_by(self, side: str) -> list[Promise]:
        """The loops of one side, the soonest due first."""
        return [loop for loop in self.loops if loop.owed_by == side]


class Card(NamedTuple):
    """Three lines for Monday: what comes first, a thank-you, whom to leave in peace."""

    first: str
    thanks: str
    peace: str


def monday(week: Week) -> Card:
    """The card as it was written this week, else as the journal alone would write it."""
    mine, theirs = week.owed_by("me"), week.owed_by("them")
    first = "nothing is owed; begin with what you like"
    if mine:
        due = f", due {short(last_day(mine[0].due_at.astimezone()))}" if mine[0].due_at else ""
        first = f"{first_name(mine[0].manager_name, mine[0].manager)}: {one_line(mine[0].what)}{due}"
    elif theirs:
        who = first_name(theirs[0].manager_name, theirs[0].manager)
        first = f"nothing is owed; {who} has your question: {one_line(theirs[0].what)}"
    thanks = week.thanks[0] if week.thanks else None
    made = Card(
        first,
        f"{thanks.manager.first_name}: {one_line(thanks.deed.named)}" if thanks else "nobody waits for a thank-you",
        f"{week.rests[0].manager.first_name}" if week.rests else "nobody needs a rest from you",
    )
    if week.at_peace:
        made = made._replace(peace=" and ".join(manager.first_name for manager in week.at_peace))
    return made._replace(first=week.written[0], thanks=week.written[1]) if week.written else made


def written(own: Mapping[str, Any], on: date) -> tuple[str, ...]:
    """The lines of Monday's card as they were written this week, from the recruiter's own page."""
    day, *lines = own.get("monday") or [""]
    return tuple(lines) if day and date.fromisoformat(day).isocalendar()[:2] == on.isocalendar()[:2] else ()


class Cell(NamedTuple):
    """Some days, and how many small acts of one's own they hold."""

    first: date
    last: date
    acts: int


class Row(NamedTuple):
    """A line of the heat map: a month with its weeks, or a week with its days; None is no day of the span."""

    label: str
    cells: tuple[Cell | None, ...]

    @property
    def acts(self) -> int:
        return sum(cell.acts for cell in self.cells if cell)


class Hire(NamedTuple):
    """A role that was filled together."""

    handle: str
    name: str
    on: date
    entry: int


class Story(NamedTuple):
    """A year, or a month. `until` is its last day or today; `learned` is of the second drawer."""

    since: date
    until: date
    month: bool
    rows: tuple[Row, ...]
    managers: int
    wins: Wins
    hires: tuple[Hire, ...]
    learned: tuple[dict[str, Any], ...] = ()

    @property
    def acts(self) -> int:
        """All small acts of one's own."""
        return sum(row.acts for row in self.rows)

    @property
    def name(self) -> str:
        """`2026`, `November 2026`."""
        return f"{MONTH_NAMES[self.since.month - 1]} {self.since.year}" if self.month else str(self.since.year)

    @property
    def nothing(self) -> bool:
        return not self.acts and self.wins.nothing and not self.learned


SHADES = (1, 2, 4, 7)
"""From so many acts on a cell has the next shade."""


def shade_words() -> tuple[str, ...]:
    """`1`, `2 to 3`, …, `7 or more`: what each shade but none stands for."""
    ends = [least - 1 for least in SHADES[1:]]
    between = [str(low) if low == high else f"{low} to {high}" for low, high in zip(SHADES, ends, strict=False)]
    return (*between, f"{SHADES[-1]} or more")


def shade(acts: int) -> int:
    """0 for none, up to 4."""
    return sum(acts >= least for least in SHADES)


def weeks_of_year(acts: Mapping[date, int], year: int, until: date) -> tuple[Row, ...]:
    """A row for each month, a cell for each week that begins in it; the first of January begins one too."""
    rows = []
    for month in range(1, 13):
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        begins = [day for day in _days(first, last) if day.weekday() == 0 or (day.month, day.day) == (1, 1)]
        ends = [min(day + timedelta(days=6 - day.weekday()), date(year, 12, 31)) for day in begins]
        cells = [_cell(acts, begin, min(end, until)) for begin, end in zip(begins, ends, strict=True) if begin <= until]
        rows += [Row(MONTH_NAMES[month - 1], tuple(cells))] if cells else []
    return tuple(rows)


def days_of_month(acts: Mapping[date, int], first: date, until: date) -> tuple[Row, ...]:
    """A row for each week, a cell for each day from Monday on."""
    rows = []
    last = first.replace(day=monthrange(first.year, first.month)[1])
    monday = first - timedelta(days=first.weekday())
    while monday <= min(last, until):
        days = _days(monday, monday + timedelta(days=6))
        cells = tuple(_cell(acts, day, day) if first <= day <= min(last, until) else None for day in days)
        rows.append(Row(short(max(monday, first)), cells))
        monday += timedelta(days=7)
    return tuple(rows)


def _cell(acts: Mapping[date, int], first: date, last: date) -> Cell:
    return Cell(first, last, sum(acts.get(day, 0) for day in _days(first, last)))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def lessons(own: Mapping[str, Any], since: date, until: date) -> tuple[dict[str, Any], ...]:
    """What was learned in some days, the oldest first; what has no day belongs to none."""
    dated = [lesson for lesson in own.get("learned", ()) if since.isoformat() <= lesson.get("on", "") <= f"{until}"]
    return tuple(sorted(dated, key=lambda lesson: str(lesson["on"])))


class FutureSpan(ValueError):  # noqa: N818 - it describes the span, and reads so where it is caught
    """A year or month that has not begun."""


def span_of(words: Sequence[str], today: date, *, month: bool) -> tuple[date, date, bool]:
    """The first and the last day that are meant, and whether it is a month: `2026`, `2026-11`, `2026 11`, `november`.

    Raises FutureSpan, or ValueError with what else is wrong.
    """
    year = named = None
    for word in words:
        head, dash, tail = word.partition("-")
        if dash and year is None and named is None:
            year, named = _year(head), _month(tail, word)
        elif len(word) == 4 and word.isascii() and word.isdecimal() and year is None:
            year = _year(word)
        elif named is None:
            named = _month(word, word)
        else:
            raise ValueError(f'"{word}" is one word too many')
    if named is None and month:
        if year not in (None, today.year):
            raise ValueError(f"which month of {year}?")
        named = today.month
    year = year if year is not None else today.year
    first = date(year, named or 1, 1)
    last = date(year, named or 12, monthrange(year, named or 12)[1])
    if first > today:
        raise FutureSpan(f"{words[0] if words else year} has not come yet")
    return first, min(last, today), named is not None


def _year(word: str) -> int:
    if not (len(word) == 4 and word.isascii() and word.isdecimal() and 1970 <= int(word) < 2200):
        raise ValueError(f'"{word}" is no year from 1970 to 2199')
    return int(word)


def _month(word: str, typed: str) -> int:
    if word.isascii() and word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 12:
        return int(word)
    found = [
        number for number, name in enumerate(MONTH_NAMES, 1) if len(word) >= 3 and name.lower().startswith(word.lower())
    ]
    if not found:
        raise ValueError(f'"{typed}" is no year and no month')
    return found[0]


def day_names() -> tuple[str, ...]:
    """`Mon` to `Sun`, over the days of a month."""
    return tuple(name[:3] for name in DAY_NAMES)


def acts_sentence(story: Story) -> str:
    """`31 small acts of yours in 2026, with four managers; they came back 17 times.`"""
    if not story.acts:
        return ""
    own = f"{spelled(story.acts)} small {'act' if story.acts == 1 else 'acts'} of yours in {story.name}"
    whom = f", with {spelled(story.managers)} {'manager' if story.managers == 1 else 'managers'}"
    back = sum(each.times for each in story.wins.theirs)
    joint = sum(each.times for each in story.wins.together)
    came = f"; something came back {times(back)}" if back else ""
    shared = f", and {plural(joint, 'thing')} you did together" if joint else ""
    return f"{capitalized(own)}{whom}{came}{shared}."
