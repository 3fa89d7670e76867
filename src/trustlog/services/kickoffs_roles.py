"""Which role a kick-off is about, and the drafts of kick-offs that are not finished."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from trustlog.domain import people as people_domain
from trustlog.domain import text
from trustlog.domain.people import Manager, Req, folded
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.services import people as people_service
from trustlog.store import conversations, people
from trustlog.store.conversations import Draft
from trustlog.store.journal import Journal

FLOW = "kickoff"
CODE = "role:code"
"""Where a draft keeps the code that a new role is to have."""


class KickoffRole(NamedTuple):
    """The role a kick-off is about: one of the journal, or one that is made with it."""

    manager: Manager
    title: str
    req: Req | None
    code: str | None = None


def role(journal: Journal, who: str, title: str, code: str | None) -> KickoffRole:
    """The role of a manager by its title. Raises UserError.

    A title that an open role of the manager has already means that role, unless another code is given, now or
    when its draft was begun.
    """
    manager = finding.manager(journal, who)
    title = finding.checked(text.line, title, "the title")
    begun = [
        draft
        for draft in conversations.drafts_of(journal, FLOW, manager.id)
        if draft.req is None and folded(draft.title) == folded(title)
    ]
    if code is None and begun:
        code = _code(begun[0])
    same = [
        req
        for req in people.reqs(journal, manager.id)
        if req.closed_on is None and folded(req.title) == folded(title) and code in (None, req.code)
    ]
    if same:
        return KickoffRole(manager, same[0].title, same[0])
    if code is not None:
        code = people_service.checked_code(code, people.codes(journal))
    return KickoffRole(manager, begun[0].title if begun else title, None, code)


def by_code(journal: Journal, code: str) -> KickoffRole:
    """A role of the journal. Raises UserError `unknown-req`."""
    found = finding.req(journal, code)
    return KickoffRole(people.manager(journal, found.manager), found.title, found)


def whose(journal: Journal, word: str) -> Manager | None:
    """The manager that a word without a title means, if it means no role: a handle is never the beginning of a code."""
    if people.req(journal, word) is not None:
        return None
    known = people.names(journal)
    codes = [code for code in people.codes(journal) if word and code.casefold().startswith(word.casefold())]
    found = people_domain.fitting(word, known)
    named = len(found) == 1 and (not codes or folded(word) == folded(found[0]))
    return people.manager(journal, found[0]) if named else None


def drafted(journal: Journal, manager: Manager) -> list[tuple[Draft, KickoffRole]]:
    """What is not finished with a manager, each with the role that it is about."""
    found = []
    for draft in conversations.drafts_of(journal, FLOW, manager.id):
        req = people.req(journal, draft.req) if draft.req else None
        found.append((draft, KickoffRole(manager, draft.title, req, _code(draft))))
    return found


def unfinished(journal: Journal) -> list[KickoffRole]:
    """The roles whose kick-off was begun and not finished."""
    return [role for manager in people.all_managers(journal) for _, role in drafted(journal, manager)]


def drafts_of(journal: Journal, about: KickoffRole) -> list[Draft]:
    """The draft of a role, if there is one, and after it one that was begun by the title before the role was there."""
    kept = conversations.drafts_of(journal, FLOW, about.manager.id)
    own = [draft for draft in kept if about.req is not None and draft.req == about.req.code]
    codes = None if about.req is None else (None, about.req.code)
    return own + [
        req
        for req in kept
        if req.req is None and folded(req.title) == folded(about.title) and (codes is None or _code(req) in codes)
    ]


def keep_draft(journal: Journal, about: KickoffRole, answers: Mapping[str, Any]) -> None:
    """Keep what was answered so far as a draft, outside undo."""
    with journal.draft():
        req_id = about.req.id if about.req else None
        kept = drafts_of(journal, about)
        if kept:
            conversations.keep_draft(journal, kept[0].id, answers, req_id)
        else:
            conversations.add_draft(journal, FLOW, about.manager.id, about.title, answers, req_id)


def let_go(journal: Journal, about: KickoffRole) -> KickoffRole:
    """Drop what was begun of a role, outside undo as it was kept. Raises UserError `conflict`."""
    if not drafts_of(journal, about):
        raise UserError("conflict", f"nothing was begun of {about.title}", "See: trustlog kickoff")
    with journal.draft():
        drop_draft(journal, about)
    return about


def drop_draft(journal: Journal, about: KickoffRole) -> None:
    """Drop the drafts of a role, inside a change or a draft."""
    for draft in drafts_of(journal, about):
        conversations.drop_draft(journal, draft.id)


def _code(draft: Draft) -> str | None:
    code = draft.answers.get(CODE)
    return code if isinstance(code, str) else None
