"""Managers who go: `manager archive`, `leaving`, `merge` and `forget`."""

from typing import Annotated, Any

import typer

from trustlog.commands.options import ManagerArgument, complete_manager, moment, session_of
from trustlog.domain.people import Manager
from trustlog.services import people, people_forget
from trustlog.view import people as people_view

Gone = typer.Argument(metavar="FROM", help="Who goes.", autocompletion=complete_manager)
Into = typer.Argument(metavar="INTO", help="Who stays, with everything of both.", autocompletion=complete_manager)


def merge_managers(
    ctx: typer.Context,
    gone: Annotated[str, Gone],
    into: Annotated[str, Into],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move and write nothing.")] = False,
) -> None:
    """
        trustlog manager merge dana-o dana

    Make two managers one. Everything of the first goes to the second; undo takes it back.
    """
    session = session_of(ctx)
    done = people.plan_merge(session.reading, gone, into)
    if not dry_run:
        session.copy_before("before-merge")
        done = people.merge_managers(session.store, done.gone.handle, done.manager.handle)
    session.show(done, people_view.merge_data, people_view.merge_lines)
    for note in people_view.merge_notes(done):
        session.screen.note(note)
    if not dry_run:
        session.screen.hint("To take it back: trustlog undo")


def archive_manager(ctx: typer.Context, manager: Annotated[str, ManagerArgument]) -> None:
    """
        trustlog manager archive dana

    Take a manager out of the overviews; nothing is deleted.
    """
    session = session_of(ctx)
    session.show(people.archive_manager(session.store, manager, True), manager_data, people_view.manager_line)


def leaving_manager(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    on: Annotated[str | None, moment("--on", "Their last day.")] = None,
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
    session = session_of(ctx)
    if on is None:
        on = session.ask.text("Their last day?", flag="--on", check=lambda day: session.problem(day, "future"))
    day = session.moment(on, "future").date()
    done = people.leave(session.store, manager, day, to, session.now)
    session.show(done, people_view.leaving_data, people_view.leaving_lines)
    session.screen.hint(f"A word of thanks: trustlog praise {done.manager.handle}")
    if done.to is not None:
        session.screen.hint(
            f"What helps whoever goes on from here, as a letter: trustlog handover {done.manager.handle}"
        )


def unarchive_manager(ctx: typer.Context, manager: Annotated[str, ManagerArgument]) -> None:
    """
        trustlog manager unarchive dana

    Bring an archived manager back.
    """
    session = session_of(ctx)
    session.show(people.archive_manager(session.store, manager, False), manager_data, people_view.manager_line)


def manager_data(manager: Manager) -> dict[str, Any]:
    return {"manager": people_view.manager_data(manager)}


def forget(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """
        trustlog forget dana

    Remove a manager and every trace: entries, roles, loops, conversations, undo, search, free pages, the copies in
    the snapshots folder and pages kept for a browser; then search what is left for their name and words. There is no
    undo. It is done whole or not at all: what an interruption leaves, the next command settles. Backups and exports
    elsewhere are not touched, and what you wrote in an editor and no journal holds stays and is named.
    """
    session = session_of(ctx)
    found = people_forget.meant(session.shelf, manager)
    question = f"Remove {found.name} ({found.handle}) and all that is written about them, for good?"
    if not yes and not session.ask.confirm(question, flag="--yes"):
        session.screen.note("Nothing was removed.")
        return
    session.show(people_forget.forget(session.shelf, found.handle, session.now), people_view.data, people_view.lines)
    session.screen.hint("Backups elsewhere and exports are not touched; delete them yourself.")
