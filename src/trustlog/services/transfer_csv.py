"""Entries from CSV: rows become the records of which JSON is made, and go the same way."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, TypeVar

from trustlog.domain import people as people_domain
from trustlog.domain import text as text_domain
from trustlog.domain.entries import SIZES
from trustlog.domain.outcomes import Imported, Refused
from trustlog.errors import UserError
from trustlog.formats import csv_file, types
from trustlog.formats.csv_file import Row
from trustlog.formats.shapes import ENTRIES
from trustlog.services import finding
from trustlog.services import people as people_service
from trustlog.services.entries import check_words
from trustlog.services.transfer import BATCH, ImportOptions, ImportWork, import_all
from trustlog.store import people
from trustlog.store.journal import Journal, utc_text
from trustlog.store.transfer_in import Merger
from trustlog.store.transfer_out import Record

_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_REMEMBERED = 10_000
"""How many different words of a column, and days, are read only once."""


T = TypeVar("T")


def import_csv(journal: Journal, lines: Iterable[str], how: ImportOptions) -> Imported:
    """Take in a CSV file with a header of csv_file.COLUMNS: `manager`, one of `when` and `note`, and any others.

    Raises UserError `bad-file` if it is no such file or, unless `skip_refused`, if a row is refused.
    """
    return import_all(journal, how, lambda: _Import(journal, lines, how))


class _Import(ImportWork):
    """With what it knows of managers and roles."""

    def __init__(self, journal: Journal, lines: Iterable[str], how: ImportOptions) -> None:
        super().__init__(journal, how)
        self.lines = lines
        unsaid = dict.fromkeys(ENTRIES.fields) | {"kind": "note", "size": "m", "note": "", "tags": [], "evidence": True}
        unsaid |= _moment_fields(how.now) | {"created_at": utc_text(datetime.now(UTC))}
        del unsaid["uid"]
        self.merger = Merger(journal, update=how.update, private=False, unsaid=unsaid)
        self.waiting: list[tuple[int, Record]] = []
        """Entries that are written together, with the lines on which they begin."""
        self.learned: list[tuple[dict[str, Any], str, Any]] = []
        """What the row under way added to what is known, with what was there before."""
        self.managers = self.merger.references.ids["manager"]
        self.named: dict[str, tuple[str, ...]] = {}
        for manager in people.all_managers(journal):
            self._name(manager.handle, manager.name, manager.email or "")
        self.owners = {req.code: req.manager for req in people.reqs(journal)}
        self.meanings: dict[str, dict[str | None, Any]] = {}
        self.stamps = Stamps(how.moment)
        self.seen = 0
        self.new_managers, self.new_reqs = self.merger.references.made.values()

    def take_all(self) -> None:
        try:
            for line, row in csv_file.parse(self.lines, self.how.renamed):
                self._take(line, row)
        except csv_file.BadCsvError as error:
            raise UserError("bad-file", str(error), error.hint) from error
        self._write()
        self.refused += [Refused(line, why) for line, why in self.merger.finish()]
        self.merger.close()
        self.refused.sort(key=lambda refusal: int(refusal.row))

    def _take(self, line: int, row: Row | str) -> None:
        self.seen += 1
        if self.seen % 1_000 == 0:
            self.how.tick(1_000)
        if isinstance(row, str):
            self.refused.append(Refused(line, row))
            return
        # a refused row leaves nothing behind, no new manager and no new role either
        if self._names_someone_new(row):
            self._write()
            self.learned.clear()
            made = (len(self.new_managers), len(self.new_reqs))
            if not self.journal.attempt(lambda: self._take_in(line, row) and self._write()):
                for known, word, before in reversed(self.learned):
                    known.pop(word) if before is None else known.update({word: before})
                del self.new_managers[made[0] :], self.new_reqs[made[1] :]
        elif self._take_in(line, row) and len(self.waiting) >= BATCH:
            self._write()

    def _take_in(self, line: int, row: Row) -> bool:
        """Let a row wait to be written, or note why it is refused."""
        try:
            self.waiting.append((line, self._record(row)))
        except UserError as error:
            self.refused.append(Refused(line, error.message))
            return False
        return True

    def _write(self) -> bool:
        """Write what is waiting; whether nothing of it is refused."""
        refused = [Refused(line, why) for line, why in self.merger.take(ENTRIES, self.waiting)]
        self.refused += refused
        self.waiting.clear()
        return not refused

    def _names_someone_new(self, row: Row) -> bool:
        code = row.get("req") or ""
        return not self._meant(row["manager"]) or bool(code and code not in self.owners)

    def _meant(self, who: str) -> tuple[str, ...]:
        """The handles that a cell may mean: a handle, an address, a name, or `Ortiz, Dana`."""
        if who in self.managers:
            return (who,)
        word = people_domain.folded(who)
        if word in self.managers:
            return (word,)
        name, address = people_domain.addressed(word)
        return self.named.get(address) or self.named.get(name) or self.named.get(people_domain.turned(name)) or ()

    def _name(self, handle: str, *words: str) -> None:
        """Know a manager by these words, too: names, however they are turned, and addresses."""
        forms = {people_domain.folded(form) for said in words for form in (said, people_domain.turned(said))}
        for word in filter(None, forms):
            if handle not in self.named.get(word, ()):
                self._learn(self.named, word, (*self.named.get(word, ()), handle))

    def _record(self, row: Row) -> Record:
        """The row as a record of what it says; its manager and role are made if they are missing."""
        say = row.get
        record: Record = {
            "kind": self._once("kind", say("kind") or "note", lambda word: finding.kind(word, self.how.kind_words)),
            "size": self._once("size", say("size") or "m", lambda word: _word("size", word, SIZES)),
            "approach": self._once("approach", say("approach"), lambda word: _word("approach", word, ("push", "pull"))),
            "evidence": self._once("evidence", say("evidence") or "yes", _evidence),
            "tags": self._once("tags", say("tags"), _tags) or [],
            "channel": self._once(
                "channel", say("channel"), lambda word: finding.checked(text_domain.line, word, "the channel")
            ),
            "note": _text(row, "note") or "",
            "did": _text(row, "did"),
            "changed": _text(row, "changed"),
        }
        check_words(record["kind"], record["note"], record["did"], record["changed"])
        uid = (say("uid") or "").strip()
        if uid and (why := types.UID.why(uid)):
            raise UserError("bad-field", f"uid {why}")
        happened_at = self._moment(say("when") or "")
        record["manager"] = self._manager(row)
        record["req"] = self._req(say("req") or "", record["manager"], happened_at)
        told = {name: value for name, value in record.items() if name in row}
        return told | ({"uid": uid} if uid else {}) | (_moment_fields(happened_at) if say("when") else {})

    def _once(self, column: str, word: str | None, check: Callable[[str], T]) -> T:
        """What a word of a column means, worked out once; None for an empty one."""
        found = self.meanings.setdefault(column, {"": None, None: None})
        if word not in found:
            meant = check(word or "")
            if len(found) > _REMEMBERED:
                return meant
            found[word] = meant
        return found[word]  # type: ignore[no-any-return]  # each column has a type of its own

    def _moment(self, when: str) -> datetime:
        moment = self.stamps.moment(when) if when else self.how.now
        if moment > self.how.now:
            raise UserError("future-date", f'"{when}" has not come yet')
        return moment

    def _manager(self, row: Row) -> str:
        known = self._meant(row["manager"])
        if len(known) > 1:
            could_be = f'"{row["manager"]}" could be {" or ".join(known)}; write the handle'
            raise UserError("ambiguous-manager", could_be)
        if known:
            return known[0]
        said, email = people_domain.addressed(row["manager"])
        who = finding.checked(text_domain.line, people_domain.turned(said) or email, "the manager")
        name = people_domain.spaced(row.get("name") or who)
        details = {"name": name, "email": email or None} | ({"team": row["team"]} if row.get("team") else {})
        made = people_service.create_manager(self.journal, who, None, details, taken=self.managers)
        self._learn(self.managers, made.handle, made.id)
        self._name(made.handle, made.name, who, email)
        self.new_managers.append(made.handle)
        return made.handle

    def _learn(self, known: dict[str, T], word: str, meant: T) -> None:
        self.learned.append((known, word, known.get(word)))
        known[word] = meant

    def _req(self, code: str, handle: str, opened: datetime) -> str | None:
        if not code:
            return None
        if code not in self.owners:
            people_service.checked_code(code)
            made = people.add_req(self.journal, self.managers[handle], code, code, opened.date())
            self._learn(self.merger.references.ids["req"], code, made)
            self._learn(self.owners, code, handle)
            self.new_reqs.append(code)
        if self.owners[code] != handle:
            raise UserError("conflict", f"the role {code} belongs to {self.owners[code]}")
        return code


def _word(column: str, word: str, choices: Collection[str]) -> str:
    found = word.strip().lower()
    if found not in choices:
        raise UserError("bad-field", f'{column} cannot be "{word}"')
    return found


def _text(row: Row, name: str) -> str | None:
    said = row.get(name)
    return finding.checked(text_domain.checked, said, f"the {name}") if said else None


def _evidence(word: str) -> bool:
    found = _YES_NO.get(word.strip().lower())
    if found is None:
        raise UserError("bad-field", f'evidence cannot be "{word}"')
    return found


def _tags(words: str) -> list[str]:
    return list(dict.fromkeys(finding.checked(text_domain.tag, tag) for tag in words.split(",") if tag))


def _moment_fields(moment: datetime) -> Record:
    """A moment as a record has it, with the day that was meant."""
    return {"happened_at": moment.isoformat(timespec="seconds"), "happened_on": moment.date().isoformat()}


_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII)
_PLACED = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:0\d|1\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII
)


class Stamps:
    """Moments as `read` reads them; a time that was written with the offset of its place keeps it."""

    def __init__(self, read: Callable[[str], datetime]) -> None:
        self._read = lru_cache(_REMEMBERED)(read)
        self._zones: dict[str, tzinfo | None] = {}
        self._days: set[str] = set()

    def moment(self, text: str) -> datetime:
        """Raises UserError `bad-date`."""
        if _PLAIN.match(text):
            zone = self._zone(text[:10])
            if zone is not None:
                return datetime.fromisoformat(text).replace(tzinfo=zone)
        elif _PLACED.match(text):
            if text[:10] not in self._days:  # it is a day, in years that the journal holds
                self._read(f"{text[:10]}T12:00:00Z")
                self._days.add(text[:10])
            return datetime.fromisoformat(text)
        return self._read(text)

    def _zone(self, day: str) -> tzinfo | None:
        """The zone of a whole day; None if it is not the same at both its ends, or is read at neither."""
        if day not in self._zones:
            try:
                first, last = self._read(f"{day}T00:00:00"), self._read(f"{day}T23:59:59")
                same = first.utcoffset() == last.utcoffset() and (last - first).total_seconds() == 24 * 3600 - 1
                self._zones[day] = first.tzinfo if same else None
            except UserError:
                self._zones[day] = None
        return self._zones[day]
