"""The wording rules: what the tool can print names events, judges nobody, promises nothing and never shouts."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from typer.main import get_command

import trustlog
from trustlog.app import CONTENTS, app
from trustlog.domain.conversations import SEVERAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call

SOURCE = Path(trustlog.__file__).parent

WORDS = (
    "abuse", "abuses", "abused", "abusive", "abuser", "abusers", "bully", "bullies", "bullied", "bullying", "harass",
    "harassed", "harasser", "harassers", "harassment", "victim", "victims", "toxic", "trauma", "traumas", "traumatic",
    "anxiety", "anxious", "depression", "depressed", "burnout", "burned out", "burnt out", "disorder", "disorders",
    "symptom", "symptoms", "diagnosis", "you should report", "trust score", "trust scores", "streak", "streaks",
    "it will be fine", "it will be okay",
)  # fmt: skip
FORBIDDEN = re.compile(rf"\b({'|'.join(word.replace(' ', '[ -]+') for word in WORDS)})\b", re.I)

SHOUT = re.compile(r"\w!(?=\s|$|[\"'”)])")
"""An exclamation mark at the end of words; in a pattern of signs it stands elsewhere."""


class Text(NamedTuple):
    """A text that may be printed, and where it stands."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def is_help(node: ast.AST) -> bool:
    """Whether a function is a command: its first argument is Typer's context, so its docstring is its help."""
    return isinstance(node, ast.FunctionDef) and bool(node.args.args) and node.args.args[0].arg == "ctx"


def of_python(file: Path) -> list[Text]:
    """The strings of a module but for those that nobody is shown: docstrings, and notes below a name."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    silent = {node.value for node in nodes if isinstance(node, ast.Expr)}
    if file.parent.name == "commands":
        silent -= {
            node.body[0].value
            for node in nodes
            if isinstance(node, ast.FunctionDef) and is_help(node) and isinstance(node.body[0], ast.Expr)
        }
    name = str(file.relative_to(SOURCE))
    return [
        Text(name, node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent
    ]


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(one for part in value.values() for one in strings(part))]
    return [one for part in value for one in strings(part)] if isinstance(value, list) else []


def of_toml(file: Path) -> list[Text]:
    return [Text(str(file.relative_to(SOURCE)), 0, one) for one in strings(tomllib.loads(file.read_text("utf-8")))]


def is_sql(words: str) -> bool:
    return bool(re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|DROP|BEGIN|WHERE)\b", words))


UNDERSTOOD = (
    "readings.toml",
    "synonyms.toml",
    "claims.toml",
    "entries_happened.py",
    "entries_sentence.py",
    "entries_doer.py",
)
"""Where words stand that others may write, which the program never says."""
FILES = [file for file in sorted(SOURCE.rglob("*.*")) if file.name not in UNDERSTOOD]


@functools.cache  # read when a test asks: every worker collects this module
def code() -> list[Text]:
    return [text for file in FILES if file.suffix == ".py" for text in of_python(file) if not is_sql(text.words)]


@functools.cache
def playbook() -> list[Text]:
    return [text for file in FILES if file.suffix == ".toml" for text in of_toml(file)]


def test_the_texts_were_found() -> None:
    words = " ".join(text.words for text in (*code(), *playbook()))
    for known in (
        "Prepare for a feedback conversation in 2, 5 or 15 minutes",  # help
        "Kept as a draft. Go on with: ",  # a message, and half an f-string
        "Were you put down in front of others?",  # boundary.toml
        "How are you arriving?",  # a script
        "This is your log, not their mind.",  # report.toml
    ):
        assert known in words
    assert "The levels of" not in words  # docstrings of functions are not printed
    assert {text.file for text in playbook()} >= {
        "playbook/boundary.toml", "playbook/demo.toml", "playbook/kinds.toml", "playbook/report.toml",
        "playbook/scripts/prep.toml", "playbook/scripts/debrief.toml", "playbook/scripts/checkin.toml",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["A BULLY.", "burnout", "toxic person", "You  should-report it", "a 7-day streak!"])
def test_the_rule_would_notice(word: str) -> None:
    assert FORBIDDEN.search(word)


@pytest.mark.parametrize("word", ["traumatology", "disordered", "streaked", "detoxify", "you should", "report it"])
def test_the_rule_means_whole_words(word: str) -> None:
    assert not FORBIDDEN.search(word)


@pytest.mark.parametrize("texts", [code, playbook])
def test_no_text_names_what_the_tool_cannot_judge(texts: Callable[[], list[Text]]) -> None:
    assert [(str(text), text.words) for text in texts() if FORBIDDEN.search(text.words)] == []


def test_no_text_shouts() -> None:
    assert [(str(text), text.words) for text in (*code(), *playbook()) if SHOUT.search(text.words)] == []
    assert SHOUT.search("Well done! You kept it.")
    assert SHOUT.search("“Well done!”")


IDIOMS = re.compile(
    r"\b(ink it|pencill?ed|winces?|juggl\w+|pok(e|ing) holes|word has it|on (my|your|their) radar|for your radar"
    r"|(the )?typing off|no homework|touch base|on the same page|ball ?park|low-hanging|heads[- ]up|circle back"
    r"|reach(ed|ing)? out|drop(ped)? the ball|cut corners|end of the day|rule of thumb|fingers crossed"
    r"|thumbs? (up|down)"
    r"|long shot|no-brainer|in the loop|off the table|up in the air|ring (me|you|them)|borrow \w+ minutes"
    r"|in (my|your|their) (chair|shoes)|quick win|deep dive|move the needle|kudos to)\b",
    re.I,
)
"""Said in pictures that a reader in another country has to guess."""

GENDER = re.compile(r"\b(he|she|him|her|his|hers|himself|herself|guys|ladies|gentlemen|chairman|manpower)\b", re.I)
OFFICE = re.compile(
    r"\b(noon|lunch(time)?|close of business|EOD|COB|office hours|this (morning|afternoon|evening))\b", re.I
)
"""A clock that only an office of one country has."""

UNSOURCED = re.compile(
    r"\b(rarely|studies (show|prove)|research (shows|proves)|proven|scientific\w*|most people)\b", re.I
)
COUNTED = re.compile(r"\{(n|count|number|days|weeks|years)\} (?!times)(other )?[a-z]+s\b")
"""A number before a plural: with one it reads wrong, unless it is never one."""
NEVER_ONE = {
    "{count} other conversations lie within a few days of this one. That is a lot; lighter is fine.": 2,
}
VOICES = ("playbook/demo.toml",)
"""Notes of an invented recruiter about people whom that recruiter knows."""


def of_guide(file: Path) -> list[Text]:
    lines = file.read_text("utf-8").splitlines()
    return [Text(str(file.relative_to(SOURCE)), number, line) for number, line in enumerate(lines, 1)]


def guide() -> list[Text]:
    return [text for file in sorted(SOURCE.rglob("guide/*.md")) for text in of_guide(file)]


def said() -> list[Text]:
    return [text for text in playbook() if text.file not in VOICES and not text.file.startswith("playbook/reading")]


def offending(rule: re.Pattern[str], texts: list[Text]) -> list[tuple[str, str]]:
    return [(str(text), text.words) for text in texts if rule.search(text.words)]


def test_no_text_speaks_in_pictures() -> None:
    assert offending(IDIOMS, [*playbook(), *code(), *guide()]) == []
    for words in (
        "Shall I ink it?",
        "would you poke holes in my plan",
        "Word has it",
        "who had just sat in your chair",
    ):
        assert IDIOMS.search(words)


def test_no_text_gives_anybody_a_gender() -> None:
    assert offending(GENDER, said()) == []
    assert GENDER.search("Tell her so.")
    assert not GENDER.search("the other theme")


def test_no_draft_goes_by_the_clock_of_one_office() -> None:
    assert offending(OFFICE, said()) == []
    assert OFFICE.search("before lunch on interview day")
    assert OFFICE.search("by Friday noon")


def test_no_text_claims_what_it_gives_no_source_for() -> None:
    assert offending(UNSOURCED, [*playbook(), *code()]) == []
    assert UNSOURCED.search("help that vanishes is rarely offered twice")


def test_a_number_stands_before_a_plural_only_where_it_is_never_one() -> None:
    files = [tomllib.loads(file.read_text("utf-8")) for file in (SOURCE / "playbook").glob("*.toml")]
    often = {sentence for words in files for sentence in words.get("often", {}).values()}  # said of two and more
    found = {text.words for text in playbook() if COUNTED.search(text.words)} - often

    assert found == set(NEVER_ONE)
    assert list(NEVER_ONE.values()) == [SEVERAL]
    assert COUNTED.search("{weeks} weeks, no match yet")


@pytest.mark.parametrize("level", ["L1", "L2", "L3"])
def test_the_texts_of_the_levels_are_those_of_the_domain_page(level: str) -> None:
    """L2 as contract 6.10 has it: boundaries, self-care and plain business instead of winning anyone over."""
    words = tomllib.loads((SOURCE / "playbook" / "boundary.toml").read_text("utf-8"))["levels"][level]
    begin, end = {
        "L1": ("One thing you noted sounds worth naming.", "Your call."),
        "L2": ("Your notes show this has been hard more than once.", "plain business only."),
        "L3": ("What you noted is serious enough", "I cannot tell you what the law says or what to do."),
    }[level]
    assert words.startswith(begin)
    assert words.endswith(end)
    assert "win this manager over" not in words


def commands() -> list[str]:
    """Every command and subcommand by its words; the program itself is the empty word."""
    root: Any = get_command(app)
    found = [""]
    for entry in CONTENTS:
        inner = getattr(root.commands[entry.name].load(root.params), "commands", {})
        found += [entry.name, *(f"{entry.name} {name}" for name in inner)]
    return found


@pytest.mark.parametrize("name", commands())
def test_the_help_of_every_command_opens_with_an_example(call: Call, name: str) -> None:
    lines = [line.strip() for line in call(*name.split(), "--help").says().splitlines() if line.strip()]
    after_usage = next(place for place, line in enumerate(lines) if line.startswith("Usage: trustlog")) + 1
    example = lines[after_usage]
    words = ["trustlog", *("prep-feedback" if name == "prep" else name).split()]
    assert example.split()[: len(words)] == words
    assert len(example) <= 76  # whole on a line of 80, so that it can be copied
