"""`demo`: an invented recruiter's year, to look around in."""

import shutil
import sys
import tempfile
from pathlib import Path

import typer

from trustlog import clock
from trustlog.commands.words.options import session_of
from trustlog.domain.conversations.script import card
from trustlog.services import demo as service
from trustlog.store.journal import Journal
from trustlog.view import demo as view


def demo(ctx: typer.Context) -> None:
    """
        trustlog demo

    An invented recruiter's year in a throw-away home: the day's page, one entry, a card, and where things stand.
    Your own journal is not touched.
    """
    session = session_of(ctx)
    home = Path(tempfile.mkdtemp(prefix="trustlog-demo-"))
    journal = Journal.open(home / "trustlog.db", home / "snapshots")
    try:
        shown = service.play(
            journal, session.playbook.demo, session.now, clock.local_or_next, session.playbook.coaching
        )
    finally:
        journal.close()
    told = view.Told(
        morning=shown.morning,
        written=shown.added.entries,
        talk=shown.talk,
        card=card(session.playbook.script("prep"), shown.talk.answers("prep"), private=True),
        report=shown.report,
        words=session.playbook.report,
        now=session.now,
        home=str(home),
        program=_program(),
    )
    session.show(told, view.data, view.scenes)
    if not session.options.json:
        session.screen.document(view.ways_on(told))


def _program() -> str:
    """What to type here: the program's name where a shell finds it, else the path by which it was started."""
    started = sys.argv[0]
    return started if Path(started).name in ("trustlog", "tl") and not shutil.which("trustlog") else "trustlog"
