"""What can go wrong and be mended by the person at the keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told; EXITS says what each means."""

    DONE = 0
    FIXABLE = 1
    USAGE = 2
    BUG = 3
    CTRL_C = 130


EXITS = {
    ExitCode.DONE: "done; an empty answer is fine",
    ExitCode.FIXABLE: "something you can mend: an unknown manager, an unreadable date, no terminal",
    ExitCode.USAGE: "wrong usage",
    ExitCode.BUG: "a fault of ours; a log without journal text says where",
    ExitCode.CTRL_C: "Ctrl-C",
}
"""What each exit code means, as the docs and the guide say it."""

CODES = {
    "missing-extra": "an optional part of trustlog is not installed",
    "unknown-manager": "no manager has that handle or name",
    "ambiguous-manager": "several managers fit what was typed",
    "unknown-entry": "no entry, or no open conversation, has that id",
    "unknown-req": "no role has that code",
    "unknown-kind": "no kind has that name, prefix or alias, or several have",
    "bad-date": "a date that cannot be read, or that means two things",
    "future-date": "an entry dated in the future",
    "needs-answer": "something was not said, and there was nobody to ask",
    "bad-field": "an option, setting or answer with a name or value that is not allowed",
    "bad-text": "a text that is empty, too long, not UTF-8, or holds a NUL",
    "bad-file": "a file that cannot be read as what it should be",
    "conflict": "what is asked for contradicts what is already there",
    "file-exists": "a file would be overwritten",
    "not-writable": "a folder or file cannot be written",
    "disk-full": "the disk is full",
    "damaged": "the journal file is not a healthy SQLite database",
    "too-new": "the journal was written by a newer trustlog",
    "wrong-key": "the key does not open the journal",
    "no-terminal": "the command needs a terminal",
    "usage": "the command line was not understood",
    "bug": "a fault of ours",
}
"""Every error code of `--json`, with what it means. Kept stable."""

LONGEST_MESSAGE = 1_000
"""Letters of a message that are told; what was typed may stand in it, and may be very long."""


class UserError(Exception):
    """One line that says what happened, and one that says what to do next. Exit code 1."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
        self.hint = hint

    @property
    def sentence(self) -> str:
        """Both in one line, for a question that is asked again."""
        return f"{self.message}. {self.hint}"


@contextmanager
def saying_when_stopped(how: Callable[[], str]) -> Iterator[None]:
    """If Ctrl-C ends it here, tell how things are then: a sentence, which follows "Stopped."."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(how()) from None
