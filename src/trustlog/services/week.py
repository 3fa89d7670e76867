"""Friday's page and the story of a year, gathered from the journal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from trustlog.domain import week as domain
from trustlog.domain.coaching_history import IN_PEACE, StepEvent
from trustlog.domain.entries import GOOD
from trustlog.domain.people import Manager
from trustlog.domain.praise import Span
from trustlog.domain.promises import Promise
from trustlog.domain.report_lately import MESSAGES
from trustlog.domain.standing import FROM_THEM
from trustlog.domain.trust import Parameters
from trustlog.domain.week import Mail, Rest, Story, Thanks, Week
from trustlog.services import praise as praise_service
from trustlog.store import coaching, conversations, entries, people, praise, private, promises
from trustlog.store.journal import Journal

WAITING = MESSAGES - {"praise-given"}
"""The messages that may wait for an answer: thanks ask for none."""
LATELY = timedelta(days=14)
"""A mail or a rest is for somebody with whom something happened so lately."""


def week(journal: Journal, at: datetime, parameters: Parameters, own: Mapping[str, Any]) -> Week:
    """The seven days up to a moment; `own` is the recruiter's page, or nothing of it.

    Whom boundary notes restrict gets neither thanks nor a mail nor a rest from here; what is owed stays.
    """
    since = at.date() - timedelta(days=domain.DAYS - 1)
    active = [manager for manager in people.all_managers(journal) if not manager.gone(at.date())]
    free = [one for one in active if private.restriction(journal, one.id, at.date()) is None]
    handles = {manager.handle for manager in active}
    loops = [loop for loop in promises.still_open(journal, until=at) if loop.manager in handles]
    rests = sorted(_rests(journal, free, at), key=lambda rest: -rest.messages)
    at_rest = {rest.manager.handle for rest in rests}
    at_peace = [manager for manager in free if coaching.in_peace(journal, manager.id, at)]
    mails = (_mail(journal, manager, loops, at) for manager in free if manager.handle not in at_rest)
    return Week(
        at=at,
        wins=praise_service.wins_of(journal, Span(since, at.date(), at), parameters),
        thanks=tuple(
            Thanks(one, deed)
            for one in free
            for deed in praise_service.unthanked_deeds(journal, one, promises.all_of(journal, one.id, at), at)
        ),
        loops=tuple(loop for loop in loops if loop.due_at is None or loop.due_at <= at + domain.SOON),
        mails=tuple(mail for mail in mails if mail is not None),
        learned=domain.lessons(own, since, at.date()),
        rests=tuple(rest for rest in rests if rest.manager.handle not in {one.handle for one in at_peace}),
        active=tuple(free),
        at_peace=tuple(at_peace),
        written=domain.written(own, at.date()),
    )


def _mail(journal: Journal, manager: Manager, loops: list[Promise], at: datetime) -> Mail | None:
    """Somebody with an open role or loop, with whom something happened lately and who had no update since."""
    day = at.date()
    busy = any(req.open_on(day) for req in people.reqs(journal, manager.id))
    busy = busy or any(loop.manager == manager.handle for loop in loops)
    _, contact = coaching.first_and_last(journal, manager.id, at)
    last = entries.last_at(journal, manager.id, "update-sent")
    if not busy or contact is None or contact < day - LATELY or (last and last > at - domain.MAIL_EVERY):
        return None
    return Mail(manager, last.astimezone().date() if last else None)


def _rests(journal: Journal, managers: list[Manager], at: datetime) -> list[Rest]:
    found = []
    for manager in managers:
        _, contact = coaching.first_and_last(journal, manager.id, at)
        if contact is None or contact < at.date() - LATELY:
            continue
        met = conversations.last_held(journal, manager.id, at.date())
        heard = entries.last_heard(journal, manager.id, FROM_THEM, at.date(), at, met)
        messages = sum(count for kind, _, count, _ in heard.since if kind in WAITING)
        asked = [loop for loop in promises.still_open(journal, manager.id, at) if loop.owed_by == "them"]
        messages += sum(
            loop.purpose != "favour" and (heard.at is None or loop.given_at > heard.at) for loop in asked
        )  # fmt: skip
        found += [Rest(manager, messages)] if messages >= domain.UNANSWERED else []
    return found


def leave_in_peace(journal: Journal, manager: Manager, at: datetime) -> date:
    """Offer no step with a manager until the end of next week, as one change; answers with its last day."""
    last = at.date() + timedelta(days=13 - at.weekday())
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), at.tzinfo)
    with journal.change("week", manager.handle):
        coaching.record_step(journal, manager.id, StepEvent(IN_PEACE, "snoozed", at, until), "self-care")
    return last


def keep_card(journal: Journal, lines: Sequence[str], at: datetime) -> None:
    """Keep the lines written for Monday on the own page, as one change, for when the week is looked at again."""
    with journal.change("week"):
        private.save_profile(journal, {"monday": [at.date().isoformat(), *lines]})


def story(
    journal: Journal, span: tuple[date, date, bool], at: datetime, parameters: Parameters, own: Mapping[str, Any]
) -> Story:
    """A year or a month up to its end or now; `own` is the recruiter's page, or nothing of it."""
    since, until, month = span
    days = Span(since, until, at if until == at.date() else None)
    by_day, managers = praise.acts_by_day(journal, days, GOOD["mine"])
    rows = domain.days_of_month(by_day, since, until) if month else domain.weeks_of_year(by_day, since.year, until)
    hires = praise.of_kind(journal, days, "hire-closed")
    return Story(
        since, until, month, rows, managers, praise_service.wins_of(journal, days, parameters),
        tuple(domain.Hire(*hire) for hire in hires),
        domain.lessons(own, since, until),
    )  # fmt: skip
