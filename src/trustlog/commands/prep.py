"""`prep-feedback`: from a few answers to a card for the conversation."""

from typing import Annotated, Any

import typer

from trustlog.commands import flow
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.domain.conversation import Conversation
from trustlog.domain.model import Filter, Manager
from trustlog.domain.script import Script, card, wanted
from trustlog.errors import UserError
from trustlog.services import finding, talks
from trustlog.session import Session
from trustlog.store import entries, people, profile
from trustlog.store import talks as store_talks
from trustlog.view import card as view
from trustlog.view import data_talk

LATEST = 10


def prep_feedback(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    minutes: Annotated[str | None, typer.Option("--minutes", metavar="2|5|15", help="How long you have.")] = None,
    when: Annotated[
        str | None,
        typer.Option("--when", "-w", metavar="WHEN", help="When the talk is: today 4pm, fri 10:00."),
    ] = None,
    about: Annotated[str | None, typer.Option("--about", metavar="TEXT", help="What it is about.")] = None,
    answers: Annotated[
        str | None, typer.Option("--answers", metavar="FILE|-", help="Answers as JSON: field to value.")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="One answer; repeats.")] = None,
    only_card: Annotated[bool, typer.Option("--card", help="Print the card of the open preparation.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Start another, even if one is open.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Let go of the open preparation.")] = False,
    private: Annotated[
        bool, typer.Option("--include-reflections", help="Show your own part in JSON and pipes too.")
    ] = False,
) -> None:
    """
        trustlog prep-feedback marcus --when "today 4pm"

    Prepare for a feedback conversation in 2, 5 or 15 minutes; one answer already gives a card. Every question
    may be skipped, and Ctrl-C keeps what you answered. When you breathe along: only as far as is comfortable;
    if holding your breath feels bad, or you have a condition that affects breathing or your heart, choose a
    pace without holds, or skip.
    """
    session = session_of(ctx)
    script = session.playbook.script("prep")
    if only_card:
        _show(session, script, _open(session, manager), private)
        return
    who = _who(session, manager)
    if drop:
        dropped = talks.drop(session.store, who)
        session.screen.note("Let go. trustlog undo brings it back.")
        _show(session, script, dropped, private)
        return
    plan = talks.Plan(
        manager=who,
        minutes=_minutes(minutes),
        planned_for=session.moment(when, "future") if when else None,
        about=about,
        new=new,
    )
    given = talks.checked(session.store, script, flow.given(script, answers, set_ or []), who)
    _show(session, script, _prepare(session, script, plan, given), private)


def _prepare(session: Session, script: Script, plan: talks.Plan, given: dict[str, Any]) -> Conversation:
    """Ask what is open where a person is there; keep it all as one change."""
    going_on = talks.open_one(session.store, plan)
    minutes = talks.version(plan, going_on, session.settings["minutes"], session.now)
    answers = (dict(going_on.answers["prep"]) if going_on else {}) | given
    if not session.ask.possible:
        silent = {
            field.name: None for prompt in script.asked(minutes) for field in prompt.fields if wanted(field, answers)
        }
        return talks.finish(session.store, plan, minutes, going_on, silent | answers)
    return _walk(session, script, plan, minutes, going_on, answers)


def _walk(
    session: Session,
    script: Script,
    plan: talks.Plan,
    minutes: int,
    going_on: Conversation | None,
    answers: dict[str, Any],
) -> Conversation:
    kept = going_on

    def keep(answer: dict[str, Any]) -> None:
        nonlocal kept
        kept = talks.draft(session.store, plan, minutes, kept, answer)

    try:
        if going_on is not None and going_on.answers["prep"]:
            session.screen.note("Going on where you stopped; --new starts another.")
        if plan.manager.on_their_plate:
            session.screen.note(f"On {plan.manager.first_name}'s plate: {plan.manager.on_their_plate}")
        if answers:
            keep(answers)
        flow.walk(session, script, minutes, answers, _around(session, plan.manager), keep)
    except (KeyboardInterrupt, EOFError):
        if kept is not None:
            session.screen.note(f"Kept as a draft. Go on with: trustlog prep-feedback {plan.manager.handle}")
        raise
    return talks.finish(session.store, plan, minutes, kept, answers)


def _show(session: Session, script: Script, found: Conversation, private: bool) -> None:
    """The card; on a terminal whole, elsewhere without reflections unless they are asked for."""
    answers = found.answers["prep"]
    as_json = session.options.json
    shown = private or (session.screen.look.terminal and not as_json)
    lines = card(script, answers, private=shown)
    draft = script.drafts.get(answers.get("readiness_choice") or "", "").replace("{first_name}", _first(found))
    session.show(
        found,
        lambda found: data_talk.conversation(found, lines, draft, private=private),
        lambda found, look: view.card(found, lines, draft if shown else None, session.now, look),
    )


def _first(found: Conversation) -> str:
    return found.manager_name.split()[0] if found.manager_name.split() else found.manager


def _around(session: Session, manager: Manager) -> flow.Surroundings:
    own = profile.load(session.store)
    suggestions = {name: list(own.get(name, [])) for name in ("care_before", "care_after")}
    suggestions["comfort_people"] = [person["name"] for person in own.get("comfort_people", [])]
    names = {"manager": manager.name, "first_name": manager.first_name, "me": own.get("name") or "you"}
    return flow.Surroundings(names, suggestions, entries.page(session.store, Filter(manager.id, limit=LATEST)))


def _who(session: Session, manager: str | None) -> Manager:
    if manager is not None:
        return finding.manager(session.reading, manager)
    handles = [handle for handle, _ in people.names(session.reading)]
    return finding.manager(session.reading, session.ask.words("Who is it with?", handles, flag="MANAGER"))


def _open(session: Session, manager: str | None) -> Conversation:
    who = finding.manager(session.reading, manager) if manager else None
    found = store_talks.being_prepared(session.reading, who.id if who else None)
    if not found:
        whose = f" with {who.handle}" if who else ""
        raise UserError(
            "unknown-entry",
            f"no conversation{whose} is being prepared",
            "Begin with: trustlog prep-feedback MANAGER",
        )
    return found[0]


def _minutes(typed: str | None) -> int | None:
    if typed is None:
        return None
    if typed not in ("2", "5", "15"):
        raise UserError("bad-field", f'--minutes cannot be "{typed}"', "It takes 2, 5 or 15.")
    return int(typed)
