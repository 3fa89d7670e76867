"""The kick-off agreement: what its events come to, windows and their lengths."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from trustlog.domain.kickoffs import (
    STAGES,
    WINDOWS,
    Agreement,
    AgreementEvent,
    agreed_hours,
    blanks,
    fold,
    hours,
    stages_meant,
    windows,
)

FIRST, SECOND, THIRD = (date(2024, 3, day) for day in (4, 5, 6))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def written(name: str, value: Any, stage: Any = "scope", day: date = FIRST) -> AgreementEvent:
    return AgreementEvent("written", at(day), stage, name, value)


def happened(kind: Any, day: date = FIRST, stage: Any = "scope", **more: Any) -> AgreementEvent:
    return AgreementEvent(kind, at(day), stage, **more)


def amended(name: str, value: Any, day: date = SECOND, stage: Any = "scope") -> AgreementEvent:
    return AgreementEvent("amended", at(day), stage, name, value, "a wider role", "two weeks more")


def agreement(*events: AgreementEvent, closed_on: date | None = None) -> Agreement:
    stages, amendments, sent_on = fold(events)
    return Agreement(
        1, "u", "PA-1", "Analyst", "dana", "Dana Ortiz", FIRST, closed_on, sent_on, stages, amendments
    )  # fmt: skip


STATES: list[tuple[list[AgreementEvent], str, date | None, date | None]] = [
    ([], "open", None, None),
    ([written("level", "Senior")], "proposed", None, None),
    ([happened("agreed")], "agreed", FIRST, None),
    ([happened("agreed"), happened("confirmed", SECOND)], "confirmed", FIRST, SECOND),
    ([happened("confirmed", SECOND)], "confirmed", SECOND, SECOND),
    ([happened("agreed", THIRD), happened("confirmed", SECOND)], "confirmed", SECOND, SECOND),
    ([happened("confirmed"), happened("disputed", SECOND)], "disputed", None, None),
    ([happened("agreed"), happened("parked", SECOND)], "parked", None, None),
    ([happened("disputed"), happened("agreed", SECOND)], "agreed", SECOND, None),
    ([happened("disputed"), written("level", "Senior")], "proposed", None, None),
    ([happened("disputed"), written("level", None)], "disputed", None, None),
    ([written("level", None), written("must_haves", [])], "open", None, None),
    ([written("level", "Senior"), written("level", None)], "open", None, None),
    ([happened("confirmed"), amended("level", "Staff")], "agreed", FIRST, None),
]  # fmt: skip


@pytest.mark.parametrize(("events", "state", "agreed_on", "confirmed_on"), STATES)
def test_a_stage_stands_as_its_last_event_left_it(
    events: list[AgreementEvent], state: str, agreed_on: date | None, confirmed_on: date | None
) -> None:
    one = agreement(*events).stage("scope")
    assert (one.state, one.agreed_on, one.confirmed_on) == (state, agreed_on, confirmed_on)
    assert {stage.state for stage in agreement(*events).stages if stage.name != "scope"} == {"open"}


def test_an_amendment_keeps_the_old_text_and_waits_for_its_own_yes() -> None:
    events = [written("level", "Senior"), happened("confirmed", how="email"), amended("level", "Staff")]
    (waiting,) = agreement(*events).amendments
    assert (waiting.number, waiting.old, waiting.new, waiting.confirmed_on) == (1, "Senior", "Staff", None)
    assert agreement(*events).fields == {"level": "Staff"}
    (settled,) = agreement(*events, happened("confirmed", THIRD)).amendments
    assert settled == waiting._replace(confirmed_on=THIRD)


def test_a_yes_to_one_stage_is_none_to_the_change_of_another() -> None:
    events = [happened("confirmed"), amended("level", "Staff"), happened("confirmed", THIRD, "recap")]
    assert agreement(*events).amendments[0].confirmed_on is None


STATUSES: list[tuple[list[AgreementEvent], str, int]] = [
    ([], "draft", 1),
    ([happened("sent", stage=None)], "sent", 1),
    ([happened("confirmed")], "partly-confirmed", 1),
    ([happened("confirmed", stage=name) for name in STAGES], "confirmed", 1),
    ([happened("confirmed", stage=name) for name in STAGES[:4]] + [happened("parked", stage="recap")], "confirmed", 1),
    ([happened("parked", stage=name) for name in STAGES], "draft", 1),
    ([happened("confirmed"), amended("level", "Staff"), amended("comp_range", "80")], "amended", 3),
]


@pytest.mark.parametrize(("events", "status", "version"), STATUSES)
def test_the_status_and_the_version_follow_from_the_events(
    events: list[AgreementEvent], status: str, version: int
) -> None:
    one = agreement(*events)
    assert (one.status, one.version) == (status, version)
    assert agreement(*events, closed_on=THIRD).status == "closed"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("48h", 48), ("36 hours", 36), ("1 hour", 1), ("2 days", 48), ("1.5 days", 36), ("3d", 72), ("Friday", None),
        ("", None), ("0h", None), ("h", None), ("-2h", None), ("48", None), ("2 weeks", None), ("1e3h", None),
    ],
)  # fmt: skip
def test_a_length_is_read_in_hours(typed: str, found: float | None) -> None:
    assert hours(typed) == found


def test_windows_that_were_not_entered_are_the_usual_ones() -> None:
    one = agreement(written("windows", {"scorecard": "12h"}, "process"))
    assert windows(one) == WINDOWS | {"scorecard": "12h"}
    assert windows(agreement()) == WINDOWS


def test_a_window_holds_once_its_stage_was_agreed() -> None:
    entered = written("windows", {"scorecard": "2 days"}, "process")
    assert agreed_hours(agreement(entered), "scorecard") is None
    agreed = agreement(entered, happened("agreed", stage="process"))
    assert {purpose: agreed_hours(agreed, purpose) for purpose in ("scorecard", "decision", "slots", "other")} == {
        "scorecard": 48, "decision": 24, "slots": 48, "other": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("scope", ("scope",)), ("Scope", ("scope",)), ("2", ("scope",)), ("5", ("recap",)), ("all", STAGES),
        ("disc", ("discovery",)), ("re", ()), ("0", ()), ("6", ()), ("02", ()), ("", ()), ("offer", ()), ("²", ()),
    ],
)  # fmt: skip
def test_a_stage_is_meant_by_its_name_its_number_or_all(typed: str, meant: tuple[str, ...]) -> None:
    assert stages_meant(typed) == meant


def test_what_was_not_said_is_blank_but_windows_never_are() -> None:
    one = agreement(written("level", "Senior"), written("must_haves", []), written("fairness_check", False))
    assert blanks(one, ["level", "must_haves", "fairness_check", "windows", "comp_range"]) == [
        "must_haves", "comp_range",
    ]  # fmt: skip
