"""`doctor`: is everything in order."""

from typing import Annotated

import typer

from trustlog import paths
from trustlog.commands.words.options import session_of
from trustlog.domain.outcomes.checkup import Checkup
from trustlog.errors import ExitCode, UserError
from trustlog.services import checkup
from trustlog.services.checkup_files import Places
from trustlog.session import Session
from trustlog.store.disk.snapshots import Shelf
from trustlog.view import doctor as view


def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend.")] = False,
) -> None:
    """
        trustlog doctor --fix

    Look over the journal, its copies, its files, the settings and your playbook, and say what helps. The exit code
    is 1 while something is left to do.
    """
    session = session_of(ctx)
    places = _places(session)
    done = checkup.mend(places, session.now) if fix else Checkup(checkup.examine(places, session.now))
    session.show(done, view.data, view.lines)
    if done.findings:
        raise typer.Exit(ExitCode.FIXABLE)


def _places(session: Session) -> Places:
    copied = not session.options.db
    try:
        session.keep_a_copy()
        shelf = session.shelf
    except UserError:  # config.toml cannot be followed, which is found later
        shelf, copied = Shelf(paths.journal(), paths.snapshots()), False
    return Places(paths.home(), shelf, paths.playbook(), paths.config(), copied)
