"""Reading very many dates: the strict reader is asked once for each day that occurs, the rest is arithmetic."""

import re
from collections.abc import Callable
from datetime import datetime, tzinfo

from trustlog.errors import UserError

_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII)
_PLACED = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:0\d|1\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\Z", re.ASCII
)


class Stamps:
    """Moments as `read` reads them; a time that was written with the offset of its place keeps it."""

    def __init__(self, read: Callable[[str], datetime]) -> None:
        self._read = read
        self._zones: dict[str, tzinfo | None] = {}
        self._days: set[str] = set()

    def moment(self, text: str) -> datetime:
        """Raises UserError `bad-date`."""
        if _PLAIN.match(text):
            zone = self._zone(text[:10])
            if zone is not None:
                return datetime.fromisoformat(text).replace(tzinfo=zone)
        elif _PLACED.match(text):
            if text[:10] not in self._days:  # it is a day, in years that the journal holds
                self._read(f"{text[:10]}T12:00:00Z")
                self._days.add(text[:10])
            return datetime.fromisoformat(text)
        return self._read(text)

    def _zone(self, day: str) -> tzinfo | None:
        """The zone of a whole day; None if it is not the same at both its ends, or is read at neither."""
        if day not in self._zones:
            try:
                first, last = self._read(f"{day}T00:00:00"), self._read(f"{day}T23:59:59")
                same = first.utcoffset() == last.utcoffset() and (last - first).total_seconds() == 24 * 3600 - 1
                self._zones[day] = first.tzinfo if same else None
            except UserError:
                self._zones[day] = None
        return self._zones[day]
