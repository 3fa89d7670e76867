"""A report while boundary notes stand first: nothing advises, and nothing of the notes is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import page

from trustlog.playbook.files import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

FORMS = ("terminal", "html", "markdown")
NOTES = {"L2": ("BA1", "BA2"), "L3": ("BR1",)}
WORDS = shipped("report.toml")
BOUNDARY = shipped("boundary.toml")
STORY = (
    (30, "meeting-held"), (27, "help-received"), (26, "slate-accepted"), (12, "promise-kept"), (7, "harsh-exchange"),
)  # fmt: skip


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


@pytest.fixture
def hard(call: Call, two: Path) -> Call:
    """A manager with notes, something unthanked, a small step, and nothing in the second drawer yet."""
    del two  # it has made the journal
    for days, kind in STORY:
        assert call("add", "dana", f"a {kind}", "-k", kind, "-w", ago(days)).code == 0
    assert call("notice", "dana", "four scorecards", "--when", ago(20)).code == 0
    step = call("next", "dana", "--for", "ask-help", "--json").data["step"]["id"]
    assert call("next", "dana", "--done", step).code == 0
    return call


def noted(call: Call, level: str) -> None:
    said = [word for question in NOTES[level] for word in ("--set", f"{question}=true")]
    assert call("boundary", "dana", *said, "--when", ago(7)).code == 0
    assert call("boundary", "dana", "--json").data["level"] == level


def flat(text: str) -> str:
    for escaped, plain in (("\xa0", " "), ("\\", ""), ("&#39;", "'")):
        text = text.replace(escaped, plain)
    return " ".join(text.split())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("level", NOTES)
def test_no_line_advises(hard: Call, level: str, form: str) -> None:
    advice = [*WORDS["helps"].values(), *WORDS["labels"].values(), *WORDS["lines"].values(), "not yet thanked"]
    advice += ["last small step", "least known", "too early to say", "What helps next", "came back"]
    before = flat(hard("report", "dana", "--format", form).says())
    assert len([words for words in advice if words in before]) >= 4

    noted(hard, level)

    for args in ((), ("--why",)):
        text = flat(hard("report", "dana", *args, "--format", form).says())
        assert [words for words in advice if words in text] == []
        assert "Getting known" not in text
        for question in WORDS["questions"].values():
            assert question in text, "the figures stay"


@pytest.mark.parametrize("form", [*FORMS, "json"])
def test_the_l3_report_says_what_the_boundary_says(hard: Call, form: str) -> None:
    noted(hard, "L3")

    args = ("report", "dana", "--format", form)
    said = page(hard, "dana")["stands_first"] if form == "json" else hard(*args).says()

    assert "What you noted with Dana stands first; plain business is enough for now." in flat(said)
    assert "What you noted is serious enough to bring to someone now" in flat(said)
    for line in hard("boundary", "dana", "--json").data["text"].splitlines():
        assert line in flat(said)
    assert "trustlog support" in flat(said)


@pytest.mark.parametrize("form", [*FORMS, "json"])
@pytest.mark.parametrize("level", NOTES)
def test_what_was_noted_is_told_nowhere(hard: Call, level: str, form: str) -> None:
    noted(hard, level)
    hard("me", "--senior", "CANARY Kim", "--comfort", "CANARY Sam")

    for args in ((), ("dana",), ("dana", "--why")):
        said = hard("report", *args, "--format", form).says()
        assert len(flat(said)) > 200
        notes = [*BOUNDARY["short"].values(), *BOUNDARY["questions"].values(), "CANARY", *BOUNDARY["questions"]]
        assert [words for words in notes if words in flat(said)] == []


def test_as_json_no_step_advises_either(hard: Call) -> None:
    assert page(hard, "dana")["last_step"]["advice"]

    noted(hard, "L2")

    assert page(hard, "dana")["last_step"] is None


def test_at_l2_business_stands_first(hard: Call) -> None:
    noted(hard, "L2")

    text = flat(hard("report", "dana").says())

    assert "stands first; plain business is enough for now. Whenever you want it: trustlog support" in text
    assert "serious enough" not in text


def test_an_l3_that_is_past_restricts_until_it_is_lifted(hard: Call) -> None:
    noted(hard, "L3")
    assert page(hard, "dana", "--as-of", ago(8))["stands_first"] is None
    assert hard("undo").code == 0
    assert hard("boundary", "dana", "--set", "BR1=true", "--when", ago(60)).code == 0
    assert "serious enough" not in hard("report", "dana").says()
    assert page(hard, "dana")["stands_first"].startswith("What you noted with Dana stands first")

    assert hard("boundary", "dana", "--clear").code == 0
    assert page(hard, "dana")["stands_first"] is None


def shared(call: Call, form: str) -> Any:
    done = call("report", "dana", "--share", "--format", form)
    assert done.code == 0
    return done.out


@pytest.mark.parametrize("form", [*FORMS, "json"])
def test_a_shared_report_is_the_same_with_and_without_notes(hard: Call, form: str) -> None:
    before = shared(hard, form)

    noted(hard, "L3")

    assert shared(hard, form) == before
    assert [words for words in WORDS["helps"].values() if words in flat(before)] == []


@pytest.mark.parametrize("form", FORMS)
def test_the_overview_is_the_same_with_and_without_notes(hard: Call, form: str) -> None:
    before = hard("report", "--format", form).says()

    noted(hard, "L3")

    assert hard("report", "--format", form).says() == before


def test_nothing_advises_while_hard_words_are_fresh_or_of_who_has_left(call: Call, two: Path) -> None:
    del two
    told = [*WORDS["helps"].values(), *WORDS["labels"].values(), "least known", "to begin"]
    for who in ("dana", "marcus"):
        for days, kind in STORY[:4]:
            assert call("add", who, f"a {kind}", "-k", kind, "-w", ago(days)).code == 0
    assert call("report", "marcus").says().count("least known") == 1

    assert call("add", "dana", "shouted at me", "-k", "harsh-exchange").code == 0
    assert call("manager", "archive", "marcus").code == 0

    for who in ("dana", "marcus"):
        for args in (("report", who), ("report", who, "--format", "markdown"), ("brief", who)):
            assert [words for words in told if words in flat(call(*args).says())] == [], (who, args)
    later = (date.today() + timedelta(days=7)).isoformat()
    assert "least known" in call("report", "dana", "--as-of", later).says()
