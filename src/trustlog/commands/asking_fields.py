"""How each type of field is asked. Every question may be skipped with Enter."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from trustlog import clock
from trustlog.domain.asking import check
from trustlog.domain.days import echo_day
from trustlog.domain.entries import Entry
from trustlog.domain.scripts import Field
from trustlog.domain.text import BadAnswerError, filled, one_line
from trustlog.errors import UserError
from trustlog.session import Session
from trustlog.ui.ask import Option
from trustlog.ui.ask_keys import Back


class Surroundings(NamedTuple):
    """What questions refer to: names for their places, what to suggest, entries to tick, and what is known.

    `known` holds the answers of earlier parts, and `asks`, `undecided`, `follow_up` of a check-in. Days that are
    typed are seen from `here`, or from now.
    """

    names: Mapping[str, str]
    suggestions: Mapping[str, list[str]]
    entries: list[Entry]
    known: Mapping[str, Any]
    here: datetime | None = None


Keep = Callable[[dict[str, Any]], None]
MOODS = ("-2 rough", "-1 low", "0 level", "1 good", "2 great")
BEGUN = "begun:"
"""Stands before the name of a question of several parts that was begun, in the draft."""
SKIP = Option("(skip)", "")
WAYS = "< and Enter goes back to the question before."
YES_NO = (SKIP, Option("yes", "yes", "y"), Option("no", "no", "n"))


def ask_field(session: Session, field: Field, around: Surroundings, keep: Keep) -> dict[str, Any]:
    """The answer to one field by its name. A list calls `keep` with each of its lines."""
    message, flag = filled(field.ask, around.names), f"--set {field.name}=…"
    if field.type == "list":
        return {field.name: _list(session, field, message, around, keep)}
    return {field.name: _ASKERS[field.type](session, field, message, flag, around)}


def field_problem(field: Field) -> Callable[[str], str | None]:
    """A check for a typed line; nothing typed is a skip."""
    as_it_is = field.type in ("text", "windows")
    single = field if as_it_is else field._replace(type="text" if field.type == "list" else "line")

    def check_typed(typed: str) -> str | None:
        try:
            check(single, typed) if typed.strip() else None
        except BadAnswerError as error:
            return str(error)
        return None

    return check_typed


a_line = field_problem(Field("the line", "line", ""))
"""What is wrong with a typed line of any purpose."""


def _line(session: Session, field: Field, message: str, flag: str, around: Surroundings) -> str | None:
    suggest = [*around.suggestions.get(field.suggest_from, []), *field.suggest]
    return session.ask.words(message, suggest, flag=flag, check=field_problem(field)).strip() or None


def _choose(session: Session, field: Field, message: str, flag: str, _: Surroundings) -> Any:
    # the skip stands first, so that Enter goes on; a question that may not be skipped has none
    options = options_of(field) if field.otherwise else [SKIP, *options_of(field)]
    chosen = session.ask.choose(message, options, flag=flag, default=field.otherwise or "")
    if once_more := field.again.get(str(chosen)):
        chosen = session.ask.choose(once_more, options, flag=flag, default=chosen)
    return None if chosen == "" else chosen


def options_of(field: Field) -> list[Option]:
    if field.type == "mood":
        return [Option(words, value) for value, words in enumerate(MOODS, start=-2)]
    if field.type == "scale":
        numbers = range(field.low, field.high + 1, field.step)
        words = field.words or tuple(str(number) for number in numbers)
        return [Option(text, number) for number, text in zip(numbers, words, strict=True)]
    return [Option(text, option) for option, text in zip(field.options, field.words or field.options, strict=True)]


def _yes_no(session: Session, _: Field, message: str, flag: str, __: Surroundings) -> bool | None:
    return said_yes(session, message, flag)


def said_yes(session: Session, message: str, flag: str) -> bool | None:
    return {"yes": True, "no": False}.get(session.ask.choose(message, YES_NO, flag=flag, default=""))


def _multi(session: Session, field: Field, message: str, flag: str, _: Surroundings) -> list[str] | None:
    return session.ask.pick(message, options_of(field), flag=flag) or None


def _entries(session: Session, _: Field, message: str, flag: str, around: Surroundings) -> list[int] | None:
    options = [Option(_entry_words(entry), entry.id) for entry in around.entries]
    return (session.ask.pick(message, options, flag=flag) or None) if options else None


def _lines(session: Session, field: Field, message: str, flag: str, _: Surroundings) -> list[str] | None:
    session.screen.aside(message)
    answers = [session.ask.text(f"{part}:", flag=flag, check=field_problem(field)) for part in field.parts]
    return [part.strip() for part in answers if part.strip()] or None


def _list(session: Session, field: Field, message: str, around: Surroundings, keep: Keep) -> list[str] | None:
    """Suggestions to tick, then lines until an empty one; begun before a Ctrl-C, it goes on."""
    flag, begun = f"--set {field.name}=…", f"{BEGUN}{field.name}"
    answers: list[str] = list(around.known.get(begun, ()))
    if answers:
        session.screen.aside(f"{message} {'; '.join(answers)}")
        message = around.names["more"]
    elif field.suggest:
        session.screen.aside(message)
        options = [Option(suggestion, suggestion) for suggestion in field.suggest]
        message, answers = around.names["more"], session.ask.pick(around.names["tick"], options, flag=flag)
    while not field.max or len(answers) < field.max:
        if not one_more(session, field, message, flag, answers, str):
            break
        keep({begun: answers})
        message = around.names["more"]
    return answers or None


def one_more(
    session: Session, field: Field, message: str, flag: str, lines: list[Any], line: Callable[[str], Any]
) -> bool:
    """Add a line to a list as `line` has it, or take its last one back; False at its end.

    What may be a yes or a no to "one more" is asked about.
    """
    while True:
        try:
            typed = session.ask.text(message, flag=flag, check=field_problem(field)).strip()
        except Back:
            if not lines:
                raise
            last = lines.pop()
            session.screen.aside(f"Taken back: “{one_line(last if isinstance(last, str) else last['text'])}”")
            return True
        alone = typed.casefold() in ("y", "yes", "n", "no")
        if not alone or session.ask.confirm(f"Is “{typed}” itself what you want to write down?", flag=flag):
            lines += [line(typed)] if typed else []
            return bool(typed)


def _windows(session: Session, field: Field, message: str, flag: str, _: Surroundings) -> dict[str, str] | None:
    typed = session.ask.text(message, flag=flag, check=field_problem(field)).strip()
    return check(field, typed) if typed else None


def _template(session: Session, field: Field, message: str, flag: str, _: Surroundings) -> str | None:
    """The template with its blanks filled; one blank left open leaves the whole out."""
    session.screen.aside(message)
    answers = {}
    for blank, question in field.blanks.items():
        typed = session.ask.text(question, flag=flag, check=field_problem(field)).strip()
        if not typed:
            return None
        answers[blank] = typed
    return filled(field.template, answers)


def _long(session: Session, _: Field, message: str, flag: str, __: Surroundings) -> str | None:
    """Free writing, deletable before it is kept."""
    answer = session.ask.long(message, flag=flag).strip()
    if not answer or not session.ask.confirm("Keep what you wrote?", flag=flag, default=True):
        return None
    return answer


def _day(session: Session, _: Field, message: str, flag: str, around: Surroundings) -> str | None:
    def unreadable(typed: str) -> str | None:
        return day_problem(session, around, typed) if typed.strip() else None

    typed = session.ask.text(message, flag=flag, check=unreadable).strip()
    return planned_day(session, around, typed) if typed else None


def planned_day(session: Session, around: Surroundings, typed: str) -> str:
    """A typed day of a plan, seen from the day that is spoken of. Raises UserError `bad-date`."""
    return clock.read(typed, around.here or session.now, "future").date().isoformat()


def day_problem(session: Session, around: Surroundings, typed: str) -> str | None:
    """Why a typed day cannot be used, for a question that is asked again; None if it can."""
    try:
        planned_day(session, around, typed)
    except UserError as error:
        return error.sentence
    return None


def _entry_words(entry: Entry) -> str:
    words = one_line(entry.text)
    return f"#{entry.id} {echo_day(entry.happened_on)}, {entry.kind}: {words[:60]}{'…' if len(words) > 60 else ''}"


Asker = Callable[[Session, Field, str, str, Surroundings], Any]
_ASKERS: dict[str, Asker] = {
    "mood": _choose, "scale": _choose, "choice": _choose, "yes-no": _yes_no, "multi": _multi, "entries": _entries,
    "line": _line, "lines": _lines, "template": _template, "long": _long, "day": _day,
    "text": _line, "windows": _windows,
}  # fmt: skip
