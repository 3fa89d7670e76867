"""What works: how often something of theirs followed a small step, beside days without one."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import sqrt
from typing import NamedTuple

from trustlog.domain.days import day_after, works
from trustlog.domain.me import NEEDED

WINDOW = 5
"""Working days in which what came from them still follows a step."""
LEVEL = 0.95
"""The confidence of an interval, as a share of 1."""


class TriedStep(NamedTuple):
    """A small step that was done with a manager."""

    manager: int
    step: str
    at: datetime
    on: date


class KnownTime(NamedTuple):
    """What is known of one manager: from and to which day, and when something good came from them, in order."""

    manager: int
    first: date
    last: date
    theirs: Sequence[tuple[date, datetime]]


class Worked(NamedTuple):
    """What followed a step: of `n` times, with the interval of the share at LEVEL. `better` than a day without."""

    id: str
    n: int
    followed: int
    low: float
    high: float
    better: bool


class Works(NamedTuple):
    """The steps that were done often enough, and the days on which none was done."""

    steps: tuple[Worked, ...]
    n: int
    followed: int


def wilson(followed: float, n: float, z: float) -> tuple[float, float]:
    """The score interval of a share, for a number of standard deviations.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22(158), 209-212.
    """
    share, spread = followed / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def what_works(steps: Iterable[TriedStep], pasts: Mapping[int, KnownTime], today: date, *, working_week: bool) -> Works:
    """For each step that was done NEEDED times, how often something of theirs followed within WINDOW working days.

    Beside it stand the working days without a step, with the managers with whom one was done. Only windows that are
    over count, and only while something was still written about the manager.
    """
    done: dict[int, list[TriedStep]] = {}
    for step in sorted(steps, key=lambda step: step.at):
        done.setdefault(step.manager, []).append(step)
    after: dict[str, _Cases] = {}
    without = _Cases()
    for past, taken in ((pasts[manager], taken) for manager, taken in done.items() if manager in pasts):
        for step in taken:
            end = day_after(step.on, WINDOW, working_week=working_week)
            if end < today:
                after.setdefault(step.step, _Cases()).add(past, step.on, step.at, end)
        busy = {step.on for step in taken}
        last = min(past.last, today - timedelta(days=1))
        for day in (past.first + timedelta(days=number) for number in range((last - past.first).days + 1)):
            end = day_after(day, WINDOW, working_week=working_week)
            if end < today and day not in busy and works(day, working_week=working_week):
                without.add(past, day, None, end)
    often = {step: cases for step, cases in sorted(after.items()) if cases.n >= NEEDED}
    worked = tuple(_worked(step, cases, without, len(often)) for step, cases in often.items())
    return Works(worked, without.n, without.followed)


class _Cases:
    """Days that were looked at, how many something followed, and how many share no day of their windows."""

    def __init__(self) -> None:
        self.n = self.followed = self.apart = 0
        self._reaches: dict[int, date] = {}

    def add(self, past: KnownTime, on: date, at: datetime | None, end: date) -> None:
        """One more day with a manager, whose window ends with `end`."""
        self.n += 1
        self.followed += _followed(past, on, at, end)
        if on > self._reaches.get(past.manager, date.min):
            self.apart += 1
            self._reaches[past.manager] = end


def _followed(past: KnownTime, on: date, at: datetime | None, end: date) -> bool:
    """Whether something came later that day or by the end; of a day without a step the whole day counts."""
    for day, moment in past.theirs[bisect_left(past.theirs, on, key=lambda heard: heard[0]) :]:
        if day > end:
            return False
        if day > on or at is None or moment > at:
            return True
    return False


def _worked(step: str, cases: _Cases, without: _Cases, steps: int) -> Worked:
    from statistics import NormalDist  # 5 ms, only where a figure is told

    low, high = wilson(cases.followed, cases.n, NormalDist().inv_cdf((1 + LEVEL) / 2))
    # one of many steps looks good by chance: the more are compared, the more each has to show (Bonferroni)
    strict = NormalDist().inv_cdf(1 - (1 - LEVEL) / (2 * steps))
    return Worked(step, cases.n, cases.followed, low, high, _better(cases, without, strict))


def _better(cases: _Cases, without: _Cases, z: float) -> bool:
    """Whether the share after a step lies above the one without, with all that chance may do.

    Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine
    17(8), 873-890, method 10. Windows that overlap tell the same thing twice, so as many count as do not.
    """
    if not without.n:
        return False
    share, base = cases.followed / cases.n, without.followed / without.n
    low, _ = wilson(share * cases.apart, cases.apart, z)
    _, high = wilson(base * without.apart, without.apart, z)
    return share - base > sqrt((share - low) ** 2 + (high - base) ** 2)
