"""An invented recruiter's year in a journal of its own."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from trustlog.domain.agreements.commitment import Event
from trustlog.domain.coaching.morning import Morning
from trustlog.domain.coaching.offer import Coaching
from trustlog.domain.conversations.conversation import Conversation
from trustlog.domain.model import NewEntry
from trustlog.domain.standing import trust
from trustlog.domain.standing.report import Asked, Report
from trustlog.services import adding, finding, managing, mornings, reports, talks
from trustlog.services.coaching import Asking
from trustlog.store import commitments, entries, jar, people, profile
from trustlog.store.journal import Journal


class Shown(NamedTuple):
    """What the demo shows: the day's page, an entry being added, a prepared conversation, and the report."""

    morning: Morning
    added: adding.Added
    talk: Conversation
    report: Report


def play(
    journal: Journal,
    story: Mapping[str, Any],
    now: datetime,
    local: Callable[[datetime], datetime],
    words: Coaching,
) -> Shown:
    """Fill an empty journal with the story as of today, then do what a recruiter does on a day."""
    with journal.change("demo", story["today"]["manager"]):
        for handle, details in story["managers"].items():
            managing.create(journal, handle, handle, dict(details))
        for code, role in story["roles"].items():
            opened = now.date() - timedelta(days=role["days_ago"])
            people.add_req(journal, people.manager(journal, role["manager"]).id, code, role["title"], opened)
        profile.save(journal, story["me"])
        for entry in story["entries"]:
            entries.add(journal, _entry(journal, entry, now.date(), local))
        for loop in story["loops"]:
            _owe(journal, loop, now.date(), local)
        for one in story["noticed"]:
            seen_on = now.date() - timedelta(days=one["days_ago"])
            jar.add(journal, people.manager(journal, one["manager"]).id, seen_on, one["seen"])
    parameters = trust.Parameters()
    talk = story["talk"]
    manager = finding.manager(journal, talk["manager"])
    planned = local(datetime.combine(now.date() + timedelta(days=1), time.fromisoformat(talk["tomorrow_at"])))
    prepared = talks.finish(
        journal, talks.Occasion(manager, "prep", now.date(), 5, planned), 5, None, talk["answers"]
    ).conversation
    morning = mornings.gather(journal, words, Asking(now, None, parameters, {}))
    today = story["today"]
    told = adding.Telling((today["manager"],), today["kind"], now, today["note"])
    added = adding.add(journal, told, now, parameters)
    report = reports.gather(journal, None, Asked(now.date(), now, None, None, False, parameters), dict)
    return Shown(morning, added, prepared, report)


def _owe(journal: Journal, told: Mapping[str, Any], today: date, local: Callable[[datetime], datetime]) -> None:
    def on(days: int, clock: time) -> datetime:
        return local(datetime.combine(today + timedelta(days=days), clock))

    manager = people.manager(journal, told["manager"])
    loop = commitments.add(journal, manager.id, told["owed_by"], told["what"], told["purpose"], None)
    commitments.record(journal, loop, Event("given", on(told["given"], time(10)), on(told["due"], time(18))))


def _entry(journal: Journal, told: list[Any], today: date, local: Callable[[datetime], datetime]) -> NewEntry:
    days, clock, handle, kind, size, note = told
    when = local(datetime.combine(today - timedelta(days=days), time.fromisoformat(clock)))
    return NewEntry(people.manager(journal, handle).id, kind, when, size, note)
