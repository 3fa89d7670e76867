"""The rows of a manager: made another's, or removed so that nothing is left; and every text searched."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from trustlog.domain.people import Manager, folded
from trustlog.errors import UserError
from trustlog.formats.shapes import DERIVED, private_tables, tables_of_a_manager
from trustlog.store import conversations, people
from trustlog.store.driver import DatabaseError, connect
from trustlog.store.journal import Journal
from trustlog.store.lock import Connection

_OF = "SELECT count(*) FROM {} WHERE manager_id = ?"
_AGREEMENTS = "SELECT count(*) FROM agreements a JOIN reqs r ON r.id = a.req_id WHERE r.manager_id = ?"


def rows_by_table(journal: Journal, gone: Manager) -> dict[str, int]:
    """How many rows of each table belong to a manager; boundary checks are only `private_items`."""
    found = {table: _count(journal, _OF.format(table), gone.id) for table in (*tables_of_a_manager(), "drafts")}
    private = found.pop("boundary_checks")
    agreements = _count(journal, _AGREEMENTS, gone.id)
    return found | {"agreements": agreements, "private_items": private}


def move_rows(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Move everything and delete the manager that nothing is left of; the titles of drafts that had to change."""
    retitled = _move_drafts(journal, gone, kept)
    _join_checks(journal, gone, kept)
    for table in tables_of_a_manager():  # what was summed of them (trust_bases) is made anew
        journal.db.execute(f"UPDATE {table} SET manager_id = ? WHERE manager_id = ?", (kept.id, gone.id))
    journal.db.execute("DELETE FROM managers WHERE id = ?", (gone.id,))
    return retitled


def _count(journal: Journal, sql: str, manager_id: int) -> int:
    row = journal.row(sql, (manager_id,))
    return int(row[0]) if row else 0


def _join_checks(journal: Journal, gone: Manager, kept: Manager) -> None:
    """Make one unfinished boundary check of both: there is one for each manager, and a yes in either stays a yes."""
    rows = journal.rows(
        "SELECT id, manager_id, answers FROM boundary_checks WHERE finished = 0 AND manager_id IN (?1, ?2)"
        " ORDER BY manager_id = ?1, id",
        (gone.id, kept.id),
    )
    if len({row[1] for row in rows}) < 2:
        return
    together: dict[str, Any] = {}
    for row in rows:
        for question, yes in json.loads(row[2]).items():
            together[question] = together.get(question) or yes
    first, *others = (row[0] for row in rows)
    journal.db.execute("UPDATE boundary_checks SET answers = ? WHERE id = ?", (json.dumps(together), first))
    for other in others:
        journal.db.execute("DELETE FROM boundary_checks WHERE id = ?", (other,))


def _untitled(journal: Journal, manager: Manager) -> list[conversations.Draft]:
    """The kick-off drafts of roles that this manager does not have yet; they are found by their titles."""
    return [draft for draft in conversations.drafts_of(journal, "kickoff", manager.id) if draft.req is None]


def _move_drafts(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Drafts without a role. A title that means something else there gets a number, so that all are kept."""
    theirs, own = _titles(journal, gone), _titles(journal, kept)
    there = _untitled(journal, kept)
    hidden = [req for req in there if folded(req.title) in theirs - own]
    taken = theirs | own | {folded(req.title) for req in there}
    retitled = []
    for req in [*_untitled(journal, gone), *hidden]:
        free, number = req.title, 1
        while folded(free) in taken:
            number += 1
            free = f"{req.title} ({number})"
        taken.add(folded(free))
        conversations.tell_undo(journal, req.id, ("manager_id", "about"))
        journal.db.execute("UPDATE drafts SET manager_id = ?, about = ? WHERE id = ?", (kept.id, free, req.id))
        if free != req.title:
            retitled.append((req.title, free))
    for row in journal.rows("SELECT id FROM drafts WHERE manager_id = ? AND req_id IS NULL", (gone.id,)):
        conversations.tell_undo(
            journal, row[0], ("manager_id",)
        )  # of other flows; those of roles go where their role goes
        journal.db.execute("UPDATE drafts SET manager_id = ? WHERE id = ?", (kept.id, row[0]))
    return retitled


def _titles(journal: Journal, manager: Manager) -> set[str]:
    """The open roles of a manager: a kick-off with such a title means the role."""
    return {folded(req.title) for req in people.reqs(journal, manager.id) if req.closed_on is None}


class Left(NamedTuple):
    """What a manager left to be looked for: how many rows went, and pieces of texts that were theirs alone."""

    rows: int
    pieces: tuple[str, ...]


def wipe_reflections(journal: Journal) -> int:
    """Delete every reflection and every trace of one in undo, then rewrite the file; returns how many rows went."""
    private = private_tables()
    with journal.draft():
        journal.db.execute("PRAGMA secure_delete = ON")
        rows = sum(journal.db.execute(f"DELETE FROM {table}").rowcount for table in private)
        journal.db.execute(
            "DELETE FROM undo_rows WHERE tbl IN (SELECT value FROM json_each(?))", (json.dumps(private),)
        )
        journal.db.execute("DELETE FROM changes WHERE id NOT IN (SELECT change_id FROM undo_rows)")
    rewrite(journal)
    return int(rows)


def wipe_manager(journal: Journal, manager_id: int) -> Left:
    """Delete a manager with all that belongs to them, and the whole of undo, then rewrite the file."""
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
    kept = [table for table in tables(journal.db) if table not in DERIVED]
    return sum(int(journal.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in kept)


SAMPLES = 200
"""How many of the texts are looked for afterwards, the longest of each column first."""
PIECE = 40
"""Characters of a text: short enough to lie on one page."""
LEAST = 12
"""Characters below which a text may be anybody's."""
_BATCH = 500


class FoundText(NamedTuple):
    """A text and its row; None for a table whose rows have no number."""

    table: str
    column: str
    id: int | None
    text: str


def every_text(db: Connection) -> Iterator[FoundText]:
    """All texts of all tables, undo's too."""
    return _of(db, tables(db))


def texts_told(db: Connection) -> Iterator[FoundText]:
    """All texts but those that are kept beside the rows: undo's, the model's, the index of tags."""
    return _of(db, [table for table in tables(db) if table not in DERIVED])


def tables(db: Connection) -> list[str]:
    """Every table of the journal; those of the index of search are none."""
    rows = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [row[0] for row in rows]


def _of(db: Connection, tables: list[str]) -> Iterator[FoundText]:
    for table in tables:
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        number = "id" if any(row["name"] == "id" for row in columns) else "NULL"
        for column in (row["name"] for row in columns if row["type"] == "TEXT"):
            rows = db.execute(f"SELECT {number}, {column} FROM {table} WHERE {column} <> ''")
            yield from (FoundText(table, column, row[0], row[1]) for row in rows)


def pieces(db: Connection) -> set[tuple[str, str]]:
    """The beginning of every text that a person wrote, with its table and column as one word."""
    found = set()
    for section in texts_told(db):
        if section.column != "uid" and not section.column.endswith(("_at", "_on")):
            # the first line only: inside JSON a line break is written another way, and a text stands in quotes
            lines = section.text.strip('[]{}" ')[:PIECE].splitlines()
            if lines and len(lines[0]) >= LEAST:
                found.add((f"{section.table}.{section.column}", lines[0]))
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
    for one in every_text(db):
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
