"""The page before a meeting as JSON, whole; nothing of the second drawer."""

from typing import Any

from trustlog.domain.agreements.agreement import Agreement
from trustlog.domain.coaching.briefing import Briefing, open_points, pending, waits_for
from trustlog.domain.conversations.conversation import Conversation, visible_answers
from trustlog.view import data as values


def page(brief: Briefing) -> dict[str, Any]:
    last = brief.last_contact
    return {
        "manager": values.manager(brief.manager), "as_of": brief.at.date().isoformat(),
        "last_contact": last.happened_on.isoformat() if last else None,
        "conversation": _conversation(brief.talk) if brief.talk else None,
        "loops": [values.commitment(one, brief.at) for one in brief.loops],
        "unthanked": [
            {"source": one.source, "id": one.id, "on": one.at.date().isoformat(), "what": one.what, "req": one.req}
            for one in brief.unthanked
        ],
        "agreements": [_settled(one) for one in brief.agreements],
        "points": [
            {
                "text": one.text, "decision": one.decision, "due": one.due.isoformat() if one.due else None,
                "on": one.on.isoformat(),
            }
            for one in brief.points
        ],
        "entries": [values.entry(one) for one in brief.entries],
        "opening": brief.opening,
    }  # fmt: skip


def _conversation(one: Conversation) -> dict[str, Any]:
    return {
        "id": one.id, "manager": one.manager, "state": one.state, "minutes": one.minutes,
        "planned_for": one.planned_for.isoformat() if one.planned_for else None,
        "about": one.about, "answers": {"prep": visible_answers(one, private=False)["prep"]},
    }  # fmt: skip


def _settled(one: Agreement) -> dict[str, Any]:
    return {
        "req": one.req, "title": one.title, "version": one.version, "status": one.status,
        "waits_for": [stage.name for stage in waits_for(one)], "open_points": open_points(one),
        "pending": [
            {"number": two.number, "field": two.field, "old": two.old, "new": two.new, "reason": two.reason}
            for two in pending(one)
        ],
    }  # fmt: skip
