"""What the guided conversations share: their options, holding one, and showing its card."""

from typing import Annotated, Any

import typer

from trustlog.commands import flow
from trustlog.domain.conversation import Conversation
from trustlog.domain.model import Filter, Manager
from trustlog.domain.script import Script, card
from trustlog.errors import UserError
from trustlog.services import finding, talks
from trustlog.session import Session
from trustlog.store import entries, people, profile
from trustlog.view import card as view
from trustlog.view import data_talk

LATEST = 10

Minutes = Annotated[str | None, typer.Option("--minutes", metavar="2|5|15", help="How long you have.")]
About = Annotated[str | None, typer.Option("--about", metavar="TEXT", help="What it is about.")]
Answers = Annotated[str | None, typer.Option("--answers", metavar="FILE|-", help="Answers as JSON: field to value.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="One answer; repeats.")]
Private = Annotated[bool, typer.Option("--include-reflections", help="Show your own part in JSON and in pipes too.")]


def who(session: Session, manager: str | None) -> Manager:
    """The manager that was named, or asked for. Raises UserError."""
    if manager is not None:
        return finding.manager(session.reading, manager)
    handles = [handle for handle, _ in people.names(session.reading)]
    return finding.manager(session.reading, session.ask.words("Who is it with?", handles, flag="MANAGER"))


def minutes_of(typed: str | None) -> int | None:
    """Raises UserError `bad-field` for anything but 2, 5 and 15."""
    if typed is None:
        return None
    if typed not in ("2", "5", "15"):
        raise UserError("bad-field", f'--minutes cannot be "{typed}"', "It takes 2, 5 or 15.")
    return int(typed)


def given(session: Session, script: Script, file: str | None, set_: list[str] | None, who: Manager) -> dict[str, Any]:
    """The answers of --answers and --set, checked. Raises UserError; then nothing is saved."""
    typed = flow.given(script, file, set_ or [])
    return talks.checked(session.store, script, typed, who, lambda text: session.moment(text, "future").date())


def around(session: Session, manager: Manager, known: dict[str, Any]) -> flow.Surroundings:
    """What the questions of a conversation with this manager refer to."""
    own = profile.load(session.store)
    suggestions = {name: list(own.get(name, [])) for name in ("care_before", "care_after")}
    suggestions["comfort_people"] = [person["name"] for person in own.get("comfort_people", [])]
    names = {
        "manager": manager.name, "first_name": manager.first_name, "me": own.get("name") or "you",
        "aftercare": known.get("aftercare") or "", "comfort_person": known.get("comfort_person") or "",
    }  # fmt: skip
    return flow.Surroundings(names, suggestions, entries.page(session.store, Filter(manager.id, limit=LATEST)), known)


def kept(session: Session, occasion: talks.Occasion) -> talks.Kept | None:
    """The conversation that this occasion goes on with."""
    found = talks.going_on(session.store, occasion)
    return talks.Kept(found) if found else None


def hold(
    session: Session,
    script: Script,
    occasion: talks.Occasion,
    kept: talks.Kept | None,
    answers: dict[str, Any],
    around: flow.Surroundings,
) -> Conversation:
    """Ask what is open where a person is there; finish it as one change. Ctrl-C keeps a draft."""
    conversation = kept.conversation if kept else None
    minutes = talks.version(occasion, conversation, session.settings["minutes"], session.now)
    under_way = talks.under_way(conversation, occasion.part)
    before = conversation.answers(occasion.part) if conversation and occasion.part == "prep" else {}
    answers = before | (dict(under_way.answers) if under_way else {}) | answers
    if not session.ask.possible:
        silent = talks.silent(script, minutes, answers, around.known)
        return talks.finish(session.store, occasion, minutes, kept, answers | silent)
    if before or (under_way is not None and under_way.answers):
        session.screen.note("Going on where you stopped.")

    drafted = under_way is not None

    def keep(answer: dict[str, Any]) -> None:
        nonlocal kept, drafted
        drafted = True
        kept = talks.draft(session.store, occasion, minutes, kept, answers | answer)

    try:
        if answers != before:
            keep(answers)
        flow.walk(session, script, minutes, answers, around, keep)
    except (KeyboardInterrupt, EOFError):
        if drafted:
            command = " ".join((session.command, occasion.manager.handle))
            session.screen.note(f"Kept as a draft. Go on with: trustlog {command}")
        raise
    # a gate that was never asked stands open
    return talks.finish(session.store, occasion, minutes, kept, answers | talks.silent(script, minutes, answers, {}))


def show(session: Session, script: Script, found: Conversation, part: str, *, private: bool) -> None:
    """The card; on a terminal whole, elsewhere without reflections unless they are asked for."""
    answers = found.answers(part)  # type: ignore[arg-type]  # the script's own name for its part
    shown = private or (session.screen.look.terminal and not session.options.json)
    lines = card(script, answers, private=shown)
    drafts = _drafts(script, found, answers, private=shown)
    session.show(
        found,
        lambda found: data_talk.conversation(found, lines, drafts, private=private),
        lambda found, look: view.card(found, lines, drafts, session.now, look),
    )


def _drafts(script: Script, found: Conversation, answers: dict[str, Any], *, private: bool) -> list[str]:
    """Messages that the recruiter may want to send: for a choice that was made, and for points to ask about."""
    made = []
    first = found.manager_name.split()[0] if found.manager_name.split() else found.manager
    if private and answers.get("readiness_choice") in script.drafts:
        made.append(script.drafts[answers["readiness_choice"]].replace("{first_name}", first))
    if script.name != "prep":
        asked = [item["text"] for item in answers.get("items") or [] if item.get("decision") == "ask"]
        made += [script.drafts["ask"].replace("{text}", text) for text in asked]
    if answers.get("thanks_draft"):
        made.append(answers["thanks_draft"])
    return made
