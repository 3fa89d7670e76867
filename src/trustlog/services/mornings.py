"""The day's page: one small step, and what is open."""

from trustlog.domain.coaching.morning import Morning, pressing, today
from trustlog.domain.coaching.offer import Coaching
from trustlog.services import checking_in, coaching
from trustlog.services.coaching import Asking
from trustlog.store import commitments, people, talks
from trustlog.store.journal import Journal


def gather(journal: Journal, words: Coaching, asking: Asking) -> Morning:
    """Everything that the page shows, as it stands at the moment that is asked about."""
    loops, coming = pressing(commitments.still_open(journal), asking.at)
    return Morning(
        at=asking.at,
        known=bool(people.names(journal)),
        # of what is private the page only counts the items
        offer=coaching.best(journal, None, words, asking._replace(private=False)),
        loops=loops,
        coming=coming,
        talks=today(talks.being_prepared(journal), asking.at),
        private=len(checking_in.all_due(journal, asking.at.date())),
    )
