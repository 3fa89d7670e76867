"""Whether every row of a journal can be read, and every table, column and index is there that the program uses.

Loaded by `doctor`, and where a command failed: damaged rows surprise any part of the program.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from trustlog.errors import UserError
from trustlog.formats import types as of
from trustlog.formats.shapes import SECTIONS, Section
from trustlog.formats.types import Type
from trustlog.store import coaching, conversations, kickoffs, people, praise, private, promises, schema, trust
from trustlog.store.driver import Connection, DatabaseError, explain
from trustlog.store.journal import Journal
from trustlog.store.transfer_out import BATCH, column

RULE = "constraint failed in"
"""What SQLite says of a row that breaks a rule of its table."""
_NUMBER = Type("whole", lambda value: None if isinstance(value, int) else "must be a number", {})
_LONG = 80
"""What is wrong with a value is told in so many characters, else only which column it stands in."""
_POINTERS = ("manager", "req", "entry")
"""What points at rows that are not there is told apart, as references."""
_OTHERS: dict[str, dict[str, Type]] = {
    "answers": {"field": of.LINE, "value": of.JSON},
    "reflections": {"field": of.LINE, "value": of.JSON},
    "trust_bases": {"on_day": of.DAY, "sums": of.JSON, "last_contact": of.DAY.or_null},
    "changes": {"command": of.TEXT, "at": of.UTC, "summary": of.TEXT},
    "undo_rows": {"image": of.OBJECT.or_null},
}
"""The tables that no export has as a section."""


class Unreadable(NamedTuple):
    """A row that no reader can read: the table, the row as one says it, and why."""

    table: str
    row: str
    why: str


def missing(db: Connection) -> list[str]:
    """The tables, columns and indexes that a new journal has and this one has not, as one says them."""
    with closing(schema.in_memory()) as new:
        wanted, there = _shape(new), _shape(db)
    found = []
    for table, names in wanted["table"].items():
        lost = sorted(names - there["table"].get(table, set()))
        if table not in there["table"]:
            found.append(f"the table {table}")
        elif lost:
            found.append(f"{table}.{lost[0]}" if len(lost) == 1 else f"{table}.({', '.join(lost)})")
    lost_with = {one.rpartition(" ")[2] for one in found if one.startswith("the table ")}
    return found + [
        f"the index {name}"
        for name, (table,) in wanted["index"].items()
        if name not in there["index"] and table not in lost_with
    ]


def missing_indexes(db: Connection) -> list[str]:
    """The statements that make the indexes that are missing."""
    with closing(schema.in_memory()) as new:
        lost = _shape(new)["index"].keys() - _shape(db)["index"].keys()
        made = dict(new.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall())
    return [made[name] for name in sorted(lost)]


def _shape(db: Connection) -> dict[str, dict[str, set[str]]]:
    """The tables with their columns, and the indexes with their table; not what other checks look after."""
    shape: dict[str, dict[str, set[str]]] = {"table": {}, "index": {}}
    for kind, name, table in db.execute("SELECT type, name, tbl_name FROM sqlite_master WHERE sql IS NOT NULL"):
        if kind in shape and not table.startswith(("entries_fts", "sqlite_", "_")):
            shape[kind][name] = {table}
    for name in shape["table"]:
        shape["table"][name] = {row[1] for row in db.execute(f"PRAGMA table_info({name})").fetchall()}
    return shape


def unreadable(db: Connection) -> Iterator[Unreadable]:
    """Every row that cannot be read, table by table; then what the readers of the program refuse of the others."""
    spoiled = False
    with _tolerant(db):
        for table, fields in _tables():
            for one in _rows(db, table, fields):
                spoiled = True
                yield one
    if not spoiled:
        yield from _refused(Journal(db))


def damage(db: Connection) -> UserError | None:
    """Why a command that failed is not to blame: what is wrong with the file or its rows; None if nothing is."""
    try:
        found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except DatabaseError as error:
        return explain(error)
    if found != "ok" and RULE not in found:
        return explain(DatabaseError("malformed"))
    return _first(db) or (explain(DatabaseError("malformed")) if found != "ok" else None)


def _first(db: Connection) -> UserError | None:
    """The first thing that is missing or cannot be read."""
    try:
        lost = missing(db)
        first = None if lost else next(unreadable(db), None)
    except DatabaseError:
        return None
    if not lost and first is None:
        return None
    what = f"{lost[0]} is missing" if first is None else f"{first.table} {first.row} cannot be read"
    return UserError("damaged", f"the journal is damaged: {what}", "See what helps: trustlog doctor")


@contextmanager
def _tolerant(db: Connection) -> Iterator[None]:
    """Text that is not UTF-8 is read as what it is, so that its row can be named."""
    before = db.text_factory
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        db.text_factory = before


def _tables() -> Iterator[tuple[str, Mapping[str, Type]]]:
    for section in SECTIONS:
        yield from _section(section)
    yield from _OTHERS.items()


def _section(section: Section) -> Iterator[tuple[str, Mapping[str, Type]]]:
    """A section's own columns, and those of its parts."""
    fields: dict[str, Type] = {}
    for name, kind in section.fields.items():
        if kind.name in _POINTERS:
            fields[column(name, kind.name)] = _NUMBER.or_null
        elif kind.name == "local":  # kept as UTC, with the offset beside it
            fields |= {name: of.UTC, "utc_offset": of.whole(-86_399, 86_399)}
        else:
            fields[name] = kind
    yield section.table, fields
    for part in section.parts:
        yield from _section(part)


def _rows(db: Connection, table: str, fields: Mapping[str, Type]) -> Iterator[Unreadable]:
    named = "on_day" if table == "trust_bases" else "id"
    cursor = db.execute(f"SELECT {named}, {', '.join(fields)} FROM {table}")
    checks = tuple((name, _check(kind)) for name, kind in fields.items())
    while rows := cursor.fetchmany(BATCH):
        for row in rows:
            for place, (name, why) in enumerate(checks, 1):
                if told := why(row[place]):
                    yield Unreadable(table, f"{named.replace('_', ' ')} {row[0]}", _said(name, told))
                    break


def _said(name: str, why: str) -> str:
    return name if len(why) > _LONG else f"{name}: {why}"


def _check(kind: Type) -> Callable[[Any], str | None]:
    """What is wrong with a column's value, as the type of its field says."""
    if kind.name == "flag":
        return lambda value: None if value in (0, 1) or (value is None and kind.null) else "must be 0 or 1"
    if kind.name != "json":
        return kind.why

    def why(value: Any) -> str | None:
        if value is None:
            return None  # NOT NULL is the table's own matter
        try:
            return kind.why(json.loads(value))
        except (TypeError, ValueError, RecursionError):
            return "is no JSON"

    return why


def _refused(journal: Journal) -> Iterator[Unreadable]:
    """Rows that are fine one by one and make no sense together, by what each reader reads of one manager."""
    until = datetime.fromisoformat("9998-12-31T00:00:00+00:00")
    readers: tuple[tuple[str, Callable[[int], object]], ...] = (
        ("entries", lambda who: trust.facts_of(journal, who)),
        ("reqs", lambda who: people.reqs(journal, who)),
        ("commitments", lambda who: promises.all_of(journal, who)),
        ("agreements", lambda who: kickoffs.of_manager(journal, who)),
        ("conversations", lambda who: [one.items for one in conversations.all_conversations(journal, who)]),
        ("boundary_checks", lambda who: private.boundary_notes(journal, who)),
        ("noticed", lambda who: praise.unthanked(journal, who)),
        ("step_events", lambda who: coaching.step_events(journal, who, until)),
    )
    for manager in people.all_managers(journal):
        for table, read in readers:
            try:
                read(manager.id)
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                yield Unreadable(table, f"of {manager.handle}", f"do not fit together ({type(error).__name__})")
