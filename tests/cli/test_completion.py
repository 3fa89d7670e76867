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

    from tests.conftest import Program

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
]


@needs("bash")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "offered"), WORDS)
def test_bash_completes(typed: Callable[..., str], tmp_path: Path, words: str, offered: list[str]) -> None:
    typed("bash", "--norc", "-c", line_for("bash"))
    last = len(words.split()) - 1
    asked = (
        f'COMP_WORDS=({words}); COMP_CWORD={last}; _trustlog_completion trustlog; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )

    assert typed("bash", "--norc", "-c", f". {tmp_path}/.bashrc; {asked}").split() == offered


@needs("fish")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("words", "offered"), WORDS)
def test_fish_completes(typed: Callable[..., str], tmp_path: Path, words: str, offered: list[str]) -> None:
    (tmp_path / ".config" / "fish" / "completions").mkdir(parents=True)
    typed("fish", "-c", line_for("fish"))

    said = typed("fish", "-c", f"complete -C '{words}'")
    assert [line.split("\t")[0] for line in said.splitlines()] == offered


@needs("zsh")
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "completed"), [("trustlog log da", "log dana"), ("trustlog guide mo", "guide model")]
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


def test_the_short_name_completes_too(typed: Callable[..., str]) -> None:
    assert "complete -o default -F _tl_completion tl" in typed("env", "_TL_COMPLETE=source_bash", str(BIN / "tl"))


@needs("bash")
def test_the_installer_of_the_program_works(typed: Callable[..., str], tmp_path: Path) -> None:
    typed("bash", "--norc", "-c", "trustlog --install-completion; true")

    assert "trustlog" in (tmp_path / ".bashrc").read_text()
