"""What moved the picture, and the arithmetic behind every figure."""

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trustlog.domain.kinds import FACETS, KINDS
from trustlog.domain.report import Asked, ManagerReport
from trustlog.domain.text import one_line
from trustlog.domain.trust import Counted
from trustlog.domain.when import echo_day
from trustlog.view.look import Look
from trustlog.view.style import ACCENT, GREY, STRONG


def moved(page: ManagerReport, asked: Asked, look: Look) -> list[Text | Padding]:
    """The entries that weigh most since a day, newest first."""
    total = sum(1 for one in page.reading.evidence if one.atom.on >= page.moved_since)
    if not total:
        return []
    grid = Table.grid(padding=(0, 2))
    for style in ("", "", ACCENT, ""):
        grid.add_column(style=style, no_wrap=True)
    grid.add_column(overflow="fold")
    for one in page.movers:
        entry = page.told[one.atom.entry]
        text = one_line(entry.text)
        day = echo_day(one.atom.on).removesuffix(f" {asked.as_of.year}")
        told = Text(day) if look.width < 100 else Text(f"{day:<10}")
        if text:
            short = text if len(text) <= 60 or asked.why else f"{text[:59]}…"
            told.append(f"  “{short}”", style=GREY)
        grid.add_row(_signed(one), one.atom.facet, f"#{one.atom.entry}", KINDS[entry.kind].words, told)
    lines: list[Text | Padding] = [
        Text(),
        Padding(Text(f"What moved it since {echo_day(page.moved_since)}", style=STRONG), (0, 0, 0, 2)),
        Padding(grid, (0, 0, 0, 4)),
    ]
    if total > len(page.movers):
        rest = total - len(page.movers)
        more = f"and {rest} smaller: trustlog report {page.manager.handle} --why"
        lines.append(Padding(Text(more, style=GREY), (0, 0, 0, 4)))
    return lines


def arithmetic(page: ManagerReport, asked: Asked) -> list[Text | Padding]:
    """Every figure with the entries and the sum that make it."""
    reading, parameters = page.reading, asked.parameters
    lines: list[Text | Padding] = [
        Text(), Padding(Text("Why these figures", style=STRONG), (0, 0, 0, 2)),
        Padding(Text(
            f"An entry counts its weight, halved every {parameters.half_life_days:g} days; what one day adds"
            f" of the same sign counts {parameters.burst_discount:g} of the one before.", style=GREY), (0, 0, 0, 2)),
    ]  # fmt: skip
    for facet in FACETS:
        opinion = reading.facets[facet]
        n = opinion.r + opinion.s + parameters.prior_weight
        lines.append(Text())
        lines.append(Padding(Text(
            f"{facet}: for {opinion.r:.4f}, against {opinion.s:.4f}, prior {parameters.prior_weight:g}, together {n:.4f}\n"
            f"  seen {opinion.r:.4f} / {n:.4f} = {opinion.b:.4f}   doubt {opinion.s:.4f} / {n:.4f} = {opinion.d:.4f}"
            f"   unknown {parameters.prior_weight:g} / {n:.4f} = {opinion.u:.4f}\n"
            f"  estimate {opinion.b:.4f} + {parameters.base_rate:g} × {opinion.u:.4f} = {opinion.e:.4f}"
        ), (0, 0, 0, 2)))  # fmt: skip
        own = [one for one in reading.evidence if one.atom.facet == facet]
        if own:
            lines.append(Padding(_atoms(own, page), (0, 0, 0, 4)))
    whole = reading.overall
    lines += [Text(), Padding(Text(
        f"overall, the mean of the three: seen {whole.b:.4f}, doubt {whole.d:.4f}, unknown {whole.u:.4f}, estimate {whole.e:.4f}"
    ), (0, 0, 0, 2))]  # fmt: skip
    return lines


def _atoms(own: list[Counted], page: ManagerReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for _ in range(4):
        grid.add_column(no_wrap=True)
    grid.add_column(style=GREY)
    for one in sorted(own, key=lambda one: (one.atom.on, one.atom.entry), reverse=True):
        burst = f", {one.burst:g} of it as that day had more" if one.burst != 1 else ""
        sum_ = f"weight {one.atom.weight:g}, {one.age_days} days old{burst}"
        kind = KINDS[page.kinds[one.atom.entry]].words
        grid.add_row(
            _signed(one), Text(f"#{one.atom.entry}", style=ACCENT), kind, echo_day(one.atom.on), sum_
        )
    return grid


def _signed(one: Counted) -> str:
    return f"{'+' if one.atom.sign == '+' else '−'}{one.counts:.2f}"
