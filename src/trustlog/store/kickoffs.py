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


def drop(journal: Journal, agreement_id: int) -> None:
    """Delete an agreement and its events, inside a change."""
    journal.db.execute("DELETE FROM agreement_events WHERE agreement_id = ?", (agreement_id,))
    journal.db.execute("DELETE FROM agreements WHERE id = ?", (agreement_id,))


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
    events = journal.parts("agreement_events", "agreement_id", [row["id"] for row in rows])
    found = (_agreement(row, [_event(event) for event in events[row["id"]]], until) for row in rows)
    return [agreement for agreement in found if agreement is not None]


def _agreement(row: Row, events: Sequence[AgreementEvent], until: datetime | None) -> Agreement | None:
    """One agreement; None if it had not begun yet."""
    begun = date.fromisoformat(row["kickoff_on"])
    closed = date.fromisoformat(row["closed_on"]) if row["closed_on"] else None
    if until is not None:
        if begun > until.date():
            return None
        closed = closed if closed is not None and closed <= until.date() else None
    stages, amendments, sent_on = fold([event for event in events if until is None or event.at <= until])
    names = (row["id"], row["uid"], row["code"], row["title"], row["handle"], row["name"])
    return Agreement(*names, begun, closed, sent_on, stages, amendments)


def _event(row: Row) -> AgreementEvent:
    value = None if row["value"] is None else json.loads(row["value"])
    at = datetime.fromisoformat(row["happened_at"])
    return AgreementEvent(
        row["kind"], at, row["stage"], row["field"], value, row["reason"], row["effect"], row["how"]
    )  # fmt: skip
