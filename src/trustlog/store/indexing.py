"""Making many new entries findable at once: 15 times as fast as the trigger that does it for each row."""

from trustlog.store.journal import Journal

CACHE_KIB = 32_000
"""Room for the indexes of a large journal while it is filled; SQLite's own 2 MB cost a fifth of the time."""


class Indexing:
    """Sets the word index's insert trigger aside inside a change, and puts it back at its end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._trigger = ""
        self._indexed = 0

    def begin(self) -> None:
        """Before many entries are inserted."""
        if self._trigger:
            return
        db = self._journal.db
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        name, self._trigger = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
            " AND sql LIKE '%AFTER INSERT%' AND sql LIKE '%entries_fts%'"
        ).fetchone()
        self._indexed = db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
        db.execute(f"DROP TRIGGER [{name}]")

    def catch_up(self) -> None:
        """Index what was inserted since; before any of it is changed, and at the end."""
        if self._trigger:
            db = self._journal.db
            db.execute(
                "INSERT INTO entries_fts (rowid, note, did, changed)"
                " SELECT id, note, did, changed FROM entries WHERE id > ?",
                (self._indexed,),
            )
            self._indexed = db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]

    def finish(self) -> None:
        """Index the rest and put the trigger back."""
        if self._trigger:
            self.catch_up()
            self._journal.db.execute(self._trigger)
            self._trigger = ""
