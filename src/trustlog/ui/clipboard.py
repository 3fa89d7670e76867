"""A text onto the clipboard: by the desktop's own tool, else by the terminal itself (OSC 52). Never hangs."""

import os
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from trustlog.errors import UserError

PATIENCE = 3.0
"""Seconds that a tool or a terminal may take."""
TERMINAL_LIMIT = 74_994
"""Bytes of text that terminals take by OSC 52: 100,000 once they are wrapped as base64."""
_SCREEN_CHUNK = 240
"""GNU screen passes on short strings only."""


class Tool(NamedTuple):
    """A program that reads the new clipboard from its stdin."""

    words: tuple[str, ...]
    encoding: str = "utf-8"
    env: tuple[tuple[str, str], ...] = ()


class Copied(NamedTuple):
    """What took a text, or why nothing did.

    One rule for every --copy: copy; write what goes with it only if it `worked`; show the answer; ask for `how`.
    """

    by: str = ""
    problem: UserError | None = None

    @property
    def worked(self) -> bool:
        return self.problem is None

    def how(self, beside: str = "") -> str:
        """What took it. Raises UserError `no-terminal`, whose hint begins with what was done or left `beside` it."""
        if self.problem is not None:
            hint = f"{beside} {self.problem.hint}".strip()
            raise UserError(self.problem.code, self.problem.message, hint)
        return self.by


def copy(text: str) -> Copied:
    """Put a text on the clipboard, if anything takes it."""
    for tool in _tools():
        if _fed(tool, text):
            return Copied(tool.words[0])
    if _by_terminal(text):
        return Copied("the terminal")
    problem = UserError("no-terminal", "no clipboard was found", "The text is above; copy it there by hand.")
    return Copied(problem=problem)


def _tools() -> Iterator[Tool]:
    """What this desktop may have, the likeliest first; one that is not there is passed over."""
    yield Tool(("pbcopy",), env=(("LC_CTYPE", "UTF-8"),))  # without it pbcopy reads Mac Roman
    if "WAYLAND_DISPLAY" in os.environ:
        yield Tool(("wl-copy",))
    if "DISPLAY" in os.environ:
        yield Tool(("xclip", "-selection", "clipboard", "-in"))
        yield Tool(("xsel", "--clipboard", "--input"))
    if sys.platform == "win32" or "WSL_DISTRO_NAME" in os.environ:
        yield Tool(("clip.exe",), encoding="utf-16")  # with its mark; else it is read as the old code page
    if "TMUX" in os.environ:  # tmux passes OSC 52 on only where it was told to
        yield Tool(("tmux", "load-buffer", "-w", "-"))


def _fed(tool: Tool, text: str) -> bool:
    """Whether a tool took the text. Its output is nobody's: wl-copy and xclip stay behind and keep it open."""
    from subprocess import DEVNULL, SubprocessError, run  # 10 ms

    try:
        done = run(  # noqa: S603 - fixed words, no shell; the text goes in by stdin
            tool.words, input=text.encode(tool.encoding), stdout=DEVNULL, stderr=DEVNULL, timeout=PATIENCE,
            env={**os.environ, **dict(tool.env)}, check=False,
            start_new_session=True,  # so that Ctrl-C later does not take the clipboard away
        )  # fmt: skip
    except (OSError, SubprocessError):
        return False
    return done.returncode == 0


def _by_terminal(text: str) -> bool:
    """Whether the terminal of this run was told. It never says whether it listened."""
    raw = text.encode()
    if len(raw) > TERMINAL_LIMIT or os.environ.get("TERM") == "dumb":
        return False
    try:
        # not blocking: a terminal held by Ctrl-S takes nothing
        terminal = os.open("/dev/tty", os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return _written(terminal, _sequence(raw))
    finally:
        os.close(terminal)


def _sequence(raw: bytes) -> bytes:
    """OSC 52, wrapped so that tmux or screen around this run pass it on."""
    from base64 import b64encode

    plain = b"\x1b]52;c;" + b64encode(raw) + b"\x07"
    if "TMUX" in os.environ:
        return b"\x1bPtmux;" + plain.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\"
    if "STY" in os.environ:
        pieces = (plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK))
        return b"".join(b"\x1bP" + piece + b"\x1b\\" for piece in pieces)
    return plain


def _written(terminal: int, raw: bytes) -> bool:
    """Whether all of it went out in time."""
    from select import select

    ends = time.monotonic() + PATIENCE
    while raw and (left := ends - time.monotonic()) > 0:
        if select([], [terminal], [], left)[1]:
            try:
                raw = raw[os.write(terminal, raw) :]
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                return False
    return not raw
