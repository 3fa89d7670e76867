"""What a long journal costs: every command at four sizes, beside an empty journal and a bare program, in turns.

    python benchmarks/scale.py [--all] [--sizes 100,10000] [--only add,next] [--rounds N] [--keep FOLDER]

Prints a table and names what misses its budget; --all also writes benchmarks/results/scale.json for
scripts/performance.py. The journals are made in a temporary folder, or in --keep, where they are used again.
"""

import argparse
import json
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import rows
from measuring import PASS, PROGRAM, Case, Taken, environment, in_turns, middle

SIZES = (100, 10_000, 100_000, 1_000_000)
BASELINES = str(Path(__file__).with_name("baselines.py"))
RESULTS = Path(__file__).with_name("results") / "scale.json"
WHO = rows.handle(7)
MEMORY = 100.0
"""Megabytes that no command may need; `add` has a budget of its own."""


class Measured(NamedTuple):
    """A command, its bare program, and its budgets.

    `empty`: at most so many times the same command on an empty journal. `bare`: what it takes beyond that is at most
    so many times the bare program.
    """

    words: tuple[str, ...]
    bare: tuple[str, ...] | None = None
    empty: float | None = None
    times: float | None = None
    memory: float = MEMORY
    writes_file: bool = False
    imports: bool = False


COMMANDS: dict[str, Measured] = {
    "add": Measured(("add", WHO, "called back", "-k", "reply-received"), ("add", WHO), empty=1.5, memory=20),
    "log --limit 20": Measured(("log", "--limit", "20"), ("log", "20"), empty=1.5),
    "open": Measured(("open",), ("open_loops",), empty=1.5),
    "next": Measured(("next",), empty=1.5),
    "next MANAGER": Measured(("next", WHO), empty=1.5),
    "trustlog": Measured((), empty=1.5),
    "search, newest 20": Measured(("search", rows.WORD, "--limit", "20"), ("search", rows.WORD, "20"), times=2),
    "search, all": Measured(("search", rows.WORD), ("search", rows.WORD), times=2),
    "brief MANAGER": Measured(("brief", WHO), empty=1.5),
    "report MANAGER": Measured(("report", WHO), ("report", WHO), times=2),
    "report": Measured(("report",), ("report",), times=3),
    "export CSV": Measured(("export", "{out}.csv"), ("export_csv", "{out}.csv"), times=4, writes_file=True),
    "export JSON": Measured(("export", "{out}.json"), ("export_json", "{out}.json"), times=4, writes_file=True),
    "import CSV": Measured(("import", "{rows}"), ("import_csv", "{rows}"), times=4, imports=True),
}


class Place(NamedTuple):
    """The folders of one run."""

    work: Path

    def home(self, size: int) -> Path:
        return self.work / f"journal-{size}"

    def rows(self, size: int) -> Path:
        return self.work / f"rows-{size}.csv"

    @property
    def blank(self) -> Path:
        return self.work / "blank.db"


def trustlog(home: Path, *words: str) -> None:
    subprocess.run(
        [PROGRAM, *words], env=environment(home), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def build(place: Place, size: int) -> None:
    """A journal of that size with forty managers and a few open loops; of size 0, one without entries."""
    if not place.rows(size).exists():
        rows.write(place.rows(size), size)
    if not place.blank.exists():
        from trustlog.store import schema

        schema.create(place.blank)
    home = place.home(size)
    if home.exists():
        return
    home.mkdir()
    for number in range(rows.MANAGERS):  # a small file may not name everybody
        trustlog(home, "manager", "add", f"Manager {number:02}", "--handle", rows.handle(number))
    for number in range(5):
        trustlog(home, "promise", rows.handle(number), "the slate", "--due", "in 2 weeks")
        trustlog(home, "ask", rows.handle(number), "the scorecard", "--due", "in 1 week", "--for", "scorecard")
    if size:
        trustlog(home, "import", str(place.rows(size)))


def cases(place: Place, size: int, names: list[str]) -> Iterator[tuple[str, Case]]:
    """The cases of a size: each command on it, on an empty journal, and its bare program."""
    yield "pass", Case(PASS, environment(place.work))
    for name in names:
        told = COMMANDS[name]
        yield f"{name}|here", _case(place, size, told, [PROGRAM, *told.words])
        yield f"{name}|empty", _case(place, 0, told, [PROGRAM, *told.words])
        if told.bare is not None:
            function, *rest = told.bare
            yield f"{name}|bare", _case(place, size, told, [sys.executable, BASELINES, function, "{journal}", *rest])


def _case(place: Place, size: int, told: Measured, words: list[str]) -> Case:
    # an import begins with a blank journal each time
    home = place.work / "importing" if told.imports else place.home(size)
    out = place.work / f"out-{size}"
    places = {"{journal}": str(home / "trustlog.db"), "{rows}": str(place.rows(size)), "{out}": str(out)}

    def fill(word: str) -> str:
        for mark, value in places.items():
            word = word.replace(mark, value)
        return word

    def before() -> None:
        for suffix in (".csv", ".json"):
            out.with_suffix(suffix).unlink(missing_ok=True)
        if told.imports:
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            shutil.copy(place.blank, home / "trustlog.db")

    return Case([fill(word) for word in words], environment(home), before)


def measured(place: Place, size: int, names: list[str], rounds: int) -> list[dict[str, Any]]:
    """A row of figures for each command at a size; what takes long on a large journal runs once, cold."""
    long = [name for name in names if size >= 1_000_000 and (COMMANDS[name].imports or COMMANDS[name].writes_file)]
    short = [name for name in names if name not in long]
    taken: dict[str, list[Taken]] = {}
    found = []
    for group, times, warm in ((short, rounds, 1), (long, 1, 0)):
        if group:
            taken = in_turns(dict(cases(place, size, group)), times, warm)
            base = middle(taken["pass"] if warm else in_turns({"pass": Case(PASS, environment(place.work))}, 5)["pass"])
            found += [figures(size, name, {key: middle(one) for key, one in taken.items()}, base) for name in group]
    return found


def figures(size: int, name: str, took: Mapping[str, Taken], base: Taken) -> dict[str, Any]:
    """One command's figures as ratios, its budgets, and which of them it misses."""
    told = COMMANDS[name]
    here, empty, bare = took[f"{name}|here"], took[f"{name}|empty"], took.get(f"{name}|bare")
    made: dict[str, Any] = {
        "size": size, "command": name,
        "cpu": round(here.cpu / base.cpu, 2), "wall": round(here.wall / base.wall, 2),
        "empty_cpu": round(empty.cpu / base.cpu, 2), "to_empty": round(here.cpu / empty.cpu, 2),
        "bare_cpu": round(bare.cpu / base.cpu, 2) if bare else None,
        "to_bare": round(max(0.0, here.cpu - empty.cpu) / bare.cpu, 2) if bare else None,
        "memory": round(here.memory, 1), "bare_memory": round(bare.memory, 1) if bare else None,
        "budget_empty": told.empty, "budget_bare": told.times, "budget_memory": told.memory,
    }  # fmt: skip
    checks = (("to_empty", told.empty), ("to_bare", told.times), ("memory", told.memory))
    made["misses"] = [what for what, most in checks if most is not None and made[what] > most]
    return made


def show(found: list[dict[str, Any]]) -> None:
    keys = ("cpu", "wall", "empty_cpu", "to_empty", "bare_cpu", "to_bare", "memory")
    names = ("CPU", "wall", "empty", "x empty", "bare", "x bare", "MB")
    print(f"\n{'entries':>9} {'command':<18}" + "".join(f" {name:>8}" for name in names))
    for one in found:
        told = "".join(f" {'' if one[key] is None else one[key]:>8}" for key in keys)
        missed = f"  misses {', '.join(one['misses'])}" if one["misses"] else ""
        print(f"{one['size']:>9,} {one['command']:<18}{told}{missed}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="All sizes and commands, written to results/.")
    parser.add_argument("--sizes", default=",".join(str(one) for one in SIZES))
    parser.add_argument("--only", default="", help="Commands, by how they begin.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true", help="Write what was measured to results/, size by size.")
    asked = parser.parse_args()
    sizes = SIZES if asked.all else tuple(int(one) for one in asked.sizes.split(","))
    only = tuple(asked.only.split(",")) if asked.only and not asked.all else ("",)
    names = [name for name in COMMANDS if name.startswith(only)]
    with tempfile.TemporaryDirectory() as temporary:
        place = Place(asked.keep or Path(temporary))
        place.work.mkdir(exist_ok=True)
        build(place, 0)
        found = []
        for size in sizes:
            build(place, size)
            found += measured(place, size, names, asked.rounds)
            show([one for one in found if one["size"] == size])
            if asked.all or asked.write:
                keep(found, asked.rounds)
    missed = [one for one in found if one["misses"]]
    print(f"\n{len(missed)} of {len(found)} rows miss a budget.")


def keep(found: list[dict[str, Any]], rounds: int) -> None:
    """Write the figures, over those of an earlier run: every row was measured within one."""
    there = json.loads(RESULTS.read_text("utf-8"))["rows"] if RESULTS.exists() else []
    order = list(COMMANDS)
    both = {(one["size"], one["command"]): one for one in (*there, *found)}
    listed = sorted(both.values(), key=lambda one: (one["size"], order.index(one["command"])))
    about = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "rounds": rounds}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"about": about, "rows": listed}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
