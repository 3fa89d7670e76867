"""Copies of the journal: names, rotation, and when the next is due. Times are UTC."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
DAYS, WEEKS, MONTHS = 14, 8, 12
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(
    r"(?P<journal>.+)-(?P<stamp>[0-9]{8}T[0-9]{6}Z)(?:-(?P<why>before-[a-z]+))?(?P<pinned>-kept)?\.db", re.DOTALL
)


class Counts(NamedTuple):
    """How much a journal holds."""

    entries: int
    managers: int
    conversations: int


class Inside(NamedTuple):
    """What a journal file holds. `newest` is the day of its latest entry, `size` its bytes."""

    counts: Counts
    newest: str | None
    schema: int
    size: int


class Snapshot(NamedTuple):
    """A copy of one journal, as its name tells. `why` is empty for a daily one, `pinned` ones are never thinned."""

    journal: str
    taken_at: datetime
    why: str = ""
    pinned: bool = False

    @property
    def name(self) -> str:
        """Sorts by time among the copies of a journal."""
        parts = (self.journal, stamp(self.taken_at), self.why, "kept" if self.pinned else "")
        return "-".join(part for part in parts if part) + ".db"


class Saved(NamedTuple):
    """A backup that was written and checked."""

    path: str
    inside: Inside


class Listed(NamedTuple):
    """A snapshot and what it holds; None if it cannot be read."""

    snapshot: Snapshot
    inside: Inside | None


class Plan(NamedTuple):
    """What a restore would do. `now` is None if the journal cannot be read, `passed_over` the copies that were bad."""

    source: str
    then: Inside
    now: Inside | None
    there: bool
    passed_over: tuple[str, ...] = ()
    sealed_anew: bool = False
    """Whether the journal is encrypted and the copy is not."""


class Restored(NamedTuple):
    """What a restore did: `undo_by` is the copy of what was there, `damaged` where a damaged journal was kept."""

    plan: Plan
    undo_by: str | None
    damaged: str | None


def stamp(moment: datetime) -> str:
    """A moment as it stands in a file's name: `20261123T150203Z`."""
    return moment.astimezone(UTC).strftime(_STAMP)


def read_name(name: str) -> Snapshot | None:
    """A snapshot by its file's name; None for the name of anything else."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        # not strptime, which takes 4 ms to load
        taken_at = datetime.fromisoformat(found["stamp"])
    except ValueError:
        return None
    return Snapshot(found["journal"], taken_at, found["why"] or "", bool(found["pinned"]))


def due(snapshots: Collection[Snapshot], now: datetime) -> bool:
    """Whether the last copy is a day old. One from the future, where a clock was wrong, does not count."""
    return not any(now - DAY < one.taken_at <= now for one in snapshots)


def kept(snapshots: Collection[Snapshot], now: datetime) -> set[Snapshot]:
    """All of the last day, the last one of each of 14 days, 8 weeks and 12 months; the newest and pinned ones always.

    Those that a clock dated into the future are kept too.
    """
    ordered = sorted(snapshots, key=lambda one: one.taken_at)
    chosen = {one for one in ordered if one.pinned or one.taken_at > now - DAY}
    chosen.update(ordered[-1:])
    today = now.astimezone(UTC).date()
    rules: tuple[tuple[Callable[[datetime], int], int], ...] = (
        (lambda at: (today - at.date()).days, DAYS),
        # counted from Monday, so that a week stays the same week as it grows old
        (lambda at: (today.toordinal() - 1) // 7 - (at.date().toordinal() - 1) // 7, WEEKS),
        (lambda at: (today.year - at.year) * 12 + today.month - at.month, MONTHS),
    )
    for age, limit in rules:
        last = {age(one.taken_at): one for one in ordered}
        chosen.update(one for back, one in last.items() if back <= limit)
    return chosen
