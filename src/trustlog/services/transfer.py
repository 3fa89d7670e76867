"""Import as one change that can be rehearsed, our own JSON in pieces, and export piece by piece."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from trustlog import files
from trustlog.domain import asking
from trustlog.domain import private as private_domain
from trustlog.domain.conversations import PUBLIC
from trustlog.domain.outcomes import Exported, Imported, Refused, Tally
from trustlog.domain.scripts import Field
from trustlog.domain.text import BadAnswerError, plural
from trustlog.domain.trust import Parameters
from trustlog.errors import UserError
from trustlog.formats import csv_file, json_file, shapes
from trustlog.formats.json_file import BadDocumentError
from trustlog.formats.shapes import ENTRIES, MANAGERS, BadShapeError, Section
from trustlog.services import finding
from trustlog.services.snapshots import MANY
from trustlog.store import transfer_out, trust
from trustlog.store.journal import Journal, utc_moment
from trustlog.store.transfer_in import Merger

BATCH = 1_000
"""Records that are checked, matched and written together."""


class ImportOptions(NamedTuple):
    """How to import: what words mean, and what may happen."""

    moment: Callable[[str], datetime]
    now: datetime
    kind_words: finding.KindWords
    skip_refused: bool = False
    update: bool = False
    dry_run: bool = False
    before_many: Callable[[], object] = lambda: None
    """Called before the end of an import of many entries; others still see the journal as it was."""
    renamed: Mapping[str, str] = {}
    """Foreign headers of a CSV file, and what they are here."""
    fields: Callable[[str], Mapping[str, Field]] = lambda _: {}
    """The questions of a part of a conversation, whose answers are checked."""
    tick: Callable[[int], None] = lambda _: None
    """Told how many rows were looked at, now and then."""
    parameters: Parameters | None = None
    """By what the months of a long past are summed when many entries came; None leaves it to who reads them first."""


class ImportWork(ABC):
    """One import under way: what it refused, and the merger that wrote the rest."""

    merger: Merger

    def __init__(self, journal: Journal, how: ImportOptions) -> None:
        self.journal, self.how = journal, how
        self.refused: list[Refused] = []

    @abstractmethod
    def take_all(self) -> None:
        """Read, check, match and write everything, but for what is refused."""

    def done(self) -> Imported:
        """What it came to."""
        entries = Tally(**self.merger.counts.get(ENTRIES.name, Counter()))
        described, made = self.merger.described, self.merger.references.made
        return Imported(
            entries.added, entries.unchanged, entries.updated, tuple(self.refused),
            (*described[MANAGERS.name], *made["manager"]), (*described[shapes.REQS.name], *made["req"]),
            self.how.dry_run,
        )  # fmt: skip


class _Rehearsed(Exception):  # noqa: N818 - no error: a dry run leaves the transaction by it
    pass


def import_all(journal: Journal, how: ImportOptions, begin: Callable[[], ImportWork]) -> Imported:
    """One import as one change. Raises what `take_all` raises, and UserError for what was refused unless skipped."""
    try:
        with journal.change("import") as change:
            work = begin()  # knows what is there once nobody else writes
            work.take_all()
            if work.refused and not how.skip_refused:
                raise stopped(work.refused)
            done = work.done()
            if done.added > MANY and not how.dry_run:
                how.before_many()
                if how.parameters is not None:
                    trust.sum_up(journal, how.now.date(), how.parameters)
            change.summary = imported(done.added, sum(tally.updated for tally in done.tallies.values()) or done.updated)
            if how.dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return done


def imported(added: int, updated: int, noun: str = "entry", many: str = "entries") -> str:
    """An import in the list of changes: `3 entries`, `1 entry and 1 updated`, `1 updated`."""
    parts = [plural(added, noun, many)] if added or not updated else []
    return " and ".join(parts + ([f"{updated} updated"] if updated else []))


def stopped(refused: Sequence[Refused]) -> UserError:
    """What is said when something was refused: the first few, and how many more."""
    shown = "; ".join(f"{refusal.place}: {refusal.why}" for refusal in refused[:5])
    more = f"; and {len(refused) - 5} more" if len(refused) > 5 else ""
    return UserError(
        "conflict" if all(refusal.why.startswith("conflict") for refusal in refused) else "bad-file",
        f"nothing was imported: {shown}{more}",
        "Mend them, or leave them out with --skip-refused.",
    )


def import_json(journal: Journal, pieces: Iterable[str], how: ImportOptions) -> Imported:
    """Merge a document that `export` wrote.

    Raises UserError `too-new`, `bad-file`, and unless `skip_refused`, `conflict` or `bad-file` for what is refused.
    """
    return import_all(journal, how, lambda: _Merge(journal, pieces, how))


class _Merge(ImportWork):
    def __init__(self, journal: Journal, pieces: Iterable[str], how: ImportOptions) -> None:
        super().__init__(journal, how)
        self.pieces = pieces

    def take_all(self) -> None:
        try:
            self._take(json_file.parse(self.pieces))
        except json_file.TooNewError as error:
            raise UserError("too-new", str(error), "Upgrade trustlog and import it again.") from error
        except BadDocumentError as error:
            raise UserError("bad-file", str(error), "Nothing was imported.") from error
        except UnicodeDecodeError as error:
            raise UserError("bad-file", "the file is not UTF-8", "Nothing was imported.") from error

    def _take(self, members: Iterator[tuple[str, int, Any]]) -> None:
        """Raises BadDocumentError and what reading raises."""
        _, _, private = next(members)
        self.merger = Merger(self.journal, update=self.how.update, private=private)
        for name, found in groupby(members, key=itemgetter(0)):
            section = shapes.BY_NAME[name]
            if section.private and not private:
                raise BadDocumentError(f"{name}: stands there, although the file says that no reflections do")
            while batch := list(islice(found, BATCH)):
                checked = self._checked(section, batch, private=private)
                self._refuse(section.name, self.merger.take(section, checked))
                self.how.tick(len(batch))
        self._refuse(ENTRIES.name, self.merger.finish())
        self.merger.close()

    def done(self) -> Imported:
        tallies = {name: Tally(**found) for name, found in self.merger.counts.items() if any(found.values())}
        return super().done()._replace(tallies=tallies)

    def _checked(self, section: Section, batch: list[tuple[str, int, Any]], *, private: bool) -> list[tuple[int, Any]]:
        fine = []
        for _, number, record in batch:
            try:
                shapes.check(section, record, private=private)
                self._check_sense(section, record)
            except BadShapeError as error:
                at = f"{section.name}[{number}]" + (f".{error.at}" if error.at else "")
                self.refused.append(Refused(at, error.why))
            else:
                fine.append((number, record))
        return fine

    def _refuse(self, name: str, refusals: Iterable[tuple[int, str]]) -> None:
        self.refused += [Refused(f"{name}[{number}]", why) for number, why in refusals]

    def _check_sense(self, section: Section, record: Any) -> None:
        """What the shape alone does not say: times that have come, answers that their questions take."""
        if section is ENTRIES:
            self._check_time(record["happened_at"], record["happened_on"])
        if section is shapes.CONVERSATIONS:
            for number, sitting in enumerate(record["sittings"]):
                for drawer in ("answers", "reflections"):
                    self._check_answers(f"sittings[{number}].{drawer}", drawer, sitting)
        if section is shapes.BOUNDARY_CHECKS:
            for question, answer in record["answers"].items():
                if question not in private_domain.QUESTIONS or not isinstance(answer, bool):
                    raise BadShapeError("answers", f"{question!a} is no question, or its answer no yes or no")
        if section is shapes.PROFILE:
            try:
                private_domain.check(record["field"], record["value"])
            except BadAnswerError as error:
                raise BadShapeError("value", str(error)) from error

    def _check_time(self, moment: str, day: str) -> None:
        if utc_moment(moment) > self.how.now:
            raise BadShapeError("happened_at", "has not come yet")
        if day != moment[:10]:
            raise BadShapeError("happened_on", "is another day than that of happened_at")

    def _check_answers(self, at: str, drawer: str, sitting: Any) -> None:
        fields = self.how.fields(sitting["part"])
        for name, value in sitting.get(drawer, {}).items():
            if (name in PUBLIC) != (drawer == "answers"):
                raise BadShapeError(f"{at}.{ascii(name)[1:-1]}", "belongs into the other drawer")
            field = fields.get(name)
            if field is None:
                continue
            try:
                told = list(range(1, len(value) + 1)) if field.type == "entries" and isinstance(value, list) else value
                asking.check(field, told)
            except BadAnswerError as error:
                raise BadShapeError(f"{at}.{name}", str(error)) from error
            if field.type == "entries" and not all(isinstance(one, str) for one in value or ()):
                raise BadShapeError(f"{at}.{name}", "must be a list of uids of entries")


FORMATS = ("json", "csv")
PIECE = 1 << 18
"""Characters that are written at once."""


class ExportWanted(NamedTuple):
    """What is exported, and as what. JSON is always everything."""

    form: str
    private: bool = False
    manager: str | None = None
    since: date | None = None
    until: date | None = None
    tick: Callable[[int], None] = lambda _: None


def form_of(file: str | None, form: str | None) -> str:
    """The format that is meant: the one that is named, else the file's, else JSON."""
    if form is not None:
        return form
    named = Path(file).suffix.lower().removeprefix(".") if file else "json"
    if named not in FORMATS:
        raise UserError("needs-answer", f"{file} does not say which format it is", f"Add --format {'|'.join(FORMATS)}.")
    return named


def export_document(journal: Journal, wanted: ExportWanted) -> Iterator[bytes]:
    """The document in pieces, as one moment of the journal. Raises UserError `unknown-manager`, `bad-field`."""
    with transfer_out.snapshot(journal):
        yield from _document(journal, wanted)


def _document(journal: Journal, wanted: ExportWanted) -> Iterator[bytes]:
    if wanted.form == "csv":
        made = csv_file.dump(_rows(journal, *_where(journal, wanted)))
    elif wanted.manager is not None or wanted.since is not None or wanted.until is not None:
        raise UserError("bad-field", "JSON holds the whole journal", "Narrow with --format csv.")
    else:
        made = json_file.dump(transfer_out.sections(journal, private=wanted.private), private=wanted.private)
    yield from _joined(made, wanted.tick)


def export_to_file(journal: Journal, wanted: ExportWanted, file: Path) -> Exported:
    """Write the document for its owner alone, whole or not at all, over what stands there."""
    with transfer_out.snapshot(journal):
        files.write_pieces(file, _document(journal, wanted))
        entries = transfer_out.count(journal, *_where(journal, wanted))
    return Exported(str(file), wanted.form, entries, wanted.private or wanted.form == "csv")


def _joined(pieces: Iterable[str], tick: Callable[[int], None]) -> Iterator[bytes]:
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(waiting).encode()
            tick(len(waiting))
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _where(journal: Journal, wanted: ExportWanted) -> tuple[str, list[Any]]:
    tests = {
        "t.manager_id = ?": finding.manager(journal, wanted.manager).id if wanted.manager is not None else None,
        "t.happened_on >= ?": wanted.since.isoformat() if wanted.since else None,
        "t.happened_on <= ?": wanted.until.isoformat() if wanted.until else None,
    }
    used = {test: value for test, value in tests.items() if value is not None}
    return " AND ".join(used), list(used.values())


def _rows(journal: Journal, where: str, bound: list[Any]) -> Iterator[dict[str, str | None]]:
    people = {one["handle"]: one for _, one in transfer_out.records(journal, MANAGERS)}
    for _, entry in transfer_out.records(journal, ENTRIES, where, bound):
        manager = people[entry["manager"]]
        yield entry | {
            "name": manager["name"], "team": manager["team"], "when": entry["happened_at"],
            "evidence": "yes" if entry["evidence"] else "no", "tags": ",".join(entry["tags"]),
        }  # fmt: skip
