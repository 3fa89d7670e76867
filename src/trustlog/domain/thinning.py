"""Which older copy goes when a new one was made: never by the clock alone, never a fuller one, at most one a day.

Periods are counted, not measured: a clock that jumps by years adds one day to them, as any other day does. Times are
UTC.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from trustlog.domain.snapshots import DAY, Counts, Doubt, Fuller, Snapshot, Thinned, newest_first

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
    if doubt is not None or any(one.taken_at.date() == today for one in older):
        return Thinned(None, tuple(fuller), doubt)
    stay = kept(snapshots, now) | {one.copy for one in fuller}
    for place in range(len(order) - 1, 0, -1):
        one = order[place]
        mine = None if one in stay else holds(one)
        if mine is None:
            continue
        if any(_covers(holds(later), mine) for later in order[:place]):
            return Thinned(one, tuple(fuller))
        if held is not None:
            fuller.append(Fuller(one, mine, held))
    return Thinned(None, tuple(fuller))


def kept(snapshots: Collection[Snapshot], now: datetime) -> set[Snapshot]:
    """All of the last day, and of the last 14 days, 8 weeks and 12 months that have a copy the last one of each.

    The newest, the pinned and those dated after `now` always are; the last of these stand for no day.
    """
    order = newest_first(snapshots, now)
    chosen = {one for one in order if one.pinned or one.taken_at > now - DAY} | set(order[:1])
    dated = [one for one in order if one.taken_at <= now]
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
    for one in order:
        if len(last) < limit or period(one.taken_at) in last:
            last.setdefault(period(one.taken_at), one)
    return list(last.values())


_RULES: tuple[tuple[Callable[[datetime], int], int], ...] = (
    (lambda at: at.toordinal(), DAYS),
    (lambda at: (at.toordinal() - 1) // 7, WEEKS),  # from Monday
    (lambda at: at.year * 12 + at.month, MONTHS),
)


def _before_if_fuller(held: Counts | None, older: list[Snapshot], holds: Holds) -> list[Fuller]:
    before = next((one for one in older if holds(one) is not None), None)
    then = holds(before) if before is not None else None
    if before is None or before.pinned or held is None or then is None or _covers(held, then):
        return []
    return [Fuller(before, then, held)]


def _covers(later: Counts | None, earlier: Counts) -> bool:
    return later is not None and all(many >= few for many, few in zip(later, earlier, strict=True))
