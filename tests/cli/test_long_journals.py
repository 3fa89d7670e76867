"""A long journal answers from sums and few rows, and says the same as if every row were read."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Call

from trustlog.store import trust

DAYS = [f"202{year}-{month:02}-{day:02}" for year in (4, 5) for month in range(1, 13) for day in (3, 17)]
KINDS = ("reply-received", "promise-kept", "slate-declined", "meeting-held", "doubt-voiced", "note")


@pytest.fixture
def long(call: Call, tmp_path: Path) -> Call:
    """Two managers with some hundred entries over two years, one of them mended."""
    rows = ["manager,kind,when,note,tags"]
    for number, day in enumerate(DAYS * 6):
        rows.append(f"{('dana', 'zoe')[number % 2]},{KINDS[number % 6]},{day}T10:00,word{number},urgent")
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    call("import", str(file)).says()
    return call


def rounded(value: Any) -> Any:
    """Sums in another order differ in the last digits."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "2025-12-20"),
        ("dana", "--as-of", "2025-12-20"),
        ("dana", "--as-of", "2025-12-20", "--since", "2024-11-01"),
        ("dana", "--as-of", "2025-06-17"),
        ("dana", "--as-of", "2025-06-17 09:00"),
        ("zoe", "--as-of", "2024-01-10"),
    ],
    ids=" ".join,
)
def test_a_report_from_sums_is_the_report_from_all_rows(
    long: Call, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = json.loads(long("report", *words, "--json").says())
    monkeypatch.setattr(trust, "MANY", 3)
    summed = json.loads(long("report", *words, "--json").says())
    again = json.loads(long("report", *words, "--json").says())

    assert rounded(summed) == rounded(every)
    assert rounded(again) == rounded(every)


def test_why_names_every_entry_of_a_long_journal(long: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "MANY", 3)
    words = ("report", "dana", "--as-of", "2025-12-20", "--json")
    long(*words).says()

    page = json.loads(long(*words, "--why").says())["data"]["managers"][0]

    own = [one for one in page["evidence"] if one["facet"] == "ability" and one["sign"] == "+"]
    assert sum(one["counts"] for one in own) == pytest.approx(page["facets"]["ability"]["r"])


def test_a_large_import_is_one_change_that_leaves_nothing_behind(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trustlog.store import transfer_in

    monkeypatch.setattr(transfer_in, "MANY", 5)
    monkeypatch.setattr(trust, "MANY", 3)
    call("add", "dana", "before", "-k", "promise-kept", "-w", "2024-02-01", "--create").says()
    file = tmp_path / "rows.csv"
    rows = [f"dana,promise-kept,{day}T10:00,calibration {n},urgent" for n, day in enumerate(DAYS)]
    file.write_text("\n".join(["manager,kind,when,note,tags", *rows]) + "\n", "utf-8")
    words = ("report", "dana", "--as-of", "2025-12-20", "--json")
    before = json.loads(call(*words).says())

    call("import", str(file)).says()
    assert len(json.loads(call("log", "--tag", "urgent", "--json").says())["data"]["entries"]) == len(DAYS)
    assert len(json.loads(call("search", "calibration", "--json").says())["data"]["entries"]) == len(DAYS)
    after = json.loads(call(*words).says())
    assert after["data"]["managers"][0]["entries"] == len(DAYS) + 1
    assert after["data"]["managers"][0]["facets"] != before["data"]["managers"][0]["facets"]

    call("undo").says()
    assert rounded(json.loads(call(*words).says())) == rounded(before)
    assert json.loads(call("log", "--tag", "urgent", "--json").says())["data"]["entries"] == []
    assert json.loads(call("search", "calibration", "--json").says())["data"]["entries"] == []
    call("add", "dana", "after calibration", "-k", "promise-kept").says()
    assert len(json.loads(call("search", "calibration", "--json").says())["data"]["entries"]) == 1
    call("undo").says()
    assert json.loads(call("search", "calibration", "--json").says())["data"]["entries"] == []
