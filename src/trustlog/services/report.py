"""Everything a report shows, gathered from the journal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from trustlog.domain.morning import HARD
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise, responsiveness
from trustlog.domain.report import LOOKING_BACK, ManagerReport, Report, ReportRequest
from trustlog.domain.report_lately import HARD_DAYS, Heard, Own, earned, heard, month_of
from trustlog.domain.standing import FROM_THEM, TREND_DAYS, read, weekly
from trustlog.domain.text import filled
from trustlog.domain.trust import Counted, ManagerFacts
from trustlog.store import conversations, entries, people, promises, trust
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from trustlog.domain.coaching_history import Step
    from trustlog.domain.report_around import Around


WEEKS = 12
POINTS = 26
"""A longer line of weeks is told at no more points than these."""


class Pages(NamedTuple):
    """What a page may need of the playbook, each read only if it does: the small steps by their ids, the words of the
    boundary check, and the line that says that boundary notes stand first."""

    steps: Callable[[], "Mapping[str, Step]"]
    boundary: Callable[[], "Mapping[str, Any]"]
    restricted: Callable[[], str]


Draw = Callable[[Sequence[int]], Sequence[int]]
"""Puts ids in an order that says nothing of them, another one each time."""


def gather(journal: Journal, manager: Manager | None, asked: ReportRequest, words: Pages, draw: Draw) -> Report:
    """The report on one manager, or on all who were there; `draw` gives out the letters of a shared one."""
    listed = (
        [manager] if manager else [manager for manager in people.all_managers(journal) if not manager.gone(asked.as_of)]
    )
    pages = [_page(journal, one, asked, manager is not None, words) for one in listed]
    found = Report(asked, tuple(pages), manager is not None)
    if not asked.share:
        return found
    from trustlog.domain import report_sharing  # 1 ms, only where something is shared

    # once, before any view: no format can forget it
    return report_sharing.masked(found, draw([one.id for one in listed]))


def _page(journal: Journal, manager: Manager, asked: ReportRequest, alone: bool, words: Pages) -> ManagerReport:
    weeks = WEEKS if asked.since is None else max(2, (asked.as_of - asked.since).days // 7 + 1)
    every = ceil(weeks / POINTS)
    facts, base = _past_shown(journal, manager, asked, alone, weeks)
    loops = promises.all_of(journal, manager.id, asked.at)
    met = conversations.last_held(journal, manager.id, asked.as_of)
    told = _heard(journal, manager, asked, loops, met)
    reading = read(facts, asked.as_of, asked.parameters, base, met, earned=earned(told, asked.as_of))
    since = asked.since or reading.trend.since
    moved = _by_weight([atom for atom in reading.evidence if atom.atom.on >= since]) if alone else []
    movers = [atom for atoms in moved[: None if asked.why else asked.movers] for atom in atoms]
    named = {atom.atom.entry for atom in (reading.evidence if alone and asked.why else movers)}
    page = ManagerReport(
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
        heard=told,
    )
    if not asked.whole:
        return page
    begin = asked.as_of - HARD_DAYS
    hard = any(fact.kind in HARD and begin < fact.on <= asked.as_of for fact in facts)
    page = page._replace(
        month=month_of(facts, asked.as_of), around=_around(journal, manager, asked, loops, words),
        at_rest=not asked.share and (hard or manager.gone(asked.as_of)),
    )  # fmt: skip
    # a shared page is the same with and without boundary notes
    return page if asked.share else _restricted(journal, page, asked, words)


def _by_weight(evidence: Sequence[Counted]) -> list[list[Counted]]:
    """What each entry counts, the entries that count most first."""
    entries_: dict[int, list[Counted]] = {}
    for counted in evidence:
        entries_.setdefault(counted.atom.entry, []).append(counted)
    return sorted(entries_.values(), key=lambda atoms: (-max(counted.counts for counted in atoms), atoms[0].atom.entry))


def _heard(
    journal: Journal, manager: Manager, asked: ReportRequest, loops: Sequence[Promise], met: date | None
) -> Heard:
    """When the manager was last heard from; a request that is kept as a loop was sent too, a favour as an entry."""
    found = entries.last_heard(journal, manager.id, FROM_THEM, asked.as_of, asked.until, met)
    requests = [
        loop.given_at.date() for loop in loops
        if loop.owed_by == "them" and loop.purpose != "favour"
        and (found.at is None or loop.given_at > found.at) and (met is None or loop.given_at.date() > met)
    ]  # fmt: skip
    last = max((day for day in (found.last, met) if day is not None), default=None)
    since = [Own(*own) for own in found.since]
    return heard(found.first, found.contact, last, since, requests, asked.as_of)


def _restricted(journal: Journal, page: ManagerReport, asked: ReportRequest, words: Pages) -> ManagerReport:
    """The page with what stands first where boundary notes restrict it; what they say themselves stays apart."""
    from trustlog.domain import private as private_domain  # 3 ms, which the overview does without
    from trustlog.store import private

    notes = private.boundary_notes(journal, page.manager.id)
    level = private_domain.restriction(notes, asked.as_of)
    if level is None:
        return page
    said = words.boundary()["support_line"]
    if level == "L3" and private_domain.standing(notes, asked.as_of).level == "L3":
        from trustlog.services import private as private_service  # 3 ms, only here

        said = private_service.told(journal, page.manager, asked.as_of, words.boundary(), {}).text
    first = f"{filled(words.restricted(), {'first': page.manager.first_name})}\n{said}"
    # what a small step advised is advice too
    around = page.around._replace(step=None) if page.around else None
    return page._replace(restriction=level, stands_first=first, around=around)


def _past_shown(journal: Journal, manager: Manager, asked: ReportRequest, alone: bool, weeks: int) -> ManagerFacts:
    """The facts that the page tells of one by one, over a sum of the older ones; all of them if it tells why."""
    if asked.why:
        return ManagerFacts(trust.facts_of(journal, manager.id, asked.until))
    back = timedelta(days=TREND_DAYS)
    if asked.whole:
        back = LOOKING_BACK
    if alone:
        back = max(back, timedelta(weeks=weeks))
    since = min(asked.as_of - back, asked.since or date.max)
    # a base holds its own day too
    return trust.past(journal, manager.id, since - timedelta(days=1), asked.parameters, asked.until)


def _around(
    journal: Journal, manager: Manager, asked: ReportRequest, loops: Sequence[Promise], words: Pages
) -> "Around":
    """Everything beside trust, as it stood at the moment that is asked about; `loops` are all of the manager then."""
    # 8 ms that the overview of all managers does without
    from trustlog.domain.report_around import Around, held, last_taken, open_roles, practice
    from trustlog.services import praise as praise_service
    from trustlog.store import coaching, kickoffs, praise

    since = asked.since or asked.as_of - LOOKING_BACK
    begin = since - LOOKING_BACK  # a reply may belong to an earlier request
    contacts = entries.contacts(journal, begin, asked.as_of, asked.until, manager.id)
    asks = promises.asks(journal, begin, asked.at, manager.id)
    taken = coaching.step_events(journal, manager.id, asked.at, own=False)
    return Around(
        since=since,
        roles=open_roles(
            people.reqs(journal, manager.id), kickoffs.of_manager(journal, manager.id, asked.at), asked.as_of
        ),
        practice=practice(contacts, (), since, asked.as_of, asks=asks, working_week=asked.working_week),
        praise=praise.by_channel(journal, since, asked.as_of, asked.until, manager.id),
        unthanked=len(praise_service.unthanked_deeds(journal, manager, loops, asked.at)),
        step=last_taken(taken, words.steps()) if taken else None,
        talks=held(conversations.all_conversations(journal, manager.id), since, asked.as_of),
    )
