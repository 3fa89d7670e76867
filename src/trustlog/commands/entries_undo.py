"""`undo` and `redo`: take back the last change, or several, and do again what was taken back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from trustlog.commands import options
from trustlog.domain import text
from trustlog.domain.entries import Change
from trustlog.errors import UserError
from trustlog.session import Session
from trustlog.store import undo as undo_store
from trustlog.view import entries

if TYPE_CHECKING:
    from trustlog.store.inbox import Inbox

Count = Annotated[int, typer.Argument(metavar="[N]", min=1, help="How many changes.")]


def undo(
    ctx: typer.Context,
    count: Count = 1,
    listed: Annotated[
        bool, typer.Option("--list", help="Show what can be taken back or done again, newest first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take back more than one without asking.")] = False,
) -> None:
    """
        trustlog undo

    Take back the last change, whatever command made it; again for the one before. More than one are shown and asked
    about first. `trustlog redo` does again what was taken back.
    """
    session = options.session_of(ctx)
    if listed:
        found = (undo_store.changes(session.reading), undo_store.changes(session.reading, undone=True))
        session.show(found, entries.changes_data, entries.changes)
        return
    lines = inbox_lines(session, undo_store.changes(session.store, count))
    if not _agreed(session, count, yes):
        session.screen.note("Nothing was taken back.")
        return
    done = undo_store.take_back(session.store, count)
    session.show(
        done,
        lambda done: {"undone": [entries.change_data(change, with_summary=False) for change in done]},
        entries.undone,
    )
    _put_back(session, [line for change in reversed(done) for line in lines.get(change.id, ())])


def redo(
    ctx: typer.Context,
    count: Count = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do more than one again without asking.")] = False,
) -> None:
    """
        trustlog redo

    Do again what undo took back, the last first, until something else is written. More than one are shown and asked
    about first.
    """
    from trustlog.services import people  # with all that a merge reads

    session = options.session_of(ctx)
    if not _agreed(session, count, yes, undone=True):
        session.screen.note("Nothing was done again.")
        return
    done = people.redo(session.store, count)
    session.show(
        done,
        lambda done: {"redone": [entries.change_data(change, with_summary=False) for change in done]},
        lambda done, look: entries.undone(done, look, "Did again"),
    )
    again = undo_store.changes(session.store, len(done))
    _take_out(session, [line for lines in inbox_lines(session, again).values() for line in lines])


def _agreed(session: Session, count: int, yes: bool, *, undone: bool = False) -> bool:
    """Whether the changes that would go, or come again, may; it says if there are fewer.

    Raises UserError `conflict` if others came meanwhile.
    """
    if count == 1:
        return True
    coming = undo_store.changes(session.reading, count, undone=undone)
    all_ = 0 < len(coming) < count
    if yes or len(coming) < 2:
        if all_:
            session.screen.hint(f"There {'is' if len(coming) == 1 else 'are'} only {len(coming)}.")
        return True
    if session.ask.possible:
        session.screen.note(entries.changes((coming, []), session.screen.look._replace(color=False)))
    these = f"all {len(coming)} changes that there are" if all_ else f"these {len(coming)} changes"
    question = f"Do {these} again?" if undone else f"Take back {these}?"
    if not session.ask.confirm(question, flag="--yes"):
        return False
    if undo_store.changes(session.store, count, undone=undone) != coming:
        raise UserError("conflict", "something else was written meanwhile", "See: trustlog undo --list")
    return True


def inbox_lines(session: Session, changes: list[Change]) -> dict[int, list[str]]:
    """The lines that changes took out of the inbox, by the change."""
    if all(change.command != "inbox" for change in changes):
        return {}
    from trustlog.services import inbox  # with all that reads lines, only where some were taken

    return inbox.lines_again(session.store, changes)


def _take_out(session: Session, lines: list[str]) -> None:
    """What is in the journal again waits in the inbox no more."""
    if lines and (error := _of_the_inbox(session, lambda inbox: inbox.take_again(lines))):
        session.screen.note(f"The inbox cannot be written, so its lines wait there as well: {error}")


def _put_back(session: Session, lines: list[str]) -> None:
    """What is taken back waits in the inbox again, so that no word of it is lost."""
    if not lines:
        return
    if error := _of_the_inbox(session, lambda inbox: inbox.put_back(lines)):
        session.screen.note(f"The inbox cannot be written, so here is what it held: {error}")
        for line in lines:
            session.screen.note(line, "  ")
        return
    session.screen.hint(f"{text.plural(len(lines), 'line')} back in the inbox: trustlog inbox")


def _of_the_inbox(session: Session, change: "Callable[[Inbox], None]") -> Exception | None:
    """Change the inbox; what went wrong, None if nothing did."""
    from trustlog.services import inbox

    try:
        change(inbox.inbox(session.settings["inbox"], session.shelf))
    except (OSError, UserError) as error:
        return error
    return None
