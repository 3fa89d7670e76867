"""Where the key of an encrypted journal comes from: a file, a command, or the person."""

import os
import select
import shlex
import stat
import subprocess
import time
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from trustlog import files
from trustlog import settings as settings_module
from trustlog.errors import UserError
from trustlog.settings import Settings
from trustlog.store.failures import HOW_TO_GIVE

if TYPE_CHECKING:
    from trustlog.ui.ask import Ask


TIMEOUT = 60
"""Seconds that a key command may take; it may have to ask somebody."""
TO_BEGIN = 1.0
"""Seconds within which somebody must begin to write to a named pipe."""
HEX = "Make one with: openssl rand -hex 32"


class KeySource(NamedTuple):
    """Where the key was said to be: a file or a command; neither if nothing was said."""

    file: str = ""
    command: str = ""

    @property
    def somewhere(self) -> bool:
        return bool(self.file or self.command)


def key_source(flag: str | None, settings: Settings) -> KeySource:
    """Where the key is; the flag beats the environment, which beats config.toml."""
    if flag:
        return KeySource(file=flag)
    for where in ("environment", "file"):
        for said in ("key_file", "key_command"):
            value, source = settings.source(said)
            if value and source == where:
                return KeySource(**{said.removeprefix("key_"): value})
    return KeySource()


def read_key(key_source: KeySource, ask: "Ask | None", note: Callable[[str], None]) -> str:
    """The key from its file, its command or the person; without `ask` only from a file, and silently.

    Raises UserError `bad-file`, `wrong-key`.
    """
    if key_source.file:
        return key_from_file(key_source.file, note if ask is not None else lambda _: None)
    if ask is not None and key_source.command:
        return key_from_command(key_source.command)
    if ask is None or not ask.possible:
        raise UserError("wrong-key", "the journal is encrypted", HOW_TO_GIVE)
    return ask_key(ask)


def key_from_file(name: str, note: Callable[[str], None], what: str = "key file", hint: str = HEX) -> str:
    """A key file's whole content less one trailing newline and the mark that some editors put before UTF-8."""
    path = files.expanded(name)
    try:
        with open(path, "rb", opener=files.at_once) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISFIFO(mode) and os.name == "posix":
                os.set_blocking(file.fileno(), True)  # a terminal is waited for
            raw = _from_pipe(file.fileno()) if stat.S_ISFIFO(mode) else file.read(_MOST + 1)
    except subprocess.TimeoutExpired as error:
        raise UserError("bad-file", f"the {what} {path} is a pipe, and no key came out of it", hint) from error
    except OSError as error:
        raise UserError("bad-file", f"the {what} {path} cannot be read: {error.strerror}", "Check its path.") from error
    key = _key(raw, f"the {what} {path}", hint)
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        note(f"Others may read the {what} {path}; to keep it yours: chmod 600 {shlex.quote(str(path))}")
    return key


def key_from_command(command: str) -> str:
    """What the setting `key_command` prints, less one trailing newline. None of it is ever shown."""
    hint = "Run it by hand to see what it says; it is the setting key_command."
    try:
        # its stdin is not ours to give: a note may be waiting there
        child = subprocess.Popen(  # noqa: S603 - the person's own command, run without a shell
            settings_module.words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, IndexError) as error:
        raise UserError("wrong-key", "the key command cannot be started", hint) from error
    try:
        until = time.monotonic() + TIMEOUT
        raw = _printed(child, until)
        # whoever prints more than any key is not waited for
        code = child.wait(max(0.0, until - time.monotonic())) if len(raw) <= _MOST else 0
    except subprocess.TimeoutExpired as error:
        raise UserError("wrong-key", f"the key command took longer than {TIMEOUT} seconds", hint) from error
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if code != 0:
        raise UserError("wrong-key", f"the key command ended with exit code {code}", hint)
    return _key(raw, "what the key command printed", hint)


def _printed(child: subprocess.Popen[bytes], until: float) -> bytes:
    """What a program prints, and no more than one byte beyond a key. Raises TimeoutExpired.

    A program that it started and left behind may hold its stdout open, so that the end of it alone tells nothing.
    """
    if os.name != "posix" or child.stdout is None:  # elsewhere no pipe can be asked whether it holds something
        return child.communicate(timeout=TIMEOUT)[0]
    return _piped(child.stdout.fileno(), until)


def _from_pipe(end: int) -> bytes:
    """What comes out of a named pipe: who has it open has as long as a key command. Raises TimeoutExpired."""
    try:
        raw = os.read(end, _MOST + 1)
        seconds = TIMEOUT if raw else TO_BEGIN
    except BlockingIOError:
        raw, seconds = b"", TIMEOUT
    return raw + _piped(end, time.monotonic() + seconds)


def _piped(end: int, until: float) -> bytes:
    raw = b""
    while len(raw) <= _MOST:
        left = until - time.monotonic()
        if left <= 0 or not select.select([end], [], [], left)[0]:
            raise subprocess.TimeoutExpired("", TIMEOUT)
        piece = os.read(end, _MOST + 1 - len(raw))
        if not piece:
            break
        raw += piece
    return raw


def ask_key(ask: "Ask", message: str = "The key of the journal", flag: str = "--key-file FILE") -> str:
    """The key as a person types it, unseen."""
    return ask.secret(message, flag=flag, check=key_problem)


def ask_new_key(ask: "Ask", flag: str) -> str:
    """A new key, typed a second time so that a slip of the finger locks nobody out."""
    first = ask_key(ask, "The new key", flag)
    ask.secret("The same again", flag=flag, check=lambda typed: None if typed == first else "It is not the same.")
    return first


def key_problem(key: str) -> str | None:
    """Why a text cannot be a key, or None."""
    if not key:
        return "It is empty, which would encrypt nothing."
    return "It holds a NUL, which nobody can type." if "\0" in key else None


_MOST = 65_536


def _key(raw: bytes, what: str, hint: str) -> str:
    try:
        key = raw.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("bad-file", f"{what} is not UTF-8", hint) from error
    key = key.removesuffix("\r\n") if key.endswith("\r\n") else key.removesuffix("\n")
    wrong = key_problem(key)
    if wrong is None and len(raw) > _MOST:
        wrong = "It is longer than any key."
    if wrong is not None:
        raise UserError("bad-file", f"{what} is no key: {wrong[0].lower()}{wrong[1:].rstrip('.')}", hint)
    return key
