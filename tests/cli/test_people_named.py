"""Who is meant where a manager is named, somebody new by a yes, and words that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers import say
from typer.main import get_command

from trustlog.app import Later, app
from trustlog.ui.ask import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Call, Terminal

pytestmark = pytest.mark.usefixtures("two")

WRITTEN = [
    # typed words, who, and the note
    (["dana", "answered", "my", "mail"], "dana", "answered my mail"),
    (["dana", "answered  my mail"], "dana", "answered  my mail"),
    (["DANA", "Ortiz", "answered"], "dana", "answered"),
    (["ortiz", "answered"], "dana", "answered"),
    (["Dana Ortiz", "answered"], "dana", "answered"),
    (["dana\u00a0ortiz", "answered"], "dana", "answered"),
    (["dana", "-k", "reply", "answered", "-w", "2024-03-15", "fast"], "dana", "answered fast"),
    (["dana", "--", "-5", "candidates"], "dana", "-5 candidates"),
    (["dana", "--", "-k", "reply"], "dana", "-k reply"),
    (["dana", "--", "-"], "dana", "-"),
    (["dana", "-", "not", "stdin"], "dana", "- not stdin"),
]


@pytest.mark.parametrize(("typed", "who", "note"), WRITTEN)
def test_who_is_the_longest_run_of_leading_words_and_the_rest_is_the_note(
    call: Call, typed: list[str], who: str, note: str
) -> None:
    entry = call("add", "--json", *typed).data["entry"]
    assert (entry["manager"], entry["note"]) == (who, note)


@pytest.mark.parametrize(
    ("typed", "who", "day", "note"),
    [
        ("yesterday dana called back", "dana", "yesterday", "called back"),
        ("on tuesday marcus sent the scorecards", "marcus", "tuesday", "sent the scorecards"),
        ("fri 3pm Dana Ortiz thanked me", "dana", "fri 3pm", "thanked me"),
        ("2 days ago ortiz thanked me", "dana", "2 days ago", "thanked me"),
        # behind the name it stays in the note, and what is still to come is only told of
        ("dana yesterday called back", "dana", "yesterday", "yesterday called back"),
        ("dana today 11:59pm is her deadline", "dana", "today", "today 11:59pm is her deadline"),
        ("dana 10 min of small talk", "dana", "today", "10 min of small talk"),
        ("dana called back yesterday", "dana", "yesterday", "called back yesterday"),
        ("dana screamed on the phone last friday", "dana", "last friday", "screamed on the phone last friday"),
        ("dana called back on friday", "dana", "on friday", "called back on friday"),
        (
            "dana called back on friday, still nothing since",
            "dana",
            "on friday",
            "called back on friday, still nothing since",
        ),
        ("dana asked me to call on friday, agreed", "dana", "today", "asked me to call on friday, agreed"),
        ("dana wants the slate on friday", "dana", "today", "wants the slate on friday"),
        ("dana agreed to interview on friday", "dana", "today", "agreed to interview on friday"),
        ("dana yesterday she thanked me", "dana", "yesterday", "yesterday she thanked me"),
        ("dana apologised for yesterday", "dana", "today", "apologised for yesterday"),
        ("dana friday update sent", "dana", "today", "friday update sent"),
    ],
)
def test_a_day_that_stands_first_is_when_it_was(call: Call, typed: str, who: str, day: str, note: str) -> None:
    then = call("add", "--json", "marcus", "x", "-w", day).data["entry"]["happened_at"][
        : 16 if "day" not in day else 10
    ]
    for words in (typed.split(), [typed]) if not typed.startswith("dana") else (typed.split(),):
        entry = call("add", "--json", *words).data["entry"]
        assert (entry["manager"], entry["happened_at"][: len(then)], entry["note"]) == (who, then, note)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (["20", "min", "dana", "was", "late"], 'no manager "20"'),
        (["yesterday", "tom", "called"], 'no manager "tom"'),
        (["sun", "tom", "called"], 'no manager "sun"'),
        (["tomorrow", "dana", "calls"], "has not come yet"),
        (["Dana Smith"], 'no manager "Dana Smith"'),
    ],
)
def test_a_day_that_stands_first_is_never_guessed(call: Call, typed: list[str], why: str) -> None:
    assert why in call("add", *typed).fails(1)
    assert call("log", "--json").data["entries"] == []


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("i sent dana 4 profiles", "dana"), ("She thanked me, says Ortiz", "dana"), ("we met dana and marcus", ""),
        ("me awful day", ""), ("friday was awful", ""), ("yesterday was awful", ""), ("my bad", ""),
    ],
)  # fmt: skip
def test_a_pronoun_or_a_day_is_nobody_new(call: Call, typed: str, who: str) -> None:
    call("manager", "add", "Ingrid May")  # whom "i" and "m" begin
    for words in (typed.split(), [typed]):
        if not who:
            assert "MANAGER" in call("add", *words).fails(1)
            continue
        entry = call("add", "--json", *words).data["entry"]
        assert (entry["manager"], entry["note"]) == (who, typed)


def test_what_was_noticed_needs_no_quotes_either(call: Call) -> None:
    seen = call("notice", "Dana", "Ortiz", "four", "scorecards", "--json").data["noticed"]
    assert (seen["manager"], seen["seen"]) == ("dana", "four scorecards")


def test_several_are_named_with_a_blank_after_the_comma(call: Call) -> None:
    entries = call("add", "dana,", "marcus", "had", "lunch", "--json").data["entries"]
    assert [(entry["entry"]["manager"], entry["entry"]["note"]) for entry in entries] == [
        ("dana", "had lunch"),
        ("marcus", "had lunch"),
    ]


@pytest.mark.parametrize("text", ["-5 candidates since Monday", "- met in the corridor", "--no reply from her"])
def test_a_note_that_begins_with_a_dash_is_shown_the_way(call: Call, text: str) -> None:
    said = call("add", "dana", text).fails(2)
    assert said.endswith(f"trustlog add dana -- '{text}'")
    assert call("add", "dana", "--json", "--", text).data["entry"]["note"] == text


def test_an_option_that_is_mistyped_is_no_text(call: Call) -> None:
    said = call("add", "dana", "hello", "--knd", "reply").fails(2)
    assert "trustlog add --help" in said
    assert "add dana hello --" not in said


@pytest.fixture
def danas(call: Call) -> Call:
    """A second Dana whose whole name is the beginning of the first one's, and whose handle is another."""
    call("manager", "add", "Dan", "--handle", "dk")
    return call


def test_an_exact_name_that_begins_another_is_ambiguous_unless_it_is_a_handle(danas: Call, tty: Terminal) -> None:
    assert "could be dana or dk" in danas("add", "Dan", "hello", "--json").fails(1, "ambiguous-manager")
    assert danas("add", "dk", "hello", "--json").data["entry"]["manager"] == "dk"
    assert danas("add", "dana", "hello", "--json").data["entry"]["manager"] == "dana"
    child = tty("add", "Dan", "hello")
    child.expect("Which Dan is it")
    child.send(tty.DOWN + tty.ENTER)
    code, said = tty.ends(child)
    assert (code, "  Dan · note" in said) == (0, True)


NEW = [
    ["add", "Tom Baker", "hello"],
    ["promise", "Tom Baker", "slate", "--due", "in 2 days"],
    ["ask", "Tom Baker", "scorecard"],
    ["notice", "Tom Baker", "four scorecards"],
    ["praise", "Tom Baker", "--did", "four scorecards", "--changed", "quick answers"],
    ["prep-feedback", "Tom Baker", "--set", "purpose=hear"],
    ["kickoff", "start", "Tom Baker", "Analyst"],
]


@pytest.mark.parametrize("typed", NEW, ids=lambda typed: str(typed[0]))
def test_somebody_new_is_refused_without_a_terminal_unless_asked_for(call: Call, typed: list[str]) -> None:
    before = call("undo", "--list", "--json").data
    call(*typed, "--json").fails(1, "unknown-manager")
    assert call("undo", "--list", "--json").data == before
    assert call(*typed, "--create").code == 0
    assert call("manager", "show", "tom", "--json").data["manager"]["name"] == "Tom Baker"


@pytest.mark.parametrize(
    ("typed", "name", "note"),
    [
        ("priya answered my mail today", "Priya", "answered my mail today"),
        ("Maria van der Berg", None, None), ("Ana Maria Call", None, None),
    ],
)  # fmt: skip
def test_a_whole_line_in_quotes_is_no_name_of_somebody_new(
    call: Call, typed: str, name: str | None, note: str | None
) -> None:
    done = call("add", typed, "--create", "--json")
    if name is None:
        done.fails(1, "needs-answer")
        return
    assert (done.data["entry"]["manager"], done.data["entry"]["note"]) == (name.lower(), note)


@pytest.mark.parametrize("typed", NEW[:5], ids=lambda typed: str(typed[0]))
def test_somebody_new_and_what_was_said_of_them_are_one_change(call: Call, typed: list[str]) -> None:
    before = call("undo", "--list", "--json").data["changes"]
    call(*typed, "--create")
    assert len(call("undo", "--list", "--json").data["changes"]) == len(before) + 1
    call("undo")
    call("manager", "show", "tom", "--json").fails(1, "unknown-manager")


def test_praise_that_is_only_drafted_adds_nobody(call: Call) -> None:
    assert call(*NEW[4], "--create", "--draft").code == 0
    call("manager", "show", "tom", "--json").fails(1, "unknown-manager")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (["add", "Tom", "Baker", "answered", "-k", "reply"], "Tom Baker"),
        (["add", "rosa", "answered", "-k", "reply"], "Rosa"),
        (["notice", "Rosa Lind", "four scorecards"], "Rosa Lind"),
    ],
)
def test_a_yes_at_a_terminal_adds_somebody_new(tty: Terminal, call: Call, typed: list[str], name: str) -> None:
    child = tty(*typed)
    child.expect(f"(?i){name} is not in your journal yet. Add this manager")
    child.send(tty.ENTER)
    if " " not in name:
        child.expect("The whole name")
        child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("manager", "show", name, "--json").data["manager"]["name"] == name


def test_a_like_name_is_offered_first_and_ctrl_c_adds_nobody(tty: Terminal, call: Call, two: Path) -> None:
    child = tty("add", "dqna", "hello", "-k", "reply")
    child.expect(r"dqna is not in your journal yet. Who is it\?")
    child.expect("Dana Ortiz")
    child.expect("dqna is new")
    child.send(tty.ENTER)
    assert tty.ends(child)[0] == 0
    assert call("log", "1", "--json").data["entry"]["manager"] == "dana"
    child = tty("promise", "Zed", "slate")
    child.expect("Add this manager")
    child.send("y\r")
    child.expect("The whole name")
    child.send(tty.ENTER)
    child.expect("By when")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    call("manager", "show", "zed", "--json").fails(1, "unknown-manager")
    assert two.exists()


@pytest.mark.parametrize(
    ("typed", "answers", "manager", "note"),
    [
        # a surname that was typed as the next word is none of the note once it stands in the name
        ("rosa lind answered my mail", [("Add this manager", ""), ("The whole name", " Lind")], "Rosa Lind", 1),
        ("rosa answered my mail", [("Add this manager", ""), ("The whole name", " Lind")], "Rosa Lind", 1),
        ("rosa lind answered my mail", [("Add this manager", ""), ("The whole name", "")], "Rosa Lind", 1),
        ("rosa answered my mail", [("Add this manager", ""), ("The whole name", "y")], "Rosa", 1),
        ("rosa answered my mail", [("Add this manager", ""), ("The whole name", "Rosa Lind")], "Rosa Lind", 1),
        # whoever is known and named is offered first, and the first word stays in the note
        ("coffee with dana, about her kids", [("Is this about Dana", "")], "Dana Ortiz", 0),
        # nobody is added twice
        ("told dna i was late", [("Add this manager", ""), ("The whole name", "\x15dana ortiz")], "Dana Ortiz", 0),
        # a no asks who it is, and goes on with the same words
        ("zed lind answered my mail", [("Add this manager", "n"), ("Who is it", "dana")], "Dana Ortiz", 0),
    ],
)
@pytest.mark.usefixtures("two")
def test_the_sentence_goes_on_whoever_it_turns_out_to_be_about(
    tty: Terminal, call: Call, typed: str, answers: list[tuple[str, str]], manager: str, note: int
) -> None:
    child = tty("add", "-k", "note", *typed.split())
    say(child, *((question, f"{answer}{tty.ENTER}") for question, answer in answers))
    assert tty.ends(child)[0] == 0
    entry = call("log", "1", "--json").data["entry"]
    assert call("manager", "show", entry["manager"], "--json").data["manager"]["name"] == manager
    assert entry["note"] == ("answered my mail" if note else typed)


@pytest.mark.usefixtures("two")
def test_ctrl_c_after_a_new_name_shows_the_sentence_once(tty: Terminal) -> None:
    child = tty("add", "rosa", "lind", "answered", "my", "mail")
    say(child, ("Add this manager", tty.ENTER), ("The whole name", f" Lind{tty.ENTER}"), (r"\(k\)", tty.CTRL_C))
    assert tty.ends(child)[1].endswith("Not written down: rosa lind answered my mail\r\nStopped.\r\n")


def test_a_promise_and_a_thing_noticed_take_a_surname_along_too(tty: Terminal, call: Call) -> None:
    for name, typed in (("rosa lind", ["promise", "--due", "2190-03-08"]), ("tom baker", ["notice"])):
        child = tty(*typed, *name.split(), "four", "scorecards")
        say(child, ("Add this manager", tty.ENTER), ("The whole name", f" {name.split()[1].title()}{tty.ENTER}"))
        assert tty.ends(child)[0] == 0
    assert call("open", "--json").data["commitments"][0]["what"] == "four scorecards"
    assert call("praise", "--list", "--json").data["noticed"][0]["seen"] == "four scorecards"


def commands(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Every command with the words that it cannot do without."""
    for name, command in group.commands.items():
        loaded = command.load(group.params) if isinstance(command, Later) else command
        if hasattr(loaded, "commands"):
            yield from commands(loaded, *path, name)
        else:
            yield (*path, name), [param for param in loaded.params if param.required]


def test_a_missing_word_is_asked_for_at_a_terminal_and_named_elsewhere(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("add", "dana", "hello")
    call("kickoff", "start", "dana", "Analyst", "--set", "level=Senior", "--agreed", "scope")
    lacking = [(path, needs) for path, needs in commands(get_command(app)) if needs]
    assert len(lacking) > 20
    for path, needs in lacking:
        assert needs[0].metavar in call(*path).fails(2)

    def asked(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ask, "__init__", lambda ask, **_: setattr(ask, "possible", True))
    for question in ("text", "words", "choose"):
        monkeypatch.setattr(Ask, question, asked)
    assert [path for path, _ in lacking if call(*path).code != 130] == []


@pytest.mark.long
def test_what_else_was_not_said_is_asked_for_too(tty: Terminal, call: Call) -> None:
    call("kickoff", "start", "dana", "Analyst", "--code", "PA-1", "--set", "level=Senior", "--agreed", "scope")
    child = tty("kickoff", "amend")
    say(
        child,
        ("Which role", tty.ENTER),
        ("What changes", f"level{tty.ENTER}"),
        ("Level and title", f"Staff{tty.ENTER}"),
    )
    say(child, ("Why does it", f"wider{tty.ENTER}"), ("What does it mean", f"a week{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    (change,) = call("kickoff", "show", "PA-1", "--json").data["agreement"]["amendments"]
    assert (change["old"], change["new"]) == ("Senior", "Staff")
    child = tty("manager", "edit", "dana")
    say(child, ("What changes", f"team{tty.ENTER}"), ("Team", f"ledger{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    assert call("manager", "show", "dana", "--json").data["manager"]["team"] == "ledger"
    call("promise", "dana", "slate", "--due", "in 2 days")
    child = tty("settle", "dana", "renegotiated")
    say(child, ("By when", f"in 3 days{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    child = tty("settle")
    say(child, ("Which one", tty.ENTER), ("What became of it", f"{tty.DOWN * 3}{tty.ENTER}"))
    assert "withdrawn" in tty.ends(child)[1]
    child = tty("promise", "dana", "reply", "to", "her")
    say(child, ("By when", f"soon{tty.ENTER}"), ("cannot read", f"in 4 days{tty.ENTER}"))
    assert tty.ends(child)[0] == 0
    child = tty("forget")
    say(
        child,
        ("Who is it", f"nobody{tty.ENTER}"),
        ("there is no manager", f"dana{tty.ENTER}"),
        (r"for\s+good", f"y{tty.ENTER}"),
    )
    assert "Waiting" not in tty.ends(child)[1]
    assert [one["handle"] for one in call("manager", "list", "--json").data["managers"]] == ["marcus"]
