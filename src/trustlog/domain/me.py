"""What one may learn from one's own log, about oneself alone: forecasts, what works, patterns."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import fsum, sqrt
from typing import NamedTuple

from trustlog.domain.conversations import Conversation
from trustlog.domain.days import day_after, works
from trustlog.domain.entries import KINDS

NEEDED = 5
"""Under so many cases no figure is told."""
IN_WORDS = 10
"""From so many cases on a figure is also told in words."""
ANSWERS = tuple(kind.name for kind in KINDS.values() if kind.who == "theirs" and kind.sign == "+")
"""The kinds that are an answer: something good that came from them."""
FRIDAY = 4


class Forecast(NamedTuple):
    """How sure one was of an answer in time, 0 to 100 %, and whether it came."""

    sure: int
    right: bool


class Asked(NamedTuple):
    """A request with a forecast: until which moment an answer counts (None: whenever), how the loop was closed and
    when."""

    sure: int
    due_at: datetime | None
    outcome: str | None
    settled_at: datetime | None


class Band(NamedTuple):
    """The forecasts near one share: how many there are, and of how many the answer came in time."""

    sure: int
    n: int
    right: int


class Forecasts(NamedTuple):
    """The forecasts that time has settled.

    `brier` is their score and `base` that of always saying one's own share, 0 best and 1 worst; `lean` is how much
    surer one was than it came out, in shares of 1. `feelings` counts the talks and `feeling_error` is the mean of
    forecast minus what it was, in steps of the mood from -2 to 2. All figures are None under NEEDED cases.
    """

    n: int
    brier: float | None
    base: float | None
    lean: float | None
    bands: tuple[Band, ...]
    feelings: int
    feeling_error: float | None


def brier(forecasts: Sequence[tuple[float, bool]]) -> float:
    """The mean squared distance of what was said, 0 to 1, from what came.

    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1-3;
    the form for two outcomes, which runs from 0 to 1.
    """
    return fsum((said - came) ** 2 for said, came in forecasts) / len(forecasts)


def forecasts(settled: Sequence[Forecast], feelings: Sequence[tuple[int, int]]) -> Forecasts:
    """The figures of settled forecasts, and of feelings as (forecast, what it was)."""
    said = [(one.sure / 100, one.right) for one in settled]
    base = lean = score = None
    bands: tuple[Band, ...] = ()
    if len(said) >= NEEDED:
        share = sum(right for _, right in said) / len(said)
        score, base = brier(said), brier([(share, right) for _, right in said])
        lean = fsum(sure for sure, _ in said) / len(said) - share
        bands = tuple(_band(near, settled) for near in sorted({_near(one.sure) for one in settled}))
    enough = len(feelings) >= NEEDED
    error = fsum(told - felt for told, felt in feelings) / len(feelings) if enough else None
    return Forecasts(len(said), score, base, lean, bands, len(feelings), error)


def _near(sure: int) -> int:
    """The nearest step of ten; the half goes up."""
    return (sure + 5) // 10 * 10


def _band(near: int, settled: Sequence[Forecast]) -> Band:
    rights = [one.right for one in settled if _near(one.sure) == near]
    return Band(near, len(rights), sum(rights))


def resolved(asked: Asked, at: datetime) -> Forecast | None:
    """What became of a request's forecast by a moment; None while it is open, and for what was withdrawn in time.

    The first time that was given counts: a forecast is not moved with its loop.
    """
    late = asked.due_at is not None and (asked.settled_at or at) > asked.due_at
    if asked.outcome in ("kept", "late"):
        return Forecast(asked.sure, not late)
    if late or asked.outcome == "missed":
        return Forecast(asked.sure, right=False)
    return None


def answer_day(talk: date) -> date:
    """The Friday after the day of a talk, by which an answer is forecast."""
    return talk + timedelta(days=(FRIDAY - talk.weekday() - 1) % 7 + 1)


def of_talk(talk: Conversation, answers: Sequence[date], today: date) -> Forecast | None:
    """What became of the forecast of an answer at a preparation; `answers` are the days on which they gave one."""
    prep = talk.sitting("prep")
    sure = talk.answers("prep").get("answer_sure")
    if prep is None or not prep.finished or sure is None:
        return None
    until = answer_day(talk_day(talk, prep.on))
    debrief = talk.sitting("debrief")
    told = debrief is not None and debrief.on <= until and bool(debrief.answers.get("answer_came"))
    if told or any(prep.on <= day <= until for day in answers):
        return Forecast(sure, right=True)
    return Forecast(sure, right=False) if today > until else None


def talk_day(talk: Conversation, prepared: date) -> date:
    """The day for which a talk is planned, else the one on which it was prepared."""
    return talk.planned_for.astimezone().date() if talk.planned_for else prepared


def feelings(talks: Iterable[Conversation]) -> list[tuple[int, int]]:
    """How each talk was expected to leave one, and how it did."""
    both = ((talk.answers("prep").get("feeling_expected"), talk.answers("debrief").get("mood_after")) for talk in talks)
    return [(told, felt) for told, felt in both if told is not None and felt is not None]


WINDOW = 5
"""Working days in which what came from them still follows a step."""
LEVEL = 0.95


class Step(NamedTuple):
    """A small step that was done with a manager."""

    manager: int
    step: str
    at: datetime
    on: date


class Past(NamedTuple):
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


def what_works(steps: Iterable[Step], pasts: Mapping[int, Past], today: date, *, working_week: bool) -> Works:
    """For each step that was done NEEDED times, how often something of theirs followed within WINDOW working days.

    Beside it stand the working days without a step, with the managers with whom one was done. Only windows that are
    over count, and only while something was still written about the manager.
    """
    done: dict[int, list[Step]] = {}
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
    told = tuple(_worked(step, cases, without, len(often)) for step, cases in often.items())
    return Works(told, without.n, without.followed)


class _Cases:
    """Days that were looked at, how many something followed, and how many share no day of their windows."""

    def __init__(self) -> None:
        self.n = self.followed = self.apart = 0
        self._reaches: dict[int, date] = {}

    def add(self, past: Past, on: date, at: datetime | None, end: date) -> None:
        """One more day with a manager, whose window ends with `end`."""
        self.n += 1
        self.followed += _followed(past, on, at, end)
        if on > self._reaches.get(past.manager, date.min):
            self.apart += 1
            self._reaches[past.manager] = end


def _followed(past: Past, on: date, at: datetime | None, end: date) -> bool:
    """Whether something came later that day or by the end; of a day without a step the whole day counts."""
    for day, moment in past.theirs[bisect_left(past.theirs, on, key=lambda one: one[0]) :]:
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


class Cue(NamedTuple):
    """A hard moment that was planned for, and how often."""

    cue: str
    n: int


class Patterns(NamedTuple):
    """What the debriefs have in common.

    `moods` counts the talks with a mood before and after, of which `lighter` ended better and `heavier` worse;
    `before` and `after` are their means, -2 to 2. `set_aside` counts the points parked or set aside at first, and
    `used_later` are those of them that were used in the end.
    """

    debriefs: int
    cues: tuple[Cue, ...] = ()
    moods: int = 0
    before: float | None = None
    after: float | None = None
    lighter: int = 0
    heavier: int = 0
    set_aside: int = 0
    used_later: tuple[str, ...] = ()


def patterns(talks: Sequence[Conversation]) -> Patterns:
    """From NEEDED finished debriefs on; before that only their number."""
    held = [talk for talk in talks if (debrief := talk.sitting("debrief")) is not None and debrief.finished]
    if len(held) < NEEDED:
        return Patterns(len(held))
    both = [(talk.answers("prep").get("mood_before"), talk.answers("debrief").get("mood_after")) for talk in held]
    moods = [(before, after) for before, after in both if before is not None and after is not None]
    aside = [
        (point["text"], now.get("decision") == "use")
        for talk in held
        for point, now in zip(talk.answers("debrief").get("items") or [], talk.items, strict=True)
        if point.get("decision") in ("park", "set-aside")
    ]
    return Patterns(
        len(held),
        _cues(talks),
        len(moods),
        fsum(before for before, _ in moods) / len(moods) if len(moods) >= NEEDED else None,
        fsum(after for _, after in moods) / len(moods) if len(moods) >= NEEDED else None,
        sum(after > before for before, after in moods),
        sum(after < before for before, after in moods),
        len(aside),
        tuple(text for text, used in aside if used),
    )


def _cues(talks: Iterable[Conversation]) -> tuple[Cue, ...]:
    """The cues of every if-then, the most frequent first; the same words in another case are the same cue."""
    words: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for talk in talks:
        plans = [talk.answers("prep").get("if_cue"), *(action.get("if_cue") for action in talk.actions)]
        for cue in filter(None, plans):
            key = " ".join(str(cue).casefold().split())
            words.setdefault(key, str(cue))
            counts[key] += 1
    return tuple(Cue(words[key], count) for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
