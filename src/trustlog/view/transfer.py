"""What an import did, or would do, and what an export wrote."""

from typing import Any

from trustlog.domain.outcomes import Exported, Imported
from trustlog.domain.text import few, plural, visible
from trustlog.formats.shapes import BY_NAME
from trustlog.ui.text import Look

_TOLD_ELSEWHERE = ("managers", "reqs", "entries")
"""Sections whose records have lines of their own."""
MANY = 12
"""So many new names are shown; JSON has them all."""


def import_data(done: Imported) -> dict[str, Any]:
    """As JSON."""
    return {
        "added": done.added, "unchanged": done.unchanged, "updated": done.updated,
        "refused": [one._asdict() for one in done.refused], "managers": list(done.managers),
        "reqs": list(done.reqs), "dry_run": done.dry_run,
    } | (
        {"tables": {name: tally._asdict() for name, tally in done.tallies.items()}} if done.tallies else {}
    )  # fmt: skip


def import_lines(done: Imported, look: Look) -> str:
    """How many were added, and who and what is new."""
    parts = [f"{'Would add' if done.dry_run else 'Added'} {plural(done.added, 'entry', 'entries')}"]
    if done.updated:
        parts.append(f"changed {done.updated}")
    if done.unchanged:
        parts.append(f"{done.unchanged} already there")
    lines = [", ".join(parts) + "."]
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
    lines += [look.paint(f"Left out {one.place}: {visible(one.why)}", "due") for one in done.refused]
    return "\n".join(lines)


def exported(done: Exported) -> dict[str, Any]:
    """What an export wrote, as JSON."""
    return {"file": done.file, "format": done.form, "entries": done.entries}


def exported_line(done: Exported, look: Look) -> str:
    """What an export wrote."""
    del look
    private = "" if done.private else " Reflections are not in it."
    return f"Wrote {plural(done.entries, 'entry', 'entries')} to {visible(done.file)}.{private}"
