"""Making two managers one: every row of the one becomes the other's, inside a change."""

import json
from typing import Any

from trustlog.domain.model import Manager
from trustlog.domain.names import folded
from trustlog.store import people
from trustlog.store.journal import Journal

OWNED = ("entries", "reqs", "conversations", "boundary_checks", "commitments", "noticed", "step_events")
"""The tables whose rows belong to a manager. What was summed of them (trust_bases) is made anew."""
_OF = "SELECT count(*) FROM {} WHERE manager_id = ?"
_AGREEMENTS = "SELECT count(*) FROM agreements a JOIN reqs r ON r.id = a.req_id WHERE r.manager_id = ?"


def counts(journal: Journal, gone: Manager) -> dict[str, int]:
    """How many rows of each table belong to a manager; boundary checks are only `private_items`."""
    found = {table: _count(journal, _OF.format(table), gone.id) for table in OWNED}
    private = found.pop("boundary_checks")
    agreements = _count(journal, _AGREEMENTS, gone.id)
    return found | {"agreements": agreements, "drafts": len(_drafts(journal, gone)), "private_items": private}


def move(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Move everything and delete the manager that nothing is left of; the titles of drafts that had to change."""
    retitled = _move_drafts(journal, gone, kept)
    _join_checks(journal, gone, kept)
    for table in OWNED:
        journal.db.execute(f"UPDATE {table} SET manager_id = ? WHERE manager_id = ?", (kept.id, gone.id))
    journal.db.execute("DELETE FROM managers WHERE id = ?", (gone.id,))
    return retitled


def _count(journal: Journal, sql: str, manager_id: int) -> int:
    row = journal.row(sql, (manager_id,))
    return int(row[0]) if row else 0


def _join_checks(journal: Journal, gone: Manager, kept: Manager) -> None:
    """Make one unfinished boundary check of both: there is one for each manager, and a yes in either stays a yes."""
    rows = journal.rows(
        "SELECT id, manager_id, answers FROM boundary_checks WHERE finished = 0 AND manager_id IN (?1, ?2)"
        " ORDER BY manager_id = ?1, id",
        (gone.id, kept.id),
    )
    if len({row[1] for row in rows}) < 2:
        return
    together: dict[str, Any] = {}
    for row in rows:
        for question, yes in json.loads(row[2]).items():
            together[question] = together.get(question) or yes
    first, *others = (row[0] for row in rows)
    journal.db.execute("UPDATE boundary_checks SET answers = ? WHERE id = ?", (json.dumps(together), first))
    for one in others:
        journal.db.execute("DELETE FROM boundary_checks WHERE id = ?", (one,))


def _drafts(journal: Journal, manager: Manager) -> list[tuple[int, str]]:
    """(id, title) of the kick-off drafts of roles that this manager does not have yet; they are named by both."""
    named = f"{manager.handle}: "
    rows = journal.rows(
        "SELECT id, about FROM drafts WHERE flow = 'kickoff' AND substr(about, 1, length(?1)) = ?1"
        " AND about NOT IN (SELECT code FROM reqs) ORDER BY id",
        (named,),
    )
    return [(row[0], row[1].removeprefix(named)) for row in rows]


def _move_drafts(journal: Journal, gone: Manager, kept: Manager) -> list[tuple[str, str]]:
    """Name drafts by the other manager. A title that means something else there gets a number, so that all are kept."""
    theirs, own = _titles(journal, gone), _titles(journal, kept)
    hidden = [(one, title) for one, title in _drafts(journal, kept) if folded(title) in theirs - own]
    retitled = []
    for one, title in [*_drafts(journal, gone), *hidden]:
        free, number = title, 1
        while folded(free) in theirs | own or _is_taken(journal, f"{kept.handle}: {free}"):
            number += 1
            free = f"{title} ({number})"
        # drafts have no triggers: what they were called is told to undo here, and not what they hold,
        # which may be answered further meanwhile
        journal.db.execute(
            "INSERT INTO undo_rows (change_id, tbl, op, first_id, last_id, image)"
            " SELECT (SELECT change_id FROM recording), 'drafts', 'update', id, id, json_object('about', about)"
            " FROM drafts WHERE id = ?",
            (one,),
        )
        journal.db.execute("UPDATE drafts SET about = ? WHERE id = ?", (f"{kept.handle}: {free}", one))
        if free != title:
            retitled.append((title, free))
    return retitled


def _titles(journal: Journal, manager: Manager) -> set[str]:
    """The open roles of a manager: a kick-off with such a title means the role."""
    return {folded(one.title) for one in people.reqs(journal, manager.id) if one.closed_on is None}


def _is_taken(journal: Journal, about: str) -> bool:
    return journal.row("SELECT 1 FROM drafts WHERE flow = 'kickoff' AND about = ?", (about,)) is not None
