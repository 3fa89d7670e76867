"""The words of an entry, from flags, standard input or questions, as checked values."""

import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import typer

from trustlog.commands import people_named
from trustlog.commands.options import choice
from trustlog.commands.people_named import Who
from trustlog.domain import people as people_domain
from trustlog.domain import text
from trustlog.domain.entries import KINDS, SIZES, fitting_kinds, of_one_sign
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session
from trustlog.store import entries
from trustlog.store import people as people_store

APPROACHES = {"push": "it asked for something", "pull": "it asked for nothing"}


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
    literal: bool | None = None
    """Whether the note stood after --, where - is no word for standard input."""

    def named(self, session: Session, *, create: bool) -> "tuple[list[Who], EntryWords]":
        """Those who were named, none if nobody was; asked about as `people_named.found` says. Raises UserError.

        The note gets back what was typed for a name and is none, and leaves out a surname that was given with the name.
        """
        if self.manager is None:
            return [], self
        parts = [part for part in self.manager.split(",") if part.strip()] or [self.manager]
        said = self.note if self.note is not None and len(parts) == 1 else ""
        named = [people_named.found(session, part.strip(), create=create, said=said) for part in parts]
        if not said:
            return named, self
        surname = named[0].word.split()[len(self.manager.split()) :] if named[0].new else []
        if named[0].other:
            return named, self._replace(note=f"{self.manager} {said}")
        rest = said.split(None, len(surname))
        if surname and people_domain.folded(" ".join(surname)) == people_domain.folded(" ".join(rest[: len(surname)])):
            return named, self._replace(note=rest[len(surname)] if rest[len(surname) :] else None)
        return named, self


def who_and_what(session: Session, words: EntryWords, typed: list[str], *, dated: bool = False) -> EntryWords:
    """Who by the longest run of leading words that names somebody, and the rest as the note.

    `dated` also reads a day that stands before who it was, and then is none of the note, or right behind them.
    """
    known = people_store.names(people_named.known_to(session))
    if dated and not people_domain.fitting(typed[0].rstrip(","), known):
        day, rest = people_named.day_in_front(session, typed if len(typed) > 1 else typed[0].split(), known)
        # a whole line may stand in quotes, but "Dana Smith" is no line about Dana, nor "Ana Maria Call" about Ana
        is_line = people_domain.fitting(" ".join(rest[:1]), known) or (len(rest) > 2 and not " ".join(rest).istitle())
        if day or (len(typed) == 1 and is_line and session.reads(" ".join(rest[1:]))):
            typed, words = rest, words._replace(when=day)
    if (spoken := _about_somebody(session, words, typed, known, dated=dated)) is not None:
        return spoken
    while len(typed) > 2 and typed[0].endswith(","):  # dana, marcus as two words
        typed = [f"{typed[0]}{typed[1]}", *typed[2:]]
    before, comma, last = typed[0].rpartition(",")
    count = people_domain.leading([last.strip(), *typed[1:]], known)
    if count == 1 and " " not in typed[0] and not people_domain.fitting(last, known) and session.ask.possible:
        count = people_domain.capitalised(typed)  # asked about before anybody is added
    who = " ".join([last, *typed[1:count]])
    if dated and words.when is None and not session.literal:
        words = words._replace(when=people_named.day_behind(session, typed[count:]))
    literal = session.literal[-1:] == typed[-1:]
    return words._replace(
        manager=f"{before}{comma}{who}", note=" ".join(typed[count:]) if typed[count:] else None, literal=literal
    )


def _about_somebody(
    session: Session, words: EntryWords, typed: list[str], known: Sequence[tuple[str, str]], *, dated: bool
) -> EntryWords | None:
    """`i sent priya profiles` is about the only one whom it names, else about whoever is asked for; None for others."""
    said = typed if len(typed) > 1 else typed[0].split()
    first = said[0].casefold() if said else ""
    if first not in people_named.NO_NAMES or people_named.named_within(said[:1], known) or len(said) == 1:
        return None
    named = people_named.named_within(said[1:], known)
    if dated and words.when is None and not session.literal:
        words = words._replace(when=people_named.day_behind(session, said))
    return words._replace(
        manager=named[0] if len(named) == 1 else None, note=" ".join(said), literal=session.literal[-1:] == typed[-1:]
    )


class Reading(NamedTuple):
    """The kind of an entry as it was read from its words, all that was read, and what is `told` of it.

    `told` may hold the places {ref} and {id}.
    """

    kind: str
    kinds: tuple[str, ...] = ()
    told: str = ""


def read(session: Session, note: str) -> Reading:
    """What kind a note is: asked about at a terminal, else a note with a hint, or taken, as `read_kind` says."""
    how = session.settings["read_kind"]
    kinds = session.reads(note) if how != "off" else ()
    if not kinds:
        return Reading("note")
    words = KINDS[kinds[0]].words
    if how == "take" and of_one_sign(kinds):
        return Reading(kinds[0], kinds, f"Read as {words}. Something else: trustlog edit {{id}} --kind KIND")
    if session.ask.possible:
        return Reading(_asked(session, kinds, note), kinds)
    return Reading("note", kinds, f"It reads like {words}. To keep {{ref}} so: trustlog edit {{id}} --kind {kinds[0]}")


def _asked(session: Session, kinds: tuple[str, ...], note: str) -> str:
    session.ask.remember(note)
    keys = dict(zip(("", "2", "3"), kinds, strict=False)) | {"n": "note", "k": ""}
    whose = {"mine": "you: ", "theirs": "they: ", "joint": ""}
    offered = [f"{whose[KINDS[kind].who]}{KINDS[kind].words}" for kind in kinds]
    choices = [f"{kind} ({key})" for key, kind in zip(("Enter", "2", "3"), offered, strict=False)]
    each = [answer.replace(" ", "\u00a0") for answer in (*choices, "a note (n)", "another (k)")]
    chosen = session.ask.key("\u00a0· ".join(each), keys, flag="--kind")
    if chosen:
        return chosen
    return which(session)


GROUPS = (("mine", "what I did"), ("theirs", "what they did"), ("joint", "what we did together"))
_WHOSE = {"mine": " (you)", "theirs": " (they)", "joint": ""}


def kind_named(session: Session, word: str, note: str = "") -> str:
    """A kind by its name, beginning, alias or meaning; who did it is asked where the word leaves that open.

    It is open, too, where the word begins two kinds and what was noted tells of the other one, as in `praise`.

    Raises UserError `unknown-kind`.
    """
    found = finding.kinds(word, session.kind_words)
    if len(found) == 1 and session.ask.possible and found != (begun := fitting_kinds(word, {})) and found[0] in begun:
        found = begun if set(session.reads(note)) & {*begun} - {*found} else found
    if len(found) == 1:
        return found[0]
    if not session.ask.possible:
        raise finding.who_did_it(word, found)
    from trustlog.ui.ask import Option  # in all of this module only where something is asked

    whose = {"mine": "you", "theirs": "they", "joint": "both"}
    options = [Option(f"{whose[KINDS[kind].who]}: {KINDS[kind].words}", kind) for kind in found]
    return str(session.ask.choose("They or you?", options, flag="--kind"))


def which(session: Session, default: str = "note") -> str:
    """The kind: one of the ten that this journal uses most, or of the others in their groups, behind "more"."""
    from trustlog.ui.ask import Option

    used = [kind for kind in entries.kinds_by_use(session.reading) if kind != "note"]
    top = list(dict.fromkeys(["note", default, *used, *session.playbook.usual_kinds]))[:10]
    # without a heading the name alone does not say whose it is: `promise-missed`
    options = [Option(f"{name}{_WHOSE[KINDS[name].who] if name != 'note' else ''}", name) for name in top]
    more: list[Option] = []
    for who, heading in GROUPS:
        rest = [Option(name, name) for name, kind in KINDS.items() if kind.who == who and name not in top]
        more += [Option(heading), *rest] if rest else []
    return str(session.ask.choose("What kind was it?", options, flag="--kind", default=default, more=more))


def fields(words: EntryWords) -> dict[str, Any]:
    """The plain fields that were said, checked. Raises UserError `bad-field`, `bad-text`."""
    checked: dict[str, Any] = {}
    if words.size is not None:
        checked["size"] = choice(words.size, tuple(SIZES), "--size")
    if words.approach is not None:
        checked["approach"] = choice(words.approach, tuple(APPROACHES), "--approach")
    if words.channel is not None:
        checked["channel"] = finding.checked(text.line, words.channel, "the channel")
    if words.tags is not None:
        checked["tags"] = tuple(dict.fromkeys(finding.checked(text.tag, tag) for tag in words.tags))
    return checked


def numbered(letter: str, commands: Mapping[str, str] = MappingProxyType({})) -> Callable[[str], int]:
    """Reads a number as `finding.number` does, for a word of the command line."""

    def read(typed: str) -> int:
        found = finding.number(typed, letter, commands)
        if found is None:
            raise typer.BadParameter(f"{typed!r} is no number of {finding.CALLED[letter]}.")
        return found

    return read


def standard_input(session: Session) -> str:
    """The note from standard input, less one trailing newline; a terminal is told how to end it.

    Raises UserError `bad-text`.
    """
    if sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        session.screen.note(f"Type it here; {end} on an empty line ends it.")
    # one byte more than allowed tells that there is too much
    raw = sys.stdin.buffer.read(text.MAX_TEXT + 2)
    try:
        note = raw.decode("utf-8-sig")  # as some editors save a text
    except UnicodeDecodeError as error:
        if len(raw) <= text.MAX_TEXT + 1:
            raise UserError(
                "bad-text", "standard input is not UTF-8", "Convert it first, with iconv for example."
            ) from error
        note = raw.decode("utf-8", "ignore")  # cut inside a character: too long either way
    return finding.checked(text.checked, note.removesuffix("\n"), "the note")


WITH_WHOM = "Who was it with?"


def ask_everything(session: Session) -> tuple[list[Who], EntryWords]:
    """Who, what, of which kind, when, how big, and what else there is to say."""
    from trustlog.ui.ask import Option

    ask = session.ask
    named = people_named.asked(session, WITH_WHOM, several=True)
    note, kind = _what(session)
    changed = ask.text("What did it change?", flag="--changed", check=_text) if kind == "praise-given" else ""
    when = ask.text("When was it?", flag="--when", default="now", check=session.problem)
    sizes = (Option("small", "s"), Option("as usual", "m"), Option("large", "l"))
    size = ask.choose("How big was it?", sizes, flag="--size", default="m")
    channel = ask.words("How, or where? (Enter skips)", session.playbook.channels, flag="--channel")
    req = _ask_req(session, named)
    tags = ask.text("Tags, with commas? (Enter skips)", flag="--tag")
    approach = ""
    if KINDS[kind].who == "mine" and kind != "note":
        options = [Option("(skip)", ""), *(Option(f"{name}: {words}", name) for name, words in APPROACHES.items())]
        approach = ask.choose("Did it ask for something?", options, flag="--approach", default="")
    return named, EntryWords(
        note=note, kind=kind, when=when, size=size, channel=channel or None, req=req or None,
        tags=[tag for tag in tags.split(",") if tag.strip()] or None, approach=approach or None,
        changed=changed or None,
    )  # fmt: skip


def ask_what(session: Session, words: EntryWords, named: list[Who]) -> tuple[list[Who], EntryWords]:
    """What happened and of which kind, for somebody who said only with whom. Raises UserError."""
    named = named or people_named.asked(session, WITH_WHOM, several=True)
    note, kind = _what(session)
    return named, words._replace(note=note, kind=kind)


def _what(session: Session) -> tuple[str, str]:
    note = session.ask.text("What happened?", flag="NOTE", check=_text)
    if session.settings["read_kind"] != "off" and session.reads(note):
        return note, read(session, note).kind
    return note, which(session)


def _ask_req(session: Session, named: list[Who]) -> str:
    if len(named) > 1 or named[0].new:
        return ""
    owner = finding.manager(session.reading, named[0].word)
    open_codes = [req.code for req in people_store.reqs(session.reading, owner.id) if req.closed_on is None]
    if not open_codes:
        return ""
    from trustlog.ui.ask import Option

    options = [Option("(skip)", ""), *(Option(code, code) for code in open_codes)]
    return str(session.ask.choose("Which role was it about?", options, flag="--req", default=""))


def _text(typed: str) -> str | None:
    try:
        text.checked(typed)
    except text.BadTextError as error:
        return str(error)
    return None
