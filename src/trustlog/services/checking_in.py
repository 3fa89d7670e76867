"""What the days after ask about, and how a gut feeling compares with the log."""

from datetime import date, timedelta
from typing import Any

from trustlog.domain.conversations.conversation import Conversation, Due, due
from trustlog.domain.conversations.gut import Gut, gut
from trustlog.domain.model import Manager
from trustlog.domain.standing import trust
from trustlog.domain.standing.reading import TREND_DAYS, read
from trustlog.services import standing
from trustlog.store import talks
from trustlog.store.journal import Journal

GUT_EVERY = timedelta(days=30)


def all_due(journal: Journal, on: date) -> list[Due]:
    """Every conversation that a check-in would ask about, the longest waiting first."""
    found = [due(one, on) for one in reversed(talks.all_talks(journal))]
    return [one for one in found if one.anything]


def asks(journal: Journal, manager: Manager, found: Due | None, on: date) -> dict[str, Any]:
    """What to ask of one manager's last conversation, and now and then for a gut feeling."""
    wanted = list(found.asks) if found else []
    guts = [
        one.on
        for talk in talks.all_talks(journal, manager.id)
        for one in talk.sittings
        if one.answers.get("gut") is not None
    ]
    # the morning after is about the recruiter; the gut has time
    if "next-day" not in wanted and (not guts or max(guts) + GUT_EVERY <= on):
        wanted.append("gut")
    return {
        "asks": wanted,
        "undecided": list(found.undecided) if found else [],
        "follow_up": list(found.follow_up) if found else [],
        "tell_them": list(found.tell_them) if found else [],
    }


def compared(
    journal: Journal, manager: Manager, talk: Conversation, on: date, parameters: trust.Parameters
) -> Gut | None:
    """The gut feeling of the last check-in beside the log, if one was given."""
    last = talk.sitting("checkin")
    score = last.answers.get("gut") if last else None
    if score is None:
        return None
    facts, base = standing.past(journal, manager.id, on - timedelta(days=TREND_DAYS), parameters)
    return gut(score, read(facts, on, parameters, base).overall)
