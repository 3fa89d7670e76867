"""Two drawers: what the recruiter says about themselves is in no output but those that may show it."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import opened

from trustlog.domain import private as private_domain
from trustlog.domain.conversations import PUBLIC
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Terminal

PREP: dict[str, Any] = {
    "mood_before": -1, "feeling_before": "CANARYAA feeling", "settle_choice": "stand-and-look-out",
    "feedback_kind_expected": ["evaluation"], "sting": "self-image", "facts_ticked": [1], "line": "CANARYAB line",
    "line_words": "CANARYAC words", "stake": "CANARYAS stake", "reframe": "CANARYAD reframe",
    "outside_view": "CANARYAE view",
    "comfort_person": "CANARYAF person", "comfort_when": "CANARYAG when", "comfort_mode": "listening",
    "aftercare": "CANARYAH care", "aftercare_at": "CANARYAI at", "readiness": 1, "readiness_choice": "bring-someone",
    "feeling_expected": -1, "answer_sure": 70,
    "rehearsed": "CANARYAJ said", "card_line": "CANARYAK say", "stop_line": "CANARYAL stop",
}  # fmt: skip
MARCUS = PREP | {"facts_ticked": None}  # he has no entry
DEBRIEF: dict[str, Any] = {
    "mood_after": -2, "feeling_after": "CANARYBA feeling", "line_crossed": "not-sure", "gate": "go-on",
    "aftercare_status": "changed-my-mind", "kind_words": "CANARYBB words", "practised": "CANARYBC practised",
    "comfort_status": "at-planned-time", "free_write": "CANARYBD\nfree writing", "checkin_optin": True,
    "answer_came": True,
}  # fmt: skip
CHECKIN: dict[str, Any] = {
    "mood_next_day": -2, "carry_over": 2, "aftercare_done": False, "gut": 1,
    "explanation": "CANARYCX explanation",
    "followups": [{"text": "public point", "came_up": True, "done": False, "next": "change", "told": False}],
}  # fmt: skip
BOUNDARY = {"BA2": True, "BI3": True}
ME: dict[str, Any] = {
    "name": "CANARYCA name", "best_time": "CANARYCB time", "best_way": "CANARYCC way",
    "care_before": ["CANARYCD before"], "care_after": ["CANARYCE after"], "seniors": ["CANARYCF senior"],
    "contacts": ["CANARYCG contact"], "comfort_people": [{"name": "CANARYCH person", "how": "CANARYCI how"}],
    "sentences": ["CANARYCZ sentence"],
    "monday": ["2024-03-15", "CANARYDM first", "CANARYDN thank"],
    "learned": [{"what": "CANARYCJ what", "from": "CANARYCK from"}],
}  # fmt: skip
WORDS = (
    "CANARY", "stand-and-look-out", "stand and look out", "self-image", "bring-someone", "brought a colleague",
    "changed-my-mind", "something else instead", "at-planned-time",
)  # fmt: skip
"""What only a reflection would put into an output: the canaries, and choices that nothing else is called."""

CANARIES = sorted({word for part in (PREP, DEBRIEF, ME) for word in re.findall("CANARY[A-Z]+", json.dumps(part))})

PUBLIC_PREP = {"purpose": "public purpose", "if_cue": "public cue", "then_action": "public action"}
PUBLIC_DEBRIEF = {"headline": "public headline", "items": [{"text": "public point", "decision": "use"}]}


def leaks(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


def reflections(answers: Any) -> set[str]:
    """The fields of the second drawer in some JSON, whatever their values are."""
    private = {*PREP, *DEBRIEF, *CHECKIN, *ME} - PUBLIC - {"name"}  # managers have one too
    if isinstance(answers, dict):
        return {name for name in answers if name in private}.union(*(reflections(one) for one in answers.values()))
    return set().union(*(reflections(one) for one in answers)) if isinstance(answers, list) else set()


@pytest.fixture
def told(call: Call, two: Path) -> Path:
    """A journal with a canary in every reflection; each command has said nothing of it while it was told."""
    call("add", "dana", "public note", "-k", "reply", "-w", "2026-05-01").says()
    tellings = (
        (("prep-feedback", "dana", "--when", "2026-05-04"), PREP | PUBLIC_PREP),
        (("debrief", "dana", "--when", "2026-05-04"), DEBRIEF | PUBLIC_DEBRIEF),
        (("checkin", "dana", "--when", "2026-05-12"), CHECKIN),
        (("boundary", "dana"), BOUNDARY),
    )
    for args, answers in tellings:
        done = call(*args, "--answers", "-", stdin=json.dumps(answers))
        assert (done.code, leaks(done.out + done.err)) == (0, []), done
    me = [word for field, value in ME.items() for word in (
        "--set", f"{field}={value if field in private_domain.LINES else json.dumps(value)}")]  # fmt: skip
    assert call("me", *me).code == 0
    done = call("prep-feedback", "marcus", "--answers", "-", stdin=json.dumps(MARCUS | PUBLIC_PREP))
    assert (done.code, leaks(done.out + done.err)) == (0, [])
    return two


def rows(db: Any, table: str) -> list[str]:
    return [str(row) for row in db.execute(f"SELECT * FROM {table}")]


def test_there_is_a_canary_in_every_field_of_the_second_drawer(told: Path) -> None:
    """Items of one script are decided in another, so they are no fields of their own here."""
    shipped = Playbook(told / "none", print)
    asked = {name for script in ("prep", "debrief", "checkin") for name in shipped.script(script).fields()}
    assert asked - PUBLIC - {"item_kind", "item_decision", "due"} == {*PREP, *DEBRIEF, *CHECKIN}
    assert set(private_domain.FIELDS) == set(ME)
    with closing(opened(told / "trustlog.db")) as db:
        private = [row for one in ("reflections", "profile", "boundary_checks") for row in rows(db, one)]
        public = [row for one in ("answers", "entries", "changes") for row in rows(db, one)]
    assert [word for word in (*CANARIES, "BA2") if word not in "\n".join(private)] == []
    assert leaks("\n".join(public)) == []


COMMANDS: list[tuple[str, ...]] = [
    ("report",),
    ("report", "dana"),
    ("report", "dana", "--why"),
    ("report", "--me"),
    ("report", "--me", "--since", "2026-01-01"),
    ("report", "--as-of", "2026-06-01"),
    ("log",),
    ("log", "dana"),
    ("log", "1"),
    ("search", "public"),
    *(("search", word) for word in CANARIES),
    ("search", "CANARY"),
    ("search", "feeling"),
    ("manager", "list"),
    ("manager", "show", "dana"),
    ("req", "list"),
    ("undo", "--list"),
    ("config", "list"),
    ("prep-feedback", "marcus", "--card"),
    ("prep-feedback", "--card"),
    ("prep-feedback", "marcus"),
    ("debrief", "marcus"),
    ("checkin",),
    ("checkin", "--when", "2026-05-05"),
    ("checkin", "dana", "--when", "2026-05-13"),
    ("boundary", "dana"),
    ("boundary", "marcus"),
    ("support",),
    ("week",),
    ("week", "--as-of", "2026-05-08"),
    ("year", "2026"),
    ("year", "2026-05"),
    ("brief", "dana"),
    ("update", "dana"),
    ("handover", "dana"),
    ("next", "dana"),
    ("prep-feedback", "--rehearse"),
    *(("me", reading) for reading in ("forecasts", "works", "patterns")),
]


@pytest.mark.parametrize("form", ["pipe", "json"])
def test_no_command_tells_a_reflection(call: Call, told: Path, form: str) -> None:
    del told  # it has filled the journal
    for args in COMMANDS:
        done = call(*args, *(["--json"] if form == "json" else []))
        # the ready words stand on the page for everybody, whatever was chosen
        said = " ".join(done.out.split()).replace("brought a colleague", "") if args == ("support",) else done.out
        assert (done.code, leaks(said), leaks(done.err)) == (0, [], []), args
        if form == "json":
            assert reflections(done.data) == set(), args
    assert leaks(call("year", "2026", "--format", "html").out) == []


def test_the_demo_and_the_help_know_nothing_of_the_own_journal(
    call: Call, told: Path, env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del told, env  # they have filled the journal
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for args in (("demo", "--json"), ("--help",), ("me", "--help"), ("debrief", "--help")):
        done = call(*args)
        assert (done.code, "CANARY" in done.out + done.err) == (0, False), args


def test_a_drop_and_an_undo_tell_none_either(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    for form in ([], ["--json"]):
        for args in (["prep-feedback", "marcus", "--drop"], ["undo"]):
            done = call(*args, *form)
            assert (done.code, leaks(done.out + done.err)) == (0, []), args


ERRORS: list[tuple[str, ...]] = [
    ("prep-feedback", "marcus", "--set", "mood_before=9"),
    ("prep-feedback", "marcus", "--set", "unknown=x"),
    ("prep-feedback", "nobody", "--card"),
    ("debrief", "marcus", "--set", 'items=[{"text": "a", "decision": "park"}]'),
    ("checkin", "dana", "--set", 'items=[{"text": "z", "decision": "ask"}]'),
    ("boundary", "dana", "--set", "BA2=perhaps"),
    ("me", "--set", "nickname=x"),
    ("me", "--wipe-reflections"),
]


def test_no_error_tells_a_reflection(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    for args in ERRORS:
        for form in ([], ["--json"]):
            done = call(*args, *form)
            assert (done.code, leaks(done.out + done.err)) == (1, []), args


def test_what_is_asked_for_is_shown(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    private = "--include-reflections"
    card = call("prep-feedback", "marcus", "--card", "--json", private)
    assert card.data["conversation"]["answers"]["prep"] | MARCUS == card.data["conversation"]["answers"]["prep"]
    assert any("CANARYAB line" in line for line in card.data["card"])
    assert "CANARYAB" in call("prep-feedback", "marcus", "--card", private).out
    talk = call("checkin", "dana", "--when", "2026-05-14", "--json", private).data["conversation"]["answers"]
    assert (talk["prep"] | PREP, talk["debrief"] | DEBRIEF) == (talk["prep"], talk["debrief"])
    assert talk["checkin"]["gut"] == 1
    for form in ([], ["--json"]):
        assert [word for word in CANARIES if word not in call("me", *form).out and word[6] == "C"] == []


def test_ones_own_figures_need_the_flag(call: Call, told: Path) -> None:
    del told  # it has filled the journal
    shown = call("report", "--me", "--json").data["me"]["measures"]
    private = call("report", "--me", "--json", "--include-reflections").data["me"]["measures"]
    assert set(shown) == {"points used"}
    assert set(private) > set(shown)
    assert private["mood shift"]["n"] == 1


TOLD_ON_A_TERMINAL: list[tuple[str, ...]] = [
    ("report",), ("report", "dana"), ("log",), ("manager", "show", "marcus"), ("undo", "--list"), ("next",),
    ("next", "marcus", "--all"), ("next", "--for", "ask-help"), ("update", "dana"), ("update", "marcus"),
    ("today",), ("brief", "dana"), ("praise", "marcus", "--did", "a", "--changed", "b", "--draft"),
]  # fmt: skip


def test_a_terminal_may_see_the_card_and_json_on_it_may_not(tty: Terminal, told: Path) -> None:
    del told  # it has filled the journal
    code, said = tty.ends(tty("prep-feedback", "marcus", "--card"))
    assert (code, "CANARYAB line" in said) == (0, True)
    code, said = tty.ends(tty("prep-feedback", "marcus", "--card", "--json"))
    assert (code, leaks(said)) == (0, [])


@pytest.mark.long
def test_a_terminal_is_told_no_reflection_but_on_the_card(tty: Terminal, told: Path) -> None:
    del told  # it has filled the journal
    for args in TOLD_ON_A_TERMINAL:
        code, said = tty.ends(tty(*args))
        assert (code, leaks(said)) == (0, []), args


@pytest.mark.parametrize("form", ["pipe", "json"])
@pytest.mark.usefixtures("two")
def test_what_a_pipe_is_told_of_a_talk_does_not_depend_on_the_second_drawer(call: Call, form: str) -> None:
    said = []
    call("add", "dana", "public note").says()
    for private in (True, False):
        outs = []
        for command, part, public in (("prep-feedback", PREP, PUBLIC_PREP), ("debrief", DEBRIEF, PUBLIC_DEBRIEF)):
            answers = public | (part if private else dict.fromkeys(part))
            flags = ["--json"] if form == "json" else []
            done = call(command, "dana", "--answers", "-", *flags, stdin=json.dumps(answers))
            assert done.code == 0
            data = done.data if form == "json" else done.out
            if isinstance(data, dict):
                del data["conversation"]["id"], data["conversation"]["uid"]
            outs.append(data)
        said.append(outs)
    assert said[0] == said[1]
