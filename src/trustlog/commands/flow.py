"""Walking a guided conversation: one question after the other, each answer kept at once."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trustlog import pace
from trustlog.ask import Option
from trustlog.domain.model import MAX_TEXT, Entry
from trustlog.domain.script import LISTS, BadAnswerError, Field, Script, check, parse, wanted
from trustlog.domain.text import one_line
from trustlog.domain.when import echo_day
from trustlog.errors import UserError
from trustlog.session import Session

MOODS = ("-2 rough", "-1 low", "0 level", "1 good", "2 great")
SKIP = "(skip)"


class Surroundings(NamedTuple):
    """What questions refer to: names for their places, what to suggest, and the entries to tick."""

    names: Mapping[str, str]
    suggestions: Mapping[str, list[str]]
    entries: list[Entry]


def given(script: Script, file: str | None, settings: list[str]) -> dict[str, Any]:
    """The answers of `--answers FILE|-` with those of `--set field=value` over them, unchecked.

    Raises UserError `bad-file`, `bad-field`.
    """
    answers = _from_file(file) if file else {}
    known = script.fields()
    for setting in settings:
        name, equals, typed = setting.partition("=")
        if not equals:
            raise UserError("bad-field", f'--set takes field=value, not "{setting}"', "For example: --set purpose='…'")
        field = known.get(name.strip().replace("-", "_"))
        answers[name.strip()] = typed if field is None else _typed(field, typed)
    return answers


def walk(
    session: Session,
    script: Script,
    minutes: int,
    answers: dict[str, Any],
    around: Surroundings,
    keep: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Ask what is not answered yet; `keep` is called with each answer as it comes. A skip is None."""
    for prompt in script.asked(minutes):
        fields = [field for field in prompt.fields if field.name not in answers]
        if fields and prompt.say:
            session.screen.aside(_filled(prompt.say, around))
        for field in fields:
            if not wanted(field, answers):
                continue
            answers[field.name] = _asked(session, field, around)
            keep({field.name: answers[field.name]})
            session.screen.aside(field.then_say.get(str(answers[field.name]), ""))
        if fields and answers.get(prompt.fields[-1].name):
            session.screen.aside(prompt.then_say)
            if prompt.guide == "settle" and answers[fields[-1].name] in pace.PACES:
                pace.guide(answers[fields[-1].name], prompt.seconds[minutes])
    return answers


def _asked(session: Session, field: Field, around: Surroundings) -> Any:
    """One answer, or None if the person goes on without."""
    ask, message, flag = session.ask, _filled(field.ask, around), f"--set {field.name}=…"
    if field.type in ("mood", "scale", "choice"):
        # the skip stands first, so that Enter goes on
        return _value(ask.choose(message, [Option(SKIP, ""), *_options(field)], flag=flag, default=""))
    if field.type == "multi":
        return ask.pick(message, _options(field), flag=flag) or None
    if field.type == "entries":
        options = [Option(_entry_words(entry), entry.id) for entry in around.entries]
        return (ask.pick(message, options, flag=flag) or None) if options else None
    if field.type == "template":
        return _template(session, field, message, flag)
    if field.type == "lines":
        session.screen.aside(message)
        said = [ask.text(f"{part}:", flag=flag, check=_problem(field)) for part in field.parts]
        return [one.strip() for one in said if one.strip()] or None
    suggest = [*around.suggestions.get(field.suggest_from, []), *field.suggest]
    return ask.words(message, suggest, flag=flag, check=_problem(field)).strip() or None


def _value(chosen: Any) -> Any:
    return None if chosen == "" else chosen


def _options(field: Field) -> list[Option]:
    if field.type == "mood":
        return [Option(words, value) for value, words in enumerate(MOODS, start=-2)]
    if field.type == "scale":
        numbers = range(field.low, field.high + 1)
        words = field.words or tuple(str(number) for number in numbers)
        return [Option(text, number) for number, text in zip(numbers, words, strict=True)]
    words = field.words or field.options
    return [Option(text, option) for option, text in zip(field.options, words, strict=True)]


def _template(session: Session, field: Field, message: str, flag: str) -> str | None:
    """The template with its blanks filled; one blank left open leaves the whole out."""
    session.screen.aside(message)
    said = {}
    for blank, question in field.blanks.items():
        typed = session.ask.text(question, flag=flag, check=_problem(field)).strip()
        if not typed:
            return None
        said[blank] = typed
    filled = field.template
    for blank, typed in said.items():
        filled = filled.replace(f"{{{blank}}}", typed)
    return filled


def _problem(field: Field) -> Callable[[str], str | None]:
    """A check for a typed line; nothing typed is a skip."""
    single = field._replace(type="line")

    def problem(typed: str) -> str | None:
        try:
            check(single, typed) if typed.strip() else None
        except BadAnswerError as error:
            return str(error)
        return None

    return problem


def _entry_words(entry: Entry) -> str:
    said = one_line(entry.text)
    return f"#{entry.id} {echo_day(entry.happened_on)}, {entry.kind}: {said[:60]}{'…' if len(said) > 60 else ''}"


def _filled(words: str, around: Surroundings) -> str:
    for name, value in around.names.items():
        words = words.replace(f"{{{name}}}", value)
    return words


def _typed(field: Field, typed: str) -> Any:
    """A `--set` value: JSON for lists, a number where one is due, else the words."""
    try:
        return json.loads(typed) if field.type in LISTS else parse(field, typed)
    except (BadAnswerError, json.JSONDecodeError) as error:
        takes = str(error) if isinstance(error, BadAnswerError) else "it takes a JSON list"
        raise UserError("bad-field", f"{field.name}: {takes}", "Nothing was saved.") from error


def _from_file(file: str) -> dict[str, Any]:
    raw = sys.stdin.buffer.read(MAX_TEXT * 4) if file == "-" else Path(file).read_bytes()
    try:
        answers = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UserError("bad-file", f"the answers are not JSON: {error}", 'For example: {"purpose": "…"}') from error
    if not isinstance(answers, dict):
        raise UserError("bad-file", "the answers are not a JSON object", 'For example: {"purpose": "…"}')
    return answers
