"""`praise`, `notice`: good things seen, and said."""

from datetime import date
from typing import Annotated, NamedTuple

import typer

from trustlog.commands import entries_words, options
from trustlog.commands.completing import complete_noticed
from trustlog.commands.entries_words import numbered
from trustlog.commands.people_named import Create, Who, asked, found, known_to
from trustlog.domain.days import echo, echo_day, is_a_span
from trustlog.domain.people import Manager
from trustlog.domain.praise import CHANNELS, PUBLIC, QUIET, Noticed, Praise, PraiseSentence
from trustlog.domain.text import about_others, filled, marked, places_of
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services import praise as praise_service
from trustlog.session import Session
from trustlog.store import praise as praise_store
from trustlog.store import private
from trustlog.ui.ask import Option, needed
from trustlog.view import each, under
from trustlog.view import praise as view


def praise(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    did: options.Did = None,
    changed: options.Changed = None,
    when: Annotated[str | None, options.moment("--when -w", "When you said it; now.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day they did it; as the jar says, else open.")
    ] = None,
    noticed: Annotated[
        int | None,
        typer.Option(
            "--from",
            metavar="ID",
            help="Praise this thing of the jar.",
            autocompletion=complete_noticed,
            parser=numbered("J"),
        ),
    ] = None,
    channel: Annotated[
        str | None, options.word("--channel -c", CHANNELS, f"{', '.join(CHANNELS)}; else {QUIET}.", "CHANNEL")
    ] = None,
    req: options.Req = None,
    draft: Annotated[bool, typer.Option("--draft", help="Only show the sentence; write nothing.")] = False,
    copy: options.Copy = False,
    open_: options.AsItIs = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what is in the jar.")] = False,
    private: options.OwnPage = False,
    create: Create = False,
) -> None:
    """
        trustlog praise dana --did "four scorecards" --changed "quick answers"

    Praise what somebody did, fresh or from the jar of trustlog notice. It prints the sentence for the channel,
    for you to send, and keeps it as an entry.
    """
    options.only_with_copy(ctx, copy=copy, open_=open_)
    session = options.session_of(ctx)
    if listed:
        if copy or draft or any((did, changed, when, on, channel, req, noticed)):
            raise typer.BadParameter("--list goes alone, or with a manager", ctx=ctx)
        _list(session, manager)
        return
    typed = PraiseDraft(did, changed, when, on, channel, req, create)
    who, praise = praise_from_words(session, manager, noticed, typed)
    templates = session.playbook.praise
    sender = _me(session, templates[praise.channel], private)
    drafted = praise_service.draft(who, praise, templates, sender, session.now)
    if copy:
        drafted = drafted._replace(marked=options.completed(session, drafted.marked, as_it_is=open_))
    if not draft:
        drafted = praise_service.give(session.store, who.handle, praise, drafted, create=not who.id)
    copied = session.copy(drafted.sentence) if copy else None
    session.show(drafted, view.sentence_data, view.sentence)
    _talk(session, who, drafted, praise.did)
    if copied is not None:  # the praise was given whether or not a clipboard has it
        how = copied.how(f"The praise is kept as #{drafted.entry.id}." if drafted.entry else "")
        session.screen.hint(f"Copied by {how}.")


def _list(session: Session, manager: str | None) -> None:
    who = finding.manager(session.reading, manager).id if manager is not None else None
    found = praise_store.unthanked(session.reading, who)
    session.show(found, each("noticed", view.noticed_data), view.jar)
    if not found:
        session.screen.hint('The jar is empty. Put something in: trustlog notice MANAGER "what you saw"')


def _me(session: Session, template: str, asked: bool) -> str:
    """One's own name, where a template of one's own wants it; no shipped one does."""
    return (options.own_name(session, asked) or marked("[your name]")) if "me" in places_of(template) else ""


def _talk(session: Session, who: Manager, sentence: PraiseSentence, did: str) -> None:
    """What was kept, and what to do before the sentence is sent."""
    if sentence.entry is not None:
        session.screen.hint(f"Kept as #{sentence.entry.id}, praise given, {echo(sentence.entry.happened_at)}.")
    if sentence.channel in PUBLIC and who.public_praise_ok is None:
        session.screen.hint(
            f"Ask {who.first_name} first whether the spotlight is welcome, and keep the answer:"
            f" trustlog manager edit {who.handle} --public-praise-ok yes"
        )
    other = about_others(did) if sentence.channel != "to-their-lead" else None
    if other is not None:
        session.screen.hint(
            f'It says "{other}", and {who.first_name} reads it; where that is {who.first_name}, say "you".'
        )
    if sentence.channel == "to-their-lead":
        session.screen.hint(f"Show {who.first_name} the sentence first: it is theirs to pass on.")


_DID, _CHANGED = ("What did they do?", "--did, or --from for a thing in the jar"), ("What did it change?", "--changed")
SEEN = needed("Name one thing that could be seen.")
FRESH = 0
"""Chosen instead of a thing in the jar; ids begin at 1."""


class PraiseDraft(NamedTuple):
    """What was typed; None is what was not."""

    did: str | None
    changed: str | None
    when: str | None
    on: str | None
    channel: str | None
    req: str | None
    create: bool = False


def praise_from_words(
    session: Session, manager: str | None, noticed: int | None, typed: PraiseDraft
) -> tuple[Manager, Praise]:
    """Who, and what is to be said, asked for where a person is there to answer. Raises UserError."""
    channel = (
        options.choice(typed.channel.replace("_", "-"), CHANNELS, "--channel") if typed.channel is not None else None
    )
    thing = praise_service.in_jar(session.reading, noticed) if noticed is not None else None
    who = met(session, manager if manager is not None or thing is None else thing.manager, create=typed.create)
    if thing is not None and thing.manager != who.handle:
        raise UserError("conflict", f"{thing.ref} is about {thing.manager}", "Leave the manager out, or name that one.")
    if private.restriction(session.reading, who.id, session.now.date()) is not None:
        said = session.playbook.coaching.notes["stands_first"]
        session.screen.hint(filled(said, {"name": who.first_name, "handle": who.handle}))
    if channel is not None:
        praise_service.welcome(who, channel)  # before anybody is asked for the rest
    asked = session.ask.possible and (typed.changed is None or (typed.did is None and thing is None))
    when = session.past(typed.when, "It says when praise was given.")
    if thing is None and typed.did is None and asked:
        thing = _choose(session, who)

    def ask(question: str, flag: str) -> str:
        return session.ask.text(question, flag=flag, check=SEEN)

    did = typed.did if typed.did is not None else thing.seen if thing else ask(*_DID)
    on = _day(session, typed, thing, asked=asked)
    changed = typed.changed if typed.changed is not None else ask(*_CHANGED)
    channel = channel or (_where(session, who) if asked else QUIET)
    return who, Praise(did, changed, channel, on, when, typed.req, thing.id if thing else None)


def _choose(session: Session, who: Manager) -> Noticed | None:
    """A thing of the jar, or None for a fresh one."""
    found = praise_store.unthanked(session.reading, who.id)
    if not found:
        return None
    choices = [
        *(Option(f"{noticed.seen} · {echo_day(noticed.on)}", noticed.id) for noticed in found),
        Option("something else", FRESH),
    ]
    chosen = session.ask.choose("What do you want to praise?", choices, flag="--from")
    return next((thing for thing in found if thing.id == chosen), None)


def _day(session: Session, typed: PraiseDraft, thing: Noticed | None, *, asked: bool) -> date | None:
    """The day they did it, if it was said or is known."""
    if typed.on is None and (thing is not None or not asked):
        return thing.on if thing is not None else None
    default, said = typed.when or "today", typed.on
    if said is None:
        said = session.ask.text("When was it?", flag="--on", default=default, check=session.problem)
    if is_a_span(said):
        session.screen.hint(f'"{said.strip()}" is no one day, so the day stays open.')
        return None
    return session.past(said, "It says when they did it.").date()


def _where(session: Session, who: Manager) -> str:
    """The channel; what is public is not offered for somebody who would rather not."""
    fitting = [channel for channel in CHANNELS if channel not in PUBLIC or who.public_praise_ok is not False]
    choices = [Option(channel.replace("-", " "), channel) for channel in fitting]
    return str(session.ask.choose("Where do you say it?", choices, flag="--channel", default=QUIET))


def notice(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    seen: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SEEN]...", help="What you saw them do, without quotes; - reads standard input."),
    ] = None,
    when: Annotated[str | None, options.moment("--when -w", "When you saw it; now.")] = None,
    drop: Annotated[
        list[int] | None,
        typer.Option(
            "--drop",
            metavar="ID",
            help="Take this out without praising it; repeats.",
            autocompletion=complete_noticed,
            parser=numbered("J", {"#": "delete {ref}", "L": "settle {ref} withdrawn"}),
        ),
    ] = None,
    create: Create = False,
) -> None:
    """
        trustlog notice dana four scorecards before lunch

    Put something good that you saw into a private jar, to praise it later. It is no entry and weighs nothing;
    trustlog praise turns it into words.
    """
    if drop and (manager is not None or when is not None):
        raise typer.BadParameter("--drop goes with nothing else", ctx=ctx)
    session = options.session_of(ctx)
    if drop:
        gone = praise_service.drop(session.store, drop)
        session.show(gone, lambda gone: {"dropped": [noticed.id for noticed in gone]}, view.dropped)
        return
    words = entries_words.EntryWords(manager)
    if manager is not None and seen:
        words = entries_words.who_and_what(session, words, [manager, *seen])
    named, words = words.named(session, create=create)
    who = _of(session, named[0]) if named else met(session, None, create=create)
    on = session.past(when, "Say when you saw it.").date()
    said = words.note
    if said is None:
        said = session.ask.text("What did you see?", flag="SEEN", check=SEEN)
    elif said == "-" and not words.literal:
        said = entries_words.standard_input(session)
    done = praise_service.notice(session.store, who.handle, said, on, create=not who.id)
    session.show(done, under("noticed", view.noticed_data), view.noticed)


def met(session: Session, manager: str | None, *, create: bool) -> Manager:
    """The manager that was named, or asked for; somebody new has no id, and is added with the rest."""
    named = found(session, manager, create=create) if manager is not None else asked(session, "Who is it about?")[0]
    return _of(session, named)


def _of(session: Session, who: Who) -> Manager:
    return Manager(0, "", who.word, who.word) if who.new else finding.manager(known_to(session), who.word)
