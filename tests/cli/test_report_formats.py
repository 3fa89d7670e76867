"""`report --format`: the same figures in every format, files for their owner alone, and nothing that a program runs."""

from __future__ import annotations

import json
import re
import stat
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from trustlog.domain.days import echo_day

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

AS_OF = ("--as-of", "2024-04-01")
EVERYBODY = ("zoe", "li", "robin", "dana", "emil", "archie")


class Tables(HTMLParser):
    """The tables of a page by their captions, and everything else it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._within: list[str] = []
        self._caption = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within.append(tag)
        if tag == "caption":
            self._caption = ""
        elif tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        elif tag in ("th", "td"):
            self.tables[self._caption][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        data = data.replace("\xa0", " ")
        if "style" in self._within:
            return
        self.text += data
        if "caption" in self._within:
            self._caption += data
        elif {"th", "td"} & set(self._within):
            self.tables[self._caption][-1][-1] += data


def markdown(text: str) -> dict[str, list[list[str]]]:
    """The tables of a Markdown page by their headings, unescaped."""
    tables: dict[str, list[list[str]]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = plain(line.lstrip("# "))
        elif line.startswith("| ") and not line.startswith(("| ---", "| ---:")):
            cells = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
            tables.setdefault(heading, []).append([plain(cell) for cell in cells])
    return tables


def plain(text: str) -> str:
    text = re.sub(r"\\(.)", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#119;", "w").replace("&amp;", "&")


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("who", EVERYBODY)
def test_one_page_says_the_same_in_every_format_cell_for_cell(call: Call, who: str) -> None:
    args = ("report", who, *AS_OF)
    (one,) = call(*args, "--json").data["managers"]
    on_paper = markdown(call(*args, "--format", "markdown").says())
    html = Tables(call(*args, "--format", "html").says())
    screen = call(*args).says()

    shares = [one["facets"][facet] for facet in ("ability", "benevolence", "integrity")] + [one["overall"]]
    in_json = [[share[key] for key in ("b", "d", "u")] for share in shares]
    assert [row[1:] for row in on_paper["The three questions"][1:]] == [[percent(x) for x in row] for row in in_json]
    for row in in_json:
        assert f"seen {percent(row[0])}" in html.text or row == in_json[-1]
        assert f"unknown {percent(row[2])}" in screen
    heading = {"label": one["label"], "own-steps": "Your own steps so far", "quiet": "Quiet for now"}[one["lead"]]
    for text in (html.text, screen, call(*args, "--format", "markdown").says()):
        flat = plain(" ".join(text.replace("\xa0", " ").split()))
        assert heading in flat
        assert one["contact"].casefold() in flat.casefold()
        assert (one["month"] or {"sentence": ""})["sentence"] in flat

    assert len(on_paper.get("Open between you", [["loop"]])[1:]) == len(one["open_loops"])
    assert [row[0] for row in on_paper.get("Agreements", [["role"]])[1:]] == [role["title"] for role in one["roles"]]
    for heading in ("Agreements", "How answers come", "Who began", "What you did", "Praise you gave", "Over time"):
        assert html.tables.get(heading) == on_paper.get(heading), heading
    loops = [[row[1], row[2], row[4]] for row in on_paper.get("Open between you", [])]
    assert html.tables.get("Open between you", []) == loops
    assert on_paper.get("Praise you gave", [["channel"]])[1:] == [
        [each["channel"] or "no channel named", str(each["count"])] for each in one["praise"]
    ]


@pytest.mark.usefixtures("awkward")
def test_what_moved_it_is_the_evidence_of_why(call: Call) -> None:
    (one,) = call("report", "zoe", *AS_OF, "--why", "--json").data["managers"]
    on_paper = markdown(call("report", "zoe", *AS_OF, "--why", "--format", "markdown").says())

    counts = {(f"#{atom['entry']}", atom["facet"]): f"{atom['counts']:.2f}" for atom in one["evidence"]}
    moved = on_paper["What moved it since Mon 4 Mar 2024"][1:]
    assert len(moved) > 1
    for entry, _, _, facet, counted, _ in moved:
        assert counted.lstrip("+−") == counts[entry, facet]
    evidence = on_paper["Why these figures"][1:]
    assert {(row[0], row[3]): row[6].lstrip("+−") for row in evidence} == counts


@pytest.mark.usefixtures("awkward")
def test_the_overview_is_the_same_in_every_format_and_no_ranking(call: Call) -> None:
    listed = call("report", *AS_OF, "--json").data["managers"]
    names = [one["name"] for one in listed]
    on_paper = markdown(call("report", *AS_OF, "--format", "md").says())["Where things stand"]
    html = Tables(call("report", *AS_OF, "--format", "html").says())
    (table,) = html.tables.values()

    assert names == sorted(names, key=str.casefold)
    assert [row[0] for row in on_paper[1:]] == [row[0] for row in table[1:]] == names
    shares = [[percent(one["overall"][key]) for key in ("b", "d", "u")] for one in listed]
    assert [row[1:4] for row in on_paper[1:]] == shares
    for row, one in zip(on_paper[1:], listed, strict=True):
        assert (
            row[4].startswith((", ".join(one["trend"]["words"]), "your own steps so far", "quiet"))
            or not one["first_entry"]
        )
    days = [date.fromisoformat(one["last_contact"]) if one["last_contact"] else None for one in listed]
    assert [row[5] for row in on_paper[1:]] == [echo_day(day) if day else "" for day in days]
    for row, one in zip(table[1:], listed, strict=True):
        assert f"seen {percent(one['overall']['b'])}" in row[1]
        assert f"unknown {percent(one['overall']['u'])}" in row[1]
    for text in (" ".join(on_paper[0]), html.text):
        for word in ("estimate", "label", "Getting known", "could be anywhere", "trust score"):
            assert word not in text


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_home_with_nothing_in_it_has_a_report_too(call: Call, form: str) -> None:
    assert call("report", "dana", "--format", form).says()
    assert "Dana Ortiz" in call("report", "--format", form).says()


def test_no_managers_at_all_is_an_empty_report(call: Call) -> None:
    assert "No managers yet" in call("report", "--format", "html").out


@pytest.mark.usefixtures("two")
def test_markdown_is_made_of_our_marks_only(call: Call) -> None:
    call("add", "dana", "# [x](http://a.example) **b** `c` |d| <img src=x> :smile: @me\n- 1. list", "-k", "reply")
    call("manager", "edit", "dana", "--name", "1. *Dana* <b>")
    text = call("report", "dana", "--format", "markdown").says()

    assert "# 1\\. \\*Dana\\* &lt;b&gt;" in text
    row = next(line for line in text.splitlines() if "reply received" in line)
    note = row.split(" | ")[-1]
    assert note.startswith("\\# \\[x\\](http\\://a.example) \\*\\*b\\*\\* \\`c\\` \\|d\\| &lt;img src=x&gt; \\:smile")
    assert "<" not in text
    assert row.count(" | ") == 5


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("args", [(), ("zoe", "--why"), ("dana",), ("emil",), ("zoe", "--share")])
def test_html_is_one_quiet_file(call: Call, args: tuple[str, ...]) -> None:
    text = call("report", *args, *AS_OF, "--format", "html").says()
    found = Tables(text)
    names = [tag for tag, _ in found.tags]

    assert text.startswith('<!doctype html>\n<html lang="en">\n')
    assert names.count("h1") == names.count("main") == names.count("header") == names.count("footer") == 1
    assert not {"script", "link", "img", "iframe", "form", "object", "embed", "a", "b", "i"} & set(names)
    assert re.findall(r"https?:|url\((?!#)|@import|javascript:|\bon\w+=", re.sub(r"<note>.*?</note>", "", text)) == []
    policy = next(attrs["content"] for tag, attrs in found.tags if attrs.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert ("meta", {"name": "robots", "content": "noindex"}) in found.tags
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in found.tags if tag == "th")


@pytest.mark.usefixtures("two")
def test_html_shows_what_was_written_and_runs_none_of_it(call: Call) -> None:
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} & \u202etxt \x1b[31m'
    call("add", "dana", hostile, "-k", "reply")
    call("manager", "edit", "dana", "--name", "</title><svg/onload=alert(1)>", "--team", "<b>&amp;</b>")
    text = call("report", "dana", "--format", "html").says()

    assert "<script" not in text
    assert "onerror=" in text
    assert "&lt;img src=x onerror=alert(1)&gt; {{ 7*7 }} {% raw %} &amp; \\u202etxt \\x1b[31m" in text
    assert "<title>&lt;/title&gt;&lt;svg/onload=alert(1)&gt; · trustlog</title>" in text
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in text


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("name", ["r.html", "r.md", "r.json", "r.HTM"])
def test_a_file_is_named_written_for_its_owner_and_never_overwritten_unasked(
    call: Call, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert call("report", "zoe", *AS_OF, "--output", str(file)).says() == f"Written to {file}\n"
    first = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    form = {"html": "html", "htm": "html", "md": "markdown"}.get(name.lower().rpartition(".")[2])
    if form:
        assert first.decode() == call("report", "zoe", *AS_OF, "--format", form).says()
    else:
        assert json.loads(first) == json.loads(call("report", "zoe", *AS_OF, "--json").out)

    refused = call("report", "dana", *AS_OF, "--output", str(file), "--json")
    assert "--yes" in refused.fails(1, "file-exists")
    assert file.read_bytes() == first
    assert call("report", "dana", *AS_OF, "--output", str(file), "--yes", "--json").data["file"] == str(file)
    assert file.read_bytes() != first
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".r")] == []


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "args",
    [
        ("--output", "report.txt"),
        ("--output", "report.csv"),
        ("--format", "terminal", "--output", "report.md"),
        ("--open", "--format", "markdown"),
        ("--json", "--format", "html"),
        ("--share", "--why"),
        ("--share", "--me"),
        ("--me", "--format", "html"),
        ("--me", "--open"),
    ],
)
def test_words_that_contradict_each_other_are_wrong_usage(call: Call, args: tuple[str, ...]) -> None:
    call("report", *args).fails(2, "usage" if "--json" in args else None)


@pytest.mark.parametrize(
    "words", ["report --format html --output", "year --output", "remind -o", "handover dana --output"]
)
@pytest.mark.usefixtures("two")
def test_a_dash_names_no_file(call: Call, words: str) -> None:
    assert "standard output" in call(*words.split(), "-", "--json").fails(1, "bad-file")


@pytest.mark.usefixtures("two")
def test_a_folder_that_is_not_there_is_told(call: Call, tmp_path: Path) -> None:
    call("report", "--output", str(tmp_path / "none" / "r.md"), "--json").fails(1, "bad-file")


@pytest.mark.usefixtures("two")
def test_open_shows_a_file_of_the_home_in_the_browser(call: Call, home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}\n')
    browser.chmod(0o755)
    file = home / "reports" / "report.html"

    said = call("report", "dana", "--open", env={"BROWSER": f"{browser} %s"}).says()
    assert said == f"Written to {file}\n"
    assert seen.read_text() == file.as_uri()
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert "Dana Ortiz" in file.read_text("utf-8")

    call("report", "--open", env={"BROWSER": f"{browser} %s"}).says()
    assert [one.name for one in file.parent.iterdir()] == ["report.html"]


@pytest.mark.usefixtures("two")
def test_without_a_browser_it_says_where_the_file_is(call: Call, home: Path) -> None:
    for where in ({}, {"BROWSER": "/bin/false", "PATH": "/nonexistent"}):
        done = call("report", "--open", env=where)

        file = home / "reports" / "report.html"
        assert (done.code, done.out) == (0, f"Written to {file}\n")
        assert done.err == f"No browser was found. Open it yourself: {file}\n"


@pytest.mark.usefixtures("awkward")
def test_since_says_how_long_the_line_of_time_is(call: Call) -> None:
    long, short = (
        markdown(call("report", "zoe", *AS_OF, "--since", since, "--format", "markdown").says())["Over time"][1:]
        for since in ("2022-01-01", "2024-03-25")
    )

    assert (len(long), len(short)) == (24, 2)
    assert long[-1] == short[-1]
    assert long[0][0].endswith(("Jan 2022", "Feb 2022"))
