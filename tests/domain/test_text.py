"""What may be kept as text, and how it is shown without harm."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.text import (
    LINE_LIMIT,
    MAX_TEXT,
    BadAnswerError,
    BadTextError,
    checked,
    few,
    line,
    listed_value,
    once,
    one_line,
    plural,
    tag,
    visible,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]8;;http://x\x07y", r"\x1b]8;;http://x\x07y"),
        ("\x9b31m", r"\x9b31m"),
        ("\x85next", r"\x85next"),
        ("\x7f", r"\x7f"),
        ("a\x00b", r"a\x00b"),
        ("over\rwritten", r"over\x0dwritten"),
        ("back\x08space", r"back\x08space"),
        ("\x0b\x0c", r"\x0b\x0c"),
        ("\u202eevil", r"\u202eevil"),
        ("\u202a\u202b\u202c\u202d", r"\u202a\u202b\u202c\u202d"),
        ("\u2066\u2067\u2068\u2069", r"\u2066\u2067\u2068\u2069"),
        ("\u2028\u2029", r"\u2028\u2029"),
    ],
)
def test_what_would_steer_the_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines\tand a tab",
        "naïve café, Søren Kjær, 张伟",
        "🙂👩\u200d💻🇩🇪👍🏽",
        "שלום עליכם",
        "مرحبا",
        "[bold]not markup[/bold] \\x1b is only text",
        "e\u0301 stays two characters",
        "\u00a0\u00ad",
        "",
    ],
)
def test_everything_else_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text())
def test_no_text_whatever_brings_a_control_character_to_the_terminal(text: str) -> None:
    shown = visible(text)

    assert not [mark for mark in shown if unicodedata.category(mark) == "Cc" and mark not in "\n\t"]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one", "one"),
        ("one\n\n  two  \nthree\n", "one / two / three"),
        ("one\r\ntwo", "one / two"),
        ("red \x1b[31m", r"red \x1b[31m"),
        ("\n\n", ""),
    ],
)
def test_a_note_is_shown_on_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


# --- what is kept


@pytest.mark.parametrize("text", ["a" * MAX_TEXT, "é" * (MAX_TEXT // 2), "🙂" * (MAX_TEXT // 4)])
def test_a_text_of_exactly_one_megabyte_is_kept(text: str) -> None:
    assert len(text.encode()) == 1_048_576
    assert checked(text) is text


@pytest.mark.parametrize("text", ["a" * (MAX_TEXT + 1), "é" * (MAX_TEXT // 2) + "a", "🙂" * (MAX_TEXT // 4) + "a"])
def test_one_byte_more_is_refused_with_both_sizes(text: str) -> None:
    with pytest.raises(BadTextError, match="the note is 1,048,577 bytes long; the limit is 1,048,576"):
        checked(text)


@pytest.mark.parametrize(
    "text", ["", "  blanks  ", "\n", "a\r\nb", "\x1b[31m", "\u202e", "[x]", "'\"`$(rm)", "\ufeff", "\ue000"]
)
def test_a_note_is_kept_as_it_is(text: str) -> None:
    assert checked(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\x00b", "the note holds a NUL character"),
        ("\ud800", "the note is not valid UTF-8"),
        ("caf\udce9", "the note is not valid UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadTextError, match=why):
        checked(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Dana Ortiz", "Dana Ortiz"),
        ("  Dana \n", "Dana"),
        ("李雷", "李雷"),
        ("x" * LINE_LIMIT, "x" * LINE_LIMIT),
        (" " + "🙂" * LINE_LIMIT + " ", "🙂" * LINE_LIMIT),
    ],
)
def test_a_line_loses_only_the_blanks_around_it(text: str, kept: str) -> None:
    assert line(text, "the name") == kept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the name is empty"),
        (" \t\n", "the name is empty"),
        ("two\nlines", "the name must be one line without control characters"),
        ("a\tb", "the name must be one line without control characters"),
        ("a\x1b[31mb", "the name must be one line without control characters"),
        ("a\x9bb", "the name must be one line without control characters"),
        ("a\u2028b", "the name must be one line without control characters"),
        ("x" * (LINE_LIMIT + 1), "the name is 201 characters long; the limit is 200"),
        ("a\x00b", "the name holds a NUL character"),
        ("\ud800", "the name is not valid UTF-8"),
    ],
)
def test_a_line_that_is_none_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(BadTextError, match=why):
        line(text, "the name")


@pytest.mark.parametrize("text", ["failed-interview", "#1", "hard to fill", "日本"])
def test_a_tag_is_one_line(text: str) -> None:
    assert tag(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "why"),
    [("a,b", "a tag holds a comma"), ("", "a tag is empty"), ("a\nb", "a tag must be one line")],
)
def test_a_tag_with_a_comma_or_a_line_break_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadTextError, match=why):
        tag(text)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (plural(1, "day"), "1 day"),
        (plural(0, "day"), "0 days"),
        (plural(1200, "entry", "entries"), "1,200 entries"),
        (few(["a", "b"], 2), "a, b"),
        (few(["a", "b", "c", "d"], 2), "a, b and 2 more"),
    ],
)
def test_a_number_of_things_is_said_as_people_say_it(said: str, words: str) -> None:
    assert said == words


@pytest.mark.parametrize(
    ("value", "said"),
    [(["SQL", "Python"], "SQL, Python"), ([], ""), (None, "nothing"), ("senior", "senior"), (3, "3"), (0, "0")],
)
def test_a_field_of_an_agreement_is_said_in_words(value: object, said: str) -> None:
    assert listed_value(value) == said


def test_an_object_says_each_thing_once() -> None:
    assert once([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    with pytest.raises(BadAnswerError, match=r"^b stands twice$"):
        once([("a", 1), ("b", 2), ("b", 2)])
