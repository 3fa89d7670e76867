"""Days and moments as people read them, apart from the grammar that reads them: most runs only write."""

import datetime as dt

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def echo(moment: dt.datetime) -> str:
    """Show a moment to the minute, as `parse` reads it: 'Fri 6 Nov 2026 09:05', English in every locale."""
    return f"{echo_day(moment.date())} {moment:%H:%M}"


def echo_day(day: dt.date) -> str:
    """Show a day, as `parse` reads it: 'Fri 20 Nov 2026', English in every locale."""
    return f"{DAY_NAMES[day.weekday()][:3]} {day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"
