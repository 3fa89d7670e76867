"""Where files live, and writing one for its owner alone: whole or not at all."""

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trustlog.errors import UserError


def home() -> Path:
    """The one folder of trustlog: `TRUSTLOG_HOME`, else the platform's user data folder."""
    named = os.environ.get("TRUSTLOG_HOME")
    if named:
        return expanded(named).absolute()  # told and kept whole, whatever folder one is in
    from platformdirs import user_data_path  # 4 ms, only without TRUSTLOG_HOME

    return user_data_path("trustlog", appauthor=False)


def expanded(path: str) -> Path:
    """A path with its `~`. Raises UserError `bad-file` if that names nobody."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UserError("bad-file", f"{path} names a home that does not exist", "Write the folder out.") from error


def journal() -> Path:
    """The database, unless `--db`, `TRUSTLOG_DB` or the setting `db` name another."""
    return home() / "trustlog.db"


def config() -> Path:
    return home() / "config.toml"


def playbook() -> Path:
    """The user's own words, which override ours."""
    return home() / "playbook"


def snapshots() -> Path:
    return home() / "snapshots"


def reports() -> Path:
    """Where a report lies that is shown in a browser and was not asked to be kept."""
    return home() / "reports"


def inbox(setting: str) -> Path:
    """Where lines wait to be taken: the setting names a file of the home, or one elsewhere."""
    return home() / expanded(setting)


def bug_log() -> Path:
    return home() / "bug.log"


_STAMP = "%Y%m%dT%H%M%SZ"
_LENGTH = len("20261123T150203Z")


def daily_name(file: Path, snapshots: Path) -> str:
    """What the copies of a journal are called; journals elsewhere may have the same name as the one at home."""
    real = os.path.realpath(file)
    name = Path(real).stem
    if os.path.dirname(real) == os.path.realpath(snapshots.parent):  # noqa: PTH120 - a Path costs more
        return name
    from zlib import crc32  # only for a journal elsewhere

    return f"{name}-{crc32(os.fsencode(real)):08x}"


def daily_is_there(file: Path, snapshots: Path, now: datetime) -> bool:
    """Whether a copy was made within the last day; one from the future, where a clock was wrong, does not count."""
    try:
        names = os.listdir(snapshots)  # noqa: PTH208 - names are all that is needed
    except OSError:
        return False
    begins = f"{daily_name(file, snapshots)}-"
    utc = now.astimezone(UTC)
    oldest, newest = ((utc - age).strftime(_STAMP) for age in (timedelta(days=1), timedelta(0)))
    return any(
        oldest < name[len(begins) :][:_LENGTH] <= newest
        for name in names
        if name.startswith(begins) and name.endswith(".db")
    )


if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


# what a file system answers that keeps no promise about names, or a folder that may be written to and not read
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)


def would_replace(file: Path) -> bool:
    """Whether writing would take the place of something; a pipe or a terminal is only written to.

    Raises UserError `bad-file` for what no file can be written to.
    """
    return place(file).exists() and not is_stream(file)


def check_free(file: Path, *, replace: bool) -> None:
    """Raises UserError `file-exists` if something would be overwritten, `bad-file` as `place` does."""
    if would_replace(file) and not replace:
        raise UserError("file-exists", f"{file} is already there", "Give another name, or --yes to overwrite it.")


def place(file: Path) -> Path:
    """Where a file really lies: links are followed, and what they lead to is written, never the link itself.

    Raises UserError `bad-file` for a folder, for a file in a folder that is not there, and for links in a circle.
    """
    if is_stream(file):
        return file  # what a shell puts there under this name has no other
    real = Path(os.path.realpath(file))
    if real.is_symlink():
        raise UserError("bad-file", f"{file} is a link that leads in a circle", "Name another.")
    if real.is_dir():
        raise UserError("bad-file", f"{file} is a folder", "Name a file in it.")
    if not real.parent.is_dir():
        raise UserError("bad-file", f"there is no folder {real.parent}", "Make it first, or name another.")
    return real


def at_once(path: str | Path, flags: int) -> int:
    """An opener, as `open` takes one, that does not wait until somebody writes to a pipe. Raises OSError."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)


def regular(path: str | Path, flags: int) -> int:
    """The same for files of ours: a pipe would keep us waiting, and a device may have no end.

    Raises OSError, whose `strerror` says so, for what is no regular file.
    """
    opened = at_once(path, flags)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return opened


def is_stream(file: Path) -> bool:
    """Whether it is a pipe, a terminal or the like."""
    return file.is_fifo() or file.is_char_device()


def read_regular(file: Path, most: int) -> bytes:
    """A file of at most `most` bytes that others may have put there; no link is followed. Raises as `regular`."""
    if file.is_symlink():
        raise OSError(errno.EINVAL, "it is a link", str(file))
    with open(file, "rb", opener=regular) as content:
        size = os.fstat(content.fileno()).st_size
        if size > most:
            raise OSError(errno.EFBIG, "it is larger than any file of trustlog", str(file))
        return content.read(size)


def write(file: Path, content: bytes) -> None:
    """Write the whole or nothing, readable by its owner only; what stands there is replaced. Raises as `place`."""
    write_pieces(file, [content])


def write_pieces(file: Path, pieces: Iterable[bytes]) -> None:
    """The same for a content that is too large to lie in memory."""
    real = place(file)
    if real.exists() and not real.is_file():  # a pipe or a device is written to, never replaced
        with real.open("wb") as there:
            there.writelines(pieces)
        return
    with beside(real) as new:
        with new.open("wb") as made:
            made.writelines(pieces)
            made.flush()
            os.fsync(made.fileno())
        new.replace(real)
    sync_folder(real.parent)


@contextmanager
def beside(path: Path, more: tuple[str, ...] = ()) -> Iterator[Path]:
    """A new, empty file for its owner alone beside `path`; gone afterwards unless it was moved.

    `more` are the endings of further files next to it that go too.
    """
    new = made_beside(path, os.urandom(4).hex())
    try:
        yield new
    finally:
        for ending in ("", *more):
            Path(f"{new}{ending}").unlink(missing_ok=True)


def name_beside(path: Path, mark: str) -> Path:
    """What the file is called that will take the place of `path`; `mark` is hexadecimal, and tells runs apart."""
    return path.with_name(f".{path.name}.{mark}.new")


def made_beside(path: Path, mark: str) -> Path:
    """Make that file, empty and for its owner alone."""
    new = name_beside(path, mark)
    try:
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        error.filename = str(path)  # the name that a person knows
        raise
    return new


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the disk can."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    try:
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a small lock beside a file: of two who read it, change it and write it, none loses the other's change."""
    held = regular(lock_of(path), os.O_RDWR | os.O_CREAT)
    try:
        _take(held)
        yield
    finally:
        os.close(held)


def lock_of(path: Path) -> Path:
    """The empty file on which that lock lies."""
    return path.with_name(f".{path.name}.lock")


if sys.platform == "win32":

    def _take(held: int) -> None:
        msvcrt.locking(held, msvcrt.LK_LOCK, 1)

else:

    def _take(held: int) -> None:
        fcntl.flock(held, fcntl.LOCK_EX)
