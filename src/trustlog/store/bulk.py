"""Many entries at once: matched with what is there, written in batches."""

import json
from datetime import UTC, datetime
from typing import Any

from trustlog.domain.model import NewEntry
from trustlog.store import entries
from trustlog.store.journal import Journal, utc_text

BATCH = 2_000
_SAME = """SELECT id FROM entries WHERE manager_id = ? AND kind = ? AND size = ? AND note = ? AND channel IS ?
  AND req_id IS ? AND approach IS ? AND tags = ? AND evidence = ? AND id <= ?
  AND id NOT IN (SELECT id FROM temp.matched)"""


class Writer:
    """Writes entries inside a change; an entry that is there already is counted, not written again."""

    def __init__(self, journal: Journal, *, update: bool) -> None:
        self.added = self.unchanged = self.updated = 0
        self._journal = journal
        self._update = update
        self._pending: list[tuple[Any, ...]] = []
        self._pending_uids: set[str] = set()
        self._created_at = utc_text(datetime.now(UTC))
        self._last: int | None = None

    def take(self, new: NewEntry, *, dated: bool) -> str | None:
        """Add the entry unless it is there: by its uid, else the n-th equal row is the n-th equal entry.

        An undated entry is matched without its time. Answers why it is refused, or None.
        """
        if new.uid is not None:
            if new.uid in self._pending_uids:
                self.flush()
            known = self._by_uid(new.uid)
            if known is not None:
                return self._meet(known, new, dated)
        elif self._match(new, dated):
            self.unchanged += 1
            return None
        self._pending.append(entries.values(new, self._created_at))
        if new.uid:
            self._pending_uids.add(new.uid)
        self.added += 1
        if len(self._pending) >= BATCH:
            self.flush()
        return None

    def flush(self) -> None:
        """Write what is waiting."""
        self._journal.db.executemany(entries.INSERT, self._pending)
        self._pending.clear()
        self._pending_uids.clear()

    def _by_uid(self, uid: str) -> Any:
        return self._journal.row(
            "SELECT id, manager_id, kind, size, happened_at, note, channel, req_id, approach, tags, evidence"
            " FROM entries WHERE uid = ?",
            (uid,),
        )

    def _meet(self, known: Any, new: NewEntry, dated: bool) -> str | None:
        """Compare an entry with the one that has its uid."""
        tags = json.dumps(new.tags, ensure_ascii=False)
        told = {
            "manager_id": new.manager_id, "kind": new.kind, "size": new.size, "happened_at": utc_text(new.happened_at),
            "note": new.note, "channel": new.channel, "req_id": new.req_id, "approach": new.approach, "tags": tags,
            "evidence": int(new.evidence),
        }  # fmt: skip
        if not dated:
            del told["happened_at"]
        if all(known[column] == value for column, value in told.items()):
            self.unchanged += 1
            return None
        if not self._update:
            return f"conflict: entry {new.uid} is there with other content; --update takes the file's"
        changes: dict[str, Any] = told | {"tags": new.tags} | ({"happened_at": new.happened_at} if dated else {})
        entries.update(self._journal, known["id"], changes)
        self.updated += 1
        return None

    def _match(self, new: NewEntry, dated: bool) -> bool:
        if self._last is None:
            self._journal.db.execute("CREATE TEMP TABLE IF NOT EXISTS matched (id INTEGER PRIMARY KEY)")
            self._journal.db.execute("DELETE FROM temp.matched")
            self._last = self._journal.db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
        if not self._last:
            return False
        asked: list[Any] = [
            new.manager_id, new.kind, new.size, new.note, new.channel, new.req_id, new.approach,
            json.dumps(new.tags, ensure_ascii=False), int(new.evidence), self._last,
        ]  # fmt: skip
        sql = _SAME
        if dated:
            sql, asked = f"{sql} AND happened_at = ?", [*asked, utc_text(new.happened_at)]
        row = self._journal.row(f"{sql} ORDER BY id LIMIT 1", asked)
        if row is None:
            return False
        self._journal.db.execute("INSERT INTO temp.matched VALUES (?)", (row[0],))
        return True
