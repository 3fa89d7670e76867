"""`remind`: open loops, conversations and the days after them, as a calendar."""

from __future__ import annotations

import stat
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Run, Terminal

TODAY = date.today()
TALK = (TODAY + timedelta(days=3)).isoformat()


def events(said: Run) -> dict[str, Any]:
    """The events of a calendar by their titles."""
    assert (said.code, said.err) == (0, "")
    found = icalendar.Calendar.from_ical(said.out.encode()).walk("VEVENT")
    return {str(one["SUMMARY"]): one for one in found}


def kinds(said: Run) -> list[tuple[str, str, bool]]:
    return [(one["kind"], one["manager"], one["cancelled"]) for one in said.data["events"]]


@pytest.fixture
def busy(two: Path, call: Call) -> Path:
    """A promise to Dana, an answer that Marcus owes, and a conversation with Dana in three days."""
    for words in (
        ("promise", "dana", "slate; secret, really", "--due", f"{TALK} 17:00"),
        ("ask", "marcus", "scorecard", "--for", "scorecard", "--due", f"{TALK} 12:00"),
        ("ask", "marcus", "a word with Yuki", "--for", "favour"),
        ("prep-feedback", "dana", "--when", f"{TALK} 15:00", "--about", "the hard search", "--minutes", "2"),
    ):
        assert call(*words).code == 0
    return two


@pytest.mark.usefixtures("busy")
def test_everything_with_a_time_becomes_an_event_and_says_who_but_not_what(call: Call) -> None:
    said = call("remind")
    found = events(said)

    assert list(found) == ["Waiting for an answer from Marcus", "Conversation with Dana", "A promise to Dana is due"]
    promise = found["A promise to Dana is due"]
    assert promise["DTSTART"].dt.isoformat() == f"{TALK}T17:00:00+00:00"
    assert promise["DTEND"].dt - promise["DTSTART"].dt == timedelta(minutes=15)
    assert str(promise["CLASS"]) == "PRIVATE"
    assert promise.walk("VALARM")[0]["TRIGGER"].dt == -timedelta(hours=1)
    assert found["Conversation with Dana"].walk("VALARM")[0]["TRIGGER"].dt == -timedelta(minutes=15)
    assert not any(word in said.out for word in ("secret", "scorecard", "hard search", "Ortiz", "Hughes", "Yuki"))


@pytest.mark.usefixtures("busy")
def test_the_words_come_only_when_asked_for(call: Call) -> None:
    found = events(call("remind", "--include-notes"))

    assert str(found["A promise to Dana is due"]["DESCRIPTION"]).startswith("slate; secret, really\n\n")
    assert str(found["Conversation with Dana"]["DESCRIPTION"]).startswith("the hard search\n\n")


@pytest.mark.usefixtures("busy")
def test_the_same_journal_gives_the_same_bytes(call: Call) -> None:
    first = call("remind").says()

    assert call("remind").says() == first
    assert first.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert first.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "\n" not in first.replace("\r\n", "")


@pytest.mark.usefixtures("busy")
def test_json_lists_the_events(call: Call) -> None:
    data = call("remind", "dana", "--json").data

    assert data["file"] is None
    assert [one.pop("uid").partition("-")[2] for one in data["events"]] == ["talk@trustlog", "promise@trustlog"]
    assert data["events"][1] == {
        "summary": "A promise to Dana is due", "start": f"{TALK}T17:00:00+00:00", "end": f"{TALK}T17:15:00+00:00",
        "all_day": False, "kind": "promise", "manager": "dana", "cancelled": False, "alarm_minutes": -60,
    }  # fmt: skip


@pytest.mark.usefixtures("busy")
def test_one_manager_and_one_stretch_can_be_asked_for(call: Call) -> None:
    assert kinds(call("remind", "marcus", "--json")) == [("answer", "marcus", False)]
    assert len(kinds(call("remind", "--until", TALK, "--json"))) == 3
    assert kinds(call("remind", "--until", "tomorrow", "--json")) == []


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("typed", "minutes"), [("30m", -30), ("2h", -120), ("1d", -1440), ("1W", -10080), ("none", None)]
)
def test_the_alarm_can_be_chosen(call: Call, typed: str, minutes: int | None) -> None:
    data = call("remind", "--alarm", typed, "--json").data

    assert {one["alarm_minutes"] for one in data["events"]} == {minutes}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("typed", ["", "soon", "0m", "-5m", "5w", "99999d", "1.5h"])
def test_an_alarm_that_cannot_be_read_is_refused(call: Call, typed: str) -> None:
    assert "--alarm cannot be" in call("remind", "--alarm", typed, "--json").fails(1, "bad-field")


@pytest.mark.usefixtures("busy")
def test_a_loop_that_moved_is_the_same_event_later(call: Call) -> None:
    before = events(call("remind"))["A promise to Dana is due"]
    later = (TODAY + timedelta(days=9)).isoformat()
    call("settle", "1", "renegotiated", "--due", f"{later} 17:00")
    after = events(call("remind"))["A promise to Dana is due"]

    assert (before["UID"], int(before["SEQUENCE"])) == (after["UID"], 0)
    assert int(after["SEQUENCE"]) == 1
    assert after["DTSTART"].dt.isoformat() == f"{later}T17:00:00+00:00"
    assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt


@pytest.mark.usefixtures("busy")
def test_a_settled_loop_is_cancelled_so_that_it_leaves_the_calendar(call: Call) -> None:
    uid = events(call("remind"))["A promise to Dana is due"]["UID"]
    call("settle", "1", "kept")
    after = events(call("remind"))["A promise to Dana is due"]

    assert (after["UID"], str(after["STATUS"]), int(after["SEQUENCE"])) == (uid, "CANCELLED", 1)
    assert after.walk("VALARM") == []
    call("undo")
    assert str(events(call("remind"))["A promise to Dana is due"]["STATUS"]) == "CONFIRMED"


@pytest.mark.usefixtures("two")
def test_a_loop_that_was_settled_long_ago_is_not_told_any_more(call: Call) -> None:
    call("promise", "dana", "slate", "--when", "60 days ago", "--due", "in 30 days")
    call("settle", "1", "kept", "--when", "40 days ago")

    assert kinds(call("remind", "--json")) == []


@pytest.mark.usefixtures("two")
def test_the_days_after_a_conversation_are_whole_days(call: Call) -> None:
    call(
        "debrief", "dana", "--minutes", "5", "--set", "checkin_optin=yes", "--set", "mood_after=-2",
        "--set", 'items=[{"text": "Ask sooner", "decision": "use"},'
        ' {"text": "Slates", "decision": "park", "until": "2199-01-01"}]',
    )  # fmt: skip
    said = call("remind", "--include-notes")
    found = events(said)
    plus = [TODAY + timedelta(days=1), TODAY + timedelta(days=7), date(2199, 1, 1)]

    assert [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in found.values()] == [
        ("A few minutes for yourself: check-in", plus[0]),
        ("Follow-up with Dana: how did it go?", plus[1]),
        ("A point from Dana: look again", plus[2]),
    ]
    assert {one.walk("VALARM")[0]["TRIGGER"].dt for one in found.values()} == {timedelta(hours=9)}
    assert str(found["A point from Dana: look again"]["DESCRIPTION"]).startswith("Slates\n\n")
    # the morning after is about the recruiter: not even with whom
    assert str(found["A few minutes for yourself: check-in"]["DESCRIPTION"]) == "trustlog checkin"


@pytest.mark.usefixtures("two")
def test_what_a_check_in_answered_is_cancelled(call: Call) -> None:
    call(
        "debrief", "dana", "--minutes", "5", "--when", "yesterday", "--set", "checkin_optin=yes",
        "--set", 'items=[{"text": "Slates", "decision": "park", "until": "2199-01-01"}]',
    )  # fmt: skip
    before = {one["kind"]: one["uid"] for one in call("remind", "--json").data["events"]}
    done = call("checkin", "dana", "--set", "mood_next_day=1", "--set", 'items=[{"text": "Slates", "decision": "ask"}]')
    assert done.code == 0, done.err
    after = call("remind", "--json").data["events"]

    assert {one["kind"]: one["uid"] for one in after} == before
    assert [one["cancelled"] for one in after] == [True, True]


@pytest.mark.usefixtures("two")
def test_a_due_time_after_a_clock_change_is_the_right_instant(call: Call) -> None:
    there = {"TZ": "America/New_York"}
    call("promise", "dana", "slate", "--when", "2025-10-31 10:00", "--due", "2025-11-03 09:30", env=there)

    assert "DTSTART:20251103T143000Z\r\n".replace("\r", "") in call("remind", env=there).says().replace("\r", "")
    assert call("remind", "--json", env=there).data["events"][0]["start"] == "2025-11-03T09:30:00-05:00"


@pytest.mark.usefixtures("busy")
def test_a_file_is_for_its_owner_and_never_overwritten_unasked(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "reminders.ics"

    assert call("remind", "--output", str(file)).says() == f"Wrote 3 reminders to {file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    assert first.decode() == call("remind").says()
    assert str(file) in call("remind", "--output", str(file), "--json").fails(1, "file-exists")
    call("settle", "1", "kept")
    assert file.read_bytes() == first
    said = call("remind", "--output", str(file), "--yes")
    assert said.says() == f"Wrote 2 reminders, and 1 that is over to {file}\n"
    assert call("remind", "--output", str(file), "--yes", "--json").data["file"] == str(file)


@pytest.mark.usefixtures("busy")
def test_a_manager_that_is_not_there_writes_no_file(call: Call, tmp_path: Path) -> None:
    call("remind", "nobody", "--output", str(tmp_path / "no.ics"), "--json").fails(1, "unknown-manager")
    call("remind", "--output", str(tmp_path / "no" / "no.ics"), "--json").fails(1, "bad-file")

    assert not (tmp_path / "no.ics").exists()


def test_an_empty_journal_is_an_empty_calendar(call: Call, home: Path) -> None:
    said = call("remind")

    assert said.code == 0
    assert said.err.startswith("Nothing is due, so the calendar is empty.\n")
    assert icalendar.Calendar.from_ical(said.out).walk("VEVENT") == []
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_a_name_that_would_break_a_calendar_or_a_terminal_does_not(call: Call, run: Program) -> None:
    call("manager", "edit", "dana", "--name", "Da,na;\u202e\\n Ortiz")
    call("promise", "dana", "slate", "--due", "tomorrow")
    found = events(run("remind"))

    assert list(found) == ["A promise to Da,na;\\u202e\\n is due"]


@pytest.mark.usefixtures("two")
def test_a_terminal_sees_the_calendar_without_raw_escapes(call: Call, tty: Terminal) -> None:
    call("manager", "edit", "dana", "--name", "Da\u202ena Ortiz")
    call("promise", "dana", "slate", "--due", "tomorrow")
    child = tty("remind")

    code, said = tty.ends(child)
    assert code == 0
    assert "SUMMARY:A promise to Da\\\\u202ena is due" in said
    assert "\u202e" not in said


@pytest.mark.usefixtures("two")
def test_no_word_of_a_note_turns_the_letters_of_a_calendar_round(call: Call, tmp_path: Path) -> None:
    call("promise", "dana", "invoice \u202egpj.exe", "--due", "tomorrow")
    file = tmp_path / "r.ics"
    call("remind", "--include-notes", "--output", str(file))
    text = file.read_text("utf-8")
    assert "\u202e" not in text
    assert "DESCRIPTION:invoice \\\\u202egpj.exe" in text


@pytest.mark.usefixtures("busy")
def test_reminding_writes_nothing(call: Call) -> None:
    before = call("undo", "--list", "--json").data
    call("remind")

    assert call("undo", "--list", "--json").data == before
    assert datetime.fromisoformat(before["changes"][0]["at"])
