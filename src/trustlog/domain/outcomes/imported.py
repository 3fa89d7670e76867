"""What an import did, and what an export wrote."""

from collections.abc import Mapping
from typing import NamedTuple


class Refused(NamedTuple):
    """What cannot be taken in; `row` is its line in a CSV file, the header being line 1, or its place in JSON."""

    row: int | str
    why: str

    @property
    def place(self) -> str:
        """`line 3`, `entries[17].kind`."""
        return f"line {self.row}" if isinstance(self.row, int) else self.row


class Tally(NamedTuple):
    """What became of the records of one section."""

    added: int = 0
    unchanged: int = 0
    updated: int = 0


class Imported(NamedTuple):
    """What an import did, or would do. The figures are of entries; `tallies` tell of everything a JSON file holds."""

    added: int
    unchanged: int
    updated: int
    refused: tuple[Refused, ...]
    managers: tuple[str, ...]
    reqs: tuple[str, ...]
    dry_run: bool
    tallies: Mapping[str, Tally] = {}


class Exported(NamedTuple):
    """What an export wrote to a file."""

    file: str
    form: str
    entries: int
    private: bool
