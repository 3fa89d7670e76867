"""What `add` asks when nothing, or only a manager, was given, in the order in which a person tells it."""

from collections.abc import Callable

from trustlog.commands import people_named
from trustlog.commands.entries_words import APPROACHES, EntryWords, in_sight, read, which
from trustlog.commands.people_named import Who
from trustlog.domain import text
from trustlog.domain.entries import KINDS
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session
from trustlog.store import people, undo
from trustlog.ui.ask import Option
from trustlog.view import entries

WITH_WHOM = "Who was it with?"


SIZES = (Option("small", "s"), Option("as usual", "m"), Option("large", "l"))
SKIP = Option("(skip)", "")


def ask_everything(session: Session) -> tuple[list[Who], EntryWords]:
    """Who, what, of which kind, when, how big, and what else there is to say."""
    with in_sight(session) as keep:
        return _everything(session, keep)


def ask_what(session: Session, words: EntryWords, named: list[Who]) -> tuple[list[Who], EntryWords]:
    """What happened and of which kind, for somebody who said only with whom. Raises UserError."""
    named = named or people_named.asked(session, WITH_WHOM, several=True)
    with in_sight(session) as keep:
        note, kind = _what(session, keep)
    return named, words._replace(note=note, kind=kind)


def _what(session: Session, keep: Callable[[str], str]) -> tuple[str, str]:
    note = keep(session.ask.text("What happened?", flag="NOTE", check=_text))
    if session.settings["read_kind"] != "off" and session.reads(note):
        return note, read(session, note).kind
    return note, which(session)


def _everything(session: Session, keep: Callable[[str], str]) -> tuple[list[Who], EntryWords]:
    ask = session.ask
    named = people_named.asked(session, WITH_WHOM, several=True)
    note, kind = _what(session, keep)
    changed = keep(ask.text("What did it change?", flag="--changed", check=_text)) if kind == "praise-given" else ""
    when = ask.text("When was it?", flag="--when", default="now", check=session.problem)
    size = ask.choose("How big was it?", SIZES, flag="--size", default="m")
    channel = ask.words("How, or where? (Enter skips)", session.playbook.channels, flag="--channel")
    req = _ask_req(session, named)
    tags = ask.text("Tags, with commas? (Enter skips)", flag="--tag")
    approach = ""
    if KINDS[kind].who == "mine" and kind != "note":
        asked = [
            SKIP,
            *(Option(words, name) for name, words in zip(APPROACHES, _APPROACH_WORDS, strict=True)),
        ]
        approach = ask.choose("Did it ask for something?", asked, flag="--approach", default="")
    return named, EntryWords(
        note=note, kind=kind, when=when, size=size, channel=channel or None, req=req or None,
        tags=[tag for tag in tags.split(",") if tag.strip()] or None, approach=approach or None,
        changed=changed or None,
    )  # fmt: skip


_APPROACH_WORDS = ("push: it asked for something", "pull: it asked for nothing")


def _ask_req(session: Session, named: list[Who]) -> str:
    if len(named) > 1 or named[0].new:
        return ""
    owner = finding.manager(session.reading, named[0].word)
    open_codes = [req.code for req in people.reqs(session.reading, owner.id) if req.closed_on is None]
    if not open_codes:
        return ""
    options = [SKIP, *(Option(code, code) for code in open_codes)]
    return str(session.ask.choose("Which role was it about?", options, flag="--req", default=""))


def _text(typed: str) -> str | None:
    try:
        text.checked(typed)
    except text.BadTextError as error:
        return str(error)
    return None


def agreed_to_undo(session: Session, count: int, *, undone: bool = False) -> bool:
    """Whether the changes that would go, or come again, may. Raises UserError `conflict` if others came meanwhile."""
    coming = undo.changes(session.reading, count, undone=undone)
    if len(coming) < 2:
        return True
    if session.ask.possible:
        session.screen.note(entries.changes((coming, []), session.screen.look._replace(color=False)))
    question = f"Do these {len(coming)} changes again?" if undone else f"Take back these {len(coming)} changes?"
    if not session.ask.confirm(question, flag="--yes"):
        return False
    if undo.changes(session.store, count, undone=undone) != coming:
        raise UserError("conflict", "something else was written meanwhile", "See: trustlog undo --list")
    return True
