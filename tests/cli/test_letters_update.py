"""`update`: Friday's mail, drafted from the journal."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email import message_from_string, policy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from tests.conftest import FIRST_MINUTE
from tests.helpers import say

from trustlog.domain.days import echo_day
from trustlog.domain.entries import KINDS
from trustlog.domain.letters_update import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Run, Terminal

KEYS = ["manager", "req", "since", "to", "subject", "text", "left_out", "format", "formatted", "entry"]
NEWS = "- [news: who is in which stage, and what you hear from candidates]"


READ_THEM = "The lines come from your own notes; read them before you send.\n"


def blocks(call: Call, *words: str) -> list[str]:
    """The parts of the mail."""
    text: str = call("update", *words, "--json").data["text"]
    return text.split("\n\n")


def shown(done: Run, more: str = "") -> str:
    """The draft, with the one line beside it that every draft has."""
    assert done.code == 0
    assert FIRST_MINUTE.sub("", done.err, count=1) == READ_THEM + more
    return done.out


def day(text: str) -> str:
    """A day as a mail says it."""
    found = date.fromisoformat(text)
    return f"{found:%A} {found.day} {found:%b}"


def back(days: int) -> str:
    return (datetime.now().astimezone().date() - timedelta(days=days)).isoformat()


@pytest.mark.usefixtures("two")
def test_a_full_mail_has_its_parts_in_order(call: Call) -> None:
    call("add", "dana", "sync on the analyst role.", "-k", "meeting-held", "-w", "3 days ago")
    call("add", "dana", "pay band is under two offers", "-k", "insight-shared", "-w", "2 days ago")
    call("promise", "dana", "the market note", "--when", "4 days ago", "--due", back(-3))
    call("ask", "dana", "slots for J.K.", "--when", "yesterday", "--due", back(-2))
    call("notice", "dana", "four scorecards before lunch")
    assert blocks(call, "dana", "--from", "Sam") == [
        "Hi Dana,",
        f"Since {day(back(7))}:\n- We met: sync on the analyst role\n"
        f"- From the market: pay band is under two offers\n{NEWS}",
        f"From me next:\n- the market note, by {day(back(-3))}",
        f"One thing I need from you: slots for J.K. It would help to have it by {day(back(-2))}.",
        "One more thing, because I noticed it: four scorecards before lunch. What it changed: [what it changed]."
        " Thank you.",
        "Best wishes,\nSam",
    ]


@pytest.mark.usefixtures("two")
def test_a_silent_week_is_an_honest_short_mail(call: Call) -> None:
    assert blocks(call, "dana") == [
        "Hi Dana,",
        "Here is what I am doing next.\n- [what you are doing next, and by when]",
        "Best wishes,\n[your name]",
    ]
    call("promise", "dana", "the slate", "--due", back(-3))
    assert blocks(call, "dana")[1] == (f"Here is what I am doing next.\n- the slate, by {day(back(-3))}")
    assert blocks(call, "dana", "--since", back(40))[1].startswith(f"After the time since {day(back(40))}, here")


@pytest.mark.usefixtures("two")
def test_as_text_the_subject_stands_first(call: Call) -> None:
    said = shown(call("update", "dana"))
    assert said.startswith(f"Subject: Update, {day(back(0))}\n\nHi Dana,\n\n")
    data = call("update", "dana", "--json").data
    assert list(data) == KEYS
    assert said == f"Subject: {data['subject']}\n\n{data['text']}\n"
    assert (data["manager"], data["req"], data["since"], data["entry"]) == ("dana", None, back(7), None)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_note_is_quoted_only_of_what_i_did_or_what_was_done_together(call: Call, kind: str) -> None:
    quoted = {
        "promise-kept", "promise-renegotiated", "meeting-held", "insight-shared", "expectation-confirmed",
        "hire-closed",
    }  # fmt: skip
    assert call("add", "dana", "CANARY", "-k", kind, "--did", "CANARY", "--changed", "CANARY").code in (0, 1, 2)
    call("add", "dana", "CANARY, the lazy idiot", "-k", kind)
    for words in ([], ["--format", "eml"], ["--format", "mailto"], ["--json"]):
        said = call("update", "dana", "--since", "yesterday", *words).out
        assert ("CANARY" in said) == (kind in quoted), words
    assert not quoted & NEVER


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("slate-accepted", "Your yes to the slate on {day}: [what]"),
        ("feedback-acted-on", "From your feedback: [what I changed]"),
        ("help-received", "Thank you for your help: [what]. What it changed: [what it changed]."),
    ],
)
def test_what_they_did_or_what_went_wrong_has_its_own_sentence_instead_of_my_note(
    call: Call, kind: str, sentence: str
) -> None:
    call("add", "dana", "he was a lazy idiot", "-k", kind)
    text = call("update", "dana", "--json").data["text"]
    assert sentence.format(day=day(back(0))) in text
    assert "idiot" not in text


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("settled", "line"),
    [(["kept"], "Done as promised: the slate"), (["renegotiated", "--due", back(-5)], "New date agreed: the slate")],
)
def test_a_promise_is_told_as_it_was_given_and_not_by_the_note_of_its_end(
    call: Call, settled: list[str], line: str
) -> None:
    call("promise", "dana", "the slate", "--due", back(-2))
    assert call("settle", "dana", *settled, "--note", "CANARY: he kept nagging").code == 0
    text = call("update", "dana", "--json").data["text"]
    assert f"- {line}\n" in text
    assert "CANARY" not in text


@pytest.mark.usefixtures("two")
def test_what_is_no_evidence_is_not_told(call: Call) -> None:
    call("add", "dana", "between us", "-k", "meeting-held", "--no-evidence")
    assert "between us" not in call("update", "dana", "--json").data["text"]


@pytest.mark.usefixtures("two")
def test_it_begins_after_the_last_update_and_since_overrides(call: Call) -> None:
    call("add", "dana", "older", "-k", "meeting-held", "-w", f"{back(5)} 10:00")
    call("add", "dana", "last mail", "-k", "update-sent", "-w", f"{back(4)} 10:00")
    call("add", "dana", "newer", "-k", "meeting-held", "-w", f"{back(2)} 10:00")
    call("add", "marcus", "elsewhere", "-k", "meeting-held", "-w", f"{back(2)} 10:00")
    data = call("update", "dana", "--json").data
    assert data["since"] == back(4)
    assert [line for line in data["text"].splitlines() if line.startswith("- We")] == ["- We met: newer"]
    data = call("update", "dana", "--since", back(5), "--json").data
    assert data["since"] == back(5)
    assert "older" in data["text"]
    assert "elsewhere" not in data["text"]


@pytest.mark.usefixtures("two")
def test_after_months_it_tells_of_two_weeks_and_of_nothing_that_went_wrong(call: Call) -> None:
    call("add", "dana", "last mail", "-k", "update-sent", "-w", f"{back(90)} 10:00")
    for days in (60, 3):
        call("add", "dana", f"met {days} days ago", "-k", "meeting-held", "-w", f"{back(days)} 10:00")
    for kind in ("offer-lost", "slate-declined", "promise-missed", "doubt-voiced", "harsh-exchange", "bypassed"):
        call("add", "dana", "CANARY", "-k", kind, "-w", f"{back(3)} 11:00")
    assert call("update", "dana", "--json").data["since"] == back(14)
    assert blocks(call, "dana")[1] == f"Since {day(back(14))}:\n- We met: met 3 days ago\n{NEWS}"
    assert "met 60 days ago" in call("update", "dana", "--since", back(90)).out


@pytest.mark.usefixtures("two")
def test_what_stands_open_is_named_before_a_mail_is_noted_as_sent(call: Call, tty: Terminal) -> None:
    said = call("update", "dana", "--sent", "--from", "Sam").err
    assert "Still open in this draft: [what you are doing next, and by when]\n" in said
    assert len(call("log", "dana", "--json").data["entries"]) == 1
    child = tty("update", "dana", "--sent")
    say(child, ("Did you fill that in", "n\r"))
    code, said = tty.ends(child)
    assert (code, "Noted as sent" in said) == (0, False)
    assert len(call("log", "dana", "--json").data["entries"]) == 1


@pytest.mark.usefixtures("two")
def test_settled_loops_are_told_kept_or_late_but_never_missed(call: Call) -> None:
    for what, due in (("kept one", back(1)), ("late one", back(3)), ("missed one", back(3))):
        call("promise", "dana", what, "--when", back(5), "--due", due)
    call("settle", "1", "--when", f"{back(2)} 10:00")
    call("settle", "2", "late", "--when", f"{back(2)} 11:00")
    call("settle", "3", "missed")
    assert blocks(call, "dana")[1].splitlines()[1:-1] == [
        "- Done as promised: kept one",
        "- Done, later than I had said: late one",
    ]


@pytest.mark.usefixtures("two")
def test_late_and_risky_promises_say_so_and_leave_the_new_day_open(call: Call) -> None:
    call("promise", "dana", "late note", "--when", back(5), "--due", back(2))
    call("promise", "dana", "risky note", "--due", back(-2), "--at-risk")
    assert blocks(call, "dana")[1].splitlines()[1:] == [
        f"- late note. I had said {day(back(2))}, and it is late; you have it by [new day].",
        f"- risky note, planned for {day(back(-2))}. It may slip; you hear from me by [day] either way.",
    ]


@pytest.mark.usefixtures("two")
def test_what_is_due_by_the_end_of_a_day_is_told_with_that_day_in_every_draft(call: Call) -> None:
    assert "due by the end of" in call("ask", "dana", "the scorecard", "--due", f"{back(-4)} 00:00").says()
    call("promise", "dana", "the slate", "--due", f"{back(-1)} 00:00")
    call("promise", "dana", "the late one", "--when", back(6), "--due", f"{back(3)} 00:00")
    text = call("update", "dana", "--json").data["text"]
    assert f"the scorecard. It would help to have it by {day(back(-3))}." in text
    assert "- the slate, by the end of today\n" in text
    assert f"I had said {day(back(4))}, and it is late" in text
    letter = call("handover", "dana").out
    assert echo_day(date.fromisoformat(back(-3))) in letter
    assert echo_day(date.fromisoformat(back(-4))) not in letter


@pytest.mark.usefixtures("two")
def test_a_note_that_complains_or_speaks_of_its_reader_as_she_leaves_a_blank_and_is_counted(call: Call) -> None:
    for note in ("read my message on teams", "she will confirm by mail", "it didn’t happen", "Plan B was agreed"):
        call("add", "dana", note, "-k", "meeting-held")
    call("add", "dana", "hired one of my people", "-k", "hire-closed")
    call("add", "dana", "no fee until May", "-k", "promise-renegotiated")
    call("notice", "dana", "rang the finalist herself")
    done = call("update", "dana", "--since", "yesterday")
    today = day(back(0))
    assert [line for line in done.out.splitlines() if line.startswith(("- ", "One more"))][:6] == [
        f"- We met on {today}: [what came of it]",
        "- We met: Plan B was agreed",
        f"- Hired on {today}",
        "- New date agreed: [what]",
        NEWS,
        "- [what you are doing next, and by when]",
    ]
    assert "noticed it: [what]. What it changed" in done.out
    hint = "6 notes not quoted, for words like she, I or not are for your journal; see: trustlog log dana\n"
    shown(done, hint)


@pytest.mark.usefixtures("two")
def test_one_thing_is_asked_the_most_urgent_and_never_a_favour(call: Call) -> None:
    call("ask", "dana", "a favour", "--for", "favour", "--when", back(9))
    call("ask", "dana", "the later one", "--due", back(-5))
    call("ask", "dana", "the late one", "--when", back(5), "--due", back(2))
    text = call("update", "dana", "--json").data["text"]
    assert "One thing is still open between us: the late one. Which day suits you, or is there somebody" in text
    assert "favour" not in text
    assert "the later one" not in text


@pytest.mark.usefixtures("two")
def test_a_role_narrows_the_mail_and_names_it(call: Call) -> None:
    call("req", "add", "dana", "Payments analyst", "--code", "PA-1")
    call("req", "add", "dana", "Auditor", "--code", "AU-1")
    for code in ("PA-1", "AU-1"):
        call("add", "dana", f"met on {code}", "-k", "meeting-held", "--req", code)
        call("promise", "dana", f"slate {code}", "--due", back(-2), "--req", code)
        call("ask", "dana", f"slots {code}", "--due", back(-2), "--req", code)
    call("add", "dana", "met at large", "-k", "meeting-held")
    data = call("update", "PA-1", "--json").data
    assert (data["manager"], data["req"]) == ("dana", "PA-1")
    assert data["subject"] == f"Payments analyst: update, {day(back(0))}"
    assert "AU-1" not in data["text"]
    assert "at large" not in data["text"]
    assert all(f"{what} PA-1" in data["text"] for what in ("met on", "slate", "slots"))
    assert call("update", "PA", "--json").data["req"] == "PA-1"
    sent = call("update", "PA-1", "--sent", "--json").data["entry"]
    assert sent["req"] == "PA-1"


@pytest.mark.usefixtures("two")
def test_a_handle_wins_over_a_role_of_the_same_name(call: Call) -> None:
    call("req", "add", "marcus", "Dana", "--code", "dana")
    assert call("update", "dana", "--json").data["req"] is None


@pytest.mark.usefixtures("two")
def test_sent_writes_one_entry_that_undo_takes_back(call: Call) -> None:
    done = call("update", "dana", "--sent", "--json")
    entry = done.data["entry"]
    assert (entry["manager"], entry["kind"], entry["channel"]) == ("dana", "update-sent", "email")
    first, last = date.fromisoformat(back(7)), date.fromisoformat(back(0))
    assert entry["note"] == f"update, {first.day} {first:%b} to {last.day} {last:%b}"
    assert call("update", "dana", "--json").data["since"] == back(0)
    assert len(call("log", "dana", "--json").data["entries"]) == 1
    assert call("undo", "--json").data["undone"][0]["command"] == "update"
    assert call("log", "dana", "--json").data["entries"] == []


@pytest.mark.usefixtures("two")
def test_looking_at_a_draft_writes_nothing(call: Call) -> None:
    shown(call("update", "dana"))
    assert call("log", "dana", "--json").data["entries"] == []


def tool(folder: Path, name: str) -> dict[str, str]:
    """A machine whose only clipboard is this tool."""
    folder.mkdir()
    (folder / name).write_text(f'#!/bin/sh\n/bin/cat > "{folder}/got"\n')
    (folder / name).chmod(0o755)
    return {"PATH": str(folder), "DISPLAY": ":0", "TERM": "dumb"}


@pytest.mark.usefixtures("two")
def test_copy_puts_the_text_on_the_clipboard_and_says_so(run: Program, tmp_path: Path) -> None:
    env = tool(tmp_path / "bin", "xclip")
    done = run("update", "dana", "--copy", "--open", "--sent", env=env)
    assert done.code == 0
    assert done.out.split("\n\n", 1)[1] == (tmp_path / "bin" / "got").read_text() + "\n"
    assert done.err.splitlines() == [
        READ_THEM.strip(),
        "Copied, by xclip; the subject is above.", "Noted as sent: #1. trustlog undo takes that back.",
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_without_a_clipboard_the_draft_is_shown_and_nothing_is_noted(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    env = {"PATH": str(tmp_path / "empty"), "TERM": "dumb"}
    done = call("update", "dana", "--copy", "--open", "--sent", env=env)
    assert done.code == 1
    assert done.out.startswith("Subject: Update, ")
    assert done.err == (
        "trustlog: no clipboard was found. Nothing was noted as sent. The text is above; copy it there by hand.\n"
    )
    done = call("update", "dana", "--copy", "--open", "--sent", "--json", env=env)
    assert (done.code, '"entry": null' in done.out) == (1, True)
    assert '"code": "no-terminal"' in done.err
    assert call("log", "dana", "--json").data["entries"] == []


@pytest.mark.usefixtures("two")
def test_ones_own_name_stands_below_it_only_where_it_was_asked_for(call: Call, tty: Terminal) -> None:
    call("me", "--name", "Sam Okoro")
    code, said = tty.ends(tty("update", "dana"))
    assert (code, "Sam Okoro" in said) == (0, False)
    assert "\x1b[33m[what you are doing next, and by when]\x1b[0m" in said
    for words in (["update", "dana"], ["update", "dana", "--json"]):
        assert "Sam" not in call(*words).out
    assert "Sam" in call("update", "dana", "--from", "Sam").out
    assert "Sam Okoro" in call("update", "dana", "--include-reflections").out
    assert "Sam Okoro" in tty.ends(tty("update", "dana", "--include-reflections"))[1]


@pytest.mark.usefixtures("two")
def test_a_busy_time_is_told_in_eight_lines_and_the_rest_is_counted(call: Call) -> None:
    for number in range(12):
        call("add", "dana", f"thing {number}", "-k", "meeting-held", "-w", f"{12 - number} hours ago")
    call("add", "dana", "thing 11", "-k", "meeting-held")
    done = call("update", "dana", "--since", back(2))
    assert [line for line in done.out.splitlines() if "thing" in line] == [
        f"- We met: thing {number}" for number in range(4, 12)
    ]
    shown(done, "4 more were left out; see: trustlog log dana\n")
    assert call("update", "dana", "--since", back(2), "--json").data["left_out"] == 4


@pytest.mark.usefixtures("two")
def test_long_and_strange_notes_stay_on_their_line(call: Call) -> None:
    call("add", "dana", "first\nsecond \x1b[31m {what} {due} " + "word " * 99, "-k", "meeting-held")
    told = blocks(call, "dana")[1].splitlines()[1]
    assert told.startswith("- We met: first / second \\x1b[31m {what} {due} word word")
    assert told.endswith("word …")
    assert len(told) < 180


@pytest.mark.usefixtures("two")
def test_as_a_file_or_a_link_it_says_the_same(call: Call) -> None:
    call("manager", "edit", "dana", "--email", "dana@example.com")
    call("add", "dana", "Zoë agreed", "-k", "meeting-held")
    data: dict[str, Any] = call("update", "dana", "--json").data
    message = message_from_string(shown(call("update", "dana", "--format", "eml")), policy=policy.default)
    assert (message["Subject"], message["X-Unsent"]) == (data["subject"], "1")
    assert "dana@example.com" in message["To"]
    assert message.get_body().get_content().strip() == data["text"]  # type: ignore[union-attr]  # None would be a failure too
    link = shown(call("update", "dana", "--format", "mailto"))
    assert link.startswith("mailto:dana@example.com?subject=Update%2C%20")
    assert unquote(link.strip().split("body=")[1]).replace("\r\n", "\n") == data["text"]
    assert call("update", "dana", "--format", "mailto", "--json").data["formatted"] == link.strip()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nobody"], "unknown-manager"),
        (["dana", "--since", "tomorrow"], "future-date"),
        (["dana", "--since", "05/06/2026"], "bad-date"),
        (["dana", "--format", "html"], "bad-field"),
    ],
)
def test_what_cannot_be_meant_is_refused(call: Call, words: list[str], code: str) -> None:
    call("update", *words, "--sent", "--json").fails(1, code)
    assert call("log", "--json").data["entries"] == []


@pytest.mark.usefixtures("two")
def test_a_manager_with_serious_boundary_notes_is_not_thanked(call: Call) -> None:
    call("notice", "dana", "four scorecards")
    assert "four scorecards" in call("update", "dana", "--json").data["text"]
    assert call("boundary", "dana", "--set", "BR1=true").code == 0
    assert "four scorecards" not in call("update", "dana", "--json").data["text"]


def test_ones_own_sentences_replace_ours_and_mistakes_are_told(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    own = two / "playbook" / "update.toml"
    own.write_text(
        '[lines]\ngreeting = "Dear {first},"\nsign_off = ""\nnews = ""\n[done]\nmeeting-held = "Met: {note}"\n'
    )
    call("add", "dana", "on Monday", "-k", "meeting-held")
    said = shown(call("update", "dana"))
    assert "Dear Dana," in said
    assert "- Met: on Monday\n\nFrom me next:" in said
    assert said.endswith("- [what you are doing next, and by when]\n")
    for words, problem in (
        ('[lines]\ngreeting = "Hi {who},"\n', "line 2: lines: greeting has no place {who}; there are: {first}"),
        ('[done]\nconfided = "{note}"\n', "line 2: done: 'confided' is no kind that a mail may tell of"),
        (
            '[done]\nslate-declined = "Your no: {note}"\n',
            "line 2: done: a mail does not quote the notes of 'slate-declined'; say it under [bare]",
        ),
        ('[letters]\na = "b"\n', "'letters' is not known here"),
    ):
        own.write_text(words)
        done = call("update", "dana")
        assert "Hi Dana," in done.out
        assert problem in done.err


@pytest.mark.usefixtures("two")
def test_there_is_no_exclamation_mark(call: Call) -> None:
    for kind in sorted(set(KINDS) - {"note"}):
        call("add", "dana", "", "-k", kind)
    assert "!" not in call("update", "dana", "--json").data["text"]
    assert re.search(r"\{\w+\}", call("update", "dana", "--json").data["text"]) is None
