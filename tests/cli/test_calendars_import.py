"""`import FILE.ics`: meetings with managers that are known, previewed and asked about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

SINCE = ("--since", "2025-09-01")


def event(uid: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


WITH_DANA = event(
    "weekly", "DTSTART;TZID=America/New_York:20251021T100000", "RRULE:FREQ=WEEKLY;COUNT=4",
    "EXDATE;TZID=America/New_York:20251111T100000", "SUMMARY:Weekly\\, with coffee",
    "ATTENDEE;CN=D. Ortiz:mailto:DANA@example.com",
)  # fmt: skip
WITH_BOTH = event("both", "DTSTART:20251120T150000Z", "SUMMARY:Dana and Marcus: kick-off")
OTHERS = (
    event("nobody", "DTSTART:20251120T160000Z", "SUMMARY:Team lunch"),
    event("day", "DTSTART;VALUE=DATE:20251120", "SUMMARY:Dana away"),
    event("off", "DTSTART:20251120T170000Z", "SUMMARY:Dana 1:1", "STATUS:CANCELLED"),
    event("future", "DTSTART:21251120T170000Z", "SUMMARY:Dana 1:1"),
)


def calendar(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""])


@pytest.fixture
def file(two: Path, call: Call, tmp_path: Path) -> Path:
    """A calendar in which Dana, whose address is known, has three meetings of her own and one with Marcus."""
    assert two.exists()
    assert call("manager", "edit", "dana", "--email", "dana@example.com").code == 0
    path = tmp_path / "work.ics"
    path.write_bytes(calendar(WITH_DANA, WITH_BOTH, *OTHERS).encode())
    return path


def test_meetings_with_managers_become_entries(call: Call, file: Path) -> None:
    data = call("import", str(file), *SINCE, "--yes", "--json").data

    assert (data["added"], data["unchanged"], data["updated"], data["refused"]) == (5, 0, 0, [])
    assert data["left_out"] == {"nobody": 1, "all_day": 1, "cancelled": 1}
    entries = call("log", "--json").data["entries"]
    assert [(one["manager"], one["happened_at"], one["note"]) for one in reversed(entries)] == [
        ("dana", "2025-10-21T14:00:00+00:00", "Weekly, with coffee"),
        ("dana", "2025-10-28T14:00:00+00:00", "Weekly, with coffee"),
        ("dana", "2025-11-04T15:00:00+00:00", "Weekly, with coffee"),
        ("dana", "2025-11-20T15:00:00+00:00", "Dana and Marcus: kick-off"),
        ("marcus", "2025-11-20T15:00:00+00:00", "Dana and Marcus: kick-off"),
    ]
    assert {(one["kind"], one["channel"]) for one in entries} == {("meeting-held", "meeting")}


def test_importing_twice_adds_nothing(call: Call, file: Path) -> None:
    call("import", str(file), *SINCE, "--yes")
    # nothing is new, so there is nothing to ask
    again = call("import", str(file), *SINCE)

    assert again.says() == (
        "Added 0 meetings, 5 already there.\nLeft out 1 meeting with nobody you track.\n"
        "Left out 1 event lasting all day.\nLeft out 1 event that did not take place.\n"
    )


def test_it_is_one_change(call: Call, file: Path) -> None:
    call("import", str(file), *SINCE, "--yes")

    assert call("undo", "--list", "--json").data["changes"][0]["summary"] == "5 meetings"
    call("undo")
    assert call("log", "--json").data["entries"] == []


def test_what_a_person_made_of_an_entry_stays_unless_the_calendar_may_win(call: Call, file: Path) -> None:
    call("import", str(file), *SINCE, "--yes")
    call("edit", "4", "--note", "She said yes", "--kind", "expectation-confirmed")

    assert call("import", str(file), *SINCE, "--yes", "--json").data["unchanged"] == 5
    assert call("log", "4", "--json").data["entry"]["note"] == "She said yes"
    assert call("import", str(file), *SINCE, "--yes", "--update", "--json").data["updated"] == 1
    after = call("log", "4", "--json").data["entry"]
    assert (after["note"], after["kind"]) == ("Dana and Marcus: kick-off", "expectation-confirmed")


def test_a_rehearsal_writes_nothing(call: Call, file: Path) -> None:
    data = call("import", str(file), *SINCE, "--dry-run", "--json").data

    assert (data["added"], data["dry_run"]) == (5, True)
    assert data["meetings"][0] == {
        "manager": "dana", "when": "2025-10-21T14:00:00+00:00", "note": "Weekly, with coffee",
    }  # fmt: skip
    assert call("log", "--json").data["entries"] == []


def test_where_nobody_can_be_asked_it_writes_and_undo_takes_it_back(call: Call, file: Path) -> None:
    assert call("import", str(file), *SINCE, "--json").data["added"] == 5
    call("undo").says()
    assert call("log", "--json").data["entries"] == []


def test_ninety_days_are_looked_at_unless_since_says(call: Call, file: Path) -> None:
    assert call("import", str(file), "--json").data["added"] == 0
    assert call("import", str(file), "--since", "2025-11-01", "--dry-run", "--json").data["added"] == 3
    # the day is meant from its beginning
    assert call("import", str(file), "--since", "2025-11-20", "--dry-run", "--json").data["added"] == 2
    file.write_bytes(calendar(event("early", "DTSTART:20251120T000000Z", "SUMMARY:Dana 1:1")).encode())
    assert call("import", str(file), "--since", "2025-11-20", "--dry-run", "--json").data["added"] == 1
    call("import", str(file), "--since", "2199-01-01", "--json").fails(1, "future-date")


def test_no_manager_is_made(call: Call, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    path.write_text(calendar(WITH_DANA, WITH_BOTH), "utf-8")
    said = call("import", str(path), *SINCE, "--yes")

    assert said.says() == "Added 0 meetings.\nLeft out 4 meetings with nobody you track.\n"
    assert not home.exists()


def test_an_event_that_cannot_be_read_stops_it_by_line_unless_skipped(call: Call, file: Path) -> None:
    file.write_bytes(calendar(WITH_BOTH, event("bad", "DTSTART:20259999T000000Z", "SUMMARY:Dana")).encode())

    message = call("import", str(file), *SINCE, "--yes", "--json").fails(1, "bad-file")
    assert (
        message == "nothing was imported: line 9: it cannot be read. Mend them, or leave them out with --skip-refused."
    )
    assert call("log", "--json").data["entries"] == []
    data = call("import", str(file), *SINCE, "--yes", "--skip-refused", "--json").data
    assert (data["added"], data["refused"]) == (2, [{"row": 9, "why": "it cannot be read"}])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "line 1: it is no calendar"),
        (b"uid,manager\r\n", "line 1: it is no calendar"),
        (b"BEGIN:VCALENDAR\r\n\xff\r\n", "line 2 is not UTF-8"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "line 2: what begins there has no end; the file stops at line 2"),
        (b"BEGIN:VCALENDAR\r\n\x1b[2J\r\n", "line 2: it holds no colon"),
    ],
)
def test_a_broken_file_is_told_with_its_line(call: Call, file: Path, raw: bytes, message: str) -> None:
    file.write_bytes(raw)

    assert call("import", str(file), "--yes", "--json").fails(1, "bad-file").startswith(f"{message}. ")


def test_another_encoding_is_refused_by_name(call: Call, file: Path) -> None:
    file.write_bytes(file.read_bytes().decode().encode("utf-16"))

    message = call("import", str(file), "--yes", "--json").fails(1, "bad-file")
    assert message == "the calendar is UTF-16, not UTF-8. Save it as UTF-8."


def test_what_a_library_has_to_say_of_a_file_does_not_reach_the_screen(run: Program, file: Path) -> None:
    file.write_bytes(calendar(
        event("1", "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20251120T140000", "SUMMARY:Dana 1:1"),
        event("2", "DTSTART:20251121T140000Z", "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20251122T140000Z", "SUMMARY:Dana 1:1"),
    ).encode())  # fmt: skip
    done = run("import", str(file), *SINCE, "--yes")

    assert done.out == "Added 3 meetings.\n"
    assert [" ".join(line.split()) for line in done.err.splitlines()] == [
        "Thu 20 Nov 2025 13:00 Dana Ortiz Dana 1:1", "Fri 21 Nov 2025 14:00 Dana Ortiz Dana 1:1",
        "Sat 22 Nov 2025 14:00 Dana Ortiz Dana 1:1",
    ]  # fmt: skip


def one_uid(*days: int) -> bytes:
    """Meetings with Dana that all have the same uid."""
    return calendar(*(
        event("1", f"DTSTART:202511{day:02}T150000Z", f"SUMMARY:Dana, day {day}") for day in days
    )).encode()  # fmt: skip


@pytest.mark.parametrize(("first", "then"), [((18, 20), (20, 18)), ((18,), (18, 20)), ((20, 18), (18, 19, 20))])
def test_meetings_of_one_uid_are_taken_in_once_each(
    call: Call, file: Path, first: tuple[int, ...], then: tuple[int, ...]
) -> None:
    file.write_bytes(one_uid(*first))
    assert call("import", str(file), *SINCE, "--yes", "--json").data["added"] == len(first)
    file.write_bytes(one_uid(*then))
    data = call("import", str(file), *SINCE, "--yes", "--json").data

    assert (data["added"], data["unchanged"]) == (len(then) - len(first), len(first))
    assert {one["note"] for one in call("log", "--json").data["entries"]} == {f"Dana, day {day}" for day in then}


def test_a_version_that_is_left_out_is_named_with_its_line(call: Call, file: Path) -> None:
    file.write_bytes(calendar(
        event("1", "SEQUENCE:2", "DTSTART:20251118T150000Z", "SUMMARY:Dana at three"),
        event("1", "SEQUENCE:1", "DTSTART:20251117T100000Z", "SUMMARY:Dana at ten"),
    ).encode())  # fmt: skip

    assert call("import", str(file), *SINCE, "--yes", "--dry-run", "--json").data["older"] == [
        {"row": 10, "why": "line 4 is a newer version of it"}
    ]
    said = call("import", str(file), *SINCE, "--yes")
    assert said.out == "Added 1 meeting.\nLeft out line 10: line 4 is a newer version of it.\n"


def test_many_versions_are_counted_after_the_first_few(call: Call, file: Path) -> None:
    file.write_bytes(calendar(*(
        event("1", f"SEQUENCE:{one}", f"DTSTART:202511{one + 10}T150000Z", "SUMMARY:Dana 1:1") for one in range(9)
    )).encode())  # fmt: skip

    assert call("import", str(file), *SINCE, "--yes").out.splitlines()[-1] == "Left out 3 more older versions."


def test_a_meeting_that_its_owner_declined_is_counted(call: Call, file: Path) -> None:
    own = "ATTENDEE;PARTSTAT=DECLINED:mailto:me@example.com"
    file.write_bytes(calendar(
        "X-WR-CALNAME:me@example.com", event("1", "DTSTART:20251118T150000Z", "SUMMARY:Dana Ortiz 1:1", own)
    ).encode())  # fmt: skip

    assert call("import", str(file), *SINCE, "--yes", "--dry-run", "--json").data["declined"] == 1
    assert call("import", str(file), *SINCE, "--yes").says() == (
        "Added 0 meetings.\nLeft out 1 meeting that you declined.\n"
    )


def test_standard_input_is_known_by_how_it_begins(call: Call, file: Path) -> None:
    assert call("import", "-", *SINCE, "--dry-run", "--json", stdin=file.read_bytes()).data["added"] == 5


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n \n"])
def test_a_calendar_is_known_on_a_real_pipe(run: Program, file: Path, before: bytes) -> None:
    done = run("import", "-", *SINCE, "--dry-run", "--json", stdin=before + file.read_bytes().lstrip())

    assert done.data["added"] == 5


@pytest.mark.parametrize("words", [[], ["--yes"], ["--dry-run"]])
def test_where_nobody_is_asked_the_meetings_are_listed_on_stderr(call: Call, file: Path, words: list[str]) -> None:
    done = call("import", str(file), *SINCE, *words)

    assert done.out.startswith(f"{'Would add' if words == ['--dry-run'] else 'Added'} 5 meetings.\n")
    listed = [" ".join(line.split()) for line in done.err.splitlines()]
    assert "Tue 4 Nov 2025 15:00 Dana Ortiz Weekly, with coffee" in listed
    assert "Thu 20 Nov 2025 15:00 Marcus Hughes Dana and Marcus: kick-off" in listed
    assert len(listed) == 5


def test_a_candidate_of_the_same_first_name_is_nobody_we_track(call: Call, file: Path) -> None:
    file.write_bytes(calendar(event(
        "interview", "DTSTART:20251120T150000Z", "SUMMARY:Interview with Dana White",
        "ATTENDEE;CN=D. White:mailto:white@y.com",
    )).encode())  # fmt: skip
    data = call("import", str(file), *SINCE, "--json").data

    assert (data["added"], data["left_out"]["nobody"]) == (0, 1)


def test_a_byte_order_mark_is_forgiven(call: Call, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert call("import", str(file), *SINCE, "--dry-run", "--json").data["added"] == 5


@pytest.mark.parametrize("library", ["icalendar", "recurring_ical_events", "x_wr_timezone"])
def test_without_its_part_the_line_to_install_is_named(
    call: Call, file: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    message = call("import", str(file), "--json").fails(1, "missing-extra")
    assert message == "reading a calendar needs an extra part. Install it: pip install 'trustlog[calendar]'"


def test_a_program_that_was_installed_without_that_part_writes_reminders_and_says_what_reading_needs(
    run: Program, file: Path, tmp_path: Path
) -> None:
    for library in ("icalendar", "recurring_ical_events", "x_wr_timezone"):
        (tmp_path / "missing" / library).mkdir(parents=True)
        (tmp_path / "missing" / library / "__init__.py").write_text("raise ModuleNotFoundError(__name__)")
    without = {"PYTHONPATH": str(tmp_path / "missing")}

    assert run("remind", env=without).out.startswith("BEGIN:VCALENDAR")
    assert "pip install 'trustlog[calendar]'" in run("import", str(file), env=without).fails(1)


@pytest.mark.usefixtures("two")
def test_our_own_reminders_do_not_come_back_as_meetings(call: Call, tmp_path: Path) -> None:
    call("promise", "dana", "slate", "--when", "2025-10-01", "--due", "2025-10-02")
    call("remind", "--output", str(tmp_path / "own.ics"))

    data = call("import", str(tmp_path / "own.ics"), *SINCE, "--yes", "--json").data
    assert (data["added"], data["left_out"]["nobody"]) == (0, 0)


def test_a_floating_time_is_the_clock_of_this_place(run: Program, file: Path) -> None:
    file.write_bytes(calendar(event("f", "DTSTART:20251030T100000", "SUMMARY:Dana 1:1")).encode())
    data = run("import", str(file), *SINCE, "--dry-run", "--json", env={"TZ": "America/New_York"}).data

    assert data["meetings"][0]["when"] == "2025-10-30T10:00:00-04:00"


def test_a_person_sees_the_list_and_says_yes(tty: Terminal, call: Call, file: Path) -> None:
    child = tty("import", str(file), *SINCE)
    child.expect("Tue 4 Nov 2025 15:00 +Dana Ortiz +Weekly, with coffee")
    child.expect("Thu 20 Nov 2025 15:00 +Marcus Hughes +Dana and Marcus: kick-off")
    child.expect("Left out 1 meeting with nobody you track")
    child.expect("Write 5 meetings into the journal")
    child.send("y\r")

    code, said = tty.ends(child)
    assert (code, "Added 5 meetings." in said) == (0, True)
    assert len(call("log", "--json").data["entries"]) == 5


@pytest.mark.parametrize(("key", "code"), [("n\r", 0), ("\x03", 130)])
def test_no_and_ctrl_c_write_nothing(tty: Terminal, call: Call, file: Path, key: str, code: int) -> None:
    child = tty("import", str(file), *SINCE)
    child.expect("Write 5 meetings into the journal")
    child.send(key)

    assert tty.ends(child)[0] == code
    assert call("log", "--json").data["entries"] == []


def test_a_title_that_a_terminal_would_obey_is_shown_as_words(tty: Terminal, file: Path) -> None:
    file.write_bytes(calendar(event("x", "DTSTART:20251120T150000Z", "SUMMARY:Dana \x1b[2J\u202e")).encode())
    child = tty("import", str(file), *SINCE)
    child.expect_exact("Dana \\x1b[2J\\u202e")
    child.send("n\r")

    tty.ends(child)
