"""Options, completions and small questions that several commands share."""

from collections.abc import Callable, Iterable
from contextlib import redirect_stderr
from datetime import date
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from trustlog.domain.text import one_line
from trustlog.errors import UserError
from trustlog.session import Session

if TYPE_CHECKING:
    from trustlog.store.journal import Journal


T = TypeVar("T")


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


_BESIDE = 60
"""Characters of the words that a shell shows beside what it completes."""
_HARMLESS = str.maketrans({"\\": "/", "[": "(", "]": ")"})
SHARED = ("as_json", "no_input", "no_color", "db", "key_file", "debug")


def complete_manager(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Handles that begin as typed, after the last comma of several."""
    from trustlog.store import people

    done, comma, last = incomplete.rpartition(",")
    known = _of_journal(ctx, people.names)
    return [(f"{done}{comma}{handle}", _beside(name)) for handle, name in known if handle.startswith(last)]


def complete_kind(incomplete: str) -> list[str]:
    from trustlog.domain.entries import KINDS  # no help page needs them

    return [name for name in KINDS if name.startswith(incomplete)]


def complete_req(ctx: typer.Context, incomplete: str) -> list[str]:
    from trustlog.store import people

    return [code for code in _of_journal(ctx, people.codes) if code.startswith(incomplete)]


def complete_manager_or_req(ctx: typer.Context, incomplete: str) -> list[str]:
    """Handles, then codes of roles."""
    return [*(handle for handle, _ in complete_manager(ctx, incomplete)), *complete_req(ctx, incomplete)]


def complete_loop(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Numbers of what is open, each with its words, then handles."""
    from trustlog.store import promises

    found = _of_journal(ctx, promises.still_open)
    return [
        *_numbered(incomplete, ((promise.id, f"{promise.manager_name}: {promise.what}") for promise in found)),
        *complete_manager(ctx, incomplete),
    ]


def complete_noticed(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Numbers of what is in the jar, each with its words."""
    from trustlog.store import praise

    found = _of_journal(ctx, praise.unthanked)
    return _numbered(incomplete, ((noticed.id, f"{noticed.manager_name}: {noticed.seen}") for noticed in found))


def complete_snapshot(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of the copies, the newest first, as `backup --list` shows them."""
    found = _completing(ctx, lambda session: session.shelf.all(session.now))
    return [name for name in (snapshot.name.removesuffix(".db") for snapshot in found) if name.startswith(incomplete)]


def complete_step(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of steps, each with what it suggests."""
    found = _completing(ctx, lambda session: list(session.playbook.coaching.steps))
    return [(step.id, _beside(step.advice)) for step in found if step.id.startswith(incomplete)]


def complete_scenario(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    found = _completing(ctx, lambda session: list(session.playbook.rehearsals.scenarios))
    return [(scenario.id, _beside(scenario.title)) for scenario in found if scenario.id.startswith(incomplete)]


def one_of(*words: str) -> Callable[[str], list[str]]:
    """Completes the words of a closed list."""

    def begin_so(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return begin_so


def moment(flags: str, help_: str) -> Any:
    """An option that takes a day or a time."""
    return typer.Option(*flags.split(), metavar="WHEN", help=help_)


def word(flags: str, words: Iterable[str], help_: str, metavar: str = "") -> Any:
    """An option that takes one word of a closed list."""
    return typer.Option(*flags.split(), metavar=metavar or "|".join(words), help=help_, autocompletion=one_of(*words))


def choice(value: str, allowed: tuple[str, ...], flag: str) -> str:
    """Raises UserError `bad-field` for anything else."""
    if value.strip().lower() not in allowed:
        takes = f"It takes {' or '.join(word for word in allowed if word)}."
        raise UserError("bad-field", f'{flag} cannot be "{value}"', takes)
    return value.strip().lower()


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


def ask_for_missing(command: Any) -> None:
    """Have each word that a command cannot do without asked for, where somebody is at a terminal."""
    for param in command.params:
        if param.required:
            param.process_value = partial(_asked, param, param.process_value)


def _asked(param: Any, taken: Callable[..., Any], ctx: Any, value: Any) -> Any:
    session = ctx.find_root().obj
    if value in (None, ()) and isinstance(session, Session) and not ctx.resilient_parsing and session.ask.possible:
        from trustlog.commands import people_named  # with what finds managers, only where something is asked

        said = people_named.missing(session, param.metavar, param.help, adds=ctx.command.name in ("add", "start"))
        value = said if param.nargs == 1 else said.split()
    return taken(ctx, value)


def group(example: str, about: str) -> typer.Typer:
    """A command with commands of its own."""
    return typer.Typer(
        cls=Group, add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
        help=f"\n    {example}\n\n{about}",
    )  # fmt: skip


def _numbered(incomplete: str, found: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    digits = incomplete.lstrip("LJlj")
    typed = incomplete[: len(incomplete) - len(digits)]
    return [(f"{typed}{number}", _beside(words)) for number, words in found if str(number).startswith(digits)]


def _beside(text: str) -> str:
    """Words that a shell shows beside what it completes: it would run a backslash's words, and Rich reads brackets."""
    shown = one_line(text).translate(_HARMLESS)
    return shown if len(shown) <= _BESIDE else f"{shown[: _BESIDE - 1]}…"


def _of_journal(ctx: typer.Context, known: Callable[["Journal"], list[T]]) -> list[T]:
    """What the journal knows; a home without one is not made an empty one for that, which takes 50 ms."""
    return _completing(ctx, lambda session: known(session.reading) if session.file.exists() else [])


def _completing(ctx: typer.Context, known: Callable[[Session], list[T]]) -> list[T]:
    """What is known; nothing, and not a word, if it cannot be read without asking somebody."""
    found = ctx.find_root().obj
    session = found if isinstance(found, Session) else Session()
    session.asks_nobody = True
    try:
        with redirect_stderr(StringIO()):  # a note would stand in the middle of what is typed
            return known(session)
    except Exception:  # somebody is typing: whatever is wrong, the command itself will tell
        return []


Kind = typer.Option(
    "--kind",
    "-k",
    metavar="KIND",
    help="What it was: a kind, its beginning, or a short word (trustlog guide kinds).",
    autocompletion=complete_kind,
)
When = moment("--when -w", "When: yesterday 3pm, last tue, 20 Nov, 2026-11-20.")
Tags = typer.Option("--tag", "-t", metavar="TAG", help="A tag; give it once for each.")
ManagerArgument = typer.Argument(
    metavar="MANAGER", help="A handle, or the beginning of a handle or name.", autocompletion=complete_manager
)
ReqOption = typer.Option("--req", metavar="CODE", help="The role it was about.", autocompletion=complete_req)

Answers = Annotated[str | None, typer.Option("--answers", metavar="FILE|-", help="Answers as JSON: field to value.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="One answer; repeats.")]
Size = Annotated[str | None, word("--size -s", ("s", "m", "l"), "How big it was; m unless said.")]
Channel = Annotated[
    str | None, typer.Option("--channel", "-c", metavar="CHANNEL", help="chat, email, call, meeting, …")
]
Approach = Annotated[str | None, word("--approach", ("push", "pull"), "Whether it asked for something.")]
Did = Annotated[str | None, typer.Option("--did", metavar="TEXT", help="Praise: what they did.")]
Changed = Annotated[str | None, typer.Option("--changed", metavar="TEXT", help="Praise: what it changed.")]
Private = Annotated[bool, typer.Option("--include-reflections", help="Show your own part in JSON and in pipes too.")]
Overwrite = Annotated[bool, typer.Option("--yes", "-y", help="Overwrite the file of --output.")]
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
