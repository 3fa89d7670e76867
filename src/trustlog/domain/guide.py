"""The guide's pages, and what they are told of the program."""

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
    """What the top of the program lists."""

    commands: tuple[Line, ...]
    options: tuple[Line, ...]
