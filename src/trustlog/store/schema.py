"""Making a journal and bringing an older one to today's shape: migrations, triggers, views, and what is not ours."""

import json
import os
from collections.abc import Sequence, Set
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from sqlite3 import complete_statement

from sqlite_utils import Database, Migrations

from trustlog import files
from trustlog.domain.entries import FACETS, KINDS, SIZES
from trustlog.domain.trust import REPAIRED
from trustlog.errors import UserError
from trustlog.formats.shapes import tables, undoable_tables
from trustlog.store import snapshots as snapshots_store
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, DatabaseError, OperationalError, connect
from trustlog.store.failures import Connection
from trustlog.store.snapshots import Snapshots

NAMES = ("v_timeline", "v_trust_daily")
Parts = dict[tuple[str, str], str]
"""What stands in a schema beside tables and indexes: its text by its type and name."""


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


def drop_parts(db: Connection, gone: Set[tuple[str, str]]) -> None:
    for kind, name in gone:
        quoted = name.replace('"', '""')
        db.execute(f'DROP {kind} IF EXISTS "{quoted}"')


def make_triggers(db: Database) -> None:
    """(Re)make every trigger of ours: sqlite-utils' transform() drops the triggers of the table it changes."""
    # made here and not in a migration, because a remade table loses these triggers too
    db.table("entries").enable_fts(
        ["note", "did", "changed"], tokenize="porter unicode61 remove_diacritics 2", create_triggers=True, replace=True
    )
    # only where words change: a merge of many entries would index each anew
    (sql,) = [trigger.sql for trigger in db.triggers if trigger.name == "entries_au"]
    db.execute("DROP TRIGGER entries_au")
    db.execute(sql.replace("AFTER UPDATE ON", "AFTER UPDATE OF note, did, changed ON"))
    ours = ("undo_", "tags_", "bases_", "drafts_", "touched_")
    for name in [trigger.name for trigger in db.triggers if trigger.name.startswith(ours)]:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("""CREATE TRIGGER tags_insert AFTER INSERT ON entries WHEN new.tags <> '[]' BEGIN
      INSERT OR IGNORE INTO entry_tags SELECT value, new.id FROM json_each(new.tags); END""")
    db.execute("""CREATE TRIGGER tags_update AFTER UPDATE OF tags ON entries WHEN new.tags <> old.tags BEGIN
      DELETE FROM entry_tags WHERE entry_id = old.id;
      INSERT OR IGNORE INTO entry_tags SELECT value, new.id FROM json_each(new.tags); END""")
    for op, row in (("insert", "new"), ("update", "old"), ("delete", "old")):
        # whatever changes the past, by a command, an import or undo, unmakes what was summed of it
        first = "min(new.happened_on, old.happened_on)" if op == "update" else f"{row}.happened_on"
        who = "(new.manager_id, old.manager_id)" if op == "update" else f"({row}.manager_id)"
        gone = f"FROM trust_bases WHERE manager_id IN {who} AND on_day >= {first}"
        db.execute(f"""CREATE TRIGGER bases_{op} AFTER {op} ON entries WHEN EXISTS (SELECT 1 {gone}) BEGIN
          DELETE {gone}; END""")
    # a draft goes where its role goes, also when undo brings the role back
    db.execute("""CREATE TRIGGER drafts_follow AFTER UPDATE OF manager_id ON reqs
      WHEN new.manager_id <> old.manager_id BEGIN
      UPDATE drafts SET manager_id = new.manager_id WHERE req_id = new.id; END""")
    for table in undoable_tables():
        _make_undo(db, table)
    make_sync_triggers(db)


def make_sync_triggers(db: Connection | Database) -> None:
    """Make what notes the records that change, if this journal is synced."""
    for sql in _sync_triggers(db).values():
        db.execute(sql)


def drop_sync_triggers(db: Connection) -> None:
    drop_parts(db, _sync_triggers(db).keys())


def _sync_triggers(db: Connection | Database) -> Parts:
    """The triggers that note the records that change, by type and name; none where nothing is synced."""
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'sync_state'").fetchone()  # an older journal has none
    if there is None or db.execute("SELECT 1 FROM sync_state LIMIT 1").fetchone() is None:
        return {}
    found = {}
    for table, (op, images) in product([name for name, _, _ in tables()], _IMAGES.items()):
        uids = [_UIDS.get(table, "{0}.uid").format(image) for image in images]
        # not OR IGNORE: an upsert's own policy would take its place; an answer that goes with its sitting has no uid
        noted = " ".join(
            f"INSERT INTO sync_touched SELECT '{table}', uid FROM (SELECT {uid} AS uid) t WHERE uid IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM sync_touched s WHERE s.tbl = '{table}' AND s.uid = t.uid);"
            for uid in dict.fromkeys(uids)
        )
        name = f"touched_{table}_{op}"
        found["trigger", name] = (
            f"CREATE TRIGGER {name} AFTER {op} ON {table}"
            f" WHEN NOT EXISTS (SELECT 1 FROM sync_state WHERE name = '{TAKING}') BEGIN {noted} END"
        )
    return found


_IMAGES = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}
_OF_SITTING = "(SELECT uid FROM sittings WHERE id = {0}.sitting_id) || '/' || {0}.field"
_UIDS = {"answers": _OF_SITTING, "reflections": _OF_SITTING, "profile": "{0}.field"}
"""How the document calls a row that has no uid of its own."""
TAKING = "taking"
"""The name in `sync_state` of a mark that stands while rows are written as another laptop has them."""


def _make_undo(db: Database, table: str) -> None:
    """The triggers that record what becomes of a table's rows while a change is written."""
    image = ", ".join(f"'{column.name}', old.{column.name}" for column in db[table].columns)
    now = "(SELECT change_id FROM recording)"
    # the texts stand in journals, and doctor compares them: their blanks stay as they are
    # rows that follow each other are one range, so that an import of a million is one line of history
    db.execute(f"""CREATE TRIGGER undo_{table}_insert AFTER INSERT ON {table} WHEN {now} IS NOT NULL BEGIN
          UPDATE undo_rows SET last_id = new.id WHERE id = (SELECT max(id) FROM undo_rows)
            AND change_id = {now} AND tbl = '{table}' AND op = 'insert' AND last_id = new.id - 1;
          INSERT INTO undo_rows (change_id, tbl, op, first_id, last_id)
            SELECT {now}, '{table}', 'insert', new.id, new.id WHERE changes() = 0; END""")
    became = image.replace("old.", "new.")
    for op in ("update", "delete"):
        # an update that changes nothing is no change
        differs = f"AND json_object({image}) <> json_object({became})" if op == "update" else ""
        db.execute(f"""CREATE TRIGGER undo_{table}_{op} AFTER {op} ON {table} WHEN {now} IS NOT NULL {differs} BEGIN
              INSERT INTO undo_rows (change_id, tbl, op, first_id, last_id, image)
                VALUES ({now}, '{table}', '{op}', old.id, old.id, json_object({image})); END""")
