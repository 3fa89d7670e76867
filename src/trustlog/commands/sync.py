"""`sync`: the same journal on several laptops, by a folder that some program replicates."""

import platform
from collections.abc import Collection
from contextlib import closing
from typing import Annotated

import typer

from trustlog import files
from trustlog.commands.options import session_of, word
from trustlog.domain.sync import Membership, Synced
from trustlog.errors import UserError
from trustlog.services import encryption_keys, people_forget
from trustlog.services import sync as service
from trustlog.services.sync_run import ForgetsError
from trustlog.session import Session
from trustlog.store.journal import Journal
from trustlog.view import sync as view

SYNC = typer.Typer(
    add_completion=False, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
PassphraseFile = Annotated[
    str | None, typer.Option("--passphrase-file", metavar="FILE", help="The file that holds the passphrase.")
]
FLAG = "--passphrase-file FILE"


@SYNC.callback()
def sync(
    ctx: typer.Context,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Also forget here who was forgotten on another laptop.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """
        trustlog sync

    Take in what other laptops wrote, and give what is new here, through a folder that a program of yours replicates.
    Set it up on each laptop with: trustlog sync init FOLDER. Nothing is synced without being asked, and trustlog
    itself opens no connection. What is taken in is not part of undo; the day's copy is made before.
    """
    if ctx.invoked_subcommand is not None:
        return
    session = session_of(ctx)
    session.keep_a_copy()
    done, kept = None, set[str]()
    forgotten, notes = list[tuple[str, int]](), list[str]()
    while done is None:  # one who is forgotten may turn out to be one with another
        try:
            done = _run(session, passphrase_file, kept, notes)
        except ForgetsError as asked:
            who = ", ".join(asked.handles.values())
            question = f"{who}: forgotten on another laptop. Remove every trace here too, for good?"
            agreed = yes or (session.ask.possible and session.ask.confirm(question, flag="--yes"))
            kept.update(() if agreed else asked.handles)
            for handle in asked.handles.values() if agreed else ():
                went = people_forget.forget(session.shelf, handle, session.now, files.inbox(session.settings["inbox"]))
                forgotten.append((handle, went.rows))
    _say(session, notes)
    session.show(done._replace(forgotten=tuple(forgotten)), view.synced_data, view.synced_lines)


def _run(session: Session, passphrase_file: str | None, kept: Collection[str], notes: list[str]) -> Synced:
    def passphrase() -> str:
        return _passphrase(session, passphrase_file, "The space has a new passphrase", notes)

    with closing(Journal.open(session.file, session.snapshots)) as journal:
        return service.run(journal, session.now, passphrase=passphrase, kept=kept)


@SYNC.command("init")
def init(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder that is replicated between your laptops.")],
    passphrase_file: PassphraseFile = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What this laptop is called.")] = None,
    own_drawer: Annotated[
        str | None, word("--own-drawer", ("yes", "no"), "Whether your own drawer travels; no unless said.")
    ] = None,
) -> None:
    """
        trustlog sync init ~/Sync/trustlog

    Once a laptop. The first makes a key, sealed under a passphrase that you choose; the next ones join with it, and
    their records come together. Each laptop decides for itself whether its own drawer, what you say about yourself,
    travels. A lost passphrase cannot be recovered, and no laptop can join without it.
    """
    session = session_of(ctx)
    if own_drawer not in (None, "yes", "no"):
        raise typer.BadParameter(f'"{own_drawer}" is not yes or no', ctx=ctx, param_hint="--own-drawer")
    place = files.expanded(folder).absolute()
    first = service.begins(place)
    asked = "A passphrase for the space" if first else "The passphrase of the space"
    notes: list[str] = []
    passphrase = _passphrase(session, passphrase_file, asked, notes, twice=first)
    space = None if first else service.opened(place, passphrase)  # a wrong one is told before more is asked
    drawer = own_drawer == "yes"
    if own_drawer is None and session.ask.possible:
        drawer = session.ask.confirm(
            "Does your own drawer travel too, what you say about yourself?", flag="--own-drawer"
        )
    joining = service.Joining(place, name or platform.node() or "laptop", drawer)
    session.keep_a_copy()
    with closing(Journal.open(session.file, session.snapshots)) as journal:
        joined = service.join(journal, joining, space, passphrase)
    _say(session, notes)
    session.show(joined, Membership._asdict, view.joined_line)
    session.screen.hint("Next: trustlog sync")


@SYNC.command("status")
def status(
    ctx: typer.Context,
    seen: Annotated[bool, typer.Option("--seen", help="Let go of what was decided, once you have read it.")] = False,
    private: Annotated[bool, typer.Option("--include-reflections", help="Show texts of your own drawer too.")] = False,
) -> None:
    """
        trustlog sync status

    Who writes in the folder, when each was last heard from, and what waits both ways. Where two laptops had changed
    the same thing, it tells what was decided and which text did not stay.
    """
    session = session_of(ctx)
    found = service.standing(session.reading, private=session.may_show_private(private))
    session.show(found, view.standing_data, view.standing_lines)
    if seen:
        session.screen.flush()  # shown first, then let go
        service.let_go_of_decided(session.store)


@SYNC.command("leave")
def leave(
    ctx: typer.Context,
    forget: Annotated[
        str | None,
        typer.Option("--forget", metavar="LAPTOP", help="Remove the files of another laptop, one that is lost."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """
        trustlog sync leave

    Stop syncing on this laptop: the journal stays as it is, and so do the files that it gave. With --forget another
    laptop's files are removed instead; if somebody may have that laptop, follow with: trustlog sync rekey.
    """
    session = session_of(ctx)
    if forget is not None:
        question = f"Remove everything that {forget} wrote into the folder and that may not have been taken in?"
        if not yes and not session.ask.confirm(question, flag="--yes"):
            session.screen.note("Nothing was removed.")
            return
        name, removed = service.forget_laptop(session.store, forget)
        session.show(
            removed, lambda removed: {"laptop": name, "files": removed},
            lambda removed, _: f"Removed: {name}, {removed} files. The next sync writes what this laptop heard of it.",
        )  # fmt: skip
        return
    service.leave(session.store)
    session.show(None, lambda _: {"left": True}, lambda _, __: "This laptop is not synced any more; the journal stays.")


@SYNC.command("rekey")
def rekey(ctx: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """
        trustlog sync rekey

    Give the space a new key and a new passphrase, as when a laptop was lost. The next sync writes this laptop's files
    anew with it; every other laptop asks for the new passphrase once.
    """
    session = session_of(ctx)
    notes: list[str] = []
    passphrase = _passphrase(session, passphrase_file, "A new passphrase for the space", notes, twice=True)
    service.rekey(session.store, passphrase)
    _say(session, notes)
    session.show(None, lambda _: {"rekeyed": True}, lambda _, __: "The space has a new key and a new passphrase.")
    session.screen.hint("Next: trustlog sync, here and on every other laptop; theirs asks for the new passphrase.")


def _say(session: Session, notes: list[str]) -> None:
    """What was to be said of the passphrase's file: once all went well, so that a failure stays one line."""
    for note in notes:
        session.screen.note(note)


def _passphrase(session: Session, file: str | None, asked: str, notes: list[str], *, twice: bool = False) -> str:
    """The passphrase from its file or the person; `notes` takes what is to be said of the file.

    Raises UserError `needs-answer`, `bad-file`.
    """
    if file is not None:
        hint = "It holds the passphrase and nothing else."
        return encryption_keys.key_from_file(file, notes.append, "passphrase file", hint)
    if not session.ask.possible:
        raise UserError("needs-answer", "nobody is here to type the passphrase", f"Give it as {FLAG}.")
    typed = session.ask.secret(asked, flag=FLAG, check=encryption_keys.key_problem)
    if twice:
        same = "It is not the same."
        session.ask.secret("The same again", flag=FLAG, check=lambda again: None if again == typed else same)
    return typed
