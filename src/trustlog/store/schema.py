"""Making a journal, and bringing an older one to today's shape by the steps in migrations/."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from trustlog import files
from trustlog.store import snapshots as snapshots_store
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, DatabaseError, connect
from trustlog.store.lock import Connection
from trustlog.store.snapshots import Snapshots
from trustlog.store.triggers import drop_views, make_triggers, make_views


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
    if copied is not None:
        copied.backup(db)
    _upgrade(db)
    return db


def upgrade(db: Connection, path: Path, snapshots: Path) -> None:
    """Copy the journal aside, then bring it to this program's schema. Older changes cannot be undone after it."""
    if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:  # nobody else was faster
        Snapshots(path, snapshots).of_open(db, datetime.now(UTC), "before-upgrade")
    _upgrade(db)


def _upgrade(db: Connection) -> None:
    # off while tables are remade: sqlite-utils refuses to drop one that rows of another point at
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:  # nobody else was faster
            wrapped = Database(db, execute_plugins=False)
            drop_views(db)
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
    name = file.stem.partition("_")[2]
    migrations(name=name)(lambda db: db.executescript(file.read_text("utf-8")))


for _file in sorted((Path(__file__).parent / "migrations").glob("*.sql")):
    _step(_file)
