"""Start-up, as CPU ratios to `python -c pass` of the same environment, interleaved in one run.

    python benchmarks/startup.py [--rounds N]

Prints a table. A clock on a shared machine lies, so nothing gates on it: tests pin which modules load.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("trustlog"))
COMPLETE = {"_TRUSTLOG_COMPLETE": "complete_bash", "COMP_WORDS": "trustlog add da", "COMP_CWORD": "2"}

CASES: dict[str, tuple[list[str], dict[str, str], float | None]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], {}, None),
    "--version": ([PROGRAM, "--version"], {}, 2),
    "add, all given": ([PROGRAM, "add", "dana", "called back within the hour", "-k", "reply-received"], {}, 7),
    "completion of a handle": ([PROGRAM], COMPLETE, 7),
    "log --limit 20": ([PROGRAM, "log", "--limit", "20"], {}, None),
    "report of 12 managers": ([PROGRAM, "report"], {}, 12),
    "report of one": ([PROGRAM, "report", "dana"], {}, None),
    "--help": ([PROGRAM, "--help"], {}, None),
}


def cpu(command: list[str], env: dict[str, str]) -> float:
    """CPU seconds of one run, children's children included. Raises if it fails."""
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"failed: {command}")
    return usage.ru_utime + usage.ru_stime


def fill(home: str, env: dict[str, str]) -> None:
    """A journal of 12 managers with 50 entries each."""
    rows = ["manager,kind,when,note"]
    names = ["dana", *(f"manager-{n}" for n in range(11))]
    kinds = ("reply-received", "meeting-held", "promise-kept", "slate-declined", "praise-given")
    for n in range(600):
        day = f"2026-{1 + n // 60:02}-{1 + n % 28:02}T10:00"
        rows.append(f"{names[n % 12]},{kinds[n % 5]},{day},something happened")
    file = Path(home) / "rows.csv"
    file.write_text("\n".join(rows) + "\n")
    subprocess.run([PROGRAM, "import", str(file)], env=env, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "TRUSTLOG_HOME": home, "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
        fill(home, env)
        taken: dict[str, list[float]] = {name: [] for name in CASES}
        for round_ in range(rounds + 2):
            names = list(CASES)
            random.shuffle(names)
            for name in names:
                command, more, _ = CASES[name]
                seconds = cpu(command, env | more)
                if round_ >= 2:  # the first two warm the caches
                    taken[name].append(seconds)
    base = statistics.median(taken["python -c pass"])
    print(f"{'case':<26} {'CPU ms':>8} {'ratio':>7} {'budget':>7}")
    for name, (_, _, budget) in CASES.items():
        middle = statistics.median(taken[name])
        print(f"{name:<26} {middle * 1000:8.1f} {middle / base:7.2f} {budget if budget else '':>7}")


if __name__ == "__main__":
    main()
