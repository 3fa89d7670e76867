"""Reminders as JSON, and what is said once they lie in a file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from trustlog.domain.calendar import Reminder
from trustlog.domain.text import visible


def data(found: list[Reminder], file: Path | None) -> dict[str, Any]:
    """As JSON; `file` is null if none was written."""
    return {"file": str(file) if file else None, "events": [_event(one) for one in found]}


def wrote(found: list[Reminder], file: Path | None) -> str:
    """How many reminders went into which file."""
    over = sum(one.over for one in found)
    there = len(found) - over
    cleared = f", and {over} that {'is' if over == 1 else 'are'} over" if over else ""
    return f"Wrote {there} {'reminder' if there == 1 else 'reminders'}{cleared} to {visible(str(file))}"


def _event(one: Reminder) -> dict[str, Any]:
    return {
        "uid": one.uid, "summary": one.summary, "start": _time(one.start), "end": _time(one.end),
        "all_day": not isinstance(one.start, datetime), "kind": one.kind, "manager": one.manager,
        "cancelled": one.over,
        "alarm_minutes": None if one.alarm is None or one.over else int(one.alarm.total_seconds()) // 60,
    }  # fmt: skip


def _time(at: datetime | date) -> str:
    return at.astimezone().isoformat() if isinstance(at, datetime) else at.isoformat()
