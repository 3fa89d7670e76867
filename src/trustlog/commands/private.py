"""`me`, `boundary` and `support`: what helps you, and what to do when a line was crossed."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from trustlog.commands import asking
from trustlog.commands.options import Answers, ManagerArgument, Set, field_and_value, moment, session_of
from trustlog.domain import private as domain
from trustlog.domain.people import Manager
from trustlog.domain.scripts import Field
from trustlog.domain.text import plural
from trustlog.errors import UserError
from trustlog.services import conversations_answers, finding
from trustlog.services import private as private_service
from trustlog.session import Session
from trustlog.store import private as private_store
from trustlog.store.journal import Journal
from trustlog.ui.ask import Option
from trustlog.view import conversations as view
from trustlog.view import me as me_view

Repeats = list[str] | None
ME = typer.Typer(
    add_completion=False, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


@ME.callback()
def me(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What you call yourself.")] = None,
    before: Annotated[
        Repeats, typer.Option("--care-before", metavar="TEXT", help="What helps before; adds one.")
    ] = None,
    after: Annotated[Repeats, typer.Option("--care-after", metavar="TEXT", help="What helps after; adds one.")] = None,
    best_time: Annotated[
        str | None, typer.Option("--best-time", metavar="TEXT", help="When you take news best: mornings.")
    ] = None,
    best_way: Annotated[
        str | None, typer.Option("--best-way", metavar="TEXT", help="How: in writing, in person.")
    ] = None,
    comfort: Annotated[Repeats, typer.Option("--comfort", metavar="NAME", help="Someone to talk to; adds one.")] = None,
    senior: Annotated[
        Repeats, typer.Option("--senior", metavar="NAME", help="Someone more experienced; adds one.")
    ] = None,
    contact: Annotated[
        Repeats, typer.Option("--contact", metavar="TEXT", help="Who helps at work, and how to reach them; adds one.")
    ] = None,
    set_: Annotated[
        Repeats, typer.Option("--set", metavar="FIELD=VALUE", help="A whole field, lists as JSON; empty removes it.")
    ] = None,
    wipe: Annotated[
        bool, typer.Option("--wipe-reflections", help="Delete all you ever said about yourself, for good.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before wiping.")] = False,
) -> None:
    """
        trustlog me --care-after "tea outside" --comfort Sam

    Your own page. It lies in a drawer of its own: no report or search shows it, and no
    export unless you ask. Fields for --set:
    name, best_time, best_way, care_before, care_after, comfort_people (name, how, minutes, mode), seniors,
    contacts, learned.
    """
    session = session_of(ctx)
    if wipe:
        _wipe(session, yes=yes)
        raise typer.Exit
    lines = {"name": name, "best_time": best_time, "best_way": best_way}
    changes = _set(set_ or []) | {field: value for field, value in lines.items() if value is not None}
    added = {
        "care_before": before,
        "care_after": after,
        "comfort_people": comfort,
        "seniors": senior,
        "contacts": contact,
    }
    if ctx.invoked_subcommand is not None:
        if changes or any(added.values()):
            raise typer.BadParameter("give these options without a word behind them", ctx=ctx)
        return
    if not changes and not any(added.values()):
        session.show(private_store.load_profile(session.reading), me_view.profile_data, me_view.profile_page)
        return
    session.show(
        private_service.save_profile(session.store, changes, added), me_view.profile_data, me_view.profile_page
    )


@ME.command("learned")
def learned(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What you learned.")],
    source: Annotated[str | None, typer.Option("--from", metavar="WHO", help="Who taught you.")] = None,
    when: Annotated[str | None, moment("--when -w", "The day; today.")] = None,
) -> None:
    """
        trustlog me learned "Ask for one example before answering" --from Dana

    Keep what people taught you.
    """
    session = session_of(ctx)
    on = session.past(when, "Give today or an earlier day.").date()
    lesson = {"what": what, "on": on.isoformat()} | ({"from": source} if source else {})
    session.show(
        private_service.save_profile(session.store, {}, {"learned": [lesson]}),
        me_view.profile_data,
        me_view.profile_page,
    )


def _wipe(session: Session, *, yes: bool) -> None:
    question = "Delete moods, feelings, boundary answers, free writing and your own page, for good?"
    if not yes and not session.ask.confirm(question, flag="--yes"):
        session.screen.note("Nothing was deleted.")
        return
    if not session.file.exists():
        Journal.open(session.file, session.snapshots).close()
    done = private_service.wipe_reflections(session.shelf, session.now)
    if done.older_copies:
        session.screen.note(f"Older copies still hold them: {', '.join(done.older_copies)} in {session.snapshots}")
    for file in done.kept:
        session.screen.note(f"What you wrote in an editor stays in {file}; no journal holds it.")
    session.show(
        done,
        lambda done: {"wiped": done.rows, "older_copies": done.older_copies, "kept": done.kept},
        lambda done, _: f"Deleted {plural(done.rows, 'answer')}; the rest of the journal is as it was.",
    )


def _set(settings: list[str]) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for setting in settings:
        field, typed = field_and_value(setting, "name=Ana")
        try:
            done[field] = typed if field in domain.LINES or not typed else json.loads(typed)
            if field not in domain.LINES and done[field] and not isinstance(done[field], list):
                raise ValueError(field)
        except (ValueError, RecursionError) as error:
            raise UserError(
                "bad-field", f"{field} takes a JSON list", "Mend it and try again; nothing was saved."
            ) from error
    return done


GROUPS = (("red_ask", domain.RED), ("amber_ask", domain.AMBER), ("impact_ask", domain.IMPACT))
FIELDS = {question: Field(question, "yes-no", "") for question in domain.QUESTIONS}


def boundary(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    when: Annotated[str | None, moment("--when -w", "The day it happened; today.")] = None,
    answers: Answers = None,
    set_: Set = None,
    clear: Annotated[bool, typer.Option("--clear", help="Lift the restriction on what is suggested.")] = False,
) -> None:
    """
        trustlog boundary marcus

    A few yes/no questions about what happened, by their ids BR1 to BI3 with --set or --answers. They judge
    nobody; they help you decide whether to bring someone in. With no answers and no terminal it tells the
    level and writes nothing.
    """
    if clear and (answers or set_):
        raise typer.BadParameter("--clear and answers do not go together", ctx=ctx)
    session = session_of(ctx)
    who = finding.manager(session.reading, manager)
    on = session.past(when, "Give the day it happened.").date()
    given = _given(session, who, answers, set_)
    if clear:
        private_service.clear(session.store, who, on)
    elif given or session.ask.possible:
        _record(session, who, on, given or _asked(session, who, on))
    told = _told(session, who, private=session.may_show_private())
    session.show(told, view.boundary_data, view.boundary_lines)
    if clear:
        session.screen.hint(session.playbook.boundary["not_cleared" if told.restricted else "cleared"])


def go_through(session: Session, handle: str, on: date) -> None:
    """Ask the questions in the middle of a debrief, and say what follows to the person who is there."""
    who = finding.manager(session.store, handle)
    _record(session, who, on, _asked(session, who, on))
    session.screen.note(_told(session, who, private=True).words)


def support(ctx: typer.Context) -> None:
    """
        trustlog support

    Where to turn when it is a lot. Always here, also offline.
    """
    session = session_of(ctx)
    page = support_page(session, private=session.may_show_private())
    session.show(page, lambda page: {"text": page}, view.paragraphs)


def support_page(session: Session, *, private: bool) -> str:
    """The support page; the people of one's own page only where `private`."""
    try:
        own = private_store.load_profile(session.reading) if private else {}
    except (Exception, KeyboardInterrupt):  # whatever is broken, or no key is given: this page is there
        own = {}
    return private_service.support(session.playbook.boundary, own)


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
                options = [Option(words["questions"][question], question) for question in questions]
                ticked = session.ask.pick(words[ask], options, flag=f"--set {questions[0]}=yes")
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
