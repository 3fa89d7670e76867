"""`report --share`: canaries in everything a person wrote; none of them sings in any format."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.report_sharing import letter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import Call

AS_OF = ("--as-of", "2024-04-17")
FORMATS = ("terminal", "json", "markdown", "html")
COMMANDS: tuple[tuple[str, ...], ...] = (
    (
        "manager", "add", "CANARYA Name", "--handle", "canaryb", "--team", "CANARYC team", "--email",
        "canaryd@example.org", "--likes", "CANARYE likes", "--on-their-plate", "CANARYF plate",
    ),
    ("manager", "add", "Zed CANARYG", "--handle", "zed"),
    ("manager", "add", "Ann CANARYH", "--handle", "ann"),
    ("req", "add", "canaryb", "CANARYI title", "--code", "canaryj-1", "--opened", "2024-01-11", "--tag", "canaryk"),
    ("req", "add", "canaryb", "CANARYL title", "--code", "canarym-2", "--opened", "2024-01-12"),
    ("kickoff", "start", "canaryj-1", "--when", "2024-02-13 09:00", "--set", "why_now=CANARYN why"),
    ("kickoff", "confirm", "canaryj-1", "discovery", "--how", "email", "--when", "2024-02-14 09:00"),
    (
        "add", "canaryb", "CANARYO note", "-k", "reply", "-w", "2024-03-15 09:17", "-t", "canaryp", "-c",
        "CANARYQ channel", "--req", "canaryj-1",
    ),
    (
        "add", "canaryb", "", "-k", "praise", "--did", "CANARYR did", "--changed", "CANARYS changed",
        "-c", "canaryt", "-w", "2024-04-16 09:17",
    ),
    ("add", "canaryb", "", "-k", "praise", "--did", "d", "--changed", "c", "-c", "email", "-w", "2024-04-16 10:17"),
    ("add", "canaryb", "CANARYU harsh", "-k", "harsh", "-w", "2024-03-19 09:17"),
    ("promise", "canaryb", "CANARYV promise", "--when", "2024-04-11 09:17", "--due", "2024-04-26 13:37"),
    (
        "ask", "canaryb", "CANARYW ask", "--for", "scorecard", "--when", "2024-04-11 09:17", "--due",
        "2024-04-15 13:37", "--req", "canaryj-1",
    ),
    ("notice", "canaryb", "CANARYX seen", "--when", "2024-04-12"),
    ("prep-feedback", "canaryb", "--when", "2024-03-18 09:00", "--about", "CANARYY about", "--set", "purpose=CANARYZ"),
    (
        "debrief", "canaryb", "--when", "2024-03-18 12:00", "--set", "headline=CANARY0", "--set",
        'items=[{"text": "CANARY1", "decision": "use"}]',
    ),
)  # fmt: skip
DAYS = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d|\b\d{1,2} (?:Jan|Feb|Mar|Apr)\b|2024-\d\d-\d\d|13:37|09:17")


@pytest.fixture
def canaries(call: Call, home: Path, home_of: Callable[[Any], Path]) -> Call:
    shutil.copytree(home_of(COMMANDS), home)
    return call


def sung(text: str) -> list[str]:
    return re.findall("(?i)canary.?", text)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("who", [(), ("canaryb",)])
@pytest.mark.parametrize("since", [(), ("--since", "2024-01-09")])
def test_no_canary_and_no_day_is_in_what_is_shared(
    canaries: Call, form: str, who: tuple[str, ...], since: tuple[str, ...]
) -> None:
    plain = canaries("report", *who, *since, *AS_OF, "--format", form).out
    assert sung(plain), "the test can fail"
    assert DAYS.search(plain)
    shared = canaries("report", *who, *since, *AS_OF, "--format", form, "--share").says()
    assert sung(shared) == []
    assert DAYS.findall(shared) == []
    assert "Manager A" in shared


@pytest.mark.usefixtures("canaries")
@pytest.mark.parametrize("name", ["r.html", "r.md", "r.json"])
def test_a_shared_file_says_the_same(call: Call, tmp_path: Path, name: str) -> None:
    call("report", "canaryb", *AS_OF, "--share", "--output", str(tmp_path / name)).says()
    text = (tmp_path / name).read_text("utf-8")

    assert (sung(text), DAYS.findall(text)) == ([], [])


def entries_by_letter(call: Call) -> dict[str, int]:
    """What tells the managers of a shared overview apart: a figure of each."""
    shared = call("report", *AS_OF, "--share", "--json").data
    return {one["name"]: one["entries"] for one in shared["managers"]}


def test_the_letters_are_drawn_anew_for_each_report_and_not_by_the_alphabet(canaries: Call) -> None:
    canaries("add", "ann", "one", "-w", "2024-03-01").says()
    drawn = [entries_by_letter(canaries) for _ in range(40)]
    # one draw in three gives ann the A: forty that all do are one in a number of twenty digits
    assert len({one["Manager A"] for one in drawn}) == 3
    assert {tuple(one) for one in drawn} == {("Manager A", "Manager B", "Manager C")}


def test_the_order_of_the_pages_tells_no_name(canaries: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is drawn first has the A and stands first, in every format."""
    canaries("add", "ann", "one", "-w", "2024-03-01").says()
    counts = {one["manager"]: one["entries"] for one in canaries("report", *AS_OF, "--json").data["managers"]}
    asked: list[list[int]] = []

    def drawn(ids: Sequence[int]) -> list[int]:
        asked.append(list(ids))
        return [ids[2], ids[0], ids[1]]

    monkeypatch.setattr("trustlog.commands.report.drawn", drawn)
    assert list(counts) == ["ann", "canaryb", "zed"]
    assert entries_by_letter(canaries) == {
        "Manager A": counts["zed"], "Manager B": counts["ann"], "Manager C": counts["canaryb"],
    }  # fmt: skip
    for form in FORMATS:
        letters = re.findall("Manager ([A-C])", canaries("report", *AS_OF, "--share", "--format", form).says())
        assert list(dict.fromkeys(letters)) == ["A", "B", "C"]
    assert [len(ids) for ids in asked] == [3] * len(asked)


def test_a_page_that_is_shared_alone_is_of_manager_a(canaries: Call) -> None:
    for who in ("zed", "ann"):
        (alone,) = canaries("report", who, *AS_OF, "--share", "--json").data["managers"]
        assert (alone["manager"], alone["name"]) == ("manager-a", "Manager A")


def rounded(value: Any) -> Any:
    """The same with two decimals."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return round(value, 2) if isinstance(value, float) else value


def floats(value: Any) -> list[float]:
    if isinstance(value, dict | list):
        return [found for one in (value.values() if isinstance(value, dict) else value) for found in floats(one)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize("who", [(), ("canaryb",)])
def test_no_shared_figure_has_more_than_two_decimals(canaries: Call, who: tuple[str, ...]) -> None:
    plain = canaries("report", *who, *AS_OF, "--json").data
    assert any(one != round(one, 2) for one in floats(plain)), "the test can fail"
    shared = canaries("report", *who, *AS_OF, "--share", "--json").data
    assert [one for one in floats(shared["managers"]) if one != round(one, 2)] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_shared_page_numbers_no_entry(canaries: Call, form: str) -> None:
    # before a title of Markdown and in a colour of HTML it is no number of an entry
    number = re.compile(r"(?<![&\w:])#\d+\b(?!;)")
    plain = canaries("report", "canaryb", *AS_OF, "--format", form).out
    assert form == "json" or number.search(plain), "the test can fail"
    shared = canaries("report", "canaryb", *AS_OF, "--format", form, "--share").says()
    assert number.findall(re.sub("(?s)<style.*?</style>", "", shared)) == []
    assert form == "json" or "praise given" in shared


def test_the_figures_stay_and_the_dates_are_months(canaries: Call) -> None:
    (plain,) = canaries("report", "canaryb", *AS_OF, "--json").data["managers"]
    document = canaries("report", "canaryb", *AS_OF, "--share", "--json").data
    (shared,) = document["managers"]

    assert (document["as_of"], shared["last_contact"], shared["trend"]["since"]) == ("2024-04", "2024-04", "2024-03")
    assert shared["facets"] == rounded(plain["facets"])
    # enough is known for an estimate, and the rounded figure does not deny it
    assert 0.795 < plain["overall"]["u"] < 0.80
    assert shared["overall"] == rounded(plain["overall"]) | {"u": 0.79}
    for key in ("label", "entries", "unthanked", "practice", "steps_to_half_known"):
        assert shared[key] == plain[key], key
    assert list(shared) == list(plain)
    assert [role["req"] for role in shared["roles"]] == ["role-1", "role-2"]
    assert shared["roles"][0]["agreement"] == plain["roles"][0]["agreement"]
    assert sorted((one["channel"], one["count"]) for one in shared["praise"]) == [("email", 1), ("other", 1)]
    told = [(loop["what"], loop["due_at"], loop["overdue"], loop["uid"]) for loop in shared["open_loops"]]
    assert told == [("promise", "2024-04", False, ""), ("scorecard", "2024-04", True, "")]
    assert shared["responsiveness"]["them"]["overdue"] == plain["responsiveness"]["them"]["overdue"] == 1
    assert shared["responsiveness"]["them"]["oldest_open_days"] is None
    assert shared["conversations"] == [
        {"on": "2024-03", "state": "debriefed", "about": None, "points": {"use": 1}},
    ]


def test_the_line_of_time_has_one_point_a_month(canaries: Call) -> None:
    text = canaries("report", "canaryb", *AS_OF, "--share", "--format", "markdown").says()
    months = re.findall(r"^\| (\w+ 2024) \| [\d.]+ % \|", text.partition("## Over time")[2], flags=re.M)

    assert months == ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]


@pytest.mark.parametrize("place, name", [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")])
def test_letters_go_on_after_z(place: int, name: str) -> None:
    assert letter(place) == name
