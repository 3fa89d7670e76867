"""Which event counts where several have one UID: versions of one meeting, or meetings that share it by mistake."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from trustlog.formats.ics_events import Event


class Versions(NamedTuple):
    """The events that count, and those that do not, each with the one that is newer."""

    current: list[Event]
    older: list[tuple[Event, Event]]


def order(event: Event) -> tuple[bool, int, tuple[float, float], bool, int]:
    """By which the newest is the greatest (RFC 5546 2.1.5). An answer to an invitation knows least.

    Where nothing tells them apart, what was cancelled stays so, and what stands last in the file is newest.
    """
    return (not event.reply, event.sequence, event.stamps, event.cancelled, event.line)


def newest(events: Sequence[Event]) -> Versions:
    """Of versions of one meeting, or of one occurrence."""
    newest, *older = sorted(events, key=order, reverse=True)
    return Versions([newest], [(event, newest) for event in older])


def told_apart(events: Sequence[Event]) -> Versions:
    """Of events that have one UID, and are neither versions of one meeting for sure nor several meetings.

    Whoever moves a meeting counts its SEQUENCE up, so that those of the same one at different times are different
    meetings, unless one was written later. Those that were made at different times are different in any case.
    """
    versions = newest(events)
    latest = versions.current[0]
    others: dict[object, list[Event]] = {}
    older = []
    for event, _ in versions.older:
        same_round = (event.reply, event.sequence) == (latest.reply, latest.sequence)
        made_apart = bool(event.created and latest.created) and event.created != latest.created
        elsewhere = event.start != latest.start and None not in (event.start, latest.start)
        if same_round and elsewhere and (event.stamps == latest.stamps or made_apart):
            others.setdefault(event.start, []).append(event)
        else:
            older.append((event, latest))
    for same in map(newest, others.values()):
        versions.current.extend(same.current)
        older.extend(same.older)
    return Versions(sorted(versions.current, key=lambda event: event.line), older)


def differ(older: Event, newer: Event) -> bool:
    """Whether something is lost with the older one that somebody may miss."""
    if older.cancelled or not isinstance(older.start, datetime):
        return False
    return older.start != newer.start or (older.summary != newer.summary and not newer.cancelled)
