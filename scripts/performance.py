"""Writes docs/performance.md from benchmarks/results/*.json; with --check only says whether it is current.

python benchmarks/startup.py --instructions --write && python benchmarks/scale.py --all \
    && python benchmarks/peers.py --write && python scripts/performance.py
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"

OPENING = """# Speed and size

This page is made from `benchmarks/results/` by `scripts/performance.py`; do not edit it.
To measure on your own machine, in an environment with the development tools:

```console
$ python benchmarks/startup.py --instructions --write
$ python benchmarks/scale.py --all
$ python benchmarks/peers.py --write
$ python scripts/performance.py
```

Nothing here is in seconds, because a second says more about a machine than about a program.
**CPU** and **wall** are times `python -c pass` of the same environment, run in turns with it.
"""
STARTUP = """## What a command costs before it does anything

A journal of {entries} entries. `instructions` counts what no other work on the machine can disturb.
Most of it is Typer, whose import alone is about five times `python -c pass`.
"""
SCALE = """## What a long journal costs

Invented journals of forty managers over three years ([rows.py](../benchmarks/rows.py)).
**Empty** is the same command, in the same run, with the same managers and open loops and no entries.
**Bare** is the same query and arithmetic as a program of `sqlite3` alone ([baselines.py](../benchmarks/baselines.py)).
**× bare** is what the command takes beyond its start on an empty journal, as times the bare program.
MB is the peak of the process.
"""
BUDGETS = """The budgets: `add`, `log`, `open`, `next`, `brief` and the day's page within 1.5 times an empty journal
at any size; a search and one manager's report within 2 times the bare program, the report of all forty within 3,
import and export within 4; `add` in 20 MB, everything else in 100 MB.
"""
PEERS = """## Other tools

The same work with other tools, in one run with ours, as times `python -c pass` by the clock
([peers.py](../benchmarks/peers.py)). A search is for a word of one entry in a hundred, and shows every hit.
jrnl has a tag for a person and counts it; Watson has a project, and no notes to look into.
"""
OTHERS = """Measured once, on another day: Timewarrior 0.5 for `add` and 51 for one person's report at 100,000 entries,
Taskwarrior 0.8 for `add` at 100 and 68 at 100,000, buku 17 and friends 17.5 for `add` at 100.
No Python program can be as quick as the first two, which are in C++, on a small journal: `python -c pass` is 1.0 by
itself.
"""
WHY = {
    ("add", "memory"): "Python with Typer takes 19 MB of it; SQLite's page cache adds up to 2 MB",
    ("next", "to_empty"): "what is recent is read of each manager, and here that is nine hundred entries a day",
    ("trustlog", "to_empty"): "what is recent is read of each manager, and here that is nine hundred entries a day",
    ("import CSV", "memory"): "the word index is filled at the end, beside the pages that are kept at hand",
    ("search, all", "to_bare"): "ten thousand hits are laid out by day and broken at the width, one by one",
    ("completion of a handle", "misses"): "Typer builds the whole command to complete one word of it",
}
"""Why a budget is missed, where that is known."""
UNEXPLAINED = "not explained yet"
BUDGET_OF = {"to_empty": "budget_empty", "to_bare": "budget_bare", "memory": "budget_memory"}


def row(cells: Iterable[object]) -> str:
    return "| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |"


def table(head: tuple[str, ...], lines: Iterable[Iterable[object]]) -> str:
    return "\n".join([row(head), "|" + "---|" * len(head), *(row(line) for line in lines)]) + "\n"


def startup(found: dict[str, Any]) -> str:
    def line(one: dict[str, Any]) -> tuple[object, ...]:
        name = one["case"] if one["case"].endswith("a line") else f"`{one['case']}`"
        return name, one["cpu"], one["budget"], one["wall"], one["instructions"], round(one["memory"])

    return table(("run", "CPU", "budget", "wall", "instructions", "MB"), [line(one) for one in found["rows"]])


def scale(found: dict[str, Any]) -> str:
    def line(one: dict[str, Any]) -> tuple[object, ...]:
        beside = [_with(one[key], one[budget]) for key, budget in BUDGET_OF.items()]
        return f"`{one['command']}`", one["cpu"], one["wall"], one["empty_cpu"], beside[0], one["bare_cpu"], *beside[1:]

    head = ("command", "CPU", "wall", "empty", "× empty (budget)", "bare", "× bare (budget)", "MB (budget)")
    sizes = dict.fromkeys(one["size"] for one in found["rows"])
    return "\n".join(
        f"### {size:,} entries\n\n{table(head, [line(one) for one in found['rows'] if one['size'] == size])}"
        for size in sizes
    )


def _with(figure: object, budget: float | None) -> str:
    if figure is None:
        return ""
    return str(figure) if budget is None else f"{figure} ({budget:g})"


def missed(begun: dict[str, Any], found: dict[str, Any]) -> str:
    names = {"to_empty": "× empty", "to_bare": "× bare", "memory": "MB"}
    told: list[tuple[object, ...]] = []
    for one in found["rows"]:
        for what in one["misses"]:
            why = WHY.get((one["command"], what), UNEXPLAINED)
            told.append((f"`{one['command']}`", f"{one['size']:,}", names[what], one[what], one[BUDGET_OF[what]], why))
    told += [
        (
            f"`{one['case']}`",
            "",
            "CPU",
            one["cpu"],
            one["budget"],
            WHY.get((one["case"], "misses"), UNEXPLAINED),
        )
        for one in begun["rows"]
        if one["misses"]
    ]
    if not told:
        return "Nothing misses its budget.\n"
    return table(("command", "entries", "what", "measured", "budget", "why"), told)


def peers(found: dict[str, Any]) -> str:
    figures = {(one["size"], one["task"], one["tool"]): one for one in found["rows"]}
    tools = list(dict.fromkeys(one["tool"] for one in found["rows"]))

    def cell(figure: dict[str, Any] | None) -> str:
        if figure is None:
            return ""
        return f"{figure['times']:g}" if figure["times"] is not None else f"more than {figure['more_than']:,.0f}"

    lines = [
        (task, f"{size:,}", *(cell(figures.get((size, task, tool))) for tool in tools))
        for size, task in dict.fromkeys((one["size"], one["task"]) for one in found["rows"])
    ]
    return table(("what", "entries", *tools), lines)


def page() -> str:
    begun = json.loads((RESULTS / "startup.json").read_text("utf-8"))
    found = json.loads((RESULTS / "scale.json").read_text("utf-8"))
    about = found["about"]
    made = f"Python {about['python']}, SQLite {about['sqlite']}; medians of {begun['rounds']} rounds for the start,"
    made += f" of up to {about['rounds']} for the rest; the longest runs on a million entries once.\n"
    parts = [
        OPENING, made, STARTUP.format(entries=begun["entries"]), startup(begun), SCALE, BUDGETS, scale(found),
        "## What misses its budget\n", missed(begun, found), PEERS,
        peers(json.loads((RESULTS / "peers.json").read_text("utf-8"))), OTHERS,
    ]  # fmt: skip
    return "\n".join(parts)


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.exists() and PAGE.read_text("utf-8") == text:
            return 0
        sys.stderr.write("performance.md is stale; run: python scripts/performance.py\n")
        return 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
