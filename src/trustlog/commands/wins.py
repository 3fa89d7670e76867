"""`wins`: what went well, told plainly."""

from typing import Annotated

import typer

from trustlog.commands.words.options import ManagerArgument, first_day, session_of
from trustlog.domain.coaching.wins import SPAN, Span
from trustlog.services import finding, winning
from trustlog.session import Session
from trustlog.view import wins as view


def wins(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="WHEN", help="From this day on; four weeks unless said.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="WHEN", help="As it stood then; later entries do not exist yet.")
    ] = None,
) -> None:
    """
        trustlog wins

    What you did, what happened for the first time, and what came back; with one manager or with all.
    """
    session = session_of(ctx)
    who = finding.manager(session.reading, manager) if manager is not None else None
    found = winning.gather(session.reading, who, _span(session, since, as_of), session.parameters)
    words = session.playbook.wins
    session.show(found, view.data, lambda found, look: view.lines(found, words, look))


def _span(session: Session, since: str | None, as_of: str | None) -> Span:
    at, timed = session.as_of(as_of)
    until = at.date()
    return Span(first_day(session, since, until) or until - SPAN, until, at if timed else None)
