"""Making two managers one: every row of the one becomes the other's, inside a change."""

import json
from typing import Any

from trustlog.domain.people import Manager, folded
from trustlog.formats.shapes import private_tables, tables_of_a_manager
from trustlog.store import conversations, people
from trustlog.store.journal import Journal

_OF = "SELECT count(*) FROM {} WHERE manager_id = ?"
_AGREEMENTS = "SELECT count(*) FROM agreements a JOIN reqs r ON r.id = a.req_id WHERE r.manager_id = ?"


def rows_by_table(journal: Journal, gone: Manager) -> dict[str, int]:
    """How many rows of each table belong to a manager; what is private is only `private_items`."""
    found = {table: journal.value(_OF.format(table), (gone.id,)) for table in (*tables_of_a_manager(), "drafts")}
    private = sum(found.pop(table) for table in private_tables() if table in found)
    return found | {"agreements": journal.value(_AGREEMENTS, (gone.id,)), "private_items": private}


def move_rows(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Move everything and delete the manager that nothing is left of; the titles of drafts that had to change."""
    retitled = _move_drafts(journal, gone, kept)
    _join_checks(journal, gone, kept)
    for table in tables_of_a_manager():  # what was summed of them (trust_bases) is made anew
        journal.db.execute(f"UPDATE {table} SET manager_id = ? WHERE manager_id = ?", (kept.id, gone.id))
    journal.db.execute("DELETE FROM managers WHERE id = ?", (gone.id,))
    if journal.is_synced:
        from trustlog.store import sync  # only where something is synced

        sync.merged(journal, gone, kept)
    return retitled


def _join_checks(journal: Journal, gone: Manager, kept: Manager) -> None:
    """Make one unfinished boundary check of both: there is one for each manager, and a yes in either stays a yes."""
    rows = journal.rows(
        "SELECT id, manager_id, answers FROM boundary_checks WHERE finished = 0 AND manager_id IN (:gone, :kept)"
        " ORDER BY manager_id = :gone, id",
        {"gone": gone.id, "kept": kept.id},
    )
    if len({row["manager_id"] for row in rows}) < 2:
        return
    together: dict[str, Any] = {}
    for row in rows:
        for question, yes in json.loads(row["answers"]).items():
            together[question] = together.get(question) or yes
    first, *others = (row["id"] for row in rows)
    journal.db.execute("UPDATE boundary_checks SET answers = ? WHERE id = ?", (json.dumps(together), first))
    for other in others:
        journal.db.execute("DELETE FROM boundary_checks WHERE id = ?", (other,))


def _untitled(journal: Journal, manager: Manager) -> list[conversations.Draft]:
    """The kick-off drafts of roles that this manager does not have yet; they are found by their titles."""
    return [draft for draft in conversations.drafts_of(journal, "kickoff", manager.id) if draft.req is None]


def _move_drafts(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Drafts without a role. A title that means something else there gets a number, so that all are kept."""
    theirs, own = _titles(journal, gone), _titles(journal, kept)
    there = _untitled(journal, kept)
    hidden = [req for req in there if folded(req.title) in theirs - own]
    taken = theirs | own | {folded(req.title) for req in there}
    retitled = []
    for req in [*_untitled(journal, gone), *hidden]:
        free, number = req.title, 1
        while folded(free) in taken:
            number += 1
            free = f"{req.title} ({number})"
        taken.add(folded(free))
        conversations.tell_undo(journal, req.id, ("manager_id", "about"))
        journal.update("drafts", req.id, {"manager_id": kept.id, "about": free})
        if free != req.title:
            retitled.append((req.title, free))
    # of other flows; those of roles go where their role goes
    for draft_id in journal.column("SELECT id FROM drafts WHERE manager_id = ? AND req_id IS NULL", (gone.id,)):
        conversations.tell_undo(journal, draft_id, ("manager_id",))
        journal.update("drafts", draft_id, {"manager_id": kept.id})
    return retitled


def _titles(journal: Journal, manager: Manager) -> set[str]:
    """The open roles of a manager: a kick-off with such a title means the role."""
    return {folded(req.title) for req in people.reqs(journal, manager.id) if req.closed_on is None}
