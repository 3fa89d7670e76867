"""`prep-feedback`: from a few answers to a card for the conversation."""

from datetime import timedelta
from typing import Annotated

import typer

from trustlog.ask import Option
from trustlog.commands import sitting
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.domain import load
from trustlog.domain.conversation import Conversation
from trustlog.errors import UserError
from trustlog.services import finding, talks
from trustlog.session import Session
from trustlog.store import profile
from trustlog.store import talks as store_talks


def prep_feedback(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    minutes: sitting.Minutes = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="When the talk is: today 4pm, fri 10:00.")
    ] = None,
    about: sitting.About = None,
    answers: sitting.Answers = None,
    set_: sitting.Set = None,
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
        sitting.show(session, script, _open(session, manager), "prep", private=private)
        return
    who = sitting.who(session, manager)
    if drop:
        dropped = talks.drop(session.store, who)
        back = "" if dropped.state == "draft" else " trustlog undo brings it back."
        session.screen.hint(f"Let go.{back}")
        sitting.show(session, script, dropped, "prep", private=private)
        return
    planned = session.moment(when, "future") if when is not None else None
    on = min(session.now, planned).date() if planned else session.now.date()
    occasion = talks.Occasion(who, "prep", on, sitting.minutes_of(minutes), planned, about, new)
    given = sitting.given(session, script, answers, set_, who)
    going_on = talks.going_on(session.store, occasion)
    if going_on is None:
        occasion = _lighter(session, occasion)
    if who.on_their_plate and session.ask.possible:
        session.screen.note(f"On {who.first_name}'s plate: {who.on_their_plate}")
    kept = talks.Kept(going_on) if going_on else None
    done = sitting.hold(session, script, occasion, kept, given, sitting.around(session, who, {}))
    sitting.show(session, script, done, "prep", private=private)
    if session.ask.possible and not profile.load(session.store):
        session.screen.hint("What helps you, and who, can be suggested next time: trustlog me --help")


def _lighter(session: Session, occasion: talks.Occasion) -> talks.Occasion:
    """When hard conversations cluster: say so once, and offer a lighter version or another day."""
    near = occasion.planned_for.date() if occasion.planned_for else occasion.on
    words = load.words(load.weight(store_talks.all_talks(session.store), near))
    if not words or not session.ask.possible:
        return occasion  # nobody is there to hear it, and it is nothing for a pipe
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
        text = session.ask.text(
            "Which day?", flag="--when", default="tomorrow", check=lambda typed: session.problem(typed, "future")
        )
        return occasion._replace(planned_for=session.moment(text, "future"))
    return occasion


def _open(session: Session, manager: str | None) -> Conversation:
    who = finding.manager(session.reading, manager) if manager is not None else None
    found = store_talks.being_prepared(session.reading, who.id if who else None)
    if not found:
        whose = f" with {who.handle}" if who else ""
        raise UserError(
            "unknown-entry", f"no conversation{whose} is being prepared", "Begin with: trustlog prep-feedback MANAGER"
        )
    # the next one to come, else the newest
    soon = session.now - timedelta(hours=1)
    coming = [one for one in found if one.planned_for is not None and one.planned_for >= soon]
    return min(coming, key=lambda one: (one.planned_for, one.id)) if coming else found[0]
