"""The inbox as a file, which other programs write to at any time: its lines are taken out without losing one.

The file is moved aside, so that whatever was added until then is in it; what is left is put in its place, where nothing
is replaced; and what somebody who had it open adds still is added there, too. A run that was cut off in between leaves
the file that was moved aside, and the next one goes on.
"""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from trustlog import files
from trustlog.domain.inbox import lines_of, without
from trustlog.errors import UserError
from trustlog.store.journal import Journal

LARGEST = 64 * 1_048_576
"""Bytes of an inbox; a larger file is some other one."""
STILL_OPEN = 1.0
"""Seconds to wait for a program that has the file open."""


class Inbox:
    """One inbox: `file` where it really lies, and the folder of the program for its lock and its note."""

    def __init__(self, file: Path, home: Path) -> None:
        self.file = Path(os.path.realpath(file))
        self._lock = home / "inbox"
        self._note = home / ".inbox-taken"

    def content(self) -> bytes:
        """All that waits, also where a run was cut off; nothing if there is no file. Raises UserError, OSError."""
        return _joined([*(_read(path) for path in self._aside() if not self._is_placed(path)), _read(self.file)])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within it no other run takes lines out."""
        self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.alone(self._lock):
            yield

    @property
    def unfinished(self) -> bool:
        """Whether a run was cut off while it took lines out."""
        return self._note.exists() or bool(self._aside())

    def finish(self, journal: Journal) -> None:
        """Go on with what a run left that was cut off: lines that the journal has go out, all others stay."""
        aside = self._aside()
        taken: list[bytes] = []
        with suppress(FileNotFoundError, ValueError):  # there is none, or the run was cut off while it wrote it
            note = json.loads(self._note.read_bytes())
            if journal.row("SELECT 1 FROM entries WHERE uid = ?", (note["uid"],)) is not None:
                there = _joined([_read(path) for path in (*aside, self.file)])
                taken = [line for _, line in lines_of(there) if _named(line) in note["lines"]]
        for path in aside:
            if self._is_placed(path):  # all but what was added at the very end stands in the file
                stands = [line for _, line in lines_of(_read(self.file))]
                self._add(_ended(without(_read(path), [*taken, *stands])))
                path.unlink()
        if taken or self._aside():
            self.take_out(taken)
        for path in self._beside("new"):
            path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    @contextmanager
    def taking(self, lines: Sequence[bytes], uid: str) -> Iterator[None]:
        """Around writing the lines into the journal, their first entry by this uid: a note that tells a later run
        whether they are in it, and at the end they go out of the file. Raises OSError, before anything was written or
        after all was.
        """
        files.made_beside(self.file, os.urandom(4).hex()).unlink()  # where nothing can be written, nothing is taken
        self._write_note(lines, uid)
        try:
            yield
        except BaseException:
            self._note.unlink(missing_ok=True)
            raise
        self.take_out(lines)
        self._note.unlink(missing_ok=True)

    def _write_note(self, lines: Sequence[bytes], uid: str) -> None:
        """Half a note is none: the journal is written after it."""
        with os.fdopen(os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"uid": uid, "lines": [_named(line) for line in lines]}, file)
            file.flush()
            os.fsync(file.fileno())
        files.sync_folder(self._note.parent)

    def take_out(self, lines: Sequence[bytes]) -> None:
        """Take lines out of the file; what was added or changed meanwhile stays. Raises OSError."""
        new = files.made_beside(self.file, os.urandom(4).hex())
        try:
            with suppress(FileNotFoundError):
                self.file.rename(self.file.with_name(f"{new.name.removesuffix('.new')}.taking"))
            aside = self._aside()
            contents = [_read(path) for path in aside]
            self._place(new, without(_joined(contents), lines), aside)
        except OSError:
            self._give_up(new)
            raise
        for path, content in zip(aside, contents, strict=True):
            self._add(_added(path, content))
            path.unlink()
        files.sync_folder(self.file.parent)

    def _place(self, new: Path, left: bytes, aside: Sequence[Path]) -> None:
        """Put what is left in the place of the file; if somebody has made one there meanwhile, at its end."""
        if aside:
            new.chmod(aside[-1].stat().st_mode & 0o777)
        with new.open("wb") as made:
            made.write(left)
            made.flush()
            os.fsync(made.fileno())
        try:
            os.link(new, self.file)
        except OSError as error:
            if isinstance(error, FileExistsError) or self.file.exists():
                self._add(left)
            else:  # no second names on this disk
                new.rename(self.file)
        new.unlink(missing_ok=True)

    def _give_up(self, new: Path) -> None:
        """Put the file that was moved aside back in its place, if there is none."""
        with suppress(OSError, IndexError):
            new.unlink()
            if not self.file.exists():
                self._aside()[0].rename(self.file)

    def put_back(self, lines: Sequence[str]) -> None:
        """Add lines at the end. Raises OSError."""
        with self.alone():
            there = self.content()
            self._add(b"" if not there or there.endswith(b"\n") else b"\n", *(f"{line}\n".encode() for line in lines))

    def take_again(self, lines: Sequence[str]) -> None:
        """Take lines out that `put_back` added, as far as they are still there. Raises UserError, OSError."""
        with self.alone():
            if self.file.exists():
                self.take_out([line.encode() for line in lines])

    def _add(self, *pieces: bytes) -> None:
        """Add to the end of the file."""
        if said := b"".join(pieces):
            held = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(held, "ab") as file:
                file.write(said)

    def _aside(self) -> list[Path]:
        """The files that were moved aside."""
        return self._beside("taking")

    def _beside(self, ending: str) -> list[Path]:
        """The files of a run beside the inbox."""
        name = re.compile(rf"\.{re.escape(self.file.name)}\.[0-9a-f]{{8}}\.{ending}")
        try:
            return sorted(path for path in self.file.parent.iterdir() if name.fullmatch(path.name))
        except OSError:  # no such folder, or not one that can be looked into
            return []

    def _is_placed(self, aside: Path) -> bool:
        """Whether what was left of a file is in its place: the new file was moved there, or has that name too."""
        new = files.name_beside(self.file, aside.name.split(".")[-2])
        return not new.exists() or (self.file.exists() and new.samefile(self.file))


def _read(path: Path) -> bytes:
    """The bytes of a file, none if there is none. Raises UserError `bad-file` for what cannot be an inbox."""
    other = "Set another: trustlog config set inbox FILE"
    try:
        if path.exists() and not path.is_file():
            raise UserError("bad-file", f"{path} is no file", other)
        if path.stat().st_size > LARGEST:
            size = f"{path} is larger than {LARGEST // 1_048_576} MB, which no inbox is"
            raise UserError("bad-file", size, other)
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _joined(contents: Sequence[bytes]) -> bytes:
    """Contents one after the other, each beginning on a line of its own."""
    *first, last = [content for content in contents if content] or [b""]
    return b"".join([*(_ended(content) for content in first), last])


def _ended(content: bytes) -> bytes:
    return content if content.endswith(b"\n") or not content.strip() else content + b"\n"


def _named(line: bytes) -> str:
    """A line by its digest, so that the note holds no text."""
    from hashlib import sha256  # 2 ms, only where lines are taken

    return sha256(line.strip()).hexdigest()


def _added(path: Path, read: bytes) -> bytes:
    """What was added to a file that was moved aside, once nobody else has it open, or after a while."""
    with path.open("rb") as file:
        end = time.monotonic() + STILL_OPEN
        while _open_elsewhere(file.fileno()) and time.monotonic() < end:
            time.sleep(0.005)
        now = file.read()
    if now.startswith(read):
        return now[len(read) :]
    return _ended(without(now, [line for _, line in lines_of(read)]))  # written anew


if sys.platform == "linux":
    import fcntl

    def _open_elsewhere(held: int) -> bool:
        """Whether another program has the file open, too: nobody gets a lease on such a one."""
        before = signal.signal(signal.SIGIO, signal.SIG_IGN)  # the word that somebody wants it, which would end us
        try:
            fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return True
        except OSError:  # not on this disk, or not our file
            return False
        finally:
            signal.signal(signal.SIGIO, before)
        return False

else:

    def _open_elsewhere(held: int) -> bool:  # noqa: ARG001 - nothing here tells
        return False
