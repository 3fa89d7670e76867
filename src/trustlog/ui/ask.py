"""The questions, on stderr. The only module that knows questionary (100 ms, so it is imported when one is asked)."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import Any, NamedTuple

from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.ui import ask_keys
from trustlog.ui.ask_keys import fits, room, say, within
from trustlog.ui.text import cells, cut, flowing, wrapped

Check = Callable[[str], str | None]
"""Says what is wrong with a typed text, or None."""


def needed(words: str, check: Check = lambda _: None) -> Check:
    """A check that says these words of an answer that says nothing, and leaves any other to another check."""
    return lambda typed: check(typed) if typed.strip() else words


class Option(NamedTuple):
    """One thing to choose; without a value it is a heading. Its `key` points at it."""

    words: str
    value: str | int | None = None
    key: str = ""


class Ask:
    """Asks a person, if one is there. Ctrl-C is an exception, never an empty answer."""

    def __init__(self, *, no_input: bool, wrote: Callable[[], int] = lambda: 0) -> None:
        self.possible = not no_input and sys.stdin.isatty() and sys.stderr.isatty()
        self._wrote = wrote
        self.goes_back = False
        """Whether a question before this one may be asked again: `<` then raises Back."""

    @cached_property
    def _said(self) -> list[tuple[int, str]]:
        """Texts that were typed, each with how often the run had written by then."""
        return []

    def remember(self, text: str) -> str:
        """Have a text shown once more if the run ends before it writes."""
        if text:
            self._said.append((self._wrote(), text))
        return text

    def unwritten(self) -> list[str]:
        """The texts of more than a word that nothing was written after."""
        texts = dict.fromkeys(text for at, text in self._said if self.possible and at == self._wrote())
        # a name is part of the words that it was typed for
        together = "\n".join(texts).casefold()
        return [text for text in texts if " " in text.strip() and together.count(text.casefold()) == 1]

    def text(
        self, message: str, *, flag: str, default: str = "", check: Check | None = None, mend: str | None = None
    ) -> str:
        """One line of text; Enter alone takes the default, which stands there in grey and makes room for what is typed.

        What is to be mended stands there as if typed. Raises UserError `needs-answer` naming the flag if nobody can be
        asked.
        """
        self._need(message, flag)
        if mend is not None and _PLAIN.possible():  # what cannot stand there is kept by Enter
            default, mend = default or mend, None
        typed = self._line("text", message, check, default, typed=mend or "")
        return typed if typed == default else self.remember(typed)  # what Enter took was not typed

    def long(self, message: str, *, flag: str) -> str:
        """Several lines of text."""
        self._need(message, flag)
        if _PLAIN.possible():
            return self.remember(_PLAIN.long(message))
        return self.remember(
            str(self._run("text", message, multiline=True, instruction="(Esc, then Enter, ends it)\n"))
        )

    def secret(self, message: str, *, flag: str, check: Check | None = None) -> str:
        """One line that nobody sees being typed; one that was refused is typed anew, for nobody can mend it unseen."""
        self._need(message, flag)
        return self._line("password", message, check)

    def key(self, message: str, keys: Mapping[str, str], *, flag: str) -> str:
        """What one of the keys stands for; Enter alone is "". Asked in a plain line, for questionary costs 100 ms.

        A no-break space in the message holds together what one key means; it is shown again where another is typed.
        """
        self._need(message, flag)
        asked = f"› {flowing(visible(message), room() - 3, '  ').lstrip()} ".replace("\u00a0", " ")
        sys.stderr.write(asked)
        while True:
            typed = ask_keys.typed_line()
            if typed.strip().lower() in keys:
                return keys[typed.strip().lower()]
            say(f"It takes one of these: {', '.join(key or 'Enter alone' for key in keys)}. Ctrl-C leaves.")
            sys.stderr.write(asked)

    def words(self, message: str, known: Sequence[str], *, flag: str, check: Check | None = None) -> str:
        """One line, completed from known words."""
        self._need(message, flag)
        if not known:
            return self.text(message, flag=flag, check=check)
        shown = [visible(word) for word in known]
        return self._line("autocomplete", message, check, choices=shown, match_middle=False)

    def choose(
        self, message: str, options: Sequence[Option], *, flag: str, default: str | int | None = None,
        more: Sequence[Option] = (),
    ) -> Any:  # fmt: skip
        """One of the options, or of those that stand behind "more"; typing narrows a long list, and all of `more`."""
        self._need(message, flag)
        if _PLAIN.possible():
            return self._or_back(_PLAIN.choose(message, [*options, *more], default, goes_back=self.goes_back))
        shown = [*options, Option("more", ask_keys.MORE)] if more else options
        # ten choices are read at a glance; a longer list can be narrowed by typing
        narrows = len(shown) > 10
        keys = " or ".join(option.key for option in options if option.key)
        how: dict[str, Any] = {"instruction": f"({keys}, then Enter) ", "use_shortcuts": True} if keys else {}
        how = how or {"instruction": "(type a part of it to narrow) " if narrows else " "}
        asked = f"› {visible(message)} " if fits(message) else "› "
        # questionary leaves of a choice what fits on a line
        long = any(cells(asked + visible(option.words)) >= room() for option in options)
        while True:
            hidden = ask_keys.choices(more) if narrows else None
            chosen = self._or_back(self._run(
                "select", message, choices=ask_keys.choices(shown), default=default, use_jk_keys=False,
                use_search_filter=narrows, hidden=hidden, erase_when_done=long, **how,
            ))  # fmt: skip
            if chosen == ask_keys.MORE:
                shown, more, default = more, (), None
            elif chosen in (ask_keys.BACK, ask_keys.NOTHING_FITS) and not narrows:
                how_to = f"Type {keys}" if keys else "This is a list: arrows or a first letter choose"
                say(f"{how_to}, then Enter. What was typed is not kept.")
            elif chosen not in (ask_keys.BACK, ask_keys.NOTHING_FITS):
                words = next((option.words for option in shown if option.value == chosen), "") if long else ""
                sys.stderr.write("\n".join([*wrapped(visible(words), room() - 1, asked, "  "), ""]) if words else "")
                return chosen

    def pick(self, message: str, options: Sequence[Option], *, flag: str) -> list[Any]:
        """Any number of the options; the words of those that were ticked stay on the screen, cut to its width."""
        self._need(message, flag)
        if _PLAIN.possible():
            return list(self._or_back(_PLAIN.pick(message, options, goes_back=self.goes_back)))
        how = {"instruction": " ", "use_jk_keys": False, "erase_when_done": True}
        # a hint beside the list is read as part of it: the question itself says how it is answered
        asked = f"{message} Space ticks, Enter goes on."
        found = list(self._run("checkbox", asked, choices=ask_keys.choices(options), **how))
        words = [visible(option.words) for option in options if option.value in found]
        sys.stderr.write(f"› {visible(message)}\n" if words and fits(message) else "")
        said = [cut(f"  ticked: {word}", room() - 1) for word in words] or ["› none ticked"]
        sys.stderr.write("\n".join([*said, ""]))
        return found

    def confirm(self, message: str, *, flag: str, default: bool = False) -> bool:
        """A yes or a no, typed and ended with Enter like every answer; Enter alone takes the default."""
        self._need(message, flag)
        asked = f"{message} ({'Y/n' if default else 'y/N'})"
        typed = self._line("text", asked, ask_keys.yes_or_no).strip().casefold()
        return typed.startswith("y") if typed else default

    def _or_back(self, typed: Any) -> Any:
        if self.goes_back and isinstance(typed, str) and typed.strip() == ask_keys.BACK:
            raise ask_keys.Back
        return typed

    def _need(self, message: str, flag: str) -> None:
        if not self.possible:
            what = message.rstrip("?:").lower()
            raise UserError("needs-answer", f"nobody is here to answer: {what}", f"Give it as {flag}.")

    @cached_property
    def _look(self) -> dict[str, Any]:
        from prompt_toolkit.output import create_output
        from questionary import Style

        accent = "ansicyan" if ask_keys.colored() else ""
        style = Style([
            ("qmark", accent), ("question", ""), ("answer", accent), ("pointer", accent),
            ("highlighted", accent), ("selected", accent), ("separator", "italic"), ("instruction", "italic"),
            ("placeholder", "#888888"),
        ])  # fmt: skip
        # stdout belongs to the answer
        return {"style": style, "qmark": "›", "output": create_output(stdout=sys.stderr)}

    def _line(
        self, question: str, message: str, check: Check | None, default: str = "", *, typed: str = "", **how: Any
    ) -> str:
        """A typed line that passes its check, after complaints that are said whole.

        The line is empty again then, with what was typed one key away; one that was there to be mended stays.
        """
        if default and ask_keys.colored():
            how["placeholder"] = [("class:placeholder", visible(default))]
        elif default:  # without its grey it would look like something typed
            message = f"{message} [{default}]"
        mends = bool(typed)
        with nullcontext() if _PLAIN.possible() else ask_keys.keys_as_they_come():
            while True:
                typed = self._or_back(str(self._run(question, message, default=typed if mends else "", **how)))
                typed = typed if typed.strip() else default or typed
                wrong = check(typed) if check else None
                if wrong is None:
                    return typed
                again = " " in typed.strip() and question == "text" and not mends and not _PLAIN.possible()
                if again:
                    from prompt_toolkit.history import InMemoryHistory

                    how["history"] = InMemoryHistory([typed])
                say(f"{wrong.rstrip('.')}. The arrow up brings back what you typed." if again else wrong)

    def _run(self, question: str, message: str, hidden: Any = None, **how: Any) -> Any:
        if _PLAIN.possible():
            return _PLAIN.line(message, hidden=question == "password")
        import questionary

        if not fits(message):
            # a long question gets lines of its own, broken between words
            sys.stderr.write(f"{flowing(visible(message), room() - 2)}\n")
            message = ""
        with ask_keys.leaving_in_order():
            asked = getattr(questionary, question)(visible(message), **how, **self._look)
            if question in ("select", "checkbox"):
                ask_keys.end_as_a_line(asked)
            if question == "checkbox":
                ask_keys.tick_with_blanks_alone(asked, goes_back=self.goes_back)
            if question == "select" and hidden is None:
                ask_keys.take_typed(asked)
            if hidden is not None:
                ask_keys.narrow_truly(asked, hidden)
            return asked.unsafe_ask()


class _Plain:
    """Questions in plain lines, where a terminal shows no escapes: `TERM=dumb`, as in a shell inside an editor."""

    @staticmethod
    def possible() -> bool:
        return os.environ.get("TERM") == "dumb"

    def line(self, message: str, *, hidden: bool = False) -> str:
        """One typed line. Raises EOFError at the end of what is typed."""
        prompt = f"> {visible(message)} "
        if hidden:
            from getpass import getpass  # only for a key

            return getpass(prompt, sys.stderr)
        sys.stderr.write(prompt)
        return ask_keys.typed_line().rstrip("\r\n")

    def long(self, message: str) -> str:
        lines = [self.line(f"{message} (a line with a dot alone ends it)\n>")]
        while lines[-1] != ".":
            lines.append(self.line(""))
        return "\n".join(lines[:-1])

    def choose(
        self, message: str, options: Sequence[Option], default: str | int | None, *, goes_back: bool = False
    ) -> Any:
        values = self._listed(message, options)
        while True:
            typed = self.line("Which one:").strip()
            if not typed and default is not None:
                return default
            if typed in values or (goes_back and typed == ask_keys.BACK):
                return values.get(typed, typed)

    def pick(self, message: str, options: Sequence[Option], *, goes_back: bool = False) -> Any:
        values = self._listed(message, options)
        while True:
            typed = self.line("Which ones (Enter alone for none):").replace(",", " ").split()
            if goes_back and typed == [ask_keys.BACK]:
                return ask_keys.BACK
            if all(key in values for key in typed):
                return [values[key] for key in dict.fromkeys(typed)]

    @staticmethod
    def _listed(message: str, options: Sequence[Option]) -> dict[str, str | int]:
        """The options by what is typed for them, once they are shown."""
        sys.stderr.write(f"{flowing(visible(message), room() - 1)}\n")
        values: dict[str, str | int] = {}
        for option in options:
            if option.value is None:
                sys.stderr.write(f"  {visible(option.words)}\n")
                continue
            key = option.key or str(len(values) + 1)
            values[key] = option.value
            sys.stderr.write(f"{key:>3} {within(visible(option.words))}\n")
        return values


_PLAIN = _Plain()
