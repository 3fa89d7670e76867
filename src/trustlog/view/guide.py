"""A page of the guide on a terminal: its Markdown as plain lines, broken to the width. No Rich: it costs 68 ms."""

import re
from collections.abc import Iterator
from textwrap import fill
from typing import Any

from trustlog.domain.guide import Page
from trustlog.view.look import Look

_ROOM = 24
"""The cells that the last column of a table needs; with less, a row stands below its first word."""
_BLOCK = re.compile(r"\n\s*\n")


def data(page: Page) -> dict[str, Any]:
    """As JSON, the text in Markdown."""
    return page._asdict()


def topics_data(pages: tuple[Page, ...]) -> dict[str, Any]:
    """The list as JSON."""
    return {"topics": [{"topic": one.topic, "title": one.title} for one in pages]}


def topics(pages: tuple[Page, ...], look: Look) -> str:
    """Every topic with its title."""
    room = max(len(one.topic) for one in pages) + 2
    lines = [f"  {look.paint(one.topic.ljust(room), 'accent')}{one.title}" for one in pages]
    return "\n".join([look.paint("The guide", "strong"), "", *lines, "", "Read one with: trustlog guide TOPIC"])


def page(page: Page, look: Look) -> str:
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
    flowing = fill(
        " ".join(text.split()), width, initial_indent=first, subsequent_indent=rest,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
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
