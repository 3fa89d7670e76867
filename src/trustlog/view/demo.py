"""The demo on the screen."""

from collections.abc import Mapping
from datetime import datetime
from shlex import quote
from typing import Any, NamedTuple

from rich.console import Group
from rich.text import Text

from trustlog.domain.conversations import Conversation
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.morning import Morning
from trustlog.domain.report import Report, ReportWords
from trustlog.domain.trust import Written
from trustlog.ui.text import Look
from trustlog.view import conversations, entries, kickoffs, morning
from trustlog.view.report import as_json, terminal


class Told(NamedTuple):
    """What the demo shows, with the words it needs."""

    morning: Morning
    written: tuple[Written, ...]
    talk: Conversation
    card: conversations.Lines
    report: Report
    words: ReportWords
    now: datetime
    home: str
    program: str
    agreement: Agreement
    stages: Mapping[str, Any]
    """The words of a kick-off."""


def data(shown: Told) -> dict[str, Any]:
    """Where the throw-away home is, and its report."""
    return {"home": shown.home, "report": as_json.report(shown.report)}


def scenes(shown: Told, look: Look) -> Group:
    """The day's page, one entry, a card and the report, each under the command that shows it."""
    entry = shown.written[0].entry
    command = f'trustlog add {entry.manager} "{entry.note}" -k help'
    return Group(
        _typed("trustlog", look),
        Text.from_ansi(morning.page(shown.morning, look)),
        Text(),
        _typed(command, look),
        Text.from_ansi(entries.added(shown.written, look)),
        Text(),
        _typed(f"trustlog prep-feedback {shown.talk.manager} --card", look),
        conversations.card(shown.talk, shown.card, [], shown.now, look),
        Text(),
        _typed(f"trustlog kickoff show {shown.agreement.req}", look),
        Text.from_ansi(kickoffs.summary(shown.agreement, shown.stages, look)),
        Text(),
        _typed("trustlog report", look),
        terminal.report(shown.report, shown.words, look),
    )


def ways_on(shown: Told) -> str:
    """What to type next, each command on one line so that it can be copied: the terminal breaks it, no line end of
    ours does.
    """
    program = quote(shown.program)
    return (
        "\nAll of this is invented. Look around in it, one manager's page first:\n"
        f"  TRUSTLOG_HOME={quote(shown.home)} {program} report dana --why\n"
        f'Your own journal begins with: {program} manager add "Their Name"\n'
    )


def _typed(command: str, look: Look) -> Text:
    return Text.from_ansi(f"{look.paint('$', 'dim')} {look.paint(command, 'strong')}")
