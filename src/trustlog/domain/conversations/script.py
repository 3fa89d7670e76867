"""Guided conversations: questions in order, when each is asked, and the card they end in."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Answers = Mapping[str, Any]
"""Field to value; None is a question that was skipped."""
PUBLIC = frozenset({
    "purpose", "ask_instructions", "if_cue", "then_action", "opening_lines", "headline", "items", "their_view",
    "grain", "small_step", "thanks_draft",
})  # fmt: skip
"""The fields that belong to the work. Every other one is a reflection and lies in the second drawer."""


class Field(NamedTuple):
    """One answer that a question asks for, named as `--set` and `--answers` name it."""

    name: str
    type: str
    ask: str
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    suggest: tuple[str, ...] = ()
    suggest_from: str = ""
    template: str = ""
    blanks: Mapping[str, str] = {}
    parts: tuple[str, ...] = ()
    needs: str = ""
    only_if: str = ""
    otherwise: str = ""
    ends_on: tuple[str, ...] = ()
    then_say: Mapping[str, str] = {}
    required: bool = False
    max: int = 0
    """The most items of a list; 0 is any number."""


class Prompt(NamedTuple):
    """One question; `seconds` is what it takes in each version that asks it."""

    id: str
    minutes: tuple[int, ...]
    seconds: Mapping[int, int]
    fields: tuple[Field, ...]
    say: str = ""
    then_say: str = ""
    guide: str = ""
    stage: str = ""
    """The stage of an agreement that it belongs to."""


class CardLine(NamedTuple):
    """One line of the card: its label and the fields whose answers stand there."""

    label: str
    fields: tuple[str, ...]


class Script(NamedTuple):
    """A guided conversation of 2, 5 or 15 minutes."""

    name: str
    prompts: tuple[Prompt, ...]
    card: tuple[CardLine, ...] = ()
    drafts: Mapping[str, str] = {}
    """Messages to change and send."""
    notes: Mapping[str, str] = {}
    """What is said to the recruiter in passing."""

    def asked(self, minutes: int) -> list[Prompt]:
        """The questions of one version."""
        return [prompt for prompt in self.prompts if minutes in prompt.minutes]

    def by_stage(self) -> dict[str, tuple[Field, ...]]:
        """The fields of an agreement, stage by stage; a question that names no stage belongs to the recap."""
        found: dict[str, tuple[Field, ...]] = {}
        for prompt in self.prompts:
            stage = prompt.stage or "recap"
            found[stage] = (*found.get(stage, ()), *prompt.fields)
        return found

    def fields(self) -> dict[str, Field]:
        """Every field of any version: one of a longer version may be answered too."""
        return {field.name: field for prompt in self.prompts for field in prompt.fields}


CONDITIONS: dict[str, Callable[[Answers], bool]] = {
    "never": lambda _: False,
    "not-ready": lambda answers: (answers.get("readiness") or 5) <= 2,
    "low-or-crossed": lambda answers: (
        (answers.get("mood_after") or 0) < 0 or answers.get("line_crossed") in ("yes", "not-sure")
    ),
    "no-line-crossed": lambda answers: answers.get("line_crossed") != "yes",
    "aftercare-planned": lambda answers: bool(answers.get("aftercare")),
    "comfort-planned": lambda answers: bool(answers.get("comfort_person")),
    "next-day": lambda answers: "next-day" in answers.get("asks", ()),
    "aftercare-next-day": lambda answers: bool(answers.get("aftercare")) and "next-day" in answers.get("asks", ()),
    "undecided": lambda answers: "undecided" in answers.get("asks", ()),
    "follow-up": lambda answers: bool({"follow-up", "tell-them"} & set(answers.get("asks", ()))),
    "gut": lambda answers: "gut" in answers.get("asks", ()),
}
"""When a field with `only_if` is asked for. `asks` is what a check-in found due (conversation.py)."""


def wanted(field: Field, answers: Answers) -> bool:
    """Whether a field is worth asking for, after the answers so far."""
    if field.needs and not answers.get(field.needs):
        return False
    return not field.only_if or CONDITIONS[field.only_if](answers)


def card(script: Script, answers: Answers, *, private: bool) -> list[tuple[str, str]]:
    """The card's lines as (label, text), at most six; reflections only if `private`."""
    lines = []
    for line in script.card:
        said = [answers.get(name) for name in line.fields if private or name in PUBLIC]
        if any(said):
            lines.append((line.label, ", ".join(str(part) for part in said if part)))
    return lines[:6]
