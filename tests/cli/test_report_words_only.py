"""The setting `screen_reader`: words only, on a terminal too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

DRAWN = re.compile("[\u2500-\u259f]")
ON = {"TRUSTLOG_SCREEN_READER": "yes"}


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("args", [("report",), ("report", "zoe"), ("report", "robin", "--why"), ("report", "--me")])
def test_a_screen_reader_gets_words_and_no_bars(call: Call, tty: Terminal, args: tuple[str, ...]) -> None:
    plain = call(*args, "--as-of", "2024-04-01").says()
    words = call(*args, "--as-of", "2024-04-01", env=ON).says()
    code, on_terminal = tty.ends(tty(*args, "--as-of", "2024-04-01", env=ON))

    assert code == 0
    assert args[-1] == "--me" or DRAWN.search(plain)
    assert DRAWN.findall(words) == DRAWN.findall(on_terminal) == []
    said = re.findall(r"\d+ %", plain)
    assert re.findall(r"\d+ %", words) == said


@pytest.mark.usefixtures("awkward")
def test_every_name_has_its_words_beside_it(run: Program) -> None:
    text = " ".join(run("report", "--as-of", "2024-04-01", env=ON).says().split())

    assert (
        "Zoë O'Brien-Łuk: seen 38 %, doubt 4 %, unknown 58 %; steady, notes since January;"
        " last contact Mon 18 Mar 2024; you owe 1; they owe 1, 4 days late."
    ) in text
    assert "Emil Empty: seen 0 %, unknown 100 %; no contact yet" in text


@pytest.mark.usefixtures("two")
def test_the_card_has_no_box_either(tty: Terminal) -> None:
    with_box = tty.ends(tty("prep-feedback", "dana", "--set", "purpose=Learn", "--no-input"))[1]
    without = tty.ends(tty("prep-feedback", "dana", "--card", "--no-input", env=ON))[1]

    assert DRAWN.search(with_box)
    assert DRAWN.search(without) is None
    assert "Learn" in without


def test_it_is_a_setting_like_the_others(call: Call, two: Path) -> None:
    del two
    assert call("config", "set", "screen_reader", "yes").code == 0
    assert DRAWN.search(call("report").says()) is None
    assert call("config", "set", "screen_reader", "no").code == 0
    assert DRAWN.search(call("report").says())


def test_a_broken_setting_is_told_and_the_answer_is_there_all_the_same(call: Call, two: Path) -> None:
    (two / "config.toml").write_text("screen_reader = 7\n")

    for command in ("support", "report"):
        done = call(command)
        assert (done.code, bool(done.out)) == (0, True)
        assert done.err == f"{two / 'config.toml'}: screen_reader cannot be 7. It takes yes or no.\n"
