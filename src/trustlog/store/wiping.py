"""Removing the second drawer alone, so that nothing of it is left in the file."""

from trustlog.store.journal import Journal

PRIVATE = ("reflections", "boundary_checks", "profile")


def wipe_reflections(journal: Journal) -> int:
    """Delete every reflection and every trace of one in undo, then rewrite the file; returns how many rows went."""
    marks = ", ".join(f"'{table}'" for table in PRIVATE)
    with journal.draft():
        journal.db.execute("PRAGMA secure_delete = ON")
        rows = sum(journal.db.execute(f"DELETE FROM {table}").rowcount for table in PRIVATE)
        journal.db.execute(f"DELETE FROM undo_rows WHERE tbl IN ({marks})")
        journal.db.execute("DELETE FROM changes WHERE id NOT IN (SELECT change_id FROM undo_rows)")
    journal.db.execute("VACUUM")
    journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(rows)
