"""`manager`: the hiring managers of the journal."""

from typing import Annotated, Any

import typer

from trustlog import first_minute
from trustlog.commands import merging
from trustlog.commands.words.entry_words import choice
from trustlog.commands.words.options import ManagerArgument, one_of, session_of
from trustlog.domain.model import Manager
from trustlog.services import finding, managing
from trustlog.store import people
from trustlog.view import data, lines

GROUP = typer.Typer(
    add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
    help='\n    trustlog manager add "Dana Ortiz" --team payments\n\nHiring managers.',
)  # fmt: skip

Handle = typer.Option("--handle", metavar="HANDLE", help="The short name you will type.")
Name = typer.Option("--name", metavar="NAME", help="The whole name.")
Team = typer.Option("--team", metavar="TEXT", help="Their team.")
Email = typer.Option("--email", metavar="TEXT", help="Their address.")
Likes = typer.Option("--likes", metavar="TEXT", help="What they like, lightly: coffee, climbing.")
Plate = typer.Option("--on-their-plate", metavar="TEXT", help="What is on their plate these weeks.")
Praise = typer.Option(
    "--public-praise-ok",
    metavar="yes|no",
    help="Whether praise in public is welcome.",
    autocompletion=one_of("yes", "no"),
)


@GROUP.command("add")
def add(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(metavar="WHO", help="A name, or a handle.")],
    handle: Annotated[str | None, Handle] = None,
    name: Annotated[str | None, Name] = None,
    team: Annotated[str | None, Team] = None,
    email: Annotated[str | None, Email] = None,
    likes: Annotated[str | None, Likes] = None,
    on_their_plate: Annotated[str | None, Plate] = None,
    public_praise_ok: Annotated[str | None, Praise] = None,
) -> None:
    """
        trustlog manager add "Dana Ortiz" --team payments

    Add a hiring manager. The handle is made from the first name.
    """
    session = session_of(ctx)
    details = _details(
        name=name, team=team, email=email, likes=likes, on_their_plate=on_their_plate, praise=public_praise_ok
    )
    made = managing.add(session.store, who, handle, details)
    session.show(made, _data, lines.manager)


@GROUP.command("list")
def list_(ctx: typer.Context) -> None:
    """
        trustlog manager list

    Every manager, by name.
    """
    session = session_of(ctx)
    found = people.all_managers(session.reading)
    session.show(found, lambda found: {"managers": [data.manager(one) for one in found]}, lines.managers)
    if not found:
        first_minute.say_how_to_begin(session)


@GROUP.command("show")
def show(ctx: typer.Context, manager: Annotated[str, ManagerArgument]) -> None:
    """
        trustlog manager show dana

    What you noted about one manager.
    """
    session = session_of(ctx)
    session.show(finding.manager(session.reading, manager), _data, lines.manager)


@GROUP.command("edit")
def edit(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    name: Annotated[str | None, Name] = None,
    team: Annotated[str | None, Team] = None,
    email: Annotated[str | None, Email] = None,
    likes: Annotated[str | None, Likes] = None,
    on_their_plate: Annotated[str | None, Plate] = None,
    public_praise_ok: Annotated[str | None, Praise] = None,
) -> None:
    """
        trustlog manager edit dana --on-their-plate "two people on leave"

    Change what you noted. An empty text ("") empties a field.
    """
    session = session_of(ctx)
    details = _details(
        name=name, team=team, email=email, likes=likes, on_their_plate=on_their_plate, praise=public_praise_ok
    )
    if not details:
        raise typer.BadParameter("say what to change, with --team for example", ctx=ctx)
    session.show(managing.edit(session.store, manager, details), _data, lines.manager)


@GROUP.command("rename")
def rename(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="The new handle.")],
) -> None:
    """
        trustlog manager rename dana dana-o

    Give a manager another handle; all entries stay with them.
    """
    session = session_of(ctx)
    session.show(managing.rename(session.store, manager, handle), _data, lines.manager)


GROUP.command("merge")(merging.merge)


@GROUP.command("archive")
def archive(ctx: typer.Context, manager: Annotated[str, ManagerArgument]) -> None:
    """
        trustlog manager archive dana

    Take a manager out of the overviews; nothing is deleted.
    """
    session = session_of(ctx)
    session.show(managing.archive(session.store, manager, True), _data, lines.manager)


@GROUP.command("unarchive")
def unarchive(ctx: typer.Context, manager: Annotated[str, ManagerArgument]) -> None:
    """
        trustlog manager unarchive dana

    Bring an archived manager back.
    """
    session = session_of(ctx)
    session.show(managing.archive(session.store, manager, False), _data, lines.manager)


def _data(one: Manager) -> dict[str, Any]:
    return {"manager": data.manager(one)}


def _details(*, praise: str | None, **texts: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {name: value for name, value in texts.items() if value is not None}
    if praise is not None:
        chosen = choice(praise, ("yes", "no", ""), "--public-praise-ok")
        said["public_praise_ok"] = {"yes": True, "no": False, "": None}[chosen]
    return said
