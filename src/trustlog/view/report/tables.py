"""A report as tables of plain cells, and as Markdown: every document prints the same ones."""

import re
from datetime import date
from typing import NamedTuple

from trustlog.domain.entries import FACETS, KINDS
from trustlog.domain.report import Asked, ManagerReport, Report, ReportWords
from trustlog.domain.text import one_line
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


Cell = str | int | date | Share | Figure | None


class Table(NamedTuple):
    """Rows under named columns; the first cell of a row says what it is about."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def overview_tables(shown: Report) -> Table:
    """Everybody by name: unknown, last contact and open loops only."""
    columns = ("name", "unknown", "last contact", "you owe", "you owe, late", "they owe", "they owe, late")
    rows: list[tuple[Cell, ...]] = []
    for page in shown.managers:
        owed: list[Cell] = []
        for side in promises.OWED:
            own = [loop for loop in page.loops if loop.owed_by == side]
            owed += [len(own), sum(one.overdue(shown.asked.at) for one in own)]
        rows.append((page.manager.name, Share(page.reading.overall.u), page.reading.last_contact, *owed))
    return Table("overview", "Everybody, by name", columns, rows)


def page_tables(shown: Report, words: ReportWords) -> list[Table]:
    """Everything about one manager, tables without a row left out."""
    one = shown.managers[0]
    tables = [_summary(one), _qualities(one, words), _timeline(one), _moved(one, shown)]
    tables += [_loops(one, shown), _answers(one), *_around(one, shown)]
    if shown.asked.why:
        tables.append(_evidence(one))
    return [table for table in tables if table.rows]


def _summary(page: ManagerReport) -> Table:
    reading, whole = page.reading, page.reading.overall
    rows: list[tuple[Cell, ...]] = [("label", reading.label), ("unknown", Share(whole.u))]
    if not reading.blank:
        rows.append(("unknown four weeks ago", Share(whole.u - reading.trend.u)))
    if not whole.too_early:
        rows += [("so far", Figure(whole.e)), ("at least", Figure(whole.b)), ("at most", Figure(1 - whole.d))]
    rows += [("last contact", reading.last_contact), ("entries", page.entries)]
    return Table("summary", "In short", ("what", "value"), rows)


def _qualities(page: ManagerReport, words: ReportWords) -> Table:
    facets = page.reading.facets
    rows: list[tuple[Cell, ...]] = [
        (words.questions[name], Share(facets[name].b), Share(facets[name].d), Share(facets[name].u)) for name in FACETS
    ]
    whole = page.reading.overall
    rows.append(("all three together", Share(whole.b), Share(whole.d), Share(whole.u)))
    return Table("qualities", "The three qualities", ("question", "seen", "doubt", "unknown"), rows)


def _timeline(page: ManagerReport) -> Table:
    rows: list[tuple[Cell, ...]] = [(day, Share(whole.b), Share(whole.d), Share(whole.u)) for day, whole in page.weeks]
    known = any(whole.u < 1 for _, whole in page.weeks)
    return Table("timeline", "Over time", ("day", "seen", "doubt", "unknown"), rows if known else [])


def _moved(page: ManagerReport, shown: Report) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in page.movers:
        entry = page.told[each.atom.entry]
        counts = Figure(each.counts if each.atom.sign == "+" else -each.counts, signed=True)
        rows.append(
            (_number(entry.id, shown), each.atom.on, KINDS[entry.kind].words, each.atom.facet, counts, entry.text)
        )
    since = sentences.day(page.moved_since, shown.asked)
    columns = ("entry", "day", "kind", "quality", "counts", "note")
    return Table("moved", f"What moved it since {since}", columns, rows)


def _number(number: int, shown: Report) -> str:
    """An id as one types it; on a shared page it only counts the rows."""
    return str(number) if shown.asked.share else f"#{number}"


def _evidence(page: ManagerReport) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in page.reading.evidence:
        atom = each.atom
        counts = Figure(each.counts if atom.sign == "+" else -each.counts, signed=True)
        kind = KINDS[page.kinds[atom.entry]].words
        rows.append((f"#{atom.entry}", atom.on, kind, atom.facet, Figure(atom.weight), each.age_days, counts))
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
        (name, side.answered, Figure(side.median_response_hours) if side.median_response_hours is not None else None,
         side.missed, side.open, side.overdue)
        for name, side in both if any(told.answered or told.open or told.missed for _, told in both)
    ]  # fmt: skip
    columns = ("what", "closed", "half within, hours", "missed", "open", "overdue")
    return Table("answers", "How answers come", columns, rows)


def _around(page: ManagerReport, shown: Report) -> list[Table]:
    asked, around = shown.asked, page.around
    if around is None:
        return []
    done = around.practice
    used = [(name.replace("-", " "), count) for name, count in sorted(done.used.items(), key=lambda each: -each[1])]
    begun = [("begun by you", done.mine), ("begun by them", done.theirs), ("together", done.joint)]
    since = sentences.day(around.since, asked)
    step = around.step
    beside: list[tuple[Cell, ...]] = [("seen and not yet thanked", around.unthanked)] if around.unthanked else []
    if step is not None:
        beside.append(("last small step", sentences.step(step, asked)))
    return [
        Table("roles", "Agreements", ("role", "stands"), [
            (each.req.title, sentences.role(each, asked)) for each in around.roles]),
        Table("practice", "What you did", ("what", "times"), list(used)),
        Table("contacts", "Who began", ("who", "times"), list(begun) if sum(
            count for _, count in begun) else []),
        Table("praise", "Praise you gave", ("channel", "times"), [
            (channel or "no channel named", count) for channel, count in around.praise.items()]),
        Table("beside", "Also", ("what", "value"), beside),
        Table("conversations", f"Conversations since {since}", ("day", "came to", "about", "points"), [
            (each.on, each.state, each.about, sentences.points(each)) for each in around.talks]),
    ]  # fmt: skip


def paper(cell: Cell, asked: Asked) -> str:
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
    page = shown.managers[0]
    team = f" ({escaped(page.manager.team)})" if page.manager.team else ""
    lines = [f"# {escaped(page.manager.name)}{team}", "", f"As of {day}", ""]
    label = page.reading.label
    lines += [f"**{label}**, {escaped(sentences.unknown(page))}", "", escaped(words.labels[label]), ""]
    lines += [f"{escaped(sentences.estimate(page))}", ""]
    for table in page_tables(shown, words):
        if table.name != "summary":  # said above, in sentences
            lines += [f"## {escaped(table.title)}", "", *_table(table, shown.asked), ""]
        if table.name == "qualities":
            lines += [f"Least known: {escaped(words.questions[page.reading.least_known])}", ""]
            lines += [escaped(words.helps[page.reading.least_known]), ""]
    lines += [escaped(sentences.contact(page, shown.asked)), "", f"_{escaped(words.reminder)}_", ""]
    return "\n".join(lines)


def _table(table: Table, asked: Asked) -> list[str]:
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
