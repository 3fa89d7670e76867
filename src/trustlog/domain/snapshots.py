"""Copies of the journal: names, rotation, and when the next is due. Times are UTC."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(
    r"(?P<journal>.+)-(?P<stamp>[0-9]{8}T[0-9]{6}Z)(?:-(?P<number>[1-9][0-9]{0,17}))?"
    r"(?:-(?P<why>before-[a-z]+))?(?P<pinned>-kept)?\.db",
    re.DOTALL,
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
    """A copy of one journal, as its name tells. `why` is empty for a daily one, `pinned` ones are never thinned.

    `number` counts the copies of a journal as they are made, from 1; 0 is one that was never counted.
    """

    journal: str
    taken_at: datetime
    why: str = ""
    pinned: bool = False
    number: int = 0

    @property
    def name(self) -> str:
        """Sorts by time among the copies of a journal."""
        number = str(self.number) if self.number else ""
        parts = (self.journal, stamp(self.taken_at), number, self.why, "kept" if self.pinned else "")
        return "-".join(part for part in parts if part) + ".db"


class Fuller(NamedTuple):
    """A copy that holds more than the newest one, and so is kept for good."""

    copy: Snapshot
    then: Counts
    now: Counts


class Doubt(NamedTuple):
    """A clock that may be wrong: `last` is the time of the copy before, `now` what the clock says."""

    last: datetime
    now: datetime


class Thinned(NamedTuple):
    """What becomes of the older copies: one goes, some are pinned; and why none went, if it was the clock."""

    gone: Snapshot | None = None
    fuller: tuple[Fuller, ...] = ()
    doubt: Doubt | None = None
    closed: bool = False
    """Whether no copy could be made, as their folder is not this user's to write."""


class Saved(NamedTuple):
    """A backup that was written and checked; and what became of the older ones, if it is one of the snapshots."""

    path: str
    inside: Inside
    thinned: Thinned = Thinned()


class Listed(NamedTuple):
    """A snapshot and what it holds; None if it cannot be read. `ahead`: it is dated into the future."""

    snapshot: Snapshot
    inside: Inside | None
    ahead: bool = False


class Plan(NamedTuple):
    """What a restore would do. `now` is None if the journal cannot be read, `passed_over` the copies that were bad."""

    source: str
    then: Inside
    now: Inside | None
    there: bool
    passed_over: tuple[str, ...] = ()
    sealed_anew: bool = False
    """Whether the journal is encrypted and the copy is not."""
    noise: bool = False
    """Whether the journal's file looks encrypted, though by its copies it never was."""


class Restored(NamedTuple):
    """What a restore did: `undo_by` is the copy of what was there, `damaged` where a damaged journal was kept.

    `left_out` are triggers and views of the file that trustlog did not make, by type and name.
    """

    plan: Plan
    undo_by: str | None
    damaged: str | None
    left_out: tuple[str, ...] = ()


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
    if not MINYEAR < taken_at.year < MAXYEAR:  # no zone could show it
        return None
    return Snapshot(
        found["journal"], taken_at, found["why"] or "", bool(found["pinned"]), int(found["number"] or 0)
    )  # fmt: skip


def newest_first(snapshots: Collection[Snapshot], now: datetime | None = None) -> list[Snapshot]:
    """In the order in which they were made, the last one first, whatever a clock said meanwhile.

    Those without a number come after all others, by their time; one that is dated after `now` at the very end,
    because nobody knows when it was made.
    """
    return sorted(snapshots, key=lambda snapshot: _place(snapshot, now), reverse=True)


def _place(snapshot: Snapshot, now: datetime | None) -> tuple[int, bool, datetime]:
    return snapshot.number, snapshot.number > 0 or now is None or snapshot.taken_at <= now, snapshot.taken_at


def next_number(snapshots: Collection[Snapshot]) -> int:
    """The number of the copy that is made next."""
    return max((snapshot.number for snapshot in snapshots), default=0) + 1


def due(snapshots: Collection[Snapshot], now: datetime) -> bool:
    """Whether the last copy is a day old. One from the future, where a clock was wrong, does not count."""
    return not any(now - DAY < snapshot.taken_at <= now for snapshot in snapshots)


DAYS, WEEKS, MONTHS = 14, 8, 12
"""Of so many days, weeks and months that have a copy, the last one of each is kept."""
JUMP = timedelta(days=90)
"""A clock that is so far beyond the copy before may be wrong; or the program was not used for a season."""

Holds = Callable[[Snapshot], Counts | None]
"""How much a copy holds; None if it cannot be read."""


def thinned(snapshots: Collection[Snapshot], now: datetime, holds: Holds) -> Thinned:
    """What becomes of the copies after the newest of them was made.

    The copy before is pinned if it holds more. One that is not in `kept` goes, the oldest first, and one on a day of
    the clock; but it is pinned if no later copy holds as much, and left if it cannot be read.
    """
    order = newest_first(snapshots, now)
    if not order:
        return Thinned()
    new, older = order[0], order[1:]
    held = holds(new)
    fuller = _before_if_fuller(held, older, holds)
    doubt = doubted(older, now)
    today = new.taken_at.date()
    if doubt is not None or any(snapshot.taken_at.date() == today for snapshot in older):
        return Thinned(None, tuple(fuller), doubt)
    stay = kept(snapshots, now) | {known.copy for known in fuller}
    for place in range(len(order) - 1, 0, -1):
        candidate = order[place]
        mine = None if candidate in stay else holds(candidate)
        if mine is None:
            continue
        if any(_covers(holds(later), mine) for later in order[:place]):
            return Thinned(candidate, tuple(fuller))
        if held is not None:
            fuller.append(Fuller(candidate, mine, held))
    return Thinned(None, tuple(fuller))


def kept(snapshots: Collection[Snapshot], now: datetime) -> set[Snapshot]:
    """All of the last day, and of the last 14 days, 8 weeks and 12 months that have a copy the last one of each.

    The newest, the pinned and those dated after `now` always are; the last of these stand for no day.
    """
    order = newest_first(snapshots, now)
    chosen = {snapshot for snapshot in order if snapshot.pinned or snapshot.taken_at > now - DAY} | set(order[:1])
    dated = [snapshot for snapshot in order if snapshot.taken_at <= now]
    for period, limit in _RULES:
        chosen.update(_last_of_each(dated, period, limit))
    return chosen


def doubted(older: Collection[Snapshot], now: datetime) -> Doubt | None:
    """Whether the clock may be wrong now, or was when the last of the `older` copies was made."""
    last = next(iter(newest_first(older, now)), None)
    if last is None or -DAY <= now - last.taken_at <= JUMP:
        return None
    return Doubt(last.taken_at, now)


def _last_of_each(order: Iterable[Snapshot], period: Callable[[datetime], int], limit: int) -> list[Snapshot]:
    last: dict[int, Snapshot] = {}
    for snapshot in order:
        if len(last) < limit or period(snapshot.taken_at) in last:
            last.setdefault(period(snapshot.taken_at), snapshot)
    return list(last.values())


_RULES: tuple[tuple[Callable[[datetime], int], int], ...] = (
    (lambda at: at.toordinal(), DAYS),
    (lambda at: (at.toordinal() - 1) // 7, WEEKS),  # from Monday
    (lambda at: at.year * 12 + at.month, MONTHS),
)


def _before_if_fuller(held: Counts | None, older: list[Snapshot], holds: Holds) -> list[Fuller]:
    before = next((snapshot for snapshot in older if holds(snapshot) is not None), None)
    then = holds(before) if before is not None else None
    if before is None or before.pinned or held is None or then is None or _covers(held, then):
        return []
    return [Fuller(before, then, held)]


def _covers(later: Counts | None, earlier: Counts) -> bool:
    return later is not None and all(many >= few for many, few in zip(later, earlier, strict=True))
