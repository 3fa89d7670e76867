"""Making a journal and bringing an older one to today's shape: migrations, triggers, views, and what is not ours."""

import json
import os
from collections.abc import Sequence, Set
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from sqlite3 import complete_statement

from sqlite_utils import Database, Migrations

from trustlog import files
from trustlog.domain.entries import FACETS, KINDS, SIZES
from trustlog.domain.trust import REPAIRED
from trustlog.errors import UserError
from trustlog.store import snapshots as snapshots_store
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, DatabaseError, OperationalError, connect
from trustlog.store.failures import Connection
from trustlog.store.snapshots import Snapshots
from trustlog.store.triggers import Parts, _sync_triggers, drop_parts, make_triggers

NAMES = ("v_timeline", "v_trust_daily")


def make_views(db: Connection) -> None:
    """Make every view of ours, which must not be there."""
    weights: dict[str, dict[str, dict[str, float]]] = {facet: {"+": {}, "-": {}} for facet in FACETS}
    for kind in KINDS.values():
        for facet, weight in zip(FACETS, kind.weights, strict=True):
            if weight:
                weights[facet][kind.sign][kind.name] = weight
    sizes = " ".join(f"WHEN '{size}' THEN {factor}" for size, factor in SIZES.items())
    sql = (Path(__file__).parent / "views.sql").read_text("utf-8")
    _execute_all(db, sql.format(weights=json.dumps(weights), sizes=sizes, repaired=REPAIRED))


def create(path: Path) -> None:
    """Build a new journal beside `path` and link it there; whoever links first wins, nobody overwrites."""
    with snapshots_store.beside(path) as new:
        db = connect(new, "rw")
        try:
            _upgrade(db)
            db.execute("PRAGMA journal_mode = WAL")
        finally:
            db.close()
        try:
            os.link(new, path)
        except FileExistsError:
            return  # somebody else was first
        except OSError:
            # a file system without links: whoever is second here would find the first one's journal in place
            if not path.exists():
                new.rename(path)
        files.sync_folder(path.parent)


def in_memory(copied: Connection | None = None) -> Connection:
    """A journal for reading only: empty where there is none yet, else a copy brought up to date."""
    db = connect(None, "memory", like=copied)
    if copied is None:
        db.deserialize(_empty())
    else:
        copied.backup(db)
        _upgrade(db)
    return db


@cache
def _empty() -> bytes:
    """The bytes of a journal that is empty, which doctor compares with more than once."""
    with closing(connect(None, "memory")) as db:
        _upgrade(db)
        return db.serialize()


def upgrade(db: Connection, path: Path, snapshots: Path) -> None:
    """Copy the journal aside, then bring it to this program's schema. Older changes cannot be undone after it."""
    if db.value("PRAGMA user_version") < SCHEMA_VERSION:  # nobody else was faster
        Snapshots(path, snapshots).of_open(db, datetime.now(UTC), "before-upgrade")
    _upgrade(db)


def _upgrade(db: Connection) -> None:
    # off while tables are remade: sqlite-utils refuses to drop one that rows of another point at
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.value("PRAGMA user_version") < SCHEMA_VERSION:  # nobody else was faster
            wrapped = Database(db, execute_plugins=False)
            # out of the way before migrations: SQLite renames no table while a view names one that is not there
            drop_parts(db, {("view", name) for name in NAMES})
            migrations.apply(wrapped)
            make_triggers(wrapped)
            make_views(db)
            db.execute("DELETE FROM undo_rows")
            db.execute("DELETE FROM changes")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("COMMIT")
    except BaseException:
        with suppress(DatabaseError):  # a full disk may have rolled back already
            db.execute("ROLLBACK")
        raise
    finally:
        db.execute("PRAGMA foreign_keys = ON")


migrations = Migrations("trustlog")
"""Every step from an empty file to today's shape, the oldest first."""


def _step(file: Path) -> None:
    """A migration by its file, `<day>_<name>.sql`; the name is what journals remember of it."""
    name, sql = file.stem.partition("_")[2], file.read_text("utf-8")
    migrations(name=name)(lambda db: _execute_all(db, sql))


def _execute_all(db: Database | Connection, sql: str) -> None:
    """Execute statements, each of which ends with a line; executescript() asks after every letter if one is whole."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if complete_statement(statement):
            db.execute(statement.strip())
            statement = ""
    if statement.strip():
        db.execute(statement)


for _file in sorted((Path(__file__).parent / "migrations").glob("*.sql")):
    _step(_file)


def drop_foreign(path: Path) -> tuple[str, ...]:
    """Drop from a journal file what is not of this program, and put back what is; the type and name of what went.

    Of an older journal all triggers and views go, because bringing it up to date makes them.
    Raises UserError `bad-file` if what they belong to is not there.
    """
    with closing(connect(path, "rw")) as db:
        current = db.value("PRAGMA user_version") == SCHEMA_VERSION
        ours = wanted_parts(db)
        there = made_parts(db)
        right = {one for one in there if there[one] == ours.get(one)} if current else set()
        missing = ours.keys() - right if current else set()
        if there.keys() - right or missing:
            _replace_parts(db, there.keys() - right, [ours[one] for one in missing])
    gone = there.keys() - right if current else there.keys() - ours.keys()
    return tuple(sorted(f"{kind} {name}" for kind, name in gone))


def _replace_parts(db: Connection, gone: Set[tuple[str, str]], come: Sequence[str]) -> None:
    db.execute("BEGIN IMMEDIATE")
    drop_parts(db, gone)
    try:
        for sql in come:
            db.execute(sql)
    except OperationalError as error:  # a view stood where a table of the journal should be
        raise UserError(
            "bad-file", "the file is not a journal of trustlog", "See what there is: trustlog backup --list"
        ) from error
    db.execute("COMMIT")


def drop_foreign_triggers(db: Connection) -> None:
    """Within a transaction, drop the triggers that are not called as ours are."""
    drop_parts(db, {key for key in made_parts(db).keys() - wanted_parts(db).keys() if key[0] == "trigger"})


def wanted_parts(db: Connection | None = None) -> Parts:
    """The triggers and views of a journal as this program makes it, and of an open one that is synced those of that."""
    with closing(in_memory()) as new:
        return made_parts(new) | (_sync_triggers(db) if db is not None else {})


def made_parts(db: Connection) -> Parts:
    """The triggers and views of an open journal."""
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
    return {(kind, name): sql for kind, name, sql in rows}
