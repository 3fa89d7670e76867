"""What the trust model reads: the facts of a manager's entries, and the sums of old ones."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from trustlog.domain.entries import WEIGHTS
from trustlog.domain.trust import Base, Fact, ManagerFacts, Parameters, month_ends
from trustlog.domain.trust import bases as trust_bases
from trustlog.store.driver import OperationalError, Row
from trustlog.store.journal import Journal, utc_text


def facts_of(journal: Journal, manager_id: int, until: datetime | None = None, after: date | None = None) -> list[Fact]:
    """One manager's entries as the trust model reads them, up to a moment if one is given.

    With `after`, only those of later days, and all of a day on which a hard entry was mended.
    """
    bound = utc_text(until) if until is not None else "9999"
    where = "WHERE e.manager_id = ? AND e.happened_at <= ?"
    values: list[Any] = [manager_id, bound]
    if after is not None:
        days = mended_days(journal, manager_id)
        where += f" AND (e.happened_on > ?{' OR e.happened_on IN (SELECT value FROM json_each(?))' if days else ''})"
        values += [after.isoformat(), *([json.dumps(days)] if days else [])]
    rows = journal.rows(
        "SELECT e.id, e.happened_on, e.kind, e.size, e.evidence, r.happened_on, r.happened_at"
        f" FROM entries e LEFT JOIN entries r ON r.id = e.repaired_by {where}",
        values,
    )
    day = date.fromisoformat
    return [
        Fact(entry, day(on), kind, size, bool(evidence), day(mended) if mended and mended_at <= bound else None)
        for entry, on, kind, size, evidence, mended, mended_at in rows
    ]


def mended_days(journal: Journal, manager_id: int) -> list[str]:
    """The days on which a hard entry of this manager's lies that a later deed mended."""
    # the plus keeps SQLite from walking through all of the manager's entries: the index of mended ones is short
    return journal.column(
        "SELECT DISTINCT happened_on FROM entries WHERE repaired_by IS NOT NULL AND +manager_id = ?", (manager_id,)
    )


def nearest(journal: Journal, manager_id: int, until: date, parameters: Parameters) -> Base | None:
    """The latest base that ends on or before a day."""
    row = journal.row(
        "SELECT on_day, sums, last_contact FROM trust_bases WHERE manager_id = ? AND parameters = ? AND on_day <= ?"
        " ORDER BY on_day DESC LIMIT 1",
        (manager_id, _key(parameters), until.isoformat()),
    )
    return None if row is None else _base(row)


def bases(journal: Journal, manager_id: int) -> list[Base]:
    """Every base of one manager that is kept."""
    rows = journal.rows("SELECT on_day, sums, last_contact FROM trust_bases WHERE manager_id = ?", (manager_id,))
    return [_base(row) for row in rows]


def _base(row: Row) -> Base:
    last_contact = date.fromisoformat(row["last_contact"]) if row["last_contact"] else None
    return Base(date.fromisoformat(row["on_day"]), tuple(json.loads(row["sums"])), last_contact)


@contextmanager
def writing(journal: Journal) -> Iterator[bool]:
    """A short transaction to keep bases in, also of a journal that is open for reading; within a change, that one.

    Yields False, and nothing is kept, where it cannot be written or somebody else is writing: they are made again.
    """
    if journal.db.in_transaction:
        # whoever reads one moment must not write; a change has shut out all other writers
        yield journal.value("SELECT change_id FROM recording") is not None
        return
    before = journal.value("PRAGMA query_only")
    journal.db.execute("PRAGMA query_only = OFF")
    with journal.db.at_once():
        try:
            with suppress(OperationalError):
                journal.db.execute("BEGIN IMMEDIATE")
            yield journal.db.in_transaction
            with suppress(OperationalError):
                journal.db.execute("COMMIT")
        finally:
            if journal.db.in_transaction:
                journal.db.execute("ROLLBACK")
            journal.db.execute(f"PRAGMA query_only = {before}")


def keep(journal: Journal, manager_id: int, made: Sequence[Base], parameters: Parameters) -> None:
    """Keep bases, inside `writing`: what they sum cannot have changed meanwhile."""
    rows = [
        (manager_id, one.on.isoformat(), _key(parameters), json.dumps(one.sums),
         one.last_contact.isoformat() if one.last_contact else None)
        for one in made
    ]  # fmt: skip
    with suppress(OperationalError):  # a full disk
        journal.db.executemany(
            "INSERT OR REPLACE INTO trust_bases (manager_id, on_day, parameters, sums, last_contact)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )


def _key(parameters: Parameters) -> str:
    """Everything that the sums depend on."""
    return f"{WEIGHTS} {parameters.half_life_days!r} {parameters.burst_discount!r}"


MANY = 200
"""So many facts are read faster than anybody notices; beyond them older months are summed once."""


def past(
    journal: Journal, manager_id: int, since: date, parameters: Parameters, until: datetime | None = None
) -> ManagerFacts:
    """What readings from the day `since` on are made of."""
    found = _past(journal, manager_id, since, parameters, until)
    if len(found.facts) <= MANY or not _sum_up(journal, manager_id, found, parameters):
        return found
    return _past(journal, manager_id, since, parameters, until)


def sum_up(journal: Journal, until: date, parameters: Parameters) -> None:
    """Sum the months that are over for everybody with a long past, so that no later command reads all of it."""
    long = journal.column("SELECT manager_id FROM entries GROUP BY manager_id HAVING count(*) > ?", (MANY,))
    for manager_id in long:
        past(journal, manager_id, until, parameters)


def _past(
    journal: Journal, manager_id: int, since: date, parameters: Parameters, until: datetime | None
) -> ManagerFacts:
    base = nearest(journal, manager_id, since, parameters)
    return ManagerFacts(facts_of(journal, manager_id, until, base.on if base else None), base)


def _sum_up(journal: Journal, manager_id: int, found: ManagerFacts, parameters: Parameters) -> bool:
    """Sum the months that are over and not summed yet; whether there were any, and they could be kept."""
    first, last = min(fact.on for fact in found.facts), max(fact.on for fact in found.facts)
    start = nearest(journal, manager_id, last, parameters)
    days = [day for day in month_ends(first, last - timedelta(days=1)) if start is None or day > start.on]
    if not days:
        return False
    with writing(journal) as possible:
        if possible:
            # read again inside the transaction: nobody can change what is being summed
            start = nearest(journal, manager_id, last, parameters)
            mended = set(mended_days(journal, manager_id))
            facts = [
                fact for fact in facts_of(journal, manager_id, None, start.on if start else None)
                if fact.on.isoformat() not in mended
            ]  # fmt: skip
            left = [day for day in days if start is None or day > start.on]
            keep(journal, manager_id, trust_bases(facts, left, parameters, start), parameters)
    return possible
