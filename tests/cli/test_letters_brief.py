"""`brief`: the page before a meeting, in words and without figures."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from trustlog.domain.entries import Entry, EntryDraft
from trustlog.domain.kickoffs import Agreement, AgreementEvent, fold
from trustlog.domain.letters_brief import OPENINGS, Briefing, Point, ago, opened
from trustlog.domain.people import Manager
from trustlog.domain.praise import Unthanked
from trustlog.services import letters
from trustlog.store import kickoffs, people
from trustlog.store.entries import columns_of
from trustlog.store.journal import Journal
from trustlog.ui.text import Look, cells
from trustlog.view import letters as view

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Run, Terminal

KEYS = [
    "manager", "as_of", "last_contact", "conversation", "loops", "unthanked", "agreements", "points", "entries",
    "opening",
]  # fmt: skip
PLAIN = Look(80, color=False, blocks=True, terminal=False)


def lines(run: Run) -> list[str]:
    return run.says().splitlines()


def part(run: Run, label: str) -> list[str]:
    """The lines beside a label."""
    found: list[str] = []
    for line in lines(run):
        if line.startswith(f"  {label:<16}"):
            found = [line[18:]]
        elif found and line.startswith(" " * 18):
            found.append(line[18:])
        elif found:
            break
    return found


@pytest.mark.usefixtures("two")
def test_of_a_manager_nobody_wrote_about_there_is_a_name_and_a_way_to_begin(call: Call) -> None:
    said = call("brief", "dana")
    assert lines(said)[0].startswith("Dana Ortiz · payments  ")
    assert lines(said)[1:] == [
        "",
        "  last in touch   nothing noted yet",
        "",
        "  to begin        Ask Dana what a search that went well looked like.",
    ]


@pytest.mark.usefixtures("two")
def test_the_parts_stand_in_their_order(call: Call) -> None:
    call("manager", "edit", "dana", "--likes", "short mails", "--on-their-plate", "quarter end")
    call("add", "dana", "walked through the notes", "-k", "meeting-held", "-w", "3 days ago")
    call("promise", "dana", "slate for the analyst", "--due", "in 2 days")
    call("ask", "dana", "scorecard for J.K.", "--for", "scorecard", "--when", "6 days ago", "--due", "2 days ago")
    call("notice", "dana", "four scorecards before lunch")
    call("prep-feedback", "dana", "--when", "tomorrow 16:00", "--set", "purpose=which stage cost most")
    call(
        "debrief", "dana", "--when", "20 days ago", "--set",
        'items=[{"text":"an example","decision":"ask"},'
        '{"text":"two profiles","decision":"use","then_action":"show two"}]',
    )  # fmt: skip
    said = call("brief", "dana")
    labels = [line[2:18].rstrip() for line in lines(said)[1:] if line[2:18].strip()]
    assert labels == [
        "last in touch", "on their plate", "likes", "prepared", "you owe", "they owe", "not thanked", "to ask",
        "to try", "lately", "to begin",
    ]  # fmt: skip
    assert part(said, "last in touch")[0].startswith("three days ago, ")
    assert part(said, "last in touch")[0].endswith(": meeting held, walked through the…")
    assert part(said, "on their plate") == ["quarter end"]
    assert part(said, "likes") == ["short mails"]
    assert part(said, "prepared")[0].endswith("16:00: which stage cost most")
    assert part(said, "prepared")[1] == "the card: trustlog prep-feedback dana --card"
    assert part(said, "you owe")[0].startswith("slate for the analyst · due ")
    (owed,) = part(said, "they owe")
    assert re.fullmatch(r"scorecard for J\.K\. · (1 day|2 days) late", owed)  # two from six in the evening on
    assert part(said, "not thanked")[0].endswith(": four scorecards before lunch")
    assert part(said, "to ask") == ["an example"]
    assert part(said, "to try")[0].startswith("show two · by ")
    assert part(said, "to begin") == ["Thank Dana first, for one thing: four scorecards before lunch."]


@pytest.mark.usefixtures("two")
def test_there_is_no_figure_of_trust_on_the_page(call: Call) -> None:
    for day in range(1, 9):
        call("add", "dana", "sent it", "-k", "promise-kept", "-w", f"{day} days ago")
    said = call("brief", "dana").says()
    for figure in ("unknown", "%", "seen", "0."):
        assert figure not in said
    assert set(call("brief", "dana", "--json").data) == set(KEYS)


@pytest.mark.usefixtures("two")
def test_as_json_it_has_everything(call: Call) -> None:
    call("add", "dana", "helped", "-k", "help-received")
    call("promise", "dana", "slate", "--due", "tomorrow")
    data = call("brief", "dana", "--json").data
    assert list(data) == KEYS
    assert (data["manager"]["handle"], data["manager"]["team"]) == ("dana", "payments")
    assert [(one["owed_by"], one["what"], one["state"]) for one in data["loops"]] == [("me", "slate", "open")]
    assert [one["kind"] for one in data["entries"]] == ["help-received"]
    assert [(one["source"], one["what"]) for one in data["unthanked"]] == [("help", "helped")]
    assert data["opening"] == "Thank Dana first, for one thing: helped."
    assert (data["conversation"], data["agreements"], data["points"]) == (None, [], [])


@pytest.mark.usefixtures("two")
def test_the_last_five_entries_stand_in_one_line_each(call: Call) -> None:
    for day in range(7, 0, -1):
        call("add", "dana", f"note {day} " + "and much more " * 20 + "\nsecond line", "-w", f"{day} days ago")
    listed = part(call("brief", "dana"), "lately")
    assert len(listed) == 5
    assert [line[12:].split(" ")[1:3] for line in listed] == [["note", str(day)] for day in range(1, 6)]
    assert all(len(line) <= 62 and line.endswith("…") for line in listed)


@pytest.mark.usefixtures("two")
def test_a_note_is_no_contact(call: Call) -> None:
    call("add", "dana", "met", "-k", "meeting-held", "-w", "20 days ago")
    call("add", "dana", "a thought", "-w", "yesterday")
    said = call("brief", "dana")
    assert part(said, "last in touch")[0].startswith("two weeks ago, ")
    assert len(part(said, "lately")) == 2


@pytest.mark.usefixtures("two")
def test_only_what_is_about_the_manager_stands_there(call: Call) -> None:
    call("add", "marcus", "a secret of his", "-k", "confided")
    call("promise", "marcus", "his slate", "--due", "tomorrow")
    call("notice", "marcus", "his deed")
    call("prep-feedback", "marcus", "--set", "purpose=his purpose")
    assert lines(call("brief", "dana"))[1:] == [
        "",
        "  last in touch   nothing noted yet",
        "",
        "  to begin        Ask Dana what a search that went well looked like.",
    ]


@pytest.mark.usefixtures("two")
def test_nothing_of_the_second_drawer_is_shown(call: Call) -> None:
    private = {"feeling_before": "CANARY tense", "resource": "CANARY tea", "comfort_person": "CANARY Sam"}
    told = [word for field, value in private.items() for word in ("--set", f"{field}={value}")]
    prepared = call("prep-feedback", "dana", "--minutes", "15", "--set", "purpose=learn one thing", *told)
    prepared = (
        prepared
        if prepared.code == 0
        else call("prep-feedback", "dana", "--minutes", "15", "--set", "purpose=learn one thing", *told[:2])
    )
    assert prepared.code == 0, prepared
    call("debrief", "marcus", "--set", "feeling_after=CANARY sore")
    for words in (["brief", "dana"], ["brief", "dana", "--json"], ["brief", "marcus", "--json"]):
        said = call(*words)
        assert said.code == 0
        assert "CANARY" not in said.out + said.err
    assert "learn one thing" in call("brief", "dana").says()


@pytest.mark.usefixtures("two")
def test_as_of_shows_the_page_as_it_stood_then(call: Call) -> None:
    call("add", "dana", "before", "-k", "meeting-held", "-w", "10 days ago")
    call("add", "dana", "after", "-k", "meeting-held", "-w", "2 days ago")
    call("promise", "dana", "slate", "--when", "9 days ago", "--due", "8 days ago")
    call("settle", "dana", "--when", "8 days ago 09:00")
    data = call("brief", "dana", "--as-of", "9 days ago", "--json").data
    assert [one["note"] for one in data["entries"]] == ["before"]
    assert [one["what"] for one in data["loops"]] == ["slate"]
    now = call("brief", "dana", "--json").data
    assert (now["loops"], now["entries"][0]["note"]) == ([], "after")


@pytest.mark.usefixtures("two")
def test_praise_after_a_deed_takes_it_off_the_page(call: Call) -> None:
    call("add", "dana", "explained the roadmap", "-k", "help-received", "-w", "5 days ago")
    call("ask", "dana", "scorecard", "--for", "scorecard", "--when", "4 days ago 09:00", "--due", "2 days ago")
    call("settle", "dana", "--when", "4 days ago 11:00")
    data = call("brief", "dana", "--json").data
    assert [(one["source"], one["what"]) for one in data["unthanked"]] == [
        ("answer", "scorecard"), ("help", "explained the roadmap"),
    ]  # fmt: skip
    call(
        "add",
        "dana",
        "thanked",
        "-k",
        "praise-given",
        "--did",
        "the scorecard",
        "--changed",
        "pace",
        "-w",
        "3 days ago",
    )
    assert call("brief", "dana", "--json").data["unthanked"] == []


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--for", "scorecard", "--when", "4 days ago 09:00", "--due", "2 days ago 09:00"], True),
        (["--for", "decision", "--when", "4 days ago 09:00", "--due", "2 days ago 09:00"], False),
        (["--for", "decision", "--when", "4 days ago 09:00", "--due", "today 23:59"], True),
        (["--for", "favour", "--when", "4 days ago 09:00"], True),
    ],
)
def test_a_quick_answer_and_a_favour_deserve_a_word(call: Call, words: list[str], found: bool) -> None:
    assert call("ask", "dana", "the thing", *words).code == 0
    assert call("settle", "dana", "--when", "2 days ago 08:00").code == 0
    assert [one["what"] for one in call("brief", "dana", "--json").data["unthanked"]] == ["the thing"] * found


@pytest.mark.usefixtures("two")
def test_old_help_is_not_brought_up_again_but_the_jar_is(call: Call, home: Path) -> None:
    call("add", "dana", "long ago", "-k", "help-received", "-w", "40 days ago")
    call("notice", "dana", "still in the jar")
    journal = Journal.open(home / "trustlog.db", home / "snapshots")
    with journal.change("test"):
        journal.db.execute("UPDATE noticed SET happened_on = '2024-01-05'")
    journal.close()
    assert [one["what"] for one in call("brief", "dana", "--json").data["unthanked"]] == ["still in the jar"]


@pytest.mark.usefixtures("two")
def test_an_overdue_promise_is_the_opening_when_nothing_waits_for_thanks(call: Call) -> None:
    call("promise", "dana", "the slate", "--when", "5 days ago", "--due", "2 days ago")
    opening = call("brief", "dana", "--json").data["opening"]
    assert opening == "Say a plain word about what you still owe, and a new day: the slate."


@pytest.mark.usefixtures("two")
def test_a_tried_point_that_was_done_is_gone(call: Call) -> None:
    call(
        "debrief", "dana", "--when", "20 days ago", "--set",
        'items=[{"text":"one","decision":"use"},{"text":"two","decision":"use"},{"text":"three","decision":"tomorrow"}]',
    )  # fmt: skip
    assert [one["text"] for one in call("brief", "dana", "--json").data["points"]] == ["one", "two"]
    done = call("checkin", "dana", "--set", 'followups=[{"text":"one","done":true}]')
    assert done.code == 0, done
    assert [one["text"] for one in call("brief", "dana", "--json").data["points"]] == ["two"]


def agreed(journal: Journal, code: str, *events: AgreementEvent) -> None:
    row = journal.row("SELECT id FROM reqs WHERE code = ?", (code,))
    assert row is not None
    with journal.change("kickoff"):
        found = kickoffs.add(journal, row[0], date(2024, 3, 1))
        for event in events:
            kickoffs.record(journal, found, event)


def test_the_agreement_of_an_open_role_says_what_waits(call: Call, two: Path) -> None:
    for title in ("Analyst", "Auditor", "Clerk"):
        call("req", "add", "dana", title, "--code", title, "--opened", "2024-03-01")
    journal = Journal.open(two / "trustlog.db", two / "snapshots")
    at = datetime(2024, 3, 1, 12, tzinfo=UTC)
    said = AgreementEvent("written", at, "scope", "must_haves", ["SQL", "Python"])
    open_ = AgreementEvent("written", at, "recap", "open_points", ["pay range"])
    changed = AgreementEvent("amended", at, "scope", "must_haves", ["SQL"], "few people", "twice the pool")
    agreed(journal, "Analyst", said, open_, changed)
    agreed(journal, "Auditor", said)
    journal.close()
    call("req", "close", "Auditor", "--when", "2024-04-01")
    assert part(call("brief", "dana"), "agreed") == [
        "Analyst: changed since it was agreed",
        "waits for a yes: recap; update 1, must haves: SQL · still",
        "open: pay range · not talked about yet: discovery,",
        "responsibilities, process",
    ]
    found = call("brief", "dana", "--json").data["agreements"]
    assert [(one["req"], one["status"], one["waits_for"], one["open_points"]) for one in found] == [
        ("Analyst", "amended", ["scope", "recap"], ["pay range"])
    ]
    assert found[0]["pending"][0] == {
        "number": 1, "field": "must_haves", "old": ["SQL", "Python"], "new": ["SQL"], "reason": "few people",
    }  # fmt: skip
    assert call("brief", "dana", "--json").data["opening"] == "Ask for the yes that is still open: Analyst."


REST = "not talked about yet: discovery, responsibilities, process"


def an_agreement(*events: AgreementEvent) -> Agreement:
    stages, amendments, sent_on = fold(events)
    return Agreement(1, "u", "r", "Analyst", "dana", "Dana", date(2024, 3, 1), None, sent_on, stages, amendments)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["written"], f"Analyst: being written down · {REST}"),
        (["written", "sent"], f"Analyst: sent, waits for an answer · waits for a yes: scope · {REST}"),
        (["written", "agreed", "confirmed"], "Analyst: confirmed in writing"),
        (["written", "sent", "disputed"], f"Analyst: sent, waits for an answer · seen differently: scope · {REST}"),
    ],
)
def test_the_state_of_an_agreement_is_told_in_words(kinds: list[str], words: str) -> None:
    at = datetime(2024, 3, 4, 12, tzinfo=UTC)
    events = [
        AgreementEvent(kind, at, None if kind == "sent" else "scope", "level" if kind == "written" else None, "senior")  # type: ignore[arg-type]  # kinds
        for kind in kinds
    ]
    if "confirmed" in kinds:
        others = ("discovery", "responsibilities", "process", "recap")
        events += [AgreementEvent("parked", at, stage) for stage in others]  # type: ignore[arg-type]  # stages are literals
    page = Briefing(
        Manager(1, "u", "dana", "Dana"), at, None, None, (), (), (an_agreement(*events),), (), ()
    )  # fmt: skip
    listed = [line for line in view.brief_page(page, PLAIN).splitlines()[1:] if "last in touch" not in line]
    first, *rest = [line[18:] for line in listed if line]
    assert " · ".join([first, *([" ".join(rest)] if rest else [])]) == words


WORDS = {name: name + "|" + "".join(f"{{{place}}}" for place in places) for name, places in OPENINGS.items()}


@pytest.mark.parametrize(("level", "name"), [(None, "thank"), ("L2", None), ("L3", None)])
def test_while_boundary_notes_stand_first_nothing_is_advised(level: str | None, name: str | None) -> None:
    at = datetime(2024, 3, 4, 12, tzinfo=UTC)
    who = Manager(1, "u", "dana", "Dana Ortiz", on_their_plate="quarter end")
    last, deed = met(at), Unthanked("jar", 1, at, "four scorecards")
    point = Point("an example", "ask", None, at.date())
    page = opened(Briefing(who, at, last, None, (), (deed,), (), (point,), (last,)), WORDS, level)
    assert (page.opening or "").split("|")[0] == (name or "")
    assert (bool(page.unthanked), bool(page.points)) == (level is None, level is None)


@pytest.mark.usefixtures("two")
def test_of_two_promises_the_one_that_is_due_first_begins(call: Call) -> None:
    for what, due in (("the scorecard", "in 5 days"), ("the slate", "in 2 days")):
        call("promise", "dana", what, "--due", due)
    opening = call("brief", "dana", "--json").data["opening"]
    assert "the slate" in opening
    assert "the scorecard" not in opening


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("answers", [("BA1", "BA2"), ("BR1",)], ids=["L2", "L3"])
def test_under_a_restriction_the_page_is_plain_business(call: Call, answers: tuple[str, ...]) -> None:
    call("add", "dana", "met", "-k", "meeting-held", "-w", "yesterday")
    call("promise", "dana", "the slate", "--due", "tomorrow")
    call("notice", "dana", "four scorecards")
    assert call("boundary", "dana", *(word for one in answers for word in ("--set", f"{one}=true"))).code == 0
    said = call("brief", "dana").says()
    assert "the slate" in said
    assert [word for word in ("to begin", "not thanked", "four scorecards", "to try", "to ask") if word in said] == []
    data = call("brief", "dana", "--json").data
    assert (data["opening"], data["unthanked"], data["points"]) == (None, [], [])


def met(at: datetime) -> Entry:
    return Entry(
        1, "u", "dana", "Dana", "meeting-held", "m", at, at.date(), "met", None, None, None, (), True, None, None, None,
        at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"), (1, "yesterday"), (2, "two days ago"), (13, "13 days ago"), (14, "two weeks ago"),
        (60, "eight weeks ago"), (61, "two months ago"), (400, "13 months ago"), (730, "two years ago"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_in_words(days: int, words: str) -> None:
    assert ago(days) == words


@pytest.mark.usefixtures("two")
def test_escapes_of_a_note_do_not_reach_the_terminal(call: Call) -> None:
    call("add", "dana", "red \x1b[31m text", "-k", "help-received")
    call("ask", "dana", "a scorecard", "--for", "scorecard")
    said = call("brief", "dana").says()
    assert "\x1b" not in said
    assert "red \\x1b[31m text" in said


@pytest.mark.usefixtures("two")
def test_on_a_narrow_screen_words_go_on_below_and_none_is_cut(call: Call) -> None:
    call("add", "dana", "thoroughly considered everything about onboarding", "-k", "help-received", "-w", "2 days ago")

    def told(width: str) -> str:
        return " ".join(call("brief", "dana", env={"COLUMNS": width}).says().split())

    assert "help received, thoroughly considered everything about onboarding" in told("40")
    assert "\u2026" not in told("40")
    assert "\u2026" in told("60")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("width", ["80", "60", "40", "20"])
def test_no_line_is_wider_than_its_place(call: Call, width: str) -> None:
    call("add", "dana", "東京の給与水準 " * 30 + "x" * 300, "-k", "meeting-held")
    call("promise", "dana", "a promise with a rather long name for the second half of the year", "--due", "tomorrow")
    said = call("brief", "dana", env={"COLUMNS": width}).says()
    # twenty columns hold a date and nothing beside it
    assert max(cells(line) for line in said.splitlines()) <= max(int(width), 24)


@pytest.mark.usefixtures("two")
@pytest.mark.long
def test_a_usual_page_fits_a_terminal_and_opens_with_the_name(call: Call, tty: Terminal) -> None:
    call("manager", "edit", "dana", "--likes", "short mails", "--on-their-plate", "quarter end")
    for day in range(6):
        call("add", "dana", "a line about what was said " * 6, "-k", "meeting-held", "-w", f"{day} days ago")
    call("promise", "dana", "slate", "--due", "tomorrow")
    call("ask", "dana", "scorecard", "--for", "scorecard")
    call("notice", "dana", "four scorecards before lunch on interview day")
    code, said = tty.ends(tty("brief", "dana"))
    assert code == 0
    assert "Dana Ortiz" in said.splitlines()[0]
    assert len(said.splitlines()) <= 23


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["brief", "nobody"], "unknown-manager"),
        (["brief", "dana", "--as-of", "05/06/2026"], "bad-date"),
    ],
)
def test_what_cannot_be_meant_is_refused(call: Call, words: list[str], code: str) -> None:
    call(*words, "--json").fails(1, code)


@pytest.mark.usefixtures("two")
def test_brief_needs_a_manager(call: Call) -> None:
    assert "MANAGER" in call("brief", "--json").fails(1, "needs-answer")


def test_looking_writes_nothing(run: Program, two: Path) -> None:
    before = (two / "trustlog.db").read_bytes()
    run("brief", "dana").says()
    assert (two / "trustlog.db").read_bytes() == before
    assert len(run("undo", "--list", "--json").data["changes"]) == 2  # the two managers


def test_ones_own_opening_replaces_ours_and_a_wrong_place_is_told(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    own = two / "playbook" / "brief.toml"
    own.write_text('[openings]\nnew = "Say hello to {first}."\n')
    assert "Say hello to Dana." in call("brief", "dana").says()
    own.write_text('[openings]\nnew = "Say hello to {nobody}."\n')
    said = call("brief", "dana")
    assert "Ask Dana what a search that went well looked like." in said.out
    assert "brief.toml, line 2: openings: new has no place {nobody}; there are: {first}" in said.err


CREATED = "2024-01-01T00:00:00+00:00"


def hour(number: int) -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number)


@pytest.mark.long
def test_it_is_quick_in_a_long_journal(two: Path) -> None:
    journal = Journal.open(two / "trustlog.db", two / "snapshots")
    who = people.manager(journal, "dana")
    with journal.draft():
        for number in range(30_000):
            new = EntryDraft(who.id, ("note", "help-received")[number % 2], hour(number), note="x")
            journal.insert("entries", columns_of(new, CREATED))
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    journal.db.set_progress_handler(count, 1000)
    found = letters.brief(journal, who, hour(30_000), WORDS)
    journal.close()
    assert len(found.entries) == 5
    assert steps < 200  # a look at every entry would take several hundred
