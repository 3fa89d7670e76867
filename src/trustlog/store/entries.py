"""Entries: writing, reading by filter, searching and counting."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, NamedTuple

from trustlog.domain.entries import Contact, Entry, EntryDraft, Filter
from trustlog.store.driver import DatabaseError, Row
from trustlog.store.journal import Journal, moments_before, moments_from, new_uid, utc_moment, utc_text

COLUMNS = (
    "e.id, e.uid, m.handle AS manager, m.name AS manager_name, e.kind, e.size, e.happened_at, e.utc_offset,"
    " e.happened_on, e.note, e.channel, r.code AS req, e.approach, e.tags, e.evidence, e.did, e.changed, e.repaired_by,"
    " e.created_at"
)


# a damaged entry whose manager is not there is told by `_entry`; an inner join would leave it out in silence
FROM = "FROM entries e LEFT JOIN managers m ON m.id = e.manager_id LEFT JOIN reqs r ON r.id = e.req_id"
MOST = 2**62
"""More entries than any journal holds, and a number that SQLite can read."""


def moment_columns(moment: datetime) -> dict[str, Any]:
    """A moment as its three columns: UTC, the offset of the place in seconds, and the local day that was meant."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("an entry needs an aware time")
    return {
        "happened_at": utc_text(moment), "utc_offset": int(offset.total_seconds()),
        "happened_on": moment.date().isoformat(),
    }  # fmt: skip


def columns_of(new: EntryDraft, created_at: str) -> dict[str, Any]:
    """A new entry as columns, always in the same order."""
    return {
        "uid": new.uid or new_uid(), "manager_id": new.manager_id, "kind": new.kind, "size": new.size,
        **moment_columns(new.happened_at), "note": new.note, "did": new.did, "changed": new.changed,
        "channel": new.channel, "req_id": new.req_id, "approach": new.approach,
        "tags": json.dumps(new.tags, ensure_ascii=False) if new.tags else "[]", "evidence": int(new.evidence),
        "created_at": created_at,
    }  # fmt: skip


def add(journal: Journal, new: EntryDraft) -> int:
    """Write an entry inside a change and return its id."""
    return journal.insert("entries", columns_of(new, utc_text(datetime.now(UTC))))


def update(journal: Journal, entry_id: int, changes: dict[str, Any]) -> None:
    """Set columns of an entry inside a change. `happened_at` sets its offset and day too."""
    columns = dict(changes)
    if "happened_at" in columns:
        columns |= moment_columns(columns["happened_at"])
    if "tags" in columns:
        columns["tags"] = json.dumps(columns["tags"], ensure_ascii=False)
    if columns:
        journal.update("entries", entry_id, columns)


def delete(journal: Journal, entry_id: int) -> None:
    journal.db.execute("DELETE FROM entries WHERE id = ?", (entry_id,))


def get(journal: Journal, entry_id: int) -> Entry | None:
    row = journal.row(f"SELECT {COLUMNS} {FROM} WHERE e.id = ?", (entry_id,))
    return entry_of(row) if row else None


def by_ids(journal: Journal, ids: Iterable[int]) -> dict[int, Entry]:
    """Entries by their ids."""
    wanted = json.dumps(sorted(ids))
    rows = journal.rows(f"SELECT {COLUMNS} {FROM} WHERE e.id IN (SELECT value FROM json_each(?))", (wanted,))
    return {row["id"]: entry_of(row) for row in rows}


def page(journal: Journal, wanted: Filter) -> list[Entry]:
    """The entries that fit, newest first."""
    where, bound = where_of(wanted)
    limit = "" if wanted.limit is None else f" LIMIT {min(wanted.limit, MOST)}"
    rows = journal.rows(f"SELECT {COLUMNS} {FROM} {where} ORDER BY e.happened_at DESC, e.id DESC{limit}", bound)
    return [entry_of(row) for row in rows]


def latest(journal: Journal, manager_id: int, until: datetime, limit: int, *, notes: bool = True) -> list[Entry]:
    """One manager's last entries up to a moment, newest first; without `notes` only what counts as a contact."""
    kept = "" if notes else " AND e.kind <> 'note'"
    rows = journal.rows(
        f"SELECT {COLUMNS} {FROM} WHERE e.manager_id = ? AND e.happened_at <= ?{kept}"
        " ORDER BY e.happened_at DESC, e.id DESC LIMIT ?",
        (manager_id, utc_text(until), limit),
    )
    return [entry_of(row) for row in rows]


def of_kinds(
    journal: Journal, manager_id: int, kinds: Iterable[str], since: datetime, until: datetime, limit: int
) -> list[Entry]:
    """One manager's entries of some kinds after a moment and up to another, newest first."""
    rows = journal.rows(
        f"SELECT {COLUMNS} {FROM} WHERE e.manager_id = ? AND e.happened_at > ? AND e.happened_at <= ?"
        " AND e.kind IN (SELECT value FROM json_each(?)) ORDER BY e.happened_at DESC, e.id DESC LIMIT ?",
        (manager_id, utc_text(since), utc_text(until), json.dumps(sorted(kinds)), limit),
    )
    return [entry_of(row) for row in rows]


def last_at(journal: Journal, manager_id: int, kind: str, req: str | None = None) -> datetime | None:
    """When a kind was last written down with a manager, or about a role; what a small step wrote does not count."""
    about = "" if req is None else " AND req_id = (SELECT id FROM reqs WHERE code = ?)"
    about += " AND NOT EXISTS (SELECT 1 FROM step_events WHERE entry_id = entries.id)"
    last = journal.value(
        f"SELECT max(happened_at) FROM entries WHERE manager_id = ? AND kind = ?{about}",
        (manager_id, kind) if req is None else (manager_id, kind, req),
    )
    return utc_moment(last) if last else None


def count_until(journal: Journal, manager_id: int, since: date | None, last: date, until: datetime | None) -> int:
    """How many entries of one manager lie on some days, and up to a moment if one is given."""
    sql = "SELECT count(*) FROM entries WHERE manager_id = ? AND happened_on BETWEEN ? AND ? AND happened_at <= ?"
    moment = utc_text(until) if until else "9999"
    return int(journal.value(sql, (manager_id, since.isoformat() if since else "", last.isoformat(), moment)))


def count(journal: Journal, wanted: Filter) -> int:
    where, bound = where_of(wanted)
    return int(journal.value(f"SELECT count(*) FROM entries e {where}", bound))


def contacts(
    journal: Journal, since: date, until: date, moment: datetime | None = None, manager_id: int | None = None
) -> list[Contact]:
    """Every entry of some days, of all managers or of one, without notes: oldest first, up to a moment."""
    of = "" if manager_id is None else " AND manager_id = ?"
    last = utc_text(moment) if moment is not None else moments_before(until)
    bound: list[Any] = [since.isoformat(), until.isoformat(), moments_from(since), last]
    rows = journal.rows(
        "SELECT manager_id, happened_on, kind, approach, id, happened_at FROM entries WHERE happened_on BETWEEN ? AND ?"
        f" AND happened_at BETWEEN ? AND ? AND kind <> 'note'{of} ORDER BY happened_at, id",
        bound if manager_id is None else [*bound, manager_id],
    )
    day = date.fromisoformat
    return [Contact(who, day(on), kind, way, entry, utc_moment(at)) for who, on, kind, way, entry, at in rows]


class LastHeard(NamedTuple):
    """The days of one manager's first entry and first contact, the day and moment of the last entry of theirs or
    together, and the recruiter's own kinds since, each with its channel and how often."""

    first: date | None
    contact: date | None
    last: date | None
    at: datetime | None
    since: tuple[tuple[str, str | None, int, date], ...]


def last_heard(
    journal: Journal, manager_id: int, theirs: Iterable[str], last: date, until: datetime | None, met: date | None
) -> LastHeard:
    """When one manager was last heard from by the kinds `theirs`, up to a day, and a moment if one is given.

    What is counted since then is later than the day `met` of a talk too.
    """
    where = "FROM entries WHERE manager_id = ? AND happened_on <= ? AND happened_at <= ?"
    bound = (manager_id, last.isoformat(), utc_text(until) if until is not None else "9999")

    def day(test: str, order: str, *more: str) -> Row | None:
        found = f"SELECT happened_on, happened_at, id {where}{test} ORDER BY happened_at {order}, id {order} LIMIT 1"
        return journal.row(found, (*bound, *more))

    first, contact = day("", "ASC"), day(" AND kind <> 'note'", "ASC")
    heard = day(" AND kind IN (SELECT value FROM json_each(?))", "DESC", json.dumps(sorted(theirs)))
    own = journal.rows(
        f"SELECT kind, channel, count(*), max(happened_on) {where} AND (happened_at, id) > (?, ?) AND happened_on > ?"
        " AND kind <> 'note' GROUP BY kind, channel",
        (*bound, *((heard["happened_at"], heard["id"]) if heard else ("", 0)), met.isoformat() if met else ""),
    )
    begun, met_first, last_day = (
        date.fromisoformat(row["happened_on"]) if row else None for row in (first, contact, heard)
    )
    since = tuple((kind, channel, times, date.fromisoformat(on)) for kind, channel, times, on in own)
    return LastHeard(begun, met_first, last_day, utc_moment(heard["happened_at"]) if heard else None, since)


def newest_of(journal: Journal, kinds: Iterable[str], since: date, until: date) -> dict[str, Entry]:
    """The newest entry of some kinds with each manager, of some days, by the handle; the newest of all first."""
    every = (entry for kind in kinds for entry in page(journal, Filter(kind=kind, since=since, until=until)))
    found: dict[str, Entry] = {}
    for entry in sorted(every, key=lambda entry: entry.happened_at, reverse=True):
        found.setdefault(entry.manager, entry)
    return found


def repaired_by(journal: Journal, entry_id: int) -> list[int]:
    """The hard entries that this one mends."""
    return journal.column("SELECT id FROM entries WHERE repaired_by = ?", (entry_id,))


def kinds_by_use(journal: Journal) -> list[str]:
    """The kinds of this journal, the most used first."""
    return journal.column("SELECT kind FROM entries GROUP BY kind ORDER BY count(*) DESC, kind")


def where_of(wanted: Filter) -> tuple[str, list[Any]]:
    tests = {
        "e.manager_id = ?": wanted.manager_id,
        "e.happened_on >= ?": wanted.since.isoformat() if wanted.since else None,
        "e.happened_at >= ?": moments_from(wanted.since) if wanted.since else None,
        "e.happened_on <= ?": wanted.until.isoformat() if wanted.until else None,
        "e.happened_at < ?": moments_before(wanted.until) if wanted.until else None,
        "e.kind = ?": wanted.kind,
        "e.id IN (SELECT entry_id FROM entry_tags WHERE tag = ?)": wanted.tag,
        "e.req_id = ?": wanted.req_id,
    }
    used = {test: value for test, value in tests.items() if value is not None}
    return ("WHERE " + " AND ".join(used) if used else ""), list(used.values())


def entry_of(row: Row) -> Entry:
    """An entry of a row. Raises DatabaseError for what only damage can have written."""
    if row["manager"] is None:
        raise DatabaseError("malformed: an entry without its manager")
    try:
        return _read(row)
    except (ValueError, TypeError) as error:
        raise DatabaseError("malformed: an entry that cannot be read") from error


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(seconds=offset))


def _read(row: Row) -> Entry:
    zone, tags = _zone(row["utc_offset"]), row["tags"]
    return Entry(
        id=row["id"], uid=row["uid"], manager=row["manager"], manager_name=row["manager_name"], kind=row["kind"],
        size=row["size"], happened_at=utc_moment(row["happened_at"]).astimezone(zone),
        happened_on=date.fromisoformat(row["happened_on"]), note=row["note"], channel=row["channel"], req=row["req"],
        approach=row["approach"], tags=() if tags == "[]" else tuple(json.loads(tags)), evidence=bool(row["evidence"]),
        did=row["did"], changed=row["changed"], repaired_by=row["repaired_by"],
        created_at=utc_moment(row["created_at"]),
    )  # fmt: skip


def known_meetings(journal: Journal, uids: Iterable[str]) -> dict[str, int]:
    """The ids of the entries that have one of these uids, by uid."""
    wanted = json.dumps(sorted(uids))
    return journal.pairs("SELECT uid, id FROM entries WHERE uid IN (SELECT value FROM json_each(?))", (wanted,))
