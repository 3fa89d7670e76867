"""Meetings taken in from a calendar, and `remind`: what is due, as a calendar."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated, NamedTuple

import typer

from trustlog import clock, files
from trustlog.commands.options import ManagerArgument, Overwrite, moment, session_of, word
from trustlog.commands.output import named_target
from trustlog.domain.calendars import Taken
from trustlog.domain.text import plural
from trustlog.errors import UserError
from trustlog.formats import ics_file, ics_shape
from trustlog.services import calendars, finding
from trustlog.services.snapshots import MANY
from trustlog.session import Session
from trustlog.view import transfer as view

USUAL = timedelta(days=90)
"""How far back meetings are taken in unless --since says."""


class CalendarImport(NamedTuple):
    """What was said about an import of meetings."""

    since: str | None = None
    yes: bool = False
    dry_run: bool = False
    skip_refused: bool = False
    update: bool = False


def import_calendar(session: Session, raw: bytes, wish: CalendarImport) -> None:
    """Preview, ask the person who is there, write, and answer; `undo` takes it back like any other import."""
    text = ics_shape.text_of(raw)
    first = session.now - USUAL
    if wish.since is not None:
        first = session.past(wish.since, "Meetings are taken in up to now.")
    begin = clock.local_or_next(datetime.combine(first.date(), time.min))
    calendar = calendars.read_calendar(text, begin, session.now)
    done = calendars.rehearse_meetings(session.reading, calendar, update=wish.update, dry_run=wish.dry_run)
    calendars.check_meetings(done, skip_refused=wish.skip_refused)
    _preview(session, done)
    if (done.new or done.updated) and not wish.dry_run:
        if session.ask.possible and not wish.yes and not _agreed(session, done):
            session.screen.note("Nothing was written.")
            return
        if len(done.new) > MANY:
            session.copy_before("before-import")
        done = calendars.import_meetings(session.store, calendar, update=wish.update, skip_refused=wish.skip_refused)
    session.show(done, view.meetings_data, view.lines)


def _preview(session: Session, done: Taken) -> None:
    """Which meetings are taken to be with whom, also where nobody can say no; a script finds them in the answer."""
    say = session.screen.note if session.ask.possible else session.screen.hint
    for line in view.preview(done):
        say(line)


def _agreed(session: Session, done: Taken) -> bool:
    for line in view.left_out(done):
        session.screen.note(line)
    many = len(done.new) + done.updated
    return session.ask.confirm(f"Write {plural(many, 'meeting')} into the journal?", flag="--yes", default=True)


_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_LONGEST = timedelta(weeks=4)
"""How long before an event an alarm may be."""


def remind(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")] = None,
    notes: Annotated[
        bool, typer.Option("--include-notes", help="Put your words in; others may see your calendar.")
    ] = False,
    alarm: Annotated[
        str | None,
        word("--alarm", ("30m", "2h", "1d", "none"), "How long before; else 1 hour, 15 minutes for conversations."),
    ] = None,
    until: Annotated[str | None, moment("--until", "Nothing later than this day.")] = None,
    yes: Overwrite = False,
) -> None:
    """
        trustlog remind --output reminders.ics

    Open loops, check-ins and prepared conversations as a calendar with alarms. Importing it again updates what
    is there, and takes out what was settled in the last 30 days. It says who, never what, unless --include-notes.
    """
    session = session_of(ctx)
    file = named_target(session, output, yes=yes) if output is not None else None
    who = finding.manager(session.reading, manager) if manager is not None else None
    last = session.moment(until, "future").date() if until is not None else None
    wish = calendars.CalendarWish(session.now, who, last, _before(alarm) if alarm is not None else None, notes)
    words = session.playbook.remind
    found, stamp = calendars.reminders(session.reading, wish, words)
    text = ics_file.written(found, words["title"], stamp)
    if file is not None:
        files.write(file, text.encode())
    elif not session.options.json:
        # a terminal is for reading: there the ends of lines are those of the terminal
        session.screen.pour([(text.replace("\r\n", "\n") if session.screen.look.terminal else text).encode()])
    if file is not None or session.options.json:
        session.show(found, lambda found: view.reminders_data(found, file), lambda found, _: view.wrote(found, file))
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
