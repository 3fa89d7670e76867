"""An empty journal takes in thousands of entries at once: they wait aside, and SQLite links and sorts them together."""

from collections import Counter
from collections.abc import Iterable

from trustlog.formats.sync_document import Changed, Shard, whole_records
from trustlog.store.journal import Journal, insert_into
from trustlog.store.sync_rows import Rows
from trustlog.store.transfer_bulk import BATCH as MANY
from trustlog.store.transfer_bulk import Indexing

TABLE = "entries"
"""The only table that comes by the thousand."""
CACHE_KIB = 60_000
"""Room for the pages of a large journal, once in its life; the 20 MB of an import have some written twice."""


class Filling:
    """Entries of other laptops on their way into a journal that holds nothing; `counts` tells how many by laptop.

    Each small document is read while it is at hand. Linking and sorting the entries one by one in Python took a fifth
    longer, and half as much memory again.
    """

    def __init__(self, journal: Journal, rows: Rows) -> None:
        self.counts: Counter[str] = Counter()
        self._journal, self._rows, self._table = journal, rows, rows.tables[TABLE]
        self._add = insert_into("coming", ("uid", *self._table.columns))
        self._links = {column: told for column, told in self._table.references.items() if told.target != TABLE}
        self._named: dict[str, set[str | None]] = {column: set() for column in self._links}
        # a temporary table is kept in memory, so that no text comes into a file of its own
        journal.db.execute(f"CREATE TEMP TABLE coming (uid, {', '.join(self._table.columns)})")

    def take(self, document: Shard, updates: Iterable[bytes], laptop: str) -> list[Changed]:
        """Merge what one laptop wrote into an empty document: its entries are put aside; what else it brought.

        An entry that another one mended is among the latter, as that must be there first. The document does not know
        the entries until it is read anew.
        """
        texts, changes = document.take_new(updates, TABLE, '"repaired_by"')
        records = whole_records(texts.values())
        columns = self._table.columns
        rows = [(uid, *map(record.get, columns)) for uid, record in zip(texts, records, strict=True)]
        self._journal.db.executemany(self._add, rows)
        for column, named in self._named.items():
            named.update(record.get(column) for record in records)
        self.counts[laptop] += len(texts)
        return changes

    def finish(self) -> tuple[list[str], list[str]]:
        """Write them; the uids of those that wait for what they belong to, and of those that lost a link."""
        db, waiting, poorer = self._journal.db, list[str](), list[str]()
        for column, told in self._links.items():
            for uid in self._named[column]:
                kept = uid and self._rows.kept(told.target, uid)
                if kept != uid:
                    db.execute(f"UPDATE coming SET {column} = ? WHERE {column} = ?", (kept, uid))
                if told.needed if kept is None else self._rows.id(told.target, kept) is None:
                    late = self._journal.column(f"SELECT uid FROM coming WHERE {column} IS ?", (kept,))
                    (waiting if told.needed else poorer).extend(late)
                    if told.needed:
                        db.execute(f"DELETE FROM coming WHERE {column} IS ?", (kept,))
        indexing = Indexing(self._journal)
        if self.counts.total() >= MANY:
            indexing.begin(taken=self.counts.total())
            db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
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
