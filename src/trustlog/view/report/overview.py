"""The report of all managers on the terminal: words first, a bar beside them. Estimates never stand side by side."""

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from trustlog.domain.standing.report import ManagerReport, Report, ReportWords
from trustlog.domain.text import visible
from trustlog.view.look import Look
from trustlog.view.report import bars, sentences
from trustlog.view.style import DUE, GREY, STRONG

NARROW = 76
"""Below this the second column goes under the first."""
Lines = list[Text | Padding]


def report(shown: Report, words: ReportWords, look: Look) -> Group:
    """The overview of all, or one manager's page."""
    if shown.one:
        from trustlog.view.report import page  # 6 ms with its tables, which the overview does without

        return page.page(shown.managers[0], shown, words, look)
    return _overview(shown, words, look)


def _overview(shown: Report, words: ReportWords, look: Look) -> Group:
    """Unknown, last contact and open loops only."""
    lines: Lines = [head(Text("Where things stand", style=STRONG), shown, look), Text()]
    if not shown.managers:
        lines.append(Text("  No managers yet."))
    width = min(24, max((len(visible(page.manager.name)) for page in shown.managers), default=0))
    for page in shown.managers:
        lines += _one(page, width, shown, look)
    return Group(*lines, Text(), foot(words, look, doubt=False))


def _one(page: ManagerReport, width: int, shown: Report, look: Look) -> Lines:
    name = Text(visible(page.manager.name), style=STRONG)
    unknown = Text(sentences.unknown(page))
    facts = [sentences.contact(page, shown.asked), *sentences.owed(page, shown.asked)]
    if not look.drawn:
        return [Padding(Text.assemble(name, ": ", "; ".join([unknown.plain, *facts]), "."), (0, 0, 0, 2))]
    contact = Text(" · ", style=GREY).join(Text(fact, style=DUE if "late" in fact else GREY) for fact in facts)
    name.truncate(width, overflow="ellipsis", pad=True)
    # the words beside a bar need 39 cells; where there is no room for both they go under it
    room = look.width - width - 46
    bar = bars.shares(1 - page.reading.overall.u, 0, min(22, room) if room >= 8 else 22, look)
    indent = width + 4 if look.width >= NARROW else 4
    first = Text.assemble("  ", name, "  ", bar, "   ")
    return [beside(first, unknown, indent, look), Padding(contact, (0, 0, 0, indent))]


def head(title: Text, shown: Report, look: Look) -> Text:
    """The title, with the day at the right margin where there is room."""
    day = f"as of {sentences.day(shown.asked.as_of, shown.asked)}"
    gap = min(look.width, 78) - title.cell_len - len(day)
    return Text.assemble(title, " " * gap if gap >= 2 and look.drawn else "\n", (day, GREY))


def foot(words: ReportWords, look: Look, *, doubt: bool) -> Padding:
    """What the bars mean, and whose log it is; both on one line where they fit."""
    reminder = Text(words.reminder, style=GREY)
    if not look.drawn:
        return Padding(reminder, (0, 0, 0, 2))
    legend = bars.legend(look, doubt=doubt)
    if legend.cell_len + 10 + reminder.cell_len > look.width:
        return Padding(Group(legend, reminder), (0, 0, 0, 2))
    return Padding(Text.assemble(legend, "        ", reminder), (0, 0, 0, 2))


def beside(first: Text, second: Text, indent: int, look: Look) -> Padding:
    """Two parts on one line where they fit, else the second under the first."""
    if first.cell_len + second.cell_len <= look.width:
        return Padding(Text.assemble(first, second), 0)
    first.rstrip()
    return Padding(Group(first, Padding(second, (0, 0, 0, indent))), 0)
