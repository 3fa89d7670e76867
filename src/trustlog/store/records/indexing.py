"""What triggers do for each new entry, done once for very many: 10 times as fast, and one line of history."""

from trustlog.store.journal import Journal

CACHE_KIB = 32_000
"""Room for the indexes of a large journal while it is filled; SQLite's own 2 MB cost a fifth of the time."""
_SET_ASIDE = """SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'
  AND (name IN ('tags_insert', 'bases_insert', 'undo_entries_insert')
    OR (sql LIKE '%AFTER INSERT%' AND sql LIKE '%entries_fts%'))"""
_IN_THEIR_PLACE = (
    "INSERT INTO entries_fts (rowid, note, did, changed) SELECT id, note, did, changed FROM entries WHERE id > :last",
    """INSERT OR IGNORE INTO entry_tags
      SELECT value, e.id FROM entries e, json_each(e.tags) WHERE e.id > :last AND e.tags <> '[]'""",
    """INSERT INTO undo_rows (change_id, tbl, op, first_id, last_id)
      SELECT change_id, 'entries', 'insert', (SELECT min(id) FROM entries WHERE id > :last), :newest
      FROM recording WHERE change_id IS NOT NULL""",
    """WITH new AS (SELECT manager_id, min(happened_on) AS first FROM entries WHERE id > :last GROUP BY manager_id)
      DELETE FROM trust_bases
      WHERE on_day >= (SELECT first FROM new WHERE new.manager_id = trust_bases.manager_id)""",
)
"""What the triggers do, in any order."""


class Indexing:
    """Sets the triggers on new entries aside inside a change, and puts them back at its end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._triggers: list[str] = []
        self._last = 0

    def begin(self) -> None:
        """Before many entries are inserted."""
        if self._triggers:
            return
        db = self._journal.db
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._last = self._newest()
        for name, sql in db.execute(_SET_ASIDE).fetchall():
            self._triggers.append(sql)
            db.execute(f"DROP TRIGGER [{name}]")

    def catch_up(self) -> None:
        """Do for the entries inserted since what the triggers would have done; before any of them is changed."""
        newest = self._newest() if self._triggers else self._last
        if newest > self._last:
            for sql in _IN_THEIR_PLACE:
                self._journal.db.execute(sql, {"last": self._last, "newest": newest})
            self._last = newest

    def finish(self) -> None:
        """Catch up and put the triggers back."""
        self.catch_up()
        for sql in self._triggers:
            self._journal.db.execute(sql)
        self._triggers.clear()

    def _newest(self) -> int:
        return int(self._journal.db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0])
