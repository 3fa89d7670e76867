"""What the grammar of dates reads and what it refuses. Now is Mon 23 Nov 2026 10:00 unless a test says."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustlog.domain.days import echo, echo_day
from trustlog.domain.when import Prefer, Spoken, UnreadableDate, parse

NOW = dt.datetime(2026, 11, 23, 10, 0)
PREFERS: tuple[Prefer, ...] = ("past", "future")


def shown(spoken: Spoken) -> str:
    """One line for one answer, so that the tables below can be read."""
    if spoken.instant is not None:
        return spoken.instant.isoformat()
    if spoken.elapsed is not None:
        return f"{spoken.elapsed.total_seconds() / 60:+g} min"
    assert spoken.day is not None
    if spoken.time is None:
        return str(spoken.day)
    return f"{spoken.day} {spoken.time.isoformat('auto' if spoken.time.second else 'minutes')}"


def read(text: str, prefer: Prefer = "past", now: dt.datetime = NOW) -> str:
    return shown(parse(text, now, prefer))


def refusal(text: str, prefer: Prefer = "past", now: dt.datetime = NOW) -> str:
    with pytest.raises(UnreadableDate) as caught:
        parse(text, now, prefer)
    return str(caught.value)


PLAIN = [
    ("now", "+0 min"),
    ("today", "2026-11-23"),
    ("earlier today", "2026-11-23"),
    ("yesterday", "2026-11-22"),
    ("day before yesterday", "2026-11-21"),
    ("the day before yesterday", "2026-11-21"),
    ("tomorrow", "2026-11-24"),
    ("day after tomorrow", "2026-11-25"),
    ("tonight", "2026-11-23 21:00"),
    ("last night", "2026-11-22 21:00"),
    ("this morning", "2026-11-23 09:00"),
    ("this afternoon", "2026-11-23 15:00"),
    ("this evening", "2026-11-23 19:00"),
    ("yesterday morning", "2026-11-22 09:00"),
    ("yesterday evening", "2026-11-22 19:00"),
    ("tomorrow evening", "2026-11-24 19:00"),
    ("tomorrow night", "2026-11-24 21:00"),
    ("last friday afternoon", "2026-11-20 15:00"),
    ("last night at 11pm", "2026-11-22 23:00"),
    ("this morning at 9:30", "2026-11-23 09:30"),
    ("yesterday 3pm", "2026-11-22 15:00"),
    ("yesterday 3 pm", "2026-11-22 15:00"),
    ("yesterday at 3:30pm", "2026-11-22 15:30"),
    ("yesterday 3.30pm", "2026-11-22 15:30"),
    ("yesterday 3 p.m.", "2026-11-22 15:00"),
    ("yesterday 15:00", "2026-11-22 15:00"),
    ("yesterday 15:00:30", "2026-11-22 15:00:30"),
    ("yesterday 12am", "2026-11-22 00:00"),
    ("yesterday 12pm", "2026-11-22 12:00"),
    ("3pm yesterday", "2026-11-22 15:00"),
    ("at 3pm yesterday", "2026-11-22 15:00"),
    ("9:30 am yesterday", "2026-11-22 09:30"),
    ("last friday at noon", "2026-11-20 12:00"),
    ("yesterday midnight", "2026-11-22 00:00"),
    ("noon on 20 Nov 2026", "2026-11-20 12:00"),
    ("3pm on friday 20 nov 2026", "2026-11-20 15:00"),
    ("9:30", "2026-11-23 09:30"),
    ("at 2pm", "2026-11-23 14:00"),
    ("2pm", "2026-11-23 14:00"),
    ("noon", "2026-11-23 12:00"),
    ("2 days ago", "2026-11-21"),
    ("two days ago", "2026-11-21"),
    ("2 days ago at 3pm", "2026-11-21 15:00"),
    ("3pm 2 days ago", "2026-11-21 15:00"),
    ("3d ago", "2026-11-20"),
    ("0 days ago", "2026-11-23"),
    ("a couple of days ago", "2026-11-21"),
    ("couple of days ago", "2026-11-21"),
    ("a week ago", "2026-11-16"),
    ("a fortnight ago", "2026-11-09"),
    ("1 week and 2 days ago", "2026-11-14"),
    ("twelve weeks ago", "2026-08-31"),
    ("3 months ago", "2026-08-23"),
    ("a year ago", "2025-11-23"),
    ("half a year ago", "2026-05-23"),
    ("1 year 2 months ago", "2025-09-23"),
    ("2 days from now", "2026-11-25"),
    ("in 2 weeks", "2026-12-07"),
    ("in 2 weeks at 9:30", "2026-12-07 09:30"),
    ("in a fortnight", "2026-12-07"),
    ("10 minutes ago", "-10 min"),
    ("an hour ago", "-60 min"),
    ("half an hour ago", "-30 min"),
    ("1 hour 30 minutes ago", "-90 min"),
    ("1 hour and 30 minutes ago", "-90 min"),
    ("1h30m ago", "-90 min"),
    ("1.5 hours ago", "-90 min"),
    ("2 and a half hours ago", "-150 min"),
    ("two and a half hours ago", "-150 min"),
    ("an hour and a half ago", "-90 min"),
    ("in 45 min", "+45 min"),
    ("in half an hour", "+30 min"),
    ("last week", "2026-11-16"),
    ("last wk", "2026-11-16"),
    ("last week at 3pm", "2026-11-16 15:00"),
    ("next week", "2026-11-30"),
    ("last month", "2026-10-23"),
    ("next month", "2026-12-23"),
    ("last tuesday", "2026-11-17"),
    ("last monday", "2026-11-16"),
    ("last mon 9:00", "2026-11-16 09:00"),
    ("next tuesday", "2026-11-24"),
    ("next monday", "2026-11-30"),
    ("this monday", "2026-11-23"),
    ("2026-11-20", "2026-11-20"),
    ("2026/11/20", "2026-11-20"),
    ("2026-11-20 14:05", "2026-11-20 14:05"),
    ("2026-11-20T14:05", "2026-11-20 14:05"),
    ("2026-11-20T14:05:30", "2026-11-20 14:05:30"),
    ("2026-11-20 at 3pm", "2026-11-20 15:00"),
    ("2026-11-20T14:05Z", "2026-11-20T14:05:00+00:00"),
    ("2026-11-20 14:05:30+0100", "2026-11-20T14:05:30+01:00"),
    ("2026-11-20T14:05-05:30", "2026-11-20T14:05:00-05:30"),
    ("2026-11-20T14:05:30.250Z", "2026-11-20T14:05:30.250000+00:00"),
    ("20/11/2026", "2026-11-20"),
    ("11/20/2026", "2026-11-20"),
    ("20-11-2026", "2026-11-20"),
    ("20.11.2026", "2026-11-20"),
    ("11/11/2026", "2026-11-11"),
    ("20 nov 2026 at 3pm", "2026-11-20 15:00"),
    ("November 20th, 2026", "2026-11-20"),
    ("the 3rd of March 2026", "2026-03-03"),
    ("Fri, 20 Nov 2026", "2026-11-20"),
    ("friday 2026-11-20 15:00", "2026-11-20 15:00"),
    ("29 feb 2028", "2028-02-29"),
    ("  YESTERDAY ,\t3PM. ", "2026-11-22 15:00"),
]


@pytest.mark.parametrize("prefer", PREFERS)
@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_a_plain_phrase_means_the_same_whatever_is_preferred(text: str, expected: str, prefer: Prefer) -> None:
    assert read(text, prefer) == expected


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("tuesday", "2026-11-17", "2026-11-24"),
        ("tue", "2026-11-17", "2026-11-24"),
        ("tues", "2026-11-17", "2026-11-24"),
        ("wed", "2026-11-18", "2026-11-25"),
        ("thu", "2026-11-19", "2026-11-26"),
        ("thur", "2026-11-19", "2026-11-26"),
        ("thurs", "2026-11-19", "2026-11-26"),
        ("on friday", "2026-11-20", "2026-11-27"),
        ("sat", "2026-11-21", "2026-11-28"),
        ("sun", "2026-11-22", "2026-11-29"),
        ("mon", "2026-11-23", "2026-11-30"),
        ("monday 9:30", "2026-11-23 09:30", "2026-11-30 09:30"),
        ("monday 10:00", "2026-11-23 10:00", "2026-11-30 10:00"),
        ("monday 3pm", "2026-11-16 15:00", "2026-11-30 15:00"),
        ("monday evening", "2026-11-16 19:00", "2026-11-30 19:00"),
        ("3d", "2026-11-20", "2026-11-26"),
        ("3d at 3pm", "2026-11-20 15:00", "2026-11-26 15:00"),
        ("2w", "2026-11-09", "2026-12-07"),
        ("4h", "-240 min", "+240 min"),
        ("45m", "-45 min", "+45 min"),
        ("45min", "-45 min", "+45 min"),
        ("1h30m", "-90 min", "+90 min"),
        ("Nov 20", "2026-11-20", "2027-11-20"),
        ("20th of November", "2026-11-20", "2027-11-20"),
        ("fri 20 nov", "2026-11-20", None),
        ("Nov 23", "2026-11-23", "2026-11-23"),
        ("23 nov 9:00", "2026-11-23 09:00", "2027-11-23 09:00"),
        ("23 nov 15:00", "2026-11-23 15:00", "2026-11-23 15:00"),
        ("24 nov", "2025-11-24", "2026-11-24"),
        ("2 jan", "2026-01-02", "2027-01-02"),
        ("may 5", "2026-05-05", "2027-05-05"),
        ("29 feb", "2024-02-29", "2028-02-29"),
        ("this tuesday", None, "2026-11-24"),
        ("this sunday", None, "2026-11-29"),
        ("midnight", "2026-11-23 00:00", None),
    ],
)
def test_an_open_phrase_looks_the_preferred_way(text: str, past: str | None, future: str | None) -> None:
    for prefer, expected in zip(PREFERS, (past, future), strict=True):
        if expected is None:
            refusal(text, prefer)
        else:
            assert read(text, prefer) == expected


@pytest.mark.parametrize(
    ("text", "at", "past", "future"),
    [
        ("this morning", "08:10", "2026-11-23 08:10", "2026-11-23 09:00"),
        ("monday morning", "08:10", "2026-11-23 08:10", "2026-11-30 09:00"),
        ("this afternoon", "13:20", "2026-11-23 13:20", "2026-11-23 15:00"),
        ("this evening", "16:59", "2026-11-23 19:00", "2026-11-23 19:00"),
        ("tonight", "20:30", "2026-11-23 20:30", "2026-11-23 21:00"),
        ("tonight", "22:00", "2026-11-23 21:00", "2026-11-23 21:00"),
        ("yesterday morning", "08:10", "2026-11-22 09:00", "2026-11-22 09:00"),
    ],
)
def test_a_part_of_today_is_not_later_than_now(text: str, at: str, past: str, future: str) -> None:
    now = dt.datetime.combine(NOW.date(), dt.time.fromisoformat(at))
    assert (read(text, "past", now), read(text, "future", now)) == (past, future)


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2026-03-31", "last month", "2026-02-28"),
        ("2028-03-31", "a month ago", "2028-02-29"),
        ("2026-01-31", "next month", "2026-02-28"),
        ("2026-12-31", "in 2 months", "2027-02-28"),
        ("2026-10-31", "1 month 1 day ago", "2026-09-29"),
        ("2028-02-29", "last year", "2027-02-28"),
        ("2026-12-15", "next month", "2027-01-15"),
        ("2026-01-15", "last month", "2025-12-15"),
        ("2026-01-01", "yesterday", "2025-12-31"),
        ("2026-01-02", "31 dec", "2025-12-31"),
        ("2026-01-01", "last friday", "2025-12-26"),
        ("2028-02-29", "29 feb", "2028-02-29"),
        ("2104-02-28", "29 feb", "2096-02-29"),
    ],
)
def test_months_are_clamped_and_years_change(now: str, text: str, expected: str) -> None:
    assert read(text, "past", dt.datetime.fromisoformat(f"{now}T10:00")) == expected


REFUSED = {
    "nothing, or no date": "|.|,|garbage text|we may meet on sunday|at|on|ago|in|foo yesterday|last today",
    "too little said": "may|november|nov 2026|12|3|2026|20261120|monday 9|at 3|at 15|20/11|morning",
    "no such day": "30 feb|29 feb 2026|31 nov|2026-02-30|2026-13-01|2026-02-30T10:00Z|32/13/2026",
    "no such time": "25:00|24:00|15:60|13pm|0am|3:5pm|3.30|yesterday 25:00|2026-11-20T24:00|23:59:60",
    "two answers": "mon tue|yesterday today|3pm 4pm|3pm yesterday 4pm|now at 3pm|last friday 20 nov",
    "a count and a clock": "2 hours ago at 3pm|45m 15:00",
    "words left over": "yesterday at|at yesterday|on yesterday|yesterday foo|2 days ago foo|yesterday!",
    "phrases we leave alone": "last week tuesday|a week ago tuesday|last fortnight|few days ago|this night",
    "ambiguous": "05/06/2026|00/05/2026|20/11/26|20 nov 26|20-11/2026|friday the 20th|3 days|20 nov 3",
    "too many digits": "12345 days ago|20 nov 12026|12026-11-20",
    "too far": "9999 years ago|in 9999 years|9999 fortnights ago|1969-12-31|2200-01-01|0000-01-01",
    "another age": "20 nov 9999|20 nov 1530",
    "too far, exactly": "1969-12-31T23:00Z|2200-01-01T00:00|2026-11-20T14:05+19:00",
    "misspelt": "20st nov|21th nov|thisfriday|adago|anhour ago|days ago",
    "malformed": "-3d|a and a half hours ago|1h and ago",
    "half days": "1.5 days ago|half a day ago|1,5 hours ago|2 days 3 hours ago",
    "units out of order": "30 minutes 1 hour ago|1h 2h ago|2 days 1 week ago",
    "two directions": "in 2 days ago|in 3 days from now",
    "the wrong weekday": "thu 20 nov 2026|mon 2026-11-20",
    "the wrong part of the day": "this morning at 3pm|last night at 1am|tonight at midnight",
    "letters that only look right": "２ days ago|wee\u212a ago|last wee\u212a|yesterday\x00",
    "too long": "1" * 5000 + "|" + "yesterday " * 5000,
}


@pytest.mark.parametrize("prefer", PREFERS)
@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_unknown_or_impossible_is_refused(reason: str, prefer: Prefer) -> None:
    for text in REFUSED[reason].split("|"):
        refusal(text, prefer)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("foo", 'cannot read "foo" as a date'),
        ("05/06/2026", '"05/06/2026" could be 5 June or May 6'),
        ("20 nov 26", '"20 nov 26" needs its year in four digits'),
        ("30 Feb", '"30 Feb" is not a day of the calendar'),
        ("1 may 2200", '"1 may 2200" is outside the years 1970 to 2199'),
        ("thu 20 nov", '"thu 20 nov" cannot be right: 20 Nov 2026 is a Friday'),
        ("this friday", '"this friday" could be Fri 20 Nov 2026 or Fri 27 Nov 2026'),
        ("this morning at 3pm", '"this morning at 3pm" gives a time that is not in the morning'),
        ("a\x1b[31m\nb\u202e", r'cannot read "a\x1b[31m\nb\u202e" as a date'),
        ("x" * 40, f'cannot read "{"x" * 40}" as a date'),
        ("x" * 41, f'cannot read "{"x" * 39}…" as a date'),
    ],
)
def test_a_refusal_is_one_sentence_about_the_text(text: str, problem: str) -> None:
    assert refusal(text) == problem


def test_the_midnight_to_come_is_not_guessed() -> None:
    assert refusal("midnight", "future") == '"midnight" could be the midnight that is over or the coming one'


@pytest.mark.parametrize(
    ("prefer", "hint"),
    [
        ("past", "try: yesterday 3pm, last tue, 20 Nov, 2026-11-20 15:00"),
        ("future", "try: tomorrow 3pm, next tue, in 2 weeks, 30 Nov, 2026-11-30 15:00"),
    ],
)
def test_the_hint_shows_what_can_be_read(prefer: Prefer, hint: str) -> None:
    with pytest.raises(UnreadableDate) as caught:
        parse("foo", NOW, prefer)
    assert caught.value.hint == hint
    for text in hint.removeprefix("try: ").split(", "):
        parse(text, NOW, prefer)


def test_a_date_is_echoed_in_english_without_leading_zero() -> None:
    assert echo(dt.datetime(2026, 11, 6, 9, 5)) == "Fri 6 Nov 2026 09:05"
    assert echo_day(dt.date(2026, 11, 20)) == "Fri 20 Nov 2026"


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2199, 12, 31, 23, 59)), st.sampled_from(PREFERS))
@example(dt.datetime(2028, 2, 29), "future")
def test_what_is_echoed_is_read_back(moment: dt.datetime, prefer: Prefer) -> None:
    minute = moment.replace(second=0, microsecond=0)
    assert parse(echo(moment), NOW, prefer) == Spoken(day=minute.date(), time=minute.time())
    assert parse(echo_day(moment.date()), NOW, prefer) == Spoken(day=moment.date())
    assert parse(minute.isoformat(), NOW, prefer) == Spoken(day=minute.date(), time=minute.time())


TOKENS = """
    now today yesterday day before after the tomorrow tonight last next this on at in ago from and a an half
    of couple one twelve 0 1 2 12 30 99 1.5 9999 12345 m min h hour hours d days w week weeks fortnight month
    months years mon tuesday fri nov november may feb 20th 1st 2026 1969 9999 3pm 13pm 15:00 25:00 9:30:15
    9999w noon midnight morning night 2026-11-20 2026-02-30 20/11/2026 05/06/2026 2026-11-20T14:05Z 1h30m , .
"""
PHRASES = st.lists(st.sampled_from(TOKENS.split()), max_size=7).map(" ".join)
MOMENTS = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2199, 12, 31, 23, 59))


@given(st.lists(st.sampled_from(TOKENS), max_size=7).map(" ".join) | st.text(), MOMENTS, st.sampled_from(PREFERS))
@example("9999 years ago", dt.datetime(1970, 1, 1), "past")
@example("9999 years 9999 fortnights from now", dt.datetime(2199, 12, 31), "past")
@example("9999h", dt.datetime(2199, 12, 31), "future")
@example("yesterday", dt.datetime(1970, 1, 1), "past")
@example("\ud800", NOW, "past")
def test_any_text_is_read_within_the_years_or_refused(text: str, now: dt.datetime, prefer: Prefer) -> None:
    try:
        spoken = parse(text, now, prefer)
    except UnreadableDate as error:
        problem = str(error)
        assert problem.isprintable()
        assert error.hint.startswith("try: ")
    else:
        said = [spoken.day, spoken.elapsed, spoken.instant]
        assert sum(part is not None for part in said) == 1
        assert spoken.time is None or spoken.day is not None
        assert spoken.day is None or 1970 <= spoken.day.year <= 2199
        assert spoken.instant is None or spoken.instant.tzinfo is not None


@given(st.integers(0, 500), st.integers(0, 23 * 60))
def test_ago_and_from_now_mirror_each_other(days: int, minutes: int) -> None:
    ago, ahead = (parse(f"{days} days {words}", NOW, "past").day for words in ("ago", "from now"))
    assert ago is not None
    assert ahead is not None
    assert NOW.date() - ago == ahead - NOW.date() == dt.timedelta(days)
    assert parse(f"{minutes}m", NOW, "past").elapsed == -dt.timedelta(minutes=minutes)
