"""Entries as a timeline: by day, newest first."""

from itertools import groupby

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trustlog.domain.days import echo, echo_day
from trustlog.domain.kinds import KINDS
from trustlog.domain.model import Entry
from trustlog.domain.text import one_line, visible
from trustlog.view.look import Look
from trustlog.view.style import ACCENT, GREY, STRONG

MARKS = ("\ufdd0", "\ufdd1")
"""Around what a search found; noncharacters, which no text may hold."""


def timeline(entries: list[Entry], look: Look, texts: dict[int, str] | None = None) -> Group:
    """One block a day; `texts` replaces the texts of entries, with hits between MARKS."""
    blocks: list[Text | Padding] = []
    for day, group in groupby(entries, key=lambda entry: entry.happened_on):
        blocks.append(Text(echo_day(day), style=STRONG))
        blocks.append(Padding(_day(list(group), look, texts or {}), (0, 0, 1, 2)))
    return Group(*blocks)


def _day(entries: list[Entry], look: Look, texts: dict[int, str]) -> Table:
    grid = Table.grid(padding=(0, 2), expand=False)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for entry in entries:
        head = Text(f"{entry.happened_at:%H:%M}", style=GREY)
        grid.add_row(Text(f"#{entry.id}", style=ACCENT), head, _line(entry, texts.get(entry.id, entry.text), look))
    return grid


def _line(entry: Entry, text: str, look: Look) -> Text:
    line = Text(visible(entry.manager_name), style=STRONG)
    line.append(f" · {KINDS[entry.kind].words}", style="not bold")
    if extra := _extras(entry):
        line.append(f" · {extra}", style=f"not bold {GREY}")
    if text:
        line.append("\n" if look.width < 100 else "  ", style="not bold")
        line.append_text(highlighted(one_line(text), look))
    return line


def _extras(entry: Entry) -> str:
    size = {"s": "small", "m": "", "l": "large"}[entry.size]
    known = (
        size,
        entry.channel,
        entry.req,
        *(f"+{tag}" for tag in entry.tags),
        "" if entry.evidence else "no evidence",
    )
    return visible(", ".join(part for part in known if part))


def highlighted(text: str, look: Look) -> Text:
    """Text whose hits stand out: in colour where there is some, in brackets elsewhere."""
    line = Text(style="not bold")
    for number, part in enumerate(text.split(MARKS[0])):
        hit, end, rest = part.partition(MARKS[1])
        if number == 0 or not end:
            line.append(part)
            continue
        line.append(hit if look.color else f"[{hit}]", style=f"bold {ACCENT}" if look.color else "")
        line.append(rest)
    return line


def whole(entry: Entry, look: Look) -> Group:
    """One entry with everything known about it."""
    del look
    head = Text.assemble((f"#{entry.id}", ACCENT), f"  {visible(entry.manager_name)} · {KINDS[entry.kind].words}")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=GREY, no_wrap=True)
    grid.add_column(overflow="fold")
    rows = (
        ("when", echo(entry.happened_at)), ("size", {"s": "small", "m": "as usual", "l": "large"}[entry.size]),
        ("channel", entry.channel), ("role", entry.req), ("approach", entry.approach), ("tags", ", ".join(entry.tags)),
        ("evidence", None if entry.evidence else "no, journal only"),
        ("repaired by", f"#{entry.repaired_by}" if entry.repaired_by else None),
        ("they did", entry.did), ("it changed", entry.changed), ("written", echo(entry.created_at.astimezone())),
    )  # fmt: skip
    for name, value in rows:
        if value:
            grid.add_row(name, Text(visible(value)))
    parts: list[Text | Padding] = [head, Padding(grid, (0, 0, 0, 2))]
    if entry.note:
        parts.append(Padding(Text(visible(entry.note), overflow="fold"), (1, 0, 0, 2)))
    return Group(*parts)
