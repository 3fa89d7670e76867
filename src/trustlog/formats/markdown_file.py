"""A journal to read on paper: by manager and day, in Markdown that shows every text as it was written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trustlog.domain.text import visible

# what could begin or end markup, wherever it stands; a line's beginning is escaped apart
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&$^=:@/\"'])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")


def escaped(text: str) -> str:
    """A text of one line in which nothing is markup."""
    plain = _MARKUP.sub(r"\\\1", visible(text))
    return _NUMBERED.sub(r"\1\\\2", plain).strip(" \t")


def quoted(text: str, indent: str) -> str:
    """A text of any lines, each on its own line under a list item."""
    lines = [escaped(line) for line in re.split("\r\n|[\n\r]", text)]
    return f"  \n{indent}".join(line or "&nbsp;" for line in lines)


def title(name: str, team: str | None) -> str:
    """The heading of a manager."""
    return f"## {escaped(name)}" + (f", {escaped(team)}" if team else "") + "\n"


def days(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Entries in order of time, under their days."""
    day = ""
    for one in entries:
        if one["happened_on"] != day:
            day = one["happened_on"]
            yield f"\n### {day}\n\n"
        yield _entry(one)


def _entry(one: Mapping[str, Any]) -> str:
    beside = [one["channel"], one["req"], *one["tags"]]
    extras = ", ".join(escaped(word) for word in beside if word)
    head = f"- **{one['happened_at'][11:16]} {one['kind'].replace('-', ' ')}**" + (f" ({extras})" if extras else "")
    said = [one["note"], one["did"], f"It changed: {one['changed']}" if one["changed"] else None]
    parts = [quoted(text, "  ") for text in said if text]
    return head + "".join(f"  \n  {part}" for part in parts) + "\n"


def talks(conversations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Conversations with what was answered; reflections as far as they are in the records."""
    first = True
    for one in conversations:
        for sitting in one["sittings"]:
            if first:
                yield "\n### Conversations\n"
                first = False
            yield f"\n- **{sitting['happened_on']} {sitting['part']}**\n"
            for drawer in ("answers", "reflections"):
                for field, value in sitting.get(drawer, {}).items():
                    if value not in (None, [], ""):
                        yield f"  - {escaped(field.replace('_', ' '))}: {_value(value)}\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_value(one) for one in value.values() if one not in (None, [], ""))
    return quoted(str(value), "    ")
