"""`backup`, `restore` and `snapshots`: that nothing is lost."""

import os
from typing import Annotated

import typer

from trustlog import paths
from trustlog.commands.words import targets
from trustlog.commands.words.options import complete_snapshot, session_of
from trustlog.services import keeping
from trustlog.view import keeping as view

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def backup(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Where to, a file or a folder; without it among the snapshots.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite a file that is there.")] = False,
) -> None:
    """
        trustlog backup ~/usb/trustlog.db

    A checked copy of the whole journal. Others may write meanwhile. The settings and your own playbook are files
    beside the journal and are not in it.
    """
    session = session_of(ctx)
    folder = bool(file) and str(file).endswith(("/", os.sep))
    target = keeping.target_of(paths.expanded(file), session.shelf, session.now, folder=folder) if file else None
    if target is not None:
        targets.cleared(session, target, yes=yes)
    session.show(
        keeping.backup(session.reading, session.shelf, session.now, target), view.saved_data, view.saved
    )  # fmt: skip


def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A backup, or a snapshot's name; without it the newest good snapshot.",
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
    plan = keeping.plan(session.shelf, file)
    session.screen.hint(view.plan(plan))
    if not yes and not session.ask.confirm("Put this copy in the journal's place?", flag="--yes"):
        session.screen.note("Nothing was changed.")
        return
    session.show(keeping.restore(session.shelf, plan, session.now), view.restored_data, view.restored)


def snapshots(ctx: typer.Context) -> None:
    """
        trustlog snapshots

    The copies of the journal, newest first. One a day is made by itself; all of the last day are kept, then one a
    day for two weeks, one a week for eight weeks and one a month for a year.
    """
    session = session_of(ctx)
    found = keeping.listed(session.shelf)
    session.show(found, view.listed_data, view.listed)
    if found:
        session.screen.hint(f"They are in {session.snapshots}. Go back to one with: trustlog restore NAME")
