"""Who is named in a text or a label: in any case, with and without accents, but not by a word that is no name."""

import pytest

from trustlog.domain.people import naming

OTHERS = ("Marcus Hughes", "Dana Smith")


def is_named(text: str, name: str = "Zoë Ortiz", handle: str = "zoe", email: str | None = "zoe@example.org") -> bool:
    return naming(name, email, handle, OTHERS).in_text(text)


def is_label(text: str, name: str = "Zoë Ortiz", handle: str = "zoe") -> bool:
    return naming(name, None, handle, OTHERS).in_label(text)


@pytest.mark.parametrize(
    "text",
    [
        "asked Zoë", "asked zoë about it", "ZOË SAID", "Zoe's team", "zoes Team", "with zoe.", "(Ortiz)", "ortiz_notes",
        "zoë  ortiz", "ZOE\nORTIZ", "write to ZOE@example.org", "Zoe\u0308 said", "#zoe",
    ],
)  # fmt: skip
def test_a_person_is_named_in_any_case(text: str) -> None:
    assert is_named(text)


@pytest.mark.parametrize("text", ["zoetic", "Zo", "Marcus and Dana", "the zoo", "gazoe", "", "zoe2", "Ortizes"])
def test_other_words_name_nobody(text: str) -> None:
    assert not is_named(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Will said so", True), ("WILL SAID SO", True), ("she will say so", False), ("Will's plan", True),
        ("will young came", True), ("a young team", False),
    ],
)  # fmt: skip
def test_a_name_that_is_a_word_is_one_only_with_a_capital(text: str, named: bool) -> None:
    assert is_named(text, "Will Young", "will", None) is named


def test_a_part_that_somebody_else_has_names_neither() -> None:
    assert not is_named("asked Dana", "Dana Ortiz", "dana", None)
    assert is_named("asked Ortiz", "Dana Ortiz", "dana", None)
    assert is_named("asked dana ortiz", "Dana Ortiz", "dana", None)


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("Maria von der Heide", "von der Straße", False), ("Maria von der Heide", "frau heide", True),
        ("J. R. Chen", "j came", False), ("Bo Li", "bo came", False), ("Bo Li", "Bo came", True),
        ("dana", "asked Dana", True), ("田中 花子", "田中さんに聞いた", True), ("田中 花子", "中田さん", False),
        ("Ivan (boss) Petrov", "the boss", True),
    ],
)  # fmt: skip
def test_names_of_many_kinds(name: str, text: str, named: bool) -> None:
    assert naming(name, None, "x9", ()).in_text(text) is named


@pytest.mark.parametrize(
    "label", ["zoe", "zoe-prep", "ZOE-1", "ask_zoë", "1on1-zoe", "zoe2", "Ortiz-analyst", "d-ortiz"]
)
def test_a_person_is_named_in_tags_and_codes(label: str) -> None:
    assert is_label(label)


@pytest.mark.parametrize("label", ["zoetrope", "horti-zone", "dana", "gazoe-1"])
def test_other_labels_name_nobody(label: str) -> None:
    assert not is_label(label)


def test_a_handle_of_its_own_is_looked_for_in_labels_alone() -> None:
    assert is_label("boss-1on1", handle="boss")
    assert not is_named("the boss", handle="boss")
