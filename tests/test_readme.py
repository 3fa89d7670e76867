"""The README does what it shows: its day is run, its picture is current, its two commands are those of CI."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.conftest import Call

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) +\d{1,2} [A-Z][a-z]{2}( \d{4})?( \d\d:\d\d)?|(?<=notes since )[A-Z][a-z]+( \d{4})?"
)


class Shown(NamedTuple):
    """A command of the README and what stands below it."""

    command: str
    answer: str


def blocks() -> list[list[Shown]]:
    """The commands of each console block with their answers."""
    found = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    runs = [re.split(r"^\$ ", block.replace("\\\n", ""), flags=re.MULTILINE)[1:] for block in found]
    return [[Shown(*run.split("\n", 1)) for run in block] for block in runs]


def timeless(text: str) -> str:
    """The text whenever it was printed: dates as such, and blanks that make room for them as one."""
    return re.sub(r"[ \n]+", " ", DATE.sub("DATE", text)).strip()


def test_four_commands_stand_before_any_other() -> None:
    assert [len(block) for block in blocks()] == [4, 5]
    assert README.index("```console") < README.index("## ")


def test_every_command_answers_as_it_is_shown(call: Call) -> None:
    for command, answer in (shown for block in blocks() for shown in block):
        program, *words = shlex.split(command)
        assert program in ("trustlog", "tl")
        said = call(*words)
        assert said.code == 0, (command, said.err)
        assert timeless(said.out) == timeless(answer), command


def test_the_pictures_show_what_the_program_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "pictures.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_pictures_are_there_and_fetch_nothing() -> None:
    named = re.findall(r'(?:src|srcset)="([^"]+)"', README)

    assert sorted(named) == sorted(str(file.relative_to(ROOT)) for file in (ROOT / "docs").glob("*.svg"))
    assert len(named) == 6
    for name in named:
        picture = (ROOT / name).read_text("utf-8")
        assert "@font-face" not in picture
        assert not re.search(r"url\(\"?http|href=", picture)


def test_one_sentence_stands_on_a_line() -> None:
    prose = [line for line in re.sub(r"```.*?```", "", README, flags=re.DOTALL).splitlines() if line[:1] not in "-<#"]

    assert [line for line in prose if re.search(r"[a-z)`]\. [A-Z]", line)] == []
