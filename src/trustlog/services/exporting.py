"""Writing the journal out: everything as JSON, entries as CSV or Markdown, piece by piece."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from trustlog import files
from trustlog.domain.outcomes.imported import Exported
from trustlog.errors import UserError
from trustlog.formats import csv_file, json_file, markdown_file
from trustlog.formats.shapes import CONVERSATIONS, ENTRIES, MANAGERS
from trustlog.services import finding
from trustlog.store.journal import Journal
from trustlog.store.records import outgoing

FORMATS = ("json", "csv", "markdown")
SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown", ".markdown": "markdown"}
PIECE = 1 << 18
"""Characters that are written at once."""


class Wanted(NamedTuple):
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
    suffix = Path(file).suffix.lower() if file else ".json"
    if suffix not in SUFFIXES:
        raise UserError("needs-answer", f"{file} does not say which format it is", f"Add --format {'|'.join(FORMATS)}.")
    return SUFFIXES[suffix]


def document(journal: Journal, wanted: Wanted) -> Iterator[bytes]:
    """The document in pieces, as one moment of the journal. Raises UserError `unknown-manager`, `bad-field`."""
    with outgoing.snapshot(journal):
        yield from _document(journal, wanted)


def _document(journal: Journal, wanted: Wanted) -> Iterator[bytes]:
    narrowed = wanted.manager is not None or wanted.since is not None or wanted.until is not None
    if wanted.form == "json" and narrowed:
        raise UserError("bad-field", "JSON holds the whole journal", "Narrow with --format csv or markdown.")
    where, bound = _where(journal, wanted)
    if wanted.form == "json":
        made = json_file.dump(outgoing.sections(journal, private=wanted.private), private=wanted.private)
    elif wanted.form == "csv":
        made = csv_file.dump(_rows(journal, where, bound))
    else:
        made = _markdown(journal, wanted, where, bound)
    yield from _joined(made, wanted.tick)


def to_file(journal: Journal, wanted: Wanted, file: Path) -> Exported:
    """Write the document for its owner alone, whole or not at all, over what stands there."""
    with outgoing.snapshot(journal):
        files.write_pieces(file, _document(journal, wanted))
        entries = outgoing.count(journal, *_where(journal, wanted))
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


def _where(journal: Journal, wanted: Wanted) -> tuple[str, list[Any]]:
    tests: list[str] = []
    bound: list[Any] = []
    if wanted.manager is not None:
        tests.append("t.manager_id = ?")
        bound.append(finding.manager(journal, wanted.manager).id)
    for day, test in ((wanted.since, "t.happened_on >= ?"), (wanted.until, "t.happened_on <= ?")):
        if day is not None:
            tests.append(test)
            bound.append(day.isoformat())
    return " AND ".join(tests), bound


def _rows(journal: Journal, where: str, bound: list[Any]) -> Iterator[list[str]]:
    people = {one["handle"]: (one["name"], one["team"] or "") for _, one in outgoing.records(journal, MANAGERS)}
    for _, one in outgoing.records(journal, ENTRIES, where, bound):
        name, team = people[one["manager"]]
        yield [
            one["uid"], one["manager"], name, team, one["kind"], one["size"], one["happened_at"],
            one["channel"] or "", one["req"] or "", one["approach"] or "", "yes" if one["evidence"] else "no",
            ",".join(one["tags"]), one["note"], one["did"] or "", one["changed"] or "",
        ]  # fmt: skip


def _markdown(journal: Journal, wanted: Wanted, where: str, bound: list[Any]) -> Iterator[str]:
    yield "# Journal\n"
    for row_id, one in outgoing.records(journal, MANAGERS):
        if wanted.manager is not None and row_id != bound[0]:
            continue
        tests, values = ("t.manager_id = ?" + (f" AND {where}" if where else "")), [row_id, *bound]
        yield f"\n{markdown_file.title(one['name'], one['team'])}"
        yield from markdown_file.days(entry for _, entry in outgoing.records(journal, ENTRIES, tests, values))
        if wanted.since is None and wanted.until is None:
            found = outgoing.records(journal, CONVERSATIONS, "t.manager_id = ?", [row_id], private=wanted.private)
            yield from markdown_file.talks(talk for _, talk in found)
