"""Writing down entries, changing and deleting them."""

from datetime import datetime
from typing import Any, NamedTuple

from trustlog.domain import text
from trustlog.domain import trust as trust_domain
from trustlog.domain.days import echo
from trustlog.domain.entries import Entry, NewEntry
from trustlog.domain.kinds import KINDS, MENDING
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import entries, trust
from trustlog.store.journal import Journal


class Telling(NamedTuple):
    """One `add`, as it was told. `kind` and `when` are resolved; the rest are words."""

    managers: tuple[str, ...]
    kind: str
    when: datetime
    note: str = ""
    size: str = "m"
    channel: str | None = None
    req: str | None = None
    tags: tuple[str, ...] = ()
    approach: str | None = None
    did: str | None = None
    changed: str | None = None
    evidence: bool = True
    repairs: int | None = None
    create: bool = False


class Added(NamedTuple):
    """What `add` wrote: each entry with the overall unknown about its manager before and after."""

    entries: tuple[tuple[Entry, float, float], ...]
    notes: tuple[str, ...] = ()


def add(journal: Journal, told: Telling, now: datetime, parameters: trust_domain.Parameters) -> Added:
    """Write one entry for each manager, as one change. Raises UserError; then nothing was written."""
    told, notes = _praise_or_note(told)
    _check(told, now)
    with journal.change("add") as change:
        managers = [_manager(journal, who, told.create) for who in told.managers]
        if len({one.id for one in managers}) < len(managers):
            raise UserError("conflict", "the same manager is named twice", "Name each once.")
        done = tuple(_add_one(journal, one, told, now, parameters) for one in managers)
        change.summary = "; ".join(f"#{entry.id} {entry.manager} {entry.kind}" for entry, _, _ in done)
    return Added(done, notes)


def write(journal: Journal, manager: Manager, told: Telling) -> Entry:
    """Write one entry inside a change of another command. Raises UserError; the change then writes nothing."""
    check_words(told.kind, told.note, told.did, told.changed)
    entry_id = entries.add(journal, _new(journal, manager, told))
    return finding.entry(journal, entry_id)


def check_words(kind: str, *said: str | None) -> None:
    """A note needs a text, and praise says what they did or changed. Raises UserError `bad-text`."""
    if kind not in ("note", "praise-given") or any(one and one.strip() for one in said):
        return
    if kind == "note":
        raise UserError("bad-text", "a note needs a text", "Say what happened, or choose a kind with --kind.")
    raise UserError("bad-text", "praise says what they did", "Add it, or choose another kind.")


def edit(
    journal: Journal, entry_id: int, changes: dict[str, Any], repairs: int | None = None, *, seen: str | None = None
) -> Entry:
    """Set fields of an entry: those of NewEntry, `req` and `manager` as words.

    `seen` is the note that the new one was made from. Raises UserError, `conflict` if it is not the entry's any more.
    """
    with journal.change("edit", f"#{entry_id}"):
        before = finding.entry(journal, entry_id)
        if seen is not None and before.note != seen:
            raise UserError("conflict", f"#{entry_id} was changed meanwhile", f"See: trustlog show {entry_id}")
        columns = dict(changes)
        manager = finding.manager(journal, columns.pop("manager", before.manager))
        if manager.handle != before.manager:
            columns["manager_id"] = manager.id
            if before.req and "req" not in changes:
                columns["req_id"] = None  # the role stays with the manager who has it
        if "req" in columns:
            columns["req_id"] = finding.req_of(journal, columns.pop("req"), manager)
        entries.update(journal, entry_id, columns)
        after = finding.entry(journal, entry_id)
        check_words(after.kind, after.note, after.did, after.changed)
        if repairs is not None:
            _repair(journal, repairs, after)
        _check_repairs(journal, after)
    return finding.entry(journal, entry_id)


def delete(journal: Journal, ids: list[int]) -> list[Entry]:
    """Delete entries as one change. Raises UserError `unknown-entry`; then none is deleted."""
    with journal.change("delete", ", ".join(f"#{one}" for one in ids)):
        gone = [finding.entry(journal, one) for one in dict.fromkeys(ids)]
        for entry in gone:
            entries.delete(journal, entry.id)
    return gone


def _add_one(
    journal: Journal, manager: Manager, told: Telling, now: datetime, parameters: trust_domain.Parameters
) -> tuple[Entry, float, float]:
    before = _unknown(journal, manager, now, parameters)
    entry_id = entries.add(journal, _new(journal, manager, told))
    entry = finding.entry(journal, entry_id)
    if told.repairs is not None:
        _repair(journal, told.repairs, entry)
    return entry, before, _unknown(journal, manager, now, parameters)


def _unknown(journal: Journal, manager: Manager, now: datetime, parameters: trust_domain.Parameters) -> float:
    facts, base = trust.past(journal, manager.id, now.date(), parameters)
    return trust_domain.unknown(facts, now.date(), parameters, base)


def _new(journal: Journal, manager: Manager, told: Telling) -> NewEntry:
    return NewEntry(
        manager_id=manager.id, kind=told.kind, happened_at=told.when, size=told.size, note=told.note,
        channel=told.channel, req_id=finding.req_of(journal, told.req, manager), approach=told.approach,
        tags=told.tags, evidence=told.evidence, did=told.did, changed=told.changed,
    )  # fmt: skip


def _manager(journal: Journal, who: str, create: bool) -> Manager:
    try:
        return finding.manager(journal, who)
    except UserError as error:
        if create and error.code == "unknown-manager":
            from trustlog.services import people  # only when someone new is met

            return people.create_manager(journal, who)
        raise


def _check(told: Telling, now: datetime) -> None:
    if told.when > now:
        raise UserError("future-date", f"{echo(told.when)} has not come yet", "An entry says what happened.")
    for value, what in ((told.note, "the note"), (told.did, "--did"), (told.changed, "--changed")):
        finding.checked(text.checked, value or "", what)
    if told.repairs is not None and len(told.managers) > 1:
        raise UserError("bad-field", "--repairs is about one manager", "Name only that one.")


def _praise_or_note(told: Telling) -> tuple[Telling, tuple[str, ...]]:
    """Praise names what they did; without that it is a note. Every other note needs a text."""
    try:
        check_words(told.kind, told.note, told.did, told.changed)
    except UserError:
        if told.kind != "praise-given":
            raise
        return told._replace(kind="note"), ("Kept as a note: praise says what they did, and what it changed.",)
    return told, ()


def _check_repairs(journal: Journal, changed: Entry) -> None:
    """What an entry mends, or what mends it, must still make sense after a change of it."""
    pairs = [(hard, changed.id) for hard in entries.repaired_by(journal, changed.id)]
    if changed.repaired_by is not None:
        pairs.append((changed.id, changed.repaired_by))
    for hard_id, deed_id in pairs:
        try:
            _repair(journal, hard_id, finding.entry(journal, deed_id))
        except UserError as error:
            link = f"#{deed_id} repairs #{hard_id}, which would not hold any more: {error.message}"
            raise UserError("conflict", link, f"Delete #{deed_id} and write it again, or leave it as it is.") from error


def _repair(journal: Journal, hard_id: int, deed: Entry) -> None:
    """Link a hard entry to the later deed that mends it; it then counts half."""
    hard = finding.entry(journal, hard_id)
    if hard.manager != deed.manager or KINDS[hard.kind].sign != "-":
        raise UserError("bad-field", f"#{hard_id} is not a hard entry with {deed.manager}", "See: trustlog log")
    if deed.kind not in MENDING:
        raise UserError("bad-field", f"{deed.kind} repairs nothing by itself", f"What repairs: {' or '.join(MENDING)}.")
    if deed.happened_at < hard.happened_at:
        raise UserError("conflict", f"#{hard_id} happened after that", "Only a later deed repairs.")
    if hard.repaired_by not in (None, deed.id):
        raise UserError("conflict", f"#{hard_id} is already repaired by #{hard.repaired_by}", "Leave --repairs out.")
    entries.update(journal, hard_id, {"repaired_by": deed.id})
