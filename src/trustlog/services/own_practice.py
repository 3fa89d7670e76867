"""`report --me`: the recruiter's own practice, gathered from the journal."""

from datetime import date, datetime

from trustlog.domain.standing import practice
from trustlog.store import entries, praise, talks
from trustlog.store.journal import Journal


def gather(
    journal: Journal, since: date, until: date, moment: datetime | None, *, working_week: bool
) -> practice.Practice:
    """The practice of some days, up to a moment if one is given."""
    contacts = entries.contacts(journal, since, until, moment)
    found = practice.practice(contacts, talks.all_talks(journal), since, until, working_week=working_week)
    return found._replace(praise=praise.by_channel(journal, since, until, moment))
