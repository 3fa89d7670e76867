"""`kickoff`: a role settled in five stages, each confirmed in writing."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import typer

from trustlog import files
from trustlog.commands import kickoffs_start, options, people_named
from trustlog.commands.completing import complete_manager_or_req, complete_req
from trustlog.domain.entries import Entry
from trustlog.domain.kickoffs import STAGES, WAYS, Agreement, StageName, dates_of_email, stages_meant
from trustlog.domain.promises import Promise
from trustlog.domain.text import marked, unmarked
from trustlog.errors import UserError
from trustlog.services import finding, kickoffs
from trustlog.session import Session
from trustlog.ui.ask import Option
from trustlog.view import entries, letters_mail, picked
from trustlog.view import kickoffs as view

GROUP = options.group(
    'trustlog kickoff start dana "Payments analyst"', "The kick-off of a role, as a written agreement."
)

Req = Annotated[str, typer.Argument(metavar="REQ", help="The role's code.", autocompletion=complete_req)]
Stage = Annotated[
    str,
    typer.Argument(
        metavar="STAGE", help=f"{', '.join(STAGES)}, 1 to 5, or all.", autocompletion=lambda: [*STAGES, "all"]
    ),
]
When = Annotated[str | None, options.moment("--when -w", "The day; today.")]


@options.called_bare(GROUP)
def kickoff(ctx: typer.Context) -> None:
    """At a terminal it goes on with what was begun or asks whose role it is, elsewhere it lists."""
    session = options.session_of(ctx)
    if session.ask.possible and not session.options.json:
        start(ctx, kickoffs_start.whose(session))
    else:
        list_(ctx)


@GROUP.command("list")
def list_(ctx: typer.Context) -> None:
    """
        trustlog kickoff list

    Every kick-off and how it stands, and what was begun and not finished.
    """
    session = options.session_of(ctx)
    found = kickoffs.every(session.reading)
    session.show(found, view.list_data, view.lines)
    kickoffs_start.say_what_is_begun(session)
    if not found:
        session.screen.hint('No kick-off yet. Begin with: trustlog kickoff start MANAGER "Title"')


@GROUP.command("start")
def start(
    ctx: typer.Context,
    role: Annotated[
        str,
        typer.Argument(
            metavar="REQ|MANAGER", help="A role's code, or whose it is.", autocompletion=complete_manager_or_req
        ),
    ],
    title: Annotated[
        list[str] | None, typer.Argument(metavar="[TITLE...]", help="What the role is called; makes it.")
    ] = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    agreed: Annotated[
        list[str] | None, options.word("--agreed", (*STAGES, "all"), "Both said yes to it; repeats.", "STAGE")
    ] = None,
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="Your code for a new role.")] = None,
    minutes: Annotated[
        str | None, options.word("--minutes", ("10", "30"), "10 asks what its mail needs, 30 all.")
    ] = None,
    when: Annotated[str | None, options.moment("--when -w", "The day of the kick-off; today.")] = None,
    drop: Annotated[
        bool, typer.Option("--drop", help="Let go of what was begun, else of what is written and not agreed.")
    ] = False,
    sure: Annotated[bool, typer.Option("--yes", "-y", help="Let go of what is written without asking.")] = False,
    create: people_named.Create = False,
) -> None:
    """
        trustlog kickoff start dana Payments analyst --set level=Senior

    Settle a role in five stages, in ten minutes or thirty. Every question may be skipped and stays open; Ctrl-C
    keeps what you answered, and starting again goes on, or lets go with --drop. What is written is changed with amend.
    """
    chosen = options.choice(minutes, ("10", "30"), "--minutes") if minutes is not None else None
    if code is not None and not title:
        raise typer.BadParameter("--code goes with MANAGER and TITLE", ctx=ctx)
    session = options.session_of(ctx)
    yes = [stage for typed in agreed or () for stage in _stages(typed)]
    meant = kickoffs_start.role(session, role, " ".join(title) if title else None, code, create=create)
    if drop:
        kickoffs_start.let_go(session, meant, yes=sure)
        return
    begun = kickoffs_start.begin(session, meant, when, yes)
    kickoffs.check_open(begun.agreement, begun.role.req, begun.at)
    given = kickoffs_start.given(session, begun, answers, set_)
    if session.ask.possible:
        version = kickoffs_start.version(session, begun, chosen)
        stage_answers, more = kickoffs_start.walked(session, begun, given, version)
        yes += more
    else:
        stage_answers = begun.answers | given
    yes += [stage for stage in kickoffs_start.drafted_yes(begun) if stage not in yes]
    agreed_stages = list(dict.fromkeys(yes))
    done, loops = kickoffs.start(session.store, begun.role, stage_answers, agreed_stages, begun.script, begun.at)
    _show(session, done, loops)
    session.screen.hint(f"The email that follows it: trustlog kickoff email {done.req}")
    was_agreed = any(stage.first_agreed is not None for stage in done.stages)
    dropped = "" if was_agreed else f"; to let go of it: trustlog kickoff start {done.req} --drop"
    session.screen.hint(f"To change an answer: trustlog kickoff amend {done.req}{dropped}")


@GROUP.command("show")
def show(ctx: typer.Context, req: Req) -> None:
    """
        trustlog kickoff show dana-payments-analyst

    The agreement: what was said, how each stage stands, what is open, what was changed.
    """
    session = options.session_of(ctx)
    form, words = session.playbook.script("kickoff").by_stage(), session.playbook.kickoff
    session.show(
        kickoffs.of(session.reading, req),
        lambda found: view.data(found, form),
        lambda found, look: view.page(found, form, words, look),
    )


@GROUP.command("email")
def email(
    ctx: typer.Context,
    req: Req,
    format_: Annotated[str, options.word("--format", letters_mail.FORMATS, "How to write it.")] = "text",
    output: options.Output = None,
    sender: options.Sender = None,
    private: options.OwnPage = False,
    copy: options.Copy = False,
    open_: options.AsItIs = False,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it.")] = False,
    when: Annotated[str | None, options.moment("--when -w", "The day you send it; today.")] = None,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog kickoff email dana-payments-analyst --format eml -o plan.eml

    The email that follows a kick-off: what was agreed, what is open, and each change since. You send it.
    """
    options.only_with_copy(ctx, copy=copy, open_=open_)
    session = options.session_of(ctx)
    form = options.choice(format_, letters_mail.FORMATS, "--format")
    at = session.past(when, "Give today or an earlier day.")
    found = kickoffs.of(session.reading, req)
    sender = sender or options.own_name(session, private) or _nobody(session, as_it_is=open_ or not copy)
    written = _letter(session, found, sender, at.date())
    content = letters_mail.written(written, form)
    if sent:
        kickoffs.check_open(found, finding.req(session.reading, found.req), at)
    if output is not None:
        files.write(options.named_target(session, output, yes=yes), content)
    copied = session.copy(content.decode()) if copy else None
    if sent and (copied is None or copied.worked):
        kickoffs.sent(session.store, found.req, at)
    shown = content.decode().replace("\r\n", "\n").removesuffix("\n")
    beside = {"format": form, "text": shown, "output": output, "sent": sent}
    session.show(
        written,
        lambda letter: {"email": picked(letter, "to subject body")} | beside,
        lambda _, __: f"Written to {output}" if output is not None else shown,
    )
    for aside in letters_mail.asides(written, form, found.manager, len(shown)):
        session.screen.hint(aside)
    if copied is not None:
        session.screen.hint(f"Copied by {copied.how('Nothing was noted as sent.' if sent else '')}.")


@GROUP.command("agree")
def agree(ctx: typer.Context, req: Req, stage: Stage, when: When = None) -> None:
    """
        trustlog kickoff agree dana-payments-analyst scope

    Both said yes to a stage.
    """
    _move(ctx, req, stage, "agreed", when)


@GROUP.command("confirm")
def confirm(
    ctx: typer.Context,
    req: Req,
    stage: Stage,
    how: Annotated[str | None, options.word("--how", WAYS, f"{', '.join(WAYS)}.", "WAY")] = None,
    when: When = None,
) -> None:
    """
        trustlog kickoff confirm dana-payments-analyst scope --how email

    The manager confirmed a stage in writing, or all of them. What was changed since is confirmed with its stage.
    """
    session = options.session_of(ctx)
    at, meant = session.past(when, "Give the day it was confirmed."), _stages(stage)
    if how is None:
        ways = [Option(words, way) for way, words in session.playbook.kickoff["ways"].items()]
        how = str(session.ask.choose("How was it confirmed?", ways, flag="--how"))
    done = kickoffs.confirm(session.store, req, meant, options.choice(how, WAYS, "--how"), at)
    for line in view.left_lines(done.left):
        session.screen.note(line)
    _show(session, done.agreement, done.loops, done.entry)


@GROUP.command("dispute")
def dispute(ctx: typer.Context, req: Req, stage: Stage, when: When = None) -> None:
    """
        trustlog kickoff dispute dana-payments-analyst process

    A stage is seen differently; it waits to be settled.
    """
    _move(ctx, req, stage, "disputed", when)


@GROUP.command("park")
def park(ctx: typer.Context, req: Req, stage: Stage, when: When = None) -> None:
    """
        trustlog kickoff park dana-payments-analyst recap

    Leave a stage for later.
    """
    _move(ctx, req, stage, "parked", when)


@GROUP.command("amend")
def amend(
    ctx: typer.Context,
    req: Req,
    set_: options.Set = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it changes.")] = None,
    effect: Annotated[
        str | None, typer.Option("--effect", metavar="TEXT", help="What it means for the date or the pool.")
    ] = None,
    when: When = None,
) -> None:
    """
        trustlog kickoff amend PA-1 --set level=Staff --reason "wider role"

    Change what was agreed, as a numbered update with its own yes to wait for, or correct an answer that nobody has
    agreed to yet, plainly and without a reason. A field is called as on the screen, or by its name in JSON.
    """
    session = options.session_of(ctx)
    at, found = session.past(when, "Give today or an earlier day."), kickoffs.of(session.reading, req)
    how, agreed = kickoffs_start.amending(session, found, set_, kickoffs.Amending({}, reason, effect, at))
    _show(session, kickoffs.amend(session.store, found.req, how, session.playbook.script("kickoff")))
    kind = "The email names it" if agreed else "Corrected, for nobody had agreed to it yet. Its email"
    session.screen.hint(f"{kind}: trustlog kickoff email {found.req}")


def _move(
    ctx: typer.Context, req: str, stage: str, to: Literal["agreed", "disputed", "parked"], when: str | None
) -> None:
    session = options.session_of(ctx)
    at = session.past(when, "Give today or an earlier day.")
    _show(session, *kickoffs.move(session.store, req, _stages(stage), to, at))


def _stages(typed: str) -> tuple[StageName, ...]:
    meant = stages_meant(typed)
    if not meant:
        raise UserError("bad-field", f'there is no stage "{typed}"', f"There are {', '.join(STAGES)}, 1 to 5, and all.")
    return meant


def _show(session: Session, done: Agreement, loops: Sequence[Promise] = (), entry: Entry | None = None) -> None:
    if loops:
        session.screen.note(view.duties_line(loops))
    form, words = session.playbook.script("kickoff").by_stage(), session.playbook.kickoff
    written = {"entry": entries.entry_data(entry)} if entry is not None else {}
    session.show(done, lambda done: view.data(done, form) | written, lambda done, look: view.summary(done, words, look))


def _nobody(session: Session, *, as_it_is: bool) -> str:
    """What stands below the email of somebody whose name is not known: a question."""
    return unmarked(options.completed(session, marked("[your name]"), as_it_is=as_it_is))


def _letter(session: Session, found: Agreement, sender: str, on: date) -> letters_mail.Letter:
    script, manager = session.playbook.script("kickoff"), finding.manager(session.reading, found.manager)
    dates = dates_of_email(on, working_week=session.settings["working_week"])
    how = letters_mail.Sending(manager.email, sender, *dates)
    return letters_mail.letter(found, script.by_stage(), session.playbook.kickoff, how)
