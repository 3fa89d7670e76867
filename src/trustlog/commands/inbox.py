"""`inbox`: lines from a phone, gone through one by one, or those that are clear at once."""

from functools import partial
from typing import Annotated, Any

import typer

from trustlog.commands import people_named, promises
from trustlog.commands.options import session_of
from trustlog.domain.days import echo
from trustlog.domain.entries import of_one_sign
from trustlog.domain.inbox import InboxLine
from trustlog.domain.text import one_line, plural
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services import inbox as service
from trustlog.session import Session
from trustlog.store import people
from trustlog.ui.ask import Option, needed
from trustlog.ui.text import cut
from trustlog.view import entries as view
from trustlog.view import promises as promises_view

TAKE, PROMISE, CHANGE, LEAVE, STOP = "take", "promise", "change", "leave", "stop"
EXAMPLE = "dana: gave me four scorecards"


def inbox(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take what is clear, leave the rest.")] = False,
) -> None:
    """
        trustlog inbox

    Go through the lines that you wrote on your phone into a plain text file, the setting inbox: each with who, which
    day and of which kind. What you take leaves the file; without a terminal it only shows what waits.
    """
    session = session_of(ctx)
    box = service.inbox(session.settings["inbox"], session.shelf)
    try:
        if box.unfinished:
            with box.alone():
                box.finish(session.store)
        lines = service.waiting(session.reading, box, _reads(session), session.now)
    except OSError as error:
        raise UserError(
            "bad-file",
            f"{box.file} cannot be read: {error.strerror}",
            "Make it readable, or set another: trustlog config set inbox FILE",
        ) from error
    walks = session.ask.possible and not yes and not session.options.json
    if not lines or not (yes or walks):
        _show(session, box, service.SortedLines((), tuple(lines)), look_only=True)
        return
    chosen, left = _walk(session, lines) if walks else _clear(lines)
    done = service.take(session.store, box, chosen, left, session.now)
    _show(session, box, done, look_only=False)


def _reads(session: Session) -> service.Reads:
    return session.reads if session.settings["read_kind"] != "off" else lambda _: ()


def _clear(lines: list[InboxLine]) -> tuple[list[InboxLine], list[InboxLine]]:
    """The lines that need no question, and the others."""
    return [line for line in lines if service.clear(line)], [line for line in lines if not service.clear(line)]


def _walk(session: Session, lines: list[InboxLine]) -> tuple[list[InboxLine], list[InboxLine]]:
    """Ask about each line; nothing is written before all were asked about. What is taken, and what stays."""
    chosen: list[InboxLine] = []
    left: list[InboxLine] = []
    try:
        for at, line in enumerate(lines):
            session.screen.note(f"\n{at + 1} of {len(lines)}   {cut(one_line(line.text), 200)}")
            answer = _answer(session, line)
            if answer == STOP:
                left += lines[at:]
                break
            taken = _changed(session, line) if answer == CHANGE else line
            if answer == PROMISE:
                what, due = promises.what_and_due(session, line.promise, None, line.when or session.now)
                taken = line._replace(promise=what, due=due)
            if answer == LEAVE or taken is None:
                left.append(line)
            else:
                chosen.append(taken)
    except (KeyboardInterrupt, EOFError):
        session.screen.note("Nothing was taken; every line is still in the inbox.")
        raise
    return chosen, left


def _answer(session: Session, line: InboxLine) -> str:
    if not line.manager and not line.note:  # it cannot be read at all
        session.screen.note(f"{line.problem}; it stays.")
        return LEAVE
    change, leave, stop = Option("change it", CHANGE), Option("leave it there", LEAVE), Option("stop here", STOP)
    if line.promise:
        message = f"{line.manager} · {line.doubt}."
        keep, note = Option("keep it in sight as a promise", PROMISE), Option("take it as a note", TAKE)
        return str(session.ask.choose(message, [keep, note, change, leave, stop], flag="--yes"))
    if line.problem or not of_one_sign(line.kinds):
        message = f"{line.problem}." if line.problem else "It may be a good thing or a hard one."
        return str(session.ask.choose(message, [change, leave, stop], flag="--yes"))
    return str(session.ask.choose(view.read_as(line), [Option("take it", TAKE), change, leave, stop], flag="--yes"))


def _changed(session: Session, line: InboxLine) -> InboxLine | None:
    """The line with what the person says of it; Enter keeps what was read. None where it names nobody still."""
    from trustlog.commands import entries_words  # only where something is asked

    handles = [handle for handle, _ in people.names(session.reading)]
    stays = "" if line.manager else " Nobody: Enter, and the line stays."
    session.screen.aside(f"In your journal: {', '.join(handles[:8]) or 'nobody yet'}.{stays}")
    known = partial(people_named.unknown, session.reading)
    who = session.ask.text("Who?", flag="--yes", default=line.manager or "", check=known)
    if not who.strip():
        return None
    when = session.ask.text(
        "When?", flag="--yes", default=echo(line.when) if line.when else "now", check=session.problem
    )
    check = needed("Say in a few words what happened.")
    note = session.ask.text("What happened?", flag="--yes", default=line.note, check=check)
    kind = entries_words.which(session, line.kind)
    manager = finding.manager(session.reading, who).handle
    return line._replace(manager=manager, when=session.moment(when), note=note, kinds=(kind,), problem="")


def _show(session: Session, box: Any, done: service.SortedLines, *, look_only: bool) -> None:
    session.show(
        done,
        lambda done: view.inbox_data(str(box.file), done.entries, done.left),
        lambda done, look: "\n".join([
            view.inbox_lines(done.entries, done.left, look, look_only=look_only),
            *(promises_view.promise_line(loop, session.now, look) for loop in done.loops),
        ]),
    )  # fmt: skip
    if done.trouble:
        session.screen.note(
            f"The lines are in the journal, and could not be taken out of {box.file}: {done.trouble}. The next"
            " trustlog inbox does that."
        )
    clear = sum(service.clear(line) for line in done.left)
    if look_only and clear:
        session.screen.hint(f"trustlog inbox --yes takes {plural(clear, 'line')} of {len(done.left)}.")
    elif look_only and not done.left:
        there = "Nothing waits in" if box.file.exists() else "There is no inbox yet; it will be"
        session.screen.hint(f"{there} {box.file}. A line in it: {EXAMPLE}")
