"""Noticing, praising, and what went well."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from trustlog.domain import praise as domain
from trustlog.domain import text
from trustlog.domain.days import near
from trustlog.domain.entries import EntryDraft
from trustlog.domain.people import Manager
from trustlog.domain.praise import Deed, Noticed, Praise, PraiseSentence, Span, Unthanked, Wins, unthanked
from trustlog.domain.promises import Promise
from trustlog.domain.standing import HALF_KNOWN, Milestone, half_known, milestones_in_order, of_firsts
from trustlog.domain.trust import Parameters
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services.entries import met, write
from trustlog.store import entries, trust
from trustlog.store import praise as praise_store
from trustlog.store.journal import Journal

MOST_DEEDS = 500
TO_SEE = "Name one thing that could be seen."


def notice(journal: Journal, who: str, seen: str, on: date, *, create: bool = False) -> Noticed:
    """Put something into the jar, of somebody new too if `create`. Raises UserError."""
    finding.said(seen, "what was seen", TO_SEE)
    with journal.change("notice") as change:
        manager = met(journal, who, create=create)
        noticed_id = praise_store.add_noticed(journal, manager.id, on, seen)
        change.summary = f"J{noticed_id} {manager.handle}"
        return in_jar(journal, noticed_id)


def drop(journal: Journal, ids: Iterable[int]) -> list[Noticed]:
    """Take things out of the jar without praising them. Raises UserError; then all are still there."""
    with journal.change("notice") as change:
        found = [in_jar(journal, fromkey) for fromkey in dict.fromkeys(ids)]
        for one in found:
            praise_store.drop_noticed(journal, one.id)
        change.summary = "dropped " + ", ".join(f"{noticed.ref} {noticed.manager}" for noticed in found)
    return found


def in_jar(journal: Journal, noticed_id: int) -> Noticed:
    """Raises UserError `unknown-entry`, and `conflict` if it was praised already."""
    found = praise_store.get_noticed(journal, noticed_id) if finding.is_number(noticed_id) else None
    if found is None:
        raise UserError("unknown-entry", f"there is no J{noticed_id} in the jar", "See: trustlog praise --list")
    if found.entry is not None:
        taken = f"{found.ref} is out of the jar: it was praised with entry #{found.entry}"
        raise UserError("conflict", taken, "See what is left: trustlog praise --list")
    return found


def check(manager: Manager, praise: Praise, now: datetime) -> None:
    """Raises UserError `bad-text`, `future-date`, and `conflict` for a place that they would not like."""
    finding.said(praise.did, "--did", TO_SEE)
    finding.said(praise.changed, "--changed", TO_SEE)
    finding.check_past(praise.when, now, "It says when praise was given.")
    if praise.on is not None and praise.on > praise.when.date():
        raise UserError("conflict", "praise comes after what it praises", "Check --when and --on.")
    welcome(manager, praise.channel)


def welcome(manager: Manager, channel: str) -> None:
    """Raises UserError `conflict` for public praise of somebody who would rather not."""
    if channel in domain.PUBLIC and manager.public_praise_ok is False:
        raise UserError(
            "conflict", f"{manager.first_name} would rather not be praised in public, and {channel} is",
            "One-to-one or update-email carries the same words: --channel one-to-one.",
        )  # fmt: skip


def draft(manager: Manager, praise: Praise, templates: Mapping[str, str], me: str, now: datetime) -> PraiseSentence:
    """The sentence for its channel, written nowhere. Raises what `check` raises."""
    check(manager, praise, now)
    day = near(praise.on, now.date()) if praise.on is not None else text.marked("[on which day]")
    places = {
        "first_name": manager.first_name, "name": manager.name, "me": me, "did": praise.did,
        "changed": praise.changed, "day": day,
    }  # fmt: skip
    return PraiseSentence(None, domain.praise_sentence(templates[praise.channel], places), praise.channel)


def give(
    journal: Journal, who: str, praise: Praise, drafted: PraiseSentence, *, create: bool = False
) -> PraiseSentence:  # fmt: skip
    """Write the praise and take what it praises out of the jar, as one change. Raises UserError."""
    with journal.change("praise") as change:
        manager = met(journal, who, create=create)
        if praise.noticed is not None:
            in_jar(journal, praise.noticed)  # nobody else has praised it meanwhile
        entry = write(journal, manager, EntryDraft(
            manager.id, "praise-given", praise.when, channel=praise.channel, did=praise.did, changed=praise.changed,
            req=praise.req,
        ))  # fmt: skip
        if praise.noticed is not None:
            praise_store.take_out_noticed(journal, praise.noticed, entry.id)
        change.summary = f"#{entry.id} {entry.manager} {entry.kind}"
    return drafted._replace(entry=entry)


def wins_of(journal: Journal, span: Span, parameters: Parameters) -> Wins:
    """The good of some days, with the archived too: what was done stays done."""
    counts = praise_store.counts_by_kind(journal, span)
    return Wins(
        span=span,
        mine=domain.went_well("mine", counts),
        theirs=domain.went_well("theirs", counts),
        together=domain.went_well("joint", counts),
        milestones=milestones_in_order(
            [*of_firsts(praise_store.first_entries(journal, span)), *_half_known(journal, span, parameters)]
        ),
        steps=tuple(praise_store.small_steps(journal, span)),
    )


def _half_known(journal: Journal, span: Span, parameters: Parameters) -> list[Milestone]:
    """Only with those who were met in the span: without an entry nothing becomes known."""
    found = []
    for manager_id, handle, name in praise_store.managers_in_span(journal, span):
        day = half_known(trust.facts_of(journal, manager_id, span.at), span.until, parameters)
        if day is not None and span.since <= day:
            found.append(Milestone(handle, name, HALF_KNOWN, day, None))
    return found


def unthanked_deeds(
    journal: Journal, manager: Manager, loops: Sequence[Promise], at: datetime
) -> tuple[Unthanked, ...]:
    """What nobody has given thanks for, as it stood at a moment, newest first.

    `loops` are all of this manager at that moment; no more deeds of a month than MOST_DEEDS are looked at.
    """
    noted = entries.of_kinds(journal, manager.id, domain.THANKS_KINDS, at - domain.FRESH, at, MOST_DEEDS)
    deeds = (Deed(entry.id, entry.kind, entry.happened_on, entry.happened_at, entry.note, entry.req) for entry in noted)
    return unthanked(praise_store.unthanked(journal, manager.id, at.date()), deeds, loops, at)
