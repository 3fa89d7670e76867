"""The inside of a journal, looked over: its pages, and what is derived from its rows."""

from datetime import datetime
from pathlib import Path

from trustlog.domain.outcomes import Finding
from trustlog.domain.text import few, plural
from trustlog.store import doctor_rows, schema
from trustlog.store.doctor_rows import RULE
from trustlog.store.driver import DatabaseError, OperationalError, connect
from trustlog.store.failures import Connection, error_name, is_busy
from trustlog.store.journal import Journal, utc_text
from trustlog.store.triggers import make_triggers

FIX = "trustlog doctor --fix"
RESTORE = "Take the newest good copy: trustlog restore"
BASES = "trust_bases"
FEW = 5
"""So many of several things are named in a finding."""
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
    if not said:
        return []
    return [Finding("integrity", f"the journal is damaged: {said[0]}", RESTORE)]


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
    lost = doctor_rows.missing(db)
    if not lost:
        return []
    problem = f"{few(lost, FEW)} {'is' if len(lost) == 1 else 'are'} missing"
    if all(one.startswith("the index ") for one in lost):
        return [Finding("indexes", problem, FIX, "indexes")]
    return [Finding("schema", f"the journal is not whole: {problem}", RESTORE)]


def rows(db: Connection) -> list[Finding]:
    """Rows that no reader can read or that break a rule of their table, one finding for each table."""
    whose: dict[str, set[str]] = {}
    for refused in doctor_rows.unreadable(Journal(db)):
        whose.setdefault(refused.table, set()).add(refused.manager)
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


def in_memory(db: Connection) -> Connection:
    """A copy that may be written to, where the file may not: the check of search is a write to SQLite."""
    copy = connect(None, "memory", like=db)
    db.backup(copy)
    return copy


def mend(journal: Journal, what: str) -> None:
    """Make anew what is derived: `search`, `tags`, `triggers`, `indexes`, BASES, or fold in the `log`."""
    db = journal.db
    if what == "log":
        db.fold(db.patience)
        return
    with journal.draft():
        if what == "search":
            db.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
        elif what == "tags":
            db.execute("DELETE FROM entry_tags")
            db.execute(f"INSERT OR IGNORE INTO entry_tags {_TAGS}")
        elif what == "indexes":
            for statement in doctor_rows.missing_indexes(db):
                db.execute(statement)
        elif what == BASES:
            db.execute(f"DELETE FROM {BASES}")
        elif what == "triggers":
            from sqlite_utils import Database  # loaded with schema.py already

            schema.drop_foreign_triggers(db)
            make_triggers(Database(db, execute_plugins=False))


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
