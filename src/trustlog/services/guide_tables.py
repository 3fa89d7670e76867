"""The tables of the guide, each made from what the program itself goes by, so that none can grow stale."""

from collections.abc import Callable, Iterable
from itertools import groupby

from trustlog.domain.agreements.agreement import STAGES
from trustlog.domain.coaching.offer import PLACES
from trustlog.domain.coaching.signals import EVENTS
from trustlog.domain.coaching.states import CONDITIONS, STATES
from trustlog.domain.coaching.step import CATEGORIES
from trustlog.domain.conversations.boundary import QUESTIONS
from trustlog.domain.conversations.script import Field
from trustlog.domain.guide import Program
from trustlog.domain.kinds import FACETS, KINDS, Kind
from trustlog.errors import CODES, EXITS
from trustlog.playbook import Playbook
from trustlog.settings import SETTINGS

SCRIPTS = {"prep": "prep-feedback", "debrief": "debrief", "checkin": "checkin", "kickoff": "kickoff start"}
WHOSE = {"theirs": "What they do or say", "mine": "What you do", "joint": "What you two do together"}


def _commands(_: Playbook, program: Program) -> str:
    parts = []
    for panel, lines in groupby(program.commands, key=lambda line: line.panel):
        parts.append(f"## {panel}\n\n" + _table(("command", "what it does"), ((one.name, one.does) for one in lines)))
    return "\n\n".join(parts)


def _options(_: Playbook, program: Program) -> str:
    return _table(("option", "what it does"), ((one.name, one.does) for one in program.options))


def _kinds(playbook: Playbook, _: Program) -> str:
    parts = []
    for who, heading in WHOSE.items():
        rows = ((one.name, _counts(one), _short(one.name, playbook)) for one in KINDS.values() if one.who == who)
        parts.append(f"## {heading}\n\n" + _table(("kind", "says something about", "short words"), rows))
    return "\n\n".join(parts)


def _counts(kind: Kind) -> str:
    named = " and ".join(facet for facet, weight in zip(FACETS, kind.weights, strict=True) if weight)
    hard = ", hard" if kind.sign == "-" else ""
    return f"{named}{hard}" if named else "nothing, journal only"


def _short(kind: str, playbook: Playbook) -> str:
    return ", ".join(alias for alias, target in playbook.aliases.items() if target == kind)


def _situations(playbook: Playbook, _: Program) -> str:
    return _table(("situation", "the reason it gives"), ((one.id, one.because) for one in playbook.coaching.situations))


def _conditions(playbook: Playbook, _: Program) -> str:
    listed = playbook.coaching.conditions.values()
    rows = ((one.id, f"asks: {one.ask}" if one.ask else f"tells from the journal: {one.test}") for one in listed)
    return _table(("condition", "how it is told"), rows)


def _steps(playbook: Playbook, _: Program) -> str:
    rows = ((one.id, one.category, one.advice) for one in playbook.coaching.steps)
    return _table(("step", "family", "what it suggests"), rows)


def _fields(playbook: Playbook, _: Program) -> str:
    parts = []
    for name, command in SCRIPTS.items():
        asked = {field.name: field for prompt in playbook.script(name).prompts for field in prompt.fields}
        rows = ((field.name, _takes(field), field.ask.split("\n")[0]) for field in asked.values())
        parts.append(f"## {command}\n\n" + _table(("field", "takes", "question"), rows))
    return "\n\n".join(parts)


def _takes(field: Field) -> str:
    if field.options:
        return f"{field.type}: {', '.join(field.options)}"
    return f"{field.low} to {field.high}" if field.high else field.type


def _boundary(playbook: Playbook, _: Program) -> str:
    return _table(("id", "question"), ((one, playbook.boundary["questions"][one]) for one in QUESTIONS))


def _settings(_: Playbook, __: Program) -> str:
    rows = ((one.name, one.takes, _default(one.default), one.help) for one in SETTINGS.values())
    return _table(("setting", "takes", "default", "meaning"), rows)


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value) or "empty"


def _exits(_: Playbook, __: Program) -> str:
    return _table(("code", "meaning"), ((str(code.value), meaning) for code, meaning in EXITS.items()))


def _codes(_: Playbook, __: Program) -> str:
    return _table(("code", "meaning"), CODES.items())


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _listed(words: Iterable[str]) -> Callable[[Playbook, Program], str]:
    return lambda _, __: ", ".join(f"`{word}`" for word in words) + "."


TABLES: dict[str, Callable[[Playbook, Program], str]] = {
    "commands": _commands, "options": _options, "kinds": _kinds, "situations": _situations, "steps": _steps,
    "conditions": _conditions, "fields": _fields, "boundary": _boundary, "settings": _settings, "exits": _exits,
    "codes": _codes, "families": _listed(CATEGORIES), "stages": _listed(STAGES),
    "signals": _listed((*EVENTS, *STATES)), "tests": _listed(CONDITIONS),
    "places": _listed([f"{{{one}}}" for one in sorted(PLACES)]),
    "channels": lambda playbook, _: ", ".join(f"`{one}`" for one in playbook.channels) + ".",
}  # fmt: skip
"""By the name that stands in a page as `{{name}}` on a line of its own."""
