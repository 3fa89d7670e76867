"""Drafts of kick-offs: they belong to a manager, hold all that was typed, and are found again."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.services import kickoffs_roles
from trustlog.store import people
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

WHY_NOW = "stays empty"
ROLELESS = "No open roles. Add one with: trustlog req add MANAGER TITLE\n"


def keep(home: Path, who: str, title: str, **said: Any) -> None:
    """A kick-off of a new role, or of one that is there, that was begun and left."""
    with closing(Journal.open(home / "trustlog.db", home / "snapshots")) as journal:
        kickoffs_roles.keep_draft(journal, kickoffs_roles.role(journal, who, title, None), said)


def kept(home: Path) -> dict[tuple[str, str, str | None], Any]:
    with closing(Journal.read(home / "trustlog.db", home / "snapshots")) as journal:
        return {
            (handle, one.title, one.req): one.answers
            for handle, _ in people.names(journal)
            for one, _ in kickoffs_roles.drafted(journal, people.manager(journal, handle))
        }


def why_now(call: Call, *start: str) -> Any:
    agreement = call("kickoff", "start", *start, "--json").data["agreement"]
    return agreement["stages"][0]["fields"]["why_now"]


@pytest.mark.plain_only
def test_a_draft_stays_with_a_manager_who_is_renamed(call: Call, two: Path) -> None:
    call("req", "add", "dana", "Auditor", "--code", "A-1")
    keep(two, "dana", "New One", why_now="Growth")
    keep(two, "dana", "Auditor", why_now="Audit")
    call("manager", "rename", "dana", "dora").says()
    assert why_now(call, "dora", "New One") == "Growth"
    assert why_now(call, "A-1") == "Audit"
    assert kept(two) == {}


@pytest.mark.plain_only
def test_a_new_manager_of_the_same_handle_inherits_nothing(call: Call, two: Path) -> None:
    keep(two, "dana", "New One", why_now="CANARY")
    assert call("forget", "dana", "--yes").code == 0
    call("manager", "add", "dana").says()
    assert kept(two) == {}
    assert why_now(call, "dana", "New One") is None
    assert call("doctor", "--json").data["findings"] == []


@pytest.mark.plain_only
def test_a_draft_of_a_role_moves_and_returns_with_its_role(call: Call, two: Path) -> None:
    call("req", "add", "marcus", "Auditor", "--code", "A-1")
    assert call("manager", "merge", "marcus", "dana").code == 0
    keep(two, "dana", "Auditor", why_now="Audit")
    assert list(kept(two)) == [("dana", "Auditor", "A-1")]
    call("undo").says()
    assert list(kept(two)) == [("marcus", "Auditor", "A-1")]
    assert call("forget", "dana", "--yes").code == 0
    assert list(kept(two)) == [("marcus", "Auditor", "A-1")]


@pytest.mark.plain_only
def test_drafts_travel_with_an_export_and_undo_takes_the_import_back(
    call: Call, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("req", "add", "dana", "Auditor", "--code", "A-1")
    keep(two, "dana", "New One", why_now="Growth")
    keep(two, "dana", "Auditor", why_now="Audit")
    document = call("export").says()
    drafts = [
        {name: value for name, value in draft.items() if name != "uid"} for draft in json.loads(document)["drafts"]
    ]
    assert drafts == [
        {"flow": "kickoff", "manager": "dana", "req": "A-1", "about": "Auditor", "answers": {"why_now": "Audit"}},
        {"flow": "kickoff", "manager": "dana", "req": None, "about": "New One", "answers": {"why_now": "Growth"}},
    ]
    monkeypatch.setenv("TRUSTLOG_HOME", str(tmp_path / "second"))
    assert call("import", "-", stdin=document).code == 0
    assert kept(tmp_path / "second") == kept(two)
    call("undo").says()
    assert json.loads(call("export").says())["drafts"] == []
    assert call("manager", "list", "--json").data["managers"] == []


@pytest.mark.plain_only
def test_a_draft_is_found_by_its_title_in_any_case_and_by_the_role_that_was_made_since(call: Call, two: Path) -> None:
    keep(two, "dana", "New One", why_now="Growth")
    done = call("kickoff", "start", "dana", "new one", "--json").data["agreement"]
    assert (done["title"], done["stages"][0]["fields"]["why_now"]) == ("New One", "Growth")
    keep(two, "dana", "Auditor", why_now="Audit")
    call("req", "add", "dana", "Auditor", "--code", "A-1")
    assert why_now(call, "A-1") == "Audit"
    assert kept(two) == {}


@pytest.mark.plain_only
def test_a_manager_without_a_title_means_the_only_draft_and_never_the_beginning_of_a_code(
    call: Call, two: Path
) -> None:
    call("req", "add", "dana", "Analyst")
    start = ("kickoff", "start", "dana", "--json")
    assert "TITLE" in call(*start).fails(1, "needs-answer")
    keep(two, "dana", "New One", why_now="Growth")
    assert call(*start).data["agreement"]["title"] == "New One"
    keep(two, "dana", "One", why_now="1")
    keep(two, "dana", "Two", why_now="2")
    assert "TITLE" in call(*start).fails(1, "needs-answer")
    assert call("kickoff", "start", "dana-a", "--json").data["agreement"]["req"] == "dana-analyst"


@pytest.mark.plain_only
def test_other_drafts_of_the_manager_are_named(call: Call, two: Path) -> None:
    for who, title in (("dana", "One"), ("dana", "Two Three"), ("marcus", "Four")):
        keep(two, who, title, why_now="x")
    done = call("kickoff", "start", "dana", "one")
    assert "Begun and not finished too: trustlog kickoff start dana 'Two Three' " in done.err
    assert "Four" not in done.err
    assert "dana One" not in done.err


@pytest.mark.plain_only
def test_a_manager_whom_a_draft_needs_is_not_taken_back(call: Call, two: Path) -> None:
    call("manager", "add", "dora").says()
    keep(two, "dora", "New One", why_now="Growth")
    assert "a draft still needs" in call("undo", "--json").fails(1, "conflict")
    assert list(kept(two)) == [("dora", "New One", None)]


def test_what_was_typed_with_the_role_is_in_the_draft(tty: Terminal, call: Call, two: Path) -> None:
    said = ("--code", "z1", "--when", "2024-03-04", "--agreed", "recap")
    child = tty("kickoff", "start", "dana", "New One", "--minutes", "30", *said)
    child.expect(WHY_NOW)
    child.send(tty.CTRL_C)
    code, talk = tty.ends(child)
    assert (code, "Go on with: trustlog kickoff start dana 'New One'" in talk) == (130, True)
    assert call("req", "list", "--json").data == {"reqs": []}
    one = call("kickoff", "start", "dana", "New One", "--json").data["agreement"]
    assert (one["req"], one["kickoff_date"], one["stages"][4]["state"]) == ("z1", "2024-03-04", "agreed")
    assert two.is_dir()


@pytest.mark.plain_only
def test_what_the_flags_say_now_stands_over_the_draft(call: Call, two: Path) -> None:
    keep(two, "dana", "New One", **{"role:code": "z1", "role:when": "2024-03-04T12:00:00+00:00", "why_now": "Growth"})
    args = ("kickoff", "start", "dana", "New One", "--code", "z2", "--when", "2024-03-06", "--json")
    one = call(*args).data["agreement"]
    assert (one["req"], one["kickoff_date"], one["stages"][0]["fields"]["why_now"]) == ("z2", "2024-03-06", "Growth")
    assert kept(two) == {}


@pytest.mark.plain_only
def test_a_draft_with_a_code_of_its_own_is_another_role_than_the_one_of_its_title(call: Call, two: Path) -> None:
    keep(two, "dana", "Analyst", **{"role:code": "z1", "why_now": "Growth"})
    call("req", "add", "dana", "Analyst", "--code", "A-1")
    assert why_now(call, "A-1") is None
    assert call("kickoff", "start", "dana", "analyst", "--json").data["agreement"]["req"] == "z1"


@pytest.mark.parametrize(("key", "state"), [("y", "agreed"), ("n", "proposed"), ("", "proposed")])
@pytest.mark.usefixtures("two")
def test_a_yes_and_a_no_are_typed(tty: Terminal, call: Call, key: str, state: str) -> None:
    call("kickoff", "start", "dana", "Analyst", "--agreed", "scope", "--agreed", "3", "--agreed", "4", "--agreed", "1")
    child = tty("kickoff", "start", "dana", "Analyst", "--minutes", "30", "--set", 'open_points=["pay"]')
    child.expect("Have I got that right")
    child.send(key + tty.ENTER)
    assert tty.ends(child)[0] == 0
    one = call("kickoff", "show", "dana-analyst", "--json").data["agreement"]
    assert one["stages"][4]["state"] == state


@pytest.mark.plain_only
def test_what_was_begun_is_found_again_from_the_morning_and_from_the_roles(
    call: Call, tty: Terminal, two: Path
) -> None:
    keep(two, "dana", "New One", why_now="Growth")

    way = "trustlog kickoff start dana 'New One'"
    assert f"Begun and not finished: {way}" in call("req", "list").err
    assert way in tty.ends(tty())[1]
    assert call("req", "list", "--json").err == ""


@pytest.mark.plain_only
def test_what_was_begun_by_mistake_is_let_go_and_offered_no_more(call: Call, two: Path) -> None:
    keep(two, "dana", "New One", why_now="Growth")
    assert "--drop" in call("req", "list").err
    changes = call("undo", "--list", "--json").data
    assert call("kickoff", "start", "dana", "--drop", "--json").data["dropped"]["title"] == "New One"
    assert kept(two) == {}
    assert (call("req", "list").err, call("undo", "--list", "--json").data) == (ROLELESS, changes)
    call("kickoff", "start", "dana", "New One", "--drop", "--json").fails(1, "conflict")
    assert call("kickoff", "start", "dana", "New One", "--set", "why_now=x").code == 0
    keep(two, "dana", "New One", success_90d="y")
    assert "before stays: trustlog kickoff show dana-new-one" in call("kickoff", "start", "dana-new-one", "--drop").err
