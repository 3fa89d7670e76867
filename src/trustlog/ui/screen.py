"""Stdout (the answer), stderr (the talk, how far long work is), and the person's own pager."""

import errno
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, TextIO

from trustlog import settings
from trustlog.domain.text import visible, visible_json
from trustlog.errors import UserError
from trustlog.ui.text import Look, look_at_stdout

SCHEMA = "trustlog/1"

# what stands for our own signs where only ASCII can be shown
_PLAIN = str.maketrans({"·": "-", "“": '"', "”": '"', "−": "-", "…": "...", "×": "x", "›": ">", "–": "-"})


class Screen:
    """Where a run's words go."""

    def __init__(
        self, *, as_json: Callable[[], bool], no_color: Callable[[], bool], only_words: Callable[[], bool],
        wrote: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._as_json = as_json
        self._wrote = wrote
        self._no_color = no_color
        self._only_words = only_words
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a locale without our characters shows escapes, not a traceback
                reconfigure(errors="backslashreplace")

    @cached_property
    def look(self) -> Look:
        return look_at_stdout(self._no_color())

    def answer(
        self, command: str, data: Callable[[], dict[str, Any]], view: Callable[[Look], object], *, leaf: bool = False
    ) -> None:
        """Show a command's answer: as JSON, or as what `view` makes of it (text, or a Rich renderable).

        A `leaf` is a text to be read: on a terminal, one that is longer than the screen opens in the person's pager.
        """
        made = data() if self._as_json() else view(self.look._replace(drawn=not self._only_words()))
        with self._told_apart():
            if self._as_json():
                self._json(sys.stdout, {"schema": SCHEMA, "command": command, "data": made})
            elif leaf and isinstance(made, str) and self.look.terminal and self._paged(f"{made}\n"):
                pass
            elif isinstance(made, str) and not self._too_wide(made):
                self._write(f"{made}\n" if made else "")
            elif isinstance(made, str):
                from rich.text import Text  # only where a line has to be broken between words

                self._rich(Text.from_ansi(made))
            elif made is not None:
                self._rich(made)

    def document(self, text: str) -> None:
        """Answer with a document, byte for byte: no line of it is broken anew."""
        with self._told_apart():
            sys.stdout.write(text)

    def pour(self, pieces: Iterable[bytes]) -> None:
        """Answer with a document that is too large to lie in memory; on a terminal it is shown safely."""
        with self._told_apart():
            sys.stdout.flush()
            for piece in pieces:
                if self.look.terminal:
                    sys.stdout.write(visible(piece.decode()))
                else:
                    sys.stdout.buffer.write(piece)

    def note(self, text: str, indent: str = "") -> None:
        """Say something beside the answer; on a terminal, lines are broken between words."""
        from trustlog.ui.text import flowing  # only where something is said

        width = self.look.width - 1 if sys.stderr.isatty() else sys.maxsize
        sys.stderr.write(f"{flowing(visible(text), width, indent)}\n")

    def hint(self, text: str) -> None:
        """Say what could be done next; nothing where a script is listening."""
        if not self._as_json():
            self.note(text)

    def aside(self, text: str) -> None:
        """Say something in passing, between questions; nothing if there is nothing to say."""
        if text:
            self.note(text, "  ")

    def error(self, error: UserError) -> None:
        """Say what went wrong and what to do next."""
        if self._as_json():
            body = {"code": error.code, "message": error.message, "hint": error.hint}
            self._json(sys.stderr, {"schema": SCHEMA, "error": body})
            return
        # one line: what happened, then what to do
        end = "" if error.message.endswith("?") else "."
        line = f"trustlog: {error.message}{end}" + (f" {error.hint}" if error.hint else "")
        self.note(re.sub(r"\s", lambda hit: hit[0] if hit[0] == " " else repr(hit[0])[1:-1], line))

    def flush(self) -> None:
        """Hand everything over now, so that a full disk or a closed pipe is noticed."""
        with self._told_apart():
            sys.stdout.flush()

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        """An answer that cannot be written is another matter than a command that failed."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again at its end
            full = error.errno == errno.ENOSPC
            why = "the disk is full" if full else "stdout is closed" if error.errno == errno.EBADF else error.strerror
            done = "What the command did is done; see: trustlog undo --list"
            raise UserError(
                "disk-full" if full else "not-writable", f"the answer could not be written, {why}",
                done if self._wrote() else "Send it elsewhere.",
            ) from error  # fmt: skip

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
        self._write("".join(f"{line.rstrip()}\n" for line in captured.get().rstrip().splitlines()))

    def _too_wide(self, text: str) -> bool:
        if not self.look.terminal:
            return False
        plain = re.sub("\x1b\\[[0-9;]*m", "", text)
        return any(len(line) > self.look.width for line in plain.splitlines())

    def _paged(self, text: str) -> bool:
        return page_through(self._plainly(text))

    def _write(self, text: str) -> None:
        sys.stdout.write(self._plainly(text))

    def _plainly(self, text: str) -> str:
        return text if self.look.blocks else text.translate(_PLAIN)

    @staticmethod
    def _json(stream: TextIO, document: dict[str, Any]) -> None:
        # in another encoding a letter would not be JSON any more
        utf = (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")
        stream.write(json_text(document, ascii_only=not utf))


def json_text(document: dict[str, Any], *, ascii_only: bool = False) -> str:
    """A document as one line of JSON that a terminal can meet; a day and a moment as ISO 8601 has them."""
    return visible_json(json.dumps(document, ensure_ascii=ascii_only, default=lambda on: on.isoformat())) + "\n"


def page_through(text: str) -> bool:
    """Whether a pager took the text; none is started for what fits the screen, nor where there is none."""
    if text.count("\n") + 2 <= shutil.get_terminal_size((80, 24)).lines:
        return False
    command = os.environ.get("PAGER", "less" if shutil.which("less") else "")
    try:
        words = settings.words(command)
    except ValueError:  # an open quote
        return False
    return bool(words) and _read_in(words, text)


def _read_in(words: list[str], text: str) -> bool:
    from subprocess import PIPE, Popen  # 10 ms, only for a pager

    # colours as they are, the text stays on the screen, what fits needs no key, and a line says which keys there are
    env = {"LESS": "FRXPsspace goes on, q goes back$", **os.environ}
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
