"""`import`, `export` and `remind`: the journal from a file and into one, meetings in, and what is due as a calendar."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from trustlog import clock, files
from trustlog.commands import options
from trustlog.commands.completing import complete_manager
from trustlog.domain.calendars import ImportedMeetings
from trustlog.domain.text import plural, visible
from trustlog.errors import UserError
from trustlog.formats.csv_file import COLUMNS, SKIP
from trustlog.services import finding, transfer
from trustlog.services.snapshots import MANY
from trustlog.services.transfer import FORMATS
from trustlog.session import Session
from trustlog.ui.screen import counting
from trustlog.view import transfer as view

PIECE = 1 << 18
"""Characters of a JSON file that are read at once."""
_KINDS = {".json": "json", ".csv": "csv", ".txt": "csv", "": "sniffed", ".ics": "calendar"}
"""What a file holds, by the end of its name."""


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A .json, .csv or .ics file; - reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out rows that cannot be taken in.")
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="Let the file win over entries with the same uid.")] = False,
    since: Annotated[str | None, options.moment("--since", "Calendar: from this day on; 90 days back.")] = None,
    renamed: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="CSV: what a foreign header is here, or skip; repeats."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Calendar: take the meetings in without asking.")] = False,
) -> None:
    """
        trustlog import interactions.csv --dry-run

    Take in a JSON file of export, whole; meetings from an .ics calendar; or entries from a CSV file with the headers
    uid, manager, name, team, kind, size, when, channel, req, approach, evidence, tags, note, did and changed: any of
    them, but manager, and when or note. Importing twice adds nothing.
    """
    session = options.session_of(ctx)
    with _opened(file) as raw, counting("Reading", quiet=session.options.json) as tick:
        kind = _kind_of(file, raw)
        if kind == "calendar":
            _import_calendar(session, raw.read(), CalendarImport(since, yes, dry_run, skip_refused, update))
            return
        if since is not None:
            raise typer.BadParameter("--since is for calendars", ctx=ctx)
        if renamed and kind != "csv":
            raise typer.BadParameter("--map is for CSV files", ctx=ctx)
        # a rehearsal in an empty home makes no journal
        journal = session.reading if dry_run and not session.file.exists() else session.store
        how = transfer.ImportOptions(
            session.moment, session.now, session.kind_words, skip_refused, update, dry_run,
            lambda: session.copy_before("before-import"), _renamed(ctx, renamed or []),
            cache(lambda part: session.playbook.script(part).fields()), tick, session.parameters,
        )  # fmt: skip
        text = io.TextIOWrapper(raw, encoding=_encoding(raw), newline="")
        if kind == "json":
            done = transfer.import_json(journal, iter(lambda: text.read(PIECE), ""), how)
        else:
            from trustlog.services import transfer_csv  # 4 ms, only for CSV

            done = transfer_csv.import_csv(journal, text, how)
    session.show(done, view.import_data, view.import_lines)


def export(
    ctx: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Where to; without it, standard output.")] = None,
    form: Annotated[str | None, options.word("--format -f", FORMATS, "By FILE's name unless said; else json.")] = None,
    private: options.Private = False,
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="MANAGER", help="Only this one; CSV.", autocompletion=complete_manager),
    ] = None,
    since: Annotated[str | None, options.moment("--since", "From this day on; CSV.")] = None,
    until: Annotated[str | None, options.moment("--until", "Up to this day; CSV.")] = None,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog export journal.json

    Write the journal out. JSON holds everything the journal knows: imported into an empty home and exported again
    it gives the same bytes. CSV holds the entries, safe to open in a spreadsheet. Reflections are in JSON if you ask,
    and never in CSV. Without FILE, --json writes the JSON document itself; a terminal is asked for one.
    """
    session = options.session_of(ctx)
    meant = options.choice(form, FORMATS, "--format") if form is not None else None
    first, last = (session.moment(day).date() if day is not None else None for day in (since, until))
    if file is None and meant is None and session.screen.look.terminal and session.ask.possible:
        file = _asked_where(session)
    form_of_file = transfer.form_of(file, meant)
    target = options.named_target(session, file, yes=yes) if file is not None else None
    with counting("Writing", quiet=target is None or session.options.json) as tick:
        wanted = transfer.ExportWanted(form_of_file, private, manager, first, last, tick)
        if target is None:
            session.screen.pour(transfer.export_document(session.reading, wanted))
            return
        done = transfer.export_to_file(session.reading, wanted, target)
    session.show(done, view.exported, view.exported_line)


def _asked_where(session: Session) -> str | None:
    """The file that is meant where a whole journal would run over the screen; None is the screen all the same."""
    if session.options.json:
        return None
    question = "Into which file? .json holds everything, .csv the entries; - shows it here."
    usual = f"trustlog-{session.now.date().isoformat()}.json"
    typed = session.ask.text(question, flag="FILE", default=usual).strip()
    return None if typed == "-" else typed


@contextmanager
def _opened(file: str) -> Iterator[io.BufferedReader]:
    if file == "-":
        # tests and callers may put another stream there, which cannot be looked into
        yield io.BufferedReader(sys.stdin.buffer)  # type: ignore[arg-type]  # reads what any binary stream reads
        return
    with open(file, "rb") as raw:  # noqa: PTH123 - a path as it was typed
        yield raw


def _kind_of(file: str, raw: io.BufferedReader) -> str:
    """What a file holds, by its name; standard input by how it begins. Raises UserError `bad-file`."""
    kind = _KINDS.get(Path(file).suffix.lower()) if file != "-" else "sniffed"
    if kind is None:
        raise UserError(
            "bad-file", f"{file} is none of .json, .csv and .ics", "Rename it, or send it to standard input: import -"
        )
    if kind != "sniffed":
        return kind
    begins = raw.peek(200)[:200].decode(_encoding(raw), "replace").lstrip()
    if begins[:15].upper().startswith("BEGIN:VCALENDAR"):
        return "calendar"
    return "json" if begins.startswith(("{", "[")) else "csv"


def _encoding(raw: io.BufferedReader) -> str:
    """UTF-8 with or without a byte-order mark, or UTF-16 as spreadsheets save it: its ASCII has a zero in each pair."""
    begins = raw.peek(4)[:4]
    if begins[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if len(begins) == 4 and begins.count(0) == 2 and begins[0] != begins[1]:
        pairs = {(False, True): "utf-16-le", (True, False): "utf-16-be"}
        return pairs.get((begins[0] == begins[2] == 0, begins[1] == begins[3] == 0), "utf-8-sig")
    return "utf-8-sig"


def _renamed(ctx: typer.Context, given: list[str]) -> dict[str, str]:
    """Foreign headers and what they are here."""
    renamed = {}
    for pair in given:
        theirs, equals, ours = pair.rpartition("=")
        if not equals or not (theirs.strip() or ours.strip().lower() == SKIP):
            raise typer.BadParameter(f'"{visible(pair)}" is not like Person=manager', ctx=ctx, param_hint="--map")
        if ours.strip().lower() not in (*COLUMNS, SKIP):
            raise UserError(
                "bad-field", f'there is no column "{ours}" to map to', f"There are: {', '.join(COLUMNS)}, and {SKIP}."
            )
        renamed[theirs.strip()] = ours.strip().lower()
    return renamed


USUAL = timedelta(days=90)
"""How far back meetings are taken in unless --since says."""


class CalendarImport(NamedTuple):
    """What was said about an import of meetings."""

    since: str | None = None
    yes: bool = False
    dry_run: bool = False
    skip_refused: bool = False
    update: bool = False


def _import_calendar(session: Session, raw: bytes, wish: CalendarImport) -> None:
    """Preview, ask the person who is there, write, and answer; `undo` takes it back like any other import."""
    from trustlog.formats import ics_file  # 5 ms with what reads calendars
    from trustlog.services import calendars

    text = ics_file.text_of(raw)
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


def _preview(session: Session, done: ImportedMeetings) -> None:
    """Which meetings are taken to be with whom, also where nobody can say no; a script finds them in the answer."""
    say = session.screen.note if session.ask.possible else session.screen.hint
    for line in view.preview(done):
        say(line)


def _agreed(session: Session, done: ImportedMeetings) -> bool:
    for line in view.left_out(done):
        session.screen.note(line)
    many = len(done.new) + done.updated
    return session.ask.confirm(f"Write {plural(many, 'meeting')} into the journal?", flag="--yes", default=True)


_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_LONGEST = timedelta(weeks=4)
"""How long before an event an alarm may be."""


def remind(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    output: options.Output = None,
    notes: Annotated[
        bool, typer.Option("--include-notes", help="Put your words in; others may see your calendar.")
    ] = False,
    alarm: Annotated[
        str | None,
        options.word(
            "--alarm", ("30m", "2h", "1d", "none"), "How long before; else 1 hour, 15 minutes for conversations."
        ),
    ] = None,
    until: Annotated[str | None, options.moment("--until", "Nothing later than this day.")] = None,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog remind --output reminders.ics

    Open loops, check-ins and prepared conversations as a calendar with alarms. Importing it again updates what
    is there, and takes out what was settled in the last 30 days. It says who, never what, unless --include-notes.
    """
    from trustlog.formats import ics_file
    from trustlog.services import calendars

    session = options.session_of(ctx)
    file = options.named_target(session, output, yes=yes) if output is not None else None
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
