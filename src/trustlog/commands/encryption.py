"""`encrypt`, `decrypt`: the journal and its snapshots behind a key."""

from typing import Annotated

import typer

from trustlog.commands.options import session_of
from trustlog.domain.outcomes import Sealed
from trustlog.errors import UserError
from trustlog.services import encryption
from trustlog.session import Session
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots
from trustlog.view import snapshots as view

NewKeyFile = typer.Option("--new-key-file", metavar="FILE", help="The file that holds the new key.")
Yes = typer.Option("--yes", "-y", help="Do not ask first.")


def encrypt(
    ctx: typer.Context,
    new_key_file: Annotated[str | None, NewKeyFile] = None,
    yes: Annotated[bool, Yes] = False,
) -> None:
    """
        trustlog encrypt

    Encrypt the journal and its snapshots, or give them another key. The key is typed, or comes from --key-file,
    TRUSTLOG_KEY_FILE or the setting key_command; 64 hex digits are the key itself. A lost key is a lost journal.
    It is done whole or not at all: what an interruption leaves, the next command settles. Not part of undo.
    """
    session = session_of(ctx)
    shelf = _shelf(session)
    stand = encryption.stand(shelf)
    new = encryption.key_from_file(new_key_file, session.screen.note) if new_key_file else None
    chosen = _another(session, stand, new) if stand.encrypted else _first(session, new, yes=yes)
    if chosen is None:
        session.screen.note(session.playbook.encryption["nothing"])
        return
    current = [session.key] if stand.encrypted else []
    _show(session, encryption.convert(shelf, current, chosen))


def decrypt(ctx: typer.Context, yes: Annotated[bool, Yes] = False) -> None:
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
    if wanted and not yes and not session.ask.confirm(words["decrypt"], flag="--yes"):
        session.screen.note(words["nothing"])
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
    return new if new is not None else encryption.ask_new_key(session.ask, "--key-file FILE")


def _another(session: Session, stand: encryption.Stand, new: str | None) -> str | None:
    """The key that an encrypted journal is to have: the one it has, while copies of it still lack that."""
    if new is not None or stand.mixed or not session.ask.possible:
        return new or session.key
    if not session.ask.confirm(session.playbook.encryption["change"], flag="--new-key-file FILE"):
        return None
    current = session.key
    return encryption.ask_new_key(session.ask, "--new-key-file FILE") if current else None


def _show(session: Session, done: Sealed) -> None:
    session.show(
        done, view.encryption_data, lambda done, look: view.encryption_lines(done, session.playbook.encryption, look)
    )
