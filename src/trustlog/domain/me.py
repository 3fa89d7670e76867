"""What one may learn from one's own log, about oneself alone: forecasts and patterns; me_works.py has the steps."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import fsum
from typing import Literal, NamedTuple

from trustlog.domain.conversations import Conversation
from trustlog.domain.entries import GOOD
from trustlog.domain.people import fitting

NEEDED = 5
"""Under so many cases no figure is told."""
IN_WORDS = 10
"""From so many cases on a figure is also told in words."""
LEVEL_ANSWERS = 0.1
"""Under so much, in shares of 1, forecasts of answers count as right on the whole."""
LEVEL_FEELINGS = 0.25
"""Under so much, in steps of the mood from -2 to 2, forecasts of feelings count as right on the whole."""
Side = Literal["level", "above", "below"]
"""Where forecasts lie beside what came."""
ANSWERS = GOOD["theirs"]
"""The kinds that are an answer: something good that came from them."""
FRIDAY = 4

BROUGHT_BACK = 3
"""So many lessons stand before a preparation at most."""


def due_lessons(
    lessons: Iterable[Mapping[str, str]],
    handle: str,
    known: Sequence[tuple[str, str]],
    talks: Iterable[Conversation],
    on: date,
) -> list[Mapping[str, str]]:
    """The lessons that fit a talk with somebody, the newest first: from them, or from nobody among the (handle, name)
    pairs that are `known`.

    Each comes once, before the first preparation after its day: a lesson of somebody's with them, another with anybody.
    """
    prepared = [(talk.manager, sitting.on.isoformat()) for talk in talks for sitting in talk.sittings
                if sitting.part == "prep"]  # fmt: skip
    found = []
    for lesson in lessons:
        whose, day = fitting(lesson.get("from", ""), known), lesson.get("on")
        if day is None or day >= on.isoformat() or whose not in ((), (handle,)):
            continue
        if not any(then > day and (not whose or who == handle) for who, then in prepared):
            found.append(lesson)
    return sorted(found, key=lambda lesson: lesson["on"], reverse=True)[:BROUGHT_BACK]


class Forecast(NamedTuple):
    """How sure one was of an answer in time, 0 to 100 %, and whether it came."""

    sure: int
    right: bool


class ForecastRequest(NamedTuple):
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

    @property
    def answers_side(self) -> Side | None:
        """Whether more answers were expected than came; None under IN_WORDS cases."""
        return _side(self.lean, self.n, LEVEL_ANSWERS)

    @property
    def feelings_side(self) -> Side | None:
        """Whether a better mood was expected than came; None under IN_WORDS cases."""
        return _side(self.feeling_error, self.feelings, LEVEL_FEELINGS)


def _side(difference: float | None, cases: int, level: float) -> Side | None:
    if difference is None or cases < IN_WORDS:
        return None
    if abs(difference) < level:
        return "level"
    return "above" if difference > 0 else "below"


def brier(forecasts: Sequence[tuple[float, bool]]) -> float:
    """The mean squared distance of what was said, 0 to 1, from what came.

    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1-3;
    the form for two outcomes, which runs from 0 to 1.
    """
    return fsum((said - came) ** 2 for said, came in forecasts) / len(forecasts)


def forecasts(settled: Sequence[Forecast], feelings: Sequence[tuple[int, int]]) -> Forecasts:
    """The figures of settled forecasts, and of feelings as (forecast, what it was)."""
    said = [(forecast.sure / 100, forecast.right) for forecast in settled]
    base = lean = score = None
    bands: tuple[Band, ...] = ()
    if len(said) >= NEEDED:
        share = sum(right for _, right in said) / len(said)
        score, base = brier(said), brier([(share, right) for _, right in said])
        lean = fsum(sure for sure, _ in said) / len(said) - share
        bands = tuple(_band(near, settled) for near in sorted({_near(forecast.sure) for forecast in settled}))
    enough = len(feelings) >= NEEDED
    error = fsum(told - felt for told, felt in feelings) / len(feelings) if enough else None
    return Forecasts(len(said), score, base, lean, bands, len(feelings), error)


def _near(sure: int) -> int:
    """The nearest step of ten; the half goes up."""
    return (sure + 5) // 10 * 10


def _band(near: int, settled: Sequence[Forecast]) -> Band:
    rights = [forecast.right for forecast in settled if _near(forecast.sure) == near]
    return Band(near, len(rights), sum(rights))


def resolved(asked: ForecastRequest, at: datetime) -> Forecast | None:
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
    return tuple(Cue(words[key], count) for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
