"""`notice` and `praise`: the jar of good things seen, and the sentence that comes of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import say

from trustlog.domain.days import near
from trustlog.domain.praise import CHANNELS, praise_sentence
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

SEEN = "four scorecards in before lunch"
CHANGED = "every candidate had an answer by evening"
WORDS = ("--did", SEEN, "--changed", CHANGED)
FOREVER = "99999999999999999999"
THURSDAY = "2024-03-07"


@pytest.fixture
def jar(call: Call, two: Path) -> Path:
    """Two things seen of dana (1, 2), one of marcus (3)."""
    call("notice", "dana", SEEN, "--when", THURSDAY).says()
    call("notice", "dana", "rang the finalist herself", "--when", "2024-03-08").says()
    call("notice", "marcus", "said no with two reasons", "--when", "2024-03-01").says()
    return two


def listed(call: Call, *args: str) -> list[int]:
    return [one["id"] for one in call("praise", *args, "--list", "--json").data["noticed"]]


def everything(call: Call) -> tuple[Any, ...]:
    """What a refused or undone command must leave as it was."""
    lists = (["praise", "--list"], ["log"], ["undo", "--list"])
    # what could be done again is no part of it
    return tuple({**call(*words, "--json").data, "undone": []} for words in lists)


# --- notice ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_something_noticed_key_by_key(call: Call) -> None:
    data = call("notice", "dana", SEEN, "--when", THURSDAY, "--json").data
    assert re.fullmatch(r"[0-9a-f]{32}", data["noticed"].pop("uid"))
    assert data == {
        "noticed": {"id": 1, "ref": "J1", "manager": "dana", "on": THURSDAY, "seen": SEEN, "thanked": False}
    }


@pytest.mark.usefixtures("two")
def test_what_is_noticed_is_no_entry_and_no_evidence(call: Call) -> None:
    (before,) = call("report", "dana", "--json").data["managers"]
    assert call("notice", "dana", SEEN, "--when", THURSDAY).says() == (
        f"In the jar  J1  Dana Ortiz · Thu 7 Mar 2024 · {SEEN}\n"
    )
    assert call("log", "--json").data == {"entries": []}
    (after,) = call("report", "dana", "--json").data["managers"]
    trust = ("label", "entries", "last_contact", "facets", "overall", "trend")
    assert [after[part] for part in trust] == [before[part] for part in trust]


@pytest.mark.usefixtures("two")
def test_what_is_noticed_can_be_taken_back(call: Call) -> None:
    call("notice", "dana", SEEN)
    assert call("undo", "--json").data["undone"][0]["command"] == "notice"
    assert listed(call) == []


@pytest.mark.usefixtures("two")
def test_the_history_of_changes_holds_no_word_of_what_was_seen(call: Call) -> None:
    call("notice", "dana", "CANARY seen")
    call("praise", "--from", "1", "--did", "CANARY did", "--changed", "CANARY changed")
    call("notice", "dana", "CANARY again")
    call("notice", "--drop", "2")
    said = call("undo", "--list").says()
    assert "CANARY" not in said
    assert [line.split("  ", 1)[1] for line in said.splitlines()[:4]] == [
        "notice  dropped J2 dana", "notice  J2 dana", "praise  #1 dana praise-given", "notice  J1 dana",
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_what_was_seen_is_read_from_standard_input(run: Program) -> None:
    said = run("notice", "dana", "-", "--json", stdin="two lines\nof it\n").data
    assert said["noticed"]["seen"] == "two lines\nof it"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["notice"], "needs-answer"),
        (["notice", "dana"], "needs-answer"),
        (["notice", "dana", " "], "bad-text"),
        (["notice", "nobody", SEEN], "unknown-manager"),
        (["notice", "dana", SEEN, "--when", "tomorrow"], "future-date"),
        (["notice", "dana", SEEN, "--when", "some day"], "bad-date"),
        (["notice", "--drop", "9"], "unknown-entry"),
        (["notice", "--drop", FOREVER], "unknown-entry"),
        (["notice", "--drop", f"-{FOREVER}"], "unknown-entry"),
        (["notice", "--drop", "1", "--drop", "9"], "unknown-entry"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("jar")
def test_what_notice_refuses_changes_nothing(call: Call, words: list[str], code: str) -> None:
    before = everything(call)
    call(*words, "--json").fails(1, code)
    assert everything(call) == before


def test_a_missing_text_is_named_as_it_stands_in_the_help(call: Call, two: Path) -> None:
    assert two.is_dir()
    assert "SEEN" in call("notice", "dana").fails(1)
    assert "MANAGER" in call("notice").fails(1)


@pytest.mark.usefixtures("jar")
def test_drop_with_a_manager_is_wrong_usage(call: Call) -> None:
    call("notice", "dana", "--drop", "1", "--json").fails(2, "usage")


@pytest.mark.usefixtures("jar")
def test_things_can_leave_the_jar_without_praise_and_come_back(call: Call) -> None:
    assert call("notice", "--drop", "1", "--drop", "3", "--json").data == {"dropped": [1, 3]}
    assert listed(call) == [2]
    call("undo").says()
    assert listed(call) == [3, 1, 2]
    assert "Out of the jar  J2  Dana Ortiz" in call("notice", "--drop", "2").says()


@pytest.mark.usefixtures("two")
def test_notice_asks_a_terminal_for_what_is_missing(tty: Terminal, call: Call) -> None:
    child = tty("notice")
    for question, answer in (("Who is it about", "dana"), ("What did you see", SEEN)):
        child.expect(question)
        child.send(answer + tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert [one["seen"] for one in call("praise", "--list", "--json").data["noticed"]] == [SEEN]


@pytest.mark.usefixtures("two")
def test_notice_cancelled_writes_nothing(tty: Terminal, call: Call) -> None:
    child = tty("notice", "dana")
    child.expect("What did you see")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert listed(call) == []


# --- the jar --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jar")
def test_the_jar_of_one_manager_and_of_all_the_oldest_first(call: Call) -> None:
    assert listed(call) == [3, 1, 2]
    assert listed(call, "dana") == [1, 2]
    assert (
        call("praise", "marcus", "--list").says() == "J3  Marcus Hughes · Fri 1 Mar 2024 · said no with two reasons\n"
    )


@pytest.mark.usefixtures("two")
def test_an_empty_jar_says_how_to_fill_it(call: Call) -> None:
    done = call("praise", "--list")
    assert (done.code, done.out) == (0, "")
    assert "trustlog notice MANAGER" in done.err


@pytest.mark.usefixtures("two")
def test_what_was_seen_reaches_a_terminal_safely(call: Call) -> None:
    call("notice", "dana", "red \x1b[31m alarm\u202e")
    assert "red \\x1b[31m alarm\\u202e" in call("praise", "--list").says()


# --- praise ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_praise_key_by_key(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "PA-1", "--opened", "2024-03-01")
    day = ("--when", f"{THURSDAY} 15:00", "--on", THURSDAY)
    data = call("praise", "dana", *WORDS, *day, "--req", "pa", "--json").data
    assert list(data) == ["entry", "sentence", "channel"]
    kept = {
        key: data["entry"][key] for key in ("manager", "kind", "did", "changed", "channel", "req", "note", "evidence")
    }
    assert kept == {
        "manager": "dana", "kind": "praise-given", "did": SEEN, "changed": CHANGED, "channel": "one-to-one",
        "req": "PA-1", "note": "", "evidence": True,
    }  # fmt: skip
    assert data["entry"]["happened_at"] == "2024-03-07T15:00:00+00:00"
    assert data["channel"] == "one-to-one"
    assert data["sentence"] == (
        f"Thank you, Dana. What you did on 7 Mar 2024: {SEEN}. What it changed for me: {CHANGED}."
    )


@pytest.mark.usefixtures("two")
def test_stdout_is_the_sentence_alone_and_stderr_says_what_was_kept(call: Call) -> None:
    done = call("praise", "dana", *WORDS, "--when", f"{THURSDAY} 15:00", "--on", THURSDAY)
    assert done.out == f"Thank you, Dana. What you did on 7 Mar 2024: {SEEN}. What it changed for me: {CHANGED}.\n"
    assert done.err == "Kept as #1, praise given, Thu 7 Mar 2024 15:00.\n"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.usefixtures("two")
def test_each_channel_has_a_sentence_that_says_both_things_once(call: Call, channel: str) -> None:
    data = call("praise", "dana", *WORDS, "--channel", channel.replace("-", "_"), "--json").data
    assert (data["channel"], data["entry"]["channel"]) == (channel, channel)
    for said in (f": {SEEN}.", f": {CHANGED}.", "Dana", " [on which day]"):
        assert data["sentence"].count(said) == 1
    assert "{" not in data["sentence"]


@pytest.mark.usefixtures("jar")
def test_praise_from_the_jar_is_dated_when_it_was_given_and_speaks_of_the_day_it_happened(call: Call) -> None:
    data = call("praise", "--from", "1", "--changed", CHANGED, "--when", "2024-03-12 10:00", "--json").data
    assert (data["entry"]["manager"], data["entry"]["did"], data["entry"]["changed"]) == ("dana", SEEN, CHANGED)
    assert data["entry"]["happened_on"] == "2024-03-12"
    assert "What you did on 7 Mar 2024: four scorecards" in data["sentence"]
    assert listed(call) == [3, 2]


@pytest.mark.usefixtures("two")
def test_a_day_of_this_week_is_called_by_its_name(call: Call) -> None:
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    call("notice", "dana", SEEN, "--when", day.isoformat())
    data = call("praise", "dana", "--from", "1", "--changed", CHANGED, "--json").data
    assert f"What you did {near(day, datetime.now(UTC).date())}: " in data["sentence"]
    assert data["entry"]["happened_on"] == datetime.now(UTC).date().isoformat()


@pytest.mark.usefixtures("jar")
def test_one_undo_deletes_the_praise_and_puts_the_thing_back(call: Call) -> None:
    before = everything(call)
    call("praise", "--from", "1", "--changed", CHANGED)
    assert listed(call) == [3, 2]
    assert len(call("undo", "--json").data["undone"]) == 1
    assert everything(call) == before


@pytest.mark.usefixtures("jar")
def test_deleting_the_praise_puts_the_thing_back_too(call: Call) -> None:
    call("praise", "--from", "1", "--changed", CHANGED)
    call("delete", "1")
    assert listed(call) == [3, 1, 2]


@pytest.mark.usefixtures("jar")
def test_the_words_of_the_jar_may_be_said_better(call: Call) -> None:
    data = call("praise", "--from", "1", "--did", "all four scorecards by noon", "--changed", CHANGED, "--json").data
    assert data["entry"]["did"] == "all four scorecards by noon"
    assert listed(call) == [3, 2]


@pytest.mark.usefixtures("jar")
def test_a_draft_writes_nothing(call: Call) -> None:
    before = everything(call)
    data = call("praise", "--from", "1", "--changed", CHANGED, "--draft", "--json").data
    assert (data["entry"], data["channel"]) == (None, "one-to-one")
    assert SEEN in data["sentence"]
    assert everything(call) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "needs-answer"),
        (["dana"], "needs-answer"),
        (["dana", "--did", SEEN], "needs-answer"),
        (["--from", "1"], "needs-answer"),
        (["nobody", *WORDS], "unknown-manager"),
        (["dana", "--did", " ", "--changed", CHANGED], "bad-text"),
        (["dana", "--did", SEEN, "--changed", ""], "bad-text"),
        (["dana", *WORDS, "--channel", "rooftop"], "bad-field"),
        (["dana", *WORDS, "--when", "tomorrow"], "future-date"),
        (["dana", *WORDS, "--on", "tomorrow"], "future-date"),
        (["dana", *WORDS, "--when", THURSDAY, "--on", "2024-03-08"], "conflict"),
        (["dana", *WORDS, "--req", "none"], "unknown-req"),
        (["--from", "9", "--changed", CHANGED], "unknown-entry"),
        (["--from", FOREVER, "--changed", CHANGED], "unknown-entry"),
        (["marcus", "--from", "1", "--changed", CHANGED], "conflict"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("jar")
def test_what_praise_refuses_changes_nothing(call: Call, words: list[str], code: str) -> None:
    before = everything(call)
    call("praise", *words, "--json").fails(1, code)
    assert everything(call) == before


@pytest.mark.parametrize(
    ("words", "flag"),
    [([], "MANAGER"), (["dana"], "--did"), (["dana", "--did", SEEN], "--changed"), (["--from", "1"], "--changed")],
)
@pytest.mark.usefixtures("jar")
def test_what_is_missing_is_named(call: Call, words: list[str], flag: str) -> None:
    assert flag in call("praise", *words).fails(1)


@pytest.mark.parametrize("words", [["praise", "--from", "1", "--changed", CHANGED], ["notice", "--drop", "1"]])
@pytest.mark.usefixtures("jar")
def test_nothing_is_praised_or_dropped_after_it_left_the_jar(call: Call, words: list[str]) -> None:
    call("praise", "--from", "1", "--changed", CHANGED)
    assert "praised with entry #1" in call(*words).fails(1)


# --- the spotlight --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["kudos-chat", "meeting"])
@pytest.mark.parametrize("more", [(), ("--draft",)])
@pytest.mark.usefixtures("jar")
def test_public_praise_is_refused_for_somebody_who_would_rather_not(
    call: Call, channel: str, more: tuple[str, ...]
) -> None:
    call("manager", "edit", "dana", "--public-praise-ok", "no")
    before = everything(call)
    said = call("praise", "dana", *WORDS, "--channel", channel, *more, "--json").fails(1, "conflict")
    assert said.startswith("Dana would rather not be praised in public")
    assert "One-to-one" in said
    assert "update-email" in said
    assert everything(call) == before


@pytest.mark.parametrize("channel", sorted(set(CHANNELS) - {"kudos-chat", "meeting"}))
@pytest.mark.usefixtures("two")
def test_quiet_praise_is_fine_for_anybody(call: Call, channel: str) -> None:
    call("manager", "edit", "dana", "--public-praise-ok", "no")
    assert call("praise", "dana", *WORDS, "--channel", channel, "--json").data["channel"] == channel


@pytest.mark.parametrize("channel", ["kudos-chat", "meeting"])
@pytest.mark.usefixtures("two")
def test_where_nobody_asked_yet_it_is_done_with_a_hint_to_ask_first(call: Call, channel: str) -> None:
    done = call("praise", "dana", *WORDS, "--channel", channel)
    assert done.code == 0
    assert "trustlog manager edit dana --public-praise-ok yes" in done.err
    call("manager", "edit", "dana", "--public-praise-ok", "yes")
    assert "spotlight" not in call("praise", "dana", *WORDS, "--channel", channel).err


@pytest.mark.usefixtures("two")
def test_praise_that_speaks_of_its_reader_as_she_says_so_and_changes_no_word(call: Call) -> None:
    words = ("--did", "introduced me to her team lead", "--changed", CHANGED, "--draft")
    done = call("praise", "dana", *words)
    assert "introduced me to her team lead" in done.out
    assert done.err == 'It says "her", and Dana reads it; where that is Dana, say "you".\n'
    assert "It says" not in call("praise", "dana", *words, "-c", "to-their-lead").err


@pytest.mark.usefixtures("two")
def test_a_line_to_their_lead_is_shown_to_them_first(call: Call) -> None:
    assert "Show Dana the sentence first" in call("praise", "dana", *WORDS, "-c", "to-their-lead", "--draft").err


# --- at a terminal --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jar")
def test_a_terminal_chooses_from_the_jar(tty: Terminal, call: Call) -> None:
    child = tty("praise", "dana")
    for question, answer in (("What do you want to praise", ""), ("What did it change", CHANGED), ("Where", "")):
        child.expect(question)
        child.send(answer + tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "What you did on 7 Mar 2024" in said) == (0, True)
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["did"], entry["changed"], entry["channel"]) == (SEEN, CHANGED, "one-to-one")
    assert listed(call) == [3, 2]


@pytest.mark.usefixtures("two")
def test_a_terminal_with_an_empty_jar_asks_when_what_and_what_it_changed(tty: Terminal, call: Call) -> None:
    call("manager", "edit", "dana", "--public-praise-ok", "no")
    child = tty("praise")
    for question, answer in (
        ("Who is it about", "dana"),
        ("What did they do", SEEN),
        ("When was it", "\x15" + THURSDAY),
        ("What did it change", CHANGED),
    ):
        child.expect(question)
        child.send(answer + tty.ENTER)
    child.expect("Where")
    child.expect("other")
    assert "kudos" not in child.before  # not offered to somebody who would rather not
    child.send(tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "on 7 Mar 2024" in said) == (0, True)
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["did"], entry["happened_on"]) == (SEEN, datetime.now(UTC).date().isoformat())


@pytest.mark.parametrize("after", ["What do you want to praise", "What did it change", "Where"])
@pytest.mark.usefixtures("jar")
def test_praise_cancelled_writes_nothing(tty: Terminal, call: Call, after: str) -> None:
    before = everything(call)
    child = tty("praise", "dana")
    for question, answer in (("What do you want to praise", ""), ("What did it change", CHANGED), ("Where", "")):
        child.expect(question)
        if question == after:
            break
        child.send(answer + tty.ENTER)
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert everything(call) == before


@pytest.mark.usefixtures("two")
def test_with_everything_said_a_terminal_is_asked_nothing(tty: Terminal) -> None:
    code, said = tty.ends(tty("praise", "dana", *WORDS))
    assert (code, "Where" in said, "Kept as #1" in said) == (0, False, True)


@pytest.mark.usefixtures("two")
def test_the_day_of_praise_is_today_unless_another_is_typed(tty: Terminal) -> None:
    child = tty("praise", "dana")
    for question, answer in (
        ("What did they do", SEEN),
        ("When was it.{0,20}today", f"{THURSDAY}, early"),
        ("cannot read .*15:00.*When was it", "\x1b[A" + "\x7f" * len(", early")),  # mended, not typed anew
        ("What did it change", CHANGED),
        ("Where", ""),
    ):
        child.expect(re.compile(question, re.DOTALL))
        child.send(answer + tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "on 7 Mar 2024" in said) == (0, True)


@pytest.mark.usefixtures("two")
def test_praise_that_ctrl_c_leaves_unwritten_is_shown_once_more(tty: Terminal, call: Call) -> None:
    child = tty("praise", "dana")
    for question, answer in (("What did they do", SEEN), ("When was it", ""), ("What did it change", CHANGED)):
        child.expect(question)
        child.send(answer + tty.ENTER)
    child.expect("Where")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, " ".join(said.split()).count(f"Not written down: {SEEN}; {CHANGED}")) == (130, 1)
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("jar")
def test_what_lies_in_the_jar_is_not_shown_as_lost(tty: Terminal) -> None:
    child = tty("praise", "dana", "--from", "1")
    child.expect("What did it change")
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, "Not written down" in said) == (130, False)


@pytest.mark.usefixtures("two")
def test_something_noticed_that_is_typed_at_a_terminal_is_told_how_it_ends(tty: Terminal, call: Call) -> None:
    child = tty("notice", "dana", "-")
    child.expect("Ctrl-D on an empty line ends it")
    child.send(f"{SEEN}\n\x04")
    assert tty.ends(child)[0] == 0
    assert listed(call) == [1]


# --- the clipboard, and words of one's own --------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_copy_puts_the_sentence_on_the_clipboard(run: Program, tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "pbcopy"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/copied\n")
    tool.chmod(0o755)
    done = run("praise", "dana", *WORDS, "--on", "today", "--copy", env={"PATH": str(tool.parent)})
    assert (done.code, (tmp_path / "copied").read_text()) == (0, done.out.removesuffix("\n"))
    assert "Copied by pbcopy." in done.err


@pytest.mark.usefixtures("two")
def test_a_day_that_nobody_said_is_asked_for_before_it_is_copied(call: Call) -> None:
    refused = call("praise", "dana", *WORDS, "--copy", "--json")
    refused.fails(1, "needs-answer")
    assert call("log", "--json").data["entries"] == []


@pytest.mark.usefixtures("two")
def test_without_a_clipboard_the_praise_is_kept_and_it_says_so(run: Program, tmp_path: Path) -> None:
    done = run("praise", "dana", *WORDS, "--on", "today", "--copy", env={"PATH": str(tmp_path), "TERM": "dumb"})
    assert (done.code, SEEN in done.out) == (1, True)
    assert "no clipboard was found. The praise is kept as #1. The text is above" in done.err
    assert len(run("log", "--json").data["entries"]) == 1


@pytest.mark.usefixtures("two")
def test_a_sentence_of_ones_own_replaces_ours(call: Call, home: Path) -> None:
    own = home / "playbook"
    own.mkdir()
    (own / "praise.toml").write_text('[channels]\none-to-one = "{name} / {did} / {changed} / {me}"\n', "utf-8")
    call("me", "--name", "CANARY Robin")
    assert call("praise", "dana", *WORDS, "--json").data["sentence"] == (
        f"Dana Ortiz / {SEEN} / {CHANGED} / [your name]"  # a reflection stays out of pipes
    )
    assert SEEN in call("praise", "dana", *WORDS, "--channel", "other", "--json").data["sentence"]


@pytest.mark.usefixtures("two")
def test_ones_own_name_stands_in_the_sentence_where_it_was_asked_for(tty: Terminal, call: Call, home: Path) -> None:
    own = home / "playbook"
    own.mkdir()
    (own / "praise.toml").write_text('[channels]\none-to-one = "{did}, says {me}"\n', "utf-8")
    call("me", "--name", "Robin")
    assert f"{SEEN}, says [your name]" in tty.ends(tty("praise", "dana", *WORDS, "--draft"))[1]
    assert f"{SEEN}, says Robin" in call("praise", "dana", *WORDS, "--draft", "--include-reflections").out


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('[channels]\none-to-one = "{nickname}"', "has no place {nickname}"),
        ('[channels]\nrooftop = "hello"', "'rooftop' is not known; there are"),
        ("[channels]\nother = 3", "channels: other must be a text"),
        ("channels = 3", "channels must be a table"),
        ('extra = "x"', "'extra' is not known here"),
    ],
)
def test_a_mistake_in_it_is_told_and_ours_is_used(tmp_path: Path, written: str, problem: str) -> None:
    (tmp_path / "praise.toml").write_text(written, "utf-8")
    said: list[str] = []
    assert Playbook(tmp_path, said.append).praise == Playbook(tmp_path / "none", said.append).praise
    assert len(said) == 1
    assert problem in said[0]


@pytest.mark.parametrize(
    ("words", "flowing"),
    [
        ("did it.", "did it"),
        ("did it...", "did it..."),
        (" two\n lines ", "two lines"),
        ("{changed} in {braces}", "{changed} in {braces}"),
    ],
)
def test_ones_words_flow_into_the_sentence_as_they_are(words: str, flowing: str) -> None:
    assert praise_sentence("They {did} - {changed}", {"did": words, "changed": "so"}) == f"They {flowing} - so"


def test_a_whole_week_is_no_day_on_which_they_did_it(tty: Terminal, call: Call, two: Path) -> None:
    del two  # the journal of dana
    said = call("praise", "dana", *WORDS, "--on", "last week")
    assert ("[on which day]" in said.out, '"last week" is no one day' in said.err) == (True, True)
    child = tty("praise", "dana", "--did", "four scorecards")
    say(child, ("When was it", f"last week{tty.ENTER}"), ("no one day", ""), ("What did it change", f"x{tty.ENTER}"))
    say(child, ("Where do you say it", tty.ENTER))
    assert "[on which day]" in " ".join(tty.ends(child)[1].split())
