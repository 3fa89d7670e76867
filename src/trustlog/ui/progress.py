"""How far long work is, on a terminal, once it has taken a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds of work that need no word."""


@contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A function to be told how many more are done; on stderr, and gone at the end."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    bar = _Bar(what)
    try:
        yield bar.advance
    finally:
        bar.stop()


class _Bar:
    def __init__(self, what: str) -> None:
        self._what = what
        self._begun = time.monotonic()
        self._done = 0
        self._shown: Callable[[int], None] | None = None
        self._stop: Callable[[], None] = lambda: None

    def advance(self, count: int) -> None:
        self._done += count
        if self._shown is None:
            if time.monotonic() - self._begun < PATIENCE:
                return
            self._show()
        if self._shown is not None:
            self._shown(self._done)

    def stop(self) -> None:
        self._stop()

    def _show(self) -> None:
        from rich.console import Console  # 40 ms with what follows, only where a second has passed already
        from rich.progress import Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        task = progress.add_task(self._what, total=None)
        progress.start()
        self._shown = lambda done: progress.update(task, completed=done)
        self._stop = progress.stop
