"""What became of the journal's files when it was encrypted or decrypted. Paths are texts."""

from typing import NamedTuple


class Left(NamedTuple):
    """A file that stays as it is, and why."""

    file: str
    why: str


class Done(NamedTuple):
    """What was made encrypted, or plain, and what could not be."""

    encrypted: bool
    changed: tuple[str, ...]
    left: tuple[Left, ...]
