"""`demo`: an invented recruiter's year, to look around in."""

import tempfile
from pathlib import Path
from typing import Any

import typer
from rich.console import Group
from rich.text import Text

from trustlog import clock
from trustlog.commands.options import session_of
from trustlog.domain.script import card
from trustlog.services import demo as service
from trustlog.session import Session
from trustlog.store.journal import Journal
from trustlog.view import card as card_view
from trustlog.view import data_report, lines
from trustlog.view import report as report_view
from trustlog.view.look import Look


def demo(ctx: typer.Context) -> None:
    """
        trustlog demo

    An invented recruiter's year in a throw-away home: one entry, a card, and where things stand. Your own
    journal is not touched.
    """
    session = session_of(ctx)
    home = Path(tempfile.mkdtemp(prefix="trustlog-demo-"))
    journal = Journal.open(home / "trustlog.db", home / "snapshots")
    try:
        shown = service.play(journal, session.playbook.demo, session.now, clock.local, str(home))
    finally:
        journal.close()
    session.show(shown, _data, lambda shown, look: _view(session, shown, look))


def _data(shown: service.Shown) -> dict[str, Any]:
    return {"home": shown.home, "report": data_report.report(shown.report)}


def _view(session: Session, shown: service.Shown, look: Look) -> Group:
    entry = shown.added.entries[0][0]
    script = session.playbook.script("prep")
    told = f'trustlog add {entry.manager} "{entry.note}" -k help'
    return Group(
        _typed(told, look),
        Text.from_ansi(lines.added(shown.added.entries, look)),
        Text(),
        _typed(f"trustlog prep-feedback {shown.talk.manager} --card", look),
        card_view.card(shown.talk, card(script, shown.talk.answers("prep"), private=True), [], session.now, look),
        Text(),
        _typed("trustlog report", look),
        report_view.report(shown.report, session.playbook.report, look),
        Text(),
        Text("All of this is invented. Look around in it, one manager's page first:"),
        Text(f"  export TRUSTLOG_HOME={shown.home}"),
        Text("  trustlog report dana --why"),
        Text('Your own journal begins with: trustlog manager add "Their Name"'),
    )


def _typed(command: str, look: Look) -> Text:
    return Text.from_ansi(f"{look.paint('$', 'dim')} {look.paint(command, 'strong')}")
