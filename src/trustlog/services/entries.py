"""Writing down entries, changing and deleting them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from trustlog.domain import text
from trustlog.domain import trust as trust_domain
from trustlog.domain.entries import KINDS, MENDING, Entry, EntryDraft, Facet, Filter
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import entries, trust
from trustlog.store.journal import Journal


class Added(NamedTuple):
    """What `add` wrote."""

    entries: tuple[trust_domain.Written, ...]
    notes: tuple[str, ...] = ()


def add(
    journal: Journal, managers: Sequence[str], draft: EntryDraft, now: datetime, parameters: trust_domain.Parameters,
    *, create: bool = False,
) -> Added:  # fmt: skip
    """Write one entry for each manager, as one change. Raises UserError; then nothing was written."""
    draft, notes = _praise_or_note(draft)
    _check(draft, now)
    if draft.repairs is not None and len(managers) > 1:
        raise UserError("bad-field", "--repairs is about one manager", "Name only that one.")
    with journal.change("add") as change:
        named = [met(journal, who, create=create) for who in managers]
        if len({manager.id for manager in named}) < len(named):
            raise UserError("conflict", "the same manager is named twice", "Name each once.")
        done = tuple(_add_one(journal, manager, draft, now, parameters) for manager in named)
        change.summary = "; ".join(f"#{one.entry.id} {one.entry.manager} {one.entry.kind}" for one in done)
    return Added(done, notes)


def write(journal: Journal, manager: Manager, draft: EntryDraft) -> Entry:
    """Write one entry inside a change of another command. Raises UserError; the change then writes nothing."""
    check_words(draft.kind, draft.note, draft.did, draft.changed)
    return _write(journal, manager, draft)


def _write(journal: Journal, manager: Manager, draft: EntryDraft) -> Entry:
    meant = draft._replace(manager_id=manager.id, req_id=finding.req_of(journal, draft.req, manager))
    return finding.entry(journal, entries.add(journal, meant))


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
    """Set fields of an entry: those of EntryDraft, `req` and `manager` as words.

    `seen` is the note that the new one was made from. Raises UserError, `conflict` if it is not the entry's any more.
    """
    with journal.change("edit", f"#{entry_id}"):
        before = finding.entry(journal, entry_id)
        if seen is not None and before.note != seen:
            raise UserError("conflict", f"#{entry_id} was changed meanwhile", f"See: trustlog log {entry_id}")
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
        gone = [finding.entry(journal, entry_id) for entry_id in dict.fromkeys(ids)]
        for entry in gone:
            entries.delete(journal, entry.id)
    return gone


def is_first(journal: Journal, entry: Entry) -> bool:
    """Whether no other entry of its kind is written down with its manager."""
    manager_id = finding.manager(journal, entry.manager).id
    return entries.count(journal, Filter(manager_id=manager_id, kind=entry.kind)) == 1


def _add_one(
    journal: Journal, manager: Manager, draft: EntryDraft, now: datetime, parameters: trust_domain.Parameters
) -> trust_domain.Written:  # fmt: skip
    before = _opinions(journal, manager, now, parameters)
    entry = _write(journal, manager, draft)
    if draft.repairs is not None:
        _repair(journal, draft.repairs, entry)
    after = _opinions(journal, manager, now, parameters)
    overall = trust_domain.overall
    return trust_domain.Written(entry, trust_domain.moved(before, after), overall(before).u, overall(after).u)


def _opinions(
    journal: Journal, manager: Manager, now: datetime, parameters: trust_domain.Parameters
) -> dict[Facet, trust_domain.FacetOpinion]:
    facts, base = trust.past(journal, manager.id, now.date(), parameters)
    return trust_domain.of_past(facts, now.date(), parameters, base)


def met(journal: Journal, who: str, *, create: bool) -> Manager:
    """The manager who is meant, inside a change; somebody new is added if `create`. Raises UserError."""
    try:
        return finding.manager(journal, who)
    except UserError as error:
        if create and error.code == "unknown-manager":
            from trustlog.services import people  # only when someone new is met

            return people.create_manager(journal, who)
        raise


def _check(draft: EntryDraft, now: datetime) -> None:
    finding.check_past(draft.happened_at, now, "An entry says what happened.")
    for value, what in ((draft.note, "the note"), (draft.did, "--did"), (draft.changed, "--changed")):
        finding.checked(text.checked, value or "", what)


def _praise_or_note(draft: EntryDraft) -> tuple[EntryDraft, tuple[str, ...]]:
    """Praise names what they did; without that it is a note. Every other note needs a text."""
    try:
        check_words(draft.kind, draft.note, draft.did, draft.changed)
    except UserError:
        if draft.kind != "praise-given":
            raise
        return draft._replace(kind="note"), ("Kept as a note: praise says what they did, and what it changed.",)
    return draft, ()


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
