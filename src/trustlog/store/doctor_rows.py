"""Whether every table, column and index is there that the program uses, and whether its readers can read the rows.

Loaded by `doctor`, and where a command failed: damaged rows surprise any part of the program.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import NamedTuple

from trustlog.domain.entries import KINDS, Filter
from trustlog.errors import UserError
from trustlog.formats.shapes import SECTIONS, Section
from trustlog.store import (
    coaching,
    conversations,
    entries,
    kickoffs,
    people,
    praise,
    private,
    promises,
    schema,
    transfer_out,
    trust,
    undo,
)
from trustlog.store.driver import DatabaseError
from trustlog.store.failures import Connection, DamagedFileError, explain
from trustlog.store.journal import Journal

RULE = "constraint failed in"
"""What SQLite says of a row that breaks a rule of its table."""


class Unreadable(NamedTuple):
    """Rows that a reader of the program refuses: their table, and the handle of their manager if they have one."""

    table: str
    manager: str = ""

    def __str__(self) -> str:
        return f"{self.table} of {self.manager}" if self.manager else self.table


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
        shape["table"][name] = {row["name"] for row in db.execute(f"PRAGMA table_info({name})").fetchall()}
    return shape


def unreadable(journal: Journal) -> Iterator[Unreadable]:
    """What the readers refuse: whole tables, then the first that does not make sense of each manager's rows."""
    sections = [section for section in SECTIONS if section.name != "entries"]  # those are read manager by manager
    whole: list[tuple[str, Callable[[], object]]] = [
        ("managers", lambda: people.all_managers(journal)),
        ("changes", lambda: undo.changes(journal)),
        ("undo_rows", lambda: _images(journal)),
        *((section.table, partial(_records, journal, section)) for section in sections),
    ]
    refused = [Unreadable(table) for table, read in whole if _refuses(read)]
    yield from refused
    if any(refusal.table == "managers" for refusal in refused):
        return
    until = datetime.fromisoformat("9998-12-31T00:00:00+00:00")
    readers: tuple[tuple[str, Callable[[int], object]], ...] = (
        ("entries", lambda who: [KINDS[entry.kind] for entry in entries.page(journal, Filter(who))]),
        ("trust_bases", lambda who: trust.bases(journal, who)),
        ("reqs", lambda who: people.reqs(journal, who)),
        ("commitments", lambda who: promises.all_of(journal, who)),
        ("agreements", lambda who: kickoffs.of_manager(journal, who)),
        ("conversations", lambda who: [talk.items for talk in conversations.all_conversations(journal, who)]),
        ("boundary_checks", lambda who: (private.boundary_notes(journal, who), private.check_draft(journal, who))),
        ("noticed", lambda who: praise.unthanked(journal, who)),
        ("step_events", lambda who: coaching.step_events(journal, who, until)),
        ("own_steps", lambda who: coaching.step_events(journal, who, until)),
        ("drafts", lambda who: conversations.drafts_of(journal, "kickoff", who)),
    )
    for manager in people.all_managers(journal):
        table = next((table for table, read in readers if _refuses(partial(read, manager.id))), None)
        if table is not None:
            yield Unreadable(table, manager.handle)


def _refuses(read: Callable[[], object]) -> bool:
    try:
        read()
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return True
    except DatabaseError as error:
        known = explain(error)
        if known is None or known.code != "damaged":
            raise
        return True
    return False


def _records(journal: Journal, section: Section) -> None:
    for _ in transfer_out.records(journal, section, private=True):
        pass


def _images(journal: Journal) -> None:
    for (image,) in journal.db.execute("SELECT image FROM undo_rows WHERE image IS NOT NULL"):
        json.loads(image)


def damage(db: Connection) -> UserError | None:
    """Why a command that failed is not to blame: what is wrong with the file or its rows; None if nothing is."""
    try:
        found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except DatabaseError as error:
        return explain(error)
    if found != "ok" and RULE not in found:
        return explain(DamagedFileError(found))
    try:
        lost = missing(db)
        first = None if lost else next(unreadable(Journal(db)), None)
    except DatabaseError:
        return None
    if lost or first:
        what = f"{lost[0]} is missing" if lost else f"{first} cannot be read"
    elif found != "ok":
        what = found
    else:
        return None
    return UserError("damaged", f"the journal is damaged: {what}", "See what helps: trustlog doctor")
