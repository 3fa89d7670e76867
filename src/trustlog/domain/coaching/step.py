"""Small steps: what the playbook offers, and what became of an offer."""

from datetime import datetime
from typing import Literal, NamedTuple

EventKind = Literal["done", "copied", "dismissed", "snoozed", "asked"]
CATEGORIES = (
    "ask-help", "unknown-factor", "expectations", "praise", "pull", "insight", "feedback", "repair", "boundaries",
    "self-care", "coaching", "celebrate",
)  # fmt: skip
"""The families that can be asked for."""


class Step(NamedTuple):
    """One small step of the playbook.

    `when` are the situations it answers, `not_when` the conditions that rule it out, `kind` what may be written
    down afterwards; `mine_min` and `their_min` are minutes. The template is a draft with `{places}`.
    """

    id: str
    category: str
    when: tuple[str, ...]
    not_when: tuple[str, ...]
    kind: str
    mine_min: int
    their_min: int
    advice: str
    template: str


class StepEvent(NamedTuple):
    """What became of a step with one manager. `until` stands with snoozed, `condition` and `answer` with asked."""

    step: str
    kind: EventKind
    at: datetime
    until: datetime | None = None
    condition: str | None = None
    answer: bool | None = None
