"""A calm pace for breathing, on stderr; any key ends it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PACES = {
    "slow-breathing": (("breathe in", 4), ("breathe out", 6)),
    "box-breathing": (("breathe in", 4), ("hold", 4), ("breathe out", 4), ("hold", 4)),
    "stand-and-look-out": (("look at something far away", 10),),
    "own-way": (("take your time", 10),),
}
"""The words of each pace and how many seconds each lasts; slow breathing has no holds."""
TICK = 0.2
"""Seconds between two looks at the keyboard."""


def guide(pace: str, seconds: int) -> None:
    """Show a pace for some seconds, or until a key is pressed."""
    with _keys() as pressed:
        sys.stderr.write(f"  {seconds} seconds; any key goes on.\n")
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for words, length in PACES[pace]:
                if _phase(words, min(length, ends - time.monotonic()), pressed):
                    _clear()
                    return
    _clear()


def _phase(words: str, length: float, pressed: Callable[[float], bool]) -> bool:
    """One breath in or out; True if a key was pressed."""
    began = time.monotonic()
    if _still():
        sys.stderr.write(f"  {words}\n")
    while (passed := time.monotonic() - began) < length:
        if not _still():
            dots = "·" * (1 + int(passed))
            sys.stderr.write(f"\r\x1b[K  {words} {dots}")
            sys.stderr.flush()
        if pressed(TICK):
            return True
    return False


def _still() -> bool:
    """Whether the terminal cannot redraw a line: then each phase is one line of words."""
    return os.environ.get("TERM") == "dumb"


def _clear() -> None:
    if not _still():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _keys() -> Iterator[Callable[[float], bool]]:
        def pressed(wait: float) -> bool:
            time.sleep(wait)
            if msvcrt.kbhit():
                msvcrt.getwch()
                return True
            return False

        yield pressed

else:
    import select
    import termios
    import tty

    @contextmanager
    def _keys() -> Iterator[Callable[[float], bool]]:
        """Single key presses, without Enter and without an echo; Ctrl-C stays Ctrl-C."""
        stdin = sys.stdin.fileno()
        before = termios.tcgetattr(stdin)

        def pressed(wait: float) -> bool:
            if not select.select([stdin], [], [], wait)[0]:
                return False
            os.read(stdin, 1024)
            return True

        try:
            tty.setcbreak(stdin)
            yield pressed
        finally:
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
