"""Write docs/reliability.md from the figures of tests/faults; with --check, compare instead.

    .ci/faults                       runs the tests and checks
    python scripts/reliability.py --results FILE

Counts may differ a little from one machine to another; the shape of the page and "lost 0" may not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"


class Test(NamedTuple):
    """One test of the nine, what is counted, and how it is done."""

    number: int
    name: str
    counted: str
    how: str


TESTS = (
    Test(
        1, "kill", "kills",
        "Every command that writes is killed with -9 at random moments, on a journal that was lived in:"
        " afterwards all of its change is there or none, everything else is as it was, the doctor is content and the"
        " next entry is kept.",
    ),
    Test(
        2, "system calls", "calls",
        "`strace` lists the system calls of one `add`, one `import`, `encrypt`, `decrypt`, a change of key,"
        " `me --wipe-reflections`, `forget` and `restore` that change a file, and a fresh copy of the journal is killed"
        " at each of them, and again at each call of the command that comes next and settles what was left; of the"
        " hundreds of page writes, at a sample. The next command says what it found, each copy is encrypted or plain"
        " as the journal is, and nothing that is gone or encrypted can be read in any file.",
    ),
    Test(
        3, "race", "entries",
        "Eight processes write fifty entries each while others report, search and take a copy, once on a journal that"
        " the first of them has to bring up to date: every acknowledged entry is there exactly once.",
    ),
    Test(
        4, "full disk", "disks",
        "On a disk of 4 MiB filled to the last bytes, `add`, `import`, `backup`, `encrypt`, `export` and an upgrade"
        " say so in one line and change nothing; reading works meanwhile, writing works again afterwards.",
    ),
    Test(
        5, "read-only", "commands",
        "On a read-only mount, and in a home without write permission, reading commands answer and writing"
        " commands say why they cannot, for plain, old and encrypted journals.",
    ),
    Test(
        6, "damage", "damaged files",
        "The file is cut, emptied, replaced, given flipped bits, NULs, noise or Latin-1 bytes, in its schema too, its"
        " log is removed or torn, each byte of its head and 16 bytes anywhere are changed: it is told in one line or"
        " answered, no entry is missing from `log` or `search` in silence, and one `restore` goes by the copies,"
        " brings all back and keeps what was there.",
    ),
    Test(
        7, "hostile text", "texts and documents",
        "Escapes, controls, overrides, markup, formulas, quotes, HTML, templates, 120 kB in one argument and 1 MiB on"
        " standard input come back exactly from JSON and CSV, and do nothing in a spreadsheet, a page, a calendar or"
        " a mail.",
    ),
    Test(
        8, "terminal", "screens",
        "The same texts are shown on a real terminal by the commands that show them, and not one escape but our"
        " own colours arrives there.",
    ),
    Test(
        9, "privacy", "calls",
        "A tour through all commands under three umasks leaves files for their owner alone; no journal text is in"
        " logs of faults, temporary files or the arguments of other programs; sockets are forbidden, and the kernel"
        " sees none.",
    ),
    Test(
        10, "fuzzing", "inputs",
        "Dates, CSV, JSON, calendars, settings, a playbook, answers and key files hold anything at"
        " all: understood, or refused in one line.",
    ),
    Test(
        11, "sync", "worlds and kills",
        "Three laptops do two hundred commands in any order, every one that writes, with `undo`, `forget` and `sync`"
        " among them and files held back, and one that has nothing joins last: afterwards their exports are equal byte"
        " for byte. `sync` is killed with -9 at random moments: nothing of either laptop is lost, and the next run is"
        " whole.",
    ),
)  # fmt: skip
NINE = 9


class Sum(NamedTuple):
    """How often something was tried, and how often something was lost."""

    tried: int
    lost: int


def sums(results: Path) -> dict[int, Sum]:
    """The figures of a run, by the number of the test."""
    found: dict[int, Sum] = {}
    for line in results.read_text("utf-8").splitlines():
        one = json.loads(line)
        before = found.get(one["test"], Sum(0, 0))
        found[one["test"]] = Sum(before.tried + one["tried"], before.lost + one["lost"])
    return found


def page(found: dict[int, Sum]) -> str:
    """The page, a sentence a line."""
    passed = sum(found[one.number].lost == 0 for one in TESTS[:NINE])
    rows = [
        f"| {one.number} | {one.name} | {found[one.number].tried:,} {one.counted}"
        f" | {found[one.number].tried - found[one.number].lost:,} | {found[one.number].lost} |"
        for one in TESTS
    ]
    return "\n".join([
        "# Reliability",
        "",
        "Made by `python scripts/reliability.py` from the figures of `.ci/faults`; do not edit it by hand.",
        "",
        f"**{passed} of {NINE}** tests of survival are passed, fuzzing and sync beside them.",
        "",
        "| | test | tried | survived | lost |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        "## How each is done",
        "",
        *(f"{one.number}. **{one.name}**: {one.how}" for one in TESTS),
        "",
        "## What no test can promise",
        "",
        "A changed letter inside a note is not noticed, because SQLite keeps no checksums; a copy has it as it was.",
        "Damage is noticed when it is read; `trustlog doctor` reads everything.",
        "A disk that lies about having written is beyond us; an honest one keeps what was acknowledged.",
        "",
    ])  # fmt: skip


def shape(text: str) -> str:
    """A page without its figures."""
    return re.sub(r"[\d,]+", "0", text)


def problems(found: dict[int, Sum] | None) -> list[str]:
    """What is wrong with the page, and with the figures of a run if there are any."""
    there = PAGE.read_text("utf-8") if PAGE.exists() else ""
    nothing = {one.number: Sum(0, 0) for one in TESTS}
    said = []
    if shape(there) != shape(page(nothing)):
        said.append(f"{PAGE.name} is stale: run .ci/faults and python scripts/reliability.py --results FILE")
    if re.search(r"\| [1-9][\d,]* \|$", there, re.MULTILINE):
        said.append(f"{PAGE.name} tells of losses")
    said += [f"test {number} lost {one.lost} of {one.tried}" for number, one in (found or {}).items() if one.lost]
    return said


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--results", type=Path, metavar="FILE", help="what a run of tests/faults wrote")
    options.add_argument("--check", action="store_true", help="compare, write nothing")
    given = options.parse_args()
    found = sums(given.results) if given.results else None
    if given.check:
        for problem in problems(found):
            print(problem, file=sys.stderr)
        return 1 if problems(found) else 0
    if found is None or (missing := {one.number for one in TESTS} - found.keys()):
        print(f"no figures{f' of {sorted(missing)}' if found else ''}: was something skipped?", file=sys.stderr)
        return 1
    PAGE.write_text(page(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
