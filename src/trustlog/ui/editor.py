"""A text written in the person's own editor. What they wrote lies in a file until the run has ended well."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trustlog import files, settings
from trustlog.errors import UserError
from trustlog.ui.ask import Ask
from trustlog.ui.ask_keys import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_VI = (
    "In vi, i begins typing. Esc, then :wq, then Enter keeps what you wrote;"
    " Esc, then :q!, then Enter leaves it as it was."
)
WAIT = 'An editor with a window must be told to wait for it, such as EDITOR="code --wait".'
_AT_ONCE = 1.0
"""Seconds in which nobody reads a text and closes an editor: one that took less has not waited."""
_ENDED_BY_CTRL_C = (-signal.SIGINT, 128 + signal.SIGINT)
"""What an editor answers that ends on Ctrl-C, and a shell that started it."""


class Editor:
    """The editor of one run."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._folder = _free(files.home() / f".editing-{os.getpid()}")
        self.written: Path | None = None
        """Where the text lies, if it was changed and nothing else holds it yet."""
        self.waited = True
        """Whether it was open for as long as a person needs to change a text, or changed it."""

    @property
    def named(self) -> str:
        """The editor that the person has chosen; empty if none."""
        return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""

    def text(self, before: str, *, flag: str) -> str:
        """What is left of `before` after editing, less one trailing newline. Raises UserError."""
        command = self.named or self._found(flag)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / "note.txt"  # in a folder of its own, with whatever the editor puts beside it
        file.write_text(before, "utf-8")
        begun = time.monotonic()
        with _ctrl_c_is_a_key():
            try:
                code = subprocess.run([*settings.words(command), file], check=False).returncode  # noqa: S603 - their editor
            except (OSError, ValueError, IndexError) as error:
                why = f"the editor {command!r} cannot be started"
                raise UserError("bad-file", why, "Set VISUAL or EDITOR.") from error
            raw = self._read(file, before)
        if code in _ENDED_BY_CTRL_C:
            raise KeyboardInterrupt
        if code != 0:
            raise UserError("needs-answer", "the editor ended with an error, so nothing was written", "Try again.")
        self.waited = self.written is not None or time.monotonic() - begun >= _AT_ONCE
        if not self.waited and self._ask.possible:
            say("The editor ended at once and changed nothing. If it is open in a window, save there first.")
            self._ask.text("Enter goes on", flag=flag)
            raw = self._read(file, before)
        try:
            return raw.decode("utf-8").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise UserError("bad-text", "the editor saved something that is not UTF-8", "Save it as UTF-8.") from error

    def kept(self) -> str:
        """Where what was written stays, in a sentence, once the run has failed; empty if nothing was."""
        return f"What you wrote is kept in {self.written}." if self.written is not None else ""

    def close(self, *, taken: bool) -> None:
        """Remove what is not to be kept: everything, once the run has ended well and its text was `taken`."""
        if taken or self.written is None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, file: "Path", before: str) -> bytes:
        raw = file.read_bytes()
        if raw != before.encode():
            self.written = file
        return raw

    def _found(self, flag: str) -> str:
        """An editor of this machine, for somebody who has named none; says so before it opens."""
        if not self._ask.possible:
            raise UserError(
                "no-terminal", "there is no terminal for an editor", f"Give the text as {flag}, or - to read it."
            )
        found = next((name for name in ("nano", "vi", "notepad") if shutil.which(name)), None)
        if found is None:
            raise UserError("bad-file", "no editor was found on this machine", "Set EDITOR to the one you use.")
        say(f"{found} opens now, as neither VISUAL nor EDITOR names an editor. Set EDITOR to have another.")
        if found == "vi":  # it covers the screen and names no way out, so this is read first
            say(_VI)
            self._ask.text("Enter opens vi", flag=flag)
        return found


def _free(folder: "Path") -> "Path":
    """A folder that is not there: a process of the same number may have left a text in its own."""
    found, number = folder, 1
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


@contextmanager
def _ctrl_c_is_a_key() -> "Iterator[None]":
    """Ctrl-C belongs to the editor while it runs: the terminal sends it to both, and vi goes on."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # a handler, as what is ignored would be ignored by the editor, too
        signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
