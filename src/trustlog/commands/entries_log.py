"""`log` and `search`, `delete`, `undo` and `redo`: entries read and taken out, changes taken back and made again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from trustlog.commands import entries_words, options
from trustlog.commands.completing import complete_manager
from trustlog.domain import text
from trustlog.domain.entries import Change, Filter
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session
from trustlog.store import entries as entries_store
from trustlog.store import people
from trustlog.store import undo as undo_store
from trustlog.view import each, entries, under

if TYPE_CHECKING:
    from trustlog.store.inbox import Inbox

SCREENFUL = 20
"""Entries that a terminal shows where no --limit is given."""
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many; 20 on a terminal, else all.")
]
Since = Annotated[str | None, options.moment("--since", "From this day on.")]
Whose = Annotated[
    str | None,
    typer.Argument(
        metavar="[MANAGER|ID]",
        help="Whose, or the number of one entry, to see it whole.",
        autocompletion=complete_manager,
    ),
]


def log(
    ctx: typer.Context,
    manager: Whose = None,
    since: Since = None,
    until: Annotated[str | None, options.moment("--until", "Up to this day.")] = None,
    kind: options.Kind = None,
    tag: Annotated[str | None, typer.Option("--tag", "-t", metavar="TAG", help="With this tag.")] = None,
    req: options.Req = None,
    limit: Limit = None,
) -> None:
    """
        trustlog log dana --since "last month" --kind reply

    The timeline, newest first. With the number of an entry: that one, whole.
    """
    session = options.session_of(ctx)
    if manager is not None and (number := _number(session, manager)) is not None:
        if any(given is not None for given in (since, until, kind, tag, req, limit)):
            raise typer.BadParameter("the number of an entry goes alone", ctx=ctx)
        entry = finding.entry(session.reading, number)
        session.show(entry, under("entry", entries.entry_data), entries.whole)
        return
    wanted = Filter(
        manager_id=finding.manager(session.reading, manager).id if manager is not None else None,
        since=session.moment(since).date() if since is not None else None,
        until=session.moment(until).date() if until is not None else None,
        kind=entries_words.kind_named(session, kind) if kind is not None else None,
        tag=tag,
        req_id=finding.req(session.reading, req).id if req is not None else None,
        limit=limit or _screenful(session),
    )
    found = entries_store.page(session.reading, wanted)
    session.show(found, each("entries", entries.entry_data), entries.timeline)
    if not found:
        session.screen.hint("Nothing written down yet." if wanted == Filter(limit=wanted.limit) else "Nothing fits.")
    elif limit is None and len(found) == wanted.limit:
        total = entries_store.count(session.reading, wanted)
        if total > len(found):
            session.screen.hint(f"The newest {len(found)} of {total}; --limit {total} shows all.")


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words; all of them must occur.")],
    manager: Annotated[str | None, options.with_manager("With this one.")] = None,
    limit: Limit = None,
) -> None:
    """
        trustlog search calibration scorecard --manager dana

    Find words in the notes, in any form of them, newest first.
    """
    from trustlog.store import entries_search  # nothing else needs it

    session = options.session_of(ctx)
    asked = " ".join(query)
    if not asked.strip():
        raise typer.BadParameter("an empty search finds nothing; say a word", ctx=ctx)
    who = finding.manager(session.reading, manager).id if manager is not None else None
    wanted = Filter(manager_id=who, limit=limit or _screenful(session))
    found = entries_search.search(session.reading, asked, wanted, entries.MARKS)
    texts = {entry.id: marked for entry, marked in found}
    session.show(
        [entry for entry, _ in found],
        each("entries", entries.entry_data),
        lambda found, look: entries.timeline(found, look, texts),
    )
    if not found:
        session.screen.hint("Nothing fits.")
    elif limit is None and len(found) == wanted.limit:
        session.screen.hint(f"The newest {len(found)}; --limit N shows more.")


def _screenful(session: Session) -> int | None:
    return SCREENFUL if session.screen.look.terminal and not session.options.json else None


def _number(session: Session, typed: str) -> int | None:
    """The number of an entry, with or without its sign; None for any other word, and for a handle of digits.

    Raises UserError `bad-field` for the number of another kind of thing.
    """
    return None if typed in dict(people.names(session.reading)) else finding.number(typed, "#", {})


def delete(
    ctx: typer.Context,
    entry: Annotated[
        list[int],
        typer.Argument(
            metavar="ID...",
            help="The entries' numbers.",
            parser=entries_words.numbered("#", {"L": "settle {ref} withdrawn", "J": "notice --drop {ref}"}),
        ),
    ],
) -> None:
    """
        trustlog delete 17

    Delete entries. `trustlog undo` brings them back.
    """
    from trustlog.services import entries as service  # reading alone does without

    session = options.session_of(ctx)
    gone = service.delete(session.store, entry)
    session.show(gone, lambda gone: {"deleted": [entry.id for entry in gone]}, entries.deleted)
    session.screen.hint("trustlog undo brings it back.")


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
    from trustlog.services import people as people_service  # with all that a merge reads

    session = options.session_of(ctx)
    if not _agreed(session, count, yes, undone=True):
        session.screen.note("Nothing was done again.")
        return
    done = people_service.redo(session.store, count)
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
