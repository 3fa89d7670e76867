"""What is owed, as lines and as JSON: who owes whom what, and by when."""

from datetime import datetime, time
from typing import Any

from trustlog.domain.days import echo, echo_day, last_day, short
from trustlog.domain.promises import Promise
from trustlog.domain.text import plural, visible
from trustlog.ui.text import Look, cells, padded
from trustlog.view import picked


def promise_data(promise: Promise, at: datetime) -> dict[str, Any]:
    first = picked(promise, "id ref uid manager owed_by what") | {"for": promise.purpose}
    rest = picked(promise, "req given_at due_at state renegotiated settled_at at_risk")
    return first | rest | {"overdue": promise.overdue(at)}


OWED = {"me": "you owe", "them": "they owe"}


def open_promises(listed: list[Promise], now: datetime, look: Look, *, named: bool = True) -> str:
    """One loop a line, the soonest first; on one manager's page without the name."""
    names = max((cells(visible(promise.manager_name)) for promise in listed), default=0) if named else 0
    whats = max((cells(visible(promise.what)) for promise in listed), default=0)
    beside = look.width >= names + whats + 50
    lines = []
    for promise in listed:
        head = f"{look.paint(promise.ref, 'accent')}  {OWED[promise.owed_by]:<8}" + (
            f"  {padded(visible(promise.manager_name), names)}" if named else ""
        )
        day = f" ({short(last_day(promise.due_at.astimezone()))})" if promise.due_at and promise.overdue(now) else ""
        due = look.paint(f"{due_words(promise, now)}{day}", "due" if promise.overdue(now) else "dim")
        what = visible(promise.what)
        lines.append(f"{head}  {padded(what, whats)}  {due}" if beside else f"{head}  {due}\n    {what}")
    return "\n".join(lines)


def promise_line(promise: Promise, now: datetime, look: Look) -> str:
    """One loop in a line, with how it stands."""
    state = _stands(promise, now)
    head = look.paint(promise.ref, "accent")
    return f"{head}  {OWED[promise.owed_by]} · {visible(promise.manager_name)} · {visible(promise.what)} · {state}"


def _stands(promise: Promise, now: datetime) -> str:
    """How one loop stands, with the absolute time that was understood."""
    if promise.settled_at is not None:
        return f"{promise.state} {echo(promise.settled_at.astimezone())}"
    if promise.due_at is None:
        return due_words(promise, now)
    late = f", {late_words((now - promise.due_at).total_seconds())}" if promise.overdue(now) else ""
    return f"due {_until(promise.due_at.astimezone())}{late}{', at risk' if promise.at_risk else ''}"


def _until(due: datetime) -> str:
    """The moment, or the day that it closes."""
    if due.time() == time.min:
        return f"by the end of {echo_day(last_day(due))}"
    return echo(due)


def due_words(promise: Promise, now: datetime) -> str:
    """`due today 17:00`, `2 days late`, `no due time`."""
    if promise.due_at is None:
        return "no due time"
    due = promise.due_at.astimezone()  # by the clock of that day, not of this one
    risk = ", at risk" if promise.at_risk else ""
    if promise.overdue(now):
        return late_words((now - promise.due_at).total_seconds())
    return f"due today {due:%H:%M}{risk}" if due.date() == now.date() else f"due {_until(due)}{risk}"


def late_words(seconds: float) -> str:
    """How late in whole days, on the first in hours, in the first hour in minutes."""
    days, hours, minutes = (int(seconds // unit) for unit in (86400, 3600, 60))
    if days:
        return f"{plural(days, 'day')} late"
    return f"{plural(hours, 'hour') if hours else plural(max(minutes, 1), 'minute')} late"
