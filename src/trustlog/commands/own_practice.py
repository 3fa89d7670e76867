"""`report --me`: the recruiter's own practice."""

from datetime import timedelta

from trustlog.domain.standing import practice
from trustlog.session import Session
from trustlog.store import entries, praise, talks
from trustlog.view.report import practice as view

PRACTICE = timedelta(days=90)
"""How far one's own practice looks back, unless --since says."""


def show(session: Session, as_of: str | None, since: str | None, private: bool) -> None:
    """Answer with the practice of some days; what is drawn from reflections only where it may be shown."""
    at, timed = session.as_of(as_of)
    until, moment = at.date(), at if timed else None
    begin = session.moment(since).date() if since is not None else until - PRACTICE
    contacts = entries.contacts(session.reading, begin, until, moment)
    held, week = talks.all_talks(session.reading), session.settings["working_week"]
    found = practice.practice(contacts, held, begin, until, working_week=week)
    found = found._replace(praise=praise.by_channel(session.reading, begin, until, moment))
    session.show(
        found,
        lambda found: view.data(found, private=private),
        lambda found, look: view.lines(found, look, private=private),
    )
