"""The words of an entry, from flags, standard input, the editor or questions, as values."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from trustlog.domain import text
from trustlog.domain.kinds import SIZES
from trustlog.domain.model import MAX_TEXT
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services.adding import Telling
from trustlog.session import Session

APPROACHES = ("push", "pull")


class Words(NamedTuple):
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


def telling(session: Session, words: Words, *, editor: bool, **more: Any) -> Telling:
    """What `add` was told, asked for where a person is there to answer. Raises UserError."""
    if not editor and words.note is None and words.kind is None and not words.did and session.ask.possible:
        from trustlog.commands.words.entry_questions import ask_everything, ask_what

        words = ask_everything(session) if words == Words() else ask_what(session, words, create=more["create"])
    who = words.manager if words.manager is not None else session.ask.text("Who was it with?", flag="MANAGER")
    kind = session.kind(words.kind) if words.kind is not None else "note"
    managers = tuple(part.strip() for part in who.split(",") if part.strip()) or (who,)
    # what can be refused is refused before a person writes at length
    when = session.moment(words.when) if words.when is not None else session.now
    said = fields(words)
    if editor and not more["create"]:
        for one in managers:
            finding.manager(session.store, one)
    return Telling(
        managers=managers,
        kind=kind,
        when=when,
        note=_note(session, words, kind, editor),
        req=words.req,
        did=words.did,
        changed=words.changed,
        **said,
        **more,
    )


def fields(words: Words) -> dict[str, Any]:
    """The plain fields that were said, checked. Raises UserError `bad-field`, `bad-text`."""
    said: dict[str, Any] = {}
    if words.size is not None:
        said["size"] = choice(words.size, tuple(SIZES), "--size")
    if words.approach is not None:
        said["approach"] = choice(words.approach, APPROACHES, "--approach")
    if words.channel is not None:
        said["channel"] = finding.checked(text.line, words.channel, "the channel")
    if words.tags is not None:
        said["tags"] = tuple(dict.fromkeys(finding.checked(text.tag, one) for one in words.tags))
    return said


def choice(value: str, allowed: tuple[str, ...], flag: str) -> str:
    """Raises UserError `bad-field` for anything else."""
    if value.strip().lower() not in allowed:
        takes = f"It takes {' or '.join(word for word in allowed if word)}."
        raise UserError("bad-field", f'{flag} cannot be "{value}"', takes)
    return value.strip().lower()


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
        said = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(raw) <= MAX_TEXT + 1:
            raise UserError(
                "bad-text", "standard input is not UTF-8", "Convert it first, with iconv for example."
            ) from error
        said = raw.decode("utf-8", "ignore")  # cut inside a character: too long either way
    return finding.checked(text.checked, said.removesuffix("\n"), "the note")


def _note(session: Session, words: Words, kind: str, editor: bool) -> str:
    if words.note == "-":
        return standard_input(session)
    if editor:
        return finding.checked(text.checked, session.editor.text(words.note or "", flag="NOTE"), "the note")
    if words.note is not None:
        return finding.checked(text.checked, words.note, "the note")
    if kind == "note" and not words.did:
        return session.ask.text("What happened?", flag="NOTE")
    if kind == "praise-given" and not words.did and session.ask.possible:
        return session.ask.text("What did they do?", flag="NOTE")
    return ""
