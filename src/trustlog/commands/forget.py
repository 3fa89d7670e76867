"""`forget`: a manager, for good."""

from typing import Annotated

import typer

from trustlog import paths
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.services import finding, forgetting
from trustlog.view import forget as view


def forget(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """
        trustlog forget dana

    Remove a manager and every trace: entries, roles, conversations, undo, search, free pages and the copies in the
    snapshots folder; then look through the files for what is left. There is no undo. Backups elsewhere are not
    touched.
    """
    session = session_of(ctx)
    found = finding.manager(session.store, manager)
    question = f"Remove {found.name} ({found.handle}) and all that is written about them, for good?"
    if not yes and not session.ask.confirm(question, flag="--yes"):
        session.screen.note("Nothing was removed.")
        return
    done = forgetting.forget(session.store, found.handle, session.shelf, paths.home(), session.now)
    session.show(done, view.data, view.lines)
    session.screen.hint("Backups elsewhere and exports are not touched; delete them yourself.")
