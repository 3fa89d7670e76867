"""The inside of a journal, looked over: its pages, its tables, whether rows can be read, and what is derived of them.

Loaded by `doctor`, and where a command failed: damaged rows surprise any part of the program.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from trustlog.domain.entries import KINDS, Filter
from trustlog.domain.outcomes import FEW, FIX, Finding
from trustlog.domain.text import few, plural
from trustlog.errors import UserError
from trustlog.formats.shapes import SECTIONS
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
from trustlog.store.driver import DatabaseError, OperationalError
from trustlog.store.failures import Connection, DamagedFileError, error_name, explain, is_busy
from trustlog.store.journal import Journal, utc_text

RULE = "constraint failed in"
"""What SQLite says of a row that breaks a rule of its table."""
RESTORE = "Take the newest good copy: trustlog restore"
BASES = "trust_bases"
LARGE_LOG = 64_000_000
"""Bytes of a write-ahead log that somebody seems to keep from being folded in."""
_TAGS = "SELECT json_each.value, entries.id FROM entries, json_each(entries.tags)"
_INDEXED = "SELECT tag, entry_id FROM entry_tags"


def damage(db: Connection) -> list[Finding]:
    """What SQLite finds wrong with the file itself; nothing else can be trusted then."""
    try:
        # the index of search is derived from the rows, and a row that breaks a rule is named by `rows`
        said = [one for one in _integrity(db) if "fts" not in one.lower() and RULE not in one]
    except DatabaseError as error:
        said = [str(error)]
    return [Finding("integrity", f"the journal is damaged: {said[0]}", RESTORE)] if said else []


def derived(db: Connection) -> list[Finding]:
    """Rows that point nowhere, and what is kept beside the rows: search, tags, the triggers under undo."""
    found = []
    lost = db.execute("PRAGMA foreign_key_check").fetchall()
    if lost:
        tables = ", ".join(sorted({row["table"] for row in lost}))
        cure = "Take a copy from before it: trustlog backup --list"
        found.append(
            Finding("references", f"{plural(len(lost), 'reference')} from {tables} to rows that are not there", cure)
        )
    if not _search_fits(db):
        found.append(Finding("search", "the index of search does not fit the notes", FIX, "search"))
    if db.execute(f"SELECT 1 FROM ({_TAGS} EXCEPT {_INDEXED}) LIMIT 1").fetchone() or (
        db.execute(f"SELECT 1 FROM ({_INDEXED} EXCEPT {_TAGS}) LIMIT 1").fetchone()
    ):
        found.append(Finding("tags", "the index of tags does not fit the entries", FIX, "tags"))
    missing = _wrong_triggers(db)
    if missing:
        problem = f"{plural(len(missing), 'trigger')} missing or changed, so undo or search may miss changes"
        found.append(Finding("triggers", problem, FIX, "triggers"))
    return found


def _integrity(db: Connection) -> list[str]:
    return [said for (said,) in db.execute("PRAGMA integrity_check") if said != "ok"]


def shape(db: Connection) -> list[Finding]:
    """Tables, columns and indexes that are missing."""
    lost = missing(db)
    if not lost:
        return []
    problem = f"{few(lost, FEW)} {'is' if len(lost) == 1 else 'are'} missing"
    if all(one.startswith("the index ") for one in lost):
        return [Finding("indexes", problem, FIX, "indexes")]
    return [Finding("schema", f"the journal is not whole: {problem}", RESTORE)]


def rows(db: Connection) -> list[Finding]:
    """Rows that no reader can read or that break a rule of their table, one finding for each table."""
    whose: defaultdict[str, set[str]] = defaultdict(set)
    for table, manager in unreadable(Journal(db)):
        whose[table].add(manager)
    if not whose:
        return [Finding("rows", f"the journal is damaged: {rule}", RESTORE) for rule in _integrity(db) if RULE in rule]
    found = []
    for table, managers in whose.items():
        of = f" of {few(sorted(managers - {''}), FEW)}" if managers != {""} else ""
        cure, mends = (FIX, BASES) if table == BASES else (RESTORE, "")
        found.append(Finding("rows", f"{table}{of} cannot be read", cure, mends))
    return found


def clock(db: Connection, now: datetime) -> list[Finding]:
    """Entries from the future: the clock was wrong once, or is now."""
    late = db.execute(
        "SELECT id FROM entries WHERE happened_at > :now OR created_at > :now ORDER BY id", {"now": utc_text(now)}
    ).fetchall()
    if not late:
        return []
    ids = few([f"#{row['id']}" for row in late], FEW)
    cure = "Check this machine's clock; an entry's day is changed with: trustlog edit ID --when DAY"
    return [Finding("clock", f"entries lie in the future: {ids}", cure)]


def log_size(path: Path) -> list[Finding]:
    """A write-ahead log that nobody folds in."""
    log = Path(f"{path}-wal")
    if not log.exists() or log.stat().st_size <= LARGE_LOG:
        return []
    problem = f"the file of changes not yet folded in has {log.stat().st_size // 1_000_000} MB"
    return [Finding("log", problem, "Close other programs that have the journal open, then run doctor again.", "log")]


def mend(journal: Journal, what: str) -> None:
    """Make anew what is derived: `search`, `tags`, `triggers`, `indexes`, BASES, or fold in the `log`."""
    db = journal.db
    if what == "log":
        db.fold(db.patience)
        return
    with journal.draft():
        if what == "search":
            made = "SELECT sql FROM sqlite_master WHERE name = 'entries_fts'"
            if db.execute(made).fetchone() is None:
                with closing(schema.in_memory()) as new:
                    db.execute(new.execute(made).fetchone()[0])
            db.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
        elif what == "tags":
            db.execute("DELETE FROM entry_tags")
            db.execute(f"INSERT OR IGNORE INTO entry_tags {_TAGS}")
        elif what == "indexes":
            for statement in missing_indexes(db):
                db.execute(statement)
        elif what == BASES:
            db.execute(f"DELETE FROM {BASES}")
        elif what == "triggers":
            from sqlite_utils import Database  # loaded with schema.py already

            schema.drop_foreign_triggers(db)
            schema.make_triggers(Database(db, execute_plugins=False))


def _search_fits(db: Connection) -> bool:
    try:
        db.execute("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)")
    except OperationalError as error:
        if error_name(error) == "SQLITE_READONLY" or is_busy(error):  # not asked yet, so that nothing is known of it
            raise
        return False  # the index itself is gone
    except DatabaseError as error:
        if error_name(error) != "SQLITE_CORRUPT":
            raise
        return False
    return True


def _wrong_triggers(db: Connection) -> list[str]:
    wanted, there = schema.wanted_parts(db), schema.made_parts(db)
    wrong = (key for key in wanted.keys() | there.keys() if wanted.get(key) != there.get(key))
    return sorted(name for kind, name in wrong if kind == "trigger")


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


def unreadable(journal: Journal) -> Iterator[tuple[str, str]]:
    """What the readers refuse, by table and manager: whole tables, then the first that does not make sense of each
    manager's rows."""
    sections = [section for section in SECTIONS if section.name != "entries"]  # those are read manager by manager
    whole: list[tuple[str, Callable[[], object]]] = [
        ("managers", lambda: people.all_managers(journal)),
        ("changes", lambda: undo.changes(journal)),
        ("undo_rows", lambda: _images(journal)),
        # a record is never false, so that all of them are read
        *((table.table, partial(all, transfer_out.records(journal, table, private=True))) for table in sections),
    ]
    refused = [table for table, read in whole if _refuses(read)]
    yield from ((table, "") for table in refused)
    if "managers" in refused:
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
            yield table, manager.handle


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


def _images(journal: Journal) -> None:
    for (image,) in journal.db.execute("SELECT image FROM undo_rows WHERE image IS NOT NULL"):
        json.loads(image)


def cause(db: Connection) -> UserError | None:
    """Why a command that failed is not to blame: what is wrong with the file or its rows; None if nothing is."""
    try:
        found = db.value("PRAGMA integrity_check(1)")
    except DatabaseError as error:
        return explain(error)
    if found != "ok" and RULE not in found:
        return explain(DamagedFileError(found))
    try:
        lost = missing(db)
        first = None if lost else next(unreadable(Journal(db)), None)
    except DatabaseError:
        return None
    if lost:
        what = f"{lost[0]} is missing"
    elif first is not None:
        what = f"{' of '.join(filter(None, first))} cannot be read"
    elif found != "ok":
        what = found
    else:
        return None
    return UserError("damaged", f"the journal is damaged: {what}", "See what helps: trustlog doctor")
