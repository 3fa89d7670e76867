"""The docs tell the truth: what is generated is current, every example runs, every link leads somewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

import trustlog
from trustlog.app import CONTENTS, app
from trustlog.domain.private import FIELDS
from trustlog.formats.csv_file import COLUMNS
from trustlog.formats.shapes import SECTIONS
from trustlog.settings import SETTINGS

if TYPE_CHECKING:
    from tests.conftest import Call

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCE = Path(trustlog.__file__).parent
BIN = Path(sys.executable).parent
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def blocks(page: str, language: str = "") -> list[str]:
    """The fenced blocks of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def first_column(page: str, heading: str) -> list[str]:
    """The words in the first column of the table below a heading."""
    section = (DOCS / page).read_text("utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


@pytest.fixture
def shell(env: dict[str, str], tmp_path: Path) -> Any:
    """Runs a line of the docs in bash, as somebody who installed the program would."""

    def run(line: str, *, check: bool = True) -> str:
        path = f"{BIN}{os.pathsep}{env['PATH']}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line], env={**env, "PATH": path}, cwd=tmp_path, check=False,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.mark.parametrize("script", ["reference", "man", "schema", pytest.param("shapes", marks=pytest.mark.long)])
def test_what_is_generated_is_what_the_program_says(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{script}.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_no_help_has_a_name_of_the_code_in_the_place_of_a_word() -> None:
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", (DOCS / "commands.md").read_text("utf-8")))

    assert named - {*SETTINGS, *FIELDS} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(#[^)]*)?\)", page.read_text("utf-8"))

    assert [link for link, _ in links if "://" not in link and not (page.parent / link).exists()] == []


def paths_of(command: Any, path: str) -> list[str]:
    inner = getattr(command, "commands", {})
    found = [] if inner and not command.invoke_without_command else [path]
    return [*found, *(one for name, sub in inner.items() for one in paths_of(sub, f"{path} {name}"))]


@pytest.mark.parametrize("entry", [one for one in CONTENTS if one.name != "prep"], ids=lambda entry: entry.name)
def test_every_command_shows_its_json(entry: Any) -> None:
    root: Any = get_command(app)
    text = (DOCS / "json.md").read_text("utf-8")
    listed = paths_of(root.commands[entry.name].load(root.params), entry.name)

    # encrypting wants an extra that may not be installed
    assert [one for one in listed if f"\n### {one}\n" not in text] == [*{"encrypt", "decrypt"} & {entry.name}]


@pytest.mark.skipif(shutil.which("man") is None or shutil.which("groff") is None, reason="needs man and groff")
def test_the_manual_page_renders_without_a_warning(env: dict[str, str]) -> None:
    page = DOCS / "trustlog.1"
    done = subprocess.run(
        ["man", "--warnings", "-l", str(page)],
        env={**env, "MANPAGER": "cat"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "kickoff confirm" in done.stdout
    assert page.read_text("utf-8").isascii()


def test_the_manual_page_comes_with_the_wheel() -> None:
    assert '"docs/trustlog.1" = "share/man/man1/trustlog.1"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_columns_and_sections_of_the_formats_are_those_of_the_program() -> None:
    assert set(first_column("formats.md", "CSV")) == set(COLUMNS)
    assert set(first_column("formats.md", "JSON")) == {section.name for section in SECTIONS}


def test_the_csv_of_the_formats_can_be_imported(call: Call) -> None:
    example = next(block for block in blocks("formats.md") if block.startswith("manager,"))

    assert call("import", "-", "--json", stdin=example).data["added"] == 2


def test_the_lines_of_the_formats_are_taken_in(call: Call, two: Path) -> None:
    example = next(block for block in blocks("formats.md") if block.startswith("dana: "))
    (two / "inbox.txt").write_text(example)

    assert len(call("inbox", "--yes", "--json").data["taken"]) == 3
    assert (two / "inbox.txt").read_text() == ""


@pytest.mark.usefixtures("two")
def test_the_answers_of_the_formats_are_taken(call: Call, tmp_path: Path) -> None:
    example = json.loads(next(block for block in blocks("formats.md") if block.startswith('{"purpose"')))
    prep, debrief = tmp_path / "prep.json", tmp_path / "debrief.json"
    prep.write_text(json.dumps({"purpose": example.pop("purpose")}))
    debrief.write_text(json.dumps(example))

    assert call("prep-feedback", "dana", "--answers", str(prep)).code == 0
    assert call("debrief", "dana", "--answers", str(debrief)).code == 0


def own_words() -> dict[str, str]:
    """The files of the playbook page by their path."""
    text = (DOCS / "playbook.md").read_text("utf-8")
    return dict(re.findall(r"^`playbook/([a-z/.]+)`:\n\n```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.fixture
def words(two: Path) -> Path:
    """A home with every example of the playbook page."""
    for name, text in own_words().items():
        file = two / "playbook" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return two


def test_the_playbook_page_has_an_example_for_each_kind_of_file() -> None:
    assert sorted(own_words()) == [
        "kinds.toml", "praise.toml", "readings.toml", "scripts/prep.toml", "situations.toml", "steps.toml",
        "synonyms.toml",
    ]  # fmt: skip


@pytest.mark.usefixtures("words")
def test_a_short_word_of_your_own(call: Call) -> None:
    assert call("add", "dana", "The climbing wall", "-k", "coffee", "--json").data["entry"]["kind"] == "small-talk"


@pytest.mark.usefixtures("words")
def test_a_phrase_and_a_synonym_of_your_own(call: Call) -> None:
    read = call("add", "dana", "showed me his bonsai in the break", "--json").data
    named = call("add", "dana", "by the window", "-k", "water-cooler", "--json").data

    assert read["reads_like"][0] == "small-talk"
    assert named["entry"]["kind"] == "small-talk"


@pytest.mark.usefixtures("words")
def test_a_step_of_your_own(call: Call) -> None:
    call("add", "dana", "First call", "-k", "meeting")
    said = call("next", "dana", "--for", "pull", "--all", "--json")
    mine = next(one["step"] for one in said.data["steps"] if one["step"]["id"] == "MY-WALK")

    assert said.err == ""
    assert mine["draft"].startswith("Hi Dana, would you like a walk round the block on ")
    assert mine["draft"].endswith("I would bring [their favourite drink].")
    assert mine["asks"] == ["Are you both in the office that day?"]


@pytest.mark.usefixtures("words")
def test_a_reason_of_your_own(call: Call) -> None:
    call("add", "dana", "First call", "-k", "meeting", "-w", "60 days ago")
    said = call("next", "dana", "--all", "--json").data["steps"]

    assert "because you two have not spoken for 60 days" in {one["reason"] for one in said}


@pytest.mark.usefixtures("words")
def test_a_question_of_your_own(call: Call) -> None:
    said = call("prep-feedback", "dana", "--set", "listening=a walk", "--include-reflections", "--json")

    assert (said.err, said.data["conversation"]["answers"]["prep"]["listening"]) == ("", "a walk")
    assert "listening" not in call("prep-feedback", "dana", "--card", "--json").out


@pytest.mark.usefixtures("words")
def test_a_sentence_of_your_own(call: Call) -> None:
    said = call(
        "praise", "dana", "--did", "four scorecards", "--changed", "we called at once", "--channel", "kudos-chat"
    )

    assert "Cheers to Dana Ortiz: four scorecards. It changed this: we called at once." in said.out


def recipes(tool: str) -> list[str]:
    return [line for block in blocks("recipes.md") for line in block.splitlines() if tool in line]


@pytest.fixture
def busy(call: Call, two: Path) -> Path:
    """A journal in which every recipe finds something."""
    call("add", "dana", "Called back", "-k", "reply", "-w", "2026-02-03")
    call("promise", "dana", "slate", "--due", "in 2 days")
    return two


@pytest.mark.usefixtures("busy")
@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
@pytest.mark.parametrize(
    ("number", "said"),
    [(0, r"\d{4}-\d\d-\d\d  dana  slate\n"), (1, "1  reply-received\n"), (2, "Dana Ortiz\nMarcus Hughes\n")],
)
def test_a_recipe_with_jq(shell: Any, number: int, said: str) -> None:
    assert re.fullmatch(said, shell(recipes("| jq")[number]))


@pytest.mark.usefixtures("busy")
def test_the_recipes_with_sqlite(shell: Any) -> None:
    if not (BIN / "sqlite-utils").exists():
        pytest.skip("needs sqlite-utils on the path")
    first, *others = recipes("copy.db")
    shell(first)
    said = [shell(line) for line in others if line.startswith("sqlite-utils")]

    assert len(said) == 2
    assert "Called back" in said[0]
    assert re.search(r"2026-02 +0\.25", said[1])


@pytest.mark.usefixtures("busy")
def test_the_other_recipes(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Said in passing that the panel is tired", "utf-8")
    lines = [line for block in blocks("recipes.md")[-3:] for line in block.splitlines()]
    for line in lines:
        shell(line)

    assert len(lines) == 3
    assert (tmp_path / "reminders.ics").read_text("utf-8").startswith("BEGIN:VCALENDAR")
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert "the panel is tired" in shell("trustlog log dana")


def test_every_page_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"(docs/{page.name})" not in readme] == []


def test_the_recipes_name_files_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Recipes")[1].split("\n## ")[0]
    changed = re.findall(r"^\+\+\+ ([a-z_/]+\.[a-z]+)", text, re.MULTILINE)
    tests = re.findall(r"tests/[a-z_/]+(?:\.py)?", text)
    # of the package the installed files count, since CI runs the tests without src/ too
    places = {name: SOURCE.parent / name[4:] if name.startswith("src/") else ROOT / name for name in changed}

    assert {name for name, place in places.items() if not place.exists()} <= {"src/trustlog/commands/count.py"}
    assert [name for name in tests if not (ROOT / name).exists()] == []


def test_what_a_recipe_takes_away_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Recipes")[1].split("\n## ")[0]
    gone = [
        (file, line)
        for file, change in re.findall(
            r"^\+\+\+ src/trustlog/([a-z_/]+\.py).*\n((?:[-+ ].*\n)+?)(?=\+\+\+|```)", text, re.M
        )
        for line in re.findall(r"^-(.*)$", change, re.M)
    ]

    assert len(gone) >= 4
    assert [line for file, line in gone if f"{line}\n" not in (SOURCE / file).read_text("utf-8")] == []


def test_the_recipe_for_a_command_works_as_it_stands(tmp_path: Path) -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("### A command")[1].split("```")[1]
    module, contents = re.split(r"^\+\+\+ .*\n", recipe, flags=re.M)[1:3]
    source = tmp_path / "src"
    shutil.copytree(SOURCE, source / "trustlog", ignore=shutil.ignore_patterns("__pycache__"))
    added = {name: "".join(f"{line[1:]}\n" for line in text.splitlines()) for name, text in
             (("module", module), ("contents", contents))}  # fmt: skip
    (source / "trustlog" / "commands" / "count.py").write_text(added["module"], "utf-8")
    app = source / "trustlog" / "app.py"
    app.write_text(app.read_text("utf-8").replace("CONTENTS = (\n", f"CONTENTS = (\n{added['contents']}"), "utf-8")

    machine = {**os.environ, "PYTHONPATH": str(source), "TRUSTLOG_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "trustlog", "count", "--json"],
        env=machine,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(done.stdout)["data"] == {"managers": 0}
