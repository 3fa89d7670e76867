"""Entries as lines, as a timeline and as JSON. No Rich: `add` and `log` print them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import KINDS, Change, Entry
from trustlog.domain.people import first_name
from trustlog.domain.text import one_line, visible
from trustlog.ui.text import Look, cells, cut, wrapped
from trustlog.view import picked

if TYPE_CHECKING:
    from trustlog.domain.inbox import InboxLine
    from trustlog.domain.trust import Written


def entry_data(entry: Entry) -> dict[str, Any]:
    names = (
        "id ref uid manager kind size happened_at happened_on note did changed channel req approach tags evidence"
        " repaired_by"
    )
    return picked(entry, names) | {"created_at": entry.created_at.isoformat().replace("+00:00", "Z")}


def change_data(change: Change, with_summary: bool = True) -> dict[str, Any]:
    at = change.at.isoformat().replace("+00:00", "Z")
    return {"command": change.command, "at": at} | ({"summary": change.summary} if with_summary else {})


QUESTIONS = {
    "ability": "that you can do this", "benevolence": "on your side", "integrity": "that you do what you say",
}  # fmt: skip
"""The three questions of a report, as they are answered after an entry."""
FIRST_TIME = {
    "reply-received": "The first reply from {name}.",
    "help-received": "The first time that {name} helped you.",
    "relied-on-me": "The first time that {name} asked for your view.",
    "recommended-me": "{name} recommended you, for the first time.",
    "confided": "{name} confided in you, for the first time.",
    "expectation-confirmed": "The first thing that you two have settled.",
    "hire-closed": "You filled it, together. It is your first with {name}.",
}
"""What is said of the first entry of a kind with somebody; `{name}` is the first name."""
HIRED = "You filled it, together."


def joy(entry: Entry, *, first: bool) -> str:
    """What is said of a good thing beside the answer: of the first of its kind, and of every hire; else nothing."""
    words = FIRST_TIME.get(entry.kind, "") if first else ""
    words = words or (HIRED if entry.kind == "hire-closed" else "")
    return words.replace("{name}", one_line(first_name(entry.manager_name, entry.manager)))


def added(written: "Iterable[Written]", look: Look) -> str:
    """What was written, and what it moved in words: a kindness of mine earns no points, and a note moves nothing."""
    lines = []
    for each in written:
        line, change = summary(each.entry, look), f" · {_moved(each)}" if _moved(each) else ""
        fits = cells(summary(each.entry, look._replace(color=False)) + change) <= look.width
        lines.append(line + look.paint(change if fits or not look.terminal else f"\n   {change}", "dim"))
    return "\n".join(lines)


def _moved(written: "Written") -> str:
    """What moved most, as `on your side: seen 0 → 33 %` or `doubt that you can do this: 12 → 20 %`."""
    kind = KINDS[written.entry.kind]
    if kind.name == "note" or not written.entry.evidence:
        return f"kept {'as a note' if kind.name == 'note' else 'in the journal only'}; it moves nothing"
    shown = [(moved, round(moved.before * 100), round(moved.after * 100)) for moved in written.moved]
    largest = next(((moved, was, now) for moved, was, now in shown if was != now), None)
    if kind.who == "mine" or largest is None:
        return ""
    moved, was, now = largest
    question = QUESTIONS[moved.facet]
    if moved.sign == "+":
        return f"{question}: seen {was} → {now} %"
    return f"doubt {'that you are on their side' if moved.facet == 'benevolence' else question}: {was} → {now} %"


def added_data(written: "Written", reads_like: Sequence[str]) -> dict[str, Any]:
    return {
        "entry": entry_data(written.entry), "moved": [moved._asdict() for moved in written.moved],
        "unknown": {"before": written.before, "after": written.after},
        "reads_like": list(reads_like),
    }  # fmt: skip


def summary(entry: Entry, look: Look) -> str:
    """`#128  Dana Ortiz · praise given · Mon 23 Nov 2026 15:02`."""
    kind = KINDS[entry.kind].words + {"s": ", small", "m": "", "l": ", large"}[entry.size]
    head = look.paint(entry.ref, "accent")
    return f"{head}  {visible(entry.manager_name)} · {kind} · {echo(entry.happened_at)}"


def deleted(gone: list[Entry], look: Look) -> str:
    return "\n".join(f"Deleted {summary(entry, look)}" for entry in gone)


def undone(done: list[Change], look: Look, did: str = "Took back") -> str:
    if not done:
        return "Nothing to take back."
    return "\n".join(f"{did} {change.command} {look.paint(visible(change.summary), 'dim')}".rstrip() for change in done)


def changes(listed: tuple[list[Change], list[Change]], look: Look) -> str:
    """What can be taken back, and below it what can be done again."""
    stands, gone = (
        [
            f"{_local(change.at)}  {change.command}  {look.paint(visible(change.summary), 'dim')}".rstrip()
            for change in part
        ]
        for part in listed
    )
    again = [f"Taken back; trustlog redo does {'it' if len(gone) == 1 else 'the first'} again:", *gone] if gone else []
    return "\n".join([*(stands or ["Nothing to take back."]), *again])


def changes_data(listed: tuple[list[Change], list[Change]]) -> dict[str, Any]:
    return {
        name: [change_data(change) for change in part] for name, part in zip(("changes", "undone"), listed, strict=True)
    }


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _local(moment: datetime) -> str:
    return echo(moment.astimezone())


MARKS = ("\ufdd0", "\ufdd1")
"""Around what a search found; noncharacters, which no text may hold."""
_SIZES = {"s": "small", "m": "", "l": "large"}
NARROW = 44
"""Below this width the words stand under the number and not beside it."""


def timeline(entries: list[Entry], look: Look, texts: dict[int, str] | None = None) -> str:
    """One block a day; `texts` replaces the texts of entries, with hits between MARKS."""
    blocks = []
    for day, group in groupby(entries, key=lambda entry: entry.happened_on):
        blocks.append("\n".join([look.paint(echo_day(day), "strong"), *_day(list(group), look, texts or {})]))
    return "\n\n".join(blocks)


def _day(entries: list[Entry], look: Look, texts: dict[int, str]) -> Iterator[str]:
    width = max(len(str(entry.id)) for entry in entries) + 1
    narrow = look.width < NARROW
    pad = " " * (4 if narrow else width + 11)
    for entry in entries:
        number, time = entry.ref, entry.happened_at.isoformat()[11:16]
        head = f"{' ' * (2 + width - len(number))}{look.paint(number, 'accent')}  {look.paint(time, 'dim')}"
        first, *rest = _told(entry, texts.get(entry.id, entry.text), look, len(pad))
        yield f"{head}\n{pad}{first}" if narrow else f"{head}  {first}"
        for line in rest:
            yield pad + line


def _told(entry: Entry, text: str, look: Look, indent: int) -> list[str]:
    """Who, what and the words, in lines of what is left of the width."""
    room = max(10, look.width - indent)
    about = [(visible(entry.manager_name), "strong"), (f" · {KINDS[entry.kind].words}", "")]
    if extra := _extras(entry):
        about.append((f" · {extra}", "dim"))
    pieces = _hits(one_line(text), look)
    if look.width >= 100:
        return _lines([*about, (" · ", "dim"), *pieces] if text else about, room, look)
    return _lines(about, room, look) + (_lines(pieces, room, look) if text else [])


def _lines(pieces: list[tuple[str, str]], room: int, look: Look) -> list[str]:
    """Pieces of a text, each in its style, broken between words."""
    lines = wrapped("".join([text for text, _ in pieces]), room)
    if not look.color:
        return lines
    # blanks come and go where a line is broken; every other character keeps its style
    styles = (style for text, style in pieces for character in text if character != " ")
    made = []
    for line in lines:
        letters = [(letter, "" if letter == " " else next(styles)) for letter in line]
        spans = groupby(letters, key=lambda letter: letter[1])
        made.append("".join(_painted("".join(letter for letter, _ in span), style, look) for style, span in spans))
    return made


def _painted(text: str, style: str, look: Look) -> str:
    for name in style.split():
        text = look.paint(text, name)
    return text


def _extras(entry: Entry) -> str:
    known = [_SIZES[entry.size], entry.channel, entry.req, *[f"+{tag}" for tag in entry.tags]]
    if not entry.evidence:
        known.append("no evidence")
    return visible(", ".join([part for part in known if part]))


def _hits(text: str, look: Look) -> list[tuple[str, str]]:
    """Text whose hits stand out: in colour where there is some, in brackets elsewhere."""
    first, *parts = text.split(MARKS[0])
    pieces = [(first, "")]
    for part in parts:
        hit, end, rest = part.partition(MARKS[1])
        if not end:
            pieces.append((part, ""))
            continue
        pieces += [(hit if look.color else f"[{hit}]", "accent strong"), (rest, "")]
    return pieces


def whole(entry: Entry, look: Look) -> str:
    """One entry with everything known about it."""
    head = f"{look.paint(entry.ref, 'accent')}  {visible(entry.manager_name)} · {KINDS[entry.kind].words}"
    rows = (
        ("when", echo(entry.happened_at)), ("size", _SIZES[entry.size] or "as usual"),
        ("channel", entry.channel), ("role", entry.req), ("approach", entry.approach), ("tags", ", ".join(entry.tags)),
        ("evidence", None if entry.evidence else "no, journal only"),
        ("repaired by", f"#{entry.repaired_by}" if entry.repaired_by else None),
        ("they did", entry.did), ("it changed", entry.changed), ("written", echo(entry.created_at.astimezone())),
    )  # fmt: skip
    known = [(name, visible(value)) for name, value in rows if value]
    width = max(len(name) for name, _ in known)
    lines = [head]
    for name, value in known:
        first, *rest = _broken(value, look.width - width - 4)
        lines.append(f"  {look.paint(name.ljust(width), 'dim')}  {first}")
        lines += [" " * (width + 4) + line for line in rest]
    if entry.note:
        lines += ["", *(f"  {line}" for line in _broken(visible(entry.note), look.width - 2))]
    return "\n".join(line.rstrip() for line in lines)


def _broken(text: str, room: int) -> list[str]:
    """A text of one line or more, in lines of a width."""
    return [line for paragraph in text.split("\n") for line in wrapped(paragraph, max(10, room))]


SHOWN = 500
"""Characters of a line that JSON shows; what is longer is no note."""


def inbox_data(file: str, taken: Sequence[tuple["InboxLine", Entry]], left: Sequence["InboxLine"]) -> dict[str, Any]:
    """As JSON: `problem` says why a line cannot be taken as it is, or not without being asked about."""
    return {
        "file": file,
        "taken": [{"line": line.number, "entry": entry_data(entry)} for line, entry in taken],
        "left": [
            {
                "line": line.number, "text": line.text[:SHOWN], "manager": line.manager,
                "when": line.when, "note": line.note[:SHOWN], "kind": line.kind,
                "reads_like": list(line.kinds), "problem": line.problem or line.doubt or None,
            }
            for line in left
        ],
    }  # fmt: skip


def inbox_lines(
    taken: Sequence[tuple["InboxLine", Entry]], left: Sequence["InboxLine"], look: Look, *, look_only: bool
) -> str:
    """What was taken, as `add` says it, and each line that stays, with its number in the file."""
    lines = [summary(entry, look) for _, entry in taken]
    for line in left:
        head = look.paint(f"line {line.number}", "accent")
        why = line.problem or line.doubt or (read_as(line) if look_only else "")
        lines.append(f"{head}  {visible(why)}" if look_only else f"{head}  stays{f': {visible(why)}' if why else ''}")
        if line.text:
            lines.append(look.paint(f"    {cut(one_line(line.text[:SHOWN]), max(20, look.width - 4))}", "dim"))
    return "\n".join(lines)


def read_as(line: "InboxLine") -> str:
    """`dana · praise received · Fri 20 Nov 2026 12:00`; without a day it is today."""
    when = echo(line.when) if line.when else "today"
    return f"{line.manager} · {KINDS[line.kind].words} · {when}"
