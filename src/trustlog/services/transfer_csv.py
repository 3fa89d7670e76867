"""Entries from CSV: read, check, match, write; all or nothing."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, tzinfo
from typing import Any, TypeVar

from trustlog.domain import people as people_domain
from trustlog.domain import text as text_domain
from trustlog.domain.entries import SIZES, EntryDraft
from trustlog.domain.outcomes import Imported, Refused
from trustlog.errors import UserError
from trustlog.formats import csv_file, types
from trustlog.formats.csv_file import Row
from trustlog.services import finding
from trustlog.services import people as people_service
from trustlog.services.entries import check_words
from trustlog.services.transfer import ImportOptions, import_all
from trustlog.store import people, transfer_bulk
from trustlog.store.journal import Journal

_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_REMEMBERED = 10_000
"""How many different words of a column are checked only once."""


T = TypeVar("T")


def import_csv(journal: Journal, lines: Iterable[str], how: ImportOptions) -> Imported:
    """Take in a CSV file with a header of csv_file.COLUMNS: `manager`, one of `when` and `note`, and any others.

    Raises UserError `bad-file` if it is no such file or, unless `skip_refused`, if a row is refused.
    """
    return import_all(journal, how, lambda: _Import(journal, lines, how))


class _Import:
    """One import under way: what it knows of managers and roles, and what it refused."""

    def __init__(self, journal: Journal, lines: Iterable[str], how: ImportOptions) -> None:
        self.journal, self.lines, self.how = journal, lines, how
        self.writer = transfer_bulk.Writer(journal, update=how.update)
        self.learned: list[tuple[dict[str, Any], str, Any]] = []
        """What the row under way added to what is known, with what was there before."""
        self.managers = {manager.handle: manager.id for manager in people.all_managers(journal)}
        self.named: dict[str, tuple[str, ...]] = {}
        for manager in people.all_managers(journal):
            self._name(manager.handle, manager.name, manager.email or "")
        self.reqs = {req.code: (req.id, req.manager) for req in people.reqs(journal)}
        self.meanings: dict[str, dict[str | None, Any]] = {}
        self.stamps = Stamps(how.moment)
        self.seen = 0
        self.refused: list[Refused] = []
        self.new_managers: list[str] = []
        self.new_reqs: list[str] = []

    def take_all(self) -> None:
        try:
            for line, row in csv_file.parse(self.lines, self.how.renamed):
                self._take(line, row)
        except csv_file.BadCsvError as error:
            raise UserError("bad-file", str(error), error.hint) from error
        self.writer.finish()

    def done(self) -> Imported:
        return Imported(
            self.writer.added, self.writer.unchanged, self.writer.updated, tuple(self.refused),
            tuple(self.new_managers), tuple(self.new_reqs), self.how.dry_run,
        )  # fmt: skip

    def _take(self, line: int, row: Row | str) -> None:
        self.seen += 1
        if self.seen % 1_000 == 0:
            self.how.tick(1_000)
        if isinstance(row, str):
            self.refused.append(Refused(line, row))
            return
        # a refused row leaves nothing behind, no new manager and no new role either
        if self._names_someone_new(row):
            self.writer.flush()
            self.learned.clear()
            made = (len(self.new_managers), len(self.new_reqs))
            with self.journal.attempt() as attempt:
                attempt.keep = self._taken(line, row)
            if not attempt.keep:
                for known, word, before in reversed(self.learned):
                    known.pop(word) if before is None else known.update({word: before})
                del self.new_managers[made[0] :], self.new_reqs[made[1] :]
        else:
            self._taken(line, row)

    def _taken(self, line: int, row: Row) -> bool:
        """Take a row in, or note why it is refused."""
        try:
            problem = self.writer.take(self._entry(row), row)
        except UserError as error:
            problem = error.message
        if problem:
            self.refused.append(Refused(line, problem))
        return not problem

    def _names_someone_new(self, row: Row) -> bool:
        code = row.get("req") or ""
        return not self._meant(row["manager"]) or bool(code and code not in self.reqs)

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
        for word in {people_domain.folded(form) for said in words for form in (said, people_domain.turned(said))} - {
            ""
        }:
            if handle not in self.named.get(word, ()):
                self._learn(self.named, word, (*self.named.get(word, ()), handle))

    def _entry(self, row: Row) -> EntryDraft:
        """The row as an entry; its manager and role are made if they are missing."""
        say = row.get
        kind = self._once("kind", say("kind") or "note", self._kind)
        size = self._once("size", say("size") or "m", lambda word: _word("size", word, SIZES))
        approach = self._once("approach", say("approach"), lambda word: _word("approach", word, ("push", "pull")))
        evidence = self._once("evidence", say("evidence") or "yes", _evidence)
        tags = self._once("tags", say("tags"), _tags) or ()
        channel = self._once(
            "channel", say("channel"), lambda word: finding.checked(text_domain.line, word, "the channel")
        )
        note, did, changed = (
            finding.checked(text_domain.checked, said, f"the {name}") if (said := say(name)) else ""
            for name in ("note", "did", "changed")
        )
        check_words(kind, note, did, changed)
        uid = (say("uid") or "").strip() or None
        if uid and (why := types.UID.why(uid)):
            raise UserError("bad-field", f"uid {why}")
        happened_at = self._moment(say("when") or "")
        handle = self._manager(row)
        return EntryDraft(
            self.managers[handle], kind, happened_at, size, note, channel,
            self._req(say("req") or "", handle, happened_at), approach, tags, evidence, did or None, changed or None,
            uid,
        )  # fmt: skip

    def _once(self, column: str, word: str | None, check: Callable[[str], T]) -> T:
        """What a word of a column means, worked out once; None for an empty one."""
        found = self.meanings.setdefault(column, {"": None, None: None})
        if word not in found:
            meant = check(word or "")
            if len(found) > _REMEMBERED:
                return meant
            found[word] = meant
        return found[word]  # type: ignore[no-any-return]  # each column has a type of its own

    def _kind(self, word: str) -> str:
        return finding.kind(word, self.how.kind_words)

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

    def _req(self, code: str, handle: str, opened: datetime) -> int | None:
        if not code:
            return None
        if code not in self.reqs:
            people_service.checked_code(code)
            made = people.add_req(self.journal, self.managers[handle], code, code, opened.date())
            self._learn(self.reqs, code, (made, handle))
            self.new_reqs.append(code)
        req_id, owner = self.reqs[code]
        if owner != handle:
            raise UserError("conflict", f"the role {code} belongs to {owner}")
        return req_id


def _word(column: str, word: str, choices: Collection[str]) -> str:
    found = word.strip().lower()
    if found not in choices:
        raise UserError("bad-field", f'{column} cannot be "{word}"')
    return found


def _evidence(word: str) -> bool:
    found = _YES_NO.get(word.strip().lower())
    if found is None:
        raise UserError("bad-field", f'evidence cannot be "{word}"')
    return found


def _tags(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.checked(text_domain.tag, tag) for tag in words.split(",") if tag))


_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII)
_PLACED = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:0\d|1\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII
)


class Stamps:
    """Moments as `read` reads them; a time that was written with the offset of its place keeps it."""

    def __init__(self, read: Callable[[str], datetime]) -> None:
        self._read = read
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
