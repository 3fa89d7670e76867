"""The day's page: the answer first, in under a screen."""

from textwrap import fill
from typing import Any

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching.morning import Morning
from trustlog.domain.days import echo_day
from trustlog.domain.text import visible
from trustlog.view import data as shapes
from trustlog.view.columns import cut, padded
from trustlog.view.look import Look
from trustlog.view.loops import OWED, due_words
from trustlog.view.step import offer_data

ROWS = 8
"""So many open loops fit on a page that stays under a screen."""


def data(shown: Morning) -> dict[str, Any]:
    """The page as JSON."""
    return {
        "date": shown.at.date().isoformat(),
        "next": offer_data(shown.offer),
        "open": [shapes.commitment(one, shown.at) for one in shown.loops],
        "coming": shapes.commitment(shown.coming, shown.at) if shown.coming else None,
        "conversations": [
            {"id": one.id, "manager": one.manager, "planned_for": one.planned_for.isoformat()}
            for one in shown.talks
            if one.planned_for is not None
        ],
        "private_items": shown.private,
    }


def page(shown: Morning, look: Look) -> str:
    """The page as people read it."""
    greeting = f"{_greeting(shown.at.hour)} {look.paint(echo_day(shown.at.date()), 'dim')}"
    if not shown.known:
        return f"{greeting}\n\n  Nobody is in the journal yet. Begin with whom you work with:\n\n" + look.paint(
            '    trustlog manager add "Dana Ortiz"\n    trustlog add dana "What happened"', "accent"
        )
    return "\n".join([greeting, "", *_step(shown, look), "", *_open(shown, look)])


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning."
    return "Good afternoon." if 12 <= hour < 18 else "Good evening."


def _step(shown: Morning, look: Look) -> list[str]:
    offer, width = shown.offer, min(look.width, 78)

    def indented(text: str) -> str:
        return fill(visible(text), width, initial_indent="  ", subsequent_indent="  ")

    if offer.step is None or offer.manager is None:
        return [indented(offer.reason)]
    head = look.paint("One small step", "strong")
    return [
        f"  {head}    {visible(offer.manager.name)} · {offer.step.mine_min} min",
        indented(offer.step.advice),
        look.paint(indented(offer.reason), "dim"),
        look.paint(f"  draft: trustlog next {offer.manager.handle}", "dim"),
    ]


def _open(shown: Morning, look: Look) -> list[str]:
    rows = [_row(OWED[one.owed_by], one, shown, look) for one in shown.loops[:ROWS]]
    if len(shown.loops) > ROWS:
        rows.append(look.paint(f"    and {len(shown.loops) - ROWS} more: trustlog open", "dim"))
    for talk in shown.talks:
        when = f"{talk.planned_for.astimezone(shown.at.tzinfo):%H:%M}" if talk.planned_for else ""
        card = look.paint(f"trustlog prep-feedback {talk.manager} --card", "dim")
        rows.append(f"    {f'today {when}':<11} {visible(talk.manager_name)}: a conversation you prepared  {card}")
    if shown.private:
        items = "1 private item" if shown.private == 1 else f"{shown.private} private items"
        rows.append(f"    {'yourself':<11} {items}  {look.paint('trustlog checkin', 'dim')}")
    if shown.coming is not None and not shown.loops:
        rows.append(_row("next", shown.coming, shown, look))
    heading = f"  {look.paint('Open today', 'strong')}"
    return [heading, *rows] if rows else [look.paint("  Nothing is open today.", "dim")]


def _row(side: str, one: Commitment, shown: Morning, look: Look) -> str:
    """One loop on a line, its text shortened to what fits."""
    name, due = cut(_name(one, shown), 12), due_words(one, shown.at)
    room = max(12, min(look.width, 80) - 4 - 12 - 13 - len(due) - 2)
    tone = "due" if one.overdue(shown.at) else "dim"
    return f"    {side:<11} {padded(name, 12)} {padded(cut(visible(one.what), room), room)}  {look.paint(due, tone)}"


def _name(one: Commitment, shown: Morning) -> str:
    """The first name, or all of it where another manager on the page has the same."""
    whole = {visible(each.manager_name) for each in (*shown.loops, *([shown.coming] if shown.coming else []))}
    name = visible(one.manager_name)
    first = name.split(" ")[0]
    return first if sum(each.split(" ")[0] == first for each in whole) == 1 else name
