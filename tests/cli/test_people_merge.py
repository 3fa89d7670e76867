"""`manager merge`: everything of one manager goes to another, and `undo` brings all of it back."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.coaching_history import StepEvent
from trustlog.domain.kickoffs import AgreementEvent
from trustlog.formats.shapes import SYNC, tables_of_a_manager
from trustlog.store import coaching, conversations, kickoffs, people, praise, private
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Run

AT = datetime(2024, 5, 2, 9, tzinfo=UTC)
MERGE = ("manager", "merge", "marcus", "dana")
COUNTED = {
    "entries": 4, "reqs": 1, "agreements": 1, "conversations": 2, "commitments": 2, "noticed": 2, "step_events": 2,
    "drafts": 2, "private_items": 3,
}  # fmt: skip
OURS = ("sqlite_", "_sqlite", "entries_fts", "changes", "undo_rows", "recording", "trust_bases")
"""The tables that are no part of what a person put in begin so."""


@pytest.fixture
def crowded(call: Call, two: Path) -> Path:
    """A home in which dana and marcus have rows of every table, and drafts that get into each other's way."""
    for who, loop in (("dana", "1"), ("marcus", "3")):
        hard = ("-k", "harsh", "-w", "2024-05-01 15:00", "-t", "größe")
        for args in (
            ("req", "add", who, "Analyst", "--code", f"{who}-1"),
            ("add", who, "a raw word", *hard),
            ("promise", who, "the slate", "--due", "2024-05-06 18:00", "--when", "2024-05-02"),
            ("ask", who, "the scorecard", "--when", "2024-05-02", "--req", f"{who}-1", "--sure", "70"),
            ("settle", loop, "kept", "--when", "2024-05-05"),
        ):
            done = call(*args)
            assert done.code == 0, (args, done.err)
        prep = json.dumps({"purpose": "learn", "if_cue": "cue", "feeling_before": "low"})
        assert call("prep-feedback", who, "--when", "2024-05-04", "--answers", "-", stdin=prep).code == 0
        assert call("debrief", who, "--when", "2024-05-04", "--set", "headline=be brief").code == 0
        assert call("prep-feedback", who, "--when", "in 3 days", "--answers", "-", stdin=prep).code == 0
        assert call("boundary", who, "--when", "2024-05-04", "--set", "BA2=yes").code == 0
    call("add", "marcus", "sorry", "-k", "feedback-acted-on", "-w", "2024-05-02", "--repairs", "3").says()
    call("add", "marcus", "hello", "-w", "2024-05-03").says()
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal:
        for number, who in enumerate(("dana", "marcus")):
            more(journal, who, number)
    return two


def more(journal: Journal, who: str, number: int) -> None:
    """What has no short command line."""
    one, role = people.manager(journal, who).id, people.req(journal, f"{who}-1")
    assert role is not None
    with journal.change("rows"):
        agreement = kickoffs.add(journal, role.id, date(2024, 5, 2))
        kickoffs.record(journal, agreement, AgreementEvent("written", AT, "discovery", "problem", "grow", None, None))
        praise.add_noticed(journal, one, date(2024, 5, 2), "a kind word")
        praise.take_out_noticed(journal, praise.add_noticed(journal, one, date(2024, 5, 3), "four scorecards"), 1)
        coaching.record_step(journal, one, StepEvent("PB05", "snoozed", AT, until=AT), "praise")
        coaching.record_step(journal, one, StepEvent("PB43", "done", AT), "self-care")
        coaching.record_step(
            journal, one, StepEvent("PB05", "asked", AT, condition="x", answer=True), "praise", None, lambda: 1
        )
    with journal.draft():
        conversations.add_draft(journal, "kickoff", one, "Lead (50%)", {"problem": who})
        conversations.add_draft(journal, "kickoff", one, "Analyst", {"problem": "half"}, role.id)
        answers = [{"BR1": True, "BR2": False}, {"BR1": False, "BR2": True, "BA1": True}][number]
        private.keep_check_draft(journal, one, date(2024, 5, 5 + number), answers)


def tables(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a person put in, of every table, and what search finds."""
    with closing(Journal.read(home / "trustlog.db", home / "snapshots")) as journal:
        names = [row[0] for row in journal.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {
            name: sorted((tuple(row) for row in journal.rows(f"SELECT * FROM {name}")), key=repr)
            for name in names
            if not name.startswith(OURS)
        }
        hits = journal.rows("SELECT rowid FROM entries_fts WHERE entries_fts MATCH 'word OR sorry' ORDER BY rowid")
        return found | {"search": [tuple(row) for row in hits]}


def merged(call: Call, *args: str) -> Run:
    done = call(*(args or MERGE))
    assert done.code == 0, done.err
    return done


# --- what moves


@pytest.mark.plain_only
def test_everything_moves_and_one_undo_brings_back_every_row(call: Call, crowded: Path) -> None:
    before = tables(crowded)
    assert [name for name, rows in before.items() if not rows and name not in ("profile", *SYNC)] == []

    data = call(*MERGE, "--json").data

    assert data["moved"] == COUNTED
    gone, kept = 2, 1
    after = tables(crowded)
    assert [row[0] for row in after["managers"]] == [kept]
    for name in tables_of_a_manager():
        column = {"entries": 2, "reqs": 3, "boundary_checks": 1}.get(name, 2)
        assert {row[column] for row in after[name]} == {kept}, name
        assert {row[column] for row in before[name]} == {kept, gone}, name
        lost = len(before[name]) - len(after[name])
        assert lost == (1 if name == "boundary_checks" else 0), name
    assert after["reflections"] == before["reflections"]
    assert after["search"] == before["search"]

    assert "manager merge" in call("undo").out
    assert tables(crowded) == before
    call("doctor").says()
    assert call("undo", "--list", "--json").data["changes"][0]["command"] == "rows"


@pytest.mark.plain_only
def test_no_table_that_points_at_managers_is_forgotten(two: Path) -> None:
    with closing(Journal.read(two / "trustlog.db", two / "snapshots")) as journal:
        pointing = {
            row[0]
            for row in journal.rows(
                "SELECT t.name FROM pragma_table_list t, pragma_foreign_key_list(t.name) f"
                " WHERE f.\"table\" = 'managers'"
            )
        }
    # drafts move one by one, because their titles may have to change
    assert pointing - {"trust_bases", "drafts"} == set(tables_of_a_manager())


@pytest.mark.usefixtures("crowded")
def test_the_first_is_gone_and_its_handle_is_free(call: Call) -> None:
    merged(call)

    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["dana"]
    call("log", "marcus", "--json").fails(1, "unknown-manager")
    assert {one["manager"] for one in call("log", "--json").data["entries"]} == {"dana"}
    assert call("manager", "add", "marcus", "--json").data["manager"]["handle"] == "marcus"
    call("undo", "2", "--yes").says()
    assert call("manager", "show", "marcus", "--json").data["manager"]["name"] == "Marcus Hughes"


@pytest.mark.usefixtures("crowded")
def test_roles_keep_their_agreements_and_loops_stay_open(call: Call) -> None:
    merged(call)

    assert [one["code"] for one in call("req", "list", "--json").data["reqs"]] == ["dana-1", "marcus-1"]
    assert call("kickoff", "show", "marcus-1", "--json").data["agreement"]["manager"] == "dana"
    assert {one["manager"] for one in call("open", "--json").data["commitments"]} == {"dana"}


# --- drafts


@pytest.mark.plain_only
def test_two_unfinished_boundary_checks_become_one_in_which_a_yes_stays_a_yes(call: Call, crowded: Path) -> None:
    merged(call)

    with closing(Journal.read(crowded / "trustlog.db", crowded / "snapshots")) as journal:
        assert journal.rows("SELECT count(*) FROM boundary_checks WHERE finished = 0")[0][0] == 1
        assert private.check_draft(journal, 1) == {"BR1": True, "BR2": True, "BA1": True}


@pytest.mark.plain_only
def test_the_only_unfinished_boundary_check_moves_along(call: Call, two: Path) -> None:
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal, journal.draft():
        private.keep_check_draft(journal, 2, date(2024, 5, 5), {"BR1": False})
    merged(call)
    with closing(Journal.read(two / "trustlog.db", two / "snapshots")) as journal:
        assert private.check_draft(journal, 1) == {"BR1": False}


def kickoff_drafts(home: Path) -> dict[str, Any]:
    with closing(Journal.read(home / "trustlog.db", home / "snapshots")) as journal:
        return {
            f"{handle}: {one.req or one.title}": one.answers["problem"]
            for handle, _ in people.names(journal)
            for one in conversations.drafts_of(journal, "kickoff", people.manager(journal, handle).id)
        }


@pytest.mark.plain_only
def test_two_kickoff_drafts_of_one_title_are_both_kept_and_the_way_is_told(call: Call, crowded: Path) -> None:
    said = merged(call).err

    assert kickoff_drafts(crowded) == {
        "dana: dana-1": "half", "dana: marcus-1": "half", "dana: Lead (50%)": "dana", "dana: Lead (50%) (2)": "marcus",
    }  # fmt: skip
    assert 'trustlog kickoff start dana "Lead (50%) (2)"' in said


@pytest.mark.plain_only
def test_a_draft_that_a_role_of_the_other_would_hide_gets_a_number(call: Call, two: Path) -> None:
    call("req", "add", "marcus", "Payments Lead", "--code", "M-1").says()
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal, journal.draft():
        conversations.add_draft(journal, "kickoff", 1, "payments lead", {"problem": "mine"})
    said = merged(call).err
    assert kickoff_drafts(two) == {"dana: payments lead (2)": "mine"}
    assert 'kickoff start dana "payments lead (2)"' in said
    call("undo").says()
    assert kickoff_drafts(two) == {"dana: payments lead": "mine"}


@pytest.mark.plain_only
def test_a_draft_that_was_answered_further_keeps_its_answers_when_the_merge_is_undone(call: Call, two: Path) -> None:
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal, journal.draft():
        draft = conversations.add_draft(journal, "kickoff", 2, "Lead", {"problem": "old"})
    merged(call)
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal, journal.draft():
        conversations.keep_draft(journal, draft, {"problem": "new"})
    call("undo").says()
    assert kickoff_drafts(two) == {"marcus: Lead": "new"}


# --- details


@pytest.mark.usefixtures("two")
def test_details_that_are_lacking_are_taken_and_others_stay_and_are_named(call: Call) -> None:
    call("manager", "edit", "dana", "--likes", "tea", "--email", "d@example.org", "--public-praise-ok", "no").says()
    call(
        "manager", "edit", "marcus", "--team", "risk", "--likes", "tea", "--on-their-plate", "audit",
        "--public-praise-ok", "yes",
    ).says()  # fmt: skip
    before = call("manager", "list", "--json").data

    done = call(*MERGE, "--json")

    kept = done.data["manager"]
    assert {name: kept[name] for name in ("handle", "team", "email", "likes", "on_their_plate")} == {
        "handle": "dana", "team": "payments", "email": "d@example.org", "likes": "tea", "on_their_plate": "audit",
    }  # fmt: skip
    assert kept["public_praise_ok"] is False
    assert done.data["differing"] == {"team": "risk", "public_praise_ok": True}
    assert done.err.splitlines() == [
        'Team of dana stays "payments"; marcus had "risk".',
        "Public praise ok of dana stays no; marcus had yes.",
    ]
    call("undo").says()
    assert call("manager", "list", "--json").data == before


@pytest.mark.usefixtures("two")
def test_a_detail_cannot_reach_the_terminal_raw(call: Call, two: Path) -> None:
    with closing(Journal.open(two / "trustlog.db", two / "snapshots")) as journal, journal.change("rows"):
        people.edit_manager(journal, "marcus", {"team": "\x1b[31mred", "name": "Ma\u202ercus"})
    done = merged(call)
    assert "\x1b" not in done.err
    assert "\u202e" not in done.out


@pytest.mark.usefixtures("two")
def test_archived_managers_can_be_merged_and_who_stays_archived_is_told(call: Call) -> None:
    call("manager", "archive", "dana").says()
    done = merged(call)
    assert "trustlog manager unarchive dana" in done.err
    call("undo").says()
    call("manager", "unarchive", "dana").says()
    call("manager", "archive", "marcus").says()
    done = merged(call)
    assert "archived" not in done.err
    assert call("manager", "show", "dana", "--json").data["manager"]["archived"] is False


# --- words, shapes and refusals


@pytest.mark.usefixtures("two")
def test_it_says_who_is_part_of_whom_and_how_to_take_it_back(call: Call) -> None:
    call("add", "marcus", "hello").says()
    done = call(*MERGE)
    assert done.out == "Marcus Hughes (marcus) is now part of Dana Ortiz (dana): 1 entry.\n"
    assert (done.code, done.err) == (0, "To take it back: trustlog undo\n")


@pytest.mark.usefixtures("two")
def test_who_has_nothing_can_be_merged_too(call: Call) -> None:
    assert "nothing was noted with them" in merged(call).out
    assert call("undo", "--list", "--json").data["changes"][0]["summary"] == "marcus into dana"


@pytest.mark.plain_only
def test_a_dry_run_tells_the_counts_and_writes_nothing(call: Call, crowded: Path) -> None:
    before = tables(crowded)
    copies = sorted((crowded / "snapshots").glob("*")) if (crowded / "snapshots").exists() else []

    data = call(*MERGE, "--dry-run", "--json").data

    assert (data["moved"], data["dry_run"], data["merged"]) == (COUNTED, True, "marcus")
    said = call(*MERGE, "--dry-run")
    assert "would become part of" in said.out
    assert "undo" not in said.err
    assert tables(crowded) == before
    assert (sorted((crowded / "snapshots").glob("*")) if copies else []) == copies


@pytest.mark.usefixtures("two")
def test_json_is_an_object_with_the_manager_and_what_moved(call: Call) -> None:
    data = call(*MERGE, "--json").data
    assert list(data) == ["manager", "merged", "moved", "differing", "dry_run"]
    assert data["moved"] == dict.fromkeys(COUNTED, 0)
    assert data["manager"] == call("manager", "show", "dana", "--json").data["manager"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("dana", "dana"), "conflict"),
        (("dan", "Dana Ortiz"), "conflict"),
        (("priya", "dana"), "unknown-manager"),
        (("dana", "priya"), "unknown-manager"),
    ],
)
def test_a_refused_merge_changes_nothing_and_takes_no_copy(
    call: Call, two: Path, args: tuple[str, str], code: str
) -> None:
    before = call("manager", "list", "--json").data
    for more in ((), ("--dry-run",)):
        call("manager", "merge", *args, *more, "--json").fails(1, code)
        call("manager", "merge", *args, *more).fails(1)
    assert call("manager", "list", "--json").data == before
    assert not list((two / "snapshots").glob("*before-merge*"))


def test_one_name_alone_is_wrong_usage(call: Call) -> None:
    call("manager", "merge", "dana", "--json").fails(2, "usage")


def test_a_home_without_a_journal_stays_without_one(call: Call, home: Path) -> None:
    call(*MERGE, "--json").fails(1, "unknown-manager")
    assert not home.exists()


def test_a_copy_is_taken_first(call: Call, crowded: Path) -> None:
    merged(call)
    (copy,) = (crowded / "snapshots").glob("*before-merge.db")
    assert copy.stat().st_mode & 0o777 == 0o600
    call("restore", copy.name, "--yes")
    assert {one["handle"] for one in call("manager", "list", "--json").data["managers"]} == {"dana", "marcus"}


# --- the trust figures


@pytest.mark.usefixtures("two")
def test_the_figures_are_those_of_a_journal_written_to_one_manager(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = ("praise-given", "promise-kept", "harsh-exchange", "slate-accepted", "promise-missed", "reply-received")
    written = [
        ("dana" if number % 3 else "marcus", kinds[number % len(kinds)], f"2024-0{1 + number % 4}-0{1 + number % 2}",
         "sml"[number % 5 % 3])
        for number in range(40)
    ]  # fmt: skip

    def write(split: bool) -> None:
        for who, kind, day, size in written:
            args = ("add", who if split else "dana", "it", "-k", kind, "-w", day, "-s", size)
            assert call(*args).code == 0, args
        repair = ("add", "dana", "mended", "-k", "promise-kept", "-w", "2024-05-05", "--repairs", "3")
        assert call(*repair).code == 0

    def figures(day: str) -> Any:
        return call("report", "dana", "--as-of", day, "--why", "--json").data["managers"][0]

    write(split=True)
    days = ("2024-02-15", "2024-06-01", "2026-01-01")
    apart = [figures(day) for day in days]  # also sums what is old
    merged(call)
    together = [figures(day) for day in days]
    monkeypatch.setenv("TRUSTLOG_HOME", str(tmp_path / "second"))
    call("manager", "add", "Dana Ortiz", "--team", "payments").says()
    write(split=False)

    assert together == [figures(day) for day in days]
    assert together[1]["entries"] == len(written) + 1
    assert [one["facets"] for one in apart] != [one["facets"] for one in together]
