"""`me`: the recruiter's own page, and wiping all they ever said about themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

EMPTY = 'Nothing here yet. Begin with: trustlog me --care-after "tea outside" --comfort NAME\n'


def page(call: Call, *args: str) -> Any:
    return call("me", *args, "--json").data["me"]


def test_an_empty_page_says_how_to_begin_and_makes_no_journal(call: Call, home: Path) -> None:
    assert call("me").says() == EMPTY
    done = call("me", "--json")
    assert (json.loads(done.out)["command"], done.data) == ("me", {"me": {}})
    assert not home.exists()


FLAGS = [
    (["--name", "Ana"], {"name": "Ana"}),
    (["--best-time", "mornings"], {"best_time": "mornings"}),
    (["--best-way", "in writing"], {"best_way": "in writing"}),
    (["--care-before", "a walk"], {"care_before": ["a walk"]}),
    (["--care-after", "tea", "--care-after", "a song"], {"care_after": ["tea", "a song"]}),
    (["--comfort", "Sam"], {"comfort_people": [{"name": "Sam"}]}),
    (["--senior", "Kim"], {"seniors": ["Kim"]}),
    (["--contact", "HR desk, 3rd floor"], {"contacts": ["HR desk, 3rd floor"]}),
    (["--set", "name=Ana", "--set", 'care-after=["tea"]'], {"name": "Ana", "care_after": ["tea"]}),
    (["--set", 'comfort_people=[{"name": "Sam", "how": "call", "minutes": 10, "mode": "listening"}, "Lee"]'],
     {"comfort_people": [{"name": "Sam", "how": "call", "minutes": 10, "mode": "listening"}, {"name": "Lee"}]}),
    (["--set", 'learned=[{"what": "ask first", "from": "Dana"}]'],
     {"learned": [{"what": "ask first", "from": "Dana"}]}),
    (["--name", "Ana", "--care-after", "tea"], {"name": "Ana", "care_after": ["tea"]}),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "kept"), FLAGS)
def test_each_flag_keeps_its_field_and_undo_takes_it_back(call: Call, flags: list[str], kept: dict[str, Any]) -> None:
    assert page(call, *flags) == kept
    assert page(call) == kept
    assert call("undo", "--json").data["undone"][0]["command"] == "me"
    assert page(call) == {}


def test_lists_grow_by_one_and_an_empty_value_removes_the_field(call: Call) -> None:
    page(call, "--care-after", "tea", "--comfort", "Sam", "--name", "Ana")
    assert page(call, "--care-after", "a song")["care_after"] == ["tea", "a song"]
    assert page(call, "--comfort", "Lee")["comfort_people"] == [{"name": "Sam"}, {"name": "Lee"}]
    assert "care_after" not in page(call, "--set", "care_after=[]")
    assert set(page(call, "--set", "name=", "--set", "comfort_people=")) == set()


REFUSED = [
    (["--set", "nickname=Ana"], "nickname"),
    (["--set", "name"], "--set takes field=value"),
    (["--set", "care_after=tea"], "care_after takes a JSON list"),
    (["--set", 'care_after={"a": 1}'], "care_after takes a JSON list"),
    (["--set", "seniors=[1]"], "seniors takes a text"),
    (["--set", 'comfort_people=[{"how": "call"}]'], "a person is"),
    (["--set", 'comfort_people=[{"name": "Sam", "mode": "advice"}]'], "mode takes listening or ideas"),
    (["--set", 'comfort_people=[{"name": "Sam", "minutes": 0}]'], "minutes takes a whole number"),
    (["--name", "two\nlines"], "name must be one line"),
    (["--care-after", "x" * 201], "care_after is 201 characters long"),
    (["--care-after", "good", "--comfort", " "], "name is empty"),
    (["--name", "Ana", "--set", "seniors=Kim"], "seniors takes a JSON list"),
]


@pytest.mark.parametrize(("flags", "says"), REFUSED)
def test_what_is_refused_is_named_and_nothing_is_saved(call: Call, two: Path, flags: list[str], says: str) -> None:
    call("me", "--name", "before").says()
    before = contents(two)
    assert says in call("me", *flags, "--json").fails(1, "bad-field")
    assert contents(two) == before


def test_the_page_is_read_by_people_too(call: Call) -> None:
    call("me", "--set", 'comfort_people=[{"name": "Sam", "how": "call", "minutes": 10, "mode": "listening"}]').says()
    call("me", "--care-after", "tea outside", "--care-after", "a song", "--name", "Ana").says()
    assert call("me").says().splitlines() == [
        "name            Ana",
        "care after      tea outside",
        "care after      a song",
        "comfort people  Sam, call, listening, 10 minutes",
    ]


# What people taught you.


def test_learned_keeps_what_who_and_when(call: Call) -> None:
    lesson = {"what": "Ask for one example first", "from": "Dana", "on": "2026-05-04"}
    assert page(call, "learned", "Ask for one example first", "--from", "Dana", "--when", "2026-05-04") == {
        "learned": [lesson]
    }
    second = page(call, "learned", "Breathe")["learned"][1]
    assert (second["what"], "from" in second) == ("Breathe", False)
    assert "learned         Ask for one example first, from Dana, 2026-05-04" in call("me").says()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["x", "--when", "tomorrow"], "future-date"),
        (["x", "--when", "05/06/2026"], "bad-date"),
        ([""], "bad-field"),
        (["  "], "bad-field"),
        (["two\nlines"], "bad-field"),
        (["x", "--from", "two\nlines"], "bad-field"),
    ],
)
def test_a_lesson_that_cannot_be_kept_is_refused(call: Call, args: list[str], code: str) -> None:
    call("me", "learned", *args, "--json").fails(1, code)
    assert call("me").says() == EMPTY


def test_learned_wants_words_and_takes_no_flag_before_it(call: Call) -> None:
    call("me", "learned", "--json").fails(2, "usage")
    call("me", "--name", "Ana", "learned", "x", "--json").fails(2, "usage")
    assert page(call) == {}


# The page in the scripts.


@pytest.mark.usefixtures("two")
def test_the_scripts_suggest_what_the_page_knows(tty: Terminal, call: Call) -> None:
    call("me", "--care-after", "zebra watching", "--comfort", "Zora").says()
    child = tty("prep-feedback", "dana", "--minutes", "2", *(
        word for field in ("purpose=p", "mood_before=0", "feeling_before=f", "settle_choice=skip", "if_cue=i",
                           "then_action=t", "readiness=4") for word in ("--set", field)
    ))  # fmt: skip
    child.expect(r"kind\s+thing")
    child.send("ze")
    child.expect("bra watching")  # what is typed stands in a colour of its own
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_what_was_learned_comes_back_once_and_care_stands_at_the_settle_step(tty: Terminal, call: Call) -> None:
    call("me", "learned", "Ask for one example", "--from", "Dana", "--when", "2026-05-04").says()
    call("me", "learned", "Send numbers", "--from", "Marcus", "--when", "2026-05-04").says()
    call("me", "--care-before", "zebra watching", "--best-way", "in writing").says()
    words = ["dana", "--minutes", "2", "--set", "purpose=p", "--set", "mood_before=0", "--set", "feeling_before=f"]
    child = tty("prep-feedback", *words)
    child.expect("What helps you before, from your own page: zebra watching")
    first = str(child.before)
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    child = tty("prep-feedback", *words, "--new")
    child.expect("zebra watching")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130

    assert "You learned, from Dana: Ask for one example" in first
    assert "Send numbers" not in first
    assert "You learned" not in str(child.before)


@pytest.mark.usefixtures("two")
def test_a_question_about_feedback_says_which_way_suits_oneself_best(call: Call) -> None:
    call("me", "--best-way", "in writing").says()
    items = ["debrief", "dana", "--set", 'items=[{"text": "Fewer profiles", "decision": "ask"}]', "--json"]

    assert call(*items, "--include-reflections").data["drafts"][0].endswith("The way that suits me best: in writing.")
    assert not any("in writing" in draft for draft in call(*items, "--new").data["drafts"])


# Wiping.

CANARIES: dict[str, dict[str, Any]] = {
    "prep": {"feeling_before": "CANARYPREP1", "line": "CANARYPREP2", "aftercare": "CANARYPREP3", "mood_before": -2},
    "debrief": {"feeling_after": "CANARYDEB1", "free_write": "CANARYDEB2\nCANARYDEB3", "kind_words": "CANARYDEB4"},
}


@pytest.fixture
def told(call: Call, two: Path) -> Path:
    """A journal with words in both drawers, some of them changed, dropped and taken back since."""
    call("add", "dana", "public words", "-k", "reply").says()
    for part, command in (("prep", "prep-feedback"), ("debrief", "debrief")):
        public = {"prep": {"purpose": "a public purpose"}, "debrief": {"headline": "a public headline"}}[part]
        stdin = json.dumps({**CANARIES[part], **public})
        assert call(command, "dana", "--answers", "-", stdin=stdin).code == 0
    call("checkin", "dana", "--set", "gut=4", "--set", "carry_over=2").says()
    call("boundary", "dana", "--set", "BA2=yes").says()
    call("me", "--name", "CANARYME1", "--care-after", "CANARYME2", "--comfort", "CANARYME3").says()
    call("me", "learned", "CANARYME4", "--from", "CANARYME5").says()
    call("me", "--name", "CANARYME6").says()
    call("prep-feedback", "marcus", "--set", "sting=source", "--set", "reframe=CANARYDROP1").says()
    assert call("prep-feedback", "marcus", "--drop").code == 0
    call("me", "--senior", "CANARYUNDO1").says()
    call("undo").says()
    return two


def test_wiping_needs_yes_without_a_terminal(call: Call, told: Path) -> None:
    before = contents(told)
    assert "--yes" in call("me", "--wipe-reflections").fails(1)
    call("me", "--wipe-reflections", "--json").fails(1, "needs-answer")
    assert contents(told) == before


@pytest.mark.plain_only
def test_wiping_leaves_no_byte_of_them_and_all_of_the_rest(call: Call, told: Path) -> None:
    asked = (("log",), ("report",), ("report", "dana", "--why"), ("manager", "list"))
    before = [call(*args, "--json").data for args in asked]
    assert any(b"CANARY" in data for data in contents(told).values())
    assert call("me", "--wipe-reflections", "--yes", "--json").data["wiped"] > 8
    (copy,) = call("backup", "--list", "--json").data["snapshots"]  # a fresh one, of what is left
    assert copy["entries"] == len(json.loads(call("export").out)["entries"])
    assert {name: data for name, data in contents(told).items() if b"CANARY" in data} == {}
    assert [call(*args, "--json").data for args in asked] == before
    assert call("me").says() == EMPTY
    assert call("boundary", "dana", "--json").data["level"] == "L0"
    talk = call("checkin", "dana", "--json", "--include-reflections").data["conversation"]["answers"]
    assert talk["prep"] | {"purpose": "a public purpose"} == talk["prep"]
    assert set(talk["prep"]) <= {"purpose", "ask_instructions", "if_cue", "then_action", "opening_lines"}
    assert talk["debrief"]["headline"] == "a public headline"


def test_undo_cannot_bring_back_what_was_wiped(call: Call, told: Path) -> None:
    call("me", "--wipe-reflections", "--yes").says()
    for _ in range(30):
        done = call("undo", "--json").data["undone"]
        for file, data in contents(told).items():
            assert b"CANARY" not in data, (file, done)
        if not done:
            break
    assert call("undo", "--json").data == {"undone": []}
    assert call("me").says() == EMPTY


def test_wiping_twice_finds_nothing_more(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    call("me", "--wipe-reflections", "--yes").says()
    assert call("me", "--wipe-reflections", "--yes", "--json").data["wiped"] == 0


def test_copies_that_still_hold_them_are_named(call: Call, told: Path) -> None:
    (told / "snapshots").mkdir(exist_ok=True)
    (told / "snapshots" / "old.db").write_bytes((told / "trustlog.db").read_bytes())
    done = call("me", "--wipe-reflections", "--yes")
    assert "old.db" in done.out + done.err


@pytest.mark.plain_only
@pytest.mark.parametrize(("typed", "wiped"), [("y\r", True), ("No\r", False), ("\r", False)])
def test_a_terminal_asks_before_wiping(tty: Terminal, call: Call, told: Path, typed: str, wiped: bool) -> None:
    child = tty("me", "--wipe-reflections")
    child.expect(r"for\s+good")
    child.send(typed)
    assert tty.ends(child)[0] == 0
    assert (call("me").says() == EMPTY) is wiped
    assert any(b"CANARY" in data for data in contents(told).values()) is not wiped


def test_wiping_cancelled_deletes_nothing(tty: Terminal, told: Path) -> None:
    before = contents(told)["trustlog.db"]
    child = tty("me", "--wipe-reflections")
    child.expect(r"for\s+good")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert contents(told)["trustlog.db"] == before


def test_what_is_on_the_page_already_is_not_added_again(call: Call) -> None:
    for _ in range(2):
        call("me", "--care-after", "tea outside", "--comfort", "Sam")

    page = call("me").out

    assert (page.count("tea outside"), page.count("Sam")) == (1, 1)
