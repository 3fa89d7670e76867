"""What reaches the error boundary, in words. Loaded only when something failed."""

import errno
import platform
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from trustlog import __version__, files
from trustlog.errors import UserError


def explain(error: Exception) -> UserError | None:
    """A failure of the machine or of the command line as one line with a cure; None for a bug."""
    failures = sys.modules.get("trustlog.store.failures")
    if failures is not None and (known := failures.explain(error)) is not None:
        return UserError(known.code, known.message, known.hint)
    if isinstance(error, OSError):
        return _machine(error)
    message = getattr(error, "format_message", None)  # Typer's own: wrong words on the command line
    return _usage(error, message()) if message is not None else None


def write_bug_log(error: Exception) -> Path | None:
    """Where it happened and on what machine, without a word of the journal; None if it cannot be written."""
    place = "\n".join(
        f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    )
    text = (
        f"trustlog {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{type(error).__module__}.{type(error).__name__}\n{place}\n"
    )
    try:
        files.home().mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(files.bug_log(), "w", encoding="utf-8", opener=files.regular) as log:
            log.write(text)
    except (OSError, UserError):
        return None
    return files.bug_log()


def _machine(error: OSError) -> UserError:
    where = f" {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            "disk-full", f"the disk is full, so nothing more was written{where}", "Free some space and try again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UserError(
            "not-writable",
            f"no permission to use{where or ' a file'}",
            "Check who owns it and whether it is read-only.",
        )
    if error.errno == errno.ENOTDIR:
        return UserError("bad-file", f"a file stands where a folder should be:{where}", "Check the path.")
    return UserError("bad-file", f"cannot use{where or ' a file'}: {error.strerror}", "Check the path.")


_NUMBER = re.compile(
    r"Invalid value for '\[?(?P<name>[^']+?)\]?': (?P<typed>.+) is not (?:a valid int(?:eger)?(?: range)?"
    r"|in the range (?:(?P<low>-?\d+)<=)?x(?:>=(?P<least>-?\d+))?(?:<=(?P<high>-?\d+))?)\.?"
)
"""What Typer says of a word that is no number, or one out of its range."""


def _of_numbers(said: re.Match[str]) -> str:
    low, high = said["low"] or said["least"], said["high"]
    bounds = "".join(f" {word} {bound}" for word, bound in (("from", low), ("to", high)) if bound)
    return f"{said['name']} takes a whole number{bounds}, not {said['typed']}"


def _usage(error: Exception, message: str) -> UserError:
    message = _NUMBER.sub(_of_numbers, message)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "trustlog"
    hint = f"See: {path} --help"
    unknown = getattr(error, "option_name", "")
    if context is not None and unknown and path.split()[-1] in _TAKE_TEXT:
        hint = _after_dashes(unknown, context.find_root().obj.words) or f"{hint}; a text with a dash goes after --"
    return UserError("usage", message.rstrip(". ") or "a command is missing", hint)


_TAKE_TEXT = ("add", "notice", "promise", "ask", "search", "edit")


def _after_dashes(unknown: str, words: list[str]) -> str:
    """The command line with its text after --; empty if what begins with a dash looks like an option mistyped."""
    from shlex import quote  # 1 ms, only for a refused command line

    at = next((at for at, word in enumerate(words) if word.startswith(unknown)), len(words))
    text = words[at:]
    looks_so = not text or (text[0].lstrip("-")[:1].isalpha() and " " not in text[0])
    if looks_so or sum(map(len, text)) > 1000 or any(word.startswith("-") for word in text[1:]):
        return ""
    return f"A text that begins with a dash goes after --: trustlog {' '.join(map(quote, [*words[:at], '--', *text]))}"
