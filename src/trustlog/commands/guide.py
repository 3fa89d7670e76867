"""`guide`: how things work, by topic."""

from typing import Annotated, Any

import typer

from trustlog.commands.words.options import session_of
from trustlog.domain.guide import Line, Program
from trustlog.services import guiding
from trustlog.view import guide as view


def complete_topic(incomplete: str) -> list[str]:
    """Topics that begin as typed."""
    return [topic for topic in guiding.TOPICS if topic.startswith(incomplete)]


Topic = Annotated[
    str | None,
    typer.Argument(metavar="[TOPIC]", help="One of the topics; none lists them.", autocompletion=complete_topic),
]


def guide(ctx: typer.Context, topic: Topic = None) -> None:
    """
        trustlog guide kinds

    How things work, in plain words, by topic. Longer pages open in your pager ($PAGER, else less).
    """
    session = session_of(ctx)
    if topic is None:
        session.show(guiding.topics(), view.topics_data, view.topics)
        return
    page = guiding.page(topic, session.playbook, _program(ctx))
    session.show(page, view.data, view.page, leaf=True)


def _program(ctx: typer.Context) -> Program:
    """The commands by panel and the options of all of them, as the top of the program lists them."""
    root: Any = ctx.find_root().command
    listed = [command for command in root.commands.values() if not command.hidden]
    commands = tuple(Line(one.name, one.help, one.rich_help_panel) for one in listed)
    options = tuple(Line(", ".join(one.opts), one.help, "") for one in root.params if one.help)
    return Program(commands, options)
