"""Write docs/trustlog.1, the manual page, from what the reference is made from.

python scripts/man.py [--check]
"""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import generated
import typer
from typer.main import get_command

from trustlog import __version__
from trustlog.app import CONTENTS, EXAMPLE, app
from trustlog.errors import CODES, EXITS
from trustlog.services.help import TOPICS, guide_title
from trustlog.settings import SETTINGS

FILE = generated.DOCS / "trustlog.1"
ASCII = str.maketrans({"…": "...", "−": "-", "·": "-", "“": '"', "”": '"', "×": "x", "–": "-"})
ABOUT = (
    "keeps a recruiter's private journal of small acts between them and their hiring managers. It helps to prepare "
    "for hard conversations and to look after oneself, and shows plainly how well the two know each other by now. "
    "Everything stays on the machine: no network, no account."
)
FILES = {
    "$TRUSTLOG_HOME, else the platform's folder for the data of programs": "The home folder, readable by its owner.",
    "trustlog.db": "The journal, a SQLite file; --db and TRUSTLOG_DB name another.",
    "config.toml": "Settings.",
    "playbook/": "Words of your own, which add to the shipped ones.",
    "snapshots/": "Copies of the journal.",
}


def text() -> str:
    """The whole page."""
    root: Any = get_command(app)
    context = typer.Context(root, info_name="trustlog")
    lines = [
        '.\\" Made from the program by: python scripts/man.py',
        f'.TH TRUSTLOG 1 "" "trustlog {__version__}" "User Commands"',
        ".SH NAME", r"trustlog, tl \- a private coaching journal for recruiters",
        ".SH SYNOPSIS", ".B trustlog", r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGS\fR]...",
        ".SH DESCRIPTION", ".B trustlog", escaped(ABOUT),
        ".PP", "Called alone, it shows the day. For example:", *example(EXAMPLE.strip().split("\n\n")[0]),
        ".SH OPTIONS", "They work before a command and after it.",
        *options(root.params, context),
        ".TP", r"\fB\-\-version\fR", "Show the version and exit.",
    ]  # fmt: skip
    for panel in dict.fromkeys(entry.panel for entry in CONTENTS):
        lines.append(f".SH {panel.upper()} COMMANDS")
        for entry in CONTENTS:
            if entry.panel == panel and not entry.hidden:
                lines += about(root.commands[entry.name].load(root.params), f"trustlog {entry.name}", context)
    lines += [".SH GUIDE", "Plain pages on how things work: \\fBtrustlog guide\\fR \\fITOPIC\\fR."]
    lines += terms((topic, guide_title(topic)) for topic in TOPICS)
    lines += [".SH ENVIRONMENT", "A flag beats a variable, which beats config.toml."]
    lines += terms((setting.variable, f"{setting.help} It takes {setting.takes}.") for setting in SETTINGS.values())
    lines += [".PP", "NO_COLOR, COLUMNS, TZ, VISUAL, EDITOR and PAGER are respected."]
    lines += [".SH FILES", *terms(FILES.items())]
    lines += [".SH EXIT STATUS", *terms((str(code.value), meaning) for code, meaning in EXITS.items())]
    lines += [".SH ERRORS", "With \\-\\-json an error is JSON on stderr, with one of these codes."]
    lines += terms(CODES.items())
    return "\n".join(lines) + "\n"


def about(command: Any, path: str, parent: typer.Context) -> Iterator[str]:
    """A command: how it is called, its example, what it does, its options; then its own commands."""
    context = typer.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent)
    yield f".SS {escaped(path.removeprefix('trustlog '))}"
    yield f"\\fB{escaped(path)}\\fR {escaped(' '.join(command.collect_usage_pieces(context)))}"
    for paragraph in command.help.strip("\n").split("\n\n"):
        if paragraph.startswith("    "):
            yield from example(paragraph)
        elif paragraph.strip():
            yield ".PP"
            yield escaped(" ".join(paragraph.split()))
    yield from options(command.params, context)
    for name, inner in getattr(command, "commands", {}).items():
        yield from about(inner, f"{path} {name}", context)


def options(params: Iterable[Any], context: typer.Context) -> Iterator[str]:
    """Arguments and options that are shown in a help page."""
    for param in params:
        record = param.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{escaped(record[0])}\\fR", escaped(record[1]) or "\\&")


def terms(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [line for name, meaning in pairs for line in (".TP", f"\\fB{escaped(name)}\\fR", escaped(meaning))]


def example(lines: str) -> list[str]:
    return [".PP", ".RS 4", ".nf", *(escaped(line.strip()) for line in lines.splitlines()), ".fi", ".RE"]


def escaped(text: str) -> str:
    """Text as roff takes it: plain ASCII, hyphens that can be copied, no line that begins as a request."""
    plain = " ".join(text.translate(ASCII).split()).replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    plain = re.sub(r"'", r"\\(aq", plain)
    plain.encode("ascii")
    return f"\\&{plain}" if plain.startswith(".") else plain


if __name__ == "__main__":
    sys.exit(generated.write(FILE, text()))
