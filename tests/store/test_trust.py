"""Kept sums are dropped when the past that they were made of changes, whoever changes it."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trustlog.domain.entries import KINDS, EntryDraft
from trustlog.domain.people import Manager
from trustlog.domain.standing import read
from trustlog.domain.trust import Parameters
from trustlog.store import entries, trust, undo
from trustlog.store.journal import Journal

TODAY = date(2026, 11, 23)
PARAMETERS = Parameters()
MONTH = timedelta(days=28)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "MANY", 3)


def write(journal: Journal, who: Manager, age: int, kind: str = "promise-kept") -> int:
    when = datetime(2026, 11, 23, 12, tzinfo=UTC) - timedelta(days=age)
    with journal.change("add"):
        return entries.add(journal, EntryDraft(who.id, kind, when))


def kept(journal: Journal) -> list[str]:
    return [row[0] for row in journal.rows("SELECT on_day FROM trust_bases ORDER BY on_day")]


def agree(journal: Journal, who: Manager) -> None:
    facts, base = trust.past(journal, who.id, TODAY - MONTH, PARAMETERS)
    short, whole = read(facts, TODAY, PARAMETERS, base), read(trust.facts_of(journal, who.id), TODAY, PARAMETERS)

    assert tuple(short.overall) == pytest.approx(tuple(whole.overall), abs=1e-12)
    assert (short.trend.u, short.trend.e) == pytest.approx((whole.trend.u, whole.trend.e), abs=1e-12)
    assert short.last_contact == whole.last_contact


def test_the_months_that_are_over_are_summed_once(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)

    agree(journal, dana)

    assert kept(journal) == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert len(trust.past(journal, dana.id, TODAY, PARAMETERS).facts) == 2


@pytest.mark.parametrize("age", [1, 30, 60, 99])
@pytest.mark.parametrize("how", ["add", "edit", "move", "delete", "mend", "undo"])
def test_whatever_changes_the_past_unmakes_its_sums(journal: Journal, dana: Manager, how: str, age: int) -> None:
    hard = write(journal, dana, age, "harsh-exchange")
    for other in (99, 70, 40, 5, 1):
        write(journal, dana, other)
    deed = write(journal, dana, 0)
    agree(journal, dana)
    if how == "undo":
        undo.take_back(journal, 3)
    elif how == "add":
        write(journal, dana, age)
    else:
        with journal.change("edit"):
            if how == "edit":
                entries.update(journal, hard, {"size": "l"})
            elif how == "move":
                entries.update(journal, hard, {"happened_at": datetime(2026, 8, 20, 12, tzinfo=UTC)})
            elif how == "mend":
                entries.update(journal, hard, {"repaired_by": deed})
            else:
                entries.delete(journal, hard)

    agree(journal, dana)


@pytest.mark.parametrize("seed", range(8))
def test_any_story_reads_the_same_from_sums_and_from_rows(journal: Journal, dana: Manager, seed: int) -> None:
    chance = random.Random(seed)
    ids: list[int] = []
    for _ in range(40):
        act = chance.choice(["add", "add", "add", "delete", "edit", "undo"])
        if act == "add" or not ids:
            ids.append(write(journal, dana, chance.randrange(200), chance.choice(list(KINDS))))
        elif act == "undo":
            undo.take_back(journal, 1)
            ids = [row[0] for row in journal.rows("SELECT id FROM entries")]
        else:
            one = chance.choice(ids)
            with journal.change(act):
                if act == "delete":
                    entries.delete(journal, one)
                    ids.remove(one)
                else:
                    entries.update(journal, one, {"kind": chance.choice(list(KINDS))})
        agree(journal, dana)


def test_where_somebody_else_writes_nothing_is_kept_and_nothing_waits(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)
    path = journal.rows("PRAGMA database_list")[0]["file"]
    other = Journal.open(Path(path), Path(path).parent)

    with other.draft():
        agree(journal, dana)
        assert kept(journal) == []

    other.close()
    agree(journal, dana)
    assert len(kept(journal)) == 3


def test_another_half_life_has_sums_of_its_own(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)
    agree(journal, dana)

    faster = Parameters(half_life_days=30)
    facts, base = trust.past(journal, dana.id, TODAY - MONTH, faster)
    whole = read(trust.facts_of(journal, dana.id), TODAY, faster)

    assert tuple(read(facts, TODAY, faster, base).overall) == pytest.approx(tuple(whole.overall), abs=1e-12)


def test_a_change_keeps_the_sums_that_it_read(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)

    with journal.change("add"):
        trust.past(journal, dana.id, TODAY, PARAMETERS)
        assert len(trust.past(journal, dana.id, TODAY, PARAMETERS).facts) == 2
    assert kept(journal) == ["2026-08-31", "2026-09-30", "2026-10-31"]


def test_a_change_that_fails_keeps_no_sums(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)

    with pytest.raises(KeyError), journal.change("add"):
        trust.past(journal, dana.id, TODAY, PARAMETERS)
        raise KeyError
    assert kept(journal) == []


def test_everybody_with_a_long_past_is_summed_up_at_once(journal: Journal, dana: Manager) -> None:
    for age in (100, 70, 40, 5, 1):
        write(journal, dana, age)

    with journal.change("import"):
        trust.sum_up(journal, TODAY, PARAMETERS)
    assert kept(journal) == ["2026-08-31", "2026-09-30", "2026-10-31"]
