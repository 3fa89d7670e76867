"""`prep-feedback --rehearse`: a talk said aloud once, with a likely reply, before it happens."""

from collections.abc import Sequence
from typing import Any

from trustlog.commands import conversations_walk
from trustlog.commands.asking_fields import a_line
from trustlog.domain.conversations import Conversation
from trustlog.domain.people import Manager, nearest
from trustlog.domain.scripts import TONES, Scenario, brackets
from trustlog.errors import UserError
from trustlog.services import conversations, finding
from trustlog.session import Session
from trustlog.store import people
from trustlog.store import private as private_store
from trustlog.ui.ask import Option
from trustlog.view import conversations as view

Answers = dict[str, Any]


def scenarios(session: Session, name: str | None) -> Sequence[Scenario]:
    """The one that was named, else all. Raises UserError `bad-field`."""
    known = {scenario.id: scenario for scenario in session.playbook.rehearsals.scenarios}
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
    is_scenario = _id(word) in {scenario.id for scenario in session.playbook.rehearsals.scenarios} and word not in known
    return (None, word) if is_scenario else (word, None)


def _id(typed: str) -> str:
    return typed.strip().lower().replace("_", "-").replace(" ", "-")


def show_sheet(session: Session, manager: str | None, name: str | None) -> None:
    """What there is to rehearse, where nobody can be asked. Raises UserError `unknown-manager`, `bad-field`."""
    if manager is not None:
        finding.manager(session.reading, manager)
    session.show(scenarios(session, name), view.scenario_data, view.sheet)


def rehearse(
    session: Session, occasion: conversations.Occasion, given: Answers, name: str | None, *, private: bool
) -> None:
    """Two minutes with what is known: nothing of the preparation is asked.

    What was given and what is kept of the rehearsal joins the open preparation, or begins one.
    """
    script, going_on = session.playbook.script("prep"), conversations.to_go_on_with(session.store, occasion)
    if going_on is not None:
        conversations_walk.show(session, script, going_on, "prep", private=private)
    answers = dict(given)
    if private_store.restriction(session.reading, occasion.manager.id, session.now.date()) is None:
        answers |= _two_minutes(session, occasion.manager, name)
    else:
        who = occasion.manager.first_name
        session.screen.note(f"What you noted with {who} stands first. When you want it: trustlog support")
    if not (answers or occasion.planned_for or occasion.about):
        return
    talk = _kept(session, occasion, going_on, answers)
    conversations_walk.show(session, script, talk, "prep", private=private)
    session.screen.hint(f"After it: trustlog debrief {occasion.manager.handle}")


def _kept(
    session: Session, occasion: conversations.Occasion, going_on: Conversation | None, answers: Answers
) -> Conversation:
    """The preparation with these answers; one that was under way stays so."""
    minutes = conversations.version_for(occasion, going_on, session.settings["minutes"], session.now)
    if conversations.under_way(going_on, "prep") is not None:
        return conversations.draft(session.store, occasion, minutes, going_on, answers)
    return conversations.finish(session.store, occasion, minutes, going_on, answers).conversation


def _two_minutes(session: Session, who: Manager, name: str | None) -> Answers:
    """An opening, a reply, the stronger shape, one line for the card, and one at which to stop."""
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
        blanks: dict[str, str] = {}
        answers = {"card_line": _line(session, scenario, blanks), "stop_line": _stop(session, scenario, blanks)}
        own = "\n".join(text.strip() for text in typed if text.strip())
        if own and ask.confirm("Keep what you typed, in your own drawer?", flag="--rehearse"):
            answers["rehearsed"] = own
    except (KeyboardInterrupt, EOFError):
        session.screen.note("All is kept as it was; the rehearsal left nothing.")
        raise
    kept = {field: value for field, value in answers.items() if value}
    say("" if kept else "Nothing of it was kept.")
    return kept


def _chosen(session: Session, name: str | None) -> Scenario:
    found = scenarios(session, name)
    if len(found) == 1:
        return found[0]
    options = [Option(scenario.title, number) for number, scenario in enumerate(found)]
    return found[int(session.ask.choose("What do you want to rehearse?", options, flag="--rehearse SCENARIO"))]


def _line(session: Session, scenario: Scenario, blanks: dict[str, str]) -> str:
    """One line for the card: one of the scenario, or one's own; none is fine."""
    options = [Option(line, number) for number, line in enumerate(scenario.lines)]
    options += [Option("one of my own", -1), Option("none", -2)]
    chosen = session.ask.choose("Which line goes on the card?", options, flag="--rehearse", default=0)
    if chosen >= 0:
        return _filled(session, scenario.lines[chosen], blanks)
    return session.ask.text("Your line:", flag="--rehearse", check=a_line).strip() if chosen == -1 else ""


def _stop(session: Session, scenario: Scenario, blanks: dict[str, str]) -> str:
    session.screen.aside(scenario.stop)
    options = [Option("take it", "take"), Option("one of my own", "own"), Option("none", "none")]
    chosen = session.ask.choose("Where will you stop?", options, flag="--rehearse", default="take")
    if chosen == "own":
        return session.ask.text("I stop when …, and say:", flag="--rehearse", check=a_line).strip()
    return _filled(session, scenario.stop, blanks) if chosen == "take" else ""


def _filled(session: Session, line: str, blanks: dict[str, str]) -> str:
    """The line with its brackets filled; `said` grows, and what it holds is not asked again. The rest stays open."""
    for bracket in brackets(line):
        if bracket not in blanks:
            blanks[bracket] = session.ask.text(f"[{bracket}] (Enter leaves it open):", flag="--rehearse", check=a_line)
        line = line.replace(f"[{bracket}]", blanks[bracket].strip() or f"[{bracket}]")
    return line
