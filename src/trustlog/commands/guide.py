"""`guide`: how things work, by topic."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from trustlog.commands.words.options import SHARED, session_of
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
    """The commands by panel, those of groups too, and the options of the top of the program."""
    root: Any = ctx.find_root().command

    def commands() -> tuple[Line, ...]:
        return tuple(line for one in root.commands.values() for line in _lines(one, root.params))

    options = {one.name: Line(", ".join(one.opts), one.help) for one in root.params if one.help}
    shared = tuple(line for name, line in options.items() if name in SHARED)
    alone = tuple(line for name, line in options.items() if name not in SHARED)
    return Program(commands, shared, (Line("--version", "Say which version this is."), *alone))


def _lines(listed: Any, options: list[Any]) -> Iterator[Line]:
    """A command of the contents, and behind a group its own."""
    if listed.hidden:
        return
    yield Line(listed.name, listed.help, listed.rich_help_panel)
    if listed.entry.at.endswith(":GROUP"):
        for one in listed.load(options).commands.values():
            if not one.hidden:
                yield Line(f"{listed.name} {one.name}", one.short_help, listed.rich_help_panel)
