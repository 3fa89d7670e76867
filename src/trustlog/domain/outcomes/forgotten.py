"""What `forget` removed, and what it looked through afterwards."""

from typing import NamedTuple


class Mention(NamedTuple):
    """A row about somebody else, or about nobody, in which a person is named."""

    table: str
    id: int | None


class Proof(NamedTuple):
    """The search for what is left. `pieces` of texts were looked for, besides the name and the address.

    `read` files were searched byte by byte; the bytes of an encrypted one prove nothing, so `opened` ones were read
    with their key. `unread` could not be opened, `left_in` are the files in which a word still stands.
    """

    pieces: int
    read: int
    opened: int
    unread: tuple[str, ...]
    left_in: tuple[str, ...]
    mentioned: tuple[Mention, ...]


class Forgotten(NamedTuple):
    """A manager that was removed: how many rows and files went, and the proof."""

    manager: str
    name: str
    rows: int
    copies: int
    """Copies of the journal, damaged ones too."""
    pages: int
    """Reports that were kept for a browser."""
    proof: Proof
