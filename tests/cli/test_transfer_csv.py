"""`import`: entries from CSV, all or nothing, and never twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import notes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program

HEADER = "uid,manager,name,team,kind,size,when,channel,req,approach,evidence,tags,note"
FULL = f"""{HEADER}
u-1,dana,Dana Ortiz,payments,help,l,2024-03-01 09:00,chat,D-1,pull,yes,"a,b","She said ""yes"", twice"
,dana,,,note,,2024-03-02,,,,no,,"two
lines"
,marcus,Marcus Hughes,,promise_kept,s,2024-03-03T15:00:00-05:00,,,,,,
"""
COUNTS = ["added", "unchanged", "refused"]

# the rows of a file `manager,when,note` -> what is said of which line
ROWS = [
    ("dana,nonsense,x", 2, "nonsense"),
    ("dana,05/06/2024,x", 2, "05/06/2024"),
    ("dana,tomorrow,x", 2, "tomorrow"),
    ("dana,2024-03-01,", 2, "text"),
    (",2024-03-01,x", 2, "manager"),
    ("dana,2024-03-01,x,y", 2, "cells"),
    ("dana,2024-03-01", 2, "text"),
    ("dana,2024-03-01,ok\ndana,nonsense,x", 3, "nonsense"),
    ('dana,2024-03-01,"two\nlines"\ndana,nonsense,x', 4, "nonsense"),
    ("dana,2024-03-01,ok\n\n\ndana,nonsense,x", 5, "nonsense"),
    ("李小龙,2024-03-01,x", 2, "李小龙"),
    ("dana,2024-03-01,NUL \0 inside", 2, "NUL"),
]

BAD_COLUMNS = [
    ("kind", "nonsense"),
    ("kind", "promise"),
    ("size", "xl"),
    ("approach", "shove"),
    ("evidence", "maybe"),
]

BAD_FILES = [
    (b"", "line 1"),
    (b"manager\ndana\n", "line 1"),
    (b"when,note\n2024-03-01,x\n", "line 1"),
    (b"manager,note,mood\ndana,x,y\n", "mood"),
    (b"manager,note,note\ndana,x,y\n", "line 1"),
    (b"manager;note\ndana;x;y\n", "line 2"),
    ("manager,note\ndana,x\n".encode("utf-16")[:-1], "UTF-16"),
    (b'manager,note\ndana,"never closed\n', "line"),
    (b"manager,note\ndana,caf\xe9\n", "UTF-8"),
]

# what a spreadsheet was kept from running by a leading apostrophe -> what it was
CELLS = [
    ("'=1+1", "=1+1"),
    ("'+1", "+1"),
    ("'-1", "-1"),
    ("'@cmd", "@cmd"),
    ("'\tx", "\tx"),
    ("''=1", "'=1"),
    ("'quoted'", "'quoted'"),
    ("'", "'"),
    ("=1+1", "=1+1"),
]


def csv(*rows: str, header: str = "manager,when,note") -> str:
    return "\n".join([header, *rows, ""])


def test_a_whole_file_comes_in_field_by_field(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "interactions.csv"
    file.write_text(FULL, "utf-8")
    data = call("import", str(file), "--json").data
    assert [key for key in data if key in COUNTS] == COUNTS
    assert (data["added"], data["unchanged"], data["refused"]) == (3, 0, [])
    assert (data["managers"], data["reqs"]) == (["dana", "marcus"], ["D-1"])
    first, second, third = sorted(call("log", "--json").data["entries"], key=lambda one: one["id"])
    told = {
        "uid": "u-1", "manager": "dana", "kind": "help-received", "size": "l",
        "happened_at": "2024-03-01T09:00:00+00:00", "note": 'She said "yes", twice', "channel": "chat", "req": "D-1",
        "approach": "pull", "tags": ["a", "b"], "evidence": True,
    }  # fmt: skip
    assert {key: first[key] for key in told} == told
    assert (second["note"], second["evidence"], second["kind"]) == ("two\nlines", False, "note")
    assert second["happened_at"] == "2024-03-02T12:00:00+00:00"
    assert (third["manager"], third["kind"], third["size"], third["note"]) == ("marcus", "promise-kept", "s", "")
    assert third["happened_at"] == "2024-03-03T15:00:00-05:00", "a time with the offset of its place keeps both"
    people = call("manager", "list", "--json").data["managers"]
    assert [(one["handle"], one["name"], one["team"]) for one in people] == [
        ("dana", "Dana Ortiz", "payments"), ("marcus", "Marcus Hughes", None),
    ]  # fmt: skip


def test_what_was_made_is_listed_on_screen(run: Program) -> None:
    text = run("import", "-", stdin=FULL).says()
    for said in ("3 entries", "dana", "marcus", "D-1"):
        assert said in text


def test_importing_twice_adds_nothing(call: Call) -> None:
    call("import", "-", stdin=FULL).says()
    history = call("undo", "--list", "--json").data
    again = call("import", "-", "--json", stdin=FULL).data
    assert (again["added"], again["unchanged"], again["refused"]) == (0, 3, [])
    assert len(call("log", "--json").data["entries"]) == 3
    assert call("undo", "--list", "--json").data == history, "nothing changed, so there is nothing to take back"


@pytest.mark.usefixtures("two")
def test_the_nth_equal_row_is_the_nth_equal_entry(call: Call) -> None:
    row = "dana,2024-03-01,the same"
    counts = [call("import", "-", "--json", stdin=csv(*[row] * rows)).data for rows in (2, 2, 3, 1)]
    assert [(one["added"], one["unchanged"]) for one in counts] == [(2, 0), (0, 2), (1, 2), (0, 1)]


@pytest.mark.usefixtures("two")
def test_rows_without_when_are_matched_without_it(call: Call) -> None:
    call("import", "-", stdin=csv("dana,2024-03-01,hello"))
    undated = call("import", "-", "--json", stdin=csv("dana,hello", "dana,new", header="manager,note")).data
    assert (undated["added"], undated["unchanged"]) == (1, 1)
    again = call("import", "-", "--json", stdin=csv("dana,hello", "dana,new", header="manager,note")).data
    assert (again["added"], again["unchanged"]) == (0, 2)


@pytest.mark.parametrize(("rows", "line", "word"), ROWS)
@pytest.mark.usefixtures("two")
def test_a_refused_row_is_named_by_its_line_and_stops_the_import(call: Call, rows: str, line: int, word: str) -> None:
    said = call("import", "-", stdin=csv(rows)).fails(1)
    assert f"line {line}:" in said
    assert word in said
    call("import", "-", "--json", stdin=csv(rows)).fails(1, "bad-file")
    assert notes(call) == []
    assert len(call("undo", "--list", "--json").data["changes"]) == 2


@pytest.mark.parametrize(("column", "value"), BAD_COLUMNS)
@pytest.mark.usefixtures("two")
def test_a_value_that_is_not_allowed_is_refused_by_name(call: Call, column: str, value: str) -> None:
    said = call("import", "-", stdin=csv(f"dana,x,{value}", header=f"manager,note,{column}")).fails(1)
    assert "line 2" in said
    assert value in said
    assert notes(call) == []


@pytest.mark.usefixtures("two")
def test_skip_refused_takes_the_rest_and_names_what_it_left_out(call: Call) -> None:
    file = csv("dana,2024-03-01,first", "dana,nonsense,x", "marcus,2024-03-02,second", "new,tomorrow,x")
    data = call("import", "-", "--skip-refused", "--json", stdin=file).data
    assert data["added"] == 2
    assert [set(one) for one in data["refused"]] == [{"row", "why"}] * 2
    assert [one["row"] for one in data["refused"]] == [3, 5]
    assert notes(call) == ["first", "second"]
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["dana", "marcus"]


@pytest.mark.parametrize(("content", "said"), BAD_FILES)
@pytest.mark.usefixtures("two")
def test_a_file_that_is_no_such_csv_is_refused(call: Call, content: bytes, said: str) -> None:
    assert said in call("import", "-", stdin=content).fails(1)
    call("import", "-", "--json", stdin=content).fails(1, "bad-file")
    assert notes(call) == []


@pytest.mark.parametrize("name", ["nope.csv", "", ".", "two\nlines.csv"])
@pytest.mark.usefixtures("two")
def test_a_file_that_is_not_there_is_refused(call: Call, tmp_path: Path, name: str) -> None:
    call("import", str(tmp_path / name), "--json").fails(1, "bad-file")
    call("import", str(tmp_path / name)).fails(1)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(call: Call) -> None:
    data = call("import", "-", "--dry-run", "--json", stdin=FULL).data
    assert (data["added"], data["managers"], data["reqs"]) == (3, ["dana", "marcus"], ["D-1"])
    assert call("import", "-", "--dry-run", stdin=FULL).says().startswith("Would add 3 entries")
    assert notes(call) == []
    assert call("manager", "list", "--json").data == {"managers": []}
    assert call("req", "list", "--all", "--json").data == {"reqs": []}
    assert call("undo", "--list", "--json").data == {"changes": [], "undone": []}
    call("import", "-", "--dry-run", stdin=csv("dana,nonsense,x")).fails(1)


def test_a_dry_run_in_an_empty_home_makes_no_journal(call: Call, home: Path) -> None:
    call("import", "-", "--dry-run", stdin=FULL).says()
    assert not home.exists()


@pytest.mark.usefixtures("two")
def test_an_import_is_one_change(call: Call) -> None:
    rows = [f"new-{number % 3},2024-03-01,note {number},R-{number % 3}" for number in range(50)]
    assert call("import", "-", stdin=csv(*rows, header="manager,when,note,req")).code == 0
    assert len(call("manager", "list", "--json").data["managers"]) == 5
    (undone,) = call("undo", "--json").data["undone"]
    assert undone["command"] == "import"
    assert notes(call) == []
    assert len(call("manager", "list", "--json").data["managers"]) == 2
    assert call("req", "list", "--json").data == {"reqs": []}


UID = "uid,manager,when,note,kind"


@pytest.mark.parametrize(
    "row",
    [
        "u-1,dana,2024-03-01,other words,help",
        "u-1,dana,2024-03-02,hello,help",
        "u-1,dana,2024-03-01,hello,reply",
        "u-1,marcus,2024-03-01,hello,help",
    ],
)
@pytest.mark.usefixtures("two")
def test_a_known_uid_with_other_content_is_a_conflict_without_update(call: Call, row: str) -> None:
    call("import", "-", stdin=csv("u-1,dana,2024-03-01,hello,help", header=UID))
    before = call("log", "1", "--json").data
    said = call("import", "-", stdin=csv(row, header=UID)).fails(1)
    assert "u-1" in said
    assert "--update" in said
    assert call("log", "1", "--json").data == before
    skipped = call("import", "-", "--skip-refused", "--json", stdin=csv(row, header=UID)).data
    assert (skipped["added"], [one["row"] for one in skipped["refused"]]) == (0, [2])
    assert call("import", "-", "--update", "--json", stdin=csv(row, header=UID)).data["refused"] == []
    after: Any = call("log", "1", "--json").data["entry"]
    assert after != before["entry"]
    assert (after["uid"], after["id"], len(notes(call))) == ("u-1", 1, 1)
    call("undo")
    assert call("log", "1", "--json").data == before


@pytest.mark.usefixtures("two")
def test_a_uid_is_kept_and_matched_first(call: Call) -> None:
    call("import", "-", stdin=csv("u-1,dana,2024-03-01,hello,help", header=UID))
    twin = call("import", "-", "--json", stdin=csv("u-2,dana,2024-03-01,hello,help", header=UID)).data
    assert (twin["added"], twin["unchanged"]) == (1, 0)
    assert {one["uid"] for one in call("log", "--json").data["entries"]} == {"u-1", "u-2"}


@pytest.mark.usefixtures("two")
def test_one_uid_twice_in_a_file_is_one_entry(call: Call) -> None:
    row = "u-1,dana,2024-03-01,hello,help"
    same = call("import", "-", "--json", stdin=csv(row, row, header=UID)).data
    assert (same["added"], same["unchanged"]) == (1, 1)
    call("import", "-", stdin=csv("u-2,dana,2024-03-01,x,help", "u-2,dana,2024-03-01,y,help", header=UID)).fails(1)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfmanager,when,note\r\ndana,2024-03-01,hello\r\n",
        b" Manager , WHEN,note\ndana,2024-03-01,hello",
        "manager\twhen\tnote\r\ndana\t2024-03-01\thello\r\n".encode("utf-16"),
        "manager;when;note\r\ndana;2024-03-01;hello\r\n".encode("utf-16-be"),
        "manager,when,note\ndana,2024-03-01,hello\n".encode("utf-16-le"),
        b"\xef\xbb\xbfsep=;\r\nmanager;when;note;\r\n;;;\r\nDana\xc2\xa0 Ortiz;2024-03-01;hello;\r\n;;\r\n",
        b"manager,when,note,,\r\ndana,2024-03-01,hello,,\r\n,,,,\r\n",
    ],
    ids=["a byte-order mark", "loose headers", "Unicode text", "UTF-16 turned", "UTF-16 unmarked", "European", "empty"],
)
@pytest.mark.usefixtures("two")
def test_what_spreadsheets_save_is_read(call: Call, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    assert call("import", str(file), "--json").data["added"] == 1
    assert call("import", "-", "--json", stdin=content).data["unchanged"] == 1
    assert notes(call) == ["hello"]


@pytest.mark.parametrize(("cell", "note"), CELLS)
@pytest.mark.usefixtures("two")
def test_a_neutralised_cell_is_restored(call: Call, cell: str, note: str) -> None:
    call("import", "-", stdin=csv(f'dana,2024-03-01,"{cell}"')).says()
    assert notes(call) == [note]


@pytest.mark.usefixtures("two")
def test_managers_are_found_by_handle_or_name_and_made_once(call: Call) -> None:
    rows = [f"{who},2024-03-01,x{number}" for number, who in enumerate(("dana", "Dana Ortiz", "New One", "new one"))]
    assert call("import", "-", "--json", stdin=csv(*rows)).data["managers"] == ["new"]
    assert len(call("manager", "list", "--json").data["managers"]) == 3


NAMED = [
    "Dana\xa0 Ortiz", "dana\tortiz", " DANA \u2003 ortiz ", "Da\xadna Ortiz\u200b", "Ortiz, Dana", "ortiz,  dana",
    "dana.ortiz@example.com", "Dana.Ortiz@Example.com", "Dana Ortiz <dana.ortiz@example.com>",
    '"Ortiz, Dana" <someone@example.com>', "<dana.ortiz@example.com>",
]  # fmt: skip


@pytest.mark.parametrize("cell", NAMED)
@pytest.mark.usefixtures("two")
def test_a_manager_is_known_by_address_turned_name_and_with_blanks_of_any_kind(call: Call, cell: str) -> None:
    call("manager", "edit", "dana", "--email", "dana.ortiz@example.com")
    quoted = '"' + cell.replace('"', '""') + '"'
    assert call("import", "-", "--json", stdin=csv(f"{quoted},2024-03-01,hi")).data["managers"] == []
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["dana", "marcus"]


@pytest.mark.parametrize(
    "rows", [('"Reed, Kim"', "Kim Reed"), ("Kim\xa0Reed", '"Reed,  kim"'), ("kim@x.org", "KIM@x.org")]
)
def test_one_new_manager_is_made_of_one_name_however_it_is_written(call: Call, rows: tuple[str, str]) -> None:
    data = call(
        "import", "-", "--json", stdin=csv(*(f"{cell},2024-03-0{at},x" for at, cell in enumerate(rows, 1)))
    ).data
    assert (len(data["managers"]), data["added"]) == (1, 2)
    (made,) = call("manager", "list", "--json").data["managers"]
    assert made["name"] in ("Kim Reed", "kim@x.org")
    assert made["email"] in (None, "kim@x.org")


def test_a_title_after_a_comma_stays_where_it_is(call: Call) -> None:
    call("import", "-", stdin=csv('"Kim Reed, Ph.D.",2024-03-01,x'))
    assert call("manager", "list", "--json").data["managers"][0]["name"] == "Kim Reed, Ph.D."


@pytest.mark.usefixtures("two")
def test_a_name_that_two_have_is_refused_with_both(call: Call) -> None:
    call("manager", "add", "dana-o", "--name", "Dana Ortiz")
    said = call("import", "-", stdin=csv('"Ortiz, Dana",2024-03-01,x', "dana,2024-03-01,y")).fails(1)
    assert "line 2" in said
    assert "dana or dana-o" in said
    assert call("import", "-", "--json", stdin=csv("dana-o,2024-03-01,x")).data["added"] == 1


@pytest.mark.usefixtures("two")
def test_a_role_of_someone_else_is_refused(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "D-1")
    said = call("import", "-", stdin=csv("marcus,x,D-1", header="manager,note,req")).fails(1)
    assert "line 2" in said
    assert "D-1" in said


@pytest.mark.usefixtures("two")
def test_a_note_of_a_mebibyte_comes_in_and_a_byte_more_does_not(call: Call) -> None:
    assert call("import", "-", stdin=csv(f"dana,2024-03-01,{'x' * 1_048_576}")).code == 0
    assert len(notes(call)[0]) == 1_048_576
    assert "line 2" in call("import", "-", stdin=csv(f"dana,2024-03-01,{'x' * 1_048_577}")).fails(1)


FOREIGN = "Person,Date,What happened\nDana Ortiz,2024-03-01 09:00,called back\n"
MAPPED = ("--map", "Person=manager", "--map", "date=when", "--map", "What happened=note")


@pytest.mark.usefixtures("two")
def test_foreign_headers_come_in_by_map(call: Call) -> None:
    said = call("import", "-", "--json", stdin=FOREIGN).fails(1, "bad-file")
    assert 'the headers "Person", "Date", "What happened" are not known' in said
    assert '--map "Person=OURS"' in said
    assert call("import", "-", *MAPPED, "--json", stdin=FOREIGN).data["added"] == 1
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["manager"], entry["happened_on"], entry["note"]) == ("dana", "2024-03-01", "called back")
    assert call("import", "-", *MAPPED, "--json", stdin=FOREIGN).data["unchanged"] == 1


@pytest.mark.usefixtures("two")
def test_a_map_that_does_not_fit_is_refused(call: Call) -> None:
    assert "approach" in call("import", "-", "--map", "Person=boss", "--json", stdin=FOREIGN).fails(1, "bad-field")
    assert '"Nobody"' in call("import", "-", "--map", "Nobody=name", "--json", stdin=FOREIGN).fails(1, "bad-file")
    assert call("import", "-", "--map", "Person", "--json", stdin=FOREIGN).code == 2
    refused = FOREIGN.replace("2024-03-01 09:00", "05/06/2024")
    assert "line 2: " in call("import", "-", *MAPPED, "--json", stdin=refused).fails(1, "bad-file")
    assert notes(call) == []


@pytest.mark.usefixtures("two")
def test_what_a_file_does_not_say_is_neither_compared_nor_changed(call: Call) -> None:
    call("import", "-", stdin=csv("u-1,dana,2024-03-01,hello,chat", header="uid,manager,when,note,channel"))
    few = csv("u-1,dana,hello", header="uid,manager,note")
    assert call("import", "-", "--json", stdin=few).data["unchanged"] == 1
    assert call("import", "-", "--update", "--json", stdin=few.replace("hello", "other")).data["updated"] == 1
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["note"], entry["channel"], entry["happened_on"]) == ("other", "chat", "2024-03-01")
    assert [one["uid"] for one in call("search", "other", "--json").data["entries"]] == ["u-1"]
    assert call("search", "hello", "--json").data["entries"] == []


@pytest.mark.usefixtures("two")
def test_what_they_did_and_what_it_changed_come_in(call: Call) -> None:
    call(
        "import",
        "-",
        stdin=csv("dana,praise,2024-03-01,four scorecards,we hired", header="manager,kind,when,did,changed"),
    ).says()
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["did"], entry["changed"], entry["note"]) == ("four scorecards", "we hired", "")


@pytest.mark.parametrize(
    ("when", "happened_at"),
    [
        ("2024-07-01 09:30", "2024-07-01T09:30:00-04:00"),
        ("2024-07-01T09:30:15", "2024-07-01T09:30:15-04:00"),
        ("2024-01-01 09:30", "2024-01-01T09:30:00-05:00"),
        ("2024-11-03 01:30", "2024-11-03T01:30:00-04:00"),
        ("2024-07-01T09:30:00Z", "2024-07-01T05:30:00-04:00"),
        ("2024-07-01T23:30:00+09:00", "2024-07-01T23:30:00+09:00"),
    ],
)
@pytest.mark.usefixtures("two")
def test_times_are_read_as_everywhere_and_keep_an_offset_that_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch, when: str, happened_at: str
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    call("import", "-", stdin=csv(f"dana,{when},x")).says()
    assert call("log", "--json").data["entries"][0]["happened_at"] == happened_at


@pytest.mark.parametrize("when", ["2024-03-10 02:30", "2024-02-30T10:00:00+01:00", "1969-01-01T10:00:00+01:00"])
@pytest.mark.usefixtures("two")
def test_a_time_that_was_none_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    assert "line 2: " in call("import", "-", stdin=csv(f"dana,{when},x")).fails(1)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("cell", ["DANA", "dana ", " Dana", "DANA ORTIZ", "  dana ortiz "])
def test_a_manager_is_named_in_any_case_and_with_blanks_around(call: Call, cell: str) -> None:
    data = call("import", "-", "--json", stdin=csv(f"{cell},2024-03-01,x")).data

    assert (data["added"], data["managers"]) == (1, [])
    assert call("log", "dana", "--json").data["entries"][0]["note"] == "x"


def test_one_new_manager_is_made_of_one_name_in_any_case(call: Call) -> None:
    rows = ["PRIYA,2024-03-01,x", "priya ,2024-03-02,y", "Priya,2024-03-03,z"]
    data = call("import", "-", "--json", stdin=csv(*rows)).data

    assert (data["added"], data["managers"]) == (3, ["priya"])


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("rows", "summary"),
    [
        (["u1,dana,2024-03-01,other"], "1 updated"),
        (["u1,dana,2024-03-01,other", "u2,dana,2024-03-02,new"], "1 entry and 1 updated"),
        (["u2,dana,2024-03-02,new"], "1 entry"),
    ],
)
def test_undo_tells_what_an_import_added_and_updated(call: Call, rows: list[str], summary: str) -> None:
    header = "uid,manager,when,note"
    call("import", "-", stdin=csv("u1,dana,2024-03-01,first", header=header))
    call("import", "-", "--update", stdin=csv(*rows, header=header))

    assert call("undo").says() == f"Took back import {summary}\n"


@pytest.mark.usefixtures("two")
def test_many_rows_can_be_found_and_undone(call: Call) -> None:
    rows = [f"dana,2024-03-01 09:00,word{number}" for number in range(5_000)]
    assert call("import", "-", "--json", stdin=csv(*rows)).data["added"] == 5_000
    assert len(call("search", "word4999", "--json").data["entries"]) == 1
    call("add", "dana", "afterwards").says()
    assert len(call("search", "afterwards", "--json").data["entries"]) == 1
    call("undo", "2", "--yes").says()
    assert call("search", "word4999", "--json").data["entries"] == []
    assert notes(call) == []


@pytest.mark.long
def test_long_work_says_how_far_it_is_and_only_on_a_terminal(tty: Any, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text(csv(*(f"dana,2024-03-01,word{number}" for number in range(40_000))), "utf-8")
    code, said = tty.ends(tty("import", str(file), env={"TRUSTLOG_HOME": str(tmp_path / "other")}))
    assert (code, "Reading" in said, "Added 40,000 entries." in said) == (0, True, True)
    assert call("import", str(file)).says().startswith("Added 40,000 entries.\n")
