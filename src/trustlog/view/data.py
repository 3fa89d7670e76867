"""Values as the JSON that scripts read. Shapes are a promise: fields may be added, never renamed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from trustlog.domain.model import Change, Entry, Manager, Req

if TYPE_CHECKING:  # `add` pays for no loops
    from trustlog.domain.agreements.commitment import Commitment


def entry(one: Entry) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "manager": one.manager, "kind": one.kind, "size": one.size,
        "happened_at": one.happened_at.isoformat(), "happened_on": one.happened_on.isoformat(), "note": one.note,
        "did": one.did, "changed": one.changed, "channel": one.channel, "req": one.req, "approach": one.approach,
        "tags": list(one.tags), "evidence": one.evidence, "repaired_by": one.repaired_by,
        "created_at": one.created_at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


def manager(one: Manager) -> dict[str, Any]:
    return {
        "handle": one.handle, "name": one.name, "uid": one.uid, "team": one.team, "email": one.email,
        "likes": one.likes, "on_their_plate": one.on_their_plate, "public_praise_ok": one.public_praise_ok,
        "archived": one.archived,
    }  # fmt: skip


def req(one: Req) -> dict[str, Any]:
    return {
        "code": one.code, "uid": one.uid, "manager": one.manager, "title": one.title,
        "opened_on": one.opened_on.isoformat(), "closed_on": one.closed_on.isoformat() if one.closed_on else None,
        "tags": list(one.tags),
    }  # fmt: skip


def commitment(one: "Commitment", at: datetime) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "manager": one.manager, "owed_by": one.owed_by, "what": one.what,
        "for": one.purpose, "req": one.req, "given_at": one.given_at.isoformat(),
        "due_at": one.due_at.isoformat() if one.due_at else None, "state": one.state,
        "renegotiated": one.renegotiated, "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "at_risk": one.at_risk, "overdue": one.overdue(at),
    }  # fmt: skip


def change(one: Change, with_summary: bool = True) -> dict[str, Any]:
    at = one.at.isoformat().replace("+00:00", "Z")
    return {"command": one.command, "at": at} | ({"summary": one.summary} if with_summary else {})
