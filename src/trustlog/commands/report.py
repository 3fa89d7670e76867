"""`report`: where things stand, and why."""

from datetime import timedelta
from pathlib import PurePath
from typing import Annotated

import typer

from trustlog import first_minute
from trustlog.commands.words.entry_words import choice
from trustlog.commands.words.options import ManagerArgument, first_day, one_of, session_of
from trustlog.domain.standing.report import Asked
from trustlog.services import finding, reports
from trustlog.session import Session
from trustlog.view.report import as_json
from trustlog.view.report import overview as view

PLAIN = ("terminal", "json")
FORMATS = (*PLAIN, "markdown", "csv", "html")
SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".csv": "csv", ".json": "json"}
PRACTICE = timedelta(days=90)
"""How far one's own practice looks back, unless --since says."""
ON_PAPER = 30
"""How many of the entries that moved the picture a file tells; a terminal tells fewer."""


def report(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="WHEN", help="From this day on.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="WHEN", help="As it stood then; later entries do not exist yet."),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Every figure with its entries and its sum.")] = False,
    me: Annotated[bool, typer.Option("--me", help="Your own practice, over all managers.")] = False,
    private: Annotated[
        bool, typer.Option("--include-reflections", help="With --me: your own part in JSON and in pipes too.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="How to show it; a terminal unless said.",
            autocompletion=one_of(*FORMATS),
        ),
    ] = None,
    output: Annotated[str | None, typer.Option("--output", metavar="FILE", help="Write it there.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show it in your browser.")] = False,
    share: Annotated[
        bool, typer.Option("--share", help="For other eyes: no names, no words of anybody, months for dates.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite the file of --output.")] = False,
) -> None:
    """
        trustlog report dana --why

    Where things stand: with everyone, or with one manager. It describes your log, never a person.
    """
    session = session_of(ctx)
    form = _form(ctx, form, output, open_=open_)
    if private and not me:
        raise typer.BadParameter("--include-reflections goes with --me", ctx=ctx)
    if share and why:
        raise typer.BadParameter("--share and --why do not go together: what is shared names no entry", ctx=ctx)
    if me:
        if manager is not None or why or share or output is not None or form not in PLAIN:
            raise typer.BadParameter("--me is over all managers, on the terminal or as JSON", ctx=ctx)
        _own(session, as_of, since, private=private)
        return
    one = finding.manager(session.reading, manager) if manager is not None else None
    asked = _asked(session, as_of, since, why=why, share=share)
    if output is None and form in PLAIN:
        words = session.playbook.report
        asked = asked._replace(whole=one is not None or form == "json")
        found = reports.gather(session.reading, one, asked, _steps(session))
        session.show(found, as_json.report, lambda found, look: view.report(found, words, look))
        if not found.managers:
            first_minute.say_how_to_begin(session)
        return
    from trustlog.commands import report_files  # 5 ms, only where a document is made

    file = report_files.place(session, output, open_=open_, replace=yes)
    asked = asked._replace(whole=one is not None or form == "json", movers=ON_PAPER)
    found = reports.gather(session.reading, one, asked, _steps(session))
    report_files.give(session, found, form, file)
    if open_ and file is not None:
        report_files.show(session, file)


def _form(ctx: typer.Context, typed: str | None, output: str | None, *, open_: bool) -> str:
    """The format: as typed, else as the file is called, else as shown. Raises UserError, or what is wrong usage."""
    session = session_of(ctx)
    named = choice(typed, FORMATS, "--format") if typed is not None else None
    if named is None and output is not None:
        named = SUFFIXES.get(PurePath(output).suffix.lower())
    as_json = "json" if session.options.json and output is None and not open_ else None
    form = named or as_json or ("html" if open_ else "terminal")
    if as_json and form != "json":
        raise typer.BadParameter(f"--json and --format {form} do not go together", ctx=ctx)
    if open_ and form != "html":
        raise typer.BadParameter("--open shows HTML in your browser; leave --format out", ctx=ctx)
    if output is not None and form == "terminal":
        raise typer.BadParameter("a file takes --format markdown, csv, html or json", ctx=ctx)
    if form == "json" and output is None:
        session.options.json = True
    return form


def _own(session: Session, as_of: str | None, since: str | None, *, private: bool) -> None:
    """The recruiter's own practice; what is drawn from reflections only where it may be shown."""
    from trustlog.services import own_practice  # 3 ms, only about oneself
    from trustlog.view.report import practice

    private = session.may_show_private(private)
    at, timed = session.as_of(as_of)
    begin = first_day(session, since, at.date()) or at.date() - PRACTICE
    week = session.settings["working_week"]
    session.show(
        own_practice.gather(session.reading, begin, at.date(), at if timed else None, working_week=week),
        lambda found: practice.data(found, private=private),
        lambda found, look: practice.lines(found, look, private=private),
    )


def _asked(session: Session, as_of: str | None, since: str | None, *, why: bool, share: bool) -> Asked:
    """Only a named time cuts a day in two; without one the model reads whole days."""
    at, timed = session.as_of(as_of)
    return Asked(
        as_of=at.date(),
        at=at,
        until=at if timed else None,
        since=first_day(session, since, at.date()),
        why=why,
        parameters=session.parameters,
        share=share,
        working_week=session.settings["working_week"],
    )


def _steps(session: Session) -> reports.Steps:
    return lambda: {step.id: step for step in session.playbook.coaching.steps}
