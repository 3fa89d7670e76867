"""`req`: the open roles of the managers."""

from typing import Annotated

import typer

from trustlog.commands.words import kickoff_start
from trustlog.commands.words.options import ManagerArgument, Tags, complete_req, session_of
from trustlog.domain import text
from trustlog.services import finding, managing
from trustlog.store import people
from trustlog.view import data, lines

GROUP = typer.Typer(
    add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
    help='\n    trustlog req add dana "Payments analyst"\n\nOpen roles.',
)  # fmt: skip


@GROUP.command("add")
def add(
    ctx: typer.Context,
    manager: Annotated[str, ManagerArgument],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the role is called.")],
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="Your code for it.")] = None,
    opened: Annotated[
        str | None, typer.Option("--opened", metavar="WHEN", help="The day it was opened; today.")
    ] = None,
    tag: Annotated[list[str] | None, Tags] = None,
) -> None:
    """
        trustlog req add dana "Payments analyst" --tag hard-to-fill

    Open a role. Without a code it is made from the handle and the title.
    """
    session = session_of(ctx)
    tags = tuple(dict.fromkeys(finding.checked(text.tag, one) for one in tag or ()))
    opened_on = session.past(opened, "Give today or an earlier day.").date()
    made = managing.add_req(session.store, manager, title, code, opened_on, tags)
    session.show(made, lambda made: {"req": data.req(made)}, lines.req)


@GROUP.command("list")
def list_(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    closed: Annotated[bool, typer.Option("--all", help="The closed ones too.")] = False,
) -> None:
    """
        trustlog req list dana

    Open roles, by code.
    """
    session = session_of(ctx)
    who = finding.manager(session.reading, manager).id if manager is not None else None
    found = [one for one in people.reqs(session.reading, who) if closed or one.closed_on is None]
    session.show(found, lambda found: {"reqs": [data.req(one) for one in found]}, lines.reqs)
    if not found:
        session.screen.hint("No open roles. Add one with: trustlog req add MANAGER TITLE")
    kickoff_start.say_what_is_begun(session)


@GROUP.command("close")
def close(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The role's code.", autocompletion=complete_req)],
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day it was closed; today.")
    ] = None,
) -> None:
    """
        trustlog req close dana-payments-analyst

    Close a role.
    """
    session = session_of(ctx)
    done = managing.close_req(session.store, code, session.past(when, "Give today or an earlier day.").date())
    session.show(done, lambda done: {"req": data.req(done)}, lines.req)
