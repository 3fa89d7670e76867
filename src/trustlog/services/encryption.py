"""Encrypting and decrypting the journal with its copies, and where the key comes from."""

import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trustlog import files
from trustlog import settings as settings_module
from trustlog.domain.outcomes import Sealed, Unsealed
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError
from trustlog.settings import Settings
from trustlog.store import driver, lock, opening, own_files, replacing, snapshots
from trustlog.store.driver import HOW_TO_GIVE, DatabaseError
from trustlog.store.snapshots import Snapshots

if TYPE_CHECKING:
    from trustlog.ui.ask import Ask


Key = str | None
"""A key, or None for a plain file."""


class Stand(NamedTuple):
    """How the files stand: the journal, and whether any of its copies is otherwise."""

    encrypted: bool
    mixed: bool


def stand(shelf: Snapshots) -> Stand:
    """Whether the journal is encrypted, and whether one of its copies is not as it is."""
    encrypted = driver.is_encrypted(shelf.file)
    return Stand(encrypted, any(driver.is_encrypted(copy) != encrypted for copy in _copies(shelf)))


def convert(shelf: Snapshots, keys: list[str], wanted: Key) -> Sealed:
    """Give the journal and its copies the wanted key, or none; `keys` are those that may open them now.

    The journal is encrypted first and decrypted last, so that its key fits as long as any copy needs it.
    Raises UserError `wrong-key`, `conflict`, `damaged`: then the journal is as it was.
    """
    opening.refuse_links(shelf.file)  # under its other name it would stay as it is
    tried = [wanted, *keys] if wanted is not None else keys
    changed: list[Path] = []
    left: list[Unsealed] = []
    replacing.fitting(shelf.file, tried)
    _sweep(shelf)
    if wanted is None:
        _convert_copies(shelf, tried, wanted, changed, left)
    if _convert_journal(shelf.file, tried, wanted):
        changed.insert(0, shelf.file)
    # a copy that somebody made meanwhile is as the journal was
    left.clear()
    _convert_copies(shelf, tried, wanted, changed, left)
    removed = _clear_pages(shelf) if wanted is not None else []
    return Sealed(wanted is not None, tuple(map(str, changed)), tuple(left), tuple(map(str, removed)))


def _convert_journal(path: Path, keys: list[str], wanted: Key) -> bool:
    found = replacing.fitting(path, keys)
    if found == wanted:
        return False
    driver.keyring.use(None if found is None else lambda: found)

    def make(new: Path) -> Counts:
        counts = replacing.remake(path, found, new, wanted)
        # whoever looks at the new file from now on needs its key
        driver.keyring.use(None if wanted is None else lambda: wanted)
        return counts

    replacing.replace_live(path, make)
    return True


def _convert_copies(shelf: Snapshots, keys: list[str], wanted: Key, changed: list[Path], left: list[Unsealed]) -> None:
    for path in _copies(shelf):
        try:
            found = replacing.fitting(path, keys)
            if found == wanted:
                continue
            with snapshots.beside(path) as new:
                replacing.remake(path, found, new, wanted)
                new.replace(path)
            files.sync_folder(path.parent)
            changed.append(path)
        except UserError as error:
            if error.code not in _REASONS:
                raise
            left.append(Unsealed(str(path), _REASONS[error.code] or _damaged(path)))
        except DatabaseError as error:
            known = driver.explain(error)
            if known is None or known.code != "damaged":
                raise
            left.append(Unsealed(str(path), _damaged(path)))


_REASONS = {"wrong-key": "it has another key", "bad-file": "it is no journal", "damaged": ""}


def _damaged(path: Path) -> str:
    return "it is damaged" if driver.is_encrypted(path) else "it is damaged, and not encrypted"


def _copies(shelf: Snapshots) -> list[Path]:
    """The journal's snapshots, what else was put beside them, and what was kept of a damaged journal."""
    damaged = [path for path in own_files.damaged(shelf) if not path.name.endswith(snapshots.COMPANIONS)]
    return [*own_files.copies(shelf), *damaged]


def _sweep(shelf: Snapshots) -> None:
    """Remove what a kill left beside the journal and its copies: it may hold the notes as they are."""
    with lock.alone(shelf.file):
        for path in own_files.abandoned(shelf):
            own_files.remove(path)


def _clear_pages(shelf: Snapshots) -> list[Path]:
    """Remove the reports that were kept for a browser, which are plain text; which ones those were."""
    pages = own_files.reports(shelf)
    for path in pages:
        own_files.remove(path)
    return pages


TIMEOUT = 60
"""Seconds that a key command may take; it may have to ask somebody."""
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


def read_key(told: KeySource, ask: "Ask | None", note: Callable[[str], None]) -> str:
    """The key from its file, its command or the person; without `ask` only from a file, and silently.

    Raises UserError `bad-file`, `wrong-key`.
    """
    if told.file:
        return key_from_file(told.file, note if ask is not None else lambda _: None)
    if ask is not None and told.command:
        return key_from_command(told.command)
    if ask is None or not ask.possible:
        raise UserError("wrong-key", "the journal is encrypted", HOW_TO_GIVE)
    return ask_key(ask)


def key_from_file(name: str, note: Callable[[str], None]) -> str:
    """A key file's whole content less one trailing newline."""
    path = files.expanded(name)
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


def key_from_command(command: str) -> str:
    """What the setting `key_command` prints, less one trailing newline. None of it is ever shown."""
    hint = "Run it by hand to see what it says; it is the setting key_command."
    try:
        # its stdin is not ours to give: a note may be waiting there
        done = subprocess.run(  # noqa: S603 - the person's own command, run without a shell
            settings_module.words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UserError("wrong-key", f"the key command took longer than {TIMEOUT} seconds", hint) from error
    except (OSError, ValueError, IndexError) as error:
        raise UserError("wrong-key", "the key command cannot be started", hint) from error
    if done.returncode != 0:
        raise UserError("wrong-key", f"the key command ended with exit code {done.returncode}", hint)
    return _key(done.stdout, "what the key command printed", hint)


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
        key = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("bad-file", f"{what} is not UTF-8", hint) from error
    key = key.removesuffix("\r\n") if key.endswith("\r\n") else key.removesuffix("\n")
    wrong = key_problem(key)
    if wrong is None and len(raw) > _MOST:
        wrong = "It is longer than any key."
    if wrong is not None:
        raise UserError("bad-file", f"{what} is no key: {wrong[0].lower()}{wrong[1:].rstrip('.')}", hint)
    return key
