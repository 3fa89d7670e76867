"""Records of formats/shapes.py into the journal: matched with what is there, added or compared."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from trustlog.formats.shapes import AGREEMENTS, BOUNDARY_CHECKS, DRAFTS, ENTRIES, MANAGERS, PROFILE, REQS, Section
from trustlog.store import conversations, transfer_out
from trustlog.store.journal import Journal, insert_into, new_uid, utc_moment
from trustlog.store.transfer_bulk import Indexing, Matching, References, UnknownReferenceError, write_parts
from trustlog.store.transfer_out import Record


def _take_uids(section: Section, record: Record, there: Record) -> None:
    """What a file says without a uid is what stands in the same place."""
    if record.get("uid", "") is None:
        record["uid"] = there["uid"]
    for part in [one for one in section.parts if one.name in record]:
        for told, known in zip(record[part.name], there[part.name], strict=False):
            if told["uid"] is None and all(known["uid"] != one["uid"] for one in record[part.name]):
                told["uid"] = known["uid"]


Refusals = Iterator[tuple[int, str]]
_OWN = ("uid", "created_at")
"""What two records that are the same by another key may tell differently."""
_FEW = (MANAGERS, REQS, AGREEMENTS, DRAFTS, PROFILE)
"""Sections that are looked at whole, because they have more than one key or a few rows only."""


class Known(NamedTuple):
    """A record that the journal has."""

    id: int
    record: Record


MANY = 100
"""So many entries at once are worth setting their indexing aside."""


class Merger:
    """Merges sections, in their order, inside a change. What is refused is told as (number, why).

    With `unsaid`, what an entry is where its file does not say, records of entries hold only what the file says:
    one with a uid is compared in that, and one without is the n-th that says the same, at its moment if it has one.
    """

    def __init__(self, journal: Journal, *, update: bool, private: bool, unsaid: Record | None = None) -> None:
        self.references = References(journal)
        self.counts: dict[str, Counter[str]] = {}
        self.described: dict[str, list[str]] = {MANAGERS.name: [], REQS.name: []}
        self._journal, self._update, self._private = journal, update, private
        self._indexing = Indexing(journal)
        self._unsaid = unsaid
        self._matching = Matching(journal) if unsaid is not None else None
        self._few: dict[tuple[str, ...], dict[tuple[Any, ...], Known]] | None = None
        self._section: Section
        self._contents: Counter[str] = Counter()
        self._repairs: list[tuple[int, str, str]] = []

    def take(self, section: Section, batch: list[tuple[int, Record]]) -> Refusals:
        """Add what is new and compare what is known; the records must be of their section's shape."""
        self._begin(section)
        here = [(number, told, self.references.local(section, told)) for number, told in batch]
        by_uid = self._by_uid(section, [record for _, _, record in here])
        waiting: list[dict[str, Any]] = []
        for number, told, record in here:
            try:
                found = by_uid.get(record.get("uid")) or self._by_key(record)
                if found is not None:
                    if why := self._meet(number, self._filled(record, found.record), found, waiting):
                        yield number, why
                elif (added := self._add(number, record, waiting)) is not None:
                    found = by_uid[record.get("uid") or number] = added
                if found is not None:
                    self.references.learn(section, told, found.record, found.id)
            except UnknownReferenceError as error:
                yield number, str(error)
        self._flush(waiting)

    def finish(self) -> Refusals:
        """Once all entries are in: say which deed mends which of them, and let all of them be found."""
        self._indexing.catch_up()
        for number, uid, repairer in self._repairs:
            try:
                mended = self.references.entry(repairer)
            except UnknownReferenceError as error:
                yield number, f"repaired_by: {error}"
            else:
                self._journal.db.execute("UPDATE entries SET repaired_by = ? WHERE uid = ?", (mended, uid))
        self._repairs.clear()

    def close(self) -> None:
        self._indexing.finish()

    def _begin(self, section: Section) -> None:
        if section.name in self.counts:
            return
        self._section, self._few = section, None
        self.counts[section.name] = Counter(added=0, unchanged=0, updated=0)
        if section in _FEW:
            self._few = {key: {} for key in section.keys}
            for row_id, record in transfer_out.records(self._journal, section, private=self._private):
                self._remember(Known(row_id, record))
        if section is BOUNDARY_CHECKS:
            checks = transfer_out.records(self._journal, section, private=True)
            self._contents = Counter(_content(record) for _, record in checks)

    def _remember(self, known: Known) -> None:
        for key, rows in (self._few or {}).items():
            rows[tuple(known.record[name] for name in key)] = known

    def _by_uid(self, section: Section, records: list[Record]) -> dict[Any, Known]:
        if self._few is not None or "uid" not in section.fields:
            return {}
        uids = json.dumps([record["uid"] for record in records if "uid" in record])
        where = "t.uid IN (SELECT value FROM json_each(?))"
        found = transfer_out.records(self._journal, section, where, (uids,), private=self._private)
        return {record["uid"]: Known(row_id, record) for row_id, record in found}

    def _by_key(self, record: Record) -> Known | None:
        if not self._few:
            return None
        found = [rows.get(tuple(record[name] for name in key)) for key, rows in self._few.items()]
        return next((one for one in found if one is not None), None)

    def _filled(self, record: Record, there: Record) -> Record:
        """A record with what its file does not say as it is there."""
        if self._unsaid is None:
            return record
        filled = there | record
        if utc_moment(filled["happened_at"]) == utc_moment(there["happened_at"]):
            # the moment is what counts; where it was written may be another place
            filled |= {name: there[name] for name in ("happened_at", "happened_on")}
        return filled

    def _is_there(self, record: Record, row: dict[str, Any]) -> bool:
        """Whether a record whose uid nobody knows is there: the n-th equal one is the n-th."""
        if self._matching is not None:
            return "uid" not in record and self._matching.take(row, dated="happened_at" in record)
        content = _content(record) if self._section is BOUNDARY_CHECKS else ""
        if not self._contents[content]:
            return False
        self._contents[content] -= 1
        return True

    def _add(self, number: int, said: Record, waiting: list[dict[str, Any]]) -> Known | None:
        """Add a record, or answer None if it is there by what it says."""
        section = self._section
        record = said if self._unsaid is None else {"uid": new_uid(), **self._unsaid, **said}
        row = self.references.row(section, record)
        if self._is_there(said, row):
            self._count("unchanged")
            return None
        self._count("added")
        if record.get("repaired_by"):
            self._repairs.append((number, record["uid"], record["repaired_by"]))
        if self._few is None and not section.parts and record["uid"]:
            waiting.append(row)
            return Known(0, record)
        known = Known(self._journal.insert(section.table, row), record)
        write_parts(self._journal, self.references, section, known.id, record)
        if section is DRAFTS:
            conversations.tell_undo(self._journal, known.id)
        self._remember(known)
        if section.name in self.described:
            self.described[section.name].append(str(record[section.keys[-1][0]]))
        return known

    def _meet(self, number: int, record: Record, known: Known, waiting: list[dict[str, Any]]) -> str | None:
        """Compare a record with the one that is there; answers why it is refused, or None."""
        section = self._section
        _take_uids(section, record, known.record)
        if record == known.record:
            self._count("unchanged")
            return None
        merged, differs = _merged(record, known.record)
        if merged == known.record:
            self._count("unchanged")
            return None
        if differs and not self._update:
            return f"conflict: {_title(section, known.record)} is there with other content; --update takes the file's"
        if other := self._taken(merged, known):
            return f"conflict: {other} belongs to another one in the journal"
        if known.id == 0:  # it stands twice in the file, and the first is not written yet
            self._flush(waiting)
            known = self._by_uid(section, [record])[record["uid"]]
        self._change(number, merged, known)
        return None

    def _change(self, number: int, merged: Record, known: Known) -> None:
        section = self._section
        row = self.references.row(section, merged)
        if section is ENTRIES:
            self._indexing.catch_up()
            if merged["repaired_by"]:
                self._repairs.append((number, merged["uid"], merged["repaired_by"]))
        self.references.forget(section, known.record)
        self._journal.update(section.table, known.id, row)
        if self._matching is not None:
            self._matching.leave_out(known.id)
        write_parts(self._journal, self.references, section, known.id, merged)
        known.record.update(merged)
        self._remember(known)
        self._count("updated")

    def _taken(self, record: Record, known: Known) -> str | None:
        """The name of a record, if another one in the journal has it."""
        for key, rows in (self._few or {}).items():
            other = rows.get(tuple(record[name] for name in key))
            if other is not None and other.id != known.id:
                return str(record[key[0]])
        return None

    def _flush(self, waiting: list[dict[str, Any]]) -> None:
        if waiting:
            if self._section is ENTRIES and len(waiting) >= MANY:
                self._indexing.begin()
            self._journal.db.executemany(
                insert_into(self._section.table, waiting[0]), [tuple(row.values()) for row in waiting]
            )
            waiting.clear()

    def _count(self, what: str) -> None:
        self.counts[self._section.name][what] += 1


def _content(record: Record) -> str:
    return json.dumps({name: value for name, value in record.items() if name != "uid"})


def _merged(record: Record, there: Record) -> tuple[Record, bool]:
    """What a record that is there becomes, and whether the two contradict each other.

    One that is the same by another key than its uid keeps its own, and what it does not know is filled in.
    """
    if record.get("uid") == there.get("uid"):
        return record, True
    merged, differs = dict(there), False
    for name in record:
        if name in _OWN or record[name] in (None, []):
            continue
        differs = differs or (there[name] not in (None, []) and there[name] != record[name])
        merged[name] = record[name]
    return merged, differs


def _title(section: Section, record: Record) -> str:
    key = section.keys[-1]
    return f"{section.label[0]} {' '.join(str(record[name]) for name in key if record[name])}"
