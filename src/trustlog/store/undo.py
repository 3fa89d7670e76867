"""Taking changes back. The rows were recorded by triggers (triggers.py), whatever the command was."""

import json

from trustlog.domain.model import Change
from trustlog.errors import UserError
from trustlog.store.disk.driver import IntegrityError
from trustlog.store.journal import Journal, utc_moment


def changes(journal: Journal, limit: int | None = None) -> list[Change]:
    """The changes that can be taken back, newest first."""
    bound = "" if limit is None else f" LIMIT {min(limit, 2**62)}"
    rows = journal.rows(f"SELECT id, command, at, summary FROM changes ORDER BY id DESC{bound}")
    return [Change(row[0], row[1], utc_moment(row[2]), row[3]) for row in rows]


def take_back(journal: Journal, count: int) -> list[Change]:
    """Take back the last `count` changes, newest first, all in one transaction; fewer if there are fewer.

    Raises UserError `conflict` if something written outside of changes, a draft, still needs a row.
    """
    try:
        with journal.draft():
            done = changes(journal, count)
            for change in done:
                _restore(journal, change.id)
                journal.db.execute("DELETE FROM changes WHERE id = ?", (change.id,))
    except IntegrityError as error:
        raise UserError(
            "conflict",
            "a draft still needs what would be taken back, so nothing was",
            "Finish that draft, or let go of a preparation with: trustlog prep-feedback MANAGER --drop",
        ) from error
    return done


def _restore(journal: Journal, change_id: int) -> None:
    # references among the rows are whole again at the end, not after each step
    journal.db.execute("PRAGMA defer_foreign_keys = ON")
    for row in journal.rows("SELECT * FROM undo_rows WHERE change_id = ? ORDER BY id DESC", (change_id,)):
        table, first, last = row["tbl"], row["first_id"], row["last_id"]
        if row["op"] == "insert":
            journal.db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))
            continue
        image = json.loads(row["image"])
        if row["op"] == "delete":
            marks = ", ".join("?" * len(image))
            journal.db.execute(f"INSERT INTO {table} ({', '.join(image)}) VALUES ({marks})", tuple(image.values()))
        else:
            settings = ", ".join(f"{column} = ?" for column in image)
            journal.db.execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*image.values(), first))
