"""What went well, as `report --me` tells it: what was done, the firsts, what came back; nobody beside anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.entries import KINDS
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

MARCH = ("--since", "2024-03-01", "--as-of", "2024-03-31")
STORY = (
    ("dana", "reply-received", "2024-02-20"),
    ("dana", "reply-received", "2024-03-04"),
    ("marcus", "reply-received", "2024-03-05"),
    ("dana", "help-received", "2024-03-06"),
    ("dana", "help-received", "2024-03-07"),
    ("dana", "praise-given", "2024-03-08"),
    ("dana", "praise-given", "2024-03-09"),
    ("marcus", "praise-given", "2024-03-10"),
    ("marcus", "promise-kept", "2024-03-11"),
    ("dana", "promise-missed", "2024-03-12"),
    ("dana", "harsh-exchange", "2024-03-12"),
    ("dana", "note", "2024-03-12"),
    ("marcus", "meeting-held", "2024-03-13"),
    ("marcus", "update-sent", "2024-04-02"),
    ("marcus", "confided", "2024-04-03"),
)


@pytest.fixture
def story(call: Call, two: Path) -> Path:
    """Some weeks with dana and marcus."""
    for who, kind, on in STORY:
        call("add", who, "CANARY words", "-k", kind, "--when", on)
    return two


def wins(call: Call, *args: str) -> Any:
    return call("report", "--me", *args, "--json").data["me"]["wins"]


def told(call: Call) -> str:
    """The part of March that tells what went well."""
    said = call("report", "--me", *MARCH).says()
    return said[said.index("What you did") :] if "What you did" in said else said


def milestones(found: Any) -> list[tuple[str, str, str]]:
    return [(one["manager"], one["milestone"], one["on"]) for one in found["milestones"]]


def counts(listed: list[dict[str, Any]]) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in listed}


@pytest.mark.usefixtures("story")
def test_wins_key_by_key(call: Call) -> None:
    assert wins(call, *MARCH) == {
        "since": "2024-03-01", "until": "2024-03-31",
        "mine": [{"kind": "praise-given", "count": 3}, {"kind": "promise-kept", "count": 1}],
        "theirs": [{"kind": "help-received", "count": 2}, {"kind": "reply-received", "count": 2}],
        "together": [{"kind": "meeting-held", "count": 1}],
        "milestones": [
            {"manager": "marcus", "milestone": "first-reply", "on": "2024-03-05", "entry": 3},
            {"manager": "dana", "milestone": "first-help", "on": "2024-03-06", "entry": 4},
        ],
        "steps": [],
    }  # fmt: skip


@pytest.mark.usefixtures("story")
def test_wins_as_they_are_read(call: Call) -> None:
    assert told(call).splitlines() == [
        "What you did",
        "  You thanked someone 3 times.",
        "  You kept a promise once.",
        "",
        "For the first time",
        "  Tue 5 Mar 2024   The first reply from Marcus Hughes",
        "  Wed 6 Mar 2024   Dana Ortiz helped you for the first time",
        "",
        "What came back",
        "  You were helped twice.",
        "  2 replies came back.",
        "",
        "Together",
        "  You met once.",
    ]


@pytest.mark.usefixtures("story")
def test_no_word_of_a_note_and_nothing_hard_stands_among_the_wins(call: Call) -> None:
    said = told(call)
    assert "CANARY" not in said
    hard = {name for name, kind in KINDS.items() if kind.sign != "+"}
    data = wins(call, *MARCH)
    assert not hard & {one["kind"] for part in ("mine", "theirs", "together") for one in data[part]}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("reply-received", "first-reply"), ("help-received", "first-help"), ("relied-on-me", "first-view-asked"),
        ("recommended-me", "first-recommendation"), ("confided", "first-confided"),
        ("expectation-confirmed", "first-confirmed"), ("hire-closed", "first-hire"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("two")
def test_only_the_first_of_a_kind_with_each_manager_is_a_milestone(call: Call, kind: str, name: str) -> None:
    days = (
        ("dana", "2024-03-04"),
        ("dana", "2024-03-03 09:00"),
        ("dana", "2024-03-03 08:00"),
        ("marcus", "2024-03-05"),
    )
    for who, on in days:
        call("add", who, "it", "-k", kind, "-s", "s", "--when", on)
    found = wins(call, *MARCH)["milestones"]
    assert [(one["manager"], one["milestone"], one["on"], one["entry"]) for one in found] == [
        ("dana", name, "2024-03-03", 3),
        ("marcus", name, "2024-03-05", 4),
    ]
    assert milestones(wins(call, "--since", "2024-03-04", "--as-of", "2024-03-31")) == [("marcus", name, "2024-03-05")]
    assert milestones(wins(call, "--since", "2024-01-01", "--as-of", "2024-03-02")) == []


@pytest.mark.usefixtures("two")
def test_the_day_on_which_less_than_half_was_unknown_is_told_once(call: Call) -> None:
    for day, kind in ((1, "relied-on-me"), (2, "help-received"), (4, "promise-missed"), (5, "reply-received")):
        call("add", "dana", "it", "-k", kind, "-s", "l", "--when", f"2024-03-{day:02}")
    before, after = (
        call("report", "dana", "--as-of", on, "--json").data["managers"][0]["overall"]["u"]
        for on in ("2024-03-04", "2024-03-05")
    )
    assert before > 0.5 > after
    assert milestones(wins(call, "--since", "2024-03-03", "--as-of", "2024-03-31")) == [
        ("dana", "first-reply", "2024-03-05"),
        ("dana", "half-known", "2024-03-05"),
    ]
    assert wins(call, *MARCH)["milestones"][-1]["entry"] is None
    assert "More is known than unknown with Dana Ortiz" in told(call)
    assert milestones(wins(call, "--since", "2024-03-06", "--as-of", "2024-03-31")) == []
    assert milestones(wins(call, "--since", "2024-03-04", "--as-of", "2024-03-04")) == []


@pytest.mark.usefixtures("two")
def test_a_named_time_cuts_the_day(call: Call) -> None:
    for time in ("09:00", "15:00"):
        call("add", "dana", "it", "-k", "reply-received", "--when", f"2024-03-05 {time}")
    at_noon = wins(call, "--since", "2024-03-05", "--as-of", "2024-03-05 12:00")
    assert (counts(at_noon["theirs"]), len(at_noon["milestones"])) == ({"reply-received": 1}, 1)
    all_day = wins(call, "--since", "2024-03-05", "--as-of", "2024-03-05")
    assert counts(all_day["theirs"]) == {"reply-received": 2}


@pytest.mark.usefixtures("two")
def test_steps_forward_of_debriefs_belong_to_it_and_reflections_do_not(call: Call) -> None:
    for who, on in (("dana", "2024-03-05"), ("marcus", "2024-02-05"), ("dana", "2024-04-05")):
        answers = {"small_step": f"step of {on}", "free_write": "CANARY free", "kind_words": "CANARY kind"}
        assert call("debrief", who, "--when", on, "--answers", "-", stdin=json.dumps(answers)).code == 0
    assert wins(call, *MARCH)["steps"] == [{"manager": "dana", "on": "2024-03-05", "step": "step of 2024-03-05"}]
    said = told(call)
    assert "Steps forward you noted\n  Tue 5 Mar 2024   Dana Ortiz: step of 2024-03-05" in said
    assert "CANARY" not in said


@pytest.mark.usefixtures("two")
def test_an_empty_span_has_no_wins(call: Call) -> None:
    data = wins(call, *MARCH)
    assert [data[part] for part in ("mine", "theirs", "together", "milestones", "steps")] == [[], [], [], [], []]


def test_a_home_without_a_journal_has_an_empty_answer(call: Call, home: Path) -> None:
    assert wins(call)["mine"] == []
    assert not home.exists()


@pytest.mark.usefixtures("story")
def test_looking_writes_nothing_and_says_the_same_again(call: Call) -> None:
    before = call("undo", "--list", "--json").data
    assert told(call) == told(call)
    assert call("undo", "--list", "--json").data == before


@pytest.mark.usefixtures("story")
def test_on_a_terminal_no_line_is_wider_than_it(tty: Terminal) -> None:
    code, said = tty.ends(tty("report", "--me", *MARCH, "--no-color"))
    assert code == 0
    assert "You thanked someone 3 times." in said
    assert max(map(len, said.splitlines())) <= 80


def test_every_good_kind_has_a_sentence_for_once_and_for_more(tmp_path: Path) -> None:
    words = Playbook(tmp_path, pytest.fail).wins
    good = {name for name, kind in KINDS.items() if kind.sign == "+"}
    assert set(words.once) == set(words.often) == good
    for name in good:
        assert "{" not in words.once[name]
        assert words.often[name].count("{") == 1


@pytest.mark.usefixtures("story")
def test_a_sentence_of_ones_own_replaces_ours(call: Call, home: Path) -> None:
    (home / "playbook").mkdir()
    (home / "playbook" / "wins.toml").write_text('[often]\npraise-given = "Thanks, {count} of them."\n', "utf-8")
    said = told(call)
    assert "  Thanks, 3 of them.\n  You kept a promise once.\n" in said


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('[often]\npraise-given = "{name}"', "has no place {name}"),
        ('[often]\npromise-missed = "x"', "'promise-missed' is not known; there are"),
        ('[milestones]\nfirst-coffee = "x"', "'first-coffee' is not known; there are"),
        ("nothing = 3", "nothing must be a text"),
        ("once = 3", "once must be a table"),
        ('extra = "x"', "'extra' is not known here"),
    ],
)
def test_a_mistake_in_it_is_told_and_ours_is_used(tmp_path: Path, written: str, problem: str) -> None:
    (tmp_path / "wins.toml").write_text(written, "utf-8")
    said: list[str] = []
    assert Playbook(tmp_path, said.append).wins == Playbook(tmp_path / "none", said.append).wins
    assert len(said) == 1
    assert problem in said[0]
