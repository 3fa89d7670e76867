"""Friday's mail: gathering what it tells, and noting that it was sent."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from trustlog import clock
from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching import updating
from trustlog.domain.coaching.thanking import Unthanked
from trustlog.domain.coaching.updating import Material, Update, UpdateWords
from trustlog.domain.model import Manager, NewEntry, Req
from trustlog.errors import UserError
from trustlog.services import briefing, finding, thanking
from trustlog.store import commitments, entries, people
from trustlog.store.journal import Journal

_MOST = 500
"""No more entries are read for one mail than these."""


def whom(journal: Journal, who: str) -> tuple[Manager, Req | None]:
    """The manager that a word means, or the role and its manager. Raises UserError."""
    exact = people.req(journal, who)
    known = {handle for handle, _ in people.names(journal)}
    if exact is not None and who not in known:
        return people.manager(journal, exact.manager), exact
    try:
        return finding.manager(journal, who), None
    except UserError as problem:
        try:
            role = finding.req(journal, who)
        except UserError:
            raise problem from None
        return people.manager(journal, role.manager), role


class Wanted(NamedTuple):
    """What a mail is about: a manager, or one role; since the last one, else a week, unless a day is named."""

    manager: Manager
    req: Req | None
    since: date | None
    sender: str | None


def draft(journal: Journal, wanted: Wanted, now: datetime, words: UpdateWords) -> Update:
    """The mail as it could be sent now."""
    manager, req = wanted.manager, wanted.req
    begin = _begin(journal, wanted, now)
    kinds = {*words.done, *words.bare} - updating.NEVER
    noted = [
        one
        for one in reversed(entries.of_kinds(journal, manager.id, kinds, begin, now, _MOST))
        if req is None or one.req == req.code
    ]
    # a promise is told as it was given: the note beside it may say anything
    promised = commitments.whats_by_entry(journal, manager.id)
    done = [one._replace(note=promised.get(one.id, one.note)) for one in noted]
    loops = commitments.all_of(journal, manager.id, now)
    ours = [one for one in loops if req is None or one.req == req.code]
    material = Material(
        manager=manager,
        req=req,
        since=wanted.since or begin.astimezone(now.tzinfo).date(),
        now=now,
        done=tuple(done),
        late=tuple(one for one in ours if _kept_late(one) and one.settled_at and begin < one.settled_at <= now),
        promises=tuple(_open(ours, "me")),
        ask=next((one for one in _open(ours, "them") if one.purpose != "favour"), None),
        thanks=_thanks(journal, manager, req, loops, now),
        me=wanted.sender,
    )
    return updating.compose(material, words)


def sent(journal: Journal, update: Update) -> Update:
    """Note that the mail was sent, as one change."""
    with journal.change("update") as change:
        req_id = finding.req_of(journal, update.req.code if update.req else None, update.manager)
        entry_id = entries.add(
            journal,
            NewEntry(update.manager.id, "update-sent", update.now, note=update.span, channel="email", req_id=req_id),
        )
        change.summary = f"#{entry_id} {update.manager.handle} update-sent"
    return update._replace(entry=finding.entry(journal, entry_id))


def _begin(journal: Journal, wanted: Wanted, now: datetime) -> datetime:
    """The moment after which things are news."""
    if wanted.since is not None:
        return clock.local_or_next(datetime.combine(wanted.since, time())) - timedelta(seconds=1)
    last = entries.last_at(journal, wanted.manager.id, "update-sent", wanted.req.code if wanted.req else None)
    return last or now - timedelta(days=updating.USUAL_DAYS)


def _open(loops: list[Commitment], owed_by: str) -> list[Commitment]:
    """The open loops of one side, the soonest due first."""
    found = [one for one in loops if one.owed_by == owed_by and one.state == "open" and one.due_at is not None]
    return sorted(found, key=lambda one: (one.due_at or one.given_at, one.id))


def _kept_late(one: Commitment) -> bool:
    return one.owed_by == "me" and one.state == "late"


def _thanks(
    journal: Journal, manager: Manager, req: Req | None, loops: list[Commitment], now: datetime
) -> Unthanked | None:
    """The newest unthanked thing; none where boundary notes call for keeping to business."""
    if briefing.restriction(journal, manager, now) is not None:
        return None
    found = thanking.unthanked(journal, manager, loops, now)
    # a mail names what it thanks for
    return next((one for one in found if one.what and (req is None or one.req in (None, req.code))), None)
