"""Cards, check-ins and boundaries, as lines and as JSON; reflections only when asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.box import ASCII, ROUNDED
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from trustlog.domain.conversations import Conversation, Due, Gut, visible_answers
from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import Entry
from trustlog.domain.private import Support, Told
from trustlog.domain.scripts import TONES, Scenario
from trustlog.domain.text import visible
from trustlog.ui.text import ACCENT, GREY, STRONG, Look, flowing, wrapped
from trustlog.view import picked
from trustlog.view.entries import percent

Lines = list[tuple[str, str]]


def card(conversation: Conversation, lines: Lines, drafts: list[str], now: datetime, look: Look) -> Group | str:
    """The card, and the messages that the recruiter may want to send."""
    title = _title(conversation, now)
    nothing = "Kept." if conversation.sitting("debrief") else "Nothing on the card yet."
    if not (look.terminal and look.drawn):
        rows = [f"{label}: {visible(words)}" for label, words in lines] or [nothing]
        return "\n".join([title, *rows, *(f"Draft: {visible(draft)}" for draft in drafts)])
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=GREY, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, words in lines:
        grid.add_row(label, Text(visible(words)))
    inside = grid if lines else Text(nothing, style=GREY)
    box = ROUNDED if look.blocks else ASCII
    width = min(look.width, 76)
    panel = Panel(
        inside, title=Text(title, style=STRONG), title_align="left", box=box, border_style=ACCENT, width=width
    )
    parts = [
        part
        for draft in drafts
        for part in (Text("A draft to change and send yourself:", style=GREY), Text(visible(draft)))
    ]
    return Group(panel, *parts)


def _title(conversation: Conversation, now: datetime) -> str:
    name, when = visible(conversation.manager_name), conversation.planned_for
    if when is None:
        return name
    local = when.astimezone()
    day = f"today {local:%H:%M}" if local.date() == now.date() else echo(local)
    return f"{name} · {day}"


_WORDS = {
    "next-day": "how it is the day after",
    "undecided": "points still open",
    "follow-up": "something you wanted to try",
    "tell-them": "something worth telling them",
    "hard-entry": "whether there could be another explanation",
}


def due_data(checkins: list[Due], hard: list[Entry]) -> dict[str, Any]:
    """What is due, as JSON."""
    due = [
        {"manager": checkin.conversation.manager, "conversation": checkin.conversation.id, "asks": checkin.asks}
        for checkin in checkins
    ]
    return {
        "due": [*due, *({"manager": entry.manager, "conversation": None, "asks": ["hard-entry"]} for entry in hard)]
    }


def due_lines(checkins: list[Due], hard: list[Entry], look: Look) -> str:
    """What is due, a line for each conversation and each hard entry."""
    due = [(checkin.conversation.manager_name, checkin.conversation.manager, checkin.asks) for checkin in checkins]
    due += [(entry.manager_name, entry.manager, ["hard-entry"]) for entry in hard]
    lines = [
        f"{visible(name)}: {', '.join(_WORDS[asked] for asked in asks)}"
        + look.paint(f"  trustlog checkin {handle}", "dim")
        for name, handle, asks in due
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


def _gut(gut: Gut) -> str:
    log = gut.log
    if log.too_early:
        return f"Your log holds too little to set beside that: unknown {percent(log.u)}."
    words = f"Your log says {log.e:.2f}, from {log.b:.2f} to {1 - log.d:.2f}; your gut, on that scale, {gut.gut:.2f}."
    return f"{words} They differ: which of the two is missing entries?" if gut.apart else words


def conversation(
    talk: Conversation, lines: list[tuple[str, str]], drafts: list[str], *, private: bool
) -> dict[str, Any]:
    """The conversation, its card, and the messages it drafts."""
    return {
        "conversation": {
            **picked(talk, "id uid manager state minutes planned_for about"),
            "answers": visible_answers(talk, private=private),
        },
        "card": [f"{label}: {words}" for label, words in lines],
        "drafts": drafts,
    }  # fmt: skip


def boundary_data(told: Told) -> dict[str, Any]:
    """The level as JSON, naming nobody from the second drawer."""
    return {"manager": told.manager} | picked(told.standing, "level because") | picked(told, "restricted text")


def boundary_lines(told: Told, look: Look) -> str:
    """What is said at the level, and the notes that make it."""
    parts = [flowing(visible(told.words), min(look.width, 78))]
    if told.notes:
        parts += ["", look.paint("from your notes:", "dim")]
        for day, words in told.notes:
            first = f"  {echo_day(day):<15}  "
            parts += [look.paint(line, "dim") for line in wrapped(words, min(look.width, 78), first, " " * len(first))]
    return "\n".join(parts)


def scenario_data(shown: Sequence[Scenario]) -> dict[str, Any]:
    """The sheet as JSON."""
    return {"scenarios": [scenario._asdict() | {"lines": list(scenario.lines)} for scenario in shown]}


def sheet(shown: Sequence[Scenario], look: Look) -> str:
    """What there is to rehearse, one scenario under the other."""
    return "\n\n".join(_scenario(scenario, look) for scenario in shown)


def _scenario(scenario: Scenario, look: Look) -> str:
    lines = [look.paint(f"{visible(scenario.title)}  ({scenario.id})", "strong"), *_under("", scenario.about, look)]
    lines += [line for tone in TONES for line in _under(tone, f"“{getattr(scenario, tone)}”", look)]
    lines += shape(scenario, look).split("\n")
    lines += [line for sentence in scenario.lines for line in _under("a line", sentence, look)]
    return "\n".join([*lines, *_under("stop", scenario.stop, look)])


def shape(scenario: Scenario, look: Look) -> str:
    """The stronger shape: what I saw, what it does, what I ask."""
    parts = (("I saw", scenario.saw), ("it does", scenario.does), ("I ask", scenario.asks))
    return "\n".join(line for label, text in parts for line in _under(label, text, look))


def _under(label: str, text: str, look: Look) -> list[str]:
    head = f"  {label:<8}" if label else "  "
    return wrapped(visible(text), min(look.width - 1, 78), head, " " * len(head))


def support_data(page: Support) -> dict[str, Any]:
    """The page for a hard day as JSON: whole, and part by part."""
    parts = [{"part": part.name, "title": part.title, "lines": list(part.lines)} for part in page.parts]
    return {"manager": page.manager, "text": page.text, "parts": parts}


def support_page(page: Support, look: Look) -> str:
    """The page, its titles apart, each line broken between words under itself."""
    width = min(look.width, 78)
    shaken = [line for words in page.shaken for line in wrapped(visible(words), width, "", "  ")]
    parts = [flowing(page.page, width), "\n".join(shaken)]
    for part in page.parts:
        lines = [line for words in part.lines for line in wrapped(visible(words), width, "  ", "    ")]
        parts.append("\n".join([look.paint(part.title, "strong"), *lines]))
    return "\n\n".join([*parts, flowing(page.crisis, width)])
