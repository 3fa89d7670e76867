"""Entries as frozen values: what is written, filtered, changed."""

from datetime import date, datetime
from typing import NamedTuple

MAX_TEXT = 1_048_576
"""The longest note, in bytes of UTF-8."""


class Entry(NamedTuple):
    """One dated line about one manager.

    `happened_at` carries the offset of the place; `happened_on` is the local day that was meant, and the
    one the model reads. `repaired_by` is the id of the deed that mends it.
    """

    id: int
    uid: str
    manager: str
    manager_name: str
    kind: str
    size: str
    happened_at: datetime
    happened_on: date
    note: str
    channel: str | None
    req: str | None
    approach: str | None
    tags: tuple[str, ...]
    evidence: bool
    did: str | None
    changed: str | None
    repaired_by: int | None
    created_at: datetime

    @property
    def text(self) -> str:
        """Everything that was said, for reading: the note, what they did, what it changed."""
        parts = (self.note, self.did or "", f"It changed: {self.changed}" if self.changed else "")
        return "\n".join(part for part in parts if part)


class EntryDraft(NamedTuple):
    """An entry before the journal has given it an id: about a manager and a role of the journal.

    `req` is the role's code as it was typed, and `req_id` what it was found to mean; `manager_id` is None until
    it is known who was meant. `repairs` is the id of the hard entry that this one mends.
    """

    manager_id: int | None
    kind: str
    happened_at: datetime
    size: str = "m"
    note: str = ""
    channel: str | None = None
    req_id: int | None = None
    approach: str | None = None
    tags: tuple[str, ...] = ()
    evidence: bool = True
    did: str | None = None
    changed: str | None = None
    uid: str | None = None
    req: str | None = None
    repairs: int | None = None


class Filter(NamedTuple):
    """Which entries are meant; every field that is set narrows."""

    manager_id: int | None = None
    since: date | None = None
    until: date | None = None
    kind: str | None = None
    tag: str | None = None
    req_id: int | None = None
    limit: int | None = None


class Contact(NamedTuple):
    """As much of an entry as practice reads."""

    manager_id: int
    on: date
    kind: str
    approach: str | None


class Change(NamedTuple):
    """One command that wrote, as `undo --list` shows it."""

    id: int
    command: str
    at: datetime
    summary: str
