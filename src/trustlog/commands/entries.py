"""`add` and `edit`: entries written and changed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustlog.commands import entries_words, options, people_named
from trustlog.commands.completing import complete_manager
from trustlog.domain import text
from trustlog.domain.entries import ASK_TWICE, KINDS, Entry, EntryDraft, keeps_in_sight
from trustlog.errors import UserError
from trustlog.services import finding
from trustlog.session import Session
from trustlog.view import entries as entries_view
from trustlog.view import under

if TYPE_CHECKING:
    from trustlog.services.entries import Added


EntryId = Annotated[int, typer.Argument(metavar="ID", help="The entry's number.", parser=entries_words.numbered("#"))]
Repairs = Annotated[
    int | None,
    typer.Option(
        "--repairs", metavar="ENTRY", help="The hard entry that this deed mends.", parser=entries_words.numbered("#")
    ),
]


def add(
    ctx: typer.Context,
    manager: Annotated[
        str | None,
        typer.Argument(
            metavar="[MANAGER]",
            help="Who, by handle or name; several with commas: dana,marcus.",
            autocompletion=complete_manager,
        ),
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NOTE]...", help="What happened, without quotes; - reads standard input."),
    ] = None,
    kind: options.Kind = None,
    when: options.When = None,
    size: options.Size = None,
    channel: options.Channel = None,
    req: options.Req = None,
    tag: options.Tags = None,
    approach: options.Approach = None,
    did: options.Did = None,
    changed: options.Changed = None,
    no_evidence: Annotated[bool, typer.Option("--no-evidence", help="Keep it in the journal only.")] = False,
    repairs: Repairs = None,
    edit: options.Editor = False,
    create: people_named.Create = False,
) -> None:
    """
        trustlog add dana answered my mail in ten minutes

    Write down one interaction: who, then what happened. Options may stand anywhere; after -- everything is text,
    also what begins with a dash. With nothing, it asks everything, and with a name alone what happened: so type what
    has an apostrophe or a bracket, which a shell keeps for itself.
    """
    from trustlog.services import entries  # completing a handle loads this module, and none of the services

    session = options.session_of(ctx)
    words = entries_words.EntryWords(
        manager=manager, note=" ".join(note) if note else None, kind=kind, when=when, size=size, channel=channel,
        req=req, tags=tag, approach=approach, did=did, changed=changed,
    )  # fmt: skip
    if manager is not None and (note or " " in manager):
        words = entries_words.who_and_what(session, words, [manager, *(note or ())], dated=when is None)
    named, draft, reading = _draft(session, words, editor=edit, evidence=not no_evidence, create=create)
    draft = draft._replace(repairs=repairs, kind=reading.kind)
    managers, new = [who.word for who in named], any(who.new for who in named)
    done = entries.add(session.store, managers, draft, session.now, session.parameters, create=new)
    for line in done.notes:
        session.screen.note(line)
    session.show(done, lambda done: _data(done, reading), lambda done, look: entries_view.added(done.entries, look))
    for entry in done.entries:
        _hints(session, entry.entry, reading)


def _hints(session: Session, entry: Entry, reading: entries_words.Reading) -> None:
    """What may be said of an entry beside the answer: how it was read, where to turn, and plain joy."""
    if reading.told:
        session.screen.hint(reading.told.format(ref=entry.ref, id=entry.id))
    if entry.kind == "note" and (command := keeps_in_sight(entry.note)):
        whose = "what you wait for" if command == "ask" else "a promise of yours"
        session.screen.hint(f"To keep {whose} in sight: trustlog {command} {entry.manager} WHAT --due WHEN")
    if entry.kind in ASK_TWICE:
        session.screen.hint(f"Written down. When you want it: trustlog support {entry.manager}")
    if entry.kind in entries_view.FIRST_TIME:
        from trustlog.services import entries  # as in `add`

        if joy := entries_view.joy(entry, first=entries.is_first(session.store, entry)):
            session.screen.hint(joy)


def _draft(
    session: Session, words: entries_words.EntryWords, *, editor: bool, evidence: bool, create: bool
) -> tuple[list[people_named.Who], EntryDraft, entries_words.Reading]:
    """Who is named, what is written and how it reads, asked for where a person is there to answer. Raises UserError."""
    named, words = words.named(session, create=create)
    if not editor and words.note is None and words.kind is None and not words.did and session.ask.possible:
        if words == entries_words.EntryWords():
            named, words = entries_words.ask_everything(session)
        else:
            named, words = entries_words.ask_what(session, words, named)
    named = named or people_named.asked(session, "Who was it with?", several=True, said=words.note or "")
    kind = entries_words.kind_named(session, "note" if words.kind is None else words.kind, words.note or "")
    # what can be refused is refused before a person writes at length
    when = session.moment(words.when) if words.when is not None else session.now
    fields = entries_words.fields(words)
    note = _note(session, words, kind, editor)
    draft = EntryDraft(
        None, kind, when, note=note, req=words.req, did=words.did, changed=words.changed, evidence=evidence, **fields
    )
    reads = words.kind is None and note  # a kind that was chosen is not asked about again
    return named, draft, entries_words.read(session, note) if reads else entries_words.Reading(kind)


def _note(session: Session, words: entries_words.EntryWords, kind: str, editor: bool) -> str:
    if words.note == "-" and not words.literal:
        return entries_words.standard_input(session)
    if editor:
        return _edited(session, words.note or "", flag="NOTE")
    if words.note is not None:
        return finding.checked(text.checked, words.note, "the note")
    if kind == "note" and not words.did:
        return session.ask.text("What happened?", flag="NOTE")
    if kind == "praise-given" and not words.did and session.ask.possible:
        return session.ask.text("What did they do?", flag="NOTE")
    return ""


def _edited(session: Session, before: str, *, flag: str) -> str:
    """The text after editing, checked; says so if it is as it was. Raises UserError."""
    from trustlog.ui.editor import WAIT

    after = session.editor.text(before, flag=flag)
    if not before and not after:
        hint = "Write it there and save it." if session.editor.waited else WAIT
        raise UserError("bad-text", "nothing was written in the editor", hint)
    if after == before:
        session.screen.hint("Nothing was changed." if session.editor.waited else f"Nothing was changed. {WAIT}")
    return finding.checked(text.checked, after, "the note")


def _mended(session: Session, before: str) -> str:
    """The note with its words changed here: an editor that nobody has chosen may be one that they cannot leave."""
    session.screen.aside("Change the words, then Enter; other fields have flags: trustlog edit --help")
    after = finding.checked(text.checked, session.ask.text("Note:", flag="--note", mend=before), "the note")
    if after == before:
        session.screen.hint("Nothing was changed.")
    return after


def _data(done: "Added", reading: entries_words.Reading) -> dict[str, Any]:
    each = [entries_view.added_data(entry, reading.kinds) for entry in done.entries]
    return each[0] if len(each) == 1 else {"entries": each}


def edit(
    ctx: typer.Context,
    entry: EntryId,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT|-", help="The text; - reads standard input.")
    ] = None,
    manager: Annotated[str | None, options.with_manager("It was with someone else.")] = None,
    kind: options.Kind = None,
    when: options.When = None,
    size: options.Size = None,
    channel: options.Channel = None,
    req: options.Req = None,
    tag: options.Tags = None,
    approach: options.Approach = None,
    did: options.Did = None,
    changed: options.Changed = None,
    evidence: Annotated[
        bool | None, typer.Option("--evidence/--no-evidence", help="Whether it counts for trust.")
    ] = None,
    repairs: Repairs = None,
    editor: options.Editor = False,
) -> None:
    """
        trustlog edit 17 --kind promise-kept --when "last fri 4pm"

    Change an entry. Without options it opens the note in your editor, or asks here if you have set none. An empty
    text ("") empties a field.
    """
    from trustlog.services import entries

    session = options.session_of(ctx)
    words = entries_words.EntryWords(
        manager=manager, note=note, kind=kind, when=when, size=size, channel=channel, req=req, tags=tag,
        approach=approach, did=did, changed=changed,
    )  # fmt: skip
    changes = _changes(session, words, entry) | ({} if evidence is None else {"evidence": evidence})
    seen = None
    if editor or (not changes and repairs is None):
        before = finding.entry(session.store, entry)
        if "manager" in changes:  # before anything is written in the editor
            finding.manager(session.store, changes["manager"])
        by_line = not editor and session.ask.possible and not session.editor.named and "\n" not in before.note
        changes["note"] = _mended(session, before.note) if by_line else _edited(session, before.note, flag="--note")
        seen = before.note
    if changes == {"note": seen} and repairs is None:
        done = before  # no change that undo would have to take back
    else:
        done = entries.edit(session.store, entry, changes, repairs, seen=seen)
    session.show(done, under("entry", entries_view.entry_data), entries_view.summary)
    if "kind" in changes:
        _whose(session, done)


def _whose(session: Session, done: Entry) -> None:
    """Says of a kind that has none beside it for what they do that it is about me, where the words leave that open."""
    if done.kind != "apology-made" and not done.kind.startswith("promise-"):
        return
    said = {word.strip(".,").casefold() for word in done.note.split()}
    if done.kind not in session.reads(done.note) and said.isdisjoint(("i", "i've", "we", "my")):
        words = KINDS[done.kind].words
        session.screen.hint(f"{words}: that is one of yours. Theirs stays a note: --kind note")


def _changes(session: Session, words: entries_words.EntryWords, entry: int) -> dict[str, Any]:
    """What was said, as columns; an empty text stands for none."""
    emptied: dict[str, Any] = {name: None for name in ("channel", "approach", "req") if getattr(words, name) == ""}
    if words.tags == [""]:
        emptied["tags"] = ()
    words = words._replace(**dict.fromkeys(emptied))
    changes = entries_words.fields(words) | emptied | _texts(session, words)
    if words.kind is not None:
        note = words.note or (finding.entry(session.reading, entry).note if session.ask.possible else "")
        changes["kind"] = entries_words.kind_named(session, words.kind, note)
    if words.when is not None:
        changes["happened_at"] = session.past(words.when, "An entry says what happened.")
    for name in ("req", "manager"):
        if getattr(words, name) is not None:
            changes[name] = getattr(words, name)
    return changes


def _texts(session: Session, words: entries_words.EntryWords) -> dict[str, Any]:
    texts = {name: getattr(words, name) for name in ("note", "did", "changed") if getattr(words, name) is not None}
    if texts.get("note") == "-":
        texts["note"] = entries_words.standard_input(session)
    for name, value in texts.items():
        finding.checked(text.checked, value, f"--{name}")
    # a note that is empty is an empty text, not none
    return {name: value or (None if name != "note" else "") for name, value in texts.items()}
