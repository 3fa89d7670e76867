"""Encrypting and decrypting the journal with its copies, and where the key comes from."""

import os
import select
import shlex
import stat
import subprocess
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trustlog import files
from trustlog import settings as settings_module
from trustlog.domain.outcomes import Sealed, Unsealed
from trustlog.domain.snapshots import Counts
from trustlog.errors import UserError, saying_when_stopped
from trustlog.services import snapshots
from trustlog.settings import Settings
from trustlog.store import changing, driver, intent, lock, own_files, reading, replacing
from trustlog.store.changing import Change
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
    return Stand(encrypted, any(driver.is_encrypted(copy) != encrypted for copy in snapshots.named(shelf)))


def convert(shelf: Snapshots, keys: list[str], wanted: Key) -> Sealed:
    """Give the journal and its copies the wanted key, or none; `keys` are those that may open them now.

    The new files are written first; they take their places once all of them are there. Raises UserError `wrong-key`,
    `conflict`, `damaged`, and what the disk raises: then nothing was changed.
    """
    reading.refuse_links(shelf.file)  # under its other name it would stay as it is
    tried = [wanted, *keys] if wanted is not None else keys
    found = replacing.fitting(shelf.file, tried)
    _use(found)
    work = _Work(shelf, tried, found, wanted)
    pages = _pages(shelf, wanted)
    with _begun(shelf, found, wanted, pages) as change:
        _sweep(shelf, change)
        work.prepare_copies(change)
        if found == wanted:
            change.commit()
        else:
            work.replace_journal(change)
    with saying_when_stopped(lambda: _sentence(_state(found, wanted, made=True))):
        left = (*work.left, *(snapshots.left_beside(shelf) if wanted is not None else ()))
    return Sealed(wanted is not None, tuple(map(str, work.changed)), left, tuple(map(str, pages)))


@contextmanager
def _begun(shelf: Snapshots, found: Key, wanted: Key, gone: list[Path]) -> Iterator[Change]:
    """The change, and whatever ends it early: how the journal is then."""
    change: Change | None = None

    def how() -> str:
        state = _state(found, wanted, made=change is not None and change.made)
        return f"{state}; the next command does what is left" if intent.beside(shelf.file).exists() else state

    try:
        with saying_when_stopped(lambda: _sentence(how())), changing.begun(shelf, _what(found, wanted), gone) as change:
            yield change
    except UserError as error:
        if change is None or not change.made:
            raise
        raise UserError(error.code, f"{how()}; {error.message}", error.hint) from error
    except (OSError, DatabaseError) as error:
        from trustlog import faults  # only where something failed

        if (known := faults.explain(error)) is None:
            raise
        raise UserError(known.code, f"{known.message}; {how()}", known.hint) from error


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _state(found: Key, wanted: Key, *, made: bool) -> str:
    if found == wanted:
        return "the copies are written anew" if made else "no copy was changed"
    if not made:
        as_it_was = "not encrypted" if found is None else "encrypted, with the key that it had"
        return f"nothing was changed: the journal is {as_it_was}"
    if wanted is None:
        return "the journal is not encrypted any more"
    return "the journal is encrypted by now" if found is None else "the journal has its new key by now"


def _use(key: Key) -> None:
    driver.keyring.use(None if key is None else lambda: key)


def _what(found: Key, wanted: Key) -> str:
    if found == wanted:
        return "copies"
    if wanted is None:
        return "decrypt"
    return "encrypt" if found is None else "rekey"


class _Work:
    """What was written anew so far, and what could not be."""

    def __init__(self, shelf: Snapshots, keys: list[str], found: Key, wanted: Key) -> None:
        self._shelf, self._keys, self._found, self._wanted = shelf, keys, found, wanted
        self._seen: set[Path] = set()
        self.changed: list[Path] = []
        self.left: list[Unsealed] = []

    def prepare_copies(self, change: Change) -> None:
        """Write every copy that is not as it should be anew, beside its place."""
        for path in snapshots.copies(self._shelf, sealed=self._found is not None):
            if path in self._seen:
                continue
            self._seen.add(path)
            try:
                if self._prepare(path, change):
                    self.changed.append(path)
            except (UserError, DatabaseError) as error:
                change.drop(path)
                self.left.append(Unsealed(str(path), _why(path, error)))

    def replace_journal(self, change: Change) -> None:
        """Write the journal anew and put it in its place, which makes the change."""

        def make(new: Path) -> Counts:
            # nobody has the journal open now, so no more copies can be made of it as it was
            self.prepare_copies(change)
            counts = replacing.remake(self._shelf.file, self._found, new, self._wanted)
            _use(self._wanted)  # whoever looks at the new file from now on needs its key
            return counts

        replacing.replace_live(self._shelf.file, make, lambda _: nullcontext(change.journal))
        self.changed.insert(0, self._shelf.file)

    def _prepare(self, path: Path, change: Change) -> bool:
        found = replacing.fitting(path, self._keys)
        if found == self._wanted:
            return False
        replacing.remake(path, found, change.new(path), self._wanted)
        return True


_REASONS = {"wrong-key": "it has another key", "bad-file": "it is no journal", "damaged": ""}


def _why(path: Path, error: UserError | DatabaseError) -> str:
    """Why a copy stays as it is. Raises the error again if that is no matter of this one file."""
    known = error if isinstance(error, UserError) else driver.explain(error)
    if known is None or known.code not in _REASONS or (error is not known and known.code != "damaged"):
        raise error
    damaged = "it is damaged" if driver.is_encrypted(path) else "it is damaged, and not encrypted"
    return _REASONS[known.code] or damaged


def _sweep(shelf: Snapshots, change: Change) -> None:
    """Remove what a kill left beside the journal and its copies: it may hold the notes as they are."""
    with lock.alone(shelf.file):
        for path in own_files.abandoned(shelf):
            if not change.is_mine(path):
                own_files.remove(path)


def _pages(shelf: Snapshots, wanted: Key) -> list[Path]:
    """The reports that were shown in a browser, which are plain text and go when the journal is encrypted."""
    swept = own_files.leftovers(shelf)
    return [page for page in own_files.reports(shelf) if page not in swept] if wanted is not None else []


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
    """A key file's whole content less one trailing newline and the mark that some editors put before UTF-8."""
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
    raw = b""
    while len(raw) <= _MOST:
        left = until - time.monotonic()
        if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
            raise subprocess.TimeoutExpired(child.args, TIMEOUT)
        piece = os.read(child.stdout.fileno(), _MOST + 1 - len(raw))
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
