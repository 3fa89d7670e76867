"""Calendar files: a strict reader of our own reads the written alike; the broken ones are told with their line."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.calendars import Calendar, Meeting, Person, Reminder, soonest_first, with_whom
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.formats import ics_file
from trustlog.services.calendars import read_calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STAMP = datetime(2026, 11, 23, 10, tzinfo=UTC)
BEGIN, END = datetime(2026, 8, 25, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)


def plain_lines(raw: bytes) -> list[str]:
    """RFC 5545 by the letter: CRLF, at most 75 octets, no control characters, folded lines put together."""
    assert raw.endswith(b"\r\n")
    lines: list[str] = []
    for physical in raw.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(physical) <= 75, physical
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", physical), physical
        line = physical.decode("utf-8")  # no character is cut
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            assert re.match("[A-Z-]+[;:]", line), line
            lines.append(line)
    return lines


def value(lines: list[str], name: str) -> str:
    """The text of the only property with that name."""
    (found,) = [line.partition(":")[2] for line in lines if line.startswith(f"{name}:")]
    return re.sub(r"\\(.)", lambda hit: "\n" if hit[1] in "nN" else hit[1], found)


def reminder(**changes: object) -> Reminder:
    start = datetime(2026, 11, 27, 17, tzinfo=UTC)
    usual = Reminder("1@trustlog", "promise", "dana", "You owe Dana", start, start + timedelta(minutes=15))
    return usual._replace(**changes)  # type: ignore[arg-type]  # a test names fields that are there


def written(*reminders: Reminder) -> bytes:
    return ics_file.written(reminders, "trustlog", STAMP).encode()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put this process into a time zone."""

    def go(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    go("UTC")
    yield go
    monkeypatch.undo()
    time.tzset()


def event(*lines: str, summary: str = "Weekly") -> str:
    return "\n".join(["BEGIN:VEVENT", "UID:1", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def calendar(*events: str) -> str:
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""])


def read(*events: str) -> Calendar:
    return read_calendar(calendar(*events), BEGIN, END)


def starts(*events: str) -> list[str]:
    found = read(*events)
    assert found.refused == ()
    return [one.start.isoformat() for one in sorted(found.meetings, key=lambda one: one.start)]


# --- writing


def test_an_event_has_everything_that_a_calendar_wants() -> None:
    lines = plain_lines(written(reminder(alarm=timedelta(hours=-1), description="settle it", revision=2)))

    assert lines == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//trustlog//remind//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:trustlog",
        "BEGIN:VEVENT", "UID:1@trustlog", "DTSTAMP:20261123T100000Z", "LAST-MODIFIED:20261123T100000Z", "SEQUENCE:2",
        "DTSTART:20261127T170000Z", "DTEND:20261127T171500Z", "SUMMARY:You owe Dana", "DESCRIPTION:settle it",
        "STATUS:CONFIRMED", "CLASS:PRIVATE", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:You owe Dana", "TRIGGER:-PT1H", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_a_whole_day_has_no_zone_and_speaks_up_in_the_morning() -> None:
    day = reminder(start=date(2026, 11, 24), end=date(2026, 11, 25), alarm=timedelta(hours=9))
    lines = plain_lines(written(day))

    assert "DTSTART;VALUE=DATE:20261124" in lines
    assert "DTEND;VALUE=DATE:20261125" in lines
    assert "TRIGGER:PT9H" in lines


def test_what_is_over_is_cancelled_and_silent() -> None:
    lines = plain_lines(written(reminder(alarm=timedelta(hours=-1), over=True)))

    assert "STATUS:CANCELLED" in lines
    assert "BEGIN:VALARM" not in lines


@pytest.mark.parametrize(
    ("minutes", "words"), [(-30, "-PT30M"), (-90, "-PT1H30M"), (-1440, "-PT24H"), (0, "PT0M"), (540, "PT9H")]
)
def test_an_alarm_is_a_duration(minutes: int, words: str) -> None:
    assert f"TRIGGER:{words}" in plain_lines(written(reminder(alarm=timedelta(minutes=minutes))))


def test_a_moment_is_written_as_its_instant(at: Callable[[str], None]) -> None:
    at("America/New_York")
    start = datetime(2026, 11, 2, 9, 30).astimezone()

    assert "DTSTART:20261102T143000Z" in plain_lines(written(reminder(start=start)))


def turned(text: str) -> str:
    """What would turn the order of letters round, as an escape that is read."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", lambda hit: f"\\u{ord(hit[0]):04x}", text)


def test_no_note_turns_the_letters_of_a_calendar_round() -> None:
    raw = written(reminder(summary="\u2067Dana", description="invoice \u202egpj.exe\u202c \u200eshalom"))
    assert re.search("[\u202a-\u202e\u2066-\u2069]", raw.decode()) is None
    (read,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(read["SUMMARY"]) == "\\u2067Dana"
    assert str(read["DESCRIPTION"]) == "invoice \\u202egpj.exe\\u202c \u200eshalom"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_through_escaping_and_folding(text: str) -> None:
    raw = written(reminder(summary=f"<{text}>", description=f"<{text}>"))
    # by hand: an end of line of any kind is a new line, what no calendar may hold is gone
    wanted = re.sub("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]", "\n", f"<{text}>")
    wanted = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", wanted)
    wanted = turned(wanted)

    lines = plain_lines(raw)
    assert value(lines, "SUMMARY") == wanted
    (other,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(other["SUMMARY"]) == wanted
    assert str(other["DESCRIPTION"]) == wanted


@pytest.mark.parametrize(
    "text",
    ["END:VEVENT\r\nBEGIN:VEVENT", "a;b,c\\n d\\", "\u202eolleh", "שלום", "😀" * 60, "a" * 300, 'x" ;CN=y:z', "\n\n"],
)
def test_hostile_text_stays_one_event(text: str) -> None:
    raw = written(reminder(summary=f"<{text}>"))

    assert plain_lines(raw).count("BEGIN:VEVENT") == 1
    assert value(plain_lines(raw), "SUMMARY") == turned(f"<{text}>".replace("\r\n", "\n"))


def test_the_soonest_comes_first_and_a_whole_day_before_its_hours() -> None:
    late, day = reminder(uid="late"), reminder(uid="day", start=date(2026, 11, 27), end=date(2026, 11, 28))
    early = reminder(uid="early", start=datetime(2026, 11, 27, 8, tzinfo=UTC))

    assert [one.uid for one in soonest_first([late, early, day])] == ["day", "early", "late"]


# --- reading


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("DTSTART:20261120T150000Z", "2026-11-20T10:00:00-05:00"),
        ("DTSTART:20261120T150000", "2026-11-20T15:00:00-05:00"),
        ("DTSTART;TZID=Europe/Berlin:20261120T150000", "2026-11-20T09:00:00-05:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261120T150000", "2026-11-20T09:00:00-05:00"),
        # before the clock was put back
        ("DTSTART:20261030T150000Z", "2026-10-30T11:00:00-04:00"),
    ],
)
def test_a_time_is_read_in_its_zone_and_told_in_ours(at: Callable[[str], None], line: str, start: str) -> None:
    at("America/New_York")

    assert starts(event(line)) == [start]


ODD_ZONE = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:19701101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700308T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
END:VTIMEZONE"""


def test_a_zone_that_the_file_describes_is_followed(at: Callable[[str], None]) -> None:
    at("UTC")

    assert starts(ODD_ZONE, event("DTSTART;TZID=Our office:20261028T100000", "RRULE:FREQ=WEEKLY;COUNT=2")) == [
        "2026-10-28T14:00:00+00:00",
        "2026-11-04T15:00:00+00:00",
    ]


def test_a_meeting_at_ten_stays_at_ten_when_the_clock_is_changed(at: Callable[[str], None]) -> None:
    at("America/New_York")
    weekly = event("DTSTART;TZID=America/New_York:20261020T100000", "RRULE:FREQ=WEEKLY")

    assert starts(weekly) == [
        "2026-10-20T10:00:00-04:00", "2026-10-27T10:00:00-04:00", "2026-11-03T10:00:00-05:00",
        "2026-11-10T10:00:00-05:00", "2026-11-17T10:00:00-05:00",
    ]  # fmt: skip


def test_a_series_is_told_only_for_the_stretch_that_is_asked(at: Callable[[str], None]) -> None:
    at("UTC")

    found = starts(event("DTSTART:20100104T100000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO"))

    assert (found[0], found[-1], len(found)) == ("2026-08-31T10:00:00+00:00", "2026-11-23T10:00:00+00:00", 13)


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], [2, 3, 4]),
        (["RRULE:FREQ=DAILY;UNTIL=20261103T100000Z"], [2, 3]),
        (["RRULE:FREQ=DAILY;UNTIL=20261103"], [2, 3]),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261103T100000Z,20261104T100000Z"], [2, 5]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261103"], [2, 4]),
        (["RDATE:20261109T100000Z"], [2, 9]),
        (["RDATE;VALUE=PERIOD:20261109T100000Z/PT1H"], [2, 9]),
        (["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3"], [2, 4, 9]),
        (["RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=1"], [2]),
    ],
)
def test_rules_and_exceptions_are_followed(at: Callable[[str], None], lines: list[str], days: list[int]) -> None:
    at("UTC")

    found = starts(event("DTSTART:20261102T100000Z", *lines))

    assert found == [f"2026-11-{day:02}T10:00:00+00:00" for day in days]


def test_one_of_a_series_that_was_moved_is_where_it_was_moved_to(at: Callable[[str], None]) -> None:
    at("UTC")
    series = event("DTSTART;TZID=Europe/Berlin:20261102T100000", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event("RECURRENCE-ID:20261103T090000Z", "DTSTART:20261105T120000Z", summary="Later")
    off = event("RECURRENCE-ID;TZID=Europe/Berlin:20261104T100000", "DTSTART:20261104T090000Z", "STATUS:CANCELLED")

    found = read(series, moved, off)

    assert [(one.start.isoformat(), one.summary) for one in found.meetings] == [
        ("2026-11-02T09:00:00+00:00", "Weekly"),
        ("2026-11-05T12:00:00+00:00", "Later"),
    ]
    assert found.cancelled == 1


def test_whole_days_the_cancelled_the_coming_and_our_own_are_no_meetings(at: Callable[[str], None]) -> None:
    at("UTC")
    found = read(
        event("DTSTART;VALUE=DATE:20261120"),
        event("DTSTART:20261120T100000Z", "STATUS:CANCELLED"),
        event("DTSTART:20261124T100000Z"),
        event("DTSTART:20261120T100000Z").replace("UID:1", "UID:abc-promise@trustlog"),
    )

    assert found == Calendar((), 1, 1, ())


def test_whom_a_meeting_names_is_read_with_and_without_a_name(at: Callable[[str], None]) -> None:
    at("UTC")
    (found,) = read(
        event(
            "DTSTART:20261120T100000Z",
            'ATTENDEE;CN="Ortiz, Dana";PARTSTAT=DECLINED:MAILTO:Dana@x.com',
            "ATTENDEE:mailto:m@x.com",
            "ORGANIZER;CN=Me:mailto:me@x.com",
        )
    ).meetings

    assert found.people == (
        Person("Me", "me@x.com"), Person("Ortiz, Dana", "Dana@x.com", declined=True), Person("", "m@x.com"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:20261340T100000Z"], "it cannot be read"),
        (["DTSTART;TZID=Nowhere/Land:20261120T100000"], 'the time zone "Nowhere/Land" is not known'),
        (["DTSTART:00010101T000000Z"], "its time is outside the years 1970 to 2199"),
        ([], "it has no time"),
        (["DTSTART:20261102T100000Z", "RRULE:FREQ=SECONDLY"], "it repeats in a way that no meeting does"),
        (["DTSTART:20261102T100000Z", "RRULE:FREQ=DAILY;INTERVAL=0"], "it repeats in a way that no meeting does"),
        (
            ["DTSTART:20261102T100000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"],
            "it repeats in a way that no meeting does",
        ),
        (["DTSTART:20261102T100000Z", "RRULE:FREQ=DAILY;BYMONTH=13"], "it repeats in a way that no meeting does"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_with_its_line(
    at: Callable[[str], None], lines: list[str], why: str
) -> None:
    at("UTC")

    found = read(event("DTSTART:20261120T100000Z").replace("UID:1", "UID:0"), event(*lines))

    assert [tuple(one) for one in found.refused] == [(9, why)]
    assert len(found.meetings) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: it is no calendar"),
        ("hello", "line 1: it is no calendar"),
        ("\n\nBEGIN:VCARD\nEND:VCARD\n", "line 3: it is no calendar"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nwhat is this\nEND:VCALENDAR", "line 3: it holds no colon"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VTODO\n", "line 3: END:VTODO ends nothing that was begun"),
        (
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n",
            "line 2: what begins there has no end; the file stops at line 3",
        ),
    ],
)
def test_a_file_that_is_broken_is_told_with_the_line(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        read_calendar(text, BEGIN, END)

    assert (caught.value.code, caught.value.message) == ("bad-file", message)


WHOLE = calendar(
    ODD_ZONE,
    event(
        "DTSTART;TZID=Our office:20261028T100000",
        "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=WE",
        "EXDATE;TZID=Our office:20261104T100000",
        "ATTENDEE;CN=Dana Ortiz;PARTSTAT=ACCEPTED:mailto:dana@x.com",
    ),
    event("RECURRENCE-ID:20261111T150000Z", "DTSTART:20261112T120000Z", "DURATION:PT1H"),
    event("DTSTART;VALUE=DATE:20261120", "RDATE;VALUE=PERIOD:20261109T100000Z/PT1H"),
)
CUT = st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.text('0:;=,TZ\n -\x00"é9AEUNTILBYDFRQ', max_size=6))


@settings(max_examples=150)
@given(st.lists(CUT, min_size=1, max_size=4))
def test_a_calendar_with_anything_wrong_in_it_is_read_or_refused(cuts: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for place, length, instead in cuts:
        text = text[:place] + instead + text[place + length :]
    try:
        found = read_calendar(text, BEGIN, END)
    except UserError as error:
        assert error.code == "bad-file"
        return
    assert all(BEGIN <= one.start <= END for one in found.meetings)


# --- with whom


DANA = Manager(1, "d", "dana", "Dana Ortiz", email="Dana@X.com")
MARCUS = Manager(2, "m", "marcus", "Marcus Hughes")


def met(summary: str = "", *people: Person) -> list[str]:
    meeting = Meeting("1", "", summary, STAMP, people, 1)
    return [one.handle for one in with_whom(meeting, [DANA, MARCUS])]


@pytest.mark.parametrize(
    ("summary", "people", "who"),
    [
        ("Sync", [Person("", "dana@x.com")], ["dana"]),
        ("Sync", [Person("dana@x.com", "")], ["dana"]),
        ("Sync", [Person("marcus  HUGHES", "mh@y.com")], ["marcus"]),
        ("Sync", [Person("Hughes, Marcus", "")], ["marcus"]),
        ("Sync", [Person("Marcus Hughes (he/him)", "")], ["marcus"]),
        ("Sync", [Person("marcus", "")], ["marcus"]),
        ("Sync", [Person("Marcus Miller", "")], []),
        ("Sync", [Person("marcus", "m.miller@y.com")], []),
        ("Interview with Dana White", [Person("Dana White", "white@y.com")], []),
        ("Interview with Dana White", [Person("", "white@y.com")], []),
        ("Interview with Dana White", [], []),
        ("Interview with DANA WHITE", [], []),
        ("1:1 with Dana", [Person("", "somebody@y.com")], []),
        ("1:1 with Dana and team", [], ["dana"]),
        ("Dana White, then Dana", [], ["dana"]),
        ("1:1 with Dana Ortiz", [Person("", "somebody@y.com")], ["dana"]),
        ("dana / me", [], ["dana"]),
        ("1:1 with Dana.", [], ["dana"]),
        ("Dana, Marcus", [], ["dana", "marcus"]),
        ("see dana.ortiz", [], []),
        ("dana-lee", [], []),
        ("Dana:Marcus", [], ["dana", "marcus"]),
        ("Danaus plexippus", [], []),
        ("mail dana@other.com", [], []),
        ("Marcus Hughes 1:1", [], ["marcus"]),
        ("Dana 1:1", [Person("Dana Miller", "miller@y.com")], []),
        ("Dana 1:1", [Person("Dana Ortiz", "", declined=True)], []),
        ("", [], []),
    ],
)
def test_a_meeting_is_with_whom_it_names_in_whole_words(summary: str, people: list[Person], who: list[str]) -> None:
    assert met(summary, *people) == who


def test_a_manager_known_by_one_name_is_no_candidate_of_that_name() -> None:
    zoe = Manager(4, "z", "zoe", "Zoë")

    def with_zoe(summary: str, *people: Person) -> bool:
        return with_whom(Meeting("1", "", summary, STAMP, people, 1), [zoe]) == [zoe]

    assert with_zoe("1:1 with Zoe\u0308")
    assert with_zoe("Sync", Person("Zoë", ""))
    assert not with_zoe("Interview with Zoë White")
    assert not with_zoe("Sync", Person("Zoë White", ""))
    assert not with_zoe("Chat with Zoë", Person("Zoë White", "white@y.com"))


def test_a_name_that_two_have_is_nobodys_and_a_letter_is_no_name() -> None:
    other = Manager(3, "o", "a", "Dana Ortiz")
    meeting = Meeting("1", "", "a talk with Dana Ortiz", STAMP, (Person("Dana Ortiz", ""),), 1)

    assert with_whom(meeting._replace(people=()), [MARCUS, other]) == [other]
    assert with_whom(meeting, [DANA._replace(handle="d-o"), other]) == []
    assert with_whom(meeting._replace(summary="a talk", people=()), [DANA, other]) == []
