"""The part of `import` that takes in meetings from a calendar."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from trustlog import clock
from trustlog.domain.calendar import Taken
from trustlog.errors import UserError
from trustlog.formats import ics_reading
from trustlog.services import importing_ics
from trustlog.services.keeping import MANY
from trustlog.session import Session
from trustlog.view import meetings as view

USUAL = timedelta(days=90)
"""How far back meetings are taken in unless --since says."""


class Wish(NamedTuple):
    """What was said about an import of meetings."""

    since: str | None = None
    yes: bool = False
    dry_run: bool = False
    skip_refused: bool = False
    update: bool = False


def take_in(session: Session, text: str, wish: Wish) -> None:
    """Preview, ask the person who is there, write, and answer; `undo` takes it back like any other import."""
    first = session.now - USUAL
    if wish.since is not None:
        first = session.past(wish.since, "Meetings are taken in up to now.")
    begin = clock.local_or_next(datetime.combine(first.date(), time.min))
    calendar = ics_reading.read(text, begin, session.now)
    done = importing_ics.rehearsed(session.reading, calendar, update=wish.update, dry_run=wish.dry_run)
    importing_ics.check(done, skip_refused=wish.skip_refused)
    _preview(session, done)
    if (done.new or done.updated) and not wish.dry_run:
        if session.ask.possible and not wish.yes and not _agreed(session, done):
            session.screen.note("Nothing was written.")
            return
        if len(done.new) > MANY:
            session.copy_before("before-import")
        done = importing_ics.take_in(session.store, calendar, update=wish.update, skip_refused=wish.skip_refused)
    session.show(done, view.data, view.lines)


def _preview(session: Session, done: Taken) -> None:
    """Which meetings are taken to be with whom, also where nobody can say no; a script finds them in the answer."""
    say = session.screen.note if session.ask.possible else session.screen.hint
    for line in view.preview(done):
        say(line)


def _agreed(session: Session, done: Taken) -> bool:
    for line in view.left_out(done):
        session.screen.note(line)
    many = len(done.new) + done.updated
    return session.ask.confirm(f"Write {view.count(many, 'meeting')} into the journal?", flag="--yes", default=True)


def text_of(raw: bytes) -> str:
    """The text of a calendar file; a byte-order mark is forgiven. Raises UserError `bad-file`."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UserError("bad-file", f"line {line} is not UTF-8", "Save it as UTF-8.") from error
