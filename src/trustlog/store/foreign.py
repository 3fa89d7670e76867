"""Triggers and views that this program did not make: in a file from elsewhere they would act whenever it writes."""

from collections.abc import Sequence, Set
from contextlib import closing
from pathlib import Path

from trustlog.errors import UserError
from trustlog.store import schema
from trustlog.store.driver import SCHEMA_VERSION, Connection, OperationalError, connect

Made = dict[tuple[str, str], str]
"""What stands in a schema beside tables and indexes: its text by its type and name."""


def drop(path: Path) -> tuple[str, ...]:
    """Drop from a journal file what is not of this program, and put back what is; the type and name of what went.

    Of an older journal all triggers and views go, because bringing it up to date makes them.
    Raises UserError `bad-file` if what they belong to is not there.
    """
    ours = wanted()
    with closing(connect(path, "rw")) as db:
        current = db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        there = made(db)
        right = {one for one in there if there[one] == ours.get(one)} if current else set()
        missing = ours.keys() - right if current else set()
        if there.keys() - right or missing:
            _replace(db, there.keys() - right, [ours[one] for one in missing])
    gone = there.keys() - right if current else there.keys() - ours.keys()
    return tuple(sorted(f"{kind} {name}" for kind, name in gone))


def _replace(db: Connection, gone: Set[tuple[str, str]], come: Sequence[str]) -> None:
    db.execute("BEGIN IMMEDIATE")
    _drop(db, gone)
    try:
        for sql in come:
            db.execute(sql)
    except OperationalError as error:  # a view stood where a table of the journal should be
        raise UserError(
            "bad-file", "the file is not a journal of trustlog", "See what there is: trustlog snapshots"
        ) from error
    db.execute("COMMIT")


def _drop(db: Connection, gone: Set[tuple[str, str]]) -> None:
    for kind, name in gone:
        quoted = name.replace('"', '""')
        db.execute(f'DROP {kind} IF EXISTS "{quoted}"')


def drop_triggers(db: Connection) -> None:
    """Within a transaction, drop the triggers that are not called as ours are."""
    _drop(db, {one for one in made(db).keys() - wanted().keys() if one[0] == "trigger"})


def wanted() -> Made:
    """The triggers and views of a journal as this program makes it."""
    with closing(schema.in_memory()) as new:
        return made(new)


def made(db: Connection) -> Made:
    """The triggers and views of an open journal."""
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
    return {(row[0], row[1]): row[2] for row in rows}
