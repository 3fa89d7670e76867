"""Which manager was meant, and what a new one is called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.people import (
    HANDLE_LIMIT,
    Manager,
    capitalised,
    fitting,
    folded,
    free_code,
    is_handle,
    leading,
    nearest,
    new_handle,
    slug,
)

PEOPLE = [
    ("ana", "Ana Lima"),
    ("anabel", "Anabel Reyes"),
    ("dana", "Dana Ortiz"),
    ("dana-w", "Dana Webb"),
    ("kim", "Marcus Kim"),
    ("marcus", "Kim Novak"),
    ("soren", "Søren Kjær"),
    ("zhang", "张伟"),
]


@pytest.mark.parametrize(
    ("asked", "handles"),
    [
        # the exact handle beats every name and prefix
        ("ana", ["ana"]),
        ("dana", ["dana"]),
        ("kim", ["kim"]),
        ("marcus", ["marcus"]),
        # the exact name beats every prefix
        ("Dana Webb", ["dana-w"]),
        ("kim novak", ["marcus"]),
        # a unique prefix of a handle or a name
        ("anab", ["anabel"]),
        ("dana-", ["dana-w"]),
        ("dana o", ["dana"]),
        ("Kim N", ["marcus"]),
        ("s", ["soren"]),
        ("Søren", ["soren"]),
        ("张", ["zhang"]),
        # case and blanks around mean nothing
        ("DANA", ["dana"]),
        ("  dana  ", ["dana"]),
        ("SØREN KJÆR", ["soren"]),
        # several fit
        ("an", ["ana", "anabel"]),
        ("dan", ["dana", "dana-w"]),
        ("k", ["kim", "marcus"]),
        ("m", ["kim", "marcus"]),
        # a whole part of a name
        ("ortiz", ["dana"]),
        ("kjær", ["soren"]),
        # none fits: no part of a part, not a mistyped one, not nothing
        ("orti", []),
        ("dnaa", []),
        ("dana ortiz jr", []),
        ("", []),
        (" \t", []),
    ],
)
def test_a_manager_is_meant_by_handle_then_name_then_prefix(asked: str, handles: list[str]) -> None:
    assert fitting(asked, PEOPLE) == tuple(handles)


def test_two_managers_of_one_name_are_both_told() -> None:
    assert fitting("dana ortiz", [("dana", "Dana Ortiz"), ("ortiz", "Dana Ortiz")]) == ("dana", "ortiz")


def test_an_exact_name_that_begins_another_means_both_unless_it_is_a_handle() -> None:
    assert fitting("dana", [("d", "Dana"), ("o", "Dana Ortiz")]) == ("d", "o")
    assert fitting("dana", [("dana", "Dana"), ("o", "Dana Ortiz")]) == ("dana",)
    assert fitting("dana ortiz", [("d", "Dana"), ("o", "Dana Ortiz")]) == ("o",)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("dana answered my mail", 1),
        ("dana ortiz answered my mail", 2),
        ("SØREN KJÆR answered", 2),
        ("dana webb", 2),
        ("webb answered", 1),
        ("dana orti answered", 1),
        ("nobody answered", 1),
        ("dana", 1),
        ("", 1),
    ],
)
def test_a_name_takes_the_longest_run_of_leading_words(words: str, count: int) -> None:
    assert leading(words.split(" "), PEOPLE) == count


def test_a_note_that_is_empty_or_long_is_no_part_of_a_name() -> None:
    assert leading(["dana", ""], PEOPLE) == 1
    assert leading(["dana", "x" * 1_000_000], PEOPLE) == 1
    assert leading(["dana", "hello"], []) == 1


@pytest.mark.parametrize(
    ("words", "count"),
    [("Tom Baker answered", 2), ("Tom answered", 1), ("tom baker answered", 1), ("Tom Baker", 1), ("Tom B4 x", 1)],
)
def test_a_new_name_is_what_is_capitalised_before_small_letters(words: str, count: int) -> None:
    assert capitalised(words.split(" ")) == count


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    assert nearest("Dnaa", [handle for handle, _ in PEOPLE])[0] == "dana"
    assert nearest("xyzzy", [handle for handle, _ in PEOPLE]) == []
    assert len(nearest("ana", ["ana", "anab", "anac", "anad", "anae"])) == 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Dana", "dana"),
        ("Dana Ortiz", "dana-ortiz"),
        ("Søren", "soren"),
        ("Łukasz", "lukasz"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Müller", "muller"),
        ("Straße", "strasse"),
        ("Æsa Þórsdóttir", "aesa-thorsdottir"),
        ("O'Brien", "obrien"),
        ("Dr. J. P. Smith-Jones", "dr-j-p-smith-jones"),
        ("  back  end  ", "back-end"),
        ("C++ / C#", "c-c"),
        ("Ｗｉｄｅ", "wide"),
        ("№ 5", "no-5"),
        ("李雷", ""),
        ("李 Lei", "lei"),
        ("🙂", ""),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_slug_is_what_can_be_written_in_plain_letters(text: str, plain: str) -> None:
    assert slug(text) == plain


def test_a_slug_is_cut_at_its_limit_and_not_left_with_a_hyphen() -> None:
    assert slug("a" * 200) == "a" * HANDLE_LIMIT
    assert slug("a" * (HANDLE_LIMIT - 1) + " b") == "a" * (HANDLE_LIMIT - 1)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text())
def test_whatever_the_text_its_slug_is_a_handle_or_nothing(text: str) -> None:
    made = slug(text)

    assert made == "" or is_handle(made)
    assert len(made) <= HANDLE_LIMIT


@pytest.mark.parametrize(
    ("who", "taken", "handle"),
    [
        ("Dana Ortiz", [], "dana"),
        ("Dana Ortiz", ["dana"], "dana-ortiz"),
        ("Dana Ortiz", ["dana", "dana-ortiz"], ""),
        ("Dana", ["dana"], ""),
        ("Zoë", [], "zoe"),
        ("李雷", [], ""),
        ("李雷 Wang", [], "wang"),
        ("李雷 Wang", ["wang"], ""),
        ("", [], ""),
    ],
)
def test_a_new_handle_is_the_first_name_then_the_whole_name(who: str, taken: list[str], handle: str) -> None:
    assert new_handle(who, taken) == handle


@pytest.mark.parametrize(
    ("wish", "taken", "code"),
    [
        ("sre", [], "sre"),
        ("sre", ["dba"], "sre"),
        ("sre", ["sre"], "sre-2"),
        ("sre", ["sre", "sre-2"], "sre-3"),
        ("sre", ["sre", "sre-3"], "sre-2"),
        ("sre-2", ["sre-2"], "sre-2-2"),
    ],
)
def test_a_code_that_is_taken_gets_the_next_number(wish: str, taken: list[str], code: str) -> None:
    assert free_code(wish, taken) == code


@pytest.mark.parametrize(
    ("word", "fine"),
    [
        ("dana", True),
        ("d", True),
        ("7of9", True),
        ("dana.o_w-2", True),
        ("Dana", False),
        ("-dana", False),
        (".dana", False),
        ("dana ortiz", False),
        ("dana\n", False),
        ("zoë", False),
        ("", False),
    ],
)
def test_a_handle_is_small_letters_digits_and_three_signs(word: str, fine: bool) -> None:
    assert bool(is_handle(word)) is fine


@pytest.mark.parametrize(
    "typed",
    [
        "\u200eDana Ortiz", "Dana Ortiz\u200f", "\u202aDana Ortiz\u202c", "\u2068Dana Ortiz\u2069", "Dana\u2009Ortiz",
        "Da\xadna\xa0Ortiz", "\ufeffDANA  ORTIZ",
    ],
)  # fmt: skip
def test_a_name_is_the_same_with_marks_that_nobody_sees(typed: str) -> None:
    assert folded(typed) == folded("Dana Ortiz")
    assert fitting(typed, PEOPLE) == ("dana",)


@pytest.mark.parametrize(
    ("team", "said"),
    [
        (None, "your team"), ("", "your team"), ("payments", "the payments team"), ("Team Rocket", "Team Rocket"),
        ("the platform", "the platform team"), ("Our team", "Our team"), ("the core team", "the core team"),
    ],
)  # fmt: skip
def test_a_team_is_spoken_of_as_people_do(team: str | None, said: str) -> None:
    assert Manager(1, "u", "dana", "Dana", team=team).the_team == said
