"""The page before a meeting, gathered once; cheap however long the journal is."""

from collections.abc import Mapping
from datetime import datetime

from trustlog.domain.agreements.agreement import Agreement
from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching import briefing
from trustlog.domain.coaching.briefing import Briefing
from trustlog.domain.conversations import boundary
from trustlog.domain.model import Manager
from trustlog.services import thanking
from trustlog.store import agreements, boundaries, commitments, entries, people, talks
from trustlog.store.journal import Journal

LATEST = 5
"""So many entries stand on the page."""


def gather(journal: Journal, manager: Manager, at: datetime, words: Mapping[str, str]) -> Briefing:
    """Everything about one manager as it stood at a moment, and a good opening in words of the playbook."""
    loops = commitments.all_of(journal, manager.id, at)
    held = talks.all_talks(journal, manager.id)
    page = Briefing(
        manager=manager,
        at=at,
        last_contact=next(iter(entries.latest(journal, manager.id, at, 1, notes=False)), None),
        talk=briefing.next_talk(held, at),
        loops=tuple(sorted((one for one in loops if one.state == "open"), key=_soonest)),
        unthanked=thanking.unthanked(journal, manager, loops, at),
        agreements=_of_open_roles(journal, manager, at),
        points=briefing.points(held, at.date()),
        entries=tuple(entries.latest(journal, manager.id, at, LATEST)),
    )
    return briefing.opened(page, words, restriction(journal, manager, at))


def restriction(journal: Journal, manager: Manager, at: datetime) -> str | None:
    """The level of boundary notes whose care holds now."""
    return boundary.restriction(boundaries.notes(journal, manager.id), at.date())


def _of_open_roles(journal: Journal, manager: Manager, at: datetime) -> tuple[Agreement, ...]:
    open_ = {
        one.code
        for one in people.reqs(journal, manager.id)
        if one.opened_on <= at.date() and (one.closed_on is None or one.closed_on > at.date())
    }
    return tuple(one for one in agreements.of_manager(journal, manager.id, at) if one.req in open_)


def _soonest(one: Commitment) -> tuple[bool, datetime, int]:
    return one.due_at is None, one.due_at or one.given_at, one.id
