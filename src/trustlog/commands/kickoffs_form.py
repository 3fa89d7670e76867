"""The whole kick-off as one text for an editor: a header line for each field, the answer below it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trustlog.domain.asking import BadAnswerError, check, parse
from trustlog.domain.scripts import Field
from trustlog.domain.text import one_line

HEAD = "# Write below a line in [brackets]; what stays empty stays open. Lists: one item a line."
_HEADER = re.compile(r"\[([^\]]+)\](.*)")
_NAME = re.compile(r"[a-z0-9_]+")
_ESCAPED = re.compile(r"\\*[\[#]")
_COMPLAINT = "#! "
_SHOWN = 40


class Said(NamedTuple):
    """The answers that differ from the form as it was, an emptied one as None; and what could not be read."""

    answers: dict[str, Any]
    problems: list[str]


def written(title: str, fields: Sequence[Field], answers: Mapping[str, Any]) -> str:
    """The form with what was said so far, and suggestions as comments below what is blank."""
    blocks = [f"# {title}\n{HEAD}\n"]
    for field in fields:
        value = answers.get(field.name)
        lines = [f"[{field.name}] {field.ask}"]
        if value in (None, []):
            lines += [f"# - {one}" for one in field.suggest]
        blocks.append("\n".join([*lines, *_lines(value)]) + "\n")
    return "\n".join(blocks)


def read(form: str, before: str, fields: Sequence[Field]) -> Said:
    """What somebody wrote into a form, and every word of it that has no place."""
    known = {field.name: field for field in fields}
    comments = {line.rstrip() for line in before.split("\n") if line.startswith("# ")}
    then, _ = _blocks(before, known, comments)
    now, problems = _blocks(form, known, comments)
    answers = {}
    for name, said in now.items():
        if said != then.get(name, ""):
            try:
                answers[name] = _value(known[name], said)
            except BadAnswerError as error:
                problems.append(f"{name}: {error}")
    return Said(answers, problems)


def complained(form: str, problems: Sequence[str]) -> str:
    """The form with its problems above it, as lines that are no answers."""
    lines = form.split("\n")
    while lines and lines[0].startswith(_COMPLAINT):
        del lines[0]
    return "\n".join([*(f"{_COMPLAINT}{one_line(problem)}" for problem in problems), *lines])


def _lines(value: Any) -> list[str]:
    """A value as lines; a line that would look like a header is escaped with a backslash."""
    if value in (None, []):
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, dict):
        return [", ".join(f"{name} {length}" for name, length in value.items())]
    lines = [f"- {one}" for one in value] if isinstance(value, list) else str(value).split("\n")
    return [f"\\{line}" if _ESCAPED.match(line) else line for line in lines]


def _blocks(form: str, known: Mapping[str, Field], comments: set[str]) -> tuple[dict[str, str], list[str]]:
    """What stands below each header, and what has no place. Our own comments are no answers."""
    blocks: dict[str, list[str]] = {}
    problems: list[str] = []
    above: list[str] = []
    lines = above
    text = form.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for line in text:
        header = _header(line, known)
        if line.rstrip() in comments or (not blocks and line.startswith(_COMPLAINT)):
            continue
        if header is None:
            lines.append(line[1:] if line.startswith("\\") and _ESCAPED.match(line) else line)
            continue
        name, beside = header
        if name not in known:
            problems.append(f"[{name}] is no heading of this form; text that begins so takes a backslash before it")
        elif name in blocks:
            problems.append(f"[{name}] stands twice")
        lines = blocks[name] = [] if name not in blocks else lines
        lines += _beside(beside, name, known, problems)
    problems = _lost(above, text, known, blocks) + problems
    return {name: "\n".join(said).strip() for name, said in blocks.items() if name in known}, problems


def _header(line: str, known: Mapping[str, Field]) -> tuple[str, str] | None:
    """The name that a header line gives and what stands beside it; None for another line."""
    found = _HEADER.match(line)
    if found is None:
        return None
    name = "_".join(found[1].lower().replace("-", " ").split())
    return (name, found[2].strip()) if name in known or _NAME.fullmatch(found[1]) else None


def _beside(said: str, name: str, known: Mapping[str, Field], problems: list[str]) -> list[str]:
    """An answer that stands on a header line, behind the question or in its place."""
    ask = known[name].ask.strip() if name in known else said
    if said.startswith(ask):
        return [rest] if (rest := said[len(ask) :].strip()) else []
    words, asked = set(said.lower().split()), set(ask.lower().split())
    if said and (said in ask or 2 * len(words & asked) >= len(asked)):
        problems.append(f"the question beside [{name}] was changed; an answer stands below it")
        return []
    return [said] if said else []


def _lost(above: list[str], text: list[str], known: Mapping[str, Field], blocks: Mapping[str, Any]) -> list[str]:
    """Words above the first header, and headers that are no headers any more."""
    problems = []
    words = [line.strip() for line in above if line.strip()]
    if words:
        more = f" and {len(words) - 1} more" if len(words) > 1 else ""
        shown = words[0] if len(words[0]) <= _SHOWN else f"{words[0][:_SHOWN]}…"
        problems.append(f'"{shown}"{more}: no heading stands above it')
    for name, field in known.items():
        broken = (line for line in text if field.ask in line or line.startswith(f"[{name}"))
        if name not in blocks and next(broken, None) is not None:
            problems.append(f"the heading [{name}] is broken")
    return problems


def _value(field: Field, said: str) -> Any:
    """Raises BadAnswerError."""
    if not said:
        return None
    if field.type == "list":
        items = [line.strip().removeprefix("-").strip() for line in said.split("\n")]
        return check(field, [one for one in items if one])
    return check(field, parse(field, said))
