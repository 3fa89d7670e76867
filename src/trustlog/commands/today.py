"""The program called alone: the day's page."""

import typer

from trustlog.commands.next import asked
from trustlog.commands.words import kickoff_start
from trustlog.commands.words.options import session_of
from trustlog.services import mornings
from trustlog.view import morning as view


def today(ctx: typer.Context) -> None:
    """
        trustlog today

    One small step, and what is open today: what the program shows when it is called alone.
    """
    session = session_of(ctx)
    found = mornings.gather(session.reading, session.playbook.coaching, asked(session))
    session.show(found, view.data, view.page)
    if session.screen.look.terminal:  # a page for a person; what it names can be gone on with there only
        kickoff_start.say_what_is_begun(session)
