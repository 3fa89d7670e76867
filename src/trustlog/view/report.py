"""Reports on the terminal: words first, a bar beside them, and the arithmetic for whoever asks."""

from datetime import datetime

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from trustlog.domain.commitment import Commitment
from trustlog.domain.days import echo_day
from trustlog.domain.kinds import FACETS, Facet
from trustlog.domain.report import ManagerReport, Report, ReportWords
from trustlog.domain.responsiveness import Responsiveness
from trustlog.domain.text import visible
from trustlog.view import bars, evidence, loops
from trustlog.view.lines import percent
from trustlog.view.look import Look
from trustlog.view.style import ACCENT, GREY, STRONG

NARROW = 76
"""Below this the second column goes under the first."""


def report(shown: Report, words: ReportWords, look: Look) -> Group:
    """The overview of all, or one manager's page."""
    if shown.one:
        return _page(shown.managers[0], shown, words, look)
    return _overview(shown, words, look)


def _overview(shown: Report, words: ReportWords, look: Look) -> Group:
    """Unknown and last contact only: estimates never stand side by side."""
    lines: list[Text | Padding] = [_head(Text("Where things stand", style=STRONG), shown, look), Text()]
    if not shown.managers:
        lines.append(Text('  No managers yet. Begin with: trustlog manager add "Dana Ortiz"'))
    width = min(24, max((len(visible(page.manager.name)) for page in shown.managers), default=0))
    # the words beside a bar need 39 cells; where there is no room for both they go under it
    room = look.width - width - 46
    for page in shown.managers:
        name = Text(visible(page.manager.name), style=STRONG)
        name.truncate(width, overflow="ellipsis", pad=True)
        bar = bars.shares(1 - page.reading.overall.u, 0, min(22, room) if room >= 8 else 22, look)
        first = Text.assemble("  ", name, "  ", bar, "   ")
        words_ = Text(unknown_words(page))
        contact = Text(" · ".join([contact_words(page), *owed_words(page.loops, shown.asked.at)]), style=GREY)
        indent = width + 4 if look.width >= NARROW else 4
        lines.append(_beside(first, words_, indent, look))
        lines.append(Padding(contact, (0, 0, 0, indent)))
    lines += [
        Text(),
        Padding(Text.assemble(bars.legend(look, doubt=False), "        ", (words.reminder, GREY)), (0, 0, 0, 2)),
    ]
    return Group(*lines)


def _page(page: ManagerReport, shown: Report, words: ReportWords, look: Look) -> Group:
    reading = page.reading
    title = Text(visible(page.manager.name), style=STRONG)
    if page.manager.team:
        title.append(f" · {visible(page.manager.team)}", style="not bold")
    bar = bars.shares(reading.overall.b, reading.overall.d, 22, look)
    lines: list[Text | Padding] = [
        _head(title, shown, look),
        Text(),
        _beside(Text.assemble(f"  {reading.label}   ", bar, "   "), Text.assemble(unknown_words(page)), 4, look),
        Padding(Text(words.labels[reading.label], style=GREY), (0, 0, 0, 2)),
        Padding(Text(_estimate(page)), (0, 0, 0, 2)),
        Text(),
    ]
    lines += [_facet(facet, page, words, look) for facet in FACETS]
    lines += [Text(), *_weeks(page, look), Padding(Text(contact_words(page)), (0, 0, 0, 2))]
    lines += _between(page, shown, look)
    lines += evidence.moved(page, shown.asked, look)
    if shown.asked.why:
        lines += evidence.arithmetic(page, shown.asked)
    legend = Text.assemble(bars.legend(look, doubt=True), "        ", (words.reminder, GREY))
    return Group(*lines, Text(), Padding(legend, (0, 0, 0, 2)))


def _head(title: Text, shown: Report, look: Look) -> Text:
    day = f"as of {echo_day(shown.asked.as_of)}"
    gap = min(look.width, 78) - title.cell_len - len(day)
    return Text.assemble(title, " " * gap if gap >= 2 else "\n", (day, GREY))


def _beside(first: Text, second: Text, indent: int, look: Look) -> Padding:
    """Two parts on one line where they fit, else the second under the first."""
    if first.cell_len + second.cell_len <= look.width:
        return Padding(Text.assemble(first, second), 0)
    first.rstrip()
    return Padding(Group(first, Padding(second, (0, 0, 0, indent))), 0)


def unknown_words(page: ManagerReport) -> str:
    """`unknown 50 %, was 62 % four weeks ago`, or that it is steady."""
    reading = page.reading
    now = percent(reading.overall.u)
    if not page.reading.evidence:
        return f"unknown {now}"
    if "clearer" in reading.trend.words or "fading" in reading.trend.words:
        before = percent(reading.overall.u - reading.trend.u)
        return f"unknown {now}, was {before} four weeks ago"
    return f"unknown {now}, steady"


def contact_words(page: ManagerReport) -> str:
    """When they were last in touch; silence makes the picture hazier, never worse."""
    reading = page.reading
    if reading.last_contact is None:
        return "no contact yet; a starting point, not a verdict"
    if reading.gone_quiet:
        days = (reading.as_of - reading.last_contact).days
        return f"no contact logged for {days} days; the picture is getting hazier"
    return f"last contact {echo_day(reading.last_contact)}"


def owed_words(open_loops: tuple[Commitment, ...], at: datetime) -> list[str]:
    """`you owe 1`, `they owe 2, 3 days late`: counts of both sides, with the longest wait of each."""
    told = []
    for side, words in loops.OWED.items():
        own = [one for one in open_loops if one.owed_by == side]
        late = [(at - one.due_at).total_seconds() for one in own if one.due_at is not None and one.overdue(at)]
        told += [f"{words} {len(own)}" + (f", {loops.late_words(max(late))}" if late else "")] if own else []
    return told


def _between(page: ManagerReport, shown: Report, look: Look) -> list[Text | Padding]:
    """What is open both ways and how answers come, always both directions."""
    if not (page.loops or page.them.answered or page.me.answered):
        return []
    lines: list[Text | Padding] = [Text(), Padding(Text("Between you", style=STRONG), (0, 0, 0, 2))]
    if page.loops:
        listed = loops.loops(list(page.loops), shown.asked.at, look, named=False)
        lines.append(Padding(Text.from_ansi(listed), (0, 0, 0, 4)))
    for words, side in (("their answers", page.them), ("your promises", page.me)):
        lines.append(Padding(Text(f"{words}: {_answers(side)}", style=GREY), (0, 0, 0, 4)))
    return lines


def _answers(side: Responsiveness) -> str:
    """Counts first: a median over answers alone would flatter the slow."""
    oldest = f", the oldest {side.oldest_open_days:.0f} days" if side.oldest_open_days is not None else ""
    middle = (
        f"; half of them within {side.median_response_hours:.0f} hours"
        if side.median_response_hours is not None
        else ""
    )
    return f"{side.answered} closed{middle}; {side.open} open{oldest}; {side.overdue} overdue"


def _estimate(page: ManagerReport) -> str:
    whole = page.reading.overall
    if whole.too_early:
        steps = page.reading.steps_to_half_known
        return f"too early to say; about {steps} small {'step' if steps == 1 else 'steps'} and you are half known"
    warmer = [word for word in page.reading.trend.words if word in ("warmer", "cooler")]
    trend = f", {warmer[0]} than four weeks ago" if warmer else ""
    return f"so far {whole.e:.2f}{trend}; could be anywhere from {whole.b:.2f} to {1 - whole.d:.2f}"


def _facet(facet: Facet, page: ManagerReport, words: ReportWords, look: Look) -> Padding:
    opinion = page.reading.facets[facet]
    least = facet == page.reading.least_known
    bar = bars.shares(opinion.b, opinion.d, 15, look)
    first = Text.assemble("  ", f"{words.questions[facet]:<20}  ", bar, "   ")
    said = f"seen {percent(opinion.b)}" + (f"   doubt {percent(opinion.d)}" if opinion.d >= 0.005 else "")
    second = Text(f"{said}   unknown {percent(opinion.u)}")
    if least:
        second.append("   least known", style=ACCENT)
    line = _beside(first, second, 4, look)
    if not least:
        return line
    return Padding(Group(line, Text(f"    {words.helps[facet]}", style=GREY)), 0)


def _weeks(page: ManagerReport, look: Look) -> list[Padding]:
    known = [1 - opinion.u for _, opinion in page.weeks]
    if not any(known):
        return []
    line = bars.small_line(known, look)
    words = f"   known over {len(known)} weeks: {percent(known[0])} then, {percent(known[-1])} now"
    return [Padding(Text.assemble(line, words), (0, 0, 0, 2))]
