"""The report on the terminal: all managers, or one."""

from collections.abc import Sequence

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from trustlog.domain.entries import FACETS, Facet
from trustlog.domain.report import Asked, ManagerReport, Report, ReportWords
from trustlog.domain.text import visible
from trustlog.ui.text import ACCENT, DUE, GREY, STRONG, Look
from trustlog.view.report import sentences

_STEPS = "▁▂▃▄▅▆▇█"
_PLAIN_STEPS = "_.-=#"


def shares(seen: float, doubt: float, width: int, look: Look) -> Text:
    """Seen, doubt and unknown (the rest) as one bar of `width` cells."""
    full, dark, light, half = ("█", "▓", "░", "▌") if look.blocks else ("#", "!", ".", "")
    halves = round(seen * width * 2)
    cells, odd = divmod(halves, 2) if half else (round(seen * width), 0)
    bar = Text(full * cells + half * odd, style=ACCENT)
    # a doubt that exists is seen, however small
    doubts = min(width - len(bar), max(round(doubt * width), 1 if doubt >= 0.005 else 0))
    bar.append(dark * doubts, style="not dim default")
    bar.append(light * (width - len(bar)), style=GREY)
    return bar


def small_line(values: Sequence[float], look: Look) -> Text:
    """Values from 0 to 1 as one character each."""
    steps = _STEPS if look.blocks else _PLAIN_STEPS
    return Text("".join(steps[min(len(steps) - 1, int(value * len(steps)))] for value in values), style=ACCENT)


def bar_legend(look: Look, *, doubt: bool) -> Text:
    """What the characters of a bar mean."""
    full, dark, light = ("█", "▓", "░") if look.blocks else ("#", "!", ".")
    line = Text.assemble((full, ACCENT), " seen   " if doubt else " known   ")
    if doubt:
        line.append(f"{dark} doubt   ")
    line.append(light, style=GREY)
    return line.append(" unknown")


NARROW = 76
"""Below this the second column goes under the first."""
Lines = list[Text | Padding]


def report(shown: Report, words: ReportWords, look: Look) -> Group:
    """The overview of all, or one manager's page."""
    if shown.one:
        return page(shown.managers[0], shown, words, look)
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
    bar = shares(1 - page.reading.overall.u, 0, min(22, room) if room >= 8 else 22, look)
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
    legend = bar_legend(look, doubt=doubt)
    if legend.cell_len + 10 + reminder.cell_len > look.width:
        return Padding(Group(legend, reminder), (0, 0, 0, 2))
    return Padding(Text.assemble(legend, "        ", reminder), (0, 0, 0, 2))


def beside(first: Text, second: Text, indent: int, look: Look) -> Padding:
    """Two parts on one line where they fit, else the second under the first."""
    if first.cell_len + second.cell_len <= look.width:
        return Padding(Text.assemble(first, second), 0)
    first.rstrip()
    return Padding(Group(first, Padding(second, (0, 0, 0, indent))), 0)


def page(page: ManagerReport, shown: Report, words: ReportWords, look: Look) -> Group:
    """Everything about one manager."""
    from trustlog.view.report import evidence  # tables of Rich, 3 ms, which the overview does without

    reading = page.reading
    title = Text(visible(page.manager.name), style=STRONG)
    if page.manager.team:
        title.append(f" · {visible(page.manager.team)}", style="not bold")
    lines: Lines = [
        head(title, shown, look),
        Text(),
        _beside_bar(reading.label, (reading.overall.b, reading.overall.d, 22), Text(sentences.unknown(page)), look),
        Padding(Text(words.labels[reading.label], style=GREY), (0, 0, 0, 2)),
        Padding(Text(sentences.estimate(page)), (0, 0, 0, 2)),
        Text(),
    ]
    lines += [_facet(facet, page, words, look) for facet in FACETS]
    lines += [
        Text(),
        *_weeks(page, shown.asked, look),
        Padding(Text(sentences.contact(page, shown.asked)), (0, 0, 0, 2)),
    ]
    lines += evidence.around_lines(page, shown.asked, look)
    lines += evidence.moved(page, shown.asked, look)
    if shown.asked.why:
        lines += evidence.arithmetic(page, shown.asked)
    return Group(*lines, Text(), foot(words, look, doubt=True))


def _beside_bar(name: str, bar: tuple[float, float, int], said: Text, look: Look) -> Padding:
    """A name, its bar of seen and doubt, and the words; where nothing is drawn only the words."""
    if look.drawn:
        return beside(Text.assemble(f"  {name}   ", shares(*bar, look), "   "), said, 4, look)
    asked = name.rstrip()
    words = Text(", ").join(said.split("   "))
    return Padding(Text.assemble(asked, " " if asked.endswith("?") else ": ", words), (0, 0, 0, 2))


def _facet(facet: Facet, page: ManagerReport, words: ReportWords, look: Look) -> Padding:
    opinion = page.reading.facets[facet]
    said = Text(sentences.facet(opinion))
    if facet != page.reading.least_known:
        return _beside_bar(f"{words.questions[facet]:<19}", (opinion.b, opinion.d, 15), said, look)
    said.append("   least known", style=ACCENT)
    line = _beside_bar(f"{words.questions[facet]:<19}", (opinion.b, opinion.d, 15), said, look)
    return Padding(Group(line, Padding(Text(words.helps[facet], style=GREY), (0, 0, 0, 4))), 0)


def _weeks(page: ManagerReport, asked: Asked, look: Look) -> list[Padding]:
    known = [1 - opinion.u for _, opinion in page.weeks]
    if not any(known):
        return []
    if not look.drawn:
        return [Padding(Text(sentences.weeks(page, asked)), (0, 0, 0, 2))]
    return [Padding(Text.assemble(small_line(known, look), "   ", sentences.weeks(page, asked)), (0, 0, 0, 2))]
