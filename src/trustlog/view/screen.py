"""Owns stdout (the answer) and stderr (the talk). Nothing else writes."""

import json
import re
import sys
from collections.abc import Callable
from functools import cached_property
from textwrap import fill
from typing import Any, TextIO

from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.view.look import Look, look_at_stdout

SCHEMA = "trustlog/1"
# inside JSON strings these are as good escaped, and a terminal must not meet them raw
_RAW = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


class Screen:
    """Where a run's words go."""

    def __init__(self, *, as_json: Callable[[], bool], no_color: Callable[[], bool]) -> None:
        self._as_json = as_json
        self._no_color = no_color
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a locale without our characters shows escapes, not a traceback
                reconfigure(errors="backslashreplace")

    @cached_property
    def look(self) -> Look:
        return look_at_stdout(self._no_color())

    def answer(self, command: str, data: Callable[[], dict[str, Any]], view: Callable[[Look], object]) -> None:
        """Show a command's answer: as JSON, or as what `view` makes of it (text, or a Rich renderable)."""
        if self._as_json():
            self._json(sys.stdout, {"schema": SCHEMA, "command": command, "data": data()})
            return
        shown = view(self.look)
        if isinstance(shown, str):
            sys.stdout.write(f"{shown}\n" if shown else "")
        elif shown is not None:
            self._rich(shown)

    def note(self, text: str) -> None:
        """Say something beside the answer; on a terminal, lines are broken between words."""
        if sys.stderr.isatty():
            indent = " " * (len(text) - len(text.lstrip()))
            lines = [fill(line, self.look.width - 1, subsequent_indent=indent) for line in visible(text).splitlines()]
            text = "\n".join(lines)
        sys.stderr.write(f"{visible(text)}\n")

    def aside(self, text: str) -> None:
        """Say something in passing, between questions; nothing if there is nothing to say."""
        if text:
            self.note(f"  {text}")

    def error(self, error: UserError) -> None:
        """Say what went wrong and what to do next."""
        if self._as_json():
            body = {"code": error.code, "message": error.message, "hint": error.hint}
            self._json(sys.stderr, {"schema": SCHEMA, "error": body})
            return
        # one line, as long as it fits: what happened, then what to do
        self.note(f"trustlog: {error.message}." + (f" {error.hint}" if error.hint else ""))

    def flush(self) -> None:
        """Hand everything over now, so that a full disk or a closed pipe is noticed."""
        sys.stdout.flush()

    def _rich(self, shown: object) -> None:
        from rich.console import Console  # 19 ms, only where a table is printed

        look = self.look
        console = Console(
            file=sys.stdout, width=look.width, highlight=False, markup=False, emoji=False,
            color_system="auto" if look.color else None, force_terminal=look.color, no_color=not look.color,
        )  # fmt: skip
        if look.color:
            console.print(shown)
            return
        with console.capture() as captured:
            console.print(shown)
        # Rich fills lines up to the width; a pipe is better off without the blanks
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().rstrip().splitlines())

    @staticmethod
    def _json(stream: TextIO, document: dict[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False)
        stream.write(_RAW.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text) + "\n")
