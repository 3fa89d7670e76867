"""Everything a report needs, gathered once."""

from datetime import date

from trustlog.domain.model import Manager
from trustlog.domain.reading import read, weekly
from trustlog.domain.report import Asked, ManagerReport, Report
from trustlog.domain.responsiveness import responsiveness
from trustlog.store import commitments, entries, people
from trustlog.store.journal import Journal

WEEKS = 12
MOVERS = 6
"""How many of the entries that moved the picture fit on a page."""


def gather(journal: Journal, manager: Manager | None, asked: Asked) -> Report:
    """The report on one manager, or on all that are not archived."""
    listed = [manager] if manager else [one for one in people.all_managers(journal) if not one.archived]
    return Report(asked, tuple(_page(journal, one, asked, manager is not None) for one in listed), manager is not None)


def _page(journal: Journal, manager: Manager, asked: Asked, alone: bool) -> ManagerReport:
    facts = entries.facts(journal, manager.id, asked.until)
    loops = commitments.all_of(journal, manager.id, asked.at)
    reading = read(facts, asked.as_of, asked.parameters)
    since = asked.since or reading.trend.since
    moved = [one for one in reading.evidence if one.atom.on >= since] if alone else []
    movers = moved if asked.why else sorted(moved, key=lambda one: (-one.counts, one.atom.entry))[:MOVERS]
    named = {one.atom.entry for one in (reading.evidence if alone and asked.why else movers)}
    return ManagerReport(
        manager=manager,
        reading=reading,
        entries=sum(1 for fact in facts if (asked.since or date.min) <= fact.on <= asked.as_of),
        weeks=tuple(weekly(facts, asked.as_of, asked.parameters, WEEKS)) if alone else (),
        movers=tuple(sorted(movers, key=lambda one: (one.atom.on, one.atom.entry), reverse=True)),
        moved_since=since,
        loops=tuple(one for one in loops if one.state == "open"),
        them=responsiveness((one for one in loops if one.owed_by == "them"), asked.at, asked.parameters),
        me=responsiveness((one for one in loops if one.owed_by == "me"), asked.at, asked.parameters),
        kinds={fact.entry: fact.kind for fact in facts},
        told=entries.by_ids(journal, named),
    )
