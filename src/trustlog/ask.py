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
        """One line of text. Raises UserError `needs-answer` naming the flag if nobody can be asked."""
        self._need(message, flag)
        return str(self._run("text", message, default=default, validate=_validator(check)))

    def long(self, message: str, *, flag: str) -> str:
        """Several lines of text."""
        self._need(message, flag)
        return str(self._run("text", message, multiline=True, instruction="(Esc, then Enter, ends it)\n"))

    def secret(self, message: str, *, flag: str, check: Check | None = None) -> str:
        """One line that nobody sees being typed."""
        self._need(message, flag)
        return str(self._run("password", message, validate=_validator(check)))

    def words(self, message: str, known: Sequence[str], *, flag: str, check: Check | None = None) -> str:
        """One line, completed from known words."""
        self._need(message, flag)
        if not known:
            return self.text(message, flag=flag, check=check)
        shown = [visible(word) for word in known]
        return str(self._run("autocomplete", message, choices=shown, validate=_validator(check), match_middle=False))

    def choose(self, message: str, options: Sequence[Option], *, flag: str, default: str | int | None = None) -> Any:
        """One of the options; typing narrows them."""
        self._need(message, flag)
        # a list of ten fits the eye, a longer one can be narrowed by typing
        narrowing = {"use_search_filter": True} if len(options) > 10 else {}
        choices, keys = self._choices(options), " or ".join(option.key for option in options if option.key)
        how = {"instruction": f"({keys}, then Enter) ", "use_shortcuts": True} if keys else {"instruction": " "}
        return self._run("select", message, choices=choices, default=default, use_jk_keys=False, **how, **narrowing)

    def pick(self, message: str, options: Sequence[Option], *, flag: str) -> list[Any]:
        """Any number of the options."""
        self._need(message, flag)
        hint = "(space ticks, Enter goes on)"
        found = self._run("checkbox", message, choices=self._choices(options), instruction=hint, use_jk_keys=False)
        return list(found)

    def confirm(self, message: str, *, flag: str, default: bool = False) -> bool:
        self._need(message, flag)
        return bool(self._run("confirm", message, default=default))

    def editor(self, before: str, *, flag: str) -> str:
        """A text written in the person's editor, less one trailing newline. Raises UserError."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not command:
            if not self.possible:
                raise UserError(
                    "no-terminal",
                    "there is no terminal for an editor",
                    f"Give the text as {flag}, or - to read it.",
                )
            command = next((name for name in ("nano", "vi", "notepad") if shutil.which(name)), "")
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

    def _need(self, message: str, flag: str) -> None:
        if not self.possible:
            what = message.rstrip("?:").lower()
            raise UserError("needs-answer", f"nobody is here to answer: {what}", f"Give it as {flag}.")

    @cached_property
    def _look(self) -> dict[str, Any]:
        from prompt_toolkit.output import create_output
        from questionary import Style

        accent = "" if os.environ.get("NO_COLOR") else "ansicyan"
        style = Style([
            ("qmark", accent), ("question", ""), ("answer", accent), ("pointer", accent),
            ("highlighted", accent), ("selected", accent), ("separator", "italic"), ("instruction", "italic"),
        ])  # fmt: skip
        # stdout belongs to the answer
        return {"style": style, "qmark": "›", "output": create_output(stdout=sys.stderr)}

    def _run(self, question: str, message: str, **how: Any) -> Any:
        import questionary

        room = shutil.get_terminal_size().columns
        if len(message) > room - 30:
            # a long question gets lines of its own, broken between words
            sys.stderr.write(f"{textwrap.fill(visible(message), room - 2)}\n")
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


def _within(words: str) -> str:
    """Words that are too long for a line go on under themselves, so that none is cut."""
    return textwrap.fill(words, max(20, shutil.get_terminal_size().columns - 8), subsequent_indent="     ")


def _validator(check: Check | None) -> Callable[[str], bool | str]:
    return lambda typed: (check(typed) if check else None) or True


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
