"""Completion as the docs set it up, tried in the shells that are installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call, Program, Run

LONG = pytest.mark.long
BIN = Path(sys.executable).parent
PAGE = Path(__file__).parent.parent.parent / "docs" / "completion.md"

pytestmark = pytest.mark.skipif(not (BIN / "trustlog").exists(), reason="needs the installed program")


def line_for(shell: str) -> str:
    """The one line of the docs for a shell."""
    found = re.search(rf"^\| {shell} \| `(.+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found
    return found[1].replace(r"\|", "|")


@pytest.fixture
def machine(env: dict[str, str]) -> dict[str, str]:
    """A machine on which the program is installed."""
    return {**env, "PATH": f"{BIN}{os.pathsep}{env['PATH']}"}


@pytest.fixture
def typed(machine: dict[str, str]) -> Callable[..., str]:
    def run(*command: str) -> str:
        done = subprocess.run(
            command, env=machine, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"needs {shell}")


WORDS = [
    ("trustlog log da", ["dana"]),
    ("trustlog add dana hello --kind prai", ["praise-given", "praise-received"]),
    ("trustlog guide mo", ["model"]),
    ("trustlog config get half", ["half_life_days"]),
    ("trustlog prep-", ["prep-feedback"]),
    ("trustlog settle da", ["dana"]),
    ("trustlog settle dana at", ["at-risk"]),
    ("trustlog add dana hello --size m", ["m"]),
    ("trustlog add dana hello --approach pu", ["pull", "push"]),
    ("trustlog debrief dana --minutes 1", ["15"]),
    ("trustlog ask dana card --for s", ["scorecard", "slots"]),
    ("trustlog kickoff email code --format m", ["mailto"]),
    ("trustlog kickoff confirm code scope --how d", ["document"]),
    ("trustlog kickoff start dana --agreed re", ["recap", "responsibilities"]),
    ("trustlog praise dana --channel k", ["kudos-chat"]),
    ("trustlog remind --alarm 3", ["30m"]),
]


@needs("bash")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "offered"), WORDS[:4])  # what fish is asked below is not the shell's
def test_bash_completes(typed: Callable[..., str], tmp_path: Path, words: str, offered: list[str]) -> None:
    typed("bash", "--norc", "-c", line_for("bash"))
    last = len(words.split()) - 1
    asked = (
        f'COMP_WORDS=({words}); COMP_CWORD={last}; _trustlog_completion trustlog; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )

    assert sorted(typed("bash", "--norc", "-c", f". {tmp_path}/.bashrc; {asked}").split()) == offered


@needs("bash")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param("trustlog add dana hello --kind = prai", ["praise-given", "praise-received"], marks=LONG),
        ("trustlog add dana hello --size = m --kind = prai", ["praise-given", "praise-received"]),
        pytest.param("trustlog log --manager = da", ["dana"], marks=LONG),
        ("trustlog add dana hello --approach =", ["pull", "push"]),
    ],
)
def test_bash_completes_after_an_equals_sign(
    typed: Callable[..., str], tmp_path: Path, words: str, offered: list[str]
) -> None:
    typed("bash", "--norc", "-c", line_for("bash"))
    last = len(words.split()) - 1
    asked = f'COMP_WORDS=({words}); COMP_CWORD={last}; _trustlog_completion trustlog; echo "${{COMPREPLY[@]}}"'
    assert sorted(typed("bash", "--norc", "-c", f". {tmp_path}/.bashrc; {asked}").split()) == offered


@pytest.mark.usefixtures("two")
def test_powershell_is_answered_after_an_equals_sign_with_the_option(run: Program) -> None:
    word = "--kind=promise-k"
    asked = {
        "_TRUSTLOG_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": f"trustlog add dana hi {word}",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": word,
    }  # fmt: skip
    assert run(env=asked).out.startswith("--kind=promise-kept:::")


@pytest.mark.parametrize(
    ("shell", "begins"),
    [("zsh", "#compdef trustlog"), ("fish", "complete --command"), ("bash", "_trustlog_completion")],
)
def test_the_completion_of_a_shell_that_is_named_is_shown(run: Program, shell: str, begins: str) -> None:
    assert run("--show-completion", shell).out.lstrip().startswith(begins)


@pytest.mark.parametrize("words", [("--show-completion", "nope"), ("--install-completion", "zsh")])
def test_a_shell_that_cannot_be_meant_is_refused(run: Program, words: tuple[str, str]) -> None:
    assert "--show-completion bash|zsh|fish|powershell" in run(*words).fails(1)


@pytest.mark.long
@needs("fish")
@pytest.mark.usefixtures("two")
def test_fish_completes(typed: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / ".config" / "fish" / "completions").mkdir(parents=True)
    typed("fish", "-c", line_for("fish"))

    # all in one: a fish takes a second to start
    every = [*WORDS, ("tl log da", ["dana"]), ("trustlog add dana hello --size=m", ["--size=m"])]
    said = typed("fish", "-c", "; echo NEXT; ".join(f"complete -C '{words}'" for words, _ in every))

    found = [[line.split("\t")[0] for line in one.splitlines()] for one in said.split("NEXT\n")]
    assert found == [offered for _, offered in every]


@needs("zsh")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("trustlog log da", "log dana"),
        pytest.param("trustlog guide mo", "guide model", marks=LONG),
        ("trustlog add dana hi --kind=promise-k", "--kind=promise-kept"),
    ],
)
def test_zsh_completes(
    typed: Callable[..., str], machine: dict[str, str], tmp_path: Path, words: str, completed: str
) -> None:
    (tmp_path / ".zshrc").write_text("PS1='ready> '\nautoload -Uz compinit && compinit -u\n")
    typed("bash", "--norc", "-c", line_for("zsh"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forkpty() beside the threads of xdist
        child = pexpect.spawn("zsh", ["-i"], env=machine, encoding="utf-8", timeout=20, dimensions=(24, 80))
    child.expect("ready> ")
    child.send(f"{words}\t")
    child.expect(completed)
    child.close(force=True)


def test_powershell_gets_a_script_of_its_own(run: Program) -> None:
    assert 'source_powershell"; trustlog' in line_for("PowerShell")
    said = run(env={"_TRUSTLOG_COMPLETE": "source_powershell"})

    assert "Register-ArgumentCompleter -Native -CommandName trustlog" in said.out


@pytest.mark.usefixtures("two")
def test_powershell_is_answered(run: Program) -> None:
    asked = {
        "_TRUSTLOG_COMPLETE": "complete_powershell",
        "_TYPER_COMPLETE_ARGS": "trustlog log da",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": "da",
    }

    assert run(env=asked).out.startswith("dana:::")


ASKED_FOR_TL = "COMP_WORDS=(tl log da); COMP_CWORD=2; _tl_completion tl; echo $COMPREPLY"


@needs("bash")
@pytest.mark.usefixtures("two")
def test_the_line_for_bash_completes_the_short_name_too(typed: Callable[..., str], tmp_path: Path) -> None:
    typed("bash", "--norc", "-c", line_for("bash"))

    assert typed("bash", "--norc", "-c", f". {tmp_path}/.bashrc; {ASKED_FOR_TL}") == "dana\n"


@pytest.mark.parametrize("shell", ["zsh", "PowerShell"])
def test_the_line_for_another_shell_names_both(shell: str) -> None:
    assert [name in line_for(shell) for name in ("_TRUSTLOG_COMPLETE", "_TL_COMPLETE")] == [True, True]


@needs("bash")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", ["trustlog", "tl"])
def test_the_installer_of_the_program_works_for_both_names(
    typed: Callable[..., str], tmp_path: Path, name: str
) -> None:
    typed("bash", "--norc", "-c", f"{name} --install-completion; true")

    asked = f"{ASKED_FOR_TL}; {ASKED_FOR_TL.replace('tl', 'trustlog')}"
    assert typed("bash", "--norc", "-c", f". {tmp_path}/.bashrc; {asked}").split() == ["dana", "dana"]


def asked(run: Program, words: str, **more: str) -> Run:
    """What fish is told; it shows words beside what it completes."""
    protocol = {"_TRUSTLOG_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return run(env={**protocol, "_TYPER_COMPLETE_ARGS": words, **more})


@pytest.mark.usefixtures("two")
def test_an_open_loop_is_completed_by_its_number_with_its_words_until_it_is_settled(call: Call, run: Program) -> None:
    call("ask", "dana", "scorecard for J.K.", "--due", "in 2 hours").says()
    call("promise", "marcus", "the slate", "--due", "in 2 days").says()
    assert asked(run, "trustlog settle ").says().splitlines() == [
        "1\tDana Ortiz: scorecard for J.K.", "2\tMarcus Hughes: the slate", "dana\tDana Ortiz",
        "marcus\tMarcus Hughes",
    ]  # fmt: skip

    call("settle", "1", "withdrawn").says()
    assert asked(run, "trustlog settle 1").says().strip() == ""


@pytest.mark.usefixtures("two")
def test_what_is_in_the_jar_is_completed_by_its_number(call: Call, run: Program) -> None:
    call("notice", "dana", "four scorecards before lunch").says()

    for words in ("trustlog praise dana --from ", "trustlog notice --drop "):
        assert asked(run, words).says().strip() == "1\tDana Ortiz: four scorecards before lunch"


@pytest.mark.usefixtures("two")
def test_restore_completes_the_copies_that_snapshots_shows(call: Call, run: Program, home: Path) -> None:
    call("backup").says()
    name = call("backup", "--list").out.split()[0]

    assert asked(run, "trustlog restore ").says().split() == [name]
    (home / "trustlog.db").unlink()  # the moment it is needed most
    assert asked(run, "trustlog restore trust").says().split() == [name]


def test_completion_says_nothing_and_makes_nothing_in_a_home_without_a_journal(run: Program, home: Path) -> None:
    for words in ("trustlog settle ", "trustlog log da", "trustlog restore ", "trustlog praise dana --from "):
        assert asked(run, words).says().strip() == ""

    assert not home.exists()


@pytest.mark.parametrize("wrong", ["journal", "settings", "folder"])
def test_completion_never_fails_loudly(run: Program, two: Path, wrong: str) -> None:
    if wrong == "journal":
        (two / "trustlog.db").write_bytes((two / "trustlog.db").read_bytes()[:6000] + b"nonsense" * 4000)
    elif wrong == "settings":
        (two / "config.toml").write_text("minutes = = 3\n")
    else:
        (two / "trustlog.db").unlink()
        (two / "trustlog.db").mkdir()

    for words in ("trustlog settle ", "trustlog log zz", "trustlog restore "):
        said = asked(run, words)
        assert (said.code, said.err) == (0, "")
    assert not (two / "bug.log").exists()


def test_completion_asks_nobody_for_a_key(run: Program, two: Path) -> None:
    (two / "trustlog.db").write_bytes(os.urandom(8192))
    (two / "config.toml").write_text(f'key_command = "touch {two}/asked"\n')

    said = asked(run, "trustlog settle ", TRUSTLOG_KEY_FILE="")
    assert (said.code, said.out.strip(), said.err) == (0, "", "")
    assert not (two / "asked").exists()


HOSTILE = "\\$(touch ran) \\`touch ran\\` [/b] \"x\" 'y' $(touch ran)"


@pytest.mark.usefixtures("two")
def test_what_markup_or_a_shell_would_read_is_shown_as_words(call: Call, run: Program) -> None:
    call("ask", "dana", HOSTILE).says()

    shown = asked(run, "trustlog settle 1").says()
    assert shown == "1\tDana Ortiz: /$(touch ran) /`touch ran/` (/b) \"x\" 'y' $(touc…\n"


@needs("zsh")
@pytest.mark.usefixtures("two")
def test_zsh_runs_nothing_that_stands_in_the_journal(
    call: Call, typed: Callable[..., str], machine: dict[str, str], tmp_path: Path
) -> None:
    call("ask", "dana", HOSTILE).says()
    (tmp_path / ".zshrc").write_text("PS1='ready> '\nautoload -Uz compinit && compinit -u\n")
    typed("bash", "--norc", "-c", line_for("zsh"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forkpty() beside the threads of xdist
        child = pexpect.spawn(
            "zsh", ["-i"], env=machine, encoding="utf-8", timeout=20, dimensions=(24, 120), cwd=str(tmp_path)
        )
    child.expect("ready> ")
    child.send("trustlog settle \t")
    child.expect("touch ran")
    child.close(force=True)

    assert not (tmp_path / "ran").exists()


def test_a_scenario_is_completed_with_what_it_is_about(run: Program) -> None:
    said = asked(run, "trustlog prep-feedback dana --rehearse si").says()
    assert said == "silence\tNo answer\n"
