"""Kick-off agreements: a row for a role's, an event for everything that happened to it."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from trustlog.domain.kickoffs import Agreement, AgreementEvent, fold
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, born

_SELECT = """SELECT a.id, a.uid, r.code, r.title, m.handle, m.name, a.kickoff_on, r.closed_on
  FROM agreements a JOIN reqs r ON r.id = a.req_id JOIN managers m ON m.id = r.manager_id"""


def add(journal: Journal, req_id: int, on: date) -> int:
    """A new agreement inside a change; returns its id. A role has at most one."""
    return journal.insert("agreements", {**born(), "req_id": req_id, "kickoff_on": on})


def record(journal: Journal, agreement_id: int, event: AgreementEvent, entry_id: int | None = None) -> None:
    """Write what happened, inside a change, with the entry that it wrote if there is one."""
    # JSON's null where there is no value: json_valid(NULL) is 0 in some versions of SQLite
    value = json.dumps(event.value, ensure_ascii=False)
    columns = {
        "agreement_id": agreement_id, "kind": event.kind, "happened_at": event.at, "stage": event.stage,
        "field": event.field, "value": value, "reason": event.reason, "effect": event.effect, "how": event.how,
        "entry_id": entry_id,
    }  # fmt: skip
    journal.insert("agreement_events", columns)


def of_req(journal: Journal, code: str, until: datetime | None = None) -> Agreement | None:
    """The agreement of the role with exactly this code."""
    return next(iter(_agreements(journal, "WHERE r.code = ?", (code,), until)), None)


def of_manager(journal: Journal, manager_id: int, until: datetime | None = None) -> list[Agreement]:
    """The agreements of one manager's roles as they stood at a moment, the newest kick-off first."""
    return _agreements(journal, "WHERE r.manager_id = ?", (manager_id,), until)


def _agreements(journal: Journal, where: str, bound: Sequence[Any], until: datetime | None) -> list[Agreement]:
    rows = journal.rows(f"{_SELECT} {where} ORDER BY a.kickoff_on DESC, a.id DESC", bound)
    return [one for row in rows if (one := _agreement(journal, row, until)) is not None]


def _agreement(journal: Journal, row: Row, until: datetime | None) -> Agreement | None:
    """One agreement; None if it had not begun yet."""
    begun, closed = date.fromisoformat(row[6]), date.fromisoformat(row[7]) if row[7] else None
    if until is not None:
        if begun > until.date():
            return None
        closed = closed if closed is not None and closed <= until.date() else None
    events = [event for event in _events(journal, row[0]) if until is None or event.at <= until]
    stages, amendments, sent_on = fold(events)
    return Agreement(row[0], row[1], row[2], row[3], row[4], row[5], begun, closed, sent_on, stages, amendments)


def _events(journal: Journal, agreement_id: int) -> list[AgreementEvent]:
    rows = journal.rows(
        "SELECT kind, happened_at, stage, field, value, reason, effect, how FROM agreement_events"
        " WHERE agreement_id = ? ORDER BY id",
        (agreement_id,),
    )
    return [
        AgreementEvent(
            row[0], datetime.fromisoformat(row[1]), row[2], row[3], None if row[4] is None else json.loads(row[4]),
            *tuple(row)[5:],
        )
        for row in rows
    ]  # fmt: skip
