"""Where an answer goes besides the terminal: the mail program, or a file; and the name it is signed with."""

from pathlib import Path
from typing import Annotated

import typer

from trustlog import files
from trustlog.errors import UserError
from trustlog.session import Session

AsItIs = Annotated[
    bool, typer.Option("--open", help="With --copy: take the draft with what stands open in [brackets].")
]


def only_with_copy(ctx: typer.Context, *, copy: bool, open_: bool) -> None:
    """Raises BadParameter for --open alone."""
    if open_ and not copy:
        raise typer.BadParameter("--open goes with --copy", ctx=ctx)


def own_name(session: Session, asked: bool) -> str | None:
    """One's own name, where it was asked for: it is of the second drawer, on a terminal too."""
    from trustlog.store import private  # the store is opened by those who ask for it

    return private.load_profile(session.reading).get("name") if asked else None


def named_target(session: Session, typed: str, *, yes: bool) -> Path:
    """The file that a word names, once it may be written; - is no name. Raises UserError as `cleared_target` does."""
    if typed == "-":
        hint = "Leave --output out to have it on standard output; a file of that name is ./-"
        raise UserError("bad-file", "- names no file", hint)
    return cleared_target(session, files.expanded(typed), yes=yes)


def cleared_target(session: Session, file: Path, *, yes: bool) -> Path:
    """The file, once it may be written: what stands there is asked about at a terminal, or needs --yes.

    Raises UserError `file-exists`, `conflict` for the journal and its files, which no --yes overwrites, `bad-file`
    for what no file can be written to.
    """
    there = files.would_replace(file)
    _refuse_ours(session, file)
    if there and not yes and session.ask.possible:
        yes = session.ask.confirm(f"{file} is already there. Overwrite it?", flag="--yes")
    files.check_free(file, replace=yes)
    session.will_write(file)
    return file


def _refuse_ours(session: Session, file: Path) -> None:
    """Raises UserError `conflict` for a file of this journal, of the one at home, or the key of this run."""
    # every command loads this module, and few name a file
    from trustlog.store import own_files
    from trustlog.store.snapshots import Snapshots

    if file.exists() and session.file.exists() and file.samefile(session.file):
        raise UserError("conflict", f"{file} is the journal itself", "Name another file.")
    usual = session.settings["db"]
    journals = {session.file, files.journal(), *([files.expanded(usual)] if usual else [])}
    if any(own_files.is_ours(file, Snapshots(journal, session.snapshots)) for journal in journals):
        raise UserError("conflict", f"{file} is a file of the journal itself", "Name another file.")
    inbox = files.inbox(session.settings["inbox"])
    if file.exists() and inbox.exists() and file.samefile(inbox):
        raise UserError("conflict", f"{file} is the inbox, whose lines wait to be taken", "Name another file.")
    key = session.told_key().file
    if key and file.exists() and files.expanded(key).exists() and file.samefile(files.expanded(key)):
        raise UserError("conflict", f"{file} is the key of the journal", "Name another file.")
