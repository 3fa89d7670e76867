"""What people read, compared byte by byte. UPDATE_GOLDEN=1 writes the files anew; review them as a diff."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Call, Program

GOLDEN = Path(__file__).parents[1] / "golden"
AS_OF = ("--as-of", "2024-04-01")

MANAGERS = (
    ["Zoë O'Brien-Łuk", "--team", "Zahlungen, Köln"],
    ["李小龙", "--handle", "li", "--team", "平台"],
    ["Robin 🚀 Sky", "--handle", "robin"],
    ["[bold]Dana[/bold], \"D\"", "--handle", "dana"],
    ["Emil Empty", "--handle", "emil"],
    ["Archie Gone", "--handle", "archie"],
)  # fmt: skip

# manager, kind, when, note, and whatever else was said
ENTRIES = (
    ["zoe", "meeting", "2024-01-08 09:00", "Kick-off: naïve plan, “quotes”, commas, and; semicolons"],
    ["zoe", "agreed", "2024-01-15 09:00", "Five must-haves", "-c", "email"],
    ["zoe", "slate", "2024-02-12 16:30", "Four of five to interview", "-s", "l", "-t", "slate", "-t", "größe"],
    ["zoe", "slate", "2024-02-12 17:00", "And the fifth, on second thoughts"],
    ["zoe", "kept", "2024-02-29 08:05", "On the leap day, before nine"],
    ["zoe", "missed", "2024-03-04 18:00", "Reference was due on Friday"],
    ["zoe", "kept", "2024-03-06 10:00", "Reference, on the new date", "--repairs", "6"],
    ["zoe", "praise", "2024-03-15 15:00", "", "--did", "Four scorecards before lunch", "--changed", "two offers"],
    ["zoe", "note", "2024-03-20 12:00", "Only for me:\n\n  indented line\nمرحبا and \x1b[31mred", "--no-evidence"],
    ["li", "help", "2024-03-01 11:00", "用一句话说明「高级」的意思，现在写在职位描述的开头，" * 2],
    ["li", "doubt", "2024-03-02 11:00", "Are you sure you understand this role? " * 4],
    ["robin", "harsh", "2024-03-10 17:45", "Loud 😀 in the sync :smile: [/] [red]", "-s", "l"],
    ["robin", "praised", "2024-03-28 10:00", "In front of the team 🎉🎉", "--approach", "pull"],
    ["dana", "reply", "2024-03-31 23:59", "=SUM(A1) <b>html</b> {{ template }} C:\\path"],
    ["archie", "hire", "2024-02-01 12:00", "Long ago"],
)  # fmt: skip

VIEWS = {
    "report-overview-80": ("report", *AS_OF),
    "report-overview-60": ("report", *AS_OF),
    "report-page": ("report", "zoe", *AS_OF),
    "report-page-since": ("report", "zoe", *AS_OF, "--since", "2024-01-01"),
    "report-page-hard": ("report", "robin", *AS_OF),
    "report-page-empty": ("report", "emil", *AS_OF),
    "report-why": ("report", "zoe", "--why", *AS_OF),
    "report-why-wide-name": ("report", "li", "--why", *AS_OF),
    "log": ("log",),
    "log-one": ("log", "zoe", "--since", "2024-02-29"),
    "show": ("show", "9"),
    "show-praise": ("show", "8"),
    "search": ("search", "reference"),
    "manager-list": ("manager", "list"),
    "manager-show": ("manager", "show", "zoe"),
}


@pytest.fixture
def awkward(call: Call) -> None:
    """One journal with everything that a table gets wrong."""
    for told in MANAGERS:
        assert call("manager", "add", *told).code == 0
    for who, kind, when, note, *more in ENTRIES:
        assert call("add", who, note, "-k", kind, "-w", when, *more).code == 0
    call("manager", "archive", "archie")


@pytest.mark.usefixtures("awkward")
def test_every_view_is_as_it_was(run: Program) -> None:
    different = []
    for name, args in VIEWS.items():
        columns = name.rpartition("-")[2] if name.startswith("report-overview") else "80"
        text = run(*args, env={"COLUMNS": columns}).says()
        # the time of writing is the one thing that no flag can fix
        text = re.sub(r"^  written .*\n", "", text, flags=re.M)
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("UPDATE_GOLDEN") == "1":
            file.write_bytes(text.encode())
        if not file.exists() or file.read_bytes() != text.encode():
            different.append(f"--- {name}: now\n{text}")
    assert different == [], "\n".join(different)


def test_no_golden_file_is_left_over() -> None:
    assert sorted(file.stem for file in GOLDEN.iterdir()) == sorted(VIEWS)
