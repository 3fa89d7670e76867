"""The shape of the house: what a run loads, what is documented, and that the tables agree with each other."""

import ast
import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

import trustlog
from trustlog.app import CONTENTS
from trustlog.domain.outcomes import DETAILS
from trustlog.domain.people import Manager
from trustlog.errors import CODES
from trustlog.formats.shapes import MANAGERS, SYNC, undoable_tables
from trustlog.settings import SETTINGS
from trustlog.store.driver import SCHEMA_VERSION
from trustlog.store.journal import Journal

ROOT = Path(__file__).parent.parent
SOURCE = Path(trustlog.__file__).parent
SLOW = (
    "typer", "rich", "questionary", "prompt_toolkit", "sqlite_utils", "statistics", "tomllib", "platformdirs",
    "sqlcipher3", "jinja2", "rich.table", "tempfile", "shlex",
)  # fmt: skip

# a fresh interpreter runs the program and then says which of the slow modules it has loaded
PROBE = f"""
import os, sys
from trustlog.main import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
ours, slow = "TELL_OURS" in os.environ, {SLOW!r}
names = [name for name in sys.modules if (name.startswith("trustlog.") if ours else name in slow)]
sys.stderr.write("loaded:" + ",".join(names))
sys.exit(code)
"""


def loaded(home: Path, *words: str, **variables: str) -> set[str]:
    env = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TRUSTLOG_HOME": str(home), "LC_ALL": "C.UTF-8",
        "TZ": "UTC", **variables,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        check=False,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rsplit("loaded:", 1)[1].split(",")) - {""}


@pytest.mark.long
def test_no_command_needs_an_extra_before_it_is_used() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    wanted = [one for part in ("calendar", "encrypt", "sync") for one in told[part]]
    brought = {one.partition(">")[0].replace("-", "_") for one in wanted}
    code = (
        "import importlib, pkgutil, sys, trustlog.commands as commands\n"
        "for found in pkgutil.iter_modules(commands.__path__):\n"
        "    importlib.import_module(f'trustlog.commands.{found.name}')\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)

    assert len(brought) == 6
    assert brought & {*done.stdout.split()} == set()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one manager and one entry."""
    folder = tmp_path_factory.mktemp("home")
    loaded(folder, "add", "dana", "hello", "--create")
    loaded(folder)  # makes the day's copy of the journal, whichever test is the first
    return folder


@pytest.mark.parametrize(
    ("words", "modules"),
    [
        (["--version"], set()),
        (["--help"], {"typer"}),
        (["add", "--help"], {"typer"}),
        (["guide", "kinds"], {"typer", "tomllib"}),
        (["add", "dana", "called back", "-k", "reply-received"], {"typer"}),
        (["add", "dana", "called back", "-k", "reply", "-w", "yesterday 3pm"], {"typer", "tomllib"}),
        (["add", "dana", "called", "back"], {"typer"}),
        ([], {"typer"}),
        (["next"], {"typer"}),
        (["manager", "list"], {"typer"}),
        (["undo", "--list"], {"typer"}),
        (["log"], {"typer"}),
        (["search", "hello"], {"typer"}),
        (["log", "1"], {"typer"}),
        (["report"], {"typer", "rich", "tomllib", "statistics"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_loads_no_more_than_it_needs(home: Path, words: list[str], modules: set[str]) -> None:
    assert loaded(home, *words) <= modules


@pytest.mark.parametrize("words", [[], ["next"]], ids=["alone", "next"])
def test_the_page_of_the_day_loads_nothing_of_rooms_that_it_does_without(home: Path, words: list[str]) -> None:
    found = {name.rpartition(".")[2] for name in loaded(home, *words, TELL_OURS="1")}

    assert not found & {"week", "me", "me_works", "scripts", "asking", "snapshots", "outcomes", "report", "inbox"}


def test_help_loads_of_the_store_only_where_an_unfinished_change_would_lie(home: Path) -> None:
    found = {
        name for name in loaded(home, "--help", TELL_OURS="1") if name.startswith(("trustlog.store", "trustlog.domain"))
    }

    assert found <= {"trustlog.store", "trustlog.store.lock", "trustlog.domain", "trustlog.domain.text"}


@pytest.mark.parametrize("words", ["trustlog add da", "trustlog settle 1", "trustlog restore trust"])
@pytest.mark.parametrize("there", [True, False], ids=["journal", "no-journal"])
def test_completion_loads_nothing_slow(home: Path, tmp_path: Path, words: str, there: bool) -> None:
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "2"}

    assert loaded(home if there else tmp_path, **asked) - {"shlex"} == {"typer"}  # Typer splits the line with shlex


def test_completing_a_handle_loads_nothing_that_only_writing_needs(home: Path) -> None:
    asked = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog add da", "COMP_CWORD": "2"}

    found = loaded(home, **asked, TELL_OURS="1")

    assert not found & {"trustlog.services.entries", "trustlog.domain.trust", "trustlog.store.trust"}


def test_a_new_journal_is_the_only_add_that_loads_sqlite_utils(tmp_path: Path) -> None:
    assert "sqlite_utils" in loaded(tmp_path, "add", "dana", "hello", "--create")


def test_every_command_of_the_contents_can_be_loaded() -> None:
    for entry in CONTENTS:
        module, name = entry.at.split(":")
        found = getattr(importlib.import_module(f"trustlog.commands.{module}"), name)

        assert isinstance(found, typer.Typer) or callable(found)


def named_in_imports(file: Path) -> set[str]:
    """Every dotted name that a file imports or imports from, with the packages around it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    parts = [name.split(".") for name in found]
    return {".".join(part[:length]) for part in parts for length in range(1, len(part) + 1)}


MOST_MODULES = 195
MOST_LINES, MOST_OF_A_BODY = 300, 40


def lines_of_body(node: ast.FunctionDef) -> int:
    """The lines below the signature and the docstring."""
    first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
    return (node.end_lineno or first.lineno) - first.lineno + 1


def test_no_module_and_no_function_is_longer_than_one_reads() -> None:
    sources = {str(file.relative_to(SOURCE)): file.read_text("utf-8") for file in SOURCE.rglob("*.py")}
    trees = {name: ast.parse(text) for name, text in sources.items()}
    functions = [
        (name, node) for name, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]

    assert len(sources) <= MOST_MODULES
    assert [name for name, text in sources.items() if text.count("\n") > MOST_LINES] == []
    assert [(name, node.name) for name, node in functions if lines_of_body(node) > MOST_OF_A_BODY] == []


def test_every_module_is_imported_by_the_program() -> None:
    files = {
        ".".join(("trustlog", *file.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__"): file
        for file in SOURCE.rglob("*.py")
    }
    waiting = {"trustlog.__main__", *(f"trustlog.commands.{entry.at.split(':')[0]}" for entry in CONTENTS)}
    reached: set[str] = set()
    while waiting:
        reached |= waiting
        waiting = {name for module in waiting for name in named_in_imports(files[module])} & files.keys() - reached

    assert sorted(files.keys() - reached) == []


def test_every_error_code_in_the_source_is_documented_and_the_other_way_round() -> None:
    used = {
        node.args[0].value
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "UserError"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert used == set(CODES)


def test_every_setting_is_read_somewhere() -> None:
    source = "\n".join(file.read_text("utf-8") for file in SOURCE.rglob("*.py") if file.name != "settings.py")

    assert [name for name in SETTINGS if f'"{name}"' not in source] == []


def test_every_table_that_a_command_writes_can_be_undone(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "trustlog.db", tmp_path / "snapshots")
    tables = {
        row[0]
        for row in journal.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'entries_fts%'"
        )
    }
    journal.close()

    assert tables - set(undoable_tables()) == {
        "_sqlite_migrations",
        "changes",
        "undo_rows",
        "recording",
        "entry_tags",
        "drafts",
        "trust_bases",
        *SYNC,
    }


def test_the_schema_number_counts_the_migrations() -> None:
    assert len(list((SOURCE / "store" / "migrations").glob("*.sql"))) == SCHEMA_VERSION


def test_ci_runs_the_tests_as_the_readme_has_them() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv .venv && ")]

    assert [line.split("&& ")[-1] for line in commands] == [".venv/bin/trustlog demo", ".venv/bin/python -m pytest -q"]
    assert "grep -m1 -- '-m pytest -q$' README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_detail_of_a_manager_can_be_edited_and_survives_a_merge() -> None:
    kept_by_the_program = {"uid", "archived_at", "leaving_on", "created_at"}

    assert {"handle", "name", *DETAILS} == set(MANAGERS.fields) - kept_by_the_program
    assert {"handle", "name", *DETAILS} <= set(Manager._fields)
