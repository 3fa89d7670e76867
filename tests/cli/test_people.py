"""`manager`: who is in the journal, how they are named, and how a typed name finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Call

KEYS = ["handle", "name", "uid", "team", "email", "likes", "on_their_plate", "public_praise_ok", "archived"]

# who was typed, with which options, in a journal of dana and marcus -> handle, name
HANDLES = [
    ("Priya Raman", [], "priya", "Priya Raman"),
    ("Dana Li", [], "dana-li", "Dana Li"),
    ("priya", [], "priya", "priya"),
    ("priya.r_2", [], "priya.r_2", "priya.r_2"),
    ("priya", ["--name", "Priya Raman"], "priya", "Priya Raman"),
    ("Dana Li", ["--handle", "dl"], "dl", "Dana Li"),
    ("Zoë O'Brien-Łuk", [], "zoe", "Zoë O'Brien-Łuk"),
    ("李小龙", ["--handle", "li"], "li", "李小龙"),
    ("[bold]Ann[/bold]", [], "bold-ann-bold", "[bold]Ann[/bold]"),
]

REFUSED = [
    (["manager", "add", "dana"], "conflict"),
    (["manager", "add", "Dana"], "bad-field"),
    (["manager", "add", "New", "--handle", "dana"], "conflict"),
    *(
        ([*words, "--email", address], "bad-field")
        for words in (["manager", "add", "New"], ["manager", "edit", "dana"])
        for address in (
            "a@b, c@d",
            "e@x.org?bcc=f@x.org",
            "e f@x.org",
            "Dana <dana@x.org>",
            "mailto:e@x.org",
            "e@x.org;f@x.org",
            "e@",
            "@x.org",
            "e",
            "e@x@y",
            "e..f@x.org",
            ".e@x.org",
            "e@x.org.",
            "e@-x.org",
            "a@b\u202ec",
        )
    ),
    (["manager", "add", "New", "--handle", "With Space"], "bad-field"),
    (["manager", "add", "New", "--handle", "-new"], "bad-field"),
    (["manager", "add", "New", "--handle", "ÄÖ"], "bad-field"),
    (["manager", "add", "李小龙"], "bad-field"),
    (["manager", "add", ""], "bad-text"),
    (["manager", "add", "two\nlines"], "bad-text"),
    (["manager", "add", "esc\x1b[31m"], "bad-text"),
    (["manager", "add", "New", "--name", " "], "bad-text"),
    (["manager", "add", "New", "--team", "x" * 201], "bad-text"),
    (["manager", "add", "New", "--public-praise-ok", "maybe"], "bad-field"),
    (["manager", "rename", "dana", "marcus"], "conflict"),
    (["manager", "rename", "dana", "Dana O"], "bad-field"),
    (["manager", "show", "priya"], "unknown-manager"),
    (["manager", "edit", "priya", "--team", "x"], "unknown-manager"),
    (["manager", "archive", "priya"], "unknown-manager"),
]

# typed -> handle, in a journal of Ann (ann), Ann Marie (ann-marie), Bob Hill (bob), Zed (b.z)
RESOLVED = [
    ("ann", "ann"),
    ("ANN", "ann"),
    ("ann-m", "ann-marie"),
    ("Ann M", "ann-marie"),
    ("ann marie", "ann-marie"),
    ("bo", "bob"),
    ("BOB hill", "bob"),
    ("zed", "b.z"),
    (" bob ", "bob"),
]


@pytest.mark.parametrize(("who", "options", "handle", "name"), HANDLES)
@pytest.mark.usefixtures("two")
def test_a_handle_is_the_first_name_or_the_whole_name(
    call: Call, who: str, options: list[str], handle: str, name: str
) -> None:
    made = call("manager", "add", who, *options, "--json").data["manager"]
    assert (made["handle"], made["name"]) == (handle, name)
    assert call("manager", "show", handle, "--json").data["manager"] == made


@pytest.mark.parametrize(("args", "code"), REFUSED)
@pytest.mark.usefixtures("two")
def test_a_refused_manager_command_changes_nothing(call: Call, args: list[str], code: str) -> None:
    before = call("manager", "list", "--json").data
    call(*args, "--json").fails(1, code)
    call(*args).fails(1)
    assert call("manager", "list", "--json").data == before


def test_every_field_can_be_given_and_comes_back_in_json(call: Call) -> None:
    made = call(
        "manager", "add", "Dana Ortiz", "--team", "payments", "--email", "dana@example.org", "--likes", "climbing",
        "--on-their-plate", "two on leave", "--public-praise-ok", "yes", "--json",
    ).data["manager"]  # fmt: skip
    assert list(made) == KEYS
    assert {key: made[key] for key in KEYS if key != "uid"} == {
        "handle": "dana", "name": "Dana Ortiz", "team": "payments", "email": "dana@example.org", "likes": "climbing",
        "on_their_plate": "two on leave", "public_praise_ok": True, "archived": False,
    }  # fmt: skip
    text = call("manager", "show", "dana").says()
    for said in ("Dana Ortiz", "payments", "dana@example.org", "climbing", "two on leave", "yes"):
        assert said in text


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "address", ["dana@example.org", "d.o+jobs@mail.example.co", "o'brien@x.org", "dána@exämple.org", "dana@localhost"]
)
def test_a_plain_address_is_kept_as_it_is(call: Call, address: str) -> None:
    assert call("manager", "edit", "dana", "--email", address, "--json").data["manager"]["email"] == address


@pytest.mark.usefixtures("two")
def test_edit_sets_what_is_given_and_an_empty_text_empties(call: Call) -> None:
    changed = call("manager", "edit", "dana", "--likes", "tea", "--public-praise-ok", "no", "--json").data["manager"]
    assert (changed["team"], changed["likes"], changed["public_praise_ok"]) == ("payments", "tea", False)
    emptied = call("manager", "edit", "dana", "--likes", "", "--public-praise-ok", "", "--json").data["manager"]
    assert (emptied["team"], emptied["likes"], emptied["public_praise_ok"]) == ("payments", None, None)


@pytest.mark.usefixtures("two")
def test_edit_without_a_change_is_wrong_usage(call: Call) -> None:
    assert "--team" in call("manager", "edit", "dana").fails(2)
    call("manager", "edit", "dana", "--json").fails(2, "usage")


@pytest.mark.parametrize("group", ["manager", "req", "config"])
def test_a_group_without_a_command_lists_what_there_is(call: Call, group: str) -> None:
    assert call(group, "--json").data == call(group, "list", "--json").data


@pytest.mark.usefixtures("home")
def test_the_list_is_alphabetical_and_case_blind(call: Call) -> None:
    for name in ("bob", "Émile Zola", "Ann", "carl", "Dora"):
        call("manager", "add", name)
    call("manager", "archive", "ann")
    listed = call("manager", "list", "--json").data["managers"]
    assert [one["name"] for one in listed] == ["Ann", "bob", "carl", "Dora", "Émile Zola"]
    assert [one["archived"] for one in listed] == [True, False, False, False, False]
    assert [list(one) for one in listed] == [KEYS] * 5


def test_an_empty_list_is_an_answer_and_its_hint_is_talk(call: Call) -> None:
    assert call("manager", "list", "--json").data == {"managers": []}
    empty = call("manager", "list")
    assert (empty.code, empty.out) == (0, "")
    assert "manager add" in empty.err


@pytest.mark.parametrize(("typed", "handle"), RESOLVED)
def test_a_name_finds_by_exact_handle_then_unique_prefix(call: Call, typed: str, handle: str) -> None:
    for who, own in (("Ann", "ann"), ("Ann Marie", "ann-marie"), ("Bob Hill", "bob"), ("Zed", "b.z")):
        call("manager", "add", who, "--handle", own)
    assert call("manager", "show", typed, "--json").data["manager"]["handle"] == handle


@pytest.mark.usefixtures("two")
def test_an_ambiguous_name_lists_the_candidates(call: Call) -> None:
    call("manager", "add", "Danilo", "--handle", "nilo")
    line = call("manager", "show", "dan").fails(1)
    assert "dana" in line
    assert "nilo" in line
    assert "marcus" not in line
    call("manager", "show", "dan", "--json").fails(1, "ambiguous-manager")


@pytest.mark.usefixtures("two")
def test_a_miss_suggests_the_nearest(call: Call) -> None:
    line = call("log", "dnaa").fails(1)
    assert "dana" in line
    assert "marcus" not in line


@pytest.mark.usefixtures("two")
def test_a_typo_creates_nobody(call: Call) -> None:
    call("add", "dnaa", "hello", "--json").fails(1, "unknown-manager")
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["dana", "marcus"]
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("two")
def test_a_name_that_is_given_as_a_handle_is_shown_where_names_are_given(call: Call) -> None:
    said = call("manager", "rename", "dana", "Dana O").fails(1)

    assert 'trustlog manager edit dana --name "Dana O"' in said


@pytest.mark.usefixtures("two")
def test_a_whole_name_without_quotes_is_told_where_names_are_changed(call: Call) -> None:
    said = call("manager", "rename", "dana", "dana", "ortiz").fails(1)
    assert 'trustlog manager edit dana --name "dana ortiz"' in said


@pytest.mark.usefixtures("two")
def test_rename_keeps_entries_and_roles(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "A1")
    call("add", "dana", "hello", "--req", "A1")
    assert call("manager", "rename", "dana", "ortiz", "--json").data["manager"]["handle"] == "ortiz"
    assert call("log", "ortiz", "--json").data["entries"][0]["manager"] == "ortiz"
    assert call("req", "list", "--json").data["reqs"][0]["manager"] == "ortiz"
    call("manager", "rename", "ortiz", "dana").says()


@pytest.mark.usefixtures("two")
def test_an_archived_manager_leaves_the_report_and_keeps_the_log(call: Call) -> None:
    call("add", "dana", "hello")
    assert call("manager", "archive", "dana", "--json").data["manager"]["archived"] is True
    assert [one["manager"] for one in call("report", "--json").data["managers"]] == ["marcus"]
    assert [one["manager"] for one in call("report", "dana", "--json").data["managers"]] == ["dana"]
    assert len(call("log", "--json").data["entries"]) == 1
    assert "archived" in call("manager", "list").says()
    assert call("manager", "unarchive", "dana", "--json").data["manager"]["archived"] is False
    assert [one["manager"] for one in call("report", "--json").data["managers"]] == ["dana", "marcus"]


@pytest.mark.usefixtures("two")
def test_a_name_with_markup_is_shown_as_it_is(call: Call) -> None:
    call("manager", "add", "[bold]Ann[/] :smile:", "--handle", "ann")
    call("add", "ann", "hello")
    for command in (["manager", "list"], ["manager", "show", "ann"], ["log"], ["report"], ["report", "ann"]):
        assert "[bold]Ann[/] :smile:" in call(*command).says()


def test_names_and_titles_of_several_words_need_no_quotes(call: Call) -> None:
    assert call("manager", "add", "Priya", "Nair", "--json").data["manager"]["name"] == "Priya Nair"
    assert call("req", "add", "priya", "data", "engineer", "--json").data["req"]["title"] == "data engineer"
    started = call("kickoff", "start", "priya", "backend", "engineer", "--no-input", "--json").data
    assert started["agreement"]["title"] == "backend engineer"
