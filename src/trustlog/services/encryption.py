"""Encrypting the journal and its copies, or taking that back: whole or not at all; and what is otherwise than it is."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

from trustlog.domain.outcomes import FEW, FIX, Finding, Sealed, Unsealed
from trustlog.domain.snapshots import Counts
from trustlog.domain.text import capitalized, few
from trustlog.errors import UserError, saying_when_stopped
from trustlog.services import snapshots
from trustlog.store import changing, driver, failures, intent, lock, own_files, reading, replacing
from trustlog.store import snapshots as snapshots_store
from trustlog.store.changing import Change
from trustlog.store.driver import DatabaseError
from trustlog.store.replacing import Key
from trustlog.store.snapshots import Snapshots


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
        with lock.alone(shelf.file):
            change.sweep(shelf)
        work.prepare_copies(change)
        if found == wanted:
            change.commit()
        else:
            work.replace_journal(change)
    with saying_when_stopped(lambda: f"{capitalized(_state(found, wanted, made=True))}."):
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
        with (
            saying_when_stopped(lambda: f"{capitalized(how())}."),
            changing.begun(shelf, _what(found, wanted), gone) as change,
        ):
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
    failures.this_run.use_key(None if key is None else lambda: key)


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
    known = error if isinstance(error, UserError) else failures.explain(error)
    if known is None or known.code not in _REASONS or (error is not known and known.code != "damaged"):
        raise error
    damaged = "it is damaged" if driver.is_encrypted(path) else "it is damaged, and not encrypted"
    return _REASONS[known.code] or damaged


def _pages(shelf: Snapshots, wanted: Key) -> list[Path]:
    """The reports that were shown in a browser, which are plain text and go when the journal is encrypted."""
    swept = own_files.leftovers(shelf)
    return [page for page in own_files.reports(shelf) if page not in swept] if wanted is not None else []


COPIES, PAGES = "plain copies", "pages"
"""What of it can be mended here."""


def findings(shelf: Snapshots, *, sealed: bool) -> list[Finding]:
    """What `doctor` finds: is each copy, wherever it was made, as the journal is, and what else of it lies in plain.

    `sealed` tells whether the journal is encrypted.
    """
    if not shelf.file.exists():
        return []
    return _beside_encrypted(shelf) if sealed else _beside_plain(shelf)


def mend(shelf: Snapshots, what: str) -> None:
    """Give plain copies the key of the journal, or remove the pages that were shown in a browser."""
    if what == COPIES:
        key = failures.this_run.key()
        convert(shelf, [key], key)
    else:
        for path in own_files.reports(shelf):
            own_files.remove(path)


def _beside_encrypted(shelf: Snapshots) -> list[Finding]:
    there = [path for path in snapshots.copies(shelf, sealed=True) if path.stat().st_size]
    plain = [path for path in there if not driver.is_encrypted(path)]
    unknown = [path for path in own_files.other_copies(shelf) if reading.is_plain(path) and path not in plain]
    broken = [path for path in (*plain, *unknown) if snapshots_store.glance(path) is None]
    found = []
    if whole := [path for path in plain if path not in broken]:
        problem = f"the journal is encrypted, and copies of it are not: {_names(whole)}"
        found.append(Finding("encryption", problem, FIX, COPIES))
    for path in broken:
        cure = f"Delete it if you do not need it: rm {shlex.quote(str(path))}"
        found.append(Finding("encryption", f"{path} is damaged, and it is not encrypted", cure))
    found += [
        Finding(
            "encryption", f"{path} is a copy of the journal that is not encrypted", capitalized(snapshots.cure_of(path))
        )
        for path in snapshots.strays(shelf)
    ]
    if pages := own_files.reports(shelf):
        problem = f"the journal is encrypted, and a report that was shown in a browser is plain text: {_names(pages)}"
        found.append(Finding("encryption", problem, FIX, PAGES))
    return found + _other_keys(shelf)


def _is_closed(path: Path) -> bool:
    """Whether the key of this run does not fit a copy; one that is damaged further on is another matter."""
    try:
        with suppress(DatabaseError, OSError):
            snapshots_store.peek(path)
    except UserError as error:
        return error.code == "wrong-key"
    return False


def _other_keys(shelf: Snapshots) -> list[Finding]:
    """Copies that a key of the past opens; the newest is read to its end elsewhere."""
    older = [path for path in map(shelf.path, shelf.all()[1:]) if driver.is_encrypted(path)]
    closed = [path for path in older if _is_closed(path)]
    if not closed:
        return []
    cure = "Bring them to it with the key that they have: trustlog encrypt --key-file OLD --new-key-file NEW"
    return [Finding("encryption", f"the key of the journal does not open {_names(closed)}", cure)]


def _beside_plain(shelf: Snapshots) -> list[Finding]:
    sealed = [path for path in snapshots.copies(shelf, sealed=False) if driver.is_encrypted(path)]
    if not sealed:
        return []
    problem = f"the journal is not encrypted, and copies of it are: {_names(sealed)}"
    return [Finding("encryption", problem, "Make them plain with their key, trustlog decrypt, or delete them.")]


def _names(found: list[Path]) -> str:
    return few([path.name for path in found], FEW)
