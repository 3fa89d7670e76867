"""Boundary checks: keeping them, and what follows from them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trustlog.domain import boundaries
from trustlog.domain.people import Manager
from trustlog.domain.text import filled
from trustlog.store import private as private_store
from trustlog.store.journal import Journal

Words = Mapping[str, Any]


def record(journal: Journal, manager: Manager, on: date, answers: Mapping[str, bool]) -> None:
    """Keep what was answered about a day, as one change."""
    with journal.change("boundary", manager.handle):
        with journal.unrecorded():
            private_store.drop_check_draft(journal, manager.id)
        private_store.add_check(journal, manager.id, on, answers)


def keep(journal: Journal, manager: Manager, on: date, answers: Mapping[str, bool]) -> None:
    """Keep what was answered so far as a draft."""
    with journal.draft():
        private_store.keep_check_draft(journal, manager.id, on, answers)


def let_go(journal: Journal, manager: Manager) -> None:
    """Let go of a draft."""
    with journal.draft():
        private_store.drop_check_draft(journal, manager.id)


def clear(journal: Journal, manager: Manager, on: date) -> None:
    """Keep that the recruiter lifts the restriction, as one change."""
    with journal.change("boundary --clear", manager.handle):
        private_store.clear_level(journal, manager.id, on)


def told(journal: Journal, manager: Manager, on: date, words: Words, own: Words) -> boundaries.Told:
    """What the notes with a manager come to on a day; `own` is the recruiter's own page, or nothing of it."""
    history = private_store.boundary_notes(journal, manager.id)
    standing = boundaries.standing(history, on)
    restricted = boundaries.restriction(history, on) is not None
    text, private = (_text(_level(words, standing, restricted), words, manager, standing, one) for one in ({}, own))
    unsure = {"line_crossed": "not_sure"} if standing.level == "L1" else {}
    notes = tuple((day, words["short"][unsure.get(question, question)]) for day, question in standing.notes)
    return boundaries.Told(manager.handle, standing, restricted, text, private, notes)


def support(words: Words, own: Words) -> str:
    """The support page, with one's own people where they may be named."""
    page = words["support"]
    people = [one["name"] for one in own.get("comfort_people", [])] + own.get("seniors", []) + own.get("contacts", [])
    named = [filled(page["people"], {"people": ", ".join(people)})] if people else []
    return "\n\n".join([page["page"], *named, page["crisis"]])


def _level(words: Words, standing: boundaries.Standing, restricted: bool) -> str:
    """What is said at the level, as far as it is true."""
    text: str = words["levels"].get(standing.level, words["none_yet"])
    if len({day for day, _ in standing.notes}) == 1:
        text = text.replace(words["hard_often"], words["hard_once"])
    return text if restricted else text.replace(words["while_restricted"], "").rstrip()


def _text(text: str, words: Words, manager: Manager, standing: boundaries.Standing, own: Words) -> str:
    seniors = " or ".join(own.get("seniors", [])) or words["people"]["senior"]
    contacts = ", ".join([*own.get("seniors", []), *own.get("contacts", [])]) or words["people"]["contacts"]
    text = filled(text, {"senior": seniors, "contacts": contacts, "handle": manager.handle})
    return f"{text}\n{words['support_line']}" if standing.level != "L0" or standing.impact else text
