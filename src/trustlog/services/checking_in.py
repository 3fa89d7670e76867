"""What the days after ask about, and how a gut feeling compares with the log."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from trustlog.domain import trust
from trustlog.domain.conversation import Due, due
from trustlog.domain.model import Manager
from trustlog.domain.reading import read
from trustlog.store import entries, talks
from trustlog.store.journal import Journal

GUT_EVERY = timedelta(days=30)
APART = 0.25
"""A gut and a log this far apart are worth a question."""


class Gut(NamedTuple):
    """A gut feeling from 0 to 1 beside what the log says; the gut never enters the log."""

    gut: float
    log: trust.Opinion
    apart: bool


def all_due(journal: Journal, on: date) -> list[Due]:
    """Every conversation that a check-in would ask about, the longest waiting first."""
    found = [due(one, on) for one in reversed(talks.all_talks(journal))]
    return [one for one in found if one.anything]


def asks(journal: Journal, manager: Manager, found: Due | None, on: date) -> dict[str, Any]:
    """What to ask of one manager's last conversation, and now and then for a gut feeling."""
    wanted = list(found.words) if found else []
    guts = [
        one.on
        for talk in talks.all_talks(journal, manager.id)
        for one in talk.sittings
        if one.answers.get("gut") is not None
    ]
    if max(guts, default=date.min) + GUT_EVERY <= on if guts else True:
        wanted.append("gut")
    return {
        "asks": wanted,
        "undecided": list(found.undecided) if found else [],
        "follow_up": list(found.follow_up) if found else [],
        "tell_them": list(found.tell_them) if found else [],
    }


def compare(journal: Journal, manager: Manager, gut: int, on: date, parameters: trust.Parameters) -> Gut:
    """A gut feeling of 1 to 5 beside the log's estimate."""
    reading = read(entries.facts(journal, manager.id), on, parameters)
    share = (gut - 1) / 4
    return Gut(share, reading.overall, abs(share - reading.overall.e) > APART)
