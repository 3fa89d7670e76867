"""Small steps and the page of the day, as people and scripts read them."""

from typing import Any

from trustlog.domain.coaching import Morning, Offer
from trustlog.domain.coaching_history import StepEvent
from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise
from trustlog.domain.text import plural, visible
from trustlog.ui.text import Look, cut, flowing, padded
from trustlog.view import entries, promises
from trustlog.view.promises import OWED, due_words


def offer_data(offer: Offer) -> dict[str, Any]:
    """The offer as JSON; `step` is null if there is none."""
    return {
        "manager": offer.manager.handle if offer.manager else None,
        "step": _step_data(offer),
        "because": list(offer.because),
        "reason": offer.reason,
    }


def offered(offer: Offer, look: Look) -> str:
    """What to do, why, and the draft to change and send."""
    width = min(look.width, 78)
    if offer.step is None:
        return flowing(visible(offer.reason), width)
    parts = [head(offer, look), flowing(offer.step.advice, width)]
    parts.append(look.paint(flowing(visible(offer.reason), width), "dim"))
    parts += [look.paint(f"first: {ask.ask}", "due") for ask in offer.asks]
    draft = flowing(visible(offer.draft), width - 2, "  ")
    parts += ["", look.paint("A draft to change and send yourself:", "dim"), draft]
    if offer.starter:
        parts += ["", offer.starter]
    return "\n".join(parts)


def several(offers: list[Offer], look: Look) -> str:
    """Each step with its advice and its reason, the best first."""
    width = min(look.width, 78)

    def indented(text: str) -> str:
        return flowing(visible(text), width, "    ")

    return "\n".join(
        f"{head(offer, look)}\n{indented(offer.step.advice)}\n{look.paint(indented(offer.reason), 'dim')}"
        for offer in offers
        if offer.step is not None
    )


def head(offer: Offer, look: Look) -> str:
    """`PB07  Dana Ortiz · unknown factor · 5 min of yours, none of theirs`."""
    step, who = offer.step, offer.manager
    if step is None or who is None:
        return ""
    theirs = f"{step.their_min} min of theirs" if step.their_min else "none of theirs"
    family = step.category.replace("-", " ")
    return f"{look.paint(step.id, 'accent')}  {visible(who.name)} · {family} · {step.mine_min} min of yours, {theirs}"


def _step_data(offer: Offer) -> dict[str, Any] | None:
    step = offer.step
    if step is None:
        return None
    return {
        "id": step.id, "category": step.category, "advice": step.advice, "draft": offer.draft,
        "blanks": list(offer.blanks), "asks": [ask.ask for ask in offer.asks], "kind": step.kind,
        "mine_min": step.mine_min, "their_min": step.their_min,
    }  # fmt: skip


def kept_data(manager: Manager, event: StepEvent, entry: Entry | None) -> dict[str, Any]:
    """What became of a step, as JSON."""
    return {
        "manager": manager.handle, "step": event.step, "event": event.kind,
        "until": event.until.isoformat() if event.until else None,
        "entry": entries.entry_data(entry) if entry else None,
    }  # fmt: skip


def kept(manager: Manager, event: StepEvent, entry: Entry | None, look: Look) -> str:
    """What became of a step, in a line, and the entry that was written."""
    until = f" until {echo(event.until)}" if event.until else ""
    line = f"{look.paint(event.step, 'accent')}  {visible(manager.name)} · {event.kind}{until}"
    return f"{line}\n{entries.summary(entry, look)}" if entry else line


ROWS = 8
"""So many open loops fit on a page that stays under a screen."""


def morning_data(shown: Morning) -> dict[str, Any]:
    """The page as JSON."""
    return {
        "date": shown.at.date().isoformat(),
        "next": offer_data(shown.offer),
        "open": [promises.promise_data(loop, shown.at) for loop in shown.loops],
        "coming": promises.promise_data(shown.coming, shown.at) if shown.coming else None,
        "conversations": [
            {"id": talk.id, "manager": talk.manager, "planned_for": talk.planned_for.isoformat()}
            for talk in shown.talks
            if talk.planned_for is not None
        ],
        "private_items": shown.private,
    }


def morning_page(shown: Morning, look: Look) -> str:
    """The page as people read it."""
    greeting = f"{_greeting(shown.at.hour)} {look.paint(echo_day(shown.at.date()), 'dim')}"
    if not shown.known:
        return f"{greeting}\n\n  Nobody is in the journal yet. Begin with whom you work with:\n\n" + look.paint(
            '    trustlog manager add "Dana Ortiz"\n    trustlog add dana "What happened"', "accent"
        )
    return "\n".join([greeting, "", *_morning_step(shown, look), "", *_open(shown, look)])


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning."
    return "Good afternoon." if 12 <= hour < 18 else "Good evening."


def _morning_step(shown: Morning, look: Look) -> list[str]:
    offer, width = shown.offer, min(look.width, 78)

    def indented(text: str) -> str:
        return flowing(visible(text), width, "  ")

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
    rows = [_row(OWED[loop.owed_by], loop, shown, look) for loop in shown.loops[:ROWS]]
    if len(shown.loops) > ROWS:
        rows.append(look.paint(f"    and {len(shown.loops) - ROWS} more: trustlog open", "dim"))
    for talk in shown.talks:
        when = f"{talk.planned_for.astimezone(shown.at.tzinfo):%H:%M}" if talk.planned_for else ""
        card = look.paint(f"trustlog prep-feedback {talk.manager} --card", "dim")
        rows.append(f"    {f'today {when}':<11} {visible(talk.manager_name)}: a conversation you prepared  {card}")
    if shown.private:
        items = plural(shown.private, "private item")
        rows.append(f"    {'yourself':<11} {items}  {look.paint('trustlog checkin', 'dim')}")
    if shown.coming is not None and not shown.loops:
        rows.append(_row("next", shown.coming, shown, look))
    heading = f"  {look.paint('Open today', 'strong')}"
    return [heading, *rows] if rows else [look.paint("  Nothing is open today.", "dim")]


def _row(side: str, promise: Promise, shown: Morning, look: Look) -> str:
    """One loop on a line, its text shortened to what fits."""
    name, due = cut(_name(promise, shown), 12), due_words(promise, shown.at)
    room = max(12, min(look.width, 80) - 4 - 12 - 13 - len(due) - 2)
    tone = "due" if promise.overdue(shown.at) else "dim"
    return (
        f"    {side:<11} {padded(name, 12)} {padded(cut(visible(promise.what), room), room)}  {look.paint(due, tone)}"
    )


def _name(promise: Promise, shown: Morning) -> str:
    """The first name, or all of it where another manager on the page has the same."""
    whole = {visible(each.manager_name) for each in (*shown.loops, *([shown.coming] if shown.coming else []))}
    name = visible(promise.manager_name)
    first = name.split(" ")[0]
    return first if sum(each.split(" ")[0] == first for each in whole) == 1 else name
