"""The scripts as shipped, and the user's own words over them: a mistake is told and the shipped words are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.conversations import PUBLIC
from trustlog.domain.private import QUESTIONS
from trustlog.domain.scripts import CONDITIONS, Script
from trustlog.playbook import Playbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

NAMES = ("prep", "debrief", "checkin")
SECONDS = {"prep": {2: 120, 5: 300, 15: 780}, "debrief": {2: 105, 5: 270, 15: 715}}
IDS = {
    "prep": [f"P{number:02}" for number in range(1, 21)],
    "debrief": [f"D{number:02}" for number in range(1, 21)],
    "checkin": [f"N{number:02}" for number in range(1, 8)],
}
MISTAKE = "Mend it or move it away; the shipped words are used meanwhile."


class Own:
    """A playbook folder of the user's, and what was said about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self.book = Playbook(folder, self.warnings.append)

    def write(self, name: str, text: str | bytes) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def told(self, file: Path, line: int | None) -> str:
        """The one warning: the file, the line, the problem and the cure; returns the problem."""
        (warning,) = self.warnings
        begin = f"{file}, line {line}: " if line else f"{file}: "
        assert warning.startswith(begin), warning
        assert warning.endswith(MISTAKE), warning
        return warning.removeprefix(begin).removesuffix(MISTAKE)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path / "playbook")


def shipped(name: str) -> Script:
    def never(warning: str) -> None:
        raise AssertionError(warning)

    from pathlib import Path

    return Playbook(Path("/nowhere"), never).script(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_of_the_domain_page_is_shipped_once(name: str) -> None:
    assert sorted(prompt.id for prompt in shipped(name).prompts) == IDS[name]


@pytest.mark.parametrize(
    ("name", "minutes", "seconds"), [(name, *pair) for name in SECONDS for pair in SECONDS[name].items()]
)
def test_a_version_takes_as_long_as_it_says(name: str, minutes: int, seconds: int) -> None:
    asked = shipped(name).asked(minutes)
    assert sum(prompt.seconds[minutes] for prompt in asked) == seconds
    assert seconds <= minutes * 60


def test_the_shipped_scripts_use_every_condition_and_no_other() -> None:
    used = {field.only_if for name in NAMES for field in shipped(name).fields().values()} - {""}
    assert used == set(CONDITIONS)


@pytest.mark.parametrize("name", NAMES)
def test_a_longer_version_asks_all_that_a_shorter_one_asks(name: str) -> None:
    asked = [{prompt.id for prompt in shipped(name).asked(minutes)} for minutes in (2, 5, 15)]
    assert asked[0] <= asked[1] <= asked[2]


def test_purpose_is_asked_first_so_that_one_answer_gives_a_card() -> None:
    script = shipped("prep")
    assert [field.name for field in script.prompts[0].fields] == ["purpose"] == list(script.card[0].fields)


def test_what_crossed_a_line_is_asked_before_the_way_out_that_depends_on_it() -> None:
    order = list(shipped("debrief").fields())
    assert order.index("mood_after") < order.index("line_crossed") < order.index("gate")
    gate = shipped("debrief").fields()["gate"]
    assert (gate.only_if, gate.otherwise, gate.ends_on) == ("low-or-crossed", "go-on", ("stop-here", "support-page"))


def test_free_writing_is_the_last_but_the_wish_to_be_asked_tomorrow() -> None:
    assert [prompt.id for prompt in shipped("debrief").prompts][-2:] == ["D18", "D19"]


def test_a_field_never_needs_one_that_comes_later() -> None:
    for name in NAMES:
        order = list(shipped(name).fields())
        for field in shipped(name).fields().values():
            assert not field.needs or order.index(field.needs) < order.index(field.name), field.name


def test_every_public_field_is_asked_for_somewhere() -> None:
    assert {field for name in NAMES for field in shipped(name).fields()} >= PUBLIC


def test_a_prompt_of_the_same_id_replaces_ours_in_its_place(own: Own) -> None:
    own.write(
        "scripts/prep.toml",
        '[[prompt]]\nid = "P04"\nminutes = [5]\nseconds = 9\n'
        'fields = [{ name = "purpose", type = "line", ask = "What for?" }]\n',
    )
    script, ours = own.book.script("prep"), shipped("prep")
    assert own.warnings == []
    assert [prompt.id for prompt in script.prompts] == [prompt.id for prompt in ours.prompts]
    assert (script.prompts[0].fields[0].ask, script.prompts[0].minutes) == ("What for?", (5,))
    assert (script.prompts[1:], script.card, script.drafts) == (ours.prompts[1:], ours.card, ours.drafts)


def test_a_prompt_of_a_new_id_is_asked_last_in_every_version_unless_it_says(own: Own) -> None:
    own.write(
        "scripts/debrief.toml",
        '[[prompt]]\nid = "X1"\nfields = [{ name = "weather", type = "choice", ask = "Weather?", options = ["sun"] }]\n'
        '[drafts]\nask = "Tell me more about {text}."\n',
    )
    script, ours = own.book.script("debrief"), shipped("debrief")
    assert own.warnings == []
    assert script.prompts[:-1] == ours.prompts
    assert [script.asked(minutes)[-1].id for minutes in (2, 5, 15)] == ["X1"] * 3
    assert script.drafts == {**ours.drafts, "ask": "Tell me more about {text}."}


def test_the_words_of_the_boundary_questions_cannot_be_replaced(own: Own) -> None:
    ours = own.book.boundary
    own.write("boundary.toml", '[levels]\nL3 = "It will be fine."\n')
    assert Playbook(own.folder, own.warnings.append).boundary == ours


def prompt(body: str, *, fields: str = '[{ name = "mine", type = "line", ask = "?" }]') -> str:
    """A script with one prompt; `body` begins on line 4."""
    return f'# my own\n[[prompt]]\nid = "X1"\n{body}\nfields = {fields}\n'


BROKEN: list[tuple[str, str, int, str]] = [
    ("broken syntax", '[[prompt]]\nid = "P04\n', 2, "line 2"),
    ("a key of a script that there is not", "# mine\nprompts = []\n", 2, "'prompts' is not known"),
    ("a key of a prompt that there is not", prompt("colour = 1"), 4, "'colour' is not known"),
    ("a key of a field that there is not",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", colour = 1 }]'), 5, "'colour' is not known"),
    ("an unknown type", prompt("", fields='[{ name = "mine", type = "poem", ask = "?" }]'), 5, "type must be one of"),
    ("no type", prompt("", fields='[{ name = "mine", ask = "?" }]'), 5, "type must be one of"),
    ("no question", prompt("", fields='[{ name = "mine", type = "line" }]'), 5, "ask must be a text"),
    ("a field without a name", prompt("", fields='[{ type = "line", ask = "?" }]'), 3, "a field has no name"),
    ("a field name with a blank", prompt("", fields='[{ name = "my own", type = "line", ask = "?" }]'), 3, "name"),
    ("no field", prompt("", fields="[]"), 3, "asks for no field"),
    ("fields that are no tables", prompt("", fields='["mine"]'), 5, "fields must be written as"),
    ("minutes that there are not", prompt("minutes = [2, 7]"), 3, "minutes must be a list of 2, 5 and 15"),
    ("minutes that are no list", prompt("minutes = 5"), 3, "minutes must be a list of 2, 5 and 15"),
    ("no minutes", prompt("minutes = []"), 3, "minutes must be a list of 2, 5 and 15"),
    ("seconds below zero", prompt("seconds = -1"), 3, "seconds must be a whole number"),
    ("seconds in words", prompt('seconds = "ten"'), 3, "seconds must be a whole number"),
    ("seconds of a version that is not asked", prompt("minutes = [5]\nseconds = { 2 = 5 }"), 3, "seconds must be"),
    ("an unknown guide", prompt('guide = "dance"'), 3, "guide must be settle"),
    ("words before it that are no text", prompt("say = 5"), 3, "say"),
    ("words after it that are no text", prompt("then_say = [1]"), 3, "then_say"),
    ("a choice without options", prompt("", fields='[{ name = "mine", type = "choice", ask = "?" }]'), 5, "options"),
    ("options that are no list",
     prompt("", fields='[{ name = "mine", type = "choice", ask = "?", options = "a" }]'), 5, "options must be a list"),
    ("more words than options",
     prompt("", fields='[{ name = "mine", type = "choice", ask = "?", options = ["a"], words = ["a", "b"] }]'),
     5, "options and words differ"),
    ("a scale without ends", prompt("", fields='[{ name = "mine", type = "scale", ask = "?" }]'), 5, "low and high"),
    ("an unknown condition",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", only_if = "rainy" }]'), 5, "only_if must be one"),
    ("a field that needs one that is not there",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", needs = "yours" }]'), 5, "needs 'yours'"),
    ("suggestions from nowhere",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", suggest_from = "diary" }]'), 5, "suggest_from"),
    ("a blank that the template has not",
     prompt("", fields='[{ name = "mine", type = "template", ask = "?", template = "x", blanks = { a = "b" } }]'),
     5, "a blank does not occur"),
    ("a field that ours has already",
     prompt("", fields='[{ name = "purpose", type = "line", ask = "?" }]'), 5, "'purpose' stands twice"),
    ("an id twice", prompt("") + prompt("", fields='[{ name = "more", type = "line", ask = "?" }]'), 3, "'X1' stands"),
    ("a prompt without an id", '# mine\n[[prompt]]\nseconds = 5\n', 2, "has no id"),
    ("a prompt that is no block", 'prompt = "P04"\n', 1, "must be written as [[prompt]] blocks"),
    ("a card line of a field that nothing asks for",
     '[[card]]\nlabel = "Mine"\nfields = ["nothing"]\n', 2, "names a field that nothing asks for"),
    ("drafts that are no texts", "# mine\n[drafts]\nask = 1\n", 3, "drafts: ask must be a text"),
    ("an id in single quotes",
     "[[prompt]]\nid = 'X1'\nminutes = [7]\nfields = [{ name = 'mine', type = 'line', ask = '?' }]\n", 2, "minutes"),
]  # fmt: skip

SHAPES: list[tuple[str, str]] = [
    ("a type that is a list", prompt("", fields='[{ name = "mine", type = ["line"], ask = "?" }]')),
    ("minutes that are lists", prompt("minutes = [[2]]")),
    ("seconds of no version", prompt("seconds = { short = 5 }")),
    ("a scale from a word on",
     prompt("", fields='[{ name = "mine", type = "scale", ask = "?", low = "one", high = 5 }]')),
    ("a condition that is a list",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", only_if = ["gut"] }]')),
    ("what is said then is no table",
     prompt("", fields='[{ name = "mine", type = "line", ask = "?", then_say = "well" }]')),
    ("a card line of lists", '[[card]]\nlabel = "Mine"\nfields = [["purpose"]]\n'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "says"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_mistake_in_a_script_names_file_line_and_cure(own: Own, text: str, line: int, says: str) -> None:
    file = own.write("scripts/prep.toml", text)
    assert own.book.script("prep") == shipped("prep")
    if says.startswith("line "):  # a mistake of TOML itself tells its own place
        assert f"{says}," in own.told(file, None)
    else:
        assert says in own.told(file, line)


@pytest.mark.parametrize("text", [case[1] for case in SHAPES], ids=[case[0] for case in SHAPES])
def test_a_value_of_a_strange_shape_is_told_with_file_and_cure_and_breaks_nothing(own: Own, text: str) -> None:
    file = own.write("scripts/prep.toml", text)
    assert own.book.script("prep") == shipped("prep")
    (warning,) = own.warnings
    assert warning.startswith(str(file))
    assert warning.endswith(MISTAKE)


def test_a_script_that_is_no_text_is_told_too(own: Own) -> None:
    file = own.write("scripts/debrief.toml", b"\xff\xfe")
    assert own.book.script("debrief") == shipped("debrief")
    assert "utf-8" in own.told(file, None)


def test_a_folder_in_place_of_a_script_is_told_too(own: Own) -> None:
    folder = own.folder / "scripts" / "prep.toml"
    folder.mkdir(parents=True)
    assert own.book.script("prep") == shipped("prep")
    own.told(folder, None)


KINDS: list[tuple[str, str, int, str]] = [
    ("broken syntax", "[aliases\n", 1, "line 1"),
    ("an unknown key", '# mine\ncolours = ["red"]\n', 2, "'colours'"),
    ("an alias of no kind", '[aliases]\nyo = "yodel"\n', 2, "the alias 'yo' names 'yodel', which is no kind"),
    ("aliases that are no table", '# mine\naliases = "yo"\n', 2, "aliases must be a table"),
    ("usual kinds that are no list", 'usual = "note"\n', 1, "usual must be a list of words"),
    ("a usual kind that there is not", 'usual = ["yodel"]\n', 1, "'yodel', which is no kind"),
    ("channels that are no list", "channels = 1\n", 1, "channels must be a list of words"),
    ("a channel that is no word", "channels = [1]\n", 1, "channels must be a list of words"),
]
REPORT: list[tuple[str, str, int, str]] = [
    ("broken syntax", "reminder = \n", 1, "line 1"),
    ("an unknown key", '# mine\nfooter = "Goodbye."\n', 2, "'footer' is not known here"),
    ("an unknown label", '[labels]\nGreat = "Great."\n', 2, "labels: 'Great' is not known; there are"),
    ("an unknown facet", '[helps]\nluck = "Luck helps."\n', 2, "helps: 'luck' is not known; there are"),
    ("a sentence that is no text", "[questions]\nability = 1\n", 2, "questions: ability must be a text"),
    ("labels that are no table", "labels = 1\n", 1, "labels must be a table of texts"),
    ("a reminder that is no text", "reminder = 1\n", 1, "reminder must be a text"),
]


def words_of(book: Playbook, name: str) -> Any:
    return book.report if name == "report.toml" else (book.aliases, book.usual_kinds, book.channels)


WORDS = [*(("kinds.toml", *case) for case in KINDS), *(("report.toml", *case) for case in REPORT)]


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [(case[0], *case[2:]) for case in WORDS], ids=[f"{case[0]}: {case[1]}" for case in WORDS],
)  # fmt: skip
def test_a_mistake_in_the_other_words_names_file_line_and_cure(
    own: Own, name: str, text: str, line: int, says: str
) -> None:
    file = own.write(name, text)
    assert words_of(own.book, name) == words_of(Own(own.folder / "none").book, name)
    if says.startswith("line "):
        assert f"{says}," in own.told(file, None)
    else:
        assert says in own.told(file, line)


def test_own_kinds_and_sentences_join_ours_one_by_one(own: Own) -> None:
    own.write("kinds.toml", 'channels = ["pigeon"]\n[aliases]\ncoffee = "small-talk"\n')
    own.write("report.toml", '[helps]\nability = "one graph helps here"\n')
    assert own.book.aliases["coffee"] == "small-talk"
    assert own.book.aliases["praise"] == "praise-given"
    assert own.book.channels == ["pigeon"]
    assert own.book.report.helps["ability"] == "one graph helps here"
    assert "small favour" in own.book.report.helps["benevolence"]
    assert own.warnings == []


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("scripts/prep.toml", ["prep-feedback", "dana", "--set", "purpose=p"]),
        ("scripts/debrief.toml", ["debrief", "dana", "--set", "headline=h"]),
        ("scripts/checkin.toml", ["checkin", "dana", "--set", "gut=3"]),
        ("kinds.toml", ["add", "dana", "-k", "praise", "--did", "d"]),
        ("report.toml", ["report", "dana"]),
    ],
)
def test_the_program_tells_a_mistake_on_stderr_once_and_goes_on(
    call: Call, two: Path, name: str, args: list[str]
) -> None:
    before = call(*args, "--json").data
    file = two / "playbook" / name
    file.parent.mkdir(parents=True)
    file.write_text("= broken\n")
    done = call(*args, "--json")
    assert done.data.keys() == before.keys()
    assert done.err.count(f"{file}: ") == 1
    assert done.err.count("line 1") == 1
    assert done.err.count(MISTAKE) == 1


def test_an_own_prompt_can_be_answered_like_any_other_and_is_a_reflection(call: Call, two: Path) -> None:
    folder = two / "playbook" / "scripts"
    folder.mkdir(parents=True)
    (folder / "prep.toml").write_text(prompt("minutes = [2]"))
    args = ("prep-feedback", "dana", "--set", "mine=CANARY", "--json")
    assert "CANARY" not in call(*args).out
    assert call(*args, "--include-reflections").data["conversation"]["answers"]["prep"]["mine"] == "CANARY"


def test_every_note_behind_a_level_has_its_words(own: Own) -> None:
    assert set(own.book.boundary["short"]) == {*QUESTIONS, "mood_after", "carry_over", "line_crossed", "not_sure"}


def test_the_sentences_that_change_with_the_notes_stand_in_the_level_once(own: Own) -> None:
    words = own.book.boundary
    assert [words["levels"]["L2"].count(words[one]) for one in ("hard_often", "while_restricted")] == [1, 1]
