"""What `forget` removed, and what it looked through afterwards."""

from typing import NamedTuple


class Forgotten(NamedTuple):
    """A manager that was removed: rows and copies that went, files that were searched, and where words still stand."""

    manager: str
    name: str
    rows: int
    copies: int
    searched: int
    left_in: tuple[str, ...]
    mentioned: tuple[int, ...]
