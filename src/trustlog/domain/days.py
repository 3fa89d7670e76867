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


def near(day: dt.date, today: dt.date) -> str:
    """A day as it is spoken of: `today`, `yesterday`, `on Tuesday`, `on 3 Nov`, with the year if it is another."""
    age = (today - day).days
    if -1 <= age <= 1:
        return ("today", "yesterday", "tomorrow")[age]
    if 2 <= abs(age) <= 6:
        return f"on {DAY_NAMES[day.weekday()]}"
    return f"on {short(day)}" + (f" {day.year}" if day.year != today.year else "")


def short(day: dt.date) -> str:
    """`17 Nov`, for sentences."""
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}"
