"""`backup`, `restore`, `doctor`, `encrypt`, `decrypt`: the journal as a file."""

import os
from typing import Annotated

import typer

from trustlog import files
from trustlog.commands.completing import complete_snapshot
from trustlog.commands.options import Overwrite, Yes, agreed, cleared_target, session_of
from trustlog.domain.outcomes import Checkup, Sealed
from trustlog.errors import ExitCode, UserError
from trustlog.services import encryption, encryption_keys, snapshots
from trustlog.session import Session
from trustlog.store import driver
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots
from trustlog.view import snapshots as view


def backup(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Where to, a file or a folder; without it among the snapshots.")
    ] = None,
    yes: Overwrite = False,
    list_: Annotated[bool, typer.Option("--list", help="The copies that are there, the last one first.")] = False,
) -> None:
    """
        trustlog backup ~/usb/trustlog.db

    A checked copy of the whole journal. Others may write meanwhile. The settings and your own playbook are files
    beside the journal and are not in it.

    --list shows the copies in the order in which they were made. One a day is made by itself. All of the last day
    are kept, then the last one of each of 14 days, 8 weeks and 12 months that have any; of the others one goes a
    day, never one that holds more than those after it, and none while the clock looks wrong.
    """
    if list_ and (file is not None or yes):
        raise typer.BadParameter("--list goes alone", ctx=ctx)
    session = session_of(ctx)
    if list_:
        _show_copies(session)
        return
    folder = bool(file) and str(file).endswith(("/", os.sep))
    target = snapshots.target_of(files.expanded(file), session.shelf, session.now, folder=folder) if file else None
    if target is not None:
        cleared_target(session, target, yes=yes)
    done = snapshots.backup(session.reading, session.shelf, session.now, target)
    session.show(done, view.saved_data, view.saved)
    session.tell_thinned(done.thinned)


def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A backup, or a snapshot's name; without it the last good snapshot.",
            autocompletion=complete_snapshot,
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """
        trustlog restore trustlog-20261123T150203Z

    Put a copy in the journal's place. What is there now is copied first, so that restoring that copy takes it
    back. A damaged journal is kept beside it.
    """
    session = session_of(ctx)
    plan = snapshots.plan(session.shelf, file, session.now, has_key=session.told_key().somewhere)
    if yes or session.ask.possible:  # where nobody can say yes, one line says so
        session.screen.hint(view.plan(plan))
    if not agreed(session, "Put this copy in the journal's place?", yes=yes, otherwise="Nothing was changed."):
        return
    session.show(snapshots.restore(session.shelf, plan, session.now), view.restored_data, view.restored)


def _show_copies(session: Session) -> None:
    found = snapshots.listed(session.shelf, session.now)
    session.show(found, view.listed_data, view.listed)
    if found:
        session.screen.hint(f"They are in {session.snapshots}. Go back to one with: trustlog restore NAME")


def doctor(
    ctx: typer.Context, fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend.")] = False
) -> None:
    """
        trustlog doctor --fix

    Look over the journal, its copies, its files, the settings and your playbook, and say what helps. The exit code
    is 1 while something is left to do.
    """
    # sqlite-utils, 40 ms that completing a snapshot does without
    from trustlog.services import doctor as service

    session = session_of(ctx)
    places = service.Places(*_copies(session))
    done = service.mend(places, session.now) if fix else Checkup(service.examine(places, session.now))
    session.show(done, view.doctor_data, view.doctor_lines)
    if done.findings:
        raise typer.Exit(ExitCode.FIXABLE)


def _copies(session: Session) -> tuple[Snapshots, bool, bool]:
    """Where the copies are, whether the day's copy is made of this journal, and whether it is encrypted."""
    copied, sealed = not session.options.db, False
    try:
        sealed = driver.is_encrypted(session.file)
        shelf = session.shelf
        session.keep_a_copy()
    except UserError:  # config.toml cannot be followed, which is found later
        shelf, copied = Snapshots(files.journal(), files.snapshots()), False
    return shelf, copied, sealed


NewKeyFile = Annotated[
    str | None, typer.Option("--new-key-file", metavar="FILE", help="The file that holds the new key.")
]


def encrypt(ctx: typer.Context, new_key_file: NewKeyFile = None, yes: Yes = False) -> None:
    """
        trustlog encrypt

    Encrypt the journal and its snapshots, or give them another key. The key is typed, or comes from --key-file,
    TRUSTLOG_KEY_FILE or the setting key_command; 64 hex digits are the key itself. A lost key is a lost journal.
    It is done whole or not at all: what an interruption leaves, the next command settles. Not part of undo.
    """
    session = session_of(ctx)
    shelf = _shelf(session)
    stand = encryption.stand(shelf)
    new = encryption_keys.key_from_file(new_key_file, session.screen.note) if new_key_file else None
    chosen = _another(session, stand, new) if stand.encrypted else _first(session, new, yes=yes)
    if chosen is None:
        session.screen.note(session.playbook.encryption["nothing"])
        return
    current = [session.key] if stand.encrypted else []
    _show(session, encryption.convert(shelf, current, chosen))


def decrypt(ctx: typer.Context, yes: Yes = False) -> None:
    """
        trustlog decrypt

    Write the journal and its snapshots as plain files again. It is done whole or not at all: what an interruption
    leaves, the next command settles. Not part of undo.
    """
    session = session_of(ctx)
    shelf = _shelf(session)
    stand = encryption.stand(shelf)
    wanted = stand.encrypted or stand.mixed
    words = session.playbook.encryption
    current = [session.key] if wanted else []
    if wanted and not agreed(session, words["decrypt"], yes=yes, otherwise=words["nothing"]):
        return
    _show(session, encryption.convert(shelf, current, None))


def _shelf(session: Session) -> Snapshots:
    """The journal's place; an empty one is made if there is none."""
    if not session.file.exists():
        Journal.open(session.file, session.snapshots).close()
    return session.shelf


def _first(session: Session, new: str | None, *, yes: bool) -> str | None:
    """The key for a plain journal, once the person knows what that means; None if they would rather not."""
    words = session.playbook.encryption
    if new is None and session.told_key().somewhere:
        new = session.key
    if new is None and not session.ask.possible:
        raise UserError("needs-answer", "nobody is here to type a key", "Give it as --key-file FILE.")
    session.screen.hint(words["before"].strip())
    # asked before a key is typed: who says no has typed nothing
    if session.ask.possible and not yes and not session.ask.confirm(words["sure"], flag="--yes"):
        return None
    return new if new is not None else encryption_keys.ask_new_key(session.ask, "--key-file FILE")


def _another(session: Session, stand: encryption.Stand, new: str | None) -> str | None:
    """The key that an encrypted journal is to have: the one it has, while copies of it still lack that."""
    if new is not None or stand.mixed or not session.ask.possible:
        return new or session.key
    if not session.ask.confirm(session.playbook.encryption["change"], flag="--new-key-file FILE"):
        return None
    current = session.key
    return encryption_keys.ask_new_key(session.ask, "--new-key-file FILE") if current else None


def _show(session: Session, done: Sealed) -> None:
    session.show(
        done, view.encryption_data, lambda done, look: view.encryption_lines(done, session.playbook.encryption, look)
    )
