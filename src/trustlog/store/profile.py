"""The recruiter's own profile: the second drawer, with the reflections."""

import json
from typing import Any

from trustlog.store.journal import Journal


def load(journal: Journal) -> dict[str, Any]:
    """Every field that was set, as the values of its JSON."""
    return {row[0]: json.loads(row[1]) for row in journal.rows("SELECT field, value FROM profile ORDER BY field")}


def save(journal: Journal, fields: dict[str, Any]) -> None:
    """Set fields inside a change; None or an empty list removes one."""
    for field, value in fields.items():
        if value in (None, [], ""):
            journal.db.execute("DELETE FROM profile WHERE field = ?", (field,))
        else:
            journal.db.execute(
                "INSERT INTO profile (field, value) VALUES (?, ?)"
                " ON CONFLICT (field) DO UPDATE SET value = excluded.value",
                (field, json.dumps(value, ensure_ascii=False)),
            )
