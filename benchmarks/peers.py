"""The same work with other tools for a log of one's own, in turns with ours, as times `python -c pass`.

    python benchmarks/peers.py [--sizes 100,100000] [--rounds N] [--write]

jrnl and Watson are installed into a temporary environment; a tool that cannot be had is left out with a word. A run
that takes more than a minute is ended, and the table says so. --write keeps benchmarks/results/peers.json for
scripts/performance.py.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rows
from measuring import PASS, PROGRAM, Case, environment, take

VERSIONS = {"jrnl": "jrnl==4.6", "watson": "td-watson==2.1.0"}
"""Pinned, so that a later release changes no figure."""
TASKS = ("add", "the last 20", "search a word", "report of one person", "export all")
SIZES = (100, 100_000)
PATIENCE = 60
"""Seconds after which a run is ended."""
RESULTS = Path(__file__).with_name("results") / "peers.json"
WHO = rows.handle(7)
NOTE = "called back within the hour"
FIRST_FRAME = 1_700_000_000
BETWEEN_FRAMES = 7200
"""Seconds from one frame of Watson to the next."""


def installed(name: str, folder: Path) -> Path | None:
    """The place of a tool, installed there; None, and a word about it, where that cannot be done."""
    place = folder / name
    venv.create(place, with_pip=True)
    command = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", VERSIONS[name]]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return place
    print(f"{name} is left out: {VERSIONS[name]} could not be installed", file=sys.stderr)
    return None


def of_ours(folder: Path, count: int) -> dict[str, Case]:
    home = folder / f"home-{count}"
    home.mkdir()
    env = environment(home)
    rows.write(home / "rows.csv", count)
    subprocess.run([PROGRAM, "import", str(home / "rows.csv")], env=env, check=True, capture_output=True)
    tasks = (
        ("add", WHO, NOTE, "-k", "reply-received"), ("log", "--limit", "20"), ("search", rows.WORD), ("report", WHO),
        ("export", "--format", "csv"),
    )  # fmt: skip
    return {task: Case([PROGRAM, *words], env) for task, words in zip(TASKS, tasks, strict=True)}


def of_sqlite_utils(folder: Path, count: int) -> dict[str, Case]:
    """A table with the same columns, an index for one person's days, and a word index that triggers keep."""
    journal, one = folder / f"sqlite-utils-{count}.db", folder / "one.json"
    columns = ", ".join(f"[{name}] TEXT" for name in rows.HEADER)
    db = sqlite3.connect(journal)
    db.execute(f"CREATE TABLE entries ({columns})")
    db.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * len(rows.HEADER))})", rows.rows(count))
    db.execute("CREATE INDEX by_person ON entries (manager, [when])")
    db.commit()
    db.close()
    one.write_text(json.dumps(dict.fromkeys(rows.HEADER, "") | {"manager": WHO, "note": NOTE}))
    program, env = str(Path(PROGRAM).with_name("sqlite-utils")), environment(folder)
    subprocess.run([program, "enable-fts", journal, "entries", "note", "--create-triggers"], env=env, check=True)
    tasks = (
        ("insert", str(journal), "entries", str(one)),
        (str(journal), "SELECT * FROM entries ORDER BY rowid DESC LIMIT 20"),
        ("search", str(journal), "entries", rows.WORD),
        (str(journal), f"SELECT kind, count(*), max([when]) FROM entries WHERE manager = '{WHO}' GROUP BY kind"),
        ("rows", str(journal), "entries", "--csv"),
    )
    return {task: Case([program, *words], env) for task, words in zip(TASKS, tasks, strict=True)}


def of_jrnl(place: Path, count: int) -> dict[str, Case]:
    """A text file, the person as a tag in each entry."""
    journal, config = place / f"journal-{count}.txt", place / f"jrnl-{count}.yaml"
    told = (dict(zip(rows.HEADER, row, strict=True)) for row in rows.rows(count))
    journal.write_text(
        "".join(f"[{one['when'].replace('T', ' ')}] {one['note']} @{one['manager']}\n\n" for one in told)
    )
    config.write_text(f"journals:\n  default:\n    journal: {journal}\nversion: v4.6\n")
    program = [str(place / "bin" / "jrnl"), "--config-file", str(config)]
    env = environment(place) | {"XDG_CONFIG_HOME": str(place / "config")}
    tasks = (
        ("2026-11-20 10:00:", f"{NOTE} @{WHO}"), ("-n", "20"), ("-contains", rows.WORD), (f"@{WHO}", "--tags"),
        ("--format", "json"),
    )  # fmt: skip
    return {task: Case([*program, *words], env) for task, words in zip(TASKS, tasks, strict=True)}


def of_watson(place: Path, count: int) -> dict[str, Case]:
    """Frames of ten minutes, the person as a project. It has no notes, so there is no word to look for."""
    folder = place / f"watson-{count}"
    folder.mkdir()
    begun = [(FIRST_FRAME + number * BETWEEN_FRAMES, row[0]) for number, row in enumerate(rows.rows(count))]
    frames = [[at, at + 600, who, f"{number:032x}", [], at] for number, (at, who) in enumerate(begun)]
    (folder / "frames").write_text(json.dumps(frames))
    program, env = str(place / "bin" / "watson"), environment(place) | {"WATSON_DIR": str(folder)}
    day = datetime.fromtimestamp(begun[-20][0], UTC).date().isoformat()
    end = ("--to", "2100-01-01")
    return {
        "add": Case([program, "add", "--from", "2022-01-01 10:00", "--to", "2022-01-01 10:10", WHO], env),
        "the last 20": Case([program, "log", "--no-pager", "--from", day, *end], env),
        "report of one person": Case([program, "report", "--no-pager", "--from", "2000-01-01", *end, "-p", WHO], env),
        "export all": Case([program, "log", "--csv", "--from", "2000-01-01", *end], env),
    }


def cases(folder: Path, count: int, places: Mapping[str, Path | None]) -> Iterator[tuple[str, str, Case]]:
    """Tool, task and what is run."""
    made = {"trustlog": of_ours(folder, count), "sqlite-utils": of_sqlite_utils(folder, count)}
    for name, of in (("jrnl", of_jrnl), ("watson", of_watson)):
        if (place := places[name]) is not None:
            made[name] = of(place, count)
    for tool, tasks in made.items():
        for task, case in tasks.items():
            yield tool, task, case


def measured(case: Case, passes: float, rounds: int) -> float | None:
    """The median of some runs as times `python -c pass`, by the clock; None if one took more than PATIENCE."""
    taken: list[float] = []
    for _ in range(rounds):
        try:
            taken.append(take(case, PATIENCE).wall)
        except subprocess.TimeoutExpired:
            return None
        if taken[-1] > PATIENCE / 10:  # a long run is told well enough by one
            break
    return round(statistics.median(taken) / passes, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(str(size) for size in SIZES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = {tool: installed(tool, folder) for tool in VERSIONS}
        for count in (int(size) for size in asked.sizes.split(",")):
            for tool, task, case in cases(folder, count, places):
                passes = statistics.median(take(Case(PASS, case.env)).wall for _ in range(asked.rounds))
                figure = measured(case, passes, asked.rounds)
                limit = None if figure is not None else round(PATIENCE / passes, -2)
                found.append({"tool": tool, "size": count, "task": task, "times": figure, "more_than": limit})
                print(f"{count:>8} {tool:<14} {task:<22} {figure if figure is not None else f'more than {limit:.0f}'}")
    if asked.write:
        RESULTS.write_text(json.dumps({"rounds": asked.rounds, "rows": found}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
