"""A report as tables of plain cells, and as Markdown: every document prints the same ones."""

import re
from datetime import date
from typing import NamedTuple

from trustlog.domain.entries import FACETS, KINDS
from trustlog.domain.report import ManagerReport, Report, ReportRequest, ReportWords
from trustlog.domain.text import one_line
from trustlog.domain.trust import Counted, FacetOpinion, Opinion
from trustlog.view import promises
from trustlog.view.entries import percent
from trustlog.view.report import sentences


class Share(NamedTuple):
    """A part of a whole, as a percentage."""

    value: float


class Figure(NamedTuple):
    """A number with two decimals; `signed` shows a plus too."""

    value: float
    signed: bool = False


SPEAKS = {"+": "for", "-": "against"}
"""What an entry does, by the sign of its kind."""
Cell = str | int | date | Share | Figure | None


class Table(NamedTuple):
    """Rows under named columns; the first cell of a row says what it is about."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def overview_tables(shown: Report) -> Table:
    """Everybody by name: seen, doubt and unknown, the way it goes, who was heard from, and open loops."""
    columns = (
        "name", "seen", "doubt", "unknown", "the way it goes", "last contact", "heard from", "you owe",
        "you owe, late", "they owe", "they owe, late",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for page in shown.managers:
        owed: list[Cell] = []
        for side in promises.OWED:
            own = [loop for loop in page.loops if loop.owed_by == side]
            owed += [len(own), sum(loop.overdue(shown.asked.at) for loop in own)]
        heard = sentences.contact(page, shown.asked) if page.lead != "label" or page.silent else None
        rows.append((
            page.manager.name, *_shares(page.reading.overall), sentences.way(page, shown.asked),
            page.reading.last_contact, heard, *owed,
        ))  # fmt: skip
    return Table("overview", "Everybody, by name", columns, rows)


def _shares(opinion: Opinion | FacetOpinion) -> tuple[Share, Share, Share]:
    return Share(opinion.b), Share(opinion.d), Share(opinion.u)


def page_tables(shown: Report, words: ReportWords) -> list[Table]:
    """Everything about one manager, tables without a row left out."""
    page = shown.managers[0]
    tables = [_questions(page, words), _timeline(page), _moved(page, shown, words)]
    tables += [_loops(page, shown), _answers(page), *_around(page, shown)]
    if shown.asked.why:
        tables.append(_evidence(page))
    return [table for table in tables if table.rows]


def _questions(page: ManagerReport, words: ReportWords) -> Table:
    facets = page.reading.facets
    rows: list[tuple[Cell, ...]] = [(words.questions[name], *_shares(facets[name])) for name in FACETS]
    rows.append(("all three together", *_shares(page.reading.overall)))
    return Table("questions", "The three questions", ("question", "seen", "doubt", "unknown"), rows)


def _timeline(page: ManagerReport) -> Table:
    rows: list[tuple[Cell, ...]] = [(day, Share(whole.b), Share(whole.d), Share(whole.u)) for day, whole in page.weeks]
    known = any(whole.u < 1 for _, whole in page.weeks)
    return Table("timeline", "Over time", ("day", "seen", "doubt", "unknown"), rows if known else [])


def _moved(page: ManagerReport, shown: Report, words: ReportWords) -> Table:
    """The entries that moved the picture: what they speak for or against, and with --why what each of them counts."""
    title = f"What moved it since {sentences.day(page.moved_since, shown.asked)}"
    rows: list[tuple[Cell, ...]] = []
    for atoms in page.by_entry():
        atom, entry = atoms[0].atom, page.told[atoms[0].atom.entry]
        head: tuple[Cell, ...] = (_number(entry.id, shown), atom.on, KINDS[entry.kind].words)
        if shown.asked.why:
            rows += [(*head, each.atom.facet, _counts(each), entry.text) for each in atoms]
        else:
            asked = " ".join(words.questions[each.atom.facet] for each in atoms)
            rows.append((*head, SPEAKS[atom.sign], asked, entry.text))
    columns = ("entry", "day", "kind", "quality", "counts", "note")
    plain = ("entry", "day", "kind", "speaks", "question", "note")
    return Table("moved", title, columns if shown.asked.why else plain, rows)


def _counts(counted: Counted) -> Figure:
    return Figure(counted.counts if counted.atom.sign == "+" else -counted.counts, signed=True)


def _number(number: int, shown: Report) -> str:
    """An id as one types it; on a shared page it only counts the rows."""
    return str(number) if shown.asked.share else f"#{number}"


def _evidence(page: ManagerReport) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in page.reading.evidence:
        atom = each.atom
        kind = KINDS[page.kinds[atom.entry]].words
        rows.append((f"#{atom.entry}", atom.on, kind, atom.facet, Figure(atom.weight), each.age_days, _counts(each)))
    columns = ("entry", "day", "kind", "quality", "weight", "days old", "counts")
    return Table("evidence", "Why these figures", columns, rows)


def _loops(page: ManagerReport, shown: Report) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_number(each.id, shown), promises.OWED[each.owed_by], each.what, each.due_at.date() if each.due_at else None,
         sentences.loop_due(each, shown.asked))
        for each in page.loops
    ]  # fmt: skip
    return Table("loops", "Open between you", ("loop", "who", "what", "due", "stands"), rows)


def _answers(page: ManagerReport) -> Table:
    both = (("their answers", page.them), ("your promises", page.me))
    rows: list[tuple[Cell, ...]] = [
        (name, side.answered, sentences.half_within(side), side.missed, side.open, side.overdue)
        for name, side in both
        if any(side.answered or side.open or side.missed for _, side in both)
    ]
    columns = ("what", "closed", "half within", "missed", "open", "overdue")
    return Table("answers", "How answers come", columns, rows)


def _around(page: ManagerReport, shown: Report) -> list[Table]:
    asked, around = shown.asked, page.around
    if around is None:
        return []
    done = around.practice
    used = [(name.replace("-", " "), count) for name, count in sorted(done.used.items(), key=lambda each: -each[1])]
    begun = [("begun by you", done.mine), ("begun by them", done.theirs), ("together", done.joint)]
    since = sentences.day(around.since, asked)
    beside: list[tuple[Cell, ...]] = []
    advised = sentences.advises(page, asked)
    if around.unthanked and advised:
        beside.append(("seen and not yet thanked", around.unthanked))
    if around.step is not None and advised:
        beside.append(("last small step", sentences.step(around.step, asked)))
    return [
        Table("roles", "Agreements", ("role", "stands"), [
            (each.req.title, sentences.of_role(each, asked)) for each in around.roles]),
        Table("practice", "What you did", ("what", "times"), list(used)),
        Table("contacts", "Who began", ("who", "times"), list(begun) if sum(
            count for _, count in begun) else []),
        Table("praise", "Praise you gave", ("channel", "times"), [
            (channel or "no channel named", count) for channel, count in around.praise.items()]),
        Table("beside", "Also", ("what", "value"), beside),
        Table("conversations", f"Conversations since {since}", ("day", "came to", "about", "points"), [
            (each.on, each.state, each.about, sentences.points(each)) for each in around.talks]),
    ]  # fmt: skip


def paper(cell: Cell, asked: ReportRequest) -> str:
    """A cell as people read it."""
    if isinstance(cell, Share):
        return percent(cell.value)
    if isinstance(cell, Figure):
        return f"{cell.value:+.2f}".replace("-", "−") if cell.signed else f"{cell.value:.2f}"
    if isinstance(cell, date):
        return sentences.day(cell, asked)
    return "" if cell is None else str(cell)


# what is markup anywhere; at the beginning of a line; and what some readers make links, faces and people of
_MARKUP = re.compile(r"[\\`*_\[\]#|~$@]|^[-+=]|^\d+(?=[.)])|:(?=//|\w+:)")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown_report(shown: Report, words: ReportWords) -> str:
    """The overview, or one manager's page."""
    day = sentences.day(shown.asked.as_of, shown.asked)
    if not shown.one:
        lines = ["# Where things stand", "", f"As of {day}", "", *_table(overview_tables(shown), shown.asked)]
        return "\n".join([*lines, "", f"_{escaped(words.reminder)}_", ""])
    return _markdown_page(shown.managers[0], shown, words)


def _markdown_page(page: ManagerReport, shown: Report, words: ReportWords) -> str:
    asked, whole = shown.asked, page.reading.overall
    team = f" ({escaped(page.manager.team)})" if page.manager.team else ""
    lines = [f"# {escaped(page.manager.name)}{team}", "", f"As of {sentences.day(asked.as_of, asked)}", ""]
    advised = sentences.advises(page, asked)
    heading = f"**{sentences.heading(page)}**: {', '.join(sentences.facet(whole).split('   '))}"
    opening = (
        *page.stands_first.splitlines(), sentences.month(page, asked), heading, sentences.way(page, asked, headed=True),
        sentences.standing(page, words, asked), sentences.contact(page, asked),
        sentences.early(page) if advised and page.lead == "label" and whole.too_early else "",
    )  # fmt: skip
    for sentence in filter(None, opening):
        lines += [sentence if sentence is heading else escaped(sentence), ""]
    for table in page_tables(shown, words):
        lines += [f"## {escaped(table.title)}", "", *_table(table, asked), ""]
        if table.name == "questions" and advised:
            least = page.reading.least_known
            helps = sentences.helps(page, words, asked)
            lines += [f"Least known: {escaped(words.questions[least])}", "", *([escaped(helps), ""] if helps else [])]
        if table.name == "evidence":
            lines += [escaped(sentences.estimate(page)), ""]
    lines += [f"_{escaped(words.reminder)}_", ""]
    return "\n".join(lines)


def _table(table: Table, asked: ReportRequest) -> list[str]:
    numbers = [all(not isinstance(row[at], str | date) for row in table.rows) for at in range(len(table.columns))]
    return [
        _row(table.columns),
        _row(["---:" if right else "---" for right in numbers], plain=True),
        *(_row([paper(cell, asked) for cell in row]) for row in table.rows),
    ]


def _row(cells: list[str] | tuple[str, ...], *, plain: bool = False) -> str:
    return f"| {' | '.join(cell if plain else escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """A text on one line in which nothing is markup, HTML or a link."""
    safe = _MARKUP.sub(_marked, one_line(text).translate(_HTML))
    return re.sub(r"(?i)\bwww\b", "ww&#119;", safe)


def _marked(hit: re.Match[str]) -> str:
    """A number is marked behind itself: `1\\.` is no list."""
    return f"{hit[0]}\\" if hit[0].isdigit() else f"\\{hit[0]}"
