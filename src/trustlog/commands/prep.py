"""`prep-feedback`: from a few answers to a card for the conversation."""

from datetime import datetime
from typing import Annotated

import typer

from trustlog.ask import Option
from trustlog.commands.words import sitting
from trustlog.commands.words.options import Answers, ManagerArgument, Set, session_of
from trustlog.domain.conversations.script import Script
from trustlog.domain.days import echo
from trustlog.domain.standing import load
from trustlog.services import finding, talks
from trustlog.session import Session
from trustlog.store import talks as store_talks


def prep_feedback(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    minutes: sitting.Minutes = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="When the talk is: today 4pm, fri 10:00.")
    ] = None,
    about: sitting.About = None,
    answers: Answers = None,
    set_: Set = None,
    card: Annotated[bool, typer.Option("--card", help="Print the card of the open preparation.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Start another, even if one is open.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Let go of the open preparation.")] = False,
    private: sitting.Private = False,
) -> None:
    """
        trustlog prep-feedback marcus --when "today 4pm"

    Prepare for a feedback conversation in 2, 5 or 15 minutes; one answer already gives a card. Every question
    may be skipped, and Ctrl-C keeps what you answered. When you breathe along: only as far as is comfortable;
    if holding your breath feels bad, or you have a condition that affects breathing or your heart, choose a
    pace without holds, or skip.
    """
    if sum((card, drop, bool(set_ or answers))) > 1:
        raise typer.BadParameter("--card, --drop and answers do not go together", ctx=ctx)
    session = session_of(ctx)
    script = session.playbook.script("prep")
    if card:
        named = finding.manager(session.reading, manager) if manager is not None else None
        found = talks.next_to_hold(session.reading, named, session.now)
        sitting.show(session, script, found, "prep", private=private)
        return
    who = sitting.who(session, manager)
    if drop:
        dropped = talks.drop(session.store, who)
        sitting.show(session, script, dropped, "prep", private=private)
        back = "" if dropped.state == "draft" else " trustlog undo brings it back."
        session.screen.hint(f"Let go.{back}")
        return
    planned = session.moment(when, "future") if when is not None else None
    on = min(session.now, planned).date() if planned else session.now.date()
    occasion = talks.Occasion(who, "prep", on, sitting.minutes_of(minutes), planned, about, new)
    given = sitting.given(session, script, answers, set_, occasion)
    going_on = talks.to_go_on_with(session.store, occasion)
    if session.ask.possible:
        _say_when(session, planned)
        occasion = occasion if going_on else _lighter(session, occasion, script)
        session.screen.aside(f"On {who.first_name}'s plate: {who.on_their_plate}" if who.on_their_plate else "")
    held = sitting.hold(session, script, occasion, going_on, given, sitting.around(session, occasion, {}))
    sitting.show(session, script, sitting.finish(session, occasion, held).conversation, "prep", private=private)
    if session.ask.possible:
        session.screen.hint(f"After it: trustlog debrief {who.handle}")


def _say_when(session: Session, planned: datetime | None) -> None:
    """The moment that was understood, while it can still be mended."""
    if planned is not None:
        was = "Planned" if planned > session.now else "Was planned"
        session.screen.aside(f"{was} for {echo(planned)}")


def _lighter(session: Session, occasion: talks.Occasion, script: Script) -> talks.Occasion:
    """When hard conversations cluster: say so once, and offer a lighter version or another day."""
    near = occasion.planned_for.date() if occasion.planned_for else occasion.on
    words = load.words(load.weight(store_talks.all_talks(session.store), near), script.notes)
    if not words:
        return occasion
    session.screen.note(words)
    options = (
        Option("go on as planned", "go"),
        Option("a lighter version, two minutes", "lighter"),
        Option("another day", "day"),
    )
    chosen = session.ask.choose("What suits you?", options, flag="--minutes or --when", default="go")
    if chosen == "lighter":
        return occasion._replace(minutes=2)
    if chosen == "day":
        text = session.ask.text("Which day?", flag="--when", default="tomorrow", check=session.future_problem)
        planned = session.moment(text, "future")
        _say_when(session, planned)
        return occasion._replace(planned_for=planned)
    return occasion
