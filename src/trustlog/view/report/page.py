"""One manager's page on the terminal: unknown first, then what was seen, and the arithmetic for whoever asks."""

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from trustlog.domain.kinds import FACETS, Facet
from trustlog.domain.standing.report import Asked, ManagerReport, Report, ReportWords
from trustlog.domain.text import visible
from trustlog.view.look import Look
from trustlog.view.report import around, bars, evidence, sentences
from trustlog.view.report.overview import Lines, beside, foot, head
from trustlog.view.style import ACCENT, GREY, STRONG


def page(page: ManagerReport, shown: Report, words: ReportWords, look: Look) -> Group:
    """Everything about one manager."""
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
    lines += around.lines(page, shown.asked, look)
    lines += evidence.moved(page, shown.asked, look)
    if shown.asked.why:
        lines += evidence.arithmetic(page, shown.asked)
    return Group(*lines, Text(), foot(words, look, doubt=True))


def _beside_bar(name: str, bar: tuple[float, float, int], said: Text, look: Look) -> Padding:
    """A name, its bar of seen and doubt, and the words; where nothing is drawn only the words."""
    if look.drawn:
        return beside(Text.assemble(f"  {name}   ", bars.shares(*bar, look), "   "), said, 4, look)
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
    return [Padding(Text.assemble(bars.small_line(known, look), "   ", sentences.weeks(page, asked)), (0, 0, 0, 2))]
