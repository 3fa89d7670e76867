"""Agreements in real files: events as they were told, as of any day, and taken back by undo."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from trustlog.domain.kickoffs import AgreementEvent
from trustlog.errors import UserError
from trustlog.store import conversations, kickoffs, people, undo
from trustlog.store.conversations import Draft

if TYPE_CHECKING:
    from trustlog.domain.people import Manager
    from trustlog.store.journal import Journal

BOSTON = timezone(timedelta(hours=-5))
EVENING = datetime(2024, 3, 4, 22, tzinfo=BOSTON)
"""Already the next day in UTC."""
MONDAY = EVENING.date()
VALUES: list[Any] = ["two\nlines", "=cmd \U0001f600 עברית", ["SQL", "Ledgers"], {"scorecard": "12h"}, True, None]


def begun(journal: Journal, dana: Manager, code: str = "PA-1", on: date = MONDAY) -> int:
    with journal.change("kickoff start", code):
        return kickoffs.add(journal, people.add_req(journal, dana.id, code, "Analyst", on), on)


@pytest.mark.parametrize("value", VALUES)
def test_what_was_said_comes_back_as_it_was(journal: Journal, dana: Manager, value: Any) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff start"):
        kickoffs.record(journal, one, AgreementEvent("written", EVENING, "scope", "level", value))
    found = kickoffs.of_req(journal, "PA-1")
    assert found is not None
    assert found.fields == {"level": value}
    assert type(found.fields["level"]) is type(value)


def test_days_are_those_of_the_place(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff confirm"):
        kickoffs.record(journal, one, AgreementEvent("confirmed", EVENING, "scope", how="chat"))
        kickoffs.record(journal, one, AgreementEvent("sent", EVENING))
    found = kickoffs.of_req(journal, "PA-1")
    assert found is not None
    assert (found.kickoff_on, found.sent_on, found.stage("scope").confirmed_on) == (MONDAY,) * 3
    assert found.stage("scope").confirmed_how == "chat"


def test_an_earlier_day_knows_nothing_of_later_events(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    with journal.change("kickoff agree"):
        kickoffs.record(journal, one, AgreementEvent("agreed", EVENING + timedelta(days=2), "scope"))
        people.close_req(journal, "PA-1", date(2024, 3, 8))
    before = kickoffs.of_req(journal, "PA-1", EVENING + timedelta(days=1))
    assert before is not None
    assert (before.stage("scope").state, before.status) == ("open", "draft")
    after = kickoffs.of_req(journal, "PA-1")
    assert after is not None
    assert (after.stage("scope").state, after.status) == ("agreed", "closed")
    assert kickoffs.of_req(journal, "PA-1", EVENING - timedelta(days=1)) is None


def test_the_newest_kick_off_of_a_manager_comes_first(journal: Journal, dana: Manager) -> None:
    begun(journal, dana, "OLD", date(2024, 3, 1))
    begun(journal, dana, "NEW", date(2024, 3, 5))
    assert [one.req for one in kickoffs.of_manager(journal, dana.id)] == ["NEW", "OLD"]
    assert [one.req for one in kickoffs.of_manager(journal, dana.id, EVENING)] == ["OLD"]


def test_undo_takes_back_event_by_event(journal: Journal, dana: Manager) -> None:
    one = begun(journal, dana)
    for name in ("level", "comp_range"):
        with journal.change("kickoff start"):
            kickoffs.record(journal, one, AgreementEvent("written", EVENING, "scope", name, name))
    undo.take_back(journal, 1)
    found = kickoffs.of_req(journal, "PA-1")
    assert found is not None
    assert found.fields == {"level": "level"}
    undo.take_back(journal, 2)
    assert kickoffs.of_req(journal, "PA-1") is None
    assert people.codes(journal) == []


def test_a_draft_stands_outside_undo(journal: Journal, dana: Manager) -> None:
    begun(journal, dana)
    with journal.draft():
        one = conversations.add_draft(journal, "kickoff", dana.id, "Analyst", {"level": None})
        conversations.keep_draft(journal, one, {"level": "Senior"})
    assert [change.command for change in undo.take_back(journal, 1)] == ["kickoff start"]
    assert conversations.drafts_of(journal, "kickoff", dana.id) == [Draft(one, "Analyst", None, {"level": "Senior"})]
    assert conversations.drafts_of(journal, "other", dana.id) == []
    with journal.draft():
        conversations.drop_draft(journal, one)
    assert conversations.drafts_of(journal, "kickoff", dana.id) == []


def test_a_draft_of_a_role_that_is_taken_back_goes_on_under_its_title(journal: Journal, dana: Manager) -> None:
    begun(journal, dana)
    role = people.req(journal, "PA-1")
    assert role is not None
    with journal.draft():
        one = conversations.add_draft(journal, "kickoff", dana.id, "Analyst", {"level": "Senior"}, role.id)
    assert conversations.drafts_of(journal, "kickoff", dana.id)[0].req == "PA-1"
    undo.take_back(journal, 1)
    assert conversations.drafts_of(journal, "kickoff", dana.id) == [Draft(one, "Analyst", None, {"level": "Senior"})]


def test_a_manager_whom_a_draft_needs_is_not_taken_back(journal: Journal, dana: Manager) -> None:
    with journal.draft():
        conversations.add_draft(journal, "kickoff", dana.id, "Analyst", {"level": "Senior"})
    with pytest.raises(UserError, match="a draft still needs") as error:
        undo.take_back(journal, 1)
    assert error.value.code == "conflict"
    assert len(conversations.drafts_of(journal, "kickoff", dana.id)) == 1
