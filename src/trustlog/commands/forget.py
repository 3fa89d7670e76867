"""`forget`: a manager, for good."""

from typing import Annotated

import typer

from trustlog.commands.words.options import ManagerArgument, session_of
from trustlog.services import forgetting
from trustlog.view import forget as view


def forget(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """
        trustlog forget dana

    Remove a manager and every trace: entries, roles, loops, conversations, undo, search, free pages, the copies in
    the snapshots folder and pages kept for a browser; then search what is left for their name and words. There is no
    undo. Run again after an interruption, it finishes. Backups and exports elsewhere are not touched.
    """
    session = session_of(ctx)
    found = forgetting.meant(session.shelf, manager)
    question = f"Remove {found.name} ({found.handle}) and all that is written about them, for good?"
    if not yes and not session.ask.confirm(question, flag="--yes"):
        session.screen.note("Nothing was removed.")
        return
    session.show(forgetting.forget(session.shelf, found.handle, session.now), view.data, view.lines)
    session.screen.hint("Backups elsewhere and exports are not touched; delete them yourself.")
