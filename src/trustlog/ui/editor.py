"""A text written in the person's own editor. What they wrote lies in a file until the run has ended well."""

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from trustlog import files, settings
from trustlog.errors import UserError
from trustlog.ui.ask import Ask, say

if TYPE_CHECKING:
    from pathlib import Path


_VI = (
    "In vi, i begins typing. Esc, then :wq, then Enter keeps what you wrote;"
    " Esc, then :q!, then Enter leaves it as it was."
)


class Editor:
    """The editor of one run."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._folder = _free(files.home() / f".editing-{os.getpid()}")
        self.written: Path | None = None
        """Where the text lies, if it was changed and nothing else holds it yet."""
        self.keeps = False
        """Whether it stays there when the run ends, because the run failed."""

    def text(self, before: str, *, flag: str) -> str:
        """What is left of `before` after editing, less one trailing newline. Raises UserError."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or self._found(flag)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / "note.txt"  # in a folder of its own, with whatever the editor puts beside it
        file.write_text(before, "utf-8")
        try:
            code = subprocess.run([*settings.words(command), file], check=False).returncode  # noqa: S603 - their editor
        except (OSError, ValueError, IndexError) as error:
            raise UserError("bad-file", f"the editor {command!r} cannot be started", "Set VISUAL or EDITOR.") from error
        raw = file.read_bytes()
        if raw != before.encode():
            self.written = file
        if code != 0:
            raise UserError("needs-answer", "the editor ended with an error, so nothing was written", "Try again.")
        try:
            return raw.decode("utf-8").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise UserError("bad-text", "the editor saved something that is not UTF-8", "Save it as UTF-8.") from error

    def kept(self) -> str:
        """Where what was written stays, in a sentence, once the run has failed; empty if nothing was."""
        if self.written is None:
            return ""
        self.keeps = True
        return f"What you wrote is kept in {self.written}."

    def close(self) -> None:
        """Remove what is not to be kept."""
        if not self.keeps:
            shutil.rmtree(self._folder, ignore_errors=True)

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
