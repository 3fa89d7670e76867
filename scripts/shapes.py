"""Write docs/json.md: what every command answers with --json, from real runs on an invented journal.

python scripts/shapes.py [--check]
"""

import io
import json
import os
import shlex
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import generated

from trustlog.main import main as trustlog

FILE = generated.DOCS / "json.md"
HEAD = """# What `--json` answers

Made by `python scripts/shapes.py` from real runs on an invented journal; do not edit it by hand.

Every answer is one line on stdout: `{"schema": "trustlog/1", "command": …, "data": …}`; this page shows `data`.
Every error is one line on stderr: `{"schema": "trustlog/1", "error": {"code", "message", "hint"}}`, and its codes are in the [reference](commands.md#error-codes).
Fields are added over time; none is renamed or dropped.

`text`, `number`, `true or false` and `null` are what stands there; `[…]` is a list of any length, and `{name: …}` an object whose names vary.
Times have the offset of their place (`2026-11-20T15:00:00-05:00`), days are `2026-11-20`, and what the program noted itself is in UTC.
What you say about yourself is left out unless `--include-reflections` is given.
Where a command answers in more than one way, its fields stand together, and a `?` marks what only some answers have.
"""  # noqa: E501 - one sentence a line
NAMED = {
    "Entry": ("log", "entry"), "Commitment": ("promise", "commitment"), "Manager": ("manager show", "manager"),
    "Req": ("req add", "req"), "Conversation": ("prep-feedback", "conversation"), "Step": ("next", "step"),
    "Agreement": ("kickoff show", "agreement"), "Opinion": ("report", "managers", "facets", "ability"),
}  # fmt: skip
"""Shapes that have a name of their own: the command and the fields that lead to one."""
VARYING = ("prep", "debrief", "checkin", "fields", "settings", "used", "tables", "windows")
"""Objects whose names vary: the fields of a script, settings, kinds."""
BY_THE_DAY = {"asks": "text", "blanks": "text", "because": "text", "tags": "text", "reads_like": "text"}
"""Lists that are empty on some days and not on others."""
STORY = """
today
manager add "Dana Ortiz" --team payments --email dana@example.org --likes climbing --public-praise-ok yes
manager add "Marcus Hughes"
report marcus
manager list
manager
manager show dana
manager edit dana --on-their-plate "two people on leave"
manager rename marcus marcus-h
manager archive marcus-h
manager unarchive marcus-h
manager leaving marcus-h --on "in 5 days"
manager unarchive marcus-h
manager add "Marc Hughes" --handle marc
manager merge marc marcus-h
req add dana "Payments analyst" --tag hard-to-fill
req list
req
add dana "Three of five to interview" -k slate --req dana-payments-analyst --size l --channel call --tag slate --approach pull
add dana "Not this one" -k declined -w "3 days ago"
add dana "Sent the summary on the new date" -k kept --repairs 2 -w today
add dana,marcus-h "Shared the salary survey" -k insight
edit 1 --channel meeting
log
log 1
search interview
inbox
inbox --yes
promise dana "slate for the analyst role" --due "in 2 days" --req dana-payments-analyst
promise marcus-h "a market picture" --due "in 1 day"
ask marcus-h "scorecard for J.K." --for scorecard --sure 70
open
settle 1 renegotiated --due "in 3 days"
settle 1 kept
settle 2 at-risk
settle 3 kept
kickoff start dana-payments-analyst --set success_90d="Payments that do not fail" --no-input
kickoff show dana-payments-analyst
kickoff email dana-payments-analyst
kickoff
kickoff list
kickoff agree dana-payments-analyst scope
kickoff confirm dana-payments-analyst discovery --how email
kickoff dispute dana-payments-analyst process
kickoff park dana-payments-analyst recap
kickoff amend dana-payments-analyst --set success_90d="Payments that reconcile" --reason "new lead" --effect "one interview more"
kickoff show dana-payments-analyst
prep-feedback dana --when "in 2 hours" --about "how the search goes" --set purpose="which stage cost most" --set if_cue="they say always" --set then_action="ask for one example"
prep-feedback dana --card
prep-feedback --rehearse silence
debrief dana --set headline="Wants one sentence with each profile" --set 'items=[{"text": "one sentence on motivation", "decision": "use"}]'
checkin
checkin dana --set gut=4
boundary marcus-h --set BA2=true
boundary marcus-h --set BR1=true
report marcus-h
boundary marcus-h --clear
support marcus-h
debrief marcus-h --set headline="Thanks for the market picture" --minutes 2
ask dana "profile review" --for profile-review
today
notice dana four scorecards before lunch
praise dana --did "sent four scorecards before lunch" --changed "we could call the same day" --channel kudos-chat
brief dana
update dana
handover dana
handover dana --output FOLDER/letter.txt
next dana
next --all
next marcus-h --for praise
week
year
year --month
me --name Alex --care-after "tea outside" --comfort Sam
me learned "Ask for one example" --from Dana
me forecasts
me works
me patterns
report
report dana --why
report --me
report dana --share
export FOLDER/journal.json
import FOLDER/journal.json
export FOLDER/entries.csv --format csv
remind --output FOLDER/due.ics
backup FOLDER/copy.db
backup --list
doctor
restore FOLDER/copy.db --yes
delete 4
undo --list
undo
undo --list
redo
sync init FOLDER --passphrase-file FOLDER/passphrase --name work
sync
sync status
sync rekey --passphrase-file FOLDER/passphrase
sync leave
config list
config
config get minutes
config set minutes 2
help
help log
guide
guide dates
demo
req close dana-payments-analyst
add dana "was thanked by Marcus Hughes"
forget marcus-h --yes
"""  # noqa: E501 - one command a line


class Shape:
    """What was seen in one place: the types of plain values, the fields of objects, the items of lists."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.fields: dict[str, Shape] = {}
        self.items: Shape | None = None
        self.times = 0
        """How often a value stood here."""

    def see(self, value: Any, name: str = "") -> None:
        """Take in one more value."""
        self.times += 1
        if isinstance(value, dict):
            self.types.add("object")
            for key, inner in value.items():
                self.fields.setdefault("…" if name in VARYING else key, Shape()).see(inner, key)
        elif isinstance(value, list):
            self.types.add("list")
            self.items = self.items or Shape()
            for inner in [*value, *([""] if name in BY_THE_DAY else [])]:
                self.items.see(inner)
        else:
            named = {bool: "true or false", str: "text", int: "number", float: "number", type(None): "null"}
            self.types.add(named[type(value)])

    def at(self, path: tuple[str, ...]) -> "Shape":
        """What lies at the end of some fields, through lists."""
        if self.items is not None and not self.fields:
            return self.items.at(path)
        return self.fields[path[0]].at(path[1:]) if path else self

    def text(self, names: dict[tuple[str, ...], str], depth: int = 0, *, named: bool = True) -> str:
        """The shape in words, objects indented."""
        parts = []
        if "object" in self.types:
            parts.append((named and names.get(tuple(self.fields))) or self._object(names, depth))
        if self.items is not None:
            inner = self.items.text(names, depth)
            parts.append(f"[{inner}, …]" if inner else "[…]")
        parts += sorted(self.types - {"object", "list", "null"})
        return " or ".join([*parts, *(["null"] if "null" in self.types else [])])

    def _object(self, names: dict[tuple[str, ...], str], depth: int) -> str:
        if not self.fields:
            return "{}"
        if set(self.fields) == {"…"}:
            return f"{{name: {self.fields['…'].text(names, depth)}, …}}"
        objects = max(shape.times for shape in self.fields.values())
        rows = [
            f'"{key}"{"?" if shape.times < objects else ""}: {shape.text(names, depth + 1)}'
            for key, shape in self.fields.items()
        ]
        if sum(map(len, rows)) < 72 and not any("\n" in row for row in rows):
            return "{" + ", ".join(rows) + "}"
        pad = "\n" + "  " * (depth + 1)
        return "{" + pad + f",{pad}".join(rows) + pad[:-2] + "}"


def ran(words: list[str]) -> dict[str, Any]:
    """The answer of one run. Exits with what went wrong."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        trustlog([*words, "--json"])
    try:
        answer: dict[str, Any] = json.loads(out.getvalue())
    except ValueError:
        raise SystemExit(f"trustlog {shlex.join(words)} answered {out.getvalue()!r}, {err.getvalue()!r}") from None
    return answer


def played() -> dict[str, tuple[list[str], Shape]]:
    """By command: the lines that were run, and the shape of what they answered."""
    found: dict[str, tuple[list[str], Shape]] = {}
    before, mask = dict(os.environ), os.umask(0o077)
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("TRUSTLOG_")]:
            del os.environ[name]
        os.environ["TRUSTLOG_HOME"] = f"{folder}/home"
        (Path(folder) / "passphrase").write_text("correct horse battery staple", "utf-8")
        tempfile.tempdir = folder  # where the demo's journal goes
        home = Path(folder) / "home"
        home.mkdir()
        (home / "inbox.txt").write_text("yesterday dana: asked how she can help\ntom: hello\n", "utf-8")
        can_sync = find_spec("pycrdt") is not None and find_spec("pyrage") is not None
        for line in [line for line in STORY.strip().splitlines() if can_sync or not line.startswith("sync")]:
            answer = ran(shlex.split(line.replace("FOLDER", folder)))
            lines, shape = found.setdefault(answer["command"], ([], Shape()))
            lines.append(f"trustlog {line.replace('FOLDER/', '')} --json".replace("  ", " "))
            shape.see(answer["data"])
        tempfile.tempdir = None
    os.environ.clear()
    os.environ.update(before)
    os.umask(mask)
    return found


def text() -> str:
    """The whole page."""
    found = played()
    named = {name: found[command][1].at(path) for name, (command, *rest) in NAMED.items() for path in [tuple(rest)]}
    names = {tuple(shape.fields): name for name, shape in named.items()}
    for shape in named.values():
        for other in _all(shape for _, shape in found.values()):
            if tuple(other.fields) == tuple(shape.fields) and other is not shape:
                _join(shape, other)
    parts = [HEAD, "## Shapes that occur in several answers\n"]
    parts += [_block(f"### {name}", [], f"{shape.text(names, named=False)}") for name, shape in named.items()]
    parts.append("## Commands\n")
    blocks = {command: _block(f"### {command}", lines, shape.text(names)) for command, (lines, shape) in found.items()}
    parts += [block for _, block in sorted((_standing() | blocks).items())]
    return "\n".join(parts)


def _standing() -> dict[str, str]:
    """What the page says of `sync`, which cannot be run where its libraries are not installed."""
    blocks = FILE.read_text("utf-8").split("\n### ") if FILE.exists() else []
    return {
        block.split("\n", 1)[0]: f"### {block}\n".rstrip("\n") + "\n" for block in blocks if block.startswith("sync")
    }


def _block(heading: str, lines: list[str], shape: str) -> str:
    shown = "".join(f"    {line}\n" for line in lines)
    return f"{heading}\n\n{shown}" + ("\n" if shown else "") + f"```\n{shape}\n```\n"


def _all(shapes: Any) -> Any:
    for shape in list(shapes):
        yield shape
        yield from _all([*shape.fields.values(), *([shape.items] if shape.items else [])])


def _join(one: Shape, other: Shape) -> None:
    """Take in what was seen elsewhere of the same shape."""
    one.times += other.times
    one.types |= other.types - {"null"} if "object" in one.types else other.types
    for key, inner in other.fields.items():
        if key in one.fields:
            _join(one.fields[key], inner)
        else:
            one.fields[key] = inner
    if other.items is not None:
        if one.items is None:
            one.items = other.items
        else:
            _join(one.items, other.items)


if __name__ == "__main__":
    sys.exit(generated.write(FILE, text()))
