"""Meetings from a calendar file.

icalendar reads it, recurring-ical-events finds what repeats, and x-wr-timezone places the times that name no zone.
"""

import warnings
from datetime import datetime
from importlib import import_module

from trustlog.domain.calendars import Calendar
from trustlog.errors import UserError
from trustlog.formats.ics_shape import calendars

_LIBRARIES = ("icalendar", "recurring_ical_events", "x_wr_timezone")


def read(text: str, begin: datetime, end: datetime) -> Calendar:
    """The meetings that began from `begin` to `end`. Raises UserError `bad-file`, `missing-extra`."""
    found = calendars(text)
    with warnings.catch_warnings():
        # what a library has to say of a file is no line for a person; what is wrong with it is told by its line
        warnings.simplefilter("ignore")
        try:
            for library in _LIBRARIES:
                import_module(library)  # 150 ms, only when a calendar is read
        except ModuleNotFoundError as error:
            raise UserError(
                "missing-extra",
                "reading a calendar needs an extra part",
                "Install it: pip install 'trustlog[calendar]'",
            ) from error
        from trustlog.formats.ics_meetings import meetings  # imports the libraries

        return meetings(found, begin, end)
