"""Rows of a file without a uid, matched with the entries that are there: the n-th equal row is the n-th equal entry."""

import json
from collections import deque
from hashlib import blake2b
from typing import Any

from trustlog.domain.entries import EntryDraft
from trustlog.store.journal import Journal, utc_text

GROUPS = 2_000
"""How many groups of entries are kept at hand; one that is let go is read again when it is asked for."""
_THERE = """SELECT id, kind, size, note, did, changed, channel, req_id, approach, tags, evidence FROM entries
  WHERE manager_id = ? AND id <= ?"""
_Group = dict[bytes, deque[int]]


class Matching:
    """Finds for a row the entry that it is.

    Entries are read by groups, those of a manager at one moment for a dated row and all of a manager for an undated
    one; each is read once, so that the time grows with the file and not with its square.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        # what this file brings is no match for its own rows
        self._last = int(journal.value("SELECT coalesce(max(id), 0) FROM entries"))
        self._groups: dict[tuple[int, str | None], _Group] = {}
        self._taken: set[int] = set()

    def take(self, new: EntryDraft, *, dated: bool) -> bool:
        """Whether an entry is there that equals the row and that no other row took; it is taken now."""
        if not self._last:
            return False
        at = utc_text(new.happened_at) if dated else None
        found = self._group(new.manager_id or 0, at).get(_content(
            new.kind, new.size, new.note, new.did, new.changed, new.channel, new.req_id, new.approach,
            json.dumps(new.tags, ensure_ascii=False), int(new.evidence),
        ))  # fmt: skip
        while found:
            entry = found.popleft()
            if entry not in self._taken:
                self._taken.add(entry)
                return True
        return False

    def leave_out(self, entry: int) -> None:
        """An entry is not what it was any more: a row with its uid changed it."""
        self._taken.add(entry)

    def _group(self, manager_id: int, at: str | None) -> _Group:
        key = (manager_id, at)
        if (known := self._groups.get(key)) is not None:
            return known
        moment = () if at is None else (at,)
        sql = _THERE + " AND happened_at = ?" * len(moment) + " ORDER BY id"
        group: _Group = {}
        for row in self._journal.db.execute(sql, (manager_id, self._last, *moment)):
            if row[0] not in self._taken:
                group.setdefault(_content(*row[1:]), deque()).append(row[0])
        if len(self._groups) >= GROUPS:
            del self._groups[next(iter(self._groups))]
        self._groups[key] = group
        return group


def _content(*columns: Any) -> bytes:
    """What an entry says, in a few bytes: a note may be a megabyte."""
    return blake2b(repr(columns).encode("utf-8", "surrogatepass"), digest_size=16).digest()
