"""The page before a meeting: what is worth having in mind, and a good way to begin. No figures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.conversations import Conversation, until
from trustlog.domain.entries import Entry
from trustlog.domain.kickoffs import Agreement, Stage
from trustlog.domain.people import Manager
from trustlog.domain.praise import Unthanked
from trustlog.domain.promises import Promise
from trustlog.domain.text import filled, spelled

REMEMBERED = timedelta(days=90)
"""How long the points of a debrief are worth bringing up."""
STILL_MEANT = timedelta(hours=12)
"""A conversation planned so long ago may still be the one that the page is for."""
QUIET = timedelta(days=30)
"""From so long after the last contact on the page says that it was quiet."""
OPENINGS: dict[str, tuple[str, ...]] = {
    "thank": ("first", "what"), "late_promise": ("first", "what"), "open_promise": ("first", "what"),
    "agreement": ("first", "role"), "point": ("first", "what"), "plate": ("first", "what"), "quiet": ("first",),
    "new": ("first",), "usual": ("first",),
}  # fmt: skip
"""The openings that the playbook words, each with the places it may use."""


class Point(NamedTuple):
    """A point of a debrief that is still to be asked about, or tried."""

    text: str
    decision: Literal["ask", "use"]
    due: date | None
    on: date


class Briefing(NamedTuple):
    """Everything about one manager before a meeting, as it stood at a moment.

    `loops` soonest first, `unthanked`, `agreements`, `points` and `entries` newest first. `opening` is None where
    the notes call for keeping to business.
    """

    manager: Manager
    at: datetime
    last_contact: Entry | None
    talk: Conversation | None
    loops: tuple[Promise, ...]
    unthanked: tuple[Unthanked, ...]
    agreements: tuple[Agreement, ...]
    points: tuple[Point, ...]
    entries: tuple[Entry, ...]
    opening: str | None = None

    def owed(self, by: Literal["me", "them"]) -> list[Promise]:
        return [loop for loop in self.loops if loop.owed_by == by]


class Handover(NamedTuple):
    """What a colleague is told who takes over: agreements of open roles, open loops soonest first, and the praise
    that was given, newest first, as (what they did, what it changed). While a boundary note counts (`held`), the
    letter is not shown to them first, and tells nothing that helped.
    """

    manager: Manager
    at: datetime
    agreements: tuple[Agreement, ...]
    loops: tuple[Promise, ...]
    praised: tuple[tuple[str, str], ...]
    sender: str | None
    held: bool = False


def opened(brief: Briefing, words: Mapping[str, str], restriction: str | None) -> Briefing:
    """The page with its good opening; while boundary notes stand first it holds plain business and advises nothing."""
    if restriction is not None:
        return brief._replace(unthanked=(), points=())
    name, what = _opening(brief)
    places = {"first": brief.manager.first_name, "what": what.removesuffix("."), "role": what}
    return brief._replace(opening=filled(words[name], places))


def _opening(brief: Briefing) -> tuple[str, str]:
    """The name of an opening, and what it is about."""
    mine = brief.owed("me")
    late = next((promise for promise in mine if promise.overdue(brief.at)), None)
    waiting = next((agreement for agreement in brief.agreements if waits_for(agreement) or agreement.pending), None)
    ask = next((point for point in brief.points if point.decision == "ask"), None)
    last, plate = brief.last_contact, brief.manager.on_their_plate
    found = (
        ("thank", brief.unthanked[0].named if brief.unthanked else None),
        ("late_promise", late.what if late else None),
        ("open_promise", mine[0].what if mine else None),
        ("agreement", waiting.title if waiting else None),
        ("point", ask.text if ask else None),
        ("plate", plate),
        ("new", "" if last is None else None),
        ("quiet", "" if last is not None and brief.at - last.happened_at >= QUIET else None),
    )
    return next(((name, what) for name, what in found if what is not None), ("usual", ""))


def next_talk(talks: Sequence[Conversation], at: datetime) -> Conversation | None:
    """The prepared conversation that comes next, else the newest one that was not held yet."""
    stood = [until(talk, at.date()) for talk in talks]
    waiting = [
        conversation
        for conversation in stood
        if conversation.sitting("prep") and conversation.sitting("debrief") is None
    ]
    coming = [(talk.planned_for, talk) for talk in waiting if talk.planned_for and talk.planned_for >= at - STILL_MEANT]
    if coming:
        return min(coming, key=lambda pair: (pair[0], pair[1].id))[1]
    return max(waiting, key=lambda talk: talk.id, default=None)


def points(talks: Sequence[Conversation], on: date) -> tuple[Point, ...]:
    """What the debriefs of the last months left to ask and to try, the newest debrief first."""
    found = []
    for talk in sorted(talks, key=lambda talk: talk.id, reverse=True):
        stood = until(talk, on)
        debrief = stood.sitting("debrief")
        if debrief is None or not debrief.finished or on - debrief.on > REMEMBERED:
            continue
        found += [Point(item["text"], "ask", None, debrief.on) for item in stood.items if item.get("decision") == "ask"]
        for action in stood.open_actions:
            due = date.fromisoformat(action["due"]) if action.get("due") else None
            found.append(Point(action.get("then_action") or action["text"], "use", due, debrief.on))
    return tuple(dict.fromkeys(found))


def waits_for(agreement: Agreement) -> list[Stage]:
    """The stages that have words and wait for a yes in writing."""
    return [stage for stage in agreement.stages if stage.state in ("proposed", "agreed")]


def open_points(agreement: Agreement) -> list[str]:
    """What a recap left open."""
    noted = agreement.fields.get("open_points") or []
    return [str(point) for point in noted] if isinstance(noted, list) else [str(noted)]


def ago(days: int) -> str:
    """Days as they are said: `yesterday`, `three days ago`, `two weeks ago`, `four months ago`."""
    if days < 2:
        return ("today", "yesterday")[max(days, 0)]
    count, unit = (days, "day") if days < 14 else (days // 7, "week") if days < 61 else (days // 30, "month")
    if days >= 730:
        count, unit = days // 365, "year"
    return f"{spelled(count)} {unit}{'' if count == 1 else 's'} ago"
