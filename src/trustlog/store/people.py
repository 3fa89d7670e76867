"""Managers and their roles: rows in and out."""

import json
from datetime import UTC, date, datetime
from typing import Any

from trustlog.domain.people import Manager, Req, in_order
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, born, utc_text

_MANAGER = "id, uid, handle, name, team, email, likes, on_their_plate, public_praise_ok, archived_at, leaving_on"
_REQ = (
    "r.id, r.uid, r.code, m.handle AS manager, r.title, r.opened_on, r.closed_on, r.tags"
    " FROM reqs r JOIN managers m ON m.id = r.manager_id"
)


def names(journal: Journal) -> list[tuple[str, str]]:
    """(handle, name) of every manager, by handle."""
    return [tuple(row) for row in journal.rows("SELECT handle, name FROM managers ORDER BY handle")]


def made_on(journal: Journal) -> dict[int, date]:
    """The day (UTC) on which each manager was written down, by id."""
    days = journal.pairs("SELECT id, substr(created_at, 1, 10) FROM managers")
    return {manager_id: date.fromisoformat(day) for manager_id, day in days.items()}


def all_managers(journal: Journal) -> list[Manager]:
    """Every manager by name, accents and capitals aside; the archived too."""
    found = [_manager(row) for row in journal.rows(f"SELECT {_MANAGER} FROM managers")]
    return sorted(found, key=lambda manager: (in_order(manager.name), manager.name, manager.handle))


def manager(journal: Journal, handle: str) -> Manager:
    """The manager with exactly this handle, which must exist."""
    row = journal.row(f"SELECT {_MANAGER} FROM managers WHERE handle = ?", (handle,))
    if row is None:
        raise LookupError(handle)
    return _manager(row)


def add_manager(journal: Journal, handle: str, name: str, details: dict[str, Any] | None = None) -> Manager:
    """Add a manager inside a change; the handle must be free."""
    journal.insert("managers", {**born(), "handle": handle, "name": name})
    return edit_manager(journal, handle, details or {})


def edit_manager(journal: Journal, handle: str, details: dict[str, Any]) -> Manager:
    """Set the handle, the name or details inside a change; None empties a field."""
    if details:
        journal.update("managers", manager(journal, handle).id, details)
    return manager(journal, details.get("handle", handle))


def set_archived(journal: Journal, handle: str, archived: bool) -> Manager:
    journal.db.execute(
        "UPDATE managers SET archived_at = ?, leaving_on = NULL WHERE handle = ?",
        (utc_text(datetime.now(UTC)) if archived else None, handle),
    )
    return manager(journal, handle)


def set_leaving(journal: Journal, handle: str, on: date) -> Manager:
    """Keep the last day of a manager, inside a change."""
    journal.update("managers", manager(journal, handle).id, {"leaving_on": on})
    return manager(journal, handle)


def hand_over(journal: Journal, req_id: int, manager_id: int) -> None:
    """Give a role to another manager, inside a change; its kick-off and its drafts go along, entries stay."""
    journal.update("reqs", req_id, {"manager_id": manager_id})


def reqs(journal: Journal, manager_id: int | None = None) -> list[Req]:
    """Roles by code, of one manager or of all."""
    where, values = ("", ()) if manager_id is None else ("WHERE r.manager_id = ?", (manager_id,))
    return [_req(row) for row in journal.rows(f"SELECT {_REQ} {where} ORDER BY r.code", values)]


def req(journal: Journal, code: str) -> Req | None:
    row = journal.row(f"SELECT {_REQ} WHERE r.code = ?", (code,))
    return _req(row) if row else None


def codes(journal: Journal) -> list[str]:
    return journal.column("SELECT code FROM reqs ORDER BY code")


def add_req(
    journal: Journal, manager_id: int, code: str, title: str, opened_on: date, tags: tuple[str, ...] = ()
) -> int:
    """Add a role inside a change and return its id; the code must be free."""
    columns = {"code": code, "manager_id": manager_id, "title": title, "opened_on": opened_on, "tags": json.dumps(tags)}
    return journal.insert("reqs", born() | columns)


def close_req(journal: Journal, code: str, closed_on: date) -> None:
    journal.db.execute("UPDATE reqs SET closed_on = ? WHERE code = ?", (closed_on.isoformat(), code))


def _manager(row: Row) -> Manager:
    praise = row["public_praise_ok"]
    leaving_on = date.fromisoformat(row["leaving_on"]) if row["leaving_on"] else None
    return Manager(
        id=row["id"], uid=row["uid"], handle=row["handle"], name=row["name"], team=row["team"], email=row["email"],
        likes=row["likes"], on_their_plate=row["on_their_plate"],
        public_praise_ok=None if praise is None else bool(praise),
        archived=row["archived_at"] is not None, leaving_on=leaving_on,
    )  # fmt: skip


def _req(row: Row) -> Req:
    return Req(
        id=row["id"], uid=row["uid"], code=row["code"], manager=row["manager"], title=row["title"],
        opened_on=date.fromisoformat(row["opened_on"]),
        closed_on=date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        tags=tuple(json.loads(row["tags"])),
    )  # fmt: skip
