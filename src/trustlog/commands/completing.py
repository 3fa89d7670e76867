"""What a word of the command line may be: completed by the shell, and asked for where it is missing."""

from collections.abc import Callable, Iterable
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from trustlog.domain.text import one_line
from trustlog.errors import UserError
from trustlog.session import Session

if TYPE_CHECKING:
    from trustlog.store.journal import Journal


T = TypeVar("T")
_BESIDE = 60
"""Characters of the words that a shell shows beside what it completes."""
_HARMLESS = str.maketrans({"\\": "/", "[": "(", "]": ")"})


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


def ask_for_missing(command: Any) -> None:
    """Have each word that a command cannot do without asked for, where somebody is at a terminal."""
    for param in command.params:
        if param.required:
            param.process_value = partial(_asked, param, param.process_value)


def _asked(param: Any, taken: Callable[..., Any], ctx: Any, value: Any) -> Any:
    session = ctx.find_root().obj
    if value in (None, ()) and isinstance(session, Session) and not ctx.resilient_parsing and session.ask.possible:
        said = _missing(session, param.metavar, param.help, adds=ctx.command.name in ("add", "start"))
        value = said if param.nargs == 1 else said.split()
    return taken(ctx, value)


WHOM = {
    "MANAGER": "Who is it?", "FROM": "Who goes?", "INTO": "Who stays, with everything of both?",
    "MANAGER|REQ": "Who is it for?", "REQ|MANAGER": "Whose role is it?",
}  # fmt: skip
"""What is asked for a manager, by what the command line calls the word."""


def _missing(session: Session, metavar: str, about: str, *, adds: bool) -> str:
    """A word that a command cannot do without, asked for: one that the journal knows, or what help says `about` it.

    Nobody is added to be shown, changed or forgotten, but where something `adds`. Raises UserError where there is
    nothing yet that could be named.
    """
    name = metavar.rstrip(".")
    if name in WHOM:
        from trustlog.commands import people_named  # with what finds managers, only where one is asked for

        return (
            people_named.manager(session, None, message=WHOM[name]).handle
            if adds
            else people_named.one_known(session, WHOM[name])
        )
    from trustlog.ui.ask import Option, needed  # only where something is asked

    if name not in _OFFERED:
        check = needed("A word or two, or Ctrl-C to leave.")
        return session.ask.text(f"{about.partition(';')[0].rstrip('.')}:", flag=name, check=check)
    question, offered, none, hint = _OFFERED[name]
    options = [Option(f"{value}  {words}".rstrip(), value) for value, words in offered(session)]
    if not options:
        raise UserError("needs-answer", none, hint)
    return str(session.ask.choose(question, options, flag=name))


def _agreed(session: Session) -> list[tuple[str, str]]:
    from trustlog.services import kickoffs  # only where one is chosen

    return [(found.req, f"{found.manager_name} · {found.title}") for found in kickoffs.every(session.reading)]


def _open_roles(session: Session) -> list[tuple[str, str]]:
    from trustlog.store import people

    roles = people.reqs(session.reading)
    return [(role.code, f"{role.manager} · {role.title}") for role in roles if role.closed_on is None]


def _stages(session: Session) -> list[tuple[str, str]]:
    return [*session.playbook.kickoff["stages"].items(), ("all", "")]


def _latest(session: Session) -> list[tuple[str, str]]:
    from trustlog.domain.entries import Filter  # only where one is chosen
    from trustlog.store import entries

    newest = entries.page(session.reading, Filter(limit=10))
    return [(entry.ref, f"{entry.manager_name} · {entry.kind} · {_beside(entry.text)}") for entry in newest]


def _settings(_: Session) -> list[tuple[str, str]]:
    from trustlog.settings import SETTINGS

    return [(name, setting.help) for name, setting in SETTINGS.items()]


_OFFERED: dict[str, tuple[str, Callable[[Session], list[tuple[str, str]]], str, str]] = {
    "REQ": ("Which role?", _agreed, "no role has a kick-off yet", "Begin with: trustlog kickoff start MANAGER TITLE"),
    "CODE": ("Which role?", _open_roles, "no role is open", "Add one with: trustlog req add MANAGER TITLE"),
    "ID": ("Which entry?", _latest, "nothing is written down yet", "Begin with: trustlog add"),
    "STAGE": ("Which stage?", _stages, "", ""), "NAME": ("Which setting?", _settings, "", ""),
}  # fmt: skip
"""For a word of the command line: what is asked, what there is to choose from, and what is said where that is none."""
