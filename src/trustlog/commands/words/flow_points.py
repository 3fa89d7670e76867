"""Questions about several things at once: the points of a conversation, and what became of the actions."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from trustlog.ask import Option
from trustlog.commands.words.flow_questions import (
    BEGUN,
    SKIP,
    Keep,
    day_problem,
    options_of,
    planned_day,
    problem,
    said_yes,
)
from trustlog.domain.conversations.script import Field
from trustlog.domain.filling import filled
from trustlog.domain.text import one_line
from trustlog.session import Session

if TYPE_CHECKING:
    from trustlog.commands.words.flow import Surroundings

TYPES = ("items", "per-item", "followups")
"""The types of the fields that are asked here."""
NEXT = (SKIP, Option("keep it", "keep"), Option("change it", "change"), Option("drop it", "drop"))
FLAG = "--set items=…"


def asked(
    session: Session, field: Field, answers: Mapping[str, Any], around: "Surroundings", keep: Keep
) -> dict[str, Any]:
    """The answer to one field by its name; of a question about points, the points with what was said of each.

    `keep` is called with each part of it.
    """
    message = filled(field.ask, around.names)
    if field.type == "per-item":
        points = answers.get("items") or [{"text": one["text"]} for one in around.known.get("undecided") or []]
        return {"items": _per_item(session, field, message, points, around, keep)} if points else {}
    if field.type == "followups":
        return {field.name: _followups(session, field, message, around) or None}
    return {field.name: _items(session, field, message, around, keep)}


def _items(
    session: Session, field: Field, message: str, around: "Surroundings", keep: Keep
) -> list[dict[str, str]] | None:
    """Each point by itself; what it is worth is decided later. Begun before a Ctrl-C, the list goes on."""
    begun = f"{BEGUN}{field.name}"
    points: list[dict[str, str]] = list(around.known.get(begun) or ())
    session.screen.aside(message)
    for point in points:
        session.screen.aside(f"“{one_line(point['text'])}”")
    while typed := session.ask.text(field.blanks["more"], flag=FLAG, check=problem(field)).strip():
        points.append({"text": typed})
        keep({field.name: points, begun: points})
    if points:
        keep({begun: None})
    return points or None


def _per_item(
    session: Session, field: Field, message: str, points: list[dict[str, Any]], around: "Surroundings", keep: Keep
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
            for part, question in _PARTS.get(chosen, {}).items():
                if part not in point:
                    keep({"items": done, begun: {"text": point["text"], key: chosen}})
                    point[part] = question(session, around, point)
        point[key] = chosen or None
        keep({"items": done, begun: None})
    return done


def _until(session: Session, around: "Surroundings", _: dict[str, Any]) -> str:
    return _day(session, around, "Until when?")


def _reason(session: Session, _: "Surroundings", __: dict[str, Any]) -> str:
    def needed(typed: str) -> str | None:
        return _a_line(typed) if typed.strip() else "One line is enough; it is for you."

    return session.ask.text("Why, in one line?", flag=FLAG, check=needed).strip()


def _if_cue(session: Session, _: "Surroundings", __: dict[str, Any]) -> str | None:
    return session.ask.text("If …", flag=FLAG, check=_a_line).strip() or None


def _then_action(session: Session, _: "Surroundings", __: dict[str, Any]) -> str | None:
    return session.ask.text("… then I will …", flag=FLAG, check=_a_line).strip() or None


def _due(session: Session, around: "Surroundings", point: dict[str, Any]) -> str | None:
    """By when; without anything to do there is no day to ask for."""
    return _day(session, around, "… by when?", default="in 7 days") if point["then_action"] else None


Part = Callable[[Session, "Surroundings", dict[str, Any]], str | None]
_PARTS: dict[str, dict[str, Part]] = {
    "park": {"until": _until}, "set-aside": {"reason": _reason},
    "use": {"if_cue": _if_cue, "then_action": _then_action, "due": _due},
}  # fmt: skip
"""What a decision needs: parking a date, setting aside a reason, using an if and a then with a date."""


def _day(session: Session, around: "Surroundings", message: str, default: str = "") -> str:
    def unreadable(typed: str) -> str | None:
        return day_problem(session, around, typed)

    return planned_day(session, around, session.ask.text(message, flag=FLAG, default=default, check=unreadable))


def _a_line(typed: str) -> str | None:
    return problem(Field("reason", "line", ""))(typed)


def _followups(session: Session, field: Field, message: str, around: "Surroundings") -> list[dict[str, Any]]:
    done: dict[str, dict[str, Any]] = {}
    flag, words = f"--set {field.name}=…", field.blanks
    for action in around.known.get("follow_up", ()):
        session.screen.aside(f"{message} {one_line(action.get('then_action') or action['text'])}")
        said: dict[str, Any] = {"text": action["text"], "came_up": said_yes(session, words["came_up"], flag)}
        if said["came_up"]:
            said["done"] = said_yes(session, words["done"], flag)
        said["next"] = session.ask.choose(words["next"], NEXT, flag=flag, default="") or None
        done[action["text"]] = said
    for action in around.known.get("tell_them", ()):
        session.screen.aside(f"“{one_line(action['text'])}”")
        told = said_yes(session, words["told"], flag)
        done.setdefault(action["text"], {"text": action["text"]})["told"] = told
    return list(done.values())
