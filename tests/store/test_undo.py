"""Taking changes back: whatever a command wrote, the journal is afterwards as it was before."""

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers import got

from trustlog.domain.entries import EntryDraft, Filter
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.formats.shapes import undoable_tables
from trustlog.services import transfer
from trustlog.store import conversations, entries, entries_search, people, people_merge, private, undo
from trustlog.store.journal import Journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = ("slate", "scorecard", "café", "thanks")
TAGS = ("hard", "to-fill", "日本")

Dump = dict[str, list[tuple[Any, ...]]]


def dump(journal: Journal) -> Dump:
    """Everything that a person put in, and what search finds of it."""

    def rows(sql: str, *values: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in journal.rows(sql, values)]

    found = {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in undoable_tables()}
    found["entry_tags"] = rows("SELECT * FROM entry_tags ORDER BY tag, entry_id")
    for word in WORDS:
        found[f"search {word}"] = rows(
            "SELECT rowid, highlight(entries_fts, 0, '[', ']') FROM entries_fts WHERE entries_fts MATCH ?"
            " ORDER BY rowid",
            word,
        )
    return found


def check(journal: Journal) -> None:
    """The indexes hold what the entries hold, no more and no less. Raises if the search index does not."""
    journal.db.execute("INSERT INTO entries_fts(entries_fts, rank) VALUES ('integrity-check', 1)")
    wanted = "SELECT DISTINCT value, e.id FROM entries e, json_each(e.tags) ORDER BY 1, 2"
    kept = "SELECT tag, entry_id FROM entry_tags ORDER BY 1, 2"
    assert [tuple(row) for row in journal.rows(kept)] == [tuple(row) for row in journal.rows(wanted)]
    assert journal.rows("PRAGMA foreign_key_check") == []


def new(manager: Manager, note: str = "", kind: str = "note", tags: tuple[str, ...] = ()) -> EntryDraft:
    return EntryDraft(manager.id, kind, NOON, note=note, tags=tags)


def add(journal: Journal, manager: Manager, note: str = "", kind: str = "note", *tags: str) -> int:
    with journal.change("add"):
        return entries.add(journal, new(manager, note, kind, tags))


def found(journal: Journal, word: str) -> list[int]:
    return [entry.id for entry, _ in entries_search.search(journal, word, Filter(), ("", ""))]


def tagged(journal: Journal, tag: str) -> list[int]:
    return [entry.id for entry in entries.page(journal, Filter(tag=tag))]


# --- one change


def test_an_entry_that_was_added_is_gone_from_log_search_and_tags(journal: Journal, dana: Manager) -> None:
    before = dump(journal)
    mine = add(journal, dana, "a fine slate", "note", "hard")
    assert (found(journal, "slate"), tagged(journal, "hard")) == ([mine], [mine])

    undo.take_back(journal, 1)

    assert dump(journal) == before
    assert (found(journal, "slate"), tagged(journal, "hard")) == ([], [])
    check(journal)


def test_an_entry_that_was_edited_reads_as_before(journal: Journal, dana: Manager) -> None:
    mine = add(journal, dana, "a fine slate", "note", "hard", "日本")
    before = dump(journal)
    with journal.change("edit"):
        changes = {"note": "a scorecard", "tags": ("to-fill",), "happened_at": NOON - timedelta(days=3)}
        entries.update(journal, mine, {**changes, "kind": "reply-received", "evidence": False, "size": "l"})
    assert (found(journal, "slate"), found(journal, "scorecard")) == ([], [mine])
    assert (tagged(journal, "hard"), tagged(journal, "to-fill")) == ([], [mine])

    undo.take_back(journal, 1)

    assert dump(journal) == before
    assert (found(journal, "slate"), found(journal, "scorecard")) == ([mine], [])
    assert (tagged(journal, "hard"), tagged(journal, "to-fill")) == ([mine], [])
    check(journal)


def test_an_entry_that_was_deleted_comes_back_with_its_id_and_words(journal: Journal, dana: Manager) -> None:
    mine = add(journal, dana, "a fine slate", "note", "hard")
    before, entry = dump(journal), got(journal, mine)
    with journal.change("delete"):
        entries.delete(journal, mine)
    assert (found(journal, "slate"), tagged(journal, "hard")) == ([], [])

    undo.take_back(journal, 1)

    assert dump(journal) == before
    assert got(journal, mine) == entry
    assert (found(journal, "slate"), tagged(journal, "hard")) == ([mine], [mine])
    check(journal)


@pytest.mark.parametrize(
    "note",
    [
        "two\nlines\tand a tab\r\n",
        "\x1b[31m \x01 \x7f \x9b",
        "quotes ' \" ` \\ and \\u0041",
        '{"json": [1, null]}',
        "🙂 👩\u200d💻 \u202eevil\u202c \ufeff \U0010ffff",
        "1e400",
        "",
        "x" * 1_048_576,
    ],
    ids=["lines", "controls", "quotes", "json", "unicode", "number", "empty", "1 MB"],
)
def test_a_deleted_note_comes_back_to_the_last_character(journal: Journal, dana: Manager, note: str) -> None:
    mine = add(journal, dana, note)
    with journal.change("delete"):
        entries.delete(journal, mine)

    undo.take_back(journal, 1)

    assert got(journal, mine).note == note


def test_a_repair_that_a_delete_broke_is_whole_again(journal: Journal, dana: Manager) -> None:
    missed = add(journal, dana, "late", "promise-missed")
    deed = add(journal, dana, "done", "promise-kept")
    with journal.change("edit"):
        entries.update(journal, missed, {"repaired_by": deed})
    before = dump(journal)
    with journal.change("delete"):
        entries.delete(journal, deed)
    assert got(journal, missed).repaired_by is None

    undo.take_back(journal, 1)

    assert got(journal, missed).repaired_by == deed
    assert dump(journal) == before


@pytest.mark.parametrize("deed_first", [True, False])
def test_both_ends_of_a_repair_deleted_at_once_come_back(journal: Journal, dana: Manager, deed_first: bool) -> None:
    missed = add(journal, dana, "late", "promise-missed")
    deed = add(journal, dana, "done", "promise-kept")
    with journal.change("edit"):
        entries.update(journal, missed, {"repaired_by": deed})
    before = dump(journal)
    with journal.change("delete"):
        for one in (deed, missed) if deed_first else (missed, deed):
            entries.delete(journal, one)

    undo.take_back(journal, 1)

    assert dump(journal) == before


def test_a_manager_with_a_role_and_an_entry_made_in_one_change_are_gone_at_once(journal: Journal) -> None:
    before = dump(journal)
    with journal.change("import"):
        kim = people.add_manager(journal, "kim", "Kim Novak", {"team": "Data", "public_praise_ok": True})
        role = people.add_req(journal, kim.id, "sre", "Site reliability", date(2026, 11, 1), ("hard",))
        entries.add(journal, new(kim, "slate")._replace(req_id=role))

    undo.take_back(journal, 1)

    assert dump(journal) == before


def test_what_was_changed_about_people_and_roles_is_as_before(journal: Journal, dana: Manager) -> None:
    with journal.change("req add"):
        people.add_req(journal, dana.id, "sre", "Site reliability", date(2026, 11, 1))
    before = dump(journal)
    with journal.change("several"):
        people.edit_manager(journal, "dana", {"likes": "pho", "public_praise_ok": False})
        people.set_archived(journal, "dana", True)
        people.close_req(journal, "sre", date(2026, 11, 20))
        people.edit_manager(journal, "dana", {"handle": "dora"})
    assert people.manager(journal, "dora").archived

    undo.take_back(journal, 1)

    assert dump(journal) == before
    assert people.manager(journal, "dana") == dana


def test_a_manager_gets_a_new_handle_and_a_new_name_in_one_edit(journal: Journal, dana: Manager) -> None:
    with journal.change("manager edit"):
        edited = people.edit_manager(journal, "dana", {"handle": "dora", "name": "Dora Ortiz"})

    assert (edited.id, edited.handle, edited.name) == (dana.id, "dora", "Dora Ortiz")

    undo.take_back(journal, 1)
    assert people.manager(journal, "dana") == dana


def test_the_profile_is_as_before(journal: Journal) -> None:
    with journal.change("me"):
        private.save_profile(journal, {"seniors": ["Ann"], "after": "tea"})
    before = dump(journal)
    with journal.change("me"):
        private.save_profile(journal, {"seniors": ["Ann", "Bo"], "after": None, "before": "a walk"})
    assert private.load_profile(journal) == {"before": "a walk", "seniors": ["Ann", "Bo"]}

    undo.take_back(journal, 1)

    assert dump(journal) == before
    assert private.load_profile(journal) == {"after": "tea", "seniors": ["Ann"]}


def conversation(journal: Journal, manager: Manager) -> None:
    """One with an answer in each drawer."""
    sitting = conversations.sit_down(
        journal, conversations.add_conversation(journal, manager.id, 5), "prep", NOON.date(), 5
    )
    conversations.answer(journal, sitting, {"purpose": "to listen", "mood": 2})


def test_a_deleted_conversation_comes_back_with_both_drawers(journal: Journal, dana: Manager) -> None:
    with journal.change("prep-feedback"):
        conversation(journal, dana)
    before = dump(journal)
    assert [len(before[drawer]) for drawer in ("answers", "reflections")] == [1, 1]
    with journal.change("prep-feedback"):
        journal.db.execute("DELETE FROM conversations")  # and with it all that hangs on it
    assert dump(journal)["answers"] == dump(journal)["reflections"] == []

    undo.take_back(journal, 1)

    assert dump(journal) == before


# --- several changes


def test_several_changes_are_taken_back_newest_first(journal: Journal, dana: Manager) -> None:
    first = add(journal, dana, "one")
    before = dump(journal)
    second = add(journal, dana, "two")
    with journal.change("edit", "both"):
        entries.update(journal, first, {"note": "changed", "repaired_by": second})
        entries.update(journal, second, {"note": "changed too"})
    with journal.change("delete"):
        entries.delete(journal, second)

    done = undo.take_back(journal, 3)

    assert [change.command for change in done] == ["delete", "edit", "add"]
    assert dump(journal) == before
    assert [change.command for change in undo.changes(journal)] == ["add", "manager add"]


def test_more_than_there_are_takes_back_all_there_are(journal: Journal) -> None:
    empty = dump(journal)
    with journal.change("manager add"):
        dana = people.add_manager(journal, "dana", "Dana Ortiz")
    add(journal, dana, "slate")

    done = undo.take_back(journal, 50)

    assert [change.command for change in done] == ["add", "manager add"]
    assert dump(journal) == empty
    assert undo.changes(journal) == []
    assert undo.take_back(journal, 1) == []


def test_an_undo_is_no_change_that_could_be_undone(journal: Journal, dana: Manager) -> None:
    add(journal, dana, "one")
    add(journal, dana, "two")

    undo.take_back(journal, 1)
    undo.take_back(journal, 1)

    assert [change.command for change in undo.changes(journal)] == ["manager add"]
    assert entries.page(journal, Filter()) == []


def test_the_list_is_newest_first_and_can_be_cut(journal: Journal, dana: Manager) -> None:
    for note in ("one", "two"):
        with journal.change("add", f"about {note}"):
            entries.add(journal, new(dana, note))

    assert [change.summary for change in undo.changes(journal)] == ["about two", "about one", "dana"]
    assert [change.summary for change in undo.changes(journal, 1)] == ["about two"]


def test_an_id_that_was_taken_back_is_never_given_again(journal: Journal, dana: Manager) -> None:
    first = add(journal, dana, "one")
    undo.take_back(journal, 1)

    assert add(journal, dana, "two") > first


# --- ranges


def test_a_thousand_entries_of_one_change_are_one_line_of_history(journal: Journal, dana: Manager) -> None:
    before = dump(journal)
    with journal.change("import"):
        for number in range(1000):
            entries.add(journal, new(dana, f"slate {number}", tags=("hard",)))
    assert [tuple(row) for row in journal.rows("SELECT tbl, op, last_id - first_id FROM undo_rows")] == [
        ("managers", "insert", 0),
        ("entries", "insert", 999),
    ]

    undo.take_back(journal, 1)

    assert dump(journal) == before
    check(journal)


def test_a_range_never_reaches_into_another_change(journal: Journal, dana: Manager) -> None:
    kept = add(journal, dana, "one")
    add(journal, dana, "two")

    undo.take_back(journal, 1)

    assert [entry.id for entry in entries.page(journal, Filter())] == [kept]


def test_a_range_with_a_hole_and_an_interruption_is_taken_back_whole(journal: Journal, dana: Manager) -> None:
    before = dump(journal)
    with journal.change("import"):
        ids = [entries.add(journal, new(dana, f"slate {number}")) for number in range(5)]
        entries.delete(journal, ids[2])
        people.add_manager(journal, "kim", "Kim Novak")
        entries.update(journal, ids[0], {"repaired_by": entries.add(journal, new(dana, "after"))})
        entries.delete(journal, ids[4])

    undo.take_back(journal, 1)

    assert dump(journal) == before


# --- redo


def test_what_was_taken_back_is_done_again_the_last_first(journal: Journal, dana: Manager) -> None:
    states = [dump(journal)]
    for note in ("one", "two", "three"):
        add(journal, dana, note, "note", "hard")
        states.append(dump(journal))
    undo.take_back(journal, 2)

    assert [len(undo.changes(journal)), len(undo.changes(journal, undone=True))] == [2, 2]
    for state in states[2:]:
        undo.redo(journal, 1)
        assert dump(journal) == state
        check(journal)
    undo.take_back(journal, 2)
    assert dump(journal) == states[1]
    assert len(undo.redo(journal, 9)) == 2
    assert dump(journal) == states[-1]


def test_something_else_written_leaves_nothing_to_do_again(journal: Journal, dana: Manager) -> None:
    with pytest.raises(UserError, match="nothing was taken back"):
        undo.redo(journal, 1)
    add(journal, dana, "a secret slate")
    undo.take_back(journal, 1)
    with journal.change("nothing"):  # writes nothing, so it is no change
        pass
    assert len(undo.changes(journal, undone=True)) == 1
    add(journal, dana, "scorecard")
    before = dump(journal)

    with pytest.raises(UserError, match="something else was written") as error:
        undo.redo(journal, 1)

    assert error.value.code == "conflict"
    assert (dump(journal), undo.changes(journal, undone=True)) == (before, [])
    assert not journal.rows("SELECT 1 FROM undo_rows WHERE image LIKE '%secret%'")
    undo.take_back(journal, 1)
    assert [change.command for change in undo.redo(journal, 9)] == ["add"]


def test_a_row_changed_twice_in_one_change_comes_back_from_both_sides(journal: Journal, dana: Manager) -> None:
    mine, other = (add(journal, dana, word) for word in ("slate", "café"))
    before = dump(journal)
    with journal.change("several"):
        for note in ("first", "scorecard"):
            for one in (mine, other):
                entries.update(journal, one, {"note": note, "size": "l"})
    after = dump(journal)
    for _ in range(2):
        undo.take_back(journal, 1)
        assert dump(journal) == before
        undo.redo(journal, 1)
        assert dump(journal) == after
        check(journal)


def test_a_draft_goes_and_comes_with_its_role_and_keeps_what_was_answered_meanwhile(
    journal: Journal, dana: Manager
) -> None:
    with journal.change("import"):
        role = people.add_req(journal, dana.id, "PA-1", "Analyst", date(2026, 11, 1))
        whole = conversations.add_draft(journal, "kickoff", dana.id, "Dev", {"level": "Lead"})
        conversations.tell_undo(journal, whole)
    with journal.draft():
        mine = conversations.add_draft(journal, "kickoff", dana.id, "Analyst", {"level": None}, role)
    undo.take_back(journal, 1)
    with journal.draft():
        conversations.keep_draft(journal, mine, {"level": "Senior"})
    (left,) = conversations.drafts_of(journal, "kickoff", dana.id)
    assert (left.title, left.req) == ("Analyst", None)

    undo.redo(journal, 1)

    found = {one.id: (one.req, one.answers) for one in conversations.drafts_of(journal, "kickoff", dana.id)}
    assert found == {mine: ("PA-1", {"level": "Senior"}), whole: (None, {"level": "Lead"})}


def test_what_has_no_room_any_more_is_not_done_again(journal: Journal) -> None:
    with journal.change("manager add"):
        people.add_manager(journal, "kim", "Kim Novak")
    undo.take_back(journal, 1)
    with journal.draft():  # as sync writes what another laptop has
        people.add_manager(journal, "kim", "Kim Other")
    before = dump(journal)

    with pytest.raises(UserError, match="another laptop wrote") as error:
        undo.redo(journal, 1)

    assert (error.value.code, dump(journal)) == ("conflict", before)


@pytest.mark.long
def test_twenty_five_thousand_rows_are_taken_back_and_done_again_within_two_seconds_of_cpu(
    journal: Journal, dana: Manager
) -> None:
    def took(turn: Callable[[Journal, int], object]) -> float:
        began = time.process_time()
        turn(journal, 1)
        return time.process_time() - began

    with journal.change("import"):
        for number in range(25_000):
            entries.add(journal, new(dana, f"sent the slate number {number}", tags=("hard",)))
    turns = [took(turn) for turn in (undo.take_back, undo.redo)]
    with journal.change("edit"):
        journal.db.execute("UPDATE entries SET note = note || ' and more', size = 'l'")
    turns += [took(turn) for turn in (undo.take_back, undo.redo)]
    with journal.change("manager merge"):
        kim = people.add_manager(journal, "kim", "Kim Novak")
        people_merge.move_rows(journal, dana, kim)
    turns += [took(turn) for turn in (undo.take_back, undo.redo)]

    assert max(turns) < 2, turns


# --- drafts


def test_a_draft_stays_when_the_changes_around_it_are_taken_back(journal: Journal, dana: Manager) -> None:
    add(journal, dana, "before")
    with journal.draft():
        conversation(journal, dana)
    add(journal, dana, "after")

    undo.take_back(journal, 2)

    assert entries.page(journal, Filter()) == []
    assert len(dump(journal)["conversations"]) == len(dump(journal)["answers"]) == 1


def test_a_manager_whom_a_draft_needs_is_not_taken_away(journal: Journal, dana: Manager) -> None:
    with journal.draft():
        conversation(journal, dana)
    add(journal, dana, "slate")
    before = dump(journal)

    with pytest.raises(UserError) as error:
        undo.take_back(journal, 2)

    assert error.value.code == "conflict"
    assert dump(journal) == before
    assert [change.command for change in undo.changes(journal)] == ["add", "manager add"]
    assert [change.command for change in undo.take_back(journal, 1)] == ["add"]


# --- any sequence

picks = st.integers(0, 9)
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)
tag_lists = st.lists(st.sampled_from(TAGS), max_size=3).map(tuple)
steps_drawn = st.one_of(
    st.tuples(st.just("manager"), texts),
    st.tuples(st.just("rename"), picks, texts),
    st.tuples(st.just("role"), picks, texts),
    st.tuples(st.just("add"), picks, texts, tag_lists),
    st.tuples(st.just("add"), picks, texts, tag_lists),
    st.tuples(st.just("note"), picks, texts),
    st.tuples(st.just("tags"), picks, tag_lists),
    st.tuples(st.just("mend"), picks, picks),
    st.tuples(st.just("delete"), picks),
)


def exported(journal: Journal) -> bytes:
    return b"".join(transfer.export_document(journal, transfer.ExportWanted("json", private=True)))


class Play:
    """Does drawn steps to a journal, with a count of its own for names that must be free."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.count = 0

    def do(self, name: str, *values: Any) -> None:
        self.count += 1
        managers = people.all_managers(self.journal)
        ids = sorted(entry.id for entry in entries.page(self.journal, Filter()))
        if name == "manager":
            people.add_manager(self.journal, f"m{self.count}", values[0])
        elif name in ("rename", "role", "add"):
            if managers:
                self.about(managers[values[0] % len(managers)], name, *values[1:])
        elif ids:
            self.to(ids[values[0] % len(ids)], ids, name, *values[1:])

    def about(self, manager: Manager, name: str, text: str, tags: tuple[str, ...] = ()) -> None:
        if name == "rename":
            people.edit_manager(self.journal, manager.handle, {"name": text, "likes": text or None})
        elif name == "role":
            people.add_req(self.journal, manager.id, f"r{self.count}", text, NOON.date(), TAGS)
        else:
            roles = people.reqs(self.journal, manager.id)
            role = roles[-1].id if roles else None
            entries.add(self.journal, new(manager, text, tags=tags)._replace(req_id=role, did=text or None))

    def to(self, entry: int, ids: list[int], name: str, value: Any = None) -> None:
        if name == "delete":
            entries.delete(self.journal, entry)
        elif name == "mend":
            entries.update(self.journal, entry, {"repaired_by": ids[value % len(ids)]})
        else:
            entries.update(self.journal, entry, {name: value})


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.lists(steps_drawn, min_size=1, max_size=4), max_size=10))
@pytest.mark.long
def test_any_changes_taken_back_and_done_again_one_by_one_show_every_state(
    blank: Path, changes: list[list[tuple[Any, ...]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(blank, folder))
        with closing(Journal.open(path, Path(folder) / "snapshots")) as journal:
            play = Play(journal)
            with journal.change("manager add"):
                people.add_manager(journal, "dana", "Dana Ortiz")
            states, gone = [dump(journal)], []
            for steps in changes:
                with journal.change("change"):
                    for step in steps:
                        play.do(*step)
                if len(undo.changes(journal)) > len(states):
                    states.append(dump(journal))
                assert dump(journal) == states[-1]
                check(journal)

            while len(states) > 1:
                states.pop()
                gone.append((dump(journal), exported(journal)))
                undo.take_back(journal, 1)
                assert dump(journal) == states[-1]
                check(journal)
            assert [change.command for change in undo.changes(journal)] == ["manager add"]
            for state, export in reversed(gone):
                undo.redo(journal, 1)
                assert (dump(journal), exported(journal)) == (state, export)
                check(journal)
