"""The report on the terminal: all managers, or one."""

from collections.abc import Sequence

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from trustlog.domain.entries import FACETS, Facet
from trustlog.domain.report import ManagerReport, Report, ReportRequest, ReportWords
from trustlog.domain.text import visible
from trustlog.ui.text import ACCENT, DUE, GREY, STRONG, Look, cells
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


def bar_legend(look: Look) -> Text:
    """What the characters of a bar mean."""
    full, dark, light = ("█", "▓", "░") if look.blocks else ("#", "!", ".")
    return Text.assemble((full, ACCENT), f" seen   {dark} doubt   ", (light, GREY), " unknown")


NARROW = 76
"""Below this the second column goes under the first."""
Lines = list[Text | Padding]


def report(shown: Report, words: ReportWords, look: Look) -> Group:
    """The overview of all, or one manager's page."""
    if shown.one:
        return page(shown.managers[0], shown, words, look)
    return _overview(shown, words, look)


def _overview(shown: Report, words: ReportWords, look: Look) -> Group:
    """Everybody by name: a bar of what is seen, the way it goes, who was heard from, and open loops."""
    lines: Lines = [head(Text("Where things stand", style=STRONG), shown, look), Text()]
    if not shown.managers:
        lines.append(Text("  No managers yet."))
    width = min(24, max((cells(visible(page.manager.name)) for page in shown.managers), default=0))
    for page in shown.managers:
        lines += _one(page, width, shown, look)
    return Group(*lines, Text(), foot(words, look))


def _one(page: ManagerReport, width: int, shown: Report, look: Look) -> Lines:
    name, whole = Text(visible(page.manager.name), style=STRONG), page.reading.overall
    stands, way = sentences.facet(whole), sentences.way(page, shown.asked)
    contact = visible(sentences.contact(page, shown.asked))
    owed = sentences.owed(page, shown.asked)
    if not look.drawn:
        facts = [", ".join(stands.split("   ")), *([way.replace(" · ", ", ")] if way else []), contact, *owed]
        return [Padding(Text.assemble(name, ": ", "; ".join(facts), "."), (0, 0, 0, 2))]
    name.truncate(width, overflow="ellipsis", pad=True)
    # the words beside a bar need 45 cells at most; where there is no room for both they go under it
    room = look.width - width - 45
    bar = shares(whole.b, whole.d, min(22, room) if room >= 8 else 22, look)
    indent = width + 4 if look.width >= NARROW else 4
    first = Text.assemble("  ", name, "  ", bar, "   ")
    parts = [Text(contact, style=GREY), *(Text(fact, style=DUE if "late" in fact else GREY) for fact in owed)]
    last = Text(" · ", style=GREY).join(parts)
    under = [Text(way), last] if way else [last]
    return [beside(first, Text(stands), indent, look), *(Padding(line, (0, 0, 0, indent)) for line in under)]


def head(title: Text, shown: Report, look: Look) -> Text:
    """The title, with the day at the right margin where there is room."""
    day = f"as of {sentences.day(shown.asked.as_of, shown.asked)}"
    gap = min(look.width, 78) - title.cell_len - len(day)
    return Text.assemble(title, " " * gap if gap >= 2 and look.drawn else "\n", (day, GREY))


def foot(words: ReportWords, look: Look) -> Padding:
    """What the bars mean, and whose log it is; both on one line where they fit."""
    reminder = Text(words.reminder, style=GREY)
    if not look.drawn:
        return Padding(reminder, (0, 0, 0, 2))
    legend = bar_legend(look)
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

    title = Text(visible(page.manager.name), style=STRONG)
    if page.manager.team:
        title.append(f" · {visible(page.manager.team)}", style="not bold")
    lines: Lines = [
        head(title, shown, look),
        Text(),
        *_opening(page, shown.asked),
        *_standing(page, shown.asked, words, look),
    ]
    lines += [Text(), *(_facet(facet, page, shown.asked, words, look) for facet in FACETS)]
    weeks = _weeks(page, shown.asked, look)
    lines += [Text(), *weeks] if weeks else []
    lines += evidence.around_lines(page, shown.asked, look)
    lines += evidence.moved(page, shown.asked, words, look)
    if shown.asked.why:
        lines += evidence.arithmetic(page, shown.asked)
    return Group(*lines, Text(), foot(words, look))


def _opening(page: ManagerReport, asked: ReportRequest) -> Lines:
    """What stands first, or the sentence of the month."""
    lines = page.stands_first.splitlines() or [sentences.month(page, asked)]
    padded: Lines = [Padding(Text(visible(line)), (0, 0, 0, 2)) for line in lines if line]
    return [*padded, Text()] if padded else []


def _standing(page: ManagerReport, asked: ReportRequest, words: ReportWords, look: Look) -> Lines:
    """The label, or what stands for it, with its bar; the way it goes; who was heard from."""
    whole = page.reading.overall
    bar = _beside_bar(sentences.heading(page), (whole.b, whole.d, 22), Text(sentences.facet(whole)), look)
    contact = Text(visible(sentences.contact(page, asked)))
    lines = [
        Text(sentences.way(page, asked, headed=True)),
        Text(sentences.standing(page, words, asked), style=GREY),
        contact,
    ]
    if page.lead == "label" and whole.too_early and sentences.advises(page, asked):
        lines.append(Text(sentences.early(page)))
    return [bar, *(Padding(line, (0, 0, 0, 2)) for line in lines if line.plain)]


def _beside_bar(name: str, bar: tuple[float, float, int], text: Text, look: Look) -> Padding:
    """A name, its bar of seen and doubt, and the words; where nothing is drawn only the words."""
    if look.drawn:
        return beside(Text.assemble(f"  {name}   ", shares(*bar, look), "   "), text, 4, look)
    asked = name.rstrip()
    words = Text(", ").join(text.split("   "))
    return Padding(Text.assemble(asked, " " if asked.endswith("?") else ": ", words), (0, 0, 0, 2))


def _facet(facet: Facet, page: ManagerReport, asked: ReportRequest, words: ReportWords, look: Look) -> Padding:
    opinion = page.reading.facets[facet]
    text = Text(sentences.facet(opinion))
    bar = (f"{words.questions[facet]:<19}", (opinion.b, opinion.d, 15))
    if facet != page.reading.least_known or not sentences.advises(page, asked):
        return _beside_bar(*bar, text, look)
    text.append("   least known", style=ACCENT)
    line = _beside_bar(*bar, text, look)
    helps = sentences.helps(page, words, asked)
    return Padding(Group(line, Padding(Text(helps, style=GREY), (0, 0, 0, 4))) if helps else line, 0)


def _weeks(page: ManagerReport, asked: ReportRequest, look: Look) -> list[Padding]:
    if not any(opinion.u < 1 for _, opinion in page.weeks):
        return []
    text = sentences.weeks(page, asked)
    if not look.drawn:
        return [Padding(Text(text), (0, 0, 0, 2))]
    seen = small_line([opinion.b for _, opinion in page.weeks], look)
    return [Padding(Text.assemble(seen, "   ", text), (0, 0, 0, 2))]
