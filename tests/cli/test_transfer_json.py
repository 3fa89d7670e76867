"""`import` of our own JSON: merged by uid, refused by name, all or nothing."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustlog.formats import shapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Call

ENTRY: dict[str, Any] = {
    "uid": "e-1", "manager": "dana", "kind": "help-received", "size": "m", "happened_at": "2026-05-01T15:00:00-05:00",
    "happened_on": "2026-05-01", "note": "hello", "did": None, "changed": None, "channel": None, "req": None,
    "approach": None, "tags": [], "evidence": True, "repaired_by": None, "created_at": "2026-05-01T20:00:00Z",
}  # fmt: skip
MANAGER: dict[str, Any] = {
    "uid": "m-1", "handle": "dana", "name": "Dana Ortiz", "team": None, "email": None, "likes": "tea",
    "on_their_plate": None, "public_praise_ok": True, "leaving_on": None, "archived_at": None,
    "created_at": "2026-05-01T20:00:00Z",
}  # fmt: skip
REQ: dict[str, Any] = {
    "uid": "r-1", "code": "D-1", "manager": "dana", "title": "Analyst", "opened_on": "2026-05-01", "closed_on": None,
    "tags": [], "created_at": "2026-05-01T20:00:00Z",
}  # fmt: skip
SITTING: dict[str, Any] = {
    "uid": "000001-c-1", "part": "debrief", "happened_on": "2026-05-02", "minutes": 5, "finished": True,
    "answers": {"headline": "words"}, "reflections": {"mood_after": 1},
}  # fmt: skip
TALK: dict[str, Any] = {
    "uid": "c-1", "manager": "dana", "state": "debriefed", "minutes": 5, "planned_for": None, "about": None,
    "created_at": "2026-05-01T20:00:00Z", "sittings": [SITTING],
}  # fmt: skip
EVENT: dict[str, Any] = {
    "uid": "000001-l-1", "kind": "given", "happened_at": "2026-05-01T15:00:00-05:00", "due_at": None, "outcome": None,
    "note": None, "entry": None,
}  # fmt: skip
LOOP: dict[str, Any] = {
    "uid": "l-1", "manager": "dana", "owed_by": "me", "what": "the slate", "purpose": "other", "req": None,
    "created_at": "2026-05-01T20:00:00Z", "events": [EVENT], "forecasts": [{"uid": "000001-l-1", "sure": 70}],
}  # fmt: skip


def document(private: bool = True, **sections: list[dict[str, Any]]) -> dict[str, Any]:
    empty: dict[str, list[Any]] = {one.name: [] for one in shapes.SECTIONS if private or not one.private}
    return copy.deepcopy({"format": "trustlog-export/1", "reflections": private, **empty, **sections})


def text(private: bool = True, **sections: list[dict[str, Any]]) -> str:
    return json.dumps(document(private, **sections))


WHOLE = document(managers=[MANAGER], reqs=[REQ], entries=[ENTRY], conversations=[TALK], commitments=[LOOP])


def test_a_written_document_comes_in_whole(call: Call) -> None:
    data = call("import", "-", "--json", stdin=json.dumps(WHOLE)).data
    assert (data["added"], data["unchanged"], data["refused"]) == (1, 0, [])
    assert (data["managers"], data["reqs"]) == (["dana"], ["D-1"])
    assert data["tables"]["conversations"] == {"added": 1, "unchanged": 0, "updated": 0}
    entry = call("log", "1", "--json").data["entry"]
    assert (entry["uid"], entry["happened_at"], entry["created_at"]) == (
        "e-1", "2026-05-01T15:00:00-05:00", "2026-05-01T20:00:00Z",
    )  # fmt: skip
    assert [one["what"] for one in call("open", "--json").data["commitments"]] == ["the slate"]
    assert [one["uid"] for one in call("search", "hello", "--json").data["entries"]] == ["e-1"]


def test_on_screen_it_says_what_came_in(call: Call) -> None:
    said = call("import", "-", "--dry-run", stdin=json.dumps(WHOLE)).says()
    assert said.startswith("Would add 1 entry.\nIt would also add: 1 conversation, 1 open or settled loop.\n")


REFUSED: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("entries[0].kind", lambda all_: all_["entries"][0].update(kind="nonsense"), "one of"),
    ("entries[0].size", lambda all_: all_["entries"][0].update(size=7), "one of"),
    ("entries[0].note", lambda all_: all_["entries"][0].update(note="a\0b"), "NUL"),
    ("entries[0].note", lambda all_: all_["entries"][0].update(note="x" * 1_048_577), "1,048,576"),
    ("entries[0].note", lambda all_: all_["entries"][0].update(note="\ud800"), "UTF-8"),
    ("entries[0].note", lambda all_: all_["entries"][0].pop("note"), "missing"),
    ("entries[0].mood", lambda all_: all_["entries"][0].update(mood=1), "not known"),
    ("entries[0].happened_at", lambda all_: all_["entries"][0].update(happened_at="yesterday"), "offset"),
    ("entries[0].happened_at", lambda all_: all_["entries"][0].update(happened_at="2026-05-01T15:00:00"), "offset"),
    ("entries[0].happened_at", lambda all_: all_["entries"][0].update(happened_at="2100-05-01T15:00:00Z"), "come yet"),
    ("entries[0].happened_on", lambda all_: all_["entries"][0].update(happened_on="2026-05-02"), "another day"),
    ("entries[0].happened_on", lambda all_: all_["entries"][0].update(happened_on="2026-04-30"), "another day"),
    ("entries[0].tags", lambda all_: all_["entries"][0].update(tags=["a,b"]), "comma"),
    ("entries[0].evidence", lambda all_: all_["entries"][0].update(evidence=1), "true or false"),
    ("entries[0]", lambda all_: all_["entries"][0].update(repaired_by="e-9"), "e-9"),
    ("entries[0]", lambda all_: all_["entries"].__setitem__(0, 7), "object"),
    ("managers[0].handle", lambda all_: all_["managers"][0].update(handle="Dana O"), "handle"),
    ("managers[0].name", lambda all_: all_["managers"][0].update(name="two\nlines"), "one line"),
    ("reqs[0].opened_on", lambda all_: all_["reqs"][0].update(opened_on="2026-02-30"), "day"),
    ("conversations[0].minutes", lambda all_: all_["conversations"][0].update(minutes=10**30), "whole number"),
    (
        "conversations[0].sittings[0].part",
        lambda all_: all_["conversations"][0]["sittings"][0].update(part="x"),
        "one of",
    ),
    (
        "conversations[0].sittings[0].answers.mood_after",
        lambda all_: all_["conversations"][0]["sittings"][0].update(answers={"mood_after": 1}),
        "other drawer",
    ),
    (
        "conversations[0].sittings[0].reflections.mood_after",
        lambda all_: all_["conversations"][0]["sittings"][0].update(reflections={"mood_after": 9}),
        "mood_after",
    ),
    ("commitments[0].events[0].entry", lambda all_: all_["commitments"][0]["events"][0].update(entry=3), "uid"),
    ("commitments[0]", lambda all_: all_["commitments"][0]["events"][0].update(entry="e-9"), "e-9"),
    ("commitments[0].events", lambda all_: all_["commitments"][0]["events"].append(EVENT), "stands twice"),
    ("commitments[0]", lambda all_: all_["commitments"][0].update(req="X-1"), "X-1"),
    ("profile[0].value", lambda all_: all_["profile"].append({"field": "nickname", "value": "x"}), "nickname"),
    (
        "boundary_checks[0].answers",
        lambda all_: all_["boundary_checks"].append(
            {
                "manager": "dana",
                "happened_on": "2026-05-01",
                "answers": {"XX": True},
                "cleared": False,
                "finished": True,
            }
        ),
        "XX",
    ),
]


@pytest.mark.parametrize(("place", "spoil", "word"), REFUSED)
def test_what_is_wrong_is_named_by_its_place_and_nothing_is_written(
    call: Call, place: str, spoil: Callable[[dict[str, Any]], object], word: str
) -> None:
    spoiled = copy.deepcopy(WHOLE)
    spoil(spoiled)
    said = call("import", "-", "--json", stdin=json.dumps(spoiled)).fails(1, "bad-file")
    assert f"{place}: " in said
    assert word in said
    assert call("manager", "list", "--json").data == {"managers": []}
    assert call("undo", "--list", "--json").data == {"changes": [], "undone": []}
    data = call("import", "-", "--skip-refused", "--json", stdin=json.dumps(spoiled)).data
    assert [one["row"] for one in data["refused"]] == [place]


@pytest.mark.parametrize(
    "address", ["dana", "Dana <dana@example.com>", "a@b.example, c@d.org", "a@b\u202ec", "a b@c.example", "", " a@b"]
)
def test_an_address_is_as_plain_as_one_that_is_typed(call: Call, address: str) -> None:
    refused = call("import", "-", "--json", stdin=text(managers=[MANAGER | {"email": address}])).fails(1, "bad-file")
    assert "managers[0].email: " in refused
    assert call("import", "-", stdin=text(managers=[MANAGER | {"email": "dána@firma.de"}])).code == 0


@pytest.mark.parametrize(
    ("raw", "code", "word"),
    [
        ('{"format": "trustlog-export/2", "reflections": false}', "too-new", "trustlog-export/2"),
        ('{"format": "other/1"}', "bad-file", "trustlog-export/1"),
        ('{"format": 7}', "bad-file", "trustlog-export/1"),
        ("{}", "bad-file", "format"),
        ("[]", "bad-file", "expected"),
        ('{"format": "trustlog-export/1"', "bad-file", "expected"),
        ('{"format": "trustlog-export/1", "reflections": 0}', "bad-file", "reflections"),
        ('{"format": "trustlog-export/1", "reflections": false, "secrets": []}', "bad-file", "secrets"),
        ('{"format": "trustlog-export/1", "reflections": false, "entries": {}}', "bad-file", "entries"),
        ('{"format": "trustlog-export/1", "reflections": false, "entries": [{]}', "bad-file", "entries[0]"),
        ('{"format": "trustlog-export/1", "reflections": false, "entries": [NaN]}', "bad-file", "entries[0]"),
        ('{"format": "trustlog-export/1", "reflections": false, "entries": [' + "[" * 100_000, "bad-file", "deep"),
        (
            '{"format": "trustlog-export/1", "reflections": false, "entries": [' + "9" * 9_000 + "]}",
            "bad-file",
            "number",
        ),
        ('{"format": "trustlog-export/1", "reflections": false} x', "bad-file", "behind"),
        ('{"format": "trustlog-export/1", "reflections": false, "profile": [{}]}', "bad-file", "profile"),
        ('{"entries": [], "entries": []}', "bad-file", "twice"),
    ],
)
def test_a_file_that_is_no_such_document_is_refused(call: Call, raw: str, code: str, word: str) -> None:
    assert word in call("import", "-", "--json", stdin=raw).fails(1, code)
    assert call("undo", "--list", "--json").data == {"changes": [], "undone": []}


def test_a_cut_off_document_writes_nothing(call: Call) -> None:
    whole = json.dumps(WHOLE)
    for end in range(0, len(whole), 97):
        assert call("import", "-", stdin=whole[:end]).code == 1
    assert call("manager", "list", "--json").data == {"managers": []}


def test_bytes_that_are_not_utf_8_are_refused(call: Call) -> None:
    raw = json.dumps(WHOLE).encode().replace(b"hello", b"caf\xe9")
    assert "UTF-8" in call("import", "-", "--json", stdin=raw).fails(1, "bad-file")


def test_a_dry_run_writes_nothing(call: Call, home: Any) -> None:
    assert call("import", "-", "--dry-run", "--json", stdin=json.dumps(WHOLE)).data["added"] == 1
    assert not home.exists()


def test_missing_managers_and_roles_are_made_and_listed(call: Call) -> None:
    data = call("import", "-", "--json", stdin=text(entries=[ENTRY | {"req": "D-9"}])).data
    assert (data["added"], data["managers"], data["reqs"]) == (1, ["dana"], ["D-9"])


@pytest.mark.usefixtures("two")
def test_the_same_handle_is_the_same_manager_and_what_was_not_known_is_filled_in(call: Call) -> None:
    data = call("import", "-", "--json", stdin=json.dumps(WHOLE)).data
    assert (data["added"], data["tables"]["managers"]) == (1, {"added": 0, "unchanged": 0, "updated": 1})
    dana = next(one for one in call("manager", "list", "--json").data["managers"] if one["handle"] == "dana")
    assert (dana["team"], dana["likes"], dana["public_praise_ok"]) == ("payments", "tea", True)
    assert len(call("manager", "list", "--json").data["managers"]) == 2
    assert call("import", "-", "--json", stdin=json.dumps(WHOLE)).data["tables"]["managers"]["unchanged"] == 1


@pytest.mark.usefixtures("two")
def test_the_same_handle_with_other_words_is_a_conflict(call: Call) -> None:
    other = text(managers=[MANAGER | {"team": "design"}], entries=[ENTRY])
    said = call("import", "-", "--json", stdin=other).fails(1, "conflict")
    assert "managers[0]: conflict" in said
    data = call("import", "-", "--skip-refused", "--json", stdin=other).data
    assert (data["added"], [one["row"] for one in data["refused"]]) == (1, ["managers[0]"])
    assert call("import", "-", "--update", "--json", stdin=other).data["tables"]["managers"]["updated"] == 1
    assert call("manager", "show", "dana", "--json").data["manager"]["team"] == "design"


CHANGES = [
    ("entries", {"note": "other"}),
    ("entries", {"happened_at": "2026-05-01T15:00:00-06:00"}),
    ("entries", {"tags": ["x"]}),
    ("managers", {"likes": None}),
    ("reqs", {"title": "Other"}),
    ("commitments", {"what": "other"}),
    ("commitments", {"events": [EVENT, EVENT | {"uid": "000002-x", "kind": "settled", "outcome": "kept"}]}),
    ("conversations", {"sittings": []}),
    ("conversations", {"sittings": [SITTING | {"answers": {"headline": "other"}, "reflections": {}}]}),
    (
        "conversations",
        {"sittings": [SITTING, SITTING | {"uid": "000002-x", "part": "checkin", "answers": {}, "reflections": {}}]},
    ),
]


def without_uids(document: dict[str, Any]) -> dict[str, Any]:
    """The same as an older program wrote it, whose parts had none."""
    older = copy.deepcopy(document)
    for part in [
        older["conversations"][0]["sittings"][0],
        older["commitments"][0]["events"][0],
        older["commitments"][0]["forecasts"][0],
    ]:
        del part["uid"]
    return older


def test_an_export_of_an_older_program_is_taken_in_and_its_parts_are_called_alike_on_every_laptop(call: Call) -> None:
    older = without_uids(WHOLE)
    call("import", "-", stdin=json.dumps(older)).says()
    there = json.loads(call("export", "--include-reflections").out)
    assert without_uids(there) == older
    assert there["conversations"][0]["sittings"][0]["uid"] == "000001-c-1"
    assert there["commitments"][0]["events"][0]["uid"] == "000001-l-1"
    again = call("import", "-", "--json", stdin=json.dumps(older)).data
    assert (again["added"], again["updated"]) == (0, 0)
    assert json.loads(call("export", "--include-reflections").out) == there


def test_a_part_whose_uid_another_record_has_is_kept_under_one_of_its_own(call: Call) -> None:
    call("import", "-", stdin=json.dumps(WHOLE)).says()
    more = copy.deepcopy(WHOLE)
    more["commitments"][0]["uid"] = "l-2"
    call("import", "-", stdin=json.dumps(more)).says()
    there = json.loads(call("export", "--include-reflections").out)["commitments"]
    assert [len(one["events"]) for one in there] == [1, 1]
    assert there[0]["events"][0]["uid"] != there[1]["events"][0]["uid"]


@pytest.mark.parametrize(("section", "change"), CHANGES)
def test_a_known_uid_with_other_content_is_a_conflict_without_update(
    call: Call, section: str, change: dict[str, Any]
) -> None:
    call("import", "-", stdin=json.dumps(WHOLE)).says()
    before = call("export", "--include-reflections").out
    changed = copy.deepcopy(WHOLE)
    changed[section][0].update(change)
    assert f"{section}[0]: conflict" in call("import", "-", "--json", stdin=json.dumps(changed)).fails(1, "conflict")
    assert call("export", "--include-reflections").out == before
    updated = call("import", "-", "--update", "--json", stdin=json.dumps(changed)).data
    assert updated["tables"][section] == {"added": 0, "unchanged": 0, "updated": 1}
    assert json.loads(call("export", "--include-reflections").out) == changed
    assert call("import", "-", "--json", stdin=json.dumps(changed)).data["updated"] == 0
    call("undo").says()
    assert call("export", "--include-reflections").out == before


def test_a_file_without_reflections_leaves_those_that_are_there(call: Call) -> None:
    call("import", "-", stdin=json.dumps(WHOLE)).says()
    public = json.loads(call("export").out)
    assert call("import", "-", "--json", stdin=json.dumps(public)).data["refused"] == []
    public["conversations"][0]["sittings"][0]["answers"] = {"headline": "other"}
    call("import", "-", "--update", stdin=json.dumps(public)).says()
    sitting = json.loads(call("export", "--include-reflections").out)["conversations"][0]["sittings"][0]
    assert (sitting["answers"], sitting["reflections"]) == ({"headline": "other"}, {"mood_after": 1})


def test_a_deed_that_comes_later_in_the_file_mends(call: Call) -> None:
    hard = ENTRY | {"uid": "e-0", "kind": "harsh-exchange", "repaired_by": "e-1"}
    assert call("import", "-", "--json", stdin=text(entries=[hard, ENTRY])).data["added"] == 2
    shown = call("log", "--json").data["entries"]
    ids = {one["uid"]: one["id"] for one in shown}
    assert {one["uid"]: one["repaired_by"] for one in shown} == {"e-0": ids["e-1"], "e-1": None}
    assert call("import", "-", "--json", stdin=text(entries=[hard, ENTRY])).data["unchanged"] == 2


def test_one_uid_twice_in_a_file_is_one_entry(call: Call) -> None:
    same = call("import", "-", "--json", stdin=text(entries=[ENTRY, ENTRY])).data
    assert (same["added"], same["unchanged"]) == (1, 1)
    twice = [ENTRY | {"uid": "e-2"}, ENTRY | {"uid": "e-2", "note": "other"}]
    assert "entries[1]: conflict" in call("import", "-", "--json", stdin=text(entries=twice)).fails(1, "conflict")
    call("import", "-", "--update", stdin=text(entries=twice)).says()
    assert sorted(one["note"] for one in call("log", "--json").data["entries"]) == ["hello", "other"]
    assert [one["uid"] for one in call("search", "other", "--json").data["entries"]] == ["e-2"]


def test_a_manager_who_was_renamed_here_stays_the_same(call: Call) -> None:
    call("import", "-", stdin=json.dumps(WHOLE)).says()
    call("manager", "rename", "dana", "dana-o").says()
    more = copy.deepcopy(WHOLE)
    more["entries"].append(ENTRY | {"uid": "e-2"})
    call("import", "-", "--json", stdin=json.dumps(more)).fails(1, "conflict")
    data = call("import", "-", "--skip-refused", "--json", stdin=json.dumps(more)).data
    assert (data["added"], data["managers"], [one["row"] for one in data["refused"]]) == (1, [], ["managers[0]"])
    assert {one["manager"] for one in call("log", "--json").data["entries"]} == {"dana-o"}
    call("import", "-", "--update", stdin=json.dumps(more)).says()
    assert {one["manager"] for one in call("log", "--json").data["entries"]} == {"dana"}


@pytest.mark.long
def test_many_entries_come_in_and_can_be_found_undone_and_found_again(call: Call) -> None:
    many = [ENTRY | {"uid": f"e-{number}", "note": f"word{number}", "tags": ["t"]} for number in range(5_000)]
    assert call("import", "-", "--json", stdin=text(entries=many)).data["added"] == 5_000
    assert len(call("search", "word4999", "--json").data["entries"]) == 1
    assert len(call("log", "--tag", "t", "--json").data["entries"]) == 5_000
    call("add", "dana", "afterwards").says()
    assert len(call("search", "afterwards", "--json").data["entries"]) == 1
    call("undo", "2", "--yes").says()
    assert call("search", "word4999", "--json").data["entries"] == []
    assert call("import", "-", "--json", stdin=text(entries=many)).data["added"] == 5_000
    assert call("export").out.count('{"uid"') == 5_001


def test_a_file_named_json_is_read_as_such(call: Call, tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps(WHOLE), "utf-8-sig")
    assert call("import", str(tmp_path / "a.json"), "--json").data["added"] == 1
    (tmp_path / "a.xml").write_text("<x/>")
    assert ".json" in call("import", str(tmp_path / "a.xml"), "--json").fails(1, "bad-file")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("dana") | st.just("e-1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.long
def test_a_mutated_document_is_taken_or_refused_and_never_a_fault(call: Call, data: st.DataObject) -> None:
    mutated = copy.deepcopy(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        where, key = data.draw(st.sampled_from(places(mutated)))
        where[key] = data.draw(JUNK)
    flags = data.draw(st.lists(st.sampled_from(["--update", "--skip-refused", "--dry-run"]), unique=True))
    done = call("import", "-", *flags, stdin=json.dumps(mutated))
    assert done.code in (0, 1), done
    for command in (["report"], ["log"], ["open"], ["export"], ["today"]):
        assert call(*command, "--json").code == 0, command


def test_a_document_of_a_program_that_knew_less_is_taken_in(call: Call, two: Path, tmp_path: Path) -> None:
    call("add", "dana", "Called back").says()
    file = tmp_path / "journal.json"
    call("export", str(file)).says()
    document = json.loads(file.read_text("utf-8"))
    del document["noticed"]
    del document["entries"][0]["channel"]
    file.write_text(json.dumps(document), "utf-8")
    (two / "trustlog.db").unlink()

    assert call("import", str(file)).code == 0

    (entry,) = call("log", "--json").data["entries"]
    assert (entry["note"], entry["channel"]) == ("Called back", None)


def test_a_field_that_stands_twice_is_refused_by_name(call: Call, two: Path) -> None:
    del two  # it has made the journal
    call("add", "dana", "words").says()
    document = call("export").out
    twice = document.replace('"note": "words"', '"note": "words", "note": "others"')
    assert twice != document
    assert "entries[0]: note stands twice" in call("import", "-", stdin=twice).fails(1)
