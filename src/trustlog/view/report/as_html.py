"""A report as one HTML file: offline, without scripts, in light, dark and print."""

import re
from datetime import date, timedelta
from importlib import resources
from typing import Any, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from trustlog.domain import week
from trustlog.domain.days import echo_day
from trustlog.domain.entries import FACETS
from trustlog.domain.praise import WinsWords
from trustlog.domain.report import ManagerReport, Report, ReportWords
from trustlog.domain.text import capitalized, visible
from trustlog.domain.week import Story
from trustlog.view import praise
from trustlog.view.entries import percent
from trustlog.view.report import sentences, tables
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
        return environment.get_template("overview.html").render(known, table=tables.overview_tables(shown))
    page = shown.managers[0]
    by_name = {table.name: table for table in tables.page_tables(shown, words)}
    return environment.get_template("page.html").render(
        known,
        page=page,
        facets=[(words.questions[name], page.reading.facets[name], name) for name in FACETS],
        tables=by_name,
        timeline=timeline(page, marks=not asked.share) if "timeline" in by_name else None,
    )


def story(shown: Story, words: WinsWords) -> str:
    """The story of a year or a month."""
    wins = [
        (words.headings[name], praise.sentences(counted, words))
        for name, counted in (
            ("mine", shown.wins.mine),
            ("theirs", shown.wins.theirs),
            ("together", shown.wins.together),
        )
        if counted
    ]
    firsts = [
        (milestone.on, praise.milestone(words, milestone.milestone, milestone.manager_name))
        for milestone in shown.wins.milestones
    ]
    return _environment().get_template("year.html").render(
        shown=shown, words=words, wins=wins, firsts=firsts, day=echo_day, read=date.fromisoformat,
        sentence=week.acts_sentence(shown), shade=week.shade, days=week.day_names(), shades=week.shade_words(),
        least=week.SHADES, columns=max((len(row.cells) for row in shown.rows), default=0),
    )  # fmt: skip


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
    made.filters |= {"short": _short, "sentence": capitalized}
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


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


class Mark(NamedTuple):
    """An entry on the line of time, at so many hundredths from its beginning."""

    at: float
    sign: str
    on: date


class Timeline(NamedTuple):
    """Areas that stand on each other, as points of a square of 100 whose y goes down, and what happened when.

    `clip` is the area of doubt once more, in percent: a pattern would be stretched with the square.
    """

    seen: str
    doubt: str
    clip: str
    first: date
    last: date
    marks: tuple[Mark, ...]


def timeline(page: ManagerReport, *, marks: bool) -> Timeline:
    """How seen and doubt went over the weeks of a page; all above them is unknown."""
    steps = max(1, len(page.weeks) - 1)
    at = [100 * number / steps for number in range(len(page.weeks))]
    seen = [100 * (1 - opinion.b) for _, opinion in page.weeks]
    doubt = [100 * (1 - opinion.b - opinion.d) for _, opinion in page.weeks]
    floor = [100.0] * len(at)
    first, last = page.weeks[0][0], page.weeks[-1][0]
    unsure = _area(at, doubt, seen)
    clip = ", ".join(f"{x}% {y}%" for x, y in (point.split(",") for point in unsure.split()))
    return Timeline(_area(at, seen, floor), unsure, clip, first, last, _marks(page) if marks else ())


def _area(at: list[float], top: list[float], bottom: list[float]) -> str:
    there = zip(at, top, strict=True)
    back = reversed(list(zip(at, bottom, strict=True)))
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in (*there, *back))


def _marks(page: ManagerReport) -> tuple[Mark, ...]:
    last = page.weeks[-1][0]
    span = timedelta(weeks=max(1, (len(page.weeks) - 1) * page.every))
    marks = []
    for mover in page.movers:
        share = 1 - (last - mover.atom.on) / span
        marks.append(Mark(round(100 * min(1.0, max(0.0, share)), 2), mover.atom.sign, mover.atom.on))
    return tuple(dict.fromkeys(reversed(marks)))
