"""Where the key of an encrypted journal comes from: a file, a command, or the person. Loaded only then."""

import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from trustlog import paths, programs
from trustlog.errors import UserError
from trustlog.settings import Settings
from trustlog.store.disk.driver import HOW_TO_GIVE

if TYPE_CHECKING:
    from trustlog.ask import Ask

TIMEOUT = 60
"""Seconds that a key command may take; it may have to ask somebody."""
HEX = "Make one with: openssl rand -hex 32"


class Told(NamedTuple):
    """Where the key was said to be: a file or a command; neither if nothing was said."""

    file: str = ""
    command: str = ""

    @property
    def somewhere(self) -> bool:
        return bool(self.file or self.command)


def told(flag: str | None, settings: Settings) -> Told:
    """Where the key is; the flag beats the environment, which beats config.toml."""
    if flag:
        return Told(file=flag)
    for where in ("environment", "file"):
        for said in ("key_file", "key_command"):
            value, source = settings.source(said)
            if value and source == where:
                return Told(**{said.removeprefix("key_"): value})
    return Told()


def get(told: Told, ask: "Ask | None", note: Callable[[str], None]) -> str:
    """The key from its file, its command or the person; without `ask` only from a file, and silently.

    Raises UserError `bad-file`, `wrong-key`.
    """
    if told.file:
        return from_file(told.file, note if ask is not None else lambda _: None)
    if ask is not None and told.command:
        return from_command(told.command)
    if ask is None or not ask.possible:
        raise UserError("wrong-key", "the journal is encrypted", HOW_TO_GIVE)
    return asked(ask)


def from_file(name: str, note: Callable[[str], None]) -> str:
    """A key file's whole content less one trailing newline."""
    path = paths.expanded(name)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(_MOST + 1)
    except OSError as error:
        raise UserError(
            "bad-file", f"the key file {path} cannot be read: {error.strerror}", "Check its path."
        ) from error
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        note(f"Others may read the key file {path}; to keep it yours: chmod 600 {shlex.quote(str(path))}")
    return _key(raw, f"the key file {path}", HEX)


def from_command(command: str) -> str:
    """What the setting `key_command` prints, less one trailing newline. None of it is ever shown."""
    hint = "Run it by hand to see what it says; it is the setting key_command."
    try:
        # its stdin is not ours to give: a note may be waiting there
        done = subprocess.run(  # noqa: S603 - the person's own command, run without a shell
            programs.words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UserError("wrong-key", f"the key command took longer than {TIMEOUT} seconds", hint) from error
    except (OSError, ValueError, IndexError) as error:
        raise UserError("wrong-key", "the key command cannot be started", hint) from error
    if done.returncode != 0:
        raise UserError("wrong-key", f"the key command ended with exit code {done.returncode}", hint)
    return _key(done.stdout, "what the key command printed", hint)


def asked(ask: "Ask", message: str = "The key of the journal", flag: str = "--key-file FILE") -> str:
    """The key as a person types it, unseen."""
    return ask.secret(message, flag=flag, check=problem)


def asked_twice(ask: "Ask", flag: str) -> str:
    """A new key, typed a second time so that a slip of the finger locks nobody out."""
    first = asked(ask, "The new key", flag)
    ask.secret("The same again", flag=flag, check=lambda typed: None if typed == first else "It is not the same.")
    return first


def problem(key: str) -> str | None:
    """Why a text cannot be a key, or None."""
    if not key:
        return "It is empty, which would encrypt nothing."
    return "It holds a NUL, which nobody can type." if "\0" in key else None


_MOST = 65_536


def _key(raw: bytes, what: str, hint: str) -> str:
    try:
        key = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("bad-file", f"{what} is not UTF-8", hint) from error
    key = key.removesuffix("\r\n") if key.endswith("\r\n") else key.removesuffix("\n")
    wrong = problem(key)
    if wrong is None and len(raw) > _MOST:
        wrong = "It is longer than any key."
    if wrong is not None:
        raise UserError("bad-file", f"{what} is no key: {wrong[0].lower()}{wrong[1:].rstrip('.')}", hint)
    return key
