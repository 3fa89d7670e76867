"""The recent past of a busy journal: few rows are read, and every situation is the same as with all of them."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from trustlog.domain.coaching_history import LOOKS_BACK, Happened, History
from trustlog.domain.coaching_signals import EVENTS, Found
from trustlog.domain.coaching_states import STATES
from trustlog.domain.entries import KINDS, EntryDraft
from trustlog.domain.people import Manager
from trustlog.domain.standing import read
from trustlog.domain.trust import Parameters
from trustlog.store import coaching, entries
from trustlog.store.journal import Journal, utc_text

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def everything(journal: Journal, who: Manager) -> list[Happened]:
    """All entries of the time, read the plain way."""
    since, until = utc_text(NOW - LOOKS_BACK), utc_text(NOW)
    rows = journal.rows(
        "SELECT id FROM entries WHERE manager_id = ? AND happened_at BETWEEN ? AND ?"
        " ORDER BY happened_at DESC, id DESC",
        (who.id, since, until),
    )
    found = entries.by_ids(journal, [row[0] for row in rows])
    return [
        Happened(
            one.id,
            one.kind,
            one.happened_on,
            one.size,
            one.approach,
            one.tags,
            one.repaired_by is not None,
            one.text,
            one.happened_at,
        )
        for one in (found[row[0]] for row in rows)
    ]


def told(who: Manager, listed: list[Happened]) -> dict[str, Found | None]:
    history = History(who, NOW, date(2026, 1, 1), NOW.date(), tuple(listed))
    reading = read([], NOW.date(), Parameters())
    return {name: event(history) for name, event in EVENTS.items()} | {
        name: state(history, reading) for name, state in STATES.items()
    }


@pytest.mark.parametrize("seed", range(25))
def test_every_situation_is_the_same_as_with_all_rows(journal: Journal, dana: Manager, seed: int) -> None:
    chance = random.Random(seed)
    kinds = chance.sample(sorted(KINDS), chance.randint(1, len(KINDS)))
    with journal.change("add"):
        for number in range(chance.choice((0, 3, 40, 400))):
            kind = chance.choice(kinds)
            when = NOW - timedelta(hours=chance.randrange(-20, 70 * 24))
            tags = ("requirement-change",) if chance.random() < 0.05 else ()
            approach = chance.choice(("push", "pull", None))
            entry = entries.add(
                journal, EntryDraft(dana.id, kind, when, note=str(number), approach=approach, tags=tags)
            )
            if kind == "promise-missed" and chance.random() < 0.5:
                entries.update(journal, entry, {"repaired_by": entry})

    whole, few = everything(journal, dana), coaching.happened(journal, dana.id, NOW - LOOKS_BACK, NOW)

    assert told(dana, few) == told(dana, whole)
    assert set(few) <= set(whole)
    assert few == [one for one in whole if one in few]


def test_help_that_was_thanked_on_the_same_day_stays_thanked(journal: Journal, dana: Manager) -> None:
    with journal.change("add"):
        for kind, hour in (("praise-given", 9), ("help-received", 10), ("praise-given", 8)):
            entries.add(journal, EntryDraft(dana.id, kind, NOW.replace(hour=hour), note=kind))

    found = told(dana, coaching.happened(journal, dana.id, NOW - LOOKS_BACK, NOW))

    assert found["help_unthanked"] is None


def test_of_a_busy_month_only_a_few_rows_are_read(journal: Journal, dana: Manager) -> None:
    with journal.change("add"):
        for number in range(1_000):
            kind = ("reply-received", "praise-given", "note")[number % 3]
            entries.add(journal, EntryDraft(dana.id, kind, NOW - timedelta(hours=number), note="n"))

    assert len(coaching.happened(journal, dana.id, NOW - LOOKS_BACK, NOW)) < 40
