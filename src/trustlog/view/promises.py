"""What is owed, as lines and as JSON: who owes whom what, and by when."""

from datetime import datetime
from typing import Any

from trustlog.domain.days import echo, short
from trustlog.domain.promises import Promise
from trustlog.domain.text import plural, visible
from trustlog.ui.text import Look, cells, padded


def promise_data(one: "Promise", at: datetime) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "manager": one.manager, "owed_by": one.owed_by, "what": one.what,
        "for": one.purpose, "req": one.req, "given_at": one.given_at.isoformat(),
        "due_at": one.due_at.isoformat() if one.due_at else None, "state": one.state,
        "renegotiated": one.renegotiated, "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "at_risk": one.at_risk, "overdue": one.overdue(at),
    }  # fmt: skip


OWED = {"me": "you owe", "them": "they owe"}


def open_promises(listed: list[Promise], now: datetime, look: Look, *, named: bool = True) -> str:
    """One loop a line, the soonest first; on one manager's page without the name."""
    names = max((cells(visible(one.manager_name)) for one in listed), default=0) if named else 0
    whats = max((cells(visible(one.what)) for one in listed), default=0)
    beside = look.width >= names + whats + 50
    lines = []
    for one in listed:
        head = f"{look.paint(f'#{one.id}', 'accent')}  {OWED[one.owed_by]:<8}" + (
            f"  {padded(visible(one.manager_name), names)}" if named else ""
        )
        day = f" ({short(one.due_at.astimezone().date())})" if one.due_at and one.overdue(now) else ""
        due = look.paint(f"{due_words(one, now)}{day}", "due" if one.overdue(now) else "dim")
        what = visible(one.what)
        lines.append(f"{head}  {padded(what, whats)}  {due}" if beside else f"{head}  {due}\n    {what}")
    return "\n".join(lines)


def promise_line(one: Promise, now: datetime, look: Look) -> str:
    """One loop in a line, with how it stands."""
    state = _stands(one, now)
    head = look.paint(f"#{one.id}", "accent")
    return f"{head}  {OWED[one.owed_by]} · {visible(one.manager_name)} · {visible(one.what)} · {state}"


def _stands(one: Promise, now: datetime) -> str:
    """How one loop stands, with the absolute time that was understood."""
    if one.settled_at is not None:
        return f"{one.state} {echo(one.settled_at.astimezone())}"
    if one.due_at is None:
        return due_words(one, now)
    late = f", {late_words((now - one.due_at).total_seconds())}" if one.overdue(now) else ""
    return f"due {echo(one.due_at.astimezone())}{late}{', at risk' if one.at_risk else ''}"


def due_words(one: Promise, now: datetime) -> str:
    """`due today 17:00`, `2 days late`, `no due time`."""
    if one.due_at is None:
        return "no due time"
    due = one.due_at.astimezone()  # by the clock of that day, not of this one
    risk = ", at risk" if one.at_risk else ""
    if one.overdue(now):
        return late_words((now - one.due_at).total_seconds())
    return f"due today {due:%H:%M}{risk}" if due.date() == now.date() else f"due {echo(due)}{risk}"


def late_words(seconds: float) -> str:
    """How late in whole days, on the first in hours, in the first hour in minutes."""
    days, hours, minutes = (int(seconds // unit) for unit in (86400, 3600, 60))
    if days:
        return f"{plural(days, 'day')} late"
    return f"{plural(hours, 'hour') if hours else plural(max(minutes, 1), 'minute')} late"
