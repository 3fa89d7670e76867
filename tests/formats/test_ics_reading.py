"""Calendars as programs really write them: each is read as its program means it, or refused by name."""

from __future__ import annotations

import time
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from trustlog.domain.calendars import Calendar, Person, called_off
from trustlog.errors import UserError
from trustlog.formats import ics_series
from trustlog.formats.ics_file import text_of
from trustlog.services.calendars import read_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = datetime(2026, 8, 25, tzinfo=UTC), datetime(2026, 11, 28, 10, tzinfo=UTC)
OTHER = 'ATTENDEE;CN="Marcus Chen":mailto:marcus.chen@example.com'
DANA = 'ATTENDEE;CN="Dana Ortiz":mailto:dana.ortiz@example.com'


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of this place is UTC, and a warning that reaches the screen fails a test."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    monkeypatch.undo()
    time.tzset()


def event(uid: str, *lines: str, summary: str = "Weekly") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def calendar(*parts: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *parts, "END:VCALENDAR", ""])


def read(text: str) -> Calendar:
    return read_calendar(text, BEGIN, END)


def starts(*parts: str) -> list[str]:
    """When the meetings begin, as day of the year and time in UTC."""
    return told(calendar(*parts))


def told(text: str) -> list[str]:
    found = read(text)
    assert found.refused == ()
    return [f"{one.start.astimezone(UTC):%m-%d %H:%M}" for one in found.meetings]


def refused(*parts: str) -> list[tuple[int | str, str]]:
    return [(one.row, one.why) for one in read(calendar(*parts)).refused]


# --- zones


def zone(name: str, offset: str, *more: str) -> str:
    return "\r\n".join([
        "BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", "DTSTART:16010101T000000", f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}", *more, "END:STANDARD", "END:VTIMEZONE",
    ])  # fmt: skip


@pytest.mark.parametrize("name", ["Customized Time Zone", "tzone://Microsoft/Custom", "Eastern", "EST", "Zone/1"])
def test_a_definition_of_a_zone_holds_in_its_own_calendar(name: str) -> None:
    text = "".join(
        calendar(zone(name, offset), event(uid, f'DTSTART;TZID="{name}":20261120T140000'))
        for uid, offset in (("helsinki", "+0200"), ("boston", "-0500"))
    )

    assert told(text) == ["11-20 12:00", "11-20 19:00"]


def test_a_definition_does_not_hold_in_another_calendar() -> None:
    text = calendar(zone("Our office", "+0200")) + calendar(event("1", "DTSTART;TZID=Our office:20261120T140000"))

    assert [one.why for one in read(text).refused] == ['the time zone "Our office" is not known']


def test_a_definition_may_stand_behind_its_events_and_hold_what_changes_no_time() -> None:
    odd = zone("Office", "+0200", "TZNAME;LANGUAGE=en:Ours", "X-MORE;A=B:c", "COMMENT:none").replace(
        "DTSTART:", "DTSTART;VALUE=DATE-TIME:"
    )

    assert starts(event("1", "DTSTART;TZID=Office:20261120T140000"), odd) == ["11-20 12:00"]


def test_a_definition_with_daylight_saving_is_followed_from_before_every_meeting() -> None:
    text = "\r\n".join([
        "BEGIN:VTIMEZONE", "TZID:Office",
        "BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=3;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:00010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
    ])  # fmt: skip

    assert starts(text, event("1", "DTSTART;TZID=Office:20261019T100000", "RRULE:FREQ=WEEKLY;COUNT=2")) == [
        "10-19 08:00", "10-26 09:00",
    ]  # fmt: skip


def test_a_zone_that_everybody_knows_is_not_cut_short_by_a_definition() -> None:
    only_winter = zone("Europe/Berlin", "+0100")

    assert starts(only_winter, event("1", "DTSTART;TZID=Europe/Berlin:20260901T100000")) == ["09-01 08:00"]


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        (zone("Office", "+0200") + "\r\n" + zone("Office", "+0300"), "is defined in two ways"),
        (zone("Office", "+9900"), "is defined in a way that cannot be read"),
        (zone("Office", "+0200", "RRULE:FREQ=SECONDLY"), "is defined in a way that cannot be read"),
        (zone("Office", "+0200", "RRULE:FREQ=YEARLY;BYMONTHDAY=30"), "is defined in a way that cannot be read"),
        (zone("Office", "+0200", "RRULE:FREQ=YEARLY;INTERVAL=0"), "is defined in a way that cannot be read"),
        ("BEGIN:VTIMEZONE\r\nTZID:Office\r\nEND:VTIMEZONE", "is defined in a way that cannot be read"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_followed_is_refused_by_name(definition: str, why: str) -> None:
    found = read(calendar(definition, event("1", "DTSTART;TZID=Office:20261120T140000")))

    assert [one.why for one in found.refused] == [f'the time zone "Office" {why}']


def test_the_same_definition_twice_is_one() -> None:
    both = (zone("Office", "+0200"), zone("Office", "+0200"))

    assert starts(*both, event("1", "DTSTART;TZID=Office:20261120T140000")) == ["11-20 12:00"]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("tzone://Microsoft/Utc", "11-20 14:00"),
        ('"tzone://Microsoft/Utc"', "11-20 14:00"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "11-20 13:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "11-20 13:00"),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "11-20 17:00"),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", "11-20 19:00"),
        ("/mozilla.org/20070129_1/UTC", "11-20 14:00"),
        ("W. Europe Standard Time", "11-20 13:00"),
        ('"Eastern Standard Time"', "11-20 19:00"),
        ("europe/berlin", "11-20 13:00"),
        ("Etc/UTC", "11-20 14:00"),
        ("GMT", "11-20 14:00"),
    ],
)
def test_a_zone_is_known_by_the_names_that_programs_give_it(name: str, start: str) -> None:
    assert starts(event("1", f"DTSTART;TZID={name}:20261120T140000")) == [start]


@pytest.mark.parametrize(
    "name",
    [
        "Nowhere/Land", "tzone://Microsoft/Custom", "Nowhere/Japan", "(UTC+01:00) Amsterdam, Berlin, Bern", "../UTC",
        "/etc/passwd", "Customized Time Zone 1", "GMT+0100", "Europe", "posixrules", "a" * 400,
    ],
)  # fmt: skip
@pytest.mark.parametrize("quoted", [False, True])
def test_a_zone_that_is_not_known_is_named_with_its_line(name: str, quoted: bool) -> None:
    written = f'"{name}"' if quoted else name

    assert refused(event("0", "DTSTART:20261120T100000Z"), event("1", f"DTSTART;TZID={written}:20261120T140000")) == [
        (9, f'the time zone "{name[:80]}" is not known')
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;TZID=America/New_York:20261120T140000Z"],
        ["DTSTART;TZID=Nowhere/Land:20261120T140000Z"],
        ["DTSTART;TZID=America/New_York;VALUE=DATE-TIME:20261120T140000z"],
        ["DTSTART:20261120T140000Z", "DTEND;TZID=Nowhere/Land:20261120T150000Z"],
        ["DTSTART:20261120T140000Z", "DTEND;TZID=America/New_York:20261120T150000Z"],
    ],
)
def test_what_ends_with_z_is_utc_whatever_zone_is_named_beside_it(lines: list[str]) -> None:
    assert starts(event("1", *lines)) == ["11-20 14:00"]


def test_z_beside_a_zone_is_utc_in_lists_and_names_of_occurrences_too() -> None:
    series = event(
        "1", "DTSTART;TZID=America/New_York:20261102T090000", "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE;TZID=America/New_York:20261103T140000Z,20261104T090000",
        "RDATE;TZID=America/New_York:20261110T150000Z,20261111T090000",
        "RDATE;TZID=America/New_York;VALUE=PERIOD:20261112T150000Z/PT1H",
    )  # fmt: skip
    moved = event("1", "RECURRENCE-ID;TZID=America/New_York:20261105T140000Z", "DTSTART:20261105T200000Z")

    assert starts(series, moved) == [
        "11-02 14:00", "11-05 20:00", "11-06 14:00", "11-10 15:00", "11-11 14:00", "11-12 15:00",
    ]  # fmt: skip


def test_a_day_has_no_zone() -> None:
    found = read(calendar(event("1", "DTSTART;TZID=Nowhere/Land;VALUE=DATE:20261120")))

    assert (found.refused, found.all_day) == ((), 1)


@pytest.mark.parametrize(
    ("name", "start"),
    [("America/New_York", "11-20 19:00"), ("Eastern Standard Time", "11-20 19:00"), ("", "11-20 14:00")],
)
def test_times_without_a_zone_are_of_the_one_that_the_calendar_names(name: str, start: str) -> None:
    assert starts(f"X-WR-TIMEZONE:{name}", event("1", "DTSTART:20261120T140000")) == [start]


def test_the_zone_of_a_calendar_changes_no_time_that_has_one() -> None:
    assert starts(
        "X-WR-TIMEZONE:America/New_York",
        event("1", "DTSTART:20261120T140000Z"),
        event("2", "DTSTART;TZID=Europe/Berlin:20261120T140000"),
        event("3", "DTSTART:20261026T140000Z", "RRULE:FREQ=WEEKLY;COUNT=2"),
    ) == ["10-26 14:00", "11-02 14:00", "11-20 13:00", "11-20 14:00"]


def test_a_series_without_a_zone_follows_the_clock_of_the_zone_that_its_calendar_names() -> None:
    series = event("1", "DTSTART:20261026T100000", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261109T100000")
    moved = event("1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T100000", "DTSTART:20261102T110000")

    assert starts("X-WR-TIMEZONE:America/New_York", series, moved) == ["10-26 14:00", "11-02 16:00", "11-16 16:00"]


def test_the_zone_of_a_calendar_that_is_not_known_is_named_where_it_is_needed() -> None:
    found = read(calendar(
        "X-WR-TIMEZONE:Nowhere/Land", event("1", "DTSTART:20261120T140000"), event("2", "DTSTART:20261120T140000Z"),
    ))  # fmt: skip

    assert [tuple(one) for one in found.refused] == [(5, 'the time zone "Nowhere/Land" is not known')]
    assert len(found.meetings) == 1


# --- bytes and lines


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("blank", [b" ", b"\t"])
@pytest.mark.parametrize("letter", ["ä", "語", "😀"])
def test_a_line_may_be_folded_within_a_letter(end: bytes, blank: bytes, letter: str) -> None:
    title = (letter * 40).encode()
    for cut in range(1, len(letter.encode()) + 1):
        folded = end.join([title[:cut], blank + title[cut : 60 + cut], blank + title[60 + cut :]])
        raw = calendar(event("1", "DTSTART:20261120T100000Z", summary="@")).encode().replace(b"\r\n", end)

        (meeting,) = read(text_of(raw.replace(b"@", folded))).meetings
        assert meeting.summary == letter * 40


def test_lines_keep_their_numbers_where_a_letter_was_folded() -> None:
    raw = calendar(event("1", "DTSTART:20261399T100000Z", summary="@")).encode().replace(b"@", b"\xc3\r\n \xa4")
    raw += calendar(event("2", "DTSTART:20261399T100000Z")).encode()

    assert [one.row for one in read(text_of(raw)).refused] == [4, 14]


def test_files_that_were_put_together_are_one_calendar_each() -> None:
    parts = [calendar(event(uid, "DTSTART:20261120T100000Z")).encode("utf-8-sig") for uid in ("1", "2")]

    assert told(text_of(b"\r\n".join(parts))) == ["11-20 10:00", "11-20 10:00"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (calendar().encode("utf-16"), "the calendar is UTF-16, not UTF-8"),
        (calendar().encode("utf-16-le"), "the calendar is UTF-16, not UTF-8"),
        (calendar().encode("utf-16-be"), "the calendar is UTF-16, not UTF-8"),
        (b"BEGIN:VCALENDAR\r\nSUMMARY:\xc3\r\n x\r\n", "line 2 is not UTF-8"),
        (b"BEGIN:VCALENDAR\r\n\xe4\r\n", "line 2 is not UTF-8"),
    ],
)
def test_other_encodings_are_refused_by_name(raw: bytes, message: str) -> None:
    with pytest.raises(UserError) as caught:
        text_of(raw)

    assert (caught.value.code, caught.value.message) == ("bad-file", message)


@pytest.mark.parametrize(
    "broken",
    [
        "BEGIN:VTODO\r\nDUE:never\r\nEND:VTODO",
        event("2", "DTSTART:20261121T100000Z", "BEGIN:VALARM", "TRIGGER:soon", "SUMMARY:x", "END:VALARM"),
        event("2", "DTSTART:20261121T100000Z", "GEO:nowhere", "CATEGORIES;:", "X-MORE;=:1", "URL;A:b"),
        zone("Unused", "+9900"),
        event(
            "2", "DTSTART:20261121T100000Z", "DTSTAMP:now", "CREATED:", "DTEND:late", "SEQUENCE:", "EXDATE:", "RRULE:"
        ),
    ],
)
def test_what_decides_nothing_may_be_broken(broken: str) -> None:
    assert "11-20 10:00" in starts(event("1", "DTSTART:20261120T100000Z"), broken)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:20261120T100000Z", "DTSTART:20261121T100000Z"], "it has more than one DTSTART"),
        (["DTSTART:20261120T10:00:00Z"], "it cannot be read"),
        (["DTSTART:20261120T100000Z", "EXDATE:20261131T100000Z"], "it cannot be read"),
        (["DTSTART:20261120T100000Z", "RECURRENCE-ID:yesterday"], "it cannot be read"),
        (["DTSTART:20261120T100000Z", "SEQUENCE:first"], "it cannot be read"),
        (["DTSTART:20261120T100000Z", "ATTENDEE;CN=\"Dana:x"], "somebody whom it names cannot be read"),
        (["DTSTART;VALUE=DURATION:PT1H"], "its time cannot be read"),
        (["DTSTART:20261120T100000Z", "EXRULE:FREQ=DAILY"], "it leaves out by a rule, EXRULE"),
        (
            ["DTSTART:20261120T100000Z", "RECURRENCE-ID;RANGE=THISANDPRIOR:20261120T100000Z"],
            "RANGE=THISANDPRIOR is not known",
        ),
    ],
)  # fmt: skip
def test_what_decides_something_is_refused_where_it_is_broken(lines: list[str], why: str) -> None:
    assert refused(event("1", *lines)) == [(4, why)]


def test_a_calendar_that_counts_otherwise_is_refused_by_name() -> None:
    assert refused("CALSCALE:HEBREW", event("1", "DTSTART:20261120T100000Z")) == [(5, "its calendar counts by HEBREW")]
    assert starts("CALSCALE:gregorian", event("1", "DTSTART:20261120T100000Z")) == ["11-20 10:00"]


def test_an_event_that_is_far_away_need_not_be_understood() -> None:
    far = event("old", "DTSTART;TZID=Nowhere/Land:20150120T100000")

    assert starts(far, event("1", "DTSTART:20261120T100000Z")) == ["11-20 10:00"]


# --- people


def people(*lines: str) -> list[Person]:
    (meeting,) = read(calendar(event("1", "DTSTART:20261120T100000Z", *lines))).meetings
    return list(meeting.people)


@pytest.mark.parametrize(
    "line",
    [
        'ATTENDEE;CN="D O";CUTYPE=INDIVIDUAL;EMAIL="dana@example.com";PARTSTAT=ACCEPTED:/aBBBB/principal/',
        "ATTENDEE;CN=D O;EMAIL=dana@example.com:urn:uuid:7f0a",
        'ATTENDEE;CN=D O;email="mailto:dana@example.com":invalid:nomail',
        "ATTENDEE;CN=D O;X-CALENDARSERVER-EMAIL=dana@example.com:/principals/users/dana/",
        "ATTENDEE;CN=D O:MailTo:dana@example.com",
        "attendee;cn=D O:mailto:  dana@example.com ",
        "ATTENDEE;CN=D O:mailto:dana%40example.com?subject=hello",
        "ATTENDEE;CN=D O:dana@example.com",
        "ORGANIZER;CN=D O;EMAIL=dana@example.com:/aBBBB/principal/",
        'ATTENDEE;CN="D O;ROLE=CHAIR:mailto:dana@example.com',
    ],
)
def test_an_address_is_found_wherever_a_program_puts_it(line: str) -> None:
    assert [one.email for one in people(line)] == ["dana@example.com"]


def test_somebody_with_two_addresses_is_known_by_both() -> None:
    assert people("ATTENDEE;CN=D O;EMAIL=dana@work.example;PARTSTAT=DECLINED:mailto:dana@home.example") == [
        Person("D O", "dana@work.example", declined=True), Person("D O", "dana@home.example", declined=True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('ATTENDEE;CN="Dana "DJ" Ortiz";ROLE=CHAIR:mailto:d@x.com', 'Dana "DJ" Ortiz'),
        ("ATTENDEE;CN=Ortiz, Dana;ROLE=CHAIR:mailto:d@x.com", "Ortiz, Dana"),
        ("ATTENDEE;CN=Dana ^'DJ^' Ortiz:mailto:d@x.com", 'Dana "DJ" Ortiz'),
    ],
)
def test_a_name_with_marks_in_it_is_read(line: str, name: str) -> None:
    assert people(line) == [Person(name, "d@x.com")]


@pytest.mark.parametrize(
    ("answer", "away"),
    [("DECLINED", True), ("declined", True), ("DELEGATED", True), ("TENTATIVE", False), ("NEEDS-ACTION", False)],
)
def test_who_declined_is_not_there_and_who_may_come_is(answer: str, away: bool) -> None:
    assert people(f"ATTENDEE;PARTSTAT={answer}:mailto:d@x.com") == [Person("", "d@x.com", declined=away)]


def test_a_meeting_that_the_owner_of_the_calendar_declined_is_none_of_theirs() -> None:
    own = "ATTENDEE;PARTSTAT=DECLINED:mailto:Me@example.com"
    found = read(calendar(
        "X-WR-CALNAME:me@example.com", event("1", "DTSTART:20261120T100000Z", DANA, own),
        event("2", "DTSTART:20261120T110000Z", DANA, own.replace("DECLINED", "TENTATIVE")),
    ))  # fmt: skip

    assert ([one.uid for one in found.meetings], found.declined) == (["2"], 1)


# --- occurrences


SERIES = event("r", "DTSTART;TZID=Europe/Berlin:20261102T100000", "RRULE:FREQ=WEEKLY;COUNT=4", DANA)
MOVED = ["11-02 09:00", "11-10 15:00", "11-16 09:00", "11-23 09:00"]


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID;VALUE=DATE:20261109",
        "RECURRENCE-ID:20261109",
        "RECURRENCE-ID:20261109T100000",
        "RECURRENCE-ID:20261109T090000Z",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261109T100000",
        "RECURRENCE-ID;TZID=America/New_York:20261109T040000",
        "RECURRENCE-ID;TZID=America/New_York:20261109T090000Z",
        "RECURRENCE-ID;TZID=Europe/Berlin;VALUE=DATE:20261109",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261109T000000",
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["series-first", "series-last"])
def test_an_occurrence_is_known_by_its_day_its_local_time_or_its_moment(named: str, first: bool) -> None:
    moved = event("r", named, "DTSTART;TZID=Europe/Berlin:20261110T160000", DANA)
    off = event("r", named, "DTSTART;TZID=Europe/Berlin:20261109T100000", "STATUS:CANCELLED")
    silent = event("r", named, "STATUS:CANCELLED")
    away = event("r", named, "DTSTART;VALUE=DATE:20261109")

    assert starts(*((SERIES, moved) if first else (moved, SERIES))) == MOVED
    for gone in (off, silent, away):
        assert starts(*((SERIES, gone) if first else (gone, SERIES))) == [MOVED[0], *MOVED[2:]]


def test_a_moved_occurrence_has_the_same_name_however_it_is_named() -> None:
    names = {
        tuple(one.occurrence for one in read(calendar(SERIES, event("r", named, "DTSTART:20261110T150000Z"))).meetings)
        for named in ("RECURRENCE-ID:20261109", "RECURRENCE-ID:20261109T100000", "RECURRENCE-ID:20261109T090000Z")
    }

    assert names == {("2026-11-02T09:00:00Z", "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z")}


def test_occurrences_keep_the_names_by_which_they_were_imported_before() -> None:
    floating = event("f", "DTSTART:20261102T100000", "RRULE:FREQ=WEEKLY;COUNT=2")

    def names(*parts: str) -> list[str]:
        return [one.occurrence for one in read(calendar(*parts)).meetings]

    assert names(event("1", "DTSTART;TZID=Europe/Berlin:20261120T100000")) == [""]
    assert names(SERIES)[:2] == ["2026-11-02T09:00:00Z", "2026-11-09T09:00:00Z"]
    assert names(floating) == ["2026-11-02T10:00:00", "2026-11-09T10:00:00"]
    assert names("X-WR-TIMEZONE:America/New_York", floating) == ["2026-11-02T10:00:00", "2026-11-09T10:00:00"]
    assert names(event("o", "RECURRENCE-ID:20261109T090000Z", "DTSTART:20261110T100000Z")) == ["2026-11-09T09:00:00Z"]


def test_an_event_without_a_uid_is_known_by_its_time_and_title() -> None:
    nameless = event("1", "DTSTART;TZID=Europe/Berlin:20261120T100000").replace("UID:1\r\n", "")
    floating = event("1", "DTSTART:20261121T100000").replace("UID:1\r\n", "")

    assert [one.uid for one in read(calendar("X-WR-TIMEZONE:Europe/Berlin", nameless, floating)).meetings] == [
        "2026-11-20T09:00:00Z Weekly", "2026-11-21T10:00:00 Weekly",
    ]  # fmt: skip


def test_a_day_means_the_added_occurrence_or_the_one_of_a_rule() -> None:
    added = event("a", "DTSTART:20261102T100000Z", "RDATE:20261105T140000Z")
    moved = event("a", "RECURRENCE-ID:20261102", "DTSTART:20261103T120000Z")
    twice = event("b", "DTSTART:20261109T080000Z", "RRULE:FREQ=DAILY;BYHOUR=8,16;COUNT=4")

    assert starts(added, moved) == ["11-03 12:00", "11-05 14:00"]
    assert refused(twice, event("b", "RECURRENCE-ID:20261109", "DTSTART:20261110T120000Z")) == [
        (4, "which one of its day line 10 stands for cannot be told")
    ]


def test_an_exception_of_a_meeting_that_does_not_repeat_takes_its_place() -> None:
    once = event("1", "DTSTART:20261120T100000Z")
    moved = event("1", "RECURRENCE-ID:20261120T100000Z", "DTSTART:20261121T100000Z")

    assert starts(once, moved) == ["11-21 10:00"]


def test_an_exception_whose_series_is_not_there_is_a_meeting() -> None:
    assert starts(event("1", "RECURRENCE-ID:20261109", "DTSTART:20261110T100000Z")) == ["11-10 10:00"]


def test_a_change_from_one_day_on_holds_for_all_that_follow() -> None:
    later = event(
        "r", "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20261109T100000",
        "DTSTART;TZID=Europe/Berlin:20261110T113000", summary="At half past eleven",
    )  # fmt: skip
    one = event("r", "RECURRENCE-ID:20261116T090000Z", "DTSTART:20261118T120000Z")
    found = read(calendar(SERIES, later, one))

    assert [(f"{each.start:%m-%d %H:%M}", each.summary) for each in found.meetings] == [
        ("11-02 09:00", "Weekly"), ("11-10 10:30", "At half past eleven"), ("11-18 12:00", "Weekly"),
        ("11-24 10:30", "At half past eleven"),
    ]  # fmt: skip
    assert [each.occurrence[:10] for each in found.meetings] == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]


def test_a_series_that_is_cancelled_from_one_day_on_ends_there() -> None:
    over = event(
        "r", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z", "DTSTART:20261116T090000Z", "STATUS:CANCELLED"
    )

    assert starts(SERIES, over) == ["11-02 09:00", "11-09 09:00"]


def test_a_series_that_repeats_anew_from_one_day_on_is_refused() -> None:
    anew = event(
        "r",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z",
        "DTSTART:20261117T090000Z",
        "RRULE:FREQ=DAILY;COUNT=2",
    )

    assert refused(SERIES, anew) == [(4, "it repeats anew from line 11 on")]


def test_the_rest_of_a_series_that_stands_alone_is_a_series() -> None:
    rest = event(
        "r", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T090000Z", 'DTSTART;TZID="Europe/Berlin":20261102T100000',
        'RDATE;TZID="Europe/Berlin";VALUE=PERIOD:20261102T100000/20261102T110000,20261107T100000/20261107T110000',
    )  # fmt: skip

    assert [(one.occurrence, one.line) for one in read(calendar(rest)).meetings] == [
        ("2026-11-02T09:00:00Z", 4), ("2026-11-07T09:00:00Z", 4),
    ]  # fmt: skip


def test_what_was_moved_and_then_taken_out_did_not_take_place() -> None:
    series = SERIES.replace("COUNT=4", "COUNT=4\r\nEXDATE;TZID=Europe/Berlin:20261109T100000")
    found = read(calendar(series, event("r", "RECURRENCE-ID:20261109T090000Z", "DTSTART:20261110T150000Z")))

    assert (len(found.meetings), found.cancelled) == (3, 1)


def test_nothing_is_said_of_a_series_of_which_a_part_cannot_be_read() -> None:
    broken = event("r", "RECURRENCE-ID:20261109T090000Z", "DTSTART:20261310T150000Z")

    assert refused(SERIES, broken) == [
        (4, "what line 11 says of it cannot be read"), (11, "it cannot be read"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;UNTIL=20261104T090000Z", ["02", "03", "04"]),
        ("FREQ=DAILY;UNTIL=20261104T085959Z", ["02", "03"]),
        ("FREQ=DAILY;UNTIL=20261104", ["02", "03", "04"]),
        ("FREQ=DAILY;UNTIL=20261104T100000", ["02", "03", "04"]),
        ("FREQ=DAILY;UNTIL=20261104T095959", ["02", "03"]),
        ("FREQ=DAILY;UNTIL=20261101", []),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261130T000000Z", ["02", "03", "04"]),
        ("freq=weekly; byday=mo,we; count=3;", ["02", "04", "09"]),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR;UNTIL=20261128", ["02", "27"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3;COUNT=2", ["02", "04"]),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=2,20", ["02", "20"]),
    ],
)
def test_a_rule_ends_as_calendars_mean_it(rule: str, days: list[str]) -> None:
    assert starts(event("1", "DTSTART;TZID=Europe/Berlin:20261102T100000", f"RRULE:{rule}")) == [
        f"11-{day} 09:00" for day in days
    ]


@pytest.mark.parametrize(
    ("start", "rule", "found"),
    [
        ("19700105T100000", "FREQ=DAILY", 96),
        ("19700105T100000", "FREQ=DAILY;INTERVAL=3", 32),
        ("19700105T100000", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU", 14),
        ("19710228T100000", "FREQ=MONTHLY;BYMONTHDAY=-1", 3),
        ("19720229T100000", "FREQ=MONTHLY", 3),
        ("19700131T100000", "FREQ=MONTHLY;INTERVAL=1", 2),
        ("19700131T100000", "FREQ=MONTHLY;INTERVAL=3", 1),
        ("19700101T100000", "FREQ=YEARLY;BYDAY=4TH;BYMONTH=11", 1),
        ("19701120T100000", "FREQ=YEARLY;INTERVAL=4", 1),
        ("19711120T100000", "FREQ=YEARLY;INTERVAL=4", 0),
        ("19700105T100000", "FREQ=DAILY;COUNT=1000000000", 96),
        ("19700105T100000", "FREQ=DAILY;COUNT=20780", 94),
    ],
)
def test_a_series_that_began_long_ago_is_the_same_as_if_every_step_were_taken(
    start: str, rule: str, found: int
) -> None:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # ships no types

    slowly = rrulestr(rule, dtstart=datetime.strptime(start, "%Y%m%dT%H%M%S"))
    wanted = [
        f"{at:%m-%d %H:%M}" for at in slowly.between(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), inc=True)
    ]

    assert starts(event("1", f"DTSTART:{start}Z", f"RRULE:{rule}")) == wanted
    assert len(wanted) == found


def test_a_series_that_begins_only_after_now_has_no_meeting_yet() -> None:
    coming = event("1", "DTSTART:20270102T100000Z", "RRULE:FREQ=DAILY;UNTIL=20280101")

    assert starts(coming, event("1", "RECURRENCE-ID:20270105", "DTSTART:20261105T100000Z")) == ["11-05 10:00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=30", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1000000000", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=99", "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=52;BYMONTH=2",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE=0,1,2,3,4,5,6,7", "INTERVAL=2", "COUNT=2", "FREQ=DAILY;BYEASTER=1",
        "RSCALE=HEBREW;FREQ=YEARLY", "FREQ=DAILY;COUNT=2,3",
    ],
)  # fmt: skip
def test_a_rule_that_no_meeting_has_is_refused(rule: str) -> None:
    assert refused(event("1", "DTSTART:19700105T100000Z", f"RRULE:{rule}")) == [
        (4, "it repeats in a way that no meeting does")
    ]


def test_a_rule_that_names_no_day_is_refused_and_many_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics_series, "_NEVER", 1)  # each costs half a second
    never = [event(str(one), "DTSTART:19700105T100000Z", "RRULE:FREQ=MONTHLY;BYDAY=6MO") for one in range(9)]

    assert refused(never[0]) == [(4, "it repeats on days that never come")]
    with pytest.raises(UserError, match="line 10: it repeats on days that never come, like others"):
        read(calendar(*never))


def test_series_beyond_all_measure_are_refused_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics_series, "_MOST_EFFORT", 200_000)  # a tenth, so that it takes half a second
    often = ",".join(map(str, range(24)))
    series = [
        event(str(one), "DTSTART:19700105T100000Z", f"RRULE:FREQ=DAILY;BYHOUR={often};BYMINUTE=0,30")
        for one in range(300)
    ]
    found = read(calendar(*series))

    assert {one.why for one in found.refused} == {
        "it and others repeat too often to be read at once; take in less with --since"
    }
    assert 1_000 < len(found.meetings) < 10_000


# --- versions


def version(*lines: str, at: str = "20261117T100000Z", uid: str = "s", summary: str = "At ten") -> str:
    return event(uid, f"DTSTART:{at}", *lines, DANA, summary=summary)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (["SEQUENCE:0"], ["SEQUENCE:3"]),
        ([], ["SEQUENCE:1"]),
        (["SEQUENCE:2"], ["SEQUENCE:10"]),
        (["SEQUENCE:1", "DTSTAMP:20261111T000000Z"], ["SEQUENCE:2", "DTSTAMP:20261101T000000Z"]),
        (["SEQUENCE:1", "DTSTAMP:20261101T000000Z"], ["SEQUENCE:1", "DTSTAMP:20261102T000000Z"]),
        (["LAST-MODIFIED:20261101T000000Z"], ["LAST-MODIFIED:20261102T000000Z"]),
        (
            ["DTSTAMP:20261105T000000Z", "LAST-MODIFIED:20261101T000000Z"],
            ["DTSTAMP:20261105T000000Z", "LAST-MODIFIED:20261102T000000Z"],
        ),
    ],
)
@pytest.mark.parametrize("named", ["", "RECURRENCE-ID:20261117T100000Z"])
@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "turned"])
def test_the_newest_version_counts_in_any_order(older: list[str], newer: list[str], named: str, turned: bool) -> None:
    more = [named] if named else []
    both = [version(*more, *older), version(*more, *newer, at="20261118T150000Z", summary="Moved to three")]
    found = read(calendar(*both[:: -1 if turned else 1]))

    assert [one.summary for one in found.meetings] == ["Moved to three"]
    lines = sorted((one.line for one in found.meetings), reverse=True)
    assert [(one.row != lines[0], one.why) for one in found.older] == [
        (True, f"line {lines[0]} is a newer version of it")
    ]


def test_the_newest_version_of_an_occurrence_counts() -> None:
    old = event("r", "RECURRENCE-ID:20261109T090000Z", "SEQUENCE:2", "DTSTART:20261112T100000Z")
    new = event("r", "RECURRENCE-ID:20261109", "SEQUENCE:3", "DTSTART:20261110T150000Z")

    assert starts(SERIES, new, old) == MOVED
    assert starts(old, new, SERIES) == MOVED


def test_meetings_of_one_uid_at_the_same_time_are_told_where_one_names_others() -> None:
    found = read(calendar(event("1", "DTSTART:20261120T100000Z", DANA), event("1", "DTSTART:20261120T100000Z", OTHER)))

    assert (len(found.meetings), [(one.row, one.why) for one in found.older]) == (
        1, [(4, "line 10 is a newer version of it")],
    )  # fmt: skip


def test_a_version_that_changes_nothing_but_an_answer_is_not_told() -> None:
    answered = DANA.replace(";CN", ";PARTSTAT=ACCEPTED;CN")
    found = read(calendar(version("SEQUENCE:1"), version("SEQUENCE:2").replace(DANA, answered)))

    assert (len(found.meetings), found.older) == (1, ())


@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "turned"])
def test_one_uid_for_all_meetings_leaves_out_none(turned: bool) -> None:
    both = [version(summary="First", at="20261110T100000Z", uid="1"), version(summary="Second", uid="1")]
    found = read(calendar(*both[:: -1 if turned else 1]))

    assert [(one.summary, one.occurrence, one.shared) for one in found.meetings] == [
        ("First", "2026-11-10T10:00:00Z", True), ("Second", "2026-11-17T10:00:00Z", True),
    ]  # fmt: skip
    assert found.older == ()


def test_meetings_of_one_uid_that_were_made_apart_are_different_ones() -> None:
    both = [
        version(f"CREATED:2026110{day}T000000Z", f"DTSTAMP:2026110{day}T000000Z", at=f"2026111{day}T100000Z")
        for day in (1, 2)
    ]

    assert starts(*both) == ["11-11 10:00", "11-12 10:00"]


def test_series_of_one_uid_stay_beside_each_other() -> None:
    other = event("r", "DTSTART:20261103T120000Z", "RRULE:FREQ=WEEKLY;COUNT=2")

    assert starts(SERIES, other, event("r", "DTSTART:20261105T070000Z")) == [
        "11-02 09:00", "11-03 12:00", "11-05 07:00", "11-09 09:00", "11-10 12:00", "11-16 09:00", "11-23 09:00",
    ]  # fmt: skip


def test_an_answer_to_an_invitation_is_no_newer_version_of_it() -> None:
    answer = event(
        "s", "DTSTART:20261117T100000Z", "DTSTAMP:20261102T000000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@x.com"
    )
    text = calendar("METHOD:REQUEST", version("DTSTAMP:20261101T000000Z")) + calendar("METHOD:REPLY", answer)

    (meeting,) = read(text).meetings
    assert [one.email for one in meeting.people] == ["dana.ortiz@example.com"]


@pytest.mark.parametrize("method", ["COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"])
def test_a_message_that_only_asks_is_refused_by_name(method: str) -> None:
    assert refused(f"METHOD:{method}", version()) == [(5, f"METHOD:{method} tells of no meeting that was agreed")]


# --- what did not take place


@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "turned"])
@pytest.mark.parametrize(
    ("held", "off"),
    [
        (["SEQUENCE:0"], ["SEQUENCE:1", "STATUS:CANCELLED"]),
        ([], ["STATUS:CANCELLED"]),
        (["DTSTAMP:20261101T000000Z"], ["DTSTAMP:20261102T000000Z", "STATUS:cancelled"]),
    ],
)
def test_what_a_later_version_cancels_did_not_take_place(held: list[str], off: list[str], turned: bool) -> None:
    both = [version(*held), version(*off)]
    found = read(calendar(*both[:: -1 if turned else 1]))

    assert (found.meetings, found.cancelled, found.older) == ((), 1, ())


def test_what_was_agreed_anew_after_it_was_cancelled_took_place() -> None:
    assert starts(version("SEQUENCE:2"), version("SEQUENCE:1", "STATUS:CANCELLED")) == ["11-17 10:00"]


@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "turned"])
def test_a_cancellation_speaks_for_its_own_calendar_and_its_own_meetings(turned: bool) -> None:
    texts = [
        calendar("METHOD:REQUEST", version(uid="a", summary="Kept"), version(uid="b", summary="Called off")),
        calendar("METHOD:CANCEL", event("b", "SEQUENCE:1"), event("c", "DTSTART:20261112T100000Z", "SEQUENCE:0")),
    ]
    found = read("".join(texts[:: -1 if turned else 1]))

    assert ([one.summary for one in found.meetings], found.cancelled) == (["Kept"], 2)


def test_a_series_that_is_cancelled_takes_its_moved_occurrences_along() -> None:
    moved = event("r", "RECURRENCE-ID:20261109T090000Z", "DTSTART:20261110T150000Z", "SEQUENCE:1")
    off = SERIES.replace("RRULE", "SEQUENCE:2\r\nSTATUS:CANCELLED\r\nRRULE")

    assert starts(SERIES, moved, off) == []
    assert starts(SERIES, moved.replace("SEQUENCE:1", "SEQUENCE:3"), off) == ["11-10 15:00"]


@pytest.mark.parametrize(
    "title",
    [
        "Canceled: Weekly sync", "Cancelled: Weekly", "CANCELED: x", "Canceled: Canceled: x", "FW: Canceled: x",
        "Abgesagt: Runde", "Annulé : point", "Annulé\u00a0: point", "Annulée: réunion", "Cancelado: reunión",
        "Cancelada: reunião", "Annullato: riunione", "Geannuleerd: overleg", "Inställt: möte", "Aflyst: møde",
        "Avlyst: møte", "Peruutettu: kokous", "Odwołane: spotkanie", "Zrušeno: schůzka", "Törölve: x", "Anulat: x",
        "Отменено: встреча", "Скасовано: зустріч", "İptal Edildi: x", "Iptal edildi: x", "Ακυρώθηκε: x", "בוטל: x",
        "キャンセル済み: 会議", "已取消: 会议", "已取消：会议", "취소됨: x", "[Cancelled] Weekly", "(CANCELED) Weekly",
        "Canceled event: Weekly", "CANCELLED - Weekly", "Abgesagt – Runde",
    ],
)  # fmt: skip
def test_a_title_that_begins_as_outlook_marks_it_tells_that_a_meeting_was_cancelled(title: str) -> None:
    found = read(calendar(event("1", "DTSTART:20261120T090000Z", "STATUS:CONFIRMED", DANA, summary=title)))

    assert (found.meetings, found.cancelled) == ((), 1)


@pytest.mark.parametrize(
    "title",
    [
        "Cancellation policy: review", "Canceled flights, what now", "Cancelled-order review",
        "Weekly: canceled or not", "Uncanceled: x", "",
        "1:1", "Re: Weekly", "Dana: canceled",
    ],
)  # fmt: skip
def test_a_title_that_only_speaks_of_cancelling_is_a_meeting(title: str) -> None:
    assert not called_off(title)


# --- whole days


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:20261120"],
        ["DTSTART:20261120", "DTEND:20261121"],
        ["DTSTART;VALUE=DATE:20261120T000000"],
        ["DTSTART;TZID=W. Europe Standard Time:20261120T000000", "DTEND;TZID=W. Europe Standard Time:20261121T000000",
         "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"],
        ["DTSTART:20261119T230000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:true"],
        ["DTSTART:20261119T230000Z", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE"],
        ["DTSTART:20261120T000000", "DTEND:20261121T000000", "X-FUNAMBOL-ALLDAY:1"],
        ["DTSTART:20261120T000000", "DTEND:20261121T000000"],
        ["DTSTART;TZID=Europe/Berlin:20261120T000000", "DTEND:20261121T230000Z"],
        ["DTSTART:20261120T000000Z", "DURATION:P1D"],
        ["DTSTART;VALUE=DATE:19500120", "RRULE:FREQ=YEARLY"],
        ["DTSTART:20250120T000000", "DURATION:P1D", "RRULE:FREQ=HOURLY"],
    ],
)  # fmt: skip
def test_what_lasts_whole_days_is_no_meeting_however_that_is_said(lines: list[str]) -> None:
    found = read(calendar(event("1", *lines, DANA)))

    assert (found.meetings, found.all_day, found.refused) == ((), 1, ())


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20261120T000000Z"],
        ["DTSTART:20261120T000000Z", "DTEND:20261120T010000Z"],
        ["DTSTART:20261120T000000Z", "DTEND:20261120T010000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE"],
        ["DTSTART:20261120T000000Z", "DTEND:20261120T000000Z"],
    ],
)
def test_a_meeting_at_midnight_is_one(lines: list[str]) -> None:
    assert starts(event("1", *lines)) == ["11-20 00:00"]
