"""How each type of field is asked. Every question may be skipped, with Enter."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from trustlog.ask import Option
from trustlog.domain.conversations.answers import ITEM_DECISIONS, BadAnswerError, check
from trustlog.domain.conversations.script import Field
from trustlog.domain.days import echo_day
from trustlog.domain.filling import filled
from trustlog.domain.model import Entry
from trustlog.domain.text import one_line
from trustlog.session import Session

if TYPE_CHECKING:
    from trustlog.commands.words.flow import Surroundings

Keep = Callable[[dict[str, Any]], None]
MOODS = ("-2 rough", "-1 low", "0 level", "1 good", "2 great")
BEGUN = "begun:"
"""Stands before the name of a list that was begun, in the draft."""
SKIP = Option("(skip)", "")
YES_NO = (SKIP, Option("yes", "yes", "y"), Option("no", "no", "n"))
NEXT = (SKIP, Option("keep it", "keep"), Option("change it", "change"), Option("drop it", "drop"))


def asked(
    session: Session, field: Field, answers: Mapping[str, Any], around: "Surroundings", keep: Keep
) -> dict[str, Any]:
    """The answer to one field by its name; of a question about points, the points with what was said of each.

    A question of several parts calls `keep` with each of them.
    """
    message, flag = filled(field.ask, around.names), f"--set {field.name}=…"
    if field.type == "per-item":
        points = answers.get("items") or [{"text": one["text"]} for one in around.known.get("undecided") or []]
        return {"items": _per_item(session, field, message, points, keep)} if points else {}
    if field.type == "followups":
        return {field.name: _followups(session, field, message, around) or None}
    if field.type == "list":
        return {field.name: _list(session, field, message, around, keep)}
    if field.type == "items":
        return {field.name: _items(session, field, message, keep)}
    return {field.name: _ASKERS[field.type](session, field, message, flag, around)}


def problem(field: Field) -> Callable[[str], str | None]:
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


def _line(session: Session, field: Field, message: str, flag: str, around: "Surroundings") -> str | None:
    suggest = [*around.suggestions.get(field.suggest_from, []), *field.suggest]
    return session.ask.words(message, suggest, flag=flag, check=problem(field)).strip() or None


def _choose(session: Session, field: Field, message: str, flag: str, _: "Surroundings") -> Any:
    # the skip stands first, so that Enter goes on; a question that may not be skipped has none
    options = _options(field) if field.otherwise else [SKIP, *_options(field)]
    chosen = session.ask.choose(message, options, flag=flag, default=field.otherwise or "")
    return None if chosen == "" else chosen


def _options(field: Field) -> list[Option]:
    if field.type == "mood":
        return [Option(words, value) for value, words in enumerate(MOODS, start=-2)]
    if field.type == "scale":
        numbers = range(field.low, field.high + 1)
        words = field.words or tuple(str(number) for number in numbers)
        return [Option(text, number) for number, text in zip(numbers, words, strict=True)]
    return [Option(text, option) for option, text in zip(field.options, field.words or field.options, strict=True)]


def _yes_no(session: Session, _: Field, message: str, flag: str, __: "Surroundings") -> bool | None:
    return _said_yes(session, message, flag)


def _said_yes(session: Session, message: str, flag: str) -> bool | None:
    return {"yes": True, "no": False}.get(session.ask.choose(message, YES_NO, flag=flag, default=""))


def _multi(session: Session, field: Field, message: str, flag: str, _: "Surroundings") -> list[str] | None:
    return session.ask.pick(message, _options(field), flag=flag) or None


def _entries(session: Session, _: Field, message: str, flag: str, around: "Surroundings") -> list[int] | None:
    options = [Option(_entry_words(entry), entry.id) for entry in around.entries]
    return (session.ask.pick(message, options, flag=flag) or None) if options else None


def _lines(session: Session, field: Field, message: str, flag: str, _: "Surroundings") -> list[str] | None:
    session.screen.aside(message)
    said = [session.ask.text(f"{part}:", flag=flag, check=problem(field)) for part in field.parts]
    return [one.strip() for one in said if one.strip()] or None


def _list(session: Session, field: Field, message: str, around: "Surroundings", keep: Keep) -> list[str] | None:
    """Suggestions to tick, then lines until an empty one; begun before a Ctrl-C, it goes on."""
    flag, begun = f"--set {field.name}=…", f"{BEGUN}{field.name}"
    said: list[str] = list(around.known.get(begun, ()))
    if said:
        session.screen.aside(f"{message} {'; '.join(said)}")
        message = around.names["more"]
    elif field.suggest:
        session.screen.aside(message)
        options = [Option(one, one) for one in field.suggest]
        message, said = around.names["more"], session.ask.pick(around.names["tick"], options, flag=flag)
    while not field.max or len(said) < field.max:
        typed = session.ask.text(message, flag=flag, check=problem(field)).strip()
        if not typed:
            break
        said.append(typed)
        keep({begun: said})
        message = around.names["more"]
    return said or None


def _windows(session: Session, field: Field, message: str, flag: str, _: "Surroundings") -> dict[str, str] | None:
    typed = session.ask.text(message, flag=flag, check=problem(field)).strip()
    return check(field, typed) if typed else None


def _template(session: Session, field: Field, message: str, flag: str, _: "Surroundings") -> str | None:
    """The template with its blanks filled; one blank left open leaves the whole out."""
    session.screen.aside(message)
    said = {}
    for blank, question in field.blanks.items():
        typed = session.ask.text(question, flag=flag, check=problem(field)).strip()
        if not typed:
            return None
        said[blank] = typed
    return filled(field.template, said)


def _long(session: Session, _: Field, message: str, flag: str, __: "Surroundings") -> str | None:
    """Free writing, deletable before it is kept."""
    said = session.ask.long(message, flag=flag).strip()
    if not said or not session.ask.confirm("Keep what you wrote?", flag=flag, default=True):
        return None
    return said


def _day(session: Session, _: Field, message: str, flag: str, __: "Surroundings") -> str | None:
    def unreadable(typed: str) -> str | None:
        return session.problem(typed, "future") if typed.strip() else None

    typed = session.ask.text(message, flag=flag, check=unreadable).strip()
    return session.moment(typed, "future").date().isoformat() if typed else None


def _items(session: Session, field: Field, message: str, keep: Keep) -> list[dict[str, str]] | None:
    """Each point by itself; what it is worth is decided later."""
    session.screen.aside(message)
    points: list[dict[str, str]] = []
    while typed := session.ask.text(field.blanks["more"], flag="--set items=…", check=problem(field)).strip():
        points.append({"text": typed})
        keep({field.name: points})
    return points or None


def _per_item(
    session: Session, field: Field, message: str, points: list[dict[str, Any]], keep: Keep
) -> list[dict[str, Any]]:
    """What is said of each point; one that was spoken of before a Ctrl-C is not asked again."""
    key = field.name.removeprefix("item_")
    done = [dict(point) for point in points]
    for point in done:
        if key in point:
            continue
        session.screen.aside(f"“{one_line(point['text'])}”")
        options = [SKIP, *_options(field)]
        chosen = session.ask.choose(message, options, flag=f"--set {field.name}=…", default="")
        point.update(_decided(session, chosen) if key == "decision" else {key: chosen or None})
        keep({"items": done})
    return done


def _decided(session: Session, decision: str) -> dict[str, Any]:
    """What a decision needs: parking a date, setting aside a reason, using an if and a then with a date."""
    if decision not in ITEM_DECISIONS:
        return {"decision": None}
    more: dict[str, Any] = {"decision": decision}
    text, flag, future = session.ask.text, "--set items=…", session.future_problem
    a_line = problem(Field("reason", "line", ""))

    if decision == "park":
        until = text("Until when?", flag=flag, check=future)
        more["until"] = session.moment(until, "future").date().isoformat()
    elif decision == "set-aside":
        more["reason"] = text("Why, in one line?", flag=flag, check=lambda typed: _needed(typed) or a_line(typed))
    elif decision == "use":
        more["if_cue"] = text("If …", flag=flag, check=a_line).strip() or None
        more["then_action"] = text("… then I will …", flag=flag, check=a_line).strip() or None
        due = text("… by when?", flag=flag, default="in 7 days", check=future)
        more["due"] = session.moment(due, "future").date().isoformat()
    return more


def _needed(typed: str) -> str | None:
    return None if typed.strip() else "One line is enough; it is for you."


def _followups(session: Session, field: Field, message: str, around: "Surroundings") -> list[dict[str, Any]]:
    done: dict[str, dict[str, Any]] = {}
    flag, words = f"--set {field.name}=…", field.blanks
    for action in around.known.get("follow_up", ()):
        session.screen.aside(f"{message} {one_line(action.get('then_action') or action['text'])}")
        said: dict[str, Any] = {"text": action["text"], "came_up": _said_yes(session, words["came_up"], flag)}
        if said["came_up"]:
            said["done"] = _said_yes(session, words["done"], flag)
        said["next"] = session.ask.choose(words["next"], NEXT, flag=flag, default="") or None
        done[action["text"]] = said
    for action in around.known.get("tell_them", ()):
        session.screen.aside(f"“{one_line(action['text'])}”")
        told = _said_yes(session, words["told"], flag)
        done.setdefault(action["text"], {"text": action["text"]})["told"] = told
    return list(done.values())


def _entry_words(entry: Entry) -> str:
    said = one_line(entry.text)
    return f"#{entry.id} {echo_day(entry.happened_on)}, {entry.kind}: {said[:60]}{'…' if len(said) > 60 else ''}"


Asker = Callable[[Session, Field, str, str, "Surroundings"], Any]
_ASKERS: dict[str, Asker] = {
    "mood": _choose, "scale": _choose, "choice": _choose, "yes-no": _yes_no, "multi": _multi, "entries": _entries,
    "line": _line, "lines": _lines, "template": _template, "long": _long, "day": _day,
    "text": _line, "windows": _windows,
}  # fmt: skip
