"""A warm program: each line of standard input is a command line, run in a fork that may be killed while it works.

A cold start spends nine tenths of its time on imports, where a kill can do no harm; here nearly every kill meets work.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO, NoReturn


def warm_up() -> None:
    """Import all that a command may need; nothing is opened."""
    import icalendar
    import jinja2
    import recurring_ical_events  # type: ignore[import-untyped]  # ships no types
    import sqlite_utils

    from trustlog import app, session
    from trustlog import main as main_module
    from trustlog.services import snapshots, transfer, transfer_csv
    from trustlog.store import driver, journal, schema

    _ = (icalendar, jinja2, sqlite_utils, app, main_module, session, transfer, transfer_csv, snapshots)
    _ = (driver, journal, recurring_ical_events, schema)
    for entry in app.CONTENTS:
        __import__(f"trustlog.commands.{entry.at.split(':')[0]}")


def child(wish: dict[str, Any], files: tuple[BinaryIO, BinaryIO, BinaryIO]) -> NoReturn:
    """Become the program: streams, environment and group of its own."""
    os.setpgid(0, 0)
    if wish["strace"]:
        os.kill(os.getpid(), signal.SIGSTOP)  # until it is traced
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    os.environ.update(wish["env"])
    time.tzset()
    os.umask(wish["umask"])
    from trustlog.main import main

    code = 3
    try:
        code = main(wish["args"])
        sys.stdout.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def traced(pid: int, words: list[str]) -> subprocess.Popen[str]:
    """Let strace see a child that waits for it, from its next system call on."""
    os.waitpid(pid, os.WUNTRACED)
    tracer = subprocess.Popen(["strace", *words, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    for line in tracer.stderr:
        if "attached" in line:
            break
    os.kill(pid, signal.SIGCONT)
    return tracer


def serve(folder: Path) -> None:
    """Answer every line until the other side closes."""
    for line in sys.stdin:
        wish = json.loads(line)
        (folder / "in").write_bytes(base64.b64decode(wish["stdin"]))
        with (
            (folder / "in").open("rb") as given,
            (folder / "out").open("wb") as out,
            (folder / "err").open("wb") as err,
        ):
            began = time.perf_counter()
            pid = os.fork()
            if pid == 0:
                child(wish, (given, out, err))
            os.setpgid(pid, pid)
            tracer = traced(pid, wish["strace"]) if wish["strace"] else None
            if wish["kill_after"] is not None:
                time.sleep(max(0.0, wish["kill_after"] - (time.perf_counter() - began)))
                os.killpg(pid, signal.SIGKILL)
            status = os.waitpid(pid, 0)[1]
            seconds = time.perf_counter() - began
            if tracer is not None:
                tracer.communicate(timeout=60)
        say(json.dumps({"code": os.waitstatus_to_exitcode(status), "seconds": seconds}))


if __name__ == "__main__":
    warm_up()
    gc.freeze()  # a collection in a fork would copy all pages that it looks at
    say("ready")
    serve(Path(sys.argv[1]))
