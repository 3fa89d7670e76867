"""Options, completions and small questions that several commands share."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from trustlog import files
from trustlog.commands.completing import complete_kind, complete_manager, complete_req, one_of
from trustlog.domain.text import answered, one_line, questions
from trustlog.errors import UserError
from trustlog.session import Session


def session_of(ctx: typer.Context) -> Session:
    """The run's session, with the command's name noted for its answer."""
    session: Session = ctx.find_root().obj
    name = " ".join(ctx.command_path.split()[1:])
    session.command = "prep-feedback" if name == "prep" else name
    return session


def _remember(name: str) -> Callable[..., Any]:
    def keep(ctx: typer.Context, value: Any) -> Any:
        session = ctx.find_root().obj
        if value and session is not None:  # there is none while the shell completes
            setattr(session.options, name, value)
        return value

    return keep


def _shared(name: str, *flags: str, **attributes: Any) -> Any:
    return typer.Option(*flags, callback=_remember(name), expose_value=False, **attributes)


def everywhere(
    as_json: Annotated[bool, _shared("json", "--json", help="Answer as JSON.")] = False,
    no_input: Annotated[bool, _shared("no_input", "--no-input", help="Never ask; name what is missing.")] = False,
    no_color: Annotated[bool, _shared("no_color", "--no-color", help="No colour.")] = False,
    db: Annotated[str | None, _shared("db", "--db", metavar="PATH", help="Another journal file.")] = None,
    key_file: Annotated[
        str | None, _shared("key_file", "--key-file", metavar="FILE", help="The key of an encrypted journal.")
    ] = None,
    debug: Annotated[bool, _shared("debug", "--debug", help="Show where a fault of ours happened.")] = False,
) -> None:
    """Options that work before a command and after it."""


SHARED = ("as_json", "no_input", "no_color", "db", "key_file", "debug")


def moment(flags: str, help_: str) -> Any:
    """An option that takes a day or a time."""
    return typer.Option(*flags.split(), metavar="WHEN", help=help_)


def word(flags: str, words: Iterable[str], help_: str, metavar: str = "") -> Any:
    """An option that takes one word of a closed list."""
    return typer.Option(*flags.split(), metavar=metavar or "|".join(words), help=help_, autocompletion=one_of(*words))


def choice(value: str, allowed: tuple[str, ...], flag: str) -> str:
    """Raises UserError `bad-field` for anything else."""
    if value.strip().lower() not in allowed:
        *words, last = (word for word in allowed if word)
        raise UserError("bad-field", f'{flag} cannot be "{value}"', f"It takes {', '.join(words)} or {last}.")
    return value.strip().lower()


def given(**typed: Any) -> dict[str, Any]:
    """What was typed of several options; None is what was not."""
    return {name: value for name, value in typed.items() if value is not None}


def with_manager(help_: str) -> Any:
    """An option that takes a manager."""
    return typer.Option("--manager", "-m", metavar="MANAGER", help=help_, autocompletion=complete_manager)


class Group(TyperGroup):
    """A command with commands of its own, which are named where a word is none of them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # Typer's own Click is private, its types too
        if args and self.get_command(ctx, args[0]) is None:
            there = [name for name, command in self.commands.items() if not command.hidden]
            ctx.fail(f"there is no {ctx.command_path} {one_line(args[0])}. There are {', '.join(there)}")
        return super().resolve_command(ctx, args)


def group(example: str, about: str) -> typer.Typer:
    """A command with commands of its own."""
    return typer.Typer(
        cls=Group, add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
        help=f"\n    {example}\n\n{about}",
    )  # fmt: skip


def called_bare(group: typer.Typer) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks the command that answers where the group is called without a word behind it."""

    def mark(command: Callable[..., None]) -> Callable[..., None]:
        @group.callback(invoke_without_command=True)
        def bare(ctx: typer.Context) -> None:
            if ctx.invoked_subcommand is None:
                command(ctx)

        return command

    return mark


_MANAGER = typer.Argument(
    metavar="MANAGER", help="A handle, or the beginning of a handle or name.", autocompletion=complete_manager
)
Manager = Annotated[str, _MANAGER]
ManagerIfAny = Annotated[str | None, _MANAGER]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        "-k",
        metavar="KIND",
        help="What it was: a kind, its beginning, or a short word (trustlog guide kinds).",
        autocompletion=complete_kind,
    ),
]
When = Annotated[str | None, moment("--when -w", "When: yesterday 3pm, last tue, 20 Nov, 2026-11-20.")]
AsOf = Annotated[str | None, moment("--as-of", "As it stood then.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", "-t", metavar="TAG", help="A tag; give it once for each.")]
Req = Annotated[
    str | None, typer.Option("--req", metavar="CODE", help="The role it was about.", autocompletion=complete_req)
]
Answers = Annotated[str | None, typer.Option("--answers", metavar="FILE|-", help="Answers as JSON: field to value.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="One answer; repeats.")]
Size = Annotated[str | None, word("--size -s", ("s", "m", "l"), "How big it was; m unless said.")]
Channel = Annotated[
    str | None, typer.Option("--channel", "-c", metavar="CHANNEL", help="chat, email, call, meeting, …")
]
Approach = Annotated[str | None, word("--approach", ("push", "pull"), "Whether it asked for something.")]
Did = Annotated[str | None, typer.Option("--did", metavar="TEXT", help="Praise: what they did.")]
Changed = Annotated[str | None, typer.Option("--changed", metavar="TEXT", help="Praise: what it changed.")]
AsItIs = Annotated[
    bool, typer.Option("--open", help="With --copy: take the draft with what stands open in [brackets].")
]
Private = Annotated[bool, typer.Option("--include-reflections", help="Show your own part in JSON and in pipes too.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")]
Overwrite = Annotated[bool, typer.Option("--yes", "-y", help="Overwrite a file that is there.")]
Copy = Annotated[bool, typer.Option("--copy", help="Put the text on the clipboard.")]
Sender = Annotated[str | None, typer.Option("--from", metavar="NAME", help="The name below it.")]
OwnPage = Annotated[
    bool, typer.Option("--include-reflections", help="Fill in what your own page says: your name, your people.")
]
Editor = Annotated[bool, typer.Option("--edit", "-e", help="Write the note in your editor.")]


def first_day(session: Session, since: str | None, last: date) -> date | None:
    """The day of a `--since`, None if there is none. Raises UserError `conflict` if it lies after the last day."""
    if since is None:
        return None
    first = session.moment(since).date()
    if first > last:
        raise UserError("conflict", "--since lies after the last day", "Give an earlier day, or leave it out.")
    return first


def only_with_copy(ctx: typer.Context, *, copy: bool, open_: bool) -> None:
    """Raises BadParameter for --open alone."""
    if open_ and not copy:
        raise typer.BadParameter("--open goes with --copy", ctx=ctx)


def completed(session: Session, draft: str, *, as_it_is: bool) -> str:
    """A marked draft, ready to be copied: what it leaves open is asked for, and stays open where nothing is said.

    Raises UserError `needs-answer` where nobody can be asked, unless it is taken as it is.
    """
    left = questions(draft)
    return draft if as_it_is or not left else answered(draft, asked_for(session, {blank: blank for blank in left}))


def asked_for(session: Session, left: Mapping[str, str]) -> dict[str, str]:
    """What the recruiter says to each question that a draft leaves open. Raises UserError `needs-answer`."""
    if not session.ask.possible:
        stand = "question stands" if len(left) == 1 else "questions stand"
        refusal = f"{len(left)} {stand} open in this draft: [{'], ['.join(left.values())}]"
        hint = "Copy it at a terminal, which asks for them, or as it is: --copy --open"
        raise UserError("needs-answer", refusal, hint)
    return {
        name: session.ask.text(question if question.endswith("?") else f"{question}:", flag="--open").strip()
        for name, question in left.items()
    }


def agreed(session: Session, question: str, *, yes: bool, otherwise: str) -> bool:
    """Whether a question has its yes, by --yes or by the person who is asked; `otherwise` is said after a no."""
    done = yes or session.ask.confirm(question, flag="--yes")
    if not done:
        session.screen.note(otherwise)
    return done


def own_name(session: Session, asked: bool) -> str | None:
    """One's own name, where it was asked for: it is of the second drawer, on a terminal too."""
    from trustlog.store import private  # the store is opened by those who ask for it

    return private.load_profile(session.reading).get("name") if asked else None


def named_target(session: Session, typed: str, *, yes: bool) -> Path:
    """The file that a word names, once it may be written; - is no name. Raises UserError as `cleared_target` does."""
    if typed == "-":
        hint = "Leave --output out to have it on standard output; a file of that name is ./-"
        raise UserError("bad-file", "- names no file", hint)
    return cleared_target(session, files.expanded(typed), yes=yes)


def cleared_target(session: Session, file: Path, *, yes: bool) -> Path:
    """The file, once it may be written: what stands there is asked about at a terminal, or needs --yes.

    Raises UserError `file-exists`, `conflict` for the journal and its files, which no --yes overwrites, `bad-file`
    for what no file can be written to.
    """
    there = files.would_replace(file)
    _refuse_ours(session, file)
    if there and not yes and session.ask.possible:
        yes = session.ask.confirm(f"{file} is already there. Overwrite it?", flag="--yes")
    files.check_free(file, replace=yes)
    session.will_write(file)
    return file


def _refuse_ours(session: Session, file: Path) -> None:
    """Raises UserError `conflict` for a file of this journal, of the one at home, or the key of this run."""
    # every command loads this module, and few name a file
    from trustlog.store import own_files
    from trustlog.store.snapshots import Snapshots

    if file.exists() and session.file.exists() and file.samefile(session.file):
        raise UserError("conflict", f"{file} is the journal itself", "Name another file.")
    usual = session.settings["db"]
    journals = {session.file, files.journal(), *([files.expanded(usual)] if usual else [])}
    if any(own_files.is_ours(file, Snapshots(journal, session.snapshots)) for journal in journals):
        raise UserError("conflict", f"{file} is a file of the journal itself", "Name another file.")
    inbox = files.inbox(session.settings["inbox"])
    if file.exists() and inbox.exists() and file.samefile(inbox):
        raise UserError("conflict", f"{file} is the inbox, whose lines wait to be taken", "Name another file.")
    key = session.told_key().file
    if key and file.exists() and files.expanded(key).exists() and file.samefile(files.expanded(key)):
        raise UserError("conflict", f"{file} is the key of the journal", "Name another file.")


HARD_PATCHES = "Hard patches with a manager are normal, whoever you are: note them like everything else.\n"
WHERE = f"""Your new journal: {{file}}
Only you can read it; trustlog undo takes back a change.
{HARD_PATCHES}Next: trustlog add MANAGER "What happened"; everything else: trustlog guide"""
NONE_YET = """There is no journal yet; it will be {file}
Next: trustlog manager add "Dana Ortiz"; everything else: trustlog guide"""
NOBODY_YET = 'No managers yet. Next: trustlog manager add "Dana Ortiz"'
SILENT = ("today", "support", "encrypt", "decrypt")
"""The morning page says how to begin itself, and the others have something more urgent to say."""


def say_where(session: Session) -> None:
    """After the answer: once in a journal's life where it lies; where there is none, how it begins."""
    used = vars(session)  # each part of a session is made on first use
    if session.command in SILENT:
        return
    if "store" in used:
        if session.store.begun:
            hint = WHERE.format(file=session.file)
            session.screen.hint(hint.replace(HARD_PATCHES, "") if _begins_hard(session) else hint)
    elif "reading" in used and not session.file.exists():
        session.screen.hint(NONE_YET.format(file=session.file))


def _begins_hard(session: Session) -> bool:
    """Whether a journal begins with something hard: what is normal is no answer to that."""
    from trustlog.domain.entries import KINDS, Filter
    from trustlog.store import entries

    return any(KINDS[entry.kind].sign == "-" for entry in entries.page(session.store, Filter(limit=1)))


def say_how_to_begin(session: Session) -> None:
    """Where a journal knows nobody; where there is none, `say_where` has the word."""
    if session.file.exists():
        session.screen.hint(NOBODY_YET)
