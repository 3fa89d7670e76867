"""Rows of the journal as records of the document and back: references by uid, fields by column."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from trustlog.domain.sync import LABELS, Record, free_name
from trustlog.formats import shapes
from trustlog.formats.sync_document import Name
from trustlog.store.journal import Journal, insert_into
from trustlog.store.transfer_out import ENTRY_LISTS

_DRAWERS = ("answers", "reflections")


class Reference(NamedTuple):
    """A column that points at a row of another table."""

    target: str
    needed: bool
    cascades: bool


class Table(NamedTuple):
    """A table of records: its columns but the id and the uid, and which of them point where."""

    name: str
    columns: tuple[str, ...]
    references: dict[str, Reference]
    private: bool


class Rows:
    """The records of an open journal, within one transaction."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.tables = {name: self._table(name, private) for name, _, private in shapes.tables()}
        self.joined = {(row[0], row[1]): row[2] for row in journal.rows("SELECT tbl, uid, kept FROM sync_joined")}
        # (table, id, column, old, new) of what another laptop changed, which undo of older changes must leave
        self.moved: list[tuple[str, int, str, Any, Any]] = []
        self._ids: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._parked: dict[tuple[str, str], str] = {}

    def is_private(self, name: Name, record: Mapping[str, Any] | None) -> bool | None:
        """Whether a record is of the second drawer; None for a draft that is not there any more, which may be."""
        if name.table == "drafts":  # a kick-off's draft is no secret, those of guided talks are
            return None if record is None else record.get("flow") != "kickoff"
        return name.table in self.tables and self.tables[name.table].private

    def records(self, table: str, uids: Collection[str] | None = None) -> Iterator[tuple[str, Record]]:
        """(uid, record) of a table, of some uids or of all."""
        told = self.tables[table]
        columns = ", ".join(self._read(table, column) for column in told.columns)
        uid, source = self._named(table)
        where = "s.uid" if table in _DRAWERS else uid
        asked = [one.partition("/")[0] if table in _DRAWERS else one for one in uids or ()]
        narrowed = "" if uids is None else f" WHERE {where} IN (SELECT value FROM json_each(?))"
        bound = () if uids is None else (json.dumps(asked),)
        wanted = None if uids is None else set(uids)
        for row in self._journal.db.execute(f"SELECT {uid}, {columns} FROM {source}{narrowed}", bound):
            if wanted is None or row[0] in wanted:
                values = zip(told.columns, row[1:], strict=True)
                yield row[0], self._with_uids(table, {column: value for column, value in values if value is not None})

    def uids(self, table: str) -> list[str]:
        """The uids of all records of a table."""
        uid, source = self._named(table)
        return [row[0] for row in self._journal.db.execute(f"SELECT {uid} FROM {source}")]

    def meant(self, table: str, record: Record) -> Record:
        """A record of the document, pointing at the records with which those that it names are one."""
        if not self.joined:
            return record
        found = dict(record)
        for column, reference in self.tables[table].references.items():
            if column in found:
                found[column] = self.kept(reference.target, found[column])
        return found

    def kept(self, table: str, uid: str) -> str:
        """The uid of the record that a uid leads to."""
        seen = {uid}
        while (more := self.joined.get((table, uid))) is not None and more not in seen:
            uid = more
            seen.add(uid)
        return uid

    def id(self, table: str, uid: str) -> int | None:
        known = self._ids[table]
        if uid not in known:
            where, bound = self._place(table, uid)
            row = self._journal.row(f"SELECT id FROM {table} WHERE {where}", bound)
            if row is None:
                return None
            known[uid] = int(row[0])
        return known[uid]

    def park(self, table: str, uids: Iterable[str]) -> None:
        """Let go of the names of some rows, which others are about to take."""
        column = LABELS[table][0]
        for uid in uids:
            row = self._journal.row(f"SELECT {column} FROM {table} WHERE uid = ?", (uid,))
            if row is not None:
                self._parked[table, uid] = row[0]
                self._journal.db.execute(f"UPDATE {table} SET {column} = uid WHERE uid = ?", (uid,))

    def unpark(self) -> None:
        """Give rows that stayed after all their names back, or where those were taken the next free ones."""
        for (table, uid), label in self._parked.items():
            column = LABELS[table][0]
            if self._journal.row(f"SELECT 1 FROM {table} WHERE uid = ? AND {column} = uid", (uid,)) is not None:
                taken = {row[0] for row in self._journal.rows(f"SELECT {column} FROM {table}")}
                free = free_name(label, taken.__contains__) if label in taken else label
                self._journal.db.execute(f"UPDATE {table} SET {column} = ? WHERE uid = ?", (free, uid))
        self._parked.clear()

    def put(
        self, table: str, batch: Mapping[str, tuple[Record, Collection[str] | None]], *, new: bool = False
    ) -> tuple[list[str], list[str]]:
        """Make rows what records say, of the fields that are named or of all; `new`: none of them is a row yet.

        Answers the uids of records that wait for what they belong to, and of those that lost a link to what is gone.
        """
        there = {} if new else dict(self.records(table, batch.keys()))
        waiting, poorer, rows, by_uid = [], [], [], table not in (*_DRAWERS, "profile")
        for uid, (said, fields) in batch.items():
            record = self.meant(table, said)
            if there and there.get(uid) == record:
                continue
            row, lost = self._row(table, record)
            if row is None:
                waiting.append(uid)
                continue
            if lost:
                poorer.append(uid)
            if uid not in there:
                if by_uid:
                    row["uid"] = uid
                rows.append(row)
                continue
            told = self.tables[table].references
            self._change(table, uid, {
                column: row.get(column)
                for column in self.tables[table].columns
                if (fields is None or column in fields)
                # a link within the table is set once all of its rows are there
                and not (column in told and told[column].target == table and record.get(column) is not None)
            })  # fmt: skip
        self._insert(table, rows)
        return waiting, poorer

    def point(self, table: str, column: str, uid: str, target: str) -> bool:
        """Set a link within a table, once all of its rows are there; whether there is something to point at."""
        found = self.id(self.tables[table].references[column].target, target)
        self._change(table, uid, {column: found})
        return found is not None

    def join(self, table: str, uid: str, kept: str) -> None:
        """Make one row of two that are one: all that belongs to it goes to the other, whose name it takes if it is
        not there yet."""
        gone, stays = self.id(table, uid), self.id(table, kept)
        if gone is None or gone == stays:
            return
        if stays is None:
            self._journal.update(table, gone, {"uid": kept})
            self.moved.append((table, gone, "uid", uid, kept))
            self._ids[table].pop(uid, None)
            return
        for other in self.tables.values():
            for column, reference in other.references.items():
                if reference.target == table:
                    self._move(other.name, column, gone, stays)
        self._delete(table, uid, gone)

    def drop(self, table: str, uid: str) -> bool:
        """Delete a row; False if others still need it."""
        gone = self.id(table, uid)
        if gone is None:
            return True
        pointing = [
            (other.name, column, reference)
            for other in self.tables.values()
            for column, reference in other.references.items()
            if reference.target == table and not reference.cascades
        ]
        if any(
            self._journal.row(f"SELECT 1 FROM {other} WHERE {column} = ? LIMIT 1", (gone,))
            for other, column, reference in pointing
            if reference.needed
        ):
            return False
        for other, column, reference in pointing:
            if not reference.needed:
                self._journal.db.execute(f"UPDATE {other} SET {column} = NULL WHERE {column} = ?", (gone,))
        self._delete(table, uid, gone)
        return True

    def keep_undo_right(self) -> None:
        """What undo knows of rows that another laptop changed is changed along, but for what the undone change did."""
        for table, row_id, column, old, new in self.moved:
            self._journal.db.execute(
                "UPDATE undo_rows SET image = json_set(image, ?, ?) WHERE tbl = ? AND first_id = ? AND op = 'update'"
                " AND json_type(image, ?) IS NOT NULL AND json_extract(image, ?) IS ?",
                (f"$.{column}", new, table, row_id, f"$.{column}", f"$.{column}", old),
            )
        self.moved.clear()

    def _table(self, name: str, private: bool) -> Table:
        told = self._journal.rows(f"PRAGMA table_info({name})")
        needed = {row[1]: bool(row[3]) for row in told if row[1] not in ("id", "uid")}
        references = {
            row[3]: Reference(row[2], needed[row[3]], row[6] == "CASCADE")
            for row in self._journal.rows(f"PRAGMA foreign_key_list({name})")
        }
        return Table(name, tuple(needed), references, private)

    def _named(self, table: str) -> tuple[str, str]:
        """How the document calls the rows of a table, and where they stand."""
        if table in _DRAWERS:
            return "s.uid || '/' || t.field", f"{table} t JOIN sittings s ON s.id = t.sitting_id"
        return ("t.field" if table == "profile" else "t.uid"), f"{table} t"

    def _read(self, table: str, column: str) -> str:
        reference = self.tables[table].references.get(column)
        return f"t.{column}" if reference is None else f"(SELECT uid FROM {reference.target} WHERE id = t.{column})"

    def _place(self, table: str, uid: str) -> tuple[str, tuple[str, ...]]:
        if table in _DRAWERS:
            sitting, _, field = uid.partition("/")
            return "sitting_id = (SELECT id FROM sittings WHERE uid = ?) AND field = ?", (sitting, field)
        return f"{'field' if table == 'profile' else 'uid'} = ?", (uid,)

    def _row(self, table: str, record: Record) -> tuple[dict[str, Any] | None, bool]:
        """A record as columns, None if what it belongs to is not there; and whether it lost a link."""
        row, lost = dict(self._with_ids(table, record)), False
        for column, reference in self.tables[table].references.items():
            uid = row.pop(column, None)
            if uid is not None and reference.target != table:  # of one table the other may come later
                found = self._ids[reference.target].get(uid) or self.id(reference.target, uid)
                if found is not None:
                    row[column] = found
                    continue
                lost = True
            if reference.needed:
                return None, True
        return row, lost

    def _with_uids(self, table: str, record: Record) -> Record:
        """Answers that list entries name them by their uids."""
        if table in _DRAWERS and record["field"] in ENTRY_LISTS and (ids := json.loads(record["value"])):
            asked = "SELECT id, uid FROM entries WHERE id IN (SELECT value FROM json_each(?))"
            found = {row[0]: row[1] for row in self._journal.rows(asked, (json.dumps(ids),))}
            record["value"] = json.dumps([found[one] for one in ids if one in found])
        return record

    def _with_ids(self, table: str, record: Record) -> Record:
        if table in _DRAWERS and record["field"] in ENTRY_LISTS and (uids := json.loads(record["value"])):
            ids = [self.id("entries", uid) for uid in uids]
            return {**record, "value": json.dumps([one for one in ids if one is not None])}
        return record

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Rows with equal columns at once; a column that is not told keeps its default."""
        alike: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for row in rows:
            alike[tuple(row)].append(tuple(row.values()))
        for columns, values in alike.items():
            self._journal.db.executemany(insert_into(table, columns), values)

    def _change(self, table: str, uid: str, values: Mapping[str, Any]) -> None:
        row_id = self.id(table, uid)
        if row_id is None or not values:
            return
        row = self._journal.row(f"SELECT {', '.join(values)} FROM {table} WHERE id = ?", (row_id,))
        differs = {column: new for (column, new), old in zip(values.items(), row or (), strict=True) if new != old}
        if differs and row is not None:
            self._journal.update(table, row_id, differs)
            self.moved += [(table, row_id, column, row[column], new) for column, new in differs.items()]

    def _move(self, table: str, column: str, gone: int, stays: int) -> None:
        rows = self._journal.rows(f"SELECT id FROM {table} WHERE {column} = ?", (gone,))
        self._journal.db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (stays, gone))
        self.moved += [(table, row[0], column, gone, stays) for row in rows]

    def _delete(self, table: str, uid: str, row_id: int) -> None:
        self._journal.db.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        self._ids[table].pop(uid, None)
