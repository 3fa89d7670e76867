"""Working time: days and windows that leave out the weekend, unless the setting `working_week` says otherwise."""

from datetime import date, datetime, timedelta


def works(day: date, *, working_week: bool) -> bool:
    """Whether a day counts: Monday to Friday, or every day."""
    return not working_week or day.weekday() < 5


def days_between(since: date, until: date, *, working_week: bool) -> int:
    """The working days after `since`, up to and with `until`."""
    days = max(0, (until - since).days)
    if not working_week:
        return days
    weeks, rest = divmod(days, 7)
    last = since + timedelta(days=weeks * 7)
    return weeks * 5 + sum(works(last + timedelta(days=one), working_week=True) for one in range(1, rest + 1))


def day_after(day: date, count: int = 1, *, working_week: bool) -> date:
    """The day that comes `count` working days later."""
    while count:
        day += timedelta(days=1)
        count -= works(day, working_week=working_week)
    return day


def window_end(start: datetime, hours: float, *, working_week: bool) -> datetime:
    """The wall-clock end of a window; with a working week the clock stops on Saturday and Sunday. Naive times."""
    left = timedelta(hours=hours)
    if not working_week:
        return start + left
    moment = start
    while True:
        midnight = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time())
        if not works(moment.date(), working_week=True):
            moment = midnight
            continue
        if moment + left <= midnight:
            return moment + left
        left -= midnight - moment
        moment = midnight
