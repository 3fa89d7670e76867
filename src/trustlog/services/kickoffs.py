"""Kick-off agreements: starting, agreeing, confirming and amending, each one change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from trustlog import clock
from trustlog.domain import text
from trustlog.domain.days import echo_day
from trustlog.domain.entries import Entry, EntryDraft
from trustlog.domain.kickoffs import WINDOWS, Agreement, AgreementEvent, Stage, StageName
from trustlog.domain.people import Req
from trustlog.domain.promises import EVENING, Owed, Promise, PromiseEvent
from trustlog.domain.scripts import Script
from trustlog.errors import UserError
from trustlog.services import finding, kickoffs_roles
from trustlog.services import people as people_service
from trustlog.services.entries import write
from trustlog.services.kickoffs_roles import KickoffRole
from trustlog.store import kickoffs, people, promises
from trustlog.store.journal import Journal

Answers = Mapping[str, Any]
DERIVED = {
    "email_sent_on": "kickoff email --sent", "confirmed_on": "kickoff confirm", "confirmed_how": "kickoff confirm",
}  # fmt: skip
"""What the recap tells of itself, and the commands that note it."""


class AgreedKickoff(NamedTuple):
    """An agreement after a yes, and the loops that its duties with a day became."""

    agreement: Agreement
    loops: tuple[Promise, ...] = ()


class Confirmed(NamedTuple):
    """An agreement after a confirmation, the entry that was written, the stages that were left as they are, and the
    loops that duties with a day became.
    """

    agreement: Agreement
    entry: Entry
    left: tuple[Stage, ...]
    loops: tuple[Promise, ...] = ()


class Amending(NamedTuple):
    """New values of what was written down; of what was agreed also why it changes, and what that does to time or
    people.
    """

    answers: Answers
    reason: str | None
    effect: str | None
    at: datetime


def of(journal: Journal, code: str) -> Agreement:
    """The agreement of a role. Raises UserError `unknown-req`, `conflict`."""
    found = finding.req(journal, code)
    agreement = kickoffs.of_req(journal, found.code)
    if agreement is None:
        hint = f"Begin with: trustlog kickoff start {found.code}"
        raise UserError("conflict", f"{found.code} has no kick-off yet", hint)
    return agreement


def every(journal: Journal) -> list[Agreement]:
    """The agreements of all roles, the newest first."""
    found = [
        agreement for manager in people.all_managers(journal) for agreement in kickoffs.of_manager(journal, manager.id)
    ]
    return sorted(found, key=lambda one: (one.kickoff_on, one.id), reverse=True)


def check_open(agreement: Agreement | None, req: Req | None, at: datetime) -> None:
    """What may be changed on a day. Raises UserError `conflict`."""
    closed = req.closed_on if req else None
    if req is not None and closed is not None:
        raise UserError("conflict", f"{req.code} was closed on {echo_day(closed)}", "A closed role stays as it is.")
    if agreement is not None and at.date() < agreement.kickoff_on:
        day = echo_day(agreement.kickoff_on)
        raise UserError("conflict", f"the kick-off of {agreement.req} was on {day}, after that", "Give a later --when.")


def start(
    journal: Journal, about: KickoffRole, answers: Answers, agreed: Sequence[StageName], script: Script, at: datetime
) -> AgreedKickoff:
    """Write down what was said, with its role if that is new, and which stages both said yes to.

    Raises UserError `conflict` for what was agreed before; then nothing is written.
    """
    stage_of = stages_of(script)
    with journal.change("kickoff start") as change:
        req = about.req or people_service.make_req(journal, about.manager, about.title, about.code, at.date(), ())
        change.summary = req.code
        agreement = kickoffs.of_req(journal, req.code)
        check_open(agreement, req, at)
        kickoffs_roles.drop_draft(journal, about)
        agreement_id = agreement.id if agreement else kickoffs.add(journal, req.id, at.date())
        for name, value in new_answers(agreement, answers, script).items():
            kickoffs.record(journal, agreement_id, AgreementEvent("written", at, stage_of[name], name, value))
        for stage in agreed:
            if agreement is None or agreement.stage(stage).agreed_on is None:
                kickoffs.record(journal, agreement_id, AgreementEvent("agreed", at, stage))
        now = of(journal, req.code)
        return AgreedKickoff(now, _duties(journal, agreement, now, at))


def new_answers(agreement: Agreement | None, answers: Answers, script: Script) -> dict[str, Any]:
    """The answers that do not stand already. Raises UserError `conflict` for a change of what was agreed."""
    if agreement is None:
        return dict(answers)
    stage_of, left = stages_of(script), dict[str, Any]()
    for name, value in answers.items():
        was, stage = agreement.fields.get(name), stage_of[name]
        agreed = agreement.stage(stage).first_agreed is not None
        usual = WINDOWS | (was or {}) if name == "windows" else {}
        if value == was or (agreed and usual and usual | value == usual):
            continue
        if agreed:
            hint = f"Change it openly: trustlog kickoff amend {agreement.req} --set {name}=… --reason … --effect …"
            raise UserError("conflict", f"{name} belongs to {stage}, which is agreed already", hint)
        left[name] = value
    return left


def stages_of(script: Script) -> dict[str, StageName]:
    """The stage of each field."""
    return {field.name: stage for stage, fields in script.by_stage().items() for field in fields}  # type: ignore[misc]  # scripts.py lets only stages through


def move(
    journal: Journal, code: str, stages: Sequence[StageName], to: Literal["agreed", "disputed", "parked"], at: datetime
) -> AgreedKickoff:
    """Agree, dispute or park stages. Raises UserError `conflict` if none of them is moved by it."""
    command = {"agreed": "kickoff agree", "disputed": "kickoff dispute", "parked": "kickoff park"}[to]
    with journal.change(command) as change:
        agreement = _changeable(journal, code, at)
        meant = [agreement.stage(name) for name in stages]
        moved = [stage for stage in meant if stage.state != to and not (to == "agreed" and stage.state == "confirmed")]
        if to == "agreed" and len(stages) > 1:
            moved = [stage for stage in moved if stage.state in ("open", "proposed")]
        if not moved:
            stands = meant[0].state if len(meant) == 1 else "settled"
            raise UserError(
                "conflict", f"{_named(meant)}: already {stands}", f"See: trustlog kickoff show {agreement.req}"
            )
        for one in moved:
            kickoffs.record(journal, agreement.id, AgreementEvent(to, at, one.name))
        change.summary = f"{agreement.req} {_named(moved)}"
        now = of(journal, agreement.req)
        return AgreedKickoff(now, _duties(journal, agreement, now, at))


def confirm(journal: Journal, code: str, stages: Sequence[StageName], how: str, at: datetime) -> Confirmed:
    """Keep a yes in writing to stages, and write one `expectation-confirmed` for all of them.

    Of several stages the disputed and parked ones are left, and those that nobody has talked about. Raises UserError
    `conflict` if nothing is to confirm.
    """
    with journal.change("kickoff confirm") as change:
        agreement = _changeable(journal, code, at)
        meant = [agreement.stage(name) for name in stages if agreement.stage(name).state != "confirmed"]
        left = [stage for stage in meant if len(stages) > 1 and stage.state in ("disputed", "parked", "open")]
        if [stage.name for stage in left] == ["recap"] and left[0].state == "open":
            left = []  # where nothing is left open, there is nothing more to write there
        done = [stage for stage in meant if stage not in left]
        if not done:
            already = _named([agreement.stage(name) for name in stages])
            told = "nothing is left to confirm" if len(stages) > 1 else f"{already} is confirmed already"
            if any(stage.state == "open" for stage in left):
                told = "nothing is written yet that could be confirmed"
            raise UserError("conflict", told, f"See: trustlog kickoff show {agreement.req}")
        _check_after_amendments(agreement, done, at)
        manager, note = finding.manager(journal, agreement.manager), f"{agreement.title}: {_named(done)} confirmed"
        draft = EntryDraft(manager.id, "expectation-confirmed", at, note=note, channel=how, req=agreement.req)
        entry = write(journal, manager, draft)
        for one in done:
            kickoffs.record(journal, agreement.id, AgreementEvent("confirmed", at, one.name, how=how), entry.id)
        change.summary = f"{agreement.req} {_named(done)}"
        now = of(journal, agreement.req)
        return Confirmed(now, entry, tuple(left), _duties(journal, agreement, now, at))


DUTIES: tuple[tuple[str, Owed], ...] = (("recruiter_does", "me"), ("manager_does", "them"))
_BY = re.compile(r"(.*\S)\s+(?:by|until|before)\s+([^.]+)\.?", re.IGNORECASE | re.DOTALL)


def _duties(journal: Journal, was: Agreement | None, now: Agreement, at: datetime) -> tuple[Promise, ...]:
    """The duties with a day of a stage that both said yes to for the first time, each as an open loop.

    A day is what stands after `by` at the end of a duty, and is seen from the day of the yes; one that has passed
    opens nothing.
    """
    stage = now.stage("responsibilities")
    if stage.first_agreed is None or (was is not None and was.stage("responsibilities").first_agreed is not None):
        return ()
    req, manager = finding.req(journal, now.req), finding.manager(journal, now.manager)
    ids = []
    for name, owed_by in DUTIES:
        for what, day in (said.groups() for duty in stage.fields.get(name) or () if (said := _BY.fullmatch(duty))):
            try:
                due = clock.read(day, at, "future", EVENING)
            except UserError:
                continue  # no day, as in "by phone"
            if due > at:
                line = finding.checked(text.line, what, "a duty")
                ids.append(promises.add(journal, manager.id, owed_by, line, "other", req.id))
                promises.record(journal, ids[-1], PromiseEvent("given", at, due))
    return tuple(loop for one in ids if (loop := promises.get(journal, one)) is not None)


def amend(journal: Journal, code: str, how: Amending, script: Script) -> Agreement:
    """Change what was agreed, each field as a numbered amendment of its own, and plainly what was not agreed yet.

    Raises UserError `conflict`, and `bad-text` where a change of what was agreed says no reason or effect.
    """
    stage_of = stages_of(script)
    with journal.change("kickoff amend") as change:
        agreement = _changeable(journal, code, how.at)
        for name, value in how.answers.items():
            stage = agreement.stage(stage_of[name])
            was = stage.fields.get(name)
            if name == "windows" and value is not None:
                value = (was or {}) | value  # noqa: PLW2901 - the windows that were not named stay
            if value == was or (name == "windows" and WINDOWS | (was or {}) == WINDOWS | (value or {})):
                raise UserError("conflict", f"{name} says that already", "Give what it is to be.")
            agreed_on = stage.agreed_on or stage.first_agreed
            if agreed_on is not None and how.at.date() < agreed_on:
                day = echo_day(agreed_on)
                raise UserError("conflict", f"{stage.name} was agreed on {day}, after that", "Give a later --when.")
            event = AgreementEvent("written", how.at, stage.name, name, value)
            if stage.first_agreed is not None:
                reason = finding.said(how.reason or "", "the reason", "Say it in a few words.")
                effect = finding.said(how.effect or "", "the effect", "Say it in a few words.")
                event = event._replace(kind="amended", reason=reason, effect=effect)
            kickoffs.record(journal, agreement.id, event)
        change.summary = f"{agreement.req} {', '.join(how.answers)}"
    return of(journal, agreement.req)


def were_agreed(agreement: Agreement, names: Iterable[str], script: Script) -> bool:
    """Whether both said yes to one of the fields, which then changes as a numbered amendment alone."""
    stage_of = stages_of(script)
    return any(agreement.stage(stage_of[name]).first_agreed is not None for name in names)


def droppable(journal: Journal, code: str, at: datetime) -> Agreement:
    """A kick-off to no part of which both said yes. Raises UserError `conflict` for any other."""
    agreement = _changeable(journal, code, at)
    agreed = [stage for stage in agreement.stages if stage.first_agreed is not None]
    if agreed:
        told = f"{_named(agreed)}: both said yes, so the kick-off of {agreement.req} stays"
        hint = f"Change it: trustlog kickoff amend {agreement.req}; close the role: trustlog req close {agreement.req}"
        raise UserError("conflict", told, hint)
    return agreement


def drop(journal: Journal, code: str, at: datetime) -> Agreement:
    """Let go of a whole kick-off; its role stays. Raises UserError `conflict` once a part of it was agreed."""
    with journal.change("kickoff start --drop") as change:
        agreement = droppable(journal, code, at)
        kickoffs.drop(journal, agreement.id)
        change.summary = agreement.req
    return agreement


def sent(journal: Journal, code: str, at: datetime) -> Agreement:
    """Note the day on which the email was sent."""
    with journal.change("kickoff email --sent") as change:
        agreement = _changeable(journal, code, at)
        kickoffs.record(journal, agreement.id, AgreementEvent("sent", at))
        change.summary = agreement.req
    return of(journal, agreement.req)


def _changeable(journal: Journal, code: str, at: datetime) -> Agreement:
    agreement = of(journal, code)
    check_open(agreement, finding.req(journal, agreement.req), at)
    return agreement


def _check_after_amendments(agreement: Agreement, stages: Sequence[Stage], at: datetime) -> None:
    """A change is confirmed once it was made."""
    names = [stage.name for stage in stages]
    for amendment in agreement.amendments:
        if amendment.confirmed_on is None and amendment.stage in names and at.date() < amendment.made_on:
            told = f"update {amendment.number} was made on {echo_day(amendment.made_on)}, after that"
            raise UserError("conflict", told, "Give a later --when.")


def _named(stages: Sequence[Stage]) -> str:
    return ", ".join(stage.name for stage in stages)
