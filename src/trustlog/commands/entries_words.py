"""The words of an entry, from flags or standard input, as checked values."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

import typer

from trustlog.domain import text
from trustlog.domain.entries import MAX_TEXT
from trustlog.domain.entries import SIZES as KINDS_SIZES
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session

APPROACHES = ("push", "pull")


class EntryWords(NamedTuple):
    """What was typed; None is what was not."""

    manager: str | None = None
    note: str | None = None
    kind: str | None = None
    when: str | None = None
    size: str | None = None
    channel: str | None = None
    req: str | None = None
    tags: list[str] | None = None
    approach: str | None = None
    did: str | None = None
    changed: str | None = None


def fields(words: EntryWords) -> dict[str, Any]:
    """The plain fields that were said, checked. Raises UserError `bad-field`, `bad-text`."""
    said: dict[str, Any] = {}
    if words.size is not None:
        said["size"] = choice(words.size, tuple(KINDS_SIZES), "--size")
    if words.approach is not None:
        said["approach"] = choice(words.approach, APPROACHES, "--approach")
    if words.channel is not None:
        said["channel"] = finding.checked(text.line, words.channel, "the channel")
    if words.tags is not None:
        said["tags"] = tuple(dict.fromkeys(finding.checked(text.tag, tag) for tag in words.tags))
    return said


def choice(value: str, allowed: tuple[str, ...], flag: str) -> str:
    """Raises UserError `bad-field` for anything else."""
    if value.strip().lower() not in allowed:
        takes = f"It takes {' or '.join(word for word in allowed if word)}."
        raise UserError("bad-field", f'{flag} cannot be "{value}"', takes)
    return value.strip().lower()


def numbered(letter: str, commands: Mapping[str, str] = MappingProxyType({})) -> Callable[[str], int]:
    """Reads a number as `finding.number` does, for a word of the command line."""

    def read(typed: str) -> int:
        found = finding.number(typed, letter, commands)
        if found is None:
            raise typer.BadParameter(f"{typed!r} is no number of {finding.CALLED[letter]}.")
        return found

    return read


@contextmanager
def in_sight(session: Session) -> "Iterator[Callable[[str], str]]":
    """Answers given to what this yields are shown once more when Ctrl-C leaves before they are written down."""
    typed: list[str] = []

    def keep(answer: str) -> str:
        typed.append(answer)
        return answer

    try:
        yield keep
    except (KeyboardInterrupt, EOFError):
        if said := [answer for answer in typed if answer.strip()]:
            session.screen.note(f"Not written down: {'; '.join(said)}")
        raise


def standard_input(session: Session) -> str:
    """The note from standard input, less one trailing newline; a terminal is told how to end it.

    Raises UserError `bad-text`.
    """
    if sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        session.screen.note(f"Type it here; {end} on an empty line ends it.")
    # one byte more than allowed tells that there is too much
    raw = sys.stdin.buffer.read(MAX_TEXT + 2)
    try:
        said = raw.decode("utf-8-sig")  # as some editors save a text
    except UnicodeDecodeError as error:
        if len(raw) <= MAX_TEXT + 1:
            raise UserError(
                "bad-text", "standard input is not UTF-8", "Convert it first, with iconv for example."
            ) from error
        said = raw.decode("utf-8", "ignore")  # cut inside a character: too long either way
    return finding.checked(text.checked, said.removesuffix("\n"), "the note")
