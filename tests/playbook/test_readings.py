"""How kinds are read from words and called by people, as shipped, and the user's own words over both."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from scripts import readings as learning

from trustlog.domain.entries import KINDS
from trustlog.domain.entries_doer import named
from trustlog.domain.entries_reading import ROLES, read_kind
from trustlog.domain.entries_sentence import GRAMMAR, meant, stems_of
from trustlog.playbook import Playbook
from trustlog.playbook.files import HERE, shipped
from trustlog.playbook.readings import check

if TYPE_CHECKING:
    from pathlib import Path

TABLES = shipped("readings.toml")
LINES = [(role, kind, line) for role in ROLES for kind, text in TABLES[role].items() for line in text.splitlines()]
MISTAKE = "Mend it or move it away; the shipped words are used meanwhile."


class Own:
    """A playbook folder of the user's, and what was said about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self.book = Playbook(folder, self.warnings.append)

    def write(self, name: str, text: str) -> Path:
        self.folder.mkdir(exist_ok=True)
        file = self.folder / name
        file.write_text(text, "utf-8")
        return file


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path / "playbook")


@pytest.mark.parametrize("file", sorted(HERE.glob("**/*.toml")), ids=lambda file: file.stem)
def test_our_files_are_toml_and_read_fast_they_say_the_same(file: Path) -> None:
    assert shipped(str(file.relative_to(HERE))) == tomllib.loads(file.read_text("utf-8"))


def test_what_is_learnt_is_what_the_labelled_phrases_teach() -> None:
    assert learning.made() == learning.TARGET.read_text("utf-8")


def test_our_own_phrases_pass_the_check_that_a_users_do() -> None:
    check(TABLES, {*TABLES["classes"], "num"})


def test_every_kind_but_a_note_can_be_read() -> None:
    assert {kind for _, kind, _ in LINES} == set(KINDS)


def test_no_phrase_stands_twice_under_a_kind() -> None:
    assert sorted({line for line in LINES if LINES.count(line) > 1}) == []


def test_every_class_is_used_by_a_phrase_or_by_the_rules() -> None:
    used = {word for _, _, line in LINES for word in line.replace("|", " ").replace("_", " ").split() if word[0] == "@"}
    by_the_rules = {"boss", "candidate", "feeling", "tell"}

    assert set(TABLES["classes"]) - {name[1:] for name in used} - by_the_rules == set()


def test_an_ordinary_word_would_be_taken_for_another_if_it_were_not_listed() -> None:
    known = (*{word for text in TABLES["classes"].values() for word in text.split()}, *TABLES["words"]["slips"].split())

    needless = [
        word
        for word in TABLES["words"]["ordinary"].split()
        if not meant(word, (*known, *GRAMMAR)) or {word, *stems_of(word)} & {*known, *GRAMMAR}
    ]
    assert needless == []


def test_a_phrase_of_your_own_is_read_and_ours_still_are(own: Own) -> None:
    own.write("readings.toml", "[they]\nsmall-talk = '''\nshowed @me his bonsai\n'''\n")

    assert read_kind("showed me his bonsai", own.book.readings)[0] == "small-talk"
    assert read_kind("thanked me", own.book.readings)[0] == "praise-received"
    assert own.warnings == []


def test_a_phrase_of_ours_under_another_kind_moves_there(own: Own) -> None:
    assert read_kind("I apologised", own.book.readings)[0] == "apology-made"

    moved = Own(own.folder)
    moved.write("readings.toml", "[any]\nnote = '''\napolog*\n'''\n")

    assert read_kind("I apologised", moved.book.readings) == ()
    assert moved.warnings == []


def test_words_and_classes_of_your_own_join_ours(own: Own) -> None:
    own.write(
        "readings.toml",
        "[words]\nspelling = '''\nty4 thanked me for\n'''\n[classes]\nboss = 'chieftain'\nsnack = 'waffles'\n"
        "[any]\nsmall-talk = '''\nshared @snack\n'''\n",
    )

    assert read_kind("ty4 the slate", own.book.readings)[0] == "praise-received"
    assert read_kind("told the chieftain how great the panel was", own.book.readings)[0] == "praise-given"
    assert read_kind("shared waffles", own.book.readings)[0] == "small-talk"
    assert own.warnings == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[they\n", 0, "at line 1"),
        ("colours = 'red'\n", 1, "readings: 'colours' is not known"),
        ("[they]\nhelp-received = ['helped']\n", 1, "they must be a table of texts"),
        ("[words]\nshort = 'x'\n", 2, "words: 'short' is not known"),
        ("[words]\nspelling = 'fyi'\n", 2, "the spelling 'fyi' has no second word"),
        ("[any]\nyodel = 'sang'\n", 2, "[any] names 'yodel', which is no kind"),
        ("# mine\n[i]\nhelp-received = 'helped'\n", 3, "help-received cannot stand under [i]"),
        ("[i]\nnote = '''\nok\nSang\n'''\n", 4, "the phrase 'Sang' has a capital letter"),
        ("[i]\nnote = '''\nsang @choir\n'''\n", 3, "names the class @choir, which is not known"),
        ("[i]\nnote = '''\nsang ..\n'''\n", 3, ".. and <> stand between two words"),
        ("[i]\nnote = '''\nsang loudly <> songs\n'''\n", 3, ".. and <> stand between two words"),
        ("[i]\nnote = '''\nsa*ng\n'''\n", 3, "a * stands within one"),
        ("[i]\nnote = '''\nsang|\n'''\n", 3, "a word is missing"),
    ],
)
def test_a_mistake_names_file_and_line_and_ours_are_used(own: Own, text: str, line: int, says: str) -> None:
    file = own.write("readings.toml", text)

    assert read_kind("thanked me", own.book.readings)[0] == "praise-received"
    (warning,) = own.warnings
    assert warning.startswith(f"{file}, line {line}: " if line else f"{file}: ")
    assert says in warning
    assert warning.endswith(MISTAKE)


def test_our_synonyms_hide_no_kind_and_stand_once(own: Own) -> None:
    words = tomllib.loads((HERE / "synonyms.toml").read_text("utf-8"))
    listed = [word for name in ("kinds", "none") for each in words[name].values() for word in each] + [*words["open"]]

    assert sorted({word for word in listed if listed.count(word) > 1}) == []
    assert set(listed) & set(KINDS) == set()
    assert own.book.synonyms.none["no-show"] == "Silence is not evidence; `ask` keeps what you wait for in sight"


def test_a_synonym_of_your_own_joins_ours_and_wins(own: Own) -> None:
    own.write(
        "synonyms.toml",
        "[kinds]\nsmall-talk = ['waffles']\npraise-given = ['thanks']\n[none]\nsilence = ['row']\n"
        "[open]\nbaked = ['small-talk', 'help-received']\n",
    )
    told = own.book.synonyms

    assert named("waffles", {}, told).kinds == ("small-talk",)
    assert named("coffee", {}, told).kinds == ("small-talk",)
    assert named("thanks", {}, told).kinds == ("praise-given",)
    assert named("row", {}, told).why.startswith("Silence is not evidence")
    assert named("baked", {}, told).kinds == ("small-talk", "help-received")
    assert own.warnings == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("colours = 'red'\n", 1, "synonyms: 'colours' is not known"),
        ("[kinds]\nyodel = ['sang']\n", 2, "[kinds] names 'yodel', which is no kind"),
        ("[kinds]\nsmall-talk = 'waffles'\n", 2, "small-talk must be a list of words"),
        ("[open]\nbaked = ['small-talk']\n", 2, "[open] baked: it needs two kinds to choose from"),
        ("[open]\nbaked = ['small-talk', 'yodel']\n", 2, "[open] baked: it names 'yodel', which is no kind"),
        ("[none]\nweather = ['rain']\n", 2, "[say] has no sentence for 'weather'"),
    ],
)
def test_a_mistake_in_synonyms_names_file_and_line(own: Own, text: str, line: int, says: str) -> None:
    file = own.write("synonyms.toml", text)

    assert named("shouted", {}, own.book.synonyms).kinds == ("harsh-exchange",)
    (warning,) = own.warnings
    assert warning.startswith(f"{file}, line {line}: ")
    assert says in warning
