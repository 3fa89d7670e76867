"""Guided conversations: questions in order, when each is asked, and the card they end in."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from trustlog.domain.conversations import PUBLIC, left_hard
from trustlog.domain.days import echo_day

Answers = Mapping[str, Any]
"""Field to value; None is a question that was skipped."""


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
    again: Mapping[str, str] = {}
    """What is asked once more, by the answer that calls for it; the second answer is kept."""
    required: bool = False
    max: int = 0
    """The most items of a list; 0 is any number."""
    step: int = 1
    """How far apart the numbers of a scale stand."""


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


def _may_coach(answers: Answers) -> bool:
    """Not once a line was crossed, nor while boundary notes hold it back."""
    return answers.get("line_crossed") != "yes" and not answers.get("held_back")


CONDITIONS: dict[str, Callable[[Answers], bool]] = {
    "never": lambda _: False,
    "not-ready": lambda answers: (answers.get("readiness") or 5) <= 2,
    "low-or-crossed": left_hard,
    "no-line-crossed": _may_coach,
    "no-plan-yet": lambda answers: _may_coach(answers) and not any(point.get("then_action") for point in used(answers)),
    "aftercare-planned": lambda answers: bool(answers.get("aftercare")),
    "answer-forecast": lambda answers: answers.get("answer_sure") is not None and _may_coach(answers),
    "comfort-planned": lambda answers: bool(answers.get("comfort_person")),
    "next-day": lambda answers: "next-day" in answers.get("asks", ()),
    "aftercare-next-day": lambda answers: bool(answers.get("aftercare")) and "next-day" in answers.get("asks", ()),
    "undecided": lambda answers: "undecided" in answers.get("asks", ()),
    "follow-up": lambda answers: bool({"follow-up", "tell-them"} & set(answers.get("asks", ()))),
    "hard-entry": lambda answers: "hard-entry" in answers.get("asks", ()),
    "gut": lambda answers: "gut" in answers.get("asks", ()),
}
"""When a field with `only_if` is asked for. `asks` is what a check-in found due (conversations.py)."""


def wanted(field: Field, answers: Answers, known: Answers = MappingProxyType({})) -> bool:
    """Whether a field is worth asking for, after the answers so far.

    What is `known` of earlier parts counts for a condition; what a field needs was answered beside it.
    """
    if field.needs and not answers.get(field.needs):
        return False
    return not field.only_if or CONDITIONS[field.only_if]({**known, **answers})


def progress(prompts: Sequence[Prompt], prompt: Prompt, known: Answers) -> str:
    """Where one is before a question, like `7 of 30  `; nothing where only one question is asked.

    What is only asked after some answer has the number of the question before it, so that the whole never grows.
    """
    asked = [any(wanted(field, {}, known) for field in prompt.fields) for prompt in prompts]
    at, total = sum(asked[: prompts.index(prompt) + 1]), sum(asked)
    return f"{max(at, 1)} of {total}  " if total > 1 else ""


def used(answers: Answers) -> list[dict[str, Any]]:
    """The points that will be used."""
    return [point for point in answers.get("items") or () if point.get("decision") == "use"]


LONGEST = 6
"""So many lines fit on a card; what a rehearsal left has two more, and one for what it left open."""
REHEARSED = ("card_line", "stop_line")


def card(script: Script, answers: Answers, *, private: bool) -> list[tuple[str, str]]:
    """The card's lines as (label, text), at most LONGEST and those of a rehearsal; reflections only if `private`.

    Each point used has its own.
    """
    fields = script.fields()
    lines = []
    for line in script.card:
        names = [name for name in line.fields if private or name in PUBLIC]
        if "items" in names:
            lines += [(line.label, _plan(point)) for point in used(answers)]
            continue
        words = [_words(fields.get(name), answers[name]) for name in names if answers.get(name)]
        if words:
            lines.append((line.label, ", ".join(words)))
    kept = [str(answers[name]) for name in REHEARSED if private and answers.get(name)]
    left = brackets(" ".join(kept))
    open_ = [("Fill in first", ", ".join(f"[{blank}]" for blank in left))] if left else []
    return lines[: LONGEST + len(kept)] + open_


def _words(field: Field | None, value: Any) -> str:
    return _day(value) if field is not None and field.type == "day" else str(value)


def _plan(point: Mapping[str, Any]) -> str:
    """A point in one line, with what will be done about it."""
    cue, action, due = point.get("if_cue"), point.get("then_action"), point.get("due")
    then = f"then I {action}" if cue else f"I will {action}"
    parts = [f"if {cue}" if cue else "", then if action else "", f"by {_day(due)}" if due else ""]
    return " · ".join(part for part in (point["text"], ", ".join(part for part in parts if part)) if part)


def _day(kept: str) -> str:
    return echo_day(date.fromisoformat(kept))


TONES = ("warm", "evasive", "sharp")
"""The ways in which a reply may come."""


class Scenario(NamedTuple):
    """A talk to rehearse. `saw`, `does` and `asks` are the stronger shape of an opening; what only the recruiter
    knows stands in [brackets].

    `lines` are those to choose one from for the card, `stop` says when to end it, and with which words.
    """

    id: str
    title: str
    about: str
    warm: str
    evasive: str
    sharp: str
    saw: str
    does: str
    asks: str
    lines: tuple[str, ...]
    stop: str


class Rehearsals(NamedTuple):
    """The scenarios, and what to do with a reply of each tone."""

    scenarios: tuple[Scenario, ...]
    tones: Mapping[str, str]


def brackets(text: str) -> list[str]:
    """What stands in [brackets], once each, in order."""
    return list(dict.fromkeys(re.findall(r"\[([^\[\]]+)\]", text)))
