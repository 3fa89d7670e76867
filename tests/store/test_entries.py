"""Entries: kept as they were given, found by filters and words, read by the trust model."""

import shutil
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers import got

from trustlog.domain.entries import KINDS, Entry, EntryDraft, Filter
from trustlog.domain.people import Manager
from trustlog.domain.praise import Span
from trustlog.domain.standing import read
from trustlog.domain.trust import Fact, Parameters
from trustlog.store import entries, entries_search, people, praise, trust
from trustlog.store.journal import Journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARKS = ("[", "]")
EVERYTHING = Filter()


def add(journal: Journal, manager: Manager, kind: str = "note", **fields: Any) -> int:
    with journal.change("add"):
        return entries.add(journal, EntryDraft(manager.id, kind, fields.pop("at", NOON), **fields))


def hits(journal: Journal, query: str, wanted: Filter = EVERYTHING) -> list[str]:
    return [text for _, text in entries_search.search(journal, query, wanted, MARKS)]


@pytest.fixture
def marcus(journal: Journal) -> Manager:
    with journal.change("manager add", "marcus"):
        return people.add_manager(journal, "marcus", "Marcus Webb")


# --- kept as given


def test_an_entry_comes_back_as_it_was_given(journal: Journal, dana: Manager) -> None:
    at = datetime(2026, 11, 20, 23, 30, 15, tzinfo=timezone(timedelta(hours=-5)))
    with journal.change("req add"):
        role = people.add_req(journal, dana.id, "sre", "Site reliability", date(2026, 11, 1))
    deed = add(journal, dana, "promise-kept")

    mine = add(
        journal, dana, "praise-given", at=at, size="l", note="thanks", channel="email", req_id=role,
        approach="pull", tags=("hard", "日本", "#1"), evidence=False, did="scored in a day", changed="we hired",
        uid="0" * 32,
    )  # fmt: skip
    with journal.change("edit"):
        entries.update(journal, mine, {"repaired_by": deed})

    entry = got(journal, mine)
    assert entry == Entry(
        id=mine, uid="0" * 32, manager="dana", manager_name="Dana Ortiz", kind="praise-given", size="l",
        happened_at=at, happened_on=date(2026, 11, 20), note="thanks", channel="email", req="sre",
        approach="pull", tags=("hard", "日本", "#1"), evidence=False, did="scored in a day", changed="we hired",
        repaired_by=deed, created_at=entry.created_at,
    )  # fmt: skip
    assert entry.happened_at.utcoffset() == timedelta(hours=-5)
    assert timedelta(0) <= datetime.now(UTC) - entry.created_at < timedelta(minutes=1)


def test_an_entry_with_nothing_but_its_kind_has_defaults_and_a_uid_of_its_own(journal: Journal, dana: Manager) -> None:
    first, second = (got(journal, add(journal, dana)) for _ in range(2))

    assert (first.size, first.note, first.tags, first.evidence) == ("m", "", (), True)
    assert (first.channel, first.req, first.approach, first.did, first.repaired_by) == (None,) * 5
    assert first.uid != second.uid
    assert len(first.uid) == 32


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=-8))), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 0, 1, tzinfo=timezone(timedelta(hours=14))), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), date(2026, 11, 20)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2024, 2, 29)),
    ],
)
def test_the_day_of_an_entry_is_the_local_day_that_was_meant(
    journal: Journal, dana: Manager, at: datetime, day: date
) -> None:
    entry = got(journal, add(journal, dana, at=at))

    assert entry.happened_on == day
    assert entry.happened_at.isoformat() == at.isoformat()


def test_an_entry_without_a_place_in_time_is_refused(journal: Journal, dana: Manager) -> None:
    with pytest.raises(ValueError, match="aware"):
        add(journal, dana, at=datetime(2026, 11, 20, 12))

    assert entries.count(journal, EVERYTHING) == 0


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_note_is_kept_to_the_last_character(blank: Path, note: str) -> None:
    with in_copy_of(blank) as journal:
        (mine,) = write(journal, [("dana", EntryDraft(0, "note", NOON, note=note, tags=(note,)))])

        entry = got(journal, mine)

    assert (entry.note, entry.tags) == (note, (note,))


def test_an_edit_changes_what_it_names_and_nothing_else(journal: Journal, dana: Manager) -> None:
    mine = add(journal, dana, "meeting-held", note="old", tags=("a",))
    before = got(journal, mine)
    at = datetime(2026, 11, 18, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    with journal.change("edit"):
        entries.update(journal, mine, {"note": "new", "happened_at": at, "tags": ("b", "c"), "evidence": False})
        entries.update(journal, mine, {})

    assert got(journal, mine) == before._replace(
        note="new", happened_at=at, happened_on=date(2026, 11, 18), tags=("b", "c"), evidence=False
    )
    assert [entry.id for entry in entries.page(journal, Filter(tag="c"))] == [mine]
    assert entries.page(journal, Filter(tag="a")) == []


def test_an_entry_that_is_not_there_is_none(journal: Journal, dana: Manager) -> None:
    mine = add(journal, dana)
    with journal.change("delete"):
        entries.delete(journal, mine)

    assert entries.get(journal, mine) is None
    assert entries.by_ids(journal, [mine, 99]) == {}


def test_entries_are_found_by_their_ids(journal: Journal, dana: Manager) -> None:
    first, _, third = (add(journal, dana, note=note) for note in ("one", "two", "three"))

    told = entries.by_ids(journal, [third, first, first, 99])

    assert {key: entry.note for key, entry in told.items()} == {first: "one", third: "three"}
    assert entries.by_ids(journal, []) == {}


# --- filters


@pytest.fixture
def filled(journal: Journal, dana: Manager, marcus: Manager) -> Journal:
    """Seven entries about two managers; the note is the day."""
    with journal.change("req add"):
        sre = people.add_req(journal, dana.id, "sre", "Site reliability", date(2026, 11, 1))
    west = timezone(timedelta(hours=-10))
    for manager, kind, at, tags, role in (
        (dana, "note", datetime(2026, 11, 1, 12, tzinfo=UTC), (), None),
        (dana, "slate-accepted", datetime(2026, 11, 2, 12, tzinfo=UTC), ("hard",), sre),
        (dana, "slate-declined", datetime(2026, 11, 3, 12, tzinfo=UTC), ("hard", "to-fill"), sre),
        (dana, "note", datetime(2026, 11, 4, 23, 0, tzinfo=west), (), None),  # 5 November in UTC
        (marcus, "note", datetime(2026, 11, 3, 12, tzinfo=UTC), ("hard",), None),
        (marcus, "slate-accepted", datetime(2026, 11, 6, 12, tzinfo=UTC), (), None),
        (marcus, "slate-accepted", datetime(2026, 11, 6, 12, tzinfo=UTC), (), None),
    ):
        note = f"seen {manager.handle} {at.day}"
        add(journal, manager, kind, at=at, tags=tags, req_id=role, note=note)
    return journal


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["marcus 6", "marcus 6", "dana 4", "marcus 3", "dana 3", "dana 2", "dana 1"]),
    ({"manager_id": 1}, ["dana 4", "dana 3", "dana 2", "dana 1"]),
    ({"manager_id": 99}, []),
    ({"since": date(2026, 11, 4)}, ["marcus 6", "marcus 6", "dana 4"]),
    ({"since": date(2026, 11, 5)}, ["marcus 6", "marcus 6"]),
    ({"until": date(2026, 11, 2)}, ["dana 2", "dana 1"]),
    ({"until": date(2026, 11, 4), "since": date(2026, 11, 4)}, ["dana 4"]),
    ({"since": date(2026, 11, 5), "until": date(2026, 11, 4)}, []),
    ({"kind": "slate-declined"}, ["dana 3"]),
    ({"kind": "slate"}, []),
    ({"tag": "hard"}, ["marcus 3", "dana 3", "dana 2"]),
    ({"tag": "to-fill"}, ["dana 3"]),
    ({"tag": "HARD"}, []),
    ({"req_id": 1}, ["dana 3", "dana 2"]),
    ({"limit": 2}, ["marcus 6", "marcus 6"]),
    ({"limit": 0}, []),
    ({"manager_id": 1, "tag": "hard", "kind": "slate-accepted", "req_id": 1}, ["dana 2"]),
    ({"manager_id": 2, "req_id": 1}, []),
    ({"manager_id": 1, "limit": 1}, ["dana 4"]),
]
by_filter = pytest.mark.parametrize(
    ("fields", "told"), FILTERS, ids=["+".join(fields) or "all" for fields, _ in FILTERS]
)


@by_filter
def test_a_filter_narrows_newest_first(filled: Journal, fields: dict[str, Any], told: list[str]) -> None:
    page = entries.page(filled, Filter(**fields))

    assert [entry.note for entry in page] == [f"seen {note}" for note in told]
    assert [entry.id for entry in page if entry.happened_on == date(2026, 11, 6)] in ([], [7, 6])


@by_filter
def test_a_filter_narrows_a_search_too(filled: Journal, fields: dict[str, Any], told: list[str]) -> None:
    assert hits(filled, "seen", Filter(**fields)) == [f"[seen] {note}" for note in told]


@pytest.mark.parametrize(("fields", "told"), [(fields, len(told)) for fields, told in FILTERS if "limit" not in fields])
def test_a_count_is_of_all_that_fit(filled: Journal, fields: dict[str, Any], told: int) -> None:
    assert entries.count(filled, Filter(**fields)) == told


def test_the_kinds_are_told_by_use_then_by_name(filled: Journal) -> None:
    assert entries.kinds_by_use(filled) == ["note", "slate-accepted", "slate-declined"]


# --- search


@pytest.mark.parametrize(
    ("query", "note", "told"),
    [
        # any form of a word, any case, with or without its marks
        ("promise", "She PROMISED it", "She [PROMISED] it"),
        ("promised", "two promises", "two [promises]"),
        ("thanking", "thanks!", "[thanks]!"),
        ("cafe", "at the café", "at the [café]"),
        ("CAFÉ", "at the cafe", "at the [cafe]"),
        ("naive", "nai\u0308ve", "[nai\u0308ve]"),
        ("ЖУРНАЛ", "мой журнал", "мой [журнал]"),
        # every word must occur, in any order
        ("slate fine", "a fine slate", "a [fine] [slate]"),
        # punctuation means nothing
        ("o'brien", "Met O'Brien", "Met [O'Brien]"),
        ("c++", "knows C, not Java", "knows [C], not Java"),
        ("a-b", "plan a b", "plan [a b]"),
        ("50%", "50 percent", "[50] percent"),
        ('"fine', "a fine slate", "a [fine] slate"),
        ("fine*", "a fine slate", "a [fine] slate"),
        ("fine ***", "a fine slate", "a [fine] slate"),
        ("*** fine", "a fine slate", "a [fine] slate"),
        ("(fine)", "a fine slate", "a [fine] slate"),
        ("note:fine", "note fine", "[note fine]"),
        # operators are words
        ("fine AND", "fine and good", "[fine] [and] good"),
        ("NEAR(fine", "near fine", "[near fine]"),
        ("NOT", "not yet", "[not] yet"),
        # an emoji is a word
        ("🙂", "a good slate 🙂", "a good slate [🙂]"),
    ],
)
def test_a_search_finds(journal: Journal, dana: Manager, query: str, note: str, told: str) -> None:
    add(journal, dana, note="nothing of it")
    add(journal, dana, note=note)

    assert hits(journal, query) == [told]


@pytest.mark.parametrize(
    "query",
    ["slate missing", "sla", "ne", "-fine", "fine OR", "did:fine", "***", '"', '""', "( )", "", "   "],
)
def test_a_search_finds_nothing_where_a_word_is_missing(journal: Journal, dana: Manager, query: str) -> None:
    add(journal, dana, note="a good slate")

    assert hits(journal, query) == []


NASTY = [
    *("o'brien", "c++", "a-b", "50%", '"x', 'x"', '"""', "***", "*", "^", "NEAR(", "NEAR(a b, 2)", "a AND"),
    *("AND", "OR", "NOT", "a NOT", "(", ")", "{}", "note:", "note : x", "{note did}: x", "-x", "+", "a + b"),
    *("🙂", "👩\u200d💻", "\u202e", "\ufeff", "\u200b", "\x1b[31m", "\\", "'; DROP TABLE entries; --", "?", "?1"),
    *(":x", "@x", "$x", "%", "_", ",", ".", ";", "a\tb", "\n", "\x1f", "ß", "İ", "李雷", "x" * 5000, "a " * 100),
]


@pytest.mark.parametrize("query", NASTY, ids=[ascii(query)[:20] for query in NASTY])
def test_no_punctuation_breaks_a_search(journal: Journal, dana: Manager, query: str) -> None:
    mine = add(journal, dana, note=f"word {query} word")

    told = entries_search.search(journal, f"word {query}", EVERYTHING, MARKS)

    # the words of the query are in the note, whatever stands between them
    assert [entry.id for entry, _ in told] == [mine]
    assert isinstance(entries_search.search(journal, query, EVERYTHING, MARKS), list)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_no_query_whatever_breaks_a_search(searched: Journal, query: str) -> None:
    assert len(entries_search.search(searched, query, EVERYTHING, MARKS)) <= 1


@pytest.fixture(scope="module")
def searched(blank: Path) -> Any:
    with in_copy_of(blank) as journal:
        write(journal, [("dana", EntryDraft(0, "note", NOON, note="a b c 1 2 3"))])
        yield journal


def test_a_search_reads_the_note_and_both_halves_of_praise(journal: Journal, dana: Manager) -> None:
    add(journal, dana, "praise-given", note="thanks", did="scored in a day", changed="we hired")
    add(journal, dana, "praise-given", did="a day")

    assert hits(journal, "hired scored thanks") == ["[thanks]\n[scored] in a day\nwe [hired]"]
    assert hits(journal, "day") == ["a [day]", "thanks\nscored in a [day]\nwe hired"]


def test_a_search_knows_only_what_a_note_says_now(journal: Journal, dana: Manager) -> None:
    mine = add(journal, dana, note="before")
    with journal.change("edit"):
        entries.update(journal, mine, {"note": "after"})
    assert (hits(journal, "before"), hits(journal, "after")) == ([], ["[after]"])

    with journal.change("delete"):
        entries.delete(journal, mine)
    assert hits(journal, "after") == []


# --- what the trust model reads


def test_facts_carry_what_the_model_needs(journal: Journal, dana: Manager, marcus: Manager) -> None:
    missed = add(journal, dana, "promise-missed", size="l", at=NOON - timedelta(days=9))
    deed = add(journal, dana, "promise-kept", at=NOON - timedelta(days=2))
    silent = add(journal, dana, "confided", evidence=False)
    add(journal, marcus, "bypassed")
    with journal.change("edit"):
        entries.update(journal, missed, {"repaired_by": deed})

    assert sorted(trust.facts_of(journal, dana.id)) == [
        Fact(missed, date(2026, 11, 11), "promise-missed", "l", True, date(2026, 11, 18)),
        Fact(deed, date(2026, 11, 18), "promise-kept"),
        Fact(silent, date(2026, 11, 20), "confided", evidence=False),
    ]


@pytest.mark.parametrize(
    ("until", "known", "mended"),
    [
        (NOON - timedelta(days=9, seconds=1), 0, False),
        (NOON - timedelta(days=9), 1, False),
        (NOON - timedelta(seconds=1), 1, False),
        (NOON, 2, True),
        ((NOON - timedelta(seconds=1)).astimezone(timezone(timedelta(hours=9))), 1, False),
        (NOON.astimezone(timezone(timedelta(hours=-9))), 2, True),
        (None, 2, True),
    ],
)
def test_facts_until_a_moment_know_nothing_of_later_ones(
    journal: Journal, dana: Manager, until: datetime | None, known: int, mended: bool
) -> None:
    missed = add(journal, dana, "promise-missed", at=NOON - timedelta(days=9))
    deed = add(journal, dana, "promise-kept", at=NOON)
    with journal.change("edit"):
        entries.update(journal, missed, {"repaired_by": deed})

    facts = sorted(trust.facts_of(journal, dana.id, until))

    assert len(facts) == known
    assert [fact.repaired_on is not None for fact in facts if fact.entry == missed] == [mended][:known]


def test_facts_go_by_the_local_day_that_was_meant(journal: Journal, dana: Manager) -> None:
    add(journal, dana, at=datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-5))))

    (fact,) = trust.facts_of(journal, dana.id)

    assert fact.on == date(2026, 11, 20)


logged = st.lists(
    st.tuples(st.sampled_from(["dana", "marcus"]), st.sampled_from(sorted(KINDS)), st.integers(0, 60)),
    max_size=12,
)


@settings(derandomize=True, deadline=None, max_examples=20)
@given(logged)
def test_property_8_entries_of_other_managers_never_change_a_reading(
    blank: Path, log: list[tuple[str, str, int]]
) -> None:
    both = [(who, EntryDraft(0, kind, NOON - timedelta(days=days))) for who, kind, days in log]

    def known_of_dana(rows: list[tuple[str, EntryDraft]]) -> Any:
        with in_copy_of(blank) as journal:
            write(journal, rows)
            reading = read(trust.facts_of(journal, 1), NOON.date(), Parameters())
        # ids differ, because they are counted over all managers
        counted = [(one.atom.facet, one.atom.sign, one.age_days, one.counts) for one in reading.evidence]
        return reading._replace(evidence=()), sorted(counted)

    assert known_of_dana(both) == known_of_dana([row for row in both if row[0] == "dana"])


class in_copy_of(closing[Journal]):  # noqa: N801 - read as words
    """A journal of one example's own; dana is 1, marcus 2."""

    def __init__(self, blank: Path) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(shutil.copy(blank, self.folder.name))
        super().__init__(Journal.open(path, path.parent / "snapshots"))

    def __exit__(self, *failure: Any) -> None:
        super().__exit__(*failure)
        self.folder.cleanup()


def write(journal: Journal, rows: list[tuple[str, EntryDraft]]) -> list[int]:
    with journal.change("import"):
        for handle in ("dana", "marcus"):
            people.add_manager(journal, handle, handle.title())
        ids = {"dana": 1, "marcus": 2}
        return [entries.add(journal, new._replace(manager_id=ids[who])) for who, new in rows]


UNSPACED = [
    "東京オフィスの採用計画について話した", "候補者はPythonができる", "ฉันคุยกับผู้จัดการเรื่องผู้สมัคร",
    "우리는 채용계획을 의논했다", "they liked the slate 🎉👍", "startup talk", "a start 採用", "เริ่มstartupแล้ว",
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("採用", 2), ("採用計画", 1), ("Python", 1), ("python", 1), ("ผู้สมัคร", 1), ("계획", 1), ("🎉", 1),
        ("👍 slate", 1), ("slate", 1), ("start", 1), ("startup", 2), ("採用 start", 1), ("art", 0), ("採用。", 2),
        ("計画 東京", 1), ("🦊", 0), ("!!!", 0), ("計用", 0),
    ],
)  # fmt: skip
def test_words_are_found_in_every_script(journal: Journal, dana: Manager, query: str, count: int) -> None:
    for note in UNSPACED:
        add(journal, dana, note=note)
    found = hits(journal, query)
    assert len(found) == count
    assert all("[" in text for text in found)


def test_a_search_by_words_reads_no_entry_of_a_script_with_blanks(journal: Journal) -> None:
    (step,) = journal.rows(f"EXPLAIN QUERY PLAN {entries_search._HOLDING_UNSPACED}")
    assert "entries_unspaced" in step["detail"]


# --- when, and on which days


@pytest.mark.parametrize("hours", [-14, -12, 0, 12, 14])
@pytest.mark.parametrize("time", ["00:00:00", "23:59:59"])
def test_a_day_holds_what_happened_on_it_in_any_zone(journal: Journal, dana: Manager, hours: int, time: str) -> None:
    day = date(2026, 11, 20)
    at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=timezone(timedelta(hours=hours)))
    entry = add(journal, dana, "meeting-held", at=at)
    assert [found.id for found in entries.page(journal, Filter(since=day, until=day))] == [entry]
    assert [found.entry for found in entries.contacts(journal, day, day)] == [entry]
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert entries.page(journal, Filter(since=other, until=other)) == []


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_that_there_are_can_be_asked_for(journal: Journal, dana: Manager, day: date) -> None:
    entry = add(journal, dana)
    found = entries.page(journal, Filter(since=day) if day == date.min else Filter(until=day))
    assert [one.id for one in found] == [entry]
    assert entries.page(journal, Filter(since=day, until=day)) == []


@pytest.mark.parametrize("kind", [None, "note"])
def test_some_days_are_found_by_an_index(journal: Journal, kind: str | None) -> None:
    where, bound = entries.where_of(Filter(kind=kind, since=date(2026, 11, 1), until=date(2026, 11, 2)))
    (step,) = journal.rows(f"EXPLAIN QUERY PLAN SELECT e.id FROM entries e {where} ORDER BY e.happened_at DESC", bound)
    assert "happened_at>? AND happened_at<?" in step["detail"]


def test_a_kind_was_last_written_down_with_a_manager_or_about_a_role(
    journal: Journal, dana: Manager, marcus: Manager
) -> None:
    assert entries.last_at(journal, dana.id, "update-sent") is None
    with journal.change("req add"):
        role = people.add_req(journal, dana.id, "sre", "Site reliability", date(2026, 11, 1))
    add(journal, dana, "update-sent", at=NOON - timedelta(days=9), req_id=role)
    add(journal, dana, "update-sent", at=NOON - timedelta(days=2))
    add(journal, dana, "note")
    add(journal, marcus, "update-sent", at=NOON)
    assert entries.last_at(journal, dana.id, "update-sent") == NOON - timedelta(days=2)
    assert entries.last_at(journal, dana.id, "update-sent", "sre") == NOON - timedelta(days=9)
    assert entries.last_at(journal, marcus.id, "update-sent", "sre") is None


def test_the_acts_of_a_span_are_counted_by_day_with_their_managers(
    journal: Journal, dana: Manager, marcus: Manager
) -> None:
    for day, kind in ((0, "reply-received"), (0, "praise-given"), (3, "reply-received"), (9, "reply-received")):
        add(journal, dana, kind, at=NOON - timedelta(days=day))
    add(journal, marcus, "reply-received", at=NOON)
    add(journal, marcus, "note", at=NOON - timedelta(days=1))
    span = Span(date(2026, 11, 15), date(2026, 11, 20))

    found = praise.acts_by_day(journal, span, ("reply-received", "praise-given"))

    assert found == ({date(2026, 11, 17): 1, date(2026, 11, 20): 3}, 2)
    told = praise.of_kind(journal, span, "praise-given")
    assert [(handle, name, day) for handle, name, day, _ in told] == [("dana", "Dana Ortiz", date(2026, 11, 20))]
