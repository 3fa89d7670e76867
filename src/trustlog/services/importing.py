"""Taking in entries from CSV: read, check, match, write; all or nothing."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from trustlog.domain import names, text
from trustlog.domain.imported import Imported, Refused
from trustlog.domain.kinds import SIZES
from trustlog.domain.model import MAX_TEXT, NewEntry
from trustlog.errors import UserError
from trustlog.services import finding, managing
from trustlog.services.adding import check_words
from trustlog.store import bulk, people
from trustlog.store.journal import Journal

COLUMNS = (
    "uid", "manager", "name", "team", "kind", "size", "when", "channel", "req", "approach", "evidence", "tags", "note",
)  # fmt: skip
_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
# a cell that a spreadsheet would run is kept from it by a leading apostrophe
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")

Row = dict[str, str]


class How(NamedTuple):
    """How to import: what words mean, and what may happen."""

    moment: Callable[[str], datetime]
    now: datetime
    aliases: Callable[[], dict[str, str]]
    skip_refused: bool = False
    update: bool = False
    dry_run: bool = False


class _Leave(Exception):  # noqa: N818 - no error: a dry run leaves the transaction by it
    pass


def import_csv(journal: Journal, lines: Iterable[str], how: How) -> Imported:
    """Take in a CSV file with a header of COLUMNS: `manager`, one of `when` and `note`, and any others.

    Raises UserError `bad-file` if it is no such file or, unless `skip_refused`, if a row is refused.
    """
    try:
        with journal.change("import") as change:
            work = _Import(journal, how)  # knows what is there once nobody else writes
            for line, row in _rows(lines):
                work.take(line, row)
            work.writer.flush()
            if work.refused and not how.skip_refused:
                raise _stopped(work.refused)
            change.summary = f"{work.writer.added} entries"
            if how.dry_run:
                raise _Leave
    except _Leave:
        pass
    return Imported(
        work.writer.added, work.writer.unchanged, work.writer.updated, tuple(work.refused),
        tuple(work.new_managers), tuple(work.new_reqs), how.dry_run,
    )  # fmt: skip


class _Import:
    """One import under way: what it knows of managers and roles, and what it refused."""

    def __init__(self, journal: Journal, how: How) -> None:
        self.journal, self.how = journal, how
        self.writer = bulk.Writer(journal, update=how.update)
        self.managers = {one.handle: one.id for one in people.all_managers(journal)}
        self.named = {names.folded(name): handle for handle, name in people.names(journal)}
        self.reqs = {one.code: (one.id, one.manager) for one in people.reqs(journal)}
        self.kinds: dict[str, str] = {}
        self.refused: list[Refused] = []
        self.new_managers: list[str] = []
        self.new_reqs: list[str] = []

    def take(self, line: int, row: Row | str) -> None:
        if isinstance(row, str):
            self.refused.append(Refused(line, row))
            return
        # a refused row leaves nothing behind, no new manager and no new role either
        if self._names_someone_new(row):
            self.writer.flush()
            known = (dict(self.managers), dict(self.named), dict(self.reqs))
            made = (len(self.new_managers), len(self.new_reqs))
            with self.journal.attempt() as attempt:
                attempt.keep = self._taken(line, row)
            if not attempt.keep:
                self.managers, self.named, self.reqs = known
                del self.new_managers[made[0] :], self.new_reqs[made[1] :]
        else:
            self._taken(line, row)

    def _taken(self, line: int, row: Row) -> bool:
        """Take a row in, or note why it is refused."""
        try:
            problem = self.writer.take(self._entry(row), dated=bool(row.get("when")))
        except UserError as error:
            problem = error.message
        if problem:
            self.refused.append(Refused(line, problem))
        return not problem

    def _names_someone_new(self, row: Row) -> bool:
        who, code = row["manager"].strip(), row.get("req") or ""
        return (who not in self.managers and names.folded(who) not in self.named) or bool(
            code and code not in self.reqs
        )

    def _entry(self, row: Row) -> NewEntry:
        """The row as an entry; its manager and role are made if they are missing."""
        kind = self._kind(row.get("kind") or "note")
        size = (row.get("size") or "m").strip().lower()
        if size not in SIZES:
            raise UserError("bad-field", f'size cannot be "{size}"')
        approach = (row.get("approach") or "").strip().lower() or None
        if approach not in (None, "push", "pull"):
            raise UserError("bad-field", f'approach cannot be "{approach}"')
        evidence = _YES_NO.get((row.get("evidence") or "").strip().lower())
        if evidence is None:
            raise UserError("bad-field", f'evidence cannot be "{row["evidence"]}"')
        note = finding.checked(text.checked, row.get("note", ""), "the note")
        check_words(kind, note)
        tags = tuple(dict.fromkeys(finding.checked(text.tag, tag) for tag in (row.get("tags") or "").split(",") if tag))
        channel = finding.checked(text.line, row["channel"], "the channel") if row.get("channel") else None
        happened_at = self._moment(row.get("when", ""))
        handle = self._manager(row)
        return NewEntry(
            manager_id=self.managers[handle], kind=kind, happened_at=happened_at, size=size, note=note,
            channel=channel, req_id=self._req(row.get("req") or "", handle, happened_at), approach=approach,
            tags=tags, evidence=evidence, uid=row.get("uid") or None,
        )  # fmt: skip

    def _kind(self, word: str) -> str:
        if word not in self.kinds:
            self.kinds[word] = finding.kind(word, self.how.aliases)
        return self.kinds[word]

    def _moment(self, when: str) -> datetime:
        moment = self.how.moment(when) if when else self.how.now
        if moment > self.how.now:
            raise UserError("future-date", f'"{when}" has not come yet')
        return moment

    def _manager(self, row: Row) -> str:
        who = finding.checked(text.line, row["manager"], "the manager")
        handle = who if who in self.managers else self.named.get(names.folded(who), "")
        if handle:
            return handle
        name = (row.get("name") or who).strip()
        details = {"name": name} | ({"team": row["team"]} if row.get("team") else {})
        made = managing.create(self.journal, who, None, details)
        self.managers[made.handle] = made.id
        self.named[names.folded(made.name)] = made.handle
        if who != made.handle:
            self.named[names.folded(who)] = made.handle
        self.new_managers.append(made.handle)
        return made.handle

    def _req(self, code: str, handle: str, opened: datetime) -> int | None:
        if not code:
            return None
        if code not in self.reqs:
            code = finding.checked(text.line, code, "the role")
            made = people.add_req(self.journal, self.managers[handle], code, code, opened.date())
            self.reqs[code] = (made, handle)
            self.new_reqs.append(code)
        req_id, owner = self.reqs[code]
        if owner != handle:
            raise UserError("conflict", f"the role {code} belongs to {owner}")
        return req_id


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Row | str]]:
    """Each row with the line it begins on; a row that does not fit the header as words about it."""
    csv.field_size_limit(MAX_TEXT * 2)  # a longer cell is refused by name, not by the reader
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        begins = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                yield begins, f"{len(cells)} cells under {len(header)} headers"
            elif cells:
                yield begins, {name: _restored(cell) for name, cell in zip(header, cells, strict=True)}
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UserError("bad-file", f"line {reader.line_num}: {error}", "Save it as CSV once more.") from error
    except UnicodeDecodeError as error:
        raise UserError(
            "bad-file", f"line {reader.line_num + 1} or a later one is not UTF-8", "Save it as UTF-8."
        ) from error


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) < len(header):
        what = f'the header "{unknown[0]}" is not known' if unknown else "a header stands twice"
        raise UserError("bad-file", f"line 1: {what}", f"Headers are: {','.join(COLUMNS)}.")
    if "manager" not in header or not {"when", "note"} & set(header):
        raise UserError(
            "bad-file",
            "line 1: the headers need manager, and when or note",
            f"Headers are: {','.join(COLUMNS)}.",
        )


def _restored(cell: str) -> str:
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _stopped(refused: list[Refused]) -> UserError:
    shown = "; ".join(f"line {one.row}: {one.why}" for one in refused[:5])
    more = f"; and {len(refused) - 5} more" if len(refused) > 5 else ""
    return UserError(
        "bad-file",
        f"nothing was imported: {shown}{more}",
        "Mend them, or leave them out with --skip-refused.",
    )
