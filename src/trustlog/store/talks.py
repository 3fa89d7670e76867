"""Conversations and their answers, in two drawers."""

import json
from datetime import UTC, datetime
from typing import Any

from trustlog.domain.conversation import OPEN, Conversation, Part, State
from trustlog.domain.script import PUBLIC
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, utc_text
from trustlog.store.uids import new_uid

_SELECT = """SELECT c.id, c.uid, m.handle, m.name, c.state, c.minutes, c.planned_for, c.about
  FROM conversations c JOIN managers m ON m.id = c.manager_id"""
_DRAWERS = ("answers", "reflections")


def add(journal: Journal, manager_id: int, minutes: int, planned_for: datetime | None, about: str | None) -> int:
    """A new draft; returns its id."""
    row = journal.db.execute(
        "INSERT INTO conversations (uid, manager_id, state, minutes, planned_for, about, created_at)"
        " VALUES (?, ?, 'draft', ?, ?, ?, ?) RETURNING id",
        (
            new_uid(),
            manager_id,
            minutes,
            planned_for.isoformat() if planned_for else None,
            about,
            utc_text(datetime.now(UTC)),
        ),
    ).fetchone()
    return int(row[0])


def update(journal: Journal, conversation_id: int, **columns: Any) -> None:
    """Set state, minutes, planned_for or about."""
    for column, value in columns.items():
        kept = value.isoformat() if isinstance(value, datetime) else value
        journal.db.execute(f"UPDATE conversations SET {column} = ? WHERE id = ?", (kept, conversation_id))


def answer(journal: Journal, conversation_id: int, part: Part, field: str, value: Any) -> None:
    """Keep one answer in the drawer where its field belongs; None keeps that it was skipped."""
    drawer = "answers" if field in PUBLIC else "reflections"
    journal.db.execute(
        f"INSERT INTO {drawer} (conversation_id, part, field, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (conversation_id, part, field) DO UPDATE SET value = excluded.value"
        " WHERE value <> excluded.value",
        (conversation_id, part, field, json.dumps(value, ensure_ascii=False)),
    )


def drop(journal: Journal, conversation_id: int) -> None:
    """Delete a conversation with its answers, inside a change."""
    for drawer in _DRAWERS:
        journal.db.execute(f"DELETE FROM {drawer} WHERE conversation_id = ?", (conversation_id,))
    journal.db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def get(journal: Journal, conversation_id: int) -> Conversation:
    row = journal.row(f"{_SELECT} WHERE c.id = ?", (conversation_id,))
    if row is None:
        raise LookupError(conversation_id)
    return _conversation(journal, row)


def being_prepared(journal: Journal, manager_id: int | None = None) -> list[Conversation]:
    """The conversations that are prepared for and not debriefed yet, newest first."""
    states: tuple[State, ...] = OPEN
    where = f"WHERE c.state IN ({', '.join('?' * len(states))})"
    bound: tuple[Any, ...] = states
    if manager_id is not None:
        where, bound = f"{where} AND c.manager_id = ?", (*states, manager_id)
    return [_conversation(journal, row) for row in journal.rows(f"{_SELECT} {where} ORDER BY c.id DESC", bound)]


def ever_prepared(journal: Journal) -> bool:
    """Whether a preparation was ever finished."""
    return journal.row("SELECT 1 FROM conversations WHERE state <> 'draft' LIMIT 1") is not None


def _conversation(journal: Journal, row: Row) -> Conversation:
    answers: dict[Part, dict[str, Any]] = {"prep": {}, "debrief": {}, "checkin": {}}
    for drawer in _DRAWERS:
        for part, field, value in journal.rows(
            f"SELECT part, field, value FROM {drawer} WHERE conversation_id = ? ORDER BY id", (row[0],)
        ):
            answers[part][field] = json.loads(value)
    planned = datetime.fromisoformat(row[6]) if row[6] else None
    return Conversation(row[0], row[1], row[2], row[3], row[4], row[5], planned, row[7], answers)
