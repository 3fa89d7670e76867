"""The program called alone: the day's page."""

import typer

from trustlog.commands.next import asked
from trustlog.commands.options import session_of
from trustlog.services import mornings
from trustlog.view import morning as view


def today(ctx: typer.Context) -> None:
    """
        trustlog

    One small step, and what is open today.
    """
    session = session_of(ctx)
    found = mornings.gather(session.reading, session.playbook.coaching, asked(session))
    session.show(found, view.data, view.page)
