"""A report as one HTML file: offline, without scripts, in light, dark and print. The templates escape everything."""

import re
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from trustlog.domain.kinds import FACETS
from trustlog.domain.standing.report import Report, ReportWords
from trustlog.domain.text import visible
from trustlog.view.lines import percent
from trustlog.view.report import charts, sentences, tables
from trustlog.view.report.tables import Cell, Table

_PERCENT = re.compile(r"(?<=\d) (?=%)")
LONGEST_NOTE = 600
"""So many characters of a note are shown; the journal has the rest."""


def report(shown: Report, words: ReportWords) -> str:
    """The overview, or one manager's page."""
    asked = shown.asked
    known: dict[str, Any] = {
        "shown": shown, "asked": asked, "words": words, "say": sentences, "percent": percent,
        "paper": lambda cell: tables.paper(cell, asked), "day": lambda on: sentences.day(on, asked),
    }  # fmt: skip
    environment = _environment()
    if not shown.one:
        return environment.get_template("overview.html").render(known, table=tables.overview(shown))
    page = shown.managers[0]
    by_name = {table.name: table for table in tables.page(shown, words)}
    return environment.get_template("page.html").render(
        known,
        page=page,
        facets=[(words.questions[name], page.reading.facets[name], name) for name in FACETS],
        tables=by_name,
        timeline=charts.timeline(page, marks=not asked.share) if "timeline" in by_name else None,
    )


def _environment() -> Environment:
    made = Environment(
        autoescape=True,
        finalize=_safe,
        loader=FunctionLoader(_template),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals["shown_cells"] = _cells
    made.filters |= {"short": _short, "sentence": _sentence}
    return made


def _template(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


def _safe(value: object) -> object:
    """Text without marks that reorder what is read, and no line broken before a percent sign; our markup as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _PERCENT.sub("\N{NO-BREAK SPACE}", visible(value))


def _cells(table: Table, row: tuple[Cell, ...], skip: tuple[str, ...]) -> list[Cell]:
    """The cells of a row, but those of the columns that are left out."""
    return [cell for column, cell in zip(table.columns, row, strict=True) if column not in skip]


def _sentence(text: str) -> str:
    """With a capital; the built-in filter would make small letters of all the rest."""
    return text[:1].upper() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"
