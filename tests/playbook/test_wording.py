"""The wording rules: what the tool can print names events, judges nobody, promises nothing and never shouts."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from typer.main import get_command

import trustlog
from trustlog.app import CONTENTS, app

if TYPE_CHECKING:
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


def docstrings(tree: ast.Module) -> set[ast.Constant]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(first.value)
    return found


def notes_on_names(tree: ast.Module) -> set[ast.Constant]:
    """The bare strings that stand below a name to explain it; nobody is shown them."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def is_help(node: ast.FunctionDef) -> bool:
    """Whether a function is a command: its first argument is Typer's context, so its docstring is its help."""
    return bool(node.args.args) and node.args.args[0].arg == "ctx"


def of_python(file: Path) -> list[Text]:
    tree = ast.parse(file.read_text("utf-8"))
    silent = docstrings(tree) | notes_on_names(tree)
    if file.parent.name == "commands":
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and is_help(node):
                silent -= docstrings(ast.Module([node], []))
    name = str(file.relative_to(SOURCE))
    return [
        Text(name, node.lineno, node.value)
        for node in ast.walk(tree)
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


CODE = [text for file in sorted(SOURCE.rglob("*.py")) for text in of_python(file) if not is_sql(text.words)]
PLAYBOOK = [text for file in sorted(SOURCE.rglob("*.toml")) for text in of_toml(file)]


def test_the_texts_were_found() -> None:
    words = " ".join(text.words for text in (*CODE, *PLAYBOOK))
    for known in (
        "Prepare for a feedback conversation in 2, 5 or 15 minutes",  # help
        "Kept as a draft. Go on with: trustlog ",  # a message, and half an f-string
        "Were you put down in front of others?",  # boundary.toml
        "How are you arriving?",  # a script
        "This is your log, not their mind.",  # report.toml
    ):
        assert known in words
    assert "The levels of" not in words  # docstrings of functions are not printed
    assert {text.file for text in PLAYBOOK} >= {
        "playbook/boundary.toml", "playbook/demo.toml", "playbook/kinds.toml", "playbook/report.toml",
        "playbook/scripts/prep.toml", "playbook/scripts/debrief.toml", "playbook/scripts/checkin.toml",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["A BULLY.", "burnout", "toxic person", "You  should-report it", "a 7-day streak!"])
def test_the_rule_would_notice(word: str) -> None:
    assert FORBIDDEN.search(word)


@pytest.mark.parametrize("word", ["traumatology", "disordered", "streaked", "detoxify", "you should", "report it"])
def test_the_rule_means_whole_words(word: str) -> None:
    assert not FORBIDDEN.search(word)


@pytest.mark.parametrize("texts", [CODE, PLAYBOOK], ids=["code", "playbook"])
def test_no_text_names_what_the_tool_cannot_judge(texts: list[Text]) -> None:
    assert [(str(text), text.words) for text in texts if FORBIDDEN.search(text.words)] == []


def test_no_text_shouts() -> None:
    assert [(str(text), text.words) for text in (*CODE, *PLAYBOOK) if SHOUT.search(text.words)] == []
    assert SHOUT.search("Well done! You kept it.")
    assert SHOUT.search("“Well done!”")


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
