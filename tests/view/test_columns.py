"""Lines of a width: wide letters take two columns, no line is longer, and no word is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.ui.text import cells, flowing, wrapped

TEXTS = st.text(st.sampled_from("ab é\u0301日本🦊 "), max_size=80)


@given(TEXTS, st.integers(2, 30), st.sampled_from(["", "  "]), st.sampled_from(["", "    "]))
def test_no_line_is_wider_than_the_place_and_no_letter_is_lost(text: str, width: int, first: str, rest: str) -> None:
    lines = wrapped(text, width + 4, first, rest)

    assert max(map(cells, lines)) <= width + 4
    bare = [line.removeprefix(rest if at else first) for at, line in enumerate(lines)]
    assert "".join(bare).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("日本語の長い名前", ["日本語", "の長い", "名前"]),
        ("日本 語の", ["日本", "語の"]),
        ("one two  three", ["one", "two", "three"]),
        ("a  b  c d", ["a  b ", "c d"]),
        ("longer-than-six", ["longer", "-than-", "six"]),
        ("", [""]),
    ],
)
def test_lines_break_between_words_and_a_longer_word_where_it_must(text: str, lines: list[str]) -> None:
    assert wrapped(text, 6) == [line.rstrip() for line in lines]


def test_lines_of_a_text_stay_lines_and_an_empty_one_has_no_blanks() -> None:
    assert flowing("one two\n\nthree", 7, "  ") == "  one\n  two\n\n  three"


def test_a_megabyte_without_a_blank_is_broken_at_once() -> None:
    assert len(wrapped("日" * 350_000, 80)) == 8_750
