"""`guide` and the first page of help: everything can be found, and nothing there can grow stale."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.playbook.test_wording import FORBIDDEN
from typer.main import get_command

from trustlog import clock
from trustlog.app import CONTENTS, FIRST, app
from trustlog.domain import when
from trustlog.domain.asking import FOLLOW_KEYS, ITEM_KEYS, TYPES, check
from trustlog.domain.coaching_history import CATEGORIES, LISTED_TAG
from trustlog.domain.coaching_signals import EVENTS
from trustlog.domain.coaching_states import CONDITIONS, HARD_DAYS, STATES
from trustlog.domain.entries import FACETS, KINDS
from trustlog.domain.people import HARD_TAG
from trustlog.domain.private import QUESTIONS
from trustlog.domain.text import BadAnswerError, places_of
from trustlog.errors import CODES, ExitCode, UserError
from trustlog.playbook import Playbook
from trustlog.playbook.files import HERE, shipped
from trustlog.services.help import RULES_OUT, SCRIPTS, SHAPES, STAND_FOR, TABLES, TOPICS, VAGUE, guide_text, guide_title
from trustlog.settings import SETTINGS

if TYPE_CHECKING:
    from tests.conftest import Call, Terminal

FOLDER = HERE / "guide"
PLAYBOOK = Playbook(Path("/nonexistent"), lambda _: None)
FIELDS = [one.name for name in SCRIPTS for prompt in PLAYBOOK.script(name).prompts for one in prompt.fields]
COMMANDS = [entry.name for entry in CONTENTS if not entry.hidden]


pytestmark = pytest.mark.usefixtures("demo_in_its_own_place")


def read(call: Call, topic: str) -> str:
    return " ".join(call("guide", topic).says().split())


def test_alone_it_lists_every_topic_on_one_screen(call: Call) -> None:
    said = call("guide").says()

    assert [line.split()[0] for line in said.splitlines() if line.startswith("  ")] == list(TOPICS)
    assert len(said.splitlines()) < 24


def test_every_page_is_a_topic() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_fits_the_width_and_leaves_no_place_open(call: Call, topic: str) -> None:
    said = call("guide", topic).says()

    assert said.startswith(f"{guide_title(topic)}\n")
    assert "{{" not in said
    prose = [line for line in said.splitlines() if not line.startswith("    ")]
    assert [line for line in prose if len(line) > 79] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_keeps_to_the_rules_of_wording(topic: str) -> None:
    text = guide_text(topic)

    assert FORBIDDEN.findall(text) == []
    assert "!" not in text
    assert [line for line in text.splitlines() if len(line.split(". ")) > 1 and line[0] not in "-| "] == []


def test_every_place_of_the_pages_has_its_table_and_every_table_its_place() -> None:
    used = {name for topic in TOPICS for name in re.findall(r"^\{\{([a-z]+)\}\}$", guide_text(topic), re.MULTILINE)}

    assert used == set(TABLES)


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("commands", [entry.name for entry in CONTENTS if not entry.hidden]),
        ("commands", ["manager unarchive", "me learned", *(f"kickoff {one}" for one in ("agree", "dispute", "park"))]),
        ("kinds", [*KINDS, *PLAYBOOK.aliases, *PLAYBOOK.channels]),
        ("steps", [step.id for step in PLAYBOOK.coaching.steps]),
        ("steps", [step.advice for step in PLAYBOOK.coaching.steps]),
        ("steps", [one.id for one in PLAYBOOK.coaching.situations]),
        ("steps", [*PLAYBOOK.coaching.conditions, *CATEGORIES]),
        ("settings", [*SETTINGS, *(one.help for one in SETTINGS.values())]),
        ("scripting", [*CODES, *(str(code.value) for code in ExitCode)]),
        ("conversations", [*QUESTIONS, *FIELDS]),
        ("agreements", ["discovery", "scope", "responsibilities", "process", "recap"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_page_names_everything_that_the_program_knows(call: Call, topic: str, words: list[str]) -> None:
    said = read(call, topic)

    assert [word for word in words if word not in said] == []


def test_every_command_of_a_group_stands_with_its_line(call: Call) -> None:
    root: Any = get_command(app)
    loaded = [root.commands[entry.name].load(root.params) for entry in CONTENTS if not entry.hidden]
    inner = [(group.name, one) for group in loaded for one in getattr(group, "commands", {}).values()]
    page = call("guide", "commands", "--json").data["text"]

    assert len(inner) > 20
    assert [one.name for group, one in inner if f"| {group} {one.name} | {one.short_help} |" not in page] == []


def test_options_that_stand_alone_are_told_from_those_that_work_everywhere(call: Call) -> None:
    page = call("guide", "commands", "--json").data["text"]
    _, everywhere, alone = re.split(r"^## Options.*$", page, flags=re.MULTILINE)

    assert re.findall(r"^\| (--[a-z][a-z-]+)", alone, re.MULTILINE) == [
        "--version", "--install-completion", "--show-completion",
    ]  # fmt: skip
    for option in re.findall(r"^\| (--[a-z][a-z-]+)", everywhere, re.MULTILINE):
        assert "No such option" not in call("log", option, "--no-input").err
    for option in ("--version", "--install-completion", "--show-completion"):
        call("log", option).fails(2)
    assert (
        "--install-completion"
        not in call("guide", "scripting", "--json").data["text"].split("## Options")[1].split("## ")[0]
    )


def test_the_kinds_say_which_side_they_move_and_how_much(call: Call) -> None:
    page = call("guide", "kinds", "--json").data["text"]

    for kind in KINDS.values():
        sign = "−" if kind.sign == "-" else "+"
        row = next(line for line in page.splitlines() if line.startswith(f"| {kind.name} |"))
        weights = dict(zip(FACETS, kind.weights, strict=True))
        assert [one for one in FACETS if f"{one} {sign}{weights[one]:g}" in row] == [
            one for one in FACETS if weights[one]
        ]
    assert page.rstrip().splitlines()[-3].startswith("## ")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_fits_a_narrow_terminal_too(call: Call, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    prose = [line for line in call("guide", topic).says().splitlines() if not line.startswith("    trustlog")]

    assert [line for line in prose if len(line) > 60 and not line.startswith("    ")] == []


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "playbook"])
def test_no_page_for_recruiters_shows_a_place_of_a_template(call: Call, topic: str) -> None:
    tables = [line for line in call("guide", topic, "--json").data["text"].splitlines() if line.startswith("| ")]

    assert [line for line in tables if re.search(r"\{\w*\}", line)] == []


def test_the_steps_are_told_without_names_from_the_source(call: Call) -> None:
    assert re.findall(r"\w+_\w+", read(call, "steps")) == []


def test_every_place_and_every_test_has_plain_words() -> None:
    places = {place for template in PLAYBOOK.coaching.situations for place in places_of(template.because)}
    asked = [one.ask for name in SCRIPTS for prompt in PLAYBOOK.script(name).prompts for one in prompt.fields]
    places |= {place for ask in asked for place in places_of(ask.split("\n")[0])}

    assert sorted(places - set(STAND_FOR[""])) == []
    assert set(RULES_OUT) == set(CONDITIONS)
    assert set(STAND_FOR) - {""} <= {*EVENTS, *STATES}


def test_a_reason_of_ones_own_has_plain_words_too(call: Call, home: Path) -> None:
    (home / "playbook").mkdir(parents=True)
    (home / "playbook" / "situations.toml").write_text(
        '[[situation]]\nid = "SIT-LATECARD"\nsignal = "scorecard_late"\nbecause = "late since {date}, for {what}"\n'
    )

    assert "late since …, for what you asked for" in read(call, "steps")


def options(command: Any) -> list[tuple[Any, Any]]:
    inner = getattr(command, "commands", {}).values()
    return [(command, option) for option in command.params] + [found for one in inner for found in options(one)]


@pytest.mark.parametrize("entry", [entry for entry in CONTENTS if not entry.hidden], ids=lambda entry: entry.name)
def test_every_option_says_what_it_does(entry: Any) -> None:
    root: Any = get_command(app)
    listed = options(root.commands[entry.name].load(root.params))

    assert [(command.name, one.name) for command, one in listed if not one.help] == []


@pytest.mark.parametrize(("typed", "title"), [("KINDS", "Kinds:"), ("ki", "Kinds:"), (" model ", "What the figures")])
def test_a_topic_may_be_its_beginning(call: Call, typed: str, title: str) -> None:
    assert call("guide", typed).says().startswith(title)


@pytest.mark.parametrize("typed", ["s", "nonsense", ""])
def test_what_is_no_topic_is_refused_with_the_list(call: Call, typed: str) -> None:
    assert call("guide", typed).fails(1).endswith(f"There are: {', '.join(TOPICS)}.")
    call("guide", typed, "--json").fails(1, "bad-field")


def test_as_json_the_list_and_a_page_in_markdown(call: Call) -> None:
    listed = call("guide", "--json").data
    page = call("guide", "kinds", "--json").data

    assert [one["topic"] for one in listed["topics"]] == list(TOPICS)
    assert list(page) == ["topic", "title", "text"]
    assert "| praise-given | benevolence +0.25 | praise |" in page["text"]


def test_own_short_words_stand_on_the_page_too(call: Call, home: Path) -> None:
    (home / "playbook").mkdir(parents=True)
    (home / "playbook" / "kinds.toml").write_text('[aliases]\ncoffee = "small-talk"\n')

    assert "chat, coffee" in read(call, "kinds")


def test_own_words_are_read_behind_a_byte_order_mark(call: Call, home: Path) -> None:
    (home / "playbook").mkdir(parents=True)
    (home / "playbook" / "kinds.toml").write_text('[aliases]\ncoffee = "small-talk"\n', "utf-8-sig")

    assert "chat, coffee" in read(call, "kinds")


def test_it_writes_nothing(call: Call, home: Path) -> None:
    call("guide", "steps").says()

    assert not home.exists()


def test_a_long_page_opens_in_the_pager_of_the_person(tty: Terminal, tmp_path: Path) -> None:
    pager = tmp_path / "my pager"
    pager.write_text('#!/bin/sh\necho "paged $1"; exec cat\n')
    pager.chmod(0o700)
    code, said = tty.ends(tty("guide", "steps", env={"PAGER": f"'{pager}' with-words"}))

    assert code == 0
    assert said.startswith("paged with-words")
    assert "PB46" in said


@pytest.mark.parametrize("pager", ["", "no-such-pager", "'open quote"])
def test_without_a_pager_it_is_printed(tty: Terminal, pager: str) -> None:
    code, said = tty.ends(tty("guide", "steps", env={"PAGER": pager}))

    assert (code, "PB46" in said) == (0, True)


def test_a_pager_that_is_left_early_is_no_fault(tty: Terminal) -> None:
    code, said = tty.ends(tty("guide", "steps", env={"PAGER": "head -1"}))

    assert code == 0
    assert said.strip().endswith("Small steps, and how next chooses one\x1b[0m")


def test_what_fits_the_screen_needs_no_pager(tty: Terminal) -> None:
    code, said = tty.ends(tty("guide", env={"PAGER": "echo paged"}))

    assert (code, "paged" in said) == (0, False)


def test_a_pipe_has_no_pager_and_no_colour(call: Call) -> None:
    said = call("guide", "steps").says()

    assert "PB46" in said
    assert "\x1b" not in said


def test_the_first_help_shows_a_dozen_commands_by_purpose_on_one_screen(call: Call) -> None:
    said = call("--help").says()

    assert len(said.splitlines()) <= 23  # a line for the prompt
    assert max(len(line) for line in said.splitlines()) < 80
    words = said.split()
    assert [name for name in FIRST if name in COMMANDS and name not in words] == []
    assert "trustlog help all" in said
    assert said.splitlines()[2].strip().startswith("trustlog add dana")
    assert call("-h").says() == call("help").says() == said


def test_where_it_is_narrow_the_first_help_names_them_only(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    said = call("--help").says()

    assert max(len(line) for line in said.splitlines() if "-k promise-kept" not in line) < 60
    assert [name for name in FIRST if name in COMMANDS and name not in said.split()] == []


def test_all_of_the_help_names_every_command_and_option_on_a_line_of_its_own(call: Call) -> None:
    root: Any = get_command(app)
    said = call("help", "all").says()

    assert [name for name in COMMANDS if not re.search(f"^  {name}  ", said, re.MULTILINE)] == []
    assert [purpose for purpose in {entry.panel for entry in CONTENTS} if said.splitlines().count(purpose) != 1] == []
    assert [one.opts for one in root.params if one.opts[0] not in said] == []
    assert "--version" in said
    assert max(len(line) for line in said.splitlines()) < 80


def test_help_as_json_lists_every_command_with_its_purpose(call: Call) -> None:
    listed = call("help", "--json").data["commands"]

    assert [one["name"] for one in listed] == COMMANDS
    assert call("help", "all", "--json").data["commands"] == listed


@pytest.mark.parametrize("words", [["add"], ["kickoff"], ["kickoff", "confirm"], ["manager", "merge"]], ids=" ".join)
def test_help_about_a_command_is_its_own_help(call: Call, words: list[str]) -> None:
    assert call("help", *words).says().rstrip() == call(*words, "--help").says().rstrip()


def test_help_about_a_topic_is_its_page(call: Call) -> None:
    assert call("help", "dates").says() == call("guide", "dates").says()
    assert call("help", "conv", "--json").data == call("guide", "conversations", "--json").data


@pytest.mark.parametrize(
    ("words", "says"),
    [(["repot"], "report"), (["zzz"], "trustlog help all"), (["kickoff", "zzz"], "kickoff --help"),
     (["add", "zzz"], "add --help"), (["two", "words"], "help all")],
)  # fmt: skip
def test_help_about_what_there_is_not_says_what_there_is(call: Call, words: list[str], says: str) -> None:
    assert says in call("help", *words).fails(1)


@pytest.mark.parametrize(
    ("word", "here"), [(name, row["here"]) for row in shipped("called_here.toml")["word"] for name in row["names"]]
)
def test_a_word_of_other_programs_is_answered_by_what_it_is_called_here(call: Call, word: str, here: str) -> None:
    said = call(word).fails(2)
    named = set(re.findall(r"[a-z]+", here)) & set(COMMANDS)

    assert word not in COMMANDS
    assert here in said
    assert named or "trustlog alone" in said


def test_the_help_of_add_says_where_the_kinds_are(call: Call) -> None:
    assert "trustlog guide kinds" in " ".join(call("add", "--help").says().replace("│", " ").split())


def examples() -> list[str]:
    """Every command that stands as an example on a page."""
    return [
        line.strip() for topic in TOPICS for line in re.findall(r"^    trustlog.*$", guide_text(topic), re.MULTILINE)
    ]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("line", dict.fromkeys(examples()))
def test_no_example_is_wrong_usage(call: Call, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # some write a file where they are called
    assert call(*shlex.split(line)[1:], "--no-input").code in (0, 1)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_command_that_a_page_speaks_of_is_there(topic: str) -> None:
    words = re.findall(r"`trustlog ([a-z][a-z-]*)", guide_text(topic))

    assert [word for word in words if word not in {entry.name for entry in CONTENTS}] == []


NOW = datetime(2026, 11, 23, 22, 30)


@pytest.mark.parametrize(("typed", "means"), VAGUE)
@pytest.mark.parametrize("prefer", ["past", "future"])
def test_a_vaguer_word_means_what_the_page_says(typed: str, means: str, prefer: Any) -> None:
    if prefer == "future" and typed in ("midnight", "2h"):
        return  # the one is refused, the other looks ahead
    assert when.parse(typed, NOW, prefer) == when.parse(means, NOW, prefer)


def test_every_vaguer_word_of_the_parser_stands_on_the_page() -> None:
    listed = {typed for typed, _ in VAGUE}
    plain = {"today", "yesterday", "tomorrow"}
    words = {word for word in when._AWAY if not word.startswith("the ") and not word.endswith(" wk")}

    assert sorted((words | set(when._PART_NAMES)) - plain - listed) == []
    assert [part for part in when._PARTS if not any(word.endswith(f" {part}") for word in listed)] == []


def test_a_vague_part_of_today_is_read_as_the_page_says() -> None:
    early = NOW.replace(hour=13)

    assert "has begun but whose hour has not come is now" in guide_text("dates")
    assert when.parse("this afternoon", early, "past").time == early.time()
    assert when.parse("20 Nov evening", early, "past") == when.parse("20 Nov 19:00", early, "past")


def test_a_due_date_is_seen_from_the_day_it_was_given_as_the_page_says(call: Call, two: Path) -> None:
    assert two.exists()
    assert "seen from the day of `--when`" in " ".join(guide_text("dates").split())
    done = call("promise", "dana", "slate", "--when", "2025-11-20", "--due", "24 nov", "--json").data

    assert done["commitment"]["due_at"].startswith("2025-11-24")


@pytest.mark.parametrize("kind", [name for name, kind in TYPES.items() if kind.is_list])
def test_the_shape_of_every_list_is_shown_and_true(call: Call, kind: str) -> None:
    fields = [one for name in SCRIPTS for prompt in PLAYBOOK.script(name).prompts for one in prompt.fields]
    takes = []
    for field in (one for one in fields if one.type == kind):
        with suppress(BadAnswerError):
            takes.append(check(field, json.loads(SHAPES[kind])))

    assert takes
    assert f"| {kind} | {SHAPES[kind]} |" in call("guide", "conversations", "--json").data["text"]


def test_the_keys_of_points_are_named(call: Call) -> None:
    said = read(call, "conversations")

    assert [key for key in (*ITEM_KEYS, *FOLLOW_KEYS) if key != "text" and f"`{key}`" not in said] == []


def test_the_tag_that_does_something_is_told_with_what_it_does(call: Call) -> None:
    said = read(call, "names")

    assert f"with `--tag {HARD_TAG}`" in said
    assert f"open for {HARD_DAYS} days" in said
    assert f"`{LISTED_TAG}`" in read(call, "kinds")


def test_every_date_of_the_page_can_be_read() -> None:
    section = guide_text("dates").split("## What can be typed")[1].split("## ")[0]
    shown = re.findall(r"`([^`]+)`", section)
    now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)

    assert len(shown) == 16
    for text in shown:
        clock.read(text, now, "future" if text in ("tomorrow", "next fri", "in 2 weeks") else "past")
    with pytest.raises(UserError):
        clock.read("05/06/2026", now, "past")


@pytest.mark.parametrize(
    "words", [["bad", "day"], ["help", "bad", "day"], ["Mood", "low"], ["stressed"], ["help", "mood"]]
)
def test_a_hard_day_by_any_word_is_shown_the_door(call: Call, words: list[str]) -> None:
    said = call(*words).fails(1 if words[0] == "help" else 2)

    assert "trustlog support" in said
    assert "trustlog boundary" in said
