"""A report as Markdown, to be pasted into a page of one's own. Nothing that a person wrote is markup."""

import re
from datetime import date

from trustlog.domain.report import Asked, Report, ReportWords
from trustlog.domain.text import one_line
from trustlog.view.report import sentences, tables
from trustlog.view.report.tables import Table

# what is markup anywhere; at the beginning of a line; and what some readers make links, faces and people of
_MARKUP = re.compile(r"[\\`*_\[\]#|~$@]|^[-+=]|^\d+(?=[.)])|:(?=//|\w+:)")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def report(shown: Report, words: ReportWords) -> str:
    """The overview, or one manager's page."""
    day = sentences.day(shown.asked.as_of, shown.asked)
    if not shown.one:
        lines = ["# Where things stand", "", f"As of {day}", "", *_table(tables.overview(shown), shown.asked)]
        return "\n".join([*lines, "", f"_{escaped(words.reminder)}_", ""])
    page = shown.managers[0]
    team = f" ({escaped(page.manager.team)})" if page.manager.team else ""
    lines = [f"# {escaped(page.manager.name)}{team}", "", f"As of {day}", ""]
    label = page.reading.label
    lines += [f"**{label}**, {escaped(sentences.unknown(page))}", "", escaped(words.labels[label]), ""]
    lines += [f"{escaped(sentences.estimate(page))}", ""]
    for table in tables.page(shown, words):
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
        *(_row([tables.paper(cell, asked) for cell in row]) for row in table.rows),
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
