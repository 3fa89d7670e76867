"""What stands around a manager's figures, as JSON."""

from collections.abc import Callable
from datetime import date
from typing import Any

from trustlog.domain.standing.around import Around, Role

Day = Callable[[date | None], str | None]


def around(found: Around, day: Day) -> dict[str, Any]:
    """Open roles with their agreement, practice, praise by channel, the jar, the last step, conversations."""
    practice, step = found.practice, found.step
    return {
        "since": day(found.since),
        "roles": [_role(one, day) for one in found.roles],
        "practice": {
            "used": practice.used,
            "contact": {"mine": practice.mine, "theirs": practice.theirs, "joint": practice.joint},
        },
        "praise": [{"channel": channel or None, "count": count} for channel, count in found.praise.items()],
        "unthanked": found.unthanked,
        "last_step": {
            "id": step.step, "category": step.category, "advice": step.advice, "how": step.kind, "on": day(step.on),
        } if step else None,
        "conversations": [
            {"on": day(one.on), "state": one.state, "about": one.about, "points": one.points} for one in found.talks
        ],
    }  # fmt: skip


def _role(one: Role, day: Day) -> dict[str, Any]:
    agreement = one.agreement
    return {
        "req": one.req.code,
        "title": one.req.title,
        "agreement": {
            "version": agreement.version,
            "status": agreement.status,
            "stages": {stage.name: stage.state for stage in agreement.stages},
            "waiting": [each.number for each in agreement.amendments if each.confirmed_on is None],
            "sent_on": day(agreement.sent_on),
        } if agreement else None,
    }  # fmt: skip
