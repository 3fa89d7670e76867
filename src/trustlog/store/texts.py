"""Every text of a journal, whatever its table: to search for what should be gone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from trustlog.errors import UserError
from trustlog.store.disk.driver import Connection, DatabaseError, connect

SAMPLES = 200
"""How many of the texts are looked for afterwards, the longest of each column first."""
PIECE = 40
"""Characters of a text: short enough to lie on one page."""
LEAST = 12
"""Characters below which a text may be anybody's."""
_BATCH = 500
# what undo, search and the model keep beside the rows
_DERIVED = ("changes", "undo_rows", "recording", "trust_bases", "entry_tags", "_sqlite_migrations")


class Found(NamedTuple):
    """A text and its row; None for a table whose rows have no number."""

    table: str
    column: str
    id: int | None
    text: str


def every(db: Connection) -> Iterator[Found]:
    """All texts of all tables, undo's too."""
    return _of(db, _tables(db))


def told(db: Connection) -> Iterator[Found]:
    """All texts but those that are kept beside the rows: undo's, the model's, the index of tags."""
    return _of(db, [table for table in _tables(db) if table not in _DERIVED])


def _tables(db: Connection) -> list[str]:
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'entries_fts%'"
    ).fetchall()
    return [row[0] for row in tables]


def _of(db: Connection, tables: list[str]) -> Iterator[Found]:
    for table in tables:
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        number = "id" if any(row["name"] == "id" for row in columns) else "NULL"
        for column in (row["name"] for row in columns if row["type"] == "TEXT"):
            rows = db.execute(f"SELECT {number}, {column} FROM {table} WHERE {column} <> ''")
            yield from (Found(table, column, row[0], row[1]) for row in rows)


def pieces(db: Connection) -> set[tuple[str, str]]:
    """The beginning of every text that a person wrote, with its table and column as one word."""
    found = set()
    for one in told(db):
        if one.column != "uid" and not one.column.endswith(("_at", "_on")):
            # the first line only: inside JSON a line break is written another way, and a text stands in quotes
            lines = one.text.strip('[]{}" ')[:PIECE].splitlines()
            if lines and len(lines[0]) >= LEAST:
                found.add((f"{one.table}.{one.column}", lines[0]))
    return found


def sample(found: set[tuple[str, str]], left: Connection) -> tuple[str, ...]:
    """The longest pieces of each column in turn, without those that stand somewhere in what is `left`."""
    columns: dict[str, list[str]] = {}
    for column, piece in sorted(found, key=lambda one: (-len(one[1]), one)):
        columns.setdefault(column, []).append(piece)
    chosen: dict[str, None] = {}
    for turn in range(max(map(len, columns.values()), default=0)):
        chosen.update((own[turn], None) for own in columns.values() if turn < len(own))
        if len(chosen) >= SAMPLES:
            break
    wanted = list(chosen)[:SAMPLES]
    still = standing(left, wanted)
    return tuple(one for one in wanted if one not in still)


def standing(db: Connection, words: list[str]) -> set[str]:
    """Which of the words stand in any text of an open journal."""
    found: set[str] = set()
    batch: list[str] = []
    for one in every(db):
        batch.append(one.text)
        if len(batch) == _BATCH:
            found |= _in("\0".join(batch), words)
            batch = []
    return found | _in("\0".join(batch), words)


def holds(path: Path, words: list[str]) -> bool | None:
    """Whether one of the words stands in a journal file, opened with the key of this run; None if it cannot be."""
    try:
        with closing(connect(path, "immutable")) as db:
            return bool(standing(db, words))
    except (DatabaseError, UserError):
        return None


def _in(text: str, words: list[str]) -> set[str]:
    return {word for word in words if word in text}
