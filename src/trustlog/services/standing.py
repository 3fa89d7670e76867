"""One manager's past as the model reads it: all facts of a short log, sums and the latest facts of a long one."""

from datetime import date, datetime, timedelta

from trustlog.domain.standing.base import Past, bases, month_ends
from trustlog.domain.standing.trust import Parameters
from trustlog.store import evidence
from trustlog.store.journal import Journal

MANY = 200
"""So many facts are read faster than anybody notices; beyond them older months are summed once."""


def past(journal: Journal, manager_id: int, since: date, parameters: Parameters, until: datetime | None = None) -> Past:
    """What readings from the day `since` on are made of."""
    found = _past(journal, manager_id, since, parameters, until)
    if len(found.facts) <= MANY or not _sum_up(journal, manager_id, found, parameters):
        return found
    return _past(journal, manager_id, since, parameters, until)


def _past(journal: Journal, manager_id: int, since: date, parameters: Parameters, until: datetime | None) -> Past:
    base = evidence.nearest(journal, manager_id, since, parameters)
    return Past(evidence.facts(journal, manager_id, until, base.on if base else None), base)


def _sum_up(journal: Journal, manager_id: int, found: Past, parameters: Parameters) -> bool:
    """Sum the months that are over and not summed yet; whether there were any, and they could be kept."""
    first, last = min(fact.on for fact in found.facts), max(fact.on for fact in found.facts)
    start = evidence.nearest(journal, manager_id, last, parameters)
    days = [day for day in month_ends(first, last - timedelta(days=1)) if start is None or day > start.on]
    if not days:
        return False
    with evidence.writing(journal) as possible:
        if possible:
            # read again inside the transaction: nobody can change what is being summed
            start = evidence.nearest(journal, manager_id, last, parameters)
            mended = set(evidence.mended_days(journal, manager_id))
            facts = [
                fact for fact in evidence.facts(journal, manager_id, None, start.on if start else None)
                if fact.on.isoformat() not in mended
            ]  # fmt: skip
            left = [day for day in days if start is None or day > start.on]
            evidence.keep(journal, manager_id, bases(facts, left, parameters, start), parameters)
    return possible
