"""What `sync` keeps in the journal: its place in a space, the document, what is given, and what was decided."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.formats.sync_document import PRIVATE, Name, Shard
from trustlog.store.journal import Journal

JOINED_TABLE = "joined"
"""Records of the document that are no rows: `<table>/<uid>` of a record that is one with another."""
_EVERYBODY = 2**62


class State(NamedTuple):
    """As whom and where this journal is synced. `number` is that of the last file; `key` is a hash of the space's
    file as it was read; `whole` says that the next file must hold everything; `fresh`: nothing was taken in yet;
    `anew`: the next run reads all of the document again; `files` and `size` (bytes): what was given since the last
    whole file; `forgotten`: uids of managers; `wants`: files of others that could not be read; `digests`: of the own
    files since the last whole one, by their numbers; `deferred`: a whole file is due once nobody is withheld."""

    replica: str
    name: str
    folder: str
    space: str
    identities: list[str]
    key: str
    own_drawer: bool
    number: int = 0
    whole: bool = False
    fresh: bool = False
    anew: bool = False
    files: int = 0
    size: int = 0
    forgotten: list[str] = []  # noqa: RUF012 - read only
    wants: dict[str, int] = {}  # noqa: RUF012 - the same
    digests: dict[str, str] = {}  # noqa: RUF012 - the same
    deferred: bool = False


class Replica(NamedTuple):
    """A laptop of the space: how far it was heard, how far it had heard this one, and when it wrote that."""

    replica: str
    name: str
    heard: int
    hears: int
    at: str


class Conflict(NamedTuple):
    """What was decided where two laptops differed; `value` is the text that did not stay, `about` (JSON) where."""

    table: str
    uid: str
    field: str
    value: str | None
    why: str
    replica: str
    about: str


def state(journal: Journal) -> State | None:
    """None where nothing is synced."""
    row = journal.row("SELECT value FROM sync_state WHERE name = 'space'")
    return State(**json.loads(row[0])) if row else None


def needed_state(journal: Journal) -> State:
    """Raises UserError `conflict` where nothing is synced."""
    found = state(journal)
    if found is None:
        raise UserError("conflict", "this journal is not synced", "Set it up: trustlog sync init FOLDER")
    return found


def keep_state(journal: Journal, state: State) -> None:
    _put(journal, "sync_state", "space", json.dumps(state._asdict(), ensure_ascii=False))


def _put(journal: Journal, table: str, *row: object) -> None:
    """Write a row, in the place of one with the same key; all of these tables are the program's own."""
    journal.db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def set_up(journal: Journal, state: State) -> None:
    """Begin to note what changes; what is there is given with the next file."""
    from trustlog.store import schema  # 50 ms: sqlite-utils, once

    keep_state(journal, state)
    schema.make_sync_triggers(journal.db)


def leave(journal: Journal) -> None:
    """Forget everything about the space; the rows stay."""
    from trustlog.formats import shapes
    from trustlog.store import schema  # 50 ms: sqlite-utils, once

    journal.db.execute("PRAGMA secure_delete = ON")  # the key of the space is among it
    schema.drop_sync_triggers(journal.db)
    for table in shapes.SYNC:
        journal.db.execute(f"DELETE FROM {table}")


@contextmanager
def taking(journal: Journal) -> Iterator[None]:
    """Within it no row that is written is noted as changed here."""
    from trustlog.store.schema import TAKING  # loaded only by who syncs

    journal.db.execute("INSERT INTO sync_state VALUES (?, '')", (TAKING,))
    yield
    journal.db.execute("DELETE FROM sync_state WHERE name = ?", (TAKING,))


class Documents:
    """The small documents of one run, read when they are asked for and kept at its end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open: dict[int, Shard] = {}
        self._given: list[tuple[int, bytes]] = []

    def __getitem__(self, number: int) -> Shard:
        if number not in self._open:
            row = self._journal.row("SELECT state FROM sync_updates WHERE shard = ?", (number,))
            self._open[number] = Shard(row[0] if row else None)
        return self._open[number]

    def all(self) -> Iterator[tuple[int, Shard]]:
        kept = {row[0] for row in self._journal.rows("SELECT shard FROM sync_updates")}
        for number in sorted(kept | self._open.keys()):
            yield number, self[number]

    def keep(self) -> list[tuple[int, bytes]]:
        """Write those that changed into the journal, and let go of all; what was written in this run."""
        for number in sorted(self._open):
            shard = self._open.pop(number)
            self._given += [(number, update) for update in shard.given()]
            if shard.changed:
                _put(self._journal, "sync_updates", number, shard.state())
        return self._given


def whole(journal: Journal, *, private: bool) -> Iterator[tuple[int, bytes]]:
    """The document as it is kept."""
    most = PRIVATE * 2 if private else PRIVATE
    for row in journal.db.execute("SELECT shard, state FROM sync_updates WHERE shard < ? ORDER BY shard", (most,)):
        yield row[0], row[1]


def whole_size(journal: Journal) -> int:
    row = journal.row("SELECT coalesce(sum(length(state)), 0) FROM sync_updates")
    return int(row[0]) if row else 0


def touched(journal: Journal) -> list[Name]:
    return [Name(*row) for row in journal.rows("SELECT tbl, uid FROM sync_touched ORDER BY tbl, uid")]


def touch(journal: Journal, names: Iterable[Name]) -> None:
    journal.db.executemany("INSERT OR IGNORE INTO sync_touched VALUES (?, ?)", list(names))


def clear_touched(journal: Journal) -> None:
    journal.db.execute("DELETE FROM sync_touched")


def waiting(journal: Journal) -> set[Name]:
    """Records that wait for what they belong to."""
    return {Name(*row) for row in journal.rows("SELECT tbl, uid FROM sync_waiting")}


def keep_waiting(journal: Journal, names: Iterable[Name]) -> None:
    journal.db.execute("DELETE FROM sync_waiting")
    journal.db.executemany("INSERT OR IGNORE INTO sync_waiting VALUES (?, ?)", list(names))


def join(journal: Journal, table: str, uid: str, kept: str | None) -> None:
    """Say that two records are one, or with None that they are not any more."""
    journal.db.execute("DELETE FROM sync_joined WHERE tbl = ? AND uid = ?", (table, uid))
    if kept is not None:
        _put(journal, "sync_joined", table, uid, kept)


def merged(journal: Journal, gone: Manager, kept: Manager) -> None:
    """Note that a manager was merged into another, so that what other laptops write about the one reaches the other."""
    if state(journal) is not None:
        join(journal, "managers", gone.uid, kept.uid)
        touch(journal, [Name(JOINED_TABLE, f"managers/{gone.uid}")])


def holds_records(journal: Journal, *tables: str) -> bool:
    """Whether there is a row in one of these tables, or of all."""
    from trustlog.formats import shapes  # loaded only by who syncs

    asked = tables or [table for table, _, _ in shapes.tables()]
    return any(journal.row(f"SELECT 1 FROM {table} LIMIT 1") is not None for table in asked)


def is_empty(journal: Journal) -> bool:
    """Whether nothing was written or taken in yet."""
    return not holds_records(journal) and not whole_size(journal)


def replicas(journal: Journal) -> dict[str, Replica]:
    rows = journal.rows("SELECT replica, name, heard, hears, at FROM sync_replicas ORDER BY replica")
    return {row[0]: Replica(*row) for row in rows}


def keep_replica(journal: Journal, one: Replica) -> None:
    _put(journal, "sync_replicas", *one)


def hear_again(journal: Journal) -> None:
    """Take in once more what was heard, for what was left out of it."""
    journal.db.execute("UPDATE sync_replicas SET heard = 0")


def clean(journal: Journal, state: State) -> None:
    """Keep nothing that may hold a text that is gone: what was decided, and files that were not written yet.

    Uids and names of fields stay: a record that waits must still be found once what it belongs to comes back.
    """
    keep_state(journal, state)
    for table in ("sync_conflicts", "sync_outbox"):
        journal.db.execute(f"DELETE FROM {table}")


def let_go_of_undo(journal: Journal, uids: Iterable[str]) -> None:
    """Drop what can be taken back if it knows one of some managers, as forgetting them here does."""
    for uid in uids:
        if journal.row("SELECT 1 FROM undo_rows WHERE instr(image, ?) LIMIT 1", (uid,)) is not None:
            journal.db.execute("PRAGMA secure_delete = ON")
            journal.db.execute("DELETE FROM undo_rows")
            journal.db.execute("DELETE FROM changes")


def gone_for_good(journal: Journal, replica: str) -> None:
    """A laptop that is lost hears nothing more, so that nothing is kept for it."""
    journal.db.execute("UPDATE sync_replicas SET hears = ? WHERE replica = ?", (_EVERYBODY, replica))


def wrote(journal: Journal, name: Name, field: str, number: int) -> None:
    """Note which file gives a field that was changed here."""
    _put(journal, "sync_written", *name, field, number)


def written(journal: Journal, name: Name) -> dict[str, int]:
    """The fields of a record that were changed here and not heard by everybody yet, with the number of their file."""
    rows = journal.rows("SELECT field, number FROM sync_written WHERE tbl = ? AND uid = ?", name)
    return {row[0]: row[1] for row in rows}


def let_go_of_heard(journal: Journal, own: str) -> None:
    """What every other laptop has heard can be in no conflict any more."""
    journal.db.execute(
        "DELETE FROM sync_written WHERE number <= (SELECT min(hears) FROM sync_replicas WHERE replica <> ?)", (own,)
    )


def tell(journal: Journal, found: Iterable[Conflict]) -> None:
    journal.db.executemany(
        "INSERT INTO sync_conflicts (tbl, uid, field, value, why, replica, about) VALUES (?, ?, ?, ?, ?, ?, ?)",
        list(found),
    )


def conflicts(journal: Journal) -> list[Conflict]:
    rows = journal.rows("SELECT tbl, uid, field, value, why, replica, about FROM sync_conflicts ORDER BY id")
    return [Conflict(*row) for row in rows]


def seen(journal: Journal) -> None:
    journal.db.execute("DELETE FROM sync_conflicts")


def post(journal: Journal, number: int, name: str, content: bytes) -> None:
    """Keep a file until it lies in the folder."""
    journal.db.execute("INSERT INTO sync_outbox VALUES (?, ?, ?)", (number, name, content))


def outbox(journal: Journal) -> list[tuple[int, str, bytes]]:
    return [tuple(row) for row in journal.rows("SELECT number, name, content FROM sync_outbox ORDER BY number")]


def posted(journal: Journal, number: int) -> None:
    journal.db.execute("DELETE FROM sync_outbox WHERE number = ?", (number,))
