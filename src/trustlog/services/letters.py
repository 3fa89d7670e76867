"""`brief`, `update` and `handover`: what they tell, gathered from the journal."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from trustlog import clock
from trustlog.domain import letters_brief, letters_update
from trustlog.domain.entries import EntryDraft
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.letters_brief import Briefing, Handover
from trustlog.domain.letters_update import Material, Update, UpdateWords
from trustlog.domain.morning import HARD
from trustlog.domain.people import Manager, Req
from trustlog.domain.praise import Unthanked
from trustlog.domain.promises import Promise
from trustlog.domain.report_lately import HARD_DAYS
from trustlog.errors import UserError
from trustlog.services import finding, praise
from trustlog.services.entries import write
from trustlog.store import conversations, entries, kickoffs, people, private, promises
from trustlog.store.journal import Journal

LATEST = 5
"""So many entries stand on the page."""
A_YEAR = timedelta(days=365)


def brief(journal: Journal, manager: Manager, at: datetime, words: Mapping[str, str]) -> Briefing:
    """Everything about one manager as it stood at a moment, and a good opening in words of the playbook."""
    loops = promises.all_of(journal, manager.id, at)
    held = conversations.all_conversations(journal, manager.id)
    page = Briefing(
        manager=manager,
        at=at,
        last_contact=next(iter(entries.latest(journal, manager.id, at, 1, notes=False)), None),
        talk=letters_brief.next_talk(held, at),
        loops=tuple(sorted((loop for loop in loops if loop.state == "open"), key=_soonest)),
        unthanked=praise.unthanked_deeds(journal, manager, loops, at),
        agreements=_of_open_roles(journal, manager, at),
        points=letters_brief.points(held, at.date()),
        entries=tuple(entries.latest(journal, manager.id, at, LATEST)),
    )
    restriction = private.restriction(journal, manager.id, at.date())
    hard = entries.of_kinds(journal, manager.id, HARD, at - HARD_DAYS, at, 1)
    if restriction is None and (hard or manager.gone(at.date())):
        return page  # nobody is told how to begin with who shouted, or with who has left
    return letters_brief.opened(page, words, restriction)


def handover(journal: Journal, manager: Manager, at: datetime, sender: str | None) -> Handover:
    """What is told to whoever takes over: nothing of notes, which may say anything, but what was said to their face."""
    loops = [loop for loop in promises.all_of(journal, manager.id, at) if loop.state == "open"]
    praised = entries.of_kinds(journal, manager.id, ("praise-given",), at - A_YEAR, at, _MOST)
    said = dict.fromkeys((entry.did, entry.changed) for entry in praised if entry.did and entry.changed)
    told = [(did, changed) for did, changed in said if did and changed][:LATEST]
    agreements, held = _of_open_roles(journal, manager, at), not private.coaches(journal, manager.id, at.date())
    return Handover(manager, at, agreements, tuple(sorted(loops, key=_soonest)), tuple(told), sender, held)


def _of_open_roles(journal: Journal, manager: Manager, at: datetime) -> tuple[Agreement, ...]:
    open_ = {req.code for req in people.reqs(journal, manager.id) if req.open_on(at.date())}
    return tuple(agreement for agreement in kickoffs.of_manager(journal, manager.id, at) if agreement.req in open_)


def _soonest(promise: Promise) -> tuple[bool, datetime, int]:
    return promise.due_at is None, promise.due_at or promise.given_at, promise.id


_MOST = 500
"""No more entries are read for one mail than these."""


def update_for(journal: Journal, who: str) -> tuple[Manager, Req | None]:
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


class UpdateWanted(NamedTuple):
    """What a mail is about: a manager, or one role; since the last one, two weeks at most, else a week, unless
    a day is named.
    """

    manager: Manager
    req: Req | None
    since: date | None
    sender: str | None


def draft_update(journal: Journal, wanted: UpdateWanted, now: datetime, words: UpdateWords) -> Update:
    """The mail as it could be sent now."""
    manager, req = wanted.manager, wanted.req
    begin = _begin(journal, wanted, now)
    kinds = {*words.done, *words.bare} - letters_update.NEVER
    noted = [
        kind
        for kind in reversed(entries.of_kinds(journal, manager.id, kinds, begin, now, _MOST))
        if req is None or kind.req == req.code
    ]
    # a promise is told as it was given: the note beside it may say anything
    promised = promises.whats_by_entry(journal, manager.id)
    done = [entry._replace(note=promised.get(entry.id, entry.note)) for entry in noted]
    loops = promises.all_of(journal, manager.id, now)
    ours = [loop for loop in loops if req is None or loop.req == req.code]
    material = Material(
        manager=manager,
        req=req,
        since=wanted.since or begin.astimezone(now.tzinfo).date(),
        now=now,
        done=tuple(done),
        late=tuple(
            our
            for our in ours
            if (our.owed_by, our.state) == ("me", "late") and our.settled_at and begin < our.settled_at <= now
        ),
        promises=tuple(_open(ours, "me")),
        ask=next((promise for promise in _open(ours, "them") if promise.purpose != "favour"), None),
        thanks=_thanks(journal, manager, req, loops, now),
        me=wanted.sender,
    )
    return letters_update.compose(material, words)


def update_sent(journal: Journal, update: Update) -> Update:
    """Note that the mail was sent, as one change."""
    with journal.change("update") as change:
        req = update.req.code if update.req else None
        draft = EntryDraft(update.manager.id, "update-sent", update.now, note=update.span, channel="email", req=req)
        entry = write(journal, update.manager, draft)
        change.summary = f"{entry.ref} {entry.manager} {entry.kind}"
    return update._replace(entry=entry)


def _begin(journal: Journal, wanted: UpdateWanted, now: datetime) -> datetime:
    """The moment after which things are news."""
    if wanted.since is not None:
        return clock.local_or_next(datetime.combine(wanted.since, time())) - timedelta(seconds=1)
    last = entries.last_at(journal, wanted.manager.id, "update-sent", wanted.req.code if wanted.req else None)
    farthest = now - timedelta(days=letters_update.MOST_DAYS if last else letters_update.USUAL_DAYS)
    return max(last or farthest, farthest)


def _open(loops: list[Promise], owed_by: str) -> list[Promise]:
    """The open loops of one side, the soonest due first."""
    found = [loop for loop in loops if loop.owed_by == owed_by and loop.state == "open" and loop.due_at is not None]
    return sorted(found, key=lambda promise: (promise.due_at or promise.given_at, promise.id))


def _thanks(
    journal: Journal, manager: Manager, req: Req | None, loops: list[Promise], now: datetime
) -> Unthanked | None:
    """The newest unthanked thing; none where boundary notes call for keeping to business."""
    if private.restriction(journal, manager.id, now.date()) is not None:
        return None
    found = praise.unthanked_deeds(journal, manager, loops, now)
    # a mail names what it thanks for
    return next(
        (unthanked for unthanked in found if unthanked.what and (req is None or unthanked.req in (None, req.code))),
        None,
    )
