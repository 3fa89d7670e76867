"""`export`: everything as JSON that comes back byte for byte, and entries as CSV."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import say

from trustlog.domain.coaching_history import StepEvent
from trustlog.domain.kickoffs import AgreementEvent
from trustlog.formats import shapes
from trustlog.formats.csv_file import COLUMNS
from trustlog.store import coaching, conversations, kickoffs, people, praise, private, transfer_out
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from tests.conftest import Call, Program, Terminal

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 5, 2, 9, tzinfo=UTC)
HOSTILE = "=1+1, \"quoted\"\n\r\t\x1b[31m\x85\u202e <b>**[x](y)** 'a' 🦊 \u05e9\u05dc\u05d5\u05dd"
PREP: dict[str, Any] = {
    "purpose": "learn", "if_cue": "public cue", "mood_before": -1, "feeling_before": "PRIVATE feeling",
    "facts_ticked": [1], "line": "PRIVATE line",
}  # fmt: skip
DEBRIEF: dict[str, Any] = {
    "mood_after": -2, "free_write": "PRIVATE\nwriting", "headline": "public headline", "checkin_optin": True,
    "items": [{"text": "public point", "kind": "coaching", "decision": "use"}],
}  # fmt: skip
PRIVATE = "--include-reflections"


@pytest.fixture
def full(call: Call, two: Path) -> Path:
    """A home whose journal has a row in every table."""
    for args in (
        ("manager", "edit", "dana", "--likes", "tea", "--public-praise-ok", "yes"),
        ("manager", "add", "José Núñez", "--team", "infra"),
        ("req", "add", "dana", "Analyst", "--code", "D-1", "--tag", "hard"),
        ("add", "dana", HOSTILE, "-k", "harsh", "-w", "2026-05-01 15:00", "-t", "größe", "-t", "b", "-c", "chat"),
        ("add", "dana", "sorry", "-k", "feedback-acted-on", "-w", "2026-05-02 09:00", "--repairs", "1", "--req", "D-1"),
        ("add", "marcus", "-k", "praise-given", "--did", "-", "-w", "2026-05-02", "-s", "l", "--changed", "=it"),
        ("add", "marcus", "gone again", "-w", "2026-05-03"),
        ("delete", "4"),
        ("promise", "dana", "the slate", "--due", "2026-05-06 18:00", "--when", "2026-05-02"),
        ("ask", "dana", "the scorecard", "--for", "scorecard", "--when", "2026-05-02", "--sure", "70"),
        ("settle", "1", "kept", "--when", "2026-05-05"),
        ("manager", "archive", "marcus"),
    ):
        assert call(*args, stdin="four scorecards before lunch").code == 0, args
    for command, when, answers in (
        ("prep-feedback", "2026-05-04", PREP),
        ("debrief", "2026-05-04", DEBRIEF),
        ("boundary", "2026-05-04", {"BA2": True}),
    ):
        assert call(command, "dana", "--when", when, "--answers", "-", stdin=json.dumps(answers)).code == 0
    assert call("me", "--set", "name=PRIVATE name").code == 0
    assert call("prep-feedback", "marcus", "--answers", "-", stdin=json.dumps(PREP | {"facts_ticked": None})).code == 0
    _more(Journal.open(two / "trustlog.db", two / "snapshots"))
    return two


def _more(journal: Journal) -> None:
    """What has no short command line."""
    dana = people.manager(journal, "dana").id
    with journal.change("rows"):
        found = people.req(journal, "D-1")
        assert found is not None
        agreement = kickoffs.add(journal, found.id, date(2026, 5, 2))
        kickoffs.record(journal, agreement, AgreementEvent("written", AT, "discovery", "problem", "grow", None, None))
        kickoffs.record(journal, agreement, AgreementEvent("confirmed", AT, "discovery", None, None, None, "chat"), 2)
        praise.add_noticed(journal, dana, date(2026, 5, 2), "a kind word")
        praise.take_out_noticed(journal, praise.add_noticed(journal, dana, date(2026, 5, 3), "four scorecards"), 2)
        coaching.record_step(journal, dana, StepEvent("ST-1", "snoozed", AT, until=AT), "pull")
        coaching.record_step(journal, dana, StepEvent("ST-2", "done", AT), "self-care", "PRIVATE step")
        coaching.record_step(
            journal, dana, StepEvent("ST-1", "asked", AT, condition="x", answer=True), "pull", None, lambda: 2
        )
    with journal.draft():
        conversations.add_draft(journal, "kickoff", dana, found.title, {"problem": "half"}, found.id)
        conversations.add_draft(journal, "kickoff", dana, "Auditor", {"problem": "new"})
        conversations.add_draft(journal, "other", dana, "dana", {"private": "PRIVATE draft"})
        private.keep_check_draft(journal, dana, date(2026, 5, 5), {"BA1": False})
    journal.close()


def exported(call: Call, *args: str) -> str:
    return call("export", *args).says()


def elsewhere(call: Call, monkeypatch: pytest.MonkeyPatch, home: Path) -> Call:
    """The same program in another, empty home."""
    monkeypatch.setenv("TRUSTLOG_HOME", str(home))
    return call


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("flags", [[], [PRIVATE]], ids=["without reflections", "with reflections"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_export_import_export_gives_the_same_bytes(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str], zone: str
) -> None:
    before = exported(call, *flags)
    monkeypatch.setenv("TZ", zone)
    assert exported(call, *flags) == before
    elsewhere(call, monkeypatch, tmp_path / "second")
    data = call("import", "-", "--json", stdin=before).data
    assert (data["added"], data["refused"]) == (4, [])
    assert exported(call, *flags) == before
    again = call("import", "-", "--json", stdin=before).data
    assert (again["added"], again["updated"], again["refused"]) == (0, 0, [])
    assert [one for one in again["tables"].values() if one["added"] or one["updated"]] == []
    assert [one["command"] for one in call("undo", "--list", "--json").data["changes"]] == ["import"]
    call("undo").says()
    assert json.loads(exported(call))["entries"] == []
    assert json.loads(exported(call))["managers"] == []


@pytest.mark.usefixtures("full")
def test_there_is_a_row_of_every_table_in_the_document(call: Call, two: Path) -> None:
    document = json.loads(exported(call, PRIVATE))
    assert list(document) == ["format", "reflections", *(one.name for one in shapes.SECTIONS)]
    assert [name for name, rows in document.items() if rows in ([], {})] == []
    public = json.loads(exported(call))
    assert list(public) == [name for name in document if name not in ("boundary_checks", "own_steps", "profile")]
    journal = Journal.read(two / "trustlog.db", two / "snapshots")
    for section in (*shapes.SECTIONS, *(part for one in shapes.SECTIONS for part in one.parts)):
        there = journal.rows(f"SELECT count(*) FROM {section.table}")[0][0]
        inside = [part for one in document.values() if isinstance(one, list) for part in one]
        told = document.get(section.name, [row for one in inside for row in one.get(section.name, [])])
        assert there > 0, section.table
        assert section.name == "events" or len(told) == there, section.table
    journal.close()


def types_of(section: shapes.Section) -> list[tuple[str, str]]:
    return [(name, kind.name) for name, kind in section.fields.items()]


def test_every_column_of_every_table_is_exported_or_said_not_to_be(two: Path) -> None:
    journal = Journal.read(two / "trustlog.db", two / "snapshots")
    every = [*shapes.SECTIONS, *(part for one in shapes.SECTIONS for part in one.parts)]
    told = {one.table: {"id", *(transfer_out.column(*field) for field in types_of(one))} for one in every}
    for section in every:
        told[section.table] |= {"utc_offset"} if "local" in dict(types_of(section)).values() else set()
        told[section.table] |= {section.parent} - {""}
        told |= {drawer.name: {"id", "sitting_id", "field", "value"} for drawer in section.answers}
    tables = [
        row[0]
        for row in journal.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'entries_fts%'")
        if not row[0].startswith("sqlite_") and row[0] not in shapes.DERIVED
    ]
    there = {table: {row[1] for row in journal.rows(f"PRAGMA table_info({table})")} for table in tables}
    journal.close()
    assert there == told


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_second_drawer_is_in_it_only_when_asked_for(call: Call, form: str) -> None:
    assert "PRIVATE" not in exported(call, "--format", form)
    assert "BA2" not in exported(call, "--format", form)
    shown = exported(call, "--format", form, PRIVATE)
    assert ("PRIVATE feeling" in shown) == (form != "csv")


@pytest.mark.usefixtures("full")
def test_the_document_holds_no_id_no_path_and_nothing_of_undo(call: Call, tmp_path: Path) -> None:
    text = exported(call, PRIVATE)

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*(names(one) for one in value.values()))
        return set().union(*(names(one) for one in value)) if isinstance(value, list) else set()

    found = names(json.loads(text))
    assert [name for name in found if name == "id" or name.endswith("_id")] == []
    assert not {"changes", "undo_rows"} & found
    assert str(tmp_path) not in text
    entries = json.loads(text)["entries"]
    mended = next(one for one in entries if one["repaired_by"])
    assert [one["note"] for one in entries if one["uid"] == mended["repaired_by"]] == ["sorry"]
    sittings = [sitting for one in json.loads(text)["conversations"] for sitting in one["sittings"]]
    ticked = [one["reflections"].get("facts_ticked") for one in sittings]
    assert [one for one in ticked if one] == [[mended["uid"]]]


@pytest.mark.usefixtures("full")
def test_no_control_character_stands_raw_in_the_document(call: Call) -> None:
    text = exported(call, PRIVATE)
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text) == []
    assert HOSTILE in [one["note"] for one in json.loads(text)["entries"]]
    assert "🦊 \u05e9\u05dc\u05d5\u05dd" in text


def test_one_record_stands_on_one_line(call: Call, full: Path) -> None:
    del full  # it has filled the journal
    lines = [line for line in exported(call).splitlines() if line.startswith('{"uid"')]
    assert all(json.loads(line.rstrip(",")) for line in lines)
    assert len(lines) > 10


def test_the_order_does_not_depend_on_when_things_were_written(
    call: Call, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del full  # it has filled the journal
    before = exported(call)
    document = json.loads(before)
    for rows in document.values():
        if isinstance(rows, list):
            rows.reverse()
    elsewhere(call, monkeypatch, tmp_path / "second")
    # a tool that sorts keys puts agreements first and managers late
    call("import", "-", stdin=json.dumps(dict(sorted(document.items())), indent=2)).says()
    assert exported(call) == before


def test_a_file_is_written_whole_for_its_owner_and_never_over_another(call: Call, full: Path, tmp_path: Path) -> None:
    del full  # it has filled the journal
    file = tmp_path / "journal.json"
    data = call("export", str(file), "--json").data
    assert data == {"file": str(file), "format": "json", "entries": 4}
    assert file.read_text("utf-8") == exported(call)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("mine", "utf-8")
    assert "--yes" in call("export", str(file), "--json").fails(1, "file-exists")
    assert file.read_text("utf-8") == "mine"
    assert call("export", str(file), "--yes").says().startswith(f"Wrote 4 entries to {file}.")
    assert file.read_text("utf-8") == exported(call)
    assert [one.name for one in tmp_path.iterdir() if "journal" in one.name] == ["journal.json"]


@pytest.mark.usefixtures("full")
def test_the_format_is_the_files_or_the_one_that_is_named(call: Call, tmp_path: Path) -> None:
    for name, form in (("a.csv", "csv"), ("a.JSON", "json")):
        assert call("export", str(tmp_path / name), "--json").data["format"] == form
        assert (tmp_path / name).read_bytes().decode() == exported(call, "--format", form)
    for name in ("a.txt", "a.md", "a"):
        assert "Add --format json|csv" in call("export", str(tmp_path / name), "--json").fails(1, "needs-answer")
    assert call("export", str(tmp_path / "a.txt"), "--format", "csv", "--json").data["format"] == "csv"
    assert exported(call, "--json") == exported(call)
    assert "xml" in call("export", "--format", "xml").err


def test_an_empty_journal_is_a_document_too(call: Call, home: Path) -> None:
    document = json.loads(exported(call))
    assert (document["format"], document["entries"]) == ("trustlog-export/1", [])
    assert exported(call, "--format", "csv") == ",".join(COLUMNS) + "\n"
    assert not home.exists()
    assert call("import", "-", stdin=json.dumps(document)).code == 0


@pytest.mark.usefixtures("full")
def test_csv_keeps_a_spreadsheet_from_running_a_cell_and_comes_back_exactly(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = exported(call, "--format", "csv")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert header == list(COLUMNS)
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell] == []
    assert "'" + HOSTILE in [row[12] for row in rows]
    told = ("uid", "manager", "kind", "size", "happened_at", "happened_on", "note", "did", "changed", "channel", "req",
            "approach", "tags", "evidence")  # fmt: skip
    before = [{name: one[name] for name in told} for one in json.loads(exported(call))["entries"]]
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    elsewhere(call, monkeypatch, tmp_path / "second")
    assert call("import", "-", "--json", stdin=text).data["added"] == 4
    assert sorted(
        ({name: one[name] for name in told} for one in json.loads(exported(call))["entries"]),
        key=lambda one: one["uid"],
    ) == sorted(before, key=lambda one: one["uid"])
    assert sorted(exported(call, "--format", "csv").splitlines()) == sorted(text.splitlines())


@pytest.mark.usefixtures("full")
def test_csv_can_be_narrowed_and_json_cannot(call: Call) -> None:
    rows = list(
        csv.DictReader(io.StringIO(exported(call, "--format", "csv", "--manager", "dana", "--since", "2026-05-02")))
    )
    assert {row["manager"] for row in rows} == {"dana"}
    assert [row["when"][:10] for row in rows] == ["2026-05-02", "2026-05-05"]
    assert len(exported(call, "--format", "csv", "--until", "2026-05-01").splitlines()) < 6
    for args in (("--manager", "dana"), ("--since", "2026-05-01"), ("--until", "2026-05-01")):
        assert "csv" in call("export", *args, "--json").fails(1, "bad-field")
    call("export", "--format", "csv", "--manager", "nobody", "--json").fails(1, "unknown-manager")


def test_a_terminal_never_meets_a_raw_escape(tty: Terminal, full: Path) -> None:
    del full  # it has filled the journal
    for form in ("csv", "json"):
        code, said = tty.ends(tty("export", "--format", form))
        assert (code, "\x1b" in said, "dana" in said) == (0, False, True), form


def test_standard_output_gets_utf_8_in_any_locale(run: Program, full: Path) -> None:
    del full  # it has filled the journal
    plain = run("export")
    assert run("export", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}).out == plain.out


def test_a_full_disk_leaves_no_half_file(run: Program, full: Path, tmp_path: Path) -> None:
    del full  # it has filled the journal
    assert run("export", str(tmp_path / "nowhere" / "a.json")).code == 1
    assert not (tmp_path / "nowhere").exists()
    with Path("/dev/full").open("wb") as disk:
        done = subprocess.run(
            [sys.executable, "-m", "trustlog", "export"], check=False, stdout=disk, stderr=subprocess.PIPE,
            env={**os.environ, "TRUSTLOG_HOME": str(tmp_path / "home")}, timeout=60,
        )  # fmt: skip
    assert (done.returncode, b"disk is full" in done.stderr) == (1, True)


def test_the_schema_is_current_and_the_document_is_of_it(call: Call, full: Path) -> None:
    del full  # it has filled the journal
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "schema.py"), "--check"], check=False, timeout=60)
    assert done.returncode == 0
    schema = json.loads((ROOT / "docs" / "export.schema.json").read_text("utf-8"))
    for flags in ([], [PRIVATE]):
        assert list(problems(schema, json.loads(exported(call, *flags)), "")) == []
    broken = json.loads(exported(call))
    broken["entries"][0]["kind"] = "nonsense"
    del broken["managers"][0]["name"]
    assert sorted(problems(schema, broken, "")) == ["/entries/0/kind: enum", "/managers/0: misses name"]


TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None),
}  # fmt: skip


def problems(schema: dict[str, Any], value: Any, at: str) -> list[str]:
    """Where a value is not of a JSON Schema, as far as ours uses the language."""
    kinds = schema.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return [f"{at}: is no {kinds}"]
    found = [f"{at}: enum"] if value not in schema.get("enum", [value]) else []
    found += [f"{at}: const"] if value != schema.get("const", value) else []
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}: misses {name}" for name in schema["required"] if name not in value]
        found += [f"{at}: has {name}" for name in value if name not in schema["properties"]]
        for name in set(value) & set(schema["properties"]):
            found += problems(schema["properties"][name], value[name], f"{at}/{name}")
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += problems(schema.get("items", {}), one, f"{at}/{number}")
    return found


@pytest.mark.usefixtures("two")
def test_what_add_takes_its_own_csv_takes_too(call: Call, tmp_path: Path) -> None:
    call("add", "dana", "-k", "praise", "--changed", "it went faster").says()
    file = tmp_path / "entries.csv"
    call("export", str(file)).says()
    call("undo").says()

    call("import", str(file)).says()

    (back,) = [one for one in call("log", "--json").data["entries"] if one["changed"]]
    assert (back["kind"], back["changed"]) == ("praise-given", "it went faster")


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_a_bare_export_at_a_terminal_asks_into_which_file_and_shows_it_if_that_is_wanted(
    tty: Terminal, call: Call, tmp_path: Path
) -> None:
    whole, file = call("export").out, tmp_path / "journal.json"
    child = tty("export")
    say(child, ("Into which file", f"{file}{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert file.read_text() == whole
    for typed in ("-", str(file)):
        child = tty("export")
        say(child, ("Into which file", f"{typed}{tty.ENTER}"), *([(r"\(y/N\)", tty.ENTER)] if typed != "-" else []))
        code, said = tty.ends(child)
        assert (code, "Marcus Hughes" in said) == ((0, True) if typed == "-" else (1, False)), said
    code, said = tty.ends(tty("export", "--json"))
    assert (code, "Into which file" in said, "Marcus Hughes" in said) == (0, False, True)
