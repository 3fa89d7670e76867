"""A clock that is wrong: it takes no copy away, puts none before a later one, and is said or refused."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from trustlog import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Call

    At = Callable[[datetime], None]

NOW = datetime(2026, 11, 23, 15, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR_2040 = datetime(2040, 6, 1, 9, 0, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock of the runs that follow."""

    def put(moment: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # only ever asked for UTC
                assert tz is UTC
                return moment

        monkeypatch.setattr(clock, "datetime", Clock)

    return put


@pytest.fixture
def thirty(call: Call, at: At, two: Path) -> Path:
    """A home of two entries with thirty copies, one a day."""
    at(NOW - DAY * 30)
    call("add", "dana", "one").says()
    call("add", "dana", "two").says()
    at(NOW - DAY * 29)
    call("backup").says()
    (first,) = (two / "snapshots").iterdir()
    for number in range(2, 31):
        shutil.copy(first, first.with_name(f"trustlog-{NOW - DAY * (30 - number):%Y%m%dT%H%M%SZ}-{number}.db"))
    return two


def names(home: Path) -> set[str]:
    return {path.name for path in (home / "snapshots").iterdir()}


def entries(call: Call) -> int:
    return len(call("log", "--json").data["entries"])


# --- copies


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (YEAR_2040, "This machine's clock says Fri 1 Jun 2040, and the last copy is of Mon 23 Nov 2026."),
        (NOW + DAY * 182, "This machine's clock says Mon 24 May 2027, and the last copy is of Mon 23 Nov 2026."),
        (NOW - DAY * 400, "The last copy is dated Mon 23 Nov 2026, which has not come yet"),
    ],
    ids=["2040", "six months ahead", "a year back"],
)
def test_one_run_with_a_wrong_clock_takes_none_of_thirty_copies_and_says_so(
    call: Call, at: At, thirty: Path, moment: datetime, said: str
) -> None:
    before = names(thirty)
    at(moment)

    run = call("report")

    assert run.err.startswith(said)
    assert run.err.endswith("No older copy was let go.\n")
    assert run.err.count("\n") == 1
    assert len(names(thirty) - before) == 1
    assert before <= names(thirty)


def test_an_ordinary_day_lets_one_copy_go_and_says_nothing(call: Call, at: At, thirty: Path) -> None:
    before = names(thirty)
    at(NOW + DAY)
    for command in ("report", "backup", "report", "backup"):
        assert call(command).err == ""

    assert len(before - names(thirty)) == 1


def test_a_month_in_2040_lets_no_more_than_one_copy_go_a_day(call: Call, at: At, thirty: Path) -> None:
    gone = []
    for day in range(30):
        before = names(thirty)
        at(YEAR_2040 + DAY * day)
        call("report")
        call("report")
        gone.append(len(before - names(thirty)))
    assert gone == [0] + [1] * 29


def test_a_copy_dated_in_the_future_is_not_restored_in_place_of_a_later_one(call: Call, at: At, two: Path) -> None:
    at(NOW)
    call("add", "dana", "before").says()
    at(YEAR_2040)
    call("backup")
    at(NOW + DAY)
    for number in range(4):
        call("add", "dana", f"after {number}").says()
    told = call("backup")
    assert "dated Fri 1 Jun 2040, which has not come yet" in told.err
    os.truncate(two / "trustlog.db", 5000)

    done = call("restore", "--yes", "--json").data

    assert entries(call) == 5
    assert (done["passed_over"], done["after"]["entries"]) == ([], 5)


def test_the_list_is_in_the_order_in_which_the_copies_were_made(call: Call, at: At, two: Path) -> None:
    del two
    for moment in (NOW, YEAR_2040, NOW + DAY):
        at(moment)
        call("add", "dana", "more").says()
        call("backup")

    found = call("backup", "--list", "--json").data["snapshots"]

    assert [one["entries"] for one in found] == [3, 2, 1]
    (line,) = (line for line in call("backup", "--list").out.splitlines() if "future" in line)
    assert line.startswith("  Fri 1 Jun 2040 09:00 ")
    assert line.endswith("  dated in the future, by a wrong clock")


def test_the_doctor_names_copies_dated_in_the_future(call: Call, at: At, two: Path) -> None:
    del two
    at(NOW)
    call("add", "dana", "before").says()
    for moment in (YEAR_2040, NOW + DAY):
        at(moment)
        call("backup")

    (one,) = (
        told for told in json.loads(call("doctor", "--json").out)["data"]["findings"] if "copy" in told["problem"]
    )

    assert one["problem"] == "a copy is dated in the future: trustlog-20400601T090000Z-1.db"
    assert "this machine's clock" in one["cure"]


def test_a_copy_of_before_there_were_numbers_that_is_dated_in_the_future_is_the_last_to_be_taken(
    call: Call, at: At, two: Path
) -> None:
    at(NOW)
    for moment in (YEAR_2040, NOW):
        call("add", "dana", "more").says()
        call("backup")
        (made,) = (two / "snapshots").glob("*-1.db")
        made.rename(made.with_name(f"trustlog-{moment:%Y%m%dT%H%M%SZ}.db"))
    (two / "trustlog.db").unlink()

    call("restore", "--yes")

    assert entries(call) == 2


# --- a clock that is wrong beyond doubt


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2300, 1, 1, tzinfo=UTC), "Mon 1 Jan 2300"),
        (datetime(2100, 1, 1, tzinfo=UTC), "Fri 1 Jan 2100"),
        (datetime(2019, 12, 31, tzinfo=UTC), "Tue 31 Dec 2019"),
        (datetime(1970, 1, 1, tzinfo=UTC), "Thu 1 Jan 1970"),
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        ["add", "dana", "x"], ["manager", "add", "Priya Nair"], ["undo"], ["report"], ["backup"], ["restore", "--yes"],
        ["promise", "dana", "x", "--due", "2026-12-01"], ["delete", "1"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_clock_that_cannot_be_is_refused_in_a_line(
    call: Call, at: At, two: Path, words: list[str], moment: datetime, day: str
) -> None:
    at(NOW)
    call("add", "dana", "one").says()
    call("backup").says()
    before = (two / "trustlog.db").read_bytes()
    at(moment)

    said = call(*words).fails(1)

    assert (
        said == f"this machine's clock says {day}, which cannot be. Set the clock and try again; nothing was changed."
    )
    assert (two / "trustlog.db").read_bytes() == before
    assert len(names(two)) == 1
    call(*words, "--json").fails(1, "bad-date")
    assert entries(call) == 1  # what only reads the journal asks no clock


@pytest.mark.parametrize("moment", [clock.EARLIEST, clock.TOO_LATE - timedelta(seconds=1)])
def test_a_clock_at_the_edge_is_believed(at: At, moment: datetime) -> None:
    at(moment)

    assert clock.now() == moment


# --- a fuller copy


def test_a_copy_that_holds_more_than_the_next_backup_is_kept_and_said(call: Call, at: At, two: Path) -> None:
    at(NOW)
    for number in range(5):
        call("add", "dana", f"entry {number}").says()
    call("backup").says()
    call("delete", "1", "2", "3", "4")

    told = call("backup")

    assert told.err == (
        "The copy of Mon 23 Nov 2026 holds 5 entries, the journal 1; it is kept for you:"
        " trustlog-20261123T150203Z-1-kept.db\n"
    )
    for day in range(1, 40):
        at(NOW + DAY * day)
        assert call("report").err == ""
    assert "trustlog-20261123T150203Z-1-kept.db" in names(two)


def test_a_fuller_copy_that_nobody_spoke_of_is_kept_and_said_before_it_would_go(call: Call, at: At, two: Path) -> None:
    """As an older version left them: both some days old, the smaller one the last of its day."""
    at(NOW)
    for number in range(5):
        call("add", "dana", f"entry {number}").says()
    call("backup").says()
    call("delete", "1", "2", "3", "4")
    call("backup")
    for made, name in (("*-1-kept.db", "trustlog-20261120T100000Z.db"), ("*-2.db", "trustlog-20261120T110000Z.db")):
        (there,) = (two / "snapshots").glob(made)
        there.rename(there.with_name(name))

    told = call("report")

    assert told.err == (
        "The copy of Fri 20 Nov 2026 holds 5 entries, the journal 1; it is kept for you:"
        " trustlog-20261120T100000Z-kept.db\n"
    )
    assert names(two) >= {"trustlog-20261120T100000Z-kept.db", "trustlog-20261120T110000Z.db"}


def test_a_copy_before_an_import_says_it_too(call: Call, at: At, two: Path) -> None:
    at(NOW)
    for number in range(3):
        call("add", "dana", f"entry {number}").says()
    call("backup").says()
    call("delete", "1", "2")
    rows = "".join(f"dana,2024-03-01,row {number}\n" for number in range(201))

    told = call("import", "-", stdin="manager,when,note\n" + rows)

    assert "holds 3 entries, the journal 1; it is kept for you" in told.err
    assert "trustlog-20261123T150203Z-1-kept.db" in names(two)
