"""The card of a conversation: at most six lines to hold on to."""

from datetime import datetime

from rich.box import ASCII, ROUNDED
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from trustlog.domain.conversations.conversation import Conversation
from trustlog.domain.days import echo
from trustlog.domain.text import visible
from trustlog.view.look import Look
from trustlog.view.style import ACCENT, GREY, STRONG

Lines = list[tuple[str, str]]


def card(conversation: Conversation, lines: Lines, drafts: list[str], now: datetime, look: Look) -> Group | str:
    """The card, and the messages that the recruiter may want to send."""
    title = _title(conversation, now)
    nothing = "Kept." if conversation.sitting("debrief") else "Nothing on the card yet."
    if not (look.terminal and look.drawn):
        rows = [f"{label}: {visible(said)}" for label, said in lines] or [nothing]
        return "\n".join([title, *rows, *(f"Draft: {visible(draft)}" for draft in drafts)])
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=GREY, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, said in lines:
        grid.add_row(label, Text(visible(said)))
    inside = grid if lines else Text(nothing, style=GREY)
    box = ROUNDED if look.blocks else ASCII
    width = min(look.width, 76)
    panel = Panel(
        inside, title=Text(title, style=STRONG), title_align="left", box=box, border_style=ACCENT, width=width
    )
    told = [
        part
        for draft in drafts
        for part in (Text("A draft to change and send yourself:", style=GREY), Text(visible(draft)))
    ]
    return Group(panel, *told)


def _title(conversation: Conversation, now: datetime) -> str:
    name, when = visible(conversation.manager_name), conversation.planned_for
    if when is None:
        return name
    local = when.astimezone()
    day = f"today {local:%H:%M}" if local.date() == now.date() else echo(local)
    return f"{name} · {day}"
