"""Who is meant where a manager is named: one of the journal, or somebody new; and words that are missing."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Annotated, Any, NamedTuple

import typer

from trustlog.domain import people as people_domain
from trustlog.domain.days import DAY_NAMES, MOST_WORDS, PERSONS, SPOKEN, is_a_while, told_days
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session
from trustlog.store import people as people_store
from trustlog.store.journal import Journal

Create = Annotated[bool, typer.Option("--create", help="Add the manager if there is none.")]


class Who(NamedTuple):
    """One who is meant: the handle, or the name of somebody `new` who is to be added."""

    word: str
    new: bool = False
    other: bool = False
    """Whether the word that was typed names somebody else or nobody, so that it is part of what was said."""


def manager(session: Session, typed: str | None, *, create: bool = False, message: str = "Who is it with?") -> Manager:
    """The manager that was named, or asked for; somebody new is added, as a change of its own. Raises UserError."""
    who = found(session, typed, create=create) if typed is not None else asked(session, message)[0]
    if not who.new:
        return finding.manager(known_to(session), who.word)
    from trustlog.services import people  # only when somebody new is met

    return people.add_manager(session.store, who.word, None, {})


def known(session: Session, typed: str | None) -> Manager:
    """The manager that was named, as they stand in the journal; asked for where nobody was. Raises UserError."""
    return finding.manager(session.reading, typed) if typed is not None else manager(session, None)


def one_known(session: Session, message: str) -> str:
    """A manager of the journal, asked for. Raises UserError `needs-answer` where nobody is in it yet."""
    if not people_store.names(session.reading):
        raise UserError("needs-answer", "nobody is in the journal yet", 'Begin with: trustlog manager add "Dana Ortiz"')
    return name_typed(session, message, lambda typed: somebody(typed) or unknown(session.reading, typed))


def name_typed(session: Session, message: str, check: Callable[[str], str | None], *, flag: str = "MANAGER") -> str:
    """What is typed where a manager is asked for; the handles that the journal knows complete it."""
    handles = [handle for handle, _ in people_store.names(session.reading)]
    session.screen.aside(f"Tab completes: {', '.join(handles[:8])}" if handles and session.ask.possible else "")
    return session.ask.words(message, handles, flag=flag, check=check)


def asked(session: Session, message: str, *, several: bool = False, said: str = "") -> list[Who]:
    """Ask for a manager, or for several with commas, until all of them are known or wanted as new.

    What was `said` before is shown once more where nobody is named.
    """
    session.ask.remember(said)
    while True:
        typed = name_typed(session, message, somebody)
        try:
            return each(session, typed.split(",") if several else [typed], create=False)
        except UserError as error:
            session.screen.note(error.sentence)


def each(session: Session, typed: Iterable[str], *, create: bool) -> list[Who]:
    """Those who are named, each as `found` says."""
    return [found(session, word.strip(), create=create) for word in typed if word.strip()]


def found(session: Session, typed: str, *, create: bool, said: str = "") -> Who:
    """Who is meant. At a terminal it is asked which of several, and whether somebody new is to be added.

    Whoever is named in what was `said` after it is offered before somebody new.

    Raises UserError `unknown-manager`, `ambiguous-manager`.
    """
    journal = known_to(session)
    try:
        return Who(finding.manager(journal, typed).handle)
    except UserError as error:
        if error.code == "unknown-manager" and create:
            return Who(typed, new=True)
        if not session.ask.possible or not typed.strip():
            raise
        known = people_store.names(journal)
        if error.code == "ambiguous-manager":
            return _which(session, typed, people_domain.fitting(typed, known), dict(known))
        session.ask.remember(f"{typed} {said}")
        within = named_within(said.split(), known)
        near = [handle for handle in finding.alike(typed, known) if handle not in within]
        return _somebody_new(session, typed, said, within, near, dict(known))


def known_to(session: Session) -> Journal:
    """The journal to look names up in; a home without one is not given an empty one for that."""
    return session.store if session.file.exists() else session.reading


def day_in_front(session: Session, typed: list[str], known: Sequence[tuple[str, str]]) -> tuple[str | None, list[str]]:
    """The day before who it was, as in `on tuesday priya called`, and the other words; None where none stands there.

    Somebody new is expected behind plain words for a day alone: "Sun Li" is a name.
    """
    for count in range(min(MOST_WORDS, len(typed) - 1), 0, -1):
        day = " ".join(typed[:count]).rstrip(",:")
        follows = typed[0].casefold() in SPOKEN or people_domain.fitting(typed[count].partition(",")[0], known)
        if follows and not is_a_while(day):
            with suppress(UserError):
                session.moment(day)
                return day, typed[count:]
    return None, typed


def day_behind(session: Session, said: list[str]) -> str | None:
    """The day that the note begins or ends with, as in `dana yesterday called`; what is still to come is none."""
    told = told_days(said, lambda: bool(session.reads(" ".join(said))))
    return next((day for day in told if session.problem(day) is None), None)


def named_within(typed: Sequence[str], known: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The handles of those who are named by a whole handle or a whole part of a name among the words."""
    said = {people_domain.folded(word.removesuffix("'s").strip(".,:;!?")) for word in typed}
    return tuple(handle for handle, name in known if said & {handle, *people_domain.folded(name).split()})


NO_NAMES = PERSONS | {
    "i'm", "me", "my", "us", "our", "him", "his", "her", "them", "their", "was", "were", "is", "had", "the", "a",
    "today", "tonight", "tomorrow", "yesterday", "last", "this", *map(str.lower, DAY_NAMES),
}  # fmt: skip
"""What is never the name of somebody new."""


def _which(session: Session, typed: str, handles: Iterable[str], names: dict[str, str]) -> Who:
    from trustlog.ui.ask import Option  # only where something is asked

    options = [Option(f"{names[handle]} ({handle})", handle) for handle in handles]
    return Who(session.ask.choose(f"Which {typed} is it?", options, flag="MANAGER"))


def _somebody_new(
    session: Session, typed: str, said: str, within: Sequence[str], near: Sequence[str], names: dict[str, str]
) -> Who:
    """One who is named `within` what was said, one of a like name, somebody new, or whoever is asked for then."""
    from trustlog.ui.ask import Option  # only where something is asked

    unknown = f"{typed} is not in your journal yet."
    if within or near:
        known = [Option(f"{names[handle]} ({handle})", handle) for handle in (*within, *near)]
        others = [Option(f"{typed} is new: add this manager", 1), Option("somebody else", 2)]
        about = f"Is this about {people_domain.first_name(names[within[0]], within[0])}?" if within else "Who is it?"
        chosen = session.ask.choose(f"{unknown} {about}", [*known, *others], flag="MANAGER")
        if chosen not in (1, 2):
            return Who(chosen, other=chosen in within)
        new = chosen == 1
    else:
        new = session.ask.confirm(f"{unknown} Add this manager?", flag="--create", default=True)
    if not new:
        return asked(session, "Who is it?")[0]._replace(other=True)
    if " " in typed and not typed.islower():
        return Who(typed, new=True)
    first = typed.title() if typed.islower() else typed
    offered = f"{first} {_surname(session, said).title()}".strip()
    name = session.ask.text("The whole name:", flag="MANAGER", default=offered, check=somebody)
    if name.strip().casefold() in ("y", "yes"):
        name = offered
    elif name.startswith(" "):  # as if behind the first name that stands there
        name = first + name
    name = people_domain.spaced(name)
    folded = people_domain.folded
    same = [handle for handle, known in names.items() if folded(name) in (handle, folded(known))]
    return Who(same[0], other=True) if same else Who(name, new=True)


def _surname(session: Session, said: str) -> str:
    """The first of the words behind a name, if it is none that notes hold and the others read: `ortiz called back`."""
    from trustlog.domain.entries_doer import may_be_surname  # only where somebody new is met

    word, _, rest = said.partition(" ")
    return word if may_be_surname(word.lower(), session.playbook.readings) and session.reads(rest) else ""


def somebody(typed: str) -> str | None:
    """What is wrong with an answer that must name somebody, for a question that is asked again."""
    return None if typed.strip(" ,") else "A name, or a handle."


def unknown(journal: Journal, typed: str) -> str | None:
    """Why an answer names nobody of the journal, for a question that is asked again; an empty one is fine."""
    try:
        finding.manager(journal, typed) if typed.strip() else None
    except UserError as error:
        return error.sentence
    return None


def detail_asked(session: Session, manager: Manager) -> dict[str, Any]:
    """One field of a manager with what it says from now on, asked for. Raises UserError."""
    from trustlog.domain.outcomes import DETAILS  # with all that large commands answer, only where something is asked
    from trustlog.ui.ask import Option

    said = {"name": manager.name, **{name: getattr(manager, name) for name in DETAILS}}
    said["public_praise_ok"] = {True: "yes", False: "no", None: None}[manager.public_praise_ok]
    words = {name: name.replace("_", " ") for name in said}
    choices = [Option(f"{words[name]}: {known or '–'}", name) for name, known in said.items()]
    name = session.ask.choose("What changes?", choices, flag="--team")
    return {name: session.ask.text(f"{words[name].capitalize()}:", flag="--team", default=said[name] or "")}
