"""The rows of a manager removed so that nothing is left, and every text searched for what should be gone."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from trustlog.domain.entries import KINDS
from trustlog.errors import UserError
from trustlog.formats.shapes import DERIVED, private_tables
from trustlog.store.driver import DatabaseError, connect
from trustlog.store.failures import Connection
from trustlog.store.journal import Journal


class Left(NamedTuple):
    """What a manager left to be looked for: how many rows went, and pieces of texts that were theirs alone."""

    rows: int
    pieces: tuple[str, ...]


def wipe_reflections(journal: Journal, also: Callable[[], None] = lambda: None) -> int:
    """Delete every reflection and every trace of one in undo, then rewrite the file; returns how many rows went.

    `also` is done within the same transaction.
    """
    private = private_tables()
    with journal.draft():
        journal.db.execute("PRAGMA secure_delete = ON")
        rows = sum(journal.db.execute(f"DELETE FROM {table}").rowcount for table in private)
        journal.db.execute(
            "DELETE FROM undo_rows WHERE tbl IN (SELECT value FROM json_each(?))", (json.dumps(private),)
        )
        journal.db.execute("DELETE FROM changes WHERE id NOT IN (SELECT change_id FROM undo_rows)")
        also()
    rewrite(journal)
    return int(rows)


def wipe_manager(journal: Journal, manager_id: int, also: Callable[[], None] = lambda: None) -> Left:
    """Delete a manager with all that belongs to them, and the whole of undo, then rewrite the file.

    `also` is done within the same transaction.
    """
    db = journal.db
    one = (manager_id,)
    with journal.draft():
        # counted by SQLite itself, cascades and all, but for what is derived
        before = _rows(journal)
        theirs = pieces(db)
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables(db):
            columns = {row["name"] for row in journal.rows(f"PRAGMA table_info({table})")}
            if "manager_id" in columns and table != "reqs":
                db.execute(f"DELETE FROM {table} WHERE manager_id = ?", one)
            elif "req_id" in columns:
                db.execute(f"DELETE FROM {table} WHERE req_id IN (SELECT id FROM reqs WHERE manager_id = ?)", one)
        db.execute("DELETE FROM reqs WHERE manager_id = ?", one)
        db.execute("DELETE FROM managers WHERE id = ?", one)
        rows = before - _rows(journal)
        db.execute("DELETE FROM undo_rows")
        db.execute("DELETE FROM changes")
        also()
        # a deletion only marks the words of the index of search as gone
        db.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
        theirs -= pieces(db)
    rewrite(journal)
    return Left(rows, sample(theirs, db))


def rewrite(journal: Journal) -> None:
    """Write the file anew without its free pages, and empty its log. Raises UserError `conflict`."""
    journal.db.execute("VACUUM")
    if not journal.db.fold(journal.db.patience):
        raise UserError(
            "conflict", "another program is reading the journal, so traces are left in its log", "Run it once more."
        )


def _rows(journal: Journal) -> int:
    """How many rows the journal holds, but for undo, search and other derived ones."""
    return sum(int(journal.value(f"SELECT count(*) FROM {table}")) for table in _kept_tables(journal.db))


SAMPLES = 200
"""How many of the texts are looked for afterwards, the longest of each column first."""
PIECE = 40
"""Characters of a text: short enough to lie on one page."""
LEAST = 12
"""Characters below which a text may be anybody's."""
_BATCH = 500
PROGRAM = frozenset({
    "agreement_events.field", "agreement_events.how", "agreement_events.kind", "agreement_events.stage",
    "answers.field", "boundary_checks.answers", "commitment_events.kind", "commitment_events.outcome",
    "commitments.owed_by", "commitments.purpose", "conversations.state", "drafts.flow", "entries.approach",
    "entries.kind", "entries.size", "own_steps.condition", "own_steps.kind", "own_steps.step", "profile.field",
    "reflections.field", "sittings.part", "step_events.condition", "step_events.kind", "step_events.step",
})  # fmt: skip
"""The columns that hold words of the program, which say nothing of a person."""
_NEITHER = ("uid", "until", "planned_for")
LABELS = frozenset({"entries.tags", "reqs.code", "reqs.tags"})
"""The columns of labels, in which words are joined by hyphens and digits."""
_JSON = frozenset({
    "agreement_events.value", "answers.value", "drafts.answers", "entries.tags", "profile.value", "reflections.value",
    "reqs.tags",
})  # fmt: skip


# a choice of a script, or the name of a kind in any spelling
_CHOICE = re.compile(r"[a-z0-9-]+\Z")
_KINDS = frozenset(KINDS)


class FoundText(NamedTuple):
    """A text and its row; None for a table whose rows have no number."""

    table: str
    column: str
    id: int | None
    text: str

    @property
    def where(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def of_a_person(self) -> bool:
        """Whether a person wrote it, and it is no time, no number and no word of the program."""
        return self.where not in PROGRAM and self.column not in _NEITHER and not self.column.endswith(("_at", "_on"))

    def words(self) -> Iterator[str]:
        """What was written, without the marks of JSON."""
        if self.where not in _JSON:
            yield self.text
            return
        try:
            yield from _texts_in(json.loads(self.text))
        except (ValueError, RecursionError):
            yield self.text


def tables(db: Connection) -> list[str]:
    """Every table of the journal; those of the index of search are none."""
    rows = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [name for (name,) in rows]


def _kept_tables(db: Connection) -> list[str]:
    return [table for table in tables(db) if table not in DERIVED]


def texts(db: Connection, *, derived: bool) -> Iterator[FoundText]:
    """All texts of all tables; with `derived` those too that are kept beside the rows: undo's, the model's, tags."""
    for table in tables(db) if derived else _kept_tables(db):
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        number = "id" if any(row["name"] == "id" for row in columns) else "NULL"
        for column in (row["name"] for row in columns if row["type"] == "TEXT"):
            rows = db.execute(f"SELECT {number}, {column} FROM {table} WHERE {column} <> ''")
            yield from (FoundText(table, column, row_id, text) for row_id, text in rows)


def pieces(db: Connection) -> set[tuple[str, str]]:
    """The beginning of every text that a person wrote, with its table and column as one word."""
    found = set()
    for text in texts(db, derived=False):
        if text.of_a_person:
            # the first line only: inside JSON a line break is written another way, and a text stands in quotes
            lines = text.text.strip('[]{}" ')[:PIECE].splitlines()
            if lines and len(lines[0]) >= LEAST and not _is_of_the_program(text, lines[0]):
                found.add((text.where, lines[0]))
    return found


def place(db: Connection, found: FoundText) -> str:
    """By what a person knows the thing to which a row belongs: a number, a code, a handle, a field."""
    sql = _PLACES.get(found.table)
    row = db.execute(sql, (found.id,)).fetchone() if sql is not None else None
    return str(row[0] if row is not None else found.id)


_TALK = "SELECT s.conversation_id FROM {} a JOIN sittings s ON s.id = a.sitting_id WHERE a.id = ?"
_PLACES = {
    "managers": "SELECT handle FROM managers WHERE id = ?",
    "reqs": "SELECT code FROM reqs WHERE id = ?",
    "profile": "SELECT field FROM profile WHERE id = ?",
    "commitment_events": "SELECT commitment_id FROM commitment_events WHERE id = ?",
    "agreement_events": "SELECT r.code FROM agreement_events e JOIN agreements a ON a.id = e.agreement_id"
    " JOIN reqs r ON r.id = a.req_id WHERE e.id = ?",
    "answers": _TALK.format("answers"),
    "reflections": _TALK.format("reflections"),
}


def _is_of_the_program(one: FoundText, piece: str) -> bool:
    chosen = one.where in _JSON and _CHOICE.match(piece) is not None
    return chosen or piece.strip().casefold().replace(" ", "-") in _KINDS


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)


def sample(found: set[tuple[str, str]], left: Connection) -> tuple[str, ...]:
    """The longest pieces of each column in turn, without those that stand somewhere in what is `left`."""
    columns: dict[str, list[str]] = {}
    for column, piece in sorted(found, key=lambda one: (-len(one[1]), one)):
        columns.setdefault(column, []).append(piece)
    in_turn = (piece for turn in zip_longest(*columns.values()) for piece in turn if piece is not None)
    wanted = list(islice(dict.fromkeys(in_turn), SAMPLES))
    still = standing(left, wanted)
    return tuple(one for one in wanted if one not in still)


def standing(db: Connection, words: list[str]) -> set[str]:
    """Which of the words stand in any text of an open journal."""
    found: set[str] = set()
    every = (passage.text for passage in texts(db, derived=True))
    while batch := list(islice(every, _BATCH)):
        found |= _in("\0".join(batch), words)
    return found


def holds(path: Path, words: list[str]) -> bool | None:
    """Whether one of the words stands in a journal file, opened with the key of this run; None if it cannot be."""
    try:
        with closing(connect(path, "immutable")) as db:
            return bool(standing(db, words))
    except (DatabaseError, UserError):
        return None


def _in(text: str, words: list[str]) -> set[str]:
    lower = text.lower()
    return {word for word in words if word in text or (is_whole(word) and word.lower() in lower)}


def is_whole(word: str) -> bool:
    """Whether a word is a whole name, an address or a sentence, and the same in any case: one word may be anybody's."""
    return " " in word or "@" in word
