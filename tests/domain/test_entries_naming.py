"""Which kind a recruiter's own word for it means, and what a miss suggests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.entries import KINDS
from trustlog.domain.entries_doer import named, of_one_sign
from trustlog.domain.entries_reading import read_kind
from trustlog.errors import UserError
from trustlog.playbook import Playbook
from trustlog.services import finding


def never(warning: str) -> None:
    raise AssertionError(warning)


BOOK = Playbook(Path("/nowhere"), never)
ALIASES = {"kept": "promise-kept", "coffee": "small-talk"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("praise-received", "praise-received"),
        ("Praise_Received ", "praise-received"),
        ("kept", "promise-kept"),
        ("shouted", "harsh-exchange"),
        ("yelled", "harsh-exchange"),
        ("rude", "harsh-exchange"),
        ("SHOUTING", "harsh-exchange"),
        ("rejected", "slate-declined"),
        ("passed", "slate-declined"),
        ("declined", "slate-declined"),
        ("thanked-me", "praise-received"),
        ("thanked me", "praise-received"),
        ("intake", "meeting-held"),
        ("kick-off", "meeting-held"),
        ("kickoff", "meeting-held"),
        ("interview", "meeting-held"),
        ("call", "meeting-held"),
        ("1:1", "meeting-held"),
        ("hir", "hire-closed"),
    ],
)
def test_a_word_means_a_kind_by_name_alias_synonym_or_beginning(word: str, kind: str) -> None:
    found = named(word, ALIASES, BOOK.synonyms)

    assert (found.kinds, found.why) == ((kind,), "")


@pytest.mark.parametrize("word", ["ghosted", "no-reply", "no reply", "cancelled", "canceled", "no-show"])
def test_what_did_not_happen_is_no_kind_and_is_told_why(word: str) -> None:
    found = named(word, ALIASES, BOOK.synonyms)

    assert found.kinds == ()
    assert found.why == "Silence is not evidence; `ask` keeps what you wait for in sight"


@pytest.mark.parametrize("word", ["thanks", "kudos", "thank-you"])
def test_where_the_direction_is_open_both_are_named(word: str) -> None:
    found = named(word, ALIASES, BOOK.synonyms)

    assert found.kinds == ("praise-given", "praise-received")
    assert found.open


def test_several_kinds_that_begin_so_are_no_question_of_who() -> None:
    found = named("promise", ALIASES, BOOK.synonyms)

    assert found.kinds == ("promise-kept", "promise-renegotiated", "promise-missed")
    assert not found.open


WORDS = finding.KindWords(
    lambda: BOOK.aliases, lambda: BOOK.synonyms, lambda words: read_kind(words.replace("-", " "), BOOK.readings)
)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("screemed", "harsh-exchange"),  # a slip of a word of ours
        ("went behind my back", "bypassed"),  # by meaning
        ("tore into me", "harsh-exchange"),
        ("meetng", "meeting-held"),  # by spelling
    ],
)
def test_a_miss_suggests_by_meaning_and_then_by_spelling(word: str, near: str) -> None:
    with pytest.raises(UserError, match="there is no kind") as refused:
        finding.kinds(word, WORDS)
    assert refused.value.hint.startswith(f"Did you mean {near}")


def test_what_is_like_nothing_lists_what_there_is() -> None:
    with pytest.raises(UserError, match="there is no kind") as refused:
        finding.kinds("xyzzy", WORDS)
    assert refused.value.hint.startswith("There are: ")


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=9))
def test_suggestions_are_three_at_most_and_of_one_sign(kinds: list[str]) -> None:
    near = of_one_sign(kinds)
    assert len(near) <= 3
    assert len({KINDS[kind].sign for kind in near}) <= 1
    assert near[:1] == tuple(kinds[:1])
