"""Agreements in real files: events as they were told, as of any day, and taken back by undo."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.agreement import AgreementEvent
from trustlog.store import agreements, drafts, people, undo

if TYPE_CHECKING:
    from trustlog.domain.model import Manager
    from trustlog.store.journal import Journal

BOSTON = timezone(timedelta(hours=-5))
EVENING = datetime(2024, 3, 4, 22, tzinfo=BOSTON)
"""Already the next day in UTC."""
MONDAY = EVENING.date()
VALUES: list[Any] = ["two\nlines", "=cmd \U0001f600 עברית", ["SQL", "Ledgers"], {"scorecard": "12h"}, True, None]


def begun(journal: Journal, dana: Manager, code: str = "PA-1", on: date = MONDAY) -> int:
    with journal.change("kickoff start", code):
        return agreements.add(journal, people.add_req(journal, dana.id, code, "Analyst", on), on)


@pytest.mark.parametrize("value", VALUES)
def test_what_was_said_comes_back_as_it_was(journal: Journal, dana: Manager, value: Any) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff start"):
        agreements.record(journal, one, AgreementEvent("written", EVENING, "scope", "level", value))
    found = agreements.of_req(journal, "PA-1")
    assert found is not None
    assert found.fields == {"level": value}
    assert type(found.fields["level"]) is type(value)


def test_days_are_those_of_the_place(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff confirm"):
        agreements.record(journal, one, AgreementEvent("confirmed", EVENING, "scope", how="chat"))
        agreements.record(journal, one, AgreementEvent("sent", EVENING))
    found = agreements.of_req(journal, "PA-1")
    assert found is not None
    assert (found.kickoff_on, found.sent_on, found.stage("scope").confirmed_on) == (MONDAY,) * 3
    assert found.stage("scope").confirmed_how == "chat"


def test_an_earlier_day_knows_nothing_of_later_events(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff agree"):
        agreements.record(journal, one, AgreementEvent("agreed", EVENING + timedelta(days=2), "scope"))
        people.close_req(journal, "PA-1", date(2024, 3, 8))
    before = agreements.of_req(journal, "PA-1", EVENING + timedelta(days=1))
    assert before is not None
    assert (before.stage("scope").state, before.status) == ("open", "draft")
    after = agreements.of_req(journal, "PA-1")
    assert after is not None
    assert (after.stage("scope").state, after.status) == ("agreed", "closed")
    assert agreements.of_req(journal, "PA-1", EVENING - timedelta(days=1)) is None


def test_the_newest_kick_off_of_a_manager_comes_first(journal: Journal, dana: Manager) -> None:
    begun(journal, dana, "OLD", date(2024, 3, 1))
    begun(journal, dana, "NEW", date(2024, 3, 5))
    assert [one.req for one in agreements.of_manager(journal, dana.id)] == ["NEW", "OLD"]
    assert [one.req for one in agreements.of_manager(journal, dana.id, EVENING)] == ["OLD"]


def test_undo_takes_back_event_by_event(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    for name in ("level", "comp_range"):
        with journal.change("kickoff start"):
            agreements.record(journal, one, AgreementEvent("written", EVENING, "scope", name, name))
    undo.take_back(journal, 1)
    found = agreements.of_req(journal, "PA-1")
    assert found is not None
    assert found.fields == {"level": "level"}
    undo.take_back(journal, 2)
    assert agreements.of_req(journal, "PA-1") is None
    assert people.codes(journal) == []


def test_a_draft_stands_outside_undo(journal: Journal, dana: Manager) -> None:
    with journal.draft():
        drafts.keep(journal, "kickoff", "dana: Analyst", {"level": None})
        drafts.keep(journal, "kickoff", "dana: Analyst", {"level": "Senior"})
    undo.take_back(journal, 1)
    assert people.names(journal) == []
    assert drafts.load(journal, "kickoff", "dana: Analyst") == {"level": "Senior"}
    assert drafts.load(journal, "kickoff", f"{dana.handle}: Auditor") == {}
    with journal.draft():
        drafts.drop(journal, "kickoff", "dana: Analyst")
    assert drafts.load(journal, "kickoff", "dana: Analyst") == {}
