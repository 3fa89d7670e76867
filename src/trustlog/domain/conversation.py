"""One feedback conversation, from the preparation to the day after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from trustlog.domain.script import PUBLIC

State = Literal["draft", "prepared", "debriefed", "closed"]
Part = Literal["prep", "debrief", "checkin"]
OPEN: tuple[State, ...] = ("draft", "prepared")


class Conversation(NamedTuple):
    """A conversation with a manager. `answers` holds both drawers, part by part."""

    id: int
    uid: str
    manager: str
    manager_name: str
    state: State
    minutes: int
    planned_for: datetime | None
    about: str | None
    answers: Mapping[Part, Mapping[str, Any]]


def visible_answers(conversation: Conversation, *, private: bool) -> dict[Part, dict[str, Any]]:
    """The answers of each part; those of the second drawer only if `private`."""
    return {
        part: {name: value for name, value in answers.items() if private or name in PUBLIC}
        for part, answers in conversation.answers.items()
    }
