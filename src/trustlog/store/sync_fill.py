"""An empty journal takes in thousands of entries at once: they wait aside, and SQLite links and sorts them together."""

from collections import Counter
from collections.abc import Iterable

from trustlog.formats.sync_document import BASE, Changed, Name, Shard, records_of
from trustlog.store.journal import Journal, insert_into
from trustlog.store.sync_rows import Rows
from trustlog.store.transfer_bulk import Indexing

TABLE = "entries"
"""The only table that comes by the thousand."""


class Filling:
    """Entries of other laptops on their way into a journal that holds nothing; `counts` tells how many by laptop.

    Each small document is read while it is at hand. Linking and sorting the entries one by one in Python took a fifth
    longer, and half as much memory again.
    """

    def __init__(self, journal: Journal, rows: Rows) -> None:
        self.counts: Counter[str] = Counter()
        self._journal, self._joined, self._table = journal, rows.joined, rows.tables[TABLE]
        self._add = insert_into("coming", ("uid", *self._table.columns))
        # a temporary table is kept in memory, so that no text comes into a file of its own
        journal.db.execute(f"CREATE TEMP TABLE coming (uid, {', '.join(self._table.columns)})")

    def take(self, document: Shard, updates: Iterable[bytes], laptop: str) -> list[Changed]:
        """Merge what one laptop wrote into an empty document: its entries are put aside; what else it brought.

        An entry that another one mended is among the latter, as that must be there first. The document does not know
        the entries until it is read anew.
        """
        texts, changes = document.take_new(updates, TABLE)
        linked = [uid for uid, text in texts.items() if '"repaired_by"' in text]
        changes += [Changed(Name(TABLE, uid), BASE, None, texts.pop(uid)) for uid in linked]
        records = zip(texts, records_of([{BASE: text} for text in texts.values()]), strict=True)
        columns = self._table.columns
        self._journal.db.executemany(self._add, [(uid, *map(record.get, columns)) for uid, record in records])
        self.counts[laptop] += len(texts)
        return changes

    def finish(self) -> tuple[list[str], list[str]]:
        """Write them; the uids of those that wait for what they belong to, and of those that lost a link."""
        db, waiting, poorer = self._journal.db, list[str](), list[str]()
        links = {column: told for column, told in self._table.references.items() if told.target != TABLE}
        for (table, uid), kept in self._joined.items():
            for column in [column for column, told in links.items() if told.target == table]:
                db.execute(f"UPDATE coming SET {column} = ? WHERE {column} = ?", (kept, uid))
        for column, told in links.items():
            gone = f"NOT EXISTS (SELECT 1 FROM {told.target} WHERE uid = coming.{column})"
            if not told.needed:
                poorer += self._journal.column(f"SELECT uid FROM coming WHERE {column} IS NOT NULL AND {gone}")
            elif late := self._journal.column(f"SELECT uid FROM coming WHERE {gone}"):
                db.execute(f"DELETE FROM coming WHERE {gone}")
                waiting += late
        indexing = Indexing(self._journal)
        indexing.begin(taken=self.counts.total())
        columns = ["uid", *self._table.columns]
        # by time, so that numbers follow it as if all had been written here, and indexes grow at their end
        db.execute(
            f"INSERT INTO {TABLE} ({', '.join(columns)}) SELECT {', '.join(map(self._value, columns))} FROM coming"
            " ORDER BY happened_at"
        )
        db.execute("DROP TABLE coming")
        indexing.finish()
        return waiting, poorer

    def _value(self, column: str) -> str:
        """What a column gets: a row for a uid, and its default where an older program told nothing."""
        if (link := self._table.references.get(column)) is not None:
            return f"(SELECT id FROM {link.target} WHERE uid = coming.{column})"
        default = self._journal.value("SELECT dflt_value FROM pragma_table_info(?) WHERE name = ?", (TABLE, column))
        return f"coalesce({column}, {default})" if default is not None else column
