"""What questions at a terminal need beside questionary: lists that narrow truly, an orderly end, their room."""

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trustlog.domain.text import visible
from trustlog.ui.text import cells, flowing, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def keys_as_they_come() -> "Iterator[None]":
    """Keys pressed between a complaint and the question after it are left to the question."""
    from prompt_toolkit.application import get_app_session

    with get_app_session().input.raw_mode():
        yield


@contextmanager
def leaving_in_order() -> "Iterator[None]":
    """While a question stands, being told to end gives the terminal back first."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    named = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {signum: signal.signal(signum, leave) for signum in named}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def end_as_a_line(question: Any) -> None:
    """Let Ctrl-D, and Ctrl-C before keys are read one by one, end a list as they end a typed line."""
    from prompt_toolkit.keys import Keys

    def end(event: Any) -> None:
        is_end = event.key_sequence[0].key == Keys.ControlD
        event.app.exit(exception=EOFError if is_end else KeyboardInterrupt)

    for key in (Keys.ControlD, Keys.SIGINT):  # questionary passes over both
        question.application.key_bindings.add(key, eager=True)(end)


def choices(options: Sequence[Any]) -> list[Any]:
    """Options of `ask` as questionary lists them; the question names their keys."""
    from questionary import Choice, Separator

    class Named(Choice):
        def get_shortcut_title(self) -> str:
            return ""

    return [
        Separator(f"  {visible(option.words)}") if option.value is None
        else Named(within(visible(option.words)), option.value, shortcut_key=option.key or False)
        for option in options
    ]  # fmt: skip


class Back(Exception):  # noqa: N818 - a wish, not a failure
    """Whoever is asked wants the question before this one."""


def tick_with_blanks_alone(question: Any, *, goes_back: bool) -> None:
    """Let typed words do nothing in a list to tick: questionary ticks all at `a`. A blank right after a letter is one
    between words, and ticks nothing either. Enter after words alone says so once, and stays.
    """
    from prompt_toolkit.application import run_in_terminal
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.keys import Keys

    shown, in_word, typed = _list_of(question), -1, False  # `in_word`: the choice at which a letter was typed

    def note(event: Any) -> None:
        nonlocal in_word, typed
        typed = typed or event.data.isalnum()
        in_word = shown.pointed_at if event.data.isalnum() else -1

    def stay(_: Any) -> None:
        nonlocal typed
        typed = False
        run_in_terminal(lambda: say("Words tick nothing here: Space ticks a line. Enter once more goes on with none."))

    def back(event: Any) -> None:
        event.app.exit(exception=Back())

    keys = question.application.key_bindings
    if goes_back:
        keys.add(BACK, eager=True)(back)
    for letter in (Keys.Any, "a", "i"):
        keys.add(letter, eager=letter != Keys.Any)(note)
    keys.add(" ", filter=Condition(lambda: in_word == shown.pointed_at), eager=True)(note)
    keys.add(Keys.ControlM, filter=Condition(lambda: typed and not shown.selected_options), eager=True)(stay)


def _list_of(question: Any) -> Any:
    """The list that a question shows."""
    from questionary.prompts.common import InquirerControl

    windows = question.application.layout.find_all_windows()
    return next(window.content for window in windows if isinstance(window.content, InquirerControl))


def take_typed(question: Any) -> None:
    """Let what is typed at a list be one word, which Enter takes if it is a key or begins a choice; the letter before a
    number need not be typed. Any other word answers NOTHING_FITS; arrows move on from where it led.
    """
    from prompt_toolkit.keys import Keys
    from questionary import Separator

    shown, typed = _list_of(question), ""
    there = shown.pointed_at  # where the typed word has left the pointer
    choices = [(place, choice) for place, choice in enumerate(shown.choices) if not isinstance(choice, Separator)]
    keys = {choice.shortcut_key for _, choice in choices} - {None}

    def meant(word: str) -> int | None:
        by_key = [place for place, choice in choices if choice.shortcut_key == word]
        return next(iter([*by_key, *(place for place, choice in choices if word and _begins(choice, word))]), None)

    def note(event: Any) -> None:
        nonlocal typed, there
        before = typed if shown.pointed_at == there else ""
        is_back = event.key_sequence[0].key == Keys.Backspace
        typed = before[:-1] if is_back else f"{before}{event.data}".lower()
        # one letter after another looks around
        if not keys and len(before) == 1 and event.data.isalpha() and None not in (meant(before), meant(event.data)):
            typed = typed if meant(typed) is not None else event.data.lower()
        place = meant(typed.strip())
        there = shown.pointed_at = shown.pointed_at if place is None else place

    def enter(event: Any) -> None:
        unread = shown.pointed_at == there and bool(typed.strip()) and meant(typed.strip()) is None
        event.app.erase_when_done = event.app.erase_when_done or unread
        shown.is_answered = True
        unfit = BACK if typed.strip() == BACK else NOTHING_FITS
        event.app.exit(result=unfit if unread else shown.get_pointed_at().value)

    bindings = question.application.key_bindings
    for key in keys | {Keys.Backspace}:
        bindings.add(key, eager=True)(note)
    bindings.add(Keys.Any)(note)
    bindings.add(Keys.ControlM, eager=True)(enter)


def _begins(choice: Any, word: str) -> bool:
    """Whether a choice begins with what was typed, or its number does: `#12`, `L4`, `J2`."""
    title = str(choice.title).lower()
    return title.startswith(word) or (title[:1] in ("#", "l", "j") and word.isdigit() and title[1:].startswith(word))


MORE = "\ufdd0more"
"""What stands for the choices that are not shown yet; a noncharacter, which no choice begins with."""
BACK = "<"
"""What is typed to come back to the question before."""
NOTHING_FITS = "  nothing fits; Backspace takes letters back"


def narrow_truly(question: Any, hidden: Sequence[Any]) -> None:
    """Let typing look in all choices: questionary shows them all where none fits, and Enter would take one."""
    from questionary import Separator
    from questionary.prompts.common import InquirerControl

    class Narrowing(InquirerControl):
        @property
        def filtered_choices(self) -> Any:
            if not self.search_filter:
                return self.choices
            wanted = self.search_filter.lower().replace(" ", "-")
            listed = [choice for choice in (*self.choices, *hidden) if not isinstance(choice, Separator)]
            found = [choice for choice in listed if wanted in str(choice.title).lower() and choice.value != MORE]
            self.found_in_search = bool(found)
            return found or [Separator(BACK if wanted == BACK else NOTHING_FITS)]

        def is_selection_valid(self) -> bool:
            choice = self.filtered_choices[self.pointed_at]
            return not isinstance(choice, Separator) or choice.title in (BACK, NOTHING_FITS)

    for window in question.application.layout.find_all_windows():
        if isinstance(window.content, InquirerControl):
            window.content.__class__ = Narrowing


def fits(message: str) -> bool:
    """Whether a question leaves room for an answer on its line."""
    return cells(message) <= room() - 30


def within(words: str) -> str:
    """Words that are too long for a line go on under themselves, so that none is cut."""
    return "\n".join(wrapped(words, max(20, room() - 8), rest="     "))


def colored() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def yes_or_no(typed: str) -> str | None:
    return None if typed.strip().casefold() in ("", "y", "yes", "n", "no") else "Type y or n, then Enter."


def room() -> int:
    """How many columns there are for a question; a terminal that says less can show none."""
    return max(20, shutil.get_terminal_size().columns)


def typed_line() -> str:
    """A line behind a question in a plain line; whoever leaves it leaves its line too. Raises EOFError."""
    sys.stderr.flush()
    try:
        typed = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise
    if not typed:
        sys.stderr.write("\n")
        raise EOFError
    return typed


def say(words: str) -> None:
    """Something about a question, above it, as wide as the terminal."""
    sys.stderr.write(f"{flowing(visible(words), room() - 1, '  ')}\n")
