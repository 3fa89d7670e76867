"""What changed here into the document of `sync`, and what the document says into the journal's rows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from itertools import islice

from trustlog.domain import sync as domain
from trustlog.domain.sync import Record
from trustlog.formats import shapes
from trustlog.formats.sync_file import BASE, Changed, Fields, Name, Shard, record_of, text_of
from trustlog.store import sync
from trustlog.store.journal import Journal
from trustlog.store.sync import Conflict, Documents, State
from trustlog.store.sync_rows import Rows
from trustlog.store.transfer_bulk import BATCH as MANY
from trustlog.store.transfer_bulk import Indexing

PARTS = {table for table, section, _ in shapes.tables() if section not in shapes.SECTIONS or table != section.table}
"""The tables of what stands within a record."""
SECTION_OF = {table: section for section in shapes.SECTIONS for table, _, _ in shapes.tables((section,))}
Puts = dict[str, dict[str, tuple[Fields, set[str] | None]]]
"""What the document says, by table and uid, each with the fields that changed, None for all."""


class Merge:
    """One merging within the transaction that its caller holds. `early`: a journal that was restored, or that joins
    with records of its own, hears first what it may know already; `next_number` is that of the file that will give."""

    def __init__(self, journal: Journal, state: State, *, next_number: int, early: bool) -> None:
        self.documents, self.rows = Documents(journal), Rows(journal)
        self.changes: dict[Name, set[str]] = {}
        self.sources: dict[Name, str] = {}
        self.conflicts: list[Conflict] = []
        self.taken: set[Name] = set()
        self.given: Counter[str] = Counter()
        self._journal, self._state, self._early, self._next = journal, state, early, next_number

    # --- from the journal into the document

    def unlike_the_document(self) -> list[Name]:
        """Every record of the journal that was not just written as the document has it."""
        every = (Name(table, uid) for table in self.rows.tables for uid in self.rows.uids(table))
        return [name for name in every if name not in self.taken] + sync.touched(self._journal)

    def fold(self, names: Iterable[Name]) -> None:
        """Write into the document what the records say here now."""
        by_table: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            by_table[name.table].append(name.uid)
        for table, uids in by_table.items():
            if table == sync.JOINED_TABLE:
                for uid in uids:
                    self._fold_joined(Name(table, uid))
                continue
            for some in (uids[at : at + MANY] for at in range(0, len(uids), MANY)):
                here = dict(self.rows.records(table, some))
                for uid in some:
                    self._fold_one(Name(table, uid), here.get(uid))

    def _fold_joined(self, name: Name) -> None:
        table, _, uid = name.uid.partition("/")
        kept = self.rows.joined.get((table, uid))
        self._document(name, private=False).write(name, {BASE: text_of({"kept": kept}) if kept else None})

    def _fold_one(self, name: Name, here: Record | None) -> None:
        private = self.rows.is_private(name, here)
        for one in (False, True) if private is None else (private,):
            if one and not self._state.own_drawer:
                continue
            self._write_record(self._document(name, private=one), name, here)

    def _write_record(self, document: Shard, name: Name, here: Record | None) -> None:
        there = document.records.get(name, {})
        changed: dict[str, str | None]
        if here is None:
            changed = dict.fromkeys(there)
            if name.table == "sittings":  # its answers go with it, and no trigger could say whose they were
                for other in [one for one in document.records if one.uid.startswith(f"{name.uid}/")]:
                    document.write(other, dict.fromkeys(document.records[other]))
        elif BASE not in there:
            changed = {**dict.fromkeys(there), BASE: text_of(here)}
            if (name.table, name.uid) in self.rows.joined:  # undo took the joining back
                self.rows.joined.pop((name.table, name.uid))
                sync.join(self._journal, name.table, name.uid, None)
                self._fold_joined(Name(sync.JOINED_TABLE, f"{name.table}/{name.uid}"))
        else:
            differs = domain.differences(here, self.rows.meant(name.table, record_of(there)))
            changed = {field: text_of(value) for field, value in differs.items()}
        if changed:
            document.write(name, changed)
            self.given[SECTION_OF[name.table].name] += name.table not in PARTS
            for field in changed if here is not None else ():
                if field != BASE or name.table in PARTS:
                    sync.wrote(self._journal, name, field, self._next)

    def _document(self, name: Name, *, private: bool) -> Shard:
        return self.documents[name.shard(private=private)]

    def scrub(self, gone: str | None) -> None:
        """What is gone from the rows goes from the document, and what waits and belongs to somebody who is gone."""
        names = sync.touched(self._journal)
        sync.clear_touched(self._journal)
        self.fold(names)
        for _, document in self.documents.all() if gone is not None else ():
            for name, fields in list(document.records.items()):
                if self._is_of(name, fields, {gone}) or self._belongs_nowhere(name):
                    document.write(name, dict.fromkeys(fields))
        self.documents.keep()

    def _is_of(self, name: Name, fields: Fields, gone: Collection[str | None]) -> bool:
        """Whether a record is a manager who is gone, belongs to one, or was deleted and changed at once."""
        if BASE not in fields or name.uid in gone:
            return True
        owner = record_of(fields).get("manager_id")
        return owner is not None and self.rows.kept("managers", owner) in gone

    def _belongs_nowhere(self, name: Name) -> bool:
        """Whether a part of a record is no row, as one whose record is gone."""
        return name.table in PARTS and self.rows.id(name.table, name.uid) is None

    # --- from the document into the journal

    def note(self, change: Changed, laptop: str, knew: int) -> None:
        """Remember what an update changed, and what of ours did not stay; `knew`: how far its person had heard us."""
        self.changes.setdefault(change.name, set()).add(change.field)
        self.sources[change.name] = laptop
        if change.new is None and change.field == BASE:
            self._deleted(change.name, laptop, knew)
        elif change.old not in (None, change.new):
            written = sync.written(self._journal, change.name).get(change.field, 0)
            if written > knew:
                self._tell(change.name, change.field, change.old, domain.CHANGED, laptop)

    def _deleted(self, name: Name, laptop: str, knew: int) -> None:
        """A record was deleted there: what was changed of it here meanwhile is told, and leaves the document."""
        for one in (False, True):
            document = self._document(name, private=one)
            left = document.records.get(name, {})
            for field, number in sync.written(self._journal, name).items():
                if number > knew and left.get(field) is not None:
                    self._tell(name, field, left[field], domain.DELETED, laptop)
            if left and BASE not in left:
                document.write(name, dict.fromkeys(left))

    def _tell(self, name: Name, field: str, text: str | None, why: str, replica: str) -> None:
        self.conflicts.append(Conflict(name.table, name.uid, field, text, why, replica))

    def there(self, name: Name) -> Record | None:
        """A record of the document; None if it is not in it, or is one with another."""
        fields = self._fields(name)
        return record_of(fields) if fields is not None else None

    def _fields(self, name: Name) -> Fields | None:
        if (name.table, name.uid) in self.rows.joined:
            return None
        for private in (False, True):
            fields = self._document(name, private=private).records.get(name, {})
            if BASE in fields:
                return fields
        return None

    def drop_forgotten(self, forgotten: Collection[str]) -> None:
        """What others wrote of managers who are forgotten goes from the document too."""
        gone = set(forgotten)
        for name in list(self.changes) if gone else ():
            for private in (False, True):
                document = self._document(name, private=private)
                fields = document.records.get(name, {})
                if BASE in fields and self._is_of(name, fields, gone):
                    document.write(name, dict.fromkeys(fields))

    def settle(self) -> None:
        """Let one record only have each handle, each code, each agreement of a role, each draft."""
        for name in [one for one in self.changes if one.table == sync.JOINED_TABLE]:
            self._learn_joined(name)
        self._break_circles()
        if not any(name.table in (*domain.LABELS, sync.JOINED_TABLE) for name in self.changes):
            return
        for table in domain.LABELS:
            records = {uid: self.rows.meant(table, record) for uid, record in self.rows.records(table)}
            for name in [one for one in self.changes if one.table == table]:
                found = self.there(name)
                if found is not None:
                    records[name.uid] = self.rows.meant(table, found)
                elif not self._early or name.uid not in records:
                    records.pop(name.uid, None)
            for uid in [uid for uid in records if (table, uid) in self.rows.joined]:
                del records[uid]
            self._decide(table, domain.settle(table, records), records)

    def _break_circles(self) -> None:
        """Two who were merged into each other, one way on each laptop, are one: the one whose uid sorts first."""
        for table, keeper in domain.circles(self.rows.joined):
            name, joined = Name(table, keeper), Name(sync.JOINED_TABLE, f"{table}/{keeper}")
            members = [keeper, *(uid for (of, uid) in self.rows.joined if of == table)]
            self._document(joined, private=False).write(joined, {BASE: None})
            self._learn_joined(joined)
            if self.there(name) is None:  # each side had let go of one
                here = dict(self.rows.records(table, members))
                found = here.get(keeper) or next(
                    (here[uid] for uid in sorted(here) if self.rows.kept(table, uid) == keeper), None
                )
                if found is not None:
                    self._document(name, private=False).write(name, {BASE: text_of(found)})

    def _learn_joined(self, name: Name) -> None:
        table, _, uid = name.uid.partition("/")
        fields = self._document(name, private=False).records.get(name)
        kept = record_of(fields)["kept"] if fields else None
        sync.join(self._journal, table, uid, kept)
        self.rows.joined.pop((table, uid), None)
        if kept is not None:
            self.rows.joined[table, uid] = kept
        self.changes.setdefault(Name(table, uid), {BASE})

    def _decide(self, table: str, settled: domain.Settled, records: dict[str, Record]) -> None:
        for uid, kept in settled.joined.items():
            name = Name(table, uid)
            joined = Name(sync.JOINED_TABLE, f"{table}/{uid}")
            self._document(joined, private=False).write(joined, {BASE: text_of({"kept": kept})})
            self._learn_joined(joined)
            for private in (False, True):
                document = self._document(name, private=private)
                document.write(name, dict.fromkeys(document.records.get(name, {})))
            self._tell(
                Name(table, kept), "", text_of(records[uid]), domain.JOINED, self.sources.get(name, self._state.name)
            )
        column = domain.LABELS[table][0]
        changes = {uid: {column: label} for uid, label in settled.renamed.items()}
        for uid, more in settled.filled.items():
            changes.setdefault(uid, {}).update(more)
        for uid, fields in changes.items():
            name = Name(table, uid)
            private = bool(self.rows.is_private(name, records[uid]))
            document = self._document(name, private=private)
            if BASE not in document.records.get(name, {}):  # a record of this laptop that was not given yet
                document.write(name, {BASE: text_of({**records[uid], **fields})})
            else:
                document.write(name, {field: text_of(value) for field, value in fields.items()})
            self.changes.setdefault(name, set()).update(fields)
            if uid in settled.renamed:
                was = text_of(records[uid].get(column))
                self._tell(name, column, was, domain.RENAMED, self.sources.get(name, self._state.name))

    def apply(self, unsent: Collection[Name]) -> None:
        """Make the rows what the document says of all that changed, and of what waited."""
        waited = sync.waiting(self._journal)
        puts: defaultdict[str, dict[str, tuple[Fields, set[str] | None]]] = defaultdict(dict)
        drops: defaultdict[str, list[str]] = defaultdict(list)
        for name in {**self.changes, **dict.fromkeys(waited)}:
            if name.table not in self.rows.tables:
                continue
            fields, changed = self._fields(name), self.changes.get(name, {BASE})
            if fields is not None:
                self.taken.add(name)
                puts[name.table][name.uid] = (fields, None if BASE in changed else changed)
            else:
                drops[name.table].append(name.uid)
        if self._early:
            self._tell_unsent(puts, unsent)
        order = list(self.rows.tables)
        # an agreement before its role, a role before its manager
        for table in reversed(order):
            for uid in [uid for uid in drops[table] if (table, uid) in self.rows.joined]:
                drops[table].remove(uid)
                self.rows.join(table, uid, self.rows.kept(table, uid))
        waiting = self._put(puts, drops, order)
        for table in reversed(order):
            for uid in drops[table]:
                if not self.rows.drop(table, uid):
                    sync.touch(self._journal, [Name(table, uid)])  # others need it, so it comes back
        self.rows.unpark()
        self.rows.keep_undo_right()
        sync.keep_waiting(self._journal, waiting)

    def _put(self, puts: Puts, drops: dict[str, list[str]], order: list[str]) -> list[Name]:
        waiting: list[Name] = []
        poorer: list[Name] = []
        with sync.taking(self._journal):
            for table in ("managers", "reqs"):
                label = domain.LABELS[table][0]
                self.rows.park(table, [
                    *drops.get(table, ()),
                    *(uid for uid, (_, fields) in puts.get(table, {}).items() if fields is None or label in fields),
                ])  # fmt: skip
            for table in order:
                if batch := puts.get(table):
                    late, lost = self._put_all(table, batch)
                    waiting += [Name(table, uid) for uid in late]
                    poorer += [Name(table, uid) for uid in lost]
                    waits = set(late)
                    for uid, (texts, fields) in batch.items() if table == "entries" else ():
                        mended = self._repairer(texts)
                        told = fields is None or "repaired_by" in fields
                        if (
                            mended
                            and told
                            and uid not in waits
                            and not self.rows.point(table, "repaired_by", uid, mended)
                        ):
                            poorer.append(Name(table, uid))
        sync.touch(self._journal, poorer)
        return waiting

    def _repairer(self, texts: Fields) -> str | None:
        """What mends an entry; most say nothing of it, and are not read for that."""
        if '"repaired_by"' not in texts[BASE] and "repaired_by" not in texts:
            return None
        return record_of(texts).get("repaired_by")

    def _put_all(self, table: str, batch: dict[str, tuple[Fields, set[str] | None]]) -> tuple[list[str], list[str]]:
        """Records read and written a few at a time; many entries are indexed at once, as an import does it."""
        waiting, poorer, indexing = [], [], Indexing(self._journal)
        if table == "entries" and len(batch) >= MANY:
            indexing.begin()
        # by time, so that numbers follow it as if all had been written here, and indexes grow at their end
        every = iter(sorted(batch.items(), key=lambda one: _when(one[1][0][BASE])))
        while some := dict(islice(every, MANY)):
            late, lost = self.rows.put(
                table, {uid: (record_of(fields), changed) for uid, (fields, changed) in some.items()}
            )
            waiting += late
            poorer += lost
        indexing.finish()
        return waiting, poorer

    def _tell_unsent(self, puts: Puts, unsent: Collection[Name]) -> None:
        """What a restored or joining journal says otherwise than the space is kept and told."""
        for table, batch in puts.items():
            for uid, here in self.rows.records(table, batch.keys()):
                name = Name(table, uid)
                if not self._state.fresh and name not in unsent:
                    continue
                texts, fields = batch[uid]
                there = self.rows.meant(table, record_of(texts))
                for field, value in domain.differences(here, there).items():
                    if value is not None and (fields is None or field in fields):
                        self._tell(name, field, text_of(value), domain.CHANGED, self.sources.get(name, ""))


def _when(text: str) -> str:
    """When the record of a text happened or was written; read for thousands, so that it is not parsed for that."""
    return text.partition('"happened_at": "')[2][:20] or text.partition('"created_at": "')[2][:20]
