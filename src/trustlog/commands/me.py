"""`me`: the recruiter's own page, and what their own log tells about them."""

import json
from contextlib import suppress
from typing import Annotated, Any

import typer

from trustlog.commands.asking import field_and_value
from trustlog.commands.entries_words import standard_input
from trustlog.commands.options import agreed, given, moment, session_of
from trustlog.domain import me as me_domain
from trustlog.domain import private as domain
from trustlog.domain.text import once, plural
from trustlog.services import private
from trustlog.session import Session
from trustlog.store import conversations
from trustlog.store import private as private_store
from trustlog.store.journal import Journal
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
    changes = _set(set_ or []) | given(name=name, best_time=best_time, best_way=best_way)
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
    if changes or any(added.values()):
        own = private.save_profile(session.store, changes, added)
    else:
        own = private_store.load_profile(session.reading)
    session.show(own, me_view.profile_data, me_view.profile_page)


@ME.command("learned")
def learned(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What you learned; - reads standard input.")],
    source: Annotated[str | None, typer.Option("--from", metavar="WHO", help="Who taught you.")] = None,
    when: Annotated[str | None, moment("--when -w", "The day; today.")] = None,
) -> None:
    """
        trustlog me learned "Ask for one example before answering" --from Dana

    Keep what people taught you.
    """
    session = session_of(ctx)
    on = session.past(when, "Give today or an earlier day.").date()
    what = standard_input(session) if what == "-" else what
    session.show(
        private.save_profile(session.store, {}, {"learned": [domain.new_lesson(what, source, on)]}),
        me_view.profile_data,
        me_view.profile_page,
    )


@ME.command("forecasts")
def forecasts(ctx: typer.Context) -> None:
    """
        trustlog me forecasts

    Your forecasts beside what came: of an answer in time, from prep-feedback and ask --sure, and of how a talk
    leaves you. Nothing is told under five of a kind.
    """
    session = session_of(ctx)
    found = private.forecasts_of(session.reading, session.now)
    session.show(found, me_view.forecasts_data, me_view.forecast_lines)


@ME.command("works")
def works(ctx: typer.Context) -> None:
    """
        trustlog me works

    How often something good followed the small steps that you did five times, beside the days without a step.
    """
    session = session_of(ctx)
    found = private.works_of(session.reading, session.now, working_week=session.settings["working_week"])
    advice = {step.id: step.advice for step in session.playbook.coaching.steps} if found.steps else {}
    session.show(found, me_view.works_data, lambda found, look: me_view.works_lines(found, advice, look))


@ME.command("patterns")
def patterns(ctx: typer.Context) -> None:
    """
        trustlog me patterns

    What your debriefs have in common: the moments you planned for, moods before and after, and what you put
    aside and used later. From five debriefs on.
    """
    session = session_of(ctx)
    found = me_domain.patterns(conversations.all_conversations(session.reading))
    session.show(found, me_view.patterns_data, me_view.pattern_lines)


def _wipe(session: Session, *, yes: bool) -> None:
    question = "Delete moods, feelings, boundary answers, free writing and your own page, for good?"
    if not agreed(session, question, yes=yes, otherwise="Nothing was deleted."):
        return
    if not session.file.exists():
        Journal.open(session.file, session.snapshots).close()
    done = private.wipe_reflections(session.shelf, session.now)
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
        done[field] = typed
        if field not in domain.LINES:
            with suppress(ValueError, RecursionError):  # what is no list is refused by the page itself
                done[field] = json.loads(typed, object_pairs_hook=once)
    return done
