"""`report`: where things stand, on the terminal, in a file or in a browser."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Annotated

import typer

from trustlog import clock, files
from trustlog.commands import options
from trustlog.domain.praise import Span
from trustlog.domain.report import LOOKING_BACK, Report, ReportRequest
from trustlog.services import finding
from trustlog.services import report as report_service
from trustlog.session import Session
from trustlog.ui.screen import SCHEMA, json_text
from trustlog.view.report import as_json as as_json_view
from trustlog.view.report import terminal as view

PLAIN = ("terminal", "json")
FORMATS = (*PLAIN, "markdown", "html")
ALSO = {"md": "markdown"}
SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json"}
ON_PAPER = 30
"""How many of the entries that moved the picture a file tells; a terminal tells fewer."""


def report(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    since: Annotated[str | None, options.moment("--since", "From this day on.")] = None,
    as_of: Annotated[str | None, options.moment("--as-of", "As it stood then; later entries do not exist yet.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Every figure with its entries and its sum.")] = False,
    me: Annotated[bool, typer.Option("--me", help="Your own practice, over all managers.")] = False,
    private: Annotated[
        bool, typer.Option("--include-reflections", help="With --me: your own part in JSON and in pipes too.")
    ] = False,
    form: Annotated[str | None, options.word("--format", FORMATS, "How to show it; a terminal unless said.")] = None,
    output: options.Output = None,
    open_: Annotated[bool, typer.Option("--open", help="Show it in your browser.")] = False,
    share: Annotated[
        bool, typer.Option("--share", help="For other eyes: letters for names, no words of anybody, months for dates.")
    ] = False,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog report dana --why

    Where things stand: with everyone, or with one manager. It describes your log, never a person.
    """
    session = options.session_of(ctx)
    form = _form(ctx, form, output, open_=open_)
    if form == "json" and output is None:
        session.options.json = True
    if private and not me:
        raise typer.BadParameter("--include-reflections goes with --me", ctx=ctx)
    if share and why:
        raise typer.BadParameter("--share and --why do not go together: what is shared names no entry", ctx=ctx)
    if me:
        beside = {"MANAGER": manager, "--why": why, "--share": share, "--output": output}
        odd = [*(name for name, given in beside.items() if given), *([f"--format {form}"] if form not in PLAIN else [])]
        if odd:
            what = "--me is over all managers, on the terminal or as JSON"
            raise typer.BadParameter(f"{what}: {' and '.join(odd)} cannot stand beside it", ctx=ctx)
        _own(session, as_of, since, private=private)
        return
    who = finding.manager(session.reading, manager) if manager is not None else None
    asked = _asked(session, as_of, since, why=why, share=share)
    plain = output is None and form in PLAIN
    file = None if plain else report_place(session, output, open_=open_, replace=yes)
    asked = asked._replace(whole=who is not None or form == "json", movers=asked.movers if plain else ON_PAPER)
    found = report_service.gather(session.reading, who, asked, _pages(session), drawn)
    if plain:
        words = session.playbook.report
        session.show(found, as_json_view.report, lambda found, look: view.report(found, words, look))
        if not found.managers:
            options.say_how_to_begin(session)
        return
    give_text(session, document(session, found, form), form, file, shown=open_)


def _form(ctx: typer.Context, typed: str | None, output: str | None, *, open_: bool) -> str:
    """The format: as typed, else as the file is called, else as shown. Raises UserError, or what is wrong usage."""
    session = options.session_of(ctx)
    named = options.choice(ALSO.get(typed.lower(), typed), FORMATS, "--format") if typed is not None else None
    if named is None and output is not None:
        named = SUFFIXES.get(PurePath(output).suffix.lower())
    as_json = "json" if session.options.json and output is None and not open_ else None
    form = named or as_json or ("html" if open_ else "terminal")
    if as_json and form != "json":
        raise typer.BadParameter(f"--json and --format {form} do not go together", ctx=ctx)
    if open_ and form != "html":
        raise typer.BadParameter("--open shows HTML in your browser; leave --format out", ctx=ctx)
    if output is not None and form == "terminal":
        raise typer.BadParameter("a file takes --format markdown, html or json", ctx=ctx)
    return form


def _own(session: Session, as_of: str | None, since: str | None, *, private: bool) -> None:
    """The recruiter's own practice; what is drawn from reflections only where it may be shown."""
    from trustlog.services import praise  # 5 ms, only about oneself
    from trustlog.services import private as private_service
    from trustlog.view import me as me_view
    from trustlog.view import praise as praise_view

    private = session.may_show_private(private)
    at, timed = clock.as_of(as_of, session.now)
    begin = options.first_day(session, since, at.date()) or at.date() - LOOKING_BACK
    week, words = session.settings["working_week"], session.playbook.wins
    span = Span(begin, at.date(), at if timed else None)
    wins = praise.wins_of(session.reading, span, session.parameters)
    session.show(
        private_service.practice_of(session.reading, begin, at, timed=timed, working_week=week),
        lambda found: me_view.data(found, wins, private=private),
        lambda found, look: "\n\n".join(
            [me_view.practice_lines(found, look, private=private), *praise_view.wins_blocks(wins, words, look)]
        ),
    )


def _asked(session: Session, as_of: str | None, since: str | None, *, why: bool, share: bool) -> ReportRequest:
    """Only a named time cuts a day in two; without one the model reads whole days."""
    at, timed = clock.as_of(as_of, session.now)
    return ReportRequest(
        as_of=at.date(),
        at=at,
        until=at if timed else None,
        since=options.first_day(session, since, at.date()),
        why=why,
        parameters=session.parameters,
        share=share,
        working_week=session.settings["working_week"],
    )


def _pages(session: Session) -> report_service.Pages:
    book = session.playbook
    return report_service.Pages(
        lambda: {step.id: step for step in book.coaching.steps},
        lambda: book.boundary,
        lambda: book.report.lines["restricted"],
    )


_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
"""What tells that a browser can be shown."""


def report_place(
    session: Session, output: str | None, *, open_: bool, replace: bool, name: str = "report.html"
) -> Path | None:
    """The file that is meant; None is stdout. Raises UserError `file-exists`."""
    if output is not None:
        return options.named_target(session, output, yes=replace)
    # one file, always the last one shown, so that no others gather
    return files.reports() / name if open_ else None


def give_text(session: Session, text: str, form: str, file: Path | None, *, shown: bool) -> None:
    """Write a document to its file, say where it is and open it if it is to be `shown`; or to stdout."""
    if file is None:
        session.screen.document(text)
        return
    if file.parent == files.reports():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(file, text.encode())
    session.show(str(file), lambda name: {"file": name, "format": form}, lambda name, _: f"Written to {name}")
    if shown:
        _show_document(session, file)


def document(session: Session, found: Report, form: str) -> str:
    """A report in one of the formats that are no terminal's."""
    words = session.playbook.report
    if form == "markdown":
        from trustlog.view.report import tables

        return tables.markdown_report(found, words)
    if form == "html":
        from trustlog.view.report import as_html  # 35 ms: Jinja

        return as_html.report(found, words)
    return json_text({"schema": SCHEMA, "command": session.command, "data": as_json_view.report(found)})


def _show_document(session: Session, file: Path) -> None:
    """Open a file in the browser of whoever is there."""
    import webbrowser  # 12 ms, only where one is opened

    # without a screen a text browser would draw its page on stdout
    somewhere = sys.platform != "linux" or any(os.environ.get(name) for name in _SCREENS)
    if not (somewhere and webbrowser.open(file.resolve().as_uri())):
        session.screen.note(f"No browser was found. Open it yourself: {file}")


def drawn(ids: Sequence[int]) -> list[int]:
    """The ids as they come out of a hat: nobody can tell in which order they went in."""
    from random import SystemRandom  # 5 ms, only where something is shared

    return SystemRandom().sample(ids, len(ids))
