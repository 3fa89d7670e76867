"""Changes taken back, and done again."""

import json
from collections.abc import Callable, Mapping, Sequence

from trustlog.domain.entries import Change
from trustlog.errors import UserError
from trustlog.store.driver import IntegrityError
from trustlog.store.journal import Journal, utc_moment, utc_text


def changes(journal: Journal, limit: int | None = None, *, undone: bool = False) -> list[Change]:
    """The changes that can be taken back, or with `undone` those that can be done again, the next one first."""
    bound = "" if limit is None else f" LIMIT {min(limit, 2**62)}"
    # of an undone change that something else was written after, only the name is left
    rows = journal.rows(
        f"SELECT id, command, at, summary FROM changes WHERE undone = {undone:d}"
        " AND (undone = 0 OR EXISTS (SELECT 1 FROM undo_rows WHERE change_id = changes.id))"
        f" ORDER BY id DESC{bound}"
    )
    return [Change(row["id"], row["command"], utc_moment(row["at"]), row["summary"]) for row in rows]


def inserted(journal: Journal, change_id: int, table: str) -> list[int]:
    """The ids of the rows of a table that a change has made."""
    rows = journal.rows(
        "SELECT first_id, last_id FROM undo_rows WHERE change_id = ? AND tbl = ? AND op = 'insert' ORDER BY id",
        (change_id, table),
    )
    return [number for first, last in rows for number in range(first, last + 1)]


def take_back(journal: Journal, count: int) -> list[Change]:
    """Take back the last `count` changes, newest first, all in one transaction; fewer if there are fewer.

    Each can be done again until something else is written.
    Raises UserError `conflict` if something written outside of changes still needs a row: a draft, or what another
    laptop wrote.
    """
    try:
        with journal.draft():
            journal.db.execute("DELETE FROM changes WHERE undone = 1 AND id NOT IN (SELECT change_id FROM undo_rows)")
            return [_turned(journal, change, undone=True) for change in changes(journal, count)]
    except IntegrityError as error:
        drafts = "SELECT 1 FROM drafts UNION ALL SELECT 1 FROM conversations WHERE state = 'draft'"
        if journal.is_synced and journal.row(drafts) is None:
            why = "another laptop wrote about what would be taken back, so nothing was"
            raise UserError("conflict", why, "Edit or delete what is wrong by its number: trustlog log") from error
        raise UserError(
            "conflict",
            "a draft still needs what would be taken back, so nothing was",
            "Finish that draft, or let go of a preparation with: trustlog prep-feedback MANAGER --drop",
        ) from error


def redo(journal: Journal, count: int, also: Callable[[Change], None] = lambda _: None) -> list[Change]:
    """Do the last `count` changes that were taken back again, the last one first, all in one transaction.

    `also` is done before each, within it. Raises UserError `conflict` if there is none, and if what another laptop
    wrote meanwhile leaves no room for one.
    """
    try:
        with journal.draft():
            done = []
            for change in changes(journal, count, undone=True):
                also(change)
                done.append(_turned(journal, change, undone=False))
            lapsed = journal.row("SELECT 1 FROM changes WHERE undone = 1")
    except IntegrityError as error:
        why = "another laptop wrote what would be done again differently, so nothing was"
        raise UserError("conflict", why, "Write it down anew.") from error
    if not done and lapsed:
        why = "something else was written since the undo, so it cannot be done again"
        raise UserError("conflict", why, "See what stands: trustlog undo --list")
    if not done:
        raise UserError("conflict", "nothing was taken back", "redo does again what undo took back: trustlog undo")
    return done


def _turned(journal: Journal, change: Change, *, undone: bool) -> Change:
    """Restore what was before a change, and record that as the change that turns it round."""
    drafts = _drafts(journal)
    turned = journal.insert(
        "changes", {"command": change.command, "at": utc_text(change.at), "summary": change.summary, "undone": undone}
    )
    with journal.recording(turned):
        _restore(journal, change.id)
    _record_drafts(journal, turned, drafts)
    journal.db.execute("DELETE FROM changes WHERE id = ?", (change.id,))
    return change


def _drafts(journal: Journal) -> dict[int, str]:
    """The drafts as images: no triggers record them, because their answers go on outside of changes."""
    columns = ", ".join(f"'{name}', {name}" for name in _columns(journal, "drafts"))
    return journal.pairs(f"SELECT id, json_object({columns}) FROM drafts")


def _columns(journal: Journal, table: str) -> list[str]:
    return [row["name"] for row in journal.rows(f"PRAGMA table_info({table})")]


def _record_drafts(journal: Journal, change_id: int, before: Mapping[int, str]) -> None:
    """Record what became of drafts, also of those that went or lost their role with what they belong to."""
    after = _drafts(journal)
    for draft_id in before.keys() | after.keys():
        old, new = before.get(draft_id), after.get(draft_id)
        if old == new:
            continue
        op, image = "insert" if old is None else "delete" if new is None else "update", old
        if old is not None and new is not None:  # answers that are given meanwhile stay
            was, now = json.loads(old), json.loads(new)
            image = json.dumps({name: value for name, value in was.items() if value != now[name]})
        row = {"change_id": change_id, "tbl": "drafts", "op": op, "first_id": draft_id, "last_id": draft_id}
        journal.insert("undo_rows", row | {"image": image})


def _restore(journal: Journal, change_id: int) -> None:
    """Put rows back as they were, the last first; those of one table and kind that follow each other at once."""
    # references among the rows are whole again at the end, not after each step
    journal.db.execute("PRAGMA defer_foreign_keys = ON")
    runs = journal.rows(
        """SELECT tbl, op, min(id), max(id) FROM (
          SELECT *, row_number() OVER (ORDER BY id) - row_number() OVER (PARTITION BY tbl, op ORDER BY id) AS run
          FROM undo_rows WHERE change_id = ?) GROUP BY tbl, op, run ORDER BY max(id) DESC""",
        (change_id,),
    )
    for table, op, first, last in runs:
        rows = f"undo_rows WHERE change_id = {change_id} AND id BETWEEN {first} AND {last}"
        if op == "insert":
            for row in journal.rows(f"SELECT first_id, last_id FROM {rows} ORDER BY id DESC"):
                journal.db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", tuple(row))
            continue
        columns = _columns(journal, table)
        if op == "delete":
            values = ", ".join(f"json_extract(image, '$.{column}')" for column in columns)
            journal.db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {rows} ORDER BY first_id"
            )
        else:
            _restore_columns(journal, table, columns, rows)


def _restore_columns(journal: Journal, table: str, columns: Sequence[str], rows: str) -> None:
    """Put the columns back that differ; only these, because an index follows each that is set."""
    # a row that was changed twice becomes what it was first
    images = f"(SELECT min(id), first_id, image FROM {rows} GROUP BY first_id)"
    told = {column: f"json_type(u.image, '$.{column}') IS NOT NULL" for column in columns}  # a draft's has a few
    values = {column: f"json_extract(u.image, '$.{column}')" for column in columns}
    differs = ", ".join(f"max({told[one]} AND {values[one]} IS NOT t.{one})" for one in columns)
    found = journal.row(f"SELECT {differs} FROM {images} u JOIN {table} t ON t.id = u.first_id")
    if changed := [one for one, different in zip(columns, found or (), strict=False) if different]:
        setting = ", ".join(f"{one} = iif({told[one]}, {values[one]}, {table}.{one})" for one in changed)
        journal.db.execute(f"UPDATE {table} SET {setting} FROM {images} u WHERE {table}.id = u.first_id")
