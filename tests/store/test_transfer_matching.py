"""Rows without a uid are matched with what is there, each entry once, in work that grows with the file alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from trustlog.domain.entries_doer import Synonyms
from trustlog.formats.shapes import ENTRIES
from trustlog.services import finding
from trustlog.services.transfer import ImportOptions
from trustlog.services.transfer_csv import import_csv
from trustlog.store import people, transfer_bulk
from trustlog.store.journal import Journal
from trustlog.store.transfer_in import Merger
from trustlog.store.transfer_out import Record

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNSAID = dict.fromkeys(ENTRIES.fields) | {
    "kind": "reply-received", "size": "m", "tags": [], "evidence": True, "happened_at": NOON.isoformat(),
    "happened_on": NOON.date().isoformat(), "created_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
del UNSAID["uid"]


def dated(note: str, days: int = 0) -> Record:
    moment = NOON + timedelta(days=days)
    return undated(note) | {"happened_at": moment.isoformat(), "happened_on": moment.date().isoformat()}


def undated(note: str) -> Record:
    return {"manager": "dana", "note": note}


WORDS = finding.KindWords(dict, lambda: Synonyms({}, {}, {}), lambda _: ())
"""No words for kinds but their own."""


def taken(journal: Journal, rows: list[Record]) -> tuple[int, int]:
    """How many rows of one file were added, and how many were there."""
    with journal.change("import"):
        merger = Merger(journal, update=False, private=False, unsaid=UNSAID)
        assert list(merger.take(ENTRIES, list(enumerate(rows)))) == []
        merger.close()
    counts = merger.counts["entries"]
    return counts["added"], counts["unchanged"]


def steps(journal: Journal, work: Callable[[], object]) -> int:
    """What SQLite does for it, in thousands of its steps, however fast the machine is."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    journal.db.set_progress_handler(one_more, 1_000)
    work()
    journal.db.set_progress_handler(None, 0)
    return count


@pytest.mark.usefixtures("dana")
def test_dated_and_undated_rows_share_what_is_there(journal: Journal) -> None:
    first = [dated("a"), dated("a", 1), dated("b")]
    assert taken(journal, first) == (3, 0)
    mixed = [dated("a", 1), undated("a"), undated("a")]
    assert taken(journal, mixed) == (1, 2)
    # the undated row takes the first of them, so that one of the dated ones has nothing left
    assert taken(journal, [undated("b"), dated("b"), *first[:2]]) == (1, 3)


@pytest.mark.usefixtures("dana")
def test_a_row_is_no_match_for_another_row_of_its_file(journal: Journal) -> None:
    assert taken(journal, [undated("a")] * 3) == (3, 0)
    assert taken(journal, [undated("a")] * 4) == (1, 3)


@pytest.mark.usefixtures("dana")
def test_groups_that_are_let_go_are_read_again(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_bulk, "GROUPS", 1)
    rows = [dated("a", days) for days in (0, 1, 0, 1, 0)]
    assert taken(journal, rows) == (5, 0)
    assert taken(journal, [*rows, undated("a"), dated("a", 1)]) == (2, 5)


@pytest.mark.usefixtures("dana")
@pytest.mark.parametrize(
    ("row", "note"),
    [(undated, "the same"), (undated, "note {}"), (dated, "the same"), (dated, "note {}")],
    ids=["undated-equal", "undated", "one-day-equal", "one-day"],
)
def test_ten_times_as_many_rows_take_ten_times_the_work(
    journal: Journal, row: Callable[[str], Record], note: str
) -> None:
    work = []
    for size in (300, 3_000):
        rows = [row(note.format(number)) for number in range(size)]
        taken(journal, rows)

        def again(rows: list[Record] = rows) -> None:
            assert taken(journal, rows) == (0, len(rows))

        work.append(steps(journal, again))
    assert 0 < work[1] <= 15 * work[0]


def test_ten_times_as_many_new_managers_take_ten_times_the_work(journal: Journal) -> None:
    how = ImportOptions(lambda _: NOON, NOON, WORDS)
    work = []
    for size in (50, 500):
        lines = ["manager,req,note\n", *(f"m{size}-{number},r{size}-{number},hello\n" for number in range(size))]

        def take_in(lines: list[str] = lines) -> None:
            import_csv(journal, lines, how)

        work.append(steps(journal, take_in))
    assert 0 < work[1] <= 20 * work[0]
    assert len(people.names(journal)) == 550


def test_a_refused_row_leaves_no_name_behind_that_it_brought(journal: Journal) -> None:
    lines = ["manager,name,req,note\n", "zoe,Zoë One,no code,x\n", "zoe,Zoë Two,,x\n", "Zoë Two,,,y\n"]
    done = import_csv(journal, lines, ImportOptions(lambda _: NOON, NOON, WORDS, skip_refused=True))
    assert (done.added, len(done.refused)) == (2, 1)
    assert people.names(journal) == [("zoe", "Zoë Two")]
