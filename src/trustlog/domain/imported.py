"""What an import did."""

from typing import NamedTuple


class Refused(NamedTuple):
    """A row that cannot be taken in; `row` is its line in the file, the header being line 1."""

    row: int
    why: str


class Imported(NamedTuple):
    """What an import did, or would do."""

    added: int
    unchanged: int
    updated: int
    refused: tuple[Refused, ...]
    managers: tuple[str, ...]
    reqs: tuple[str, ...]
    dry_run: bool
