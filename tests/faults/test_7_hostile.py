"""Hostile text through every way out: exact where it is data, harmless where it is shown."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
import sys
import urllib.parse
import warnings
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pexpect
import pytest
from tests.faults.conftest import DAY
from tests.faults.hostile import LONG, MEBIBYTE, TEXTS, raw_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 7
TERMINAL = 8
ONE_LINE = {name: text for name, text in TEXTS.items() if not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", text)}
"""What may stand in a field of one line."""


@pytest.fixture(scope="module")
def hostile(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every text stands in every place that takes it."""
    home = tmp_path_factory.mktemp("hostile") / "home"

    def do(*args: str, stdin: str = "") -> None:
        told = warm(home, *args, stdin=stdin.encode())
        assert told.code == 0, (args, told)

    do("manager", "add", "Dana Ortiz", "--email", "dana@example.org")
    do("req", "add", "dana", "Payments <analyst>", "--code", "PA-1", "--opened", DAY)
    do("kickoff", "start", "PA-1", "--answers", "-", "--agreed", "all", "--when", DAY,
       stdin=json.dumps({"level": "\n".join(ONE_LINE.values())}))  # fmt: skip

    def offer(*args: str) -> None:
        """A field of one line takes a text, or says in one line that it does not."""
        told = warm(home, *args)
        if told.code:
            told.one_line()

    for number, (name, text) in enumerate(TEXTS.items()):
        do("add", "dana", "-k", "reply", "-w", DAY, "-t", f"t{number}", "--", text)
        put = do if name in ONE_LINE else offer
        put("promise", "dana", f"--due=2030-01-{number + 1:02}", f"--when={DAY}", "--", text)
        put("notice", "dana", "--when", DAY, "--", text)
        put("praise", "dana", f"--did={text}", f"--changed={text}", "--when", DAY)
        put("manager", "add", f"--handle=m{number}", f"--likes={text}", "--", text)
        put("req", "add", "--opened", DAY, f"--code=R-{number}", "--", f"m{number}", text)
    return home


def notes(warm: Warm, home: Path) -> set[str]:
    return {one["note"] for one in warm(home, "log", "--json").data["entries"]}


def test_every_text_comes_back_exactly(warm: Warm, hostile: Path, tmp_path: Path, figures: Figures) -> None:
    there = notes(warm, hostile)
    for text in TEXTS.values():
        assert text in there
        figures.survived()
    first = warm(hostile, "export", "--include-reflections").out
    other = tmp_path / "other"
    assert warm(other, "import", "-", stdin=first).code == 0
    assert warm(other, "export", "--include-reflections").out == first
    table = warm(hostile, "export", "--format", "csv").out
    third = tmp_path / "third"
    assert warm(third, "import", "-", stdin=table).code == 0
    assert notes(warm, third) == there


@pytest.mark.parametrize("size", ["one argument", "standard input"])
def test_the_longest_texts_come_back_exactly(warm: Warm, tmp_path: Path, figures: Figures, size: str) -> None:
    home, again = tmp_path / "home", tmp_path / "again"
    text = LONG.strip() if size == "one argument" else MEBIBYTE
    given = (text, b"") if size == "one argument" else ("-", text.encode())
    assert warm(home, "add", "dana", given[0], "--create", stdin=given[1]).code == 0
    assert notes(warm, home) == {text}
    for form in ("json", "csv"):
        target = again / form
        out = warm(home, "export", "--format", form).out
        assert warm(target, "import", "-", stdin=out).code == 0
        assert notes(warm, target) == {text}
    figures.survived()
    refused = warm(home, "add", "dana", "-", stdin=text.encode() + MEBIBYTE.encode())
    refused.one_line()


def test_a_spreadsheet_runs_nothing(warm: Warm, hostile: Path, figures: Figures) -> None:
    table = warm(hostile, "export", "--format", "csv").out.decode()
    for row in csv.reader(io.StringIO(table, newline="")):
        assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    figures.survived()


class Tags(HTMLParser):
    """The elements of a page, and what they would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.dangers += [
            f"{tag} {name}={value}" for name, value in attrs
            if name.startswith("on") or (name in ("src", "href", "data") and not (value or "").startswith("#"))
        ]  # fmt: skip


@pytest.mark.parametrize("words", [("report",), ("report", "dana"), ("report", "dana", "--why"), ("report", "--share")])
def test_a_page_runs_and_fetches_nothing(warm: Warm, hostile: Path, figures: Figures, words: tuple[str, ...]) -> None:
    page = warm(hostile, *words, "--format", "html").out.decode()
    tags = Tags()
    tags.feed(page)
    assert not tags.names & {"script", "img", "iframe", "object", "embed", "link", "base"}
    assert tags.dangers == []
    assert "49" not in re.findall(r"\b49\b", page) or "{{ 7*7 }}" in page
    assert raw_in(page) == []
    figures.survived()


def test_markdown_obeys_nothing(warm: Warm, hostile: Path, figures: Figures) -> None:
    told = warm(hostile, "report", "dana", "--format", "markdown")
    assert told.code == 0, told
    page = told.out.decode()
    assert re.search(r"(?<!\\)<(script|img)", page) is None
    assert "\x1b" not in page
    figures.survived()


def test_a_calendar_keeps_every_text_and_breaks_none(warm: Warm, hostile: Path, figures: Figures) -> None:
    icalendar = pytest.importorskip("icalendar", reason="icalendar, the extra `calendar`, is not installed")
    told = warm(hostile, "remind", "--include-notes")
    assert told.code == 0, told
    assert max(len(line) for line in told.out.split(b"\r\n")) <= 75
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", told.out) is None
    found = icalendar.Calendar.from_ical(told.out)
    events = [one for one in found.walk() if one.name in ("VEVENT", "VTODO")]
    assert len(events) >= len(ONE_LINE)
    words = "\n".join(f"{one.get('summary')} {one.get('description')}" for one in events)
    for text in ONE_LINE.values():
        assert re.sub("[\u202a-\u202e\u2066-\u2069]", lambda hit: f"\\u{ord(hit[0]):04x}", text) in words
        figures.survived()
    assert {one.name for one in found.walk()} <= {
        "VCALENDAR",
        "VEVENT",
        "VTODO",
        "VALARM",
        "VTIMEZONE",
        "STANDARD",
        "DAYLIGHT",
    }


def test_a_mail_has_only_our_own_headers(warm: Warm, hostile: Path, figures: Figures) -> None:
    for words in (("kickoff", "email", "PA-1", "--format", "eml"),):
        told = warm(hostile, *words)
        assert told.code == 0, told
        mail = email.message_from_bytes(told.out, policy=email.policy.default)
        assert mail.defects == []
        assert set(mail.keys()) <= {
            "Subject",
            "To",
            "X-Unsent",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
            "Date",
        }
        body = mail.get_body()
        assert body is not None
        for text in ONE_LINE.values():
            assert text in body.get_content()
            figures.survived()
    told = warm(hostile, "kickoff", "email", "PA-1", "--format", "mailto")
    assert told.code == 0, told
    link = told.out.decode().strip()
    assert re.fullmatch(r"mailto:[A-Za-z0-9@.%?&=_~+/:;,'()*!$-]+", link)
    assert set(urllib.parse.parse_qs(link.partition("?")[2])) <= {"subject", "body"}
    figures.survived()


def test_json_holds_nothing_that_a_terminal_obeys(warm: Warm, hostile: Path, figures: Figures) -> None:
    for words in (("log",), ("open",), ("report", "dana", "--why"), ("search", "cmd"), ("manager", "list"), ("week",),
                  ("year",),
                  ("kickoff", "show", "PA-1"), ("brief", "dana"), ("next", "dana"), ("praise", "--list"),
                  ("req", "list"), ("update", "dana"), ("today",), ("undo", "--list")):  # fmt: skip
        told = warm(hostile, *words, "--json")
        assert told.code == 0, (words, told)
        assert raw_in(told.out.decode()) == [], words
        json.loads(told.out)
        figures.survived()


SHOWN = [
    ("log", "--limit", "200"), *(("log", str(number)) for number in range(1, 37, 5)), ("search", "cmd"), ("open",),
    ("report",), ("report", "dana"), ("report", "dana", "--why"), ("manager", "list"), ("manager", "show", "m11"),
    ("req", "list"), ("kickoff", "show", "PA-1"), ("kickoff", "email", "PA-1"), ("brief", "dana"), ("next", "dana"),
    ("praise", "--list"), ("week", "--no-input"), ("year",), ("update", "dana"), ("remind", "--include-notes"),
    ("export", "--format", "json"), ("export", "--format", "csv"), ("report", "dana", "--format", "markdown"),
    ("today",), ("undo", "--list"), ("log", "\x1b[31mnobody"), ("add", "dana", "x", "--kind", "\x1b]0;x\x07"),
    ("import", "\x1b[2Jno.csv"),
]  # fmt: skip


@pytest.mark.parametrize("words", SHOWN, ids=lambda words: " ".join(words).encode("unicode_escape").decode())
def test_a_terminal_meets_no_escape_but_our_colours(
    hostile: Path, env: Mapping[str, str], figures: Figures, words: tuple[str, ...]
) -> None:
    figures.number = TERMINAL
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forkpty() beside the threads of xdist
        child = pexpect.spawn(
            sys.executable, ["-m", "trustlog", *words], env={**env, "TRUSTLOG_HOME": str(hostile)}, timeout=30,
            dimensions=(24, 80), encoding="utf-8",
        )  # fmt: skip
    said = str(child.read())
    child.close()
    assert child.exitstatus in (0, 1)
    assert len(said) > 20
    assert raw_in(said) == []
    figures.survived()
