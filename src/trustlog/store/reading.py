"""Connecting to a journal's file for reading, and what its head and its names on the disk say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trustlog.errors import UserError
from trustlog.store.driver import SCHEMA_VERSION, Connection, OperationalError, connect

if TYPE_CHECKING:
    from trustlog.store.opening_odd import Links

FARTHEST = SCHEMA_VERSION + 100
"""A higher number than this no version of the program writes for years to come: it is damage."""


def connect_journal(path: Path) -> tuple[Connection, bool]:
    """A connection for reading, and whether it reads the file as it lies because nothing can be written to it."""
    if links_of(path) is not None:
        from trustlog.store import opening_odd

        # its name has a log of its own, which must not be folded in under the other name
        return opening_odd.connected(path), True
    return connect_reading(path)


def connect_reading(path: Path) -> tuple[Connection, bool]:
    """A connection to any file of ours for reading, and whether it is read as it lies.

    Raises DatabaseError, UserError.
    """
    try:
        db = connect(path, "rw")
        with closing_on_error(db):
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except OperationalError as error:
        from trustlog.store import opening_odd  # only where nothing can be written

        if not path.is_file() or not opening_odd.is_why(error):
            raise
        return opening_odd.connected(path), True
    return db, False


def links_of(path: Path) -> "Links | None":
    """The other names of a journal on its disk, if it has any: SQLite keeps a log by the name, so that two are lost."""
    if path.stat().st_nlink < 2:
        return None
    from trustlog.store import opening_odd  # only then

    found = opening_odd.of(path)
    return found if found.shared else None


def refuse_links(path: Path) -> None:
    """Raises UserError `conflict` if a journal that is about to be written has another name."""
    if (found := links_of(path)) is not None:
        raise UserError("conflict", *found.told())


def is_ours(db: Connection) -> bool:
    """Whether a file has the tables of a journal, whatever its mark says."""
    sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('entries', 'undo_rows')"
    return bool(db.execute(sql).fetchone()[0] == 2)


@contextmanager
def closing_on_error(db: Connection) -> Iterator[None]:
    """A connection that cannot be used is let go at once."""
    try:
        yield
    except BaseException:
        db.close()
        raise
