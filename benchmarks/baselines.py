"""The same work as a bare program on the same file: sqlite3 and nothing else, no checks, no words, no layout.

    python benchmarks/baselines.py NAME JOURNAL [MORE ...]

Each does the query and the arithmetic of one command, as somebody would write it for this journal alone.
Imports stand inside, so that each costs what it needs.
"""

import sqlite3
import sys

ENTRY = "uid, manager_id, kind, size, happened_at, utc_offset, happened_on, note, channel, req_id, approach, tags"
TOLD = (
    "e.id, e.uid, m.handle, m.name, e.kind, e.size, e.happened_at, e.utc_offset, e.happened_on, e.note, e.did,"
    " e.changed, e.channel, r.code, e.approach, e.tags, e.evidence, e.repaired_by, e.created_at"
)
FROM = "FROM entries e JOIN managers m ON m.id = e.manager_id LEFT JOIN reqs r ON r.id = e.req_id"


def opened(journal: str) -> sqlite3.Connection:
    db = sqlite3.connect(journal, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    return db


def add(journal: str, handle: str) -> None:
    """One row, with the indexes and triggers of the journal, safe on the disk."""
    import os

    db = opened(journal)
    db.execute("BEGIN IMMEDIATE")
    manager = db.execute("SELECT id FROM managers WHERE handle = ?", (handle,)).fetchone()[0]
    db.execute(
        f"INSERT INTO entries ({ENTRY}, created_at) VALUES (?, ?, ?, 'm', ?, 0, ?, ?, NULL, NULL, NULL, '[]', ?)",
        (os.urandom(16).hex(), manager, "reply-received", "2026-11-22T10:00:00Z", "2026-11-22", "called back",
         "2026-11-22T10:00:00Z"),
    )  # fmt: skip
    db.execute("COMMIT")
    print("added")


def log(journal: str, limit: str) -> None:
    """The newest entries with every column."""
    for row in opened(journal).execute(
        f"SELECT {TOLD} {FROM} ORDER BY e.happened_at DESC, e.id DESC LIMIT ?", (int(limit),)
    ):
        print(row[0], row[6], row[2], row[4], row[9])


def open_loops(journal: str) -> None:
    """Commitments that are not settled."""
    for row in opened(journal).execute(
        "SELECT c.id, m.handle, c.owed_by, c.what, max(v.due_at) FROM commitments c JOIN managers m"
        " ON m.id = c.manager_id JOIN commitment_events v ON v.commitment_id = c.id GROUP BY c.id"
        " HAVING sum(v.kind = 'settled') = 0 ORDER BY 5"
    ):
        print(*row)


def search(journal: str, word: str, limit: str = "-1") -> None:
    """The newest entries with a word, every column, the hits marked."""
    for row in opened(journal).execute(
        f"SELECT {TOLD}, highlight(entries_fts, 0, '[', ']') {FROM} JOIN entries_fts ON entries_fts.rowid = e.id"
        " WHERE entries_fts MATCH ? ORDER BY e.happened_at DESC, e.id DESC LIMIT ?",
        (f'"{word}"', int(limit)),
    ):
        print(row[0], row[6], row[2], row[4], row[19])


def report(journal: str, handle: str = "%") -> None:
    """The opinion on each facet of one manager or of all: bursts of a day, forgetting by its age, all in Python."""
    from datetime import date

    from trustlog.domain.entries import FACETS, KINDS, SIZES

    db = opened(journal)
    today = date(2026, 11, 23).toordinal()
    left = {}
    for manager, name in db.execute("SELECT id, name FROM managers WHERE handle LIKE ?", (handle,)).fetchall():
        bursts: dict[tuple[str, int, str], list[float]] = {}
        for on, kind, size, evidence, mended in db.execute(
            "SELECT happened_on, kind, size, evidence, repaired_by FROM entries WHERE manager_id = ?", (manager,)
        ):
            told = KINDS[kind]
            if not evidence or told.sign == "0":
                continue
            scale = SIZES[size] * (0.5 if mended else 1.0)
            for facet, weight in enumerate(told.weights):
                if weight:
                    bursts.setdefault((on, facet, told.sign), []).append(weight * scale)
        sums = {(facet, sign): 0.0 for facet in range(3) for sign in "+-"}
        for (on, facet, sign), weights in bursts.items():
            if on not in left:
                left[on] = 2.0 ** (-(today - date.fromisoformat(on).toordinal()) / 90.0)
            weights.sort(reverse=True)
            sums[facet, sign] += left[on] * sum(weight * 0.5**place for place, weight in enumerate(weights))
        for facet, quality in enumerate(FACETS):
            r, s = sums[facet, "+"], sums[facet, "-"]
            print(name, quality, r / (r + s + 2), s / (r + s + 2), 2 / (r + s + 2))


FIELDS = (
    "uid", "manager", "name", "team", "kind", "size", "when", "utc_offset", "channel", "req", "approach", "evidence",
    "tags", "note", "did", "changed",
)  # fmt: skip
ROWS = (
    "SELECT e.uid, m.handle, m.name, m.team, e.kind, e.size, e.happened_at, e.utc_offset, e.channel, r.code,"
    f" e.approach, e.evidence, e.tags, e.note, e.did, e.changed {FROM} ORDER BY e.happened_at, e.uid"
)


def export_csv(journal: str, file: str) -> None:
    import csv
    from pathlib import Path

    with Path(file).open("w", encoding="utf-8", newline="") as out:
        made = csv.writer(out, lineterminator="\n")
        made.writerow(FIELDS)
        made.writerows(opened(journal).execute(ROWS))


def export_json(journal: str, file: str) -> None:
    import json
    from pathlib import Path

    with Path(file).open("w", encoding="utf-8") as out:
        dump = json.JSONEncoder(ensure_ascii=False).encode
        for row in opened(journal).execute(ROWS):
            one = dict(zip(FIELDS, row, strict=True))
            one["tags"] = json.loads(one["tags"])
            out.write(dump(one) + ",\n")


def import_csv(journal: str, file: str) -> None:
    """Rows of a CSV into an empty journal: its table and indexes, its word index filled at the end, no triggers."""
    import csv
    import json
    import os
    from collections.abc import Iterator
    from datetime import UTC, datetime
    from pathlib import Path

    db = opened(journal)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER [{name}]")
    known: dict[tuple[str, ...], int] = {}

    def one_of(table: str, *words: str) -> int:
        if (table, words[0]) not in known:
            columns = ("handle, name, team", "code, manager_id, title, opened_on")[table == "reqs"]
            marks = ", ".join("?" * len(words))
            found = db.execute(
                f"INSERT INTO {table} ({columns}, uid, created_at) VALUES ({marks}, ?, '') RETURNING id",
                (*words, os.urandom(16).hex()),
            ).fetchone()
            known[table, words[0]] = found[0]
        return known[table, words[0]]

    def entries() -> Iterator[tuple[object, ...]]:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines)
            next(rows)
            for handle, name, team, kind, size, when, channel, req, approach, tags, note in rows:
                moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
                manager = one_of("managers", handle, name, team)
                yield (
                    os.urandom(16).hex(), manager, kind, size, moment.isoformat(), 0, when[:10], note, channel or None,
                    one_of("reqs", req, str(manager), req, when[:10]) if req else None, approach or None,
                    json.dumps([tag for tag in tags.split(",") if tag]), "2026-11-22T10:00:00Z",
                )  # fmt: skip

    db.executemany(f"INSERT INTO entries ({ENTRY}, created_at) VALUES ({', '.join('?' * 13)})", entries())
    db.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
    db.execute("COMMIT")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
