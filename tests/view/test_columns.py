"""Lines of a width: wide letters take two columns, no line is longer, and no word is lost."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.ui import text as text_ui
from trustlog.ui.text import cells, cut, flowing, wrapped

FAMILY = "👩\u200d👩\u200d👧\u200d👦"

LETTERS = [*"ab é\u0301日本🦊 ", "स्ते", "สวั", "👍🏽", "👩\u200d👧", "❤\ufe0f", "🇩🇪", "한"]
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=80).map("".join)


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
    """How many letters are looked at while a text is shown."""
    count = 0
    letters = text_ui._letters

    def counting(text: str) -> Iterator[tuple[str, int]]:
        nonlocal count
        for one in letters(text):
            count += 1
            yield one

    with monkeypatch.context() as patch:
        patch.setattr(text_ui, "_letters", counting)
        show(text, 60)
    return count


@pytest.mark.parametrize("show", [wrapped, cut])
@pytest.mark.parametrize("text", [FAMILY, f"{FAMILY} ", "e\u0301", "名"], ids=["joined", "words", "combining", "wide"])
def test_a_long_note_of_joined_emoji_takes_time_by_its_length_alone(
    monkeypatch: pytest.MonkeyPatch, show: Callable[[str, int], object], text: str
) -> None:
    small, large = (looked_at(monkeypatch, show, text * size) for size in (300, 3_000))
    assert 0 < large <= 10 * small + 100


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Zoë · “x” … − ▁█", 16), ("Дана Ω", 6), ("e\u0301", 1), ("日本", 4), ("ガ", 2), ("한국", 4), ("Ａ", 2),
        ("ｶ", 1), ("สวัสดี", 4), ("नमस्ते", 4), ("👍🏽", 2), (FAMILY, 2), ("❤\ufe0f", 2), ("🇩🇪", 2), ("🦊 a", 4),
        ("שלום", 4),
    ],
)  # fmt: skip
def test_a_text_takes_the_columns_that_a_terminal_gives_it(text: str, columns: int) -> None:
    assert cells(text) == columns


@pytest.mark.parametrize("text", [FAMILY, "स्ते", "👍🏽", "e\u0301", "🇩🇪"])
def test_what_is_seen_as_one_letter_is_never_taken_apart(text: str) -> None:
    assert set("".join(wrapped(text * 40, 7)).split(text)) == {""}
    assert all(line.replace(text, "") == "" for line in wrapped(text * 40, 7))
    assert cut(text * 40, 7).removesuffix("…").replace(text, "") == ""
