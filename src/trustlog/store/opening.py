"""The journal's file on its way to an open connection: is it ours, is it of today's shape, may it be written."""

from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import NamedTuple

from trustlog.errors import UserError
from trustlog.store import lock, reading
from trustlog.store.driver import APPLICATION_ID, SCHEMA_VERSION, OperationalError, connect
from trustlog.store.failures import Connection, DamagedFileError


class Opened(NamedTuple):
    """A connection; whether the file was brought up to date for it; the lock that is held until it is closed; and
    whether a run left an intent beside the file, which changing.py settles."""

    db: Connection
    upgraded: bool = False
    held: int | None = None
    unfinished: bool = False


def for_writing(path: Path, snapshots: Path) -> Opened:
    """Open a journal, made if there is none. Raises UserError `too-new`, `bad-file`, `damaged`, `not-writable`."""
    check_place(path)
    if not path.exists():
        _make_folder(path.parent)
    place = lock.beside(path)
    with ExitStack() as opened:
        held = lock.share(path, place)  # until it is closed: nobody writes into a file that is being replaced
        opened.callback(lock.release, held)
        if path.exists():
            reading.refuse_links(path)
        else:
            from trustlog.store import schema  # 50 ms, once in a journal's life

            try:
                schema.create(path)
            except PermissionError as error:
                raise _not_writable(path.parent) from error
        db = opened.enter_context(closing(connect(path, "rw")))
        behind = _behind(db, path)
        if behind:
            from trustlog.store import schema  # 50 ms, once after an upgrade of the program

            schema.upgrade(db, path, snapshots)
        opened.pop_all()  # they stay, unless something failed until now
        return Opened(db, behind, held, place.with_suffix(lock.UNFINISHED).exists())


def for_reading(path: Path, snapshots: Path) -> Opened:
    """Open a journal where perhaps nothing can be written; one that is not there yet is empty."""
    check_place(path)
    if not path.exists():
        from trustlog.store import schema  # 50 ms, only in a home without a journal

        return Opened(schema.in_memory())
    # what is open may be replaced under a reader, but not while it opens one file after the other
    place = lock.beside(path)
    held = lock.share(path, place)
    try:
        # a second name has a log of its own, which must not be folded in under the other one
        twice = reading.other_name(path) is not None
        db, as_it_lies = (reading.connected(path), True) if twice else reading.connect_reading(path)
        upgraded = False
        with ExitStack() as opened:
            opened.callback(db.close)
            if _behind(db, path):
                from trustlog.store import schema  # 50 ms, once after an upgrade of the program

                with suppress(OSError, OperationalError):  # nothing can be written here
                    if not as_it_lies:
                        schema.upgrade(db, path, snapshots)
                        upgraded = True
                if not upgraded:
                    copy = schema.in_memory(db)
                    db.close()
                    db = copy
            db.execute("PRAGMA query_only = ON")
            opened.pop_all()  # it stays, unless something failed until now
        return Opened(db, upgraded, unfinished=place.with_suffix(lock.UNFINISHED).exists())
    finally:
        lock.release(held)


def check_place(path: Path) -> None:
    """Refuse what is there but can be no journal, before SQLite gives it a misleading name."""
    if path.is_symlink() and not path.exists():
        raise UserError("bad-file", f"{path} points to {path.readlink()}, which is not there", "Is a disk missing?")
    if path.exists() and not path.is_file():
        raise UserError("bad-file", f"{path} is not a file", "Name another with --db.")


def _behind(db: Connection, path: Path) -> bool:
    """Whether the journal needs an upgrade. Raises UserError for a file that is none, or a newer one."""
    version = db.value("PRAGMA user_version")
    marked = db.value("PRAGMA application_id") == APPLICATION_ID
    if marked != reading.is_ours(db) or version > reading.FARTHEST:
        raise DamagedFileError("the head")  # ours by its mark and yet empty, or by its tables without a mark
    if marked and version <= SCHEMA_VERSION:
        return bool(version < SCHEMA_VERSION)
    if path.stat().st_size == 0:
        raise UserError(
            "damaged",
            f"the journal {path} is empty, which it never is",
            "Take the newest good copy with: trustlog restore (your own backup: trustlog restore FILE)",
        )
    if not marked:
        raise UserError("bad-file", f"{path} is not a journal of trustlog", "Name another file with --db.")
    raise UserError(
        "too-new",
        f"{path} was written by a newer trustlog (schema {version}, this one knows {SCHEMA_VERSION})",
        "Upgrade trustlog; the journal was left as it is. If no newer one was used here, the file is damaged:"
        " trustlog restore",
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UserError(
            "not-writable", f"{folder} is a file, not a folder", "Name a folder in TRUSTLOG_HOME."
        ) from error
    except OSError as error:
        raise _not_writable(folder) from error


def _not_writable(folder: Path) -> UserError:
    hint = "Check who owns it, or set TRUSTLOG_HOME to another folder."
    return UserError("not-writable", f"cannot write in {folder}", hint)
