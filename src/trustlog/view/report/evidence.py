"""What stands around one manager's figures, what moved them, and the arithmetic."""

from collections.abc import Sequence
from datetime import date

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trustlog.domain.days import echo_day
from trustlog.domain.entries import FACETS, KINDS, Entry, Facet
from trustlog.domain.promises import Promise
from trustlog.domain.report import ManagerReport, ReportRequest, ReportWords
from trustlog.domain.text import one_line, plural, visible
from trustlog.domain.trust import Counted, Parameters
from trustlog.ui.text import ACCENT, GREY, STRONG, Look
from trustlog.view import promises
from trustlog.view.me import begun, praise
from trustlog.view.report import sentences

Lines = list[Text | Padding]


def around_lines(page: ManagerReport, asked: ReportRequest, look: Look) -> Lines:
    """Every part that has something to tell, each under its heading."""
    return [*_between(page, asked, look), *_agreements(page, asked), *_done(page, asked)]


def _between(page: ManagerReport, asked: ReportRequest, look: Look) -> Lines:
    """What is open both ways and how answers come, always both directions."""
    if not (page.loops or any(side.answered or side.missed for side in (page.them, page.me))):
        return []
    both = (("their answers", page.them), ("your promises", page.me))  # never one alone
    lines = [Text(f"{words}: {sentences.answers(side)}", style=GREY) for words, side in both]
    listed = [_loop(loop, asked) for loop in page.loops]
    if page.loops and not asked.share:
        listed = [Text.from_ansi(promises.open_promises(list(page.loops), asked.at, look, named=False))]
    return [*_head("Between you"), *_in(listed), *_in(lines)]


def _loop(promise: Promise, asked: ReportRequest) -> Text:
    return Text(f"{promises.OWED[promise.owed_by]}  {visible(promise.what)}, {sentences.loop_due(promise, asked)}")


def _agreements(page: ManagerReport, asked: ReportRequest) -> Lines:
    """Each agreement in a line; the roles that have none yet together in one."""
    if page.around is None or not page.around.roles:
        return []
    lines = [
        Text.assemble(visible(role.req.title), (f"  {sentences.of_role(role, asked)}", GREY))
        for role in page.around.roles
        if role.agreement is not None
    ]
    without = [
        f"{visible(role.req.title)}{f' ({age})' if (age := sentences.how_long(role, asked)) else ''}"
        for role in page.around.roles
        if role.agreement is None
    ]
    if without:
        lines.append(Text(f"no kick-off yet: {', '.join(without)}", style=GREY))
    return [*_head("Agreements"), *_in(lines)]


def _done(page: ManagerReport, asked: ReportRequest) -> Lines:
    """Practice, praise, the jar, the last step, conversations; nothing where there is nothing."""
    around = page.around
    if around is None:
        return []
    # praise has a line of its own, by channel
    mix = sentences.practice(around, but=("praise-given",) if around.praise else ())
    lines = [mix] if mix else []
    if around.practice.mine or around.practice.theirs or around.practice.joint:
        lines.append(begun(around.practice))
    if around.praise:
        lines.append(praise(around.praise))
    if around.unthanked and sentences.advises(page, asked):
        lines.append(sentences.unthanked(around))
    if around.step is not None and sentences.advises(page, asked):
        lines.append(sentences.step(around.step, asked))
    lines += [f"conversation, {sentences.talk(talk, asked)}" for talk in around.talks]
    if not lines:
        return []
    return [*_head(f"Since {sentences.day(around.since, asked)}"), *_in([Text(one_line(line)) for line in lines])]


def _head(words: str) -> Lines:
    return [Text(), *_in([Text(words, style=STRONG)], 2)]


def _in(lines: Sequence[Text | Table], indent: int = 4) -> Lines:
    return [Padding(line, (0, 0, 0, indent)) for line in lines]


WIDE = 110
"""From here on an entry's text stands beside it."""
BESIDE = 60
"""So much room its head takes then."""


def moved(page: ManagerReport, asked: ReportRequest, words: ReportWords, look: Look) -> Lines:
    """The entries that weigh most since a day, newest first; with --why what each of them counts."""
    if not page.moved:
        return []
    rows = []
    for atoms in page.by_entry():
        entry, sign = page.told[atoms[0].atom.entry], _SIGN[atoms[0].atom.sign]
        if asked.why:
            rows += [_mover(_signed(each), each.atom.facet, each.atom.on, entry, asked, look) for each in atoms]
        else:
            questions = " ".join(words.questions[each.atom.facet] for each in atoms)
            rows.append(_mover(sign, questions, atoms[0].atom.on, entry, asked, look))
    if rest := page.moved - len(page.by_entry()):
        more = f"and {rest} smaller" + ("" if asked.share else f": trustlog report {page.manager.handle} --why")
        rows.append(Text(more, style=GREY))
    return [*_head(f"What moved it since {sentences.day(page.moved_since, asked)}"), *_in(rows)]


def arithmetic(page: ManagerReport, asked: ReportRequest) -> Lines:
    """Every figure with the entries and the sum that make it."""
    reading, parameters = page.reading, asked.parameters
    rule = (
        f"An entry counts its weight, halved every {parameters.half_life_days:g} days; what one day adds"
        f" of the same sign counts {parameters.burst_discount:g} of the one before."
    )
    lines = [*_head("Why these figures"), *_in([Text(sentences.estimate(page)), Text(rule, style=GREY)], 2)]
    for facet in FACETS:
        lines += [Text(), *_in([Text(_facet_sum(facet, page, parameters))], 2)]
        own = [counted for counted in reading.evidence if counted.atom.facet == facet]
        lines += _in([_atoms(own, page)]) if own else []
    whole = reading.overall
    mean = f"seen {whole.b:.4f}, doubt {whole.d:.4f}, unknown {whole.u:.4f}, estimate {whole.e:.4f}"
    return [*lines, Text(), *_in([Text(f"overall, the mean of the three: {mean}")], 2)]


def _facet_sum(facet: Facet, page: ManagerReport, parameters: Parameters) -> str:
    opinion, prior = page.reading.facets[facet], parameters.prior_weight
    n = opinion.r + opinion.s + prior
    return (
        f"{facet}: for {opinion.r:.4f}, against {opinion.s:.4f}, prior {prior:g}, together {n:.4f}\n"
        f"  seen     {opinion.r:.4f} / {n:.4f} = {opinion.b:.4f}\n"
        f"  doubt    {opinion.s:.4f} / {n:.4f} = {opinion.d:.4f}\n"
        f"  unknown  {prior:.4f} / {n:.4f} = {opinion.u:.4f}\n"
        f"  estimate {opinion.b:.4f} + {parameters.base_rate:g} × {opinion.u:.4f} = {opinion.e:.4f}"
    )


def _atoms(own: list[Counted], page: ManagerReport) -> Table:
    grid = Table.grid(padding=(0, 2))
    for _ in range(4):
        grid.add_column(no_wrap=True)
    grid.add_column(style=GREY)
    for counted in sorted(own, key=lambda counted: (counted.atom.on, counted.atom.entry), reverse=True):
        burst = f" × {counted.burst:.2g} (that day had more)" if counted.burst != 1 else ""
        sum_ = f"{counted.atom.weight:g}{burst}, {plural(counted.age_days, 'day')} old"
        kind = KINDS[page.kinds[counted.atom.entry]].words
        grid.add_row(
            _signed(counted), Text(f"#{counted.atom.entry}", style=ACCENT), kind, echo_day(counted.atom.on), sum_
        )
    return grid


def _mover(counts: str, about: str, on: date, entry: Entry, asked: ReportRequest, look: Look) -> Text:
    """How an entry counts and for what, with its text under it or beside it."""
    day = sentences.day(on, asked).removesuffix(f" {asked.as_of.year}")
    text = one_line(entry.text)
    head = f"{KINDS[entry.kind].words} · {day} · {about}"
    # beside it only where it is whole there
    wide = look.width >= WIDE and len(head) <= BESIDE and len(text) <= look.width - BESIDE - 24
    number = "" if asked.share else f"#{entry.id}"  # a shared page tells of no entry which one it is
    line = Text.assemble(counts, "  ", (number, ACCENT), "  " if number else "", head.ljust(BESIDE) if wide else head)
    if text:
        indent = len(counts) + 2
        line.append("  " if wide else f"\n{' ' * indent}")
        room = len(text) if wide else look.width - indent - 7
        line.append(f"“{text if len(text) <= room else text[: room - 1] + '…'}”", style=GREY)
    return line


_SIGN = {"+": "+", "-": "−"}


def _signed(counted: Counted) -> str:
    return f"{_SIGN[counted.atom.sign]}{counted.counts:.2f}"
