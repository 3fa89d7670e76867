"""`edit`, `delete`, `undo`: nothing written down is final."""

from typing import Annotated, Any

import typer

from trustlog.commands.words import entry_words
from trustlog.commands.words.options import (
    Approach,
    Changed,
    Channel,
    Did,
    Editor,
    Kind,
    Repairs,
    ReqOption,
    Size,
    Tags,
    When,
    complete_manager,
    session_of,
)
from trustlog.domain import text
from trustlog.services import adding, finding
from trustlog.session import Session
from trustlog.store import undo as store_undo
from trustlog.view import data, lines


def edit(
    ctx: typer.Context,
    entry: Annotated[int, typer.Argument(metavar="ID", help="The entry's number.")],
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT|-", help="The text; - reads standard input.")
    ] = None,
    manager: Annotated[
        str | None,
        typer.Option(
            "--manager",
            "-m",
            metavar="MANAGER",
            help="It was with someone else.",
            autocompletion=complete_manager,
        ),
    ] = None,
    kind: Annotated[str | None, Kind] = None,
    when: Annotated[str | None, When] = None,
    size: Size = None,
    channel: Channel = None,
    req: Annotated[str | None, ReqOption] = None,
    tag: Annotated[list[str] | None, Tags] = None,
    approach: Approach = None,
    did: Did = None,
    changed: Changed = None,
    evidence: Annotated[
        bool | None, typer.Option("--evidence/--no-evidence", help="Whether it counts for trust.")
    ] = None,
    repairs: Repairs = None,
    editor: Editor = False,
) -> None:
    """
        trustlog edit 17 --kind promise-kept --when "last fri 4pm"

    Change an entry. Without options it opens the note in your editor. An empty text ("") empties a field.
    """
    session = session_of(ctx)
    words = entry_words.Words(
        manager=manager, note=note, kind=kind, when=when, size=size, channel=channel, req=req, tags=tag,
        approach=approach, did=did, changed=changed,
    )  # fmt: skip
    changes = _changes(session, words) | ({} if evidence is None else {"evidence": evidence})
    seen = None
    if editor or (not changes and repairs is None):
        before = finding.entry(session.store, entry)
        if "manager" in changes:  # before anything is written in the editor
            finding.manager(session.store, changes["manager"])
        changes["note"] = finding.checked(text.checked, session.editor.text(before.note, flag="--note"), "the note")
        seen = before.note
    done = adding.edit(session.store, entry, changes, repairs, seen=seen)
    session.show(done, lambda done: {"entry": data.entry(done)}, lines.summary)


def delete(
    ctx: typer.Context,
    entry: Annotated[list[int], typer.Argument(metavar="ID...", help="The entries' numbers.")],
) -> None:
    """
        trustlog delete 17

    Delete entries. `trustlog undo` brings them back.
    """
    session = session_of(ctx)
    gone = adding.delete(session.store, entry)
    session.show(gone, lambda gone: {"deleted": [one.id for one in gone]}, lines.deleted)
    session.screen.hint("trustlog undo brings it back.")


def undo(
    ctx: typer.Context,
    count: Annotated[int, typer.Argument(metavar="[N]", min=1, help="How many changes.")] = 1,
    listed: Annotated[bool, typer.Option("--list", help="Show what can be taken back, newest first.")] = False,
) -> None:
    """
        trustlog undo

    Take back the last change, whatever command made it; again for the one before.
    """
    session = session_of(ctx)
    if listed:
        found = store_undo.changes(session.reading)
        session.show(found, lambda found: {"changes": [data.change(one) for one in found]}, lines.changes)
        return
    done = store_undo.take_back(session.store, count)
    session.show(done, lambda done: {"undone": [data.change(one, with_summary=False) for one in done]}, lines.undone)


def _changes(session: Session, words: entry_words.Words) -> dict[str, Any]:
    """What was said, as columns; an empty text stands for none."""
    emptied: dict[str, Any] = {name: None for name in ("channel", "approach", "req") if getattr(words, name) == ""}
    if words.tags == [""]:
        emptied["tags"] = ()
    words = words._replace(**dict.fromkeys(emptied))
    changes = entry_words.fields(words) | emptied | _texts(session, words)
    if words.kind is not None:
        changes["kind"] = session.kind(words.kind)
    if words.when is not None:
        changes["happened_at"] = session.past(words.when, "An entry says what happened.")
    for name in ("req", "manager"):
        if getattr(words, name) is not None:
            changes[name] = getattr(words, name)
    return changes


def _texts(session: Session, words: entry_words.Words) -> dict[str, Any]:
    said = {name: getattr(words, name) for name in ("note", "did", "changed") if getattr(words, name) is not None}
    if said.get("note") == "-":
        said["note"] = entry_words.standard_input(session)
    for name, value in said.items():
        finding.checked(text.checked, value, f"--{name}")
    # a note that is empty is an empty text, not none
    return {name: value or (None if name != "note" else "") for name, value in said.items()}
