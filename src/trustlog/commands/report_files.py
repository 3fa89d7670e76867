"""Reports as documents: on stdout, in a file, in a browser."""

import os
import sys
from pathlib import Path

from trustlog import files, paths
from trustlog.commands.words import targets
from trustlog.domain.standing.report import Report
from trustlog.session import Session
from trustlog.view.report import as_json
from trustlog.view.screen import SCHEMA, json_text

_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
"""What tells that a browser can be shown."""


def place(session: Session, output: str | None, *, open_: bool, replace: bool) -> Path | None:
    """The file that is meant; None is stdout. Raises UserError `file-exists`."""
    if output is not None:
        return targets.named(session, output, yes=replace)
    # one file, always the last one shown, so that no others gather
    return paths.reports() / "report.html" if open_ else None


def give(session: Session, found: Report, form: str, file: Path | None) -> None:
    """Write a report to its file and say where it is, or to stdout."""
    text = document(session, found, form)
    if file is None:
        session.screen.document(text)
        return
    if file.parent == paths.reports():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(file, text.encode())
    session.show(str(file), lambda name: {"file": name, "format": form}, lambda name, _: f"Written to {name}")


def document(session: Session, found: Report, form: str) -> str:
    """A report in one of the formats that are no terminal's."""
    words = session.playbook.report
    if form == "csv":
        from trustlog.view.report import as_csv

        return as_csv.report(found, words)
    if form == "markdown":
        from trustlog.view.report import as_markdown

        return as_markdown.report(found, words)
    if form == "html":
        from trustlog.view.report import as_html  # 35 ms: Jinja

        return as_html.report(found, words)
    return json_text({"schema": SCHEMA, "command": session.command, "data": as_json.report(found)})


def show(session: Session, file: Path) -> None:
    """Open a file in the browser of whoever is there."""
    import webbrowser  # 12 ms, only where one is opened

    # without a screen a text browser would draw its page on stdout
    somewhere = sys.platform != "linux" or any(os.environ.get(name) for name in _SCREENS)
    if not (somewhere and webbrowser.open(file.resolve().as_uri())):
        session.screen.note(f"No browser was found. Open it yourself: {file}")
