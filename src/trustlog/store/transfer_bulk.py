"""What every import shares: references as ids, entries matched and written in batches, and their indexing."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from trustlog.domain.entries import EntryDraft
from trustlog.formats.shapes import ENTRIES, MANAGERS, REQS, Section
from trustlog.store import entries, people
from trustlog.store.journal import Journal, insert_into, utc_moment, utc_text
from trustlog.store.transfer_matching import Matching
from trustlog.store.transfer_out import Record, column

BATCH = 2_000
_SAID_BY = {
    "manager": ("manager_id",), "kind": ("kind",), "size": ("size",), "channel": ("channel",), "req": ("req_id",),
    "approach": ("approach",), "evidence": ("evidence",), "tags": ("tags",), "note": ("note",), "did": ("did",),
    "changed": ("changed",), "when": ("happened_at", "utc_offset", "happened_on"),
}  # fmt: skip
"""The columns of an entry that a column of the file sets."""


class Writer:
    """Writes entries inside a change; an entry that is there already is counted, not written again."""

    def __init__(self, journal: Journal, *, update: bool) -> None:
        self.added = self.unchanged = self.updated = 0
        self._journal = journal
        self._update = update
        self._pending: list[dict[str, Any]] = []
        self._pending_uids: set[str] = set()
        self._created_at = utc_text(datetime.now(UTC))
        self._matching = Matching(journal)
        self._indexing = Indexing(journal)

    def take(self, new: EntryDraft, told: Mapping[str, str]) -> str | None:
        """Add the entry unless it is there: by its uid, else the n-th equal row is the n-th equal entry.

        `told` is what its row says: an undated one is matched without its time, and one with a uid is compared
        in no column that its file does not have. Answers why it is refused, or None.
        """
        dated = bool(told.get("when"))
        if new.uid is not None:
            if new.uid in self._pending_uids:
                self.flush()
            known = self._by_uid(new.uid)
            if known is not None:
                return self._meet(known, new, told)
        elif self._matching.take(new, dated=dated):
            self.unchanged += 1
            return None
        self._pending.append(entries.columns_of(new, self._created_at))
        if new.uid:
            self._pending_uids.add(new.uid)
        self.added += 1
        if len(self._pending) >= BATCH:
            self.flush()
        return None

    def flush(self) -> None:
        """Write what is waiting."""
        if len(self._pending) >= BATCH:
            self._indexing.begin()
        if self._pending:
            statement = insert_into("entries", self._pending[0])
            self._journal.db.executemany(statement, [tuple(row.values()) for row in self._pending])
        self._pending.clear()
        self._pending_uids.clear()

    def finish(self) -> None:
        """Write the rest, and let all of it be found."""
        self.flush()
        self._indexing.finish()

    def _by_uid(self, uid: str) -> Any:
        return self._journal.row("SELECT * FROM entries WHERE uid = ?", (uid,))

    def _meet(self, known: Any, new: EntryDraft, told: Mapping[str, str]) -> str | None:
        """Compare an entry with the one that has its uid."""
        row = entries.columns_of(new, self._created_at)
        said = [names for column, names in _SAID_BY.items() if column in told and (column != "when" or told["when"])]
        # the moment is what counts; where it was written may be another place
        if all(known[names[0]] == row[names[0]] for names in said):
            self.unchanged += 1
            return None
        if not self._update:
            return f"conflict: entry {new.uid} is there with other content; --update takes the file's"
        self._indexing.catch_up()
        self._journal.update("entries", known["id"], {name: row[name] for names in said for name in names})
        self._matching.leave_out(known["id"])
        self.updated += 1
        return None


CACHE_KIB = 32_000
"""Room for the indexes of a large journal while it is filled; SQLite's own 2 MB cost a fifth of the time."""
_SET_ASIDE = """SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'entries'
  AND ((type = 'trigger' AND (name IN ('tags_insert', 'bases_insert', 'undo_entries_insert')
      OR (sql LIKE '%AFTER INSERT%' AND sql LIKE '%entries_fts%')))
    OR (:most AND (name = 'touched_entries_insert' OR (type = 'index' AND sql IS NOT NULL))))"""
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
        self._aside: list[str] = []
        self._last = 0

    def begin(self, taken: int = 0) -> None:
        """Before many entries are inserted; where more are `taken` from another laptop than there are, indexes wait
        too, as nobody looks for any of these meanwhile."""
        if self._aside:
            return
        db = self._journal.db
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._last = self._newest()
        for kind, name, sql in db.execute(_SET_ASIDE, {"most": taken > self._last}).fetchall():
            self._aside.append(sql)
            db.execute(f"DROP {kind} [{name}]")

    def catch_up(self) -> None:
        """Do for the entries inserted since what the triggers would have done; before any of them is changed."""
        newest = self._newest() if self._aside else self._last
        if newest > self._last:
            for sql in _IN_THEIR_PLACE:
                self._journal.db.execute(sql, {"last": self._last, "newest": newest})
            self._last = newest

    def finish(self) -> None:
        """Catch up and put everything back."""
        self.catch_up()
        for sql in self._aside:
            self._journal.db.execute(sql)
        self._aside.clear()

    def _newest(self) -> int:
        return int(self._journal.value("SELECT coalesce(max(id), 0) FROM entries"))


class UnknownReferenceError(ValueError):
    """A record points at something that is neither in the journal nor in the file."""


class References:
    """What the file calls a manager or role, and which row of the journal that is."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.ids = {
            "manager": journal.pairs("SELECT handle, id FROM managers"),
            "req": journal.pairs("SELECT code, id FROM reqs"),
        }
        self.made: dict[str, list[str]] = {"manager": [], "req": []}
        self._called: dict[str, dict[str, str]] = {"manager": {}, "req": {}}

    def local(self, section: Section, record: Record) -> Record:
        """The record with the journal's own names of managers and roles."""
        changed = {
            name: called[record[name]]
            for name, called in self._called.items()
            if called and name in section.fields and record[name] in called
        }
        return {**record, **changed} if changed else record

    def learn(self, section: Section, record: Record, here: Record, row_id: int) -> None:
        """Remember under which name a manager or role of the file stands in the journal."""
        for own, name, key in ((MANAGERS, "manager", "handle"), (REQS, "req", "code")):
            if section is own:
                self.ids[name][here[key]] = row_id
                if record[key] != here[key]:
                    self._called[name][record[key]] = here[key]

    def forget(self, section: Section, here: Record) -> None:
        """A manager or role is about to get another name."""
        for own, name, key in ((MANAGERS, "manager", "handle"), (REQS, "req", "code")):
            if section is own:
                self.ids[name].pop(here[key], None)

    def row(self, section: Section, record: Record) -> dict[str, Any]:
        """The record as columns; a manager or role that nobody described is made. Raises UnknownReferenceError."""
        made: dict[str, Any] = {}
        for name, kind in section.fields.items():
            value = record[name]
            if kind.name == "local":
                moment = utc_moment(value)
                offset = moment.utcoffset()
                made[name] = utc_text(moment)
                made["utc_offset"] = int(offset.total_seconds()) if offset else 0
            elif kind.name == "json":
                # a missing value is NULL, and a null that was told is JSON
                empty = value is None and record.get("field") is None
                made[name] = None if empty else "[]" if value == [] else json.dumps(value, ensure_ascii=False)
            elif name == "repaired_by":
                made[name] = None  # the deed may come later in the file
            elif kind.name in ("manager", "req", "entry"):
                made[column(name, kind.name)] = self._id(section, kind.name, value, record)
            else:
                made[name] = int(value) if isinstance(value, bool) else value
        return made

    def entry(self, uid: str) -> int:
        found = self._journal.value("SELECT id FROM entries WHERE uid = ?", (uid,))
        if found is None:
            raise UnknownReferenceError(f"there is no entry {uid}")
        return int(found)

    def _id(self, section: Section, kind: str, value: str | None, record: Record) -> int | None:
        if value is None:
            return None
        if kind == "entry":
            return self.entry(value)
        found = self.ids[kind].get(value)
        return self._make(section, kind, value, record) if found is None else found

    def _make(self, section: Section, kind: str, name: str, record: Record) -> int:
        """A manager or role that the file names and does not describe."""
        if kind == "manager":
            made = people.add_manager(self._journal, name, name).id
        elif section is ENTRIES:
            owner = self.ids["manager"].get(record["manager"]) or self._make(
                section, "manager", record["manager"], record
            )
            made = people.add_req(self._journal, owner, name, name, date.fromisoformat(record["happened_on"]))
        else:
            raise UnknownReferenceError(f"there is no role {name}")
        self.made[kind].append(name)
        self.ids[kind][name] = made
        return made
