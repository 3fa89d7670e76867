"""What every import shares: references as ids, entries that are matched by what they say, and their indexing."""

import json
from collections import deque
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from trustlog.formats.shapes import ENTRIES, MANAGERS, REQS, Answers, Section
from trustlog.store import conversations, people
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, utc_moment, utc_text
from trustlog.store.transfer_out import ENTRY_LISTS, Record, column

BATCH = 2_000
CACHE_KIB = 20_000
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
        self._last = _newest(self._journal)
        for kind, name, sql in db.execute(_SET_ASIDE, {"most": taken > self._last}).fetchall():
            self._aside.append(sql)
            db.execute(f"DROP {kind} [{name}]")

    def catch_up(self) -> None:
        """Do for the entries inserted since what the triggers would have done; before any of them is changed."""
        newest = _newest(self._journal) if self._aside else self._last
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


def _newest(journal: Journal) -> int:
    """The id of the entry that was written last; 0 if there is none."""
    return int(journal.value("SELECT coalesce(max(id), 0) FROM entries"))


class UnknownReferenceError(ValueError):
    """A record points at something that is neither in the journal nor in the file."""


_JSON = json.JSONEncoder(ensure_ascii=False)  # json.dumps would make a new one for every record
_TRANSLATED = frozenset({"local", "json", "flag", "manager", "req", "entry"})
"""The types of fields whose columns do not hold what a record says as it is."""


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
        self._of_section: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {}

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
        as_it_is, translated = self._fields(section)
        made: dict[str, Any] = {name: record[name] for name in as_it_is}
        for name, kind in translated:
            value = record[name]
            if kind == "local":
                moment = utc_moment(value)
                offset = moment.utcoffset()
                made[name] = utc_text(moment)
                made["utc_offset"] = int(offset.total_seconds()) if offset else 0
            elif kind == "flag":
                made[name] = None if value is None else int(value)
            elif kind == "json":
                # a missing value is NULL, and a null that was told is JSON
                empty = value is None and record.get("field") is None
                made[name] = None if empty else "[]" if value == [] else _JSON.encode(value)
            elif name == "repaired_by":
                made[name] = None  # the deed may come later in the file
            else:
                made[column(name, kind)] = self._id(section, kind, value, record)
        return made

    def _fields(self, section: Section) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The fields of a section that are kept as they are, and the others with their types."""
        if section.table not in self._of_section:
            types = {name: kind.name for name, kind in section.fields.items()}
            as_it_is = tuple(name for name, kind in types.items() if kind not in _TRANSLATED)
            translated = tuple(item for item in types.items() if item[1] in _TRANSLATED)
            self._of_section[section.table] = (as_it_is, translated)
        return self._of_section[section.table]

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


def write_parts(journal: Journal, references: References, section: Section, owner: int, record: Record) -> None:
    """Make the parts of a record in the journal those of `record`, by their uids.

    The parts of an older file have none: the n-th is the n-th that is there, and a new record's get what migration
    gave those of a journal, so that two laptops that take in one file call them the same.
    """
    for part in [one for one in section.parts if one.name in record]:  # a file without reflections says nothing of them
        there = journal.pairs(f"SELECT uid, id FROM {part.table} WHERE {part.parent} = ? ORDER BY uid", (owner,))
        kept = set()
        for number, told in enumerate(record[part.name]):
            row = {part.parent: owner} | references.row(part, told)
            row["uid"] = told["uid"] or ("" if there else f"{number + 1:06}-{record['uid']}")
            one = there.get(row["uid"])
            if one is not None:
                journal.update(part.table, one, row)
            else:
                if journal.row(f"SELECT 1 FROM {part.table} WHERE uid = ?", (row["uid"],)):
                    row["uid"] = ""  # another record has a part of that name, so this one gets its own
                one = journal.insert(part.table, row)
            kept.add(one)
            for drawer in part.answers:
                if drawer.name in told:
                    _write_answers(journal, references, drawer, one, told[drawer.name])
        for surplus in set(there.values()) - kept:
            for drawer in part.answers:
                journal.db.execute(f"DELETE FROM {drawer.name} WHERE sitting_id = ?", (surplus,))
            journal.db.execute(f"DELETE FROM {part.table} WHERE id = ?", (surplus,))


def _write_answers(
    journal: Journal, references: References, drawer: Answers, sitting: int, answers: dict[str, Any]
) -> None:
    there = journal.column(f"SELECT field FROM {drawer.name} WHERE sitting_id = ?", (sitting,))
    for field in [field for field in there if field not in answers]:
        journal.db.execute(f"DELETE FROM {drawer.name} WHERE sitting_id = ? AND field = ?", (sitting, field))
    for field, value in answers.items():
        kept = [references.entry(uid) for uid in value] if field in ENTRY_LISTS and value else value
        conversations.keep_answer(journal, drawer.name, sitting, field, kept)


GROUPS = 2_000
"""How many groups of entries are kept at hand; one that is let go is read again when it is asked for."""
_SAID = ("kind", "size", "note", "did", "changed", "channel", "req_id", "approach", "tags", "evidence")
"""The columns by which two entries are equal, besides their manager and moment."""
_Group = dict[bytes, deque[int]]


class Matching:
    """Finds for a row of a file without a uid the entry that it is: the n-th equal row is the n-th equal entry.

    Entries are read by groups, those of a manager at one moment for a dated row and all of a manager for an undated
    one; each is read once, so that the time grows with the file and not with its square.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        # what this file brings is no match for its own rows
        self._last = _newest(journal)
        self._groups: dict[tuple[int, str | None], _Group] = {}
        self._taken: set[int] = set()

    def take(self, columns: Mapping[str, Any], *, dated: bool) -> bool:
        """Whether an entry is there that equals the row and that no other row took; it is taken now."""
        if not self._last:
            return False
        at = columns["happened_at"] if dated else None
        found = self._group(columns["manager_id"], at).get(_content(columns))
        while found:
            entry = found.popleft()
            if entry not in self._taken:
                self._taken.add(entry)
                return True
        return False

    def leave_out(self, entry: int) -> None:
        """An entry is not what it was any more: a row with its uid changed it."""
        self._taken.add(entry)

    def _group(self, manager_id: int, at: str | None) -> _Group:
        key = (manager_id, at)
        if (known := self._groups.get(key)) is not None:
            return known
        moment = () if at is None else (at,)
        sql = f"SELECT id, {', '.join(_SAID)} FROM entries WHERE manager_id = ? AND id <= ?"
        sql += " AND happened_at = ?" * len(moment) + " ORDER BY id"
        group: _Group = {}
        for row in self._journal.db.execute(sql, (manager_id, self._last, *moment)):
            if row["id"] not in self._taken:
                group.setdefault(_content(row), deque()).append(row["id"])
        if len(self._groups) >= GROUPS:
            del self._groups[next(iter(self._groups))]
        self._groups[key] = group
        return group


def _content(columns: Mapping[str, Any] | Row) -> bytes:
    """What an entry says, in a few bytes: a note may be a megabyte."""
    said = repr([columns[name] for name in _SAID])
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()
