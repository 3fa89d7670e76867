"""Managers and roles: adding, changing and merging them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from trustlog.domain import people as people_domain
from trustlog.domain import text
from trustlog.domain.days import echo_day
from trustlog.domain.entries import Change
from trustlog.domain.outcomes import Joined, Leaving, joined_details
from trustlog.domain.people import Manager, Req
from trustlog.domain.promises import PromiseEvent
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.store import people, people_merge, promises, undo
from trustlog.store.journal import Journal


def create_manager(
    journal: Journal, who: str, handle: str | None = None, details: dict[str, Any] | None = None,
    taken: Collection[str] | None = None,
) -> Manager:  # fmt: skip
    """Add a manager inside a change. `who` is a handle, or a name from which the handle is made; `taken` are the
    handles that are there, where they are known already.

    Raises UserError `bad-field`, `bad-text`, `conflict`.
    """
    who = people_domain.spaced(finding.checked(text.line, who, "the name"))
    taken = [known for known, _ in people.names(journal)] if taken is None else taken
    if handle is None:
        handle = who if people_domain.is_handle(who) else people_domain.new_handle(who, taken)
    if not handle:
        raise UserError("bad-field", f'no free handle can be made from "{who}"', "Choose one with --handle.")
    _check_handle(handle, taken)
    details = details or {}
    return people.add_manager(journal, handle, details.get("name") or who, _checked(details))


def add_manager(journal: Journal, who: str, handle: str | None, details: dict[str, Any]) -> Manager:
    """`manager add`: one change."""
    with journal.change("manager add") as change:
        made = create_manager(journal, who, handle, details)
        change.summary = made.handle
    return made


def edit_manager(journal: Journal, who: str, details: dict[str, Any]) -> Manager:
    """Set details; an empty text empties one."""
    with journal.change("manager edit") as change:
        change.summary = finding.manager(journal, who).handle
        return people.edit_manager(journal, change.summary, _checked(details))


def rename_manager(journal: Journal, who: str, handle: str) -> Manager:
    """Give a manager another handle; entries and roles stay with them."""
    with journal.change("manager rename") as change:
        old = finding.manager(journal, who)
        _check_handle(handle, [known for known, _ in people.names(journal) if known != old.handle], old.handle)
        change.summary = f"{old.handle} to {handle}"
        return people.edit_manager(journal, old.handle, {"handle": handle})


def archive_manager(journal: Journal, who: str, archived: bool) -> Manager:
    """Take a manager out of the overviews, or bring them back; nothing is deleted."""
    with journal.change("manager archive" if archived else "manager unarchive") as change:
        change.summary = finding.manager(journal, who).handle
        return people.set_archived(journal, change.summary, archived)


def leave(journal: Journal, who: str, on: date, to: str | None, now: datetime) -> Leaving:
    """Keep somebody's last day, as one change: open roles go to the successor, and what could not be settled by then is
    withdrawn. After the day they are archived; what was written stays with them.

    Raises UserError `bad-date`, `conflict`, `unknown-manager`.
    """
    if on < now.date():
        hint = f"Give today or a later day. To put them aside now: trustlog manager archive {who}"
        raise UserError("bad-date", f"{echo_day(on)} has passed", hint)
    with journal.change("manager leaving") as change:
        manager = finding.manager(journal, who)
        if manager.gone(now.date()):
            raise UserError("conflict", f"{manager.handle} is archived", f"trustlog manager unarchive {manager.handle}")
        successor = _successor(journal, manager, to, on) if to is not None else None
        roles = [role for role in people.reqs(journal, manager.id) if role.closed_on is None]
        closed = [role.code for role in people.reqs(journal, manager.id) if role.closed_on is not None]
        if successor is not None and closed and not roles:
            which = f"{' and '.join(closed)} {'is' if len(closed) == 1 else 'are'} closed"
            raise UserError("conflict", f"{which}, so there is no role to hand over", "Leave out --to.")
        if successor is not None:
            for role in roles:
                people.hand_over(journal, role.id, successor.id)
        loops = promises.still_open(journal, manager.id)
        late = [loop for loop in loops if loop.due_at is None or loop.due_at.astimezone(now.tzinfo).date() > on]
        for loop in late:
            promises.record(journal, loop.id, PromiseEvent("settled", now, outcome="withdrawn"))
        change.summary = f"{manager.handle}{f' to {successor.handle}' if successor is not None else ''}"
        left = people.set_leaving(journal, manager.handle, on)
    handed = tuple(finding.req(journal, role.code) for role in roles) if successor is not None else ()
    return Leaving(left, on, successor, handed, tuple(late), tuple(loop for loop in loops if loop not in late))


def _successor(journal: Journal, manager: Manager, to: str, on: date) -> Manager:
    found = finding.manager(journal, to)
    if found.id == manager.id:
        raise UserError("conflict", f'"{to}" is {manager.handle}, who leaves', "Name the one who takes over.")
    if found.archived or (found.leaving_on is not None and found.leaving_on <= on):
        raise UserError("conflict", f"{found.handle} is archived or leaves too", "Name somebody who stays.")
    return found


def add_req(journal: Journal, who: str, title: str, code: str | None, opened_on: date, tags: tuple[str, ...]) -> Req:
    """Open a role. Without a code it is the handle and the title. Raises UserError `conflict`, `bad-text`."""
    with journal.change("req add") as change:
        made = make_req(journal, finding.manager(journal, who), title, code, opened_on, tags)
        change.summary = made.code
    return made


def make_req(
    journal: Journal, manager: Manager, title: str, code: str | None, opened_on: date, tags: tuple[str, ...]
) -> Req:
    """Open a role inside a change. Raises UserError `conflict`, `bad-text`."""
    title = finding.checked(text.line, title, "the title")
    taken = people.codes(journal)
    if code is None:
        code = people_domain.free_code(people_domain.slug(f"{manager.handle} {title}") or manager.handle, taken)
    else:
        code = checked_code(code, taken)
    people.add_req(journal, manager.id, code, title, opened_on, tags)
    return finding.req(journal, code)


def checked_code(code: str, taken: Collection[str] = ()) -> str:
    """A code that is free and can be typed. Raises UserError `bad-field`, `bad-text`, `conflict`."""
    code = finding.checked(text.line, code, "the code")
    if not people_domain.is_code(code):
        hint = "A code has letters, digits, dots, _ and -, like PA-1."
        raise UserError("bad-field", f'"{code}" cannot be the code of a role', hint)
    if code in taken:
        raise UserError("conflict", f"there is already a role {code}", "Choose another code.")
    return code


def close_req(journal: Journal, code: str, closed_on: date) -> Req:
    """Close a role on a day. Raises UserError `unknown-req`, `conflict`."""
    with journal.change("req close") as change:
        found = finding.req(journal, code)
        if found.closed_on is not None:
            closed = f"{found.code} was already closed on {echo_day(found.closed_on)}"
            raise UserError("conflict", closed, "See: trustlog req list --all")
        if closed_on < found.opened_on:
            raise UserError(
                "conflict", f"{found.code} was opened on {echo_day(found.opened_on)}, after that", "Give a later day."
            )
        change.summary = found.code
        people.close_req(journal, found.code, closed_on)
    return finding.req(journal, change.summary)


def _check_handle(handle: str, taken: Collection[str], renamed: str = "") -> None:
    if not people_domain.is_handle(handle):
        raise UserError(
            "bad-field",
            f'"{handle}" cannot be a handle',
            "A handle has up to 64 small letters, digits, dots, _ and -, like dana-o."
            + (f' Another name: trustlog manager edit {renamed} --name "{handle}"' if renamed else ""),
        )
    if handle in taken:
        raise UserError("conflict", f"there is already a manager {handle}", "Choose another handle.")


def _yes(typed: str) -> bool:
    word = typed.strip().lower()
    if word not in ("yes", "no"):
        raise UserError("bad-field", f'--public-praise-ok cannot be "{typed}"', "It takes yes or no.")
    return word == "yes"


def _checked(details: dict[str, Any]) -> dict[str, Any]:
    """Each text on one line; an empty one empties the field, but a manager always has a name. Raises UserError."""
    done: dict[str, Any] = {}
    for field, value in details.items():
        if not isinstance(value, str):
            done[field] = value
        elif field == "public_praise_ok" and value.strip():
            done[field] = _yes(value)
        elif value.strip() or field == "name":
            done[field] = finding.checked(text.line, value, f"--{field.replace('_', '-')}")
        else:
            done[field] = None
    email = done.get("email")
    if email and not people_domain.is_address(email):
        raise UserError("bad-field", f'"{email}" is not one plain address', "Write it like dana@example.com.")
    return done


def plan_merge(journal: Journal, who: str, into: str) -> Joined:
    """What it would come to. Raises UserError `conflict` if both words mean the same manager."""
    gone, kept = finding.manager(journal, who), finding.manager(journal, into)
    if gone.id == kept.id:
        raise UserError("conflict", f'"{who}" and "{into}" are both {gone.handle}', "Name two managers.")
    taken, differing = joined_details(gone, kept)
    return Joined(gone, kept._replace(**taken), people_merge.rows_by_table(journal, gone), differing)


def merge_managers(journal: Journal, who: str, into: str) -> Joined:
    """Move everything of one manager to another and let the first go, as one change. Raises UserError."""
    with journal.change("manager merge") as change:
        planned = plan_merge(journal, who, into)
        gone, kept = planned.gone, finding.manager(journal, into)
        change.summary = f"{gone.handle} into {kept.handle}"
        people.edit_manager(journal, kept.handle, joined_details(gone, kept)[0])
        retitled = people_merge.move_rows(journal, gone, kept)
        return planned._replace(manager=people.manager(journal, kept.handle), retitled=tuple(retitled), dry_run=False)


def redo(journal: Journal, count: int) -> list[Change]:
    """Do the last changes that were taken back again. Raises UserError `conflict`."""

    def say_who_is_joined(change: Change) -> None:
        if change.command != "manager merge" or not journal.is_synced:
            return
        from trustlog.store import sync  # only where something is synced

        known = {manager.handle: manager for manager in people.all_managers(journal)}
        gone, kept = change.summary.split(" into ")
        if gone in known and kept in known:
            sync.merged(journal, known[gone], known[kept])

    return undo.redo(journal, count, say_who_is_joined)
