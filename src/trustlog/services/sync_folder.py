"""The folder that some program replicates: who writes there, which files are there, and writing our own."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.domain import sync as domain
from trustlog.domain.sync import About, Problem, Record
from trustlog.errors import UserError
from trustlog.formats import shapes, sync_file
from trustlog.formats.sync_document import BASE, PRIVATE, BadFileError, Fields, Name, Shard, record_of, text_of
from trustlog.formats.sync_file import SPACE, Header
from trustlog.store import sync
from trustlog.store.driver import SCHEMA_VERSION
from trustlog.store.journal import Journal
from trustlog.store.sync import Conflict, Documents, State
from trustlog.store.sync_rows import Rows
from trustlog.store.transfer_bulk import BATCH as MANY

_NAME = re.compile(r"(\d{6,15})(-whole)?\.age\Z")
_REPLICA = re.compile(r"[0-9a-f]{8}\Z")
ROOT = "trustlog"
_MOST, MOST_SPACE = 1 << 29, 1 << 20
"""Bytes of a file and of the space's, ten times what thirty years come to: more is not read into memory."""
_COPIED = (
    "this home seems to be used on another machine too."
    " There: trustlog sync leave, then join anew with trustlog sync init FOLDER"
)
Found = tuple[Header, list[tuple[int, bytes]]]
"""What a file says of itself, and its updates."""


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


class SyncFile(NamedTuple):
    """A file of a laptop, as its name tells."""

    path: Path
    number: int
    whole: bool


class Folder:
    """What lies in the folder now; read once a run."""

    def __init__(self, folder: str) -> None:
        """Raises UserError `bad-file` if it is not there."""
        self.root = Path(folder) / ROOT
        self.space = self.root / SPACE
        self._files: dict[str, dict[int, SyncFile]] = {}
        self.foreign: list[Found] = []  # what a copy of this home wrote under our numbers, once `harmed` was asked
        self.strange: list[Problem] = []  # what has no name of ours: a replicator's conflict copies
        if not Path(folder).is_dir():
            why = "Is a disk missing, or the replicator not running?"
            raise UserError("bad-file", f"the folder {folder} is not there", why)
        for place in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if place.is_dir() and _REPLICA.match(place.name):
                self._files[place.name] = self._look(place)
            elif place.name.startswith("space") and place.name != SPACE:
                why = "it is a second space file, as when two laptops began a space at once"
                self.strange.append(Problem(place.name, why))

    def replicas(self) -> list[str]:
        return list(self._files)

    def files(self, replica: str) -> dict[int, SyncFile]:
        """The files of a laptop by number; of two with one number the whole one."""
        return self._files.get(replica, {})

    def next(self, replica: str, heard: int) -> SyncFile | None:
        """The file that follows on what was heard of a laptop, or a whole one; None if there is none, or a gap."""
        there = self.files(replica)
        wholes = (there[number] for number in sorted(there) if number > heard and there[number].whole)
        return there.get(heard + 1) or next(wholes, None)

    def last_whole(self, replica: str) -> int:
        return max((file.number for file in self.files(replica).values() if file.whole), default=0)

    def open(self, replica: str, file: SyncFile, state: State) -> Found | Problem:
        """What a file holds, or why it cannot be read. Raises TooNewError."""
        label = f"{replica}/{file.path.name}"
        try:
            content = files.read_regular(file.path, _MOST)
            header, parts = sync_file.unseal(content, state.identities, SCHEMA_VERSION)
        except BadFileError as error:
            return Problem(label, str(error))
        except OSError as error:
            return Problem(label, f"it cannot be read: {error.strerror}")
        if header.space != state.space or (header.replica, header.number) != (replica, file.number):
            return Problem(label, "it is of another space, or has the name of another file")
        return header, parts

    def harmed(self, state: State, waiting: Iterable[tuple[int, str, bytes]]) -> Iterator[Problem]:
        """Files that this laptop gave and that others cannot read any more; the journal holds what was in them."""
        there = self.files(state.replica)
        wholes = {file.number for file in there.values() if file.whole}
        wholes |= {one[0] for one in waiting if one[1].endswith("-whole.age")}
        first, anew = max(wholes, default=1), "sync writes the files of this laptop anew"
        self.foreign, newer = [], ""
        if gone := sorted({*range(first, state.number + 1)} - there.keys() - {one[0] for one in waiting}):
            more = f", and {len(gone) - 1} after it" if gone[1:] else ""
            yield Problem(f"{state.replica}/{gone[0]:06}.age", f"it is missing{more}; {anew}")
        for file in [file for number, file in there.items() if number >= first]:
            known = state.digests.get(str(file.number))
            with suppress(OSError):
                if known is not None and known == digest(files.read_regular(file.path, _MOST)):
                    continue
            with suppress(sync_file.TooNewError):
                if isinstance(found := self.open(state.replica, file, state), Problem):
                    yield found._replace(problem=f"{found.problem}; {anew}")
                elif known is not None:
                    self.foreign.append(found)
                    why = f"it is not the one that was written here: {_COPIED}; {anew}"
                    yield Problem(f"{state.replica}/{file.path.name}", why)
                elif file.number > state.number:
                    newer = file.path.name
        if newer:
            why = f"it is newer than this journal: the journal was restored, or {_COPIED}; {anew}"
            yield Problem(f"{state.replica}/{newer}", why)

    def write(self, replica: str, name: str, content: bytes) -> None:
        """Put a file in its place; a whole one takes the place of all before it. Raises OSError."""
        place = self.root / replica
        self.put(place / name, content)
        found = _NAME.match(name)
        if found and found[2]:
            for file in self._look(place).values():
                if file.number < int(found[1]):
                    file.path.unlink(missing_ok=True)

    def put(self, path: Path, content: bytes) -> None:
        """Write a file where anything may stand. Raises OSError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.unlink()  # a pipe would be waited for, and what a link leads to is nothing of ours
        files.write(path, content)

    def _look(self, place: Path) -> dict[int, SyncFile]:
        found: dict[int, SyncFile] = {}
        for path in sorted(place.iterdir()):
            if (name := _NAME.match(path.name)) is not None:
                if name[2] or int(name[1]) not in found:
                    found[int(name[1])] = SyncFile(path, int(name[1]), bool(name[2]))
            elif path.suffix == ".age":
                why = "it has no name of trustlog's: a conflict copy?"
                self.strange.append(Problem(f"{place.name}/{path.name}", why))
        return found


WHOLE = frozenset({BASE})
"""What changed of a record that is new, or gone."""
PARTS = {table for table, section, _ in shapes.tables() if section not in shapes.SECTIONS or table != section.table}
"""The tables of what stands within a record."""
SECTION_OF = {table: section for section in shapes.SECTIONS for table, _, _ in shapes.tables((section,))}


_REFS = {"entries": "#{id}", "commitments": "L{id}", "reqs": "{code}"}
_DAYS = ("happened_on", "opened_on", "happened_at", "created_at")


def about(rows: Rows, name: Name) -> About:
    """How a person finds a record, by its row and those that it belongs to; nothing is known of one that is gone."""
    found = About()
    while (record := dict(rows.records(name.table, [name.uid])).get(name.uid)) is not None:
        if name.table == "managers":
            return found._replace(manager=record["handle"])
        ref = _REFS[name.table].format(id=rows.id(*name), **record) if name.table in _REFS else None
        day = next((record[column][:10] for column in _DAYS if column in record), None)
        found = About(found.ref or ref, None, found.day or day)
        owners = rows.tables[name.table].references.items()
        name = next((Name(one.target, record[column]) for column, one in owners if one.needed), Name("managers", ""))
    return found


class Document:
    """The document of one run, within the transaction that its caller holds.

    `early`: a journal that was restored, or that joins with records of its own, hears first what it may know already;
    `next_number` is that of the file that will give.
    """

    def __init__(self, journal: Journal, state: State, *, next_number: int, early: bool) -> None:
        self.documents, self.rows = Documents(journal), Rows(journal)
        self.changes: dict[Name, frozenset[str]] = {}
        self.sources: dict[Name, str] = {}
        self.conflicts: list[Conflict] = []
        self.taken: set[Name] = set()
        self.removed: set[Name] = set()
        self.absent: set[Name] = set()  # what changed and is no record of the document any more
        self.withheld: set[Name] = set()  # rows that are not given, so the document does not say how they are
        self.rejoined: set[str] = set()
        self.given: Counter[str] = Counter()
        self._journal, self._state, self._early, self._next = journal, state, early, next_number

    def fold(self, names: Iterable[Name]) -> None:
        """Write into the document what the records say here now."""
        by_table: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            by_table[name.table].append(name.uid)
            self.part(name)
        for table, uids in by_table.items():
            if table == sync.JOINED_TABLE:
                for uid in uids:
                    self.fold_joined(Name(table, uid))
                continue
            for some in (uids[at : at + MANY] for at in range(0, len(uids), MANY)):
                here = dict(self.rows.records(table, some))
                for uid in some:
                    self._fold_one(Name(table, uid), here.get(uid))

    def part(self, name: Name) -> None:
        """Whoever was one with another and is a row here again is so no more: undo took that back."""
        if name in self.rows.joined and self.rows.id(*name) is not None:
            self.rows.joined.pop(name)
            sync.join(self._journal, *name, kept=None)
            self.fold_joined(Name(sync.JOINED_TABLE, "/".join(name)))

    def fold_joined(self, name: Name) -> None:
        table, _, uid = name.uid.partition("/")
        kept = self.rows.joined.get((table, uid))
        self.rejoined.add(uid)
        self.document(name, private=False).write(name, {BASE: text_of({"kept": kept}) if kept else None})

    def _fold_one(self, name: Name, here: Record | None) -> None:
        private = self.rows.is_private(name, here)
        for one in (False, True) if private is None else (private,):
            if one and not self._state.own_drawer:
                continue
            self._write_record(self.document(name, private=one), name, here)

    def _write_record(self, document: Shard, name: Name, here: Record | None) -> None:
        there = document.records.get(name, {})
        changed: dict[str, str | None]
        if here is None:
            changed = dict.fromkeys(there)
            if name.table == "sittings":  # its answers go with it, and no trigger could say whose they were
                for other in [record for record in document.records if record.uid.startswith(f"{name.uid}/")]:
                    document.write(other, dict.fromkeys(document.records[other]))
        elif BASE not in there:
            changed = {**dict.fromkeys(there), BASE: text_of(here)}
        else:
            differs = domain.differences(here, self.rows.meant(name.table, record_of(there)))
            changed = {field: text_of(value) for field, value in differs.items()}
        if changed:
            document.write(name, changed)
            self.given[SECTION_OF[name.table].name] += name.table not in PARTS
            for field in changed if here is not None else ():
                if field != BASE or name.table in PARTS:
                    sync.wrote(self._journal, name, field, self._next)

    def document(self, name: Name, *, private: bool) -> Shard:
        return self.documents[name.shard(private=private)]

    def scrub(self, gone: str | None) -> None:
        """What is gone from the rows goes from the document, and what waits and belongs to somebody who is gone."""
        names = sync.touched(self._journal)
        sync.clear_touched(self._journal)
        self.fold(names)
        for _, document in self.documents.all() if gone is not None else ():
            for name, fields in list(document.records.items()):
                lost = name.table in PARTS and self.rows.id(*name) is None  # a part whose record is gone
                if lost or self.is_of(name, fields, {gone}):
                    document.write(name, dict.fromkeys(fields))
        self.documents.keep()

    def is_of(self, name: Name, fields: Fields, gone: Collection[str | None]) -> bool:
        """Whether a record is a manager who is gone, belongs to one, or was deleted and changed at once."""
        if BASE not in fields or name.uid in gone:
            return True
        owner = record_of(fields).get("manager_id")
        return owner is not None and self.rows.kept("managers", owner) in gone

    def change(self, name: Name, *fields: str) -> None:
        """Remember that fields of a record changed; thousands change whole, and share what says so."""
        known = self.changes.setdefault(name, WHOLE if fields == (BASE,) else frozenset(fields))
        if known is not WHOLE:
            self.changes[name] = known.union(fields)

    def there(self, name: Name) -> Record | None:
        """A record of the document; None if it is not in it, or is one with another."""
        fields = self.fields_of(name)
        return record_of(fields) if fields is not None else None

    def fields_of(self, name: Name) -> Fields | None:
        if name in self.rows.joined:
            return None
        number = name.shard(private=False)
        for shard in (number, number + PRIVATE):
            fields = self.documents[shard].records.get(name)
            if fields is not None and BASE in fields:
                return fields
        return None
