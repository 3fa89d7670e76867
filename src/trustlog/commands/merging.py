"""`manager merge`: two managers who are one person."""

from typing import Annotated

import typer

from trustlog.commands.words.options import complete_manager, session_of
from trustlog.services import merging
from trustlog.view import merging as view

Gone = typer.Argument(metavar="FROM", help="Who goes.", autocompletion=complete_manager)
Into = typer.Argument(metavar="INTO", help="Who stays, with everything of both.", autocompletion=complete_manager)


def merge(
    ctx: typer.Context,
    gone: Annotated[str, Gone],
    into: Annotated[str, Into],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move and write nothing.")] = False,
) -> None:
    """
        trustlog manager merge dana-o dana

    Make two managers one. Everything of the first goes to the second; undo takes it back.
    """
    session = session_of(ctx)
    done = merging.plan(session.reading, gone, into)
    if not dry_run:
        session.copy_before("before-merge")
        done = merging.join(session.store, done.gone.handle, done.manager.handle)
    session.show(done, view.data, view.lines)
    for note in view.notes(done):
        session.screen.note(note)
    if not dry_run:
        session.screen.hint("To take it back: trustlog undo")
