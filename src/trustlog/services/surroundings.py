"""What stands around one manager's figures, gathered for a page."""

from collections.abc import Callable, Mapping, Sequence

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching.step import Step
from trustlog.domain.model import Contact, Manager
from trustlog.domain.standing.around import LOOKING_BACK, Around, held, last_taken, open_roles
from trustlog.domain.standing.practice import practice
from trustlog.domain.standing.report import Asked
from trustlog.domain.standing.trust import Fact
from trustlog.services import thanking
from trustlog.store import agreements, people, praise, steps, talks
from trustlog.store.journal import Journal


def gather(
    journal: Journal,
    manager: Manager,
    asked: Asked,
    facts: Sequence[Fact],
    loops: Sequence[Commitment],
    known: Callable[[], Mapping[str, Step]],
) -> Around:
    """Everything beside trust, as it stood at the moment that is asked about.

    `loops` are all of the manager at that moment, `known` the playbook's steps.
    """
    since = asked.since or asked.as_of - LOOKING_BACK
    contacts = [
        Contact(manager.id, fact.on, fact.kind, None)
        for fact in facts
        if since <= fact.on <= asked.as_of and fact.kind != "note"
    ]
    taken = steps.events(journal, manager.id, asked.at)
    return Around(
        since=since,
        roles=open_roles(
            people.reqs(journal, manager.id), agreements.of_manager(journal, manager.id, asked.at), asked.as_of
        ),
        practice=practice(contacts, (), since, asked.as_of, working_week=asked.working_week),
        praise=praise.by_channel(journal, since, asked.as_of, asked.until, manager.id),
        unthanked=len(thanking.unthanked(journal, manager, loops, asked.at)),
        step=last_taken(taken, known()) if taken else None,
        talks=held(talks.all_talks(journal, manager.id), since, asked.as_of),
    )
