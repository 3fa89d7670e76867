"""Waiting for somebody else's lock: after a second it says for what, and Ctrl-C ends it at once."""

import time
from collections.abc import Callable
from typing import TypeVar

SILENT = 1.0
"""Seconds of waiting before a word is said of it."""


T = TypeVar("T")


class Wait:
    """One wait for a lock, of so many seconds at most; `holder` says who has it, as in "Another program holds x"."""

    def __init__(self, seconds: float, holder: str, say: Callable[[str], None]) -> None:
        self._began = time.monotonic()
        self._seconds, self._holder, self._say = seconds, holder, say

    def goes_on(self) -> bool:
        """Whether there is time left; says what is waited for once that has taken a while."""
        waited = time.monotonic() - self._began
        if waited >= self._seconds:
            return False
        if waited >= SILENT:
            self._say(f"{self._holder}. Waiting for it, {self._seconds:.0f} seconds at most; Ctrl-C ends the waiting.")
        return True


def until_free(run: Callable[[], T], wait: Wait, is_busy: Callable[[BaseException], bool]) -> T:
    """What a statement gives once nobody else holds the file. Raises what it raised when the time is over.

    SQLite itself waits a little in `run`, so that there is no pause here.
    """
    while True:
        try:
            return run()
        except Exception as error:
            if not is_busy(error) or not wait.goes_on():
                raise
