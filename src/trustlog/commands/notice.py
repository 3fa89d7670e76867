"""`notice`: good things seen, kept until they are praised."""

from typing import Annotated

import typer

from trustlog.commands.words import entry_words
from trustlog.commands.words.options import ManagerArgument, complete_noticed, session_of
from trustlog.domain.model import Manager
from trustlog.services import finding, praising
from trustlog.session import Session
from trustlog.store import people
from trustlog.view import praise as view


def notice(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    seen: Annotated[
        str | None, typer.Argument(metavar="[SEEN]", help="What you saw them do; - reads standard input.")
    ] = None,
    when: Annotated[str | None, typer.Option("--when", "-w", metavar="WHEN", help="When you saw it; now.")] = None,
    drop: Annotated[
        list[int] | None,
        typer.Option(
            "--drop", metavar="ID", help="Take this out without praising it; repeats.", autocompletion=complete_noticed
        ),
    ] = None,
) -> None:
    """
        trustlog notice dana "four scorecards before lunch"

    Put something good that you saw into a private jar, to praise it later. It is no entry and weighs nothing;
    trustlog praise turns it into words.
    """
    if drop and (manager is not None or when is not None):
        raise typer.BadParameter("--drop goes with nothing else", ctx=ctx)
    session = session_of(ctx)
    if drop:
        gone = praising.drop(session.store, drop)
        session.show(gone, lambda gone: {"dropped": [one.id for one in gone]}, view.dropped)
        return
    who = met(session, manager)
    on = session.past(when, "Say when you saw it.").date()
    done = praising.notice(session.store, who, _seen(session, seen), on)
    session.show(done, lambda done: {"noticed": view.noticed_data(done)}, view.noticed)


def met(session: Session, manager: str | None) -> Manager:
    """The manager that was named, or asked for. Raises UserError."""
    if manager is not None:
        return finding.manager(session.reading, manager)
    handles = [handle for handle, _ in people.names(session.reading)]
    return finding.manager(session.reading, session.ask.words("Who is it about?", handles, flag="MANAGER"))


def something(typed: str) -> str | None:
    """What is wrong with an answer that must say something, for a question that is asked again."""
    return None if typed.strip() else "Name one thing that could be seen."


def _seen(session: Session, seen: str | None) -> str:
    if seen == "-":
        return entry_words.standard_input(session)
    return seen if seen is not None else session.ask.text("What did you see?", flag="SEEN", check=something)
