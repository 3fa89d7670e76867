"""`edit`, `delete`, `undo`: nothing written down is final, and nothing taken back is lost by halves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

EDITS = [
    (["--note", "other words"], {"note": "other words"}),
    (["--note", ""], {"note": ""}),
    (["--kind", "reply"], {"kind": "reply-received"}),
    (["--kind", "promise_kept"], {"kind": "promise-kept"}),
    (["--when", "2024-02-29 15:00"], {"happened_at": "2024-02-29T15:00:00+00:00", "happened_on": "2024-02-29"}),
    (["--size", "l"], {"size": "l"}),
    (["--channel", "email"], {"channel": "email"}),
    (["--channel", ""], {"channel": None}),
    (["--req", "D-2"], {"req": "D-2"}),
    (["--req", ""], {"req": None}),
    (["--tag", "x", "--tag", "y"], {"tags": ["x", "y"]}),
    (["--tag", ""], {"tags": []}),
    (["--approach", "push"], {"approach": "push"}),
    (["--approach", ""], {"approach": None}),
    (["--did", "answered", "--changed", "an offer"], {"did": "answered", "changed": "an offer"}),
    (["--did", ""], {"did": None}),
    (["--no-evidence"], {"evidence": False}),
    (["--manager", "marcus"], {"manager": "marcus", "req": None}),
    (["--size", "s", "--note", "both"], {"size": "s", "note": "both"}),
]

REFUSED = [
    (["edit", "9", "--note", "x"], "unknown-entry"),
    (["edit", "1", "--manager", "nobody"], "unknown-manager"),
    (["edit", "1", "--kind", "nonsense"], "unknown-kind"),
    (["edit", "1", "--when", "tomorrow"], "future-date"),
    (["edit", "1", "--when", "05/06/2024"], "bad-date"),
    (["edit", "1", "--size", "xl"], "bad-field"),
    (["edit", "1", "--approach", "shove"], "bad-field"),
    (["edit", "1", "--req", "nope"], "unknown-req"),
    (["edit", "1", "--req", "M-1"], "conflict"),
    (["edit", "1", "--tag", "a,b"], "bad-text"),
    (["edit", "1", "--kind", "note", "--note", "", "--did", ""], "bad-text"),
    (["edit", "1", "--repairs", "9"], "unknown-entry"),
    (["edit", "1", "--repairs", "1"], "bad-field"),
    (["edit", "1"], "no-terminal"),
    (["delete", "9"], "unknown-entry"),
    (["delete", "1", "9"], "unknown-entry"),
    (["delete", "99999999999999999999"], "unknown-entry"),
]


@pytest.fixture
def one(call: Call, two: Path) -> Call:
    """One entry with everything in it, and the roles D-1 and D-2 of dana and M-1 of marcus."""
    del two  # it has made the journal
    for who, code in (("dana", "D-1"), ("dana", "D-2"), ("marcus", "M-1")):
        call("req", "add", who, "Analyst", "--code", code).says()
    call(
        "add", "dana", "first words", "-k", "help", "-w", "2024-03-01 09:00", "-c", "chat", "--req", "D-1", "-t", "a",
        "--approach", "pull", "--did", "helped",
    ).says()  # fmt: skip
    return call


def entry(call: Call, number: int = 1) -> Any:
    return call("log", str(number), "--json").data["entry"]


@pytest.mark.parametrize(("flags", "changed"), EDITS)
def test_edit_changes_what_is_said_and_undo_brings_it_back(
    one: Call, flags: list[str], changed: dict[str, Any]
) -> None:
    before = entry(one)
    data = one("edit", "1", *flags, "--json").data
    assert set(data) == {"entry"}
    assert data["entry"] == before | changed
    assert entry(one) == before | changed
    assert one("undo", "--json").data["undone"][0]["command"] == "edit"
    assert entry(one) == before


@pytest.mark.parametrize(("args", "code"), REFUSED)
def test_a_refused_edit_or_delete_changes_nothing(one: Call, args: list[str], code: str) -> None:
    before, history = entry(one), one("undo", "--list", "--json").data
    one(*args, "--json").fails(1, code)
    one(*args).fails(1)
    assert entry(one) == before
    assert one("undo", "--list", "--json").data == history


@pytest.mark.usefixtures("one")
def test_edit_answers_with_one_line(run: Program) -> None:
    line = run("edit", "1", "--when", "2024-02-29 15:00", "--kind", "kept").says()
    assert line == "#1  Dana Ortiz · promise kept · Thu 29 Feb 2024 15:00\n"


def test_edit_takes_the_note_from_stdin(run: Program, one: Call) -> None:
    run("edit", "1", "--note", "-", stdin="from\na pipe\n").says()
    assert entry(one)["note"] == "from\na pipe"
    run("edit", "1", "--note", "-", "--json", stdin=b"\xff").fails(1, "bad-text")
    run("edit", "1", "--note", "-", "--json", stdin=b"a\0b").fails(1, "bad-text")
    assert entry(one)["note"] == "from\na pipe"


def test_edit_without_flags_opens_the_note_in_the_editor(
    run: Program, one: Call, env: dict[str, str], tmp_path: Path, home: Path
) -> None:
    script = tmp_path / "editor"
    script.touch(mode=0o755)
    env["EDITOR"] = "false"
    env["VISUAL"] = str(script)
    script.write_text('#!/bin/sh\nprintf \'%s, and more\\n\' "$(cat "$1")" > "$1"\n')
    run("edit", "1").says()
    assert entry(one)["note"] == "first words, and more"
    script.write_text("#!/bin/sh\nprintf 'lost' > \"$1\"\nexit 3\n")
    assert [file.name for file in home.iterdir() if file.name != ".trustlog.db.lock"] == ["trustlog.db"]
    run("edit", "1", "--json").fails(1, "needs-answer")
    assert entry(one)["note"] == "first words, and more"
    assert [file.read_text("utf-8") for file in home.glob(".editing-*/note.txt")] == ["lost"]


def test_an_entry_that_was_changed_while_the_editor_was_open_is_not_overwritten(
    run: Program, one: Call, env: dict[str, str], tmp_path: Path, home: Path
) -> None:
    script = tmp_path / "editor"
    script.touch(mode=0o755)
    other = f'"{sys.executable}" -m trustlog edit 1 --note "of the other terminal" > /dev/null'
    script.write_text(f'#!/bin/sh\n{other}\nprintf mine > "$1"\n')
    env["VISUAL"] = str(script)

    said = run("edit", "1", "--json").fails(1, "conflict")

    assert "#1 was changed meanwhile" in said
    assert entry(one)["note"] == "of the other terminal"
    (kept,) = home.glob(".editing-*/note.txt")
    assert (kept.read_text("utf-8"), str(kept) in said) == ("mine", True)


def test_edit_without_flags_and_terminal_names_the_flag(one: Call) -> None:
    assert "--note" in one("edit", "1").fails(1)


def test_edit_can_link_a_repair_later(one: Call) -> None:
    one("add", "dana", "late", "-k", "missed", "-w", "2024-02-01")
    one("edit", "1", "--kind", "kept", "--repairs", "2").says()
    assert entry(one, 2)["repaired_by"] == 1


@pytest.mark.parametrize(
    "change",
    [["--kind", "help"], ["--manager", "marcus"], ["--when", "2024-02-01"]],
    ids=["a deed of another kind", "a deed with someone else", "a deed before it"],
)
def test_an_edited_deed_that_cannot_repair_any_more_does_not(one: Call, change: list[str]) -> None:
    """A hard entry counts half only while a later fitting deed with the same manager mends it."""
    one("add", "dana", "late", "-k", "missed", "-w", "2024-02-10")
    one("add", "dana", "mended", "-k", "kept", "-w", "2024-02-20", "--repairs", "2").says()
    edited = one("edit", "3", *change, "--json")
    if edited.code == 0:
        assert entry(one, 2)["repaired_by"] is None
    else:
        edited.fails(1, "conflict")
        assert entry(one, 3)["kind"] == "promise-kept"


# --- delete ---------------------------------------------------------------------------------------------------------


def test_delete_names_what_it_deleted_and_undo_brings_all_of_it_back(run: Program, one: Call) -> None:
    one("add", "marcus", "hello")
    before = [entry(one), entry(one, 2)]
    assert run("delete", "1", "2", "1", "--json").data == {"deleted": [1, 2]}
    assert one("log", "--json").data == {"entries": []}
    assert len(one("undo", "--json").data["undone"]) == 1
    assert [entry(one), entry(one, 2)] == before


def test_delete_answers_one_line_an_entry_and_its_hint_is_talk(one: Call) -> None:
    answer = one("delete", "1")
    assert (answer.code, answer.out.count("\n")) == (0, 1)
    assert "#1" in answer.out
    assert "Dana Ortiz" in answer.out
    assert "undo" in answer.err


def test_deleting_a_deed_opens_what_it_mended_and_undo_closes_it_again(one: Call) -> None:
    one("add", "dana", "late", "-k", "missed", "-w", "2024-02-01")
    one("add", "dana", "mended", "-k", "kept", "-w", "2024-02-02", "--repairs", "2")
    one("delete", "3")
    assert entry(one, 2)["repaired_by"] is None
    one("undo")
    assert entry(one, 2)["repaired_by"] == 3


# --- undo -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_undo_takes_back_one_change_after_another(call: Call) -> None:
    call("add", "dana", "one").says()
    call("add", "dana,marcus", "two").says()
    call("edit", "1", "--note", "one, changed").says()
    listed = call("undo", "--list", "--json").data["changes"]
    assert [set(one) for one in listed] == [{"command", "at", "summary"}] * len(listed)
    assert [one["command"] for one in listed] == ["edit", "add", "add", "manager add", "manager add"]
    undone = call("undo", "--json").data
    assert set(undone) == {"undone"}
    assert [set(one) for one in undone["undone"]] == [{"command", "at"}]
    assert undone["undone"][0]["at"] == listed[0]["at"]
    assert [one["note"] for one in call("log", "--json").data["entries"]] == ["two", "two", "one"]
    assert [one["command"] for one in call("undo", "2", "--yes", "--json").data["undone"]] == ["add", "add"]
    assert call("log", "--json").data == {"entries": []}


def test_undo_list_shows_and_changes_nothing(one: Call) -> None:
    text = one("undo", "--list").says()
    assert [line.split("  ")[1] for line in text.splitlines()][:2] == ["add", "req add"]
    assert one("undo", "--list").says() == text


def test_undo_list_holds_no_word_of_the_notes(one: Call) -> None:
    one("edit", "1", "--note", "secret words")
    one("delete", "1")
    assert "words" not in one("undo", "--list").says() + one("undo", "--list", "--json").out


@pytest.mark.parametrize("count", ["100", "99999999999999999999"])
def test_undo_of_more_than_there_is_takes_back_all(one: Call, count: str) -> None:
    there = len(one("undo", "--list", "--json").data["changes"])
    assert len(one("undo", count, "--yes", "--json").data["undone"]) == there == 6
    assert one("manager", "list", "--json").data == {"managers": []}


def test_undo_of_more_than_there_is_says_how_many_there_are(one: Call) -> None:
    assert "take back all 6 changes that there are" in one("undo", "999").fails(1)
    done = one("undo", "999", "--yes")
    assert (done.out.count("Took back"), done.err) == (6, "There are only 6.\n")
    assert "do all 6 changes that there are again" in one("redo", "7").fails(1)
    assert one("redo", "6", "--yes").says().count("Did again") == 6


@pytest.mark.usefixtures("home")
def test_undo_with_nothing_left_is_done(call: Call) -> None:
    assert call("undo", "--json").data == {"undone": []}
    assert call("undo", "--list", "--json").data == {"changes": [], "undone": []}
    assert call("undo").code == call("undo", "--list").code == call("undo", "3").code == 0


@pytest.mark.parametrize("count", ["0", "-1", "x", "1.5"])
@pytest.mark.usefixtures("two")
def test_undo_of_no_number_is_wrong_usage(call: Call, count: str) -> None:
    call("undo", count, "--json").fails(2, "usage")
    assert len(call("manager", "list", "--json").data["managers"]) == 2


@pytest.mark.parametrize(
    "args",
    [
        ["manager", "add", "Priya"],
        ["manager", "edit", "dana", "--likes", "tea"],
        ["manager", "rename", "dana", "ortiz"],
        ["manager", "archive", "dana"],
        ["req", "add", "dana", "Analyst"],
        ["req", "close", "D-1"],
        ["add", "dana", "hello"],
        ["add", "dana,Priya", "hello", "--create"],
        ["edit", "1", "--size", "s"],
        ["delete", "1"],
    ],
)
def test_every_command_that_writes_is_one_change(one: Call, args: list[str]) -> None:
    def state() -> list[Any]:
        looks = (["manager", "list"], ["req", "list", "--all"], ["log"], ["undo", "--list"])
        return [one(*look, "--json").data for look in looks]

    before = state()
    assert one(*args).code == 0
    after, export = state(), one("export").out
    assert after != before
    assert len(one("undo", "--json").data["undone"]) == 1
    back = state()
    assert back.pop()["changes"] == before.pop()["changes"]
    assert back == before
    assert len(one("redo", "--json").data["redone"]) == 1
    assert (state(), one("export").out) == (after, export)


def test_undo_never_asks(tty: Terminal, one: Call) -> None:
    code, said = tty.ends(tty("undo", env={"NO_COLOR": "1"}))
    assert (code, "Took back add" in said) == (0, True)
    assert one("log", "--json").data == {"entries": []}


def test_more_than_one_change_is_shown_and_asked_about(tty: Terminal, one: Call) -> None:
    before = one("undo", "--list", "--json").data
    one("undo", "2", "--json").fails(1, "needs-answer")
    child = tty("undo", "2", env={"NO_COLOR": "1"})
    child.expect("Take back these 2 changes")
    assert all(f"  {change['command']}" in child.before for change in before["changes"][:2])
    child.send("n\r")
    code, said = tty.ends(child)
    assert (code, "Nothing was taken back" in said) == (0, True)
    assert one("undo", "--list", "--json").data == before

    child = tty("undo", "2")
    child.expect("Take back these 2 changes")
    child.send("y\r")
    assert tty.ends(child)[0] == 0
    assert one("log", "--json").data == {"entries": []}


def test_redo_does_again_what_undo_took_back_and_the_list_shows_it(one: Call) -> None:
    assert "nothing was taken back" in one("redo").fails(1)
    one("redo", "--json").fails(1, "conflict")
    before = one("undo", "--list", "--json").data["changes"]
    assert one("undo", "2", "--yes").says().startswith("Took back add")
    listed = one("undo", "--list", "--json").data
    assert (listed["changes"], listed["undone"]) == (before[2:], before[1::-1])
    assert "Taken back; trustlog redo does the first again:\n" in one("undo", "--list").says()
    assert one("redo").says().startswith("Did again req add")
    assert one("redo", "--json").data == {"redone": [{"command": "add", "at": before[0]["at"]}]}
    assert one("undo", "--list", "--json").data == {"changes": before, "undone": []}

    one("undo")
    one("add", "dana", "other words")
    assert "something else was written since" in one("redo").fails(1)
    assert [row["note"] for row in one("log", "--json").data["entries"]] == ["other words"]


def test_several_are_done_again_after_the_same_question_as_undo(tty: Terminal, one: Call) -> None:
    one("undo", "2", "--yes")
    one("redo", "2", "--json").fails(1, "needs-answer")
    for answer, said, left in (("n\r", "Nothing was done again", 2), ("y\r", "Did again add", 0)):
        child = tty("redo", "2", env={"NO_COLOR": "1"})
        child.expect("Do these 2 changes again")
        assert "  req add" in child.before
        child.send(answer)
        code, told = tty.ends(child)
        assert (code, said in told) == (0, True)
        assert len(one("undo", "--list", "--json").data["undone"]) == left


def test_somebody_who_is_forgotten_comes_back_by_no_redo(one: Call) -> None:
    one("undo")
    assert one("forget", "marcus", "--yes").code == 0
    assert "nothing was taken back" in one("redo").fails(1)
    assert one("undo", "--list", "--json").data == {"changes": [], "undone": []}


@pytest.mark.usefixtures("one")
def test_an_import_and_a_merge_are_done_again_whole(call: Call, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "manager,kind,when,note\n" + "".join(f"kim,reply,2024-03-0{day},row {day}\n" for day in range(1, 6))
    )
    for args in (["import", str(rows)], ["manager", "merge", "kim", "dana"]):
        assert call(*args).code == 0
    export = call("export").out
    call("undo", "2", "--yes")
    assert "row 1" not in call("export").out
    call("redo", "2", "--yes")
    assert call("export").out == export
    assert call("doctor").code == 0


@pytest.fixture
def editors(tmp_path: Path) -> Path:
    """A folder for programs, with a `vi` in it that writes `mended`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "vi").write_text('#!/bin/sh\necho mended > "$1"\n')
    (folder / "vi").chmod(0o755)
    return folder


def test_somebody_who_named_no_editor_reads_how_to_leave_vi_before_it_opens(
    tty: Terminal, one: Call, editors: Path
) -> None:
    child = tty("edit", "1", "-e", env={"PATH": str(editors)})
    for said in ("vi opens", "EDITOR", ":wq", ":q!", "Enter opens vi"):
        child.expect(said)
    assert entry(one)["note"] == "first words"
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert entry(one)["note"] == "mended"


def test_words_are_changed_at_the_terminal_where_no_editor_was_chosen(tty: Terminal, one: Call, editors: Path) -> None:
    child = tty("edit", "1", env={"PATH": str(editors)})
    say(child, ("Note: .*first words", f" and more{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert entry(one)["note"] == "first words and more"


def test_ctrl_c_before_the_editor_changes_nothing(tty: Terminal, one: Call, editors: Path) -> None:
    child = tty("edit", "1", "-e", env={"PATH": str(editors)})
    child.expect("Enter opens vi")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert entry(one)["note"] == "first words"


def test_an_editor_that_names_its_keys_opens_at_once(tty: Terminal, one: Call, editors: Path) -> None:
    (editors / "vi").rename(editors / "nano")
    code, said = tty.ends(tty("edit", "1", "-e", env={"PATH": str(editors)}))
    assert (code, "nano opens" in said, ":wq" in said) == (0, True, False)
    assert entry(one)["note"] == "mended"


@pytest.mark.parametrize("name", ["VISUAL", "EDITOR"])
def test_who_chose_an_editor_is_told_nothing_about_it(tty: Terminal, one: Call, editors: Path, name: str) -> None:
    code, said = tty.ends(tty("edit", "1", env={name: str(editors / "vi")}))
    assert (code, "EDITOR" in said, ":wq" in said) == (0, False, False)
    assert entry(one)["note"] == "mended"


def test_a_note_that_the_editor_left_as_it_was_is_no_change(run: Program, one: Call) -> None:
    before = one("undo", "--list", "--json").data
    done = run("edit", "1", env={"EDITOR": "true"})
    assert done.code == 0
    assert done.err.startswith("Nothing was changed.")
    assert "code --wait" in done.err
    assert one("undo", "--list", "--json").data == before


def test_a_machine_without_an_editor_says_so(tty: Terminal, one: Call, tmp_path: Path) -> None:
    code, said = tty.ends(tty("edit", "1", "-e", env={"PATH": str(tmp_path)}))
    assert (code, "no editor" in said) == (1, True)
    assert entry(one)["note"] == "first words"


def test_a_note_typed_at_a_terminal_is_told_how_it_ends(tty: Terminal, one: Call) -> None:
    child = tty("edit", "1", "--note", "-")
    child.expect("Ctrl-D on an empty line ends it")
    child.send("candid words\n\x04")
    assert tty.ends(child)[0] == 0
    assert entry(one)["note"] == "candid words"
