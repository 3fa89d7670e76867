"""`report`: where things stand, and why."""

from datetime import timedelta
from typing import Annotated

import typer

from trustlog.commands import sitting
from trustlog.commands.entry_words import choice
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.commands.reading import Since
from trustlog.domain import practice
from trustlog.domain.report import Asked
from trustlog.services import finding, reports
from trustlog.session import Session
from trustlog.store import entries, talks
from trustlog.view import data_report
from trustlog.view import practice as practice_view
from trustlog.view import report as view

FORMATS = ("terminal", "json")
PRACTICE = timedelta(days=90)
"""How far one's own practice looks back, unless --since says."""


def report(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    since: Annotated[str | None, Since] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="WHEN", help="As it stood then; later entries do not exist yet."),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Every figure with its entries and its sum.")] = False,
    me: Annotated[bool, typer.Option("--me", help="Your own practice, over all managers.")] = False,
    private: sitting.Private = False,
    form: Annotated[str | None, typer.Option("--format", metavar="terminal|json", help="How to show it.")] = None,
) -> None:
    """
        trustlog report dana --why

    Where things stand: with everyone, or with one manager. It describes your log, never a person.
    """
    session = session_of(ctx)
    if form is not None and choice(form, FORMATS, "--format") == "json":
        session.options.json = True
    if me and (manager is not None or why):
        raise typer.BadParameter("--me is over all managers, and has no --why", ctx=ctx)
    if me:
        _own_practice(session, as_of, since, private)
        return
    one = finding.manager(session.reading, manager) if manager is not None else None
    words = session.playbook.report
    found = reports.gather(session.reading, one, _asked(session, as_of, since, why))
    session.show(found, data_report.report, lambda found, look: view.report(found, words, look))


def _own_practice(session: Session, as_of: str | None, since: str | None, private: bool) -> None:
    until = session.as_of(as_of)[0].date()
    begin = session.moment(since).date() if since is not None else until - PRACTICE
    contacts = entries.contacts(session.reading, begin, until)
    found = practice.practice(contacts, talks.all_talks(session.reading), begin, until)
    session.show(
        found,
        lambda found: practice_view.data(found, private=private),
        lambda found, look: practice_view.lines(found, look, private=private),
    )


def _asked(session: Session, as_of: str | None, since: str | None, why: bool) -> Asked:
    """Only a named time cuts a day in two; without one the model reads whole days."""
    at, timed = session.as_of(as_of)
    return Asked(
        as_of=at.date(),
        at=at,
        until=at if timed else None,
        since=session.moment(since).date() if since is not None else None,
        why=why,
        parameters=session.parameters,
    )
