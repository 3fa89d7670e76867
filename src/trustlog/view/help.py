"""The first page of help, pages of the guide as plain lines, and the scenes of the demo."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from trustlog.ui.text import Look, flowing, wrapped
from trustlog.view import picked

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Group

    from trustlog.domain.conversations import Conversation
    from trustlog.domain.kickoffs import Agreement
    from trustlog.domain.morning import Morning
    from trustlog.domain.outcomes import GuidePage
    from trustlog.domain.report import Report, ReportWords
    from trustlog.domain.trust import Written
    from trustlog.view import conversations


Lines = Sequence[tuple[str, str, str]]
"""The purpose, the name and the line of each command, those of one purpose together."""
_BESIDE = 80
"""Below so many cells a meaning stands under its words."""
_PURPOSE = 13
"""Columns of a purpose beside its commands."""
MORE = "and more: trustlog help all"
ONE = "one command: trustlog COMMAND --help"


def first_page(example: str, lines: Lines, look: Look) -> str:
    """The example on top, then a line for each command beside its purpose; where it is narrow, names only."""
    first, *rest = (part.strip() for part in example.strip().split("\n\n"))
    width = min(look.width, 80) - 1
    page = [f"Usage: trustlog [OPTIONS] COMMAND [ARGS]...\n\n    {look.paint(first, 'accent')}\n"]
    page += [*(flowing(part, width) for part in rest), ""]
    wide, room = look.width >= _BESIDE, max(len(name) for _, name, _ in lines) + 2
    for purpose, inside in groupby(lines, key=lambda line: line[0]):
        commands = list(inside)
        if not wide:
            names = "  ".join(name for _, name, _ in commands)
            page += [f"  {look.paint(purpose, 'dim')}", flowing(names, width, "    ")]
            continue
        beside = wrapped(purpose, _PURPOSE)
        for at, (_, name, meaning) in enumerate(commands):
            head = (beside[at] if at < len(beside) else "").ljust(_PURPOSE)
            page.append(f"  {look.paint(head, 'dim')}{look.paint(name.ljust(room), 'accent')}{meaning}")
    page += ["", f"  {MORE.ljust(room + _PURPOSE)}   {ONE}"] if wide else ["", f"  {MORE}", f"  {ONE}"]
    return "\n".join(page)


def all_data(lines: Lines) -> dict[str, Any]:
    """Every command with its purpose, as JSON."""
    return {"commands": [{"name": name, "purpose": purpose, "line": line} for purpose, name, line in lines]}


def all_commands(lines: Lines, options: Iterable[str], look: Look) -> str:
    """Every command by purpose, one line each, then the options that work everywhere."""
    width, room = min(look.width, 80) - 1, max(len(name) for _, name, _ in lines) + 2
    page = []
    for purpose, inside in groupby(lines, key=lambda line: line[0]):
        page.append(look.paint(purpose, "strong"))
        for _, name, meaning in inside:
            meaning_lines = wrapped(meaning, width, " " * (room + 2), " " * (room + 2))
            page.append(f"  {look.paint(name.ljust(room), 'accent')}{meaning_lines[0][room + 2 :]}")
            page += meaning_lines[1:]
        page.append("")
    # an option and what it takes stay on one line
    names = "  ".join(option.replace(" ", "\xa0") for option in options)
    page += [look.paint("Options", "strong")]
    page += [flowing(names, width, "  ").replace("\xa0", " "), ""]
    page += [f"  {words}\n    {meaning}" for words, meaning in WAYS]
    return "\n".join(page)


WAYS = (
    ("trustlog help COMMAND", "one command, with an example and its options"),
    ("trustlog help TOPIC", "how things work, by topic; the first is: trustlog help start"),
)

_ROOM = 24
"""The cells that the last column of a table needs; with less, a row stands below its first word."""
_BLOCK = re.compile(r"\n\s*\n")


def topics_data(pages: "tuple[GuidePage, ...]") -> dict[str, Any]:
    """The list as JSON."""
    return {"topics": [picked(page, "topic title") for page in pages]}


def topics(pages: "tuple[GuidePage, ...]", look: Look) -> str:
    """Every topic with its title."""
    room = max(len(page.topic) for page in pages) + 2
    lines = [f"  {look.paint(page.topic.ljust(room), 'accent')}{page.title}" for page in pages]
    return "\n".join([look.paint("The guide", "strong"), "", *lines, "", "Read one with: trustlog guide TOPIC"])


def guide_page(page: "GuidePage", look: Look) -> str:
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


class Scenes(NamedTuple):
    """What the demo shows, with the words it needs."""

    morning: "Morning"
    written: "tuple[Written, ...]"
    talk: "Conversation"
    card: "conversations.Lines"
    report: "Report"
    words: "ReportWords"
    now: "datetime"
    home: str
    program: str
    agreement: "Agreement"
    stages: Mapping[str, Any]
    """The words of a kick-off."""


def demo_data(shown: Scenes) -> dict[str, Any]:
    """Where the throw-away home is, and its report."""
    from trustlog.view.report import as_json  # as in `scenes`

    return {"home": shown.home, "report": as_json.report(shown.report)}


def scenes(shown: Scenes, look: Look) -> "Group":
    """The day's page, one entry, a card and the report, each under the command that shows it."""
    from rich.console import Group  # Rich and the views of what it shows are the demo's alone
    from rich.text import Text

    from trustlog.view import conversations, entries, kickoffs, morning
    from trustlog.view.report import terminal

    def typed(command: str) -> Text:
        return Text.from_ansi(f"{look.paint('$', 'dim')} {look.paint(command, 'strong')}")

    entry = shown.written[0].entry
    command = f'trustlog add {entry.manager} "{entry.note}" -k help'
    return Group(
        typed("trustlog"),
        Text.from_ansi(morning.page(shown.morning, look)),
        Text(),
        typed(command),
        Text.from_ansi(entries.added(shown.written, look)),
        Text(),
        typed(f"trustlog prep-feedback {shown.talk.manager} --card"),
        conversations.card(shown.talk, shown.card, [], shown.now, look),
        Text(),
        typed(f"trustlog kickoff show {shown.agreement.req}"),
        Text.from_ansi(kickoffs.summary(shown.agreement, shown.stages, look)),
        Text(),
        typed("trustlog report"),
        terminal.report(shown.report, shown.words, look),
    )


def ways_on(shown: Scenes) -> str:
    """What to type next, each command on one line so that it can be copied: the terminal breaks it, no line end of
    ours does.
    """
    from shlex import quote  # 1 ms, only for the demo

    program = quote(shown.program)
    return (
        "\nAll of this is invented. Look around in it, one manager's page first:\n"
        f"  TRUSTLOG_HOME={quote(shown.home)} {program} report dana --why\n"
        f'Your own journal begins with: {program} manager add "Their Name"\n'
    )
