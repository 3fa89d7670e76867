"""Runs programs one after the other in turns, and compares them within one run: a clock on a shared machine lies."""

import os
import random
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PROGRAM = str(Path(sys.executable).with_name("trustlog"))
PASS = (sys.executable, "-c", "pass")

# A process of its own starts and waits for each program: the peak that the kernel tells of a child is at least that of
# the process that it came from, and this one is as small as a Python process can be.
_LAUNCHER = """
import os, sys, time
out = os.open(os.devnull, os.O_RDWR)
begin = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                     file_actions=[(os.POSIX_SPAWN_DUP2, out, 0), (os.POSIX_SPAWN_DUP2, out, 1)])
_, status, usage = os.wait4(pid, 0)
print(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class Taken(NamedTuple):
    """What one run took: seconds by the clock and of the processor, and its peak of memory in MB."""

    wall: float
    cpu: float
    memory: float


class Case(NamedTuple):
    """Something to run, and what is put right before it, outside what is measured."""

    command: Sequence[str]
    env: Mapping[str, str]
    before: Callable[[], object] = lambda: None


def environment(home: Path) -> dict[str, str]:
    """A clean machine whose home is there."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "TRUSTLOG_HOME": str(home), "LC_ALL": "C.UTF-8",
        "COLUMNS": "80", "TZ": "UTC",
    }  # fmt: skip


def take(case: Case, patience: float | None = None) -> Taken:
    """Run it once. Raises SystemExit if it does not succeed, TimeoutExpired after so many seconds."""
    case.before()
    launched = subprocess.Popen(
        [sys.executable, "-S", "-c", _LAUNCHER, *case.command], env=dict(case.env), start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said, complained = launched.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(launched.pid, signal.SIGKILL)  # the launcher, and what it waits for
        launched.communicate()
        raise
    wall, cpu, memory, code = said.split()
    if code != "0":
        raise SystemExit(f"ended with {code}: {' '.join(case.command)}\n{complained}")
    return Taken(float(wall), float(cpu), float(memory) / 1024)


def in_turns(cases: Mapping[str, Case], rounds: int, warm: int = 1) -> dict[str, list[Taken]]:
    """Every case once a round, in an order of chance; the first rounds warm the caches and do not count."""
    taken: dict[str, list[Taken]] = {name: [] for name in cases}
    for number in range(rounds + warm):
        names = list(cases)
        random.shuffle(names)
        for name in names:
            one = take(cases[name])
            if number >= warm:
                taken[name].append(one)
    return taken


def middle(taken: Sequence[Taken]) -> Taken:
    """The medians of the times, and the highest peak."""
    return Taken(
        statistics.median(one.wall for one in taken),
        statistics.median(one.cpu for one in taken),
        max(one.memory for one in taken),
    )


def instructions(case: Case, folder: Path) -> int | None:
    """Instructions of one run, counted by callgrind; None where there is no valgrind."""
    import shutil

    if shutil.which("valgrind") is None:
        return None
    case.before()
    command = list(case.command)
    script = shutil.which(command[0], path=case.env["PATH"])
    if script and Path(script).read_bytes()[:2] == b"#!":  # valgrind runs programs, not scripts
        command = [sys.executable, script, *command[1:]]
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}", *command],
        env=dict(case.env) | {"PYTHONHASHSEED": "0"}, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    return int(next(line for line in done.stderr.splitlines() if "Collected" in line).split()[-1])
