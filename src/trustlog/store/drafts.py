"""Answers of guided flows that are not finished, outside undo."""

import json
from collections.abc import Mapping
from typing import Any

from trustlog.store.journal import Journal


def load(journal: Journal, flow: str, about: str) -> dict[str, Any]:
    """What was answered so far; empty if nothing is kept."""
    row = journal.row("SELECT answers FROM drafts WHERE flow = ? AND about = ?", (flow, about))
    return dict(json.loads(row[0])) if row else {}


def keep(journal: Journal, flow: str, about: str, answers: Mapping[str, Any]) -> None:
    """Keep all answers so far."""
    journal.db.execute(
        "INSERT INTO drafts (flow, about, answers) VALUES (?, ?, ?)"
        " ON CONFLICT (flow, about) DO UPDATE SET answers = excluded.answers",
        (flow, about, json.dumps(dict(answers), ensure_ascii=False)),
    )


def drop(journal: Journal, flow: str, about: str) -> None:
    journal.db.execute("DELETE FROM drafts WHERE flow = ? AND about = ?", (flow, about))
