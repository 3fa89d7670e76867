"""`demo`: an invented recruiter's year in a throw-away home, then a report."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Call, Program, Terminal


@pytest.fixture
def scratch(tmp_path: Path, env: dict[str, str]) -> Path:
    """Where the demo may put its throw-away home."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    env["TMPDIR"] = str(folder)
    return folder


def test_the_demo_leaves_the_own_journal_alone(run: Program, scratch: Path, home: Path) -> None:
    text = run("demo").says()
    assert not home.exists()
    (thrown_away,) = scratch.iterdir()
    assert str(thrown_away) in text.replace("\n", "")
    assert oct(thrown_away.stat().st_mode & 0o777) == "0o700"
    assert {oct(file.stat().st_mode & 0o777) for file in thrown_away.iterdir()} == {"0o600"}


@pytest.mark.usefixtures("scratch")
def test_the_demo_shows_an_entry_a_card_and_a_report(run: Program) -> None:
    text = run("demo").says()
    assert re.search(r"^#\d+  ", text, re.M)
    assert "Where things stand" in text
    assert re.findall(r"^  (\w+ \w+)  +[█▌░]", text, re.M) == [
        "Dana Ortiz", "Marcus Hughes", "Priya Raman", "Yuki Tanaka",
    ]  # fmt: skip
    assert "\x1b" not in text


@pytest.mark.usefixtures("scratch")
def test_the_demo_can_be_looked_around_in(run: Program, home: Path) -> None:
    data = run("demo", "--json").data
    report = run("report", "--json", env={"TRUSTLOG_HOME": data["home"]}).data
    assert [one["manager"] for one in report["managers"]] == ["dana", "marcus", "priya", "yuki"]
    assert all(one["entries"] for one in report["managers"])
    assert "Why these figures" in run("report", "dana", "--why", env={"TRUSTLOG_HOME": data["home"]}).says()
    assert run("undo", "--list", env={"TRUSTLOG_HOME": data["home"]}).code == 0
    works = run("me", "works", "--json", env={"TRUSTLOG_HOME": data["home"]}).data["steps"]
    assert works
    assert all(0 < step["followed"] < step["n"] for step in works)
    found = run("me", "patterns", "--json", env={"TRUSTLOG_HOME": data["home"]}).data
    assert found["debriefs"] >= 5
    assert found["set_aside"]["used_later"]
    assert not home.exists()


def test_what_it_says_to_type_can_be_typed_and_leads_nowhere_else(env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    program = tmp_path / "a program" / "trustlog"
    program.parent.mkdir()
    program.symlink_to(Path(sys.executable).with_name("trustlog"))
    machine = {**env, "TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}
    said = subprocess.run([program, "demo"], env=machine, capture_output=True, text=True, check=True, timeout=60).stdout

    line = next(line for line in said.splitlines() if line.startswith("  TRUSTLOG_HOME="))
    done = subprocess.run(["sh", "-c", line], env=machine, capture_output=True, text=True, check=False, timeout=60)

    assert "Dana Ortiz" in done.stdout
    assert f"begins with: {shlex.quote(str(program))} manager add" in said
    assert "export " not in said  # what follows it is one's own journal again


@pytest.mark.usefixtures("scratch")
def test_the_demo_holds_a_kick_off(run: Program) -> None:
    data = run("demo", "--json").data
    one = run("kickoff", "show", "payments-analyst", "--json", env={"TRUSTLOG_HOME": data["home"]}).data["agreement"]

    assert [stage["state"] for stage in one["stages"]] == ["confirmed", "confirmed", "agreed", "confirmed", "open"]
    assert "trustlog kickoff show payments-analyst" in run("demo").says()
    assert run("kickoff", "email", "payments-analyst", env={"TRUSTLOG_HOME": data["home"]}).code == 0


@pytest.mark.usefixtures("scratch")
def test_the_last_answer_is_the_first_manager_of_the_own_journal(tty: Terminal, call: Call) -> None:
    child = tty("demo")
    child.expect("Who is your hardest manager")
    child.sendline("Hector Lang")
    code, said = tty.ends(child)

    assert (code, "Hector Lang (hector)" in said) == (0, True)
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["hector"]
    code, said = tty.ends(tty("demo"))
    assert (code, "hardest manager" in said) == (0, False)


@pytest.mark.usefixtures("scratch")
def test_the_last_question_may_wait(tty: Terminal, home: Path) -> None:
    child = tty("demo")
    child.expect("Who is your hardest manager")
    child.sendline("")
    assert (tty.ends(child)[0], home.exists()) == (0, False)
