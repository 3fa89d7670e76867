"""A report as CSV: one row a manager, or on one manager's page one row a figure.

Figures are full doubles; those of a shared one have two decimals.
"""

import csv
import io
from datetime import date
from itertools import zip_longest

from trustlog.domain.report import Asked, Report, ReportWords
from trustlog.domain.text import visible
from trustlog.formats.csv_file import neutralised
from trustlog.view.report import tables
from trustlog.view.report.tables import Cell, Figure, Share


def report(shown: Report, words: ReportWords) -> str:
    """The overview as it stands; a page as `name,part,about,figure,value`, whatever its tables are."""
    if not shown.one:
        table = tables.overview(shown)
        return _written([table.columns, *table.rows], shown.asked)
    name = shown.managers[0].manager.name
    rows: list[tuple[Cell, ...]] = [("name", "part", "about", "figure", "value")]
    for table in tables.page(shown, words):
        for row in table.rows:
            rows += [(name, table.name, row[0], *pair) for pair in zip_longest(table.columns[1:], row[1:])]
    return _written(rows, shown.asked)


def _written(rows: list[tuple[Cell, ...]], asked: Asked) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerows([_cell(cell, asked) for cell in row] for row in rows)
    return made.getvalue()


def _cell(cell: Cell, asked: Asked) -> str | int | float:
    if isinstance(cell, Share | Figure):
        return cell.value
    if isinstance(cell, date):
        return f"{cell:%Y-%m}" if asked.share else cell.isoformat()
    return neutralised(visible(cell)) if isinstance(cell, str) else "" if cell is None else cell
