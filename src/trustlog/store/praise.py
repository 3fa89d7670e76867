"""Things noticed, praise given, and counts for a look back."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from trustlog.domain.praise import Noticed, SmallStep, Span
from trustlog.domain.standing import FIRSTS, First
from trustlog.store.journal import Journal, born, moments_before, moments_from, utc_text


def by_channel(
    journal: Journal, since: date, on: date, until: datetime | None = None, manager_id: int | None = None
) -> dict[str, int]:
    """How often praise went through each channel in some days, of one manager or of all; "" where none was named."""
    whose, bound = ("", ()) if manager_id is None else (" AND manager_id = ?", (manager_id,))
    return journal.pairs(
        "SELECT coalesce(channel, ''), count(*) FROM entries WHERE kind = 'praise-given'"
        f" AND happened_on BETWEEN ? AND ? AND happened_at <= ?{whose} GROUP BY 1 ORDER BY 2 DESC, 1",
        (since.isoformat(), on.isoformat(), utc_text(until) if until is not None else "9999", *bound),
    )


_SELECT = """SELECT n.id, n.uid, m.handle AS manager, m.name AS manager_name, n.happened_on, n.seen, n.entry_id
  FROM noticed n JOIN managers m ON m.id = n.manager_id"""


def add_noticed(journal: Journal, manager_id: int, on: date, seen: str) -> int:
    """Put something into the jar, inside a change; returns its id."""
    return journal.insert("noticed", {**born(), "manager_id": manager_id, "happened_on": on, "seen": seen})


def take_out_noticed(journal: Journal, noticed_id: int, entry_id: int) -> None:
    """Note, inside a change, that an entry has praised it."""
    journal.update("noticed", noticed_id, {"entry_id": entry_id})


def drop_noticed(journal: Journal, noticed_id: int) -> None:
    """Take something out, inside a change, without praise."""
    journal.db.execute("DELETE FROM noticed WHERE id = ?", (noticed_id,))


def get_noticed(journal: Journal, noticed_id: int) -> Noticed | None:
    return next(iter(_noticed(journal, "WHERE n.id = ?", (noticed_id,))), None)


def unthanked(journal: Journal, manager_id: int | None = None, until: date | None = None) -> list[Noticed]:
    """What was in the jar at the end of a day, or is in it now, of one manager or of all, the oldest first."""
    last = until.isoformat() if until else "9999"
    # what was thanked after that day was still in the jar
    where = "WHERE n.happened_on <= ? AND (n.entry_id IS NULL OR EXISTS"
    where += " (SELECT 1 FROM entries e WHERE e.id = n.entry_id AND e.happened_on > ?))"
    where += "" if manager_id is None else " AND n.manager_id = ?"
    return _noticed(journal, where, (last, last) if manager_id is None else (last, last, manager_id))


def _noticed(journal: Journal, where: str, bound: Sequence[Any]) -> list[Noticed]:
    rows = journal.rows(f"{_SELECT} {where} ORDER BY n.happened_on, n.id", bound)
    return [
        Noticed(
            row["id"], row["uid"], row["manager"], row["manager_name"], date.fromisoformat(row["happened_on"]),
            row["seen"], row["entry_id"],
        )
        for row in rows
    ]  # fmt: skip


def counts_by_kind(journal: Journal, span: Span) -> dict[str, int]:
    """How many entries of each kind."""
    where, bound = _within(span)
    return journal.pairs(f"SELECT e.kind, count(*) FROM entries e WHERE {where} GROUP BY e.kind", bound)


def managers_in_span(journal: Journal, span: Span) -> list[tuple[int, str, str]]:
    """(id, handle, name) of those with an entry in the span."""
    where, bound = _within(span)
    sql = f"""SELECT m.id, m.handle, m.name FROM managers m
      WHERE m.id IN (SELECT DISTINCT e.manager_id FROM entries e WHERE {where}) ORDER BY m.id"""
    return [tuple(row) for row in journal.rows(sql, bound)]


def first_entries(journal: Journal, span: Span) -> list[First]:
    """The first entries of FIRSTS with each manager, as far as they fall into the span."""
    where, bound = _within(span)
    rows = journal.rows(
        f"""SELECT m.handle, m.name, e.kind, e.happened_on, e.id FROM entries e JOIN managers m ON m.id = e.manager_id
          WHERE e.kind IN (SELECT value FROM json_each(?)) AND {where} AND NOT EXISTS (
            SELECT 1 FROM entries p WHERE p.manager_id = e.manager_id AND p.kind = e.kind
              AND (p.happened_at, p.id) < (e.happened_at, e.id))""",
        (json.dumps(list(FIRSTS)), *bound),
    )
    day = date.fromisoformat
    return [First(handle, name, kind, day(on), entry) for handle, name, kind, on, entry in rows]


def small_steps(journal: Journal, span: Span) -> list[SmallStep]:
    """The steps forward of finished debriefs, oldest first."""
    rows = journal.rows(
        "SELECT m.handle, m.name, s.happened_on, a.value FROM sittings s"
        " JOIN answers a ON a.sitting_id = s.id AND a.field = 'small_step'"
        " JOIN conversations c ON c.id = s.conversation_id JOIN managers m ON m.id = c.manager_id"
        " WHERE s.part = 'debrief' AND s.finished = 1 AND s.happened_on BETWEEN ? AND ?"
        " ORDER BY s.happened_on, s.id",
        (span.since.isoformat(), span.until.isoformat()),
    )
    day = date.fromisoformat
    told = [SmallStep(handle, name, day(on), json.loads(step) or "") for handle, name, on, step in rows]
    return [event for event in told if event.step]


def _within(span: Span) -> tuple[str, list[Any]]:
    """The entries of a span; moments bound it roughly first, because they are what is indexed."""
    where = "e.happened_on BETWEEN ? AND ? AND e.happened_at BETWEEN ? AND ?"
    last = utc_text(span.at) if span.at is not None else moments_before(span.until)
    return where, [span.since.isoformat(), span.until.isoformat(), moments_from(span.since), last]


def acts_by_day(journal: Journal, span: Span, kinds: Sequence[str]) -> tuple[dict[date, int], int]:
    """How many entries of some kinds each day of a span holds, and with how many managers they were."""
    where, bound = _within(span)
    of = f"FROM entries e WHERE {where} AND e.kind IN (SELECT value FROM json_each(?))"
    values = [*bound, json.dumps(list(kinds))]
    acts = journal.pairs(f"SELECT e.happened_on, count(*) {of} GROUP BY 1", values)
    managers = journal.value(f"SELECT count(DISTINCT e.manager_id) {of}", values)
    return {date.fromisoformat(day): count for day, count in acts.items()}, int(managers)


def of_kind(journal: Journal, span: Span, kind: str) -> list[tuple[str, str, date, int]]:
    """(handle, name, day, id) of the entries of a kind in a span, the oldest first."""
    where, bound = _within(span)
    rows = journal.rows(
        f"SELECT m.handle, m.name, e.happened_on, e.id FROM entries e JOIN managers m ON m.id = e.manager_id"
        f" WHERE {where} AND e.kind = ? ORDER BY e.happened_at, e.id",
        [*bound, kind],
    )
    return [(handle, name, date.fromisoformat(on), entry) for handle, name, on, entry in rows]
