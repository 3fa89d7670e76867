"""A report as values: what was asked for, and what is said of each manager."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from trustlog.domain import trust
from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.standing import Reading

if TYPE_CHECKING:
    from trustlog.domain.report_around import Around


LOOKING_BACK = timedelta(days=90)
"""How far back practice, praise and conversations go, unless --since says."""


class Asked(NamedTuple):
    """What a report is asked for: the day and its last moment, one in it if it was named, and from when lists begin.

    `movers` is how many of the entries that moved the picture are told, None for all; `share` that names are masked
    and of dates only the month is told; `whole` that a page tells what stands around its figures too;
    `working_week` is the setting.
    """

    as_of: date
    at: datetime
    until: datetime | None
    since: date | None
    why: bool
    parameters: trust.Parameters
    movers: int | None = 6
    share: bool = False
    whole: bool = True
    working_week: bool = True


class ManagerReport(NamedTuple):
    """One manager's page. `told` holds the entries that it names, by id.

    `weeks` are points of the overall opinion, `every` so many weeks apart; `moved` counts all that moved it since.
    """

    manager: Manager
    reading: Reading
    entries: int
    weeks: tuple[tuple[date, trust.Opinion], ...]
    movers: tuple[trust.Counted, ...]
    moved: int
    moved_since: date
    loops: tuple[Promise, ...]
    them: Responsiveness
    me: Responsiveness
    kinds: dict[int, str]
    told: dict[int, Entry]
    every: int = 1
    around: "Around | None" = None


class Report(NamedTuple):
    """A report on one manager or on all, by name."""

    asked: Asked
    managers: tuple[ManagerReport, ...]
    one: bool


class ReportWords(NamedTuple):
    """What a report says: about a label, for a facet, what helps there, and at the end; `limits` stands in files."""

    labels: dict[str, str]
    questions: dict[str, str]
    helps: dict[str, str]
    reminder: str
    limits: str = ""
