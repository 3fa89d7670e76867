"""A file that a command writes for its owner alone."""

import os
from collections.abc import Iterable
from pathlib import Path

from trustlog.errors import UserError


def check_free(file: Path, *, replace: bool) -> None:
    """Raises UserError `file-exists` if something would be overwritten."""
    if file.exists() and not replace:
        raise UserError("file-exists", f"{file} is already there", "Give another name, or --yes to overwrite it.")


def write(file: Path, content: bytes) -> None:
    """Write the whole or nothing, readable by its owner only; what stands there is replaced."""
    write_pieces(file, [content])


def write_pieces(file: Path, pieces: Iterable[bytes]) -> None:
    """The same for a content that is too large to lie in memory."""
    if file.exists() and not file.is_file():  # a pipe or a device is written to, never replaced
        with file.open("wb") as there:
            there.writelines(pieces)
        return
    file = file.resolve()
    if not file.parent.is_dir():
        raise UserError("bad-file", f"there is no folder {file.parent}", "Make it first, or name another.")
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
            new.writelines(pieces)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
