"""`log`, `show`, `search`: entries as they were written, and safe to look at."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

# what must never reach a terminal or a pipe raw: C0 and C1 controls but newline, DEL, marks that reorder text
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]")

# sixteen texts that broke other tools, each with a word that a search finds it by
HOSTILE = {
    "escapes": ("calm \x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://x\x1b\\link \x9b31m", "calm"),
    "controls": ("bell\x07 back\x08 \x01\x02\x0b\x0c\x0e\x1f\x7f\x80\x85\x9f end", "bell"),
    "newlines": ("first\nsecond\n\n  fourth", "fourth"),
    "carriage returns": ("visible\roverwritten\r\nnext", "overwritten"),
    "emoji": ("family 👨‍👩‍👧‍👦 flag 🏳️‍🌈 skin 👍🏽", "family"),
    "right to left": ("user \u202egnp.exe\u202c \u2066isolate\u2069 שלום مرحبا", "user"),
    "combining": ("Zoe\u0301 Z\u0335\u0321\u0353a\u0300\u0301\u0302lgo", "zoe"),
    "leading dashes": ("--- dashes --kind note -k", "dashes"),
    "an option": ("--version", "version"),
    "markup": ("[bold]bold[/bold] [link=http://x]y[/] [/] :smile: [red", "bold"),
    "a command": ("=cmd|'/c calc'!A1", "calc"),
    "a formula": ("+1+1", "1"),
    "quotes": ('it\'s "quoted" \\n $(id) `id` %s {0} \\', "quoted"),
    "html": ("<script>alert(1)</script> <b>&amp;</b>", "alert"),
    "templates": ("{{ 7*7 }} {% raw %} ${x} #{y}", "raw"),
    "long": ("long " + "é" * 60_000, "long"),
}

QUERIES = [
    ("calibration", [1]),
    ("CALIBRATION", [1]),
    ("scorecards", [2, 1]),
    ("scorecard calibration", [1]),
    ("resume", [3]),
    ("résumé", [3]),
    ("don't", [3]),
    ("c++", [2]),
    ('"scorecard"', [2, 1]),
    ("scorecard AND", []),
    ("scorecard*", [2, 1]),
    ("scorecard - calibration", [1]),
    ("scorecard OR nothing", []),
    ("note:scorecard", []),
    ("NEAR(scorecard)", []),
    ("nowhere", []),
    ("-", []),
    ('"', []),
    ("*", []),
    ("(", []),
    ("^", []),
    ("{}[]:;,.!?", []),
]


@pytest.fixture
def told(call: Call, two: Path) -> Call:
    """Six entries, all of spring 2024: #1 to #4 with dana, #5 and #6 with marcus."""
    del two  # it has made the journal
    for args in (
        ["dana", "Calibration over the scorecard", "-w", "2024-03-01 09:00", "-k", "meeting", "-t", "deep"],
        ["dana", "Scorecards before lunch, C++ too", "-w", "2024-03-01 12:00", "-k", "reply", "-c", "chat", "-s", "s"],
        ["dana", "Don't forget the résumé", "-w", "2024-02-29 09:00", "-t", "deep", "-t", "wide"],
        ["dana", "Older", "-w", "2024-01-10 09:00", "--no-evidence"],
        ["marcus", "Same minute", "-w", "2024-03-01 12:00", "-k", "reply"],
        ["marcus", "", "-w", "2024-04-01 12:00", "-k", "help", "-s", "l"],
    ):
        assert call("add", *args).code == 0
    return call


def ids(call: Call, *args: str) -> list[int]:
    return [one["id"] for one in call("--json", *args).data["entries"]]


FILTERS = [
    ([], [6, 5, 2, 1, 3, 4]),
    (["dana"], [2, 1, 3, 4]),
    (["marc"], [6, 5]),
    (["--since", "2024-03-01"], [6, 5, 2, 1]),
    (["--until", "2024-03-01"], [5, 2, 1, 3, 4]),
    (["--since", "29 Feb 2024", "--until", "2024-02-29"], [3]),
    (["--since", "2024-05-01"], []),
    (["--kind", "reply"], [5, 2]),
    (["--kind", "meeting_held"], [1]),
    (["--tag", "deep"], [1, 3]),
    (["--tag", "dee"], []),
    (["--limit", "2"], [6, 5]),
    (["dana", "--limit", "1", "--kind", "note"], [3]),
    (["--limit", "99999999999999999999"], [6, 5, 2, 1, 3, 4]),
]


@pytest.mark.parametrize(("args", "found"), FILTERS)
def test_the_log_is_newest_first_and_every_filter_narrows(told: Call, args: list[str], found: list[int]) -> None:
    assert ids(told, "log", *args) == found


def test_the_log_groups_by_day_with_all_that_matters(told: Call) -> None:
    text = told("log").says()
    days = re.findall(r"^\S.*$", text, re.M)
    assert days == ["Mon 1 Apr 2024", "Fri 1 Mar 2024", "Thu 29 Feb 2024", "Wed 10 Jan 2024"]
    for said in (
        "#2  12:00  Dana Ortiz · reply received · small, chat",
        "Scorecards before lunch, C++ too",
        "#3  09:00  Dana Ortiz · note · +deep, +wide",
        "no evidence",
        "#6  12:00  Marcus Hughes · help received · large",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["log", "nobody"], "unknown-manager"),
        (["log", "--kind", "nonsense"], "unknown-kind"),
        (["log", "--since", "nonsense"], "bad-date"),
        (["log", "--until", "05/06/2024"], "bad-date"),
        (["log", "--req", "nope"], "unknown-req"),
        (["search", "x", "--manager", "nobody"], "unknown-manager"),
        (["log", "7"], "unknown-entry"),
        (["log", "0"], "unknown-entry"),
        (["log", "99999999999999999999"], "unknown-entry"),
    ],
)
def test_what_cannot_be_found_is_refused_by_name(told: Call, args: list[str], code: str) -> None:
    told(*args, "--json").fails(1, code)
    told(*args).fails(1)


@pytest.mark.usefixtures("two", "home")
def test_an_empty_log_is_an_answer(call: Call) -> None:
    for args in (["log"], ["log", "dana"], ["search", "x"]):
        empty = call(*args)
        assert (empty.code, empty.out) == (0, "")
        assert empty.err.count("\n") == 1
        assert call(*args, "--json").data == {"entries": []}


def test_reading_makes_no_journal(call: Call, home: Path) -> None:
    for args in (["log"], ["report"], ["manager", "list"], ["req", "list"], ["search", "x"], ["undo", "--list"]):
        assert call(*args).code == 0
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_a_terminal_gets_twenty_and_a_pipe_all(tty: Terminal, call: Call, run: Program) -> None:
    rows = "".join(f"dana,2024-01-01,note {number}\n" for number in range(25))
    call("import", "-", stdin=f"manager,when,note\n{rows}").says()
    assert run("log").says().count("#") == 25
    code, shown = tty.ends(tty("log", env={"NO_COLOR": "1"}))
    assert (code, shown.count("#"), "20 of 25" in shown) == (0, 20, True)
    assert len(run("log", "--json").data["entries"]) == 25


def test_show_has_everything(told: Call) -> None:
    told("add", "dana", "--did", "Answered in an hour", "--changed", "two offers", "-k", "praise", "--approach", "pull")
    text = told("log", "7").says()
    for said in ("#7", "Dana Ortiz · praise given", "Answered in an hour", "two offers", "pull"):
        assert said in text
    assert "Fri 1 Mar 2024 12:00" in told("log", "2").says()
    assert "small" in told("log", "2").says()


@pytest.mark.parametrize(("query", "found"), QUERIES)
def test_search_finds_words_in_any_form_and_fears_no_punctuation(told: Call, query: str, found: list[int]) -> None:
    assert ids(told, "search", "--", query) == found


def test_search_narrows_by_manager_and_limit(told: Call) -> None:
    assert ids(told, "search", "scorecard", "--manager", "dana") == [2, 1]
    assert ids(told, "search", "scorecard", "-m", "marcus") == []
    assert ids(told, "search", "scorecard", "--limit", "1") == [2]
    assert ids(told, "search", "scorecard", "calibration") == [1]


def test_search_marks_what_it_found(told: Call, tty: Terminal) -> None:
    assert "[Calibration] over the" in told("search", "calibration").says()
    child = tty("search", "calibration")
    shown = child.read()
    assert re.search("\x1b\\[[0-9;]*mCalibration\x1b", shown)


def test_search_follows_edits_and_deletions(told: Call) -> None:
    told("edit", "1", "--note", "about dashboards")
    assert ids(told, "search", "calibration") == []
    assert ids(told, "search", "dashboard") == [1]
    told("delete", "1")
    assert ids(told, "search", "dashboard") == []
    told("undo", "2", "--yes")
    assert ids(told, "search", "calibration") == [1]


def test_search_finds_what_they_did_and_what_it_changed(told: Call) -> None:
    told("add", "dana", "-k", "praise", "--did", "unblocked legal", "--changed", "saved a fortnight")
    assert ids(told, "search", "unblocked") == [7]
    assert ids(told, "search", "fortnight") == [7]


@pytest.mark.parametrize("query", ["", " ", "\n"])
def test_an_empty_search_is_wrong_usage(call: Call, query: str) -> None:
    call("search", query).fails(2)
    call("search", query, "--json").fails(2, "usage")


# --- hostile notes --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
@pytest.mark.long
def test_hostile_notes_come_back_exactly_and_never_reach_the_screen_raw(call: Call, run: Program) -> None:
    assert len(HOSTILE) == 16
    for number, (name, (note, word)) in enumerate(HOSTILE.items(), 1):
        assert RAW.search(call("add", "dana", "-w", "2024-03-01", "--", note).says()) is None, name
        shown = call("log", str(number), "--json")
        assert shown.data["entry"]["note"] == note, name
        assert RAW.search(shown.out) is None, name
        assert RAW.search(call("log", str(number)).says()) is None, name
        found = call("search", "--", word)
        assert f"#{number} " in found.says(), name
        assert RAW.search(found.out) is None, name
    for args in (["log"], ["search", "calm"], ["log", "1"], ["log", "2"], ["log", "6"]):
        assert RAW.search(run(*args).says()) is None


@pytest.mark.parametrize("name", ["escapes", "an option", "long"])
@pytest.mark.usefixtures("two")
def test_a_hostile_note_goes_through_the_command_line_exactly(run: Program, name: str) -> None:
    note, _ = HOSTILE[name]
    run("add", "dana", "--", note).says()
    assert run("log", "1", "--json").data["entry"]["note"] == note


@pytest.mark.usefixtures("two")
def test_a_hostile_note_is_shown_as_visible_escapes(call: Call) -> None:
    call("add", "dana", "\x1b[31mred \u202eback \x9b \r end")
    for text in (call("log").says(), call("log", "1").says()):
        assert "\\x1b[31mred" in text
        assert "\\u202e" in text
        assert "\\x9b" in text


@pytest.mark.usefixtures("two")
def test_hostile_words_elsewhere_are_harmless_too(call: Call) -> None:
    call("manager", "edit", "dana", "--likes", "tea \u202e coffee")
    call("add", "dana", "x", "-k", "praise", "--did", "\x1b[31m", "--changed", "\x9b")
    call("add", "dana", "y", "-c", "\u202echannel", "-t", "\u2066tag")
    shown = [call(*args) for args in (
        ["manager", "show", "dana"], ["log"], ["log", "1"], ["log", "2"], ["report", "dana", "--why"],
        ["undo", "--list"], ["log", "\x1b[31m"], ["add", "dana", "x", "-k", "\x1b[31m"], ["\x1b[31m"],
        ["add", "dana", "x", "-w", "\x1b[31m"], ["config", "get", "\x9b"], ["import", "\x1b[31m.csv"],
    )]  # fmt: skip
    assert [one for one in shown if RAW.search(one.out) or RAW.search(one.err)] == []


# --- pipes ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("told")
def test_a_pipe_has_no_escape_and_neither_has_no_color(call: Call, tty: Terminal) -> None:
    for args in (["log"], ["log", "1"], ["search", "scorecard"], ["report"], ["report", "dana", "--why"]):
        assert "\x1b" not in call(*args).says()
    coloured = tty("log").read()
    assert "\x1b[" in coloured
    assert "\x1b" not in tty("log", env={"NO_COLOR": "1"}).read()
    assert "\x1b" not in tty("log", "--no-color").read()
    assert "\x1b" not in tty("--no-color", "report").read()


@pytest.mark.usefixtures("two")
def test_a_reader_who_has_seen_enough_is_no_error(call: Call, env: dict[str, str]) -> None:
    rows = "".join(f"dana,2024-01-01,{'x' * 300} {number}\n" for number in range(600))
    call("import", "-", stdin=f"manager,when,note\n{rows}").says()
    for args in (["log"], ["log", "--json"]):
        with subprocess.Popen(
            [sys.executable, "-m", "trustlog", *args], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            assert child.stdout
            assert child.stderr
            assert child.stdout.read(10)
            child.stdout.close()
            assert (child.stderr.read(), child.wait(timeout=60)) == (b"", 0)


def test_the_log_shows_one_entry_by_its_number_with_and_without_its_sign(told: Call) -> None:
    whole = told("log", "2", "--json").data

    assert list(whole) == ["entry"]
    assert told("log", "#2", "--json").data == whole
    assert "goes alone" in told("log", "2", "--limit", "1").fails(2)


def test_a_handle_of_digits_is_a_manager_and_its_sign_an_entry(call: Call) -> None:
    call("add", "7", "hello", "--create")

    assert [one["manager"] for one in call("log", "7", "--json").data["entries"]] == ["7"]
    assert call("log", "#1", "--json").data["entry"]["manager"] == "7"
