"""What is due, and what a check-in answers."""

from typing import Any

from trustlog.domain.conversations.conversation import Conversation, Due
from trustlog.domain.conversations.gut import Gut
from trustlog.domain.days import echo_day
from trustlog.domain.text import visible
from trustlog.view.lines import percent
from trustlog.view.look import Look

_WORDS = {
    "next-day": "how it is the day after",
    "undecided": "points still open",
    "follow-up": "something you wanted to try",
    "tell-them": "something worth telling them",
}


def due_data(found: list[Due]) -> dict[str, Any]:
    """What is due, as JSON."""
    return {
        "due": [
            {"manager": one.conversation.manager, "conversation": one.conversation.id, "asks": one.asks}
            for one in found
        ]
    }


def due_lines(found: list[Due], look: Look) -> str:
    """What is due, a line for each conversation."""
    lines = [
        f"{visible(one.conversation.manager_name)}: {', '.join(_WORDS[name] for name in one.asks)}"
        + look.paint(f"  trustlog checkin {one.conversation.manager}", "dim")
        for one in found
    ]
    return "\n".join(lines) or "Nothing is due."


def checked_in(done: Conversation, gut: Gut | None, drafts: list[str], look: Look) -> str:
    """That it is kept, how a gut feeling compares, and what to say to the manager."""
    debrief = done.sitting("debrief")
    about = f", about {echo_day(debrief.on)}" if debrief else ""
    lines = [f"Checked in: {visible(done.manager_name)}{about}."]
    lines += [_gut(gut)] if gut else []
    for draft in drafts:
        lines += [look.paint("A draft to change and send yourself:", "dim"), visible(draft)]
    return "\n".join(lines)


def _gut(found: Gut) -> str:
    log = found.log
    if log.too_early:
        return f"Your log holds too little to set beside that: unknown {percent(log.u)}."
    words = f"Your log says {log.e:.2f}, from {log.b:.2f} to {1 - log.d:.2f}; your gut, on that scale, {found.gut:.2f}."
    return f"{words} They differ: which of the two is missing entries?" if found.apart else words
