"""What people read, compared byte by byte. UPDATE_GOLDEN=1 writes the files anew; review them as a diff."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Call

GOLDEN = Path(__file__).parents[1] / "golden"
AS_OF = ("--as-of", "2024-04-01")

VIEWS = {
    "report-overview-80": ("report", *AS_OF),
    "report-overview-60": ("report", *AS_OF),
    "report-overview-160": ("report", *AS_OF),
    "report-overview.md": ("report", *AS_OF, "--format", "markdown"),
    "report-overview.html": ("report", *AS_OF, "--format", "html"),
    "report-page": ("report", "zoe", *AS_OF),
    "report-page-60": ("report", "zoe", *AS_OF),
    "report-page-160": ("report", "zoe", *AS_OF),
    "report-page-since": ("report", "zoe", *AS_OF, "--since", "2024-01-01"),
    "report-page-shared": ("report", "zoe", *AS_OF, "--share"),
    "report-page-hard": ("report", "robin", *AS_OF),
    "report-page-empty": ("report", "emil", *AS_OF),
    "report-page.md": ("report", "zoe", *AS_OF, "--format", "markdown"),
    "report-page.html": ("report", "zoe", *AS_OF, "--format", "html"),
    "report-page-empty.html": ("report", "emil", *AS_OF, "--format", "html"),
    "report-page-shared.html": ("report", "zoe", *AS_OF, "--format", "html", "--share"),
    "report-why": ("report", "zoe", "--why", *AS_OF),
    "report-why-wide-name": ("report", "li", "--why", *AS_OF),
    "report-words-only": ("report", *AS_OF),
    "report-page-words-only": ("report", "zoe", *AS_OF),
    "log": ("log",),
    "log-one": ("log", "zoe", "--since", "2024-02-29"),
    "show": ("log", "9"),
    "show-praise": ("log", "8"),
    "search": ("search", "reference"),
    "manager-list": ("manager", "list"),
    "manager-show": ("manager", "show", "zoe"),
}


DRAWN = {"report-overview-shared": ("report", *AS_OF, "--share")}
"""Views in which something is left to chance, which a test takes out of it."""


@pytest.mark.usefixtures("awkward")
def test_a_view_that_draws_letters_is_as_it_was(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustlog.commands.report.drawn", list)
    assert [name for name, args in DRAWN.items() if not is_as_it_was(name, call(*args).says())] == []


def is_as_it_was(name: str, text: str) -> bool:
    file = GOLDEN / (name if "." in name else f"{name}.txt")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_bytes(text.encode())
    return file.exists() and file.read_bytes() == text.encode()


@pytest.mark.usefixtures("awkward")
def test_every_view_is_as_it_was(call: Call) -> None:
    different = []
    for name, args in VIEWS.items():
        columns = name.rpartition("-")[2] if name.endswith(("-60", "-160")) else "80"
        words_only = "yes" if name.endswith("words-only") else "no"
        text = call(*args, env={"COLUMNS": columns, "TRUSTLOG_SCREEN_READER": words_only}).says()
        # the time of writing is the one thing that no flag can fix
        text = re.sub(r"^  written .*\n", "", text, flags=re.M)
        # the style is a file of its own, reviewed there; test_in_a_browser.py looks at what it does
        text = re.sub(r"<style>.*</style>", "<style>style.css</style>", text, flags=re.DOTALL)
        if not is_as_it_was(name, text):
            different.append(f"--- {name}: now\n{text}")
    assert different == [], "\n".join(different)


def test_no_golden_file_is_left_over() -> None:
    assert sorted(file.name.removesuffix(".txt") for file in GOLDEN.iterdir()) == sorted({**VIEWS, **DRAWN})
