"""Lines of a width: wide letters take two columns, no line is longer, and no word is lost."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.ui.text import cells, cut, flowing, wrapped

FAMILY = "👩\u200d👩\u200d👧\u200d👦"

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


@given(TEXTS, st.integers(2, 20))
def test_a_text_that_is_cut_fits_and_begins_as_it_did(text: str, width: int) -> None:
    shown = cut(text, width)
    assert cells(shown) <= width
    assert text.startswith(shown.removesuffix("…"))


def looked_at(monkeypatch: pytest.MonkeyPatch, show: Callable[[str, int], object], text: str) -> int:
    """How many characters are looked up while a text is shown."""
    count = 0
    look_up = unicodedata.east_asian_width

    def counting(character: str) -> str:
        nonlocal count
        count += 1
        return look_up(character)

    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "east_asian_width", counting)
        show(text, 60)
    return count


@pytest.mark.parametrize("show", [wrapped, cut])
@pytest.mark.parametrize("text", [FAMILY, f"{FAMILY} ", "e\u0301", "名"], ids=["joined", "words", "combining", "wide"])
def test_a_long_note_of_joined_emoji_takes_time_by_its_length_alone(
    monkeypatch: pytest.MonkeyPatch, show: Callable[[str, int], object], text: str
) -> None:
    small, large = (looked_at(monkeypatch, show, text * size) for size in (300, 3_000))
    assert 0 < large <= 10 * small + 100
