"""Our own JSON: every record checked, matched, added; all or nothing."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from trustlog.domain import asking
from trustlog.domain import private as private_domain
from trustlog.domain.conversations import PUBLIC
from trustlog.domain.outcomes import Imported, Refused, Tally
from trustlog.domain.text import BadAnswerError
from trustlog.errors import UserError
from trustlog.formats import json_file, shapes
from trustlog.formats.json_file import BadDocumentError
from trustlog.formats.shapes import BadShapeError, Section
from trustlog.services.transfer import BATCH, ImportOptions, import_all
from trustlog.store import transfer_in
from trustlog.store.journal import Journal, utc_moment

Numbered = tuple[int, Any]


def import_json(journal: Journal, pieces: Iterable[str], how: ImportOptions) -> Imported:
    """Merge a document that `export` wrote.

    Raises UserError `too-new`, `bad-file`, and unless `skip_refused`, `conflict` or `bad-file` for what is refused.
    """
    return import_all(journal, how, lambda: _Merge(journal, pieces, how))


class _Merge:
    """One import under way."""

    def __init__(self, journal: Journal, pieces: Iterable[str], how: ImportOptions) -> None:
        self.journal, self.pieces, self.how = journal, pieces, how
        self.refused: list[Refused] = []

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
        self.merger = transfer_in.Merger(self.journal, update=self.how.update, private=private)
        for name, found in groupby(members, key=itemgetter(0)):
            section = shapes.BY_NAME[name]
            if section.private and not private:
                raise BadDocumentError(f"{name}: stands there, although the file says that no reflections do")
            while batch := list(islice(found, BATCH)):
                checked = self._checked(section, batch, private=private)
                self._refuse(section.name, self.merger.take(section, checked))
                self.how.tick(len(batch))
        self._refuse(shapes.ENTRIES.name, self.merger.finish())
        self.merger.close()

    def done(self) -> Imported:
        """What it came to, so far."""
        tallies = {name: Tally(**found) for name, found in self.merger.counts.items() if any(found.values())}
        entries = tallies.get(shapes.ENTRIES.name, Tally())
        described = self.merger.described
        made = self.merger.references.made
        return Imported(
            entries.added, entries.unchanged, entries.updated, tuple(self.refused),
            (*described[shapes.MANAGERS.name], *made["manager"]), (*described[shapes.REQS.name], *made["req"]),
            self.how.dry_run, tallies,
        )  # fmt: skip

    def _checked(self, section: Section, batch: list[tuple[str, int, Any]], *, private: bool) -> list[Numbered]:
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
        if section is shapes.ENTRIES:
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
