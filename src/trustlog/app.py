"""The table of contents: every command, its purpose and its line, in the order of `help all`."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from importlib import import_module
from inspect import getdoc
from itertools import pairwise
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from trustlog.commands.completing import ask_for_missing
from trustlog.commands.options import SHARED, everywhere, say_where
from trustlog.errors import ExitCode, UserError
from trustlog.session import Session

EXAMPLE = """
    trustlog add dana "Sent the slate on Friday as agreed" -k promise-kept

A private journal of small acts between you and your hiring managers.
It stays on this machine. Begin with: trustlog manager add "Dana Ortiz"
"""
EVERYWHERE = "--json, --no-input, --no-color, --db, --key-file and --debug work before a command and after it."

OWED = "A role and what is owed"


class CommandLine(NamedTuple):
    """One line of the contents; `panel` is its purpose, `at` module:name under `commands`. Capitals are a group."""

    name: str
    panel: str
    line: str
    at: str
    hidden: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it holds commands of its own."""
        return self.at.rpartition(":")[2].isupper()


CONTENTS = (
    CommandLine("add", "Every day", "Write down one interaction.", "entries:add"),
    CommandLine("next", "Every day", "One small step, why today, and a draft.", "coaching:next_"),
    CommandLine("report", "Every day", "Where things stand, and why.", "report:report"),
    CommandLine("log", "Every day", "The timeline, or one entry by its number.", "entries_log:log"),
    CommandLine("undo", "Every day", "Take back the last change.", "entries_log:undo"),
    CommandLine("redo", "Every day", "Do again what undo took back.", "entries_log:redo"),
    CommandLine("inbox", "Every day", "Go through the lines from your phone.", "inbox:inbox"),
    CommandLine("search", "Every day", "Find words in the notes.", "entries_log:search"),
    CommandLine("edit", "Every day", "Change an entry.", "entries:edit"),
    CommandLine("delete", "Every day", "Delete entries.", "entries_log:delete"),
    CommandLine("notice", "Every day", "Keep something good you saw, to praise it later.", "praise:notice"),
    CommandLine("praise", "Every day", "Say what they did and what it changed.", "praise:praise"),
    CommandLine("prep-feedback", "A talk", "Prepare for a feedback conversation.", "conversations:prep_feedback"),
    CommandLine("debrief", "A talk", "After it: hear first, then sort.", "conversations:debrief"),
    CommandLine("checkin", "A talk", "The day after, and the weeks after.", "conversations:checkin"),
    CommandLine("brief", "A talk", "The page before a meeting.", "letters:brief"),
    CommandLine("prep", "A talk", "The same as prep-feedback.", "conversations:prep_feedback", hidden=True),
    CommandLine("kickoff", OWED, "Settle a role like a deal, each stage in writing.", "kickoffs:GROUP"),
    CommandLine("promise", OWED, "Keep a promise of yours in sight.", "promises:promise"),
    CommandLine("ask", OWED, "Keep something you asked for in sight.", "promises:ask"),
    CommandLine("settle", OWED, "Close an open loop, or move it.", "promises:settle"),
    CommandLine("open", OWED, "What is open both ways.", "promises:open_"),
    CommandLine("req", OWED, "Open roles: add, list, close.", "people:REQ"),
    CommandLine("support", "A hard day", "Where to turn when it is a lot.", "private:support"),
    CommandLine("boundary", "A hard day", "When a line was crossed: a few questions.", "private:boundary"),
    CommandLine("update", "Friday", "Friday's mail, drafted from the journal.", "letters:update"),
    CommandLine("week", "Friday", "Ten minutes, and three lines for Monday.", "week:week"),
    CommandLine("year", "Friday", "The story of a year or a month, told plainly.", "week:year"),
    CommandLine("handover", "People", "The letter for the colleague who takes over.", "letters:handover"),
    CommandLine("manager", "People", "Hiring managers: add, list, show, edit, merge, archive.", "people:MANAGER"),
    CommandLine("me", "People", "What helps you, and who: your own page, kept apart.", "me:ME"),
    CommandLine("forget", "People", "Remove a manager and every trace, for good.", "people:forget"),
    CommandLine("import", "Your data", "Take in a journal, a CSV file or a calendar.", "transfer:import_"),
    CommandLine("export", "Your data", "Everything as JSON, entries as CSV.", "transfer:export"),
    CommandLine("remind", "Your data", "What is due, as a calendar with alarms.", "transfer:remind"),
    CommandLine("backup", "Your data", "A checked copy of the journal; the copies there are.", "snapshots:backup"),
    CommandLine("restore", "Your data", "Go back to a copy.", "snapshots:restore"),
    CommandLine("doctor", "Your data", "Check everything, and what helps.", "snapshots:doctor"),
    CommandLine("encrypt", "Your data", "Put the journal behind a key, or change the key.", "snapshots:encrypt"),
    CommandLine("decrypt", "Your data", "Make the journal a plain file again.", "snapshots:decrypt"),
    CommandLine("sync", "Your data", "The same journal on several laptops.", "sync:SYNC"),
    CommandLine("config", "Your data", "Settings: list, get, set.", "help:CONFIG"),
    CommandLine("help", "Help", "Every command by purpose, a command, or a topic.", "help:help_"),
    CommandLine("guide", "Help", "How things work, in plain words, by topic.", "help:guide"),
    CommandLine("demo", "Help", "An invented recruiter's year, to look around in.", "help:demo"),
    CommandLine("today", "Every day", "What the program shows when it is called alone.", "coaching:today", hidden=True),
)
FIRST = (
    "add", "next", "report", "log", "undo", "prep-feedback", "debrief", "checkin", "kickoff", "promise", "ask",
    "settle", "support", "week",
)  # fmt: skip
"""The commands of the first help, those of them that there are; the others stand in `help all`."""


class Later(TyperCommand):
    """A command known by its line only; its module is imported when it is called."""

    def __init__(self, entry: CommandLine) -> None:
        super().__init__(
            entry.name, help=entry.line, short_help=entry.line, rich_help_panel=entry.panel, hidden=entry.hidden
        )
        self.entry = entry

    def load(self, options: list[Any]) -> TyperCommand | TyperGroup:
        """The command itself, which also takes those of the options that work everywhere."""
        module, name = self.entry.at.split(":")
        found = getattr(import_module(f"trustlog.commands.{module}"), name)
        if isinstance(found, typer.Typer):
            command = get_command(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(self.entry.name, help=_help(found), epilog=EVERYWHERE, context_settings=_CONTEXT)(found)
            command = get_command(alone)
        command.name = self.entry.name
        _add_everywhere(command, _hidden(options))
        return command  # type: ignore[return-value]  # Typer names only the base class of what it returns


class Contents(TyperGroup):
    """The top of the program: lists its commands without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {entry.name: Later(entry) for entry in CONTENTS}

    def called_here(self, word: str) -> str | None:
        """What a word that other programs use is called here; None for any other, and for a command."""
        from trustlog.playbook.files import shipped  # only for a word that is no command

        rows = shipped("called_here.toml")["word"] if word not in self.commands else ()
        return next((row["here"] for row in rows if word.lower() in row["names"]), None)

    def get_help(self, ctx: Any) -> str:
        """The dozen commands of a usual week on one small screen; Rich would cost 70 ms and three screens."""
        from trustlog.ui import text  # only where help is asked for
        from trustlog.view import help as help_view

        here = ctx.obj.screen.look if isinstance(ctx.obj, Session) else text.look_at_stdout(no_color=False)
        shown = [entry for entry in CONTENTS if entry.name in FIRST]
        return help_view.first_page(EXAMPLE, [(entry.panel, entry.name, entry.line) for entry in shown], here)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # Typer's own Click is private, its types too
        if (here := self.called_here(args[0])) is not None:
            ctx.fail(f"there is no command {args[0]}: {here}")
        name, command, rest = super().resolve_command(ctx, args)
        rest = [*_with_values(rest)] if name == "next" and not ctx.resilient_parsing else rest
        return name, command.load(ctx.command.params) if isinstance(command, Later) else command, rest


KEEP_A_COPY = ("today", "report", "next", "brief", "update", "import", "prep-feedback", "debrief")
"""The commands that may take a moment: they make the day's copy of the journal, once they have answered."""
_FLAGS, _VALUED = ("--json", "--no-input", "--no-color", "--debug"), ("--db", "--key-file")
"""The options that may stand beside nothing: the program called alone shows the day."""
_CONTEXT = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    cls=Contents, help=EXAMPLE, epilog=EVERYWHERE, context_settings=_CONTEXT, add_completion=True,
    pretty_exceptions_enable=False,  # a journal about people must not be printed as local variables
)  # fmt: skip
app.callback()(everywhere)


def run(args: list[str], session: Session) -> int:
    """Parse the words, call the command, return its exit code. Raises what the command raises."""
    name = os.path.basename(sys.argv[0]).removesuffix(".exe")  # noqa: PTH119 - a word, not a path
    name = name if name in ("trustlog", "tl") else "trustlog"
    root = get_command(app)
    if _no_command(args):
        args = [*args, "today"]
    if args[:1] in (["--show-completion"], ["--install-completion"]) and len(args) > 1:
        args = _shown_for(name, *args)
    if f"_{name.upper()}_COMPLETE" in os.environ:
        _value_after_equals()
        root.main(args=args, prog_name=name, obj=session)  # answers the shell and exits
    try:
        if args == ["--install-completion"]:
            with suppress(SystemExit):  # Typer does one name and leaves; this is the other one
                root.make_context("tl" if name == "trustlog" else "trustlog", [*args])
        with root.make_context(name, args, obj=session) as context:
            root.invoke(context)
        if session.command in KEEP_A_COPY:
            session.screen.flush()  # the answer first
            session.keep_a_copy()
        say_where(session)
    except typer.Exit as stop:
        return stop.exit_code
    finally:
        session.look_for_unfinished()
    return ExitCode.DONE


def _with_values(words: Sequence[str]) -> Iterator[str]:
    """The words of `next`; an empty one behind `--done` where no id is, so that it is asked which step is meant."""
    for word, following in pairwise([*words, "-"]):
        yield word
        if word in ("--done", "--dismiss") and following.startswith("-"):
            yield ""


SHELLS = ("bash", "zsh", "fish", "powershell")


def _shown_for(name: str, option: str, shell: str, *more: str) -> list[str]:
    """Ask for the completion of a shell that is named; Typer itself looks only at the one it is called from."""
    if option != "--show-completion" or shell not in SHELLS or more:
        hint = f"To see it for another one: {name} --show-completion {'|'.join(SHELLS)}"
        shown = option == "--show-completion"
        why = f'there is no completion for "{shell}"' if shown else f"{option} is for the shell it is called from"
        raise UserError("usage", why, hint)
    os.environ[f"_{name.upper()}_COMPLETE"] = f"source_{shell}"
    return []


def _value_after_equals() -> None:
    """Have `--kind=pro` completed as `--kind pro` is: bash hands it over in three words, other shells in one."""
    if "COMP_WORDS" in os.environ and "COMP_CWORD" in os.environ:
        words, at = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        signs = [i for i, word in enumerate(words[: at + 1]) if word == "=" and words[i - 1].startswith("--")]
        os.environ["COMP_WORDS"] = "\n".join(word for i, word in enumerate(words) if i not in signs)
        os.environ["COMP_CWORD"] = str(at - sum(i < at for i in signs))


def _equals_before(command: Any) -> None:
    """Give the words of such an option back behind its name, where the shell puts them in the place of both."""
    typed = os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    option = re.search(r"(?:^|\s)(--[\w-]+=)\S*$", typed) if typed else None
    if option is None:
        return
    for param in command.params:
        if option[1][:-1] in param.opts:
            param.shell_complete = _behind(option[1], param.shell_complete)


def _behind(option: str, complete: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def completed(ctx: Any, incomplete: str) -> list[Any]:
        found = complete(ctx, incomplete)
        for item in found:
            item.value = f"{option}{item.value}"
        return found

    return completed


def _no_command(args: list[str]) -> bool:
    """Whether there are only options, each with its value."""
    words = iter(args)
    for word in words:
        if word in _VALUED:
            if next(words, None) is None:
                return False
        elif word not in _FLAGS and not word.startswith(tuple(f"{flag}=" for flag in _VALUED)):
            return False
    return True


def _help(function: Any) -> str:
    """A docstring whose paragraphs flow, so that the terminal breaks the lines and not the source; examples stay."""
    paragraphs = (getdoc(function) or "").split("\n\n")
    # Typer dedents once more; the empty first line keeps the example indented
    return "\n" + "\n\n".join(
        paragraph if paragraph.startswith("    ") else " ".join(paragraph.split()) for paragraph in paragraphs
    )


def _add_everywhere(command: Any, shared: list[Any]) -> None:
    command.params.extend(shared)
    command.rich_markup_mode = None  # plain lines: Rich's boxes cost 100 ms
    _equals_before(command)
    ask_for_missing(command)
    for inner in getattr(command, "commands", {}).values():
        # its line in the group's list is what it does, not its example; Python may have been told to leave it out
        about = [*(inner.help or "").split("\n\n"), ""][1]
        inner.short_help = about.split(". ")[0].rstrip(".") + "." if about else ""
        _add_everywhere(inner, shared)


def _hidden(options: list[Any]) -> list[Any]:
    """Copies of the shared options that a command understands without listing them again."""
    copies = [copy(option) for option in options if option.name in SHARED]
    for option in copies:
        option.hidden = True
    return copies
