"""What an import did, or would do."""

from typing import Any

from trustlog.domain.imported import Imported
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(done: Imported) -> dict[str, Any]:
    """As JSON."""
    return {
        "added": done.added, "unchanged": done.unchanged, "updated": done.updated,
        "refused": [one._asdict() for one in done.refused], "managers": list(done.managers),
        "reqs": list(done.reqs), "dry_run": done.dry_run,
    }  # fmt: skip


def _few(names: tuple[str, ...]) -> str:
    """The first dozen of many names, and how many more there are; JSON has them all."""
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def lines(done: Imported, look: Look) -> str:
    """How many were added, and who and what is new."""
    entries = f"{done.added} {'entry' if done.added == 1 else 'entries'}"
    parts = [f"{'Would add' if done.dry_run else 'Added'} {entries}"]
    if done.updated:
        parts.append(f"changed {done.updated}")
    if done.unchanged:
        parts.append(f"{done.unchanged} already there")
    lines = [", ".join(parts) + "."]
    for what, made in (("New managers", done.managers), ("New roles", done.reqs)):
        if made:
            lines.append(f"{what}: {visible(_few(made))}")
    lines += [look.paint(f"Left out line {one.row}: {visible(one.why)}", "due") for one in done.refused]
    return "\n".join(lines)
