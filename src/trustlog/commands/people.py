"""`manager`, `req` and `forget`: the people of the journal and their open roles."""

from typing import Annotated

import typer

from trustlog.commands import kickoffs_start, options, people_named
from trustlog.commands.completing import complete_manager, complete_req
from trustlog.domain import text
from trustlog.domain.people import Manager
from trustlog.services import finding, people
from trustlog.session import Session
from trustlog.store import people as people_store
from trustlog.view import each, under
from trustlog.view import people as people_view

MANAGER = options.group('trustlog manager add "Dana Ortiz" --team payments', "Hiring managers.")

Handle = Annotated[str | None, typer.Option("--handle", metavar="HANDLE", help="The short name you will type.")]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The whole name.")]
Team = Annotated[str | None, typer.Option("--team", metavar="TEXT", help="Their team.")]
Email = Annotated[str | None, typer.Option("--email", metavar="TEXT", help="Their address.")]
Likes = Annotated[
    str | None, typer.Option("--likes", metavar="TEXT", help="What they like, lightly: coffee, climbing.")
]
Plate = Annotated[
    str | None, typer.Option("--on-their-plate", metavar="TEXT", help="What is on their plate these weeks.")
]
Praise = Annotated[
    str | None, options.word("--public-praise-ok", ("yes", "no"), "Whether praise in public is welcome.")
]


@MANAGER.command("add")
def add_manager(
    ctx: typer.Context,
    who: Annotated[list[str], typer.Argument(metavar="WHO...", help="A name, or a handle.")],
    handle: Handle = None,
    name: Name = None,
    team: Team = None,
    email: Email = None,
    likes: Likes = None,
    on_their_plate: Plate = None,
    public_praise_ok: Praise = None,
) -> None:
    """
        trustlog manager add Dana Ortiz --team payments

    Add a hiring manager. The handle is made from the first name.
    """
    session = options.session_of(ctx)
    details = options.given(
        name=name, team=team, email=email, likes=likes, on_their_plate=on_their_plate, public_praise_ok=public_praise_ok
    )
    made = people.add_manager(session.store, " ".join(who), handle, details)
    _show(session, made)


@options.called_bare(MANAGER)
@MANAGER.command("list")
def list_managers(ctx: typer.Context) -> None:
    """
        trustlog manager list

    Every manager, by name.
    """
    session = options.session_of(ctx)
    today = session.now.date()
    found = [manager.on(today) for manager in people_store.all_managers(session.reading)]
    session.show(found, each("managers", people_view.manager_data), people_view.manager_lines)
    if not found:
        options.say_how_to_begin(session)


@MANAGER.command("show")
def show_manager(ctx: typer.Context, manager: options.Manager) -> None:
    """
        trustlog manager show dana

    What you noted about one manager.
    """
    session = options.session_of(ctx)
    _show(session, finding.manager(session.reading, manager))


@MANAGER.command("edit")
def edit_manager(
    ctx: typer.Context,
    manager: options.Manager,
    name: Name = None,
    team: Team = None,
    email: Email = None,
    likes: Likes = None,
    on_their_plate: Plate = None,
    public_praise_ok: Praise = None,
) -> None:
    """
        trustlog manager edit dana --on-their-plate "two people on leave"

    Change what you noted. An empty text ("") empties a field.
    """
    session = options.session_of(ctx)
    details = options.given(
        name=name, team=team, email=email, likes=likes, on_their_plate=on_their_plate, public_praise_ok=public_praise_ok
    )
    if not details and not session.ask.possible:
        raise typer.BadParameter("say what to change, with --team for example", ctx=ctx)
    details = details or people_named.detail_asked(session, finding.manager(session.reading, manager))
    _show(session, people.edit_manager(session.store, manager, details))


@MANAGER.command("rename")
def rename_manager(
    ctx: typer.Context,
    manager: options.Manager,
    handle: Annotated[list[str], typer.Argument(metavar="HANDLE...", help="The new handle, one word.")],
) -> None:
    """
        trustlog manager rename dana dana-o

    Give a manager another handle; all entries stay with them.
    """
    session = options.session_of(ctx)
    _show(session, people.rename_manager(session.store, manager, " ".join(handle)))


def _show(session: Session, manager: Manager) -> None:
    shown = manager.on(session.now.date())
    session.show(shown, under("manager", people_view.manager_data), people_view.manager_line)


@MANAGER.command("merge")
def merge_managers(
    ctx: typer.Context,
    gone: Annotated[str, typer.Argument(metavar="FROM", help="Who goes.", autocompletion=complete_manager)],
    into: Annotated[
        str, typer.Argument(metavar="INTO", help="Who stays, with everything of both.", autocompletion=complete_manager)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move and write nothing.")] = False,
) -> None:
    """
        trustlog manager merge dana-o dana

    Make two managers one. Everything of the first goes to the second; undo takes it back.
    """
    session = options.session_of(ctx)
    done = people.plan_merge(session.reading, gone, into)
    if not dry_run:
        session.copy_before("before-merge")
        done = people.merge_managers(session.store, done.gone.handle, done.manager.handle)
    today = session.now.date()
    done = done._replace(gone=done.gone.on(today), manager=done.manager.on(today))
    session.show(done, people_view.merge_data, people_view.merge_lines)
    for note in people_view.merge_notes(done):
        session.screen.note(note)
    if not dry_run:
        session.screen.hint("To take it back: trustlog undo")


@MANAGER.command("archive")
def archive_manager(ctx: typer.Context, manager: options.Manager) -> None:
    """
        trustlog manager archive dana

    Take a manager out of the overviews; nothing is deleted.
    """
    session = options.session_of(ctx)
    _show(session, people.archive_manager(session.store, manager, True))


@MANAGER.command("leaving")
def leaving_manager(
    ctx: typer.Context,
    manager: options.Manager,
    on: Annotated[str | None, options.moment("--on", "Their last day.")] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="MANAGER", help="Who takes over open roles.", autocompletion=complete_manager),
    ] = None,
) -> None:
    """
        trustlog manager leaving dana --on friday --to marcus

    Keep somebody's last day, and who takes over. Open roles go to the successor, who begins unknown; loops that
    cannot be settled by then are closed. One thank-you is offered, and after the day they are archived. What was
    written stays with them.
    """
    session = options.session_of(ctx)
    if on is None:
        on = session.ask.text("Their last day?", flag="--on", check=lambda day: session.problem(day, "future"))
    day = session.moment(on, "future").date()
    done = people.leave(session.store, manager, day, to, session.now)
    session.show(done, people_view.leaving_data, people_view.leaving_lines)
    session.screen.hint(f"A word of thanks: trustlog praise {done.manager.handle}")
    if done.to is not None:
        helps = "What helps whoever goes on from here, as a letter"
        session.screen.hint(f"{helps}: trustlog handover {done.manager.handle}")


@MANAGER.command("unarchive")
def unarchive_manager(ctx: typer.Context, manager: options.Manager) -> None:
    """
        trustlog manager unarchive dana

    Bring an archived manager back.
    """
    session = options.session_of(ctx)
    _show(session, people.archive_manager(session.store, manager, False))


def forget(
    ctx: typer.Context,
    manager: options.Manager,
    yes: options.Yes = False,
) -> None:
    """
        trustlog forget dana

    Remove a manager and every trace: entries, roles, loops, conversations, undo, search, free pages, the copies in
    the snapshots folder and pages kept for a browser; then search what is left for their name and words. There is no
    undo. It is done whole or not at all: what an interruption leaves, the next command settles. Backups and exports
    elsewhere are not touched, and what you wrote in an editor and no journal holds stays and is named.
    """
    from trustlog import files
    from trustlog.services import people_forget  # nothing else needs it

    session = options.session_of(ctx)
    session.let_go()  # it was opened where the name was asked for
    found = people_forget.meant(session.shelf, manager)
    question = f"Remove {found.name} ({found.handle}) and all that is written about them, for good?"
    if not options.agreed(session, question, yes=yes, otherwise="Nothing was removed."):
        return
    done = people_forget.forget(session.shelf, found.handle, session.now, files.inbox(session.settings["inbox"]))
    session.show(done, people_view.data, people_view.lines)
    session.screen.hint("Backups elsewhere and exports are not touched; delete them yourself.")


REQ = options.group('trustlog req add dana "Payments analyst"', "Open roles.")


@REQ.command("add")
def add_req(
    ctx: typer.Context,
    manager: options.Manager,
    title: Annotated[list[str], typer.Argument(metavar="TITLE...", help="What the role is called.")],
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="Your code for it.")] = None,
    opened: Annotated[str | None, options.moment("--opened", "The day it was opened; today.")] = None,
    tag: options.Tags = None,
) -> None:
    """
        trustlog req add dana Payments analyst --tag hard-to-fill

    Open a role. Without a code it is made from the handle and the title.
    """
    session = options.session_of(ctx)
    tags = tuple(dict.fromkeys(finding.checked(text.tag, typed) for typed in tag or ()))
    opened_on = session.past(opened, "Give today or an earlier day.").date()
    made = people.add_req(session.store, manager, " ".join(title), code, opened_on, tags)
    session.show(made, under("req", people_view.req_data), people_view.req_line)
    session.screen.hint(f"Its kick-off: trustlog kickoff start {made.code}")


@options.called_bare(REQ)
@REQ.command("list")
def list_reqs(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    closed: Annotated[bool, typer.Option("--all", help="The closed ones too.")] = False,
) -> None:
    """
        trustlog req list dana

    Open roles, by code.
    """
    session = options.session_of(ctx)
    who = finding.manager(session.reading, manager).id if manager is not None else None
    found = [req for req in people_store.reqs(session.reading, who) if closed or req.closed_on is None]
    session.show(found, each("reqs", people_view.req_data), people_view.req_lines)
    if not found:
        session.screen.hint("No open roles. Add one with: trustlog req add MANAGER TITLE")
    kickoffs_start.say_what_is_begun(session)


@REQ.command("close")
def close_req(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The role's code.", autocompletion=complete_req)],
    when: Annotated[str | None, options.moment("--when -w", "The day it was closed; today.")] = None,
) -> None:
    """
        trustlog req close dana-payments-analyst

    Close a role.
    """
    session = options.session_of(ctx)
    done = people.close_req(session.store, code, session.past(when, "Give today or an earlier day.").date())
    session.show(done, under("req", people_view.req_data), people_view.req_line)
