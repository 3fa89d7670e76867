"""A report as values: what was asked for, and what is said of each manager."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from trustlog.domain import trust
from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.report_lately import Heard, Lead, Month, lead
from trustlog.domain.standing import Reading

if TYPE_CHECKING:
    from trustlog.domain.report_around import Around


LOOKING_BACK = timedelta(days=90)
"""How far back practice, praise and conversations go, unless --since says."""


class ReportRequest(NamedTuple):
    """What a report is asked for: the day and its last moment, one in it if it was named, and from when lists begin.

    `movers` is how many of the entries that moved the picture are told, None for all; `share` that names are masked,
    of dates only the month is told, and nothing is advised; `whole` that a page tells what stands around its figures
    too; `working_week` is the setting.
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

    `weeks` are points of the overall opinion, `every` so many weeks apart; `movers` is what the entries count that
    moved it most since a day, and `moved` how many entries did. `restriction` is the level of boundary notes whose
    care holds: then nothing on the page advises, and `stands_first` says what comes first.
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
    heard: Heard
    every: int = 1
    month: Month | None = None
    restriction: Literal["L2", "L3"] | None = None
    stands_first: str = ""
    around: "Around | None" = None
    at_rest: bool = False
    """Whether hard words are fresh, or the manager has left: then nothing advises either."""

    @property
    def lead(self) -> Lead:
        """What the page leads with."""
        # a label beyond the first is never earned alone
        return lead(self.heard, from_them=self.reading.from_them or self.reading.label != "Mostly unknown")

    @property
    def silent(self) -> bool:
        """Whether nothing came from them within the trend's window, and something had before."""
        return self.heard.last is not None and not self.reading.from_them

    def by_entry(self) -> list[tuple[trust.Counted, ...]]:
        """What each entry counts that moved the picture, in the order of `movers`."""
        return [tuple(atoms) for _, atoms in groupby(self.movers, key=lambda counted: counted.atom.entry)]


class Report(NamedTuple):
    """A report on one manager or on all, by name."""

    asked: ReportRequest
    managers: tuple[ManagerReport, ...]
    one: bool


class ReportWords(NamedTuple):
    """What a report says: about a label, for a facet, what helps there, and at the end; `limits` stands in files.

    `lines` are said where there is no label to speak of, and `restricted` where boundary notes come first.
    """

    labels: dict[str, str]
    questions: dict[str, str]
    helps: dict[str, str]
    lines: dict[str, str]
    reminder: str
    limits: str = ""


LINES: dict[str, tuple[str, ...]] = {"own_steps": (), "quiet": (), "long_ago": (), "restricted": ("first",)}
"""The lines that the playbook words, each with the places it may use."""
