"""What the document of `sync` says into the rows: names that two records claim, then what comes and goes."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from itertools import islice

from trustlog.domain import sync as domain
from trustlog.domain.sync import Record
from trustlog.formats.sync_document import BASE, PRIVATE, Changed, Fields, Name, record_of, records_of, text_of
from trustlog.services.sync_folder import WHOLE, Document, about
from trustlog.store import sync, sync_fill
from trustlog.store.sync import Conflict
from trustlog.store.sync_fill import Filling
from trustlog.store.transfer_bulk import BATCH as MANY
from trustlog.store.transfer_bulk import Indexing

Put = dict[str, tuple[Fields, frozenset[str] | None]]
"""What the document says of a table, by uid, each with the fields that changed, None for all."""
Refuse = Callable[[Collection[str]], object]


class Merge(Document):
    """The same, and what follows from it for the rows; `filling` holds entries that wait aside for an empty journal."""

    filling: Filling | None = None

    def unlike_the_document(self) -> list[Name]:
        """Every record of the journal that was not just written as the document has it."""
        every = ((table, uid) for table in self.rows.tables for uid in self.rows.uids(table))
        return [Name(*one) for one in every if one not in self.taken] + sync.touched(self._journal)

    def note(self, change: Changed, laptop: str, knew: int) -> None:
        """Remember what an update changed, and what of ours did not stay; `knew`: how far its person had heard us."""
        self.change(change.name, change.field)
        self.sources[change.name] = laptop
        if change.new is None and change.field == BASE:
            self._deleted(change.name, laptop, knew)
        elif change.old is not None and change.old != change.new:
            written = sync.written(self._journal, change.name).get(change.field, 0)
            if written > knew:
                self.tell(change.name, change.field, change.old, domain.CHANGED, laptop)

    def _deleted(self, name: Name, laptop: str, knew: int) -> None:
        """A record was deleted there: what was changed of it here meanwhile is told, and leaves the document."""
        for one in (False, True):
            document = self.document(name, private=one)
            left = document.records.get(name, {})
            for field, number in sync.written(self._journal, name).items():
                if number > knew and left.get(field) is not None:
                    self.tell(name, field, left[field], domain.DELETED, laptop)
            if left and BASE not in left:
                document.write(name, dict.fromkeys(left))

    def tell(self, name: Name, field: str, text: str | None, why: str, replica: str) -> None:
        where = json.dumps(about(self.rows, name))
        self.conflicts.append(Conflict(name.table, name.uid, field, text, why, replica, where))

    def settle(self, forgotten: Collection[str], *, anew: bool) -> None:
        """Let one record only have each handle, each code, each agreement of a role, each draft.

        `anew` reads the whole document again, as it is done wherever people became one or are so no more.
        """
        for name in [change for change in self.changes if change.table == sync.JOINED_TABLE]:
            self._learn_joined(name)
        self._break_circles()
        if self.rejoined or anew:
            self._look_again()
        self._drop_forgotten(forgotten)
        known = len(self.rejoined)
        if any(name.table in (*domain.LABELS, sync.JOINED_TABLE) for name in self.changes):
            for table in domain.LABELS:
                self._settle_labels(table)
        if len(self.rejoined) > known:
            self._look_again()

    def _drop_forgotten(self, forgotten: Collection[str]) -> None:
        """What others wrote of managers who are forgotten goes from the document too."""
        gone = set(forgotten)
        for name in list(self.changes) if gone else ():
            for private in (False, True):
                document = self.document(name, private=private)
                fields = document.records.get(name, {})
                if BASE in fields and self.is_of(name, fields, gone):
                    document.write(name, dict.fromkeys(fields))

    def _settle_labels(self, table: str) -> None:
        records = {uid: self.rows.meant(table, record) for uid, record in self.rows.records(table)}
        # what waits is no row yet, and claims its name as soon as what it belongs to is there
        for name in [
            one for one in {**self.changes, **dict.fromkeys(sync.waiting(self._journal))} if one.table == table
        ]:
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
            self.document(joined, private=False).write(joined, {BASE: None})
            self._learn_joined(joined)
            if self.there(name) is None:  # each side had let go of one
                here = dict(self.rows.records(table, members))
                found = here.get(keeper) or next(
                    (here[uid] for uid in sorted(here) if self.rows.kept(table, uid) == keeper), None
                )
                if found is not None:
                    self.document(name, private=False).write(name, {BASE: text_of(found)})

    def _learn_joined(self, name: Name) -> None:
        table, _, uid = name.uid.partition("/")
        fields = self.document(name, private=False).records.get(name)
        kept = record_of(fields)["kept"] if fields else None
        sync.join(self._journal, table, uid, kept)
        if self.rows.joined.pop((table, uid), None) != kept:
            self.rejoined.add(uid)
        if kept is not None:
            self.rows.joined[table, uid] = kept
        self.changes.setdefault(Name(table, uid), WHOLE)

    def _look_again(self) -> None:
        """Read the whole document, and let go of rows that it does not have: what the rows say of people who became
        one, or who went, must not depend on what was heard first. A journal that may hold what it did not give yet
        reads only what points at them."""
        there: set[Name] = set()
        for number, document in self.documents.all():
            if number < PRIVATE or self._state.own_drawer:
                there.update(
                    name
                    for name, fields in document.records.items()
                    if not self._early
                    or (BASE in fields and any(uid in text for uid in self.rejoined for text in fields.values()))
                )
        for table in self.rows.tables if not self._early else ():
            told = dict(self.rows.records(table)) if table == "drafts" else {}  # of which drawer it is stands in it
            names = [Name(table, uid) for uid in self.rows.uids(table)]
            there.update(
                name for name in names if self._state.own_drawer or not self.rows.is_private(name, told.get(name.uid))
            )
        for name in there:
            self.change(name, BASE)

    def _decide(self, table: str, settled: domain.Settled, records: dict[str, Record]) -> None:
        for uid, kept in settled.joined.items():
            name = Name(table, uid)
            joined = Name(sync.JOINED_TABLE, f"{table}/{uid}")
            self.document(joined, private=False).write(joined, {BASE: text_of({"kept": kept})})
            self._learn_joined(joined)
            for private in (False, True):
                document = self.document(name, private=private)
                document.write(name, dict.fromkeys(document.records.get(name, {})))
            self.tell(
                Name(table, kept), "", text_of(records[uid]), domain.JOINED, self.sources.get(name, self._state.name)
            )
        column = domain.LABELS[table][0]
        changes = {uid: {column: label} for uid, label in settled.renamed.items()}
        for uid, more in settled.filled.items():
            changes.setdefault(uid, {}).update(more)
        for uid, fields in changes.items():
            name = Name(table, uid)
            private = bool(self.rows.is_private(name, records[uid]))
            document = self.document(name, private=private)
            if BASE not in document.records.get(name, {}):  # a record of this laptop that was not given yet
                document.write(name, {BASE: text_of({**records[uid], **fields})})
            else:
                document.write(name, {field: text_of(value) for field, value in fields.items()})
            self.change(name, *fields)
            if uid in settled.renamed:
                was = text_of(records[uid].get(column))
                self.tell(name, column, was, domain.RENAMED, self.sources.get(name, self._state.name))

    def apply(self, unsent: Collection[Name], forgotten: Collection[str], refuse: Refuse) -> None:
        """Make the rows what the document says of all that changed, and, whole, of what waited.

        `refuse` is told of a manager here who is one with somebody `forgotten`.
        """
        waited = sync.waiting(self._journal)
        puts: defaultdict[str, Put] = defaultdict(dict)
        drops: defaultdict[str, list[str]] = defaultdict(list)
        for name, changed in {**self.changes, **dict.fromkeys(waited, WHOLE)}.items():
            if name.table not in self.rows.tables or name in self.withheld:
                continue
            fields = self.fields_of(name)
            if fields is not None:
                puts[name.table][name.uid] = (fields, None if BASE in changed else changed)
            else:
                drops[name.table].append(name.uid)
                if name not in self.rows.joined:
                    self.absent.add(name)
        if self._early:
            self.taken.update(Name(table, uid) for table, batch in puts.items() for uid in batch)
            self._tell_unsent(puts, unsent)
        order = list(self.rows.tables)
        self._join(drops, forgotten, refuse)
        # a role has one agreement at most, so the one that goes makes room first
        drops["agreements"] = [uid for uid in drops["agreements"] if not self._drop("agreements", uid)]
        waiting = self._put(puts, drops, order)
        for table in reversed(order):
            for uid in drops[table]:
                if not self._drop(table, uid):
                    sync.touch(self._journal, [Name(table, uid)])  # others need it, so it comes back
        self.rows.unpark()
        self.rows.keep_undo_right()
        sync.keep_waiting(self._journal, waiting)

    def _drop(self, table: str, uid: str) -> bool:
        known, gone = self.rows.id(table, uid) is not None, self.rows.drop(table, uid)
        if known and gone:
            self.removed.add(Name(table, uid))
        return gone

    def _join(self, drops: dict[str, list[str]], forgotten: Collection[str], refuse: Refuse) -> None:
        """Make one row of two that are one: an agreement before its role, a role before its manager."""
        for table in reversed(self.rows.tables):
            for uid in [uid for uid in drops.get(table, ()) if (table, uid) in self.rows.joined]:
                drops[table].remove(uid)
                kept = self.rows.kept(table, uid)
                if kept in forgotten and self.rows.id(table, uid) is not None:
                    refuse([uid])  # one with somebody who was forgotten elsewhere
                else:
                    self.rows.join(table, uid, kept)

    def _put(self, puts: dict[str, Put], drops: dict[str, list[str]], order: list[str]) -> list[Name]:
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
                if (batch := puts.get(table, {})) or table == sync_fill.TABLE:
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

    def _put_all(self, table: str, batch: Put) -> tuple[list[str], list[str]]:
        """Records read and written a few at a time; many entries are indexed at once, as an import does it."""
        filling = self.filling if table == sync_fill.TABLE else None
        waiting, poorer = filling.finish() if filling is not None else ([], [])
        indexing = Indexing(self._journal)
        if table == "entries" and len(batch) >= MANY:
            indexing.begin(taken=len(batch))
        # by time, so that numbers follow it as if all had been written here, and indexes grow at their end
        every = iter(sorted(batch.items(), key=lambda item: _when(item[1][0][BASE])))
        new = not sync.holds_records(self._journal, table)
        while some := dict(islice(every, MANY)):
            records = records_of([fields for fields, _ in some.values()])
            told = {uid: (record, some[uid][1]) for uid, record in zip(some, records, strict=True)}
            late, lost = self.rows.put(table, told, new=new)
            waiting += late
            poorer += lost
        indexing.finish()
        return waiting, poorer

    def _tell_unsent(self, puts: dict[str, Put], unsent: Collection[Name]) -> None:
        """What a restored or joining journal says otherwise than the space is kept and told."""
        for table, batch in puts.items():
            for uid, here in self.rows.records(table, batch.keys() & set(self.rows.uids(table))):
                name = Name(table, uid)
                if not self._state.fresh and name not in unsent:
                    continue
                texts, fields = batch[uid]
                there = self.rows.meant(table, record_of(texts))
                for field, value in domain.differences(here, there).items():
                    if value is not None and (fields is None or field in fields):
                        self.tell(name, field, text_of(value), domain.CHANGED, self.sources.get(name, ""))


def _when(text: str) -> str:
    """When the record of a text happened or was written; read for thousands, so that it is not parsed for that."""
    return text.partition('"happened_at": "')[2][:20] or text.partition('"created_at": "')[2][:20]
