"""Anything at all in every reader: understood or refused in one line, never a fault of ours."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.faults.conftest import fresh

from trustlog.domain import when
from trustlog.errors import UserError
from trustlog.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.conftest import Figures, Said, Warm

NUMBER = 10
NOW = dt.datetime(2026, 11, 23, 10, 0)
few = settings(max_examples=60, deadline=None, derandomize=True, database=None,
               suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
many = settings(few, max_examples=1500)

WORDS = st.sampled_from(
    [
        "last",
        "next",
        "on",
        "at",
        "in",
        "ago",
        "mon",
        "tuesday",
        "yesterday",
        "today",
        "tomorrow",
        "noon",
        "3pm",
        "15:00",
        "25:61",
        "2",
        "20",
        "1999",
        "2026-02-30",
        "2026-11-20",
        "20/11/2026",
        "05/06/2026",
        "20",
        "nov",
        "feb",
        "29",
        "31",
        "week",
        "weeks",
        "days",
        "hours",
        "months",
        "fortnight",
        "half",
        "end",
        "of",
        "the",
        "0",
        "-1",
        "99999999999",
        "2026-11-20T15:00+99:99",
        "è",
        "٣",
        "²",
        ",",
        ".",
        ":",
        "/",
        "-",
        "+",
        "9999-12-31",
        "0001-01-01",
    ]
)
DATES = st.one_of(st.text(max_size=40), st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
CELLS = st.one_of(
    st.text(max_size=20), st.sampled_from(["dana", "reply", "2026-11-20", "s", "yes", "'=1", "push", "a,b", ""])
)
HEADERS = st.sampled_from(
    ["uid", "manager", "name", "kind", "size", "when", "note", "tags", "req", "approach", "evidence", "x"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip


def fine(said: Said) -> None:
    """Done, or refused in one line; wrong words on the command line are exit 2."""
    assert said.code in (0, 1, 2), said
    assert "Traceback" not in said.err
    if said.code:
        assert sum(line.startswith("trustlog: ") for line in said.err.splitlines()) == 1, said


@pytest.mark.parametrize("prefer", ["past", "future"])
def test_dates(figures: Figures, prefer: when.Prefer) -> None:
    @many
    @given(DATES)
    @example("31 feb")
    def read(text: str) -> None:
        figures.survived()
        try:
            found = when.parse(text, NOW, prefer)
        except when.UnreadableDate as error:
            assert str(error)
        else:
            assert found

    read()


def mangled(document: str, data: st.DataObject) -> str:
    """A good document with pieces cut out, doubled or replaced."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document)))
        length = data.draw(st.integers(0, 30))
        document = document[:start] + data.draw(st.text(max_size=8)) + document[start + length :]
    return document


def test_csv_tables(warm: Warm, home: Path, figures: Figures) -> None:
    @few
    @given(st.lists(HEADERS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=5), st.booleans())
    def take(headers: list[str], rows: list[list[str]], skip: bool) -> None:
        figures.survived()
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [headers, *rows]]
        raw = "\n".join(quoted).encode("utf-8", "surrogatepass")
        fine(warm(home, "import", "-", *(["--skip-refused"] if skip else []), stdin=raw))

    take()


def test_bytes_of_any_kind(warm: Warm, home: Path, figures: Figures) -> None:
    @few
    @given(
        st.binary(max_size=200),
        st.sampled_from(["", "manager,note\n", '{"format": "trustlog-export/1", ', "BEGIN:VCALENDAR\r\n"]),
    )
    def take(raw: bytes, begins: str) -> None:
        figures.survived()
        fine(warm(home, "import", "-", "--yes", stdin=begins.encode() + raw))

    take()


def test_json_exports(warm: Warm, lived_in: Path, tmp_path: Path, figures: Figures) -> None:
    document = warm(lived_in, "export", "--include-reflections").out.decode()
    home = fresh(lived_in, tmp_path / "home")

    @settings(few, max_examples=120)
    @given(st.data())
    def take(data: st.DataObject) -> None:
        figures.survived()
        fine(warm(home, "import", "-", "--dry-run", stdin=mangled(document, data).encode("utf-8", "surrogatepass")))

    @settings(few, max_examples=120)
    @given(st.data(), VALUES)
    def put(data: st.DataObject, value: object) -> None:
        """Every field of every record may hold anything."""
        figures.survived()
        made = json.loads(document)
        section = data.draw(
            st.sampled_from([name for name, found in made.items() if isinstance(found, list) and found])
        )
        record = data.draw(st.sampled_from(made[section]))
        if isinstance(record, dict):
            record[data.draw(st.sampled_from(sorted(record)))] = value
        fine(warm(home, "import", "-", "--dry-run", stdin=json.dumps(made).encode()))

    take()
    put()


CALENDAR = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", "UID:1@example.org",
    "DTSTAMP:20261101T100000Z", "DTSTART;TZID=Europe/Berlin:20261102T100000", "DURATION:PT1H",
    "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20261109T100000", "SUMMARY:Sync with Dana",
    "ATTENDEE;CN=Dana Ortiz:mailto:dana@example.org", "ORGANIZER:mailto:me@example.org",
    "END:VEVENT", "END:VCALENDAR", "",
])  # fmt: skip


def test_calendars(warm: Warm, home: Path, figures: Figures) -> None:
    pytest.importorskip("icalendar", reason="icalendar, the extra `calendar`, is not installed")
    fine(warm(home, "import", "-", "--dry-run", "--yes", stdin=CALENDAR.encode()))

    @settings(few, max_examples=120)
    @given(st.data())
    def take(data: st.DataObject) -> None:
        figures.survived()
        raw = mangled(CALENDAR, data).encode("utf-8", "surrogatepass")
        fine(warm(home, "import", "-", "--dry-run", "--yes", stdin=raw))

    take()


CONFIG = 'minutes = 5\ndue_time = "18:00"\nworking_week = true\nhalf_life_days = 90.0\n'
STEPS = '[[step]]\nid = "X1"\nwhen = ["SIT-NOPRAISE"]\nsay = "Say {name}."\n'


def test_settings_and_an_own_playbook(warm: Warm, home: Path, figures: Figures) -> None:
    own = home / "playbook"
    own.mkdir(mode=0o700)

    @few
    @given(st.data())
    def follow(data: st.DataObject) -> None:
        figures.survived()
        (home / "config.toml").write_bytes(mangled(CONFIG, data).encode("utf-8", "surrogatepass"))
        try:
            found = Settings(home / "config.toml", {})
            for name in ("minutes", "due_time", "half_life_days"):
                found[name]
        except UserError as error:
            assert error.message
        fine(warm(home, "report"))
        fine(warm(home, "config", "list"))

    @few
    @given(
        st.data(),
        st.sampled_from(["steps.toml", "praise.toml", "situations.toml", "aliases.toml", "scripts/prep.toml"]),
    )
    def speak(data: st.DataObject, name: str) -> None:
        figures.survived()
        (own / "scripts").mkdir(exist_ok=True)
        (own / name).write_bytes(mangled(STEPS, data).encode("utf-8", "surrogatepass"))
        fine(warm(home, "next", "dana"))
        fine(warm(home, "add", "dana", "x", "-k", "praise"))
        (own / name).unlink()

    follow()
    (home / "config.toml").unlink()
    speak()


FIELDS = [
    "purpose",
    "mood_before",
    "items",
    "grain",
    "gut",
    "level",
    "headline",
    "nonsense",
    "comfort_people",
    "minutes",
]


@pytest.mark.parametrize(
    "command", [["prep-feedback", "dana"], ["debrief", "dana"], ["checkin", "dana"], ["kickoff", "start", "DE-2"]]
)
def test_answers_as_json(warm: Warm, lived_in: Path, tmp_path: Path, figures: Figures, command: list[str]) -> None:
    home = fresh(lived_in, tmp_path / "home")

    @few
    @given(st.one_of(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3), VALUES))
    def answer(value: object) -> None:
        figures.survived()
        fine(warm(home, *command, "--answers", "-", stdin=json.dumps(value).encode()))

    answer()


def test_key_files(warm: Warm, lived_in: Path, tmp_path: Path, figures: Figures) -> None:
    pytest.importorskip("sqlcipher3", reason="sqlcipher3, the extra `encrypt`, is not installed")
    home = fresh(lived_in, tmp_path / "home")
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_bytes(b"9f" * 32)
    assert warm(home, "encrypt", "--key-file", str(key)).code == 0

    @few
    @given(st.one_of(st.binary(max_size=80), st.text(alphabet="0123456789abcdefx'\" \n", max_size=70).map(str.encode)))
    def try_key(raw: bytes) -> None:
        figures.survived()
        key.write_bytes(raw)
        said = warm(home, "log", "--key-file", str(key))
        assert said.code == 1, said
        said.one_line()

    try_key()
