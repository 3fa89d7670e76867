"""The guide's pages, and what they are told of the program."""

from collections.abc import Callable
from typing import NamedTuple


class Page(NamedTuple):
    """A page of the guide, in Markdown; without a text, a line of the list."""

    topic: str
    title: str
    text: str = ""


class Line(NamedTuple):
    """A command or an option, what it does, and its panel."""

    name: str
    does: str
    panel: str = ""


class Program(NamedTuple):
    """What the program lists of itself. `commands` is called only where they are shown: it loads every group.

    `options` work before a command and after it, `alone` are those that go with none.
    """

    commands: Callable[[], tuple[Line, ...]]
    options: tuple[Line, ...]
    alone: tuple[Line, ...]
