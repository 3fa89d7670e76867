"""Meetings from a calendar: what would be written, and what was."""

from typing import Any

from trustlog.domain.calendar import Taken
from trustlog.domain.days import echo
from trustlog.domain.text import one_line, visible
from trustlog.view.columns import cells, padded
from trustlog.view.look import Look


def data(done: Taken) -> dict[str, Any]:
    """As JSON, in the shape of every import."""
    return {
        "added": len(done.new), "unchanged": done.unchanged, "updated": done.updated,
        "refused": [one._asdict() for one in done.refused], "managers": [], "reqs": [], "dry_run": done.dry_run,
        "meetings": [
            {"manager": manager.handle, "when": meeting.start.isoformat(), "note": meeting.summary}
            for manager, meeting in done.new
        ],
        "left_out": {"nobody": done.nobody, "all_day": done.all_day, "cancelled": done.cancelled},
    }  # fmt: skip


def lines(done: Taken, look: Look) -> str:
    """How many were added, and what was left out and why."""
    parts = [f"{'Would add' if done.dry_run else 'Added'} {count(len(done.new), 'meeting')}"]
    if done.updated:
        parts.append(f"changed {done.updated}")
    if done.unchanged:
        parts.append(f"{done.unchanged} already there")
    refused = [look.paint(f"Left out line {one.row}: {visible(one.why)}", "due") for one in done.refused]
    return "\n".join([", ".join(parts) + ".", *left_out(done), *refused])


def preview(done: Taken) -> list[str]:
    """One line for each meeting that would be written."""
    names = max((cells(visible(manager.name)) for manager, _ in done.new), default=0)
    return [
        f"  {echo(meeting.start):<21}  {padded(visible(manager.name), names)}  {one_line(meeting.summary)}".rstrip()
        for manager, meeting in done.new
    ]


def left_out(done: Taken) -> list[str]:
    """What is no entry, and why."""
    counted = (
        (done.nobody, "meeting", "with nobody you track"),
        (done.all_day, "event", "lasting all day"),
        (done.cancelled, "event", "that did not take place"),
    )
    return [f"Left out {count(many, what)} {why}." for many, what, why in counted if many]


def count(many: int, what: str) -> str:
    """`1 meeting`, `2 meetings`."""
    return f"{many} {what}{'' if many == 1 else 's'}"
