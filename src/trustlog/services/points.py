"""The points of a debrief, put together from lists of answers, and what a check-in may say of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trustlog.domain.conversations.answers import BadAnswerError, check_item
from trustlog.domain.conversations.conversation import FOLLOW_UP, Conversation, Part, due
from trustlog.errors import UserError

NOT_SAVED = "Mend it and try again; nothing was saved."


def put_together(
    part: Part, on: date, minutes: int, answers: Mapping[str, Any], conversation: Conversation | None
) -> dict[str, Any]:
    """The answers with what was said of each point put into the points themselves. Raises UserError `bad-field`."""
    done = dict(answers)
    points = done.get("items")
    if part == "checkin" and points is None and done.get("item_decision"):
        points = [{"text": item["text"]} for item in _open_points(conversation, on)]
    if part == "debrief" and not points and minutes == 2 and done.get("headline"):
        points = [{"text": done["headline"], "decision": "tomorrow"}]  # hear first, decide later
    for key in ("kind", "decision"):
        points = _with_words(key, points, done.pop(f"item_{key}", None))
    if part == "checkin" and points is not None:
        points = [item for item in points if item.get("decision")]
        _check_known(points, conversation)
    if points is not None:
        done["items"] = [_complete(item, on) for item in points]
    return done


def _with_words(key: str, points: list[dict[str, Any]] | None, said: list[str | None] | None) -> Any:
    """The n-th word belongs to the n-th point."""
    if not said:
        return points
    count = len(points or [])
    if len(said) > count:
        what = f"there {'is 1 point' if count == 1 else f'are {count} points'}"
        raise UserError("bad-field", f"item_{key}: {what} for {len(said)} answers", NOT_SAVED)
    rest = [None] * (count - len(said))
    return [{**item, key: word} if word else item for item, word in zip(points or [], [*said, *rest], strict=True)]


def _open_points(conversation: Conversation | None, on: date) -> list[dict[str, Any]]:
    return list(due(conversation, on).undecided) if conversation else []


def _complete(item: dict[str, Any], on: date) -> dict[str, Any]:
    """The point as it is kept: what is used gets a date, a week on unless one was said."""
    if item.get("decision") == "use" and not item.get("due"):
        item = {**item, "due": (on + FOLLOW_UP).isoformat()}
    try:
        return check_item(item, date.fromisoformat)
    except BadAnswerError as error:
        raise UserError("bad-field", f"items: {error}", NOT_SAVED) from error


def _check_known(points: list[dict[str, Any]], conversation: Conversation | None) -> None:
    """A check-in speaks of points that the debrief noted."""
    noted = {item["text"] for item in conversation.items} if conversation else set()
    missing = next((item["text"] for item in points if item["text"] not in noted), None)
    if missing is not None:
        raise UserError("bad-field", f'items: the debrief has no point "{missing}"', NOT_SAVED)
