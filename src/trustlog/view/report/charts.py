"""The points of the charts; the templates draw them as inline SVG.

Drawn by hand because no library fits (measured 2026-11): pygal 3.1 writes a script element even with `js=[]`, the
date of its making, its own colours and 144 descriptions into 24 kB a chart, and costs 75 ms; drawsvg, svg.py and
svgwrite (45 to 130 ms) only spell elements, which the templates do already. Ours is 2 kB, takes the page's colours in
light and dark, and stretches to a phone without shrinking its letters.
"""

from datetime import date, timedelta
from typing import NamedTuple

from trustlog.domain.standing.report import ManagerReport


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
    found = []
    for one in page.movers:
        share = 1 - (last - one.atom.on) / span
        found.append(Mark(round(100 * min(1.0, max(0.0, share)), 2), one.atom.sign, one.atom.on))
    return tuple(dict.fromkeys(reversed(found)))
