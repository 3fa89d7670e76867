"""What became of the journal's files when it was encrypted or decrypted. Paths are texts."""

from typing import NamedTuple


class Left(NamedTuple):
    """A file that stays as it is, and why."""

    file: str
    why: str


class Done(NamedTuple):
    """What was made encrypted, or plain, what could not be, and which plain pages were removed."""

    encrypted: bool
    changed: tuple[str, ...]
    left: tuple[Left, ...]
    removed: tuple[str, ...] = ()
