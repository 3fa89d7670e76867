"""`remind`: what is due, as a calendar."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from trustlog import files
from trustlog.commands.words import targets
from trustlog.commands.words.options import ManagerArgument, one_of, session_of
from trustlog.errors import UserError
from trustlog.formats import ics_file
from trustlog.services import finding, reminders
from trustlog.view import reminders as view

_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_LONGEST = timedelta(weeks=4)


def remind(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")] = None,
    notes: Annotated[
        bool, typer.Option("--include-notes", help="Put your words in; others may see your calendar.")
    ] = False,
    alarm: Annotated[
        str | None,
        typer.Option(
            "--alarm",
            metavar="30m|2h|1d|none",
            help="How long before; else 1 hour, 15 minutes for conversations.",
            autocompletion=one_of("30m", "2h", "1d", "none"),
        ),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Nothing later than this day.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite the file of --output.")] = False,
) -> None:
    """
        trustlog remind --output reminders.ics

    Open loops, check-ins and prepared conversations as a calendar with alarms. Importing it again updates what
    is there, and takes out what was settled in the last 30 days. It says who, never what, unless --include-notes.
    """
    session = session_of(ctx)
    file = targets.named(session, output, yes=yes) if output is not None else None
    one = finding.manager(session.reading, manager) if manager is not None else None
    last = session.moment(until, "future").date() if until is not None else None
    wish = reminders.CalendarWish(session.now, one, last, _before(alarm) if alarm is not None else None, notes)
    words = session.playbook.remind
    found, stamp = reminders.reminders(session.reading, wish, words)
    text = ics_file.written(found, words["title"], stamp)
    if file is not None:
        files.write(file, text.encode())
    elif not session.options.json:
        # a terminal is for reading: there the ends of lines are those of the terminal
        session.screen.pour([(text.replace("\r\n", "\n") if session.screen.look.terminal else text).encode()])
    if file is not None or session.options.json:
        session.show(found, lambda found: view.data(found, file), lambda found, _: view.wrote(found, file))
    if not found:
        session.screen.hint("Nothing is due, so the calendar is empty.")


def _before(typed: str) -> timedelta:
    """`30m`, `2h`, `1d` before; `none` is no alarm at all. Raises UserError `bad-field`."""
    words = typed.strip().lower()
    if words == "none":
        return timedelta(0)
    found = re.fullmatch(rf"([0-9]{{1,5}}) ?({'|'.join(_UNITS)})", words)
    length = timedelta(minutes=int(found[1]) * _UNITS[found[2]]) if found else None
    if length is None or not timedelta(0) < length <= _LONGEST:
        raise UserError("bad-field", f'--alarm cannot be "{typed}"', "Give it like 30m, 2h or 1d, at most 4w, or none.")
    return length
