"""What a look back at good days needs: counts, first entries of a kind, and the steps that debriefs noted."""

import json
from datetime import date, timedelta
from typing import Any

from trustlog.domain.coaching.wins import SmallStep, Span
from trustlog.domain.standing.milestones import FIRSTS, First
from trustlog.store.journal import Journal, utc_text

_DAY = timedelta(days=1)


def counts(journal: Journal, span: Span, manager_id: int | None) -> dict[str, int]:
    """How many entries of each kind."""
    where, bound = _within(span, manager_id)
    rows = journal.rows(f"SELECT e.kind, count(*) FROM entries e WHERE {where} GROUP BY e.kind", bound)
    return {row[0]: row[1] for row in rows}


def managers(journal: Journal, span: Span, manager_id: int | None) -> list[tuple[int, str, str]]:
    """(id, handle, name) of those with an entry in the span."""
    where, bound = _within(span, manager_id)
    sql = f"""SELECT m.id, m.handle, m.name FROM managers m
      WHERE m.id IN (SELECT DISTINCT e.manager_id FROM entries e WHERE {where}) ORDER BY m.id"""
    return [(row[0], row[1], row[2]) for row in journal.rows(sql, bound)]


def firsts(journal: Journal, span: Span, manager_id: int | None) -> list[First]:
    """The first entries of FIRSTS with each manager, as far as they fall into the span."""
    where, bound = _within(span, manager_id)
    rows = journal.rows(
        f"""SELECT m.handle, m.name, e.kind, e.happened_on, e.id FROM entries e JOIN managers m ON m.id = e.manager_id
          WHERE e.kind IN (SELECT value FROM json_each(?)) AND {where} AND NOT EXISTS (
            SELECT 1 FROM entries p WHERE p.manager_id = e.manager_id AND p.kind = e.kind
              AND (p.happened_at, p.id) < (e.happened_at, e.id))""",
        (json.dumps(list(FIRSTS)), *bound),
    )
    return [First(row[0], row[1], row[2], date.fromisoformat(row[3]), row[4]) for row in rows]


def small_steps(journal: Journal, span: Span, manager_id: int | None) -> list[SmallStep]:
    """The steps forward of finished debriefs, oldest first."""
    rows = journal.rows(
        "SELECT m.handle, m.name, s.happened_on, a.value FROM sittings s"
        " JOIN answers a ON a.sitting_id = s.id AND a.field = 'small_step'"
        " JOIN conversations c ON c.id = s.conversation_id JOIN managers m ON m.id = c.manager_id"
        " WHERE s.part = 'debrief' AND s.finished = 1 AND s.happened_on BETWEEN ? AND ?"
        " AND (? IS NULL OR m.id = ?) ORDER BY s.happened_on, s.id",
        (span.since.isoformat(), span.until.isoformat(), manager_id, manager_id),
    )
    told = [SmallStep(row[0], row[1], date.fromisoformat(row[2]), json.loads(row[3]) or "") for row in rows]
    return [one for one in told if one.step]


def _within(span: Span, manager_id: int | None) -> tuple[str, list[Any]]:
    """The entries of a span; moments bound it roughly first, because they are what is indexed."""
    where = "e.happened_on BETWEEN ? AND ? AND e.happened_at BETWEEN ? AND ?"
    first = max(span.since, date.min + _DAY) - _DAY
    last = min(span.until, date.max - 2 * _DAY) + 2 * _DAY
    until = utc_text(span.at) if span.at is not None else last.isoformat()
    bound: list[Any] = [span.since.isoformat(), span.until.isoformat(), first.isoformat(), until]
    if manager_id is None:
        return where, bound
    return f"{where} AND e.manager_id = ?", [*bound, manager_id]
