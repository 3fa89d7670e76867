"""The first page of help: every command by its name, on one small screen."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill

from trustlog.view.look import Look

MORE = (
    ("trustlog COMMAND --help", "one command, with an example"),
    ("trustlog guide", "how things work, by topic; the first is: guide start"),
)


_BESIDE = 80
"""Below so many cells a meaning stands under its words."""


def page(example: str, panels: Mapping[str, Sequence[str]], options: Iterable[str], look: Look) -> str:
    """The example on top, one line for each panel, then the options that work everywhere."""
    first, *rest = (part.strip() for part in example.strip().split("\n\n"))
    width = min(look.width, 80) - 1
    lines = [f"Usage: trustlog [OPTIONS] COMMAND [ARGS]...\n\n    {look.paint(first, 'accent')}\n"]
    lines += ["\n".join(fill(line, width) for line in part.splitlines()) for part in rest]
    lines.append("")
    room = max(len(name) for name in panels) + 2
    lines += [_row(name, names, room, look) for name, names in panels.items()]
    lines += ["", _row("Options", options, room, look), ""]
    room = max(len(words) for words, _ in MORE) + 2
    wide = look.width >= _BESIDE
    for words, meaning in MORE:
        head = look.paint(words.ljust(room) if wide else words, "accent")
        lines += [f"  {head}{meaning}"] if wide else [f"  {head}", f"    {meaning}"]
    return "\n".join(lines)


def _row(name: str, words: Iterable[str], room: int, look: Look) -> str:
    # an option and what it takes stay on one line
    joined = "  ".join(word.replace(" ", "\xa0") for word in words)
    indent = " " * (room + 2)
    filled = fill(
        joined, min(look.width, 80) - 1, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return f"  {look.paint(name.ljust(room), 'strong')}{filled[len(indent) :]}".replace("\xa0", " ")
