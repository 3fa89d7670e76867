"""Praise that was given, counted by the channel it went through."""

from datetime import date, datetime

from trustlog.store.journal import Journal, utc_text


def by_channel(
    journal: Journal, since: date, on: date, until: datetime | None = None, manager_id: int | None = None
) -> dict[str, int]:
    """How often praise went through each channel in some days, of one manager or of all; "" where none was named."""
    whose, bound = ("", ()) if manager_id is None else (" AND manager_id = ?", (manager_id,))
    rows = journal.rows(
        "SELECT coalesce(channel, ''), count(*) FROM entries WHERE kind = 'praise-given'"
        f" AND happened_on BETWEEN ? AND ? AND happened_at <= ?{whose} GROUP BY 1 ORDER BY 2 DESC, 1",
        (since.isoformat(), on.isoformat(), utc_text(until) if until is not None else "9999", *bound),
    )
    return {row[0]: row[1] for row in rows}
