"""Conversations, their sittings and answers, and drafts of guided flows."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from trustlog.domain.conversations import PUBLIC, Conversation, Part, Sitting
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, born

_DRAWERS = ("answers", "reflections")
_SELECT = """SELECT c.id, c.uid, m.handle AS manager, m.name AS manager_name, c.state, c.minutes, c.planned_for, c.about
  FROM conversations c JOIN managers m ON m.id = c.manager_id"""


def add_conversation(journal: Journal, manager_id: int, minutes: int) -> int:
    """A new draft of a conversation; returns its id."""
    return journal.insert("conversations", {**born(), "manager_id": manager_id, "state": "draft", "minutes": minutes})


def update_conversation(journal: Journal, conversation_id: int, columns: Mapping[str, Any]) -> None:
    """Set state, minutes, planned_for or about."""
    if columns:
        journal.update("conversations", conversation_id, columns)


def sit_down(journal: Journal, conversation_id: int, part: Part, on: date, minutes: int) -> int:
    """Begin a sitting, unfinished; returns its id."""
    columns = {"conversation_id": conversation_id, "part": part, "happened_on": on, "minutes": minutes}
    return journal.insert("sittings", columns)


def finish_sitting(journal: Journal, sitting_id: int, minutes: int, on: date) -> None:
    journal.update("sittings", sitting_id, {"finished": True, "minutes": minutes, "happened_on": on})


def answer(journal: Journal, sitting_id: int, answers: Mapping[str, Any]) -> None:
    """Keep answers, each in the drawer where its field belongs; None keeps that it was skipped."""
    for field, value in answers.items():
        keep_answer(journal, "answers" if field in PUBLIC else "reflections", sitting_id, field, value)


def keep_answer(journal: Journal, drawer: str, sitting_id: int, field: str, value: Any) -> None:
    """Keep one answer in a drawer; one that says the same already is not touched."""
    journal.db.execute(
        f"INSERT INTO {drawer} (sitting_id, field, value) VALUES (?, ?, ?)"
        " ON CONFLICT (sitting_id, field) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        (sitting_id, field, json.dumps(value, ensure_ascii=False)),
    )


def drop_conversation(journal: Journal, conversation_id: int) -> None:
    """Delete a conversation with its sittings and answers, inside a change."""
    for sitting_id in journal.column("SELECT id FROM sittings WHERE conversation_id = ?", (conversation_id,)):
        drop_sitting(journal, sitting_id)
    journal.db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def drop_sitting(journal: Journal, sitting_id: int) -> None:
    """Delete a sitting with its answers."""
    for drawer in _DRAWERS:
        journal.db.execute(f"DELETE FROM {drawer} WHERE sitting_id = ?", (sitting_id,))
    journal.db.execute("DELETE FROM sittings WHERE id = ?", (sitting_id,))


def get_conversation(journal: Journal, conversation_id: int) -> Conversation:
    found = _conversations(journal, "WHERE c.id = ?", (conversation_id,))
    if not found:
        raise LookupError(conversation_id)
    return found[0]


def all_conversations(journal: Journal, manager_id: int | None = None) -> list[Conversation]:
    """Every conversation, of one manager or of all, newest first."""
    return _conversations(journal, *_of(manager_id))


def last_held(journal: Journal, manager_id: int, until: date) -> date | None:
    """The day of the last conversation with one manager that was held and finished, up to a day."""
    day = journal.value(
        "SELECT max(s.happened_on) FROM sittings s JOIN conversations c ON c.id = s.conversation_id"
        " WHERE c.manager_id = ? AND s.part = 'debrief' AND s.finished = 1 AND s.happened_on <= ?",
        (manager_id, until.isoformat()),
    )
    return date.fromisoformat(day) if day else None


def being_prepared(journal: Journal, manager_id: int | None = None) -> list[Conversation]:
    """The conversations that are prepared for and whose debrief has not begun, newest first."""
    return [
        conversation
        for conversation in unfinished(journal, manager_id)
        if conversation.sitting("prep") is not None and conversation.sitting("debrief") is None
    ]


def unfinished(journal: Journal, manager_id: int | None) -> list[Conversation]:
    """The conversations that wait for a debrief or are in the middle of one, newest first."""
    where, bound = _of(manager_id)
    narrowed = f"{where} AND" if where else "WHERE"
    return _conversations(journal, f"{narrowed} c.state IN ('draft', 'prepared')", bound)


def _of(manager_id: int | None) -> tuple[str, tuple[Any, ...]]:
    return ("", ()) if manager_id is None else ("WHERE c.manager_id = ?", (manager_id,))


def _conversations(journal: Journal, where: str, bound: Sequence[Any]) -> list[Conversation]:
    rows = journal.rows(f"{_SELECT} {where} ORDER BY c.id DESC", bound)
    sittings = journal.parts("sittings", "conversation_id", [row["id"] for row in rows], "happened_on, uid")
    held = [sitting["id"] for found in sittings.values() for sitting in found]
    drawers = [journal.parts(drawer, "sitting_id", held, "field") for drawer in _DRAWERS]

    def answers(sitting_id: int) -> dict[str, Any]:
        both = [row for drawer in drawers for row in drawer[sitting_id]]
        return {row["field"]: json.loads(row["value"]) for row in both}

    def sitting(row: Row) -> Sitting:
        on = date.fromisoformat(row["happened_on"])
        return Sitting(row["id"], row["part"], on, bool(row["finished"]), row["minutes"], answers(row["id"]))

    def conversation(row: Row) -> Conversation:
        planned = datetime.fromisoformat(row["planned_for"]) if row["planned_for"] else None
        return Conversation(**{**row, "planned_for": planned}, sittings=tuple(map(sitting, sittings[row["id"]])))

    return [conversation(row) for row in rows]


class Draft(NamedTuple):
    """What was answered so far of one role of a manager: `req` is its code, None if there is no such role yet."""

    id: int
    title: str
    req: str | None
    answers: dict[str, Any]


def drafts_of(journal: Journal, flow: str, manager_id: int) -> list[Draft]:
    """What is kept of a flow with one manager, the oldest first."""
    rows = journal.rows(
        "SELECT d.id, d.about, r.code, d.answers FROM drafts d LEFT JOIN reqs r ON r.id = d.req_id"
        " WHERE d.flow = ? AND d.manager_id = ? ORDER BY d.id",
        (flow, manager_id),
    )
    return [Draft(row["id"], row["about"], row["code"], dict(json.loads(row["answers"]))) for row in rows]


def all_drafts(journal: Journal, flow: str) -> list[tuple[str, str, str, str | None]]:
    """What is kept of a flow: the manager's handle and name, the title of the role, and its code if it has one."""
    rows = journal.rows(
        "SELECT m.handle, m.name, d.about, r.code FROM drafts d JOIN managers m ON m.id = d.manager_id"
        " LEFT JOIN reqs r ON r.id = d.req_id WHERE d.flow = ? ORDER BY d.id",
        (flow,),
    )
    return [tuple(row) for row in rows]


def add_draft(
    journal: Journal, flow: str, manager_id: int, title: str, answers: Mapping[str, Any], req_id: int | None = None
) -> int:
    """A new draft; returns its id."""
    columns = {"flow": flow, "manager_id": manager_id, "req_id": req_id, "about": title}
    return journal.insert("drafts", columns | {"answers": _draft_text(answers)})


def keep_draft(journal: Journal, draft_id: int, answers: Mapping[str, Any], req_id: int | None = None) -> None:
    """Keep all answers so far."""
    journal.update("drafts", draft_id, {"answers": _draft_text(answers), "req_id": req_id})


def drop_draft(journal: Journal, draft_id: int) -> None:
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


def _draft_text(answers: Mapping[str, Any]) -> str:
    return json.dumps(dict(answers), ensure_ascii=False)
