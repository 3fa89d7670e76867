"""Everything a report shows, gathered from the journal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

from trustlog.domain.entries import Contact
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise, responsiveness
from trustlog.domain.report import LOOKING_BACK, Asked, ManagerReport, Report
from trustlog.domain.standing import TREND_DAYS, read, weekly
from trustlog.domain.trust import Fact, Past
from trustlog.store import entries, people, promises, trust
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from trustlog.domain.coaching_history import Step
    from trustlog.domain.report_around import Around


WEEKS = 12
POINTS = 26
"""A longer line of weeks is told at no more points than these."""
Steps = Callable[[], "Mapping[str, Step]"]
"""The playbook's small steps by their ids, read only if one was taken."""
Draw = Callable[[Sequence[int]], Sequence[int]]
"""Puts ids in an order that says nothing of them, another one each time."""


def gather(journal: Journal, manager: Manager | None, asked: Asked, steps: Steps, draw: Draw) -> Report:
    """The report on one manager, or on all that are not archived; `draw` gives out the letters of a shared one."""
    listed = [manager] if manager else [manager for manager in people.all_managers(journal) if not manager.archived]
    pages = [_page(journal, one, asked, manager is not None, steps) for one in listed]
    found = Report(asked, tuple(pages), manager is not None)
    if not asked.share:
        return found
    from trustlog.domain import report_sharing  # 1 ms, only where something is shared

    # once, before any view: no format can forget it
    return report_sharing.masked(found, draw([one.id for one in listed]))


def _page(journal: Journal, manager: Manager, asked: Asked, alone: bool, steps: Steps) -> ManagerReport:
    weeks = WEEKS if asked.since is None else max(2, (asked.as_of - asked.since).days // 7 + 1)
    every = ceil(weeks / POINTS)
    facts, base = _past_shown(journal, manager, asked, alone, weeks)
    loops = promises.all_of(journal, manager.id, asked.at)
    reading = read(facts, asked.as_of, asked.parameters, base)
    since = asked.since or reading.trend.since
    moved = [counted for counted in reading.evidence if counted.atom.on >= since] if alone else []
    movers = sorted(moved, key=lambda counted: (-counted.counts, counted.atom.entry))[
        : None if asked.why else asked.movers
    ]
    named = {counted.atom.entry for counted in (reading.evidence if alone and asked.why else movers)}
    return ManagerReport(
        manager=manager,
        reading=reading,
        entries=entries.count_until(journal, manager.id, asked.since, asked.as_of, asked.until),
        weeks=tuple(weekly(facts, asked.as_of, asked.parameters, weeks, every, base)) if alone else (),
        every=every,
        movers=tuple(sorted(movers, key=lambda mover: (mover.atom.on, mover.atom.entry), reverse=True)),
        moved=len(moved),
        moved_since=since,
        loops=tuple(loop for loop in loops if loop.state == "open"),
        them=responsiveness((loop for loop in loops if loop.owed_by == "them"), asked.at, asked.parameters),
        me=responsiveness((loop for loop in loops if loop.owed_by == "me"), asked.at, asked.parameters),
        kinds={fact.entry: fact.kind for fact in facts},
        told=entries.by_ids(journal, named),
        around=_around(journal, manager, asked, facts, loops, steps) if asked.whole else None,
    )


def _past_shown(journal: Journal, manager: Manager, asked: Asked, alone: bool, weeks: int) -> Past:
    """The facts that the page tells of one by one, over a sum of the older ones; all of them if it tells why."""
    if asked.why:
        return Past(trust.facts_of(journal, manager.id, asked.until))
    back = timedelta(days=TREND_DAYS)
    if asked.whole:
        back = LOOKING_BACK
    if alone:
        back = max(back, timedelta(weeks=weeks))
    since = min(asked.as_of - back, asked.since or date.max)
    # a base holds its own day too
    return trust.past(journal, manager.id, since - timedelta(days=1), asked.parameters, asked.until)


def _around(
    journal: Journal, manager: Manager, asked: Asked, facts: Sequence[Fact], loops: Sequence[Promise], steps: Steps
) -> "Around":
    """Everything beside trust, as it stood at the moment that is asked about; `loops` are all of the manager then."""
    # 8 ms that the overview of all managers does without
    from trustlog.domain.report_around import Around, held, last_taken, open_roles, practice
    from trustlog.services import praise as praise_service
    from trustlog.store import coaching, conversations, kickoffs, praise

    since = asked.since or asked.as_of - LOOKING_BACK
    contacts = [
        Contact(manager.id, fact.on, fact.kind, None)
        for fact in facts
        if since <= fact.on <= asked.as_of and fact.kind != "note"
    ]
    taken = coaching.step_events(journal, manager.id, asked.at)
    return Around(
        since=since,
        roles=open_roles(
            people.reqs(journal, manager.id), kickoffs.of_manager(journal, manager.id, asked.at), asked.as_of
        ),
        practice=practice(contacts, (), since, asked.as_of, working_week=asked.working_week),
        praise=praise.by_channel(journal, since, asked.as_of, asked.until, manager.id),
        unthanked=len(praise_service.unthanked_deeds(journal, manager, loops, asked.at)),
        step=last_taken(taken, steps()) if taken else None,
        talks=held(conversations.all_conversations(journal, manager.id), since, asked.as_of),
    )
