"""A long text a screen at a time, by the person's own pager."""

import os
import shutil
import signal
import sys
from contextlib import suppress

from trustlog import programs


def shows(text: str) -> bool:
    """Whether a pager took the text; none is started for what fits the screen, nor where there is none."""
    if text.count("\n") + 2 <= shutil.get_terminal_size((80, 24)).lines:
        return False
    command = os.environ.get("PAGER", "less" if shutil.which("less") else "")
    try:
        words = programs.words(command)
    except ValueError:  # an open quote
        return False
    return bool(words) and _read_in(words, text)


def _read_in(words: list[str], text: str) -> bool:
    from subprocess import PIPE, Popen  # 10 ms, only for a pager

    # colours as they are, the text stays on the screen, and what fits needs no key
    env = {"LESS": "FRX", **os.environ}
    try:
        reader = Popen(words, stdin=PIPE, env=env)  # noqa: S603 - their pager, no shell
    except OSError:
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the pager while it runs
    try:
        with suppress(BrokenPipeError):  # read enough
            reader.communicate(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return True
