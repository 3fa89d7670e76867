"""What the guided conversations share: their options, holding a sitting, and showing its card."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

import typer

from trustlog import clock
from trustlog.commands import asking, asking_fields, options
from trustlog.commands.asking_fields import BEGUN
from trustlog.domain import days, me
from trustlog.domain.conversations import Conversation, Part, load_of, load_words
from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import EntryDraft, Filter
from trustlog.domain.people import Manager
from trustlog.domain.scripts import Script, card
from trustlog.domain.text import filled, one_line, visible
from trustlog.services import conversations, conversations_answers
from trustlog.services.conversations import COMMANDS
from trustlog.session import Session
from trustlog.store import conversations as conversations_store
from trustlog.store import entries, people
from trustlog.store import private as private_store
from trustlog.ui.ask import Option
from trustlog.view import conversations as conversations_view

LATEST = 10
"""How many of the last entries a preparation may draw on."""


VERSIONS = ("2", "5", "15")
Minutes = Annotated[str | None, options.word("--minutes", VERSIONS, "How long you have.")]
About = Annotated[str | None, typer.Option("--about", metavar="TEXT", help="What it is about.")]


def minutes_of(typed: str | None) -> int | None:
    """Raises UserError `bad-field` for anything but 2, 5 and 15."""
    return int(options.choice(typed, VERSIONS, "--minutes")) if typed is not None else None


def given_answers(
    session: Session, script: Script, file: str | None, set_: list[str] | None, occasion: conversations.Occasion
) -> dict[str, Any]:
    """The answers of --answers and --set, checked. Raises UserError; then nothing is saved."""
    known = script.fields()
    typed = asking.given_answers(known, file, set_ or [])
    seen_from = here(session, occasion)
    return conversations_answers.checked_answers(
        session.store, known, typed, occasion.manager, lambda text: clock.read(text, seen_from, "future").date()
    )


def here(session: Session, occasion: conversations.Occasion) -> datetime:
    """From when the days of a sitting are seen: from now, or from noon of its own day."""
    if occasion.on == session.now.date():
        return session.now
    return clock.local_or_next(datetime.combine(occasion.on, clock.NOON))


def surroundings(
    session: Session, occasion: conversations.Occasion, known: dict[str, Any]
) -> asking_fields.Surroundings:
    """What the questions of a conversation with this manager refer to."""
    manager = occasion.manager
    own = private_store.load_profile(session.store)
    suggestions = {name: list(own.get(name, [])) for name in ("care_before", "care_after")}
    suggestions["comfort_people"] = [person["name"] for person in own.get("comfort_people", [])]
    names = {
        "manager": manager.name, "first_name": manager.first_name, "me": own.get("name") or "you",
        "aftercare": known.get("aftercare") or "", "comfort_person": known.get("comfort_person") or "",
        "friday": echo_day(me.answer_day(occasion.planned_for.date() if occasion.planned_for else occasion.on)),
    }  # fmt: skip
    latest = entries.page(session.store, Filter(manager.id, limit=LATEST))
    return asking_fields.Surroundings(names, suggestions, latest, known, here(session, occasion))


class Held(NamedTuple):
    """What is to be finished: the version, the conversation as it is kept so far, and all answers."""

    minutes: int
    kept: Conversation | None
    answers: dict[str, Any]


def hold(
    session: Session,
    script: Script,
    occasion: conversations.Occasion,
    going_on: Conversation | None,
    answers: dict[str, Any],
    around: asking_fields.Surroundings,
) -> Held:
    """Ask what is open where a person is there, each answer kept as a draft; the rest is a skip."""
    minutes = conversations.version_for(occasion, going_on, session.settings["minutes"], session.now)
    kept = _before(going_on, occasion.part)
    begun = {name: value for name, value in kept.items() if name.startswith(BEGUN)}
    before = {name: value for name, value in kept.items() if name not in begun}
    if session.ask.possible:
        # a list that was begun goes on, instead of being an answer
        before = {name: value for name, value in before.items() if not begun.get(f"{BEGUN}{name}")}
        around = around._replace(known={**around.known, **begun})
    answers, known = before | answers, around.known
    if session.ask.possible:
        going_on = _walk(session, script, occasion, minutes, going_on, before, answers, around)
        known = {"held_back": known.get("held_back")}  # a gate that was never asked stands open
    return Held(minutes, going_on, answers | conversations_answers.unanswered(script, minutes, answers, known))


def _before(going_on: Conversation | None, part: Part) -> dict[str, Any]:
    """What was answered before: all of a draft, its skips too; of a preparation what was not skipped."""
    under_way = conversations.under_way(going_on, part)
    finished = going_on.answers(part) if going_on and part == "prep" else {}
    answers = {name: value for name, value in finished.items() if value is not None}
    return answers | (dict(under_way.answers) if under_way else {})


def _walk(
    session: Session,
    script: Script,
    occasion: conversations.Occasion,
    minutes: int,
    going_on: Conversation | None,
    before: dict[str, Any],
    answers: dict[str, Any],
    around: asking_fields.Surroundings,
) -> Conversation | None:
    drafted = conversations.under_way(going_on, occasion.part) is not None

    def keep(answer: dict[str, Any]) -> None:
        nonlocal going_on, drafted
        drafted = True
        going_on = conversations.draft(session.store, occasion, minutes, going_on, answers | answer)

    command = f"trustlog {COMMANDS[occasion.part]} {occasion.manager.handle}"
    if before and drafted:
        about = f"{COMMANDS[occasion.part]} with {visible(occasion.manager.name)}"
        session.screen.note(f"Going on where you stopped: {about}.")
    elif before:
        session.screen.note(
            f"You have prepared this talk with {visible(occasion.manager.name)}: only what was skipped is asked. To"
            f" change an answer: {command} --set purpose='…'; to prepare another talk: --new"
        )
    session.screen.aside(asking_fields.WAYS)
    with asking.kept_as_draft(session, command, lambda: drafted):
        if answers != before:
            keep(answers)
        asking.walk(session, script, minutes, answers, around, keep)
    return going_on


def finish(
    session: Session,
    occasion: conversations.Occasion,
    held: Held,
    evidence: Sequence[EntryDraft] = (),
) -> conversations.Finished:
    """Finish what was held, as one change."""
    return conversations.finish(session.store, occasion, held.minutes, held.kept, held.answers, evidence)


def show(session: Session, script: Script, found: Conversation, part: Part, *, private: bool) -> None:
    """The card; on a terminal whole, elsewhere without reflections unless they are asked for."""
    shown = session.may_show_private(private)
    lines = card(script, found.answers(part), private=shown)
    own = private_store.load_profile(session.reading) if shown else {}
    made = conversations_answers.messages_to_send(script, found, part, private=shown, own=own)
    session.show(
        found,
        lambda found: conversations_view.conversation(found, lines, made, private=private),
        lambda found, look: conversations_view.card(found, lines, made, session.now, look),
    )


def prepare(session: Session, script: Script, occasion: conversations.Occasion, given: dict[str, Any]) -> Conversation:
    """Hold the preparation and finish it."""
    who = occasion.manager
    going_on = conversations.to_go_on_with(session.store, occasion)
    if session.ask.possible:
        if not given and conversations.under_way(going_on, "prep") is None:
            occasion = _asked_when(session, occasion, going_on)
        _say_when(session, occasion.planned_for)
        occasion = occasion if going_on else _lighter(session, occasion, script)
        session.screen.aside(f"On {who.first_name}'s plate: {who.on_their_plate}" if who.on_their_plate else "")
        _say_what_is_known(session, who)
    planned_before = going_on.planned_for if going_on else None
    about_then = occasion._replace(planned_for=occasion.planned_for or planned_before)
    around = surroundings(session, about_then, {})
    held = hold(session, script, occasion, going_on, given, around)
    return finish(session, occasion, held).conversation


def _say_what_is_known(session: Session, who: Manager) -> None:
    """Of the own page: how one takes difficult news best, and once each what was learned and fits."""
    own = private_store.load_profile(session.store)
    known = [one_line(own[name]) for name in ("best_time", "best_way") if own.get(name)]
    session.screen.aside(f"How you take difficult news best, from your own page: {'; '.join(known)}" if known else "")
    talks = conversations_store.all_conversations(session.store)
    for lesson in me.due_lessons(
        own.get("learned", ()), who.handle, people.names(session.store), talks, session.now.date()
    ):
        source = f", from {one_line(lesson['from'])}" if lesson.get("from") else ""
        session.screen.aside(f"You learned{source}: {one_line(lesson['what'])}")


def read_back(session: Session, planned: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """What was prepared, before the debrief asks; at a terminal only, for it lies in the second drawer."""
    for name in ("purpose", "ask_instructions", "if_cue") if session.ask.possible else ():
        if planned.get(name):
            plan = {part: one_line(str(planned.get(part) or "…")) for part in (name, "then_action")}
            session.screen.note(filled(words[f"back_{name}"], plan))


def _asked_when(
    session: Session, occasion: conversations.Occasion, going_on: Conversation | None
) -> conversations.Occasion:
    """When the talk is, for what nobody dated is taken to be held on the day of its preparation."""
    if occasion.planned_for is not None or (going_on is not None and going_on.planned_for is not None):
        return occasion

    def wrong(typed: str) -> str | None:
        return session.problem(typed, "future") if typed.strip() else None

    question = "When is the talk, like today 4pm or fri 10:00? (Enter skips)"
    typed = session.ask.text(question, flag="--when", check=wrong)
    if not typed.strip():
        return occasion
    planned = session.moment(typed, "future")
    return occasion._replace(planned_for=planned, on=min(session.now, planned).date())


def _say_when(session: Session, planned: datetime | None) -> None:
    """The moment that was understood, while it can still be mended."""
    if planned is not None:
        was = "Planned" if planned > session.now else "Was planned"
        session.screen.aside(f"{was} for {echo(planned)}")


def _lighter(session: Session, occasion: conversations.Occasion, script: Script) -> conversations.Occasion:
    """When hard conversations cluster: say so once, and offer a lighter version or another day."""
    near = occasion.planned_for.date() if occasion.planned_for else occasion.on
    words = load_words(load_of(conversations_store.all_conversations(session.store), near), script.notes)
    if not words:
        return occasion
    session.screen.note(words)
    choices = (
        Option("go on as planned", "go"),
        Option("a lighter version, two minutes", "lighter"),
        Option("another day", "day"),
    )
    chosen = session.ask.choose("What suits you?", choices, flag="--minutes or --when", default="go")
    if chosen == "lighter":
        return occasion._replace(minutes=2)
    if chosen == "day":
        planned = _another_day(session, near, occasion.planned_for)
        _say_when(session, planned)
        return occasion._replace(planned_for=planned)
    return occasion


def _another_day(session: Session, talk_on: date, planned: datetime | None) -> datetime:
    """A day that is not the day of the talk itself; without a time of its own at the time that was planned."""

    def wrong(typed: str) -> str | None:
        problem = session.problem(typed, "future")
        same = problem is None and session.moment(typed, "future").date() == talk_on
        return "That is the day of the talk itself. Name another, or go on as planned." if same else problem

    usual = days.day_after(max(talk_on, session.now.date()), working_week=session.settings["working_week"])
    text = session.ask.text("Which day?", flag="--when", default=echo_day(usual), check=wrong)
    day = session.moment(text, "future")
    if planned is None or clock.says_time(text, session.now):
        return day
    return clock.local_or_next(datetime.combine(day.date(), planned.astimezone().time()))
