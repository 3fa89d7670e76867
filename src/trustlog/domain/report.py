"""What a report says, as values."""

from datetime import date, datetime
from typing import NamedTuple

from trustlog.domain import trust
from trustlog.domain.commitment import Commitment
from trustlog.domain.model import Entry, Manager
from trustlog.domain.reading import Reading
from trustlog.domain.responsiveness import Responsiveness


class Asked(NamedTuple):
    """What a report is asked for: the day and its last moment, one in it if it was named, and from when lists begin."""

    as_of: date
    at: datetime
    until: datetime | None
    since: date | None
    why: bool
    parameters: trust.Parameters


class ManagerReport(NamedTuple):
    """One manager's page. `told` holds the entries that the page names, by id."""

    manager: Manager
    reading: Reading
    entries: int
    weeks: tuple[tuple[date, trust.Opinion], ...]
    movers: tuple[trust.Counted, ...]
    moved_since: date
    loops: tuple[Commitment, ...]
    them: Responsiveness
    me: Responsiveness
    kinds: dict[int, str]
    told: dict[int, Entry]


class Report(NamedTuple):
    """A report on one manager or on all, by name."""

    asked: Asked
    managers: tuple[ManagerReport, ...]
    one: bool


class ReportWords(NamedTuple):
    """What a report says: about a label, for a facet, what helps there, and at the end."""

    labels: dict[str, str]
    questions: dict[str, str]
    helps: dict[str, str]
    reminder: str
