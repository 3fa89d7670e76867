"""One good call of every command, in an order that works; the words that must leak nowhere are in all of them."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import typer
from typer.main import get_command

from trustlog.app import CONTENTS

DAY = "2026-11-20"
CANARY = "kanarienvogel"
"""Stands in every note, name, promise and reflection of the tour; no word of the program has it."""


class Stop(NamedTuple):
    """A call; `{out}` in a word is a folder outside the home, `{key}` a key file, `{editor}` a program."""

    args: tuple[str, ...]
    stdin: str = ""

    @property
    def command(self) -> str:
        """The command's name, with the name inside its group."""
        first, second = self.args[0], " ".join(self.args[:2])
        return second if second in every_command() else first


def every_command() -> set[str]:
    """The names of all commands: `add`, `kickoff start`; a group that works alone is one too."""
    names = set()
    for entry in CONTENTS:
        module, name = entry.at.split(":")
        found = getattr(import_module(f"trustlog.commands.{module}"), name)
        if isinstance(found, typer.Typer):
            group = get_command(found)
            names |= {f"{entry.name} {inner}" for inner in group.commands}  # type: ignore[attr-defined]  # a group has
            if group.invoke_without_command:  # type: ignore[attr-defined]  # a group has
                names.add(entry.name)
        else:
            names.add(entry.name)
    return names


ROWS = f"manager,kind,when,note\nnew-{CANARY},reply,{DAY},row {CANARY}\n"

TOUR = (
    Stop(("manager", "add", f"Dana {CANARY}", "--handle", "dana", "--email", "dana@example.org")),
    Stop(("manager", "add", f"Marcus {CANARY}", "--handle", "marcus")),
    Stop(("manager", "add", f"Twin {CANARY}", "--handle", "twin")),
    Stop(("manager", "edit", "dana", "--likes", f"climbing {CANARY}")),
    Stop(("manager",)),
    Stop(("manager", "list")),
    Stop(("manager", "show", "dana")),
    Stop(("manager", "rename", "twin", "twin-two")),
    Stop(("add", "dana", f"a note {CANARY}", "-k", "reply", "-w", DAY)),
    Stop(("add", "marcus", "-", "-w", DAY), f"from standard input {CANARY}"),
    Stop(("add", "dana", "-e", "-w", DAY)),
    Stop(("add", "twin-two", f"of the twin {CANARY}", "-w", DAY)),
    Stop(("manager", "merge", "twin-two", "dana")),
    Stop(("log",)),
    Stop(("log", "1")),
    Stop(("search", CANARY)),
    Stop(("edit", "1", "--note", f"said better {CANARY}")),
    Stop(("delete", "2")),
    Stop(("undo",)),
    Stop(("redo",)),
    Stop(("req", "add", "dana", f"Analyst {CANARY}", "--code", "PA-1", "--opened", DAY)),
    Stop(("req",)),
    Stop(("req", "list")),
    Stop(("me", "--care-after", f"tea {CANARY}", "--set", f"name={CANARY}")),
    Stop(("me", "learned", f"to ask first {CANARY}", "--from", f"Dana {CANARY}")),
    Stop(("prep-feedback", "marcus", "--set", "purpose=learn", "--set", f"aftercare={CANARY}", "--when", DAY)),
    Stop(("prep", "marcus", "--card", "--include-reflections")),
    Stop(("debrief", "marcus", "--set", f"grain={CANARY}", "--when", DAY)),
    Stop(("checkin", "marcus", "--set", "gut=4", "--when", DAY)),
    Stop(("boundary", "marcus", "--set", "BA2=true", "--when", DAY)),
    Stop(("support",)),
    Stop(("kickoff", "start", "PA-1", "--set", f"level={CANARY}", "--agreed", "discovery", "--when", DAY)),
    Stop(("kickoff", "agree", "PA-1", "scope", "--when", DAY)),
    Stop(("kickoff", "confirm", "PA-1", "scope", "--how", "email", "--when", DAY)),
    Stop(("kickoff", "dispute", "PA-1", "process", "--when", DAY)),
    Stop(("kickoff", "park", "PA-1", "recap", "--when", DAY)),
    Stop(("kickoff", "list")),
    Stop(("kickoff", "amend", "PA-1", "--set", f"level=Staff {CANARY}", "--reason", CANARY, "--effect", CANARY)),
    Stop(("kickoff",)),
    Stop(("kickoff", "show", "PA-1")),
    Stop(("kickoff", "email", "PA-1", "--format", "eml")),
    Stop(("promise", "dana", f"slate {CANARY}", "--due", "2030-01-02", "--when", DAY)),
    Stop(("ask", "marcus", f"card {CANARY}", "--for", "scorecard", "--when", DAY)),
    Stop(("open",)),
    Stop(("settle", "dana", "kept", "--when", DAY)),
    Stop(("brief", "dana")),
    Stop(("update", "dana")),
    Stop(("next", "dana")),
    Stop(("next", "dana", "--done", "PB07")),
    Stop(("notice", "dana", f"four cards {CANARY}")),
    Stop(("praise", "dana", "--from", "1", "--changed", f"answers {CANARY}")),
    Stop(("me", "forecasts")),
    Stop(("me", "works")),
    Stop(("me", "patterns")),
    Stop(("inbox",)),
    Stop(("handover", "dana")),
    Stop(("week",)),
    Stop(("year",)),
    Stop(("report",)),
    Stop(("report", "dana", "--why")),
    Stop(("report", "--format", "html", "--output", "{out}/report.html")),
    Stop(("report", "dana", "--format", "markdown", "--output", "{out}/report.md")),
    Stop(("import", "-"), ROWS),
    Stop(("manager", "archive", "marcus")),
    Stop(("manager", "unarchive", "marcus")),
    Stop(("req", "close", "PA-1")),
    Stop(("export", "{out}/journal.json")),
    Stop(("export", "{out}/journal.csv")),
    Stop(("remind", "--output", "{out}/due.ics", "--include-notes")),
    Stop(("backup",)),
    Stop(("backup", "{out}/copy.db")),
    Stop(("backup", "--list")),
    Stop(("restore", "--yes")),
    Stop(("doctor",)),
    Stop(("encrypt", "--key-file", "{key}")),
    Stop(("log", "--key-file", "{key}")),
    Stop(("decrypt", "--key-file", "{key}", "--yes")),
    Stop(("sync", "init", "{out}", "--passphrase-file", "{key}", "--name", "work", "--own-drawer", "yes")),
    Stop(("sync",)),
    Stop(("sync", "status")),
    Stop(("sync", "rekey", "--passphrase-file", "{key}")),
    Stop(("sync", "leave")),
    Stop(("config",)),
    Stop(("config", "list")),
    Stop(("config", "set", "minutes", "2")),
    Stop(("config", "get", "minutes")),
    Stop(("manager", "leaving", "dana", "--on", "2030-02-01")),
    Stop(("forget", "marcus", "--yes")),
    Stop(("demo",)),
    Stop(("guide",)),
    Stop(("help",)),
    Stop(("today",)),
)
