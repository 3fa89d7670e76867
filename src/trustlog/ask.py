"""The questions, on stderr. The only file that knows questionary (100 ms, so it is imported when one is asked)."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from trustlog import paths, programs
from trustlog.domain.text import visible
from trustlog.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_VI = (
    "In vi, i begins typing. Esc, then :wq, then Enter keeps what you wrote;"
    " Esc, then :q!, then Enter leaves it as it was."
)

Check = Callable[[str], str | None]
"""Says what is wrong with a typed text, or None."""


class Option(NamedTuple):
    """One thing to choose; without a value it is a heading. Its `key` points at it."""

    words: str
    value: str | int | None = None
    key: str = ""


class Ask:
    """Asks a person, if one is there. Ctrl-C is an exception, never an empty answer."""

    def __init__(self, *, no_input: bool) -> None:
        self.possible = not no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def text(self, message: str, *, flag: str, default: str = "", check: Check | None = None) -> str:
        """One line of text; Enter alone takes the default, which stands there in grey and makes room for what is typed.

        Raises UserError `needs-answer` naming the flag if nobody can be asked.
        """
        self._need(message, flag)
        return self._line("text", message, check, default)

    def long(self, message: str, *, flag: str) -> str:
        """Several lines of text."""
        self._need(message, flag)
        return str(self._run("text", message, multiline=True, instruction="(Esc, then Enter, ends it)\n"))

    def secret(self, message: str, *, flag: str, check: Check | None = None) -> str:
        """One line that nobody sees being typed."""
        self._need(message, flag)
        return self._line("password", message, check)

    def words(self, message: str, known: Sequence[str], *, flag: str, check: Check | None = None) -> str:
        """One line, completed from known words."""
        self._need(message, flag)
        if not known:
            return self.text(message, flag=flag, check=check)
        shown = [visible(word) for word in known]
        return self._line("autocomplete", message, check, choices=shown, match_middle=False)

    def choose(self, message: str, options: Sequence[Option], *, flag: str, default: str | int | None = None) -> Any:
        """One of the options; typing narrows them."""
        self._need(message, flag)
        # a list of ten fits the eye, a longer one can be narrowed by typing
        narrowing = {"use_search_filter": True} if len(options) > 10 else {}
        choices, keys = self._choices(options), " or ".join(option.key for option in options if option.key)
        how = {"instruction": f"({keys}, then Enter) ", "use_shortcuts": True} if keys else {"instruction": " "}
        return self._run("select", message, choices=choices, default=default, use_jk_keys=False, **how, **narrowing)

    def pick(self, message: str, options: Sequence[Option], *, flag: str) -> list[Any]:
        """Any number of the options; how many were ticked is what stays on the screen."""
        self._need(message, flag)
        how = {"instruction": "(space ticks, Enter goes on)", "use_jk_keys": False, "erase_when_done": True}
        found = list(self._run("checkbox", message, choices=self._choices(options), **how))
        # of a single choice questionary shows what fits on a line, and the rest of it may mean the opposite
        asked = f"{visible(message)} " if _fits(message) else ""
        sys.stderr.write(f"› {asked}{len(found) or 'none'} ticked\n")
        return found

    def confirm(self, message: str, *, flag: str, default: bool = False) -> bool:
        self._need(message, flag)
        return bool(self._run("confirm", message, default=default))

    def editor(self, before: str, *, flag: str) -> str:
        """A text written in the person's editor, less one trailing newline. Raises UserError."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or self._found_editor(flag)
        with _scratch_file(before) as file:
            try:
                code = subprocess.run([*programs.words(command), file], check=False).returncode  # noqa: S603 - their editor
            except (OSError, ValueError, IndexError) as error:
                raise UserError(
                    "bad-file", f"the editor {command!r} cannot be started", "Set VISUAL or EDITOR."
                ) from error
            if code != 0:
                raise UserError("needs-answer", "the editor ended with an error, so nothing was written", "Try again.")
            with open(file, "rb") as written:  # noqa: PTH123 - a plain name for the editor
                return _utf8(written.read()).removesuffix("\n")

    def _found_editor(self, flag: str) -> str:
        """An editor of this machine, for somebody who has named none; says so before it opens."""
        if not self.possible:
            raise UserError(
                "no-terminal", "there is no terminal for an editor", f"Give the text as {flag}, or - to read it."
            )
        found = next((name for name in ("nano", "vi", "notepad") if shutil.which(name)), None)
        if found is None:
            raise UserError("bad-file", "no editor was found on this machine", "Set EDITOR to the one you use.")
        _say(f"{found} opens now, as neither VISUAL nor EDITOR names an editor. Set EDITOR to have another.")
        if found == "vi":  # it covers the screen and names no way out, so this is read first
            _say(_VI)
            self.text("Enter opens vi", flag=flag)
        return found

    def _need(self, message: str, flag: str) -> None:
        if not self.possible:
            what = message.rstrip("?:").lower()
            raise UserError("needs-answer", f"nobody is here to answer: {what}", f"Give it as {flag}.")

    @cached_property
    def _look(self) -> dict[str, Any]:
        from prompt_toolkit.output import create_output
        from questionary import Style

        accent = "ansicyan" if _colored() else ""
        style = Style([
            ("qmark", accent), ("question", ""), ("answer", accent), ("pointer", accent),
            ("highlighted", accent), ("selected", accent), ("separator", "italic"), ("instruction", "italic"),
            ("placeholder", "#888888"),
        ])  # fmt: skip
        # stdout belongs to the answer
        return {"style": style, "qmark": "›", "output": create_output(stdout=sys.stderr)}

    def _line(self, question: str, message: str, check: Check | None, default: str = "", **how: Any) -> str:
        """A typed line that passes its check. A complaint is said whole, and what was typed is there to be mended."""
        if default and _colored():
            how["placeholder"] = [("class:placeholder", visible(default))]
        elif default:  # without its grey it would look like something typed
            message = f"{message} [{default}]"
        typed = ""
        with _keys_as_they_come():
            while True:
                typed = str(self._run(question, message, default=typed, **how))
                typed = typed if typed.strip() else default or typed
                wrong = check(typed) if check else None
                if wrong is None:
                    return typed
                _say(wrong)

    def _run(self, question: str, message: str, **how: Any) -> Any:
        import questionary

        if not _fits(message):
            # a long question gets lines of its own, broken between words
            sys.stderr.write(f"{textwrap.fill(visible(message), shutil.get_terminal_size().columns - 2)}\n")
            message = ""
        return getattr(questionary, question)(visible(message), **how, **self._look).unsafe_ask()

    @staticmethod
    def _choices(options: Sequence[Option]) -> list[Any]:
        from questionary import Choice, Separator

        class Named(Choice):
            def get_shortcut_title(self) -> str:
                return ""  # the question names the keys

        return [
            Separator(f"  {visible(option.words)}") if option.value is None
            else Named(_within(visible(option.words)), option.value, shortcut_key=option.key or False)
            for option in options
        ]  # fmt: skip


def _fits(message: str) -> bool:
    """Whether a question leaves room for an answer on its line."""
    return len(message) <= shutil.get_terminal_size().columns - 30


def _within(words: str) -> str:
    """Words that are too long for a line go on under themselves, so that none is cut."""
    return textwrap.fill(words, max(20, shutil.get_terminal_size().columns - 8), subsequent_indent="     ")


def _colored() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def _keys_as_they_come() -> "Iterator[None]":
    """Keys pressed between a complaint and the question after it are left to the question."""
    from prompt_toolkit.application import get_app_session

    with get_app_session().input.raw_mode():
        yield


def _say(words: str) -> None:
    """Something about a question, above it, as wide as the terminal."""
    room = max(20, shutil.get_terminal_size().columns - 1)
    said = textwrap.fill(visible(words), room, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    sys.stderr.write(f"{said}\n")


@contextmanager
def _scratch_file(text: str) -> "Iterator[str]":
    """A file for an editor, in a folder of its own at home; gone afterwards with whatever the editor put beside it."""
    paths.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = paths.home() / f".editing-{os.getpid()}"
    folder.mkdir(mode=0o700)
    file = folder / "note.txt"
    try:
        file.write_text(text, "utf-8")
        yield str(file)
    finally:
        shutil.rmtree(folder)


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("bad-text", "the editor saved something that is not UTF-8", "Save it as UTF-8.") from error
