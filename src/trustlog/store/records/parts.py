"""What stands within a record: events of a commitment, sittings of a conversation, their answers."""

import json
from typing import Any

from trustlog.formats.shapes import Answers, Section
from trustlog.store.journal import Journal
from trustlog.store.records.outgoing import ENTRY_LISTS, PARENTS, Record
from trustlog.store.records.refs import References


def insert(journal: Journal, table: str, row: dict[str, Any]) -> int:
    marks = ", ".join("?" * len(row))
    found = journal.db.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING id", tuple(row.values())
    ).fetchone()
    return int(found[0])


def update(journal: Journal, table: str, row_id: int, row: dict[str, Any]) -> None:
    settings = ", ".join(f"{name} = ?" for name in row)
    journal.db.execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*row.values(), row_id))


def write(journal: Journal, references: References, section: Section, owner: int, record: Record) -> None:
    """Make the parts of a record in the journal those of `record`: the n-th row becomes the n-th part."""
    for part in section.parts:
        parent = PARENTS[part.table]
        there = [
            row[0] for row in journal.rows(f"SELECT id FROM {part.table} WHERE {parent} = ? ORDER BY id", (owner,))
        ]
        for number, told in enumerate(record[part.name]):
            row = {parent: owner} | references.row(part, told)
            if number < len(there):
                update(journal, part.table, there[number], row)
                one = there[number]
            else:
                one = insert(journal, part.table, row)
            for drawer in part.answers:
                if drawer.name in told:  # a file without reflections says nothing of them
                    _write_answers(journal, references, drawer, one, told[drawer.name])
        for surplus in there[len(record[part.name]) :]:
            for drawer in part.answers:
                journal.db.execute(f"DELETE FROM {drawer.name} WHERE sitting_id = ?", (surplus,))
            journal.db.execute(f"DELETE FROM {part.table} WHERE id = ?", (surplus,))


def _write_answers(
    journal: Journal, references: References, drawer: Answers, sitting: int, answers: dict[str, Any]
) -> None:
    gone = [
        row[0]
        for row in journal.rows(f"SELECT field FROM {drawer.name} WHERE sitting_id = ?", (sitting,))
        if row[0] not in answers
    ]
    for field in gone:
        journal.db.execute(f"DELETE FROM {drawer.name} WHERE sitting_id = ? AND field = ?", (sitting, field))
    for field, value in answers.items():
        kept = [references.entry(uid) for uid in value] if field in ENTRY_LISTS and value else value
        journal.db.execute(
            f"INSERT INTO {drawer.name} (sitting_id, field, value) VALUES (?, ?, ?)"
            " ON CONFLICT (sitting_id, field) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            (sitting, field, json.dumps(kept, ensure_ascii=False)),
        )
