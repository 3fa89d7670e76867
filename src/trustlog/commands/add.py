"""`add`: the heartbeat of the journal."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

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
from trustlog.domain.kinds import ASK_TWICE

if TYPE_CHECKING:
    from trustlog.services.adding import Added


def add(
    ctx: typer.Context,
    manager: Annotated[
        str | None,
        typer.Argument(
            metavar="[MANAGER]",
            help="Who; several with commas: dana,marcus.",
            autocompletion=complete_manager,
        ),
    ] = None,
    note: Annotated[str | None, typer.Argument(metavar="[NOTE]", help="What happened; - reads standard input.")] = None,
    kind: Annotated[str | None, Kind] = None,
    when: Annotated[str | None, When] = None,
    size: Size = None,
    channel: Channel = None,
    req: Annotated[str | None, ReqOption] = None,
    tag: Annotated[list[str] | None, Tags] = None,
    approach: Approach = None,
    did: Did = None,
    changed: Changed = None,
    no_evidence: Annotated[bool, typer.Option("--no-evidence", help="Keep it in the journal only.")] = False,
    repairs: Repairs = None,
    edit: Editor = False,
    create: Annotated[bool, typer.Option("--create", help="Add the manager if there is none.")] = False,
) -> None:
    """
        trustlog add dana "Thanked her for four scorecards before lunch" -k praise

    Write down one interaction. With nothing, it asks everything.
    """
    # 4 ms that the shell's completion of a handle does without
    from trustlog.commands.words import entry_words
    from trustlog.services import adding
    from trustlog.view import lines

    session = session_of(ctx)
    words = entry_words.Words(
        manager=manager, note=note, kind=kind, when=when, size=size, channel=channel, req=req, tags=tag,
        approach=approach, did=did, changed=changed,
    )  # fmt: skip
    told = entry_words.telling(session, words, editor=edit, evidence=not no_evidence, repairs=repairs, create=create)
    done = adding.add(session.store, told, session.now, session.parameters)
    for line in done.notes:
        session.screen.note(line)
    session.show(done, _data, lambda done, look: lines.added(done.entries, look))
    for entry, _, _ in done.entries:
        if entry.kind in ASK_TWICE:
            session.screen.hint(f"Could there be another explanation? trustlog edit {entry.id} keeps it fair.")


def _data(done: "Added") -> dict[str, Any]:
    from trustlog.view import data  # only for JSON

    each = [
        {"entry": data.entry(entry), "unknown": {"before": before, "after": after}}
        for entry, before, after in done.entries
    ]
    return each[0] if len(each) == 1 else {"entries": each}
