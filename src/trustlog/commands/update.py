"""`update`: Friday's mail, drafted from the journal."""

from typing import Annotated

import typer

from trustlog import clipboard
from trustlog.commands.entry_words import choice
from trustlog.commands.options import complete_manager, complete_req, session_of
from trustlog.errors import UserError
from trustlog.services import updating
from trustlog.session import Session
from trustlog.store import profile
from trustlog.view import update as view


def _complete(ctx: typer.Context, incomplete: str) -> list[str]:
    """Handles, then roles."""
    handles = [handle for handle, _ in complete_manager(ctx, incomplete)]
    return [*handles, *complete_req(ctx, incomplete)]


def update(
    ctx: typer.Context,
    whom: Annotated[
        str, typer.Argument(metavar="MANAGER|REQ", help="A manager, or one role.", autocompletion=_complete)
    ],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help="From which day; since the last update, or a week, unless said."),
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Put the text on the clipboard.")] = False,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="text|eml|mailto", help="How to write it.")] = "text",
    sender: Annotated[str | None, typer.Option("--from", metavar="NAME", help="The name below it.")] = None,
) -> None:
    """
        trustlog update dana --copy

    Friday's mail as a draft: what was done, your dated promises, one open question, one thing to thank for.
    What only you can know stands in [brackets]. You change it, and you send it.
    """
    session = session_of(ctx)
    form = choice(form, view.FORMATS, "--format")
    done = updating.draft(session.reading, _wanted(session, whom, since, sender), session.now, session.playbook.update)
    how, problem = _copied(done.text) if copy else ("", None)
    if sent and problem is None:
        done = updating.sent(session.store, done)
    session.show(done, lambda done: view.data(done, form), lambda done, look: view.mail(done, form, look))
    if problem is not None:
        raise problem
    for told in view.asides(done, how):
        session.screen.hint(told)


def _wanted(session: Session, whom: str, since: str | None, sender: str | None) -> updating.Wanted:
    manager, req = updating.whom(session.reading, whom)
    begin = session.past(since, "It says from which day on.").date() if since is not None else None
    # one's own page is the second drawer: its name goes to nobody but the person at the terminal
    own = profile.load(session.reading) if sender is None and session.may_show_private() else {}
    return updating.Wanted(manager, req, begin, sender or own.get("name"))


def _copied(text: str) -> tuple[str, UserError | None]:
    """What took the text, or why nothing did: told only after the draft was shown."""
    try:
        return clipboard.copy(text), None
    except UserError as error:
        return "", error
