"""`boundary` and `support`: when a line was crossed, and where people are."""

from typing import Annotated, Any, NamedTuple

import typer

from trustlog.ask import Option
from trustlog.commands import flow, sitting
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.domain import boundary as domain
from trustlog.domain.model import Manager
from trustlog.domain.script import Field, Prompt, Script
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import finding, talks
from trustlog.session import Session
from trustlog.store import boundaries, profile
from trustlog.view.look import Look

GROUPS = (("red_ask", domain.RED), ("amber_ask", domain.AMBER), ("impact_ask", domain.IMPACT))


class Told(NamedTuple):
    """The level with one manager, and what is said at it."""

    manager: Manager
    standing: domain.Standing
    restricted: bool
    text: str
    words: str


def boundary(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day it happened; today.")
    ] = None,
    answers: sitting.Answers = None,
    set_: sitting.Set = None,
    clear: Annotated[bool, typer.Option("--clear", help="Lift the restriction on what is suggested.")] = False,
) -> None:
    """
        trustlog boundary marcus

    A few yes/no questions about what happened, by their ids BR1 to BI3 with --set or --answers. They judge
    nobody; they help you decide whether to bring someone in. With no answers and no terminal it tells the
    level and writes nothing.
    """
    session = session_of(ctx)
    who = finding.manager(session.reading, manager)
    moment = session.moment(when) if when is not None else session.now
    if moment > session.now:
        raise UserError("future-date", "that day has not come yet", "Give the day it happened.")
    given = _given(session, who, answers, set_)
    if clear:
        with session.store.change("boundary --clear", who.handle):
            boundaries.clear(session.store, who.id, session.now.date())
        session.screen.note(session.playbook.boundary["cleared"])
    elif not given and session.ask.possible:
        given = _asked(session)
    if given:
        with session.store.change("boundary", who.handle):
            boundaries.add(session.store, who.id, moment.date(), given)
    told = _told(session, who)
    session.show(told, _data, _view)


def go_through(session: Session, handle: str) -> None:
    """Ask the questions in the middle of a debrief, and say what follows."""
    who = finding.manager(session.store, handle)
    given = _asked(session)
    if given:
        with session.store.change("boundary", who.handle):
            boundaries.add(session.store, who.id, session.now.date(), given)
    session.screen.note(_told(session, who).words)


def support(ctx: typer.Context) -> None:
    """
        trustlog support

    Where to turn when it is a lot. Always here, also offline.
    """
    session = session_of(ctx)
    private = session.screen.look.terminal and not session.options.json
    text = support_text(session, private=private)
    session.show(text, lambda text: {"text": text}, _wrapped)


def support_text(session: Session, *, private: bool) -> str:
    """The support page; the people of one's own page only where `private`."""
    words = session.playbook.boundary["support"]
    own = profile.load(session.reading) if private else {}
    people = [one["name"] for one in own.get("comfort_people", [])] + own.get("seniors", []) + own.get("contacts", [])
    named = [words["people"].replace("{people}", ", ".join(people))] if people else []
    return "\n\n".join([words["page"], *named, words["crisis"]])


def _given(session: Session, who: Manager, file: str | None, set_: list[str] | None) -> dict[str, bool]:
    script = Script("boundary", tuple(_prompt(one) for one in domain.QUESTIONS))
    typed = {name.upper(): value for name, value in flow.given(script, file, set_ or []).items()}
    checked = talks.checked(session.reading, script, typed, who, lambda text: session.moment(text).date())
    return {name: value for name, value in checked.items() if value is not None}


def _prompt(question: str) -> Prompt:
    return Prompt(question, (2, 5, 15), {}, (Field(question, "yes-no", ""),))


def _asked(session: Session) -> dict[str, bool]:
    words = session.playbook.boundary
    session.screen.note(words["opening"])
    ticked: list[str] = []
    for ask, questions in GROUPS:
        options = [Option(words["questions"][one], one) for one in questions]
        ticked += session.ask.pick(words[ask], options, flag=f"--set {questions[0]}=yes")
    return dict.fromkeys(ticked, True)


def _told(session: Session, who: Manager) -> Told:
    """The level today; `text` names no one from the second drawer, `words` may."""
    history = boundaries.history(session.reading, who.id)
    on = session.now.date()
    standing = domain.standing(history, on)
    own = profile.load(session.reading)
    return Told(
        who,
        standing,
        domain.restricted(history, on),
        _text(session, standing, {}),
        _text(session, standing, own if session.ask.possible or session.screen.look.terminal else {}),
    )


def _text(session: Session, standing: domain.Standing, own: dict[str, Any]) -> str:
    words = session.playbook.boundary
    text = words["levels"].get(standing.level, words["none_yet"])
    seniors = " or ".join(own.get("seniors", [])) or words["people"]["senior"]
    contacts = ", ".join([*own.get("seniors", []), *own.get("contacts", [])]) or words["people"]["contacts"]
    text = text.replace("{senior}", seniors).replace("{contacts}", contacts)
    return f"{text}\n{words['support_line']}" if standing.level != "L0" or standing.impact else text


def _data(told: Told) -> dict[str, Any]:
    return {
        "manager": told.manager.handle, "level": told.standing.level, "because": list(told.standing.because),
        "restricted": told.restricted, "text": told.text,
    }  # fmt: skip


def _view(told: Told, look: Look) -> str:
    because = ", ".join(told.standing.because)
    return _wrapped(told.words, look) + (look.paint(f"\n\nfrom your notes: {because}", "dim") if because else "")


def _wrapped(text: str, look: Look) -> str:
    from textwrap import fill

    return "\n".join(fill(visible(part), min(look.width, 78)) for part in text.split("\n"))
