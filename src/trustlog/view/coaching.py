"""Small steps, as people and scripts read them."""

from typing import Any

from trustlog.domain.coaching import Offer
from trustlog.domain.coaching_history import StepEvent
from trustlog.domain.days import echo
from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise
from trustlog.domain.text import visible
from trustlog.ui.text import Look, flowing
from trustlog.view import entries, picked, promises


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
    draft = {"draft": offer.draft, "blanks": offer.blanks, "asks": [ask.ask for ask in offer.asks]}
    return picked(step, "id category advice") | draft | picked(step, "kind mine_min their_min to")


def kept_data(manager: Manager, event: StepEvent, entry: Entry | None, loop: Promise | None) -> dict[str, Any]:
    """What became of a step, as JSON."""
    return {
        "manager": manager.handle, "step": event.step, "event": event.kind,
        "until": event.until,
        "entry": entries.entry_data(entry) if entry else None,
        "loop": promises.promise_data(loop, event.at) if loop else None,
    }  # fmt: skip


def kept(manager: Manager, event: StepEvent, entry: Entry | None, loop: Promise | None, look: Look) -> str:
    """What became of a step, in a line, and the entry or the loop that came of it."""
    until = f" until {echo(event.until)}" if event.until else ""
    lines = [f"{look.paint(event.step, 'accent')}  {visible(manager.name)} · {event.kind}{until}"]
    lines += [entries.summary(entry, look)] if entry else []
    lines += [promises.promise_line(loop, event.at, look)] if loop else []
    return "\n".join(lines)
