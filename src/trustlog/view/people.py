"""Managers, roles, merging and forgetting, as lines and as JSON."""

from collections.abc import Iterator
from typing import Any

from trustlog.domain.days import echo_day
from trustlog.domain.outcomes import Forgotten, Joined, Leaving, Mention, Proof
from trustlog.domain.people import Manager, Req
from trustlog.domain.text import plural, visible
from trustlog.formats.shapes import SECTIONS
from trustlog.ui.text import Look
from trustlog.view import picked


def manager_data(manager: Manager) -> dict[str, Any]:
    return picked(manager, "handle name uid team email likes on_their_plate public_praise_ok archived")


def req_data(req: Req) -> dict[str, Any]:
    return picked(req, "code uid manager title opened_on closed_on tags")


def manager_line(manager: Manager, look: Look) -> str:
    """A manager, one field a line."""
    praise = {None: None, True: "yes", False: "no"}[manager.public_praise_ok]
    fields = (
        ("team", manager.team), ("email", manager.email), ("likes", manager.likes), ("on their plate",
        manager.on_their_plate),
        ("public praise ok", praise), ("archived", "yes" if manager.archived else None),
        ("leaves on", echo_day(manager.leaving_on) if manager.leaving_on and not manager.archived else None),
    )  # fmt: skip
    head = f"{visible(manager.name)} {look.paint(f'({manager.handle})', 'dim')}"
    return "\n".join(
        [head, *(f"  {look.paint(f'{name:<16}', 'dim')}  {visible(value)}" for name, value in fields if value)]
    )


def manager_lines(listed: list[Manager], look: Look) -> str:
    width = max((len(manager.handle) for manager in listed), default=0)
    lines = []
    for manager in sorted(listed, key=lambda manager: manager.archived):
        rest = ", ".join(part for part in (visible(manager.team or ""), "archived" if manager.archived else "") if part)
        lines.append(
            f"{look.paint(manager.handle.ljust(width), 'accent')}  {visible(manager.name)}"
            + (look.paint(f"  {rest}", "dim") if rest else "")
        )
    return "\n".join(lines)


def leaving_data(done: Leaving) -> dict[str, Any]:
    return {
        "manager": manager_data(done.manager), "leaving_on": done.on,
        "to": done.to.handle if done.to else None, "reqs": [req_data(role) for role in done.roles],
        "closed": [loop.ref for loop in done.closed], "open": [loop.ref for loop in done.open],
    }  # fmt: skip


def leaving_lines(done: Leaving, look: Look) -> str:
    """The last day, and what became of roles and loops."""
    lines = [f"{visible(done.manager.name)} leaves on {echo_day(done.on)}, and is archived after that day."]
    if done.to is not None and done.roles:
        codes = ", ".join(visible(role.code) for role in done.roles)
        lines.append(f"{codes} {'goes' if len(done.roles) == 1 else 'go'} to {visible(done.to.name)}.")
    for loops, state in ((done.closed, "closed, for it could not be settled by then"), (done.open, "still open")):
        lines += [f"{look.paint(loop.ref, 'accent')}  {visible(loop.what)}: {state}" for loop in loops]
    return "\n".join(lines)


def req_line(req: Req, look: Look) -> str:
    closed = f", closed {echo_day(req.closed_on)}" if req.closed_on else ""
    tags = f"  [{', '.join(visible(tag) for tag in req.tags)}]" if req.tags else ""
    facts = f"  {req.manager}, opened {echo_day(req.opened_on)}{closed}{tags}"
    return f"{look.paint(visible(req.code), 'accent')}  {visible(req.title)}{look.paint(facts, 'dim')}"


def req_lines(listed: list[Req], look: Look) -> str:
    return "\n".join(req_line(role, look) for role in listed)


_LABELS = {section.table: section.label for section in SECTIONS} | {"private_items": ("private item", "private items")}
_COUNTED = (
    "entries", "reqs", "agreements", "conversations", "commitments", "noticed", "step_events", "drafts",
    "private_items",
)  # fmt: skip
"""What a merge counts, in the order in which it is told."""


def merge_data(done: Joined) -> dict[str, Any]:
    """As JSON."""
    return {
        "manager": manager_data(done.manager), "merged": done.gone.handle,
        "moved": {name: done.moved[name] for name in _COUNTED}, "differing": dict(done.differing),
        "dry_run": done.dry_run,
    }  # fmt: skip


def merge_lines(done: Joined, look: Look) -> str:
    """Who is part of whom, and what came along."""
    gone, kept = (
        f"{visible(manager.name)} {look.paint(f'({manager.handle})', 'dim')}" for manager in (done.gone, done.manager)
    )
    head = f"{gone} {'would become' if done.dry_run else 'is now'} part of {kept}"
    parts = [plural(number, *_LABELS[name]) for name in _COUNTED if (number := done.moved[name])]
    return f"{head}: {', '.join(parts) or 'nothing was noted with them'}."


def merge_notes(done: Joined) -> Iterator[str]:
    """What differed, and where a draft goes on."""
    kept = done.manager
    for field, value in done.differing.items():
        theirs, own = (_said(detail) for detail in (value, getattr(kept, field)))
        yield f"{field.replace('_', ' ').capitalize()} of {kept.handle} stays {own}; {done.gone.handle} had {theirs}."
    for old, new in done.retitled:
        yield f'Another kick-off draft of "{old}" goes on with: trustlog kickoff start {kept.handle} "{new}"'
    if kept.archived and not done.gone.archived:
        yield f"{kept.handle} is archived; to the overviews: trustlog manager unarchive {kept.handle}"


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f'"{value}"'


_WHERE = {
    "entries": "entry", "commitments": "loop", "commitment_events": "loop", "noticed": "jar", "reqs": "role",
    "agreements": "agreement", "agreement_events": "agreement", "managers": "manager", "drafts": "draft",
    "conversations": "conversation", "answers": "conversation", "step_events": "step",
}  # fmt: skip
"""Where a row lies, for people; any other is one of the recruiter's own drawer."""
_OWN = "your own page"
_IN_A_FILE = "trustlog export --include-reflections all.json"
_BACK = "Change the text in all.json, then: trustlog import --update all.json, and delete all.json."


def data(done: Forgotten) -> dict[str, Any]:
    proof = done.proof
    return {
        "forgotten": done.manager, "rows": done.rows, "copies": done.copies, "pages": done.pages,
        "searched": proof.read + proof.opened, "opened": proof.opened, "pieces": proof.pieces,
        "not_opened": list(proof.unread), "left_in": list(proof.left_in), "kept": list(done.kept),
        "mentioned_in": [mention.id for mention in proof.mentioned if mention.table == "entries"],
        "mentioned": [
            {"in": _WHERE.get(mention.table, _OWN), "id": mention.id, "command": _command(mention)}
            for mention in proof.mentioned
        ],
    }  # fmt: skip


def lines(done: Forgotten, look: Look) -> str:
    """How much went, what was searched and how, what the search found, and who else mentions them."""
    went = [plural(done.rows, "row")]
    went += [f"{plural(done.copies, 'copy', 'copies')} of the journal"] * bool(done.copies)
    went += [plural(done.pages, "report page")] * bool(done.pages)
    sentences = [f"Removed {visible(done.name)}: {_listed(went)}; undo was emptied."]
    proof = done.proof
    if proof.left_in:
        sentences.append(look.paint(f"{_search(proof)}: words of theirs still stand in", "due"))
        sentences += [f"  {visible(path)}" for path in proof.left_in]
    else:
        sentences.append(f"{_search(proof)}: nothing is left.")
    sentences += [look.paint(f"It opens with no key of this run: {visible(path)}", "due") for path in proof.unread]
    sentences += [f"What you wrote in an editor stays, as no journal holds it: {visible(path)}" for path in done.kept]
    return "\n".join(sentences + _mentions(proof.mentioned))


def _search(proof: Proof) -> str:
    for_what = "for the name, the address"
    for_what += f" and {plural(proof.pieces, 'piece')} of what was written" if proof.pieces else ""
    if not proof.opened:
        return f"Searched {plural(proof.read, 'file')} byte by byte {for_what}"
    return (
        f"Searched every text of {plural(proof.opened, 'encrypted file')} with the key, because bytes of theirs prove"
        f" nothing, and {plural(proof.read, 'other file')} byte by byte {for_what}"
    )


def _mentions(mentions: tuple[Mention, ...]) -> list[str]:
    """Where others are named beside them, each with its command; all of them, because nobody can ask again."""
    if not mentions:
        return []
    entries_first = sorted(mentions, key=lambda mention: (mention.table != "entries", mention.table, mention.id or 0))
    rows = dict.fromkeys((_named(mention), _command(mention)) for mention in entries_first)
    width = max(len(name) for name, _ in rows)
    sentences = ["What you wrote about others names them too, and is as it was. Change what should not stay:"]
    sentences += [f"  {name.ljust(width)}  {command}" for name, command in rows]
    if any(command == _IN_A_FILE for _, command in rows):
        sentences.append(f"  {_BACK}")
    return sentences


def _named(mention: Mention) -> str:
    """A row as people know it: `entry #17`, `role D-1`, `your own page`."""
    where = _WHERE.get(mention.table, _OWN)
    if mention.table == "profile":
        return f"{where}, {visible(mention.place)}"
    number = "#" if mention.table == "entries" else ""
    return where if where == _OWN else f"{where} {number}{visible(mention.place)}"


def _command(mention: Mention) -> str:
    """What changes a row; what has no command of its own goes through a file and comes back."""
    own = {
        "entries": f"trustlog edit {mention.place}", "managers": f"trustlog manager edit {mention.place}",
        "profile": f"trustlog me --set {mention.place}=…",
    }  # fmt: skip
    return own.get(mention.table, _IN_A_FILE)


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
