"""What records point at: managers by handle, roles by code, entries by uid; as ids and back."""

import json
from datetime import date
from typing import Any

from trustlog.formats.shapes import ENTRIES, MANAGERS, REQS, Section
from trustlog.store import people
from trustlog.store.journal import Journal, utc_moment, utc_text
from trustlog.store.records.outgoing import Record, column


class UnknownReferenceError(ValueError):
    """A record points at something that is neither in the journal nor in the file."""


class References:
    """What the file calls a manager or role, and which row of the journal that is."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.ids = {
            "manager": {row[0]: row[1] for row in journal.rows("SELECT handle, id FROM managers")},
            "req": {row[0]: row[1] for row in journal.rows("SELECT code, id FROM reqs")},
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

    def learn(self, section: Section, told: Record, here: Record, row_id: int) -> None:
        """Remember under which name a manager or role of the file stands in the journal."""
        for own, name, key in ((MANAGERS, "manager", "handle"), (REQS, "req", "code")):
            if section is own:
                self.ids[name][here[key]] = row_id
                if told[key] != here[key]:
                    self._called[name][told[key]] = here[key]

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
        row = self._journal.row("SELECT id FROM entries WHERE uid = ?", (uid,))
        if row is None:
            raise UnknownReferenceError(f"there is no entry {uid}")
        return int(row[0])

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
