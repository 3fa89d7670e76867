"""Triggers: those that record what a change touched, and those that note what a synced laptop gives."""

from collections.abc import Set
from itertools import product

from sqlite_utils import Database

from trustlog.formats.shapes import tables, undoable_tables
from trustlog.store.failures import Connection

Parts = dict[tuple[str, str], str]
"""What stands in a schema beside tables and indexes: its text by its type and name."""


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


def _sync_triggers(db: Connection | Database) -> "Parts":
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
