"""Answers of guided flows that are not finished, outside undo."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from trustlog.store.journal import Journal


class Draft(NamedTuple):
    """What was answered so far of one role of a manager: `req` is its code, None if there is no such role yet."""

    id: int
    title: str
    req: str | None
    answers: dict[str, Any]


def of_manager(journal: Journal, flow: str, manager_id: int) -> list[Draft]:
    """What is kept of a flow with one manager, the oldest first."""
    rows = journal.rows(
        "SELECT d.id, d.about, r.code, d.answers FROM drafts d LEFT JOIN reqs r ON r.id = d.req_id"
        " WHERE d.flow = ? AND d.manager_id = ? ORDER BY d.id",
        (flow, manager_id),
    )
    return [Draft(row[0], row[1], row[2], dict(json.loads(row[3]))) for row in rows]


def add(
    journal: Journal, flow: str, manager_id: int, title: str, answers: Mapping[str, Any], req_id: int | None = None
) -> int:
    """A new draft; returns its id."""
    row = journal.db.execute(
        "INSERT INTO drafts (flow, manager_id, req_id, about, answers) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (flow, manager_id, req_id, title, _text(answers)),
    ).fetchone()
    return int(row[0])


def keep(journal: Journal, draft_id: int, answers: Mapping[str, Any], req_id: int | None = None) -> None:
    """Keep all answers so far."""
    journal.db.execute("UPDATE drafts SET answers = ?, req_id = ? WHERE id = ?", (_text(answers), req_id, draft_id))


def drop(journal: Journal, draft_id: int) -> None:
    journal.db.execute("DELETE FROM drafts WHERE id = ?", (draft_id,))


def tell_undo(journal: Journal, draft_id: int, columns: tuple[str, ...] = ()) -> None:
    """Let the change that is written take back a row: what these columns hold, or with none that it is there.

    Drafts have no triggers, because their answers stand outside undo and may go on meanwhile.
    """
    image = ", ".join(f"'{name}', d.{name}" for name in columns)
    journal.db.execute(
        "INSERT INTO undo_rows (change_id, tbl, op, first_id, last_id, image)"
        f" SELECT change_id, 'drafts', ?, d.id, d.id, {f'json_object({image})' if columns else 'NULL'}"
        " FROM recording, drafts d WHERE d.id = ? AND change_id IS NOT NULL",
        ("update" if columns else "insert", draft_id),
    )


def _text(answers: Mapping[str, Any]) -> str:
    return json.dumps(dict(answers), ensure_ascii=False)
