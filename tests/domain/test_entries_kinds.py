"""The 28 kinds, and which of them a word may mean."""

from math import copysign

import pytest

from trustlog.domain.entries import ASK_TWICE, KINDS, MENDING, SIZES, fitting_kinds

# at size m: who, sign, ability, benevolence, integrity
TABLE = """
ask-help              mine   + 0    0.1  0
help-received         theirs + 0    1    0
small-talk            joint  + 0    0.1  0
praise-given          mine   + 0    0.25 0
praise-received       theirs + 0.5  0.5  0
update-sent           mine   + 0    0    0.1
insight-shared        mine   + 0.25 0    0
reply-received        theirs + 0    0.25 0
meeting-held          joint  + 0    0.25 0
expectation-confirmed joint  + 0.25 0    0.5
promise-kept          mine   + 0    0    0.5
promise-renegotiated  mine   + 0    0    0.25
promise-missed        mine   - 0    0    1
own-error-disclosed   mine   + 0    0    0.5
apology-made          mine   + 0    0    0.25
slate-accepted        theirs + 1    0    0
slate-declined        theirs - 0.5  0    0
feedback-received     theirs + 0    0.5  0
feedback-acted-on     mine   + 0.25 0    0.25
relied-on-me          theirs + 1    0    0
confided              theirs + 0    0.5  0.5
recommended-me        theirs + 0.5  0.5  0
bypassed              theirs - 0.5  0.5  0
doubt-voiced          theirs - 0.5  0    0
harsh-exchange        theirs - 0    1    0
hire-closed           joint  + 1    0    0
offer-lost            joint  - 0.5  0    0
note                  mine   0 0    0    0
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]

ALIASES = {"praise": "praise-given", "kept": "promise-kept", "help": "help-received", "ask": "ask-help"}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_kind_is_whose_it_is_and_weighs_what_the_table_says(row: list[str]) -> None:
    name, who, sign, *weights = row

    kind = KINDS[name]

    assert (kind.name, kind.who, kind.sign) == (name, who, sign)
    assert kind.weights == tuple(float(weight) for weight in weights)


def test_there_are_28_kinds_in_the_order_of_the_table() -> None:
    assert list(KINDS) == [row[0] for row in ROWS]
    assert len(KINDS) == 28


def test_what_i_did_well_weighs_at_most_a_half() -> None:
    assert max(max(kind.weights) for kind in KINDS.values() if (kind.who, kind.sign) == ("mine", "+")) == 0.5


def test_a_kind_without_a_sign_weighs_nothing_and_every_other_weighs_something() -> None:
    assert [kind.name for kind in KINDS.values() if not any(kind.weights)] == ["note"]
    assert all(copysign(1, weight) == 1 for kind in KINDS.values() for weight in kind.weights)


def test_sizes_halve_and_double() -> None:
    assert SIZES == {"s": 0.5, "m": 1.0, "l": 2.0}


def test_only_deeds_mend_and_only_hard_entries_are_asked_about_twice() -> None:
    assert {KINDS[name].sign for name in MENDING} == {"+"}
    assert {KINDS[name].who for name in MENDING} == {"mine"}
    assert {KINDS[name].sign for name in ASK_TWICE} == {"-"}


def test_people_read_a_kind_as_words() -> None:
    assert KINDS["relied-on-me"].words == "relied on me"


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        # the exact name
        ("note", ["note"]),
        ("praise-received", ["praise-received"]),
        ("  Praise_Received ", ["praise-received"]),
        ("praise received", ["praise-received"]),
        # an alias, which beats every prefix
        ("praise", ["praise-given"]),
        ("PRAISE", ["praise-given"]),
        ("kept", ["promise-kept"]),
        ("help", ["help-received"]),
        ("ask", ["ask-help"]),
        # a unique prefix
        ("n", ["note"]),
        ("hir", ["hire-closed"]),
        ("promise-k", ["promise-kept"]),
        ("feedback_a", ["feedback-acted-on"]),
        # several begin so
        ("promise", ["promise-kept", "promise-renegotiated", "promise-missed"]),
        ("slate-", ["slate-accepted", "slate-declined"]),
        # nothing fits
        ("given", []),
        ("notes", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_word_means_its_kind_then_its_alias_then_its_prefix(word: str, kinds: list[str]) -> None:
    assert fitting_kinds(word, ALIASES) == tuple(kinds)


def test_no_alias_can_hide_a_kind() -> None:
    assert fitting_kinds("note", {"note": "small-talk"}) == ("note",)


def test_without_its_alias_a_word_is_a_prefix() -> None:
    assert fitting_kinds("praise", {}) == ("praise-given", "praise-received")
