"""`log`, `search`: entries as they were written."""

from typing import Annotated

import typer

from trustlog.commands import entries_words
from trustlog.commands.options import Kind, ReqOption, complete_manager, moment, session_of, with_manager
from trustlog.domain.entries import Filter
from trustlog.services import finding
from trustlog.session import Session
from trustlog.store import entries as entries_store
from trustlog.store import entries_search, people
from trustlog.view import entries as entries_view

SCREENFUL = 20
Limit = typer.Option("--limit", metavar="N", min=1, help="At most so many; 20 on a terminal, else all.")
Since = moment("--since", "From this day on.")


Whose = typer.Argument(
    metavar="[MANAGER|ID]", help="Whose, or the number of one entry, to see it whole.", autocompletion=complete_manager
)


def log(
    ctx: typer.Context,
    manager: Annotated[str | None, Whose] = None,
    since: Annotated[str | None, Since] = None,
    until: Annotated[str | None, moment("--until", "Up to this day.")] = None,
    kind: Annotated[str | None, Kind] = None,
    tag: Annotated[str | None, typer.Option("--tag", "-t", metavar="TAG", help="With this tag.")] = None,
    req: Annotated[str | None, ReqOption] = None,
    limit: Annotated[int | None, Limit] = None,
) -> None:
    """
        trustlog log dana --since "last month" --kind reply

    The timeline, newest first. With the number of an entry: that one, whole.
    """
    session = session_of(ctx)
    if manager is not None and (number := _number(session, manager)) is not None:
        if any(given is not None for given in (since, until, kind, tag, req, limit)):
            raise typer.BadParameter("the number of an entry goes alone", ctx=ctx)
        entry = finding.entry(session.reading, number)
        session.show(entry, lambda entry: {"entry": entries_view.entry_data(entry)}, entries_view.whole)
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
    session.show(
        found, lambda found: {"entries": [entries_view.entry_data(one) for one in found]}, entries_view.timeline
    )
    if not found:
        session.screen.hint("Nothing written down yet." if wanted == Filter(limit=wanted.limit) else "Nothing fits.")
    elif limit is None and len(found) == wanted.limit:
        total = entries_store.count(session.reading, wanted)
        if total > len(found):
            session.screen.hint(f"The newest {len(found)} of {total}; --limit {total} shows all.")


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words; all of them must occur.")],
    manager: Annotated[str | None, with_manager("With this one.")] = None,
    limit: Annotated[int | None, Limit] = None,
) -> None:
    """
        trustlog search calibration scorecard --manager dana

    Find words in the notes, in any form of them, newest first.
    """
    session = session_of(ctx)
    asked = " ".join(query)
    if not asked.strip():
        raise typer.BadParameter("an empty search finds nothing; say a word", ctx=ctx)
    who = finding.manager(session.reading, manager).id if manager is not None else None
    wanted = Filter(manager_id=who, limit=limit or _screenful(session))
    found = entries_search.search(session.reading, asked, wanted, entries_view.MARKS)
    texts = {entry.id: text for entry, text in found}
    session.show(
        [entry for entry, _ in found],
        lambda found: {"entries": [entries_view.entry_data(one) for one in found]},
        lambda found, look: entries_view.timeline(found, look, texts),
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
