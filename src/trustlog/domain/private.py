"""The second drawer: boundary questions with the level that follows, and the recruiter's own page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from trustlog.domain import text
from trustlog.domain.text import BadAnswerError

Level = Literal["L0", "L1", "L2", "L3"]
RED = ("BR1", "BR2", "BR3", "BR4")
AMBER = ("BA1", "BA2", "BA3", "BA4", "BA5", "BA6")
IMPACT = ("BI1", "BI2", "BI3")
QUESTIONS = (*RED, *AMBER, *IMPACT)
LASTS = 14
"""For so many days after an L2 only restricted steps are offered."""


class Yes(NamedTuple):
    """A question answered with yes for a day; one question counts once a day."""

    on: date
    question: str
    after_clearing: bool = False
    """Written after the recruiter lifted the restriction that same day."""


class Talk(NamedTuple):
    """As much of a debrief as the levels read; None where nothing was said."""

    on: date
    mood_before: int | None
    mood_after: int | None
    line_crossed: str | None


class Carried(NamedTuple):
    """A check-in's carry-over, 0 to 2."""

    on: date
    carry_over: int


class Notes(NamedTuple):
    """What is known with one manager; `cleared` are the days on which the recruiter lifted the restriction."""

    yeses: Sequence[Yes] = ()
    talks: Sequence[Talk] = ()
    carried: Sequence[Carried] = ()
    cleared: Sequence[date] = ()


class Standing(NamedTuple):
    """The level on a day, and the notes that make it, newest first."""

    level: Level
    because: tuple[str, ...]
    impact: bool

    @property
    def notes(self) -> list[tuple[date, str]]:
        """The day and the question of each note."""
        found = [note.split() for note in self.because]
        return [(date.fromisoformat(day), question) for question, day in found]


class Told(NamedTuple):
    """The level with one manager. `text` names nobody from the second drawer; `words` may.

    `notes` are those that make the level, each with its day and in words.
    """

    manager: str
    standing: Standing
    restricted: bool
    text: str
    words: str
    notes: tuple[tuple[date, str], ...]


def standing(notes: Notes, on: date) -> Standing:
    """The highest level that matches; "within 30 days" is an age of 0 to 30."""
    yeses = sorted({Yes(yes.on, yes.question) for yes in notes.yeses if yes.on <= on}, reverse=True)
    impact = any(yes.question in IMPACT and _age(yes.on, on) <= 30 for yes in yeses)
    red = [yes for yes in yeses if yes.question in RED and _age(yes.on, on) <= 30]
    if red:
        return Standing("L3", _told(red), impact)
    serious = _serious(yeses, notes, on)
    if serious:
        return Standing("L2", serious, impact)
    amber = [yes for yes in yeses if yes.question in AMBER and _age(yes.on, on) <= 30]
    unsure = _crossed(notes, on, "not-sure")
    if len(amber) == 1:
        return Standing("L1", _told(amber), impact)
    if len(unsure) >= 2:
        return Standing("L1", unsure, impact)
    return Standing("L0", (), impact)


def restriction(notes: Notes, on: date) -> Literal["L2", "L3"] | None:
    """The level whose care in what is suggested holds on a day.

    After an L3 until the recruiter clears it; after an L2 while it lasts and 14 days more, or until it is cleared.
    """
    if not (notes.yeses or notes.talks or notes.carried):
        return None  # asked for every manager at every start
    since = _since_lifted(notes, on)
    if any(yes.question in RED and yes.on <= on for yes in since.yeses):
        return "L3"
    serious = any(standing(since, on - timedelta(days=back)).level == "L2" for back in range(LASTS + 1))
    return "L2" if serious else None


def crossed(notes: Notes, on: date) -> tuple[date, ...]:
    """The days on which a talk crossed a line, the newest first, as long as they count and were not lifted since."""
    talks = _since_lifted(notes, on).talks
    days = {talk.on for talk in talks if talk.line_crossed == "yes" and 0 <= _age(talk.on, on) <= 60}
    return tuple(sorted(days, reverse=True))


def coaches(notes: Notes, on: date) -> bool:
    """Whether questions may coach: not for 30 days after something that happened was ticked, unless it was lifted."""
    counting = _since_lifted(notes, on).yeses
    ticked = any(yes.question not in IMPACT and 0 <= _age(yes.on, on) <= 30 for yes in counting)
    return not ticked and not crossed(notes, on) and restriction(notes, on) is None


def _since_lifted(notes: Notes, on: date) -> Notes:
    """What was noted since the recruiter last lifted the restriction, by a day."""
    lifted = max((day for day in notes.cleared if day <= on), default=date.min)
    return Notes(
        tuple(yes for yes in notes.yeses if yes.on > lifted or (yes.on == lifted and yes.after_clearing)),
        tuple(talk for talk in notes.talks if talk.on > lifted),
        tuple(talk for talk in notes.carried if talk.on > lifted),
    )


def _serious(yeses: Sequence[Yes], notes: Notes, on: date) -> tuple[str, ...]:
    """The notes that make an L2, by the first rule that holds; empty if none does."""
    amber = [yes for yes in yeses if yes.question in AMBER]
    recent = [answer for answer in amber if _age(answer.on, on) <= 30]
    wider = [answer for answer in amber if _age(answer.on, on) <= 60]
    impact = [yes for yes in yeses if yes.question in IMPACT and _age(yes.on, on) <= 30]
    low, fell = _low_talks(notes, on)
    carried = sorted((talk for talk in notes.carried if talk.on <= on), key=lambda talk: talk.on, reverse=True)
    heavy = tuple(f"carry_over {talk.on}" for talk in carried[:3] if talk.carry_over == 2 and _age(talk.on, on) <= 60)
    crossed = _crossed(notes, on, "yes")
    rules = (
        (len(recent) >= 2, _told(recent)),
        (len(wider) >= 3, _told(wider)),
        (bool(recent and impact), _told([*recent, *impact])),
        (len(low) >= 3, low),
        (len(fell) >= 2, fell),
        (len(heavy) >= 2, heavy),
        (len(crossed) >= 2, crossed),
    )
    return next((because for holds, because in rules if holds), ())


def _low_talks(notes: Notes, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the last four debriefs within 90 days those left low, and those within 30 days that fell by two."""
    talks = sorted((talk for talk in notes.talks if talk.on <= on), key=lambda talk: talk.on, reverse=True)
    last = [talk for talk in talks if talk.mood_after is not None and _age(talk.on, on) <= 90][:4]
    low = tuple(f"mood_after {talk.on}" for talk in last if (talk.mood_after or 0) <= -1)
    fell = tuple(
        f"mood_after {talk.on}"
        for talk in talks
        if talk.mood_before is not None and talk.mood_after is not None
        and talk.mood_after - talk.mood_before <= -2 and _age(talk.on, on) <= 30
    )  # fmt: skip
    return low, fell


def _crossed(notes: Notes, on: date, answer: str) -> tuple[str, ...]:
    days = [talk.on for talk in notes.talks if talk.line_crossed == answer and 0 <= _age(talk.on, on) <= 60]
    return tuple(f"line_crossed {day}" for day in sorted(days, reverse=True))


def _told(yeses: Iterable[Yes]) -> tuple[str, ...]:
    return tuple(f"{yes.question} {yes.on}" for yes in yeses)


def _age(day: date, on: date) -> int:
    return (on - day).days


class SupportPart(NamedTuple):
    """One part of the page for a hard day: its title and its lines."""

    name: str
    title: str
    lines: tuple[str, ...]


class Support(NamedTuple):
    """The page for a hard day. Its first and last words frame the parts; `manager` is the handle of who was named."""

    manager: str | None
    page: str
    shaken: tuple[str, ...]
    parts: tuple[SupportPart, ...]
    crisis: str

    @property
    def text(self) -> str:
        """Everything as paragraphs."""
        parts = [f"{part.title}\n" + "\n".join(f"  {line}" for line in part.lines) for part in self.parts]
        return "\n\n".join([self.page, "\n".join(self.shaken), *parts, self.crisis])


LISTS = ("care_before", "care_after", "seniors", "contacts", "sentences", "monday")
LINES = ("name", "best_time", "best_way")
FIELDS = (*LINES, *LISTS, "comfort_people", "learned")
MODES = ("listening", "ideas")
LEARNED_KEYS = ("what", "from", "on")


def check(field: str, value: Any) -> Any:
    """A value as it is kept; None or an empty list removes the field. Raises BadAnswerError."""
    if field not in FIELDS:
        raise BadAnswerError(f"there is no field {field!r}; there are {', '.join(FIELDS)}")
    if value in (None, "", []):
        return None
    if field in LINES:
        return text.answer_line(field, value)
    if not isinstance(value, list):
        raise BadAnswerError(f"{field} takes a JSON list")
    if field in LISTS:
        return [text.answer_line(field, item) for item in value]
    return [lesson(item) for item in value] if field == "learned" else [person(item) for item in value]


def lesson(value: Any) -> dict[str, Any]:
    """Something a person taught: `what`, and where known `from` whom and `on` which day."""
    if not isinstance(value, dict) or not set(value) <= set(LEARNED_KEYS) or "what" not in value:
        raise BadAnswerError('a lesson is {"what": "…", "from": "…", "on": "2026-11-20"}')
    return {key: text.answer_line(key, value[key]) for key in LEARNED_KEYS if value.get(key) or key == "what"}


def new_lesson(what: str, source: str | None, on: date) -> dict[str, Any]:
    """A lesson as the page keeps it."""
    return {"what": what, "on": on.isoformat()} | ({"from": source} if source else {})


def person(value: Any) -> dict[str, Any]:
    """Someone to talk to: name, how to reach them, how long, and whether for listening or ideas."""
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, dict) or not set(value) <= {"name", "how", "minutes", "mode"} or "name" not in value:
        raise BadAnswerError('a person is {"name": "…", "how": "…", "minutes": 10, "mode": "listening"}, or a name')
    done: dict[str, Any] = {"name": text.answer_line("name", value["name"])}
    if value.get("how"):
        done["how"] = text.answer_line("how", value["how"])
    if (minutes := value.get("minutes")) is not None:
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= 240:
            raise BadAnswerError("minutes takes a whole number from 1 to 240")
        done["minutes"] = minutes
    if (mode := value.get("mode")) is not None:
        if mode not in MODES:
            raise BadAnswerError("mode takes listening or ideas")
        done["mode"] = mode
    return done
