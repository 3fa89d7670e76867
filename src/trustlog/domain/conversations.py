"""A feedback conversation from preparation to the days after, and the gut feeling beside the log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from trustlog.domain.text import filled
from trustlog.domain.trust import Opinion

State = Literal["draft", "prepared", "debriefed", "closed"]
Part = Literal["prep", "debrief", "checkin"]
PARTS: tuple[Part, ...] = ("prep", "debrief", "checkin")
UNDECIDED = (None, "tomorrow")
FOLLOW_UP = timedelta(days=7)
"""After so long an action is asked about, unless it has a date of its own."""
TELL_THEM = timedelta(days=14)
"""After so long a finished action is worth telling the manager."""
FADES = timedelta(days=14)
"""How long a next-day question is still worth asking."""

PUBLIC = frozenset({
    "purpose", "ask_instructions", "if_cue", "then_action", "opening_lines", "headline", "items", "their_view",
    "grain", "small_step", "thanks_draft",
})  # fmt: skip
"""The fields that belong to the work. Every other one is a reflection and lies in the second drawer."""


class Sitting(NamedTuple):
    """One sitting down to a part. `answers` holds both drawers; None is a skip."""

    id: int
    part: Part
    on: date
    finished: bool
    minutes: int
    answers: Mapping[str, Any]


class Conversation(NamedTuple):
    """A conversation with a manager, and the sittings that belong to it in the order they were begun."""

    id: int
    uid: str
    manager: str
    manager_name: str
    state: State
    minutes: int
    planned_for: datetime | None
    about: str | None
    sittings: tuple[Sitting, ...]

    def sitting(self, part: Part) -> Sitting | None:
        """The last sitting of a part."""
        return next((sitting for sitting in reversed(self.sittings) if sitting.part == part), None)

    def answers(self, part: Part) -> dict[str, Any]:
        """The answers of a part; of several check-ins the later ones stand."""
        merged: dict[str, Any] = {}
        for sitting in self.sittings:
            if sitting.part == part:
                merged |= sitting.answers
        return merged

    @property
    def prepared(self) -> bool:
        """Whether anything at all was answered of the preparation."""
        return any(value is not None for value in self.answers("prep").values())

    @property
    def items(self) -> list[dict[str, Any]]:
        """The points of the debrief, each with what was last decided about it."""
        points = [dict(item) for item in self.answers("debrief").get("items") or []]
        for sitting in self.sittings:
            if sitting.part == "checkin":
                for later in sitting.answers.get("items") or []:
                    for item in points:
                        if item["text"] == later["text"]:
                            item.update({key: value for key, value in later.items() if value is not None})
        return points

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What is being tried: the points marked `use`, and the one change of the debrief."""
        tried = [item for item in self.items if item.get("decision") == "use"]
        debrief = self.answers("debrief")
        if debrief.get("then_action"):
            plan = {key: debrief.get(key) for key in ("if_cue", "then_action", "due")}
            tried.append({"text": debrief["then_action"], "decision": "use", **plan})
        return tried

    @property
    def open_actions(self) -> list[dict[str, Any]]:
        """What is being tried and was neither finished nor dropped."""
        followed = [(action, self.followed_up(action["text"])) for action in self.actions]
        return [action for action, news in followed if news.get("done") is None and news.get("next") != "drop"]

    def followed_up(self, text: str) -> dict[str, Any]:
        """What the check-ins said of an action: `done`, `next`, `told`, and `on` which day the last of them did."""
        news: dict[str, Any] = {}
        for sitting in self.sittings:
            if sitting.part == "checkin":
                for follow in sitting.answers.get("followups") or []:
                    if follow["text"] == text:
                        news |= {key: value for key, value in follow.items() if value is not None} | {"on": sitting.on}
        return news


def until(conversation: Conversation, day: date) -> Conversation:
    """The conversation as it stood at the end of a day."""
    return conversation._replace(sittings=tuple(sitting for sitting in conversation.sittings if sitting.on <= day))


class Due(NamedTuple):
    """What a check-in would ask about one conversation on a day."""

    conversation: Conversation
    next_day: bool
    undecided: tuple[dict[str, Any], ...]
    follow_up: tuple[dict[str, Any], ...]
    tell_them: tuple[dict[str, Any], ...]

    @property
    def anything(self) -> bool:
        return bool(self.next_day or self.undecided or self.follow_up or self.tell_them)

    @property
    def asks(self) -> list[str]:
        """The kinds of question, named as a script reads them."""
        named = (
            ("next-day", self.next_day), ("undecided", self.undecided), ("follow-up", self.follow_up),
            ("tell-them", self.tell_them),
        )  # fmt: skip
        return [name for name, there in named if there]


def due(conversation: Conversation, on: date, *, coaches: bool = True) -> Due:
    """The questions of the days after; a day that is before the debrief asks nothing.

    Where nobody is coached only how the recruiter is.
    """
    debrief = conversation.sitting("debrief")
    if debrief is None or not debrief.finished or on <= debrief.on:
        return Due(conversation, False, (), (), ())
    age = on - debrief.on
    asked = any(
        "mood_next_day" in sitting.answers
        for sitting in conversation.sittings
        if sitting.part == "checkin" and sitting.finished
    )
    wanted = bool(debrief.answers.get("checkin_optin"))
    undecided = [item for item in conversation.items if _undecided(item, on)]
    follow_up = [
        action
        for action in conversation.open_actions
        if on >= (date.fromisoformat(action["due"]) if action.get("due") else debrief.on + FOLLOW_UP)
    ]
    followed = [(action, conversation.followed_up(action["text"])) for action in conversation.actions]
    untold = [action for action, news in followed if news.get("done") and news.get("told") is None]
    tell_them = untold if age >= TELL_THEM else []
    next_day = wanted and not asked and age <= FADES
    if not coaches:
        return Due(conversation, next_day, (), (), ())
    return Due(conversation, next_day, tuple(undecided), tuple(follow_up), tuple(tell_them))


def settled(conversation: Conversation) -> bool:
    """Whether nothing of it will be asked about any more."""
    open_items = any(item.get("decision") in (*UNDECIDED, "park") for item in conversation.items)
    return not open_items and not conversation.open_actions


def visible_answers(conversation: Conversation, *, private: bool) -> dict[Part, dict[str, Any]]:
    """The answers of each part; those of the second drawer only if `private`."""
    return {
        part: {name: value for name, value in conversation.answers(part).items() if private or name in PUBLIC}
        for part in PARTS
    }


def _undecided(item: Mapping[str, Any], on: date) -> bool:
    if item.get("decision") == "park":
        return bool(item.get("until")) and date.fromisoformat(item["until"]) <= on
    return item.get("decision") in UNDECIDED


APART = 0.25
"""A gut and a log this far apart are worth a question."""


class Gut(NamedTuple):
    """A gut feeling from 0 to 1, and what the log says."""

    gut: float
    log: Opinion

    @property
    def apart(self) -> bool:
        return abs(self.gut - self.log.e) > APART


def gut(score: int, log: Opinion) -> Gut:
    """A feeling of 1 to 5 on the log's scale."""
    return Gut((score - 1) / 4, log)


LOAD_DAYS = 3
"""Conversations this near to each other are a cluster."""
SEVERAL = 2
"""So many others near a new one are worth a word."""
HEAVY_DAYS = 7


class Load(NamedTuple):
    """What stands around a day: other conversations near it, and whether the last one was heavy."""

    near: int
    heavy: bool


def load_of(talks: Sequence[Conversation], on: date) -> Load:
    """The load around a day, over all managers."""
    # a preparation without an answer and without a time is no conversation
    held = [
        talk for talk in talks
        if talk.sitting("debrief") is not None or (talk.sitting("prep") and (talk.prepared or talk.planned_for))
    ]  # fmt: skip
    near = sum(1 for conversation in held if abs((_day(conversation) - on).days) <= LOAD_DAYS)
    return Load(near, _last_was_heavy(talks, on))


def load_words(load: Load, notes: Mapping[str, str]) -> str:
    """One kind sentence out of `near` and `heavy`, or nothing."""
    if load.near >= SEVERAL:
        return filled(notes["near"], {"count": str(load.near)})
    return notes["heavy"] if load.heavy else ""


CROSSED = ("yes", "not-sure")
"""The answers to `line_crossed` with which the boundary questions are offered."""


def left_hard(answers: Mapping[str, Any]) -> bool:
    """Whether a debrief ended in a low mood, or a line was or may have been crossed."""
    return (answers.get("mood_after") or 0) < 0 or answers.get("line_crossed") in CROSSED


def sign_off(notes: Mapping[str, str], answers: Mapping[str, Any], turn: int) -> str:
    """The last sentence of a debrief: by how it was left, and each of those in turn."""
    good = (answers.get("mood_after") or 0) > 0
    kind = "sign_off_hard_" if left_hard(answers) else "sign_off_good_" if good else "sign_off_level_"
    fitting = [text for name, text in sorted(notes.items()) if name.startswith(kind)]
    return fitting[turn % len(fitting)]


def _day(talk: Conversation) -> date:
    debrief = talk.sitting("debrief")
    if debrief is not None:
        return debrief.on
    if talk.planned_for is not None:
        return talk.planned_for.date()
    return talk.sittings[0].on if talk.sittings else date.min


def _last_was_heavy(talks: Sequence[Conversation], on: date) -> bool:
    debriefed = [
        (sitting.on, talk.id, talk)
        for talk in talks
        if (sitting := talk.sitting("debrief")) is not None and 0 <= (on - sitting.on).days <= HEAVY_DAYS
    ]
    if not debriefed:
        return False
    last = max(debriefed)[2]
    carried: bool = last.answers("checkin").get("carry_over") == 2
    return carried or last.answers("debrief").get("mood_after") == -2
