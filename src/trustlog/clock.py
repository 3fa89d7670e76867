"""The clock and the zone as a run sees them; when a row was written is the store's own UTC.

A moment is an aware datetime whose offset is the one of the place at that time.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from trustlog.domain.days import echo, echo_day
from trustlog.errors import UserError

if TYPE_CHECKING:
    from trustlog.domain.when import Prefer, Spoken


NOON = time(12)
EARLIEST = datetime(2022, 10, 24, tzinfo=UTC)
"""When Python 3.11 came out, which the program needs: a clock that says less is wrong."""
TOO_LATE = datetime(2100, 1, 1, tzinfo=UTC)
"""From here on a clock is taken to be wrong."""


def now() -> datetime:
    """This second, here. Raises UserError `bad-date` where the clock must be wrong, or the time zone is none."""
    try:
        moment = datetime.now(UTC).replace(microsecond=0)
        if not EARLIEST <= moment < TOO_LATE:
            raise UserError(
                "bad-date",
                f"this machine's clock says {echo_day(moment.date())}, which cannot be",
                "Set the clock and try again; nothing was changed.",
            )
        here, zone = moment.astimezone(), os.environ.get("TZ", "").lstrip(":")
        if "/" in zone and here.tzname() == zone.partition("/")[0]:  # a zone that the C library takes for UTC
            raise UserError(
                "bad-date", f"this machine knows no time zone {zone!r}", "Set TZ to one like Europe/Berlin."
            )
        return here
    except ValueError as error:
        raise UserError(
            "bad-date", "the time zone of TZ lies beyond a day", "Set TZ to one like Europe/Berlin."
        ) from error


def local(naive: datetime) -> datetime:
    """A local wall-clock time as a moment; of one that happens twice, the first.

    Raises UserError `bad-date` for a time that a clock change skips.
    """
    moment = naive.replace(fold=0).astimezone()
    if moment.astimezone(UTC).astimezone().replace(tzinfo=None) != naive:
        raise UserError("bad-date", f"{echo(naive)} was skipped by a clock change", "Give a time that existed.")
    return moment


def local_or_next(naive: datetime) -> datetime:
    """A computed local time as a moment; one that a clock change skips is as much later as the clock was moved."""
    moment = naive.replace(fold=0).astimezone()
    if moment.astimezone(UTC).astimezone().replace(tzinfo=None) == naive:
        return moment
    # the offset before the gap, kept through it
    before = (naive - timedelta(hours=12)).astimezone().utcoffset() or timedelta(0)
    return (naive - before).replace(tzinfo=UTC).astimezone()


def day_end(day: date) -> datetime:
    """The last second of a day here."""
    return local_or_next(datetime.combine(day, time(23, 59, 59)))


def read(text: str, here: datetime, prefer: "Prefer", day_time: time = NOON) -> datetime:
    """A phrase as a moment, seen from `here`. Raises UserError `bad-date`.

    A day without a time is now if it is today and the past is meant, else `day_time`.
    """
    spoken = _spoken(text, here, prefer)
    if spoken.instant is not None:
        return spoken.instant.astimezone()
    if spoken.elapsed is not None:
        return (here.astimezone(UTC) + spoken.elapsed).astimezone()
    day = spoken.day or here.date()
    if spoken.time is None and day == here.date() and prefer == "past":
        return here
    return local(datetime.combine(day, spoken.time or day_time))


def says_time(text: str, here: datetime) -> bool:
    """Whether a phrase names a time and not only a day. Raises UserError `bad-date`."""
    spoken = _spoken(text, here, "past")
    return spoken.time is not None or spoken.elapsed is not None or spoken.instant is not None


def as_of(text: str | None, here: datetime) -> tuple[datetime, bool]:
    """The moment that is asked about, and whether a time was named. A day stands for its end, today for now."""
    if text is None:
        return here, False
    moment = read(text, here, "past")
    if says_time(text, here):
        return moment, True
    return (here if moment.date() == here.date() else day_end(moment.date())), False


def _spoken(text: str, here: datetime, prefer: "Prefer") -> "Spoken":
    from trustlog.domain.when import UnreadableDate, parse

    try:
        return parse(text, here.replace(tzinfo=None), prefer)
    except UnreadableDate as error:
        raise UserError("bad-date", str(error), error.hint) from error
