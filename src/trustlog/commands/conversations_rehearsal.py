"""`prep-feedback --rehearse`: a talk said aloud once, with a likely reply, before it happens."""

from collections.abc import Sequence
from datetime import date

from trustlog.commands.asking_fields import field_problem
from trustlog.domain import private as private_domain
from trustlog.domain.conversations import Conversation
from trustlog.domain.people import Manager, nearest
from trustlog.domain.scripts import TONES, Field, Scenario, brackets
from trustlog.errors import UserError
from trustlog.services import conversations
from trustlog.session import Session
from trustlog.store import conversations as conversations_store
from trustlog.store import people
from trustlog.store import private as private_store
from trustlog.ui.ask import Option
from trustlog.view import conversations as view

LINE = field_problem(Field("card_line", "line", ""))
"""Why a typed line cannot be kept."""


def scenarios(session: Session, name: str | None) -> Sequence[Scenario]:
    """The one that was named, else all. Raises UserError `bad-field`."""
    known = {one.id: one for one in session.playbook.rehearsals.scenarios}
    if name is None:
        return list(known.values())
    wanted = _id(name)
    if wanted not in known:
        near = nearest(wanted, known)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise UserError("bad-field", f'there is no scenario "{name}"', hint)
    return [known[wanted]]


def who_and_what(session: Session, word: str) -> tuple[str | None, str | None]:
    """A lone word is a manager, or a scenario where nobody is called so."""
    known = {handle for handle, _ in people.names(session.reading)}
    is_scenario = _id(word) in {one.id for one in session.playbook.rehearsals.scenarios} and word not in known
    return (None, word) if is_scenario else (word, None)


def prepared(session: Session, who: Manager) -> Conversation | None:
    """The open conversation whose preparation is finished."""
    found = conversations_store.being_prepared(session.reading, who.id)
    return next((one for one in found if one.state == "prepared"), None)


def _id(typed: str) -> str:
    return typed.strip().lower().replace("_", "-").replace(" ", "-")


def show_sheet(session: Session, name: str | None) -> None:
    """What there is to rehearse, where nobody can be asked."""
    session.show(scenarios(session, name), view.scenario_data, view.sheet)


def rehearse(session: Session, who: Manager, talk: Conversation, name: str | None) -> Conversation:
    """Two minutes: an opening, a reply, the stronger shape, one line for the card, and one at which to stop."""
    notes = private_store.boundary_notes(session.reading, who.id)
    if private_domain.restriction(notes, session.now.date()) is not None:
        session.screen.note(f"What you noted with {who.first_name} stands first. When you want it: trustlog support")
        return talk
    scenario = _chosen(session, name)
    say, ask, look = session.screen.aside, session.ask, session.screen.look._replace(color=False)
    try:
        say(scenario.about)
        typed = [ask.text("Begin it: say it aloud, or type it. (Enter goes on)", flag="--rehearse")]
        options = [Option(f"a {tone} reply" if tone != "evasive" else "an evasive reply", tone) for tone in TONES]
        tone = ask.choose("How might they answer?", options, flag="--rehearse", default="evasive")
        say(f"{who.first_name}: “{getattr(scenario, tone)}”")
        say(session.playbook.rehearsals.tones.get(tone, ""))
        typed.append(ask.text("And you? Aloud or typed. (Enter goes on)", flag="--rehearse"))
        say("A stronger shape of it:")
        session.screen.note(view.shape(scenario, look))
        answers = {"card_line": _line(session, scenario), "stop_line": _filled(session, _stop(session, scenario))}
        said = "\n".join(text.strip() for text in typed if text.strip())
        if said and ask.confirm("Keep what you typed, in your own drawer?", flag="--rehearse"):
            answers["rehearsed"] = said
    except (KeyboardInterrupt, EOFError):
        session.screen.note("The preparation is kept as it was; the rehearsal left nothing.")
        raise
    occasion = conversations.Occasion(who, "prep", _day_of(talk, session), talk.minutes)
    kept = {field: value for field, value in answers.items() if value}
    return conversations.finish(session.store, occasion, talk.minutes, talk, kept).conversation if kept else talk


def _chosen(session: Session, name: str | None) -> Scenario:
    found = scenarios(session, name)
    if len(found) == 1:
        return found[0]
    options = [Option(one.title, number) for number, one in enumerate(found)]
    return found[int(session.ask.choose("What do you want to rehearse?", options, flag="--rehearse SCENARIO"))]


def _line(session: Session, scenario: Scenario) -> str:
    """One line for the card: one of the scenario, or one's own; none is fine."""
    options = [Option(line, number) for number, line in enumerate(scenario.lines)]
    options += [Option("one of my own", -1), Option("none", -2)]
    chosen = session.ask.choose("Which line goes on the card?", options, flag="--rehearse", default=0)
    if chosen >= 0:
        return _filled(session, scenario.lines[chosen])
    return session.ask.text("Your line:", flag="--rehearse", check=LINE).strip() if chosen == -1 else ""


def _stop(session: Session, scenario: Scenario) -> str:
    session.screen.aside(scenario.stop)
    options = [Option("take it", "take"), Option("one of my own", "own"), Option("none", "none")]
    chosen = session.ask.choose("Where will you stop?", options, flag="--rehearse", default="take")
    if chosen == "own":
        return session.ask.text("I stop when …, and say:", flag="--rehearse", check=LINE).strip()
    return scenario.stop if chosen == "take" else ""


def _filled(session: Session, line: str) -> str:
    """The line with its brackets filled; what is left open stays in brackets."""
    for bracket in brackets(line):
        said = session.ask.text(f"[{bracket}]:", flag="--rehearse", check=LINE).strip()
        line = line.replace(f"[{bracket}]", said) if said else line
    return line


def _day_of(talk: Conversation, session: Session) -> date:
    prep = talk.sitting("prep")
    return prep.on if prep is not None else session.now.date()
