"""What was done for oneself, about a boundary or under a restriction leaves no trace outside the own drawer."""

import json
import shlex
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.conftest import Call
from tests.helpers import opened

from trustlog.app import CONTENTS
from trustlog.domain.coaching_history import OWN
from trustlog.playbook import Playbook

STEPS = Playbook(Path("/nowhere"), pytest.fail).coaching.steps
PRIVATE = [step.id for step in STEPS if step.category in OWN]
READING = [
    ("log",), ("log", "dana"), ("brief", "dana"), ("search", "CANARY"), ("search", "small"), ("report",),
    ("report", "dana"), ("report", "dana", "--why"), ("report", "dana", "--format", "html"),
    ("report", "--me"), ("export",), ("export", "--format", "csv"), ("open",), ("update",), ("week",), ("year",),
    ("manager", "show", "dana"), ("me", "--json"), ("praise",),
]  # fmt: skip
"""Every command that tells something of the journal."""


@pytest.fixture
def journal(call: Call, two: Path) -> Path:
    call("add", "dana", "answered in ten minutes", "-k", "reply").says()
    call("add", "dana", "gave me four scorecards", "-k", "help-received").says()
    return two


def told(call: Call, home: Path) -> dict[str, str]:
    """All that the commands and the views tell, in every form that they have."""
    found = {}
    for words in READING:
        for form in ((), ("--json",)):
            done = call(*words, *form)
            found[" ".join((*words, *form))] = done.out + done.err
    with closing(opened(home / "trustlog.db")) as db:
        for view in ("v_timeline", "v_trust_daily", "entries", "step_events", "commitments"):
            found[view] = str(db.execute(f"SELECT * FROM {view}").fetchall())
    return found


def leaves_no_trace(call: Call, home: Path, act: Callable[[], None], step: str) -> None:
    before = told(call, home)
    act()
    after = told(call, home)
    assert {name for name in after if after[name] != before[name]} == set()
    for form in ((), ("--json",)):
        newest = call("undo", "--list", *form).out
        assert step not in newest
        assert "CANARY" not in newest
    assert "CANARY" in call("export", "--include-reflections").out


@pytest.mark.plain_only
@pytest.mark.parametrize("step", PRIVATE)
def test_a_step_for_oneself_leaves_no_trace(call: Call, journal: Path, step: str) -> None:
    def act() -> None:
        done = call("next", "dana", "--done", step, "--note", "CANARY words", "--json")
        assert (done.data["entry"], done.data["loop"], "CANARY" in done.out + done.err) == (None, None, False)
        call("next", "dana", "--dismiss", step)

    leaves_no_trace(call, journal, act, step)


@pytest.mark.plain_only
@pytest.mark.parametrize("answers", [("BA1", "BA2"), ("BR1",)], ids=["L2", "L3"])
def test_nothing_done_under_a_restriction_leaves_a_trace(
    call: Call, journal: Path, answers: tuple[str, ...]
) -> None:  # fmt: skip
    call("boundary", "dana", *(word for one in answers for word in ("--set", f"{one}=yes")))

    def act() -> None:
        for step in {step.category: step for step in STEPS}.values():
            done = call("next", "dana", "--done", step.id, "--note", "CANARY words")
            assert (done.code, "CANARY" in done.out + done.err) == (0, False)

    leaves_no_trace(call, journal, act, "PB")


def test_undo_takes_a_private_step_back_and_with_reflections_it_travels(call: Call, journal: Path) -> None:
    before = call("export", "--include-reflections").out
    call("next", "dana", "--done", "PB43", "--note", "CANARY words")
    kept = json.loads(call("export", "--include-reflections").out)["own_steps"]
    assert [(one["step"], one["kind"], one["note"]) for one in kept] == [("PB43", "done", "CANARY words")]
    assert "own_steps" not in json.loads(call("export").out)

    assert journal.exists()
    call("undo")
    assert call("export", "--include-reflections").out == before


def test_a_private_step_rests_like_any_other(call: Call, journal: Path) -> None:
    assert journal.exists()
    call("add", "dana", "sharp words", "-k", "harsh")
    assert call("next", "dana", "--for", "self-care", "--json").data["step"]["id"] == "PB43"
    call("next", "dana", "--done", "PB43")
    assert call("next", "dana", "--for", "self-care", "--json").data["step"] is None


SCRIPT = Path(__file__).parents[2] / "scripts" / "shapes.py"
STORY = SCRIPT.read_text("utf-8").split('STORY = """\n')[1].split('"""')[0].splitlines()
"""A walk over the commands; docs/json.md is made of it."""
ALONE = {"encrypt", "decrypt"}
"""The commands that the walk leaves out: they answer with files."""
OF_ONESELF = ("me", "demo")
"""The own page is shown by its own command; the demo has a journal of its own."""


def test_the_walk_goes_over_every_command() -> None:
    assert {line.split()[0] for line in STORY} | ALONE == {"today"} | {
        line.name for line in CONTENTS if not line.hidden
    }


@pytest.mark.long
@pytest.mark.plain_only
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["pipe", "json"])
def test_every_command_is_silent_about_every_step_that_was_done(
    call: Call, tmp_path: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    del env  # it has named the home
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "passphrase").write_text("correct horse battery staple", "utf-8")
    call("manager", "add", "Zed Zander", "--handle", "zed")
    call("boundary", "zed", "--set", "BA1=yes", "--set", "BA2=yes")
    begun = False
    for line in STORY:
        words = shlex.split(line.replace("FOLDER", str(tmp_path)))
        if words[0] in OF_ONESELF:
            continue
        done = call(*words, *form)
        # two people, or a step that rests now, may change what a line of the walk finds
        assert (done.code in (0, 1), "CANARY" in done.out + done.err) == (True, False), (line, done)
        if not begun and line.startswith("manager add"):
            begun = True
            for who, steps in (("dana", PRIVATE), ("zed", [step.id for step in STEPS])):
                for step in steps:
                    done = call("next", who, "--done", step, "--note", "CANARY words", *form)
                    assert (done.code, "CANARY" in done.out + done.err) == (0, False), step
    assert "CANARY" in call("export", "--include-reflections").out
