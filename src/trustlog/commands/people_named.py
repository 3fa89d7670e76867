"""Who is meant where a manager is named: one of the journal, one of two, or somebody new."""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

import typer

from trustlog.domain import people as people_domain
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


def manager(session: Session, typed: str | None, *, create: bool = False, message: str = "Who is it with?") -> Manager:
    """The manager that was named, or asked for; somebody new is added, as a change of its own. Raises UserError."""
    who = found(session, typed, create=create) if typed is not None else asked(session, message)[0]
    if not who.new:
        return finding.manager(known_to(session), who.word)
    from trustlog.services import people  # only when somebody new is met

    return people.add_manager(session.store, who.word, None, {})


def asked(session: Session, message: str, *, several: bool = False) -> list[Who]:
    """Ask for a manager, or for several with commas, until all of them are known or wanted as new."""
    handles = [handle for handle, _ in people_store.names(session.reading)]
    session.screen.aside(f"Tab completes: {', '.join(handles[:8])}" if handles and session.ask.possible else "")
    while True:
        typed = session.ask.words(message, handles, flag="MANAGER", check=_somebody)
        try:
            return each(session, typed.split(",") if several else [typed], create=False)
        except UserError as error:
            session.screen.note(error.sentence)


def each(session: Session, typed: Iterable[str], *, create: bool) -> list[Who]:
    """Those who are named, each as `found` says."""
    return [found(session, word.strip(), create=create) for word in typed if word.strip()]


def found(session: Session, typed: str, *, create: bool) -> Who:
    """Who is meant. At a terminal it is asked which of several, and whether somebody new is to be added.

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
        return _somebody_new(session, typed, finding.alike(typed, known), dict(known), error)


def known_to(session: Session) -> Journal:
    """The journal to look names up in; a home without one is not given an empty one for that."""
    return session.store if session.file.exists() else session.reading


def _which(session: Session, typed: str, handles: Iterable[str], names: dict[str, str]) -> Who:
    from trustlog.ui.ask import Option  # only where something is asked

    options = [Option(f"{names[handle]} ({handle})", handle) for handle in handles]
    return Who(session.ask.choose(f"Which {typed} is it?", options, flag="MANAGER"))


def _somebody_new(session: Session, typed: str, near: Iterable[str], names: dict[str, str], error: UserError) -> Who:
    """Somebody of a like name, or new; the refusal stands where it is neither."""
    from trustlog.ui.ask import Option  # only where something is asked

    if alike := [Option(f"{names[handle]} ({handle})", handle) for handle in near]:
        new = Option(f"{typed} is new: add this manager", "")
        chosen = session.ask.choose(f"{typed} is not in your journal yet. Who is it?", [*alike, new], flag="MANAGER")
        return Who(chosen) if chosen else Who(typed, new=True)
    if session.ask.confirm(f"{typed} is not in your journal yet. Add this manager?", flag="--create", default=True):
        return Who(typed, new=True)
    raise error


def _somebody(typed: str) -> str | None:
    return None if typed.strip(" ,") else "A name, or a handle."
