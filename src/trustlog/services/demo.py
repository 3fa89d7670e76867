"""An invented recruiter's year in a journal of its own."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from trustlog.domain import trust
from trustlog.domain.coaching import Coaching
from trustlog.domain.coaching_history import StepEvent
from trustlog.domain.conversations import FOLLOW_UP, PARTS, Conversation
from trustlog.domain.entries import EntryDraft
from trustlog.domain.kickoffs import Agreement, AgreementEvent
from trustlog.domain.morning import Morning
from trustlog.domain.private import new_lesson
from trustlog.domain.promises import PromiseEvent, by_the_clock
from trustlog.domain.report import Report, ReportRequest
from trustlog.domain.scripts import Script
from trustlog.services import coaching as coaching_service
from trustlog.services import conversations, finding, kickoffs_roles
from trustlog.services import entries as entries_service
from trustlog.services import kickoffs as kickoffs_service
from trustlog.services import morning as morning_service
from trustlog.services import people as people_service
from trustlog.services import report as report_service
from trustlog.services.coaching_history import Asking
from trustlog.store import coaching, entries, kickoffs, people, praise, private, promises
from trustlog.store.journal import Journal


class Shown(NamedTuple):
    """What the demo shows: the day's page, an entry being added, a prepared conversation, and the report."""

    morning: Morning
    added: entries_service.Added
    talk: Conversation
    report: Report
    agreement: Agreement


def play(
    journal: Journal,
    story: Mapping[str, Any],
    now: datetime,
    local: Callable[[datetime], datetime],
    words: Coaching,
    script: Script,
) -> Shown:
    """Fill an empty journal with the story as of today, then do what a recruiter does on a day."""
    with journal.change("demo", story["today"]["manager"]):
        for handle, details in story["managers"].items():
            people_service.create_manager(journal, handle, handle, dict(details))
        for code, role in story["roles"].items():
            opened = now.date() - timedelta(days=role["days_ago"])
            people.add_req(journal, people.manager(journal, role["manager"]).id, code, role["title"], opened)
        private.save_profile(journal, story["me"] | {"learned": [_lesson(one, now.date()) for one in story["learned"]]})
        for entry in story["entries"]:
            _write(journal, entry, now.date(), local, words)
        for loop in story["loops"]:
            _owe(journal, loop, now.date(), local)
        for one in story["noticed"]:
            seen_on = now.date() - timedelta(days=one["days_ago"])
            praise.add_noticed(journal, people.manager(journal, one["manager"]).id, seen_on, one["seen"])
    agreement = _kicked_off(journal, story["kickoff"], now.date(), local, script)
    for held in story["held"]:
        _hold(journal, held, now.date())
    parameters = trust.Parameters()
    talk = story["talk"]
    manager = finding.manager(journal, talk["manager"])
    planned = local(datetime.combine(now.date() + timedelta(days=1), time.fromisoformat(talk["tomorrow_at"])))
    prepared = conversations.finish(
        journal, conversations.Occasion(manager, "prep", now.date(), 5, planned), 5, None, talk["answers"]
    ).conversation
    morning = morning_service.morning(journal, words, Asking(now, None, parameters, {}))
    today = story["today"]
    draft = EntryDraft(None, today["kind"], now, note=today["note"])
    added = entries_service.add(journal, (today["manager"],), draft, now, parameters)
    asked = ReportRequest(now.date(), now, None, None, False, parameters)
    report = report_service.gather(journal, None, asked, report_service.Pages(dict, dict, str), list)
    return Shown(morning, added, prepared, report, agreement)


def _kicked_off(
    journal: Journal, told: Mapping[str, Any], today: date, local: Callable[[datetime], datetime], script: Script
) -> Agreement:
    def on(days_ago: int) -> datetime:
        return local(datetime.combine(today - timedelta(days=days_ago), time(11, 30)))

    about = kickoffs_roles.by_code(journal, told["req"])
    agreement = kickoffs_service.start(
        journal, about, told["answers"], told["agreed"], script, on(told["days_ago"])
    ).agreement
    with journal.change("demo", told["req"]):
        for stage in told["confirmed"]:  # the entry of the mail stands in the story
            event = AgreementEvent("confirmed", on(told["confirmed_days_ago"]), stage, how=told["how"])
            kickoffs.record(journal, agreement.id, event)
    return kickoffs_service.of(journal, told["req"])


def _owe(journal: Journal, told: Mapping[str, Any], today: date, local: Callable[[datetime], datetime]) -> None:
    def on(days: int, clock: time) -> datetime:
        return local(datetime.combine(today + timedelta(days=days), clock))

    manager = people.manager(journal, told["manager"])
    loop = promises.add(journal, manager.id, told["owed_by"], told["what"], told["purpose"], None)
    due = on(told["due"], time(18))
    promises.record(journal, loop, PromiseEvent("given", on(told["given"], time(10)), due))
    if "settled" in told:
        came = on(told["settled"], time(15))
        promises.record(journal, loop, PromiseEvent("settled", came, outcome=by_the_clock(due, came)))
        promises.forecast(journal, loop, told["sure"])


def _lesson(told: Mapping[str, Any], today: date) -> dict[str, Any]:
    return new_lesson(told["what"], told["from"], today - timedelta(days=told["days_ago"]))


def _write(
    journal: Journal, told: list[Any], today: date, local: Callable[[datetime], datetime], words: Coaching
) -> None:
    days, clock, handle, kind, size, note, *step = told
    when = local(datetime.combine(today - timedelta(days=days), time.fromisoformat(clock)))
    manager_id = people.manager(journal, handle).id
    draft = EntryDraft(manager_id, kind, when, size, note)
    if not step:
        entries.add(journal, draft)
        return
    event = StepEvent(step[0], "done", when)
    family = coaching_service.the_step(words, step[0]).category
    coaching.record_step(journal, manager_id, event, family, None, lambda: entries.add(journal, draft))


def _hold(journal: Journal, told: Mapping[str, Any], today: date) -> None:
    manager, on = finding.manager(journal, told["manager"]), today - timedelta(days=told["days_ago"])
    talk = None
    for part, day in zip(PARTS, (on, on, on + FOLLOW_UP), strict=True):
        if part in told:
            occasion = conversations.Occasion(manager, part, day, 5)
            talk = conversations.finish(journal, occasion, 5, talk, told[part]).conversation
