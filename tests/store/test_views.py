"""The views for people who open the journal with another program: the same figures, and nothing private."""

import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlite_utils import Database

from trustlog.domain.entries import KINDS, SIZES, EntryDraft
from trustlog.domain.people import Manager
from trustlog.domain.trust import Parameters, atoms, weigh
from trustlog.store import conversations, entries, people, private, schema, trust
from trustlog.store.driver import SCHEMA_VERSION
from trustlog.store.journal import Journal
from trustlog.store.schema import migrations

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMELINE = [
    "id", "manager", "name", "day", "time", "kind", "size", "note", "did", "changed", "channel", "req", "approach",
    "tags", "evidence", "repaired",
]  # fmt: skip
DAILY = ["manager", "day", "facet", "sign", "weight"]


def fill(journal: Journal, managers: list[Manager], chance: random.Random, count: int) -> None:
    """Entries at random, crowded on few days, some of them no evidence and some mended by another."""
    with journal.change("fill"):
        for _ in range(count):
            one = EntryDraft(
                chance.choice(managers).id, chance.choice(list(KINDS)), NOON - timedelta(days=chance.randrange(6)),
                chance.choice(list(SIZES)), evidence=chance.random() < 0.9,
            )  # fmt: skip
            written = entries.add(journal, one)
            if chance.random() < 0.2:
                entries.update(journal, chance.randint(1, written), {"repaired_by": written})


def weighed(journal: Journal, managers: list[Manager]) -> dict[tuple[str, str, str, str], float]:
    """What the model counts of each day on that day itself, all mending known."""
    sums: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for manager in managers:
        every = atoms(trust.facts_of(journal, manager.id), date.max)
        for day in {one.on for one in every}:
            for one in weigh([atom for atom in every if atom.on == day], day, Parameters()):
                sums[manager.handle, day.isoformat(), one.atom.facet, one.atom.sign] += one.counts
    return sums


@pytest.mark.parametrize("seed", range(6))
def test_the_daily_weights_are_those_of_the_model(journal: Journal, dana: Manager, seed: int) -> None:
    with journal.change("manager add"):
        managers = [dana, people.add_manager(journal, "marcus", "Marcus Hughes")]
    fill(journal, managers, random.Random(seed), 40 * 4**seed % 1500 + 1)

    found = {tuple(row)[:4]: row[4] for row in journal.rows("SELECT * FROM v_trust_daily")}

    assert found == pytest.approx(weighed(journal, managers), rel=1e-12)
    assert found


def test_a_day_of_a_hundred_entries_is_summed_too(journal: Journal, dana: Manager) -> None:
    with journal.change("fill"):
        for _ in range(100):
            entries.add(journal, EntryDraft(dana.id, "slate-accepted", NOON))

    assert [tuple(row) for row in journal.rows("SELECT * FROM v_trust_daily")] == [
        ("dana", "2026-11-20", "ability", "+", pytest.approx(2.0, abs=1e-12))
    ]


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("size", list(SIZES))
def test_one_entry_weighs_what_its_kind_and_size_say(journal: Journal, dana: Manager, kind: str, size: str) -> None:
    with journal.change("add"):
        entries.add(journal, EntryDraft(dana.id, kind, NOON, size))

    found = {(row["facet"], row["sign"]): row["weight"] for row in journal.rows("SELECT * FROM v_trust_daily")}

    assert found == {(one.facet, one.sign): one.weight for one in atoms(trust.facts_of(journal, dana.id), date.max)}


def test_sqlite_utils_reads_both_views(journal: Journal, dana: Manager, tmp_path: Path) -> None:
    there = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with journal.change("add"):
        req = people.add_req(journal, dana.id, "D-1", "Analyst", date(2026, 11, 1))
        hard = entries.add(journal, EntryDraft(dana.id, "harsh-exchange", NOON, "l", "raw"))
        deed = EntryDraft(
            dana.id, "praise-given", there, "s", "well done", "chat", req, "pull", ("hard", "größe"), False, "it", "all"
        )
        entries.update(journal, hard, {"repaired_by": entries.add(journal, deed)})
    journal.close()

    db = Database(tmp_path / "trustlog.db")
    try:
        assert sorted(db.view_names()) == sorted(schema.NAMES)
        newest, oldest = db.view("v_timeline").rows
        assert newest == {
            "id": 2, "manager": "dana", "name": "Dana Ortiz", "day": "2026-11-20", "time": "23:30",
            "kind": "praise-given", "size": "s", "note": "well done", "did": "it", "changed": "all", "channel": "chat",
            "req": "D-1", "approach": "pull", "tags": '["hard", "größe"]', "evidence": 0, "repaired": 0,
        }  # fmt: skip
        assert list(newest) == TIMELINE
        assert (oldest["note"], oldest["time"], oldest["req"], oldest["repaired"]) == ("raw", "12:00", None, 1)
        (row,) = db.view("v_trust_daily").rows
        assert list(row) == DAILY
        assert tuple(row.values()) == ("dana", "2026-11-20", "benevolence", "-", 1.0)
    finally:
        db.close()


def test_no_view_reads_the_second_drawer(journal: Journal, dana: Manager) -> None:
    with journal.change("rows"):
        sitting = conversations.sit_down(
            journal, conversations.add_conversation(journal, dana.id, 5), "prep", NOON.date(), 5
        )
        conversations.answer(journal, sitting, {"feeling_before": "PRIVATE", "purpose": "learn"})
        private.add_check(journal, dana.id, NOON.date(), {"BR1": True})
        private.save_profile(journal, {"name": "PRIVATE"})

    read: set[str] = set()

    def note_down(_: int, table: str | None, *__: object) -> int:
        read.add(str(table))
        return sqlite3.SQLITE_OK

    journal.db.set_authorizer(note_down)
    rows = [journal.rows(f"SELECT * FROM {name}") for name in schema.NAMES]
    journal.db.set_authorizer(None)

    assert rows == [[], []]
    assert {"entries", "managers", "reqs"} <= read
    assert read.isdisjoint({"reflections", "answers", "sittings", "conversations", "boundary_checks", "profile"})


def test_a_journal_that_is_brought_up_to_date_gets_its_views_anew(
    blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trustlog.db"
    path.write_bytes(blank.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        wanted = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name").fetchall()
        db.execute("DROP VIEW v_trust_daily")
        db.execute("CREATE VIEW v_trust_daily AS SELECT team FROM managers")
        db.execute("PRAGMA user_version = 0")

    # SQLite renames no table while a view names one that is not there
    def migrate(db: Database) -> None:
        db.execute("CREATE TABLE remade AS SELECT * FROM reqs")
        db.execute("DROP TABLE reqs")
        db.execute("ALTER TABLE remade RENAME TO reqs")

    monkeypatch.setattr(migrations, "apply", migrate)
    with closing(Journal.open(path, tmp_path / "snapshots")) as journal:
        found = journal.rows("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name")
        assert journal.rows("PRAGMA user_version")[0][0] == SCHEMA_VERSION

    assert [tuple(row) for row in found] == wanted
