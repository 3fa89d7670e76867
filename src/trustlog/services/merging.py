"""Merging two managers who are one person."""

from trustlog.domain.outcomes.merged import Joined, details
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import merging, people
from trustlog.store.journal import Journal


def plan(journal: Journal, who: str, into: str) -> Joined:
    """What it would come to. Raises UserError `conflict` if both words mean the same manager."""
    gone, kept = finding.manager(journal, who), finding.manager(journal, into)
    if gone.id == kept.id:
        raise UserError("conflict", f'"{who}" and "{into}" are both {gone.handle}', "Name two managers.")
    taken, differing = details(gone, kept)
    return Joined(gone, kept._replace(**taken), merging.counts(journal, gone), differing)


def join(journal: Journal, who: str, into: str) -> Joined:
    """Move everything of one manager to another and let the first go, as one change. Raises UserError."""
    with journal.change("manager merge") as change:
        planned = plan(journal, who, into)
        gone, kept = planned.gone, finding.manager(journal, into)
        change.summary = f"{gone.handle} into {kept.handle}"
        people.edit_manager(journal, kept.handle, details(gone, kept)[0])
        retitled = merging.move(journal, gone, kept)
        return planned._replace(manager=people.manager(journal, kept.handle), retitled=tuple(retitled), dry_run=False)
