"""Noticing, and turning what was noticed into praise."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from trustlog.domain import text
from trustlog.domain.coaching.noticed import Noticed
from trustlog.domain.coaching.praise import PUBLIC, Praise, Said, sentence
from trustlog.domain.days import echo, near
from trustlog.domain.model import Entry, Manager, NewEntry
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import entries, jar
from trustlog.store.journal import Journal


def notice(journal: Journal, manager: Manager, seen: str, on: date) -> Noticed:
    """Put something into the jar. Raises UserError `bad-text`."""
    _said(seen, "what was seen")
    with journal.change("notice") as change:
        noticed_id = jar.add(journal, manager.id, on, seen)
        change.summary = f"#{noticed_id} {manager.handle}"
        return in_jar(journal, noticed_id)


def drop(journal: Journal, ids: Iterable[int]) -> list[Noticed]:
    """Take things out of the jar without praising them. Raises UserError; then all are still there."""
    with journal.change("notice") as change:
        found = [in_jar(journal, one) for one in dict.fromkeys(ids)]
        for one in found:
            jar.drop(journal, one.id)
        change.summary = "dropped " + ", ".join(f"#{one.id} {one.manager}" for one in found)
    return found


def in_jar(journal: Journal, noticed_id: int) -> Noticed:
    """Raises UserError `unknown-entry`, and `conflict` if it was praised already."""
    found = jar.get(journal, noticed_id) if finding.is_number(noticed_id) else None
    if found is None:
        raise UserError("unknown-entry", f"there is no #{noticed_id} in the jar", "See: trustlog praise --list")
    if found.entry is not None:
        taken = f"#{noticed_id} is out of the jar: it was praised with entry #{found.entry}"
        raise UserError("conflict", taken, "See what is left: trustlog praise --list")
    return found


def check(manager: Manager, praise: Praise, now: datetime) -> None:
    """Raises UserError `bad-text`, `future-date`, and `conflict` for a place that they would not like."""
    _said(praise.did, "--did")
    _said(praise.changed, "--changed")
    if praise.when > now:
        raise UserError("future-date", f"{echo(praise.when)} has not come yet", "It says when praise was given.")
    if praise.on > praise.when.date():
        raise UserError("conflict", "praise comes after what it praises", "Check --when and --on.")
    welcome(manager, praise.channel)


def welcome(manager: Manager, channel: str) -> None:
    """Raises UserError `conflict` for public praise of somebody who would rather not."""
    if channel in PUBLIC and manager.public_praise_ok is False:
        raise UserError(
            "conflict", f"{manager.first_name} would rather not be praised in public, and {channel} is",
            "One-to-one or update-email carries the same words: --channel one-to-one.",
        )  # fmt: skip


def draft(manager: Manager, praise: Praise, templates: Mapping[str, str], me: str, now: datetime) -> Said:
    """The sentence for its channel, written nowhere. Raises what `check` raises."""
    check(manager, praise, now)
    places = {
        "first_name": manager.first_name, "name": manager.name, "me": me, "did": praise.did,
        "changed": praise.changed, "day": near(praise.on, now.date()),
    }  # fmt: skip
    return Said(None, sentence(templates[praise.channel], places), praise.channel)


def give(journal: Journal, manager: Manager, praise: Praise, drafted: Said) -> Said:
    """Write the praise and take what it praises out of the jar, as one change. Raises UserError."""
    with journal.change("praise") as change:
        if praise.noticed is not None:
            in_jar(journal, praise.noticed)  # nobody else has praised it meanwhile
        entry = _write(journal, manager, praise)
        if praise.noticed is not None:
            jar.take_out(journal, praise.noticed, entry.id)
        change.summary = f"#{entry.id} {entry.manager} {entry.kind}"
    return drafted._replace(entry=entry)


def _write(journal: Journal, manager: Manager, praise: Praise) -> Entry:
    req_id = finding.req_of(journal, praise.req, manager)
    new = NewEntry(
        manager.id, "praise-given", praise.when, channel=praise.channel, req_id=req_id,
        did=praise.did, changed=praise.changed,
    )  # fmt: skip
    return finding.entry(journal, entries.add(journal, new))


def _said(words: str, what: str) -> None:
    if not finding.checked(text.checked, words, what).strip():
        raise UserError("bad-text", f"{what} is empty", "Name one thing that could be seen.")
