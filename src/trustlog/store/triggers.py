"""The triggers under the journal: what undo takes back, the index of tags, and the words that search finds."""

from sqlite_utils import Database

UNDOABLE = (
    "managers", "reqs", "entries", "conversations", "sittings", "answers", "reflections", "boundary_checks", "profile",
    "commitments", "commitment_events", "agreements", "agreement_events", "noticed", "step_events",
)  # fmt: skip
"""The tables whose rows `undo` takes back."""


def make_triggers(db: Database) -> None:
    """(Re)make every trigger of ours: sqlite-utils' transform() drops the triggers of the table it changes."""
    # made here and not in a migration, because a remade table loses these triggers too
    db.table("entries").enable_fts(
        ["note", "did", "changed"],
        tokenize="porter unicode61 remove_diacritics 2",
        create_triggers=True,
        replace=True,
    )
    ours = ("undo_", "tags_", "bases_", "drafts_")
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
    for table in UNDOABLE:
        image = ", ".join(f"'{column.name}', old.{column.name}" for column in db[table].columns)
        now = "(SELECT change_id FROM recording)"
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
