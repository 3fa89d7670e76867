"""The first page of help, and pages of the guide as plain lines."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trustlog.domain.outcomes import GuidePage
from trustlog.ui.text import Look, flowing, wrapped

MORE = (
    ("trustlog COMMAND --help", "one command, with an example"),
    ("trustlog guide", "how things work, by topic; the first is: guide start"),
)


_BESIDE = 80
"""Below so many cells a meaning stands under its words."""


def contents_page(example: str, panels: Mapping[str, Sequence[str]], options: Iterable[str], look: Look) -> str:
    """The example on top, one line for each panel, then the options that work everywhere."""
    first, *rest = (part.strip() for part in example.strip().split("\n\n"))
    width = min(look.width, 80) - 1
    lines = [f"Usage: trustlog [OPTIONS] COMMAND [ARGS]...\n\n    {look.paint(first, 'accent')}\n"]
    lines += [flowing(part, width) for part in rest]
    lines.append("")
    room = max(len(name) for name in panels) + 2
    lines += [_contents_row(name, names, room, look) for name, names in panels.items()]
    lines += ["", _contents_row("Options", options, room, look), ""]
    room = max(len(words) for words, _ in MORE) + 2
    wide = look.width >= _BESIDE
    for words, meaning in MORE:
        head = look.paint(words.ljust(room) if wide else words, "accent")
        lines += [f"  {head}{meaning}"] if wide else [f"  {head}", f"    {meaning}"]
    return "\n".join(lines)


def _contents_row(name: str, words: Iterable[str], room: int, look: Look) -> str:
    # an option and what it takes stay on one line
    joined = "  ".join(word.replace(" ", "\xa0") for word in words)
    indent = " " * (room + 2)
    filled = flowing(joined, min(look.width, 80) - 1, indent)
    return f"  {look.paint(name.ljust(room), 'strong')}{filled[len(indent) :]}".replace("\xa0", " ")


_ROOM = 24
"""The cells that the last column of a table needs; with less, a row stands below its first word."""
_BLOCK = re.compile(r"\n\s*\n")


def guide_data(page: GuidePage) -> dict[str, Any]:
    """As JSON, the text in Markdown."""
    return page._asdict()


def topics_data(pages: tuple[GuidePage, ...]) -> dict[str, Any]:
    """The list as JSON."""
    return {"topics": [{"topic": page.topic, "title": page.title} for page in pages]}


def topics(pages: tuple[GuidePage, ...], look: Look) -> str:
    """Every topic with its title."""
    room = max(len(page.topic) for page in pages) + 2
    lines = [f"  {look.paint(page.topic.ljust(room), 'accent')}{page.title}" for page in pages]
    return "\n".join([look.paint("The guide", "strong"), "", *lines, "", "Read one with: trustlog guide TOPIC"])


def guide_page(page: GuidePage, look: Look) -> str:
    """The whole page."""
    width = min(look.width, 80) - 1
    return "\n\n".join(_block(block, width, look) for block in _BLOCK.split(page.text.strip()))


def _block(block: str, width: int, look: Look) -> str:
    """A heading, an example, a table, a list or a paragraph."""
    if block.startswith("#"):
        return look.paint(block.lstrip("# "), "strong")
    if block.startswith("    "):
        return look.paint(block, "accent")
    if block.startswith("|"):
        return "\n".join(_table(block.splitlines(), width, look))
    if block.startswith("- "):
        items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
        return "\n".join(_flow(item, width, look, "- ", "  ") for item in items)
    return _flow(block, width, look)


def _flow(text: str, width: int, look: Look, first: str = "", rest: str = "") -> str:
    flowing = "\n".join(wrapped(" ".join(text.split()), width, first, rest))
    if not look.color:  # the quotes tell words of the program from ours
        return flowing
    return re.sub(r"`([^`]*)`", lambda hit: look.paint(hit[1], "accent"), flowing)


def _table(lines: list[str], width: int, look: Look) -> Iterator[str]:
    """Columns without lines; what does not fit beside the others stands below them."""
    head, _, *rows = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in lines]
    rooms = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head) - 1)]
    beside = sum(rooms) + 2 * len(rooms)
    narrow = beside > width - _ROOM
    if not narrow:
        yield look.paint("  ".join([*map(str.ljust, head, rooms), head[-1]]), "dim")
    for row in rows:
        first, *others = map(str.ljust, row, rooms)
        if not narrow:
            start = "  ".join([first, *others, ""])
            last = _flow(row[-1], width, look, " " * beside, " " * beside)[beside:]
            yield (look.paint(first, "accent") + start[len(first) :] + last).rstrip()
        else:
            yield look.paint(row[0], "accent")
            yield _flow(" · ".join(cell for cell in row[1:] if cell), width, look, "    ", "    ")
