"""`boundary`: a few questions when a line was crossed."""

from datetime import date
from typing import Annotated, Any

import typer

from trustlog.commands import asking, options, people_named
from trustlog.domain import private as domain
from trustlog.domain.people import Manager
from trustlog.domain.scripts import Field
from trustlog.domain.text import filled
from trustlog.services import conversations_answers, finding
from trustlog.services import private as private_service
from trustlog.session import Session
from trustlog.store import private as private_store
from trustlog.ui.ask import Option
from trustlog.view import conversations as view

GROUPS = (("red_ask", domain.RED), ("amber_ask", domain.AMBER), ("impact_ask", domain.IMPACT))
FIELDS = {question: Field(question, "yes-no", "") for question in domain.QUESTIONS}


def boundary(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    when: Annotated[str | None, options.moment("--when -w", "The day it happened; today.")] = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    clear: Annotated[bool, typer.Option("--clear", help="Lift the restriction on what is suggested.")] = False,
) -> None:
    """
        trustlog boundary marcus

    Three short lists of what may have happened, or yes and no by their ids BR1 to BI3 with --set or --answers.
    They judge nobody; they help you decide whether to bring someone in. With no answers and no terminal it tells
    the level and writes nothing.
    """
    if clear and (answers or set_):
        raise typer.BadParameter("--clear and answers do not go together", ctx=ctx)
    session = options.session_of(ctx)
    who = people_named.known(session, manager)
    on = session.past(when, "Give the day it happened.").date()
    given = _given(session, who, answers, set_)
    checked = not clear and bool(given or session.ask.possible)
    if clear:
        private_service.clear(session.store, who, on)
    elif checked:
        given = given or _asked(session, who, on)
        _record(session, who, on, given)
    level = _told(session, who, private=session.may_show_private())
    session.show(level, view.boundary_data, view.boundary_lines)
    if checked and level.restricted and level.standing.level != "L0" and not any(given.values()):
        session.screen.hint(filled(session.playbook.boundary["still"], {"handle": who.handle}))
    if clear:
        session.screen.hint(session.playbook.boundary["not_cleared" if level.restricted else "cleared"])


def go_through(session: Session, handle: str, on: date) -> None:
    """Ask the questions in the middle of a debrief, and say what follows to the person who is there."""
    who = finding.manager(session.store, handle)
    _record(session, who, on, _asked(session, who, on))
    session.screen.note(_told(session, who, private=True).words)


def support_page(session: Session, who: Manager | None, *, private: bool) -> domain.Support:
    """The page for a hard day; one's own people and sentences only where `private`."""
    own = own_page(session) if private else {}
    return private_service.support(session.playbook.boundary, own, session.playbook.script("prep").drafts, who)


def own_page(session: Session) -> dict[str, Any]:
    """The recruiter's own page, or nothing of it where it cannot be read."""
    try:
        return private_store.load_profile(session.reading)
    except (Exception, KeyboardInterrupt):  # whatever is broken, or no key is given: the support page is there
        return {}


def _given(session: Session, who: Manager, file: str | None, set_: list[str] | None) -> dict[str, bool]:
    typed = {name.upper(): value for name, value in asking.given_answers(FIELDS, file, set_ or []).items()}
    checked = conversations_answers.checked_answers(
        session.reading, FIELDS, typed, who, lambda text: session.moment(text).date()
    )
    return {name: value for name, value in checked.items() if value is not None}


def _asked(session: Session, who: Manager, on: date) -> dict[str, bool]:
    """What happened, three lists to tick, each kept as it comes; one that was shown before is not shown again."""
    words = session.playbook.boundary
    answers = private_store.check_draft(session.store, who.id)
    session.screen.note(words["opening"])
    try:
        for ask, questions in GROUPS:
            if not set(questions) <= set(answers):
                choices = [Option(words["questions"][question], question) for question in questions]
                ticked = session.ask.pick(words[ask], choices, flag=f"--set {questions[0]}=yes")
                answers |= {question: question in ticked for question in questions}
                private_service.keep(session.store, who, on, answers)
    except (KeyboardInterrupt, EOFError):
        if answers:
            session.screen.note(f"Kept as a draft. Go on with: trustlog boundary {who.handle}")
        raise
    if not any(answers.values()):
        private_service.let_go(session.store, who)
    # what was not ticked was skipped, which is no answer
    return {question: True for question, yes in answers.items() if yes}


def _record(session: Session, who: Manager, on: date, answers: dict[str, bool]) -> None:
    if answers:
        private_service.record(session.store, who, on, answers)


def _told(session: Session, who: Manager, *, private: bool) -> domain.Told:
    own = private_store.load_profile(session.reading) if private else {}
    return private_service.told(session.reading, who, session.now.date(), session.playbook.boundary, own)
