"""What a merge of two managers did, or would do."""

from collections.abc import Iterator
from typing import Any

from trustlog.domain.outcomes.merged import Joined
from trustlog.domain.text import visible
from trustlog.view import data as shapes
from trustlog.view.look import Look

_NAMES = {
    "entries": ("entry", "entries"),
    "reqs": ("role", "roles"),
    "agreements": ("agreement", "agreements"),
    "conversations": ("conversation", "conversations"),
    "commitments": ("open or settled loop", "open or settled loops"),
    "noticed": ("thing noticed", "things noticed"),
    "step_events": ("step", "steps"),
    "drafts": ("draft", "drafts"),
    "private_items": ("private item", "private items"),
}
"""What is counted, one and many."""


def data(done: Joined) -> dict[str, Any]:
    """As JSON."""
    return {
        "manager": shapes.manager(done.manager), "merged": done.gone.handle,
        "moved": {name: done.moved[name] for name in _NAMES}, "differing": dict(done.differing),
        "dry_run": done.dry_run,
    }  # fmt: skip


def lines(done: Joined, look: Look) -> str:
    """Who is part of whom, and what came along."""
    gone, kept = (f"{visible(one.name)} {look.paint(f'({one.handle})', 'dim')}" for one in (done.gone, done.manager))
    head = f"{gone} {'would become' if done.dry_run else 'is now'} part of {kept}"
    parts = [f"{number} {_NAMES[name][number != 1]}" for name in _NAMES if (number := done.moved[name])]
    return f"{head}: {', '.join(parts) or 'nothing was noted with them'}."


def notes(done: Joined) -> Iterator[str]:
    """What differed, and where a draft goes on."""
    kept = done.manager
    for field, value in done.differing.items():
        theirs, own = (_said(one) for one in (value, getattr(kept, field)))
        yield f"{field.replace('_', ' ').capitalize()} of {kept.handle} stays {own}; {done.gone.handle} had {theirs}."
    for old, new in done.retitled:
        yield f'Another kick-off draft of "{old}" goes on with: trustlog kickoff start {kept.handle} "{new}"'
    if kept.archived and not done.gone.archived:
        yield f"{kept.handle} is archived; to the overviews: trustlog manager unarchive {kept.handle}"


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f'"{value}"'
