"""`update`: Friday's mail, drafted from the journal."""

from typing import Annotated

import typer

from trustlog.commands.words.entry_words import choice
from trustlog.commands.words.options import complete_manager_or_req, one_of, own_name, session_of
from trustlog.services import updating
from trustlog.session import Session
from trustlog.view import update as view


def update(
    ctx: typer.Context,
    whom: Annotated[
        str,
        typer.Argument(metavar="MANAGER|REQ", help="A manager, or one role.", autocompletion=complete_manager_or_req),
    ],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help="From which day; since the last update, or a week, unless said."),
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Put the text on the clipboard.")] = False,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="text|eml|mailto", help="How to write it.", autocompletion=one_of(*view.FORMATS)
        ),
    ] = "text",
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
    copied = session.copy(done.text) if copy else None
    if sent and (copied is None or copied.worked):
        done = updating.sent(session.store, done)
    session.show(done, lambda done: view.data(done, form), lambda done, look: view.mail(done, form, look))
    how = copied.how("Nothing was noted as sent." if sent else "") if copied else ""
    for told in view.asides(done, how):
        session.screen.hint(told)


def _wanted(session: Session, whom: str, since: str | None, sender: str | None) -> updating.Wanted:
    manager, req = updating.whom(session.reading, whom)
    begin = session.past(since, "It says from which day on.").date() if since is not None else None
    return updating.Wanted(manager, req, begin, sender or own_name(session))
