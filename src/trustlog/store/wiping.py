"""Removing rows so that nothing of them is left in the file: not in undo, not in search, not in free pages."""

from typing import NamedTuple

from trustlog.errors import UserError
from trustlog.store import texts
from trustlog.store.journal import Journal

PRIVATE = ("reflections", "boundary_checks", "profile")


class Left(NamedTuple):
    """What a manager left to be looked for: how many rows went, and pieces of texts that were theirs alone."""

    rows: int
    pieces: tuple[str, ...]


def wipe_reflections(journal: Journal) -> int:
    """Delete every reflection and every trace of one in undo, then rewrite the file; returns how many rows went."""
    marks = ", ".join(f"'{table}'" for table in PRIVATE)
    with journal.draft():
        journal.db.execute("PRAGMA secure_delete = ON")
        rows = sum(journal.db.execute(f"DELETE FROM {table}").rowcount for table in PRIVATE)
        journal.db.execute(f"DELETE FROM undo_rows WHERE tbl IN ({marks})")
        journal.db.execute("DELETE FROM changes WHERE id NOT IN (SELECT change_id FROM undo_rows)")
    rewrite(journal)
    return int(rows)


def wipe_manager(journal: Journal, manager_id: int) -> Left:
    """Delete a manager with all that belongs to them, and the whole of undo, then rewrite the file."""
    db = journal.db
    one = (manager_id,)
    with journal.draft():
        # counted by SQLite itself, cascades and all, but for what is derived
        before = _rows(journal)
        theirs = texts.pieces(db)
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table in _tables(journal):
            columns = {row["name"] for row in journal.rows(f"PRAGMA table_info({table})")}
            if "manager_id" in columns and table != "reqs":
                db.execute(f"DELETE FROM {table} WHERE manager_id = ?", one)
            elif "req_id" in columns:
                db.execute(f"DELETE FROM {table} WHERE req_id IN (SELECT id FROM reqs WHERE manager_id = ?)", one)
        db.execute("DELETE FROM reqs WHERE manager_id = ?", one)
        db.execute("DELETE FROM managers WHERE id = ?", one)
        rows = before - _rows(journal)
        db.execute("DELETE FROM undo_rows")
        db.execute("DELETE FROM changes")
        # a deletion only marks the words of the index of search as gone
        db.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
        theirs -= texts.pieces(db)
    rewrite(journal)
    return Left(rows, texts.sample(theirs, db))


def rewrite(journal: Journal) -> None:
    """Write the file anew without its free pages, and empty its log. Raises UserError `conflict`."""
    journal.db.execute("VACUUM")
    if journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise UserError(
            "conflict", "another program is reading the journal, so traces are left in its log", "Run it once more."
        )


def _tables(journal: Journal) -> list[str]:
    rows = journal.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [row[0] for row in rows]


def _rows(journal: Journal) -> int:
    """How many rows the journal holds, but for undo, search and other derived ones."""
    derived = ("changes", "undo_rows", "recording", "entry_tags", "trust_bases", "_sqlite_migrations")
    return sum(
        int(journal.rows(f"SELECT count(*) FROM {table}")[0][0])
        for table in _tables(journal)
        if table not in derived and not table.startswith("entries_fts")
    )
