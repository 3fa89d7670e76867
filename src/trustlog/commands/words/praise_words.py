"""The words of praise, from flags, the jar or questions, as values."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from trustlog.ask import Option
from trustlog.commands.notice import met, something
from trustlog.commands.words.entry_words import choice, in_sight
from trustlog.domain.coaching.noticed import Noticed
from trustlog.domain.coaching.praise import CHANNELS, PUBLIC, QUIET, Praise
from trustlog.domain.days import echo_day
from trustlog.domain.model import Manager
from trustlog.errors import UserError
from trustlog.services import praising
from trustlog.session import Session
from trustlog.store import jar

_DID, _CHANGED = ("What did they do?", "--did"), ("What did it change?", "--changed")
FRESH = 0
"""Chosen instead of a thing in the jar; ids begin at 1."""


class Typed(NamedTuple):
    """What was typed; None is what was not."""

    did: str | None
    changed: str | None
    when: str | None
    on: str | None
    channel: str | None
    req: str | None


def told(session: Session, manager: str | None, noticed: int | None, typed: Typed) -> tuple[Manager, Praise]:
    """Who, and what is to be said, asked for where a person is there to answer. Raises UserError."""
    channel = choice(typed.channel.replace("_", "-"), CHANNELS, "--channel") if typed.channel is not None else None
    thing = praising.in_jar(session.reading, noticed) if noticed is not None else None
    who = met(session, manager if manager is not None or thing is None else thing.manager)
    if thing is not None and thing.manager != who.handle:
        raise UserError("conflict", f"#{thing.id} is about {thing.manager}", "Leave the manager out, or name that one.")
    if channel is not None:
        praising.welcome(who, channel)  # before anybody is asked for the rest
    asked = session.ask.possible and (typed.changed is None or (typed.did is None and thing is None))
    when = session.past(typed.when, "It says when praise was given.")
    if thing is None and typed.did is None and asked:
        thing = _choose(session, who)
    with in_sight(session) as keep:
        did = typed.did if typed.did is not None else thing.seen if thing else _ask(session, keep, *_DID)
        on = _day(session, typed, thing, asked=asked) or when.date()
        changed = typed.changed if typed.changed is not None else _ask(session, keep, *_CHANGED)
        channel = channel or (_where(session, who) if asked else QUIET)
    return who, Praise(did, changed, channel, on, when, typed.req, thing.id if thing else None)


def _choose(session: Session, who: Manager) -> Noticed | None:
    """A thing of the jar, or None for a fresh one."""
    found = jar.unthanked(session.reading, who.id)
    if not found:
        return None
    options = [*(Option(f"{one.seen} · {echo_day(one.on)}", one.id) for one in found), Option("something else", FRESH)]
    chosen = session.ask.choose("What do you want to praise?", options, flag="--from")
    return next((one for one in found if one.id == chosen), None)


def _day(session: Session, typed: Typed, thing: Noticed | None, *, asked: bool) -> date | None:
    """The day they did it, if it was said or is known."""
    if typed.on is not None:
        return session.past(typed.on, "It says when they did it.").date()
    if thing is not None:
        return thing.on
    if not asked or typed.when is not None or typed.did is not None:
        return None
    return session.moment(session.ask.text("When was it?", flag="--on", default="today", check=session.problem)).date()


def _ask(session: Session, keep: Callable[[str], str], question: str, flag: str) -> str:
    return keep(session.ask.text(question, flag=flag, check=something))


def _where(session: Session, who: Manager) -> str:
    """The channel; what is public is not offered for somebody who would rather not."""
    fitting = [one for one in CHANNELS if one not in PUBLIC or who.public_praise_ok is not False]
    options = [Option(one.replace("-", " "), one) for one in fitting]
    return str(session.ask.choose("Where do you say it?", options, flag="--channel", default=QUIET))
