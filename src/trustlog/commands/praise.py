"""`praise`: what they did and what it changed, as one sentence for the place where it is said."""

from typing import Annotated

import typer

from trustlog.commands.words import praise_words
from trustlog.commands.words.options import (
    Changed,
    Did,
    ManagerArgument,
    ReqOption,
    complete_noticed,
    one_of,
    own_name,
    session_of,
)
from trustlog.domain.coaching.praise import CHANNELS, PUBLIC, QUIET, Said
from trustlog.domain.days import echo
from trustlog.domain.filling import places_of
from trustlog.domain.model import Manager
from trustlog.services import finding, praising
from trustlog.session import Session
from trustlog.store import jar
from trustlog.view import praise as view


def praise(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    did: Did = None,
    changed: Changed = None,
    when: Annotated[str | None, typer.Option("--when", "-w", metavar="WHEN", help="When you said it; now.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day they did it; as the jar says, else as --when.")
    ] = None,
    noticed: Annotated[
        int | None,
        typer.Option("--from", metavar="ID", help="Praise this thing of the jar.", autocompletion=complete_noticed),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel",
            "-c",
            metavar="CHANNEL",
            help=f"{', '.join(CHANNELS)}; else {QUIET}.",
            autocompletion=one_of(*CHANNELS),
        ),
    ] = None,
    req: Annotated[str | None, ReqOption] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Only show the sentence; write nothing.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Put the sentence on the clipboard.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what is in the jar.")] = False,
) -> None:
    """
        trustlog praise dana --did "four scorecards" --changed "quick answers"

    Praise what somebody did, fresh or from the jar of trustlog notice. It prints the sentence for the channel,
    for you to send, and keeps it as an entry.
    """
    session = session_of(ctx)
    if listed:
        if copy or draft or any((did, changed, when, on, channel, req, noticed)):
            raise typer.BadParameter("--list goes alone, or with a manager", ctx=ctx)
        _list(session, manager)
        return
    typed = praise_words.Typed(did, changed, when, on, channel, req)
    who, told = praise_words.told(session, manager, noticed, typed)
    templates = session.playbook.praise
    said = praising.draft(who, told, templates, _me(session, templates[told.channel]), session.now)
    if not draft:
        said = praising.give(session.store, who, told, said)
    copied = session.copy(said.sentence) if copy else None
    session.show(said, view.said_data, view.sentence)
    _talk(session, who, said)
    if copied is not None:  # the praise was given whether or not a clipboard has it
        how = copied.how(f"The praise is kept as #{said.entry.id}." if said.entry else "")
        session.screen.hint(f"Copied by {how}.")


def _list(session: Session, manager: str | None) -> None:
    who = finding.manager(session.reading, manager).id if manager is not None else None
    found = jar.unthanked(session.reading, who)
    session.show(found, lambda found: {"noticed": [view.noticed_data(one) for one in found]}, view.jar)
    if not found:
        session.screen.hint('The jar is empty. Put something in: trustlog notice MANAGER "what you saw"')


def _me(session: Session, template: str) -> str:
    """One's own name, where a template of one's own wants it; no shipped one does."""
    return (own_name(session) or "[your name]") if "me" in places_of(template) else ""


def _talk(session: Session, who: Manager, said: Said) -> None:
    """What was kept, and what to do before the sentence is sent."""
    if said.entry is not None:
        session.screen.hint(f"Kept as #{said.entry.id}, praise given, {echo(said.entry.happened_at)}.")
    if said.channel in PUBLIC and who.public_praise_ok is None:
        session.screen.hint(
            f"Ask {who.first_name} first whether the spotlight is welcome, and keep the answer:"
            f" trustlog manager edit {who.handle} --public-praise-ok yes"
        )
    if said.channel == "to-their-lead":
        session.screen.hint(f"Show {who.first_name} the sentence first: it is theirs to pass on.")
