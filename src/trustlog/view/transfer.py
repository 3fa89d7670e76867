"""What went in and out: imports, exports, meetings taken in, reminders given."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from trustlog.domain.calendars import ImportedMeetings, Reminder
from trustlog.domain.days import echo
from trustlog.domain.outcomes import Exported, Imported
from trustlog.domain.text import few, one_line, plural, visible
from trustlog.formats.shapes import BY_NAME
from trustlog.ui.text import Look, cells, padded
from trustlog.view import picked

_TOLD_ELSEWHERE = ("managers", "reqs", "entries")
"""Sections whose records have lines of their own."""
MANY = 12
"""So many new names are shown; JSON has them all."""


def import_data(done: Imported) -> dict[str, Any]:
    """As JSON."""
    tables = {"tables": {name: tally._asdict() for name, tally in done.tallies.items()}} if done.tallies else {}
    return {
        **picked(done, "added unchanged updated"), "refused": [refusal._asdict() for refusal in done.refused],
        **picked(done, "managers reqs dry_run"), **tables,
    }  # fmt: skip


def import_lines(done: Imported, look: Look) -> str:
    """How many were added, and who and what is new."""
    lines = [_counts(done, plural(done.added, "entry", "entries"))]
    others = [
        plural(tally.added, *BY_NAME[name].label)
        for name, tally in done.tallies.items()
        if tally.added and name not in _TOLD_ELSEWHERE
    ]
    if others:
        lines.append(f"{'It would also add' if done.dry_run else 'Also added'}: {', '.join(others)}.")
    for what, made in (("New managers", done.managers), ("New roles", done.reqs)):
        if made:
            lines.append(f"{what}: {visible(few(made, MANY))}")
    lines += [look.paint(f"Left out {refusal.place}: {visible(refusal.why)}", "due") for refusal in done.refused]
    return "\n".join(lines)


def _counts(done: Imported | ImportedMeetings, added: str) -> str:
    """`Added 3 entries, changed 1, 2 already there.`"""
    parts = [f"{'Would add' if done.dry_run else 'Added'} {added}"]
    parts += [f"changed {done.updated}"] if done.updated else []
    parts += [f"{done.unchanged} already there"] if done.unchanged else []
    return f"{', '.join(parts)}."


def exported(done: Exported) -> dict[str, Any]:
    """What an export wrote, as JSON."""
    return {"file": done.file, "format": done.form, "entries": done.entries}


def exported_line(done: Exported, _: Look) -> str:
    """What an export wrote."""
    private = "" if done.private else " Reflections are not in it."
    return f"Wrote {plural(done.entries, 'entry', 'entries')} to {visible(done.file)}.{private}"


FIRST_FEW = 5
"""How many older versions are named by their line; JSON names all."""


def meetings_data(done: ImportedMeetings) -> dict[str, Any]:
    """As JSON, in the shape of every import."""
    return {
        "added": len(done.new), "unchanged": done.unchanged, "updated": done.updated,
        "refused": [refusal._asdict() for refusal in done.refused], "managers": [], "reqs": [], "dry_run": done.dry_run,
        "meetings": [
            {"manager": manager.handle, "when": meeting.start, "note": meeting.summary}
            for manager, meeting in done.new
        ],
        "left_out": {"nobody": done.nobody, "all_day": done.all_day, "cancelled": done.cancelled},
        "declined": done.declined, "older": [older._asdict() for older in done.older],
    }  # fmt: skip


def lines(done: ImportedMeetings, look: Look) -> str:
    """How many were added, and what was left out and why."""
    refused = [look.paint(f"Left out line {refusal.row}: {visible(refusal.why)}", "due") for refusal in done.refused]
    return "\n".join([_counts(done, plural(len(done.new), "meeting")), *left_out(done), *refused])


def preview(done: ImportedMeetings) -> list[str]:
    """One line for each meeting that would be written."""
    names = max((cells(visible(manager.name)) for manager, _ in done.new), default=0)
    return [
        f"  {echo(meeting.start):<21}  {padded(visible(manager.name), names)}  {one_line(meeting.summary)}".rstrip()
        for manager, meeting in done.new
    ]


def left_out(done: ImportedMeetings) -> list[str]:
    """What is no entry, and why."""
    counted = (
        (done.nobody, "meeting", "with nobody you track"),
        (done.all_day, "event", "lasting all day"),
        (done.cancelled, "event", "that did not take place"),
        (done.declined, "meeting", "that you declined"),
    )
    older = [f"Left out line {version.row}: {visible(version.why)}." for version in done.older[:FIRST_FEW]]
    unnamed = len(done.older) - FIRST_FEW
    more = [f"Left out {plural(unnamed, 'more older version')}."] if unnamed > 0 else []
    return [f"Left out {plural(many, what)} {why}." for many, what, why in counted if many] + older + more


def reminders_data(reminders: list[Reminder], file: Path | None) -> dict[str, Any]:
    """As JSON; `file` is null if none was written."""
    return {"file": str(file) if file else None, "events": [_event(reminder) for reminder in reminders]}


def wrote(reminders: list[Reminder], file: Path | None) -> str:
    """How many reminders went into which file."""
    over = sum(reminder.over for reminder in reminders)
    there = len(reminders) - over
    cleared = f", and {over} that {'is' if over == 1 else 'are'} over" if over else ""
    return f"Wrote {plural(there, 'reminder')}{cleared} to {visible(str(file))}"


def _event(reminder: Reminder) -> dict[str, Any]:
    return {
        "uid": reminder.uid, "summary": reminder.summary, "start": _time(reminder.start), "end": _time(reminder.end),
        "all_day": not isinstance(reminder.start, datetime), "kind": reminder.kind, "manager": reminder.manager,
        "cancelled": reminder.over,
        "alarm_minutes": None if reminder.alarm is None or reminder.over else int(reminder.alarm.total_seconds()) // 60,
    }  # fmt: skip


def _time(at: datetime | date) -> str:
    return at.astimezone().isoformat() if isinstance(at, datetime) else at.isoformat()
