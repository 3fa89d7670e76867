"""Managers and their roles, and making two managers one."""

import json
from datetime import UTC, date, datetime
from typing import Any

from trustlog.domain.people import Manager, Req, folded, in_order
from trustlog.store import conversations
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, new_uid, utc_text

_MANAGER = "id, uid, handle, name, team, email, likes, on_their_plate, public_praise_ok, archived_at"
_REQ = (
    "r.id, r.uid, r.code, m.handle, r.title, r.opened_on, r.closed_on, r.tags"
    " FROM reqs r JOIN managers m ON m.id = r.manager_id"
)
EDITABLE = ("handle", "name", "team", "email", "likes", "on_their_plate", "public_praise_ok")


def names(journal: Journal) -> list[tuple[str, str]]:
    """(handle, name) of every manager, by handle."""
    return [tuple(row) for row in journal.rows("SELECT handle, name FROM managers ORDER BY handle")]


def all_managers(journal: Journal) -> list[Manager]:
    """Every manager by name, accents and capitals aside; the archived too."""
    found = [_manager(row) for row in journal.rows(f"SELECT {_MANAGER} FROM managers")]
    return sorted(found, key=lambda one: (in_order(one.name), one.name, one.handle))


def manager(journal: Journal, handle: str) -> Manager:
    """The manager with exactly this handle, which must exist."""
    row = journal.row(f"SELECT {_MANAGER} FROM managers WHERE handle = ?", (handle,))
    if row is None:
        raise LookupError(handle)
    return _manager(row)


def add_manager(journal: Journal, handle: str, name: str, details: dict[str, Any] | None = None) -> Manager:
    """Add a manager inside a change; the handle must be free."""
    journal.db.execute(
        "INSERT INTO managers (uid, handle, name, created_at) VALUES (?, ?, ?, ?)",
        (new_uid(), handle, name, utc_text(datetime.now(UTC))),
    )
    return edit_manager(journal, handle, details or {})


def edit_manager(journal: Journal, handle: str, details: dict[str, Any]) -> Manager:
    """Set some of EDITABLE inside a change; None empties a field."""
    who = manager(journal, handle).id
    for field, value in details.items():
        if field not in EDITABLE:
            raise KeyError(field)
        kept = int(value) if isinstance(value, bool) else value
        journal.db.execute(f"UPDATE managers SET {field} = ? WHERE id = ?", (kept, who))
    return manager(journal, details.get("handle", handle))


def set_archived(journal: Journal, handle: str, archived: bool) -> Manager:
    journal.db.execute(
        "UPDATE managers SET archived_at = ? WHERE handle = ?",
        (utc_text(datetime.now(UTC)) if archived else None, handle),
    )
    return manager(journal, handle)


def reqs(journal: Journal, manager_id: int | None = None) -> list[Req]:
    """Roles by code, of one manager or of all."""
    where, values = ("", ()) if manager_id is None else ("WHERE r.manager_id = ?", (manager_id,))
    return [_req(row) for row in journal.rows(f"SELECT {_REQ} {where} ORDER BY r.code", values)]


def req(journal: Journal, code: str) -> Req | None:
    row = journal.row(f"SELECT {_REQ} WHERE r.code = ?", (code,))
    return _req(row) if row else None


def codes(journal: Journal) -> list[str]:
    return [row[0] for row in journal.rows("SELECT code FROM reqs ORDER BY code")]


def add_req(
    journal: Journal, manager_id: int, code: str, title: str, opened_on: date, tags: tuple[str, ...] = ()
) -> int:
    """Add a role inside a change and return its id; the code must be free."""
    row = journal.db.execute(
        "INSERT INTO reqs (uid, code, manager_id, title, opened_on, tags, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (
            new_uid(),
            code,
            manager_id,
            title,
            opened_on.isoformat(),
            json.dumps(tags),
            utc_text(datetime.now(UTC)),
        ),
    ).fetchone()
    return int(row[0])


def close_req(journal: Journal, code: str, closed_on: date) -> None:
    journal.db.execute("UPDATE reqs SET closed_on = ? WHERE code = ?", (closed_on.isoformat(), code))


def _manager(row: Row) -> Manager:
    praise, archived_at = row["public_praise_ok"], row["archived_at"]
    return Manager(
        id=row["id"], uid=row["uid"], handle=row["handle"], name=row["name"], team=row["team"], email=row["email"],
        likes=row["likes"], on_their_plate=row["on_their_plate"],
        public_praise_ok=None if praise is None else bool(praise), archived=archived_at is not None,
    )  # fmt: skip


def _req(row: Row) -> Req:
    return Req(
        id=row[0], uid=row[1], code=row[2], manager=row[3], title=row[4],
        opened_on=date.fromisoformat(row[5]), closed_on=date.fromisoformat(row[6]) if row[6] else None,
        tags=tuple(json.loads(row[7])),
    )  # fmt: skip


OWNED = ("entries", "reqs", "conversations", "boundary_checks", "commitments", "noticed", "step_events")
"""The tables whose rows belong to a manager. What was summed of them (trust_bases) is made anew."""
_OF = "SELECT count(*) FROM {} WHERE manager_id = ?"
_AGREEMENTS = "SELECT count(*) FROM agreements a JOIN reqs r ON r.id = a.req_id WHERE r.manager_id = ?"


def rows_by_table(journal: Journal, gone: Manager) -> dict[str, int]:
    """How many rows of each table belong to a manager; boundary checks are only `private_items`."""
    found = {table: _count(journal, _OF.format(table), gone.id) for table in (*OWNED, "drafts")}
    private = found.pop("boundary_checks")
    agreements = _count(journal, _AGREEMENTS, gone.id)
    return found | {"agreements": agreements, "private_items": private}


def move_rows(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Move everything and delete the manager that nothing is left of; the titles of drafts that had to change."""
    retitled = _move_drafts(journal, gone, kept)
    _join_checks(journal, gone, kept)
    for table in OWNED:
        journal.db.execute(f"UPDATE {table} SET manager_id = ? WHERE manager_id = ?", (kept.id, gone.id))
    journal.db.execute("DELETE FROM managers WHERE id = ?", (gone.id,))
    return retitled


def _count(journal: Journal, sql: str, manager_id: int) -> int:
    row = journal.row(sql, (manager_id,))
    return int(row[0]) if row else 0


def _join_checks(journal: Journal, gone: Manager, kept: Manager) -> None:
    """Make one unfinished boundary check of both: there is one for each manager, and a yes in either stays a yes."""
    rows = journal.rows(
        "SELECT id, manager_id, answers FROM boundary_checks WHERE finished = 0 AND manager_id IN (?1, ?2)"
        " ORDER BY manager_id = ?1, id",
        (gone.id, kept.id),
    )
    if len({row[1] for row in rows}) < 2:
        return
    together: dict[str, Any] = {}
    for row in rows:
        for question, yes in json.loads(row[2]).items():
            together[question] = together.get(question) or yes
    first, *others = (row[0] for row in rows)
    journal.db.execute("UPDATE boundary_checks SET answers = ? WHERE id = ?", (json.dumps(together), first))
    for one in others:
        journal.db.execute("DELETE FROM boundary_checks WHERE id = ?", (one,))


def _untitled(journal: Journal, manager: Manager) -> list[conversations.Draft]:
    """The kick-off drafts of roles that this manager does not have yet; they are found by their titles."""
    return [one for one in conversations.drafts_of(journal, "kickoff", manager.id) if one.req is None]


def _move_drafts(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Drafts without a role. A title that means something else there gets a number, so that all are kept."""
    theirs, own = _titles(journal, gone), _titles(journal, kept)
    there = _untitled(journal, kept)
    hidden = [one for one in there if folded(one.title) in theirs - own]
    taken = theirs | own | {folded(one.title) for one in there}
    retitled = []
    for one in [*_untitled(journal, gone), *hidden]:
        free, number = one.title, 1
        while folded(free) in taken:
            number += 1
            free = f"{one.title} ({number})"
        taken.add(folded(free))
        conversations.tell_undo(journal, one.id, ("manager_id", "about"))
        journal.db.execute("UPDATE drafts SET manager_id = ?, about = ? WHERE id = ?", (kept.id, free, one.id))
        if free != one.title:
            retitled.append((one.title, free))
    for row in journal.rows("SELECT id FROM drafts WHERE manager_id = ? AND req_id IS NULL", (gone.id,)):
        conversations.tell_undo(
            journal, row[0], ("manager_id",)
        )  # of other flows; those of roles go where their role goes
        journal.db.execute("UPDATE drafts SET manager_id = ? WHERE id = ?", (kept.id, row[0]))
    return retitled


def _titles(journal: Journal, manager: Manager) -> set[str]:
    """The open roles of a manager: a kick-off with such a title means the role."""
    return {folded(one.title) for one in reqs(journal, manager.id) if one.closed_on is None}
