"""Promising, asking, settling, with the matching entry in the same change."""

from datetime import datetime
from typing import NamedTuple, cast

from trustlog import clock
from trustlog.domain import days, text
from trustlog.domain import promises as domain
from trustlog.domain.days import echo
from trustlog.domain.entries import Entry, EntryDraft
from trustlog.domain.kickoffs import agreed_hours
from trustlog.domain.promises import Owed, Promise, PromiseEvent, State
from trustlog.errors import UserError
from trustlog.services import entries as entries_service
from trustlog.services import finding
from trustlog.store import entries, kickoffs, promises, undo
from trustlog.store.journal import Journal

WHEN = "It says when it happened."


class PromiseOutcome(NamedTuple):
    """A commitment, and the entry that was written with it, if one was."""

    commitment: Promise
    entry: Entry | None


class Given(NamedTuple):
    """A commitment as it was told: who owes what, from when, until when, and about which role."""

    manager: str
    owed_by: Owed
    what: str
    given_at: datetime
    due_at: datetime | None
    purpose: str = "other"
    req: str | None = None
    at_risk: bool = False
    sure: int | None = None
    """How likely an answer in time seems, 0 to 100 %: a forecast, kept in the second drawer."""
    new: bool = False
    """Whether `manager` is somebody who is to be added."""


class Settling(NamedTuple):
    """How a loop is closed or moved. Without an outcome the clock says kept or late."""

    outcome: str | None
    at: datetime
    due_at: datetime | None = None
    note: str | None = None


def give(journal: Journal, given: Given, now: datetime) -> PromiseOutcome:
    """Keep a promise of mine or something asked of them; asking a favour writes `ask-help`. Raises UserError."""
    what = finding.checked(text.line, given.what, "what is owed")
    finding.check_past(given.given_at, now, WHEN)
    # what is told now may be late already; what was told then could not be
    if given.due_at is not None and given.due_at < given.given_at < now:
        raise UserError("bad-date", f"it would be due {echo(given.due_at)}, before it was given", "Give a later --due.")
    with journal.change("promise" if given.owed_by == "me" else "ask") as change:
        manager = entries_service.met(journal, given.manager, create=given.new)
        req_id = finding.req_of(journal, given.req, manager)
        commitment_id = promises.add(journal, manager.id, given.owed_by, what, given.purpose, req_id)
        entry_id = None
        if given.owed_by == "them" and given.purpose == domain.WITHOUT_DUE_TIME:
            entry_id = entries.add(
                journal, EntryDraft(manager.id, "ask-help", given.given_at, note=what, req_id=req_id)
            )
        promises.record(journal, commitment_id, PromiseEvent("given", given.given_at, given.due_at), None, entry_id)
        if given.at_risk:
            promises.record(journal, commitment_id, PromiseEvent("at-risk", given.given_at))
        if given.sure is not None:
            promises.forecast(journal, commitment_id, given.sure)
        change.summary = f"L{commitment_id} {manager.handle}"
    return _outcome(journal, commitment_id, entry_id)


def keep_in_sight(journal: Journal, manager_id: int, what: str, given: datetime, due: datetime) -> Promise:
    """Open a loop for a promise of mine, within a change of its caller."""
    loop_id = promises.add(journal, manager_id, "me", what, "other", None)
    promises.record(journal, loop_id, PromiseEvent("given", given, due))
    return _loop(journal, loop_id)


def request(journal: Journal, given: Given, now: datetime, *, working_week: bool) -> PromiseOutcome:
    """Keep something asked for in sight; without a due time until the agreed window ends. Raises UserError."""
    if given.purpose == domain.WITHOUT_DUE_TIME:
        if given.due_at is not None:
            raise UserError("bad-field", "a favour has no due time", "Leave --due out, or choose another --for.")
    elif given.due_at is None:
        who = None if given.new else given.manager
        until = window_end(journal, who, given.purpose, given.req, given.given_at, working_week=working_week)
        given = given._replace(due_at=until)
    return give(journal, given, now)


def settle(journal: Journal, commitment_id: int, how: Settling, now: datetime) -> PromiseOutcome:
    """Close a loop, move its time, or mark it at risk. Raises UserError `unknown-entry`, `conflict`, `needs-answer`."""
    finding.check_past(how.at, now, WHEN)
    note = finding.checked(text.checked, how.note, "the note") if how.note else None
    with journal.change("settle") as change:
        loop = _loop(journal, commitment_id)
        change.summary = f"{loop.ref} {loop.manager}"
        outcome = how.outcome or domain.by_the_clock(loop.due_at, how.at)
        if loop.state != "open":
            raise UserError("conflict", f"{loop.ref} is already settled: {loop.state}", _reopening(journal, loop))
        _check(loop, outcome, how)
        entry_id = _write_entry(journal, loop, outcome, how, note)
        promises.record(journal, loop.id, _event(outcome, how), note, entry_id)
    return _outcome(journal, commitment_id, entry_id)


def meant(journal: Journal, who: str) -> list[Promise]:
    """The loops that a number or a manager may mean. Raises UserError `unknown-entry` if there is none open."""
    number = finding.number(who, "L", {})
    if number is not None:
        return [_loop(journal, number)]
    manager = finding.manager(journal, who)
    listed = promises.still_open(journal, manager.id)
    if not listed:
        raise UserError("unknown-entry", f"nothing is open with {manager.handle}", "See: trustlog open")
    return listed


def anew(loop: Promise) -> str:
    """How the same thing is kept in sight once more, when its loop has ended."""
    return f"trustlog {'promise' if loop.owed_by == 'me' else 'ask'} {loop.manager} WHAT --due WHEN"


def window_end(
    journal: Journal, who: str | None, purpose: str, code: str | None, given_at: datetime, *, working_week: bool
) -> datetime:
    """Until when an answer may take, in working hours: by the role's agreement, else by the manager's newest, else 48.

    Without a manager, for somebody new, it is 48. Raises UserError for an unknown manager or role.
    """
    known = kickoffs.of_manager(journal, finding.manager(journal, who).id) if who is not None else []
    role = kickoffs.of_req(journal, finding.req(journal, code).code) if code is not None else None
    others = [req for req in known if req.closed_on is None]
    agreed = (agreed_hours(agreement, purpose) for agreement in ([role] if role else []) + others)
    hours = next((hours for hours in agreed if hours is not None), domain.WINDOW_HOURS)
    local = given_at.astimezone().replace(tzinfo=None)
    return clock.local_or_next(days.window_end(local, hours, working_week=working_week))


def _loop(journal: Journal, number: int) -> Promise:
    found = promises.get(journal, number) if finding.is_number(number) else None
    if found is None:
        raise UserError("unknown-entry", f"there is no loop L{number}", "See: trustlog open")
    return found


def _reopening(journal: Journal, loop: Promise) -> str:
    """How a loop is opened again: by taking back what settled it, with all that was written since."""
    changes = undo.changes(journal)[1:]  # without the one that is being refused
    made = ((change.command, change.summary.partition(" ")[0]) for change in changes)
    count = next((number for number, said in enumerate(made, 1) if said == ("settle", loop.ref)), 0)
    if count == 1:
        return "trustlog undo takes that back."
    if count:
        since = "the change made since" if count == 2 else f"the {count - 1} changes made since"
        return f"trustlog undo {count} takes that back, and {since}."
    return f"What came of it since can be added: trustlog add {loop.manager}"


def _event(outcome: str, how: Settling) -> PromiseEvent:
    if outcome == "renegotiated":
        return PromiseEvent("moved", how.at, how.due_at)
    if outcome == "at-risk":
        return PromiseEvent("at-risk", how.at)
    return PromiseEvent("settled", how.at, outcome=cast("State", outcome))


def _check(loop: Promise, outcome: str, how: Settling) -> None:
    """What a loop allows at a moment."""
    if how.at < loop.given_at:
        raise UserError(
            "conflict", f"{loop.ref} was given on {echo(loop.given_at)}, after that", "Give a later --when."
        )
    if outcome == "renegotiated":
        _check_move(loop, how)
    elif how.due_at is not None:
        raise UserError("bad-field", f"--due does not go with {outcome}", "It goes with renegotiated.")
    late = loop.overdue(how.at)
    if outcome == "kept" and late and loop.due_at is not None:
        raise UserError(
            "conflict", f"it was due {echo(loop.due_at)}, before that", "Say late, or give an earlier --when."
        )
    if outcome == "late" and not late:
        raise UserError("conflict", "it was not late then", "Say kept, or give another --when.")


def _check_move(loop: Promise, how: Settling) -> None:
    """A time is moved before it has passed, to one that is still to come."""
    if loop.purpose == domain.WITHOUT_DUE_TIME:
        raise UserError("bad-field", "a favour has no due time", "Say kept or withdrawn.")
    if how.due_at is None:
        raise UserError("needs-answer", "a moved loop needs its new time", "Give it as --due.")
    if loop.overdue(how.at) and loop.due_at is not None:
        raise UserError(
            "conflict",
            f"it was due {echo(loop.due_at)}, which has passed",
            f"Say late if it came, else missed; then: {anew(loop)}",
        )
    if how.due_at < how.at:
        raise UserError("bad-date", f"the new time {echo(how.due_at)} has passed by then", "Give a later --due.")


def _write_entry(journal: Journal, loop: Promise, outcome: str, how: Settling, note: str | None) -> int | None:
    written = domain.ENTRY_OF.get((loop.owed_by, outcome))
    if written is None:
        return None
    kind, size = written
    manager = finding.manager(journal, loop.manager)
    req_id = finding.req(journal, loop.req).id if loop.req is not None else None  # it may be another's by now
    return entries.add(journal, EntryDraft(manager.id, kind, how.at, size=size, note=note or loop.what, req_id=req_id))


def _outcome(journal: Journal, commitment_id: int, entry_id: int | None) -> PromiseOutcome:
    entry = entries.get(journal, entry_id) if entry_id is not None else None
    return PromiseOutcome(_loop(journal, commitment_id), entry)
