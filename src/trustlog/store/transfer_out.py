"""Sections of the journal as records of formats/shapes.py, in order, whatever their number."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from trustlog.formats.shapes import SECTIONS, Answers, Section
from trustlog.store.driver import DatabaseError
from trustlog.store.journal import Journal

BATCH = 500
"""Records whose parts are fetched together."""
Record = dict[str, Any]
_NO_TAGS: list[str] = []
_REFERENCES = {
    "manager": "(SELECT handle FROM managers WHERE id = t.{})",
    "req": "(SELECT code FROM reqs WHERE id = t.{})",
    "entry": "(SELECT uid FROM entries WHERE id = t.{})",
}
_LOCAL = """strftime('%Y-%m-%dT%H:%M:%S', t.{0}, t.utc_offset || ' seconds')
  || CASE WHEN t.utc_offset < 0 THEN '-' ELSE '+' END || strftime('%H:%M', abs(t.utc_offset), 'unixepoch')
  || CASE WHEN t.utc_offset % 60 THEN strftime(':%S', abs(t.utc_offset), 'unixepoch') ELSE '' END"""
ENTRY_LISTS = frozenset({"facts_ticked"})
"""Answers that list entries: ids in the journal, uids in a file; an entry that is gone is left out."""


def _local(value: str | None) -> str:
    """SQLite finds no moment in what only damage can have written."""
    if value is None:
        raise DatabaseError("malformed: an entry that cannot be read")
    return value


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "local": _local,
    "flag": lambda value: None if value is None else bool(value),
    "json": lambda value: _NO_TAGS if value == "[]" else None if value is None else json.loads(value),
}


def column(name: str, kind: str) -> str:
    """The column of a field: what points at another table is an id there."""
    return f"{name}_id" if name in _REFERENCES and kind == name else name


def sections(journal: Journal, *, private: bool) -> Iterator[tuple[str, Iterable[Record]]]:
    """Everything the journal knows, section by section; read it inside one `snapshot`."""
    for section in SECTIONS:
        if private or not section.private:
            yield section.name, (record for _, record in records(journal, section, private=private))


def records(
    journal: Journal, section: Section, where: str = "", bound: Sequence[Any] = (), *, private: bool = False
) -> Iterator[tuple[int, Record]]:
    """(id, record) of a section, sorted by what it says and not by when it was written.

    `where` narrows, with `t` as the table.
    """
    clause = f"WHERE {where}" if where else ""
    if section.table == "drafts" and not private:  # drafts of the second drawer's flows stay there
        clause = (clause + " AND " if clause else "WHERE ") + "t.flow = 'kickoff'"
    order = ", ".join(_sorted(section, name) for name in section.order)
    cursor = journal.db.execute(f"SELECT {_select(section)} FROM {section.table} t {clause} ORDER BY {order}", bound)
    decode = _decoder(section)
    while rows := cursor.fetchmany(BATCH):
        found = [decode(row) for row in rows]
        if section.parts:
            _add_parts(journal, section, dict(found), private=private)
        yield from found


@contextmanager
def snapshot(journal: Journal) -> Iterator[None]:
    """Several reads of one moment of the journal, whoever writes meanwhile."""
    journal.db.execute("BEGIN")
    try:
        yield
    finally:
        journal.db.execute("ROLLBACK")


def count(journal: Journal, where: str = "", bound: Sequence[Any] = ()) -> int:
    """How many entries there are."""
    return int(journal.value(f"SELECT count(*) FROM entries t {f'WHERE {where}' if where else ''}", bound))


def _sorted(section: Section, name: str) -> str:
    kind = section.fields[name].name
    if kind in ("manager", "req"):
        return _REFERENCES[kind].format(column(name, kind))
    # kept with the offset of its place, and sorted as the moment that it is
    return f"julianday(t.{name}), t.{name}" if kind == "moment" else f"t.{name}"


def _select(section: Section) -> str:
    told = ["t.id"]
    for name, kind in section.fields.items():
        if kind.name in _REFERENCES:
            told.append(_REFERENCES[kind.name].format(column(name, kind.name)))
        else:
            told.append(_LOCAL.format(name) if kind.name == "local" else f"t.{name}")
    return ", ".join(told)


def _decoder(section: Section) -> Callable[[Sequence[Any]], tuple[int, Record]]:
    """A function that makes a record of a row."""
    names = tuple(section.fields)
    special = [(name, _DECODERS[kind.name]) for name, kind in section.fields.items() if kind.name in _DECODERS]

    def decode(row: Sequence[Any]) -> tuple[int, Record]:
        one_id, *values = row
        record = dict(zip(names, values, strict=True))
        for name, made in special:
            record[name] = made(record[name])
        return one_id, record

    return decode


def _add_parts(journal: Journal, section: Section, parents: dict[int, Record], *, private: bool) -> None:
    """Put its parts into each of some records."""
    ids = json.dumps(list(parents))
    for part in [one for one in section.parts if private or not one.private]:
        for record in parents.values():
            record[part.name] = []
        decode, parent = _decoder(part), part.parent
        rows = journal.rows(
            f"SELECT t.{parent}, {_select(part)} FROM {part.table} t"
            f" WHERE t.{parent} IN (SELECT value FROM json_each(?)) ORDER BY t.uid",
            (ids,),
        )
        inner: dict[int, Record] = {}
        for owner, *row in rows:
            one_id, record = decode(row)
            parents[owner][part.name].append(record)
            inner[one_id] = record
        _add_answers(journal, [answer for answer in part.answers if private or not answer.private], inner)


def _add_answers(journal: Journal, drawers: list[Answers], sittings: dict[int, Record]) -> None:
    ids = json.dumps(list(sittings))
    for drawer in drawers:
        for record in sittings.values():
            record[drawer.name] = {}
        for owner, field, value in journal.rows(
            f"SELECT sitting_id, field, value FROM {drawer.name}"
            " WHERE sitting_id IN (SELECT value FROM json_each(?)) ORDER BY field",
            (ids,),
        ):
            told = json.loads(value)
            sittings[owner][drawer.name][field] = _uids(journal, told) if field in ENTRY_LISTS and told else told


def _uids(journal: Journal, ids: list[int]) -> list[str]:
    sql = "SELECT id, uid FROM entries WHERE id IN (SELECT value FROM json_each(?))"
    found = journal.pairs(sql, (json.dumps(ids),))
    return [found[one] for one in ids if one in found]
