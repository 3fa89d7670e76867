"""Start-up, as ratios to `python -c pass` of the same environment, interleaved in one run, beside two other tools.

    python benchmarks/startup.py [--rounds N] [--instructions] [--no-peers] [--write]

Prints a table; --write keeps it in benchmarks/results/startup.json for scripts/performance.py. jrnl and Watson are
installed into a temporary environment, and left out with a word where that cannot be done. A clock on a shared machine
lies, so nothing gates on it: tests pin which modules load. --instructions counts what no clock disturbs (valgrind).
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import peers
import rows
from measuring import PASS, PROGRAM, Case, Taken, environment, in_turns, instructions, middle

COMPLETE = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog add man", "COMP_CWORD": "2"}
WHO = rows.handle(3)
NOTE = "called back within the hour"
ENTRIES = 600
RESULTS = Path(__file__).with_name("results") / "startup.json"


class Measured(NamedTuple):
    """A command line of ours, its budget in CPU ratios, and variables that it is run with."""

    words: tuple[str, ...]
    budget: float | None = None
    more: Mapping[str, str] = {}


OURS: dict[str, Measured] = {
    "--version": Measured(("--version",), 1.7),
    "trustlog alone": Measured((), 10),
    "add": Measured(("add", WHO, NOTE, "-k", "reply-received"), 7),
    "add with reading": Measured(("add", WHO, *NOTE.split()), 7.5),
    "completion of a handle": Measured((), 6, COMPLETE),
    "next": Measured(("next",), 9),
    "report": Measured(("report",), 11),
    "report MANAGER": Measured(("report", WHO)),
    "log --limit 20": Measured(("log", "--limit", "20")),
    "--help": Measured(("--help",), 6),
}


def fill(home: Path) -> dict[str, str]:
    """A journal of twelve managers with fifty entries each; its environment."""
    env = environment(home)
    file = home / "rows.csv"
    rows.write(file, ENTRIES, managers=12)
    subprocess.run([PROGRAM, "import", str(file)], env=env, check=True, capture_output=True)
    return env


def others(folder: Path) -> dict[str, Case]:
    """One added line with each other tool, each with as many lines as our journal; those that can be installed."""
    made = {
        name: (peers.installed(name, folder), of) for name, of in (("jrnl", peers.of_jrnl), ("watson", peers.of_watson))
    }
    return {f"{name} adds a line": of(place, ENTRIES)["add"] for name, (place, of) in made.items() if place is not None}


def table(taken: Mapping[str, Taken], counted: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """A row for each case: ratios, memory, and its budget."""
    base, base_count = taken["pass"], counted.get("pass")
    found = []
    for name, one in taken.items():
        budget, count = OURS[name].budget if name in OURS else None, counted.get(name)
        ratio = round(one.cpu / base.cpu, 2)
        found.append({
            "case": name, "cpu": ratio, "wall": round(one.wall / base.wall, 2), "memory": round(one.memory, 1),
            "instructions": round(count / base_count, 2) if count and base_count else None,
            "budget": budget, "misses": budget is not None and ratio > budget,
        })  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        env = fill(home)
        cases = {"pass": Case(PASS, env)}
        cases |= {name: Case([PROGRAM, *one.words], env | dict(one.more)) for name, one in OURS.items()}
        cases |= {} if asked.no_peers else others(Path(folder))
        taken = {name: middle(each) for name, each in in_turns(cases, asked.rounds, warm=2).items()}
        ours = {name: one for name, one in cases.items() if name in OURS or name == "pass"}
        counted = {name: instructions(one, Path(folder)) for name, one in ours.items()} if asked.instructions else {}
    found = table(taken, counted)
    print(f"{'case':<24} {'CPU':>7} {'wall':>7} {'instr':>7} {'MB':>6} {'budget':>7}")
    for one in found:
        print(
            f"{one['case']:<24} {one['cpu']:>7} {one['wall']:>7} {one['instructions'] or '':>7} {one['memory']:>6}"
            f" {one['budget'] or '':>7}{'  misses' if one['misses'] else ''}"
        )
    if asked.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(
            json.dumps({"rounds": asked.rounds, "entries": ENTRIES, "rows": found}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
