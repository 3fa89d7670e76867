"""`brief`: the page before a meeting."""

from typing import Annotated

import typer

from trustlog.commands.words.options import ManagerArgument, session_of
from trustlog.services import briefing, finding
from trustlog.view import brief as view
from trustlog.view import data_brief


def brief(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="WHEN", help="As it stood then.")] = None,
) -> None:
    """
        trustlog brief dana

    The page before a meeting: what is owed both ways, what is unthanked, what was agreed, what happened last,
    and a good way to begin. Words only.
    """
    session = session_of(ctx)
    at, _ = session.as_of(as_of)
    who = finding.manager(session.reading, manager)
    page = briefing.gather(session.reading, who, at, session.playbook.openings)
    session.show(page, data_brief.page, view.page)
