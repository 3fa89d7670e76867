"""Walking a script: one question after the other, each answer kept at once; points and follow-ups within it."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trustlog.commands import asking_fields
from trustlog.commands.asking_fields import (
    BEGUN,
    SKIP,
    Keep,
    Surroundings,
    a_line,
    day_problem,
    one_more,
    options_of,
    planned_day,
    said_yes,
)
from trustlog.domain.asking import TYPES, parse, still_to_say
from trustlog.domain.conversations import FOLLOW_UP
from trustlog.domain.scripts import Field, Prompt, Script, progress, wanted
from trustlog.domain.text import MAX_TEXT, BadAnswerError, filled, once, one_line
from trustlog.errors import UserError
from trustlog.session import Session
from trustlog.ui import breathing
from trustlog.ui.ask import Option, needed
from trustlog.ui.ask_keys import Back

ABOUT_POINTS = ("items", "per-item", "followups")
"""The types of the fields that are asked here."""
NEXT = (SKIP, Option("keep it", "keep"), Option("change it", "change"), Option("drop it", "drop"))
FLAG = "--set items=…"


@contextmanager
def kept_as_draft(session: Session, way: str, kept: Callable[[], object] = lambda: True) -> Iterator[None]:
    """Questions whose answers are kept: who leaves them is told the way back, once anything is."""
    try:
        yield
    except (KeyboardInterrupt, EOFError):
        if kept():
            session.screen.note(f"Kept as a draft. Go on with: {way}")
        raise


def ask_points(
    session: Session, field: Field, answers: Mapping[str, Any], around: Surroundings, keep: Keep
) -> dict[str, Any]:
    """The answer to one field by its name; of a question about points, the points with what was said of each.

    `keep` is called with each part of it.
    """
    message = filled(field.ask, around.names)
    if field.type == "per-item":
        points = answers.get("items") or [{"text": point["text"]} for point in around.known.get("undecided") or []]
        return {"items": _per_item(session, field, message, points, around, keep)} if points else {}
    if field.type == "followups":
        return {field.name: _followups(session, field, message, around) or None}
    return {field.name: _items(session, field, message, around, keep)}


def _items(
    session: Session, field: Field, message: str, around: Surroundings, keep: Keep
) -> list[dict[str, str]] | None:
    """Each point by itself; what it is worth is decided later. Begun before a Ctrl-C, the list goes on."""
    begun = f"{BEGUN}{field.name}"
    points: list[dict[str, str]] = list(around.known.get(begun) or ())
    session.screen.aside(message)
    for point in points:
        session.screen.aside(f"“{one_line(point['text'])}”")
    while one_more(session, field, field.blanks["more"], FLAG, points, lambda typed: {"text": typed}):
        keep({field.name: points or None, begun: points})
    if points:
        keep({begun: None})
    return points or None


def _per_item(
    session: Session, field: Field, message: str, points: list[dict[str, Any]], around: Surroundings, keep: Keep
) -> list[dict[str, Any]]:
    """What is said of each point; one that was spoken of before a Ctrl-C is not asked again."""
    key, begun = field.name.removeprefix("item_"), f"{BEGUN}{field.name}"
    done = [dict(point) for point in points]
    for point in done:
        if key in point:
            continue
        session.screen.aside(f"“{one_line(point['text'])}”")
        half = around.known.get(begun) or {}
        if half.get("text") == point["text"]:
            chosen = half[key]
        else:
            options = [SKIP, *options_of(field)]
            chosen = session.ask.choose(message, options, flag=f"--set {field.name}=…", default="")
        if key == "decision":
            # decided is a point only with all that its decision needs, so the word for it comes last
            for detail in still_to_say(point, chosen):
                keep({"items": done, begun: {"text": point["text"], key: chosen}})
                point[detail] = _ASKERS[detail](session, around)
        point[key] = chosen or None
        keep({"items": done, begun: None})
    return done


def _reason(session: Session, _: Surroundings) -> str:
    check = needed("One line is enough; it is for you.", a_line)
    return session.ask.text("Why, in one line?", flag=FLAG, check=check).strip()


def _if_cue(session: Session, _: Surroundings) -> str | None:
    return session.ask.text("If …", flag=FLAG, check=a_line).strip() or None


def _then_action(session: Session, _: Surroundings) -> str | None:
    return session.ask.text("… then I will …", flag=FLAG, check=a_line).strip() or None


_ASKERS: dict[str, Callable[[Session, Surroundings], str | None]] = {
    "until": lambda session, around: _day(session, around, "Until when?"),
    "reason": _reason, "if_cue": _if_cue, "then_action": _then_action,
    "due": lambda session, around: _day(session, around, "… by when?", default=f"in {FOLLOW_UP.days} days"),
}  # fmt: skip


def _day(session: Session, around: Surroundings, message: str, default: str = "") -> str:
    def unreadable(typed: str) -> str | None:
        return day_problem(session, around, typed)

    return planned_day(session, around, session.ask.text(message, flag=FLAG, default=default, check=unreadable))


def _followups(session: Session, field: Field, message: str, around: Surroundings) -> list[dict[str, Any]]:
    done: dict[str, dict[str, Any]] = {}
    flag, words = f"--set {field.name}=…", field.blanks
    for action in around.known.get("follow_up", ()):
        session.screen.aside(f"{message} {one_line(action.get('then_action') or action['text'])}")
        answers: dict[str, Any] = {"text": action["text"], "came_up": said_yes(session, words["came_up"], flag)}
        if answers["came_up"]:
            answers["done"] = said_yes(session, words["done"], flag)
        answers["next"] = session.ask.choose(words["next"], NEXT, flag=flag, default="") or None
        done[action["text"]] = answers
    for action in around.known.get("tell_them", ()):
        session.screen.aside(f"“{one_line(action['text'])}”")
        yes = said_yes(session, words["told"], flag)
        done.setdefault(action["text"], {"text": action["text"]})["told"] = yes
    return list(done.values())


def field_and_value(setting: str, example: str) -> tuple[str, str]:
    """The two sides of a `--set field=value`. Raises UserError `bad-field`."""
    field, equals, typed = setting.partition("=")
    if not equals:
        raise UserError("bad-field", f'--set takes field=value, not "{setting}"', f"For example: --set {example}")
    return field.strip().replace("-", "_"), typed


def given_answers(known: Mapping[str, Field], file: str | None, settings: list[str]) -> dict[str, Any]:
    """The answers of `--answers FILE|-` with those of `--set field=value` over them, unchecked.

    Raises UserError `bad-file`, `bad-field`.
    """
    answers = {name.replace("-", "_"): value for name, value in (_from_file(file, known) if file else {}).items()}
    for setting in settings:
        name, typed = field_and_value(setting, "purpose='…'")
        field = known.get(name) or known.get(name.upper())
        answers[name] = typed if field is None else _typed(field, typed)
    return answers


def walk(
    session: Session,
    script: Script,
    minutes: int,
    answers: dict[str, Any],
    around: Surroundings,
    keep: Keep,
    of: Sequence[Prompt] = (),
) -> None:
    """Ask what is not answered yet; `keep` is called with each answer as it comes. A skip is None.

    Each question says where one is, among those `of` a longer walk if this is a part of one. `<` asks the question
    before once more.
    """
    asked: list[Field] = []
    session.ask.goes_back = True
    try:
        while True:
            try:
                for prompt in script.asked(minutes):
                    where = progress(of or script.asked(minutes), prompt, around.known)
                    if not _walk_prompt(session, prompt, asked, minutes, answers, around, keep, where):
                        return
                return
            except Back:
                around = _step_back(session, asked, answers, around)
    finally:
        session.ask.goes_back = False


def _step_back(session: Session, asked: list[Field], answers: dict[str, Any], around: Surroundings) -> Surroundings:
    """Take back the answer to the question asked last; what was typed is there to be kept or gone on with."""
    if not asked:
        session.screen.aside("There is no earlier question here.")
        return around
    field = asked.pop()
    said = answers.pop(field.name, None)
    session.screen.aside(f"You said: “{one_line(said)}”. Enter keeps it." if said and field.type in _IN_WORDS else "")
    return around._replace(known={**around.known, f"{BEGUN}{field.name}": said or ()})


def _walk_prompt(
    session: Session,
    prompt: Prompt,
    asked: list[Field],
    minutes: int,
    answers: dict[str, Any],
    around: Surroundings,
    keep: Keep,
    where: str,
) -> bool:
    """Ask one question's fields, the first with `where` one is; False if an answer ends the conversation here.

    What was `asked` and can be asked again is added to it.
    """
    said_before = False
    for field in prompt.fields:
        if field.ends_on and answers.get(field.name) in field.ends_on:
            return False
        if field.name in answers or not wanted(field, answers, around.known):
            continue
        if not said_before:
            if prompt.guide == "settle" and (helps := around.suggestions.get("care_before")):
                session.screen.aside(f"What helps you before, from your own page: {one_line('; '.join(helps))}")
            session.screen.aside(filled(prompt.say, around.names))
            said_before = True
            field = field._replace(ask=f"{where}{field.ask}")  # noqa: PLW2901 - the same field, told where one is
        if field.type in ABOUT_POINTS:
            answer = ask_points(session, field, answers, around, keep)
        else:
            answer = _asked_again(field, asking_fields.ask_field(session, field, around, keep), around)
            asked.append(field)
        answers |= answer
        keep(answer)
        value = answers.get(field.name)
        session.screen.aside(field.then_say.get(str(value), ""))
        if value in field.ends_on:
            return False
        if prompt.guide == "settle" and value in breathing.PACES:
            breathing.guide(str(value), prompt.seconds[minutes])
    if said_before and answers.get(prompt.fields[-1].name):
        session.screen.aside(prompt.then_say)
    return True


def _asked_again(field: Field, answer: dict[str, Any], around: Surroundings) -> dict[str, Any]:
    """The answer, or what was typed before where it was asked for once more and Enter alone kept it."""
    if field.type not in _IN_WORDS or answer[field.name] is not None:
        return answer
    return {field.name: around.known.get(f"{BEGUN}{field.name}") or None}


def _typed(field: Field, typed: str) -> Any:
    """A `--set` value: JSON for lists, a number or yes and no where one is due, else the words."""
    is_list = TYPES[field.type].is_list
    as_json = is_list or (field.type == "windows" and typed.lstrip().startswith("{"))
    try:
        return json.loads(typed, object_pairs_hook=once) if as_json else parse(field, typed)
    except (ValueError, RecursionError) as error:
        takes = (
            str(error) if isinstance(error, BadAnswerError) else f"it takes a JSON {'list' if is_list else 'object'}"
        )
        raise UserError("bad-field", f"{field.name}: {takes}", "Mend it and try again; nothing was saved.") from error


def _from_file(file: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    raw = sys.stdin.buffer.read(MAX_TEXT * 4) if file == "-" else Path(file).read_bytes()
    example = next((name for name, field in fields.items() if field.type in _IN_WORDS), None)
    like = f'{{"{example}": "…"}}' if example else f'{{"{next(iter(fields))}": true}}'
    try:
        answers = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=once)
    except BadAnswerError as error:
        raise UserError("bad-file", f"{error} in the answers", "Say it once, and try again.") from error
    except (ValueError, RecursionError) as error:
        raise UserError("bad-file", f"the answers are not JSON: {error}", f"For example: {like}") from error
    if not isinstance(answers, dict):
        raise UserError("bad-file", "the answers are not a JSON object", f"For example: {like}")
    return answers


_IN_WORDS = ("line", "long", "text", "template")
