"""An invented recruiter's year in a journal of its own."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from trustlog.domain import trust
from trustlog.domain.conversation import Conversation
from trustlog.domain.model import NewEntry
from trustlog.domain.report import Asked, Report
from trustlog.services import adding, finding, managing, reports, talks
from trustlog.store import entries, people, profile
from trustlog.store.journal import Journal


class Shown(NamedTuple):
    """What the demo shows: an entry being added, a prepared conversation, and the report."""

    added: adding.Added
    talk: Conversation
    report: Report


def play(
    journal: Journal,
    story: Mapping[str, Any],
    now: datetime,
    local: Callable[[datetime], datetime],
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
    parameters = trust.Parameters()
    talk = story["talk"]
    manager = finding.manager(journal, talk["manager"])
    planned = local(datetime.combine(now.date() + timedelta(days=1), time.fromisoformat(talk["tomorrow_at"])))
    prepared = talks.finish(
        journal, talks.Occasion(manager, "prep", now.date(), 5, planned), 5, None, talk["answers"]
    ).conversation
    today = story["today"]
    told = adding.Telling((today["manager"],), today["kind"], now, today["note"])
    added = adding.add(journal, told, now, parameters)
    report = reports.gather(journal, None, Asked(now.date(), now, None, None, False, parameters))
    return Shown(added, prepared, report)


def _entry(journal: Journal, told: list[Any], today: date, local: Callable[[datetime], datetime]) -> NewEntry:
    days, clock, handle, kind, size, note = told
    when = local(datetime.combine(today - timedelta(days=days), time.fromisoformat(clock)))
    return NewEntry(people.manager(journal, handle).id, kind, when, size, note)
