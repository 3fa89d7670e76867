"""`req`: the open roles, each with a code that is unique in the journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

KEYS = ["code", "uid", "manager", "title", "opened_on", "closed_on", "tags"]

# in a journal where dana has the open role PA-1 (opened 2024-03-01) and PA-2 is closed
REFUSED = [
    (["req", "add", "nobody", "Analyst"], "unknown-manager"),
    (["req", "add", "dana", ""], "bad-text"),
    (["req", "add", "dana", "two\nlines"], "bad-text"),
    (["req", "add", "dana", "Analyst", "--code", "PA-1"], "conflict"),
    (["req", "add", "dana", "Analyst", "--code", ""], "bad-text"),
    (["req", "add", "dana", "Analyst", "--opened", "tomorrow"], "future-date"),
    (["req", "add", "dana", "Analyst", "--opened", "05/06/2024"], "bad-date"),
    (["req", "add", "dana", "Analyst", "--tag", "a,b"], "bad-text"),
    (["req", "close", "nope"], "unknown-req"),
    (["req", "close", "PA"], "unknown-req"),
    (["req", "close", "PA-2"], "conflict"),
    (["req", "close", "PA-1", "--when", "2024-02-29"], "conflict"),
    (["req", "close", "PA-1", "--when", "tomorrow"], "future-date"),
    (["add", "dana", "hello", "--req", "nope"], "unknown-req"),
    (["add", "marcus", "hello", "--req", "PA-1"], "conflict"),
    (["add", "dana,marcus", "hello", "--req", "PA-1"], "conflict"),
    (["log", "--req", "nope"], "unknown-req"),
]


@pytest.fixture
def roles(call: Call, two: Path) -> Path:
    call("req", "add", "dana", "Payments analyst", "--code", "PA-1", "--opened", "2024-03-01", "--tag", "hard")
    call("req", "add", "dana", "Auditor", "--code", "PA-2", "--opened", "2024-03-01")
    call("req", "close", "PA-2", "--when", "2024-04-01")
    return two


@pytest.mark.usefixtures("two")
def test_a_role_is_made_listed_and_closed(call: Call) -> None:
    made = call(
        "req", "add", "dana", "Payments analyst", "--opened", "2024-03-01", "--tag", "hard", "-t", "new", "-t", "hard",
        "--json",
    ).data["req"]  # fmt: skip
    assert list(made) == KEYS
    assert {key: made[key] for key in KEYS if key != "uid"} == {
        "code": "dana-payments-analyst", "manager": "dana", "title": "Payments analyst", "opened_on": "2024-03-01",
        "closed_on": None, "tags": ["hard", "new"],
    }  # fmt: skip
    text = call("req", "list").says()
    assert "dana-payments-analyst  Payments analyst" in text
    assert "Fri 1 Mar 2024" in text
    closed = call("req", "close", "dana-payments-analyst", "--when", "2 Apr 2024", "--json").data["req"]
    assert closed == made | {"closed_on": "2024-04-02"}
    assert call("req", "list", "--json").data == {"reqs": []}
    assert call("req", "list", "--all", "--json").data == {"reqs": [closed]}


@pytest.mark.parametrize(("args", "code"), REFUSED)
@pytest.mark.usefixtures("roles")
def test_a_refused_role_changes_nothing(call: Call, args: list[str], code: str) -> None:
    call(*args, "--json").fails(1, code)
    call(*args).fails(1)
    assert len(call("req", "list", "--all", "--json").data["reqs"]) == 2
    assert len(call("req", "list", "--json").data["reqs"]) == 1
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("two")
def test_a_role_without_a_code_gets_a_free_one(call: Call) -> None:
    made = [call("req", "add", "dana", "C++ / Qt", "--json").data["req"]["code"] for _ in range(3)]
    assert made == ["dana-c-qt", "dana-c-qt-2", "dana-c-qt-3"]


@pytest.mark.usefixtures("roles")
def test_roles_are_listed_by_code_and_by_manager(call: Call) -> None:
    call("req", "add", "marcus", "SRE", "--code", "M-1")
    assert [one["code"] for one in call("req", "list", "--json").data["reqs"]] == ["M-1", "PA-1"]
    assert [one["code"] for one in call("req", "list", "--all", "--json").data["reqs"]] == ["M-1", "PA-1", "PA-2"]
    assert [one["code"] for one in call("req", "list", "dana", "--json").data["reqs"]] == ["PA-1"]


@pytest.mark.usefixtures("two")
def test_no_role_is_an_answer_and_its_hint_is_talk(call: Call) -> None:
    empty = call("req", "list")
    assert (empty.code, empty.out) == (0, "")
    assert "req add" in empty.err


@pytest.mark.usefixtures("roles")
def test_a_code_is_found_by_its_prefix_whatever_the_case(call: Call) -> None:
    call("req", "close", "pa-1").says()
    assert call("req", "list", "--json").data == {"reqs": []}


@pytest.mark.usefixtures("roles")
def test_entries_carry_their_role_and_are_found_by_it(call: Call) -> None:
    entry = call("add", "dana", "about it", "--req", "PA-1", "--json").data["entry"]
    call("add", "dana", "about nothing")
    assert entry["req"] == "PA-1"
    assert [one["id"] for one in call("log", "--req", "PA-1", "--json").data["entries"]] == [entry["id"]]
    assert "PA-1" in call("log").says()


@pytest.mark.usefixtures("roles")
def test_closing_a_role_can_be_taken_back(call: Call) -> None:
    call("req", "close", "PA-1")
    assert call("undo", "--json").data["undone"][0]["command"] == "req close"
    assert call("req", "list", "--json").data["reqs"][0]["closed_on"] is None


ODD = ["a b", "a\u00a0b", "-a", "a/b", "a:", "a\x1b", "…"]


@pytest.mark.parametrize("code", ODD)
@pytest.mark.usefixtures("two")
def test_a_code_that_cannot_be_typed_is_refused_by_name(call: Call, code: str) -> None:
    refused = "bad-text" if "\x1b" in code else "bad-field"
    assert "code" in call("req", "add", "dana", "Analyst", f"--code={code}", "--json").fails(1, refused)
    assert call("req", "list", "--json").data == {"reqs": []}


@pytest.mark.parametrize("code", ["PA-1", "2024.03_b", "größe"])
@pytest.mark.usefixtures("two")
def test_letters_digits_dots_and_dashes_make_a_code(call: Call, code: str) -> None:
    assert call("req", "add", "dana", "Analyst", "--code", code, "--json").data["req"]["code"] == code


@pytest.mark.usefixtures("two")
def test_an_import_refuses_the_row_of_a_code_that_cannot_be_typed(call: Call) -> None:
    rows = "manager,note,req\ndana,one,PA-1\ndana,two,a b\n"
    done = call("import", "-", "--skip-refused", "--json", stdin=rows).data
    assert [one["row"] for one in done["refused"]] == [3]
    assert '"a b" cannot be the code of a role' in done["refused"][0]["why"]
    document = json.loads(call("export").says())
    document["reqs"][0]["code"] = "a b"
    done = call("import", "-", "--skip-refused", "--json", stdin=json.dumps(document)).data
    assert "must be a code" in done["refused"][0]["why"]
    assert [one["code"] for one in call("req", "list", "--json").data["reqs"]] == ["PA-1"]


@pytest.mark.usefixtures("two")
def test_a_day_in_a_refusal_is_told_as_everywhere(call: Call) -> None:
    call("req", "add", "dana", "Analyst", "--code", "A-1", "--opened", "2024-03-01")
    early = call("req", "close", "A-1", "--when", "2024-02-29").fails(1)
    assert early.startswith("A-1 was opened on Fri 1 Mar 2024, after that. ")
    call("req", "close", "A-1", "--when", "2024-04-01")
    assert call("req", "close", "A-1").fails(1).startswith("A-1 was already closed on Mon 1 Apr 2024. ")
