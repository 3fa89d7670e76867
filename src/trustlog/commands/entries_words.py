"""The words of an entry as values: from flags, standard input, the editor or questions."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from trustlog.domain import text
from trustlog.domain.entries import MAX_TEXT
from trustlog.domain.kinds import KINDS
from trustlog.domain.kinds import SIZES as KINDS_SIZES
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services.entries import Telling
from trustlog.session import Session
from trustlog.store import entries, people
from trustlog.ui.ask import Check, Option

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


def entry_draft(session: Session, words: EntryWords, *, editor: bool, **more: Any) -> Telling:
    """What `add` was told, asked for where a person is there to answer. Raises UserError."""
    if not editor and words.note is None and words.kind is None and not words.did and session.ask.possible:
        words = ask_everything(session) if words == EntryWords() else ask_what(session, words, create=more["create"])
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


def _note(session: Session, words: EntryWords, kind: str, editor: bool) -> str:
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


GROUPS = (("mine", "what I did"), ("theirs", "what they did"), ("joint", "what we did together"))
_WHOSE = {"mine": " (you)", "theirs": " (they)", "joint": ""}
SIZES = (Option("small", "s"), Option("as usual", "m"), Option("large", "l"))
SKIP = Option("(skip)", "")


def ask_everything(session: Session) -> EntryWords:
    """Who, what, of which kind, when, how big, and what else there is to say."""
    with in_sight(session) as keep:
        return _everything(session, keep)


def ask_what(session: Session, words: EntryWords, *, create: bool) -> EntryWords:
    """What happened and of which kind, for somebody who said only with whom. Raises UserError."""
    if words.manager is None:
        words = words._replace(manager=_who(session))
    elif not create:  # before anything is typed that would be lost
        for who in filter(str.strip, words.manager.split(",")):
            finding.manager(session.reading, who)
    with in_sight(session) as keep:
        note, kind = _what(session, keep)
    return words._replace(note=note, kind=kind)


def _who(session: Session) -> str:
    handles = [handle for handle, _ in people.names(session.reading)]
    session.screen.aside(f"Tab completes: {', '.join(handles[:8])}" if handles else "")
    return session.ask.words("Who was it with?", handles, flag="MANAGER", check=_each(session))


def _what(session: Session, keep: Callable[[str], str]) -> tuple[str, str]:
    note = keep(session.ask.text("What happened?", flag="NOTE", check=_text))
    return note, session.ask.choose("What kind was it?", kinds(session), flag="--kind", default="note")


def _everything(session: Session, keep: Callable[[str], str]) -> EntryWords:
    ask = session.ask
    who = _who(session)
    note, kind = _what(session, keep)
    changed = keep(ask.text("What did it change?", flag="--changed", check=_text)) if kind == "praise-given" else ""
    when = ask.text("When was it?", flag="--when", default="now", check=session.problem)
    size = ask.choose("How big was it?", SIZES, flag="--size", default="m")
    channel = ask.words("How, or where? (Enter skips)", session.playbook.channels, flag="--channel")
    req = _ask_req(session, who)
    tags = ask.text("Tags, with commas? (Enter skips)", flag="--tag")
    approach = ""
    if KINDS[kind].who == "mine" and kind != "note":
        asked = [
            SKIP,
            *(Option(words, name) for name, words in zip(APPROACHES, _APPROACH_WORDS, strict=True)),
        ]
        approach = ask.choose("Did it ask for something?", asked, flag="--approach", default="")
    return EntryWords(
        manager=who, note=note, kind=kind, when=when, size=size, channel=channel or None, req=req or None,
        tags=[tag for tag in tags.split(",") if tag.strip()] or None, approach=approach or None,
        changed=changed or None,
    )  # fmt: skip


_APPROACH_WORDS = ("push: it asked for something", "pull: it asked for nothing")


def kinds(session: Session) -> list[Option]:
    """The ten kinds this journal uses most, then the others in their groups."""
    used = [kind for kind in entries.kinds_by_use(session.reading) if kind != "note"]
    top = ["note", *dict.fromkeys([*used, *session.playbook.usual_kinds])][:10]
    # a promise missed is whose? the ten on top stand under no heading
    options = [Option(f"{name}{_WHOSE[KINDS[name].who] if name != 'note' else ''}", name) for name in top]
    for who, heading in GROUPS:
        rest = [Option(name, name) for name, kind in KINDS.items() if kind.who == who and name not in top]
        options += [Option(heading), *rest] if rest else []
    return options


def _ask_req(session: Session, who: str) -> str:
    first = finding.manager(session.reading, who.split(",", maxsplit=1)[0])
    open_codes = [req.code for req in people.reqs(session.reading, first.id) if req.closed_on is None]
    if not open_codes or "," in who:
        return ""
    options = [SKIP, *(Option(code, code) for code in open_codes)]
    return str(session.ask.choose("Which role was it about?", options, flag="--req", default=""))


def _each(session: Session) -> Check:
    def check(typed: str) -> str | None:
        try:
            for who in typed.split(","):
                finding.manager(session.reading, who)
        except UserError as error:
            return f"{error.message}. {error.hint}"
        return None

    return check


def _text(typed: str) -> str | None:
    try:
        text.checked(typed)
    except text.BadTextError as error:
        return str(error)
    return None
