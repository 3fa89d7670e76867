"""The pages of the guide, and the tables in them, made from what the program itself goes by."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from trustlog.domain.coaching import PLACES, Condition
from trustlog.domain.coaching_history import CATEGORIES
from trustlog.domain.coaching_signals import EVENTS, SILENT_DAYS, VERY_SILENT_DAYS
from trustlog.domain.coaching_states import CONDITIONS, FRESH_ROLE, HARD_DAYS, LATELY_DAYS, STATES
from trustlog.domain.entries import FACETS, KINDS, Kind
from trustlog.domain.kickoffs import STAGES
from trustlog.domain.outcomes import GuidePage, Program
from trustlog.domain.people import HARD_TAG
from trustlog.domain.private import QUESTIONS, RED
from trustlog.domain.scripts import Field
from trustlog.domain.standing import QUIET_DAYS
from trustlog.domain.text import filled
from trustlog.errors import CODES, EXITS, UserError
from trustlog.playbook import Playbook
from trustlog.playbook.files import HERE
from trustlog.settings import SETTINGS

TOPICS = (
    "start", "commands", "names", "kinds", "dates", "conversations", "agreements", "steps", "model", "research",
    "privacy", "data", "scripting", "settings", "playbook",
)  # fmt: skip
"""In the order in which they are listed; each is a file of the folder `guide`."""
_PLACE = re.compile(r"^\{\{([a-z]+)\}\}$", re.MULTILINE)


def guide_topics() -> tuple[GuidePage, ...]:
    """Every topic, in the order in which they are listed."""
    return tuple(GuidePage(topic, guide_title(topic)) for topic in TOPICS)


def guide_page(word: str, playbook: Playbook, program: Program) -> GuidePage:
    """The page of a topic, or of the only one that begins so. Raises UserError `bad-field`."""
    asked = word.strip().lower()
    begin_so = [topic for topic in TOPICS if asked and topic.startswith(asked)]
    found = [asked] if asked in TOPICS else begin_so
    if len(found) != 1:
        raise UserError("bad-field", f"the guide has no topic {word!r}", f"There are: {', '.join(TOPICS)}.")
    text = _PLACE.sub(lambda hit: TABLES[hit[1]](playbook, program), guide_text(found[0]))
    return GuidePage(found[0], guide_title(found[0]), text)


def guide_text(topic: str) -> str:
    """The page of a topic as it is written."""
    return (HERE / "guide" / f"{topic}.md").read_text("utf-8")


def guide_title(topic: str) -> str:
    """The first line of its page."""
    return guide_text(topic).splitlines()[0].removeprefix("# ")


SCRIPTS = {"prep": "prep-feedback", "debrief": "debrief", "checkin": "checkin", "kickoff": "kickoff start"}
WHOSE = {"theirs": "What they do or say", "mine": "What you do", "joint": "What you two do together"}
FIGURES = {
    "quiet_days": QUIET_DAYS, "hard_days": HARD_DAYS, "hard_tag": HARD_TAG, "silent_days": SILENT_DAYS,
    "not_yet_very": VERY_SILENT_DAYS - 1, "very_silent_days": VERY_SILENT_DAYS, "lately_days": LATELY_DAYS,
    "fresh_role": FRESH_ROLE, "first_red": RED[0], "last_red": RED[-1],
}  # fmt: skip
"""What the places of guide.toml stand for."""
_WORDS = tomllib.loads(
    filled((HERE / "guide.toml").read_text("utf-8"), {name: str(figure) for name, figure in FIGURES.items()})
)
STAND_FOR, RULES_OUT, SHAPES = (_WORDS[name] for name in ("stand_for", "rules_out", "shapes"))
VAGUE = (
    ("earlier today", "today"), ("this morning", "today 9:00"), ("this afternoon", "today 15:00"),
    ("this evening", "today 19:00"), ("tonight", "today 21:00"), ("last night", "yesterday 21:00"),
    ("yesterday morning", "yesterday 9:00"), ("friday afternoon", "friday 15:00"), ("mon evening", "mon 19:00"),
    ("tue night", "tue 21:00"), ("noon", "12:00"), ("midnight", "0:00"), ("day before yesterday", "2 days ago"),
    ("day after tomorrow", "in 2 days"), ("last week", "7 days ago"), ("next week", "in 7 days"),
    ("last month", "1 month ago"), ("next month", "in 1 month"), ("last year", "1 year ago"),
    ("next year", "in 1 year"), ("a couple of days ago", "2 days ago"), ("a fortnight ago", "14 days ago"),
    ("half an hour ago", "30 minutes ago"), ("an hour and a half ago", "90 minutes ago"), ("2h", "2 hours ago"),
)  # fmt: skip
"""Vaguer words for a time, and exact ones that mean the same."""
_QUOTED = re.compile(r"“(\{\w+\})”")


def _commands(_: Playbook, program: Program) -> str:
    parts = []
    for panel, lines in groupby(program.commands(), key=lambda line: line.panel):
        parts.append(
            f"## {panel}\n\n" + _table(("command", "what it does"), ((line.name, line.does) for line in lines))
        )
    return "\n\n".join(parts)


def _kinds(playbook: Playbook, _: Program) -> str:
    parts = []
    for who, heading in WHOSE.items():
        rows = ((kind.name, _moves(kind), _short(kind.name, playbook)) for kind in KINDS.values() if kind.who == who)
        parts.append(f"## {heading}\n\n" + _table(("kind", "what it moves", "short words"), rows))
    return "\n\n".join(parts)


def _moves(kind: Kind) -> str:
    sign = "−" if kind.sign == "-" else "+"
    moved = (f"{facet} {sign}{weight:g}" for facet, weight in zip(FACETS, kind.weights, strict=True) if weight)
    return ", ".join(moved) or "nothing, journal only"


def _short(kind: str, playbook: Playbook) -> str:
    return ", ".join(alias for alias, target in playbook.aliases.items() if target == kind)


def _situations(playbook: Playbook, _: Program) -> str:
    listed = playbook.coaching.situations
    rows = ((situation.id, _plain(situation.because, STAND_FOR.get(situation.signal, {}))) for situation in listed)
    return _table(("situation", "the reason it gives"), rows)


def _plain(text: str, words: Mapping[str, str]) -> str:
    """Words of the playbook with what their places stand for; an ellipsis is what only a user's own words know."""
    known = {**STAND_FOR[""], **words}
    return re.sub(r"\{\w+\}", "…", filled(_QUOTED.sub(r"\1", text), known))


def _conditions(playbook: Playbook, _: Program) -> str:
    listed = playbook.coaching.conditions.values()
    return _table(
        ("condition", "it rules a step out when"), ((condition.id, _rules_out(condition)) for condition in listed)
    )


def _rules_out(condition: Condition) -> str:
    return RULES_OUT[condition.test] if condition.test else f"you cannot say yes to: {condition.ask}"


def _fields(playbook: Playbook, _: Program) -> str:
    parts = []
    for name, command in SCRIPTS.items():
        asked = {field.name: field for prompt in playbook.script(name).prompts for field in prompt.fields}
        rows = ((field.name, _takes(field), _plain(field.ask.split("\n")[0], {})) for field in asked.values())
        parts.append(f"## {command}\n\n" + _table(("field", "takes", "question"), rows))
    return "\n\n".join(parts)


def _takes(field: Field) -> str:
    if field.options:
        return f"{field.type}: {', '.join(field.options)}"
    return f"{field.low} to {field.high}" if field.high else field.type


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value) or "empty"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _listed(words: Iterable[str]) -> Callable[[Playbook, Program], str]:
    return lambda _, __: ", ".join(f"`{word}`" for word in words) + "."


TABLES: dict[str, Callable[[Playbook, Program], str]] = {
    "commands": _commands,
    "options": lambda _, program: _table(("option", "what it does"), ((one.name, one.does) for one in program.options)),
    "alone": lambda _, program: _table(("option", "what it does"), ((one.name, one.does) for one in program.alone)),
    "kinds": _kinds, "situations": _situations, "conditions": _conditions, "fields": _fields,
    "steps": lambda playbook, _: _table(
        ("step", "family", "what it suggests"),
        ((step.id, step.category, step.advice) for step in playbook.coaching.steps),
    ),
    "boundary": lambda playbook, _: _table(
        ("id", "question"), ((question, playbook.boundary["questions"][question]) for question in QUESTIONS)
    ),
    "settings": lambda _, __: _table(
        ("setting", "takes", "default", "meaning"),
        ((setting.name, setting.takes, _default(setting.default), setting.help) for setting in SETTINGS.values()),
    ),
    "exits": lambda _, __: _table(("code", "meaning"), ((str(code.value), said) for code, said in EXITS.items())),
    "codes": lambda _, __: _table(("code", "meaning"), CODES.items()),
    "vague": lambda _, __: _table(("typed", "means"), VAGUE),
    "shapes": lambda _, __: _table(("takes", "for example"), SHAPES.items()),
    "families": _listed(CATEGORIES), "stages": _listed(STAGES),
    "signals": _listed((*EVENTS, *STATES)), "tests": _listed(CONDITIONS),
    "places": _listed([f"{{{place}}}" for place in sorted(PLACES)]),
    "channels": lambda playbook, _: ", ".join(f"`{channel}`" for channel in playbook.channels) + ".",
}  # fmt: skip
"""By the name that stands in a page as `{{name}}` on a line of its own."""
